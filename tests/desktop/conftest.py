"""A desk with a real journal behind a plain window: what pages and places are shown in when they are tested alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from shiboken6 import isValid

from escalation_desk.casework.people import User
from escalation_desk.desktop.look.theme import Scheme, Theme
from escalation_desk.desktop.pages import Writes
from escalation_desk.desktop.shell.kept import KeptValues
from escalation_desk.desktop.verbs import Verbs
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 10:00 in Viet Nam


class PlainFrame(QWidget):
    """What the window gives to pages, written down in `went` instead of shown."""

    minute = Signal()

    def __init__(self, verbs: Verbs, kept: KeptValues) -> None:
        super().__init__()
        self.verbs = verbs
        self.kept = kept
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

    def open_place(self, code: str, view: str = "") -> None:
        self.went.append((code, view))

    def open_search(self, line: str) -> None:
        self.went.append(("search", line))

    def open_next(self, case_id: str) -> None:
        self.went.append(("next", case_id))

    def tell(self, sentence: str, kind: str = "done") -> None:  # noqa: ARG002 - the frame's shape.
        self.said.append(sentence)

    def progress(self, title: str, cancel: Any = None) -> Any:
        raise NotImplementedError

    def import_files(self, paths: Any) -> None:
        raise NotImplementedError

    def window(self) -> QWidget:
        return self


class Watch:
    """The clock of a test, moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


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
def plain_frame(journal: Journal, qtbot: QtBot) -> Iterator[PlainFrame]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    Theme(app, Scheme.LIGHT)
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
