"""The tabs at the right: as many open cases and sellers as somebody wants, each with its state and an unsaved dot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabBar, QTabWidget, QWidget

from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.pages import Writes
from escalation_desk.desktop.plain import icon_button, literal, tip_text
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

_KEY: Final = "tab key"
_DIRTY: Final = "tab dirty"
_DOT: Final = "● "


class Tabs(QTabWidget):
    """Pages by key, such as `case:0192…`. A page that comes again comes to the front."""

    emptied = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabBar(_Bar())
        self.setDocumentMode(True)
        self.setMovable(True)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName(_("Open cases"))
        self.tabCloseRequested.connect(self.close_at)
        self.tabBar().tabMoved.connect(lambda _from, _to: self.changed.emit())
        self.currentChanged.connect(lambda _at: self.changed.emit())

    def keys(self) -> list[str]:
        return [str(page.property(_KEY)) for page in self.pages()]

    def pages(self) -> list[QWidget]:
        return [page for at in range(self.count()) if (page := self.widget(at)) is not None]

    def page(self, key: str) -> QWidget | None:
        keys = self.keys()
        return self.widget(keys.index(key)) if key in keys else None

    def current_key(self) -> str:
        return str(self.currentWidget().property(_KEY)) if self.count() else ""

    def add(self, key: str, page: Any, *, front: bool = True, at: int = -1) -> None:
        """Add a page; its signals, where it has them, keep its title and its dot."""
        page.setProperty(_KEY, key)
        where = self.insertTab(at if at >= 0 else self.count(), page, icon(page.icon), "")
        if hasattr(page, "renamed"):
            page.renamed.connect(lambda _title: self._name(page))
        if hasattr(page, "dirty"):
            page.dirty.connect(lambda dirty: self._dot(page, dirty=dirty))
        self.tabBar().setTabButton(where, QTabBar.ButtonPosition.RightSide, self._cross(page))
        self._name(page)
        if front:
            self.setCurrentWidget(page)
        self.changed.emit()

    def close_at(self, at: int) -> None:
        page = self.widget(at)
        if page is None:
            return
        if isinstance(page, Writes):
            page.flush()
        self.removeTab(at)
        page.deleteLater()
        self.changed.emit()
        if not self.count():
            self.emptied.emit()

    def close_page(self, page: QWidget) -> None:
        self.close_at(self.indexOf(page))

    def close_others(self) -> None:
        for at in reversed(range(self.count())):
            if self.widget(at) is not self.currentWidget():
                self.close_at(at)

    def step(self, tabs: int) -> None:
        if self.count():
            self.setCurrentIndex((self.currentIndex() + tabs) % self.count())

    def flush(self) -> None:
        """Let every page keep what was typed."""
        for page in self.pages():
            if isinstance(page, Writes):
                page.flush()

    def _cross(self, page: QWidget) -> QWidget:
        made = icon_button("close", _("Close this tab"), lambda: self.close_page(page))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side = look().letters.px(0.85)
        made.setIconSize(made.iconSize().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
        return made

    def _name(self, page: Any) -> None:
        at = self.indexOf(page)
        title, sign = page.title(), page.mark() if hasattr(page, "mark") else None
        dot = _DOT if page.property(_DIRTY) else ""
        mark = f"{sign[0]} " if sign and sign[0] else ""
        self.setTabText(at, literal(f"{dot}{mark}{title}"))
        self.setTabToolTip(at, tip_text(page.full_title() if hasattr(page, "full_title") else title))
        if sign and sign[1]:
            self.tabBar().setTabTextColor(at, look().ink(sign[1]).ink)

    def _dot(self, page: QWidget, *, dirty: bool) -> None:
        page.setProperty(_DIRTY, dirty)
        self._name(page)


class _Bar(QTabBar):
    """Closes a tab on the middle button."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self.tabAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.MiddleButton and at >= 0:
            self.tabCloseRequested.emit(at)
        super().mouseReleaseEvent(event)
