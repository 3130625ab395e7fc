"""Wakes those who wait for news: PostgreSQL tells every process what was written to, and the process its waiters."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from math import isfinite
from typing import TYPE_CHECKING, Final

import psycopg
from sqlalchemy import make_url

from escalation_desk.server.taking.pushing import TOUCHED

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_WAIT: Final = 55.0
_AGAIN_AFTER: Final = 2.0


class Bell:
    """Listens on a connection of its own. `rang` counts, so that nothing is missed between a pull and a poke."""

    def __init__(self, url: str) -> None:
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._rang: dict[str, int] = {}
        self._count = 0
        self._waiting: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="bell", daemon=True)

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        for event in self._waiting:
            event.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    @property
    def count(self) -> int:
        return self._count

    async def wait(self, granted: Callable[[str], bool], seconds: float, after: int | None) -> bool:
        """Wait until something was written to a scope that is granted, or the time is over."""
        since = self._count if after is None or after > self._count else after
        if after is not None and after > self._count:
            return True  # Counted by another process, or before this one began.
        until = time.monotonic() + (min(max(seconds, 0), LONGEST_WAIT) if isfinite(seconds) else 0)
        while not self._stopped.is_set():
            if any(count > since and granted(scope) for scope, count in self._rang.items()):
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            await self._next(left)
        return False

    async def _next(self, seconds: float) -> None:
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), seconds)
        finally:
            self._waiting.discard(event)

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                with psycopg.connect(self._address, autocommit=True) as connection:
                    connection.execute(f"LISTEN {TOUCHED}")
                    self._tell("*")  # What was said meanwhile was not heard.
                    while not self._stopped.is_set():
                        for heard in connection.notifies(timeout=0.5, stop_after=1):
                            self._tell(heard.payload)
            except psycopg.OperationalError:
                self._stopped.wait(_AGAIN_AFTER)

    def _tell(self, scope: str) -> None:
        if self._loop is not None and not self._loop.is_closed():
            with suppress(RuntimeError):  # The loop ended between the question and the call.
                self._loop.call_soon_threadsafe(self._ring, scope)

    def _ring(self, scope: str) -> None:
        self._count += 1
        self._rang[scope] = self._count
        for event in self._waiting:
            event.set()
