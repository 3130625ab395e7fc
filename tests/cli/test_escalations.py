"""`list escalations`: what was asked of authorities, by the short names of its views."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Channel
from escalation_desk.casework.escalating import life
from escalation_desk.casework.escalating.brief import Brief
from escalation_desk.casework.escalating.life import Asked, Sent
from escalation_desk.casework.lists import ListQuery
from escalation_desk.journal import escalations, listing
from escalation_desk.journal.desk import open_desk, profile_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Typed = Callable[..., Any]


def test_escalations_are_listed_by_how_they_stand(cli: Typed, folder: Path) -> None:
    with closing(open_desk(folder)) as desk:
        me = profile_of(desk)
        with closing(desk.reader()) as made:
            case = listing.ids(made, ListQuery(Case.kind))[0]
        page = Brief("Suspended", "Lift it?")
        with desk.entry("Escalate") as work:
            legal = escalations.escalate(work, case, "LEGAL", page, Asked(), me)
            escalations.escalate(work, case, "PR", page, Asked(), me)
        with desk.entry("Sent") as work:
            sent = Sent("Ms Hoa", Channel.PHONE, work.now, 30)
            escalations.act(work, legal, lambda held, one, name: life.mark_sent(held, one, name, sent, me, work.now))

    def listed(view: str) -> list[dict[str, Any]]:
        """List those of this case: the sample has others."""
        items = cli("list", "escalations", "--view", view, "--json").json["items"]
        return [one for one in items if one["reason"] == "Suspended"]

    assert [(one["authority"], one["authority_name"], one["told_whom"]) for one in listed("open")] == [
        ("LEGAL", "Legal", "Ms Hoa"),
        ("PR", "Public relations", None),
    ]
    assert [(one["tell_min"], one["ack_min"], one["late"]) for one in listed("open")] == [
        (0, None, False),
        (None, None, False),
    ]
    assert len(listed("unacknowledged")) == 2
    assert [one["authority"] for one in listed("not-sent")] == ["PR"]
    assert listed("timed-out") == []
