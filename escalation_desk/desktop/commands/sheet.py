"""The shortcut sheet (?): every key that does something, under the menu it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain.labels import PlainLabel
from escalation_desk.desktop.plain.pieces import Card, button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence


class KeyCap(PlainLabel):
    """Keys as they look on the keyboard."""

    def __init__(self, keys: str) -> None:
        super().__init__(keys, Role.SMALL)
        self.setProperty("kind", "key")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)


class ShortcutSheet(QDialog):
    """Shows sections of (what it does, keys) in two columns."""

    def __init__(self, window: QWidget, sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> None:
        super().__init__(window)
        letters = look().letters
        self.setWindowTitle(_("Keyboard shortcuts"))
        self.setAccessibleName(_("Keyboard shortcuts"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(letters.page, letters.page, letters.page, letters.page)
        outer.setSpacing(letters.wide)
        outer.addWidget(PlainLabel(_("Keyboard shortcuts"), Role.TITLE))
        outer.addWidget(self._scrolled(_columns(sections)), 1)
        row = QHBoxLayout()
        row.addStretch()
        close = button(_("Close"), self.accept, kind="first")
        close.setDefault(True)
        row.addWidget(close)
        outer.addLayout(row)
        self.resize(letters.px(58), letters.px(44))

    def _scrolled(self, page: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(page)
        area.setAccessibleName(_("Keyboard shortcuts"))
        return area


def _columns(sections: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look().letters.wide)
    columns = (QVBoxLayout(), QVBoxLayout())
    lengths = [0, 0]
    for title, pairs in sections:
        shorter = lengths.index(min(lengths))
        lengths[shorter] += len(pairs) + 2
        columns[shorter].addWidget(_section(title, pairs))
    for column in columns:
        column.setSpacing(look().letters.wide)
        column.addStretch()
        row.addLayout(column, 1)
    return page


def _section(title: str, pairs: Sequence[tuple[str, str]]) -> Card:
    card = Card(title)
    grid = QGridLayout()
    grid.setVerticalSpacing(look().letters.tight)
    grid.setColumnStretch(0, 1)
    for at, (what, keys) in enumerate(pairs):
        grid.addWidget(PlainLabel(what, wrap=True), at, 0)
        grid.addWidget(KeyCap(keys), at, 1, Qt.AlignmentFlag.AlignRight)
    card.body.addLayout(grid)
    return card
