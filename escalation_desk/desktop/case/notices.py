"""Quiet notices under the head: somebody changed what is being typed, a draft came back, a seller's pinned note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, Sign, button, icon_button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Notice(QFrame):
    """A sentence with some acts; it stays until somebody chooses or closes it."""

    def __init__(
        self,
        sentence: str,
        acts: Sequence[tuple[str, Callable[[], object]]] = (),
        *,
        sign: str = "info",
        tone: Tone = Tone.ACCENT,
        close: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        letters = look().letters
        self.sentence = sentence
        self.setProperty("kind", "banner")
        self.setProperty("tone", tone.value)
        self.setAccessibleName(sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(letters.gap, letters.px(0.2), letters.tight, letters.px(0.2))
        row.setSpacing(letters.gap)
        row.addWidget(Sign(sign, 1.1, tone))
        row.addWidget(PlainLabel(sentence, wrap=True), 1)
        self.buttons = [button(text, act, kind="link") for text, act in acts]
        for one in self.buttons:
            row.addWidget(one)
        if close:
            row.addWidget(icon_button("close", _("Close this notice"), close))


class Notices(QWidget):
    """Holds notices by a key, so that the same matter is never said twice."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[str, Notice] = {}
        letters = look().letters
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(letters.wide, 0, letters.wide, letters.gap)
        self._column.setSpacing(letters.tight)
        self.hide()

    def put(self, key: str, notice: Notice) -> None:
        self.drop(key)
        self._shown[key] = notice
        self._column.addWidget(notice)
        self.show()

    def drop(self, key: str) -> None:
        notice = self._shown.pop(key, None)
        if notice is not None:
            self._column.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
        self.setVisible(bool(self._shown))

    def shown(self, beginning: str = "") -> list[str]:
        return [key for key in self._shown if key.startswith(beginning)]

    def notice(self, key: str) -> Notice | None:
        return self._shown.get(key)
