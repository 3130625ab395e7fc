"""What PostgreSQL itself enforces, whatever the server forgets: rows by scope, and rows that are never rewritten.

The server works as the role `escalation_desk_api`, which owns nothing. Each transaction says in `app.scopes` what may
be seen in it; with nothing said, nothing is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.kinds import KINDS
from escalation_desk.server.tables import WRITTEN_ONCE, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.casework.fields import Field

API: Final = "escalation_desk_api"
READERS: Final = "desk"
"""The schema of the views, one for each kind of record, that a lead's tools for numbers read."""

_SCOPES: Final = "scope = ANY ((SELECT string_to_array(current_setting('app.scopes', true), E'\\n'))::text[])"
# OFFSET keeps PostgreSQL from reading every record into a table of its own first, to ask that for a hundred of them.
_OF_A_VISIBLE: Final = 'EXISTS (SELECT FROM record WHERE record.id = "{table}"."{column}" OFFSET 0)'
POLICIES: Final = {
    "record": _SCOPES,
    "left_scope": _SCOPES,
    # History goes with its record: whoever may see that now sees how it came to be, and nobody else.
    "change": _OF_A_VISIBLE.format(table="change", column="record"),
    "natural_key": _OF_A_VISIBLE.format(table="natural_key", column="record"),
    "presence": "client::text = current_setting('app.client', true) OR "
    + _OF_A_VISIBLE.format(table="presence", column="case"),
    "mutation": (
        "client::text = current_setting('app.client', true) OR"
        " EXISTS (SELECT FROM change WHERE change.client = mutation.client AND change.mid = mutation.mid)"
    ),
}
# A policy cannot ask a table about the very row that is being put in, and what is put in was judged by the server.
_MAY_BE_WRITTEN: Final = {"record": _SCOPES, "left_scope": _SCOPES, "change": _SCOPES}

_NEVER_REWRITTEN: Final = """
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Personal data can be erased; that it was there, when and whose is vouched for by the hash, which stays.
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'patch' - 'body' = to_jsonb(OLD) - 'patch' - 'body'
       AND to_jsonb(NEW) ->> 'patch' IS NULL AND to_jsonb(NEW) ->> 'body' IS NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING MESSAGE = 'rows of ' || TG_TABLE_NAME || ' are never changed or deleted';
END $$
"""
_TAKEN: Final = """
CREATE OR REPLACE FUNCTION taken(asked uuid[]) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT id FROM record WHERE id = ANY (asked) UNION ALL SELECT id FROM purged WHERE id = ANY (asked)
$$
"""
_TYPES: Final = {
    Kind.INTEGER: "bigint",
    Kind.FLAG: "boolean",
    Kind.INSTANT: "timestamptz",
    Kind.DAY: "date",
    Kind.DECIMAL: "numeric",
}


def statements() -> Iterator[str]:
    """List what makes the fences; saying it again changes nothing."""
    yield _NEVER_REWRITTEN
    yield _TAKEN
    yield from _policies()
    for table in WRITTEN_ONCE:
        yield (
            f'CREATE OR REPLACE TRIGGER never_rewritten BEFORE UPDATE OR DELETE ON "{table.name}"'
            " FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
        )
        yield (
            f'CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON "{table.name}"'
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )
    yield from _grants()
    yield from _views()


def _policies() -> Iterator[str]:
    for table, sees in POLICIES.items():
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield f'DROP POLICY IF EXISTS seen ON "{table}"'
        yield f'DROP POLICY IF EXISTS written ON "{table}"'
        yield f'DROP POLICY IF EXISTS rewritten ON "{table}"'
        yield f'DROP POLICY IF EXISTS dropped ON "{table}"'
        yield f'CREATE POLICY seen ON "{table}" FOR SELECT TO {API} USING ({sees})'
        puts = _MAY_BE_WRITTEN.get(table, "true")
        yield f'CREATE POLICY written ON "{table}" FOR INSERT TO {API} WITH CHECK ({puts})'
        yield f'CREATE POLICY rewritten ON "{table}" FOR UPDATE TO {API} USING ({sees}) WITH CHECK ({puts})'
        yield f'CREATE POLICY dropped ON "{table}" FOR DELETE TO {API} USING ({sees})'


def _grants() -> Iterator[str]:
    yield f"GRANT USAGE ON SCHEMA public TO {API}"
    for table in metadata.sorted_tables:
        rights = "SELECT, INSERT" if table in WRITTEN_ONCE else "SELECT, INSERT, UPDATE, DELETE"
        yield f'REVOKE ALL ON "{table.name}" FROM {API}'
        yield f'GRANT {rights} ON "{table.name}" TO {API}'
    yield f"REVOKE ALL ON server_meta FROM {API}"
    yield f"GRANT SELECT ON server_meta TO {API}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {API}"


def _views() -> Iterator[str]:
    """Describe a view for each kind of record, made anew because it follows from what is declared."""
    yield f"CREATE SCHEMA IF NOT EXISTS {READERS}"
    for kind, record in KINDS.items():
        columns = ", ".join(_column(f) for f in fields_of(record) if not f.declared.computed)
        yield f'DROP VIEW IF EXISTS {READERS}."{kind}"'
        yield (
            f'CREATE VIEW {READERS}."{kind}" AS SELECT id, scope, ver AS version, {columns}'  # noqa: S608 - declared names only.
            f" FROM public.record WHERE kind = '{kind}' AND NOT deleted"
        )


def _column(one: Field) -> str:
    if one.kind in {Kind.SET, Kind.DATA}:
        return f"data -> '{one.name}' AS \"{one.name}\""
    return f"(data ->> '{one.name}')::{_TYPES.get(one.kind, 'text')} AS \"{one.name}\""
