"""How it stands between this workstation and its server, in one sentence."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from escalation_desk.i18n import N_, _, n_

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

MUCH_SKEW: Final = timedelta(minutes=2)


class Link(StrEnum):
    """Whether the server hears us."""

    ALONE = "alone"
    SYNCED = "synced"
    AT_IT = "at_it"
    OFFLINE = "offline"
    TOO_OLD = "too_old"
    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Standing:
    """What status bar and sync page say."""

    link: Link = Link.ALONE
    waiting: int = 0
    conflicts: int = 0
    refused: int = 0
    synced_at: datetime | None = None
    since: datetime | None = None
    """Since when the server does not answer."""
    skew: timedelta | None = None
    why: str = ""
    read: int = 0
    """How many records have come, while it is at it."""

    def sentence(self, zone: tzinfo | None = None) -> str:
        """Say it shortly, what matters most first; hours are those of a zone, or of this computer."""
        parts = [self._first(zone), *(rest for rest in self._rest() if rest)]
        return " · ".join(parts)

    def _first(self, zone: tzinfo | None) -> str:
        match self.link:
            case Link.OFFLINE:
                return _("Offline since {time}", time=_hour(self.since, zone))
            case Link.AT_IT:
                return (
                    n_("Syncing, {n} record read", "Syncing, {n} records read", self.read)
                    if self.read
                    else _("Syncing")
                )
            case Link.SYNCED:
                return _("Synced {time}", time=_hour(self.synced_at, zone))
            case _:
                return _(_SAID[self.link])

    def _rest(self) -> tuple[str, ...]:
        minutes = round(abs(self.skew).total_seconds() / 60) if self.skew else 0
        return (
            n_("{n} entry waits", "{n} entries wait", self.waiting)
            if self.waiting and self.link is not Link.ALONE
            else "",
            n_("{n} conflict", "{n} conflicts", self.conflicts) if self.conflicts else "",
            n_("{n} entry refused", "{n} entries refused", self.refused) if self.refused else "",
            n_("clock off by {n} minute", "clock off by {n} minutes", minutes)
            if self.skew and abs(self.skew) > MUCH_SKEW
            else "",
        )


_SAID: Final = {
    Link.ALONE: N_("Only on this computer"),
    Link.TOO_OLD: N_("Program too old to send; update it"),
    Link.SIGNED_OUT: N_("Signed out; sign in again"),
    Link.REVOKED: N_("This workstation was shut out"),
    Link.FAULT: N_("The server has a fault"),
}


def _hour(at: datetime | None, zone: tzinfo | None) -> str:
    if at is None:
        return "–"
    local = at.astimezone(zone)
    today = datetime.now(UTC).astimezone(zone).date() == local.date()
    return f"{local:%H:%M}" if today else f"{local:%d/%m/%Y %H:%M}"


class Board:
    """Holds the newest standing, and tells whoever listens."""

    def __init__(self) -> None:
        self.standing = Standing()
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Standing], None]] = []

    def listen(self, listener: Callable[[Standing], None]) -> None:
        self._listeners.append(listener)

    def write(self, **said: object) -> None:
        with self._lock:  # The exchange writes, and whoever counts what was just typed.
            changed = replace(self.standing, **said)  # type: ignore[arg-type]  # the fields of a Standing.
            if changed == self.standing:
                return
            self.standing = changed
        for listener in self._listeners:
            listener(changed)
