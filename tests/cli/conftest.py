"""What every test of the command line needs: a desk with the sample, a copy to change, and a way to type."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import keyring
import pytest
from keyring.backend import KeyringBackend

from escalation_desk.casework.case import Case
from escalation_desk.cli.main import run
from escalation_desk.i18n import set_language
from escalation_desk.journal import reading, sample
from escalation_desk.journal.desk import open_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from escalation_desk.casework.desk import ExportRecord
    from escalation_desk.documents.case_summary import Form
    from escalation_desk.documents.leaving import Leave
    from escalation_desk.journal.journal import Journal


class RememberingKeyring(KeyringBackend):
    """A keyring that lasts as long as the tests: a passphrase would cost every command an eighth of a second."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring says nothing of its types
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@dataclass(frozen=True)
class Answer:
    """What a command left: its exit code and both outputs."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def refusal(self) -> str:
        """The one sentence of a refusal; it stands alone."""
        assert (self.code, self.out) == (1, ""), self
        assert self.err.count("\n") == 1, self.err
        return self.err.strip()

    @property
    def done(self) -> str:
        assert (self.code, self.err) == (0, ""), self
        return self.out


class NoWindow:
    """A room without Qt, which remembers the folder that a window was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Path | None]] = []

    def open(self, folder: Path) -> int:
        self.asked.append(("window", folder))
        return 0

    def demo(self, folder: Path | None) -> int:
        self.asked.append(("demo", folder))
        return 0

    def write_pdf(
        self, journal: Journal, case_ids: Sequence[str], path: Path, form: Form, leave: Leave
    ) -> ExportRecord:
        raise AssertionError(journal, case_ids, path, form, leave)


def typed(*arguments: str, window: NoWindow | None = None) -> Answer:
    """Run a command inside this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = run(arguments, window or NoWindow())
        except SystemExit as ended:
            code = int(ended.code or 0)
    set_language("en")
    return Answer(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session", autouse=True)
def keyring_of_the_tests() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(RememberingKeyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a desk with the sample, once; tests of reading share it and leave it as it is."""
    folder = tmp_path_factory.mktemp("cli") / "sample"
    now = datetime.now(UTC)
    journal = open_desk(folder, clock=lambda: now - timedelta(days=60))
    sample.fill(journal, now)
    journal.close()
    return folder


@pytest.fixture
def asked_for() -> Callable[..., tuple[str, Path | None]]:
    """Type a command that opens a window; give which one on which folder."""

    def type_it(*arguments: str) -> tuple[str, Path | None]:
        window = NoWindow()
        assert typed(*arguments, window=window) == Answer(0, "", "")
        (asked,) = window.asked
        return asked

    return type_it


@pytest.fixture
def folder(sample_folder: Path, tmp_path: Path) -> Path:
    """Give a desk with the sample that a test may change."""
    return shutil.copytree(sample_folder, tmp_path / "desk")


@pytest.fixture(scope="session")
def look(sample_folder: Path) -> Callable[..., Answer]:
    """Type a command that only reads."""
    return lambda *arguments: typed("--data", str(sample_folder), *arguments)


@pytest.fixture
def cli(folder: Path) -> Callable[..., Answer]:
    """Type a command that may change the desk."""
    return lambda *arguments: typed("--data", str(folder), *arguments)


@pytest.fixture
def desk(folder: Path) -> Iterator[Journal]:
    """Open the desk that `cli` changes, to look at what it did."""
    journal = open_desk(folder)
    yield journal
    journal.close()


@pytest.fixture(scope="session")
def number(sample_folder: Path) -> Callable[[str], str]:
    """Find the number of a case of the sample by words of its title."""
    journal = open_desk(sample_folder)
    made = journal.reader()
    numbers = dict(made.execute('SELECT title, case_no FROM "case"').fetchall())
    made.close()
    journal.close()
    return lambda words: next(no for title, no in numbers.items() if words in title)


@pytest.fixture
def case_of(desk: Journal) -> Callable[[str], dict[str, Any]]:
    """Read a case that `cli` changed as JSON, past the command line."""

    def read(case_no: str) -> dict[str, Any]:
        made = desk.reader()
        try:
            return reading.as_data(reading.record(made, Case, reading.case_id(made, case_no)))
        finally:
            made.close()

    return read
