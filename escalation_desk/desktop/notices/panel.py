"""The list under the bell: newest first, opened by Enter, put off by keys, each line plain words."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from escalation_desk.casework.notices import Notice, Told, next_shift
from escalation_desk.desktop.commands.palette_paint import Shadow
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.moments import Clock, zone_of
from escalation_desk.desktop.notices.watch import listed
from escalation_desk.desktop.plain import PlainLabel, button, icon_button, own_viewport
from escalation_desk.i18n import _
from escalation_desk.journal import noticing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent

    from escalation_desk.desktop.notices.watch import NoticeWatch
    from escalation_desk.desktop.pages import Frame

_NOTICE: Final = Qt.ItemDataRole.UserRole


class NoticePanel(QFrame):
    """Lies over the window below the bell; Esc, and a click elsewhere, take it away."""

    def __init__(self, frame: Frame, watch: NoticeWatch, wish: Callable[[], object], window: QWidget) -> None:
        super().__init__(window)
        self._frame = frame
        self._watch = watch
        self._window = window
        self._before: QWidget | None = None
        self._shadow = Shadow(window)
        self.setProperty("kind", "palette")
        self.hide()
        self.setAccessibleName(_("Notices"))
        self.list = _Lines(self)
        self.list.setAccessibleName(_("Notices"))
        nothing = _("Nothing to tell. What concerns you comes up here by itself.")
        self._nothing = PlainLabel(nothing, Role.MUTED, wrap=True)
        self._lay_out(wish)
        self.list.itemActivated.connect(lambda item: self.open(item.data(_NOTICE)))

    def come_up(self, below: QWidget) -> None:
        """Read what was told, and show it below something; asked for again, go."""
        if self.isVisible():
            self.close_up()
            return
        letters = look().letters
        window = self._window
        wide, high = letters.px(34), min(letters.px(32), window.height() - letters.px(8))
        right = below.mapTo(window, QPoint(below.width(), below.height() + letters.tight))
        self.setGeometry(max(letters.gap, right.x() - wide), right.y(), wide, high)
        self._before = QApplication.focusWidget()
        self._frame.verbs.ask(noticing.told, self._show)

    def close_up(self) -> None:
        """Go, and give the focus back to whoever had it."""
        holder = QApplication.focusWidget()
        had_it = holder is not None and self.isAncestorOf(holder)
        self.hide()
        if had_it and self._before is not None:
            self._before.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        self._shadow.hide()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_up()
        else:
            super().keyPressEvent(event)

    def open(self, notice: Notice) -> None:
        """Open what it is about; it counts as looked at."""
        self._watch.read([notice.key])
        self.close_up()
        (self._frame.open_case if notice.about_kind == "case" else self._frame.open_seller)(notice.about)

    def chosen(self) -> Notice | None:
        found = [item.data(_NOTICE) for item in self.list.selectedItems()]
        return found[0] if found and isinstance(found[0], Notice) else None

    def put_off(self, until: datetime) -> None:
        if notice := self.chosen():
            self._watch.snooze([notice.key], until)
            self.list.takeItem(self.list.currentRow())

    def ask_when(self) -> None:
        """Offer the times to which the chosen one may be put off."""
        if self.chosen() is None:
            return
        now = self._frame.verbs.journal.now()
        shift = next_shift(now.astimezone(zone_of(self._frame.verbs.me)))
        menu = QMenu(self)
        menu.addAction(_("In 10 minutes"), partial(self.put_off, now + timedelta(minutes=10)))
        menu.addAction(_("In an hour"), partial(self.put_off, now + timedelta(hours=1)))
        menu.addAction(_("At the next shift"), partial(self.put_off, shift))
        menu.popup(self.list.viewport().mapToGlobal(self.list.visualItemRect(self.list.currentItem()).bottomLeft()))

    def mute(self) -> None:
        """Say nothing more of this case, or speak of it again."""
        notice = self.chosen()
        if notice is None or notice.about_kind != "case":
            return
        self._watch.mute(notice.about)
        muted = notice.about in self._watch.wishes.muted
        said = (
            _("Only what is critical of this case comes up from now on.") if muted else _("This case is heard again.")
        )
        self._frame.verbs.said.emit(said, "done")

    def read_chosen(self) -> None:
        if notice := self.chosen():
            self._watch.read([notice.key])
            self.list.takeItem(self.list.currentRow())

    def _show(self, found: list[Told]) -> None:
        now = self._frame.verbs.journal.now()
        clock = Clock.of(self._frame.verbs.me, now)
        self.list.clear()
        for one in sorted(listed(found, self._watch.wishes), key=lambda one: not one.waits(now)):
            if one.snoozed_until is None or one.waits(now):
                self.list.addItem(_line(one, clock, waits=one.waits(now)))
        self._nothing.setVisible(not self.list.count())
        self.list.setVisible(bool(self.list.count()))
        self._shadow.lie_under(self)
        self._shadow.show()
        self._shadow.raise_()
        self.show()
        self.raise_()
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _lay_out(self, wish: Callable[[], object]) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.gap, letters.gap, letters.gap, letters.gap)
        row = QHBoxLayout()
        row.addWidget(PlainLabel(_("Notices"), Role.STRONG), 1)
        row.addWidget(button(_("All read"), self._read_all, kind="link"))
        row.addWidget(icon_button("settings", _("What you are told of…"), wish))
        column.addLayout(row)
        column.addWidget(self._nothing)
        column.addWidget(self.list, 1)
        column.addWidget(
            PlainLabel(_("Enter opens · S puts off · R marks as read · M mutes the case"), Role.SMALL, wrap=True)
        )

    def _read_all(self) -> None:
        self._watch.read_all()
        self.close_up()


def _line(one: Told, clock: Clock, *, waits: bool) -> QListWidgetItem:
    notice = one.notice
    said = _(notice.kind.label)
    first = f"{said}  ·  {clock.short(notice.at)}"
    item = QListWidgetItem(f"{first}\n{notice.what}" if notice.what else first)
    item.setIcon(icon("alert" if notice.critical else "bell"))
    item.setData(_NOTICE, notice)
    font = item.font()
    font.setBold(waits)
    item.setFont(font)
    return item


class _Lines(QListWidget):
    """The keys of the list are those of the panel."""

    def __init__(self, panel: NoticePanel) -> None:
        super().__init__(panel)
        own_viewport(self)
        self._panel = panel
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys: dict[int, Callable[[], object]] = {
            Qt.Key.Key_S: self._panel.ask_when,
            Qt.Key.Key_R: self._panel.read_chosen,
            Qt.Key.Key_M: self._panel.mute,
        }
        act = keys.get(event.key()) if event.modifiers() == Qt.KeyboardModifier.NoModifier else None
        if act is not None:
            act()
        elif event.key() == Qt.Key.Key_Escape:
            self._panel.close_up()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason and not self._panel.underMouse():
            self._panel.close_up()
