"""Who has how much, and what: a person unfolds into cases, and a case is given to somebody else by dragging it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import own_viewport
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent

    from escalation_desk.desktop.moments import Clock
    from escalation_desk.journal.load import Load

_RECORD: Final = Qt.ItemDataRole.UserRole
_IS_CASE: Final = int(_RECORD) + 1
_NUMBERS: Final = (
    ("live", N_("Live")),
    ("urgent", N_("P0 and P1")),
    ("overdue", N_("Overdue")),
    ("today", N_("Due today")),
    ("waiting", N_("Waiting")),
    ("offered", N_("Offered")),
)


class Owned(NamedTuple):
    """One case of somebody, as the tree shows it."""

    case: str
    case_no: str
    title: str
    priority: str
    due: str
    tone: Tone | None


class PeopleTree(QTreeWidget):
    """`unfolded` asks for somebody's cases, `given` tells which cases somebody shall have, `opened` which to open."""

    unfolded = Signal(str)
    given = Signal(list, str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        own_viewport(self)
        self.setAccessibleName(_("Who has how much"))
        self.setHeaderLabels([_("Person"), *(_(label) for _name, label in _NUMBERS)])
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setUniformRowHeights(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        self.headerItem().setTextAlignment(0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self._people: dict[str, QTreeWidgetItem] = {}
        self.itemExpanded.connect(lambda item: self.unfolded.emit(item.data(0, _RECORD)))
        self.itemDoubleClicked.connect(lambda item, _column: self._open(item))

    def show_loads(self, loads: Sequence[Load], limit: int, clock: Clock) -> None:
        """Show the counts; who is unfolded and what is selected stays so."""
        open_ones = {user for user, item in self._people.items() if item.isExpanded()}
        chosen = self._chosen(self.currentItem())
        self.clear()
        self._people = {load.user: self._person(load, limit, clock) for load in loads}
        for user in open_ones & self._people.keys():
            self._people[user].setExpanded(True)
        if chosen and not chosen[1] and chosen[0] in self._people:
            self.setCurrentItem(self._people[chosen[0]])

    def show_cases(self, user: str, cases: Iterable[Owned]) -> None:
        """Show what somebody has."""
        person = self._people.get(user)
        if person is None:
            return
        person.takeChildren()
        for owned in cases:
            item = QTreeWidgetItem(person, [f"{owned.case_no}  {owned.title}", owned.priority])
            item.setText(len(_NUMBERS), owned.due)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
            item.setTextAlignment(len(_NUMBERS), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
            item.setData(0, _RECORD, owned.case)
            item.setData(0, _IS_CASE, True)
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
            if owned.tone is not None:
                item.setForeground(len(_NUMBERS), QColor(look().ink(owned.tone).ink))

    def cases(self) -> list[str]:
        """Name the selected cases."""
        return [record for item in self.selectedItems() if (record := self._case_of(item))]

    def ask_whom(self) -> None:
        """Ask who shall have the selected cases."""
        if not self.cases():
            return
        menu = QMenu(self)
        for user, item in self._people.items():
            if user:
                menu.addAction(item.text(0), partial(self._give, user))
        beside = self.visualItemRect(self.selectedItems()[0]).bottomLeft()
        menu.popup(self.viewport().mapToGlobal(beside + QPoint(look().letters.wide, 0)))

    def _give(self, user: str) -> None:
        self.given.emit(self.cases(), user)

    def _person(self, load: Load, limit: int, clock: Clock) -> QTreeWidgetItem:
        name = load.name or _("Nobody")
        if load.away_until:
            name = _("{name} (away until {when})", name=name, when=clock.short(load.away_until))
        counts = [getattr(load, one) for one, _label in _NUMBERS]
        item = QTreeWidgetItem(self, [name, *(f"{count:,}" if count else "" for count in counts)])
        item.setData(0, _RECORD, load.user)
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDragEnabled)
        item.setChildIndicatorPolicy(
            QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator
            if load.live
            else QTreeWidgetItem.ChildIndicatorPolicy.DontShowIndicator
        )
        for column in range(1, len(_NUMBERS) + 1):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        if load.live > limit and load.user:
            item.setText(1, f"▲ {load.live:,}")
            item.setToolTip(1, _("More than {limit} open cases", limit=limit))
            item.setForeground(1, QColor(look().ink(Tone.WARN).ink))
        if load.overdue:
            item.setForeground(3, QColor(look().ink(Tone.BAD).ink))
        if not load.user:
            item.setForeground(0, QColor(look().ink(Tone.BAD).ink))
        return item

    # Giving by hand

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.cases():
            menu = QMenu(self)
            menu.addAction(_("Open"), lambda: self._open(self.currentItem()))
            menu.addAction(_("Give to…"), self.ask_whom)
            menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.currentItem())
        elif event.key() == Qt.Key.Key_A and not event.modifiers():
            self.ask_whom()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is self:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        if self._receiver(event.position().toPoint()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Only the journal moves cases: the tree is read again once it has."""
        user = self._receiver(event.position().toPoint())
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if user:
            self.given.emit(self.cases(), user)

    def _receiver(self, at: QPoint) -> str:
        item = self.itemAt(at)
        person = item.parent() or item if item is not None else None
        return str(person.data(0, _RECORD)) if person is not None else ""

    def _open(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        if case := self._case_of(item):
            self.opened.emit(case)
        elif item.parent() is None:
            item.setExpanded(not item.isExpanded())

    @staticmethod
    def _case_of(item: QTreeWidgetItem) -> str:
        return str(item.data(0, _RECORD)) if item.data(0, _IS_CASE) else ""

    @staticmethod
    def _chosen(item: Any) -> tuple[str, bool] | None:
        return (str(item.data(0, _RECORD)), bool(item.data(0, _IS_CASE))) if item is not None else None
