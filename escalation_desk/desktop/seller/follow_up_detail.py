"""Under the list of follow-ups: the one the list stands on, told in full, or the acts on several that are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import Card, PlainLabel, button
from escalation_desk.desktop.seller.link import Link
from escalation_desk.desktop.seller.promises import FollowUpLine
from escalation_desk.i18n import N_, _, n_

if TYPE_CHECKING:
    from escalation_desk.casework.promises import FollowUp
    from escalation_desk.desktop.case.sight import Names
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.seller.deeds import FollowUpDeeds

_ACTS: Final = (("done", N_("Done"), "check"), ("move", N_("Move"), "calendar"), ("cancel", N_("Cancel them"), "close"))


class Detail(Card):
    """Tells what to open (`case` or `seller` and its id), and which act is meant for all selected ones."""

    opened = Signal(str, str)
    several = Signal(str)

    def __init__(self, deeds: FollowUpDeeds) -> None:
        super().__init__()
        self._deeds = deeds
        self.text = ""
        self.buttons: dict[str, QPushButton] = {}
        self._lines = QVBoxLayout()
        self._lines.setSpacing(look().letters.tight)
        self._many = QWidget()
        self._count = PlainLabel("", Role.STRONG)
        row = QHBoxLayout(self._many)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().letters.gap)
        row.addWidget(self._count, 1)
        for act, label, sign in _ACTS:
            self.buttons[act] = button(_(label), lambda act=act: self.several.emit(act), sign=sign)  # type: ignore[misc]  # a string.
            row.addWidget(self.buttons[act])
        self.body.addLayout(self._lines)
        self.body.addWidget(self._many)
        self._many.hide()
        self.hide()

    def show_one(self, one: FollowUp | None, names: Names, clock: Clock) -> None:
        """Show one follow-up; none hides the card."""
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.text = one.name if one else ""
        self.setVisible(one is not None or not self._many.isHidden())
        if one is None:
            return

        def name(kind: str, record: str | None) -> str:
            return names.get(kind, {}).get(record or "", record or "")

        self._lines.addWidget(FollowUpLine(one, clock, self._deeds, name))
        facts = [_("First due {at}", at=clock.full(one.first_due_at))] if one.first_due_at != one.due_at else []
        facts += [_("Due {at}", at=clock.full(one.due_at))]
        self._lines.addWidget(PlainLabel(" · ".join(facts), Role.SMALL, wrap=True))
        for kind, record in (("case", one.case), ("seller", one.seller)):
            if record:
                self._lines.addWidget(self._link(kind, record, name(kind, record)))

    def show_many(self, count: int) -> None:
        """Offer acts on all selected ones, where there are several."""
        self._count.setText(n_("{n} selected", "{n} selected", count))
        self._many.setVisible(count > 1)
        self.setVisible(count > 1 or bool(self.text))

    def _link(self, kind: str, record: str, text: str) -> Link:
        return Link(text, lambda: self.opened.emit(kind, record))
