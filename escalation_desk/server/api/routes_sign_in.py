"""Signing in, staying signed in, signing out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.scopes import REFERENCE
from escalation_desk.server.api import asking, openapi
from escalation_desk.server.api.bodies import answer, as_json
from escalation_desk.server.sessions import ACCESS
from escalation_desk.sync.messages import SCHEMA

if TYPE_CHECKING:
    from escalation_desk.server.database import Database
    from escalation_desk.server.sessions import Sessions, Signed, Tokens

router = APIRouter(prefix="/v1/auth")


@router.post("/sign-in", openapi_extra=openapi.SIGN_IN, responses=openapi.ANSWERS)
async def sign_in(request: Request) -> Response:
    body = await asking.said(request)
    login, password = asking.member(body, "login", str), asking.member(body, "password", str)
    device, client = asking.member(body, "device", str), asking.an_id(body.get("client"), "client")
    address = request.client.host if request.client else ""
    sessions: Sessions = request.app.state.sessions
    who, tokens = await asking.few(request, "sign-in", sessions.sign_in, login, password, device, client, address)
    return await _welcome(request, who, tokens)


@router.post("/refresh", openapi_extra=openapi.REFRESH, responses=openapi.ANSWERS)
async def refresh(request: Request) -> Response:
    body = await asking.said(request)
    sessions: Sessions = request.app.state.sessions
    who, tokens = await run_in_threadpool(sessions.refresh, asking.member(body, "refresh", str))
    return await _welcome(request, who, tokens)


@router.post("/sign-out", responses=openapi.ANSWERS)
async def sign_out(request: Request) -> Response:
    who = await asking.signed(request)
    await run_in_threadpool(request.app.state.sessions.sign_out, who)
    return answer(request, b"{}")


async def _welcome(request: Request, who: Signed, tokens: Tokens) -> Response:
    said = await run_in_threadpool(_greeting, request.app.state.database, who)
    said |= {"access": tokens.access, "refresh": tokens.refresh, "access_seconds": int(ACCESS.total_seconds())}
    return answer(request, as_json(said))


def _greeting(database: Database, who: Signed) -> dict[str, Any]:
    """Tell a workstation whom it works for, and where."""
    with database.reading([REFERENCE]) as cursor:
        scopes = who.rights.among(row[0] for row in cursor.execute(b"SELECT scope FROM scope_clock"))
        meta = cursor.execute(b"SELECT epoch::text, min_schema FROM server_meta").fetchone()
        person = cursor.execute(b"SELECT data FROM record WHERE id = %s", (who.account,)).fetchone()
        login = cursor.execute(b"SELECT login FROM account WHERE id = %s", (who.account,)).fetchone()
    data = person[0] if person else {}
    names = ("full_name", "locale", "market", "team")
    return {
        "user": {"id": who.account, "login": login[0] if login else "", **{name: data.get(name) for name in names}},
        "scopes": {scope: role.value for scope, role in scopes.items()},
        "epoch": meta[0] if meta else "",
        "min_schema": meta[1] if meta else SCHEMA,
        "schema": SCHEMA,
        "server_time": instant_text(datetime.now(UTC)),
    }
