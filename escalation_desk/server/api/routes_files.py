"""Whole files: the bytes of attachments, and snapshots of large scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.responses import FileResponse

from escalation_desk.server.api import asking, blobs, openapi, snapshots
from escalation_desk.server.api.bodies import Problem, answer, as_json
from escalation_desk.server.auditing import note

if TYPE_CHECKING:
    from escalation_desk.server.api.blobs import Blob
    from escalation_desk.server.sessions import Signed

router = APIRouter()
_BYTES = "application/octet-stream"


@router.head("/v1/blob/{sha256}", responses=openapi.ANSWERS)
async def ask_for_blob(request: Request, sha256: str) -> Response:
    blob = await _find(request, await asking.signed(request), sha256)
    there = blob.whole.exists()
    headers = {"Upload-Offset": str(blob.there)} | ({"Content-Length": str(blob.there)} if there else {})
    return Response(status_code=200 if there else 404, headers=headers)


@router.get("/v1/blob/{sha256}", responses=openapi.ANSWERS)
async def get_blob(request: Request, sha256: str) -> Response:
    blob = await _find(request, await asking.signed(request), sha256)
    if not blob.whole.exists():
        raise Problem(404, "not_yet", "The bytes have not come yet.")
    return FileResponse(blob.whole, media_type=_BYTES)


@router.put("/v1/blob/{sha256}", openapi_extra=openapi.BYTES, responses=openapi.ANSWERS)
async def put_blob(request: Request, sha256: str) -> Response:
    blob = await _find(request, await asking.signed(request), sha256)
    said = request.headers.get("upload-offset", "0")
    if not (said.isascii() and said.isdigit()) or len(said) > 15:
        raise Problem(400, "malformed", "Upload-Offset is a number of bytes.")
    size = await blobs.receive(blob, int(said), request.stream())
    complete = size >= blob.size
    if complete and not blob.whole.exists():
        await run_in_threadpool(blobs.settle, request.app.state.database, blob)
    return answer(request, as_json({"offset": size, "complete": complete}))


async def _find(request: Request, who: Signed, sha256: str) -> Blob:
    state = request.app.state
    return await run_in_threadpool(blobs.find, state.database, state.settings.folder, who, sha256)


@router.get("/v1/snapshot/{scope:path}", responses=openapi.ANSWERS)
async def get_snapshot(request: Request, scope: str) -> Response:
    who = await asking.signed(request)
    if not who.rights.reads(scope):
        raise Problem(404, "not_there", "There is no such scope, or it is not yours to see.")
    state = request.app.state
    made = await run_in_threadpool(snapshots.snapshot, state.database, state.settings.folder, scope)
    await run_in_threadpool(_note, request, who, scope)
    headers = {"X-Cursor": str(made.cursor), "X-Epoch": made.epoch, "X-SHA256": made.sha256}
    return FileResponse(made.path, media_type="application/zstd", headers=headers)


def _note(request: Request, who: Signed, scope: str) -> None:
    with request.app.state.database.writing() as cursor:
        note(cursor, "snapshot taken", scope, account=who.account, client=who.client)
