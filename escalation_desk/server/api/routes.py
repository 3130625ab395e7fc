"""Push, pull, poke, presence, history; and what an administrator's tools ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from escalation_desk.casework.fields import instant_text
from escalation_desk.server import pulling
from escalation_desk.server.api import asking, bodies, histories, measuring, openapi, presence
from escalation_desk.server.api.bodies import NDJSON, Problem, answer, as_json, joined
from escalation_desk.server.pulling import Asked
from escalation_desk.server.taking.pushing import Sender, push

if TYPE_CHECKING:
    from escalation_desk.server.database import Database
    from escalation_desk.server.rights import Rights
    from escalation_desk.server.taking.pushing import Pushed

router = APIRouter()
_LONG: Final = 50_000


@router.post("/v1/push", openapi_extra=openapi.PUSH, responses=openapi.ANSWERS)
async def push_mutations(request: Request) -> Response:
    who = await asking.signed(request)
    packed = await bodies.read(request)
    body = await asking.parsed(packed)
    client, schema = asking.own_client(body, who), asking.member(body, "schema", int)
    sender = Sender(client, who.rights, _skew(body.get("at")))
    said = asking.member(body, "mutations", list)
    plain = b"\\u" not in packed
    pushed: Pushed = await run_in_threadpool(_push, request.app.state.database, sender, said, schema, plain)
    request.app.state.measures.pushed(pushed.outcomes)
    told = {
        "outcomes": [outcome.as_json() for outcome in pushed.outcomes],
        "last_mid": pushed.last_mid,
        "epoch": pushed.epoch,
        "server_time": instant_text(datetime.now(UTC)),
    }
    return answer(request, as_json(told))


def _push(database: Database, sender: Sender, said: list[Any], schema: int, plain: bool) -> Pushed:
    with database.reading() as cursor:
        row = cursor.execute(b"SELECT min_schema FROM server_meta").fetchone()
    if not row or not 0 < schema < 2**31 or schema < row[0]:
        raise Problem(426, "too_old", "This program is too old to send changes; update it. Nothing is lost meanwhile.")
    return push(database, sender, said, schema=schema, plain=plain)


def _skew(at: Any) -> timedelta | None:
    """Tell what has to be added to the times of a workstation whose clock says this."""
    try:
        said = datetime.fromisoformat(at)
        return datetime.now(UTC) - said if said.tzinfo else None
    except (TypeError, ValueError, OverflowError):
        return None


@router.post("/v1/pull", openapi_extra=openapi.PULL, responses=openapi.ANSWERS)
async def pull_feed(request: Request) -> Response:
    who = await asking.signed(request)
    body = await asking.said(request)
    asked = _asked(body, asking.own_client(body, who))
    heard = request.app.state.bell.count
    content = await asking.few(request, "pull", _pull, request.app.state.database, who.rights, asked)
    request.app.state.measures.pulled(len(content))
    made = await _packed(request, content, NDJSON)
    made.headers["X-Poke"] = str(heard)
    return made


def _pull(database: Database, rights: Rights, asked: Asked) -> bytes:
    return joined(pulling.pull(database, rights, asked))


def _asked(body: dict[str, Any], client: str) -> Asked:
    cursors = asking.member(body, "cursors", dict)
    if not all(type(seq) is int and 0 <= seq < 2**62 for seq in cursors.values()):
        raise Problem(400, "malformed", "A cursor is a whole number for each scope.")
    epoch = body.get("epoch")
    return Asked(
        client,
        asking.an_id(epoch, "epoch") if epoch else None,
        cursors,
        limit=asking.member(body, "limit", int, pulling.MOST_ROWS),
        entries=asking.member(body, "entries", bool, default=True),
        mid=None if body.get("mid") is None else min(asking.member(body, "mid", int), 2**62),
    )


@router.get("/v1/poke", responses=openapi.ANSWERS)
async def wait_for_news(request: Request, wait: float = 25, after: int | None = None) -> Response:
    who = await asking.signed(request)
    bell = request.app.state.bell
    changed = await bell.wait(lambda scope: scope == "*" or who.rights.reads(scope), wait, after)
    if changed:
        await asking.signed(request)  # Somebody who was shut out while waiting is not told.
    return answer(request, as_json({"changed": changed, "after": bell.count}))


@router.post("/v1/presence", openapi_extra=openapi.PRESENCE, responses=openapi.ANSWERS)
async def be_present(request: Request) -> Response:
    who = await asking.signed(request)
    body = await asking.said(request)
    case = None if body.get("case") is None else asking.an_id(body["case"], "case")
    found = await run_in_threadpool(presence.tell, request.app.state.database, who, case)
    return answer(request, as_json({"present": found}))


@router.get("/v1/history/{record}", responses=openapi.ANSWERS)
async def history(request: Request, record: str) -> Response:
    who = await asking.signed(request)
    asked = asking.an_id(record, "record")
    content = await run_in_threadpool(histories.history, request.app.state.database, who, asked)
    return await _packed(request, content)


async def _packed(request: Request, content: bytes, kind: str = "application/json") -> Response:
    """Answer; what is long is packed in a thread."""
    if len(content) < _LONG:
        return answer(request, content, kind)
    return await run_in_threadpool(answer, request, content, kind)


@router.get("/healthz", responses={503: openapi.ANSWERS[503]})
async def healthz(request: Request) -> Response:
    await run_in_threadpool(_ask_something, request.app.state.database)
    return answer(request, b'{"ok":true}')


def _ask_something(database: Database) -> None:
    with database.reading() as cursor:
        cursor.execute(b"SELECT 1 FROM server_meta")


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    return Response(request.app.state.measures.text(), media_type=measuring.TYPE)
