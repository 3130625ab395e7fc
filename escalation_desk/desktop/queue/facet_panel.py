"""The facets beside the list: every value with how many cases have it; ticking some narrows the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import tip_text
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from escalation_desk.desktop.queue.facets import Bucket, Facet

_KEY: Final = int(Qt.ItemDataRole.UserRole)
_SHOWN: Final = 10
_MORE: Final = "\0more"
FIRST_OPEN: Final = ("status", "priority", "owner")
"""What is unfolded until somebody folds it."""


class FacetPanel(QTreeWidget):
    """Shows the facets; values are asked for when a facet is unfolded. `picked` tells facet and keys."""

    picked = Signal(str, tuple)
    wanted = Signal(str)
    folded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "facets")
        self.setAccessibleName(_("Filter"))
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setIndentation(look().letters.px(0.5))
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.header().setStretchLastSection(False)
        self._whole: set[str] = set()
        self._groups: set[str] = set()
        self._just_ticked: QTreeWidgetItem | None = None
        self._items: dict[str, QTreeWidgetItem] = {}
        self._filling = False
        self.itemExpanded.connect(self._unfolded)
        self.itemCollapsed.connect(self._folded)
        self.itemChanged.connect(self._ticked)
        self.itemActivated.connect(self._activated)
        self.itemClicked.connect(self._clicked)

    def show_facets(self, facets: Sequence[Facet], unfolded: Sequence[str]) -> None:
        """Lay out the facets; those named are unfolded."""
        self._filling = True
        self.clear()
        self._items.clear()
        for facet in facets:
            item = QTreeWidgetItem(self, [_(facet.label)])
            item.setData(0, _KEY, facet.code)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setFont(0, look().letters.font(Role.STRONG))
            item.setFirstColumnSpanned(True)
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
            self._items[facet.code] = item
            item.setExpanded(facet.code in unfolded)
        self._filling = False

    def unfolded(self) -> list[str]:
        return [code for code, item in self._items.items() if item.isExpanded()]

    def show_values(self, facet: str, values: Sequence[tuple[Bucket, int]], ticked: Collection[str]) -> None:
        """Fill one facet."""
        item = self._items.get(facet)
        if item is None:
            return
        self._filling = True
        self._just_ticked = None
        item.takeChildren()
        tree = any(bucket.under for bucket, _count in values)
        whole = tree or facet in self._whole or len(values) <= _SHOWN + 2
        groups: dict[str, QTreeWidgetItem] = {}
        for at, (bucket, count) in enumerate(values):
            if whole or at < _SHOWN or bucket.key in ticked:
                above = groups.get(bucket.under, item)
                groups[bucket.key] = self._add(above, bucket, count, ticked=bucket.key in ticked)
        self._unfold_groups(groups, ticked)
        if not whole:
            self._add_more(item, len(values))
        self._filling = False

    def sizeHint(self) -> QSize:
        return QSize(look().letters.px(16.5), look().letters.px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().letters.px(10), look().letters.px(8))

    def _unfold_groups(self, groups: Mapping[str, QTreeWidgetItem], ticked: Collection[str]) -> None:
        """Unfold the groups that were unfolded, and those in which something is ticked."""
        for key, item in groups.items():
            item.setExpanded(key in self._groups or any(_holds(item, groups[one]) for one in ticked if one in groups))

    def _add(self, parent: QTreeWidgetItem, bucket: Bucket, count: int, *, ticked: bool) -> QTreeWidgetItem:
        # Four squares beside each priority would leave no room for its name, which says the same.
        mark = f"{bucket.style.mark} " if bucket.style and len(bucket.style.mark) == 1 else ""
        child = QTreeWidgetItem(parent, [f"{mark}{bucket.text}", f"{count:,}"])
        child.setData(0, _KEY, bucket.key)
        child.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
        child.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        child.setToolTip(0, tip_text(bucket.text))
        child.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        child.setForeground(1, QColor(look().colours.muted))
        child.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{bucket.text}, {count:,}")
        return child

    def _add_more(self, parent: QTreeWidgetItem, count: int) -> None:
        child = QTreeWidgetItem(parent, [n_("Show all {n}", "Show all {n}", count)])
        child.setData(0, _KEY, _MORE)
        child.setForeground(0, QColor(look().colours.accent_ink))

    def _unfolded(self, item: QTreeWidgetItem) -> None:
        if item.parent() is not None:
            self._groups.add(item.data(0, _KEY))
            return
        if not self._filling:
            self.folded.emit()
        self.wanted.emit(item.data(0, _KEY))

    def _folded(self, item: QTreeWidgetItem) -> None:
        if item.parent() is None:
            self.folded.emit()
        elif not self._filling:
            self._groups.discard(item.data(0, _KEY))

    def _ticked(self, item: QTreeWidgetItem, _column: int) -> None:
        if self._filling or item.parent() is None:
            return
        self._just_ticked = item
        facet = _top(item)
        keys = tuple(one.data(0, _KEY) for one in _below(facet) if one.checkState(0) is Qt.CheckState.Checked)
        self.picked.emit(facet.data(0, _KEY), keys)

    def _clicked(self, item: QTreeWidgetItem, column: int) -> None:
        ticked, self._just_ticked = self._just_ticked, None
        # A click on the box of a group ticks it; one beside it folds it.
        if item.parent() is None or (item.childCount() and ticked is not item):
            item.setExpanded(not item.isExpanded())
        elif item.data(0, _KEY) == _MORE:
            self._activated(item, column)

    def _activated(self, item: QTreeWidgetItem, _column: int) -> None:
        parent = item.parent()
        if parent is None:
            return
        if item.data(0, _KEY) == _MORE:
            self._whole.add(parent.data(0, _KEY))
            self.wanted.emit(parent.data(0, _KEY))


def _below(item: QTreeWidgetItem) -> Iterator[QTreeWidgetItem]:
    for at in range(item.childCount()):
        child = item.child(at)
        if child is not None:
            yield child
            yield from _below(child)


def _top(item: QTreeWidgetItem) -> QTreeWidgetItem:
    above = item.parent()
    return item if above is None else _top(above)


def _holds(group: QTreeWidgetItem, item: QTreeWidgetItem) -> bool:
    above = item.parent()
    return above is not None and (above is group or _holds(group, above))
