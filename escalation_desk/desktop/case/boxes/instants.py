"""A box for a moment: typed as people write it, or taken from a calendar; always in the zone of whoever looks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QDate, QPoint, Qt, QTime, Signal
from PySide6.QtWidgets import QCalendarWidget, QFrame, QHBoxLayout, QTimeEdit, QVBoxLayout, QWidget

from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.boxes.base import Around, Box, Line
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.case.when import quick_moments, read_moment
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import button, icon_button, inset
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.fields import Field
    from escalation_desk.desktop.moments import Clock

HINT: Final = "24/11/2026 14:30"


class MomentLine(QWidget):
    """A line for a moment with a calendar beside it."""

    edited = Signal()
    left = Signal()

    def __init__(self, clock: Callable[[], Clock], name: str = "", *, quiet: bool = False, hint: str = HINT) -> None:
        super().__init__()
        self._clock = clock
        self.line = Line(hint)
        self.line.setAccessibleName(name)
        if quiet:
            self.line.setProperty("kind", "field")
        self.button = icon_button("calendar", _("Choose a day and time"), self.open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.line.left.connect(self._write_out)
        self.line.left.connect(self.left)

    def value(self) -> datetime | Unread | None:
        text = self.line.text()
        try:
            return read_moment(text, self._clock())
        except Refused as sentence:
            return Unread(text, str(sentence))

    def show_value(self, value: datetime | Unread | None) -> None:
        self.line.show_text(value.text if isinstance(value, Unread) else self._clock().full(value))

    def open(self) -> None:
        held = self.value()
        popup = MomentPopup(self._clock(), held if isinstance(held, datetime) else None, self)
        popup.chosen.connect(self._take)
        popup.open_under(self)

    def _take(self, at: datetime | None) -> None:
        self.show_value(at)
        self.line.setFocus()
        self.edited.emit()

    def _write_out(self) -> None:
        """Show what was understood: +2h becomes the moment it means."""
        held = self.value()
        if isinstance(held, datetime):
            self.show_value(held)


class MomentPopup(QFrame):
    """Quick choices, a calendar and a time; nothing is chosen until the button is pressed."""

    chosen = Signal(object)

    def __init__(self, clock: Clock, at: datetime | None, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._clock = clock
        shown = (at or clock.now).astimezone(clock.zone)
        self.calendar = QCalendarWidget()
        self.calendar.setAccessibleName(_("Day"))
        self.calendar.setGridVisible(False)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        self.time = inset(QTimeEdit(QTime(shown.hour, shown.minute)))
        self.time.setAccessibleName(_("Time"))
        self.time.setDisplayFormat("HH:mm")
        self.calendar.activated.connect(lambda _day: self._take())
        self._lay_out(clock)

    def open_under(self, widget: QWidget) -> None:
        size = self.sizeHint()
        room = widget.screen().availableGeometry()
        place = widget.mapToGlobal(QPoint(0, widget.height() + 2))
        if place.y() + size.height() > room.bottom():
            place = widget.mapToGlobal(QPoint(0, -size.height() - 2))
        left = max(min(place.x(), room.right() - size.width()), room.left())
        self.move(left, max(place.y(), room.top()))
        self.show()
        self.calendar.setFocus()

    def _lay_out(self, clock: Clock) -> None:
        letters = look().letters
        row = QHBoxLayout(self)
        row.setContentsMargins(letters.gap, letters.gap, letters.gap, letters.gap)
        row.setSpacing(letters.gap)
        quick = QVBoxLayout()
        quick.setSpacing(0)
        for text, at in quick_moments(clock):
            quick.addWidget(button(text, lambda at=at: self._choose(at), kind="quiet"))  # type: ignore[misc]  # the default is a moment.
        quick.addStretch()
        quick.addWidget(button(_("No time"), lambda: self._choose(None), kind="quiet"))
        row.addLayout(quick)
        column = QVBoxLayout()
        column.addWidget(self.calendar)
        foot = QHBoxLayout()
        foot.addWidget(self.time)
        foot.addStretch()
        foot.addWidget(button(_("Take it"), self._take, kind="first"))
        column.addLayout(foot)
        row.addLayout(column)

    def _take(self) -> None:
        day, time = self.calendar.selectedDate(), self.time.time()
        at = datetime(day.year(), day.month(), day.day(), time.hour(), time.minute(), tzinfo=self._clock.zone)
        self._choose(at.astimezone(UTC))

    def _choose(self, at: datetime | None) -> None:
        self.close()
        self.chosen.emit(at)


class InstantBox(Box):
    def __init__(self, _field: Field, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.moment = MomentLine(around.clock, quiet=True, hint=_("No time"))
        self._enter(self.moment)
        self.moment.edited.connect(self.edited)
        self.moment.left.connect(self.left)

    def entrance(self) -> QWidget:
        return self.moment.line

    def set_fixed(self, *, fixed: bool) -> None:
        self.moment.line.setReadOnly(fixed)
        self.moment.button.setVisible(not fixed)

    def value(self) -> Any:
        return self.moment.value()

    def show_value(self, value: Any) -> None:
        self.moment.show_value(value)
