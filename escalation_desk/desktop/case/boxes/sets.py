"""A box for several texts: order numbers, tags. Each is a chip; what is typed becomes one with Enter, comma or Tab."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from escalation_desk.desktop.case.boxes.base import Around, Box, Line
from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import button, visible
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.casework.fields import Field

_ENDS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Comma, Qt.Key.Key_Semicolon})
_BETWEEN = re.compile(r"[,;\n\t]+")


class Chips(FlowBox):
    """Chips that can be taken away, in as many lines as they need."""

    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__(look().letters.tight)
        self.hide()

    def show_chips(self, chips: Iterable[tuple[str, str]], *, fixed: bool = False) -> None:
        """Show chips as pairs of value and words."""
        self.flow.clear()
        for value, text in chips:
            made = button(visible(text) if fixed else f"{visible(text)}  ×", kind="chip")
            made.setEnabled(not fixed)
            made.setAccessibleName(_("Take away: {name}", name=text))
            made.clicked.connect(lambda _on=False, one=value: self.removed.emit(one))
            self.flow.addWidget(made)
        self.setVisible(self.flow.count() > 0)
        self.updateGeometry()


class TextsBox(Box):
    def __init__(self, _field: Field, _around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held: list[str] = []
        self._fixed = False
        self.chips = Chips()
        self.line = Line(_("Add"))
        self.line.setProperty("kind", "field")
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().letters.tight)
        column.addWidget(self.chips)
        column.addWidget(self.line)
        self.row.addWidget(holder, 1)
        self.setFocusProxy(self.line)
        self.chips.removed.connect(self._remove)
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.line.left.connect(self._take_line)
        self.line.left.connect(self.left)
        self.line.installEventFilter(self)

    def entrance(self) -> QWidget:
        return self.line

    def set_fixed(self, *, fixed: bool) -> None:
        self._fixed = fixed
        self.line.setVisible(not fixed)
        self._draw()

    def value(self) -> Any:
        """Answer the chips and what is still being typed."""
        return frozenset([*self._held, *_members(self.line.text())])

    def show_value(self, value: Any) -> None:
        self._held = sorted(value)
        self.line.clear()
        self._draw()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not self.line.composing:
            plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
            if plain and Qt.Key(event.key()) in _ENDS and self.line.text().strip():
                self._take_line()
                return True
            if event.key() == Qt.Key.Key_Backspace and not self.line.text() and self._held:
                self._remove(self._held[-1])
                return True
        return super().eventFilter(watched, event)

    def _take_line(self) -> None:
        new = [one for one in _members(self.line.text()) if one not in self._held]
        self._held += new
        self.line.clear()
        self._draw()
        if new:
            self.edited.emit()

    def _remove(self, value: str) -> None:
        self._held.remove(value)
        self._draw()
        self.line.setFocus()
        self.edited.emit()

    def _draw(self) -> None:
        self.chips.show_chips([(one, one) for one in self._held], fixed=self._fixed)


def _members(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]
