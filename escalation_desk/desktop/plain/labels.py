"""Labels that draw what they are given and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.plain.characters import tip_text, visible

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from escalation_desk.desktop.look.tones import Tone

# Laying out one unbroken line grows with its square (reliability.md §3.11); nobody reads that much in a label.
LONGEST_LABEL: Final = 20_000


class PlainLabel(QLabel):
    """A label whose text is never markup, in one of the theme's roles."""

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        *,
        tone: Tone | None = None,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        super().setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role.value)
        self.setWordWrap(wrap)
        # Nothing is polished yet, so nothing needs to be again: a window makes hundreds of labels.
        self.setProperty("tone", tone.value if tone else None)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name.
        super().setText(text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…")

    def setTextFormat(self, wanted: Qt.TextFormat) -> None:  # noqa: N802 - Qt's name.
        if wanted is not Qt.TextFormat.PlainText:
            raise ValueError("A PlainLabel stays plain.")

    def set_tone(self, tone: Tone | None) -> None:
        self.setProperty("tone", tone.value if tone else None)
        restyle(self)

    def selectable(self) -> PlainLabel:
        """Let people mark and copy the text, by keyboard too."""
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return self


class ElidedLabel(PlainLabel):
    """One line that ends in … where the room ends, with the whole text as tooltip and for screen readers."""

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        *,
        tone: Tone | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, tone=tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name.
        super().setText(text.replace("\n", " "))
        self.setAccessibleName(self.text())
        set_tip(self, self.text())

    def minimumSizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).averageCharWidth() * 4, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(room, int(self.alignment() | Qt.TextFlag.TextSingleLine), shown)


class NameLabel(ElidedLabel):
    """A name as somebody else wrote it: hidden characters show as badges."""

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name.
        super().setText(visible(text))


def set_tip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip that cannot turn into markup."""
    widget.setToolTip(tip_text(text))


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again after a property that it asks for has changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
