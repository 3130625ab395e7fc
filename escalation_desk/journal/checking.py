"""Looks whether database and journal are whole, and says what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.kinds import KINDS
from escalation_desk.i18n import _
from escalation_desk.journal import schema
from escalation_desk.journal.clocks import proving
from escalation_desk.journal.connection import Error
from escalation_desk.journal.searching import INDEXES

if TYPE_CHECKING:
    from escalation_desk.journal.connection import Connection

_JOURNAL = (
    (
        """SELECT count(*) FROM entry e WHERE e.kind IN ('do', 'import')
        AND NOT EXISTS (SELECT 1 FROM change c WHERE c.entry = e.number)""",
        "entries without a change",
    ),
    (
        "SELECT count(*) FROM change c WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.number = c.entry)",
        "changes without an entry",
    ),
    (
        """SELECT count(*) FROM natural_key k WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.record = k.record)
        AND NOT EXISTS (SELECT 1 FROM base b WHERE b.record = k.record)""",
        "names of records that the journal does not know",
    ),
)


def problems(made: Connection) -> list[str]:
    """Check pages, foreign keys, search index and journal. Empty where all is well.

    Of what an older version has written, pages and foreign keys are checked: it may lack tables of today.
    """
    found: list[str] = []
    try:
        _look_anew(made)
        found += [str(row[0]) for row in made.execute("PRAGMA cipher_integrity_check")]
        found += [row[0] for row in made.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
        found += [str(row) for row in made.execute("PRAGMA foreign_key_check")]
        if not found and schema.version_of(made) >= schema.STEPS.number:
            found = _journal_problems(made)
    except Error as error:  # Too damaged to be asked.
        found.append(str(error))
    return found


def _look_anew(made: Connection) -> None:
    """Ask every search index once: FTS5 notices only at a query that another connection has written since."""
    for (table,) in made.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'").fetchall():
        made.execute(f'SELECT rowid FROM "{table}" WHERE "{table}" MATCH \'a\' LIMIT 1').fetchone()  # noqa: S608 - a table of ours.


def _journal_problems(made: Connection) -> list[str]:
    counted = ((made.execute(statement).fetchone()[0], what) for statement, what in _JOURNAL)
    found = [f"{count} {what}" for count, what in counted if count]
    return found + _unrecorded(made) + _unsearchable(made) + _miscounted(made)


def _unrecorded(made: Connection) -> list[str]:
    """Find records that stand in a table without a change that made them, and that no server has told of."""
    found = []
    for kind in KINDS:
        count = made.execute(
            f'SELECT count(*) FROM "{kind}" r WHERE NOT EXISTS '  # noqa: S608 - a declared kind.
            "(SELECT 1 FROM change c WHERE c.record = r.id AND c.op = 'create') "
            "AND NOT EXISTS (SELECT 1 FROM base b WHERE b.record = r.id)"
        ).fetchone()[0]
        if count:
            found.append(_("{count} records of the kind {kind} that no entry made", count=count, kind=kind))
    return found


def _miscounted(made: Connection) -> list[str]:
    """Find cases whose clocks, or whose facts about them, are not what follows from what happened."""
    wrong = len(set(proving.miscounted(made)))
    if not wrong:
        return []
    return [_("{count} cases whose clocks are not what follows from them", count=wrong)]


def _unsearchable(made: Connection) -> list[str]:
    """Find records that search does not know, and entries of the search index without a record."""
    found = []
    for kind, index in INDEXES.items():
        docs = f"{index.words}_docsize"
        count = made.execute(
            f'SELECT (SELECT count(*) FROM "{kind}" r WHERE r.deleted_at IS NULL '  # noqa: S608 - declared names.
            f"AND NOT EXISTS (SELECT 1 FROM {docs} d WHERE d.id = r.seq)) + "
            f'(SELECT count(*) FROM {docs} d WHERE NOT EXISTS (SELECT 1 FROM "{kind}" r WHERE r.seq = d.id))'
        ).fetchone()[0]
        if count:
            found.append(_("{count} records of the kind {kind} that search does not know", count=count, kind=kind))
    return found
