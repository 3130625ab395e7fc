"""The head of a list: its name, its views with counts, the filter, and how it is looked at; it decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from escalation_desk.desktop.flow import Flow
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainLabel, SearchField, button, icon_button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from escalation_desk.desktop.queue.views import ListView

# A quick filter asks while somebody types, but not for every letter.
_PAUSE: Final = 180


class ListHead(QWidget):
    """Shows, and tells what somebody asks for. Buttons of a place itself go into `acts`."""

    viewed = Signal(str)
    searched = Signal(str)
    grouped = Signal(bool)
    facets_asked = Signal(bool)
    columns_asked = Signal(QPoint)
    export_asked = Signal()

    def __init__(self, name: str, views: Sequence[ListView]) -> None:
        super().__init__()
        self._count = PlainLabel("", Role.MUTED)
        self.quick = SearchField(_("Filter this list"))
        self.filter = _toggle("filter", _("Filters"))
        self.group = _toggle("group", _("Group by day"))
        self.columns = icon_button("columns", _("Columns"), self._ask_columns)
        self.excel = icon_button("export excel", _("Save this list as Excel"), self.export_asked.emit)
        self.acts = QHBoxLayout()
        self.views: dict[str, QPushButton] = {}
        self._titles = {view.code: view.title for view in views}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out(name, views)
        self.quick.textChanged.connect(lambda _text: self._pause.start())
        self._pause.timeout.connect(lambda: self.searched.emit(self.quick.text().strip()))
        self.filter.toggled.connect(self.facets_asked)
        self.group.clicked.connect(self.grouped)

    def show_look(self, view: str, search: str, *, grouped: bool) -> None:
        for code, made in self.views.items():
            made.setChecked(code == view)
        self.group.setChecked(grouped)
        if search != self.quick.text().strip():
            self.quick.blockSignals(True)
            self.quick.setText(search)
            self.quick.blockSignals(False)

    def show_count(self, count: int) -> None:
        self._count.setText(f"{count:,}")

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Write beside each view how many it holds."""
        for code, made in self.views.items():
            title, count = self._titles[code], counts.get(code, 0)
            made.setText(_("{view}  {n}", view=title, n=f"{count:,}").replace("&", "&&") if count else title)

    def _ask_columns(self) -> None:
        self.columns_asked.emit(self.columns.mapToGlobal(QPoint(0, self.columns.height())))

    def _lay_out(self, name: str, views: Sequence[ListView]) -> None:
        letters = look().letters
        top = QHBoxLayout()
        top.setSpacing(letters.gap)
        top.addWidget(PlainLabel(name, Role.HEADING))
        top.addWidget(self._count, 1)
        top.addLayout(self.acts)
        holder = QWidget()
        flow = Flow(holder, letters.tight)
        flow.setContentsMargins(0, 0, 0, 0)
        for view in views:
            made = button(view.title, lambda code=view.code: self.viewed.emit(code), kind="quiet")  # type: ignore[misc]  # a string.
            made.setCheckable(True)
            self.views[view.code] = made
            flow.addWidget(made)
        below = QHBoxLayout()
        below.setSpacing(letters.tight)
        below.addWidget(self.quick, 1)
        for tool in (self.filter, self.group, self.columns, self.excel):
            below.addWidget(tool)
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.wide, letters.gap, letters.wide, letters.gap)
        column.setSpacing(letters.tight)
        column.addLayout(top)
        column.addWidget(holder)
        column.addLayout(below)


def _toggle(sign: str, name: str) -> QToolButton:
    made = icon_button(sign, name)
    made.setCheckable(True)
    return made
