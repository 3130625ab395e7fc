"""Decodes pictures off the window's thread, and only the kinds that hold nothing but a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QImageWriter, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.look.now import look
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

# The format is told, never guessed: a file that calls itself a picture may be a drawing that points elsewhere.
FORMATS: Final = {
    "image/png": b"png",
    "image/jpeg": b"jpeg",
    "image/gif": b"gif",
    "image/bmp": b"bmp",
    "image/webp": b"webp",
}
_MEGABYTES: Final = 256


def decode(content: bytes, media_type: str, longest: int) -> QImage:
    """Read a picture, no larger than it is shown. Refused where it is none."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(FORMATS.get(media_type, b"none")))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(_MEGABYTES)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > longest:
        reader.setScaledSize(size.scaled(QSize(longest, longest), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise Refused(_("This picture cannot be shown; save it to look at it with another program."))
    return image


def png_of(image: QImage) -> bytes:
    """Write a picture that was pasted as a file."""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(held.data())


class Picture(QWidget):
    """Shows a picture as large as there is room, never larger than it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    @property
    def image(self) -> QImage:
        return self._image

    def sizeHint(self) -> QSize:
        return QSize(look().letters.px(40), look().letters.px(30))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(look().colours.sunken))
            if self._image.isNull():
                return
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            shown = self._image.size()
            if shown.width() > self.width() or shown.height() > self.height():
                shown = shown.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            box = QRectF(0, 0, shown.width(), shown.height())
            box.moveCenter(QPointF(self.rect().center()))
            painter.drawImage(box, self._image)
