"""The few pieces that pages are made of: card, chip, banner, empty state, buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from escalation_desk.desktop.look.icons import icon, picture
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.plain.characters import literal
from escalation_desk.desktop.plain.labels import PlainLabel, restyle, set_tip
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from escalation_desk.casework.choices import Choice

_SIGNS: Final = {
    Tone.NEUTRAL: "info",
    Tone.ACCENT: "info",
    Tone.GOOD: "check",
    Tone.WARN: "alert",
    Tone.SERIOUS: "alert",
    Tone.BAD: "refused",
    Tone.CRITICAL: "alert",
}


_Box = TypeVar("_Box", bound=QAbstractSpinBox)


def resize_within(dialog: QWidget, wide: float, high: float) -> None:
    """Give a dialog its size in letters, as far as the screen has it: with large letters a laptop is small."""
    letters, room = look().letters, dialog.screen().availableGeometry()
    dialog.resize(
        min(letters.px(wide), room.width() - letters.px(2)), min(letters.px(high), room.height() - letters.px(4))
    )


def own_viewport(area: QAbstractScrollArea) -> None:
    """Give a scroll area a viewport made here, like the one it has.

    The first widget that Qt has made and Python asks for is a start's worth of time: to tell what it is, PySide learns
    of every kind of widget there is, with all their words.
    """
    made = QWidget()
    made.setBackgroundRole(QPalette.ColorRole.Base)
    made.setAutoFillBackground(True)
    area.setViewport(made)


class Card(QFrame):
    """A quiet frame with an optional heading; put things into `body`, and acts beside the heading into `acts`."""

    def __init__(self, title: str = "", *, kind: str = "card", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        letters = look().letters
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(letters.wide, letters.gap, letters.wide, letters.wide)
        self.body.setSpacing(letters.gap)
        self.acts = QHBoxLayout()
        self.acts.setSpacing(letters.tight)
        if title:
            self.setAccessibleName(title)
            self.acts.addWidget(PlainLabel(title, Role.STRONG), 1)
            self.body.addLayout(self.acts)


class Rule(QFrame):
    """A hairline between two parts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rule")


def paint_chip(painter: QPainter, box: QRectF, text: str, tone: Tone) -> None:
    """Draw a chip into a box; the queue paints its chips with the same hand."""
    ink = look().ink(tone)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(ink.rim), 1))
    painter.setBrush(QColor(ink.fill))
    radius = box.height() / 2
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setPen(QColor(ink.on_fill))
    metrics = QFontMetricsF(painter.font())
    baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(box.x() + box.height() * 0.45, baseline), text)


class Chip(QWidget):
    """A word in a coloured pill, with a mark that needs no colour."""

    def __init__(self, text: str, tone: Tone = Tone.NEUTRAL, mark: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_word(text, tone, mark)

    @classmethod
    def of(cls, choice: Choice, parent: QWidget | None = None) -> Chip:
        """Make the chip of a word of the desk, as the theme shows it."""
        shown = meaning(choice)
        return cls(_(choice.label), shown.tone, shown.mark, parent)

    def show_word(self, text: str, tone: Tone = Tone.NEUTRAL, mark: str = "") -> None:
        self._shown = f"{mark} {text}".strip()
        self._tone = tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    @property
    def text(self) -> str:
        return self._shown

    def sizeHint(self) -> QSize:
        font = look().letters.font(Role.SMALL)
        metrics = QFontMetricsF(font)
        height = round(look().letters.letter * 1.5)
        return QSize(round(metrics.horizontalAdvance(self._shown) + height * 0.95), height)

    def changeEvent(self, event: QEvent) -> None:
        self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(look().letters.font(Role.SMALL))
            paint_chip(painter, QRectF(self.rect()), self._shown, self._tone)


def button(text: str, act: Callable[[], object] | None = None, *, kind: str = "", sign: str = "") -> QPushButton:
    """Make a button of one of the kinds first, danger, quiet, link, or plain."""
    made = QPushButton(literal(text))
    if kind:
        made.setProperty("kind", kind)
    if sign:
        made.setIcon(icon(sign, Tone.CRITICAL, filled=True) if kind in {"first", "danger"} else icon(sign))
    made.setCursor(Qt.CursorShape.PointingHandCursor if kind == "link" else Qt.CursorShape.ArrowCursor)
    if act:
        made.clicked.connect(lambda _checked=False: act())
    return made


def icon_button(sign: str, name: str, act: Callable[[], object] | None = None) -> QToolButton:
    """Make a button of an icon alone; its name is its tooltip and what a screen reader says."""
    made = QToolButton()
    made.setIcon(icon(sign))
    side = look().letters.icon
    made.setIconSize(QSize(side, side))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAccessibleName(name)
    set_tip(made, name)
    if act:
        made.clicked.connect(lambda _checked=False: act())
    return made


class SearchField(QLineEdit):
    """A quiet field with a lens, and a cross once there is something to clear."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "search")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self._lens = Sign("search", 1.1)
        self._lens.setParent(self)
        self._lens.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._cross = icon_button("close", _("Clear"), self.clear)
        self._cross.setParent(self)
        # Whoever writes clears with the keyboard's own means; Tab goes on to the next field.
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cross.setCursor(Qt.CursorShape.ArrowCursor)
        self._cross.hide()
        self.textChanged.connect(lambda text: self._cross.setVisible(bool(text)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._lens.sizeHint()
        left = look().letters.gap
        self._lens.setGeometry(left, (self.height() - size.height()) // 2, size.width(), size.height())
        side = self.height() - 4
        self._cross.setGeometry(self.width() - side - 2, 2, side, side)
        self.setTextMargins(size.width() + look().letters.tight, 0, side, 0)


def inset(box: _Box) -> _Box:
    """Give a box for numbers or dates the room at its left that a style sheet cannot give it."""
    box.lineEdit().setTextMargins(look().letters.gap, 0, 0, 0)
    return box


class Sign(QLabel):
    """An icon as a picture that follows the theme."""

    def __init__(self, name: str, letters: float = 1.25, tone: Tone | None = None) -> None:
        super().__init__()
        self._name = name
        self._letters = letters
        self._tone = tone
        self._worn = look()
        self._draw()

    def show_sign(self, name: str, tone: Tone | None) -> None:
        self._name, self._tone = name, tone
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if self._worn is not look():  # Qt tells of much that is no other look: of each layout it is put into.
            self._draw()

    def _draw(self) -> None:
        worn = self._worn = look()
        colour = worn.ink(self._tone).ink if self._tone else worn.colours.faint
        self.setPixmap(picture(self._name, worn.letters.px(self._letters), colour, self.devicePixelRatioF()))


class _Paragraph(PlainLabel):
    """Centred words of a steady measure; a layout that centres a wrapped label would ask for one line only."""

    def __init__(self, text: str, role: Role) -> None:
        super().__init__(text, role, wrap=True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        width = look().letters.px(28)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class EmptyState(QWidget):
    """What a place shows when there is nothing: a sign, a sentence, and what to do next."""

    def __init__(
        self,
        sign: str,
        sentence: str,
        act_text: str = "",
        act: Callable[[], object] | None = None,
        *,
        detail: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        letters = look().letters
        column = QVBoxLayout(self)
        column.setSpacing(letters.gap)
        column.addStretch(2)
        centred = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(Sign(sign, 3.0), 0, centred)
        for text, role in ((sentence, Role.HEADING), (detail, Role.MUTED)):
            if text:
                column.addWidget(_Paragraph(text, role), 0, centred)
        if act_text:
            column.addSpacing(letters.tight)
            column.addWidget(button(act_text, act, kind="first"), 0, centred)
        column.addStretch(3)
        self.setAccessibleName(sentence)


class Banner(QFrame):
    """A sentence across the top of a place, with at most one act; it waits for nobody."""

    closed = Signal()

    def __init__(
        self,
        sentence: str,
        tone: Tone = Tone.ACCENT,
        act_text: str = "",
        act: Callable[[], object] | None = None,
        *,
        closable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        letters = look().letters
        self.setProperty("kind", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(letters.wide, letters.tight, letters.tight, letters.tight)
        row.setSpacing(letters.gap)
        self._sign = Sign(_SIGNS.get(tone, "info"), 1.25, tone)
        self._label = PlainLabel(wrap=True)
        row.addWidget(self._sign)
        row.addWidget(self._label, 1)
        if act_text:
            row.addWidget(button(act_text, act, kind="link"))
        if closable:
            row.addWidget(icon_button("close", _("Close this notice"), self._close))
        self.say(sentence, tone)

    def say(self, sentence: str, tone: Tone) -> None:
        self._label.setText(sentence)
        self._sign.show_sign(_SIGNS.get(tone, "info"), tone)
        self.setAccessibleName(sentence)
        self.setProperty("tone", tone.value)
        restyle(self)

    @property
    def sentence(self) -> str:
        return self._label.text()

    def _close(self) -> None:
        self.hide()
        self.closed.emit()
