"""The table of commands at work: from it come the menus, the tool bar, the keys, the palette and the shortcut sheet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Generic

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.desktop.commands.declared import Command, Desk, Menu, Scope, clashes, keys_of
from escalation_desk.desktop.commands.items import PaletteItem
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.plain.characters import literal, tip_text
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


class _Told(QObject):
    refused = Signal(str)


class Commands(Generic[Desk]):
    """Binds declared commands to a desk (whatever they work on) and to the window whose keys they are."""

    def __init__(
        self,
        desk: Desk,
        commands: Sequence[Command[Desk]],
        menus: Sequence[Menu],
        window: QWidget,
        own_keys: Mapping[str, str] | None = None,
    ) -> None:
        own_keys = own_keys or {}
        # What is declared is looked over by a test; what a person has chosen, here.
        if own_keys and (found := clashes(commands, menus, own_keys)):
            raise ValueError("; ".join(found))
        self._desk = desk
        self._menus = menus
        self._commands = {command.id: command for command in commands}
        self._own_keys = own_keys
        self._told = _Told(window)
        # Tells the sentence of a refusal or of a fault of the surroundings; the window shows it.
        self.refused = self._told.refused
        self._titles: list[tuple[QMenu, str]] = []
        self._actions = {command.id: self._action(command, window) for command in commands}
        self.refresh()

    def action(self, name: str) -> QAction:
        return self._actions[name]

    def run(self, name: str) -> bool:
        """Run a command if it is possible now; answer whether it ran."""
        command = self._commands[name]
        if not command.enabled_when(self._desk):
            return False
        try:
            command.run(self._desk)
        except (Refused, Fault) as sentence:
            self.refused.emit(str(sentence))
        self.refresh()
        return True

    def refresh(self) -> None:
        """Look again at what is possible, checked, and called how: after a selection, an edit, another language."""
        for name, command in self._commands.items():
            action = self._actions[name]
            text = command.named(self._desk) if command.named else _(command.label)
            action.setText(literal(text))
            action.setToolTip(tip_text(self._with_keys(text, action)))
            action.setStatusTip(_(command.hint))
            action.setEnabled(command.enabled_when(self._desk))
            if command.checked_when:
                action.setChecked(command.checked_when(self._desk))
        for menu, label in self._titles:
            menu.setTitle(_(label))

    # Where they stand

    def fill_menu_bar(self, bar: QMenuBar) -> None:
        for menu in self._menus:
            made = bar.addMenu(_(menu.label))
            self._titles.append((made, menu.label))
            self.fill_menu(made, menu.id)

    def fill_menu(self, made: QMenu, menu: str) -> None:
        """Put the commands of a menu into it, a line between its parts."""
        part: int | None = None
        for command in sorted(self._of(menu), key=lambda command: command.part):
            if part not in {None, command.part}:
                made.addSeparator()
            part = command.part
            made.addAction(self._actions[command.id])

    def bind_table(self, table: QWidget) -> None:
        """Let the letters work in this table: only while it has the focus, so never where somebody writes."""
        for command in self._commands.values():
            if command.scope is Scope.TABLE:
                table.addAction(self._actions[command.id])

    # What derives from them

    def palette_items(self) -> list[PaletteItem]:
        """List the commands; one that has a second key stands there once."""
        self.refresh()
        first = {command.label: command for command in reversed(self._commands.values())}
        return [self._item(command) for command in self._commands.values() if first[command.label] is command]

    def by_menu(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Answer, for the shortcut sheet, each menu with the commands in it that have keys."""
        listed = ((_(menu.label), self._of(menu.id)) for menu in self._menus)
        with_keys = ((label, [(_(each.label), self.keys(each.id)) for each in found]) for label, found in listed)
        kept = ((label, [pair for pair in pairs if pair[1]]) for label, pairs in with_keys)
        return [(label, pairs) for label, pairs in kept if pairs]

    def keys(self, name: str) -> str:
        """Answer the keys of a command as this system writes them."""
        return self._actions[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def _of(self, menu: str) -> list[Command[Desk]]:
        return [command for command in self._commands.values() if command.menu == menu]

    def _action(self, command: Command[Desk], window: QWidget) -> QAction:
        action = QAction(window)
        # Declared keys are named as they are everywhere; a native name would be looked up in Qt's words.
        portable = QKeySequence.SequenceFormat.PortableText
        action.setShortcut(QKeySequence.fromString(keys_of(command, self._own_keys), portable))
        action.setCheckable(command.checked_when is not None)
        if command.icon:
            action.setIcon(icon(command.icon))
        if command.scope is Scope.TABLE:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        else:
            window.addAction(action)
        action.triggered.connect(partial(self._triggered, command.id))
        return action

    def _triggered(self, name: str, _checked: bool = False) -> None:
        self.run(name)

    def _item(self, command: Command[Desk]) -> PaletteItem:
        return PaletteItem(
            text=command.named(self._desk) if command.named else _(command.label),
            run=partial(self.run, command.id),
            keys=self.keys(command.id),
            sign=command.icon,
            enabled=self._actions[command.id].isEnabled(),
            key=command.id,
        )

    def _with_keys(self, text: str, action: QAction) -> str:
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        return f"{text} ({keys})" if keys else text
