"""What can be done, declared once; how it is reached, derived: menus, tool bar, keys, palette, shortcut sheet.

The palette and the sheet are asked for by their modules: a window opens without them.
"""

from escalation_desk.desktop.commands.declared import Command, Menu, Scope, clashes
from escalation_desk.desktop.commands.items import PaletteItem
from escalation_desk.desktop.commands.table import Commands
from escalation_desk.desktop.commands.typing_guard import TypingGuard

__all__ = ["Command", "Commands", "Menu", "PaletteItem", "Scope", "TypingGuard", "clashes"]
