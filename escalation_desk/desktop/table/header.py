"""The heads of the columns: dragged, resized, hidden and clicked for sorting; kept by name and in letters."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFontMetricsF
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain.characters import literal
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QContextMenuEvent, QMouseEvent

    from escalation_desk.desktop.table.rows import Column

_LEAST_LETTERS: Final = 2.5
_AROUND_NAME: Final = 1.3
_BY_HAND: Final = 0.05
_ENOUGH: Final = 5
"""With so many whole columns on the screen the title of a case is worth more than one more."""


class ColumnPlace(NamedTuple):
    """Where a column stands and how wide it is. Named, so that a saved view outlives a new column or text size."""

    id: str
    letters: float
    shown: bool = True


def fitted(asked: int, least: int, widths: Sequence[int], at: int, room: int) -> int:
    """Say how wide a column is that asked for a width and stands `at` some place among all widths.

    It takes what is left, so that no column is cut at the edge of the list. Where few columns stand beside it, it
    gives up as much as lets one more be seen whole.
    """
    edges = list(accumulate(widths))
    whole = [edge for edge in edges if edge <= room]
    if len(whole) < min(_ENOUGH, len(edges)):
        whole = [edge for edge in edges[at:] if edge - (asked - least) <= room]
    return asked + room - whole[-1] if whole else asked


class ColumnHeader(QHeaderView):
    """Knows the columns by name. `sort_asked` tells column, descending, and whether to add to the keys there are."""

    sort_asked = Signal(str, bool, bool)
    layout_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._columns: Sequence[Column] = ()
        self._letters: list[float] = []
        self._dressing = False
        self._adding = False
        self._sorted = ("", False)
        self._room = 0
        self._asked: dict[str, float] = {}
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.sectionResized.connect(self._resized)
        self.sectionMoved.connect(self._moved)
        self.sectionClicked.connect(self._clicked)

    def lay_out(self, columns: Sequence[Column]) -> None:
        """Take new columns, each as wide as it asks for, or as its name needs: names are longer in other languages."""
        self._columns = columns
        self._asked.clear()
        self._letters = [self.asked_by(column) for column in columns]
        for at, column in enumerate(columns):
            self.setSectionHidden(at, not column.shown)
        self.dress()

    def asked_by(self, column: Column) -> float:
        """Tell how wide a column begins, in letters: as it says, or as its name needs with the room around it."""
        if column.id not in self._asked:
            font = self.font()
            font.setBold(True)
            named = QFontMetricsF(font).horizontalAdvance(_(column.label)) / look().letters.letter
            self._asked[column.id] = max(column.letters, round(named + _AROUND_NAME, 1))
        return self._asked[column.id]

    def dress(self) -> None:
        """Take the sizes of the look: widths are kept in letters."""
        letters = look().letters
        self._dressing = True
        self.setMinimumSectionSize(letters.px(_LEAST_LETTERS))
        self.setFixedHeight(letters.row(compact=True))
        for at, width in enumerate(self._letters[: self.count()]):
            self.resizeSection(at, letters.px(width))
        self._dressing = False
        self.fit(self._room)

    def fit(self, room: int) -> None:
        """Let the one column that can give and take do so, unless somebody chose its width."""
        self._room = room
        at = next((n for n, column in enumerate(self._columns[: self.count()]) if self._gives(n, column)), -1)
        if at >= 0 and room > 0 and not self.isSectionHidden(at):
            letters = look().letters
            shown = [n for n in sorted(range(self.count()), key=self.visualIndex) if not self.isSectionHidden(n)]
            widths = [letters.px(self._letters[n]) for n in shown]
            asked, least = letters.px(self._letters[at]), letters.px(self._columns[at].least)
            self._dressing = True
            self.resizeSection(at, fitted(asked, least, widths, shown.index(at), room))
            self._dressing = False

    def _gives(self, at: int, column: Column) -> bool:
        return column.least > 0 and abs(self._letters[at] - self.asked_by(column)) < _BY_HAND

    def places(self) -> list[ColumnPlace]:
        """Answer the columns from left to right."""
        order = sorted(range(len(self._columns)), key=self.visualIndex)
        return [ColumnPlace(self._columns[at].id, self._letters[at], not self.isSectionHidden(at)) for at in order]

    def set_places(self, places: Sequence[ColumnPlace]) -> None:
        """Lay the columns out; ones not named stay behind those named, names not known are left out."""
        by_id = {column.id: at for at, column in enumerate(self._columns)}
        for to, place in enumerate(place for place in places if place.id in by_id):
            at = by_id[place.id]
            self._letters[at] = place.letters
            self.moveSection(self.visualIndex(at), to)
            self.setSectionHidden(at, not place.shown)
        self.dress()
        self.layout_changed.emit()

    def show_column(self, name: str, *, shown: bool) -> None:
        """Show or hide a column; the last one shown stays."""
        if shown or self.count() - self.hiddenSectionCount() > 1:
            self.setSectionHidden(self._at(name), not shown)
            self.fit(self._room)
            self.layout_changed.emit()

    def show_sorting(self, name: str, *, descending: bool) -> None:
        """Show by which column the source sorts first; an empty name shows none."""
        self._sorted = (name, descending)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.setSortIndicatorShown(bool(name))
        self.setSortIndicator(self._at(name) if name else -1, order)

    def chooser(self) -> QMenu:
        """Make the menu that shows and hides columns."""
        menu = QMenu(self)
        for at in sorted(range(len(self._columns)), key=self.visualIndex):
            column = self._columns[at]
            act = QAction(literal(_(column.label)), menu, checkable=True, checked=not self.isSectionHidden(at))
            act.toggled.connect(lambda shown, name=column.id: self.show_column(name, shown=shown))
            menu.addAction(act)
        menu.addSeparator()
        menu.addAction(_("Columns as at the beginning"), self._reset)
        return menu

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._adding = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.chooser()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _reset(self) -> None:
        self.set_places([ColumnPlace(column.id, self.asked_by(column), column.shown) for column in self._columns])

    def _at(self, name: str) -> int:
        return next(at for at, column in enumerate(self._columns) if column.id == name)

    def _resized(self, at: int, _old: int, new: int) -> None:
        if not self._dressing and new and at < len(self._letters):
            self._letters[at] = round(new / look().letters.letter, 2)
            self.layout_changed.emit()

    def _moved(self) -> None:
        self.layout_changed.emit()

    def _clicked(self, at: int) -> None:
        name, descending = self._sorted
        # Qt has turned its arrow already; it is the source that says by what it sorts.
        self.show_sorting(name, descending=descending)
        column = self._columns[at]
        if column.sortable:
            turned = not descending if column.id == name else column.descending_first
            self.sort_asked.emit(column.id, turned, self._adding)
