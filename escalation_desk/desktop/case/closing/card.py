"""What is written down before a case ends, in one card: root cause, exceptions from policy, second looks, sign-off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.closing.records import ExceptionState, LookAt, LookState
from escalation_desk.casework.closing.surroundings import Surroundings, is_high_risk
from escalation_desk.desktop.case.closing.cause_dialog import CauseDialog
from escalation_desk.desktop.case.closing.deeds import EndingDeeds
from escalation_desk.desktop.case.closing.exception_dialog import ExceptionDialog
from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.case.refilling import Refilled
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Meaning, Tone
from escalation_desk.desktop.plain import Chip, PlainLabel, button
from escalation_desk.i18n import _
from escalation_desk.journal.guarding import surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.closing.records import ExceptionDecision, PeerReview, RootCause
    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.journal import Touched

_KINDS: Final = frozenset({"root_cause", "exception", "peer_review"})
_LOOKS: Final = {
    LookState.ASKED: Meaning(Tone.WARN, "○"),
    LookState.AGREED: Meaning(Tone.GOOD, "✓"),
    LookState.CHANGES: Meaning(Tone.BAD, "▲"),
    LookState.WITHDRAWN: Meaning(Tone.NEUTRAL, "×"),
}
_DECIDED: Final = {
    ExceptionState.ASKED: Meaning(Tone.WARN, "○"),
    ExceptionState.GRANTED: Meaning(Tone.GOOD, "✓"),
    ExceptionState.REFUSED: Meaning(Tone.BAD, "×"),
}


class EndingCard(Refilled):
    def __init__(self, frame: Frame, clock: Callable[[], Clock]) -> None:
        super().__init__(_("Cause and outcome"))
        self._frame = frame
        self._clock = clock
        self._sight: Sight | None = None
        self.around = Surroundings()
        self.deeds = EndingDeeds(frame, self, lambda: self._sight.case if self._sight else None)
        frame.verbs.changed.connect(self._changed)

    def show_sight(self, sight: Sight) -> None:
        self._sight = sight
        self._read()

    def enter(self) -> None:
        """Go to the first thing that can be done here."""
        links = [one for one in self.findChildren(QPushButton) if one.isVisibleTo(self)]
        if links:
            links[0].setFocus()

    def _changed(self, touched: Touched) -> None:
        if any(kind in _KINDS for kind, _id in touched):
            self._read()

    def _read(self) -> None:
        if self._sight:
            case = self._sight.case
            self._frame.verbs.ask(lambda made: surroundings(made, case), self._show)

    def _show(self, around: Surroundings) -> None:
        self.around = around
        if self._sight:
            self.refill(self._rows(self._sight.case, around))

    # What can be begun

    def begin_cause(self) -> None:
        """Find the root cause, or go on with the one that was begun."""
        sight = self._sight
        if sight:
            held = self.around.causes[-1] if self.around.causes else None
            CauseDialog(self._frame, self.deeds, sight, held).open()

    def begin_exception(self) -> None:
        if self._sight:
            ExceptionDialog(self._frame, self.deeds, self._sight.case).open()

    def begin_look(self) -> None:
        """Ask for a second look before the next end of the case."""
        if self._sight:
            resolved = self._sight.case.status is CaseStatus.RESOLVED
            self.deeds.ask_look(LookAt.CLOSING if resolved else LookAt.RESOLVING)

    # Showing

    def _rows(self, case: Case, around: Surroundings) -> Iterator[QWidget]:
        for cause in around.causes[-1:]:
            yield self._cause(cause)
        for decision in around.exceptions:
            yield self._exception(decision)
        for one in around.looks:
            yield self._look(one)
        if is_high_risk(case, around):
            yield self._signed(case)
        yield self._offers(case, around)

    def _cause(self, cause: RootCause) -> QWidget:
        said = [_(cause.confidence.label), _("by {name}", name=self._name(cause.by))]
        if cause.reviewed_by:
            said.append(_("reviewed by {name}", name=self._name(cause.reviewed_by)))
        acts = [(_("Open the root cause"), self.begin_cause)]
        if cause.by != self.deeds.me.id and not cause.reviewed_by and cause.cause:
            acts.append((_("Reviewed: I agree"), lambda: self.deeds.review_cause(cause)))
        return self._entry(_("Root cause"), cause.cause or cause.problem_statement, said, acts)

    def _exception(self, one: ExceptionDecision) -> QWidget:
        said = [_("asked by {name}", name=self._name(one.asked_by))]
        if one.decided_by:
            said.append(_("decided by {name}", name=self._name(one.decided_by)))
        if one.condition:
            said.append(_("on condition: {what}", what=one.condition))
        acts: list[tuple[str, Callable[[], object]]] = []
        if one.state is ExceptionState.ASKED and self.deeds.me.leads:
            acts += [
                (_("Grant it…"), lambda: self.deeds.decide(one, True)),
                (_("Refuse it…"), lambda: self.deeds.decide(one, False)),
            ]
        words = _("Policy: {policy} We did: {done} Because: {why}", **_three(one))
        return self._entry(_("Exception from policy"), words, said, acts, _(one.state.label), _DECIDED[one.state])

    def _look(self, one: PeerReview) -> QWidget:
        said = [_(one.about.label), _("asked by {name}", name=self._name(one.asked_by))]
        if one.asked_of:
            said.append(_("of {name}", name=self._name(one.asked_of)))
        if one.answered_by:
            said.append(_("answered by {name}", name=self._name(one.answered_by)))
        words = "\n".join(part for part in (one.text or "", f"→ {one.remark}" if one.remark else "") if part)
        label = _(one.state.label)
        return self._entry(_("Second look"), words, said, list(self._look_acts(one)), label, _LOOKS[one.state])

    def _look_acts(self, one: PeerReview) -> Iterator[tuple[str, Callable[[], object]]]:
        asked_it = one.asked_by == self.deeds.me.id
        if one.state is LookState.ASKED and not asked_it:
            yield _("Agree"), lambda: self.deeds.agree(one)
            yield _("Want changes…"), lambda: self.deeds.want_changes(one)
        if one.state in {LookState.ASKED, LookState.CHANGES} and (asked_it or self.deeds.me.leads):
            yield _("Withdraw it"), lambda: self.deeds.withdraw(one)

    def _signed(self, case: Case) -> QWidget:
        if case.signed_off_by:
            when = self._clock().short(case.signed_off_at)
            said = [_("{who}, {when}", who=self._name(case.signed_off_by), when=when)]
            return self._entry(_("Signed off"), "", said, [])
        acts = [(_("Sign off"), self.deeds.sign_off)] if self.deeds.me.leads else []
        return self._entry(_("High risk"), _("Needs the sign-off of a lead before it is closed."), [], acts)

    def _offers(self, case: Case, around: Surroundings) -> QWidget:
        acts: list[tuple[str, Callable[[], object]]] = []
        if not around.causes:
            acts.append((_("Find the root cause…"), self.begin_cause))
        acts.append((_("Exception from policy…"), self.begin_exception))
        if case.status is not CaseStatus.CLOSED:
            acts.append((_("Ask for a second look…"), self.begin_look))
        if not case.live:
            acts.append((_("New case that follows"), self.deeds.follow_on))
        return _links(acts)

    def _entry(
        self,
        title: str,
        words: str,
        said: Sequence[str],
        acts: Sequence[tuple[str, Callable[[], object]]],
        state: str = "",
        shown: Meaning | None = None,
    ) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, look().letters.tight)
        column.setSpacing(0)
        head = FlowBox(look().letters.tight)
        head.flow.addWidget(PlainLabel(title, Role.STRONG))
        if shown:
            head.flow.addWidget(Chip(state, shown.tone, shown.mark))
        column.addWidget(head)
        if words:
            column.addWidget(PlainLabel(words, wrap=True).selectable())
        if said:
            column.addWidget(PlainLabel(" · ".join(said), Role.SMALL, wrap=True))
        if acts:
            column.addWidget(_links(acts))
        return holder

    def _name(self, user: str | None) -> str:
        return self._sight.name("user", user) if self._sight else user or ""


def _three(one: ExceptionDecision) -> dict[str, str]:
    """Give the three parts of an exception as sentences, each with its full stop."""
    parts = {"policy": one.policy_says, "done": one.we_did, "why": one.because}
    return {name: text if text.endswith((".", "!", "?", "。")) else f"{text}." for name, text in parts.items()}


def _links(acts: Sequence[tuple[str, Callable[[], object]]]) -> QWidget:
    holder = FlowBox(look().letters.gap)
    for text, act in acts:
        holder.flow.addWidget(button(text, act, kind="link"))
    return holder
