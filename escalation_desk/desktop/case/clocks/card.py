"""The clocks of a case: how each stands, why on demand; and what law or a platform demands by a date."""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.clocks import deadlines, misses
from escalation_desk.casework.clocks.facts import ClockState
from escalation_desk.casework.clocks.records import Deadline
from escalation_desk.casework.clocks.working import seconds
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.asking import ask_words
from escalation_desk.desktop.case.clocks.asking import BeganAt, OwnDeadline, WhyMissed
from escalation_desk.desktop.case.clocks.words import Said, deadline_said, name_of, said
from escalation_desk.desktop.case.refilling import Refilled
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import Chip, PlainLabel, button, icon_button, literal
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal.deadlines import Stands, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from escalation_desk.casework.clocks.facts import Clock as Measured
    from escalation_desk.casework.clocks.records import DeadlineRule, DeadlineSide
    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work

_NAMED = 60


class ClocksCard(Refilled):
    """What somebody waits for comes first; what is over folds away, unless nobody has said why it was missed."""

    def __init__(self, frame: Frame, clock: Callable[[], Clock]) -> None:
        super().__init__(_("Clocks"))
        self._frame = frame
        self._clock = clock
        self._case = ""
        self._stands: Stands | None = None
        self._all = False
        self._explained: set[tuple[str, int]] = set()
        self._add = icon_button("plus", _("External deadline"), self.offer)
        self.acts.addWidget(self._add)

    def show_sight(self, sight: Sight) -> None:
        self._case = case_id = sight.case.id
        view = self._clock()
        self._frame.verbs.ask(lambda made: standing(made, case_id, view.now, view.zone), self._show, refused=_nothing)

    def enter(self) -> None:
        """Go to the explanation of the first clock."""
        found = [one for one in self.findChildren(QWidget) if one.property("explains")]
        (found[0] if found else self._add).setFocus()

    def offer(self) -> None:
        """Offer the rules that may hold for this case, and a deadline by hand."""
        menu = QMenu(self)
        for rule in self._stands.offered if self._stands else ():
            menu.addAction(QIcon(), literal(rule.name), lambda rule=rule: self._ask_begin(rule))
        menu.addAction(_("Another deadline…"), self._ask_own)
        menu.popup(self._add.mapToGlobal(self._add.rect().bottomLeft()))

    # Acts

    def _ask_begin(self, rule: DeadlineRule) -> None:
        BeganAt(self, rule, self._clock, lambda begins, note: self._add_by_rule(rule, begins, note)).open()

    def _ask_own(self) -> None:
        OwnDeadline(self, self._clock, self._add_own).open()

    def _add_by_rule(self, rule: DeadlineRule, begins: datetime, note: str) -> None:
        if self._stands:
            made = deadlines.by_rule(rule, self._stands.case, begins)
            made.note = note or None
            self._do(N_("Deadline “{what}” on {case}"), lambda work: work.add(made), made.title)

    def _add_own(self, title: str, due: datetime, side: DeadlineSide) -> None:
        if self._stands:
            made = deadlines.by_hand(self._stands.case, title, due, side)
            self._do(N_("Deadline “{what}” on {case}"), lambda work: work.add(made), made.title)

    def _meet(self, one: Deadline) -> None:
        title = N_("Deadline “{what}” met on {case}")
        self._do(title, lambda work: deadlines.meet(work.get(Deadline, one.id), work.now, work.now), one.title)

    def _ask_drop(self, one: Deadline) -> None:
        question = _("Why does “{what}” not hold any more?", what=one_line(one.title, _NAMED))
        ask_words(self, question, _("Drop it"), lambda why: self._drop(one, why))

    def _drop(self, one: Deadline, why: str) -> None:
        title = N_("Drop the deadline “{what}” on {case}")
        self._do(title, lambda work: deadlines.drop(work.get(Deadline, one.id), why), one.title)

    def _ask_why(self, clock: Measured) -> None:
        WhyMissed(self, name_of(clock), lambda why, ours: self._keep_why(clock, why, ours=ours)).open()

    def _keep_why(self, clock: Measured, why: str, *, ours: bool) -> None:
        me, case_id = self._frame.verbs.me, self._case

        def operate(work: Work) -> None:
            case = work.get(Case, case_id)
            case.breaches = misses.explained(case, clock, controllable=ours, why=why, me=me.id, now=work.now)

        self._do(N_("Why “{what}” was missed on {case}"), operate, name_of(clock))

    def _do(self, title: str, operate: Callable[[Work], object], what: str) -> None:
        if self._stands:
            case_no = self._stands.case.case_no
            self._frame.verbs.do(title, operate, case=case_no, what=one_line(what, _NAMED))

    # Showing

    def _show(self, stands: Stands) -> None:
        if stands.case.id == self._case:
            self._stands = stands
            self._draw(stands)

    def _draw(self, stands: Stands) -> None:
        now = self._clock()
        asking: list[tuple[tuple[bool, bool, int], Callable[[], QWidget]]] = []
        over: list[Callable[[], QWidget]] = []
        missed = misses.unexplained(stands.case, tuple(clock for clock, _why in stands.clocks))
        for clock, why in stands.clocks:
            row = partial(self._clock_row, clock, why, stands.case, now)
            if clock.open or clock in missed:
                asking.append((_order(clock.due_at, waits=clock.open), row))
            else:
                over.append(row)
        for one in stands.deadlines:
            row = partial(self._deadline_row, one, now)
            if one.open:
                asking.append((_order(seconds(one.due_at) if one.due_at else None, waits=True), row))
            else:
                over.append(row)
        made: list[QWidget] = [row() for _place, row in sorted(asking, key=itemgetter(0))]
        made = made or [PlainLabel(_("No clock runs."), Role.MUTED)]
        if over:
            text = _("Hide what is over") if self._all else n_("{n} over", "{n} over", len(over))
            made.append(button(text, self._flip, kind="link"))
        self.refill([*made, *(row() for row in (over if self._all else ()))])

    def _flip(self) -> None:
        self._all = not self._all
        self._redraw()

    def _redraw(self) -> None:
        if self._stands:
            self._draw(self._stands)

    def _clock_row(self, clock: Measured, explanation: str, case: Case, now: Clock) -> QWidget:
        name, key = name_of(clock), (str(clock.kind), clock.cycle)
        ask = icon_button("help", _("Why: {clock}", clock=name), lambda: self._explain(key))
        ask.setProperty("explains", True)
        more: list[QWidget] = []
        if key in self._explained:
            more.append(PlainLabel(explanation, Role.SMALL, wrap=True).selectable())
        if clock.state is not ClockState.BREACHED:
            return _row(name, said(clock, now), [ask], more)
        known = misses.why_missed(case, clock.kind, clock.cycle)
        if known is None:
            return _row(name, said(clock, now), [ask], more, beside=self._asks_why(clock))
        return _row(name, said(clock, now), [ask], [*more, _why_said(known)])

    def _asks_why(self, clock: Measured) -> QWidget:
        made = button(_("Say why it was missed"), lambda: self._ask_why(clock), kind="link")
        made.setAccessibleName(_("Say why it was missed: {clock}", clock=name_of(clock)))
        return made

    def _explain(self, key: tuple[str, int]) -> None:
        self._explained ^= {key}
        self._redraw()

    def _deadline_row(self, one: Deadline, now: Clock) -> QWidget:
        what = one_line(one.title, _NAMED)
        acts = [
            icon_button("check", _("Met: {what}", what=what), lambda: self._meet(one)),
            icon_button("close", _("Drop: {what}", what=what), lambda: self._ask_drop(one)),
        ]
        note = [PlainLabel(one.note, Role.SMALL, wrap=True).selectable()] if one.note else []
        return _row(one.title, deadline_said(one, now), acts if one.open else [], note)


def _why_said(known: Mapping[str, object]) -> QWidget:
    why = str(known.get("why", ""))
    ours = bool(known.get("controllable"))
    text = _("The desk could have prevented it: {why}", why=why) if ours else _("Beyond the desk: {why}", why=why)
    return PlainLabel(text, Role.SMALL, wrap=True)


def _row(
    title: str, stands: Said, acts: Iterable[QWidget], more: Iterable[QWidget], beside: QWidget | None = None
) -> QWidget:
    """Show one clock or deadline: its name and its state, what that means, what can be done."""
    letters = look().letters
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, letters.tight)
    row.setSpacing(letters.tight)
    words = QVBoxLayout()
    words.setSpacing(0)
    top = QHBoxLayout()
    top.setSpacing(letters.tight)
    top.addWidget(PlainLabel(title, wrap=True), 1)
    if beside is not None:
        top.addWidget(beside)
    words.addLayout(top)
    line = QHBoxLayout()
    line.setSpacing(letters.tight)
    line.addWidget(Chip(stands.state, stands.tone, stands.mark))
    line.addWidget(PlainLabel(stands.rest, Role.SMALL, wrap=True), 1)
    words.addLayout(line)
    for one in more:
        words.addWidget(one)
    row.addLayout(words, 1)
    for act in acts:
        row.addWidget(act)
    return holder


def _order(due: int | None, *, waits: bool) -> tuple[bool, bool, int]:
    """Put what is due first first, clock or deadline; what stands comes after what runs, what is over last."""
    return not waits, due is None, due or 0


def _nothing(_sentence: str) -> None:
    """Say nothing: a page whose case has gone says so itself."""
