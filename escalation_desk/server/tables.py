"""The tables of the shared server, declared once: the feed, who may read it, and who changed what.

Migration 0001 is made from here; what PostgreSQL alone can say (row-level security, what may never be changed) is in
`fences.py`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB, UUID

metadata: Final = MetaData()
_id = UUID(as_uuid=False)
_moment = DateTime(timezone=True)
_now = text("now()")

server_meta = Table(
    "server_meta",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("epoch", _id, nullable=False),  # A new one after every restore from a backup.
    Column("min_schema", Integer, nullable=False, server_default="1"),
    Column("made_at", _moment, nullable=False, server_default=_now),
)

scope_clock = Table(
    "scope_clock",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("last", BigInteger, nullable=False, server_default="0"),
    Column("floor", BigInteger, nullable=False, server_default="0"),  # Markers up to here may be gone.
    Column("n", BigInteger, nullable=False, server_default="0"),
    Column("sum", Numeric(20), nullable=False, server_default="0"),
    Column("head", LargeBinary, nullable=False, server_default=text("''::bytea")),
)

record = Table(
    "record",
    metadata,
    Column("id", _id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("ver", Integer, nullable=False),
    Column("deleted", Boolean, nullable=False, server_default=text("false")),
    Column("follows", _id),  # The record in whose scope it stands, if not in one of its own.
    Column("client", _id, nullable=False),  # The workstation of its last change.
    Column("data", JSONB, nullable=False),
    UniqueConstraint("scope", "seq"),
    Index("record_follows", "follows", postgresql_where=text("follows IS NOT NULL")),
    Index("record_kind", "kind"),
    Index("record_blob", text("(data ->> 'sha256')"), postgresql_where=text("kind = 'attachment'")),
)

left_scope = Table(
    "left_scope",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("record", _id, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    UniqueConstraint("scope", "seq"),
)

# Not cut into months: then PostgreSQL could not vouch any more that no number is given twice. It grows by scope.
change = Table(
    "change",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("record", _id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("client", _id, nullable=False),
    Column("mid", BigInteger, nullable=False),
    Column("place", Integer, nullable=False),  # Among what its mutation changed.
    Column("actor", _id),
    Column("received_at", Text, nullable=False),
    Column("ver", Integer, nullable=False),
    # Not JSONB: the text is kept as it was hashed.
    Column("patch", JSON),  # [[op, field, before, after], …]; taken out where personal data is erased.
    Column("payload_hash", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Index("change_record", "record"),
    Index("change_mutation", "client", "mid"),
)

mutation = Table(
    "mutation",
    metadata,
    Column("client", _id, primary_key=True),
    Column("mid", BigInteger, primary_key=True),
    Column("entry", _id, nullable=False),
    Column("title", Text, nullable=False),
    Column("places", JSON, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("skew_ms", BigInteger),
    Column("actor", _id),
    Column("state", Text, nullable=False),
    Column("outcome", JSON),  # Where there is more to say than that it was applied.
    Column("body", JSON),  # Of a refused one, for the lead to review.
    Index("mutation_told", "client", "mid", postgresql_where=text("outcome IS NOT NULL")),
)

part = Table(
    "part",
    metadata,
    Column("client", _id, primary_key=True),
    Column("mid", BigInteger, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", _moment, nullable=False, server_default=_now),
)

natural_key = Table(
    "natural_key",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("record", _id, primary_key=True),
    Index("natural_key_record", "record"),
)

purged = Table("purged", metadata, Column("id", _id, primary_key=True), Column("at", _moment, server_default=_now))

client = Table(
    "client",
    metadata,
    Column("id", _id, primary_key=True),
    Column("account", _id, nullable=False),
    Column("device", Text, nullable=False),
    Column("last_mid", BigInteger, nullable=False, server_default="0"),
    Column("schema", Integer, nullable=False, server_default="1"),
    Column("made_at", _moment, nullable=False, server_default=_now),
    Column("seen_at", _moment),
    Column("revoked_at", _moment),
    Index("client_account", "account"),
)

account = Table(
    "account",
    metadata,
    Column("id", _id, primary_key=True),  # Also the id of the person's record.
    Column("login", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("made_at", _moment, nullable=False, server_default=_now),
    Column("disabled_at", _moment),
    Index("account_login", text("lower(login)"), unique=True),
)

membership = Table(
    "membership",
    metadata,
    Column("account", _id, primary_key=True),
    Column("scope", Text, primary_key=True),  # Or a pattern: VN/*, *.
    Column("role", Text, nullable=False),
    Column("since", _moment, nullable=False, server_default=_now),
    Column("until", _moment),
)

session = Table(
    "session",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("family", _id, nullable=False),
    Column("account", _id, nullable=False),
    Column("client", _id, nullable=False),
    Column("access", LargeBinary, nullable=False, unique=True),  # SHA-256 of the token, as the next one.
    Column("refresh", LargeBinary, nullable=False, unique=True),
    Column("access_until", _moment, nullable=False),
    Column("refresh_until", _moment, nullable=False),
    Column("replaced_at", _moment),
    Column("used_at", _moment),  # When somebody first came with its access token.
    Column("revoked_at", _moment),
    Index("session_family", "family"),
    Index("session_client", "client"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("key", Text, primary_key=True),  # "address 10.0.0.7" or "login linh", hashed.
    Column("failures", Integer, nullable=False),
    Column("since", _moment, nullable=False),
    Column("last_at", _moment, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("at", _moment, nullable=False, server_default=_now),
    Column("account", _id),
    Column("client", _id),
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False, server_default=""),
)

blob = Table(
    "blob",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("made_at", _moment, nullable=False, server_default=_now),
)

presence = Table(
    "presence",
    metadata,
    Column("client", _id, primary_key=True),
    Column("account", _id, nullable=False),
    Column("case", _id, nullable=False),
    Column("at", _moment, nullable=False, server_default=_now),
    Index("presence_case", "case"),
)

FEED: Final = (record, left_scope, change, mutation, natural_key, presence)
"""Tables whose rows belong to a scope; row-level security stands in front of them."""
WRITTEN_ONCE: Final = (change, mutation, purged, audit)
"""Tables whose rows are never changed or deleted by the server."""
