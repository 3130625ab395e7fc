"""The parts of the page of sync: the card of the standing, sections with their counts, lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.moments import Clock, zone_of
from escalation_desk.desktop.plain import Card, NameLabel, PlainLabel, Sign, button
from escalation_desk.desktop.sync.signs import WHAT_TO_DO, shown
from escalation_desk.i18n import _
from escalation_desk.sync.standing import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.sharing.unsent import Unsent
    from escalation_desk.sync.standing import Standing


class StandingCard(Card):
    """How it stands, with whom, since when, and what can be done about it."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        letters = look().letters
        self._sign = Sign("offline", 1.5)
        self.sentence = PlainLabel("", Role.STRONG, wrap=True)
        self.detail = PlainLabel("", Role.MUTED, wrap=True)
        self.who = PlainLabel("", Role.MUTED, wrap=True)
        self.now = button(_("Sync now"), frame.link.nudge, sign="refresh")
        self.sign_in = button(_("Sign in again…"), self._sign_in, kind="first")
        words = QVBoxLayout()
        words.setSpacing(letters.px(0.2))
        for label in (self.sentence, self.detail, self.who):
            words.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(letters.wide)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.sign_in)
        row.addWidget(self.now)
        self.body.addLayout(row)
        self.body.setContentsMargins(letters.wide, letters.wide, letters.wide, letters.wide)
        self.sign_in.hide()

    def show_standing(self, standing: Standing) -> None:
        link, paused = self._frame.link, self._frame.link.paused
        seen = shown(standing, zone_of(self._frame.verbs.me), paused=paused)
        self._sign.show_sign(seen.sign, seen.tone)
        self.sentence.setText(seen.text)
        self.detail.setText(self._detail(standing))
        self.detail.setVisible(bool(self.detail.text()))
        if link.to is not None:
            self.who.setText(_("{login} at {url}", login=link.to.login, url=link.to.url))
        outside = standing.link in {Link.SIGNED_OUT, Link.REVOKED}
        self.sign_in.setVisible(outside)
        self.now.setVisible(not outside)
        self.now.setText(_("Go on") if paused else _("Sync now"))

    def _detail(self, standing: Standing) -> str:
        if self._frame.link.paused:
            return _("What has come stays; it goes on where it was.")
        parts = [_(WHAT_TO_DO[standing.link])] if standing.link in WHAT_TO_DO else []
        if standing.link is Link.FAULT and standing.why:
            parts.insert(0, standing.why)
        if standing.synced_at is not None:
            verbs = self._frame.verbs
            when = Clock.of(verbs.me, verbs.journal.now()).full(standing.synced_at)
            parts.append(_("Last exchange: {when}.", when=when))
        return " ".join(parts)

    def _sign_in(self) -> None:
        from escalation_desk.desktop.sync.sign_in import SignInDialog  # Asked once in a long while.

        window: Any = self._frame.window()
        SignInDialog(window).open()


class Section(Card):
    """A heading with a count, and widgets under it; a sentence where there are none."""

    def __init__(self, title: str, nothing: str) -> None:
        super().__init__(title)
        self._nothing = PlainLabel(nothing, Role.MUTED, wrap=True)
        self.count = PlainLabel("", Role.STRONG)
        self.acts.addWidget(self.count)
        self.body.addWidget(self._nothing)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(look().letters.gap)
        self.body.addLayout(self._rows)

    def show_widgets(self, widgets: Sequence[QWidget], count: int) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for one in widgets:
            self._rows.addWidget(one)
        self._nothing.setVisible(not widgets)
        self.count.setText(f"{count:,}" if count else "")


def line(text: str, time: str) -> QWidget:
    """Make a line of a title and a time."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(NameLabel(text), 1)
    row.addWidget(PlainLabel(time, Role.SMALL))
    made.setAccessibleName(f"{text}, {time}")
    return made


def refused_line(one: Unsent, clock: Clock, put_aside: Callable[[int], None]) -> QWidget:
    """Make the lines of an entry that was not taken: which, why, what to do."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(look().letters.px(0.15))
    column.addWidget(line(one.title, clock.short(one.at)))
    column.addWidget(PlainLabel(one.why or _("The server gave no reason."), tone=Tone.WARN, wrap=True))
    row = QHBoxLayout()
    advice = _("It stays in the history of this workstation. Do it again in another way, or ask your lead.")
    row.addWidget(PlainLabel(advice, Role.MUTED, wrap=True), 1)
    row.addWidget(button(_("Understood"), lambda: put_aside(one.number)))
    column.addLayout(row)
    made.setAccessibleName(f"{one.title}. {one.why}")
    return made
