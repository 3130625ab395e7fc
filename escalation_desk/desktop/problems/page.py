"""The page of a problem: what is seen, what causes it, what helps meanwhile, and all its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.casework.fields import field_of
from escalation_desk.casework.linking.records import Problem, ProblemState
from escalation_desk.desktop.case.asking import ask_words
from escalation_desk.desktop.case.chip_button import ChipButton
from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.case.offers import lookup_for
from escalation_desk.desktop.case.picker import Picker
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import Card, PlainEditor, PlainLabel, button, literal
from escalation_desk.desktop.problems.cases import CasesCard
from escalation_desk.desktop.problems.shown import STATES, Shown, shown_of
from escalation_desk.i18n import N_, _
from escalation_desk.journal import problems

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.look.tones import Tone
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.journal import Touched
    from escalation_desk.journal.work import Work

_PAUSE: Final = 100
_TEXTS: Final = ("symptoms", "impact", "cause", "workaround", "reply")


class ProblemPage(QScrollArea):
    """Everything about one problem. What is typed is saved by a button, by Ctrl+S, and when the tab closes."""

    icon: Final = "problems"
    renamed = Signal(str)
    dirty = Signal(bool)

    def __init__(self, frame: Frame, problem_id: str) -> None:
        super().__init__()
        self._frame = frame
        self._id = problem_id
        self._shown: Shown | None = None
        self.name = PlainLabel("", Role.TITLE, wrap=True).selectable()
        self.facts = PlainLabel("", Role.SMALL, wrap=True)
        self.state = ChipButton()
        self.state.clicked.connect(self._offer_states)
        self.note = button(_("Note to all its cases…"), self.ask_note, sign="note")
        self.save = button(_("Save"), self.flush, kind="first")
        self.owner = button("", self._pick_owner, kind="quiet", sign="user")
        self.texts = {name: self._editor(name) for name in _TEXTS}
        self.cases = CasesCard(frame)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.read)
        self._lay_out()
        frame.verbs.changed.connect(self._changed)
        self.read()

    def title(self) -> str:
        return self._shown.problem.number if self._shown else _("Problem")

    def full_title(self) -> str:
        return self._shown.problem.name if self._shown else ""

    def mark(self) -> tuple[str, Tone] | None:
        return STATES[self._shown.problem.state] if self._shown else None

    def read(self) -> None:
        self._frame.verbs.ask(lambda made: shown_of(made, self._id), self._show, refused=self._gone)

    def flush(self) -> None:
        """Save what was typed, now."""
        typed = self._typed()
        if self._shown is None or not typed:
            return
        record = self._id

        def operate(work: Work) -> None:
            problem = work.get(Problem, record)
            for name, text in typed.items():
                setattr(problem, name, text or None)

        for name in typed:
            self.texts[name].document().setModified(False)
        self._look_dirty()
        self._frame.verbs.do(N_("Change {problem}"), operate, problem=self._shown.problem.number)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _saves(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _saves(event):
            self.flush()
        else:
            super().keyPressEvent(event)

    def ask_note(self) -> None:
        """Ask for the words that go to every open case."""
        if self._shown:
            question = _("What should all open cases of {problem} know?", problem=self._shown.problem.number)
            detail = _("It goes onto each as an internal note; nothing is sent to requesters.")
            ask_words(self, question, _("Put it on all"), self._note, detail=detail)

    def bring_to(self, to: ProblemState) -> None:
        """Bring it into another state; where it is dropped, somebody says why."""
        if to is ProblemState.DROPPED:
            ask_words(self, _("Why is it dropped?"), _("Drop it"), lambda why: self._move(to, why))
        else:
            self._move(to, "")

    # Acts

    def _note(self, text: str) -> None:
        me, record = self._frame.verbs.me, self._id
        self._do(N_("Note to the cases of {problem}"), lambda work: problems.note_to_all(work, record, text, me))

    def _move(self, to: ProblemState, why: str) -> None:
        self.flush()
        me, record = self._frame.verbs.me, self._id
        self._do(N_("State of {problem}"), lambda work: problems.move(work, record, to, me, why))

    def _pick_owner(self) -> None:
        picker = Picker(self._frame.verbs, lookup_for("user"), _("Colleague"), parent=self)
        picker.chosen.connect(lambda offer: self._own(offer.value))
        picker.open_under(self.owner)

    def _own(self, to: str) -> None:
        record = self._id
        self._do(N_("Owner of {problem}"), lambda work: setattr(work.get(Problem, record), "owner", to))

    def _do(self, title: str, operate: Callable[[Work], object]) -> None:
        if self._shown:
            self._frame.verbs.do(title, operate, problem=self._shown.problem.number)

    def _offer_states(self) -> None:
        menu = QMenu(self)
        for to in ProblemState:
            if self._shown and to is not self._shown.problem.state:
                menu.addAction(literal(f"{STATES[to][0]} {_(to.label)}"), lambda to=to: self.bring_to(to))  # type: ignore[misc]  # a state.
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.state.mapToGlobal(self.state.rect().bottomLeft()))

    # Showing

    def _typed(self) -> dict[str, str]:
        return {name: box.text().strip() for name, box in self.texts.items() if box.document().isModified()}

    def _look_dirty(self) -> None:
        changed = bool(self._typed())
        self.save.setEnabled(changed)
        self.dirty.emit(changed)

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        problem = shown.problem
        clock = Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())
        self.name.setText(problem.name)
        mark, tone = STATES[problem.state]
        self.state.show_word(f"{mark} {_(problem.state.label)}", tone)
        self.state.setAccessibleName(_("State: {state}", state=_(problem.state.label)))
        self.owner.setText(literal(shown.owner))
        self.owner.setAccessibleName(_("Owner: {name}", name=shown.owner))
        facts = [_(problem.market.label), _("known since {when}", when=clock.full(problem.known_since))]
        if problem.solved_at:
            facts.append(_("solved {when}", when=clock.full(problem.solved_at)))
        self.facts.setText(" · ".join(facts))
        for name, box in self.texts.items():
            if not box.document().isModified():
                box.set_text(getattr(problem, name) or "")
        self.cases.show_cases(problem, shown.cases)
        self.note.setEnabled(any(case.live for case in shown.cases))
        self._look_dirty()
        self.renamed.emit(self.title())

    def _gone(self, sentence: str) -> None:
        self.name.setText(sentence)
        self.setEnabled(False)

    def _changed(self, touched: Touched) -> None:
        mine = {"problem", "case_link", "case"}
        if any(kind in mine for kind, _record in touched):
            self._pause.start()

    def _editor(self, name: str) -> PlainEditor:
        box = PlainEditor(lines=3, name=_(field_of(Problem, name).label))
        box.textChanged.connect(self._look_dirty)
        return box

    def _lay_out(self) -> None:
        letters = look().letters
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.page)
        column.setSpacing(letters.gap)
        column.addWidget(self.name)
        row = FlowBox(letters.gap)
        for one in (self.state, self.owner, self.note, self.save):
            row.flow.addWidget(one)
        column.addWidget(self.facts)
        column.addWidget(row)
        column.addWidget(self.cases)
        words = Card(_("What is known"))
        for name, box in self.texts.items():
            words.body.addWidget(PlainLabel(_(field_of(Problem, name).label), Role.SMALL))
            words.body.addWidget(box)
        column.addWidget(words)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)


def _saves(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Save)
