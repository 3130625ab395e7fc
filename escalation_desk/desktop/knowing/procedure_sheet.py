"""Writes a new edition of a procedure: its name and its steps, each in three languages, required or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.knowing import editions
from escalation_desk.casework.knowing.procedures import newest
from escalation_desk.casework.knowing.records import Procedure
from escalation_desk.desktop.case.boxes import Line
from escalation_desk.desktop.knowing.sheet import Sheet
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainLabel, button, icon_button, literal
from escalation_desk.i18n import LANGUAGES, N_, _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work


def open_procedures(frame: Frame) -> None:
    """Read the procedures, and open the sheet with the first of them."""
    frame.verbs.ask(
        lambda made: reading.all_of(made, Procedure),
        lambda known: ProcedureSheet(frame, known).open() if known else frame.tell(_("There is no procedure yet.")),
    )


class StepLine(QWidget):
    """One step: a line for each language, whether it is required, and what can be done with the line."""

    def __init__(self, step: editions.Line) -> None:
        super().__init__()
        self._code = step.code
        self.texts = {code: _line(name, step.texts.get(code, "")) for code, name in LANGUAGES.items()}
        self.required = QCheckBox(literal(_("Required")))
        self.required.setChecked(step.required)
        words = QVBoxLayout()
        words.setSpacing(look().letters.tight)
        for line in self.texts.values():
            words.addWidget(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, look().letters.gap)
        row.setSpacing(look().letters.gap)
        row.addLayout(words, 1)
        row.addWidget(self.required)
        self.earlier = icon_button("up", _("Move this step up"))
        self.away = icon_button("close", _("Take this step away"))
        row.addWidget(self.earlier)
        row.addWidget(self.away)

    def said(self) -> editions.Line:
        """Read the step."""
        return editions.Line(
            {code: line.text() for code, line in self.texts.items()}, self.required.isChecked(), self._code
        )


class ProcedureSheet(Sheet):
    """Checklists that were begun keep their edition; leads write, all others look."""

    def __init__(self, frame: Frame, known: Sequence[Procedure]) -> None:
        super().__init__(frame.window(), _("New edition of a procedure"))
        self._frame = frame
        self._known = list(known)
        self._newest = newest(known)
        offers = sorted((one.name, code) for code, one in self._newest.items())
        self.which = Pick(offers, offers[0][1] if offers else None, name=_("Procedure"))
        self.edition = PlainLabel("", Role.SMALL, wrap=True)
        self.labels = {code: _line(name, "") for code, name in LANGUAGES.items()}
        self.steps: list[StepLine] = []
        self._column = QVBoxLayout()
        self.more = button(_("Another step"), self._add, kind="link", sign="plus")
        self._lay_out()
        self.which.picked.connect(self._show)
        self.keep.setVisible(frame.verbs.keeps_rules)
        self._show()

    def save(self) -> None:
        old = self._newest.get(self.which.value())
        if old is None:
            return
        labels = {code: line.text() for code, line in self.labels.items()}
        lines = [one.said() for one in self.steps]

        def operate(work: Work) -> Procedure:
            held = work.ask(lambda made: reading.all_of(made, Procedure))
            return work.add(editions.new_edition(old, labels, lines, [one for one in held if one.code == old.code]))

        title = N_("New edition of procedure {procedure}")
        self._frame.verbs.do(title, operate, lambda _made: self.accept(), refused=self.refuse, procedure=old.code)

    def _show(self) -> None:
        old = self._newest.get(self.which.value())
        self.refuse("")
        if old is None:
            return
        said = _("Edition {n}. Cases where it was begun keep it; new ones get what is written here.", n=old.edition)
        self.edition.setText(said if self._frame.verbs.keeps_rules else _("Only a lead changes these."))
        for code, line in self.labels.items():
            line.setText(old.labels.get(code, ""))
        for step in list(self.steps):
            self._take_away(step)
        for one in editions.lines_of(old):
            self._put(StepLine(one))

    def _add(self) -> None:
        made = StepLine(editions.Line({}))
        self._put(made)
        next(iter(made.texts.values())).setFocus()

    def _put(self, step: StepLine) -> None:
        self.steps.append(step)
        self._column.addWidget(step)
        step.away.clicked.connect(lambda _on=False: self._take_away(step))
        step.earlier.clicked.connect(lambda _on=False: self._move_up(step))

    def _take_away(self, step: StepLine) -> None:
        self.steps.remove(step)
        self._column.removeWidget(step)
        step.hide()
        step.deleteLater()

    def _move_up(self, step: StepLine) -> None:
        at = max(self.steps.index(step) - 1, 0)
        self.steps.remove(step)
        self.steps.insert(at, step)
        self._column.insertWidget(at, step)
        step.earlier.setFocus()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(literal(_("Procedure")), self.which)
        for code, line in self.labels.items():
            form.addRow(literal(LANGUAGES[code]), line)
        self.inner.addLayout(form)
        self.inner.addWidget(self.edition)
        self.inner.addWidget(PlainLabel(_("Steps"), Role.STRONG))
        self.inner.addLayout(self._column)
        self.inner.addWidget(self.more)
        self.inner.addStretch()


def _line(language: str, text: str) -> Line:
    made = Line(language)
    made.setAccessibleName(language)
    made.setText(text)
    return made
