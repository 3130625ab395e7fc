"""One conflict on the page of sync: three values beside each other, one click or one key for each way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import Card, PlainLabel, button
from escalation_desk.desktop.sync.differing import ways
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.sync.differing import Differing, Side

_LONGEST: Final = 1_500
KEYS: Final = {Qt.Key.Key_M: "mine", Qt.Key.Key_T: "theirs", Qt.Key.Key_B: "both"}
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1}
_OPENS: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_O}


class ConflictCard(Card):
    """M, T and B settle it; J and K go to the next; Enter opens the case."""

    settled = Signal(object, str)
    stepped = Signal(int)

    def __init__(self, one: Differing, open_case: Callable[[str], None]) -> None:
        super().__init__(kind="conflict")
        self.one = one
        self._open_case = open_case
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Conflict: {about}", about=one.about))
        self.setAccessibleDescription(_spoken(one))
        self.buttons = {way: button(text, self._taker(way)) for way, text in ways(one)}
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if plain and KEYS.get(key, "") in self.buttons:
            self.settled.emit(self.one, KEYS[key])
        elif plain and key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif plain and key in _OPENS and self.one.case:
            self._open_case(self.one.case)
        else:
            super().keyPressEvent(event)

    def _taker(self, way: str) -> Callable[[], None]:
        return lambda: self.settled.emit(self.one, way)

    def _lay_out(self) -> None:
        one, letters = self.one, look().letters
        top = QHBoxLayout()
        top.addWidget(PlainLabel(one.about, Role.STRONG, wrap=True), 1)
        if one.case:
            top.addWidget(button(_("Open the case"), lambda: self._open_case(one.case or ""), kind="link"))
        self.body.addLayout(top)
        if one.why:
            self.body.addWidget(PlainLabel(one.why, tone=Tone.WARN, wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(letters.page)
        for at, (heading, side) in enumerate(_sides(one)):
            grid.addLayout(_column(heading, side, strong=at > 0), 0, at)
            grid.setColumnStretch(at, 1)
        self.body.addLayout(grid)
        row = QHBoxLayout()
        row.setSpacing(letters.gap)
        for made in self.buttons.values():
            row.addWidget(made)
        row.addStretch(1)
        self.body.addLayout(row)


def _sides(one: Differing) -> list[tuple[str, Side]]:
    mine = _("Mine") if one.is_mine else _("Waits")
    return [(_("Before"), one.base), (_("Stands now"), one.theirs), (mine, one.mine)]


def _column(heading: str, side: Side, *, strong: bool) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(look().letters.px(0.15))
    column.addWidget(PlainLabel(heading, Role.SMALL))
    text = side.text if len(side.text) <= _LONGEST else f"{side.text[:_LONGEST]}…"
    column.addWidget(PlainLabel(text, Role.BODY if strong else Role.MUTED, wrap=True).selectable())
    whose = ", ".join(part for part in (side.who, side.when) if part)
    column.addWidget(PlainLabel(whose, Role.SMALL))
    column.addStretch(1)
    return column


def _spoken(one: Differing) -> str:
    parts = [f"{heading}: {side.text}" + (f" ({side.who})" if side.who else "") for heading, side in _sides(one)]
    return ". ".join([one.why, *parts] if one.why else parts)
