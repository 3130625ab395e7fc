"""Icons by the word the desk uses, painted in the colour of the text beside them, crisp at any size."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from escalation_desk.desktop.look import now
from escalation_desk.resources import folder

if TYPE_CHECKING:
    from escalation_desk.desktop.look.tones import Tone

# The word of the desk -> the file of Lucide.
ICONS: Final = {
    # Places
    "today": "calendar-check",
    "board": "users",
    "queue": "inbox",
    "sellers": "store",
    "follow-ups": "calendar-clock",
    "contacts": "send",
    "problems": "triangle-alert",
    "articles": "book-open",
    "macros": "wand-sparkles",
    "incidents": "siren",
    "escalations": "siren",
    "knowledge": "book-open",
    "improvements": "lightbulb",
    "reports": "chart-column",
    "handover": "handshake",
    "conflicts": "git-compare",
    # Acts on a case
    "take": "hand",
    "assign": "user-plus",
    "release": "user-minus",
    "note": "notebook-pen",
    "message": "message-square",
    "call": "phone-call",
    "poc message": "send",
    "decision": "gavel",
    "attach": "paperclip",
    "macro": "wand-sparkles",
    "merge": "merge",
    "link": "link",
    "tag": "tag",
    "promise": "handshake",
    "wait": "hourglass",
    "resolve": "circle-check",
    "edit": "pencil",
    "save": "save",
    "delete": "trash-2",
    "copy": "copy",
    "done": "list-checks",
    # Acts on the desk
    "undo": "undo-2",
    "redo": "redo-2",
    "search": "search",
    "import": "file-down",
    "export": "upload",
    "export word": "file-text",
    "export excel": "file-spreadsheet",
    "print": "printer",
    "settings": "settings",
    "language": "languages",
    "dark": "moon",
    "light": "sun",
    "system": "monitor",
    "filter": "list-filter",
    "columns": "columns-3",
    "group": "layers",
    "sort": "arrow-up-down",
    "pin": "pin",
    "unpin": "pin-off",
    "star": "star",
    "flag": "flag",
    "save view": "bookmark",
    "refresh": "refresh-cw",
    "preview": "panel-right",
    "help": "circle-question-mark",
    "commands": "command",
    "keyboard": "keyboard",
    "backup": "database",
    "open folder": "folder-open",
    "download": "download",
    # Signs and things
    "close": "x",
    "plus": "plus",
    "minus": "minus",
    "check": "check",
    "alert": "triangle-alert",
    "info": "info",
    "refused": "circle-x",
    "clock": "clock",
    "calendar": "calendar",
    "history": "history",
    "phone": "phone",
    "mail": "mail",
    "lock": "lock",
    "shield": "shield",
    "bell": "bell",
    "show": "eye",
    "hide": "eye-off",
    "user": "user",
    "users": "users",
    "store": "store",
    "file": "file",
    "document": "file-text",
    "table": "table",
    "image": "image",
    "offline": "cloud-off",
    "outside": "external-link",
    "new": "sparkles",
    "more": "ellipsis",
    "down": "chevron-down",
    "up": "chevron-up",
    "right": "chevron-right",
    "left": "chevron-left",
}

# Lucide draws lines of 2 in a box of 24; a little finer sits better beside letters of regular weight.
_DRAWN = b'stroke-width="2"'
_FINER = b'stroke-width="1.85"'


@cache
def icon(name: str, tone: Tone | None = None, *, filled: bool = False) -> QIcon:
    """Make the icon for a word of the desk, in the colour of the text, of a tone, or of what stands on its fill."""
    return QIcon(_SvgEngine(ICONS[name] and name, tone, filled=filled))


@lru_cache(maxsize=500)
def picture(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    """Draw an icon once in a colour, for those who paint by themselves."""
    made = QPixmap(QSize(size, size) * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    with QPainter(made) as painter:
        _drawing(name, colour).render(painter, QRectF(0, 0, size, size))
    return made


class _SvgEngine(QIconEngine):
    """Paints a drawing whose `currentColor` is asked of the palette at the moment of painting."""

    def __init__(self, name: str, tone: Tone | None, *, filled: bool) -> None:
        super().__init__()
        self._name = name
        self._filled = filled
        self._tone = tone

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002 - Qt's shape.
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        _drawing(self._name, self._colour(mode)).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: N802, ARG002 - Qt's name; the size comes scaled already.
        made = QPixmap(size)
        if made.isNull():  # A button that its row has no room for asks for nothing.
            return made
        made.fill(Qt.GlobalColor.transparent)
        with QPainter(made) as painter:
            self.paint(painter, QRect(QPoint(), size), mode, state)
        return made

    def clone(self) -> QIconEngine:
        # Qt owns the clone, but without a reference of ours Python would take it away before Qt has it.
        _clones.append(clone := _SvgEngine(self._name, self._tone, filled=self._filled))
        return clone

    def _colour(self, mode: QIcon.Mode) -> str:
        if self._tone is not None and mode is not QIcon.Mode.Disabled:
            ink = now.look().ink(self._tone)
            return ink.on_fill if self._filled else ink.ink
        disabled = mode is QIcon.Mode.Disabled
        group = QPalette.ColorGroup.Disabled if disabled else QPalette.ColorGroup.Active
        colour: QColor = QGuiApplication.palette().color(group, QPalette.ColorRole.WindowText)
        return colour.name()


_clones: list[QIconEngine] = []


@cache
def _drawing(name: str, colour: str) -> QSvgRenderer:
    source = (folder("icons") / f"{ICONS[name]}.svg").read_bytes()
    return QSvgRenderer(QByteArray(source.replace(_DRAWN, _FINER).replace(b"currentColor", colour.encode())))
