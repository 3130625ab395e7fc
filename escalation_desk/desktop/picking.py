"""A list to pick one value from. It keeps the values itself: Qt would turn a word of the desk into plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter

if TYPE_CHECKING:
    from collections.abc import Iterable

_FEW: Final = 9


class Pick(QComboBox):
    """Words and their values; a long list can be typed into."""

    picked = Signal()

    def __init__(self, offers: Iterable[tuple[str, Any]] = (), chosen: Any = None, *, name: str = "") -> None:
        super().__init__()
        self._values: list[Any] = []
        self.setAccessibleName(name)
        self.offer(offers, chosen)
        self.currentIndexChanged.connect(lambda _at: self.picked.emit())

    def offer(self, offers: Iterable[tuple[str, Any]], chosen: Any = None) -> None:
        """Offer other values."""
        self.blockSignals(True)
        self.clear()
        self._values = []
        for text, value in offers:
            self.addItem(text)
            self._values.append(value)
        if len(self._values) > _FEW:
            self._let_type()
        self.setCurrentIndex(self._values.index(chosen) if chosen in self._values else 0 if self._values else -1)
        self.blockSignals(False)

    def value(self) -> Any:
        at = self.currentIndex()
        return self._values[at] if 0 <= at < len(self._values) else None

    def choose(self, value: Any) -> None:
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    def _let_type(self) -> None:
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
