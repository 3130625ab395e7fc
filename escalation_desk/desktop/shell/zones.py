"""The three zones of the window and how wide they are: places, list, case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from escalation_desk.desktop.look.now import look

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Kept


class Zones(QSplitter):
    """The right zone shows itself with the first tab and goes with the last; widths are remembered in letters."""

    def __init__(self, kept: Kept, left: QWidget, middle: QWidget, right: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._kept = kept
        self._left, self._middle, self._right = left, middle, right
        for at, zone in enumerate((left, middle, right)):
            self.addWidget(zone)
            self.setStretchFactor(at, at + at)
            self.setCollapsible(at, False)
        middle.setMinimumWidth(look().letters.px(18))
        right.setMinimumWidth(look().letters.px(24))
        right.hide()
        self.splitterMoved.connect(self._keep)

    def show_right(self, *, shown: bool) -> None:
        """Show or hide the case; the list gives it the larger part of the room."""
        if shown and self._right.isHidden():
            self._right.show()
            self.setSizes(self._sizes())
        elif not shown:
            self._right.hide()

    def show_list(self, *, shown: bool) -> None:
        """Leave the whole window to the case, or bring places and list back."""
        self._left.setVisible(shown)
        self._middle.setVisible(shown or self._right.isHidden())

    @property
    def list_shown(self) -> bool:
        return not self._left.isHidden()

    def _sizes(self) -> list[int]:
        letter = look().letters.letter
        kept: Any = self._kept.get("zones")
        if isinstance(kept, list) and len(kept) == self.count():
            return [round(width * letter) for width in kept]
        left = self._left.sizeHint().width()
        rest = max(self.width() - left, 3)
        return [left, rest * 42 // 100, rest * 58 // 100]

    def _keep(self) -> None:
        if not self._right.isHidden():
            self._kept.put("zones", [round(width / look().letters.letter, 1) for width in self.sizes()])
