"""The authorities, rules and words that every desk is born with, read from the seed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.escalating.flags import Words
from escalation_desk.casework.escalating.records import Authority, AuthorityRule, RiskWord
from escalation_desk.casework.fields import fields_of, from_json
from escalation_desk.resources import file

if TYPE_CHECKING:
    from escalation_desk.casework.records import Record


def seeded(kind: type[Record]) -> list[Any]:
    """Make the records of one kind of the seed."""
    items = json.loads(file(f"seed/{kind.kind}.json").read_text("utf-8"))
    fields = {f.name: f for f in fields_of(kind)}
    return [
        kind(**{name: from_json(fields[name], value) for name, value in item.items()}, id=str(n))
        for n, item in enumerate(items)
    ]


@pytest.fixture(scope="session")
def authorities() -> dict[str, Authority]:
    return {one.code: one for one in seeded(Authority)}


@pytest.fixture(scope="session")
def rules() -> list[AuthorityRule]:
    return seeded(AuthorityRule)


@pytest.fixture(scope="session")
def words() -> Words:
    return Words.of(seeded(RiskWord))
