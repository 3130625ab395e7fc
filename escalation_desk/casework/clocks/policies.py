"""The rules of a desk: which policy a case is given, and what that demands by priority and market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.clocks.conditions import holds
from escalation_desk.casework.clocks.records import PolicyForm
from escalation_desk.casework.clocks.working import working_time
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.choices import Market, PartyKind, Priority
    from escalation_desk.casework.clocks.records import Calendar, Holiday, SlaPolicy
    from escalation_desk.casework.clocks.working import WorkingTime


class Target(NamedTuple):
    """What a policy demands for one priority in one market. Spans are seconds of working time; 0 demands nothing."""

    policy: str
    priority: Priority
    calendar: str
    working: WorkingTime
    first_response: int
    next_update: int
    resolution: int
    mitigation: int
    reply_only: bool
    third_party_pauses: bool
    minutes: Mapping[str, Any]


class Rules:
    """The rules of a desk: its policies in order, its calendars (compiled when first needed) and its holidays."""

    __slots__ = ("_active", "_by_id", "_calendars", "_holidays", "_targets", "_working")

    def __init__(
        self, policies: Iterable[SlaPolicy], calendars: Iterable[Calendar], holidays: Iterable[Holiday]
    ) -> None:
        self._by_id = {one.id: one for one in policies}
        self._active = in_order(self._by_id.values())
        self._calendars = {one.code: one for one in sorted(calendars, key=lambda c: c.id) if one.deleted_at is None}
        self._holidays = tuple(holidays)
        self._working: dict[str, WorkingTime] = {}
        self._targets: dict[tuple[str | None, Priority, str | None], Target | None] = {}

    @classmethod
    def of(cls, policies: Iterable[SlaPolicy], calendars: Iterable[Calendar], holidays: Iterable[Holiday]) -> Rules:
        """Take all that the desk has, switched off or not: old cases keep what they were given."""
        return cls(policies, calendars, holidays)

    def choose(
        self, case: Case, requester_kind: PartyKind | None, form: PolicyForm = PolicyForm.SLA
    ) -> SlaPolicy | None:
        """Find the first active policy whose conditions hold."""
        return next((one for one in self._active if one.form is form and holds(one, case, requester_kind)), None)

    def policy(self, policy_id: str | None) -> SlaPolicy | None:
        return self._by_id.get(policy_id) if policy_id else None

    def calendar(self, code: str) -> Calendar | None:
        return self._calendars.get(code)

    def working(self, code: str) -> WorkingTime:
        """Get the working time of a calendar, or refuse one that the desk does not have."""
        if code not in self._working:
            if code not in self._calendars:
                raise Refused(_("There is no calendar “{code}”; choose one that the desk has.", code=code))
            self._working[code] = working_time(self._calendars[code], self._holidays)
        return self._working[code]

    def working_or_none(self, code: str) -> WorkingTime | None:
        """Get the working time of a calendar; none where it is not here yet, or was spoilt elsewhere."""
        try:
            return self.working(code)
        except Refused:
            return None

    def target(self, policy_id: str | None, priority: Priority, market: Market | str | None) -> Target | None:
        """Find what a policy demands, or None where the policy says nothing of this priority."""
        key = (policy_id, priority, market)
        try:
            return self._targets[key]
        except KeyError:
            return self._targets.setdefault(key, self._target(policy_id, priority, market))

    def _target(self, policy_id: str | None, priority: Priority, market: Market | str | None) -> Target | None:
        policy = self.policy(policy_id)
        said = next((one for one in policy.targets if one.get("priority") == priority), None) if policy else None
        if policy is None or said is None:
            return None
        code = calendar_of(said, market)
        working = self.working_or_none(code)
        if working is None:  # Nothing can be counted, but cases can still be saved.
            return None
        return Target(
            policy=policy.id,
            priority=priority,
            calendar=code,
            working=working,
            first_response=_span(said, "first_response"),
            next_update=_span(said, "next_update"),
            resolution=_span(said, "resolution"),
            mitigation=_span(said, "mitigation"),
            reply_only=said.get("update_mode") == "reply_only",
            third_party_pauses=policy.third_party_pauses,
            minutes=said,
        )


def _span(said: Mapping[str, Any], name: str) -> int:
    minutes = said.get(f"{name}_min")
    return 60 * minutes if isinstance(minutes, int) and minutes > 0 else 0


def calendar_of(target: Mapping[str, Any], market: Market | str | None) -> str:
    """Find the code of the calendar by which a target counts in a market."""
    by_market = target.get("calendar_by_market") or {}
    return str(by_market.get(str(market), target.get("calendar", "")))


def in_order(policies: Iterable[SlaPolicy]) -> tuple[SlaPolicy, ...]:
    """Put active policies in the order in which they are tried; of editions of one policy only the newest."""
    newest: dict[str, SlaPolicy] = {}
    for one in sorted(policies, key=lambda p: (p.edition, p.id)):
        if one.active and one.deleted_at is None:
            newest[one.code] = one
    return tuple(sorted(newest.values(), key=lambda p: (p.place, p.code)))
