"""A line that opens something; it is cut where there is no room, and never makes its card wider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import button, literal

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QResizeEvent


class Opener(QWidget):
    """A line that opens something: in front with a click, behind with Ctrl or the middle button."""

    opened = Signal(bool)

    def __init__(self, text: str) -> None:
        super().__init__()
        self._whole = text
        self.button = button(text, kind="pin")
        self.button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(lambda _on=False: self.opened.emit(self._behind()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        self.setFocusProxy(self.button)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802 - Qt's name.
        self.button.setAccessibleName(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - 2 * look().letters.gap
        shown = self.button.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.button.setText(literal(shown))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self.opened.emit(True)
        else:
            super().mouseReleaseEvent(event)

    def _behind(self) -> bool:
        return bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier)
