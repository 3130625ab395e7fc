"""Which column of a file is which field: a table with an example of each column and a list of fields beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableWidget, QTableWidgetItem

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import tip_text, visible
from escalation_desk.i18n import _
from escalation_desk.intake.naming import suggested

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from escalation_desk.intake.survey import Survey

_EXAMPLE: Final = 60


class ColumnMap(QTableWidget):
    """Shows what the names of the columns suggest; a person settles the rest."""

    def __init__(self) -> None:
        super().__init__(0, 3)
        self.setAccessibleName(_("Columns of the file"))
        self.setHorizontalHeaderLabels([_("Column"), _("For example"), _("Becomes")])
        self.verticalHeader().hide()
        self.setProperty("kind", "plain")
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(2, look().letters.px(16))
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._boxes: dict[str, QComboBox] = {}
        self._suggested: dict[str, str] = {}

    def show_tables(self, tables: Sequence[Survey], settled: Mapping[str, str]) -> None:
        """Lay out the columns of a file; what a person settled before wins over what the names suggest."""
        columns = {column.name: table for table in reversed(tables) for column in table.columns}
        names = tuple(dict.fromkeys(c.name for table in tables for c in table.columns))
        self._suggested = suggested(names)
        offered = _offers(self._suggested)
        self._boxes.clear()
        self.setRowCount(len(names))
        for at, name in enumerate(names):
            self.setItem(at, 0, _item(name))
            self.setItem(at, 1, _item(_example(columns[name], name)))
            box = self._boxes[name] = _box(name, offered, settled.get(name, self._suggested.get(name, "")))
            self.setCellWidget(at, 2, box)
            self.setRowHeight(at, look().letters.row())

    def settled(self) -> dict[str, str]:
        """Say for each column which field it is; empty leaves the column out."""
        return {name: str(box.currentData() or "") for name, box in self._boxes.items()}

    def differs(self) -> bool:
        """Tell whether a person has settled something that the names do not say."""
        return any(field != self._suggested.get(name, "") for name, field in self.settled().items())


def _offers(suggestions: Mapping[str, str]) -> list[tuple[str, str]]:
    kind = Seller if "shop_name" in suggestions.values() else Case
    fields = [f for f in fields_of(kind) if f.name == "priority" or not f.declared.computed]
    return sorted((_(f.label), f.name) for f in fields if f.kind is not Kind.DATA)


def _box(column: str, offers: Sequence[tuple[str, str]], chosen: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(_("“{column}” becomes", column=column))
    made.addItem(_("Left out"), "")
    for label, name in offers:
        made.addItem(label, name)
    made.setCurrentIndex(max(made.findData(chosen), 0))
    return made


def _item(text: str) -> QTableWidgetItem:
    made = QTableWidgetItem(visible(text))
    made.setToolTip(tip_text(text))
    return made


def _example(table: Survey, column: str) -> str:
    values: list[Any] = [row.get(column) for row in table.rows]
    found = next((value for value in values if value not in (None, "")), "")
    return one_line(str(found), _EXAMPLE)
