"""Chips above the list: by what it is narrowed, grouped and sorted now; a click takes one away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from escalation_desk.desktop.flow import Flow
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.queue.narrowing import Narrowing


class FilterChips(QWidget):
    """Tells the code of the chip that was taken away; all of them with an empty code."""

    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        letters = look().letters
        self._flow = Flow(self, letters.tight)
        self._flow.setContentsMargins(letters.wide, 0, letters.wide, letters.gap)
        self.hide()

    def show_chips(self, chips: Sequence[Narrowing]) -> None:
        self._flow.clear()
        for chip in chips:
            made = button(f"{chip.text}  ×", lambda code=chip.code: self.removed.emit(code), kind="chip")  # type: ignore[misc]  # the default is a string.
            made.setAccessibleName(_("Take away: {filter}", filter=chip.text))
            self._flow.addWidget(made)
        if len(chips) > 1:
            self._flow.addWidget(button(_("Clear all"), lambda: self.removed.emit(""), kind="link"))
        self.setVisible(bool(chips))
        self.updateGeometry()
