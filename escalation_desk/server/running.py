"""Runs one process of the server until it is told to stop."""

from __future__ import annotations

import contextlib
import signal
import socket
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.server.api.app import make_app
from escalation_desk.server.api.measuring import log_as_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.server.settings import Settings

_PATIENCE: Final = 5
"""Seconds that open requests get to end; those that wait for news are let go at once."""
_KEPT_OPEN: Final = 75
_LONGEST_HEAD: Final = 64 * 1024


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until the process is interrupted."""
    bound = _bound(settings)
    log_as_json()
    config = uvicorn.Config(
        make_app(settings),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        proxy_headers=settings.behind_proxy,
        timeout_graceful_shutdown=_PATIENCE,
        http=Bounded,
        # Longer than a workstation keeps a connection it does not use, so that none is closed as it is used again.
        timeout_keep_alive=_KEPT_OPEN,
        ssl_certfile=settings.certificate or None,
        ssl_keyfile=settings.key or None,
    )
    host, port = bound.getsockname()[:2]
    scheme = "https" if settings.certificate else "http"
    # When it is done, uvicorn sends itself the signal again; then what the caller has still to stop is stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        _Telling(config, lambda: ready(f"{scheme}://{host}:{port}")).run(sockets=[bound])


class Bounded(HttpToolsProtocol):
    """Reads HTTP, and ends a connection on which the head of a request does not end."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head, self._in_head = 0, True

    def data_received(self, data: bytes) -> None:
        self._head += len(data) if self._in_head else 0
        super().data_received(data)
        if self._in_head and self._head > _LONGEST_HEAD and not self.transport.is_closing():
            self.transport.close()

    def on_headers_complete(self) -> None:
        self._head, self._in_head = 0, False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head = True
        super().on_message_complete()


class _Telling(uvicorn.Server):
    """Says when it is there."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()


def _bound(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named because asyncio sends small pieces at once only where it sees that it is TCP.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((settings.host, settings.port))
    except OSError as error:
        bound.close()
        raise Refused(
            _("Nobody can listen on {listen}: {why}. Choose another with --listen.", listen=settings.listen, why=error)
        ) from error
    return bound
