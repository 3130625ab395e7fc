"""The queue: one view of the cases, narrowed, ordered and grouped as somebody wants it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import fields_of
from escalation_desk.casework.lists import ListQuery, Order
from escalation_desk.casework.views import Now
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import EmptyState
from escalation_desk.desktop.queue.bulk_bar import BulkBar
from escalation_desk.desktop.queue.chips import FilterChips, Narrowing
from escalation_desk.desktop.queue.facet_panel import FIRST_OPEN, FacetPanel
from escalation_desk.desktop.queue.facets import facet_of, facets_of, label_of_key
from escalation_desk.desktop.queue.head import QueueHead
from escalation_desk.desktop.queue.source import ListSource
from escalation_desk.desktop.queue.views import ListView, Look, query_of_look
from escalation_desk.desktop.table import ColumnPlace, QueueTable, Row
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Touched

# Several entries in a row (a bulk edit, an import's last moments) are read once.
_PAUSE: Final = 120
_SHOWS: Final = frozenset({"case", "follow_up", "message", "user", "party", "seller", "team", "reason"})


class QueuePlace(QWidget):
    """The middle of the window while people work on cases."""

    icon: Final = "queue"
    current_changed = Signal(str)
    look_changed = Signal()
    renamed = Signal(str)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self.view = ListView("mine", "")
        self.look = self.view.look
        self.query = ListQuery()
        self._source: ListSource | None = None
        self._following: dict[str, str] = {}
        self._laying = False
        self.table = QueueTable(name=_("Cases"))
        self.head = QueueHead(frame.kept)
        self.chips = FilterChips()
        self.facets = FacetPanel()
        self.bulk = BulkBar()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self._connect()

    def title(self) -> str:
        return self.view.title

    # What is shown

    def show_view(self, view: ListView, look: Look | None = None) -> None:
        """Show a view as it was left; what is typed into the quick filter goes along when it is pinned."""
        kept: Any = {} if view.record else self._frame.kept.get(f"look:{view.code}", {})
        own = view.look if view.record else Look.of(view.code, kept)
        shown = look or replace(own, search=self.head.pinned_search() or own.search)
        self.view = view
        self.head.show_view(view)
        self.renamed.emit(view.title)
        self._lay_columns()
        self._look_at(shown)

    def change(self, look: Look) -> None:
        """Look at the same view in another way."""
        self._look_at(look)

    def refresh(self) -> None:
        """Read again what is on the screen; the clock has moved, or somebody changed something."""

        def take(query: ListQuery) -> None:
            if self._source is not None:
                self.query = self._source.query = query
                self.table.refresh()

        look, now = self.look, self.now()
        self._frame.verbs.ask(lambda made: query_of_look(made, look, now), take)
        self._fill_facets()

    def clock(self) -> Clock:
        return Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())

    def now(self) -> Now:
        clock = self.clock()
        return Now(self._frame.verbs.me.id, clock.now, clock.day_end)

    def _look_at(self, look: Look) -> None:
        self.look = look
        self._keep_look()
        self.head.show_look(look)
        self._frame.verbs.ask(self._reader(look), self._show)
        self.look_changed.emit()

    def _reader(self, look: Look) -> Callable[[Connection], tuple[Look, ListQuery, list[Narrowing]]]:
        now = self.now()

        def read(made: Connection) -> tuple[Look, ListQuery, list[Narrowing]]:
            return look, query_of_look(made, look, now), _narrowings(made, look, now)

        return read

    def _show(self, found: tuple[Look, ListQuery, list[Narrowing]]) -> None:
        look, query, narrowings = found
        if look is not self.look:
            return  # Somebody has clicked on since.
        self.query = query
        self.chips.show_chips(narrowings)
        grouping = facet_of("case", look.group, self.now()) if look.group else None
        shown = [place.id for place in self.table.columns.places() if place.shown]
        self._source = ListSource(self._frame.verbs, query, self.clock, shown, grouping)
        self.table.show_source(self._source)
        self._lay_columns()
        first = look.order[0] if look.order else None
        self.table.columns.show_sorting(first.field if first else "", descending=bool(first and first.descending))
        self._fill_facets()

    # Narrowing, sorting, grouping

    def _pick(self, facet: str, keys: tuple[str, ...]) -> None:
        self.change(self.look.picked(facet, keys))

    def _take_away(self, code: str) -> None:
        if not code:
            self.head.clear_search()
            self.change(Look(self.look.base, order=self.look.order, group=self.look.group))
        elif code == "search":
            self.head.clear_search()
        elif code == "group":
            self.change(replace(self.look, group=None))
        elif code == "order":
            self.change(replace(self.look, order=()))
        else:
            self._pick(code, ())

    def _sort(self, column: str, descending: bool, add: bool) -> None:
        """Sort by a column; with Shift it becomes one more key behind those there are."""
        order = Order("received_at", not descending) if column == "age" else Order(column, descending)
        kept = tuple(key for key in self.look.order if key.field != order.field) if add else ()
        self.change(replace(self.look, order=(*kept, order)))

    def _search(self, text: str) -> None:
        if text != self.look.search:
            self.change(replace(self.look, search=text))

    def _group(self, facet: str) -> None:
        self.change(replace(self.look, group=facet or None))

    # Facets

    def show_facets(self, *, shown: bool) -> None:
        self.facets.setVisible(shown)
        self._frame.kept.put("queue.facets", shown)
        if shown:
            unfolded = self._frame.kept.get("queue.unfolded", list(FIRST_OPEN))
            self.facets.show_facets(facets_of("case", self.now()), unfolded)  # type: ignore[arg-type]  # JSON.

    def _fill_facets(self) -> None:
        if self.facets.isVisibleTo(self):
            for code in self.facets.unfolded():
                self._fill_facet(code)

    def _fill_facet(self, code: str) -> None:
        facet = facet_of("case", code, self.now())
        if facet is None:
            return
        # A facet counts under all other ticks, not its own: else ticking one value would hide the others.
        look, now = self.look.picked(code, ()), self.now()
        ticked = self.look.picks.get(code, ())

        def count(made: Connection) -> Any:
            return facet.buckets(made, query_of_look(made, look, now))

        self._frame.verbs.ask(count, lambda values: self.facets.show_values(code, values, ticked), slow=True)

    # Columns

    def _lay_columns(self) -> None:
        """Give the columns the places they have in this view."""
        offered = self.table.rows.columns
        if not offered:
            return
        kept: Any = self._frame.kept.get(f"columns:{self.view.code}") or self.view.definition.get("columns", [])
        places = [ColumnPlace(*place) for place in kept] or [ColumnPlace(c.id, c.letters, c.shown) for c in offered]
        self._laying = True
        self.table.columns.set_places(places)
        self._laying = False
        self._want_columns()

    def columns(self) -> list[list[object]]:
        """Tell the columns as a saved view keeps them."""
        return [[place.id, place.letters, place.shown] for place in self.table.columns.places()]

    def _columns_changed(self) -> None:
        if not self._laying and self.table.rows.columns:
            self._frame.kept.put(f"columns:{self.view.code}", self.columns())
            self._want_columns()

    def _want_columns(self) -> None:
        shown = [place.id for place in self.table.columns.places() if place.shown]
        if self._source is not None and self._source.want(shown):
            self.table.refresh()

    # From case to case

    def open_current(self) -> None:
        if self.table.current_id():
            self._open(self.table.current_id())

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
        self.table.selection_changed.connect(self.bulk.show_count)
        self.table.rows.counted.connect(self.head.show_count)
        self.table.columns.sort_asked.connect(self._sort)
        self.table.columns.layout_changed.connect(self._columns_changed)
        self.head.searched.connect(self._search)
        self.head.grouped.connect(self._group)
        self.head.facets_asked.connect(lambda shown: self.show_facets(shown=shown))
        self.head.columns_asked.connect(lambda at: self.table.columns.chooser().popup(at))
        self.chips.removed.connect(self._take_away)
        self.facets.picked.connect(self._pick)
        self.facets.wanted.connect(self._fill_facet)
        self.facets.folded.connect(lambda: self._frame.kept.put("queue.unfolded", self.facets.unfolded()))
        self._pause.timeout.connect(self.refresh)
        self._frame.minute.connect(self.refresh)
        self._frame.verbs.changed.connect(self._changed)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.body = QSplitter(Qt.Orientation.Horizontal)
        self.body.addWidget(self.facets)
        self.body.addWidget(self.table)
        self.body.setStretchFactor(1, 1)
        self.body.setChildrenCollapsible(False)
        for part in (self.head, self.chips):
            column.addWidget(part)
        column.addWidget(self.body, 1)
        column.addWidget(self.bulk)
        shown = bool(self._frame.kept.get("queue.facets", False))
        self.head.filter.setChecked(shown)
        self.show_facets(shown=shown)
        self.table.set_empty(EmptyState("queue", _(_NOTHING), detail=_(_WHAT_NEXT)))


def _narrowings(made: Connection, look: Look, now: Now) -> list[Narrowing]:
    """Say by what a list is narrowed, grouped and sorted."""
    found = []
    for code, keys in look.picks.items():
        facet = facet_of("case", code, now)
        if facet is not None:
            words = ", ".join(label_of_key(made, facet, key) for key in keys)
            found.append(Narrowing(code, _("{filter}: {values}", filter=_(facet.label), values=words)))
    grouping = facet_of("case", look.group, now) if look.group else None
    if grouping:
        found.append(Narrowing("group", _("Grouped by {field}", field=_(grouping.label))))
    if len(look.order) > 1:
        found.append(Narrowing("order", _("Sorted by {fields}", fields=_sorted_words(look.order))))
    return found


def _sorted_words(order: tuple[Order, ...]) -> str:
    labels = {f.name: f.label for f in fields_of(Case)}
    return ", ".join(f"{_(labels.get(key.field, key.field))} {'↓' if key.descending else '↑'}" for key in order)


_NOTHING: Final = N_("No case here")
_WHAT_NEXT: Final = N_("Choose another view at the left, or take filters away above the list.")
