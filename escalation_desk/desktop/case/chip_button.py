"""A chip that opens a menu: the state of a case, its priority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QPushButton

from escalation_desk.desktop.look.icons import picture
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.plain import paint_chip
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from escalation_desk.casework.choices import Choice


class ChipButton(QPushButton):
    """Painted like a chip, with a small arrow where it opens something, and a ring while it has the focus."""

    def __init__(self, *, opens: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self._tone = Tone.NEUTRAL
        self._opens = opens
        self.setProperty("kind", "bare")

    def show_choice(self, choice: Choice) -> None:
        shown = meaning(choice)
        self.show_word(f"{shown.mark} {_(choice.label)}".strip(), shown.tone)

    def show_word(self, text: str, tone: Tone) -> None:
        self._shown, self._tone = text, tone
        self.updateGeometry()
        self.update()

    @property
    def shown(self) -> str:
        return self._shown

    def sizeHint(self) -> QSize:
        letters = look().letters
        metrics = QFontMetricsF(letters.font(Role.SMALL))
        height = letters.px(1.75)
        arrow = letters.px(1.0) if self._opens else 0
        return QSize(round(metrics.horizontalAdvance(self._shown) + height * 0.95) + arrow, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn = look()
        box = QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setFont(worn.letters.font(Role.SMALL))
            paint_chip(painter, box, self._shown, self._tone)
            if self._opens:
                self._paint_arrow(painter)
            if self.hasFocus() or self.underMouse():
                painter.setPen(QPen(QColor(worn.ink(self._tone).ink), 1.5 if self.hasFocus() else 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                radius = box.height() / 2
                painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), radius, radius)

    def _paint_arrow(self, painter: QPainter) -> None:
        worn = look()
        side = worn.letters.px(0.9)
        arrow = picture("down", side, worn.ink(self._tone).on_fill, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - side - worn.letters.px(0.5), (self.height() - side) // 2, arrow)
