"""The forms of a calendar, of the holidays of a market, and of a policy; each shows a record and reads itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QFormLayout, QGridLayout, QLineEdit, QWidget

from escalation_desk.casework.choices import Market, Priority
from escalation_desk.casework.clocks import writing
from escalation_desk.casework.clocks.records import Calendar, PolicyForm, SlaPolicy
from escalation_desk.casework.clocks.working import DAYS
from escalation_desk.casework.fields import field_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainEditor, PlainLabel, literal
from escalation_desk.desktop.rules.words import fit_said, for_whom
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from escalation_desk.journal.clocks.previewing import Fit

_DAY_NAMES = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_MINUTES = {
    PolicyForm.SLA: {
        "first_response_min": N_("First response"),
        "next_update_min": N_("Next update"),
        "resolution_min": N_("Resolution"),
        "mitigation_min": N_("Mitigation"),
    },
    PolicyForm.OLA: {
        "ack_min": N_("POC acknowledgement"),
        "answer_min": N_("POC answer"),
        "first_chase_min": N_("First chase"),
        "chase_every_min": N_("Chase every"),
    },
}


class CalendarForm(QWidget):
    """The working week and what differs from it."""

    def __init__(self) -> None:
        super().__init__()
        self.zone = _line(_label(Calendar, "time_zone"))
        self.days = {code: _line(_(name)) for code, name in zip(DAYS, _DAY_NAMES, strict=True)}
        markets = [("–", None), *((_(one.label), one) for one in Market)]
        self.holidays = Pick(markets, name=_label(Calendar, "holidays"))
        self.joint = QCheckBox(literal(_label(Calendar, "joint_leave")))
        self.extra = PlainEditor(lines=3, name=_label(Calendar, "extra_days"), hint="22/08/2026 09:00-12:00")
        self.closed = PlainEditor(lines=3, name=_label(Calendar, "closed_days"), hint="24/12/2026")
        form = _form(self)
        form.addRow(literal(_label(Calendar, "time_zone")), self.zone)
        for line in self.days.values():
            form.addRow(literal(line.accessibleName()), line)
        form.addRow("", PlainLabel(_("09:00-12:00, 13:00-18:00; 22:00-06:00 ends on the next day"), Role.SMALL))
        form.addRow(literal(_label(Calendar, "holidays")), self.holidays)
        form.addRow("", self.joint)
        form.addRow(literal(_label(Calendar, "extra_days")), self.extra)
        form.addRow(literal(_label(Calendar, "closed_days")), self.closed)

    def show_record(self, one: Calendar) -> None:
        self.zone.setText(one.time_zone)
        for code, line in self.days.items():
            line.setText(writing.hours_text(one.week.get(code, ())))
        self.holidays.choose(one.holidays)
        self.joint.setChecked(one.joint_leave)
        self.extra.set_text(writing.days_text(one.extra_days))
        self.closed.set_text(writing.days_text(one.closed_days))

    def values(self) -> dict[str, Any]:
        """Read the form. Refused where something cannot be read."""
        week = {code: writing.hours_of_text(line.text()) for code, line in self.days.items()}
        return {
            "time_zone": self.zone.text().strip(),
            "week": {code: hours for code, hours in week.items() if hours},
            "holidays": self.holidays.value(),
            "joint_leave": self.joint.isChecked(),
            "extra_days": writing.extra_of_text(self.extra.text()) or None,
            "closed_days": writing.closed_of_text(self.closed.text()) or None,
        }


class HolidaysForm(QWidget):
    """The holidays of one market as lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = PlainEditor(lines=24, name=_("Holidays, one a line"), hint="02/09/2026 …")
        form = _form(self)
        form.addRow(
            PlainLabel(_("One day a line: 02/09/2026 and its name; joint leave has a * behind it."), Role.SMALL)
        )
        form.addRow(self.lines)


class TargetsForm(QWidget):
    """The targets of a policy by priority, in working minutes of a calendar."""

    def __init__(self, calendars: Mapping[str, str]) -> None:
        super().__init__()
        self._calendars = calendars
        self._policy: SlaPolicy | None = None
        self.place = _line(_label(SlaPolicy, "place"))
        self.third = QCheckBox(literal(_label(SlaPolicy, "third_party_pauses")))
        self.cells: dict[tuple[str, str], QLineEdit] = {}
        self.picks: dict[tuple[str, str], Pick] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(look().letters.gap)
        self._grid.setVerticalSpacing(look().letters.gap)
        for column in range(1, len(Priority) + 1):
            self._grid.setColumnStretch(column, 1)
        form = _form(self)
        form.addRow(literal(_label(SlaPolicy, "place")), self.place)
        form.addRow("", self.third)
        self.whom = PlainLabel("", Role.BODY, wrap=True)
        self.fits = PlainLabel("", Role.SMALL, wrap=True)
        form.addRow(self.whom)
        form.addRow(self.fits)
        form.addRow(PlainLabel(_("Minutes of working time; nothing where nothing is demanded."), Role.SMALL))
        form.addRow(self._grid)

    def show_record(self, one: SlaPolicy) -> None:
        self._policy = one
        self.whom.setText(for_whom(one))
        self.fits.setText("")
        self.place.setText(str(one.place))
        self.third.setChecked(one.third_party_pauses)
        self._empty()
        spans = _MINUTES[one.form]
        words = [*spans.values(), N_("Calendar"), *([N_("Updates")] if one.form is PolicyForm.SLA else [])]
        for row, label in enumerate(words, 1):
            self._grid.addWidget(PlainLabel(_(label), Role.SMALL), row, 0)
        for column, target in enumerate(one.targets, 1):
            self._show_target(column, target, spans)

    def show_fit(self, of: SlaPolicy, fit: Fit) -> None:
        """Say what it does to the cases that are there, if it is still the one that is shown."""
        if of is self._policy:
            self.fits.setText(fit_said(fit))

    def _empty(self) -> None:
        self.cells, self.picks = {}, {}
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _show_target(self, column: int, target: Mapping[str, Any], spans: Mapping[str, str]) -> None:
        priority, row = str(target["priority"]), 0
        self._grid.addWidget(PlainLabel(priority, Role.STRONG), 0, column)
        for row, (name, label) in enumerate(spans.items(), 1):
            cell = _line(f"{_(label)}, {priority}")
            cell.setText(str(target.get(name) or ""))
            self.cells[priority, name] = cell
            self._grid.addWidget(cell, row, column)
        calendar = _narrow(Pick([(n, c) for c, n in self._calendars.items()], name=f"{_('Calendar')}, {priority}"))
        calendar.choose(target.get("calendar"))
        self.picks[priority, "calendar"] = calendar
        self._grid.addWidget(calendar, row + 1, column)
        if "update_mode" in target:
            modes = [(_("From word to word"), "between_updates"), (_("Only answers"), "reply_only")]
            mode = _narrow(Pick(modes, name=f"{_('Updates')}, {priority}"))
            mode.choose(target["update_mode"])
            self.picks[priority, "update_mode"] = mode
            self._grid.addWidget(mode, row + 2, column)

    def values(self) -> dict[str, Any]:
        """Read the form. Refused where something is no number."""
        policy = self._policy
        if policy is None:
            return {}
        return {
            "place": _number(self.place.text()) or 0,
            "third_party_pauses": self.third.isChecked(),
            "targets": tuple(self._target(dict(target)) for target in policy.targets),
        }

    def _target(self, target: dict[str, Any]) -> dict[str, Any]:
        priority = str(target["priority"])
        for (of, name), cell in self.cells.items():
            if of == priority:
                minutes = _number(cell.text())
                target = {**target, name: minutes} if minutes else {k: v for k, v in target.items() if k != name}
        return {**target, **{name: pick.value() for (of, name), pick in self.picks.items() if of == priority}}


def _number(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Refused(_("“{text}” is no whole number; write minutes, or nothing.", text=text))
    return int(text)


def _label(record: type[Calendar | SlaPolicy], name: str) -> str:
    return _(field_of(record, name).label)


def _line(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    return made


def _narrow(pick: Pick) -> Pick:
    """Let a list be narrower than its longest word; four stand side by side."""
    pick.setSizeAdjustPolicy(Pick.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    pick.setMinimumContentsLength(8)
    return pick


def _form(holder: QWidget) -> QFormLayout:
    letters = look().letters
    form = QFormLayout(holder)
    form.setContentsMargins(0, 0, letters.gap, 0)
    form.setHorizontalSpacing(letters.wide)
    form.setVerticalSpacing(letters.gap)
    return form
