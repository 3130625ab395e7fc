"""The head of a case: number, title, state, priority, owner, clocks, risks; each with what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from escalation_desk.casework import states
from escalation_desk.casework.choices import CancelReason, CaseStatus, ReopenReason
from escalation_desk.desktop.case.boxes import Line
from escalation_desk.desktop.case.chip_button import ChipButton
from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.case.offers import Offer, lookup_for
from escalation_desk.desktop.case.picker import Picker
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.plain import Chip, PlainLabel, Sign, button, icon_button, literal, set_tip
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.choices import Choice
    from escalation_desk.desktop.case.deeds import Deeds
    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame

_REASONS: Final[dict[tuple[CaseStatus | None, CaseStatus], tuple[str, type[Choice]]]] = {
    (None, CaseStatus.CANCELLED): ("cancel_reason", CancelReason),
    (CaseStatus.RESOLVED, CaseStatus.OPEN): ("reopen_reason", ReopenReason),
}


_CHIP: Final = 1.75


class Head(QWidget):
    """Shows a sight; what is pressed goes to the deeds, moves of the state go out as a signal."""

    move_asked = Signal(object, dict)
    title_edited = Signal(str)
    go_to_asked = Signal(str)
    star_changed = Signal()
    left = Signal()

    def __init__(self, frame: Frame, deeds: Deeds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self._deeds = deeds
        self._sight: Sight | None = None
        self.number = PlainLabel("", Role.MONO).selectable()
        self.origin = PlainLabel("", Role.SMALL)
        self.title = Line(_("Title"))
        self.title.setProperty("kind", "title")
        self.title.setAccessibleName(_("Title"))
        self.state = ChipButton()
        self.priority = ChipButton(opens=False)
        self.owner = button("", kind="quiet", sign="user")
        self.star = icon_button("star", _("Star for me"), lambda: deeds.star(self.star_changed.emit))
        self.flag = icon_button("flag", _("Flag for all"), deeds.flag)
        self.more = icon_button("more", _("More"), self._open_more)
        self.due = _Clock("clock")
        self.promised = _Clock("promise")
        self._marks = FlowBox(look().letters.gap)
        self._flow = self._marks.flow
        self._risks: list[Chip] = []
        for one in (self.star, self.flag):
            one.setCheckable(True)
        self._lay_out()
        self.title.textEdited.connect(self.title_edited)
        self.title.left.connect(self.left)
        self.state.clicked.connect(self._open_states)
        self.priority.clicked.connect(lambda: self.go_to_asked.emit("severity"))
        self.owner.clicked.connect(self._open_owner)

    # Showing

    def show_sight(self, sight: Sight, clock: Clock) -> None:
        self._sight = sight
        case = sight.case
        self.number.setText(case.case_no)
        self.origin.setText(_origin(case, clock))
        self.state.show_choice(case.status)
        self.state.setAccessibleName(_("State: {state}", state=_(case.status.label)))
        self.state.setEnabled(bool(states.ways_from(case.status)))
        self._show_priority(case)
        self._show_owner(sight)
        self._show_marks(sight)
        self._show_risks(case)
        self.show_clocks(clock)

    def show_title(self, text: str) -> None:
        if self.title.text() != text:
            self.title.show_text(text)

    def show_clocks(self, clock: Clock) -> None:
        """Say anew how far things are; the minute has passed."""
        if self._sight is None:
            return
        case = self._sight.case
        live = case.live
        self.due.say(clock.due_said(case.next_due_at), clock.due_tone(case.next_due_at))
        self.due.setVisible(live and case.next_due_at is not None)
        promised = case.promise_due_at
        self.promised.say(clock.promise_said(promised), clock.due_tone(promised))
        self.promised.setVisible(live and promised is not None and promised != case.next_due_at)
        self._flow.invalidate()
        self._marks.updateGeometry()

    def _show_priority(self, case: Case) -> None:
        self.priority.show_choice(case.priority)
        why = (
            _("Set by hand: {why}", why=case.priority_reason or "–")
            if case.priority_override
            else _("{severity} and {urgency}", severity=_(case.severity.label), urgency=_(case.urgency.label))
        )
        set_tip(self.priority, why)
        self.priority.setAccessibleName(_("Priority: {priority}. {why}", priority=_(case.priority.label), why=why))

    def _show_owner(self, sight: Sight) -> None:
        case = sight.case
        name = sight.name("user", case.owner) if case.owner else _("Nobody owns it")
        if case.offered_to:
            name = _("{owner}, offered to {name}", owner=name, name=sight.name("user", case.offered_to))
        self.owner.setText(literal(name))
        self.owner.setAccessibleName(_("Owner: {name}", name=name))
        self.owner.setProperty("tone", "" if case.owner or not case.live else "bad")
        self.owner.style().unpolish(self.owner)
        self.owner.style().polish(self.owner)

    def _show_marks(self, sight: Sight) -> None:
        self.star.setChecked(sight.starred)
        self.star.setIcon(icon("star", Tone.WARN if sight.starred else None))
        self.star.setAccessibleDescription(_("on") if sight.starred else _("off"))
        self.flag.setChecked(sight.case.flagged)
        self.flag.setIcon(icon("flag", Tone.BAD if sight.case.flagged else None))
        self.flag.setAccessibleDescription(_("on") if sight.case.flagged else _("off"))

    def _show_risks(self, case: Case) -> None:
        for chip in self._risks:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._risks = [Chip(_(flag.label), Tone.BAD, "▲") for flag in sorted(case.risk_flags)]
        if case.temperature:
            shown = meaning(case.temperature)
            self._risks.append(Chip(_(case.temperature.label), shown.tone, shown.mark))
        for chip in self._risks:
            chip.setFixedHeight(look().letters.px(_CHIP))
            set_tip(chip, chip.text)
            self._flow.addWidget(chip)

    # Menus

    def _open_states(self) -> None:
        if self._sight is None:
            return
        before = self._sight.case.status
        menu = QMenu(self)
        for after in states.ways_from(before):
            asked = _REASONS.get((before, after)) or _REASONS.get((None, after))
            text = literal(f"{meaning(after).mark} {_(after.label)}")
            if asked is None:
                menu.addAction(text, self._mover(after))
                continue
            name, choices = asked
            below = menu.addMenu(text)
            for reason in choices:
                below.addAction(literal(_(reason.label)), self._mover(after, {name: reason}))
        self._popup(menu, self.state)

    def _mover(self, to: CaseStatus, reasons: dict[str, Choice] | None = None) -> Callable[[], None]:
        return lambda: self.move_asked.emit(to, reasons or {})

    def _open_owner(self) -> None:
        if self._sight is None:
            return
        case, me = self._sight.case, self._frame.verbs.me
        menu = QMenu(self)
        if case.offered_to == me.id:
            menu.addAction(icon("check"), _("Accept"), self._deeds.accept)
            menu.addAction(icon("close"), _("Decline…"), self._deeds.decline)
        elif case.owner != me.id:
            menu.addAction(icon("take"), _("Take over"), self._deeds.take)
        if case.offered_to and (me.leads or case.owner in {None, me.id}):
            menu.addAction(icon("undo"), _("Take the offer back"), self._deeds.take_back)
        menu.addAction(icon("assign"), _("Offer to…"), lambda: self._pick_colleague(self._deeds.offer))
        if me.leads:
            menu.addAction(icon("user"), _("Assign to…"), lambda: self._pick_colleague(self._deeds.assign))
        self._popup(menu, self.owner)

    def _pick_colleague(self, then: Callable[[str, str], None]) -> None:
        def take(offer: Offer) -> None:
            then(offer.value or "", offer.text)

        picker = Picker(self._frame.verbs, lookup_for("user"), _("Colleague"), parent=self)
        picker.chosen.connect(take)
        picker.open_under(self.owner)

    def _open_more(self) -> None:
        menu = QMenu(self)
        if self._sight and self._sight.case.live:
            menu.addAction(icon("undo"), _("Hand back to Tier 1…"), self._deeds.hand_back)
            menu.addSeparator()
        menu.addAction(icon("copy"), _("Copy number"), lambda: self._deeds.copy(1))
        menu.addAction(icon("copy"), _("Copy number and title"), lambda: self._deeds.copy(2))
        menu.addAction(icon("link"), _("Copy number, title and link"), lambda: self._deeds.copy(3))
        self._popup(menu, self.more)

    def _popup(self, menu: QMenu, under: QWidget) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    # Laying out

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.wide, letters.gap, letters.gap, letters.gap)
        column.setSpacing(letters.tight)
        top = QHBoxLayout()
        top.setSpacing(letters.gap)
        top.addWidget(self.number)
        top.addWidget(self.origin, 1)
        for one in (self.star, self.flag, self.more):
            top.addWidget(one)
        column.addLayout(top)
        column.addWidget(self.title)
        for part in (self.state, self.priority, self.owner, self.due, self.promised):
            self._flow.addWidget(part)
        column.addWidget(self._marks)


class _Clock(QWidget):
    """A moment with a small icon, coloured when it is near or past."""

    def __init__(self, sign: str) -> None:
        super().__init__()
        self._name = sign
        self.sign = Sign(sign, 1.1)
        self.label = PlainLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().letters.tight)
        row.addWidget(self.sign)
        row.addWidget(self.label)
        self.setFixedHeight(look().letters.px(_CHIP))

    def say(self, text: str, tone: Tone | None) -> None:
        self.label.setText(text)
        self.label.set_tone(tone)
        self.sign.show_sign(self._name, tone)
        self.setAccessibleName(text)


def _origin(case: Case, clock: Clock) -> str:
    """Say where the case came from and when."""
    crm = " ".join(part for part in (case.crm, case.crm_number) if part)
    when = _("received {when}", when=clock.full(case.received_at)) if case.received_at else ""
    return " · ".join(part for part in (crm, when) if part)
