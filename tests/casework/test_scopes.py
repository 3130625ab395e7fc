"""Which scope a record belongs to."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk import casework
from escalation_desk.casework.fields import fields_of
from escalation_desk.casework.kinds import COUNTED, KINDS, kind_of
from escalation_desk.casework.records import Record
from escalation_desk.casework.scopes import FOLLOWS, Following, is_restricted, market_of, scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def _all_below(kind: type[Record]) -> Iterator[type[Record]]:
    for below in kind.__subclasses__():
        yield below
        yield from _all_below(below)


def test_every_kind_of_record_is_named_and_found() -> None:
    for module in pkgutil.walk_packages(casework.__path__, f"{casework.__name__}."):
        importlib.import_module(module.name)
    declared = {kind.kind: kind for kind in _all_below(Record) if kind.__module__.startswith(casework.__name__)}
    assert dict(KINDS) | {name: kind_of(name) for name in COUNTED} == declared


def test_what_is_counted_from_other_records_is_neither_shared_nor_a_persons_to_write() -> None:
    assert KINDS.keys().isdisjoint(COUNTED)
    assert FOLLOWS.keys().isdisjoint(COUNTED)
    assert [f.name for name in COUNTED for f in fields_of(kind_of(name)) if not f.declared.computed] == []


@pytest.mark.parametrize(
    ("kind", "data", "scope"),
    [
        ("case", {"market": "ID"}, "ID/desk"),
        ("case", {"market": "ID", "restricted": True}, "ID/desk!restricted"),
        ("case", {}, "VN/desk"),
        ("seller", {"market": "TH"}, "TH"),
        ("party", {}, "VN"),
        ("macro", {}, "ref"),
        ("view", {"owner": "u1"}, "user/u1"),
        ("view", {"owner": "u1", "shared": True}, "ref"),
        ("export", {}, "VN"),
        ("message", {"case": "c1"}, Following("c1")),
        ("follow_up", {"seller": "s1"}, Following("s1")),
        ("conflict", {"about": "p1"}, Following("p1")),
    ],
)
def test_each_kind_goes_where_it_belongs(kind: str, data: dict[str, Any], scope: str | Following) -> None:
    assert scope_of(kind, data, home="VN") == scope


def test_a_case_goes_to_the_scope_of_its_team() -> None:
    assert scope_of("case", {"market": "VN"}, home="VN", team_code="t2") == "VN/t2"


def test_what_follows_another_record_names_declared_kinds() -> None:
    assert set(FOLLOWS) <= set(KINDS)


def test_a_restricted_scope_is_told_from_its_name() -> None:
    assert is_restricted("VN/t2!restricted")
    assert not is_restricted("VN/t2")
    assert market_of("VN/t2!restricted") == market_of("VN") == "VN"


def test_a_macro_of_ones_own_stays_ones_own() -> None:
    assert scope_of("macro", {"code": "M01"}, home="VN") == "ref"
    assert scope_of("macro", {"code": "X1", "owner": "u1"}, home="VN") == "user/u1"
