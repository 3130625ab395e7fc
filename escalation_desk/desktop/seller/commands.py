"""What the keys do on the page of a seller, declared once: the keys themselves, the palette and the sheet follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt

from escalation_desk.casework.choices import NoteForm
from escalation_desk.desktop.commands import Command, Commands, Menu
from escalation_desk.desktop.seller.moments import Sort
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.seller.page import SellerPage

MENU: Final = Menu("one-seller", N_("This seller"))


def _writes(form: NoteForm) -> Callable[[SellerPage], object]:
    return lambda page: page.write_note(form)


def _shows(sort: Sort) -> Callable[[SellerPage], object]:
    return lambda page: page.timeline.narrow(sort)


def _command(name: str, label: str, run: Callable[[Any], object], keys: str = "", icon: str = "") -> Command[Any]:
    return Command(f"seller.{name}", label, run, MENU.id, shortcut=keys, icon=icon)


COMMANDS: Final[tuple[Command[Any], ...]] = (
    _command("save", N_("Save what was typed"), lambda page: page.save(), "Ctrl+S", "save"),
    _command("call", N_("Write down a call"), _writes(NoteForm.CALL), "Alt+C", "call"),
    _command("message", N_("Write down a message"), _writes(NoteForm.MESSAGE), "Alt+M", "message"),
    _command("meeting", N_("Write down a meeting"), _writes(NoteForm.MEETING), "", "users"),
    _command("remark", N_("Write an internal remark"), _writes(NoteForm.INTERNAL), "Alt+N", "note"),
    _command("pin", N_("Pin a note"), lambda page: page.pinned.edit(), "Alt+I", "pin"),
    _command("details", N_("Fold or unfold the details"), lambda page: page.form.flip(), "Alt+D"),
    _command("merge", N_("Merge another shop into this one"), lambda page: page.ask_merge(), "", "merge"),
    _command("all", N_("Timeline: all"), _shows(Sort.ALL), "", "history"),
    _command("notes", N_("Timeline: notes"), _shows(Sort.NOTES), "", "note"),
    _command("cases", N_("Timeline: cases"), _shows(Sort.CASES), "", "queue"),
    _command("promises", N_("Timeline: promises"), _shows(Sort.PROMISES), "", "promise"),
)


def bound(page: SellerPage) -> Commands[SellerPage]:
    """Bind the commands to a page. Their keys work on the page alone, not in the whole window."""
    made = Commands(page, COMMANDS, (MENU,), page)
    for one in COMMANDS:
        made.action(one.id).setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    return made
