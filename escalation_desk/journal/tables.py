"""The tables of the local database: one per kind of record, derived from its declared fields, and the journal's own."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, text

from escalation_desk.casework.fields import Field, field_of, fields_of
from escalation_desk.casework.kinds import KINDS
from escalation_desk.journal.ordering import (
    FILTER_INDEX,
    LIVE_INDEX,
    NUMBERS,
    OFFERED_INDEX,
    order_expression,
    points,
)
from escalation_desk.journal.searching import INDEXES

METADATA = MetaData()


def _column(field: Field) -> Column[object]:
    return Column(field.name, Integer if field.kind in NUMBERS else Text, nullable=field.optional)


def _record_table(kind: str) -> Table:
    fields = fields_of(KINDS[kind])
    return Table(
        kind,
        METADATA,
        # Indexes end in this number, so that equal values keep the order in which they came to the desk.
        Column("seq", Integer, primary_key=True),
        Column("id", Text, nullable=False, unique=True),
        Column("created_at", Text, nullable=False),
        Column("created_by", Text),
        Column("updated_at", Text, nullable=False),
        Column("updated_by", Text),
        Column("deleted_at", Text),
        *map(_column, fields),
        *(_order_index(kind, f) for f in fields if f.declared.sortable),
        *(_pointer_index(kind, f) for f in fields if points(f)),
    )


# Lists leave out what is deleted. An index that leaves it out too answers counts and jumps alone: without this clause
# every row that is counted or skipped would be read, a second for each 100,000.
_LISTED = text("deleted_at IS NULL")


def _order_index(kind: str, field: Field) -> Index:
    return Index(f"{kind}_by_{field.name}", text(order_expression(field)), sqlite_where=_LISTED)


# How many cases of a seller came when is read from this index, not from the cases (journal.trends).
_TOLD_BESIDE = {("case", "seller"): ("received_at", "deleted_at", "merged_into")}


def _pointer_index(kind: str, field: Field) -> Index:
    told = (field.name, *_TOLD_BESIDE.get((kind, field.name), ()))
    return Index(f"{kind}_of_{field.name}", *told, sqlite_where=text(f'"{field.name}" IS NOT NULL'))


RECORDS = {kind: _record_table(kind) for kind in KINDS}
CLOCK = _record_table("clock")

_CASE = KINDS["case"]
Index(
    LIVE_INDEX,
    text('"flagged" DESC'),
    text('"high_risk" DESC'),
    text(order_expression(field_of(_CASE, "breach_due_at"))),
    text(order_expression(field_of(_CASE, "promise_due_at"))),
    text("priority"),
    text("seq"),
    # From here on nothing is ordered: what the views ask is read from the index, not from the cases.
    text(order_expression(field_of(_CASE, "owner"))),
    text("status"),
    text("waiting_on"),
    text(order_expression(field_of(_CASE, "last_activity_at"))),
    text(order_expression(field_of(_CASE, "next_due_at"))),
    text(order_expression(field_of(_CASE, "sla_due_at"))),
    text(order_expression(field_of(_CASE, "missed_from"))),
    text(order_expression(field_of(_CASE, "team"))),
    text("watchers"),
    sqlite_where=text("deleted_at IS NULL AND live = 1"),
    _table=RECORDS["case"],
)
Index(
    FILTER_INDEX,
    text(order_expression(field_of(_CASE, "owner"))),
    text("status"),
    text("priority"),
    text(order_expression(field_of(_CASE, "received_at"))),
    # By these it is sorted without reading the cases.
    text(order_expression(field_of(_CASE, "last_activity_at"))),
    text(order_expression(field_of(_CASE, "next_due_at"))),
    sqlite_where=_LISTED,
    _table=RECORDS["case"],
)

Index(
    OFFERED_INDEX,
    "offered_to",
    text(order_expression(field_of(_CASE, "offered_at"))),
    sqlite_where=text("deleted_at IS NULL AND live = 1 AND offered_to IS NOT NULL"),
    _table=RECORDS["case"],
)

ENTRY = Table(
    "entry",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("places", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text),
    Column("workstation", Text, nullable=False),
    Column("undoes", Integer, ForeignKey("entry.number")),
    Column("undone_by", Integer, ForeignKey("entry.number")),
    Column("acknowledged_at", Text),
    # How this workstation numbers what it tells the server: without gaps, given when it is first told.
    Column("mid", Integer, unique=True),
    Column("outcome", Text),
    Index("entry_waiting", "number", sqlite_where=text("acknowledged_at IS NULL")),
    Index(
        "entry_to_undo", "number", sqlite_where=text("undone_by IS NULL AND kind IN ('do', 'undo', 'redo', 'import')")
    ),
    sqlite_autoincrement=True,
)

CHANGE = Table(
    "change",
    METADATA,
    Column("entry", Integer, ForeignKey("entry.number"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("op", Text, nullable=False),
    Column("field", Text),
    Column("before", Text),
    Column("after", Text),
    Index("change_of_record", "record", "entry"),
    sqlite_with_rowid=False,
)

NATURAL_KEY = Table(
    "natural_key",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("record", Text, nullable=False),
    Index("natural_key_of_record", "record"),
    sqlite_with_rowid=False,
)

COMING = Table(
    "coming",
    METADATA,
    # Row 0 names the entry that is coming in parts, the others are changes that wait until its records are shown.
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("steps", Text, nullable=False),
)

WORKSTATION = Table(
    "workstation",
    METADATA,
    Column("only", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("next_case", Integer, nullable=False),
    Column("profile", Text),
)

BLOB = Table(
    "blob",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

SEEN = Table(
    "seen",
    METADATA,
    Column("record", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("starred", Integer, nullable=False, server_default="0"),
    Index("seen_lately", "at"),
    sqlite_with_rowid=False,
)

SETTING = Table(
    "setting",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

BASE = Table(
    "base",
    METADATA,
    Column("record", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    # The record as the server has it, as JSON, while entries about it wait; without any, it is the record's own row.
    Column("data", Text),
    # Fields that this version does not know, as JSON; they are kept and given back as they are.
    Column("unknown", Text),
    Index("base_of_scope", "scope", "seq"),
    Index("base_apart", "record", sqlite_where=text("data IS NOT NULL")),
    sqlite_with_rowid=False,
)

CURSOR = Table(
    "cursor",
    METADATA,
    Column("scope", Text, primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("head", Text),
    # How many records of it are here and not deleted, and the sum of their marks: what the server's checks are held to.
    Column("records", Integer, nullable=False, server_default="0"),
    Column("marks", Text, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)

BLOB_STATE = Table(
    "blob_state",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("sent", Integer, nullable=False),
    Column("used_at", Text),
    sqlite_with_rowid=False,
)

NOTICE = Table(
    "notice",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("about_kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("critical", Integer, nullable=False),
    Column("read_at", Text),
    Column("snoozed_until", Text),
    Index("notice_by_at", "at"),
    sqlite_with_rowid=False,
)

FULL_TEXT = tuple(statement for index in INDEXES.values() for statement in index.statements)
