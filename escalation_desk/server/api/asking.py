"""What routes share: who asks, and what is in a body, with one answer for whatever cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar, TypeVarTuple

from anyio import CapacityLimiter, to_thread
from fastapi.concurrency import run_in_threadpool

from escalation_desk.server.api import bodies
from escalation_desk.server.api.bodies import Problem
from escalation_desk.server.sessions import NotSignedIn
from escalation_desk.server.taking.shapes import Malformed, check_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request

    from escalation_desk.server.sessions import Sessions, Signed

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
_AT_ONCE: Final = 4
_WORDS = {str: "text", int: "a whole number", list: "a list", dict: "an object", bool: "true or false"}


async def few(request: Request, what: str, operation: Callable[[*Ts], T], *values: *Ts) -> T:
    """Do something long or large in a thread, a few at a time: those who work wait for neither thread nor memory."""
    limiters: dict[str, CapacityLimiter] = request.app.state.limiters
    if what not in limiters:
        limiters[what] = CapacityLimiter(_AT_ONCE)
    return await to_thread.run_sync(operation, *values, limiter=limiters[what])


async def signed(request: Request) -> Signed:
    """Find out who asks, from the bearer token."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("unknown")
    sessions: Sessions = request.app.state.sessions
    # Most ask again within seconds, and a thread of its own takes longer than remembering.
    if known := sessions.remembered(token.strip()):
        return known
    return await run_in_threadpool(sessions.who, token.strip())


async def said(request: Request) -> dict[str, Any]:
    return await parsed(await bodies.read(request))


async def parsed(body: bytes) -> dict[str, Any]:
    # A megabyte takes long enough to read that others would notice.
    return await run_in_threadpool(bodies.parsed, body) if len(body) > 20_000 else bodies.parsed(body)


def member(body: dict[str, Any], name: str, kind: type[T], default: T | None = None) -> T:
    """Take a member of a body; wrong types are answered with the name of the member."""
    value = body.get(name, default)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Problem(400, "malformed", f"“{name}” has to be {_WORDS[kind]}.")
    if isinstance(value, str):
        _check_text(name, value)
    return value


def _check_text(name: str, text: str) -> None:
    if len(text) > 10_000 or "\0" in text or not _is_unicode(text):
        raise Problem(400, "malformed", f"“{name}” is no text.")


def an_id(text: Any, name: str) -> str:
    try:
        return check_id(text)
    except Malformed as error:
        raise Problem(400, "malformed", f"“{name}” has to be an id.") from error


def own_client(body: dict[str, Any], who: Signed) -> str:
    client = an_id(member(body, "client", str), "client")
    if client != who.client:
        raise Problem(403, "not_yours", "This session belongs to another workstation.")
    return client


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
