"""A link of one line that gives way: where the room ends it ends in …, with the whole text as its tip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import literal, set_tip, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent


class Link(QPushButton):
    def __init__(self, text: str, act: Callable[[], object]) -> None:
        super().__init__()
        self._whole = visible(text)
        self.setProperty("kind", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._whole)
        set_tip(self, self._whole)
        self.setText(literal(self._whole))
        self.clicked.connect(lambda _checked=False: act())

    def sizeHint(self) -> QSize:
        letters = look().letters
        width = self.fontMetrics().horizontalAdvance(self._whole) + 2 * letters.tight + 4
        return QSize(width, round(letters.line * 1.45))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().letters.px(5), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = event.size().width() - 2 * look().letters.tight - 4
        self.setText(literal(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)))
