"""The clocks of cases as of a moment, each with the sentence that says why: for lists, the window and paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from escalation_desk.casework.clocks.explaining import explain
from escalation_desk.casework.clocks.running import clocks_of
from escalation_desk.casework.clocks.working import seconds
from escalation_desk.journal.clocks.facts import known_of
from escalation_desk.journal.clocks.rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

    from escalation_desk.casework.clocks.facts import Clock
    from escalation_desk.journal.connection import Connection


def clocks_now(made: Connection, cases: Iterable[str], now: datetime) -> dict[str, tuple[Clock, ...]]:
    """Count the clocks of cases as of a moment: what is due by then is breached, what is paused says what is left."""
    rules, moment = rules_of(made), seconds(now)
    known = known_of(made, cases)
    return {case: clocks_of(one.facts, rules, max(moment, one.as_of)) for case, one in known.items()}


def told(made: Connection, case: str, now: datetime, zone: tzinfo) -> list[tuple[Clock, str]]:
    """Tell the clocks of one case, each with its explanation."""
    rules = rules_of(made)
    return [(clock, explain(clock, rules, zone)) for clock in clocks_now(made, [case], now).get(case, ())]


def tell(made: Connection, items: list[dict[str, Any]], now: datetime, zone: tzinfo) -> None:
    """Say in the rows of a list of clocks how each stands now, how much is left of it, and why."""
    rules = rules_of(made)
    counted = clocks_now(made, {item["case"] for item in items}, now)
    by_id = {f"{case}:{one.kind}:{one.cycle}": one for case, clocks in counted.items() for one in clocks}
    for item in items:
        clock = by_id.get(item["id"])
        if clock:
            item |= {
                "state": str(clock.state),
                "used_min": clock.used_min,
                "left_min": clock.left_min,
                "explanation": explain(clock, rules, zone),
            }
