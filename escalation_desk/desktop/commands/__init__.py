"""What can be done, declared once; how it is reached, derived: menus, tool bar, keys, palette, shortcut sheet."""

from escalation_desk.desktop.commands.declared import Command, Menu, Scope, clashes
from escalation_desk.desktop.commands.palette import CommandPalette, PaletteItem, at_once
from escalation_desk.desktop.commands.sheet import ShortcutSheet
from escalation_desk.desktop.commands.table import Commands
from escalation_desk.desktop.commands.typing_guard import TypingGuard

__all__ = [
    "Command",
    "CommandPalette",
    "Commands",
    "Menu",
    "PaletteItem",
    "Scope",
    "ShortcutSheet",
    "TypingGuard",
    "at_once",
    "clashes",
]
