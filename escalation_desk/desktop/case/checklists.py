"""The procedures of a case as lists to tick off: who did what and when, what was left out and why, what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from escalation_desk.casework.knowing import procedures
from escalation_desk.casework.knowing.records import Checklist, Procedure
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.asking import ask_words
from escalation_desk.desktop.case.refilling import Refilled
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button, icon_button, literal
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal.procedures import Begun, Offered, OnCase, on_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.journal import Touched
    from escalation_desk.journal.work import Work

_NAMED = 80


class ChecklistsCard(Refilled):
    """Those begun come first, their open steps to be ticked with the blank; below them what fits the case."""

    def __init__(self, frame: Frame, clock: Callable[[], Clock]) -> None:
        super().__init__(_("Checklists"))
        self._frame = frame
        self._clock = clock
        self._sight: Sight | None = None
        self.found = OnCase()
        self._more = icon_button("plus", _("Begin another procedure"), self._offer_others)
        self.acts.addWidget(self._more)
        frame.verbs.changed.connect(self._changed)

    def show_sight(self, sight: Sight) -> None:
        self._sight = sight
        self._read()

    def enter(self) -> None:
        """Go to the first step that is open, or to the first procedure that is offered."""
        ticks = [one for one in self.findChildren(QCheckBox) if one.isVisibleTo(self)]
        first = next((one for one in ticks if not one.isChecked()), None)
        offers = [one for one in self.findChildren(QWidget) if one.property("offers")]
        target: QWidget = first or next(iter(offers), None) or next(iter(ticks), None) or self._more
        target.setFocus()

    def _read(self) -> None:
        if self._sight:
            case, me = self._sight.case, self._frame.verbs.me
            self._frame.verbs.ask(lambda made: on_case(made, case, me), self._show)

    def _changed(self, touched: Touched) -> None:
        if any(kind in {"checklist", "procedure"} for kind, _id in touched):
            self._read()

    # Acts

    def begin(self, procedure: Procedure) -> None:
        sight = self._sight
        if sight is None:
            return
        self._do(
            N_("Begin “{procedure}” on {case}"),
            lambda work: work.add(procedures.begin(procedure, sight.case)),
            procedure=procedure.name,
        )

    def _tick(self, begun: Begun, step: procedures.Step) -> None:
        me = self._frame.verbs.me
        title = (
            N_("Take back a step of “{procedure}” on {case}") if step.done else N_("Step of “{procedure}” on {case}")
        )

        def operate(work: Work) -> None:
            procedures.tick(work.get(Checklist, begun.checklist.id), begun.procedure, step.code, me, work.now)

        self._do(title, operate, procedure=begun.procedure.name)

    def _ask_leave_out(self, begun: Begun, step: procedures.Step) -> None:
        question = _("Why is “{step}” left out?", step=one_line(step.text, _NAMED))
        ask_words(self, question, _("Leave it out"), lambda why: self._leave_out(begun, step, why))

    def _leave_out(self, begun: Begun, step: procedures.Step, why: str) -> None:
        me = self._frame.verbs.me

        def operate(work: Work) -> None:
            held = work.get(Checklist, begun.checklist.id)
            procedures.leave_out(held, begun.procedure, step.code, why, me, work.now)

        self._do(N_("Leave out a step of “{procedure}” on {case}"), operate, procedure=begun.procedure.name)

    def _do(self, title: str, operate: Callable[[Work], object], procedure: str) -> None:
        if self._sight:
            self._frame.verbs.do(title, operate, case=self._sight.case.case_no, procedure=procedure)

    def _offer_others(self) -> None:
        menu = QMenu(self)
        for one in self.found.others:
            menu.addAction(QIcon(), literal(one.name), lambda one=one: self.begin(one))
        if not self.found.others:
            menu.addAction(_("No other procedure")).setEnabled(False)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    # Showing

    def _show(self, found: OnCase) -> None:
        self.found = found
        rows = [row for begun in found.begun for row in self._begun(begun)]
        rows += [self._offer(one) for one in found.offered]
        self.refill(rows or [PlainLabel(_("No procedure fits this case."), Role.MUTED, wrap=True)])

    def _begun(self, begun: Begun) -> Iterator[QWidget]:
        yield PlainLabel(begun.procedure.name, Role.STRONG, wrap=True)
        steps = begun.steps
        open_ones = len(procedures.open_steps(begun.checklist, begun.procedure))
        settled = sum(step.settled for step in steps)
        said = [
            _("version {n}", n=begun.procedure.edition),
            _("{done} of {n} steps", done=settled, n=len(steps)),
            n_("{n} required step open", "{n} required steps open", open_ones) if open_ones else _("✓ complete"),
        ]
        head = PlainLabel(" · ".join(said), Role.SMALL, wrap=True)
        head.set_tone(None if open_ones else Tone.GOOD)
        yield head
        if begun.newer:
            yield _news(_("There is a newer version; this case keeps its own."), begun.newer)
        for step in steps:
            yield self._step(begun, step)

    def _step(self, begun: Begun, step: procedures.Step) -> QWidget:
        holder, row = _row()
        tick = QCheckBox()
        tick.setChecked(step.done)
        tick.setAccessibleName(_spoken(step))
        tick.clicked.connect(lambda _on=False: self._tick(begun, step))
        row.addWidget(tick, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(step.text, Role.MUTED if step.settled else Role.BODY, wrap=True))
        said = self._says(step)
        if said:
            words.addWidget(PlainLabel(said, Role.SMALL, wrap=True))
        row.addLayout(words, 1)
        if not step.settled:
            name = _("Leave out: {step}", step=one_line(step.text, _NAMED))
            leave = icon_button("minus", name, lambda: self._ask_leave_out(begun, step))
            row.addWidget(leave, 0, Qt.AlignmentFlag.AlignTop)
        return holder

    def _says(self, step: procedures.Step) -> str:
        if not step.settled:
            return _("required") if step.required else ""
        who = self._sight.name("user", step.by) if self._sight else step.by
        when = self._clock().short(step.at)
        if step.why:
            return _("left out by {who}, {when}: {why}", who=who, when=when, why=step.why)
        return _("{who}, {when}", who=who, when=when)

    def _offer(self, one: Offered) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, look().letters.tight)
        column.setSpacing(0)
        made = button(_("Begin"), lambda: self.begin(one.procedure), kind="link", sign="check")
        made.setAccessibleName(_("Begin: {procedure}", procedure=one.procedure.name))
        made.setProperty("offers", True)
        line = QHBoxLayout()
        line.setSpacing(look().letters.tight)
        line.addWidget(PlainLabel(one.procedure.name, wrap=True), 1)  # Wraps: a button would push the column wider.
        line.addWidget(made)
        column.addLayout(line)
        if one.changed:
            column.addWidget(_news(_("Changed since you used it."), one.changed))
        return holder


def _news(sentence: str, change: procedures.Change) -> PlainLabel:
    """Say what is new, gone and reworded."""
    said = [sentence]
    for words, steps in (
        (N_("New: {steps}."), change.added),
        (N_("Gone: {steps}."), change.dropped),
        (N_("Other words: {steps}."), change.reworded),
    ):
        if steps:
            said.append(_(words, steps="; ".join(one_line(step, _NAMED) for step in steps)))
    return PlainLabel(" ".join(said), Role.SMALL, tone=Tone.WARN, wrap=True)


def _spoken(step: procedures.Step) -> str:
    """Say a step to whoever cannot see whether it is required or left out."""
    if step.why:
        return _("{step}, left out", step=step.text)
    return _("{step}, required", step=step.text) if step.required else step.text


def _row() -> tuple[QWidget, QHBoxLayout]:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look().letters.tight)
    return holder, row
