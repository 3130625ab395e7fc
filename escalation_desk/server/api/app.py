"""The server's HTTP, version 1: who asks, what is asked, what is answered. What is done stands in the other modules."""

from __future__ import annotations

import contextlib
import logging
import time
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import speaking
from escalation_desk.server.api import routes, routes_files, routes_sign_in
from escalation_desk.server.api.bodies import Problem, as_json
from escalation_desk.server.api.measuring import Measures
from escalation_desk.server.api.poking import Bell
from escalation_desk.server.database import Database
from escalation_desk.server.pulling import TooOld
from escalation_desk.server.sessions import DeviceRevoked, NotSignedIn, Sessions, SomebodyElses, TooOften
from escalation_desk.server.taking.pushing import Copied, Revoked
from escalation_desk.server.taking.shapes import Malformed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from escalation_desk.server.settings import Settings

log = logging.getLogger("escalation_desk.server")


def make_app(settings: Settings) -> FastAPI:
    """Put the server together; it connects when it is started."""
    database = Database(settings.database, size=settings.connections)
    bell = Bell(settings.database)

    @contextlib.asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        bell.start()
        try:
            yield
        finally:
            await run_in_threadpool(bell.stop)
            database.close()

    app = FastAPI(
        title="Escalation Desk",
        version="1",
        description="Where workstations of the desk meet.",
        lifespan=life,
        docs_url=None,
        redoc_url=None,
    )
    app.state.database, app.state.bell, app.state.settings = database, bell, settings
    app.state.limiters = {}
    app.state.sessions, app.state.measures = Sessions(database), Measures()
    app.add_middleware(_Around, measures=app.state.measures)
    for part in (routes, routes_sign_in, routes_files):
        app.include_router(part.router)
    for kind, answer in _ANSWERS.items():
        app.add_exception_handler(kind, answer)
    return app


class _Around:
    """Counts and logs each request, without anything that says whom or what it was about.

    Said to the server itself, not by way of the framework's middleware, which takes most of a millisecond for each.
    """

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app, self._measures = app, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_ALWAYS]
            await send(message)

        language = next((value for name, value in scope["headers"] if name == b"accept-language"), b"en")
        try:
            with speaking(language[:2].decode("latin-1")):
                await self._app(scope, receive, sending)
        finally:
            self._told(scope, status, time.perf_counter() - begun)

    def _told(self, scope: Scope, status: int, took: float) -> None:
        path = getattr(scope.get("route"), "path", "?")
        self._measures.request(scope["method"], path, status, took)
        said = {"method": scope["method"], "path": path, "status": status, "ms": round(took * 1000, 1)}
        log.info("request", extra={"said": said})


_ALWAYS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))


def _said(status: int, error: str, why: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    return Response(as_json({"error": error, "why": why, **more}), status, headers, media_type="application/json")


_WHY_NOT = {
    "expired": "The session is over; refresh it, or sign in again.",
    "revoked": "The session was ended; sign in again.",
    "unknown": "Sign in first.",
    "credentials": "Login or password is wrong.",
}


async def _problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - the framework only knows Exception.
    return _said(error.status, error.error, error.why, error.headers, **error.more)


async def _not_signed_in(_request: Request, error: Exception) -> Response:
    code = str(error)
    return _said(401, code, _WHY_NOT[code], {"WWW-Authenticate": "Bearer"})


async def _device_revoked(_request: Request, _error: Exception) -> Response:
    return _said(403, "revoked", "This workstation was signed out by an administrator; ask yours.")


async def _somebody_elses(_request: Request, _error: Exception) -> Response:
    return _said(409, "somebody_elses", "This workstation holds another person's desk; use a folder of your own.")


async def _copied(_request: Request, _error: Exception) -> Response:
    return _said(409, "copy", "Another desk speaks as this workstation; sign in again, and nothing is lost.")


async def _too_often(_request: Request, error: Exception) -> Response:
    seconds = max(1, round(getattr(error, "seconds", 1)))
    why = f"Too many wrong passwords; try again in {seconds} s."
    return _said(429, "too_often", why, {"Retry-After": str(seconds)})


async def _too_old(_request: Request, error: Exception) -> Response:
    assert isinstance(error, TooOld)  # noqa: S101 - as above.
    return _said(
        410,
        "floor",
        "These scopes have to begin anew; what waits is kept.",
        scopes=list(error.scopes),
        epoch=error.epoch,
    )


async def _malformed(_request: Request, error: Exception) -> Response:
    return _said(400, "malformed", "The server could not read this.", about=str(error)[:100])


async def _refused(_request: Request, error: Exception) -> Response:
    return _said(422, "refused", str(error))


async def _fault(_request: Request, error: Exception) -> Response:
    log.error("fault", extra={"said": {"why": str(error)}})
    return _said(503, "unavailable", str(error), {"Retry-After": "5"})


async def _unfit(_request: Request, _error: Exception) -> Response:
    return _said(400, "malformed", "A part of the address cannot be read.")


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above.
    return _said(error.status_code, "http", str(error.detail), dict(error.headers or {}))


_ANSWERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    Problem: _problem,
    NotSignedIn: _not_signed_in,
    DeviceRevoked: _device_revoked,
    Revoked: _device_revoked,
    Copied: _copied,
    SomebodyElses: _somebody_elses,
    TooOften: _too_often,
    TooOld: _too_old,
    Malformed: _malformed,
    Refused: _refused,
    Fault: _fault,
    HTTPException: _http,
    RequestValidationError: _unfit,
}
