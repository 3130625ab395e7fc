"""The calendar of promises and follow-ups: a month or a week, a day in it, and what falls due on that day."""

from __future__ import annotations

from calendar import Calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.understood import DAYS
from escalation_desk.desktop.case.zones import Segments
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainLabel, button, icon_button
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal.agenda import Due, due_between

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame

_DAY: Final = int(Qt.ItemDataRole.UserRole)
_WEEK: Final = 7
_IN_MONTH: Final = 2
_IN_WEEK: Final = 12
_MONTHS: Final = (
    *(N_("January {year}"), N_("February {year}"), N_("March {year}"), N_("April {year}"), N_("May {year}")),
    *(N_("June {year}"), N_("July {year}"), N_("August {year}"), N_("September {year}"), N_("October {year}")),
    *(N_("November {year}"), N_("December {year}")),
)


class Agenda(QWidget):
    """Arrows go from day to day, Page keys from month to month, Enter into the day; there Enter opens, Esc leaves."""

    opened = Signal(str, str)

    def __init__(self, frame: Frame, clock: Callable[[], Clock]) -> None:
        super().__init__()
        self._frame = frame
        self._clock = clock
        self.day = clock().day_start.date()
        self.weekly = False
        self.mine = True
        self.due: dict[date, list[Due]] = {}
        self.title = PlainLabel("", Role.STRONG)
        self.span = Segments(_("Month or week"), kind="modes")
        self.whose = Segments(_("Whose"), kind="modes")
        self.grid = QTableWidget(0, _WEEK)
        self.list = QListWidget()
        self._lay_out()
        self.span.chosen.connect(lambda code: self.show_span(weekly=code == "week"))
        self.whose.chosen.connect(self._choose_whose)
        self.grid.currentCellChanged.connect(lambda *_places: self._take_day())
        self.grid.itemActivated.connect(lambda _item: self.enter_day())
        self.list.itemActivated.connect(self._open)
        self.grid.installEventFilter(self)
        self.list.installEventFilter(self)
        self.setFocusProxy(self.grid)

    # What is shown

    def read(self) -> None:
        """Read what falls due in the days that are shown."""
        days = self._days()
        zone, owner = self._clock().zone, self._frame.verbs.me.id if self.mine else ""
        begins, ends = (
            datetime.combine(day, time(), zone).astimezone(UTC) for day in (days[0], days[-1] + timedelta(1))
        )
        self._frame.verbs.ask(lambda made: due_between(made, begins, ends, owner), self._show)

    def show_span(self, *, weekly: bool) -> None:
        self.weekly = weekly
        self.span.choose("week" if weekly else "month")
        self.read()

    def go_to(self, day: date) -> None:
        """Go to a day; what is around it is read when it is not on the screen."""
        shown = day in self._days()
        self.day = day
        if shown:
            self._mark_day()
        else:
            self.read()

    def step(self, ahead: int) -> None:
        """Go a month or a week on or back."""
        if self.weekly:
            self.go_to(self.day + timedelta(days=_WEEK * ahead))
            return
        month = self.day.month - 1 + ahead
        year, month = self.day.year + month // 12, month % 12 + 1
        self.go_to(date(year, month, min(self.day.day, 28)))

    def enter_day(self) -> None:
        """Go into the list of the day."""
        if self.list.count():
            self.list.setCurrentRow(0)
            self.list.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            act = self._keys().get((watched is self.grid, key))
            if act:
                act()
                return True
        return super().eventFilter(watched, event)

    def _keys(self) -> dict[tuple[bool, Qt.Key], Callable[[], object]]:
        """Say what keys do on the grid (True) and on the list of the day (False)."""
        return {
            (True, Qt.Key.Key_Left): lambda: self.go_to(self.day - timedelta(days=1)),
            (True, Qt.Key.Key_Right): lambda: self.go_to(self.day + timedelta(days=1)),
            (True, Qt.Key.Key_Up): lambda: self.go_to(self.day - timedelta(days=_WEEK)),
            (True, Qt.Key.Key_Down): lambda: self.go_to(self.day + timedelta(days=_WEEK)),
            (True, Qt.Key.Key_PageUp): lambda: self.step(-1),
            (True, Qt.Key.Key_PageDown): lambda: self.step(1),
            (True, Qt.Key.Key_Home): lambda: self.go_to(self._clock().day_start.date()),
            (True, Qt.Key.Key_Return): self.enter_day,
            (True, Qt.Key.Key_Enter): self.enter_day,
            (False, Qt.Key.Key_Escape): self.grid.setFocus,
        }

    def _days(self) -> list[date]:
        """List the days that are shown: whole weeks from Monday."""
        if self.weekly:
            monday = self.day - timedelta(days=self.day.weekday())
            return [monday + timedelta(days=ahead) for ahead in range(_WEEK)]
        return list(Calendar(0).itermonthdates(self.day.year, self.day.month))

    def _show(self, found: list[Due]) -> None:
        zone = self._clock().zone
        self.due = {}
        for one in found:
            self.due.setdefault(datetime.fromisoformat(one.due_at).astimezone(zone).date(), []).append(one)
        days = self._days()
        self.grid.blockSignals(True)
        self.grid.setRowCount(len(days) // _WEEK)
        for at, day in enumerate(days):
            self.grid.setItem(at // _WEEK, at % _WEEK, self._cell(day))
        self.grid.blockSignals(False)
        self.title.setText(_(_MONTHS[self.day.month - 1], year=self.day.year))
        self._mark_day()

    def _cell(self, day: date) -> QTableWidgetItem:
        due, most = self.due.get(day, []), _IN_WEEK if self.weekly else _IN_MONTH
        lines = [self._short(one) for one in due[:most]]
        today = day == self._clock().day_start.date()
        number = _("{day} today", day=day.day) if today else f"{day.day}/{day.month}" if day.day == 1 else str(day.day)
        if len(due) > most:
            number = _("{day} · {n} due", day=number, n=len(due))
        made = QTableWidgetItem("\n".join([number, *lines]))
        made.setData(_DAY, day)
        made.setFlags(Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled)
        made.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        spoken = n_("{day}: {n} follow-up", "{day}: {n} follow-ups", len(due), day=f"{day:%d/%m/%Y}")
        made.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        outside = not self.weekly and day.month != self.day.month
        made.setForeground(self.palette().placeholderText() if outside else self.palette().text())
        return made

    def _short(self, one: Due) -> str:
        at = datetime.fromisoformat(one.due_at).astimezone(self._clock().zone)
        return f"{self._mark(one)}{at:%H:%M} {one_line(one.text, 40 if self.weekly else 24)}"

    def _mark(self, one: Due) -> str:
        """Mark by a sign what was done, is late, or was moved: colour is not needed for it."""
        if one.done:
            return "✓ "
        overdue = datetime.fromisoformat(one.due_at) < self._clock().now
        return "▲ " if overdue else "↷ " if one.moved else ""

    def _mark_day(self) -> None:
        """Put the cursor of the grid onto the day, and list the day."""
        at = self._days().index(self.day)
        self.grid.blockSignals(True)
        self.grid.setCurrentCell(at // _WEEK, at % _WEEK)
        self.grid.blockSignals(False)
        self._list_day()

    def _take_day(self) -> None:
        item: QTableWidgetItem | None = self.grid.currentItem()
        held: Any = item.data(_DAY) if item is not None else None
        if isinstance(held, date):
            self.day = held
            self._list_day()

    def _list_day(self) -> None:
        self.list.clear()
        for one in self.due.get(self.day, []):
            made = QListWidgetItem(self._long(one), self.list)
            made.setData(_DAY, one)
        self.list.setAccessibleName(_("Due on {day}", day=f"{_(DAYS[self.day.weekday()])} {self.day:%d/%m/%Y}"))
        if not self.list.count():
            made = QListWidgetItem(_("Nothing is due on this day."), self.list)
            made.setFlags(Qt.ItemFlag.NoItemFlags)

    def _long(self, one: Due) -> str:
        at = datetime.fromisoformat(one.due_at).astimezone(self._clock().zone)
        parts = [f"{self._mark(one)}{at:%H:%M}  {one_line(one.text, 140)}"]
        if one.to_whom:
            parts.append(_("to {name}", name=one.to_whom))
        if one.about:
            parts.append(one.about)
        if one.moved:
            parts.append(_("moved, counts as not kept"))
        elif one.done and one.done_at and one.first_due_at:
            parts.append(_("kept") if one.done_at <= one.first_due_at else _("done late"))
        return " · ".join(parts)

    def _open(self, item: QListWidgetItem) -> None:
        one: Any = item.data(_DAY)
        if isinstance(one, Due) and (one.case or one.seller):
            self.opened.emit("case" if one.case else "seller", one.case or one.seller or "")

    def _choose_whose(self, code: str) -> None:
        self.mine = code == "mine"
        self.read()

    # Laying out

    def _lay_out(self) -> None:
        letters = look().letters
        self.setAccessibleName(_("Calendar of follow-ups"))
        self.span.show_words([("month", _("Month")), ("week", _("Week"))])
        self.span.choose("month")
        self.whose.show_words([("mine", _("Mine")), ("all", _("Everybody's"))])
        self.whose.choose("mine")
        self.grid.setProperty("kind", "plain")
        self.grid.setAccessibleName(_("Days"))
        self.grid.setWordWrap(False)
        self.grid.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.grid.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.grid.setTabKeyNavigation(False)
        self.grid.setHorizontalHeaderLabels(_words(DAYS))
        self.grid.verticalHeader().hide()
        for header in (self.grid.horizontalHeader(), self.grid.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        top = QHBoxLayout()
        top.setSpacing(letters.tight)
        top.addWidget(icon_button("left", _("Earlier"), lambda: self.step(-1)))
        top.addWidget(icon_button("right", _("Later"), lambda: self.step(1)))
        top.addWidget(button(_("Today"), lambda: self.go_to(self._clock().day_start.date()), kind="quiet"))
        top.addWidget(self.title, 1)
        for segments, width in ((self.whose, 17), (self.span, 13)):
            segments.setMinimumWidth(letters.px(width))
            top.addWidget(segments)
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.wide, letters.gap, letters.wide, letters.gap)
        column.setSpacing(letters.gap)
        column.addLayout(top)
        column.addWidget(self.grid, 3)
        column.addWidget(self.list, 1)


def _words(names: Sequence[str]) -> list[str]:
    return [_(name) for name in names]
