"""A place with a list of sellers or of follow-ups: views with counts, a filter, facets, columns, sorting, grouping."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from escalation_desk.casework.lists import ListQuery, Order
from escalation_desk.casework.views import VIEWS, Now, query_of
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.queue.cells import KEPT, TREND
from escalation_desk.desktop.queue.columns_kept import ColumnsKept
from escalation_desk.desktop.queue.facet_panel import FacetPanel
from escalation_desk.desktop.queue.facets import Facet, facets_of
from escalation_desk.desktop.queue.source import ListSource
from escalation_desk.desktop.queue.views import ListView, Look, built_in, understood
from escalation_desk.desktop.seller.head import ListHead
from escalation_desk.desktop.table import QueueTable
from escalation_desk.journal import listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from escalation_desk.casework.views import View
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Touched

# Several entries in a row are read once.
_PAUSE: Final = 120


class RecordsPlace(QWidget):
    """What the two places have in common; they say what they list and what opening a row means."""

    renamed = Signal(str)

    def __init__(self, frame: Frame, kind: str, views: Sequence[View], name: str, shows: Iterable[str]) -> None:
        super().__init__()
        self._frame = frame
        self._kind = kind
        self._name = name
        self._views = [built_in(view) for view in views]
        self._shows = frozenset(shows)
        self._source: ListSource | None = None
        self.look = self._kept_look(str(frame.kept.get(f"view:{kind}", self._views[0].code)))
        self.query = ListQuery(kind)
        self.table = QueueTable(name=name)
        self.head = ListHead(name, self._views)
        self.facets = FacetPanel()
        self.columns = ColumnsKept(self.table, frame.kept, self._want_columns)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.table)
        self.show_look(self.look)

    def title(self) -> str:
        return self._name

    # What is shown

    def show_view(self, code: str) -> None:
        """Show a view as it was left."""
        self._frame.kept.put(f"view:{self._kind}", code)
        self.show_look(self._kept_look(code))

    def show_look(self, look: Look) -> None:
        self.look = look
        self._frame.kept.put(f"look:{look.base}", replace(look, search="").definition())
        self.head.show_look(look.base, look.search, grouped=bool(look.group))
        self._frame.verbs.ask(lambda made: (look, self._query(made, look)), self._show)
        self._count_views()

    def refresh(self) -> None:
        """Read again what is on the screen."""
        look = self.look

        def take(query: ListQuery) -> None:
            if self._source is not None and look is self.look:
                self.query = self._source.query = query
                self.table.refresh()

        self._frame.verbs.ask(lambda made: self._query(made, look), take)
        self._count_views()
        self._fill_facets()

    def clock(self) -> Clock:
        return Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())

    def now(self) -> Now:
        clock = self.clock()
        return Now(self._frame.verbs.me.id, clock.now, clock.day_end)

    def _query(self, made: Connection, look: Look) -> ListQuery:
        return understood(made, query_of(self._kind, look.definition(), self.now()), self.now())

    def _show(self, found: tuple[Look, ListQuery]) -> None:
        look, query = found
        if look is not self.look:
            return  # Somebody has clicked on since.
        self.query = query
        grouping = self.grouping() if look.group else None
        shown = [place.id for place in self.table.columns.places() if place.shown]
        self._source = ListSource(self._frame.verbs, query, self.clock, shown, grouping)
        self.table.show_source(self._source)
        self.columns.lay_out(self._view())
        first = look.order[0] if look.order else None
        self.table.columns.show_sorting(first.field if first else "", descending=bool(first and first.descending))
        self._fill_facets()

    def grouping(self) -> Facet | None:
        """Give what the list is grouped by when somebody groups it."""
        return None

    def _kept_look(self, code: str) -> Look:
        kept: Any = self._frame.kept.get(f"look:{code}", {})
        return Look.of(code, kept) if kept else Look(code, group=self.grouped_first(code))

    def grouped_first(self, _code: str) -> str | None:
        """Say by what a view is grouped before anybody has changed that."""
        return None

    def _view(self) -> ListView:
        return next(view for view in self._views if view.code == self.look.base)

    def _count_views(self) -> None:
        now = self.now()

        def count(made: Connection) -> dict[str, int]:
            return {view.code: listing.count(made, VIEWS[view.code].query(now)) for view in self._views}

        self._frame.verbs.ask(count, self.head.show_counts, slow=True)

    # Narrowing, sorting, columns

    def _pick(self, facet: str, keys: tuple[str, ...]) -> None:
        self.show_look(self.look.picked(facet, keys))

    def _sort(self, column: str, descending: bool, add: bool) -> None:
        kept = tuple(key for key in self.look.order if key.field != column) if add else ()
        self.show_look(replace(self.look, order=(*kept, Order(column, descending))))

    def _search(self, text: str) -> None:
        if text != self.look.search:
            self.show_look(replace(self.look, search=text))

    def _group(self, grouped: bool) -> None:
        self.show_look(replace(self.look, group="due" if grouped else None))

    def _show_facets(self, shown: bool) -> None:
        self._frame.kept.put(f"{self._kind}.facets", shown)
        self.facets.setVisible(shown)
        if shown:
            facets = self._facets()
            self.facets.show_facets(facets, [facet.code for facet in facets[:2]])

    def _facets(self) -> list[Facet]:
        return list(facets_of(self._kind, self.now()))

    def _fill_facets(self) -> None:
        for code in self.facets.unfolded() if self.facets.isVisibleTo(self) else ():
            self._fill_facet(code)

    def _fill_facet(self, code: str) -> None:
        facet = next((facet for facet in self._facets() if facet.code == code), None)
        if facet is None:
            return
        # A facet counts under all other ticks, not its own: else ticking one value would hide the others.
        look, ticked = self.look.picked(code, ()), self.look.picks.get(code, ())
        self._frame.verbs.ask(
            lambda made: facet.buckets(made, self._query(made, look)),
            lambda values: self.facets.show_values(code, values, ticked),
            slow=True,
        )

    def _want_columns(self, shown: list[str]) -> None:
        if self._source is not None and self._source.want(shown):
            self.table.refresh()

    def export(self) -> None:
        """Write the list as it stands on the screen as Excel."""
        # What writes workbooks is loaded when somebody writes one.
        from escalation_desk.desktop.papers.list_dialog import export_list

        shown = [name for name in self.columns.shown() if name not in {KEPT, TREND}]  # They are true of today only.
        export_list(self._frame, self.query, shown, f"{self._name} · {self._view().title}")

    # Wiring

    def open_record(self, record: str) -> None:
        """Open what a row stands for."""
        raise NotImplementedError

    def _changed(self, touched: Touched) -> None:
        if any(kind in self._shows for kind, _id in touched):
            self._pause.start()

    def _connect(self) -> None:
        self.table.opened.connect(self.open_record)
        self.table.rows.counted.connect(self.head.show_count)
        self.table.columns.sort_asked.connect(self._sort)
        self.head.viewed.connect(self.show_view)
        self.head.searched.connect(self._search)
        self.head.grouped.connect(self._group)
        self.head.facets_asked.connect(self._show_facets)
        self.head.columns_asked.connect(self._choose_columns)
        self.head.export_asked.connect(self.export)
        self.facets.picked.connect(self._pick)
        self.facets.wanted.connect(self._fill_facet)
        self._pause.timeout.connect(self.refresh)
        self._frame.minute.connect(self.refresh)
        self._frame.verbs.changed.connect(self._changed)

    def _choose_columns(self, at: QPoint) -> None:
        self.table.columns.chooser().popup(at)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        body = self.body = QSplitter(Qt.Orientation.Horizontal)
        body.addWidget(self.facets)
        body.addWidget(self.table)
        body.setStretchFactor(1, 1)
        body.setChildrenCollapsible(False)
        column.addWidget(self.head)
        column.addWidget(body, 1)
        shown = bool(self._frame.kept.get(f"{self._kind}.facets", False))
        self.head.filter.setChecked(shown)
        self.head.group.setVisible(self.grouping() is not None)
        self._show_facets(shown)
