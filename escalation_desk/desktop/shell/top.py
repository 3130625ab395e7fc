"""The top of the window: menus, the search box, and the few acts that people reach for with the mouse."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenuBar, QSizePolicy, QToolButton, QWidget

from escalation_desk.desktop.look.now import look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction


class TopBar(QFrame):
    """Menus at the left, search in the middle, acts at the right. A Mac has its menus at the top of the screen."""

    def __init__(self) -> None:
        super().__init__()
        letters = look().letters
        self.setProperty("kind", "top")
        self.menus = QMenuBar()
        self.menus.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(letters.tight, letters.tight, letters.wide, letters.tight)
        self._row.setSpacing(letters.tight)
        if sys.platform != "darwin":
            self._row.addWidget(self.menus)
        self._row.addStretch(1)
        self._row.addStretch(1)
        self._search_at: Final = self._row.count() - 1
        self._acts = 0

    def put_search(self, box: QWidget) -> None:
        """Take the box that searches everything, once it is there."""
        box.setMinimumWidth(look().letters.px(16))
        box.setMaximumWidth(look().letters.px(42))
        self._row.insertWidget(self._search_at, box, 8)

    def put_first(self, made: QWidget) -> None:
        """Put something before the acts at the right."""
        self._row.insertWidget(self._row.count() - self._acts, made)

    def put_acts(self, acts: Sequence[QAction]) -> None:
        side = look().letters.icon
        for act in acts:
            made = QToolButton()
            made.setDefaultAction(act)
            made.setIconSize(QSize(side, side))
            made.setAccessibleName(act.text())
            self._row.addWidget(made)
        self._acts += len(acts)
