"""The page of sync: how it stands with the server, what is to be settled, what was not taken, what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.desktop.sync.conflict_card import ConflictCard
from escalation_desk.desktop.sync.differing import Differing, open_ones, settle
from escalation_desk.desktop.sync.parts import Section, StandingCard, line, refused_line
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal.sharing import unsent

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Touched
    from escalation_desk.sync.standing import Standing

_PAUSE: Final = 120
_MOST: Final = 50
_NO_CONFLICT: Final = N_("There is no conflict: what you and others changed went together.")
_HOW: Final = N_(
    "M takes mine, T takes theirs, B keeps both, J and K go on; Ctrl+Z takes it back. "
    "The other value stays in the history."
)
_ALL_TAKEN: Final = N_("The server has taken everything.")
_ALL_SENT: Final = N_("Nothing waits: the server has everything you did.")


class _Found(NamedTuple):
    """What the page shows."""

    conflicts: list[Differing]
    refused: list[unsent.Unsent]
    waiting: list[unsent.Unsent]


class SyncPlace(QWidget):
    icon: Final = "conflicts"
    renamed = Signal(str)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self.cards: list[ConflictCard] = []
        self._wants_focus = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.refresh)
        self.standing = StandingCard(frame)
        self.conflicts = Section(_("To settle"), _(_NO_CONFLICT))
        self.refused = Section(_("Not taken by the server"), _(_ALL_TAKEN))
        self.waiting = Section(_("Waits to be sent"), _(_ALL_SENT))
        self._lay_out()
        frame.verbs.changed.connect(self._changed)
        frame.link.stands.connect(self._stands)
        if frame.link.standing is not None:
            self._stands(frame.link.standing)
        self.refresh()

    def title(self) -> str:
        return _("Sync and conflicts")

    def refresh(self) -> None:
        verbs = self._frame.verbs
        clock, me = Clock.of(verbs.me, verbs.journal.now()), verbs.me.id

        def read(made: Connection) -> _Found:
            return _Found(open_ones(made, me, clock), unsent.not_taken(made, _MOST), unsent.waiting(made, _MOST + 1))

        verbs.ask(read, lambda found: self._show(found, clock))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Let the keys work on the first conflict."""
        super().focusInEvent(event)
        if self.cards:
            self.cards[0].setFocus()

    # Showing

    def _show(self, found: _Found, clock: Clock) -> None:
        at = next(
            (n for n, card in enumerate(self.cards) if card.isAncestorOf(self.focusWidget()) or card.hasFocus()), -1
        )
        self.cards = [self._card(one) for one in found.conflicts]
        how = [PlainLabel(_(_HOW), Role.MUTED, wrap=True)] if self.cards else []
        self.conflicts.show_widgets([*how, *self.cards], len(self.cards))
        self.refused.show_widgets(
            [refused_line(one, clock, self._put_aside) for one in found.refused], len(found.refused)
        )
        lines: list[QWidget] = [line(one.title, clock.short(one.at)) for one in found.waiting[:_MOST]]
        count = self._frame.link.standing.waiting if self._frame.link.standing else len(found.waiting)
        if len(found.waiting) > _MOST:
            lines.append(PlainLabel(n_("and {n} more", "and {n} more", max(count - _MOST, 1)), Role.MUTED))
        self.waiting.show_widgets(lines, max(count, len(lines)) if lines else 0)
        if at >= 0 or self.hasFocus():
            self._focus(max(at, 0))

    def _card(self, one: Differing) -> ConflictCard:
        card = ConflictCard(one, self._frame.open_case)
        card.settled.connect(self._settle)
        card.stepped.connect(lambda step: self._focus(self.cards.index(card) + step))
        return card

    def _focus(self, at: int) -> None:
        if self.cards:
            self.cards[min(max(at, 0), len(self.cards) - 1)].setFocus()
            self._scroll.ensureWidgetVisible(self.cards[min(max(at, 0), len(self.cards) - 1)])
        else:
            self.setFocus()

    def _stands(self, standing: Standing) -> None:
        self.standing.show_standing(standing)
        self._pause.start()

    def _changed(self, _touched: Touched) -> None:
        self._pause.start()

    # What is done

    def _settle(self, one: Differing, take: str) -> None:
        settle(self._frame.verbs, one, take)

    def _put_aside(self, number: int) -> None:
        def done() -> None:
            self._frame.link.count()
            self.refresh()

        self._frame.verbs.keep(unsent.PUT_ASIDE, [(number,)], done)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._pause.start()

    def _lay_out(self) -> None:
        letters = look().letters
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.page)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(self.title(), Role.TITLE))
        for part in (self.standing, self.conflicts, self.refused, self.waiting):
            column.addWidget(part)
        column.addStretch(1)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(page)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)


def _holds_focus(card: ConflictCard) -> bool:
    held: QWidget | None = card.window().focusWidget()
    return held is not None and (held is card or card.isAncestorOf(held))
