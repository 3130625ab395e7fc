"""Lays the parts of a case side by side where there is room, and behind each other where there is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import button
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from escalation_desk.desktop.pages import Kept

LABELS: Final = {
    "timeline": N_("Timeline"),
    "details": N_("Details"),
    "around": N_("Around it"),
    "history": N_("History"),
}

# From this many letters of width on: the parts of each pane, and the share of the width that each pane takes.
_PLANS: Final = (
    (104, (("details",), ("timeline",), ("around", "history")), (28, 44, 28)),
    (56, (("timeline",), ("details", "around", "history")), (58, 42)),
    (0, (("timeline", "details", "around", "history"),), (100,)),
)


class Segments(QFrame):
    """A row of words of which one is chosen; it goes on in the next line where there is no room."""

    chosen = Signal(str)

    def __init__(self, name: str, *, kind: str = "segments") -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        letters = look().letters
        self._words = FlowBox(letters.tight)
        row = QHBoxLayout(self)
        row.setContentsMargins(letters.gap, letters.tight, letters.gap, letters.tight)
        row.addWidget(self._words, 1)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}

    def show_words(self, words: Sequence[tuple[str, str]]) -> None:
        """Show these, as pairs of code and words."""
        for one in self.buttons.values():
            self._group.removeButton(one)
        self._words.flow.clear()
        self.buttons = {}
        for code, text in words:
            made = button(text, kind="segment")
            made.setCheckable(True)
            made.clicked.connect(lambda _on=False, one=code: self.chosen.emit(one))
            self._group.addButton(made)
            self._words.flow.addWidget(made)
            self.buttons[code] = made

    def choose(self, code: str) -> None:
        if code in self.buttons:
            self.buttons[code].setChecked(True)


class _Pane(QWidget):
    """Several parts behind each other, with a row of words above them; a single part stands alone."""

    def __init__(self) -> None:
        super().__init__()
        self.words = Segments(_("Part of the case"))
        self.stack = QStackedWidget()
        self.parts: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.words)
        column.addWidget(self.stack, 1)
        self.words.chosen.connect(self.show_part)

    def hold(self, parts: dict[str, QWidget]) -> None:
        self.parts = parts
        self.words.show_words([(code, _(LABELS[code])) for code in parts])
        self.words.setVisible(len(parts) > 1)
        for part in parts.values():
            self.stack.addWidget(part)
        self.show_part(next(iter(parts), ""))

    def show_part(self, code: str) -> None:
        if code in self.parts:
            self.stack.setCurrentWidget(self.parts[code])
            self.words.choose(code)


class Zones(QSplitter):
    """The parts of a case by their codes; `arranged` comes when they are laid out anew."""

    shown = Signal(str)

    def __init__(self, parts: dict[str, QWidget], kept: Kept) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._parts = parts
        self._kept = kept
        self._plan = -1
        self.setChildrenCollapsible(False)
        self.panes = [_Pane() for _pane in range(3)]
        for pane in self.panes:
            self.addWidget(pane)
            pane.words.chosen.connect(self.shown)
        self.splitterMoved.connect(lambda _at, _index: self._keep_sizes())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letters = event.size().width() / look().letters.letter
        plan = next(at for at, (least, _panes, _shares) in enumerate(_PLANS) if letters >= least)
        if plan != self._plan:
            self._arrange(plan)

    def show_part(self, code: str) -> None:
        """Bring a part to the front."""
        for pane in self.panes:
            pane.show_part(code)

    def _arrange(self, plan: int) -> None:
        self._plan = plan
        _least, panes, shares = _PLANS[plan]
        for pane, codes in zip(self.panes, (*panes, (), ()), strict=False):
            pane.hold({code: self._parts[code] for code in codes})
            pane.setVisible(bool(codes))
        kept = self._kept.get(f"case.zones:{plan}", [])
        sizes = [int(size) for size in kept] if isinstance(kept, list) else []
        if len(sizes) != len(panes):
            sizes = [self.width() * share // 100 for share in shares]
        self.setSizes([*sizes, *[0] * (3 - len(panes))])

    def _keep_sizes(self) -> None:
        used = len(_PLANS[self._plan][1])
        self._kept.put(f"case.zones:{self._plan}", self.sizes()[:used])
