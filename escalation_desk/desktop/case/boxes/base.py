"""What all boxes of the form have in common: they show a value, tell that somebody edits it, and say what it is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from escalation_desk.desktop.plain import restyle

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QInputMethodEvent

    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.verbs import Verbs


@dataclass(frozen=True)
class Around:
    """What boxes ask of the page they stand on."""

    verbs: Verbs
    clock: Callable[[], Clock]
    name: Callable[[str, str], str]
    currency: Callable[[], str]
    create: Callable[[str, str, Callable[[str, str], None]], None]


class Box(QWidget):
    """A value of one field. `value` never fails: what cannot be read comes as `Unread`, with its sentence."""

    edited = Signal()
    left = Signal()
    files_offered = Signal(list)
    image_offered = Signal(QImage)
    text_offered = Signal(object)

    wide = False
    """Whether it wants the whole width, its name above it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(0)

    def value(self) -> Any:
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        raise NotImplementedError

    def entrance(self) -> QWidget:
        """Name the widget that takes the focus and carries the name for screen readers."""
        raise NotImplementedError

    def open(self) -> None:
        """Go there, and open what there is to choose from."""
        self.entrance().setFocus()

    def set_fixed(self, *, fixed: bool) -> None:
        """Show only; what is set once cannot be edited."""
        self.entrance().setEnabled(not fixed)

    def mark_wrong(self, *, wrong: bool) -> None:
        self.entrance().setProperty("wrong", "true" if wrong else "false")
        restyle(self.entrance())

    def _enter(self, widget: QWidget, stretch: int = 1) -> None:
        self.row.addWidget(widget, stretch)
        self.setFocusProxy(self.entrance())


class Line(QLineEdit):
    """One line of text that knows when an input method is in the middle of a word."""

    left = Signal()

    def __init__(self, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.composing = False
        self.setPlaceholderText(hint)

    def show_text(self, text: str) -> None:
        """Show a text from its beginning, not from its end."""
        self.setText(text)
        self.setCursorPosition(0)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()
