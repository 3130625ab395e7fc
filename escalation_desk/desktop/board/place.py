"""The lead's board as a place of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.lists import Condition, ListQuery, Op
from escalation_desk.casework.people import User
from escalation_desk.casework.views import NEXT_BEST, Now
from escalation_desk.desktop.board.people import Owned, PeopleTree
from escalation_desk.desktop.board.sections import SECTIONS, read_sections
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import Card, PlainLabel
from escalation_desk.desktop.today.cards import Columns, SectionCard, page_in
from escalation_desk.i18n import N_, _
from escalation_desk.journal import listing
from escalation_desk.journal.load import Load, loads

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.desktop.today.day import Line
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

_PAUSE: Final = 300
_SHOWN: Final = 100
LIMIT: Final = 25
"""More open cases than this at once are too many for one person; a lead sees a sign (features.md Q15)."""


def _owned(row: listing.Row, clock: Clock) -> Owned:
    case_no, title, priority, due = row.values
    return Owned(row.id, case_no, title, priority, clock.due(due), clock.due_tone(due))


class BoardPlace(QWidget):
    """What is about to go wrong, and who has how much."""

    icon: Final = "board"
    renamed = Signal(str)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.refresh)
        self._cards = {section.code: SectionCard(frame, section) for section in SECTIONS}
        self.people = PeopleTree()
        self._lay_out()
        self.people.unfolded.connect(self._unfold)
        self.people.given.connect(self.give)
        self.people.opened.connect(frame.open_case)
        self.setFocusProxy(self.people)
        frame.verbs.changed.connect(self._read_soon)
        frame.minute.connect(self.refresh)
        self.refresh()

    def title(self) -> str:
        return _("Board")

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._read_soon()

    def _read_soon(self, _touched: object = None) -> None:
        """Wait for what comes at once. A method, so that a board that is gone is called no more."""
        self._pause.start()

    def refresh(self) -> None:
        verbs, clock = self._frame.verbs, self._clock()
        now = Now(verbs.me.id, clock.now, clock.day_end)

        def read(made: Connection) -> tuple[dict[str, tuple[list[Line], int]], list[Load]]:
            return read_sections(made, now, clock), loads(made, clock.now, clock.day_end)

        verbs.ask(read, lambda found: self._show(*found, clock), slow=True)

    def give(self, cases: list[str], user: str) -> None:
        """Let somebody have cases: a lead gives them, anybody else offers them."""
        me = self._frame.verbs.me

        def operation(work: Work) -> None:
            to = work.get(User, user)
            for one in cases:
                case = work.get(Case, one)
                if case.owner == user:
                    continue
                if me.leads:
                    acts.assign(case, user)
                else:
                    acts.offer(case, to, me, work.now)

        self._frame.verbs.do(N_("Give cases to a colleague"), operation)

    def _show(self, sections: dict[str, tuple[list[Line], int]], counted: list[Load], clock: Clock) -> None:
        for code, (lines, count) in sections.items():
            self._cards[code].show_lines(lines, count)
        self.people.show_loads(counted, LIMIT, clock)

    def _unfold(self, user: str) -> None:
        clock = self._clock()

        def read(made: Connection) -> list[Owned]:
            owned = Condition("owner", Op.IS, user) if user else Condition("owner", Op.EMPTY)
            query = ListQuery("case", (Condition("live", Op.IS, value=True), owned), NEXT_BEST)
            rows = listing.page(made, query, ("case_no", "title", "priority", "next_due_at"), limit=_SHOWN)
            return [_owned(row, clock) for row in rows]

        self._frame.verbs.ask(read, lambda cases: self.people.show_cases(user, cases))

    def _clock(self) -> Clock:
        return Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())

    def _lay_out(self) -> None:
        column = page_in(self)
        column.addWidget(PlainLabel(_("Board"), Role.TITLE))
        column.addWidget(PlainLabel(_("What is about to go wrong, and who has how much."), Role.MUTED, wrap=True))
        column.addWidget(Columns([self._cards[section.code] for section in SECTIONS]))
        whole = Card(_("Who has how much"))
        whole.body.addWidget(
            PlainLabel(_("Unfold a person, then drag a case to somebody else, or press A."), Role.MUTED, wrap=True)
        )
        self.people.setMinimumHeight(look().letters.px(22))
        whole.body.addWidget(self.people)
        column.addWidget(whole)
        column.addStretch(1)
