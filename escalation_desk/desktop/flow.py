"""A row that goes on in the next line where the room ends: chips above a list, tags on a card."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    def __init__(self, parent: QWidget | None = None, gap: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name.
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name; None ends it.
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - as above.
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802 - Qt's name.
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's name.
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name.
        sizes = [item.minimumSize() for item in self._items]
        margins = self.contentsMargins()
        widest, tallest = (
            max(lengths, default=0) for lengths in ([s.width() for s in sizes], [s.height() for s in sizes])
        )
        return QSize(widest + margins.left() + margins.right(), tallest + margins.top() + margins.bottom())

    def clear(self) -> None:
        while self._items:
            widget = self._items.pop().widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _lay(self, rect: QRect, *, move: bool) -> int:
        """Put the items into lines; answer the height."""
        margins = self.contentsMargins()
        rect = rect.marginsRemoved(margins)
        y = rect.y() - self._gap
        for line in self._lines(rect.width()):
            y += self._gap
            tall = max(item.sizeHint().height() for item in line)
            if move:
                self._move(line, rect.x(), y, tall)
            y += tall
        return max(y - rect.y(), 0) + margins.top() + margins.bottom()

    def _lines(self, room: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._items:
            width = item.sizeHint().width()
            if not lines or width > left:
                lines.append([])
                left = room
            lines[-1].append(item)
            left -= width + self._gap
        return lines

    def _move(self, line: list[QLayoutItem], x: int, y: int, tall: int) -> None:
        """Put the items of a line beside each other, on one middle line whatever their heights."""
        for item in line:
            size = item.sizeHint()
            item.setGeometry(QRect(QPoint(x, y + (tall - size.height()) // 2), size))
            x += size.width() + self._gap
