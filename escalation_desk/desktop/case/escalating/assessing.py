"""Asks what is at stake in a case, and shows what was said of it last and before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from escalation_desk.casework.choices import Severity
from escalation_desk.casework.escalating.assessing import Assessment, Impact, assessments
from escalation_desk.desktop.case.escalating.asking import AskedInLines, spaced
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import meaning
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import Chip, PlainLabel
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from escalation_desk.casework.case import Case
    from escalation_desk.desktop.moments import Clock

_HINTS = {
    Impact.CUSTOMER: N_("What it does to whoever complains"),
    Impact.MONEY: N_("How much, whose"),
    Impact.REPUTATION: N_("Who hears of it: press, live stream, a group"),
    Impact.LEGAL: N_("Which law, authority or contract"),
    Impact.REACH: N_("How many sellers, orders, markets"),
}


class Assess(AskedInLines):
    """Asks for severity and impact as short notes, and who was consulted; begins with what was said last."""

    def __init__(self, parent: QWidget | None, case: Case, then: Callable[[Assessment], object]) -> None:
        super().__init__(parent, _("What is at stake in {case}?", case=case.case_no), _("Write down"))
        last = next(iter(assessments(case)), Assessment(case.severity, {}))
        self.severity = Pick([(_(one.label), one) for one in Severity], case.severity)
        self._row(_("Severity"), self.severity)
        self.impacts = {one: self._line(_(one.label), last.impacts.get(one, ""), _(_HINTS[one])) for one in Impact}
        self.consulted = self._line(_("Who was asked"), "", _("Names, teams"))
        self.accepted.connect(lambda: then(self.said()))
        self.look_over()
        self.impacts[Impact.CUSTOMER].setFocus()

    def said(self) -> Assessment:
        """Read what stands there."""
        impacts = {one: line.text() for one, line in self.impacts.items()}
        return Assessment(self.severity.value(), impacts, self.consulted.text())

    def complete(self) -> bool:
        """Whether one respect at least is said."""
        return any(line.text().strip() for line in self.impacts.values())


def shown(one: Assessment, names: Mapping[str, str], clock: Clock) -> QWidget:
    """Show an assessment: how severe, what in which respect, who said so when, and who was asked."""
    holder = QWidget()
    column = spaced(holder)
    column.setContentsMargins(0, 0, 0, look().letters.tight)
    column.setSpacing(0)
    means = meaning(one.severity)
    column.addWidget(Chip(_(one.severity.label), means.tone, means.mark))
    for impact, text in one.impacts.items():
        column.addWidget(PlainLabel(_("{respect}: {what}", respect=_(impact.label), what=text), wrap=True).selectable())
    said = [names.get(one.by or "", "–"), clock.short(one.at)]
    said += [_("asked: {names}", names=one.consulted)] if one.consulted else []
    column.addWidget(PlainLabel(" · ".join(said), Role.SMALL, wrap=True))
    return holder
