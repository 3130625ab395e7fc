"""The authorities to escalate to: those that must be told first, with why and how long there is; then all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.casework.escalating.matrix import because
from escalation_desk.desktop.case.escalating.asking import spaced
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainLabel, literal
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.casework.escalating.matrix import Telling
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.journal.escalations import Standing


class Choosing(QScrollArea):
    """Ticks for the authorities; several are escalated to at one go."""

    changed = Signal()

    def __init__(self, stands: Standing, clock: Clock, first: str = "", only: str = "") -> None:
        super().__init__()
        self._stands = stands
        self.ticks: dict[str, QCheckBox] = {}
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setAccessibleName(_("Authorities"))
        holder = QWidget()
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(0, 0, look().letters.gap, 0)
        self._column.setSpacing(look().letters.gap)
        due = [one for one in stands.tellings if one.escalation is None]
        begins = first or only or (due[0].authority if due else "")
        for one in due:
            if not only or one.authority == only:
                self._column.addWidget(self._due(one, clock, chosen=one.authority == begins))
        if not due and not only:
            self._column.addWidget(PlainLabel(_("Nobody must be told now."), Role.MUTED, wrap=True))
        self.other = self._others({one.authority for one in due}, begins, only)
        self._column.addStretch()
        self.setWidget(holder)

    def chosen(self) -> list[str]:
        """List the codes of the authorities that are ticked, and of the one that was picked beside them."""
        ticked = [code for code, tick in self.ticks.items() if tick.isChecked()]
        other = self.other.value()
        return [*ticked, *([other] if other and other not in ticked else [])]

    def _due(self, one: Telling, clock: Clock, *, chosen: bool) -> QWidget:
        holder = QWidget()
        column = spaced(holder)
        column.setSpacing(0)
        name = self._stands.ladder.name(one.authority)
        when, why = clock.due(one.due_at), because(one, self._stands.case, self._reason())
        tick = QCheckBox(literal(name))
        tick.setAccessibleName(f"{name}: {when}. {why}")
        tick.setChecked(chosen)
        tick.toggled.connect(lambda _on: self.changed.emit())
        self.ticks[one.authority] = tick
        column.addWidget(tick)
        for text, tone in ((when, clock.due_tone(one.due_at)), (why, None)):
            label = PlainLabel(text, Role.SMALL, tone=tone, wrap=True)
            label.setIndent(look().letters.px(1.7))
            column.addWidget(label)
        return holder

    def _others(self, due: set[str], begins: str, only: str) -> Pick:
        ladder = self._stands.ladder
        rest = [one for one in ladder.authorities.values() if one.active and one.code not in due]
        if only:
            rest = [one for one in rest if one.code == only]
        offers = [(_("Another authority…"), ""), *sorted((one.name, one.code) for one in rest)]
        made = Pick(offers, begins if begins not in due else "", name=_("Another authority"))
        made.picked.connect(self.changed)
        made.setVisible(bool(rest))
        self._column.addWidget(made)
        return made

    def _reason(self) -> str:
        return self._stands.reason.name if self._stands.reason else ""
