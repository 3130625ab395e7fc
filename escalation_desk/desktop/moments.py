"""Times as people say them: 24/11/2026 14:20, “14:20, in 35 min”, “overdue 2 h”, “3 days old”."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from escalation_desk.desktop.look.tones import Tone
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from escalation_desk.casework.people import User

_SOON = timedelta(hours=1)
_SAID_IN_DAYS = 2 * 365


class Clock(NamedTuple):
    """A moment and the zone of whoever looks."""

    now: datetime
    zone: tzinfo

    @classmethod
    def of(cls, me: User, now: datetime) -> Clock:
        return cls(now, zone_of(me))

    @property
    def day_end(self) -> datetime:
        """Answer the next midnight of whoever looks."""
        return self.day_start + timedelta(days=1)

    @property
    def day_start(self) -> datetime:
        return self.now.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)

    def full(self, at: datetime | str | None) -> str:
        """Say a moment whole: 24/11/2026 14:20."""
        when = self._local(at)
        return f"{when:%d/%m/%Y %H:%M}" if when else ""

    def short(self, at: datetime | str | None) -> str:
        """Say a moment as shortly as it is clear: 14:20 today, 24/11 14:20 this year."""
        when = self._local(at)
        if when is None:
            return ""
        # Put together by hand, for a list says hundreds: strftime imports a module each time, under the eyes of Qt.
        here = _here(self.now, self.zone)
        if when.date() == here.date():
            return f"{when.hour:02}:{when.minute:02}"
        if when.year == here.year:
            return f"{when.day:02}/{when.month:02} {when.hour:02}:{when.minute:02}"
        return f"{when.day:02}/{when.month:02}/{when.year:04}"

    def due(self, at: datetime | str | None) -> str:
        """Say when something is due and how far that is: “14:20, in 35 min”, “overdue 2 h”."""
        when = self._local(at)
        if when is None:
            return ""
        left = when - self.now
        if left < timedelta(0):
            return _("overdue {time}", time=span(-left))
        if left < timedelta(days=1):
            return _("{moment}, in {time}", moment=self.short(when), time=span(left))
        return self.short(when)

    def due_said(self, at: datetime | str | None) -> str:
        """Say it within a sentence that has no heading “Due”: “due 14:20, in 35 min”, “overdue 2 h”."""
        when = self._local(at)
        return self.due(at) if when is None or when < self.now else _("due {when}", when=self.due(at))

    def promise_said(self, at: datetime | str | None) -> str:
        """Say by when something was promised: “promised 14:20, in 35 min”, “promise overdue 2 h”."""
        when = self._local(at)
        if when is not None and when < self.now:
            return _("promise overdue {time}", time=span(self.now - when))
        return _("promised {when}", when=self.due(at))

    def due_tone(self, at: datetime | str | None) -> Tone | None:
        """Colour what is overdue or soon due."""
        when = self._local(at)
        if when is None:
            return None
        left = when - self.now
        if left < timedelta(0):
            return Tone.BAD
        return Tone.WARN if left < _SOON else None

    def age(self, at: datetime | str | None) -> str:
        """Say how long ago something was: “5 days”."""
        when = self._local(at)
        return span(max(self.now - when, timedelta(0))) if when else ""

    def _local(self, at: datetime | str | None) -> datetime | None:
        if not at:
            return None
        when = datetime.fromisoformat(at) if isinstance(at, str) else at
        return when.astimezone(self.zone)


@lru_cache(maxsize=4)
def _here(now: datetime, zone: tzinfo) -> datetime:
    """Answer what the clock on the wall says: asked hundreds of times for a page of a list."""
    return now.astimezone(zone)


def span(time: timedelta) -> str:
    """Say a length of time in the largest unit that still says how long: 35 min, 2 h, 3 days, 2 years."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 60:
        return _("{n} min", n=minutes)
    if minutes < 48 * 60:
        return _("{n} h", n=minutes // 60)
    days = minutes // (24 * 60)
    if days < _SAID_IN_DAYS:
        return n_("{n} day", "{n} days", days)
    return n_("{n} year", "{n} years", days // 365)


def zone_of(me: User) -> tzinfo:
    try:
        return ZoneInfo(me.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now().astimezone().tzinfo or UTC
