"""The palette (Ctrl+K): type a few letters, run a command or go to a case, a seller, a note."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QListView, QVBoxLayout, QWidget
from shiboken6 import isValid

from escalation_desk.desktop.commands.fuzzy import score
from escalation_desk.desktop.commands.palette_paint import PaletteDelegate, Shadow
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain.labels import PlainLabel
from escalation_desk.desktop.plain.pieces import SearchField
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QHideEvent

    from escalation_desk.desktop.commands.items import PaletteItem

_MOST: Final = 60
_REMEMBERED: Final = 6
_SHOWN: Final = 11
_MOVES: Final = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}
# Menus, input methods' windows and other programs take the focus and give it back.
_FOCUS_COMES_BACK: Final = {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}
_NOWHERE: Final = QModelIndex()


# A provider looks for a text and offers what it found, at once or later; what comes too late for the text is dropped.
if TYPE_CHECKING:
    Offer = Callable[[Sequence[PaletteItem]], None]
    Provider = Callable[[str, Offer], None]


class PaletteModel(QAbstractListModel):
    """What is offered at the moment."""

    ITEM: Final = int(Qt.ItemDataRole.UserRole)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.items: list[PaletteItem] = []

    def show(self, items: list[PaletteItem]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (item.text, item.kind, item.keys) if part)
        return item if role == self.ITEM else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        enabled = self.items[index.row()].enabled
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled if enabled else Qt.ItemFlag.NoItemFlags


class CommandPalette(QFrame):
    """Lies over a window, not in one of its own: input methods write into it as into any other field."""

    def __init__(
        self, window: QWidget, commands: Callable[[], Sequence[PaletteItem]], providers: Sequence[Provider] = ()
    ) -> None:
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._providers = providers
        self._used: deque[str] = deque(maxlen=_REMEMBERED)
        self._known: Sequence[PaletteItem] = ()
        self._found: dict[int, Sequence[PaletteItem]] = {}
        self._round = 0
        self._before: QWidget | None = None
        self._shadow = Shadow(window)
        self.setProperty("kind", "palette")
        self.hide()
        self.setAccessibleName(_("Commands"))
        self.field = SearchField(_("Type a command, a case number, a seller …"))
        self.model = PaletteModel(self)
        self.list = QListView()
        self._nothing = PlainLabel(_("Nothing is called so."), Role.MUTED)
        self._build()

    def _build(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("Commands"))
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(self._run)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        letters = look().letters
        column.setContentsMargins(letters.gap, letters.gap, letters.gap, letters.gap)
        for widget in (self.field, self._nothing, self.list):
            column.addWidget(widget)
        self.field.textChanged.connect(self._look)
        self.field.installEventFilter(self)

    def open_over(self) -> None:
        """Show the palette over its window, with nothing typed yet."""
        self._before = QApplication.focusWidget()
        self._known = self._commands()
        self.field.clear()
        self._look("")
        self._shadow.show()
        self._shadow.raise_()
        self.show()
        self.raise_()
        self.field.setFocus()

    def _place(self) -> None:
        """Be as high as what was found needs, near the top, as far as the window has room."""
        letters, window = look().letters, self._window
        width = min(letters.px(44), window.width() - 2 * letters.page)
        top = min(window.height() // 8, letters.px(7))
        lines = max(min(len(self.model.items), _SHOWN), 1)
        self.list.setFixedHeight(min(lines * letters.row(), max(window.height() - top - letters.px(6), letters.row())))
        self.setGeometry((window.width() - width) // 2, top, width, self.sizeHint().height())
        self._shadow.lie_under(self)

    def close_up(self) -> None:
        """Go, and give the focus back to whoever had it."""
        if self.isVisible():
            self.hide()
            if self._before is not None and isValid(self._before):
                self._before.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        self._shadow.hide()
        super().hideEvent(event)

    # Looking

    def _look(self, text: str) -> None:
        self._round += 1
        self._found = {}
        self._lay_out(text)
        if text.strip():
            for place, provider in enumerate(self._providers):
                provider(text.strip(), partial(self._take, self._round, place))

    def _take(self, asked_in: int, place: int, items: Sequence[PaletteItem]) -> None:
        if asked_in == self._round:
            self._found[place] = items
            self._lay_out(self.field.text())

    def _lay_out(self, text: str) -> None:
        chosen = self._chosen()
        offered = [item for place in sorted(self._found) for item in self._found[place]]
        items = [*self._fitting(text), *offered][:_MOST]
        self.model.show(items)
        self.list.setVisible(bool(items))
        self._nothing.setVisible(not items)
        self._place()
        keep = next((at for at, item in enumerate(items) if chosen is not None and item == chosen), 0)
        self.list.setCurrentIndex(self.model.index(keep, 0))

    def _fitting(self, text: str) -> list[PaletteItem]:
        if not text.strip():
            recent = {key: place for place, key in enumerate(self._used)}
            usable = [item for item in self._known if item.enabled]
            return sorted(usable, key=lambda item: recent.get(item.key, _REMEMBERED))
        scored = [(score(text, item.text), item) for item in self._known]
        fitting = [(fit, item) for fit, item in scored if fit is not None]
        return [item for fit, item in sorted(fitting, key=lambda pair: (not pair[1].enabled, -pair[0]))]

    # Choosing

    def _chosen(self) -> PaletteItem | None:
        at = self.list.currentIndex().row()
        return self.model.items[at] if 0 <= at < len(self.model.items) else None

    def _run(self) -> None:
        item = self._chosen()
        if item is None or not item.enabled:
            return
        if item.key:
            self._used = deque([item.key, *(key for key in self._used if key != item.key)], maxlen=_REMEMBERED)
        self.close_up()
        item.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _FOCUS_COMES_BACK:
            self.hide()
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._run()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.close_up()
            return True
        if event.key() in _MOVES:
            self._move(_MOVES[Qt.Key(event.key())])
            return True
        return super().eventFilter(watched, event)

    def _move(self, lines: int) -> None:
        at = self.list.currentIndex().row() + lines
        self.list.setCurrentIndex(self.model.index(max(0, min(at, len(self.model.items) - 1)), 0))
