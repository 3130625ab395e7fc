"""The head of the queue: which view it is, how many cases it has, the quick filter, and how it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from escalation_desk.casework.listed import listed_fields
from escalation_desk.casework.spans import SPANS
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import ElidedLabel, PlainLabel, SearchField, icon_button, literal
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Kept
    from escalation_desk.desktop.queue.views import ListView, Look

# A quick filter asks while somebody types, but not for every letter.
_PAUSE: Final = 180


class QueueHead(QWidget):
    """Shows, and tells what somebody asks for; decides nothing."""

    searched = Signal(str)
    grouped = Signal(str)
    facets_asked = Signal(bool)
    preview_asked = Signal(bool)
    columns_asked = Signal(QPoint)
    view_menu_asked = Signal(QPoint)

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self._kept = kept
        self._title = ElidedLabel("", Role.HEADING)
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._count = PlainLabel("", Role.MUTED)
        self.quick = SearchField(_("Filter this list"))
        self.pin = _toggle("pin", _("Keep this filter when I go to another view"))
        self.filter = _toggle("filter", _("Filters"))
        self.preview = _toggle("preview", _("Preview"))
        self.group = icon_button("group", _("Group by"), self._ask_group)
        self.columns = icon_button("columns", _("Columns"), lambda: self.columns_asked.emit(_below(self.columns)))
        self.save = icon_button("save view", _("This view"), lambda: self.view_menu_asked.emit(_below(self.save)))
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._grouping = ""
        self._connect()
        self._lay_out()

    @property
    def pinned(self) -> bool:
        return self.pin.isChecked()

    def pinned_search(self) -> str:
        return self.quick.text() if self.pinned else ""

    def show_view(self, view: ListView) -> None:
        self.show_name(view)
        self._count.setText("")

    def show_name(self, view: ListView) -> None:
        self._title.setText(view.title)

    def show_look(self, looked: Look) -> None:
        self._grouping = looked.group or ""
        self.group.setProperty("lit", bool(looked.group))
        if looked.search != self.quick.text().strip():
            self.quick.blockSignals(True)
            self.quick.setText(looked.search)
            self.quick.blockSignals(False)

    def show_count(self, count: int) -> None:
        self._count.setText(n_("{n} case", "{n} cases", count) if count < 1000 else _("{n} cases", n=f"{count:,}"))

    def clear_search(self) -> None:
        self.quick.clear()
        self._pause.stop()
        self._search()

    def _search(self) -> None:
        self.searched.emit(self.quick.text().strip())

    def _ask_group(self) -> None:
        menu = QMenu(self)
        offered = {"": _("No groups")}
        offered |= {code: _(spans.label) for code, spans in SPANS.items()}
        offered |= {f.name: _(f.label) for f in listed_fields("case") if f.declared.facet}
        for code, label in offered.items():
            act = menu.addAction(literal(label), lambda code=code: self.grouped.emit(code))  # type: ignore[misc]  # a string.
            act.setCheckable(True)
            act.setChecked(code == self._grouping)
            if not code:
                menu.addSeparator()
        menu.popup(_below(self.group))

    def _connect(self) -> None:
        self.pin.setChecked(bool(self._kept.get("queue.pinned", False)))
        self.pin.toggled.connect(lambda pinned: self._kept.put("queue.pinned", pinned))
        self.filter.toggled.connect(self.facets_asked)
        self.preview.toggled.connect(self.preview_asked)
        self.quick.textChanged.connect(lambda _text: self._pause.start())
        self._pause.timeout.connect(self._search)

    def _lay_out(self) -> None:
        letters = look().letters
        top = QHBoxLayout()
        top.setSpacing(letters.gap)
        top.addWidget(self._title, 1)
        top.addWidget(self._count)
        below = QHBoxLayout()
        below.setSpacing(letters.tight)
        below.addWidget(self.quick, 1)
        for tool in (self.pin, self.filter, self.group, self.columns, self.preview, self.save):
            below.addWidget(tool)
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.wide, letters.gap, letters.wide, letters.gap)
        column.setSpacing(letters.tight)
        column.addLayout(top)
        column.addLayout(below)


def _toggle(sign: str, name: str) -> QToolButton:
    made = icon_button(sign, name)
    made.setCheckable(True)
    return made


def _below(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(QPoint(0, widget.height()))
