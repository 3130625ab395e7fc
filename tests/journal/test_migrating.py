"""A database is brought up to date whole or not at all, after a copy of it was made and checked."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine

from escalation_desk.casework.case import Case
from escalation_desk.casework.refusal import Fault
from escalation_desk.journal import backup, schema, tables
from escalation_desk.journal.checking import problems
from escalation_desk.journal.connection import connect
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.schema import STEPS, Steps

if TYPE_CHECKING:
    from pathlib import Path

SECOND = '''
"""A step of tomorrow."""

from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("case", sa.Column("mood", sa.Text))
    op.execute("UPDATE \\"case\\" SET mood = 'calm'")
    op.create_table("shift", sa.Column("seq", sa.Integer, primary_key=True), sa.Column("id", sa.Text, nullable=False))
    op.execute("INSERT INTO shift (id) SELECT id FROM \\"case\\"")
    {last}
'''


@pytest.fixture
def folder(tmp_path: Path, key: bytes) -> Path:
    """Give the folder of a desk of today with one case."""
    journal = Journal(tmp_path / "desk", key)
    with journal.entry("New case") as work:
        work.add(Case(title="Refund"))
    journal.close()
    return tmp_path / "desk"


def _steps(folder: Path, last: str = "pass") -> Steps:
    """Lay the steps of today and one of tomorrow in a folder."""
    shutil.copytree(STEPS.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0002_second.py").write_text(SECOND.replace("{last}", last), "utf-8")
    return Steps(folder, "0002")


def _update(folder: Path, key: bytes, steps: Steps) -> None:
    with closing(connect(folder / "desk.db", key, writes=True)) as made:
        now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
        path = folder / "desk.db"
        schema.prepare(made, path, lambda: backup.back_up_before_update(made, folder, key, now), steps)


def _dump(path: Path, key: bytes) -> tuple[int, dict[str, Any]]:
    """Read the number of the version, every table's statement and the rows of the plain ones."""
    with closing(connect(path, key, writes=False)) as made:
        named = made.execute("SELECT name, type, sql FROM sqlite_master ORDER BY name").fetchall()
        rows = {n: made.execute(f'SELECT * FROM "{n}"').fetchall() for n, t, _sql in named if t == "table"}
        return schema.version_of(made), {"schema": named, "rows": rows}


def test_the_steps_lead_to_the_declared_tables(folder: Path, key: bytes) -> None:
    declared = create_engine("sqlite://")
    statements: list[str] = []
    with declared.connect() as connection:
        tables.METADATA.create_all(connection)
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        statements = [row[0] for row in made]
    declared.dispose()

    with closing(connect(folder / "desk.db", key, writes=False)) as desk:
        there = desk.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search\\_%\\_%' ESCAPE '\\' "
            "AND name NOT IN ('alembic_version', 'sqlite_sequence')"
        ).fetchall()
        shadows = {f"{name}_" for (name,) in desk.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%fts5%'")}
        codes = desk.execute("SELECT sql FROM sqlite_master WHERE name LIKE 'search%' AND sql LIKE '%fts5%'").fetchall()

    def plain(sql: str) -> str:
        return " ".join(sql.split())

    found = {plain(row[0]) for row in [*there, *codes]}
    wanted = {plain(sql) for sql in (*statements, *tables.FULL_TEXT)} - {
        plain(sql) for sql in statements if "sqlite_sequence" in sql
    }
    assert found == wanted
    assert len(shadows) == len(tables.FULL_TEXT)


def test_a_current_database_never_loads_what_updates_it(folder: Path, key: bytes) -> None:
    unreadable = Steps(folder / "nowhere", STEPS.head)

    _update(folder, key, unreadable)

    assert not (folder / "backups").exists()


def test_an_update_keeps_the_data_and_a_checked_copy_of_them(folder: Path, key: bytes, tmp_path: Path) -> None:
    version, before = _dump(folder / "desk.db", key)

    _update(folder, key, _steps(tmp_path / "steps"))

    number, after = _dump(folder / "desk.db", key)
    assert (version, number) == (1, 2)
    assert [(row[8], row[-1]) for row in after["rows"]["case"]] == [("Refund", "calm")]
    assert len(after["rows"]["shift"]) == 1
    copy = folder / "backups" / "before-update-20261124T080000Z.db"
    assert _dump(copy, key) == (1, before)
    with closing(connect(copy, key, writes=False)) as made:
        assert problems(made) == []


@pytest.mark.parametrize(
    "last",
    [
        "raise ZeroDivisionError",
        'op.execute("SELECT nonsense")',
        """op.execute("INSERT INTO change VALUES (999, 1, 'case', 'x', 'set', NULL, NULL, NULL)")""",
    ],
)
def test_an_update_that_fails_changes_nothing(folder: Path, key: bytes, tmp_path: Path, last: str) -> None:
    before = _dump(folder / "desk.db", key)

    with pytest.raises(Exception, match=r"nonsense|did not survive the update whole|^$") as failure:
        _update(folder, key, _steps(tmp_path / "steps", last))

    assert isinstance(failure.value, Fault) is ("999" in last)
    assert _dump(folder / "desk.db", key) == before
    with closing(connect(folder / "desk.db", key, writes=False)) as made:
        assert problems(made) == []


def test_without_room_for_the_copy_there_is_no_update(folder: Path, key: bytes, tmp_path: Path) -> None:
    before = _dump(folder / "desk.db", key)
    (folder / "backups").write_text("a file where the folder should be", "utf-8")

    with pytest.raises(Fault, match="cannot be written"):
        _update(folder, key, _steps(tmp_path / "steps"))

    assert _dump(folder / "desk.db", key) == before


def test_an_older_database_is_checked_as_far_as_it_goes(folder: Path, key: bytes) -> None:
    with closing(connect(folder / "desk.db", key, writes=True)) as made:
        made.execute("DROP TABLE clarification")
        made.execute("PRAGMA user_version = 0")
        assert problems(made) == []

        made.execute("PRAGMA user_version = 1")
        assert problems(made) == ["no such table: clarification"]
