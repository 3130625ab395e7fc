"""Reads a table of no known source by the names of its columns, in English, Vietnamese or Indonesian.

What a person settles about a source is remembered under its name and wins over what the names suggest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.text import fold
from escalation_desk.i18n import LANGUAGES, N_, _, speaking
from escalation_desk.intake.sources import ZENDESK_STATES, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.records import Record

_SIGNS = re.compile(r"[^a-z0-9]+")
_POINTERS = {"requester": "party", "owner": "user", "team": "team", "seller": "seller"}
_PRIORITY_WORDS = {
    "severity": {"p0": "S1", "p1": "S2", "p2": "S3", "p3": "S4", "critical": "S1", "urgent": "S2", "high": "S2"}
    | {"medium": "S3", "normal": "S3", "low": "S4", "*": "S4"},
    "urgency": {"p0": "U1", "p1": "U2", "p2": "U2", "p3": "U3", "critical": "U1", "urgent": "U1", "high": "U2"}
    | {"medium": "U3", "normal": "U3", "low": "U3", "*": "U3"},
}
"""Severity and urgency that give the priority which the file names (domain.md §2.4)."""


def source_for(columns: tuple[str, ...], name: str, settled: Mapping[str, str]) -> Source:
    """Map columns to fields. `settled` says for a column which field it is; an empty field leaves the column out."""
    kind = _kind_of(columns, settled)
    found = _columns(kind, columns, settled)
    if not found.keys() & {"crm_number", "title", "description", "shop_name", "external_ids"}:
        raise Refused(
            _(
                "No column here names a ticket, a title or a shop; say which column is which. There are: {columns}.",
                columns=", ".join(columns[:20]),
            )
        )
    pointers = {field: (_POINTERS[field], column) for field, column in found.items() if field in _POINTERS}
    key = found.get("crm_number") or found.get("external_ids")
    words: dict[str, Mapping[str, str]] = {"status": _state_words()} if kind is Case and "status" in found else {}
    if "priority" in found:
        column = found.pop("priority")
        for field, codes in _PRIORITY_WORDS.items():
            if field not in found:
                found[field] = column
                words[field] = codes
    return Source(
        name,
        N_("Table"),
        needs=frozenset(),
        kind=kind.kind,
        key=(key,) if key else (),
        fields={field: column for field, column in found.items() if field not in pointers},
        words=words,
        pointers=pointers,
        lenient=True,
    )


def usual_name(columns: tuple[str, ...], profiles: Mapping[str, Mapping[str, str]]) -> str:
    """Name the source of a table that nobody has named: whoever has settled just these columns, else what it holds.

    Two systems count their tickets from 1, so a table is told from another by its main columns; a file of next week,
    with another name and perhaps more columns, is the same source.
    """
    for name, settled in profiles.items():
        if settled and settled.keys() <= set(columns):
            return name
    found = _columns(_kind_of(columns, {}), columns, {})
    main = [_plain(found[field]) for field in _MAIN if field in found]
    return " ".join(["table", *main])


_MAIN = ("crm_number", "external_ids", "title", "shop_name", "status")


def suggested(columns: tuple[str, ...]) -> dict[str, str]:
    """Say for each column which field its name suggests; for the person who settles the map."""
    found = _columns(_kind_of(columns, {}), columns, {})
    return {column: field for field, column in found.items()}


def _kind_of(columns: tuple[str, ...], settled: Mapping[str, str]) -> type[Record]:
    cases, sellers = _columns(Case, columns, settled), _columns(Seller, columns, settled)
    looks_like_case = cases.keys() & {"crm_number", "title", "status", "description"}
    return Seller if "shop_name" in sellers and not looks_like_case else Case


def _columns(kind: type[Record], columns: tuple[str, ...], settled: Mapping[str, str]) -> dict[str, str]:
    by_name = {_plain(column): column for column in reversed(columns)}
    found = {field: column for column, field in settled.items() if field and column in columns}
    taken = set(found.values()) | {column for column, field in settled.items() if not field}
    for field in fields_of(kind):
        if field.name in found or (field.declared.computed and field.name != "priority"):
            continue
        for name in _names_of(field):
            column = by_name.get(name)
            if column and column not in taken:
                found[field.name] = column
                taken.add(column)
                break
    return found


def _names_of(field: Field) -> list[str]:
    labels = []
    for language in LANGUAGES:
        with speaking(language):
            labels.append(_plain(_(field.label)))
    own = [] if field.kind is Kind.DATA else [field.name, *labels]
    return [*own, *map(_plain, field.declared.aliases)]


def _plain(name: str) -> str:
    return _SIGNS.sub("_", fold(name)).strip("_")


def _state_words() -> dict[str, str]:
    words = dict(ZENDESK_STATES)
    for language in LANGUAGES:
        with speaking(language):
            words |= {_(state.label).lower(): str(state) for state in CaseStatus}
    more = {"in progress": "open", "active": "open", "on hold": "pending_internal", "waiting": "pending_requester"}
    return words | more | {str(state): str(state) for state in CaseStatus}
