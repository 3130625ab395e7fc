"""Brings what was typed to the desk: fields with one save, a text with one entry, refusals to their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from escalation_desk.desktop.case.saving import Saving, field_refused, same
from escalation_desk.desktop.case.writing import Writing, put, title_of
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from escalation_desk.casework.choices import CaseStatus, Choice
    from escalation_desk.desktop.case.composer import Composer
    from escalation_desk.desktop.case.form import Form
    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.pages import Frame


class Saver(QObject):
    """`saved` comes when fields are saved (with what is to be done then), `was_put` when an entry is."""

    saved = Signal(bool)
    was_put = Signal()
    refused_field = Signal()
    refused = Signal()

    def __init__(
        self, frame: Frame, page: QWidget, sight: Callable[[], Sight | None], form: Form, composer: Composer
    ) -> None:
        super().__init__(page)
        self._frame = frame
        self._sight = sight
        self._form = form
        self._composer = composer
        self._busy = False

    def save(
        self, to: CaseStatus | None = None, reasons: dict[str, Choice] | None = None, *, then_next: bool = False
    ) -> None:
        """Write one entry, unless something cannot be read or somebody else's change waits for a word."""
        sight, edits = self._sight(), self._form.edits
        if sight is None or self._busy or self._refuse_open():
            return
        typed = dict(edits.typed)
        bases = {name: edits.base[name] for name in typed}
        saving = Saving(sight.case.id, sight.case.case_no, typed, bases, to, reasons or {})
        me = self._frame.verbs.me
        self._busy = True
        self._frame.verbs.do(
            saving.title,
            lambda work: saving.write(work, me),
            lambda kept: self._saved(typed, kept, then_next=then_next),
            refused=self._refused,
            **saving.places,
        )

    def _refuse_open(self) -> bool:
        clashing = dict.fromkeys(
            self._form.edits.clashes, _("Somebody changed this too; take theirs or keep yours first.")
        )
        refusals = clashing | self._form.unread()
        if refusals:
            self._form.refuse(refusals)
            self.refused_field.emit()
        return bool(refusals)

    def _saved(self, typed: dict[str, Any], kept: dict[str, Any], *, then_next: bool) -> None:
        """Let go of what is saved; what was typed on meanwhile is a new change on top of it."""
        self._busy = False
        edits = self._form.edits
        for name, value in typed.items():
            edits.base[name] = kept[name]
            now = edits.typed.get(name)
            if now == value or same(now, kept[name]):
                edits.forget(name)
        self._form.arrive_values(kept)
        self._form.refuse({})
        self.saved.emit(then_next)

    def _refused(self, sentence: str) -> None:
        self._busy = False
        name = field_refused(sentence)
        if name and self._form.has(name):
            self._form.refuse({name: sentence})
            self.refused_field.emit()
        else:
            self._frame.tell(sentence, "refused")
        self.refused.emit()

    def put(self, writing: Writing, at: datetime | None) -> None:
        """Put what the composer holds onto the timeline."""
        sight, me = self._sight(), self._frame.verbs.me
        if sight is None:
            return
        case = sight.case.id
        self._composer.setEnabled(False)
        self._frame.verbs.do(
            title_of(writing),
            lambda work: put(work, case, writing, me, at),
            lambda _done: self._put_done(),
            refused=self._put_refused,
            case=sight.case.case_no,
        )

    def _put_done(self) -> None:
        self._composer.setEnabled(True)
        self._composer.show_writing(Writing())
        self.was_put.emit()

    def _put_refused(self, sentence: str) -> None:
        self._composer.setEnabled(True)
        self._composer.refuse(sentence)
        self._composer.editor.setFocus()
