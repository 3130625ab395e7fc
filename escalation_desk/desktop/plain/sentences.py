"""What would come of a choice, said below it before anything happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain.labels import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Sequence


class Sentences(QWidget):
    """Sentences below each other, the first one strong. Its dialog never gets smaller under somebody's hands."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look().letters.px(0.2))

    def say(self, sentences: Sequence[str]) -> None:
        """Say these instead of what was said before."""
        while self._column.count():
            taken = self._column.takeAt(0)
            widget = taken.widget() if taken else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, sentence in enumerate(sentences):
            self._column.addWidget(PlainLabel(sentence, Role.STRONG if at == 0 else Role.BODY, wrap=True))
        QTimer.singleShot(0, self, self._make_room)

    def _make_room(self) -> None:
        dialog = self.window()
        high = max(dialog.height(), dialog.heightForWidth(dialog.width()), dialog.sizeHint().height())
        dialog.resize(dialog.width(), high)
