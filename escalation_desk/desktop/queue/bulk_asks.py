"""What is asked before many cases change: a field and its value, a note, a follow-up, or a macro."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CancelReason, CaseStatus, Form, ReopenReason
from escalation_desk.casework.fields import Kind, field_of
from escalation_desk.casework.macros import body_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.boxes import Around, Box, Line, MomentLine, make_box
from escalation_desk.desktop.case.boxes.choosing import ChoiceBox
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.case.new_record import NewRecord
from escalation_desk.desktop.case.promise_box import KINDS
from escalation_desk.desktop.case.when import quick_moments
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.moments import Clock, zone_of
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainEditor, button
from escalation_desk.desktop.queue.bulk import Edit, How, Later, Note, Written, editable_fields
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from escalation_desk.casework.choices import Choice
    from escalation_desk.casework.desk import Macro
    from escalation_desk.casework.fields import Field
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.desktop.queue.bulk import Change

_REASONS: Final[dict[CaseStatus, tuple[str, type[Choice]]]] = {
    CaseStatus.CANCELLED: ("cancel_reason", CancelReason),
    CaseStatus.OPEN: ("reopen_reason", ReopenReason),
}


class Ask(QWidget):
    """One question. `change` reads it, refused with a sentence where it does not fit; `title` names the act."""

    changed = Signal()
    heading = ""
    title = ""
    go = N_("Change")

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setVerticalSpacing(look().letters.gap)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def change(self) -> Change:
        raise NotImplementedError

    def places(self) -> dict[str, str]:
        """Name what the title of the act says beside the number of cases."""
        return {}

    def _clock(self) -> Clock:
        return Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())


class FieldAsk(Ask):
    """Which field, and what it becomes; any field that a person sets by hand, in the box of the form."""

    heading = N_("Change cases")
    title = N_("Change “{field}”, cases: {n}")

    def __init__(self, frame: Frame, name: str) -> None:
        super().__init__(frame)
        self._fields = {f.name: f for f in editable_fields()}
        self.field = Pick(name=_("Field"))
        self.how = Pick([(_(how.label), how) for how in (How.ADD, How.REMOVE, How.SET)], name=_("What to do with it"))
        self.reason = Pick(name=_("Because"))
        self.why = Line()
        self.why.setAccessibleName(_("Why you take over cases of colleagues"))
        self.box: Box | Pick | None = None
        holder = QWidget()
        self._value = QHBoxLayout(holder)
        self._value.setContentsMargins(0, 0, 0, 0)
        self._value.addWidget(self.how)
        self.form.addRow(_("Field"), self.field)
        self.form.addRow(_("Becomes"), holder)
        self.form.addRow(_("Because"), self.reason)
        self.form.addRow(_("Taken over, because"), self.why)
        self.form.setRowVisible(self.reason, False)
        self.field.offer(sorted((_(f.label), f.name) for f in self._fields.values()), name or "status")
        self.field.picked.connect(self._show_field)
        self.how.picked.connect(self.changed)
        self.reason.picked.connect(self.changed)
        self.why.textEdited.connect(self.changed)
        self._show_field()

    def change(self) -> Change:
        field = self._field()
        how = self.how.value() if field.kind is Kind.SET else How.SET
        value = self.value()
        if isinstance(value, Unread):
            raise Refused(value.sentence)
        if how is not How.SET and not value:
            raise Refused(_("Choose or type what to add or take away."))
        if value is None and not field.optional:
            raise Refused(_("Choose what it becomes."))
        if field.declared.required and value in {None, ""}:
            raise Refused(_("“{field}” cannot be empty.", field=_(field.label)))
        name, _choices = self._reasons()
        return Edit(field, value, how, {name: self.reason.value()} if name else {}, self.why.text())

    def places(self) -> dict[str, str]:
        return {"field": _(self._field().label)}

    def value(self) -> Any:
        return self.box.value() if self.box is not None else None

    def _field(self) -> Field:
        return self._fields[self.field.value()]

    def _show_field(self) -> None:
        field = self._field()
        self.how.setVisible(field.kind is Kind.SET)
        if self.box is not None:
            self._value.removeWidget(self.box)
            self.box.hide()
            self.box.deleteLater()
        self.box = self._make(field)
        self._value.addWidget(self.box, 1)
        self._edited()

    def _make(self, field: Field) -> Box | Pick:
        if field.kind is Kind.FLAG:  # Beside “Becomes” a word is clearer than a tick.
            flag = Pick([(_("Yes"), True), (_("No"), False)], name=_(field.label))
            flag.picked.connect(self._edited)
            return flag
        around = Around(self._frame.verbs, self._clock, lambda _kind, record: record, lambda: "", self._create)
        made = make_box(field, around)
        made.entrance().setAccessibleName(_(field.label))
        if isinstance(made, ChoiceBox):  # What it becomes is chosen, not found there: the first word is no proposal.
            made.words.choose(None)
        made.edited.connect(self._edited)
        return made

    def _create(self, kind: str, name: str, then: Callable[[str, str], None]) -> None:
        around = Around(self._frame.verbs, self._clock, lambda _kind, record: record, lambda: "", self._create)
        NewRecord(self, around, kind, name, then).open()

    def _edited(self) -> None:
        self._show_reason()
        self.changed.emit()

    def _reasons(self) -> tuple[str, type[Choice] | None]:
        value = self.value() if self.field.value() == "status" else None
        return _REASONS.get(value, ("", None)) if value else ("", None)

    def _show_reason(self) -> None:
        """Ask for a reason where the state needs one, and where cases of colleagues are taken over."""
        taking = self.field.value() == "owner" and self.value() == self._frame.verbs.me.id
        self.form.setRowVisible(self.why, taking)
        name, choices = self._reasons()
        self.form.setRowVisible(self.reason, bool(name))
        if name and choices and self.reason.property("for") != name:
            self.reason.setProperty("for", name)
            self.reason.offer((_(choice.label), choice) for choice in choices)
            self.form.labelForField(self.reason).setProperty("text", _(field_of(Case, name).label))


class NoteAsk(Ask):
    heading = N_("Note on several cases")
    title = N_("Write a note, cases: {n}")
    go = N_("Write it")

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.text = PlainEditor(lines=5, name=_("Internal note"), hint=_("Internal note"))
        self.form.addRow(self.text)
        self.text.textChanged.connect(self.changed)

    def change(self) -> Change:
        if not self.text.text().strip():
            raise Refused(_("There is nothing written yet."))
        return Note(self.text.text())


class LaterAsk(Ask):
    """What is promised or to be done on each case, by when, and by whom."""

    heading = N_("Follow-up on several cases")
    title = N_("Make a follow-up, cases: {n}")
    go = N_("Make it")

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        me = frame.verbs.me.full_name
        self.kind = Pick([(_(text), (form, by)) for text, form, by in KINDS], name=_("Kind of follow-up"))
        self.text = Line()
        self.text.setAccessibleName(_("What is promised or to be done"))
        self.due = MomentLine(self._clock, _("By when"), hint=_("By when: 14:30, tomorrow 9:00, +2h"))
        self.owner = Pick([(me, False), (_("Whoever owns the case"), True)], name=_("Who does it"))
        when = QWidget()
        column = QVBoxLayout(when)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().letters.tight)
        column.addWidget(self.due)
        column.addWidget(self._quick())
        self.form.addRow(_("Kind"), self.kind)
        self.form.addRow(_("What"), self.text)
        self.form.addRow(_("By when"), when)
        self.form.addRow(_("Who does it"), self.owner)
        for edited in (self.kind.picked, self.text.textEdited, self.due.edited, self.owner.picked):
            edited.connect(self._edited)

    def change(self) -> Change:
        due = self.due.value()
        if not self.text.text().strip():
            raise Refused(_("Say what is promised."))
        if isinstance(due, Unread):
            raise Refused(due.sentence)
        if due is None:
            raise Refused(_("Say by when."))
        if due <= self._clock().now:
            raise Refused(_("That moment is past; choose one to come."))
        form, by = self.kind.value()
        return Later(self.text.text().strip(), due, form, by, of_owner=self.owner.value())

    def _quick(self) -> QWidget:
        holder = FlowBox(look().letters.tight)
        for words, at in quick_moments(self._clock()):
            made = button(words, kind="chip")
            made.clicked.connect(lambda _on=False, at=at: self._choose(at))
            holder.flow.addWidget(made)
        return holder

    def _choose(self, at: datetime) -> None:
        self.due.show_value(at)
        self.changed.emit()

    def _edited(self, *_what: Any) -> None:
        self.changed.emit()


_WRITTEN_AS: Final = (
    (N_("Message to the requester"), Form.MESSAGE),
    (N_("Internal note"), Form.NOTE),
    (N_("To a team or point of contact"), Form.POC),
)


class MacroAsk(Ask):
    """Which macro, and as what it is written; its text is shown with the places that each case fills."""

    heading = N_("Macro on several cases")
    title = N_("Use the macro {macro}, cases: {n}")
    go = N_("Write it")

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.macro = Pick(name=_("Macro"))
        self.written = Pick([(_(text), form) for text, form in _WRITTEN_AS], name=_("Written as"))
        self.text = PlainEditor(lines=6, name=_("What it writes"))
        self.text.setReadOnly(True)
        self.form.addRow(_("Macro"), self.macro)
        self.form.addRow(_("Written as"), self.written)
        self.form.addRow(self.text)
        self.macro.picked.connect(self._show)
        self.written.picked.connect(self.changed)
        frame.verbs.ask(lambda made: reading.macros(made, frame.verbs.me.id), self._offer)

    def change(self) -> Change:
        macro = self.macro.value()
        if macro is None:
            raise Refused(_("Choose a macro."))
        return Written(macro, self.written.value(), zone_of(self._frame.verbs.me))

    def places(self) -> dict[str, str]:
        return {"macro": self.macro.value().code}

    def _offer(self, macros: Sequence[Macro]) -> None:
        self.macro.offer((f"{macro.code}  {macro.use}", macro) for macro in macros)
        self._show()

    def _show(self) -> None:
        macro = self.macro.value()
        self.text.set_text(body_of(macro, str(self._frame.verbs.me.locale)).text if macro else "")
        self.text.setReadOnly(True)
        self.changed.emit()


def ask_for(frame: Frame, what: str) -> Ask:
    """Make the question: "note", "follow-up", "macro", or the name of a field (empty: any)."""
    plain = {"note": NoteAsk, "follow-up": LaterAsk, "macro": MacroAsk}
    return plain[what](frame) if what in plain else FieldAsk(frame, what)
