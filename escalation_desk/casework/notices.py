"""What a person is told of without looking for it: kinds, which of them break through, and hours of quiet."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.casework.choices import Choice
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Collection


class NoticeKind(Choice):
    MISSED = "missed", N_("A deadline of mine was missed")
    WARNED = "warned", N_("A deadline of mine comes near")
    PROMISE = "promise", N_("A promise or follow-up of mine is due")
    OFFERED = "offered", N_("A case is offered to me")
    GIVEN = "given", N_("A case was given to me")
    MENTIONED = "mentioned", N_("Somebody calls me by @")
    ANSWERED = "answered", N_("A point of contact answered")
    LATE_ANSWER = "late_answer", N_("A point of contact is late, or to be chased")
    AUTHORITY = "authority", N_("An authority acknowledged, decided, or is silent")
    CONFLICT = "conflict", N_("A change of mine met another's")


class Notice(NamedTuple):
    """One thing to tell. `key` names the fact, so that nobody is told twice; `at` is when it became true.

    `about` is a record of `about_kind` that the notice opens, mostly a case; `critical` ones break through.
    """

    key: str
    kind: NoticeKind
    about_kind: str
    about: str
    at: datetime
    what: str
    critical: bool = False


class Told(NamedTuple):
    """A notice as it stands in the list: read or not, and until when it is put off."""

    notice: Notice
    read_at: datetime | None = None
    snoozed_until: datetime | None = None

    def waits(self, now: datetime) -> bool:
        """Say whether somebody still has to look at it now."""
        return self.read_at is None and (self.snoozed_until is None or self.snoozed_until <= now)


class Wishes(NamedTuple):
    """How somebody wants to be told. `quiet` are hours of the day, from and until; equal ones are none."""

    off: frozenset[NoticeKind] = frozenset()
    quiet: tuple[time, time] = (time(0), time(0))
    sound: bool = True
    muted: frozenset[str] = frozenset()
    """Cases that somebody wants to hear nothing of."""


def loud(notice: Notice, wishes: Wishes, local: datetime) -> bool:
    """Say whether a notice may come up on the screen now; in the list it stands in any case.

    `local` is the moment in the person's own time zone. What is critical breaks through hours of quiet and a muted
    case, but not a kind that was switched off.
    """
    if notice.kind in wishes.off:
        return False
    return notice.critical or not (quiet(wishes.quiet, local.time()) or notice.about in wishes.muted)


def quiet(hours: tuple[time, time], at: time) -> bool:
    """Say whether a time of day lies in hours of quiet, which may go over midnight."""
    begins, ends = hours
    if begins == ends:
        return False
    return begins <= at < ends if begins < ends else at >= begins or at < ends


SNOOZES: Final = (timedelta(minutes=10), timedelta(hours=1))


def next_shift(local: datetime, opens: time = time(9)) -> datetime:
    """Say when the next shift begins: the next time of day at which the desk opens."""
    today = local.replace(hour=opens.hour, minute=opens.minute, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)


def wishes_from(data: dict[str, object]) -> Wishes:
    """Read what a workstation kept; what it does not know, or cannot read, is as at the beginning."""
    known = {kind.value for kind in NoticeKind}
    off = _texts(data.get("off"))
    hours = [time.fromisoformat(one) for one in _texts(data.get("quiet")) if _is_time(one)]
    return Wishes(
        frozenset(NoticeKind(one) for one in off if one in known),  # type: ignore[call-arg]  # looks a member up
        (hours[0], hours[1]) if len(hours) == 2 else (time(0), time(0)),
        bool(data.get("sound", True)),
        frozenset(_texts(data.get("muted"))),
    )


def wishes_to(wishes: Wishes) -> dict[str, object]:
    """Write wishes as what a workstation keeps."""
    return {
        "off": sorted(kind.value for kind in wishes.off),
        "quiet": [hour.isoformat("minutes") for hour in wishes.quiet],
        "sound": wishes.sound,
        "muted": sorted(wishes.muted),
    }


def _texts(found: object) -> Collection[str]:
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _is_time(text: str) -> bool:
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True
