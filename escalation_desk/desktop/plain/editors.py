"""A box for writing that takes plain text only, and offers all else that is dropped or pasted as attachments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from escalation_desk.desktop.look.now import look
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from PySide6.QtGui import QInputMethodEvent, QResizeEvent

# Qt lays a line out again at every key: 20,000 characters take 0.05 s, a million take minutes (reliability.md §3.11).
LONGEST_LINE: Final = 20_000
LONGEST_TEXT: Final = 1_000_000


def fits_an_editor(text: str) -> bool:
    if len(text) <= LONGEST_LINE:
        return True
    return len(text) <= LONGEST_TEXT and max(map(len, text.splitlines()), default=0) <= LONGEST_LINE


class PlainEditor(QPlainTextEdit):
    """Plain text in, plain text out. A text nobody changed comes out exactly as it went in."""

    # As an object: a hundred megabytes would be copied into Qt's string and back.
    too_long = Signal(object)
    image_pasted = Signal(QImage)
    files_dropped = Signal(list)

    def __init__(self, *, lines: int = 4, hint: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._given = ""
        self._composing = False
        self._clipped = False
        self.setPlaceholderText(hint)
        self.setAccessibleName(name or hint)
        # Tab goes on to the next field; whoever needs a real tab can paste it.
        self.setTabChangesFocus(True)

    @property
    def composing(self) -> bool:
        """Whether an input method is in the middle of a word (Telex, VNI, Pinyin)."""
        return self._composing

    def set_text(self, text: str) -> None:
        """Show a text; one too long to lay out is shown in part and cannot be edited here."""
        self._given = text
        self._clipped = not fits_an_editor(text)
        self.setReadOnly(self._clipped)
        self.setPlainText(_beginning(text) if self._clipped else text)
        self.document().setModified(False)

    def text(self) -> str:
        # Qt turns U+2029 into a line end and drops broken halves of characters: an untouched text is not asked of it.
        return self.toPlainText() if self.document().isModified() and not self._clipped else self._given

    def insert(self, text: str) -> bool:
        """Put text at the cursor, or offer it as too long."""
        if self._would_fit(text):
            self.insertPlainText(text)
            return True
        self.too_long.emit(text)
        return False

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return not self.isReadOnly() and (source.hasUrls() or source.hasImage() or source.hasText())

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = [Path(url.toLocalFile()) for url in source.urls() if _is_plain_file(url.toLocalFile())]
        if files:
            self.files_dropped.emit(files)
        elif source.hasImage() and not source.hasText():
            self._offer_image(source)
        elif source.hasText():
            self.insert(source.text())

    def sizeHint(self) -> QSize:
        return QSize(look().letters.px(30), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(look().letters.px(10), self._height(min(self._lines, 2)))

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.ensureCursorVisible()

    def _height(self, lines: int | None = None) -> int:
        return round((lines or self._lines) * self.fontMetrics().lineSpacing() + look().letters.px(1.4))

    def _offer_image(self, source: QMimeData) -> None:
        image = source.imageData()
        if isinstance(image, QImage) and not image.isNull():
            self.image_pasted.emit(image)

    def _would_fit(self, text: str) -> bool:
        if not fits_an_editor(text) or self.document().characterCount() + len(text) > LONGEST_TEXT:
            return False
        # A line grows by what is pasted into its middle, too.
        first, _newline, _rest = text.partition("\n")
        return len(self.textCursor().block().text()) + len(first) <= LONGEST_LINE


def _is_plain_file(path: str) -> bool:
    # A network path is not even looked at: asking whether it exists would send the user's name to that host.
    return bool(path) and not path.startswith(("//", "\\\\")) and Path(path).is_file()


def _beginning(text: str) -> str:
    shown = "\n".join(line[:1_000] for line in text[:LONGEST_LINE].splitlines())
    return shown + "\n\n" + _("… The text is too long to be shown whole: {n} characters.", n=f"{len(text):,}")
