"""Brings the notices into the window: bell, list, tray, sound. Made once the first page is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from escalation_desk.desktop.forward import come_forward
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.notices.bell import Bell
from escalation_desk.desktop.notices.panel import NoticePanel
from escalation_desk.desktop.notices.watch import NoticeWatch
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from escalation_desk.casework.notices import Notice
    from escalation_desk.desktop.window import Desk

_SHOWN: Final = 8000


class NoticesSide(QObject):
    """What the window has of notices."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._last: Notice | None = None
        self.watch = NoticeWatch(desk, self)
        self.bell = Bell(desk.commands.action("notices"))
        desk.top.put_first(self.bell)
        self.panel = NoticePanel(desk, self.watch, self.ask_wishes, desk)
        self.tray = self._in_the_tray()
        self.watch.counted.connect(self.bell.show_count)
        self.watch.came.connect(self.tell)

    def show_panel(self) -> None:
        self.panel.come_up(self.bell)

    def ask_wishes(self) -> None:
        """Ask of what, and when, somebody wants to be told."""
        from escalation_desk.desktop.notices.wishes import WishesDialog  # Loaded where it is needed.

        self.panel.close_up()
        WishesDialog(self._desk, self.watch).open()

    def tell(self, fresh: list[Notice]) -> None:
        """Tell what is new: in the tray, or in the window where somebody works in it; what is critical by sound too."""
        first = next((one for one in fresh if one.critical), fresh[0])
        title = _(first.kind.label)
        more = len(fresh) - 1
        rest = n_("and {n} more", "and {n} more", more) if more else ""
        words = "  ·  ".join(part for part in (first.what, rest) if part)
        self._last = first
        if self.tray is not None and not self._desk.isActiveWindow():
            warning = QSystemTrayIcon.MessageIcon.Warning if first.critical else QSystemTrayIcon.MessageIcon.Information
            self.tray.showMessage(title, words, warning, _SHOWN)
        else:
            self._desk.verbs.said.emit(f"{title}: {words}" if words else title, "refused" if first.critical else "done")
        if first.critical:
            QApplication.alert(self._desk)
            if self.watch.wishes.sound:
                QApplication.beep()

    def _in_the_tray(self) -> QSystemTrayIcon | None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return None
        tray = QSystemTrayIcon(icon("bell"), self)
        tray.setToolTip(_("Escalation Desk"))
        tray.messageClicked.connect(self._open_last)
        tray.activated.connect(lambda _why: come_forward(self._desk))
        tray.show()
        return tray

    def _open_last(self) -> None:
        come_forward(self._desk)
        if self._last is not None:
            self.panel.open(self._last)
