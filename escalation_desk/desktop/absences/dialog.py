"""Who is away, now and soon, and who stands in; one's own absence is written down here, leads write everybody's."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from escalation_desk.casework.absence import Absence, away
from escalation_desk.casework.people import User
from escalation_desk.desktop.case.boxes import MomentLine
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainLabel, button, icon_button, visible
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Touched
    from escalation_desk.journal.work import Work


class AbsencesDialog(QDialog):
    """Stays open while absences are written down; each is one entry that can be undone."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame.window())
        self._frame = frame
        self._people: dict[str, User] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Absences"))
        self.rows = QVBoxLayout()
        self.who = Pick(name=_("Person"))
        self.begins = MomentLine(self._clock, _("Begins"), hint=_("tomorrow 8:00, 24/12/2026 8:00"))
        self.ends = MomentLine(self._clock, _("Ends"), hint=_("When work goes on: tomorrow 13:00"))
        self.substitute = Pick(name=_("Substitute"))
        self.note = QLineEdit()
        self.note.setAccessibleName(_("Note"))
        self.add = button(_("Write down"), self._add, kind="first")
        self._lay_out()
        for line in (self.begins, self.ends):
            line.edited.connect(self._look)
        frame.verbs.changed.connect(self._changed)
        self.begins.show_value(self._clock().now)
        self._look()
        self.read()

    def read(self) -> None:
        self._frame.verbs.ask(_read, self._show)

    def _clock(self) -> Clock:
        return Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())

    def _changed(self, touched: Touched) -> None:
        if any(kind in {"absence", "user"} for kind, _record in touched):
            self.read()

    def _look(self) -> None:
        moments = (self.begins.value(), self.ends.value())
        self.add.setEnabled(all(isinstance(moment, datetime) for moment in moments))

    # Showing

    def _show(self, found: tuple[list[Absence], list[User]]) -> None:
        absences, people = found
        me = self._frame.verbs.me
        self._people = {one.id: one for one in people}
        names = sorted((visible(one.full_name), one.id) for one in people if one.active)
        mine = [(name, record) for name, record in names if me.leads or record == me.id]
        self.who.offer(mine, self.who.value() or me.id)
        self.substitute.offer([(_("Nobody"), None), *names], self.substitute.value())
        now = self._clock().now
        coming = sorted(
            (one for one in absences if one.ends_at and one.ends_at > now), key=lambda one: str(one.begins_at)
        )
        self._fill([self._row(one, now) for one in coming] or [PlainLabel(_("Nobody is away."), Role.MUTED)])

    def _fill(self, widgets: Sequence[QWidget]) -> None:
        while self.rows.count():
            taken = self.rows.takeAt(0)
            old = taken.widget() if taken else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for widget in widgets:
            self.rows.addWidget(widget)
        QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        """Make room for who is away; the dialog never gets smaller under somebody's hands."""
        self.resize(self.width(), max(self.height(), self.sizeHint().height()))

    def _row(self, one: Absence, now: datetime) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().letters.gap)
        clock, name = self._clock(), self._name(one.user)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(name, Role.STRONG))
        instead = _("{name} stands in", name=self._name(one.substitute)) if one.substitute else _("nobody stands in")
        when = _("{begin} – {end}", begin=clock.full(one.begins_at), end=clock.full(one.ends_at))
        told = PlainLabel(" · ".join(part for part in (when, instead, one.note or "") if part), Role.SMALL, wrap=True)
        told.set_tone(Tone.WARN if one.at(now) else None)
        words.addWidget(told)
        row.addLayout(words, 1)
        if one.user == self._frame.verbs.me.id or self._frame.verbs.me.leads:
            if one.at(now):
                row.addWidget(button(_("Back now"), lambda: self._end(one), kind="link"))
            row.addWidget(
                icon_button("delete", _("Remove the absence of {name}", name=name), lambda: self._remove(one))
            )
        return holder

    def _name(self, record: str | None) -> str:
        known = self._people.get(record or "")
        return known.full_name if known else "–"

    # Acts

    def _add(self) -> None:
        begins, ends = self.begins.value(), self.ends.value()
        who, instead = self._people[self.who.value()], self._people.get(self.substitute.value() or "")
        note, me = self.note.text(), self._frame.verbs.me
        if not (isinstance(begins, datetime) and isinstance(ends, datetime)):
            return

        def operate(work: Work) -> None:
            work.add(away(who, begins, ends, instead, note, me))

        self._frame.verbs.do(N_("Absence of {name}"), operate, lambda _done: self._begin_anew(), name=who.full_name)

    def _begin_anew(self) -> None:
        self.note.clear()
        self.ends.show_value(None)
        self._look()

    def _end(self, one: Absence) -> None:
        """End an absence before its date: the person is back."""

        def operate(work: Work) -> None:
            work.get(Absence, one.id).ends_at = work.now

        self._frame.verbs.do(N_("{name} is back"), operate, name=self._name(one.user))

    def _remove(self, one: Absence) -> None:
        def operate(work: Work) -> None:
            work.remove(work.get(Absence, one.id))

        self._frame.verbs.do(N_("Remove the absence of {name}"), operate, name=self._name(one.user))

    # Laying out

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(_("Who is away"), Role.HEADING))
        self.rows.setSpacing(letters.gap)
        column.addLayout(self.rows)
        column.addWidget(PlainLabel(_("Write an absence down"), Role.HEADING))
        form = QFormLayout()
        form.setHorizontalSpacing(letters.page)
        form.setVerticalSpacing(letters.gap)
        for line in (self.begins, self.ends):
            line.setMinimumHeight(letters.px(2.2))
        for label, box in (
            (_("Person"), self.who),
            (_("Begins"), self.begins),
            (_("Ends"), self.ends),
            (_("Substitute"), self.substitute),
            (_("Note"), self.note),
        ):
            form.addRow(label, box)
        column.addLayout(form)
        ends = _(
            "It ends by itself. Offers to somebody who is away name the substitute, who sees their cases meanwhile."
        )
        column.addWidget(PlainLabel(ends, Role.SMALL, wrap=True))
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button(_("Close"), self.accept))
        buttons.addWidget(self.add)
        column.addLayout(buttons)
        self.setMinimumWidth(letters.px(36))


def _read(made: Connection) -> tuple[list[Absence], list[User]]:
    return reading.all_of(made, Absence), reading.all_of(made, User)
