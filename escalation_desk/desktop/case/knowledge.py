"""What the desk knows that answers a case: suggested while somebody writes, inserted, linked, logged in three keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import KnowledgeDecision, Language
from escalation_desk.casework.knowing import articles as knowing
from escalation_desk.casework.knowing.records import Article
from escalation_desk.casework.macros import language_for
from escalation_desk.casework.masking import Mask
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.asking import ask_words
from escalation_desk.desktop.case.refilling import Refilled
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainEditor, PlainLabel, SearchField, button, icon_button
from escalation_desk.documents.involved import known_of
from escalation_desk.i18n import N_, _
from escalation_desk.journal import articles, reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Touched
    from escalation_desk.journal.work import Work

_PAUSE: Final = 400
_NAMED: Final = 90


class LogBox(QFrame):
    """A question with its answer, as they would be kept: without names. Ctrl+Enter keeps them, Esc leaves it."""

    taken = Signal(str, str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "sunken")
        self.setAccessibleName(_("Log a question and its answer"))
        self.question = PlainEditor(lines=2, name=_("Question, in the words of whoever asked"))
        self.answer = PlainEditor(lines=5, name=_("Answer"))
        self.refusal = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.gap, letters.gap, letters.gap, letters.gap)
        column.setSpacing(letters.tight)
        for editor in (self.question, self.answer):
            column.addWidget(PlainLabel(editor.accessibleName(), Role.SMALL, wrap=True))
            column.addWidget(editor)
        column.addWidget(
            PlainLabel(_("Names, phones and addresses are masked before it is kept."), Role.SMALL, wrap=True)
        )
        column.addWidget(self.refusal)
        ends = QHBoxLayout()
        ends.addStretch()
        ends.addWidget(button(_("Cancel"), self.closed.emit, kind="quiet"))
        self.keep = button(_("Keep it"), self._take, kind="first")
        ends.addWidget(self.keep)
        column.addLayout(ends)
        self.hide()

    def begin(self, question: str, answer: str) -> None:
        self.question.set_text(question)
        self.answer.set_text(answer)
        self.refuse("")
        self.show()
        (self.answer if question and not answer else self.question).setFocus()

    def refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._take()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _take(self) -> None:
        self.taken.emit(self.question.text(), self.answer.text())


class KnowledgeCard(Refilled):
    """Tells the knowledge decision of the case, and what could be it. `inserted` gives an answer to the composer."""

    inserted = Signal(str)

    def __init__(self, frame: Frame) -> None:
        super().__init__(_("Knowledge"))
        self._frame = frame
        self._sight: Sight | None = None
        self._linked: Article | None = None
        self._writing = ""
        self.found: list[Article] = []
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self.acts.addWidget(icon_button("plus", _("Log a question and its answer"), self.begin))
        self.search = SearchField(_("Find an article"))
        self.log = LogBox()
        self.body.addWidget(self.search)
        self.body.addWidget(self.log)
        self.log.taken.connect(self._log)
        self.log.closed.connect(self._close)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.search.returnPressed.connect(self._link_first)
        self._pause.timeout.connect(self._read)
        frame.verbs.changed.connect(self._changed)

    def show_sight(self, sight: Sight) -> None:
        self._sight = sight
        self._read()

    def know_writing(self, text: str) -> None:
        """Suggest by what is being written as well."""
        if text != self._writing:
            self._writing = text
            self._pause.start()

    def enter(self) -> None:
        """Go to the box that finds articles."""
        self.search.setFocus()
        self.search.selectAll()

    def begin(self) -> None:
        """Begin with the requester's own words and the last answer, masked as they will be kept."""
        sight = self._sight
        if sight is None:
            return
        mask, messages = self._mask(sight), list(sight.messages.values())
        question = mask.text(knowing.question_of(sight.case, messages))
        self.log.begin(question, mask.text(knowing.answer_of(messages)))

    # Acts

    def _log(self, question: str, answer: str) -> None:
        sight, me = self._sight, self._frame.verbs.me
        if sight is None:
            return
        mask, language = self._mask(sight), Language(language_for(sight.case, sight.party, sight.seller))  # type: ignore[call-arg]  # looks a member up

        def operate(work: Work) -> None:
            case = work.get(Case, sight.case.id)
            number = work.ask(articles.next_number)
            made = work.add(knowing.log(case, question, answer, mask, language, number, me))
            knowing.decide(case, KnowledgeDecision.CREATED, made)

        title = N_("Question and answer logged from {case}")
        self._frame.verbs.do(
            title, operate, lambda _done: self._close(), refused=self.log.refuse, case=sight.case.case_no
        )

    def link(self, article: Article) -> None:
        self._on_case(N_("Link {article} to {case}"), article, lambda case, held, _work: knowing.link(case, held))

    def ask_flag(self, article: Article) -> None:
        me = self._frame.verbs.me
        title = N_("Flag {article} on {case}")

        def flag(why: str) -> None:
            self._on_case(title, article, lambda case, held, work: knowing.flag(case, held, why, me, work.now))

        ask_words(
            self, _("What is wrong with “{article}”?", article=one_line(article.title, _NAMED)), _("Flag it"), flag
        )

    def ask_not_needed(self) -> None:
        sight = self._sight
        if sight is None:
            return

        def settle(why: str) -> None:
            def operate(work: Work) -> None:
                knowing.decide(work.get(Case, sight.case.id), KnowledgeDecision.NOT_NEEDED, why=why)

            self._frame.verbs.do(N_("No article needed for {case}"), operate, case=sight.case.case_no)

        ask_words(self, _("Why is no article needed?"), _("None needed"), settle)

    def _on_case(self, title: str, article: Article, act: Callable[[Case, Article, Work], None]) -> None:
        sight = self._sight
        if sight is None:
            return

        def operate(work: Work) -> None:
            act(work.get(Case, sight.case.id), work.get(Article, article.id), work)

        self._frame.verbs.do(title, operate, article=article.number, case=sight.case.case_no)

    def _link_first(self) -> None:
        if self.search.text().strip() and self.found:
            self.link(self.found[0])
            self.search.clear()

    def _close(self) -> None:
        self.log.hide()
        self.search.setFocus()

    def _mask(self, sight: Sight) -> Mask:
        parties = [*([sight.party] if sight.party else []), *sight.aliases]
        sellers = [sight.seller] if sight.seller else []
        return Mask(known=known_of([sight.case], parties, sellers, sight.messages.values(), sight.follow_ups))

    # Showing

    def _changed(self, touched: Touched) -> None:
        if any(kind == "article" for kind, _id in touched):
            self._read()

    def _read(self) -> None:
        sight, typed, writing = self._sight, self.search.text().strip(), self._writing
        if sight is None:
            return

        def read(made: Connection) -> tuple[Article | None, list[Article]]:
            held = reading.several(made, Article, [sight.case.knowledge_article or ""])
            found = articles.find(made, typed) if typed else articles.suggested(made, sight.case, writing)
            return next(iter(held), None), found

        self._frame.verbs.ask(read, self._show)

    def _show(self, found: tuple[Article | None, list[Article]]) -> None:
        linked, self.found = found
        rows: list[QWidget] = self._decision(linked)
        if self.found:
            heading = _("Found; Enter links the first") if self.search.text().strip() else _("May answer it")
            rows.append(PlainLabel(heading, Role.SMALL))
        elif self.search.text().strip():
            rows.append(
                PlainLabel(_("No article says that. Log the question once you know the answer."), Role.MUTED, wrap=True)
            )
        rows += [self._row(one) for one in self.found]
        self.refill(rows)

    def _decision(self, linked: Article | None) -> list[QWidget]:
        case = self._sight.case if self._sight else None
        if case is None or case.knowledge is None:
            open_one = PlainLabel(
                _("Not decided yet: link an article, log one, or say that none is needed."), Role.SMALL, wrap=True
            )
            return [open_one, _left(button(_("None needed…"), self.ask_not_needed, kind="link"))]
        said = PlainLabel(_(case.knowledge.label), Role.STRONG, wrap=True)
        told = linked.name if linked else case.knowledge_why or ""
        return [said, *([PlainLabel(told, wrap=True).selectable()] if told else [])]

    def _row(self, one: Article) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, look().letters.tight)
        row.setSpacing(look().letters.tight)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(one.title, wrap=True))
        words.addWidget(PlainLabel(one_line(one.answer, 120), Role.MUTED, wrap=True))
        words.addWidget(PlainLabel(f"{one.number} · {_(one.state.label)}", Role.SMALL))
        row.addLayout(words, 1)
        named = one_line(one.title, 60)
        for sign, name, act in (
            ("copy", _("Insert the answer: {article}", article=named), lambda: self.inserted.emit(one.answer)),
            ("link", _("Link: {article}", article=named), lambda: self.link(one)),
            ("flag", _("Flag as wrong: {article}", article=named), lambda: self.ask_flag(one)),
        ):
            row.addWidget(icon_button(sign, name, act), 0, Qt.AlignmentFlag.AlignTop)
        return holder


def _left(widget: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch()
    return holder
