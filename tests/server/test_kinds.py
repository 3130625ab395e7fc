"""Every kind of record that is declared has its scope, its writers and its view; a new kind cannot forget one."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.fields import Kind, fields_of, to_json
from escalation_desk.casework.kinds import KINDS
from escalation_desk.casework.scopes import FOLLOWS, REFERENCE
from escalation_desk.server.fences import READERS
from escalation_desk.server.rights import ScopeRole
from escalation_desk.sync.messages import Change

if TYPE_CHECKING:
    from escalation_desk.casework.fields import Field
    from tests.server.serving import Desk, Server

SAMPLES: dict[Kind, Any] = {
    Kind.TEXT: "x",
    Kind.INTEGER: 1,
    Kind.FLAG: True,
    Kind.INSTANT: "2026-11-24T10:00:00Z",
    Kind.DAY: "2026-11-24",
    Kind.DECIMAL: "1.5",
    Kind.SET: [],
    Kind.DATA: {},
}
EVERYBODYS = frozenset({"user", "team", "import_profile", "absence", "article"})
"""What anybody may add to the desk that all share; who imports may name people whom nobody knew."""
OURS = [kind for kind in KINDS if kind != "conflict"]  # Those only the server makes.


def whole_of(kind: str, roots: dict[str, str]) -> dict[str, Any]:
    """Say something in each field that has to be said, and name the case, or the seller, that the kind hangs on."""
    data = {f.name: _sample(f) for f in fields_of(KINDS[kind]) if not f.declared.computed and not f.optional}
    return {**data, **{name: roots[of] for name, of in FOLLOWS.get(kind, ())[:1]}}


def _sample(one: Field) -> Any:
    if one.default is not None:
        return to_json(one.kind, one.default)
    if one.choices is not None and one.kind is Kind.TEXT:
        return next(iter(one.choices)).value
    return str(uuid.uuid4()) if one.declared.refers_to else SAMPLES[one.kind]


def scope_at(server: Server, record: str) -> str | None:
    found = server.rows("SELECT scope FROM record WHERE id = %s", record)
    return found[0][0] if found else None


def make(desk: Desk, kind: str, roots: dict[str, str]) -> tuple[str, bool]:
    """Make a record; answer whether it was taken, be it as a twin of another one."""
    record = str(uuid.uuid4())
    said = desk.do(Change(kind, record, "create", None, None, whole_of(kind, roots)))
    return record, said.state != "refused"


def roots_of(lead: Desk) -> dict[str, str]:
    return {"case": lead.case(team=lead.welcome["user"]["team"]), "seller": lead.create("seller", shop_name="Mây")}


@pytest.fixture
def lead(server: Server) -> Desk:
    return server.person("lead", ScopeRole.LEAD, "VN/t2")


def test_every_kind_is_taken_from_a_lead_and_lies_where_others_find_it(server: Server, lead: Desk) -> None:
    roots = roots_of(lead)
    for kind in OURS:
        record, taken = make(lead, kind, roots)
        assert taken, kind
        on_a_case = [of for _name, of in FOLLOWS.get(kind, ())[:1]] == ["case"]
        assert (scope_at(server, record) == "VN/t2") is on_a_case, kind
        lead.pull()
        assert record in lead.records, kind


def test_what_everybodys_desk_is_made_of_is_changed_by_leads_only(server: Server, lead: Desk) -> None:
    linh = server.person("linh", ScopeRole.SPECIALIST, "VN/t2")
    viewer = server.person("viewer", ScopeRole.VIEWER, "VN/t2")
    roots = roots_of(lead)
    for kind in OURS:
        is_kept = scope_at(server, make(lead, kind, roots)[0]) == REFERENCE and kind not in EVERYBODYS
        assert make(linh, kind, roots)[1] is not is_kept, kind
        assert kind in EVERYBODYS or not make(viewer, kind, roots)[1], kind


def test_every_kind_has_a_view_for_those_who_count(server: Server, lead: Desk) -> None:
    roots = roots_of(lead)
    for kind in OURS:
        record, _taken = make(lead, kind, roots)
        assert len(server.rows(f'SELECT * FROM {READERS}."{kind}" WHERE id = %s', record)) == 1, kind
