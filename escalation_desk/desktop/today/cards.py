"""Cards of a page that asks several questions of the desk at once: a count, the first lines, the way to the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import Card, NameLabel, PlainLabel, button
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.desktop.today.day import Line, Section


def page_in(place: QWidget) -> QVBoxLayout:
    """Give a place a page that scrolls, and answer the column that the page's parts go into."""
    letters = look().letters
    page = QWidget()
    page.setProperty("kind", "page")
    column = QVBoxLayout(page)
    column.setContentsMargins(letters.page, letters.page, letters.page, letters.page)
    column.setSpacing(letters.wide)
    scroll = QScrollArea(widgetResizable=True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(page)
    outer = QVBoxLayout(place)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(scroll)
    return column


class Columns(QWidget):
    """Cards in one or two columns, as the width allows; in each they stand close, however long the others are."""

    def __init__(self, cards: Sequence[QWidget]) -> None:
        super().__init__()
        self._cards = cards
        self._wide: bool | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().letters.wide)
        self._columns = [QVBoxLayout(), QVBoxLayout()]
        for column in self._columns:
            column.setSpacing(look().letters.wide)
            row.addLayout(column, 1)
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
        for column in self._columns:
            while column.takeAt(0) is not None:
                pass
        for at, card in enumerate(self._cards):
            self._columns[at % 2 if wide else 0].addWidget(card)
        for column in self._columns:
            column.addStretch(1)
        row = self.layout()
        assert isinstance(row, QHBoxLayout)  # noqa: S101 - it was laid out here; for the type checker.
        row.setStretch(1, 1 if wide else 0)
        row.setSpacing(look().letters.wide if wide else 0)


class SectionCard(Card):
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
            self._rows.addWidget(LineWidget(self._frame, line))
        if not lines:
            self._rows.addWidget(PlainLabel(_(self._section.nothing), Role.MUTED, wrap=True))
        self._count.setText(f"{count:,}" if count else "")
        self._count.set_tone(Tone.BAD if self._section.urgent and count else None)
        self._more.setVisible(count > len(lines))
        self._more.setText(n_("All {n}", "All {n}", count))


class LineWidget(QFrame):
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
