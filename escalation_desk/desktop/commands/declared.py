"""A command as it is declared: once, with everything that menu, tool bar, palette and shortcut sheet need of it."""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Desk = TypeVar("Desk")

# What every text field does with these keys comes first; a command on one of them would work in some places only.
_OF_TEXT_FIELDS: Final = tuple(f"Ctrl+{letter}" for letter in "ACVX")
# Telex writes aa, dd, w and brackets for â, đ, ư: under an input method these letters are never only a key.
_OF_INPUT_METHODS: Final = frozenset("adw[]")


class Scope(StrEnum):
    """Where the keys of a command work."""

    WINDOW = "window"
    TABLE = "table"


def _always(_desk: object) -> bool:
    return True


class Command(NamedTuple, Generic[Desk]):
    """One act of the desk. `part` counts the parts of a menu; `named` names it after what it meets (Undo: …)."""

    id: str
    label: str
    run: Callable[[Desk], object]
    menu: str = ""
    part: int = 0
    shortcut: str = ""
    scope: Scope = Scope.WINDOW
    icon: str = ""
    hint: str = ""
    enabled_when: Callable[[Desk], bool] = _always
    checked_when: Callable[[Desk], bool] | None = None
    named: Callable[[Desk], str] | None = None


class Menu(NamedTuple):
    id: str
    label: str


def keys_of(command: Command[Desk], own_keys: Mapping[str, str]) -> str:
    """Answer the keys of a command: the person's own where there are some, else the declared ones."""
    return own_keys.get(command.id, command.shortcut)


def clashes(
    commands: Iterable[Command[Desk]], menus: Iterable[Menu], own_keys: Mapping[str, str] | None = None
) -> list[str]:
    """Say in a sentence each what is wrong with a table of commands; nothing, as long as it is sound."""
    commands, own_keys = list(commands), own_keys or {}
    known = {menu.id for menu in menus}
    found = [f"{command.id}: there is no menu {command.menu}" for command in commands if {command.menu} - known - {""}]
    by_id: dict[str, list[str]] = defaultdict(list)
    by_keys: dict[str, list[str]] = defaultdict(list)
    for command in commands:
        by_id[command.id].append(command.label)
        if keys := keys_of(command, own_keys):
            by_keys[QKeySequence(keys).toString()].append(command.id)
            found += _faults(command.id, keys, command.scope)
    found += [f"{name}: declared {len(labels)} times" for name, labels in by_id.items() if len(labels) > 1]
    found += [f"{keys}: belongs to {' and '.join(names)}" for keys, names in by_keys.items() if len(names) > 1]
    return found


def _faults(name: str, keys: str, scope: Scope) -> list[str]:
    sequence = QKeySequence(keys)
    if sequence.isEmpty() or not sequence.toString():
        return [f"{name}: {keys} is no key"]
    if sequence.toString() in _OF_TEXT_FIELDS:
        return [f"{name}: {keys} belongs to text fields"]
    if is_letter(sequence):
        if scope is not Scope.TABLE:
            return [f"{name}: the letter {keys} may only work in a table"]
        if keys.casefold() in _OF_INPUT_METHODS:
            return [f"{name}: {keys} is a key of input methods"]
    return []


def is_letter(sequence: QKeySequence) -> bool:
    """Tell whether keys are a letter alone, which in a text field would be text. A ? asks for help everywhere else."""
    combination: QKeyCombination = sequence[0]  # type: ignore[index]  # The stubs forget that keys can be counted.
    alone = combination.keyboardModifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier}
    return alone and int(combination.key()) < 0x01000000 and combination.key() is not Qt.Key.Key_Question
