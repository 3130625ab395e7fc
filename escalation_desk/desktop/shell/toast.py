"""A sentence that floats over the foot of the window for a while, with at most one thing to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, Sign, button, icon_button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MOVED: Final = {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide}
_LEAST: Final = 20  # letters; in less a sentence becomes a column.
# Milliseconds: an act is read at a glance, a refusal is a sentence to understand, a fault waits for its reader.
_STAYS: Final = {"done": 7_000, "refused": 12_000, "fault": 0}
_LOOKS: Final = {"done": ("check", Tone.GOOD), "refused": ("alert", Tone.WARN), "fault": ("refused", Tone.BAD)}


class Toast(QFrame):
    """Shown over its parent; goes away by itself unless the mouse or the focus is on it.

    It lies where nobody works at that moment: at the left of `beside`, or over its upper edge where it has the whole
    width, and never on what is `above` the foot.
    """

    def __init__(self, parent: QWidget, beside: QWidget, above: Sequence[QWidget]) -> None:
        super().__init__(parent)
        self._over = parent
        self._beside = beside
        self._above = above
        letters = look().letters
        self.setProperty("kind", "toast")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(letters.wide, letters.tight, letters.tight, letters.tight)
        self._row.setSpacing(letters.gap)
        self._sign = Sign("check", 1.25)
        self.label = PlainLabel(wrap=False)
        self.act = button("", kind="link")
        self.act.clicked.connect(self._acted)
        self._row.addWidget(self._sign)
        self._row.addWidget(self.label, 1)
        self._row.addWidget(self.act)
        self._row.addWidget(icon_button("close", _("Close this notice"), self.hide))
        self._do: Callable[[], None] | None = None
        self._kind = "done"
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._leave)
        for one in (parent, beside, *above):
            one.installEventFilter(self)
        self.hide()

    def say(self, sentence: str, kind: str = "done", act_text: str = "", act: Callable[[], None] | None = None) -> None:
        self._kind = kind
        sign, tone = _LOOKS.get(kind, _LOOKS["done"])
        self._sign.show_sign(sign, tone)
        self.label.setWordWrap(False)
        self.label.setText(sentence)
        self._do = act
        self.act.setText(act_text)
        self.act.setVisible(act is not None)
        self.setAccessibleName(sentence)
        self._place()
        self.show()
        self.raise_()
        stays = _STAYS.get(kind, 0)
        if stays:
            self._timer.start(stays)
        else:
            self._timer.stop()

    def go_on_in(self, other: Toast) -> None:
        """Let the toast of a window that takes over say what is still to be read here; what it offered is left out."""
        if not self.isHidden():
            other.say(self.label.text(), self._kind)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVED and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        letters = look().letters
        room, at_foot = self._room()
        most = room.width() - 2 * letters.page
        self.label.setWordWrap(self.sizeHint().width() > most)
        width = min(self.sizeHint().width(), most)
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        left = room.center().x() - width // 2 if at_foot else room.right() - width - letters.gap
        top = room.bottom() - height - letters.gap if at_foot else room.top() + letters.tight
        self.setGeometry(left, top, width, height)

    def _room(self) -> tuple[QRect, bool]:
        """Find the room to lie in, and whether at its foot or at its upper edge."""
        room = self._over.rect()
        shown = [one for one in self._above if one.isVisible()]
        room.setBottom(min((self._top_left(one).y() for one in shown), default=room.bottom()))
        if self._beside.isVisible():
            case = QRect(self._top_left(self._beside), self._beside.size())
            if case.left() < look().letters.px(_LEAST):
                return case, False
            room.setRight(case.left())
        return room, True

    def _top_left(self, widget: QWidget) -> QPoint:
        return widget.mapTo(self._over, QPoint(0, 0))

    def _acted(self) -> None:
        self.hide()
        if self._do:
            self._do()

    def _leave(self) -> None:
        if self.underMouse() or self.act.hasFocus():
            self._timer.start(_STAYS["done"])
        else:
            self.hide()
