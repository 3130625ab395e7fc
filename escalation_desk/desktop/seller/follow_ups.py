"""The promises and follow-ups of the desk: by day, with what can be done; kept and moved ones stay visible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QVBoxLayout

from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.views import FOLLOW_UP_VIEWS
from escalation_desk.desktop.case.sight import Names, names_of
from escalation_desk.desktop.plain import EmptyState, button
from escalation_desk.desktop.queue.facets import Facet
from escalation_desk.desktop.seller.agenda import Agenda
from escalation_desk.desktop.seller.days import days_ahead
from escalation_desk.desktop.seller.deeds import FollowUpDeeds
from escalation_desk.desktop.seller.follow_up_detail import Detail
from escalation_desk.desktop.seller.records import RecordsPlace
from escalation_desk.i18n import _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection

_SHOWS: Final = ("follow_up", "case", "seller", "user")
_BY_DAY: Final = frozenset({"my-follow-ups", "follow-ups-today", "promises"})
"""The views that begin grouped: what is done needs no days."""


class FollowUpsPlace(RecordsPlace):
    """The middle of the window while people keep promises."""

    icon: Final = "follow-ups"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "follow_up", FOLLOW_UP_VIEWS, _("Follow-ups"), _SHOWS)
        self.deeds = FollowUpDeeds(frame, self)
        self.as_calendar = button(_("Show as calendar"), self._flip, kind="quiet", sign="calendar")
        self.as_calendar.setCheckable(True)
        self.head.acts.addWidget(self.as_calendar)
        self.agenda = Agenda(frame, self.clock)
        self.agenda.hide()
        self.agenda.opened.connect(self._open)
        self.detail = Detail(self.deeds)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)  # noqa: S101 - the place has just laid itself out; for the type checker.
        column.addWidget(self.agenda, 1)
        column.addWidget(self.detail)
        self.table.current_changed.connect(self._read)
        self.table.selection_changed.connect(self._selected)
        self.detail.opened.connect(self._open)
        self.detail.several.connect(self._with_selected)
        self.table.set_empty(
            EmptyState(
                "follow-ups",
                _("Nothing is due here"),
                detail=_("Promises come from notes and messages; choose another view to see those that were kept."),
            )
        )

    def grouping(self) -> Facet | None:
        return Facet("due", days_ahead("due_at").label, spans=days_ahead("due_at"), now=self.now())

    def grouped_first(self, code: str) -> str | None:
        return "due" if code in _BY_DAY else None

    def open_record(self, record: str) -> None:
        """Open what it is about: the case, or the seller."""

        def go(found: FollowUp) -> None:
            if found.case:
                self._frame.open_case(found.case)
            elif found.seller:
                self._frame.open_seller(found.seller)

        self._frame.verbs.ask(lambda made: reading.record(made, FollowUp, record), go)

    def show_calendar(self, *, shown: bool) -> None:
        """Show the follow-ups as a calendar, or as the list again; the keyboard goes along."""
        self.as_calendar.setChecked(shown)
        self.agenda.setVisible(shown)
        head = self.head
        narrowing = (head.quick, head.filter, head.group, head.columns, head.excel, *head.views.values())
        for part in (self.body, self.detail, *narrowing):
            part.setVisible(not shown)
        if shown:
            self.agenda.read()
        self.setFocusProxy(self.agenda if shown else self.table)
        self.setFocus()

    def _flip(self) -> None:
        self.show_calendar(shown=self.as_calendar.isChecked())

    def refresh(self) -> None:
        super().refresh()
        if self.agenda.isVisible():
            self.agenda.read()
        self._read(self.table.current_id())

    def _read(self, record: str) -> None:
        if not record:
            self.detail.show_one(None, {}, self.clock())
            return

        def read(made: Connection) -> tuple[FollowUp, Names]:
            found = reading.record(made, FollowUp, record)
            names = names_of(made, found)
            movers = [move.get("by", "") for move in found.moved]
            names["user"] = {**names.get("user", {}), **reading.names(made, "user", movers)}
            return found, names

        def show(found: tuple[FollowUp, Names]) -> None:
            if found[0].id == self.table.current_id():
                self.detail.show_one(*found, self.clock())

        self._frame.verbs.ask(read, show, refused=lambda _sentence: None)

    def _selected(self, count: int) -> None:
        self.detail.show_many(count)

    def _with_selected(self, act: str) -> None:
        acts: dict[str, Callable[[list[str], str], Any]] = {
            "done": self.deeds.finish,
            "move": self.deeds.ask_move,
            "cancel": self.deeds.ask_cancel,
        }
        self.table.with_selected(lambda ids: acts[act](ids, self.detail.text) if ids else None)

    def _open(self, kind: str, record: str) -> None:
        (self._frame.open_case if kind == "case" else self._frame.open_seller)(record)
