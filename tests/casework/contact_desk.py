"""A small desk for the tests of points of contact: the seeds, a few contacts, a case, the hours of a team."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, Market, Severity, Urgency
from escalation_desk.casework.clocks.working import WorkingTime, working_time
from escalation_desk.casework.contacts import ola, requests, routing
from escalation_desk.casework.contacts.records import Poc, PocRequest, PocTeam, RoutingRule
from escalation_desk.casework.people import User
from escalation_desk.journal import seed

if TYPE_CHECKING:
    from collections.abc import Iterable

HCM = ZoneInfo("Asia/Ho_Chi_Minh")
ME = User(id="u-linh", full_name="Nguyễn Hà Linh", login="linh")


def local(text: str) -> datetime:
    """Read a moment of Ho Chi Minh City."""
    return datetime.fromisoformat(text).replace(tzinfo=HCM).astimezone(UTC)


@cache
def hours(code: str) -> WorkingTime:
    calendar: Any = next(one for one in seed.of_kind("calendar") if one.code == code)  # type: ignore[attr-defined]  # of its kind
    holidays: Any = seed.of_kind("holiday")
    return working_time(calendar, holidays)


def policies() -> list[Any]:
    return list(seed.of_kind("sla_policy"))


def contact(name: str, team: str = "LOGISTICS", **said: Any) -> Poc:
    return Poc(id=f"p-{name}", full_name=name, team=team, **({"confirmed_on": date(2026, 11, 1)} | said))


def directory(pocs: Iterable[Poc] = (), rules: Iterable[RoutingRule] | None = None) -> routing.Directory:
    teams: Any = seed.of_kind("poc_team")
    known: Any = tuple(rules) if rules is not None else tuple(seed.of_kind("routing_rule"))
    return routing.Directory({one.code: one for one in teams}, {one.id: one for one in pocs}, known)


def team(code: str = "LOGISTICS") -> PocTeam:
    return directory().teams[code]


def a_case(**said: Any) -> Case:
    made = Case(
        id="c-1",
        **(
            {
                "case_no": "AB12-000001",
                "title": "Hàng không đến",
                "status": CaseStatus.OPEN,
                "owner": ME.id,
                "assignment": Assignment.ACCEPTED,
                "reason": "CUS.LOG.NOT_DELIVERED",
                "severity": Severity.S3,
                "urgency": Urgency.U2,
                "market": Market.VN,
            }
            | said
        ),
    )
    made.derive()
    return made


def told(now: datetime, who: str = "Logistics, Lan") -> requests.Told:
    return requests.Told(ME, now, who)


def terms_for(case: Case, code: str = "LOGISTICS", poc: Poc | None = None) -> ola.Terms:
    return ola.terms_of(policies(), case.priority, team(code), case.market, poc)


def asked(case: Case, now: datetime, to: routing.Route | None = None) -> PocRequest:
    """Ask and send; answer the request."""
    found = to or routing.Route("LOGISTICS", "p-Lan", "r-1", "rule CUS.LOG holds")
    made = requests.draft(case, found, "Kiện hàng đang ở đâu?", ME)
    terms = terms_for(case, found.team)
    requests.send(made, case, terms, hours(terms.calendar), told(now))
    return made
