"""Promises and reminders as lines of a card: what, by when, kept or moved, and what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.choices import FollowUpState
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import Chip, PlainLabel, icon_button
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.promises import FollowUp
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.seller.deeds import FollowUpDeeds


class FollowUpLine(QWidget):
    """One promise or reminder."""

    def __init__(
        self, one: FollowUp, clock: Clock, deeds: FollowUpDeeds, name: Callable[[str, str | None], str]
    ) -> None:
        super().__init__()
        self.record = one.id
        letters = look().letters
        self.setAccessibleName(one.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setSpacing(letters.tight)
        top.addWidget(PlainLabel(one.text, wrap=True).selectable(), 1)
        if one.state is FollowUpState.OPEN:
            for sign, said, act in (
                ("check", _("Done: {what}", what=one.name), deeds.finish),
                ("calendar", _("Move: {what}", what=one.name), deeds.ask_move),
                ("close", _("Cancel: {what}", what=one.name), deeds.ask_cancel),
            ):
                top.addWidget(icon_button(sign, said, lambda act=act: act([one.id], one.name)))  # type: ignore[misc]  # one of three.
        below = QHBoxLayout()
        below.setSpacing(letters.gap)
        word, tone = standing(one, clock)
        below.addWidget(Chip(word, tone or Tone.NEUTRAL), 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(PlainLabel(" · ".join(_facts(one, name)), Role.SMALL, wrap=True), 1)
        column.addLayout(top)
        column.addLayout(below)
        for sentence in moves_in_words(one, clock, name):
            column.addWidget(PlainLabel(sentence, Role.SMALL, wrap=True))


def standing(one: FollowUp, clock: Clock) -> tuple[str, Tone | None]:
    """Say how a promise stands: due, overdue, kept, late, cancelled."""
    if one.state is FollowUpState.CANCELLED:
        return _("Cancelled: {why}", why=one.why_cancelled or ""), Tone.NEUTRAL
    if one.state is FollowUpState.DONE:
        done = clock.short(one.done_at)
        if one.kept:
            return _("✓ Kept, {at}", at=done), Tone.GOOD
        return _("Moved, then done, {at}", at=done) if one.moved else _("Done late, {at}", at=done), Tone.WARN
    return clock.due(one.due_at), clock.due_tone(one.due_at)


def moves_in_words(one: FollowUp, clock: Clock, name: Callable[[str, str | None], str]) -> list[str]:
    """Tell each move of a date: from when to when, why, and by whom."""
    return [
        _(
            "Moved from {before} to {after}: {why} ({who})",
            before=clock.short(move.get("from")),
            after=clock.short(move.get("to")),
            why=move.get("why", ""),
            who=name("user", move.get("by")),
        )
        for move in one.moved
    ]


def _facts(one: FollowUp, name: Callable[[str, str | None], str]) -> list[str]:
    facts = [_(one.promised_by.label) if one.promised_by else _(one.form.label)]
    if one.to_whom:
        facts.append(_("to {name}", name=one.to_whom))
    if one.owner:
        facts.append(name("user", one.owner))
    if one.case:
        facts.append(name("case", one.case))
    if one.moved:
        facts.append(n_("moved once", "moved {n} times", len(one.moved)))
    return facts
