"""The window: places at the left, the list in the middle, open cases at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from escalation_desk.casework.views import CASE_VIEWS
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.queue.place import QueuePlace
from escalation_desk.desktop.queue.views import ListView, Look, built_in
from escalation_desk.desktop.shell import finding
from escalation_desk.desktop.shell.counts import Counts
from escalation_desk.desktop.shell.places import Entry, PlacesPanel
from escalation_desk.desktop.shell.strips import Strips
from escalation_desk.desktop.shell.tabs import Tabs
from escalation_desk.desktop.shell.toast import Toast
from escalation_desk.desktop.shell.undoing import Standing, UndoWatch
from escalation_desk.desktop.status import StatusLine
from escalation_desk.desktop.verbs import Verbs
from escalation_desk.i18n import N_, _
from escalation_desk.journal.seen import MARK_SEEN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent, QShowEvent

    from escalation_desk.casework.people import User
    from escalation_desk.desktop.look.theme import Theme
    from escalation_desk.desktop.pages import Progress
    from escalation_desk.desktop.shell.kept import KeptValues
    from escalation_desk.journal.journal import Journal, Touched

_MINUTE: Final = 60_000
# What is not needed for the first page of the queue is fetched this long after the window is there.
_LATER: Final = 60
_OTHER_PLACES: Final = (("sellers", N_("Sellers")), ("follow-ups", N_("Follow-ups")))
_URGENT: Final = frozenset({"overdue"})


class Desk(QMainWindow):
    """What every page is given (pages.Frame), and what holds them."""

    minute = Signal()

    def __init__(self, journal: Journal, theme: Theme, kept: KeptValues, me: User) -> None:
        super().__init__()
        self.verbs = Verbs(journal, me)
        self.kept = kept
        self.theme = theme
        self._saved: list[ListView] = []
        self._later_done = False
        kept.write_through(self.verbs)
        self._build()
        self._tick = QTimer(self, interval=_MINUTE)
        self._tick.timeout.connect(self.minute)
        self._tick.start()
        self._restore()

    # Frame

    def open_place(self, code: str, view: str = "") -> None:
        """Show a place in the middle."""
        if code == "queue":
            self._show_queue(view)
        elif code in self._others:
            self.middle.setCurrentWidget(self._others[code])
        else:
            made = finding.place_for(self, code)
            if made is None:
                return
            self._others[code] = made
            self.middle.addWidget(made)
            self.middle.setCurrentWidget(made)
        self.kept.put("place", [code, view])
        self.places.mark(code, view)

    def open_case(self, case_id: str, *, behind: bool = False) -> None:
        """Show a case in its tab."""
        self._open(f"case:{case_id}", behind=behind)

    def open_seller(self, seller_id: str, *, behind: bool = False) -> None:
        """Show a seller in its tab."""
        self._open(f"seller:{seller_id}", behind=behind)

    def open_next(self, case_id: str) -> None:
        """Go on to the case after this one in the list."""
        self.queue.go_on(case_id)

    def tell(self, sentence: str, kind: str = "done") -> None:
        self.verbs.said.emit(sentence, kind)

    def progress(self, title: str, cancel: Callable[[], None] | None = None) -> Progress:
        """Show a strip for long work."""
        return self.strips.begin(title, cancel)

    def import_files(self, paths: Sequence[Path]) -> None:
        """Begin to import files."""

    # Places and tabs

    def _show_queue(self, code: str) -> None:
        self.middle.setCurrentWidget(self.queue)
        view = self._view(code)
        if view.code != self.queue.view.code or not self.queue.table.rows.columns:
            self.queue.show_view(view)

    def _view(self, code: str) -> ListView:
        known = {view.code: view for view in (*map(built_in, CASE_VIEWS), *self._saved)}
        return known.get(code) or known["mine"]

    def _open(self, key: str, *, behind: bool = False) -> None:
        known = self.tabs.page(key)
        if known is None:
            made = finding.page_for(self, key)
            if made is None:
                return
            self.tabs.add(key, made, front=not behind)
        elif not behind:
            self.tabs.setCurrentWidget(known)
        self._show_tabs()

    def _show_tabs(self) -> None:
        shown = self.tabs.count() > 0
        if shown and self.tabs.isHidden():
            self.tabs.show()
            self.zones.setSizes(self._zone_sizes())
        self.tabs.setVisible(shown)

    def _zone_sizes(self) -> list[int]:
        """Give the case the larger part of what the places leave."""
        kept: Any = self.kept.get("zones", [])
        if len(kept) == self.zones.count() and all(kept):
            return [int(size) for size in kept]
        left = self.places.sizeHint().width()
        rest = max(self.zones.width() - left, 3)
        return [left, rest * 2 // 5, rest * 3 // 5]

    def _tabs_changed(self) -> None:
        self.kept.put("tabs", [self.tabs.keys(), self.tabs.current_key()])
        self._mark_seen()

    def _mark_seen(self) -> None:
        """Note that the case in front was looked at, now."""
        kind, _colon, record = self.tabs.current_key().partition(":")
        if kind == "case":
            at = self.verbs.journal.now().strftime("%Y-%m-%dT%H:%M:%SZ")
            self.verbs.keep(MARK_SEEN, [(record, at)], self.queue.refresh)

    def _changed(self, touched: Touched) -> None:
        kind, _colon, record = self.tabs.current_key().partition(":")
        if kind == "case" and (kind, record) in touched:
            self._mark_seen()

    def _show_views(self, views: list[ListView]) -> None:
        self._saved = views
        self.places.show_entries(self._entries())

    def _entries(self) -> list[Entry]:
        entries = [Entry(_(label), code, icon=code) for code, label in _OTHER_PLACES if finding.is_there(code)]
        entries.append(Entry(_("Queue")))
        entries += [
            Entry(_(view.label), "queue", view.code, _icon_of(view.code), urgent=view.code in _URGENT)
            for view in CASE_VIEWS
        ]
        for heading, mine in ((_("My views"), True), (_("Shared views"), False)):
            own = [view for view in self._saved if view.mine is mine]
            if own:
                entries.append(Entry(heading))
                entries += [Entry(view.title, "queue", view.code, "save view", shared=view.shared) for view in own]
        return entries

    # What is said

    def _say(self, sentence: str, kind: str) -> None:
        if kind != "done":
            self.toast.say(sentence, kind)

    def _offer_undo(self, act: str) -> None:
        self.toast.say(act, "done", _("Undo"), self.verbs.undo)

    def _show_standing(self, standing: Standing) -> None:
        self.foot.show_waiting(standing.waiting)

    # Laying out, remembering

    def _build(self) -> None:
        """Make everything that has words; done again when the language changes."""
        self._others: dict[str, QWidget] = {}
        self.places = PlacesPanel()
        self.middle = QStackedWidget()
        self.tabs = Tabs()
        self.queue = QueuePlace(self)
        self.strips = Strips()
        self.foot = StatusLine(self.verbs)
        self.undoing = UndoWatch(self.verbs)
        self.counts = Counts(self.verbs, self.queue.now)
        self._lay_out()
        self.toast = Toast(self)
        self._connect()

    def _connect(self) -> None:
        self.places.chosen.connect(self.open_place)
        self.tabs.changed.connect(self._tabs_changed)
        self.tabs.emptied.connect(self._show_tabs)
        self.zones.splitterMoved.connect(self._keep_zones)
        self.verbs.said.connect(self._say)
        self.verbs.changed.connect(self._changed)
        self.undoing.done.connect(self._offer_undo)
        self.undoing.stands.connect(self._show_standing)
        self.counts.counted.connect(self.places.show_counts)
        self.counts.views_read.connect(self._show_views)
        self.minute.connect(self.counts.count)

    def _lay_out(self) -> None:
        self.setWindowTitle(_("Escalation Desk"))
        self.zones = QSplitter(Qt.Orientation.Horizontal)
        for zone in (self.places, self.middle, self.tabs):
            self.zones.addWidget(zone)
        for at, share in enumerate((0, 2, 3)):
            self.zones.setStretchFactor(at, share)
        self.zones.setChildrenCollapsible(False)
        self.middle.addWidget(self.queue)
        self.tabs.hide()
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.zones, 1)
        column.addWidget(self.strips)
        self.setCentralWidget(holder)
        self.setStatusBar(self.foot)
        self.places.show_entries(self._entries())

    def sizeHint(self) -> QSize:
        return QSize(look().letters.px(105), look().letters.px(64))

    def _keep_zones(self) -> None:
        if self.tabs.isVisible():
            self.kept.put("zones", self.zones.sizes())

    def _restore(self) -> None:
        geometry = self.kept.get("geometry")
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        code, definition = self.kept.get("look", ["mine", {}])
        place, view = self.kept.get("place", ["queue", code])
        if place == "queue":
            # As it was left, narrowing and all; a saved view gets its name as soon as the views are read.
            self.queue.show_view(self._view(code), Look.of(code, definition))
            self.places.mark(place, view)
        else:
            self.open_place(place)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._later_done:
            self._later_done = True
            QTimer.singleShot(_LATER, self._fetch_the_rest)

    def _fetch_the_rest(self) -> None:
        """Do what the first page of the queue did not need: counts, what can be undone, the tabs that were open."""
        self.counts.count()
        self.undoing.look()
        keys, front = self.kept.get("tabs", [[], ""])
        for key in keys:
            self._open(key, behind=key != front)

    def moveEvent(self, event: Any) -> None:
        super().moveEvent(event)
        self._keep_geometry()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._keep_geometry()

    def _keep_geometry(self) -> None:
        if self._later_done:
            self.kept.put("geometry", self.saveGeometry().toBase64().toStdString())

    def closeEvent(self, event: QCloseEvent) -> None:
        self.tabs.flush()
        self.kept.write()
        self.verbs.close()
        super().closeEvent(event)


def _icon_of(code: str) -> str:
    return _ICONS.get(code, "queue")


_ICONS: Final = {
    "mine": "user",
    "unassigned": "new",
    "due-today": "calendar",
    "overdue": "alert",
    "promised-today": "promise",
    "high-risk": "shield",
    "new": "queue",
    "waiting-customer": "wait",
    "waiting-seller": "wait",
    "waiting-team": "wait",
    "waiting-third-party": "wait",
    "untouched": "clock",
    "all-live": "queue",
    "everything": "table",
}
