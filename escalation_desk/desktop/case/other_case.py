"""Chooses another case: suggestions first, then what is found by number or words; and says what would come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QListWidget, QListWidgetItem

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import field_of
from escalation_desk.casework.linking import links
from escalation_desk.casework.linking.records import LinkForm
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import Question, SearchField, button, visible
from escalation_desk.desktop.plain.sentences import Sentences
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal import around, linking, reading
from escalation_desk.journal.searching import search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.linking import MergePlan
    from escalation_desk.journal.work import Work

_ID: Final = int(Qt.ItemDataRole.UserRole)
_MOST: Final = 12


class OtherCase(Question):
    """Asks for another case. What it does with it, each kind of question says itself."""

    def __init__(self, frame: Frame, case: Case, question: str, detail: str, yes: str, *, sign: str) -> None:
        super().__init__(frame.window(), question, detail, sign=sign, tone=Tone.ACCENT)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._frame = frame
        self._case = case
        self._asked: str | None = None
        self._wanted = ""
        self._known: dict[str, Case] = {}
        self.search = SearchField(_("Number, order, name or words"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Cases"))
        self.list.setFixedHeight(look().letters.px(11))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMinimumWidth(look().letters.px(42))
        self.form = QFormLayout()
        self.facts = Sentences()
        self._words.addWidget(self.search)
        self._words.addWidget(self.list)
        self._words.addLayout(self.form)
        self._words.addWidget(self.facts)
        self._words.addStretch(1)  # What is left over stays below, not between the lines.
        self.add_button(button(_("Cancel")), accept=False, default=False)
        self.yes = button(yes, kind="first")
        self.add_button(self.yes, accept=True, default=False)
        self.yes.setEnabled(False)
        self.search.textChanged.connect(self._ask)
        self.list.currentItemChanged.connect(lambda *_items: self.look_again())
        self.accepted.connect(self.carry_out)

    def begin(self, wanted: str = "") -> None:
        """Show it, with one case chosen already where somebody came from there."""
        self._wanted = wanted
        self._ask("")
        self.search.setFocus()
        self.open()

    def chosen(self) -> Case | None:
        item = self.list.currentItem()
        return self._known.get(str(item.data(_ID))) if self.list.currentRow() >= 0 else None

    def look_again(self) -> None:
        """Say what would come of the choice."""
        self.yes.setEnabled(self.chosen() is not None)

    def carry_out(self) -> None:
        """Do what was asked."""
        raise NotImplementedError

    def _ask(self, text: str) -> None:
        self._asked = text
        case, wanted = self._case, self._wanted

        def read(made: Connection) -> tuple[str, list[Case]]:
            if text.strip():
                ids = [hit.leads_to[1] for hit in search(made, text, kinds=("case",), limit=_MOST)]
            else:
                ids = [*([wanted] if wanted else ()), *(one.id for one in around.relatives(made, case))]
            return text, reading.several(made, Case, list(dict.fromkeys(ids))[:_MOST])

        self._frame.verbs.ask(read, self._offer)

    def _offer(self, found: tuple[str, Sequence[Case]]) -> None:
        text, others = found
        if text != self._asked:
            return  # Somebody has typed on since.
        self.list.clear()
        self._known = {one.id: one for one in others if one.id != self._case.id and not one.deleted_at}
        for one in self._known.values():
            shown = f"{meaning(one.status).mark} {one.case_no}  {visible(one_line(one.title, 70))}"
            item = QListWidgetItem(f"{shown} · {_(one.status.label)}", self.list)
            item.setData(_ID, one.id)
        if self.list.count() and (text or self._wanted):
            self.list.setCurrentRow(0)


class LinkDialog(OtherCase):
    """Links a case with another one, by the word for what it is to it."""

    def __init__(self, frame: Frame, case: Case) -> None:
        super().__init__(
            frame,
            case,
            _("What is {case} linked with?", case=case.case_no),
            _("Both cases show the link, each in its own words."),
            _("Link"),
            sign="link",
        )
        offers = [
            (_(links.word(form, back=back)), (form, back))
            for form, back in links.directions()
            if form is not LinkForm.CAUSED_BY
        ]
        self.kind = Pick(offers, (LinkForm.RELATED, False), name=_("Kind of link"))
        self.form.addRow(_("{case} is", case=case.case_no), self.kind)

    def carry_out(self) -> None:
        other, me = self.chosen(), self._frame.verbs.me
        if other is None:
            return
        case, (form, back) = self._case.id, self.kind.value()

        def operate(work: Work) -> None:
            linking.add(work, case, other.id, form, me, back=back)

        self._frame.verbs.do(N_("Link {case} with {other}"), operate, case=self._case.case_no, other=other.case_no)


class MergeCase(OtherCase):
    """Merges two cases that are one matter. Nothing happens before it is looked at."""

    def __init__(self, frame: Frame, case: Case) -> None:
        super().__init__(
            frame,
            case,
            _("Which case is the same matter as {case}?", case=case.case_no),
            _("One of the two stands for both afterwards. You can take that apart at any time."),
            _("Merge"),
            sign="merge",
        )
        ways = [
            (_("The other one goes into {case}", case=case.case_no), True),
            (_("{case} goes into the other one", case=case.case_no), False),
        ]
        self.way = Pick(ways, name=_("Which one stays"))
        self.form.addRow(_("Which one stays"), self.way)
        self.way.picked.connect(self.look_again)

    def sides(self) -> tuple[Case, Case] | None:
        """Give the source and the target."""
        other = self.chosen()
        if other is None:
            return None
        return (other, self._case) if self.way.value() else (self._case, other)

    def look_again(self) -> None:
        self.yes.setEnabled(False)
        self.facts.say([])
        sides = self.sides()
        if sides is None:
            return
        source, target = sides
        me = self._frame.verbs.me

        def show(plan: MergePlan) -> None:
            if self.sides() == sides:
                self.facts.say(told(plan, source, target))
                self.yes.setEnabled(True)

        def refuse(sentence: str) -> None:
            if self.sides() == sides:
                self.facts.say([sentence])

        self._frame.verbs.ask(lambda made: linking.plan(made, source.id, target.id, me), show, refused=refuse)

    def carry_out(self) -> None:
        sides, me = self.sides(), self._frame.verbs.me
        if sides is None:
            return
        source, target = sides

        def operate(work: Work) -> None:
            linking.merge(work, source.id, target.id, me)

        title = N_("Merge {source} into {target}")
        self._frame.verbs.do(title, operate, source=source.case_no, target=target.case_no)


def told(plan: MergePlan, source: Case, target: Case) -> list[str]:
    """Say what a merge would do, in sentences."""
    named: dict[str, Any] = {"case": source.case_no, "other": target.case_no}
    sentences = [_("{other} stands for {case}.", **named)]
    if plan.entries:
        sentences.append(_entries_told(plan, named))
    if plan.files or plan.follow_ups:
        sentences.append(_("These stay its own and show there too: {things}.", things=_things_told(plan)))
    if plan.clocks:
        sentences.append(_("The clocks of {case} stop counting; those of {other} go on.", **named))
    if plan.stood_for:
        sentences.append(
            n_("{n} case that it stands for comes along.", "{n} cases that it stands for come along.", plan.stood_for)
        )
    if plan.across:
        sentences.append(_("The two have different requesters; you may merge them as a lead."))
    if plan.differences:
        fields = ", ".join(_(field_of(Case, name).label) for name, _mine, _theirs in plan.differences)
        sentences.append(_("{other} keeps its own: {fields}.", other=target.case_no, fields=fields))
    return sentences


def _things_told(plan: MergePlan) -> str:
    files = n_("{n} file", "{n} files", plan.files) if plan.files else ""
    follow_ups = n_("{n} open follow-up", "{n} open follow-ups", plan.follow_ups) if plan.follow_ups else ""
    return ", ".join(part for part in (files, follow_ups) if part)


def _entries_told(plan: MergePlan, named: dict[str, Any]) -> str:
    return n_(
        "{n} entry of {case} shows in {other} as well, marked as from there.",
        "{n} entries of {case} show in {other} as well, marked as from there.",
        plan.entries,
        **named,
    )
