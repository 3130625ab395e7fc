"""Asks what shall change on many cases, shows what will come of it, and does it as one act that can be undone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CancelReason, CaseStatus, ReopenReason
from escalation_desk.casework.fields import Kind, field_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.moments import zone_of
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainEditor, PlainLabel, button
from escalation_desk.desktop.queue.bulk import Edit, How, Note, Outcome, carry_out, editable_fields, foresee
from escalation_desk.desktop.queue.value_box import ValueBox, offers_for
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.desktop.pages import Frame, Progress
    from escalation_desk.desktop.queue.bulk import Change
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

_PAUSE: Final = 200
_MOST_REASONS: Final = 4
_REASONS: Final = {
    CaseStatus.CANCELLED: ("cancel_reason", CancelReason),
    CaseStatus.OPEN: ("reopen_reason", ReopenReason),
}


class BulkDialog(QDialog):
    """`what` is the name of a field, "note" for a note, or empty to let the person choose a field."""

    def __init__(self, frame: Frame, ids: Sequence[str], query: ListQuery, whole: int, what: str = "") -> None:
        super().__init__(frame.window())
        self._frame = frame
        self._ids = list(ids)
        self._query = query
        self._fields = {f.name: f for f in editable_fields()}
        self._round = 0
        self._foreseen: list[str] = []
        self._note = PlainEditor(lines=5, name=_("Internal note"), hint=_("Internal note")) if what == "note" else None
        self.field = Pick(name=_("Field"))
        self.how = Pick([(_(how.label), how) for how in (How.ADD, How.REMOVE, How.SET)], name=_("What to do with it"))
        self.box = ValueBox(zone_of(frame.verbs.me))
        self.reason = Pick(name=_("Because"))
        self.some = QRadioButton(n_("The {n} selected case", "The {n} selected cases", len(ids)))
        self.all = QRadioButton(n_("All {n} case of this list", "All {n} cases of this list", whole))
        self.outcome = PlainLabel("", wrap=True)
        self.apply = button(_("Change"), self._apply, kind="first")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self._connect()
        self._begin(what)

    # What is asked

    def change(self) -> Change:
        """Read what shall change. Refused with a sentence where it does not fit."""
        if self._note is not None:
            if not self._note.text().strip():
                raise Refused(_("There is nothing written yet."))
            return Note(self._note.text())
        field = self._fields[self.field.value()]
        how = self.how.value() if field.kind is Kind.SET else How.SET
        value = self.box.value()
        if how is not How.SET and not value:
            raise Refused(_("Choose or type what to add or take away."))
        name, _choices = _REASONS.get(value, ("", None)) if field.name == "status" else ("", None)
        return Edit(field, value, how, {name: self.reason.value()} if name else {})

    def _begin(self, what: str) -> None:
        self.some.setChecked(bool(self._ids))
        self.all.setChecked(not self._ids)
        self.some.setEnabled(bool(self._ids))
        if self._note is not None:
            self._foresee_soon()
            return
        self.field.offer(sorted((_(f.label), f.name) for f in self._fields.values()), what or "status")
        self._show_field()

    def _show_field(self) -> None:
        field = self._fields[self.field.value()]
        self.how.setVisible(field.kind is Kind.SET)

        def take(offers: list[tuple[str, Any]]) -> None:
            if field.name == self.field.value():
                self.box.show_field(field, offers)

        self._frame.verbs.ask(lambda made: offers_for(made, field), take)

    def _show_reason(self) -> None:
        """Ask for a reason where the state needs one."""
        value = self.box.value() if self.field.value() == "status" else None
        name, choices = _REASONS.get(value, ("", None)) if value else ("", None)
        self._form.setRowVisible(self.reason, bool(name))
        if name and choices and self.reason.property("for") != name:
            self.reason.setProperty("for", name)
            self.reason.offer((_(choice.label), choice) for choice in choices)
            self._form.labelForField(self.reason).setProperty("text", _(field_of(Case, name).label))

    # What will come of it

    def _foresee_soon(self) -> None:
        self.apply.setEnabled(False)
        self._round += 1
        if self._note is None:
            self._show_reason()
        self._pause.start()

    def _foresee(self) -> None:
        try:
            change = self.change()
        except Refused as sentence:
            self._say(str(sentence), None)
            return
        asked, me, now = self._round, self._frame.verbs.me, self._frame.verbs.journal.now()
        ids, query, whole = self._ids, self._query, self.all.isChecked()
        self._say(_("Looking what would change…"), None)

        def still_asked(_done: int, _of: int) -> bool:
            return asked == self._round

        def look_ahead(made: Connection) -> tuple[list[str], Outcome]:
            wanted = listing.ids(made, query) if whole else ids
            return wanted, foresee(made, wanted, change, me, now, still_asked)

        self._frame.verbs.ask(look_ahead, lambda found: self._show_outcome(asked, *found), slow=True)

    def _show_outcome(self, asked: int, ids: list[str], outcome: Outcome) -> None:
        if asked == self._round:
            self._foreseen = ids
            self._say(told(outcome), Tone.WARN if outcome.left_out else None)
            self.apply.setEnabled(outcome.changed > 0)

    def _say(self, sentence: str, tone: Tone | None) -> None:
        self.outcome.setText(sentence)
        self.outcome.set_tone(tone)
        self.outcome.setMinimumHeight(max(self.outcome.heightForWidth(self.outcome.width()), look().letters.px(5)))
        self.adjustSize()

    # Doing it

    def _apply(self) -> None:
        change = self.change()
        frame, verbs, ids = self._frame, self._frame.verbs, self._foreseen
        strip = frame.progress(_("Changing cases"))

        def operate(work: Work) -> Outcome:
            return carry_out(work, ids, change, verbs.me, partial(_tell, strip))

        def done(outcome: Outcome) -> None:
            strip.end()
            frame.tell(told(outcome, past=True))

        def refused(sentence: str) -> None:
            strip.end()
            frame.tell(sentence, "refused")

        if self._note is not None:
            verbs.do(_NOTED, operate, done, refused=refused, n=str(len(ids)))
        else:
            field = _(self._fields[self.field.value()].label)
            verbs.do(_EDITED, operate, done, refused=refused, field=field, n=str(len(ids)))
        self.accept()

    # Laying out

    def _connect(self) -> None:
        self._pause.timeout.connect(self._foresee)
        self.field.picked.connect(self._show_field)
        self.box.changed.connect(self._foresee_soon)
        for combo in (self.how, self.reason):
            combo.picked.connect(self._foresee_soon)
        self.some.toggled.connect(lambda _on: self._foresee_soon())
        if self._note is not None:
            self._note.textChanged.connect(self._foresee_soon)

    def _lay_out(self) -> None:
        letters = look().letters
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Change cases") if self._note is None else _("Note on several cases"))
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(self.windowTitle(), Role.HEADING))
        scope = QVBoxLayout()
        scope.addWidget(self.some)
        scope.addWidget(self.all)
        column.addLayout(scope)
        column.addLayout(self._asked())
        column.addWidget(self.outcome)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button(_("Cancel"), self.reject))
        buttons.addWidget(self.apply)
        column.addLayout(buttons)
        self.outcome.setMinimumHeight(letters.px(5))
        self.setMinimumWidth(letters.px(36))

    def _asked(self) -> QFormLayout:
        self._form = QFormLayout()
        if self._note is not None:
            self._form.addRow(self._note)
            return self._form
        value = QWidget()
        row = QHBoxLayout(value)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.how)
        row.addWidget(self.box, 1)
        self._form.addRow(_("Field"), self.field)
        self._form.addRow(_("Becomes"), value)
        self._form.addRow(_("Because"), self.reason)
        self._form.setRowVisible(self.reason, False)
        return self._form


def told(outcome: Outcome, *, past: bool = False) -> str:
    """Say an outcome: how many change, how many are skipped and why."""
    if past:
        lines = [n_("{n} case was changed.", "{n} cases were changed.", outcome.changed)]
    else:
        lines = [n_("{n} case changes.", "{n} cases change.", outcome.changed)]
    if outcome.same:
        lines.append(n_("{n} case is so already.", "{n} cases are so already.", outcome.same))
    for reason, count in outcome.skipped.most_common(_MOST_REASONS):
        lines.append(n_("{n} case is skipped: {reason}", "{n} cases are skipped: {reason}", count, reason=reason))
    return " ".join(lines) if past else "\n".join(lines)


def _tell(strip: Progress, done: int, total: int) -> bool:
    strip.at(done, total)
    return not strip.cancelled


_EDITED: Final = N_("Change “{field}”, cases: {n}")
_NOTED: Final = N_("Write a note, cases: {n}")
