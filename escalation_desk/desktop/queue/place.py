"""The queue: one view of the cases, narrowed, ordered and grouped as somebody wants it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from escalation_desk.casework.lists import ListQuery, Order
from escalation_desk.casework.views import Now
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.queue.beside import Beside
from escalation_desk.desktop.queue.cells import indexed
from escalation_desk.desktop.queue.columns_kept import ColumnsKept
from escalation_desk.desktop.queue.head import QueueHead
from escalation_desk.desktop.queue.source import ListSource
from escalation_desk.desktop.queue.views import ListView, Look, query_of_look
from escalation_desk.desktop.table import QueueTable, Row, RowSource
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QResizeEvent

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.desktop.queue.acts import CaseActs
    from escalation_desk.desktop.queue.facets import Facet
    from escalation_desk.desktop.queue.narrowing import Narrowing
    from escalation_desk.desktop.queue.view_acts import ViewActs
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Touched

# Several entries in a row (a bulk edit, an import's last moments) are read once.
_PAUSE: Final = 120
_FACETS_NEED: Final = 34  # letters
# A list is kept in the order of its main columns; by the others it is sorted anew for each page.
_SORTED_ANYHOW: Final = 100_000
_SHOWS: Final = frozenset({"case", "follow_up", "message", "user", "party", "seller", "team", "reason"})


class QueuePlace(QWidget):
    """The middle of the window while people work on cases."""

    icon: Final = "queue"
    current_changed = Signal(str)
    look_changed = Signal()
    renamed = Signal(str)
    menu_asked = Signal(QPoint)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self.view = ListView("mine", "")
        self.look = self.view.look
        self.query = ListQuery()
        self._source: ListSource | None = None
        self._following: dict[str, str] = {}
        self.table = QueueTable(name=_("Cases"))
        self.head = QueueHead(frame.kept)
        self.beside = Beside(frame, self)
        self.columns = ColumnsKept(self.table, frame.kept, self._want_columns)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self._connect()

    def title(self) -> str:
        return self.view.title

    @cached_property
    def acts(self) -> CaseActs:
        """What is done with the selected cases; loaded with the first act, not with the window."""
        from escalation_desk.desktop.queue.acts import CaseActs

        return CaseActs(self._frame, self)

    @cached_property
    def views(self) -> ViewActs:
        """What is done with the view on the screen; loaded as `acts` are."""
        from escalation_desk.desktop.queue.view_acts import ViewActs

        return ViewActs(self._frame, self)

    # What is shown

    def show_view(self, view: ListView, looked: Look | None = None) -> None:
        """Show a view as it was left; what is typed into the quick filter goes along when it is pinned."""
        kept: Any = {} if view.record else self._frame.kept.get(f"look:{view.code}", {})
        own = view.look if view.record else Look.of(view.code, kept)
        shown = looked or replace(own, search=self.head.pinned_search() or own.search)
        self.view = view
        self.head.show_view(view)
        self.renamed.emit(view.title)
        self.columns.lay_out(view)
        self._look_at(shown)

    def name_view(self, view: ListView) -> None:
        """Take another name and other rights for the view on the screen: it was renamed, shared, or just read."""
        if view.code == self.view.code:
            self.view = view
            self.head.show_name(view)
            self.renamed.emit(view.title)

    def change(self, looked: Look) -> None:
        """Look at the same view in another way."""
        self._look_at(looked)

    def refresh(self) -> None:
        """Read again what is on the screen; the clock has moved, or somebody changed something."""

        def take(query: ListQuery) -> None:
            if self._source is not None and looked is self.look:
                self.query = self._source.query = query
                self.table.refresh()

        looked, now = self.look, self.now()
        self._frame.verbs.ask(lambda made: query_of_look(made, looked, now), take)
        self.beside.follow()

    def clock(self) -> Clock:
        return Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())

    def now(self) -> Now:
        clock = self.clock()
        me = self._frame.verbs.me
        return Now(me.id, clock.now, clock.day_end, me.team or "")

    def _look_at(self, looked: Look) -> None:
        self.look = looked
        self._keep_look()
        self.head.show_look(looked)
        self._frame.verbs.ask(self._reader(looked), self._show)
        self.look_changed.emit()

    def _reader(self, looked: Look) -> Callable[[Connection], tuple[Look, ListQuery, list[Narrowing]]]:
        now = self.now()

        def read(made: Connection) -> tuple[Look, ListQuery, list[Narrowing]]:
            return looked, query_of_look(made, looked, now), _narrowings(made, looked, now)

        return read

    def _show(self, found: tuple[Look, ListQuery, list[Narrowing]]) -> None:
        looked, query, narrowings = found
        if looked is not self.look:
            return  # Somebody has clicked on since.
        self.query = query
        self.beside.show_chips(narrowings)
        grouping = self._facet(looked.group) if looked.group else None
        shown = [place.id for place in self.table.columns.places() if place.shown]
        self._source = ListSource(self._frame.verbs, query, self.clock, shown, grouping, self._there)
        self.table.show_source(self._dressed(self._source, looked))
        self.columns.lay_out(self.view)
        first = looked.order[0] if looked.order else None
        self.table.columns.show_sorting(first.field if first else "", descending=bool(first and first.descending))
        self.beside.follow()

    def _there(self) -> Mapping[str, Sequence[str]]:
        """Say who else has which case open."""
        return self._frame.link.there

    def _facet(self, code: str) -> Facet | None:
        from escalation_desk.desktop.queue.facets import facet_of  # Few first pages are grouped.

        return facet_of("case", code, self.now())

    def _dressed(self, source: ListSource, looked: Look) -> RowSource:
        """Let the rows wear the colours of the view, if it has any."""
        if not looked.colours:
            return source
        from escalation_desk.desktop.queue.colouring import Coloured  # Few views have colours, and none at the start.

        return Coloured(self._frame.verbs, source, looked.colours, self.now)

    # Narrowing, sorting, grouping

    def pick(self, facet: str, keys: tuple[str, ...]) -> None:
        self.change(self.look.picked(facet, keys))

    def take_away(self, code: str) -> None:
        if not code:
            self.head.clear_search()
            kept = self.look
            self.change(Look(kept.base, order=kept.order, group=kept.group, colours=kept.colours))
        elif code == "search":
            self.head.clear_search()
        elif code == "group":
            self.change(replace(self.look, group=None))
        elif code == "order":
            self.change(replace(self.look, order=()))
        else:
            self.pick(code, ())

    def _sort(self, column: str, descending: bool, add: bool) -> None:
        """Sort by a column; with Shift it becomes one more key behind those there are."""
        if not indexed("case", column) and (self.table.rows.count or 0) > _SORTED_ANYHOW:
            limit = f"{_SORTED_ANYHOW:,}"
            self._frame.tell(_("Narrow this list to {n} cases at most to sort it by that column.", n=limit), "refused")
            return
        order = Order("received_at", not descending) if column == "age" else Order(column, descending)
        kept = tuple(key for key in self.look.order if key.field != order.field) if add else ()
        self.change(replace(self.look, order=(*kept, order)))

    def _search(self, text: str) -> None:
        if text != self.look.search:
            self.change(replace(self.look, search=text))

    def _group(self, facet: str) -> None:
        self.change(replace(self.look, group=facet or None))

    def show_facets(self, *, shown: bool) -> None:
        self._frame.kept.put("queue.facets", shown)
        self._fit_facets()

    def _fit_facets(self) -> None:
        """Show the facets where they are wanted and leave room for a list."""
        room = self.width() > look().letters.px(_FACETS_NEED) or not self.isVisible()
        shown = bool(self._frame.kept.get("queue.facets", False)) and room
        self.beside.show_facets(shown=shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_facets()

    def _want_columns(self, shown: list[str]) -> None:
        if self._source is not None and self._source.want(shown):
            self.table.refresh()

    # From case to case

    def open_current(self) -> None:
        if self.table.current_id():
            self._open(self.table.current_id())

    def open_behind(self) -> None:
        """Open the current case and stay in the list."""
        if self.table.current_id():
            self._frame.open_case(self.table.current_id(), behind=True)

    def clear(self) -> None:
        """Take all filters away."""
        self.take_away("")

    def _open(self, case_id: str) -> None:
        """Open a case; the one behind it is remembered, for this one may be gone from the list when it is done."""
        at = self.table.currentIndex().row()
        following = self.table.rows.line(at + 1) if at + 1 < self.table.rows.rowCount() else None
        if isinstance(following, Row):
            self._following[case_id] = following.id
        self._frame.open_case(case_id)

    def go_on(self, case_id: str) -> None:
        """Open the case after one that was opened from here."""
        if self.table.go_to(case_id):
            self.table.step(1)
        elif not self.table.go_to(self._following.get(case_id, "")):
            self.table.step(0)
        if self.table.current_id() and self.table.current_id() != case_id:
            self.open_current()

    # Wiring

    def _show_view_menu(self, at: QPoint) -> None:
        self.views.show_menu(at)

    def _keep_look(self) -> None:
        """Remember how a view of the desk is looked at; a saved one comes back as it was saved."""
        self._frame.kept.put("look", [self.view.code, self.look.definition()])
        if not self.view.record:
            self._frame.kept.put(f"look:{self.view.code}", replace(self.look, search="").definition())

    def _changed(self, touched: Touched) -> None:
        if any(kind in _SHOWS for kind, _id in touched):
            self._pause.start()

    def _connect(self) -> None:
        self.table.opened.connect(self._open)
        self.table.current_changed.connect(self.current_changed)
        self.table.selection_changed.connect(self.beside.show_selected)
        self.table.rows.counted.connect(self.head.show_count)
        self.table.rows.counted.connect(self.beside.show_count)
        self.table.columns.sort_asked.connect(self._sort)
        self.head.searched.connect(self._search)
        self.head.grouped.connect(self._group)
        self.head.facets_asked.connect(lambda shown: self.show_facets(shown=shown))
        self.head.columns_asked.connect(lambda at: self.table.columns.chooser().popup(at))
        # Through methods of ours, so that connecting loads nothing yet.
        self.head.view_menu_asked.connect(self._show_view_menu)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(
            lambda at: self.menu_asked.emit(self.table.viewport().mapToGlobal(at))
        )
        self._pause.timeout.connect(self.refresh)
        self._frame.minute.connect(self.refresh)
        self._frame.verbs.changed.connect(self._changed)

    def _lay_out(self) -> None:
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.body = QSplitter(Qt.Orientation.Horizontal)
        self.body.addWidget(self.table)
        self.body.setChildrenCollapsible(False)
        self.column.addWidget(self.head)
        self.column.addWidget(self.body, 1)
        shown = bool(self._frame.kept.get("queue.facets", False))
        self.head.filter.setChecked(shown)
        self.show_facets(shown=shown)


def _narrowings(made: Connection, looked: Look, now: Now) -> list[Narrowing]:
    if not looked.is_narrowed:
        return []
    from escalation_desk.desktop.queue.narrowing import narrowings  # Few first pages are narrowed.

    return narrowings(made, looked, now)
