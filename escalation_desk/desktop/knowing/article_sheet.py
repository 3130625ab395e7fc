"""One article: its words, its state, what readers remarked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.choices import Language
from escalation_desk.casework.knowing import articles as knowing
from escalation_desk.casework.knowing.records import Article, ArticleState
from escalation_desk.desktop.case.asking import ask_words
from escalation_desk.desktop.case.boxes import Around
from escalation_desk.desktop.knowing.sheet import Sheet
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.desktop.seller.fields import Fields
from escalation_desk.i18n import N_, _
from escalation_desk.journal import articles, reading

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

_LINES: Final = ("title", "answer", "conditions", "form+language", "policy+audience", "reasons", "owner")
_MOVES: Final = (
    (ArticleState.NOT_VALIDATED, N_("Ask for validation")),
    (ArticleState.VALIDATED, N_("Validate")),
    (ArticleState.ARCHIVED, N_("Archive")),
    (ArticleState.WIP, N_("Work on it again")),
)


def open_article(frame: Frame, article_id: str) -> None:
    """Read an article and open its sheet."""

    def read(made: Connection) -> tuple[Article, dict[str, str]]:
        found = reading.record(made, Article, article_id)
        people = [found.owner or "", *(str(one.get("by", "")) for one in found.flags)]
        return found, reading.names(made, "user", people)

    frame.verbs.ask(read, lambda found: ArticleSheet(frame, *found).open())


class ArticleSheet(Sheet):
    """Shows an article as it stands; a new one has no id yet."""

    def __init__(self, frame: Frame, article: Article, people: dict[str, str]) -> None:
        super().__init__(frame.window(), article.number or _("New article"))
        self._frame = frame
        self._article = article
        clock = Clock.of(frame.verbs.me, frame.verbs.journal.now())

        def name(kind: str, record: str) -> str:
            return people.get(record, record) if kind == "user" else record

        around = Around(frame.verbs, lambda: clock, name, lambda: "", lambda _kind, _name, _then: None)
        self.fields = Fields(Article, _LINES, around, bordered=True)
        self.fields.show_values({field: getattr(article, field) for field in self.fields.cells})
        self.inner.addWidget(self.fields)
        if article.id:
            self._show_standing(clock, people)
            for state, words in _MOVES:
                if state is not article.state:
                    self.acts.addWidget(button(_(words), lambda state=state: self._move(state), kind="quiet"))  # type: ignore[misc]  # one of four.
            self.acts.addWidget(button(_("Remark…"), self._ask_remark, kind="quiet"))
        self.inner.addStretch()

    def save(self) -> None:
        unread = self.fields.unread()
        self.fields.refuse(unread)
        if unread:
            return
        values, me = self.fields.values(), self._frame.verbs.me
        values["answer"] = values.get("answer") or ""

        def operate(work: Work) -> str:
            if self._article.id:
                held = work.get(Article, self._article.id)
                knowing.edit(held, values, me)
                return held.number
            number = work.ask(articles.next_number)
            work.add(Article(number=number, **values))
            return number

        title = N_("Change article {article}") if self._article.id else N_("New article: {article}")
        named = self._article.number or str(values.get("title") or "")
        self._frame.verbs.do(title, operate, lambda _number: self.accept(), refused=self.refuse, article=named)

    def _show_standing(self, clock: Clock, people: dict[str, str]) -> None:
        one = self._article
        said = _("{state} · answers {n} cases", state=_(one.state.label), n=len(one.source_cases))
        self.inner.addWidget(PlainLabel(said, Role.SMALL))
        for flag in one.flags:
            who = people.get(str(flag.get("by")), "")
            told = _("{who}, {when}: {remark}", who=who, when=clock.short(flag.get("at")), remark=flag.get("text", ""))
            self.inner.addWidget(PlainLabel(told, Role.SMALL, tone=Tone.WARN, wrap=True).selectable())

    def _move(self, to: ArticleState) -> None:
        me, article = self._frame.verbs.me, self._article

        def operate(work: Work) -> None:
            knowing.move(work.get(Article, article.id), to, me)

        title = N_("State of article {article}")
        self._frame.verbs.do(title, operate, lambda _done: self.accept(), refused=self.refuse, article=article.number)

    def _ask_remark(self) -> None:
        me, article = self._frame.verbs.me, self._article

        def remark(what: str) -> None:
            def operate(work: Work) -> None:
                knowing.flag(None, work.get(Article, article.id), what, me, work.now)

            title = N_("Remark on article {article}")
            self._frame.verbs.do(title, operate, lambda _done: self.accept(), article=article.number)

        ask_words(self, _("What is wrong with it, or out of date?"), _("Remark"), remark)


def new_article(frame: Frame) -> None:
    me = frame.verbs.me
    language = Language(str(me.locale))  # type: ignore[call-arg]  # looks a member up
    ArticleSheet(
        frame, Article(number="", title="", answer="", owner=me.id, language=language), {me.id: me.full_name}
    ).open()
