"""The bell at the top, with how many wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QToolButton

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.i18n import n_

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QPaintEvent


class Bell(QToolButton):
    """Opens the list of what was told; the number is a word for whoever listens instead of looking."""

    def __init__(self, act: QAction) -> None:
        super().__init__()
        side = look().letters.icon
        self.setDefaultAction(act)
        self.setIconSize(QSize(side, side))
        self._count = 0
        self.show_count(0)

    def show_count(self, count: int) -> None:
        self._count = count
        name = self.defaultAction().text()
        self.setAccessibleName(n_("{name}: {n} waits", "{name}: {n} wait", count, name=name) if count else name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._count:
            return
        text = str(self._count) if self._count < 100 else "99+"
        ink = look().ink(Tone.CRITICAL)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = look().letters.font(Role.SMALL)
        font.setPointSizeF(font.pointSizeF() * 0.8)
        painter.setFont(font)
        height = QFontMetricsF(font).height()
        width = max(height, QFontMetricsF(font).horizontalAdvance(text) + height * 0.6)
        box = QRectF(self.width() - width, 0, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink.fill))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(QColor(ink.on_fill))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
