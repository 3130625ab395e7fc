"""The server lets only leads change what everybody's desk is made of, by the same rules as the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.by_leads import BY_LEADS
from escalation_desk.server.rights import ScopeRole

if TYPE_CHECKING:
    from tests.server.serving import Desk, Server


@pytest.fixture
def thu(server: Server) -> Desk:
    return server.person("thu", ScopeRole.LEAD, "VN/t2")


@pytest.fixture
def linh(server: Server, thu: Desk) -> Desk:
    return server.person("linh", ScopeRole.SPECIALIST, "VN/t2")


def test_a_specialist_changes_no_rule(thu: Desk, linh: Desk) -> None:
    rule = thu.create("routing_rule", code="CUS VN", team="LOGISTICS")
    refused = linh.set(rule, "routing_rule", team=("LOGISTICS", "PAYMENTS"))
    assert (refused.state, refused.why) == ("refused", BY_LEADS["routing_rule"])
    assert thu.data(rule)["team"] == "LOGISTICS"


def test_a_specialist_confirms_a_contact(thu: Desk, linh: Desk) -> None:
    poc = thu.create("poc", full_name="Nam", team="LOGISTICS")
    assert linh.set(poc, "poc", confirmed_on=(None, "2026-11-24")).state == "applied"
    assert linh.set(poc, "poc", full_name=("Nam", "Vy")).state == "refused"


def test_everybody_has_macros_of_their_own(thu: Desk, linh: Desk) -> None:
    shared = thu.create("macro", code="T1", use="Thanks", texts={"en": "Thank you"})
    own = linh.create("macro", code="L1", use="Thanks", texts={"en": "Thank you"}, owner=linh.me)
    assert linh.set(own, "macro", use=("Thanks", "Many thanks")).state == "applied"
    assert linh.set(shared, "macro", use=("Thanks", "Many thanks")).state == "refused"
