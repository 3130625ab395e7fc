"""Working hours, holidays and policies: a list at the left, what is chosen at the right. Leads change, all look."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QScrollArea, QStackedWidget, QVBoxLayout

from escalation_desk.casework.choices import Market
from escalation_desk.casework.clocks import writing
from escalation_desk.casework.clocks.editions import overlaps
from escalation_desk.casework.clocks.policies import in_order
from escalation_desk.casework.clocks.records import Calendar, Holiday, SlaPolicy
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button, own_viewport, resize_within
from escalation_desk.desktop.rules.forms import CalendarForm, HolidaysForm, TargetsForm
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading
from escalation_desk.journal.clocks.previewing import fit_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work


class Known(NamedTuple):
    """The rules as they stand."""

    calendars: list[Calendar]
    holidays: list[Holiday]
    policies: list[SlaPolicy]


def read(made: Connection) -> Known:
    calendars = sorted(reading.all_of(made, Calendar), key=lambda one: one.code)
    return Known(calendars, reading.all_of(made, Holiday), list(in_order(reading.all_of(made, SlaPolicy))))


def open_rules(frame: Frame) -> None:
    """Read the rules, and show them."""
    frame.verbs.ask(read, lambda known: RulesDialog(frame, known).open())


class RulesDialog(QDialog):
    """Each save is one act that can be undone; a policy becomes a new version, and cases keep the one they have."""

    def __init__(self, frame: Frame, known: Known) -> None:
        super().__init__(frame.window())
        self._frame = frame
        self.known = known
        self._shown: list[Calendar | Market | SlaPolicy] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        own_viewport(self.list)
        self.list.setAccessibleName(_("Working hours, holidays and policies"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.calendar, self.days = CalendarForm(), HolidaysForm()
        self.policy = TargetsForm({one.code: one.name for one in known.calendars})
        self.forms = QStackedWidget()
        for form in (self.calendar, self.days, self.policy):
            self.forms.addWidget(form)
        self.wrong = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.save = button(_("Save"), self._save, kind="first")
        may = frame.verbs.keeps_rules
        self.forms.setEnabled(may)
        self.save.setVisible(may)
        self._lay_out(may)
        self._fill(known, 0)
        self.list.currentRowChanged.connect(self._show)
        self._show(0)
        self.list.setFocus()

    # Showing

    def _fill(self, known: Known, at: int) -> None:
        self.known = known
        self.list.blockSignals(True)
        self.list.clear()
        markets = sorted({one.market for one in known.holidays} | {Market.VN, Market.ID}, key=list(Market).index)
        self._shown = [*known.calendars, *markets, *known.policies]
        self.list.addItems([_named(one) for one in self._shown])
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        self._warn()

    def _warn(self) -> None:
        """Say which policies are never reached, or stand level."""
        found = [f"{one.first.code}, {one.second.code}: {_(one.why)}" for one in overlaps(self.known.policies)]
        self.wrong.setText("\n".join(found))

    def _show(self, at: int) -> None:
        one = self._shown[at] if 0 <= at < len(self._shown) else None
        self.save.setEnabled(one is not None)
        match one:
            case Calendar():
                self.calendar.show_record(one)
                self.forms.setCurrentWidget(self.calendar)
            case SlaPolicy():
                self.policy.show_record(one)
                self.forms.setCurrentWidget(self.policy)
                self._preview(one)
            case Market():
                self.days.lines.set_text(writing.holidays_text(self._holidays_of(one)))
                self.forms.setCurrentWidget(self.days)

    def _preview(self, policy: SlaPolicy) -> None:
        """Look in the background what the policy does to the cases that are there."""
        ask = self._frame.verbs.ask
        ask(lambda made: fit_of(made, policy), lambda fit: self.policy.show_fit(policy, fit), slow=True)

    def _holidays_of(self, market: Market) -> list[Holiday]:
        return [one for one in self.known.holidays if one.market is market]

    # Saving

    def _save(self) -> None:
        one = self._shown[self.list.currentRow()]
        try:
            title, operate = self._operation(one)
        except Refused as sentence:
            self.wrong.setText(str(sentence))
            return
        self._frame.verbs.do(title, operate, self._saved, refused=self.wrong.setText, what=_named(one))

    def _operation(self, one: Calendar | Market | SlaPolicy) -> tuple[str, Callable[[Work], Known]]:
        known = self.known
        if isinstance(one, Calendar):
            values = self.calendar.values()

            def calendar(work: Work) -> Known:
                writing.change_calendar(work.get(Calendar, one.id), values, known.holidays)
                return _again(work)

            return N_("Change working hours: {what}"), calendar
        if isinstance(one, SlaPolicy):
            targets = self.policy.values()

            def policy(work: Work) -> Known:
                work.add(writing.change_policy(work.get(SlaPolicy, one.id), targets))
                return _again(work)

            return N_("Change the policy: {what}"), policy
        text, mine = self.days.lines.text(), self._holidays_of(one)

        def holidays(work: Work) -> Known:
            for new in writing.change_holidays([work.get(Holiday, day.id) for day in mine], text, one):
                work.add(new)
            return _again(work)

        return N_("Change holidays: {what}"), holidays

    def _saved(self, known: Known) -> None:
        at = self.list.currentRow()
        self._fill(known, at)
        self._show(at)
        self._frame.tell(_("Saved: {what}", what=_named(self._shown[at])))

    def _lay_out(self, may: bool) -> None:
        letters = look().letters
        title = _("Working hours, holidays and policies")
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(title, Role.HEADING))
        if not may:
            column.addWidget(PlainLabel(_("Only a lead changes these."), Role.MUTED))
        body = QHBoxLayout()
        body.setSpacing(letters.page)
        self.list.setMinimumWidth(letters.px(18))
        body.addWidget(self.list, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self.forms)
        body.addWidget(scroll, 4)
        column.addLayout(body, 1)
        column.addWidget(self.wrong)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(button(_("Close"), self.accept))
        buttons.addWidget(self.save)
        column.addLayout(buttons)
        resize_within(self, 94, 48)


def _again(work: Work) -> Known:
    work.flush()
    return work.ask(read)


def _named(one: Calendar | Market | SlaPolicy) -> str:
    match one:
        case Market():
            return _("Holidays: {market}", market=_(one.label))
        case SlaPolicy():
            return _("Policy: {policy}", policy=one.name)
        case _:
            return _("Hours: {calendar}", calendar=one.name)
