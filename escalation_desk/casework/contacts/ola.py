"""What an internal team owes for a request: the target of the OLA policy, on the team's own working time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from escalation_desk.casework.clocks.records import PolicyForm
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.casework.choices import Market, Priority
    from escalation_desk.casework.clocks.records import SlaPolicy
    from escalation_desk.casework.contacts.records import Poc, PocTeam


class OpenHours(Protocol):
    """What is asked of a calendar (clocks.working.WorkingTime): seconds of UTC in and out."""

    def due(self, start: int, seconds: int) -> int: ...

    def spent(self, begin: int, end: int) -> int: ...

    def opens(self, after: int) -> int: ...


class Terms(NamedTuple):
    """What holds for one request. Minutes are minutes of the calendar."""

    policy: str
    priority: str
    calendar: str
    ack_min: int
    answer_min: int
    first_chase_min: int
    chase_every_min: int
    chases_before_escalation: int


def terms_of(
    policies: Iterable[SlaPolicy],
    priority: Priority,
    team: PocTeam | None,
    market: Market | None,
    poc: Poc | None = None,
) -> Terms:
    """Find what an OLA asks of a team for a priority: the first policy in order that has a target for it."""
    for policy in sorted(policies, key=lambda one: (one.place, one.code, -one.edition)):
        target = next((t for t in policy.targets if t.get("priority") == str(priority)), None)
        if policy.active and policy.form is PolicyForm.OLA and target and not policy.deleted_at:
            calendar = _calendar(target, team, market, poc)
            return Terms(policy.id, str(priority), calendar, **{name: int(target[name]) for name in _MINUTES})
    raise Refused(_("No OLA policy says when teams have to answer; ask a lead to add one."))


_MINUTES = Terms._fields[3:]


def again(policies: Iterable[SlaPolicy], policy: str | None, priority: str | None, calendar: str | None) -> Terms:
    """Find the terms that a request was sent under; a new version of the policy does not change them."""
    held = next((one for one in policies if one.id == policy), None)
    target = next((t for t in held.targets if t.get("priority") == priority), None) if held else None
    if held is None or target is None or not calendar:
        raise Refused(_("The OLA of this request is not on this computer; sync first."))
    return Terms(held.id, str(priority), calendar, **{name: int(target[name]) for name in _MINUTES})


def hours_of(team: PocTeam | None, market: Market | None, poc: Poc | None = None) -> str | None:
    """Name the calendar in which a point of contact works: its own, else its team's for the market."""
    if poc and poc.calendar:
        return poc.calendar
    calendars = (team.calendars if team else None) or {}
    at_home = calendars.get(str(market)) or calendars.get(str(poc.market) if poc and poc.market else "")
    return at_home or next(iter(calendars.values()), None)


def _calendar(target: dict[str, Any], team: PocTeam | None, market: Market | None, poc: Poc | None) -> str:
    """Take the team's own hours, unless the target runs around the clock: then no hours differ by market."""
    if "calendar_by_market" not in target:
        return str(target["calendar"])
    own = hours_of(team, market, poc)
    return own or str(target["calendar_by_market"].get(str(market), target["calendar"]))


def after(hours: OpenHours, start: datetime, minutes: int) -> datetime:
    """Say when so many minutes of working time have passed."""
    return datetime.fromtimestamp(hours.due(_epoch(start), minutes * 60), UTC)


def minutes_between(hours: OpenHours, begin: datetime, end: datetime) -> float:
    """Measure working time in minutes."""
    return hours.spent(_epoch(begin), _epoch(end)) / 60


def asleep_until(hours: OpenHours, now: datetime) -> datetime | None:
    """Say when they open again; None while they are there."""
    opens = hours.opens(_epoch(now))
    return datetime.fromtimestamp(opens, UTC) if opens > _epoch(now) else None


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
