"""A line that opens something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from escalation_desk.desktop.plain import button

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent


class Opener(QWidget):
    """A line that opens something: in front with a click, behind with Ctrl or the middle button."""

    opened = Signal(bool)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.button = button(text, kind="pin")
        self.button.clicked.connect(lambda _on=False: self.opened.emit(self._behind()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        self.setFocusProxy(self.button)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802 - Qt's name.
        self.button.setAccessibleName(name)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self.opened.emit(True)
        else:
            super().mouseReleaseEvent(event)

    def _behind(self) -> bool:
        return bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier)
