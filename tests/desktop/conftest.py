"""A desk with a real journal behind a plain window: what pages and places are shown in when they are tested alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from escalation_desk.casework.people import User
from escalation_desk.desktop.look.theme import Scheme, Theme
from escalation_desk.desktop.pages import Writes
from escalation_desk.desktop.shell.kept import KeptValues
from escalation_desk.desktop.sync.link import ServerLink
from escalation_desk.desktop.verbs import Verbs
from escalation_desk.i18n import set_language
from escalation_desk.journal.journal import Journal
from tests.desktop.sitting import desk_of, plant, rows, settled, sitting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from escalation_desk.desktop.session import Session
    from escalation_desk.desktop.window import Desk

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 10:00 in Viet Nam


class PlainFrame(QWidget):
    """What the window gives to pages, written down in `went` instead of shown."""

    minute = Signal()

    def __init__(self, verbs: Verbs, kept: KeptValues) -> None:
        super().__init__()
        self.verbs = verbs
        self.kept = kept
        self.link = ServerLink(verbs)
        self.went: list[tuple[str, str]] = []
        self.said: list[str] = []
        verbs.said.connect(lambda sentence, _kind: self.said.append(sentence))
        self.setLayout(QVBoxLayout())

    def hold(self, page: QWidget, width: int = 1100, height: int = 760) -> None:
        layout = self.layout()
        assert layout is not None
        layout.addWidget(page)
        self.resize(width, height)
        self.show()

    def open_case(self, case_id: str, *, behind: bool = False) -> None:  # noqa: ARG002 - the frame's shape.
        self.went.append(("case", case_id))

    def open_seller(self, seller_id: str, *, behind: bool = False) -> None:  # noqa: ARG002 - the frame's shape.
        self.went.append(("seller", seller_id))

    def open_problem(self, problem_id: str, *, behind: bool = False) -> None:  # noqa: ARG002 - the frame's shape.
        self.went.append(("problem", problem_id))

    def open_place(self, code: str, view: str = "") -> None:
        self.went.append((code, view))

    def open_search(self, line: str) -> None:
        self.went.append(("search", line))

    def open_next(self, case_id: str) -> None:
        self.went.append(("next", case_id))

    def tell(self, sentence: str, kind: str = "done") -> None:  # noqa: ARG002 - the frame's shape.
        self.said.append(sentence)

    def progress(self, title: str, cancel: Any = None) -> Any:  # noqa: ARG002 - the frame's shape.
        self.said.append(title)
        return Strip()

    def import_files(self, paths: Any) -> None:
        raise NotImplementedError

    def window(self) -> QWidget:
        return self


class Strip:
    """How far long work is; nobody stops it here."""

    cancelled = False

    def at(self, done: int, total: int) -> None:
        assert done <= total

    def end(self) -> None:
        """Go away: there is nothing to see."""


class Watch:
    """The clock of a test, moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class PatientBot(QtBot):
    """Waits as long as a machine with other work may need; only what is red waits that long."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 30_000) -> None:  # noqa: N802 - as its base.
        super().waitUntil(callback, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """Delete what a test left to be deleted, or every later test pays for dressing it."""
    yield
    if QCoreApplication.instance():
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def wardrobe(qapp: QApplication) -> Theme:
    return Theme(qapp, Scheme.LIGHT)


@pytest.fixture
def theme(wardrobe: Theme) -> Iterator[Theme]:
    """Lend the one theme of the tests; each finds it light and in letters of the common size."""
    yield wardrobe
    wardrobe.choose(Scheme.LIGHT)
    wardrobe.resize(1.0)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def journal(tmp_path: Path, watch: Watch) -> Iterator[Journal]:
    made = Journal(tmp_path, bytes(32), watch)
    made.set_profile(User(full_name="Nguyễn Hà Linh", login="linh"))
    yield made
    made.close()


@pytest.fixture
def plain_frame(journal: Journal, theme: Theme, qtbot: QtBot) -> Iterator[PlainFrame]:
    profile = journal.profile
    assert profile is not None
    verbs = Verbs(journal, profile)
    made = PlainFrame(verbs, KeptValues(journal))
    qtbot.addWidget(made)
    yield made
    for page in made.findChildren(QWidget):
        if isinstance(page, Writes) and isValid(page):
            page.flush()  # As the window does before it lets go of the data.
    made.hide()
    verbs.close()


@pytest.fixture
def ids(journal: Journal) -> dict[str, str]:
    return plant(journal)


@pytest.fixture
def session(journal: Journal, ids: dict[str, str], theme: Theme, qtbot: QtBot) -> Iterator[Session]:
    """Seat somebody before the live cases of `plant`."""
    with sitting(journal, theme, qtbot) as made:
        desk = desk_of(made)
        desk.open_place("queue", "all-live")
        qtbot.waitUntil(lambda: settled(desk) and len(rows(desk)) == 4)
        yield made
    set_language("en")


@pytest.fixture
def desk(session: Session) -> Desk:
    return desk_of(session)
