"""Boxes to type into: a line, a long text, a number, an amount of money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from escalation_desk.casework import typed
from escalation_desk.casework.fields import Kind
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.boxes.base import Around, Box, Line
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainEditor
from escalation_desk.i18n import _
from escalation_desk.intake.amounts import parse_money

if TYPE_CHECKING:
    from decimal import Decimal

    from PySide6.QtGui import QFocusEvent, QResizeEvent

    from escalation_desk.casework.fields import Field


class LineBox(Box):
    """Text on one line, or a whole number."""

    def __init__(self, field: Field, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.around = around
        self._fixed = False
        self.line = Line("–")
        self.line.setMinimumWidth(look().letters.px(3))
        self.line.setProperty("kind", "field")
        self._enter(self.line)
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.line.left.connect(self.left)

    def entrance(self) -> QWidget:
        return self.line

    def set_fixed(self, *, fixed: bool) -> None:
        self._fixed = fixed
        self.line.setReadOnly(fixed)

    def value(self) -> Any:
        text = self.line.text()
        try:
            return typed.value_of(self.field, text)
        except Refused as sentence:
            return Unread(text, str(sentence))

    def show_value(self, value: Any) -> None:
        text = value.text if isinstance(value, Unread) else self.written(value)
        # A line shows the beginning of what is too long for it; edited there, the rest would be lost.
        self.line.setReadOnly(self._fixed or len(text) > self.line.maxLength())
        self.line.show_text(text)

    def written(self, value: Any) -> str:
        if value is not None and self.field.kind is Kind.DAY:
            return f"{value:%d/%m/%Y}"
        return "" if value is None else str(value)


class MoneyBox(LineBox):
    """An amount, as people of three countries write it; 489.000 of a currency without cents is 489 thousand."""

    def value(self) -> Any:
        text = self.line.text().strip()
        if not text:
            return None
        read = parse_money(text) or None
        if read and read.currency is None:
            read = parse_money(f"{text} {self.around.currency()}") or read
        if read is None:
            return Unread(text, _("“{text}” is no amount; write it like 489000 or 12.50.", text=text))
        return read.amount

    def written(self, value: Decimal | None) -> str:
        if value is None:
            return ""
        whole = value == value.to_integral_value()
        return f"{value.to_integral_value():,f}" if whole else f"{value.normalize():,f}"


class LongBox(Box):
    """Text of several lines; it grows with what stands in it, up to a point."""

    wide = True

    def __init__(self, field: Field, _around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.editor = GrowingEditor()
        self.editor.setProperty("kind", "field")
        self._enter(self.editor)
        self.editor.textChanged.connect(self._changed)
        self.editor.left.connect(self.left)
        self.editor.files_dropped.connect(self.files_offered)
        self.editor.image_pasted.connect(self.image_offered)
        self.editor.too_long.connect(self.text_offered)

    def entrance(self) -> QWidget:
        return self.editor

    def set_fixed(self, *, fixed: bool) -> None:
        self.editor.setReadOnly(fixed)

    def value(self) -> Any:
        text = self.editor.text()
        return text or (None if self.field.optional else "")

    def show_value(self, value: Any) -> None:
        self.editor.blockSignals(True)
        self.editor.set_text(value or "")
        self.editor.blockSignals(False)
        self.editor.fit()

    def _changed(self) -> None:
        self.editor.fit()
        # While an input method composes, the text only looks changed.
        if self.editor.document().isModified():
            self.edited.emit()


class GrowingEditor(PlainEditor):
    """As high as its text, between two bounds."""

    left = Signal()

    def __init__(self, least: int = 2, most: int = 14, *, hint: str = "", name: str = "") -> None:
        super().__init__(lines=least, hint=hint, name=name)
        self._least, self._most = least, most
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self.fit())

    def fit(self) -> None:
        """Take the height that the lines need; Qt counts them as they are wrapped."""
        lines = min(max(round(self.document().size().height()), self._least), self._most)
        height = round(lines * self.fontMetrics().lineSpacing() + look().letters.px(1.3))
        over = self.document().size().height() > self._most
        off, needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(needed if over else off)
        if not over:
            self.verticalScrollBar().setValue(0)  # What was scrolled while there was room for less.
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(look().letters.px(12), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()  # Another width wraps the lines elsewhere, and Qt tells nobody.

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def line_box(field: Field, around: Around) -> Box:
    """Choose the box for what is typed."""
    if field.declared.long:
        return LongBox(field, around)
    return MoneyBox(field, around) if field.kind is Kind.DECIMAL else LineBox(field, around)
