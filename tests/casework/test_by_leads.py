"""What everybody's desk is made of is kept by leads; what comes up in everybody's work is not."""

from __future__ import annotations

import pytest

from escalation_desk.casework.by_leads import BY_LEADS, is_kept
from escalation_desk.casework.fields import fields_of
from escalation_desk.casework.kinds import KINDS, kind_of
from escalation_desk.casework.scopes import REFERENCE, scope_of

EVERYBODY_WRITES = {"absence", "article", "import_profile"}
"""Shared with everybody, and written by everybody: with rules of their own, or none."""


def test_leads_keep_all_that_everybody_has_except_what_everybody_writes() -> None:
    shared = {kind for kind in KINDS if scope_of(kind, {}, home="VN") == REFERENCE}
    assert BY_LEADS.keys() == shared - EVERYBODY_WRITES


@pytest.mark.parametrize(
    ("kind", "changed", "kept"),
    [
        ("calendar", {"week"}, True),
        ("calendar", None, True),
        ("poc", {"confirmed_on"}, False),
        ("poc", {"confirmed_on", "full_name"}, True),
        ("poc", None, True),
        ("routing_rule", {"team"}, True),
        ("case", {"owner"}, False),
        ("absence", None, False),
    ],
)
def test_what_leads_keep_of_each_kind(kind: str, changed: set[str] | None, kept: bool) -> None:
    assert changed is None or changed <= {f.name for f in fields_of(kind_of(kind))}
    assert is_kept(kind, "r1", changed, "me") is kept


def test_ones_own_language_and_ones_own_macros_are_ones_own() -> None:
    assert not is_kept("user", "me", {"locale", "time_zone"}, "me")
    assert is_kept("user", "other", {"locale"}, "me")
    assert is_kept("user", "me", {"roles"}, "me")
    assert not is_kept("macro", "m1", {"texts"}, "me", owner="me")
    assert not is_kept("macro", "m1", None, "me", owner="me")
    assert is_kept("macro", "m1", {"texts"}, "me")
    assert is_kept("macro", "m1", {"texts"}, "me", owner="other")
