"""The window: places at the left, the list in the middle, open cases at the right."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from escalation_desk.casework.views import CASE_VIEWS
from escalation_desk.desktop.commands import Commands
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.menus import COMMANDS, MENUS
from escalation_desk.desktop.queue.place import QueuePlace
from escalation_desk.desktop.queue.views import OWN_LISTS, ListView, Look, built_in, own_list
from escalation_desk.desktop.shell import finding
from escalation_desk.desktop.shell.counts import Counts
from escalation_desk.desktop.shell.entries import entries
from escalation_desk.desktop.shell.later import Later
from escalation_desk.desktop.shell.open_pages import OpenPages
from escalation_desk.desktop.shell.places import PlacesPanel
from escalation_desk.desktop.shell.strips import Strips
from escalation_desk.desktop.shell.top import TopBar
from escalation_desk.desktop.shell.undoing import Standing, UndoWatch
from escalation_desk.desktop.shell.zones import Zones
from escalation_desk.desktop.status import StatusLine
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent

    from escalation_desk.desktop.acts import DeskActs
    from escalation_desk.desktop.notices.side import NoticesSide
    from escalation_desk.desktop.pages import Progress
    from escalation_desk.desktop.settings import Settings
    from escalation_desk.desktop.shell.kept import KeptValues
    from escalation_desk.desktop.shell.toast import Toast
    from escalation_desk.desktop.sync.link import ServerLink
    from escalation_desk.desktop.sync.side import SyncSide
    from escalation_desk.desktop.verbs import Verbs

_MINUTE: Final = 60_000
_ALSO_ON_CASES: Final = ("copy.reference", "export.cases", "print")
_AT_HAND: Final = ("case.new", "undo", "redo", "palette", "settings")


class Desk(QMainWindow):
    """What every page is given (pages.Frame), and what holds them."""

    minute = Signal()

    verbs: Verbs
    link: ServerLink
    kept: KeptValues
    settings: Settings
    places: PlacesPanel
    middle: QStackedWidget
    tabs: OpenPages
    queue: QueuePlace
    undoing: UndoWatch
    zones: Zones

    def __init__(self, verbs: Verbs, kept: KeptValues, settings: Settings, link: ServerLink) -> None:
        super().__init__()
        self.verbs = verbs
        self.link = link
        self.kept = kept
        self.settings = settings
        self._saved: list[ListView] = []
        self._others: dict[str, QWidget] = {}
        self._left: tuple[str, dict[str, Any]] | None = None
        self.later = Later(self)
        self.places = PlacesPanel()
        self.middle = QStackedWidget()
        self.tabs = OpenPages(self)
        self.queue = QueuePlace(self)
        self.queue.table.set_compact(settings.value("density") == "compact")
        self.strips = Strips()
        self.foot = StatusLine(verbs)
        self.undoing = UndoWatch(verbs)
        self.counts = Counts(verbs, self.queue.now)
        self.zones = Zones(kept, self.places, self.middle, self.tabs)
        self.top = TopBar()
        self.commands = Commands(self, COMMANDS, MENUS, self)
        self._lay_out()
        self._connect()
        self._restore()

    @cached_property
    def acts(self) -> DeskActs:
        """What the window does beyond showing; loaded with the first act, not with the window."""
        from escalation_desk.desktop.acts import DeskActs

        return DeskActs(self)

    def load_what_follows(self) -> None:
        """Load, on any thread, what is used as soon as the first page is painted."""
        from escalation_desk.desktop import acts  # noqa: F401 - see `acts`.
        from escalation_desk.desktop.search import box  # noqa: F401 - see shell/finding.py.

    @cached_property
    def search(self) -> QWidget:
        """The box that searches everything; made by a later step, or by the key that asks for it before."""
        made = finding.search_box(self)
        self.top.put_search(made)
        return made

    @cached_property
    def toast(self) -> Toast:
        """Where things are said; made when there is something to say."""
        from escalation_desk.desktop.shell.toast import Toast

        return Toast(self, self.tabs, (self.queue.beside.bulk, self.strips, self.foot))

    @cached_property
    def sync(self) -> SyncSide:
        """What shows that the desk is shared; made where it is."""
        from escalation_desk.desktop.sync.side import SyncSide

        return SyncSide(self)

    @cached_property
    def notices(self) -> NoticesSide:
        """What tells somebody of things by itself; made by a later step."""
        from escalation_desk.desktop.notices.side import NoticesSide

        return NoticesSide(self)

    # Frame

    def open_place(self, code: str, view: str = "") -> None:
        """Show a place in the middle."""
        if code == "queue":
            self._show_queue(view)
        elif not self._show_other(code):
            return
        self.zones.show_list(shown=True)
        self.kept.put("place", [code, view])
        self.places.mark(code, view)

    def open_case(self, case_id: str, *, behind: bool = False) -> None:
        """Show a case in its tab."""
        self.tabs.open(f"case:{case_id}", behind=behind)

    def open_seller(self, seller_id: str, *, behind: bool = False) -> None:
        """Show a seller in its tab."""
        self.tabs.open(f"seller:{seller_id}", behind=behind)

    def open_problem(self, problem_id: str, *, behind: bool = False) -> None:
        """Show a problem in its tab."""
        self.tabs.open(f"problem:{problem_id}", behind=behind)

    def open_search(self, line: str) -> None:
        """Show in the queue the cases that a line means."""
        self.open_place("queue", "everything")
        self.queue.change(Look("everything", search=line))

    def open_next(self, case_id: str) -> None:
        """Go on to the case after this one in the list."""
        self.queue.go_on(case_id)

    def tell(self, sentence: str, kind: str = "done") -> None:
        self.verbs.said.emit(sentence, kind)

    def progress(self, title: str, cancel: Callable[[], None] | None = None) -> Progress:
        """Show a strip for long work."""
        return self.strips.begin(title, cancel)

    def import_files(self, paths: Sequence[Path]) -> None:
        """Begin to import files; without any, ask for them."""
        # The readers of files are loaded when somebody imports.
        from escalation_desk.desktop.importing.dialog import import_files

        import_files(self, paths)

    def refresh(self) -> None:
        """Read everything on the screen again."""
        self.minute.emit()

    # Places

    def _show_queue(self, code: str) -> None:
        self.middle.setCurrentWidget(self.queue)
        self.show_left()
        view = self._view(code)
        if view.code != self.queue.view.code:
            self.queue.show_view(view)

    def _show_other(self, code: str) -> bool:
        place = self._others.get(code) or finding.place_for(self, code)
        if place is not None:
            self._others[code] = place
            self.middle.addWidget(place)
            self.middle.setCurrentWidget(place)
        return place is not None

    def _view(self, code: str) -> ListView:
        known = {view.code: view for view in (*map(built_in, CASE_VIEWS), *map(own_list, OWN_LISTS), *self._saved)}
        return known.get(code) or ListView(code, "", record=code)

    def _show_views(self, views: list[ListView]) -> None:
        self._saved = views
        self.show_entries()
        view = self._view(self.queue.view.code)
        if view.title:
            self.queue.name_view(view)
        else:  # Its owner has deleted it, or shares it no longer.
            self.queue.show_view(self._view("mine"))

    def show_entries(self) -> None:
        """Lay out the lines of the panel at the left."""
        self.places.show_entries(entries(self._saved, shared=self.link.to is not None))

    def _view_menu(self, code: str, at: QPoint) -> None:
        self.queue.views.show_menu(at, self._view(code))

    # Tabs

    def _show_case_menu(self, at: QPoint) -> None:
        """Offer what can be done with the selected cases."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.commands.refresh()
        self.commands.fill_menu(menu, "case")
        menu.addSeparator()
        self.queue.acts.fill(menu)
        menu.addActions([self.commands.action(name) for name in _ALSO_ON_CASES])
        menu.popup(at)

    def _tabs_changed(self) -> None:
        if self.tabs.preview is None:
            self.queue.head.preview.setChecked(False)
        self.commands.refresh()

    def _tabs_gone(self) -> None:
        self.zones.show_right(shown=False)
        self.zones.show_list(shown=True)
        self.queue.table.setFocus()

    # What is said

    def _say(self, sentence: str, kind: str) -> None:
        if kind != "done":
            self.toast.say(sentence, kind)

    def show_belonging(self, belongs: bool) -> None:
        if belongs or "sync" in vars(self):
            self.sync.show_belonging()

    def _offer_undo(self, act: str) -> None:
        self.toast.say(act, "done", _("Undo"), self.verbs.undo)

    def _show_standing(self, standing: Standing) -> None:
        self.foot.show_waiting(standing.waiting)
        self.commands.refresh()

    # Laying out

    def _connect(self) -> None:
        self.places.chosen.connect(self.open_place)
        self.places.menu_asked.connect(self._view_menu)
        self.tabs.changed.connect(self._tabs_changed)
        self.tabs.emptied.connect(self._tabs_gone)
        self.queue.menu_asked.connect(self._show_case_menu)
        self.queue.table.rows.arrived.connect(self.later.page_came)
        self.tabs.left.connect(lambda: self.acts.focus_list())  # noqa: PLW0108 - the acts are made when first needed.
        self.tabs.opened.connect(lambda: self.zones.show_right(shown=True))
        self.tabs.seen.connect(self.queue.refresh)
        self.queue.head.preview.toggled.connect(lambda shown: self.tabs.show_preview(self.queue, shown=shown))
        self.queue.current_changed.connect(self.tabs.follow)
        self.verbs.said.connect(self._say)
        self.commands.refused.connect(lambda sentence: self.tell(sentence, "refused"))
        self.queue.current_changed.connect(lambda _case: self.commands.refresh())
        self.middle.currentChanged.connect(lambda _at: self.commands.refresh())
        self.undoing.done.connect(self._offer_undo)
        self.undoing.stands.connect(self._show_standing)
        self.counts.counted.connect(self.places.show_counts)
        self.counts.views_read.connect(self._show_views)
        self.minute.connect(self.counts.count)
        self.link.belongs.connect(self.show_belonging)
        self._tick = QTimer(self, interval=_MINUTE)
        self._tick.timeout.connect(self.minute)
        self._tick.start()

    def _lay_out(self) -> None:
        self.setWindowTitle(_("Escalation Desk"))
        self.setAcceptDrops(True)
        self.middle.addWidget(self.queue)
        holder = QWidget()
        self.column = QVBoxLayout(holder)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self.zones, 1)
        self.column.addWidget(self.strips)
        self.setCentralWidget(holder)
        self.setStatusBar(self.foot)
        self.commands.fill_menu_bar(self.top.menus)
        self.top.put_acts([self.commands.action(name) for name in _AT_HAND])
        self.setMenuWidget(self.top)
        self.commands.bind_table(self.queue.table)
        self.show_entries()

    def sizeHint(self) -> QSize:
        return QSize(look().letters.px(105), look().letters.px(64))

    # Remembering

    def _restore(self) -> None:
        geometry = self.kept.get("geometry")
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        else:
            self.resize(self.sizeHint().boundedTo(self.screen().availableSize() * 0.94))
        code, definition = self.kept.get("look", ["mine", {}])
        place, view = self.kept.get("place", ["today", ""])
        if self.settings.value("start") == "today":
            place, view = "today", ""
        self._left = (code, definition)
        if place != "queue" and self._show_other(place):
            self.places.mark(place, "")
        else:
            self.show_left()
            self.places.mark("queue", view)

    def show_left(self) -> None:
        """Lay the queue out as it was left, narrowing and all."""
        if self._left is not None:
            (code, definition), self._left = self._left, None
            self.queue.show_view(self._view(code), Look.of(code, definition))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.later.begun:
            self.later.wait()

    def moveEvent(self, event: Any) -> None:
        super().moveEvent(event)
        self._keep_geometry()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._keep_geometry()

    def _keep_geometry(self) -> None:
        if self.later.begun:
            self.kept.put("geometry", self.saveGeometry().toBase64().toStdString())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.import_files([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def closeEvent(self, event: QCloseEvent) -> None:
        self.tabs.flush()
        self.kept.write()
        super().closeEvent(event)
