"""What a case has with its authorities: who must be told by when, what was escalated, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from escalation_desk.casework.escalating.assessing import assessments
from escalation_desk.casework.escalating.matrix import because
from escalation_desk.casework.escalating.records import EscalationState
from escalation_desk.desktop.case.escalating import assessing
from escalation_desk.desktop.case.escalating.asking import spaced
from escalation_desk.desktop.case.escalating.deeds import EscalationDeeds
from escalation_desk.desktop.case.escalating.dialog import open_escalate
from escalation_desk.desktop.case.escalating.figures import took
from escalation_desk.desktop.case.escalating.paper import save_brief
from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.case.refilling import Refilled
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.plain import Chip, PlainLabel, button, icon_button
from escalation_desk.i18n import _, language, n_
from escalation_desk.journal import escalations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from escalation_desk.casework.escalating.matrix import Telling
    from escalation_desk.casework.escalating.records import Escalation
    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.escalations import Standing

_S = EscalationState


class EscalationsCard(Refilled):
    """Who must be told first, then what is open, what is over folds away. `read` comes with each look."""

    read = Signal(object)

    def __init__(self, frame: Frame, clock: Callable[[], Clock]) -> None:
        super().__init__(_("Escalations"))
        self._frame = frame
        self._clock = clock
        self._case = ""
        self.stands: Standing | None = None
        self._all = False
        self._earlier = False
        self.deeds = EscalationDeeds(frame, self)
        self.acts.addWidget(icon_button("plus", _("Escalate"), self.begin))

    def show_sight(self, sight: Sight) -> None:
        """Look how the case of the page stands."""
        self._case = case_id = sight.case.id
        now = self._frame.verbs.journal.now()
        self._frame.verbs.ask(lambda made: escalations.standing(made, case_id, now), self._show, refused=_nothing)

    def begin(self, first: str = "", again: str = "") -> None:
        """Ask whom to tell, and what."""
        if self._case:
            open_escalate(self._frame, self.deeds, self._case, first, again)

    def ask_restrict(self) -> None:
        """Ask why the case is restricted, or opened again."""
        if self.stands:
            self.deeds.ask_restrict(self.stands.case)

    def _show(self, stands: Standing) -> None:
        if stands.case.id == self._case:
            self.stands = stands
            self._draw(stands)
            self.read.emit(stands)

    def _draw(self, stands: Standing) -> None:
        clock = self._clock()
        rows = [self._due(one, stands, clock) for one in stands.tellings if one.escalation is None]
        rows += [self._row(one, stands, clock) for one in sorted(stands.escalations, key=_urgent) if one.state.open]
        over = [one for one in stands.escalations if not one.state.open]
        if not rows and not over:
            rows.append(PlainLabel(_("Nobody must be told now."), Role.MUTED))
        if over:
            text = _("Hide what is over") if self._all else n_("{n} over", "{n} over", len(over))
            rows.append(button(text, lambda: self._flip(stands), kind="link"))
            rows += [self._row(one, stands, clock) for one in over] if self._all else []
        self.refill([*rows, *self._assessed(stands, clock)])

    def _flip(self, stands: Standing) -> None:
        self._all = not self._all
        self._draw(stands)

    # What is at stake

    def _assessed(self, stands: Standing, clock: Clock) -> Iterator[QWidget]:
        """Show what is at stake as it was assessed last; what was said before folds away."""
        said = assessments(stands.case)
        if said:
            yield PlainLabel(_("What is at stake"), Role.STRONG)
            yield assessing.shown(said[0], stands.names, clock)
        if stands.case.live:
            text = _("Assess again…") if said else _("Say what is at stake…")
            yield button(text, lambda: self.deeds.ask_assessment(stands.case), kind="link")
        if said[1:]:
            text = _("Hide what was said before") if self._earlier else n_("{n} before", "{n} before", len(said) - 1)
            yield button(text, lambda: self._flip_earlier(stands), kind="link")
            yield from (assessing.shown(one, stands.names, clock) for one in said[1:] if self._earlier)

    def _flip_earlier(self, stands: Standing) -> None:
        self._earlier = not self._earlier
        self._draw(stands)

    # Rows

    def _due(self, one: Telling, stands: Standing, clock: Clock) -> QWidget:
        """Show who must be told, by when and why."""
        name = stands.ladder.name(one.authority)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, look().letters.tight)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(_("Tell {authority}", authority=name), wrap=True))
        words.addWidget(PlainLabel(clock.due(one.due_at), Role.SMALL, tone=clock.due_tone(one.due_at), wrap=True))
        reason = stands.reason.name if stands.reason else ""
        words.addWidget(PlainLabel(because(one, stands.case, reason), Role.SMALL, wrap=True))
        row.addLayout(words, 1)
        made = button(_("Escalate…"), lambda: self.begin(one.authority), kind="link")
        made.setAccessibleName(_("Escalate to {authority}", authority=name))
        row.addWidget(made)
        return holder

    def _row(self, one: Escalation, stands: Standing, clock: Clock) -> QWidget:
        """Show one escalation: to whom, how it stands, what was asked or decided, and what can be done."""
        holder = QWidget()
        column = spaced(holder)
        column.setContentsMargins(0, 0, 0, look().letters.tight)
        column.setSpacing(0)
        head = FlowBox(look().letters.tight)
        head.flow.addWidget(PlainLabel(stands.ladder.name(one.authority), Role.STRONG))
        shown = meaning(one.state)
        head.flow.addWidget(Chip(_(one.state.label), shown.tone, shown.mark))
        column.addWidget(head)
        column.addWidget(PlainLabel(one.decision or one.decision_asked, wrap=True).selectable())
        says, tone = _says(one, clock)
        column.addWidget(PlainLabel(says, Role.SMALL, tone=tone, wrap=True))
        if figures := took(one):
            column.addWidget(PlainLabel(figures, Role.SMALL, tone=Tone.BAD if one.late else None, wrap=True))
        column.addWidget(self._acts(one, stands))
        return holder

    def _acts(self, one: Escalation, stands: Standing) -> QWidget:
        """Offer the next act as words, all others in a menu."""
        name = stands.ladder.name(one.authority)
        holder = FlowBox(look().letters.gap)
        for text, act in self._next(one, stands):
            made = button(text, act, kind="link")
            made.setAccessibleName(_("{act}: {what}", act=text, what=name))
            holder.flow.addWidget(made)
        more = icon_button("more", _("More about the escalation to {authority}", authority=name))
        more.clicked.connect(lambda _on=False: self._open_more(one, stands, more))
        holder.flow.addWidget(more)
        return holder

    def _next(self, one: Escalation, stands: Standing) -> list[tuple[str, Callable[[], object]]]:
        deeds = self.deeds
        if one.state is _S.RAISED and one.notified_at is None:
            return [(_("Mark as sent"), lambda: deeds.ask_sent(one, stands))]
        if one.state is _S.RAISED:
            return [
                (_("Acknowledged"), lambda: deeds.ask_acknowledged(one, stands)),
                (_("Decided"), lambda: deeds.ask_decided(one, stands)),
            ]
        if one.state is _S.ACKNOWLEDGED:
            return [(_("Decided"), lambda: deeds.ask_decided(one, stands))]
        return [(_("Close"), lambda: deeds.close(one, stands))] if one.state is _S.DECIDED else []

    def _open_more(self, one: Escalation, stands: Standing, under: QWidget) -> None:
        menu = self.menu_of(one, stands)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    def menu_of(self, one: Escalation, stands: Standing) -> QMenu:
        """Make the menu of everything else that can be done with an escalation."""
        menu, deeds = QMenu(self), self.deeds
        menu.addAction(icon("copy"), _("Copy the text"), lambda: deeds.copy(one))
        menu.addAction(icon("export word"), _("Save the brief as Word…"), lambda: self._save(one, stands))
        menu.addSeparator()
        if one.state is _S.RAISED and one.notified_at is None:
            menu.addAction(icon("check"), _("Acknowledged…"), lambda: deeds.ask_acknowledged(one, stands))
        if one.state is _S.RAISED:
            menu.addAction(icon("user"), _("Goes to another…"), lambda: deeds.ask_another(one, stands))
        if one.state.unanswered:
            menu.addAction(icon("undo"), _("Withdraw…"), lambda: deeds.ask_withdraw(one, stands))
        if one.state in {_S.DECIDED, _S.CLOSED}:
            menu.addAction(icon("plus"), _("Ask again, something is new…"), lambda: self.begin(again=one.id))
        return menu

    def _save(self, one: Escalation, stands: Standing) -> None:
        from escalation_desk.casework.escalating.brief import of_escalation  # Only what leaves needs it here.

        save_brief(self._frame, stands.case, of_escalation(one), [stands.ladder.name(one.authority)], language())


def _urgent(one: Escalation) -> tuple[int, str]:
    """Put what nobody has acknowledged first, by the moment that matters next."""
    due = one.needed_by if one.notified_at and one.acknowledged_at else one.ack_due_at or one.notify_due_at
    return list(EscalationState).index(one.state), str(due or "9")


def _nothing(_sentence: str) -> None:
    """Say nothing: the page says itself that its case is gone."""


def _says(one: Escalation, clock: Clock) -> tuple[str, Tone | None]:
    """Say how an escalation stands, and in which tone."""
    sent = _sent(one, clock)
    if one.state is _S.RAISED and one.notified_at is None:
        return _not_sent(one, clock), clock.due_tone(one.notify_due_at) or Tone.WARN
    if one.state is _S.RAISED:
        due = _("acknowledgement {when}", when=clock.due_said(one.ack_due_at)) if one.ack_due_at else ""
        return " · ".join(filter(None, (sent, due))), clock.due_tone(one.ack_due_at)
    if one.state is _S.ACKNOWLEDGED:
        needed = _("decision {when}", when=clock.due_said(one.needed_by)) if one.needed_by else ""
        has = _("{name} has it since {when}", name=one.acknowledged_by or "–", when=clock.short(one.acknowledged_at))
        return " · ".join(filter(None, (has, needed))), clock.due_tone(one.needed_by)
    if one.state in {_S.DECIDED, _S.CLOSED}:
        return _("decided by {name}, {when}", name=one.decided_by or "–", when=clock.short(one.decided_at)), None
    if one.state is _S.WITHDRAWN:
        return _("withdrawn {when}: {why}", when=clock.short(one.ended_at), why=one.ended_why or "–"), None
    return " · ".join((sent, _("silent since {when}", when=clock.short(one.ack_due_at)))), None


def _not_sent(one: Escalation, clock: Clock) -> str:
    whom = one.told_whom or ""
    if one.notify_due_at is None:
        return _("not sent yet; to {name}", name=whom) if whom else _("not sent yet")
    return _("not sent yet; {when}", when=clock.due_said(one.notify_due_at))


def _sent(one: Escalation, clock: Clock) -> str:
    channel = _(one.channel.label) if one.channel else "–"
    when, name = clock.short(one.notified_at), one.told_whom or "–"
    return _("told {name}, {when}, {channel}", name=name, when=when, channel=channel)
