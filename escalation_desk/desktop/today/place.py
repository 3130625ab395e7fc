"""Today: what is due, what was promised, what is new, in the order in which a shift goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from escalation_desk.casework.views import Now
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import Card, NameLabel, PlainLabel, button
from escalation_desk.desktop.today.day import LATELY, SECTIONS, Day, Line, Section, read_day
from escalation_desk.i18n import N_, _, n_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.journal import Touched

_PAUSE: Final = 200


class TodayPlace(QWidget):
    """The home of the window."""

    icon: Final = "today"
    renamed = Signal(str)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.refresh)
        self._cards: dict[str, _SectionCard] = {}
        self._hello = PlainLabel("", Role.TITLE)
        self._below = PlainLabel("", Role.MUTED, wrap=True)
        self._lately = _SectionCard(frame, LATELY)
        self._first = _FirstSteps(frame)
        self._lay_out()
        frame.verbs.changed.connect(self._changed)
        frame.minute.connect(self.refresh)
        self.refresh()

    def title(self) -> str:
        return _("Today")

    def refresh(self) -> None:
        verbs = self._frame.verbs
        clock = Clock.of(verbs.me, verbs.journal.now())
        now = Now(verbs.me.id, clock.now, clock.day_end)
        verbs.ask(lambda made: read_day(made, now, clock), lambda day: self._show(day, clock), slow=True)

    def _show(self, day: Day, clock: Clock) -> None:
        self._hello.setText(_greeting(clock, self._frame.verbs.me.full_name))
        self._below.setText(_in_short(day, clock))
        self._first.setVisible(day.empty)
        self._grid.setVisible(not day.empty)
        for code, card in self._cards.items():
            card.show_lines(day.lines[code], day.counts[code])
        self._lately.show_lines(day.lately, len(day.lately))

    def _changed(self, _touched: Touched) -> None:
        self._pause.start()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._pause.start()

    def _lay_out(self) -> None:
        letters = look().letters
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.page)
        column.setSpacing(letters.wide)
        column.addWidget(self._hello)
        column.addWidget(self._below)
        column.addWidget(self._first)
        self._grid = _Columns([*(self._card(section) for section in SECTIONS), self._lately])
        column.addWidget(self._grid)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _card(self, section: Section) -> _SectionCard:
        card = self._cards[section.code] = _SectionCard(self._frame, section)
        return card


class _FirstSteps(Card):
    """What to do on a desk without a case."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(_("There is no case on this desk yet"))
        self.body.addWidget(PlainLabel(_(_FIRST_STEPS), Role.MUTED, wrap=True))
        row = QHBoxLayout()
        row.addWidget(button(_("Import a file…"), lambda: frame.import_files([]), kind="first", sign="import"))
        row.addStretch(1)
        self.body.addLayout(row)
        self.hide()


_FIRST_STEPS: Final = N_(
    "Import what your CRM or your tracker exports: CSV, Excel or JSON. You can also drop the file on this window."
)


class _Columns(QWidget):
    """Cards in one or two columns, as the width allows."""

    def __init__(self, cards: Sequence[QWidget]) -> None:
        super().__init__()
        self._cards = cards
        self._wide: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(look().letters.wide)
        for card in cards:
            card.setParent(self)
        self._place(wide=False)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        wide = self.width() > look().letters.px(56)
        if wide is not self._wide:
            self._place(wide=wide)

    def _place(self, *, wide: bool) -> None:
        self._wide = wide
        columns = 2 if wide else 1
        for at, card in enumerate(self._cards):
            self._grid.addWidget(card, at // columns, at % columns, Qt.AlignmentFlag.AlignTop)
        for at in range(2):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)


class _SectionCard(Card):
    """One section: its count, its first lines, and the way to all of them."""

    def __init__(self, frame: Frame, section: Section) -> None:
        super().__init__(_(section.label))
        self._frame = frame
        self._section = section
        self._count = PlainLabel("", Role.STRONG)
        self.acts.addWidget(self._count)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.body.setSpacing(look().letters.tight)
        self._more = button("", lambda: frame.open_place(section.place, section.view), kind="link")
        self.body.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._more.hide()

    def show_lines(self, lines: Sequence[Line], count: int) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for line in lines:
            self._rows.addWidget(_LineWidget(self._frame, line))
        if not lines:
            self._rows.addWidget(PlainLabel(_(self._section.nothing), Role.MUTED, wrap=True))
        self._count.setText(f"{count:,}" if count else "")
        self._count.set_tone(Tone.BAD if self._section.urgent and count else None)
        self._more.setVisible(count > len(lines))
        self._more.setText(n_("All {n}", "All {n}", count))


class _LineWidget(QFrame):
    """One line that opens what it names."""

    def __init__(self, frame: Frame, line: Line) -> None:
        super().__init__()
        letters = look().letters
        self._frame = frame
        self._line = line
        self.setProperty("kind", "line")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(", ".join(part for part in (line.name, line.text, line.time) if part))
        row = QHBoxLayout(self)
        row.setContentsMargins(letters.tight, letters.tight, letters.tight, letters.tight)
        row.setSpacing(letters.gap)
        name = PlainLabel(line.name, Role.STRONG) if line.kind == "case" else NameLabel(line.name, Role.STRONG)
        if line.kind != "case":
            # An elided label asks for no room by itself, and its policy would have the layout give it none.
            name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            name.setFixedWidth(letters.px(11))
        row.addWidget(name)
        row.addWidget(NameLabel(line.text), 3)
        row.addWidget(PlainLabel(line.time, Role.SMALL, tone=line.tone))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        if not self._line.record:
            return
        if self._line.kind == "seller":
            self._frame.open_seller(self._line.record)
        else:
            self._frame.open_case(self._line.record)


def _greeting(clock: Clock, name: str) -> str:
    hour = clock.now.astimezone(clock.zone).hour
    if 4 <= hour < 12:
        return _("Good morning, {name}", name=name)
    return _("Good afternoon, {name}", name=name) if 12 <= hour < 18 else _("Good evening, {name}", name=name)


def _in_short(day: Day, clock: Clock) -> str:
    """Say the day in one line."""
    parts = [
        n_("{n} overdue", "{n} overdue", day.counts["overdue"]),
        n_("{n} due today", "{n} due today", day.counts["due"]),
        n_("{n} promise today", "{n} promises today", day.counts["promised"]),
        n_("{n} new", "{n} new", day.counts["new"]),
    ]
    return f"{clock.now.astimezone(clock.zone):%d/%m/%Y}  ·  " + "  ·  ".join(parts)
