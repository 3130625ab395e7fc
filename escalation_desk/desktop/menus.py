"""Everything the window can do, declared once; menus, keys, palette and the sheet of shortcuts follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.desktop.commands import Command, Menu, Scope
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from escalation_desk.desktop.window import Desk

    Act = Command[Desk]

MENUS: Final = (
    Menu("desk", N_("Desk")),
    Menu("edit", N_("Edit")),
    Menu("case", N_("Case")),
    Menu("list", N_("List")),
    Menu("go", N_("Go")),
    Menu("help", N_("Help")),
)


def _lists(desk: Desk) -> bool:
    return desk.middle.currentWidget() is desk.queue


def _on_case(desk: Desk) -> bool:
    return _lists(desk) and bool(desk.queue.table.current_id())


def _has_tabs(desk: Desk) -> bool:
    return desk.tabs.count() > 0


def _shared(desk: Desk) -> bool:
    return desk.link.to is not None


def _signed_in(desk: Desk) -> bool:
    standing = desk.link.standing
    return standing is not None and standing.link not in {"signed_out", "revoked"}


def _undo_name(desk: Desk) -> str:
    act = desk.undoing.standing.undo
    return _("Undo: {act}", act=act) if act else _("Undo")


def _redo_name(desk: Desk) -> str:
    act = desk.undoing.standing.redo
    return _("Redo: {act}", act=act) if act else _("Redo")


_DESK: tuple[Act, ...] = (
    Command("case.new", N_("New case"), lambda d: d.acts.new_case(), "desk", 0, "Ctrl+N", icon="plus"),
    Command("import", N_("Import…"), lambda d: d.import_files([]), "desk", 1, "Ctrl+I", icon="import"),
    Command(
        "export.list",
        N_("List as Excel…"),
        lambda d: d.acts.export_list(),
        "desk",
        1,
        "Ctrl+Shift+E",
        icon="export excel",
        enabled_when=_lists,
    ),
    Command(
        "export.cases",
        N_("Cases as Word…"),
        lambda d: d.acts.export_cases(),
        "desk",
        1,
        "Ctrl+E",
        icon="export word",
    ),
    Command(
        "print",
        N_("Print…"),
        lambda d: d.acts.print_cases(),
        "desk",
        1,
        "Ctrl+P",
        icon="print",
    ),
    Command(
        "sync.now",
        N_("Sync now"),
        lambda d: d.link.nudge(),
        "desk",
        2,
        "Shift+F5",
        icon="refresh",
        enabled_when=_shared,
    ),
    Command("sign-in", N_("Sign in to a server…"), lambda d: d.acts.sign_in(), "desk", 2, icon="users"),
    Command("sign-out", N_("Sign out…"), lambda d: d.acts.sign_out(), "desk", 2, enabled_when=_signed_in),
    Command("backup", N_("Back up…"), lambda d: d.acts.back_up(), "desk", 3, icon="backup"),
    Command("settings", N_("Settings…"), lambda d: d.acts.show_settings(), "desk", 4, "Ctrl+,", icon="settings"),
    Command("quit", N_("Close the window"), lambda d: d.close(), "desk", 5, "Ctrl+Q"),
)

_EDIT: tuple[Act, ...] = (
    Command(
        "undo",
        N_("Undo"),
        lambda d: d.verbs.undo(),
        "edit",
        0,
        "Ctrl+Z",
        icon="undo",
        enabled_when=lambda d: bool(d.undoing.standing.undo),
        named=_undo_name,
    ),
    Command(
        "redo",
        N_("Redo"),
        lambda d: d.verbs.redo(),
        "edit",
        0,
        "Ctrl+Shift+Z",
        icon="redo",
        enabled_when=lambda d: bool(d.undoing.standing.redo),
        named=_redo_name,
    ),
    Command("search", N_("Search everything"), lambda d: d.acts.focus_search(), "edit", 1, "Ctrl+F", icon="search"),
    Command("filter", N_("Filter this list"), lambda d: d.acts.focus_filter(), "edit", 1, "Ctrl+L", icon="filter"),
    Command("filter.key", N_("Filter this list"), lambda d: d.acts.focus_filter(), "", 1, "/", Scope.TABLE),
    Command(
        "copy.reference",
        N_("Copy number, title, link"),
        lambda d: d.acts.copy_reference(),
        "edit",
        2,
        ".",
        Scope.TABLE,
        "copy",
        hint=N_("Once copies the number, twice the title too, three times a link too."),
        enabled_when=_on_case,
    ),
    Command("select.all", N_("Select all"), lambda d: d.queue.table.selectAll(), "edit", 2, enabled_when=_lists),
)

_CASE: tuple[Act, ...] = (
    Command(
        "case.open", N_("Open"), lambda d: d.queue.open_current(), "case", 0, "O", Scope.TABLE, enabled_when=_on_case
    ),
    Command(
        "case.behind",
        N_("Open behind"),
        lambda d: d.queue.open_behind(),
        "case",
        0,
        "Shift+O",
        Scope.TABLE,
        enabled_when=_on_case,
    ),
    Command(
        "case.next",
        N_("Save and go to the next"),
        lambda d: d.acts.save_and_next(),
        "case",
        0,
        "Ctrl+Return",
        enabled_when=_has_tabs,
    ),
    Command(
        "case.take",
        N_("Take over"),
        lambda d: d.queue.acts.take(),
        "case",
        1,
        "T",
        Scope.TABLE,
        "take",
        enabled_when=_on_case,
    ),
    Command(
        "case.assign",
        N_("Assign…"),
        lambda d: d.queue.acts.bulk("assign"),
        "case",
        1,
        "I",
        Scope.TABLE,
        "assign",
        enabled_when=_lists,
    ),
    Command(
        "case.edit",
        N_("Change a field…"),
        lambda d: d.queue.acts.bulk("edit"),
        "case",
        1,
        "E",
        Scope.TABLE,
        "edit",
        enabled_when=_lists,
    ),
    Command(
        "case.note",
        N_("Write a note…"),
        lambda d: d.queue.acts.bulk("note"),
        "case",
        1,
        "N",
        Scope.TABLE,
        "note",
        enabled_when=_lists,
    ),
    Command(
        "case.later",
        N_("Make a follow-up…"),
        lambda d: d.queue.acts.bulk("follow-up"),
        "case",
        1,
        "R",
        Scope.TABLE,
        "bell",
        enabled_when=_lists,
    ),
    Command(
        "case.macro",
        N_("Use a macro…"),
        lambda d: d.queue.acts.bulk("macro"),
        "case",
        1,
        "M",
        Scope.TABLE,
        "macro",
        enabled_when=_lists,
    ),
    Command(
        "case.star",
        N_("Star for me"),
        lambda d: d.queue.acts.star(),
        "case",
        2,
        "S",
        Scope.TABLE,
        "star",
        enabled_when=_on_case,
    ),
    Command(
        "case.flag",
        N_("Flag for all"),
        lambda d: d.queue.acts.flag(),
        "case",
        2,
        "F",
        Scope.TABLE,
        "flag",
        enabled_when=_on_case,
    ),
    Command(
        "case.unread",
        N_("Mark as unread"),
        lambda d: d.queue.acts.mark_unread(),
        "case",
        2,
        "U",
        Scope.TABLE,
        enabled_when=_on_case,
    ),
)

_LIST: tuple[Act, ...] = (
    Command(
        "list.next", N_("Next case"), lambda d: d.queue.table.step(1), "list", 0, "J", Scope.TABLE, enabled_when=_lists
    ),
    Command(
        "list.previous",
        N_("Previous case"),
        lambda d: d.queue.table.step(-1),
        "list",
        0,
        "K",
        Scope.TABLE,
        enabled_when=_lists,
    ),
    Command(
        "list.preview",
        N_("Preview"),
        lambda d: d.queue.head.preview.toggle(),
        "list",
        1,
        "P",
        Scope.TABLE,
        "preview",
        checked_when=lambda d: d.queue.head.preview.isChecked(),
    ),
    Command(
        "list.facets",
        N_("Filters"),
        lambda d: d.queue.head.filter.toggle(),
        "list",
        1,
        "Ctrl+Shift+F",
        icon="filter",
        checked_when=lambda d: d.queue.head.filter.isChecked(),
    ),
    Command("list.group", N_("Group by…"), lambda d: d.queue.head.group.click(), "list", 1, "G", Scope.TABLE, "group"),
    Command(
        "list.columns", N_("Columns…"), lambda d: d.queue.head.columns.click(), "list", 1, "C", Scope.TABLE, "columns"
    ),
    Command("list.clear", N_("Take all filters away"), lambda d: d.queue.clear(), "list", 1, "Ctrl+Shift+L"),
    Command("view.save", N_("Save this view"), lambda d: d.queue.views.save(), "list", 2, "Ctrl+S", icon="save view"),
    Command(
        "view.save_as", N_("Save as a view of mine…"), lambda d: d.queue.views.save_as(), "list", 2, "Ctrl+Shift+S"
    ),
    Command("view.colours", N_("Colours…"), lambda d: d.queue.views.colour(), "list", 2, enabled_when=_lists),
    Command("view.reset", N_("View as at the beginning"), lambda d: d.queue.views.reset(), "list", 2),
    Command("list.refresh", N_("Read again"), lambda d: d.refresh(), "list", 3, "F5", icon="refresh"),
)

_GO: tuple[Act, ...] = (
    Command("go.today", N_("Today"), lambda d: d.acts.go("today"), "go", 0, "Ctrl+1", icon="today"),
    Command("go.mine", N_("My cases"), lambda d: d.acts.go("queue", "mine"), "go", 0, "Ctrl+2", icon="queue"),
    Command("go.board", N_("Board"), lambda d: d.acts.go("board"), "go", 0, "Ctrl+0", icon="board"),
    Command("go.sellers", N_("Sellers"), lambda d: d.acts.go("sellers"), "go", 0, "Ctrl+3", icon="sellers"),
    Command("go.contacts", N_("Points of contact"), lambda d: d.acts.go("contacts"), "go", 0, icon="contacts"),
    Command("go.follow_ups", N_("Follow-ups"), lambda d: d.acts.go("follow-ups"), "go", 0, "Ctrl+4", icon="follow-ups"),
    Command("go.escalations", N_("Escalations"), lambda d: d.acts.go("escalations"), "go", 0, icon="incidents"),
    Command("go.problems", N_("Problems"), lambda d: d.acts.go("problems"), "go", 0, icon="problems"),
    Command("rules", N_("Working hours, holidays and policies…"), lambda d: d.acts.show_rules(), "go", 0, icon="clock"),
    Command("absences", N_("Absences…"), lambda d: d.acts.show_absences(), "go", 0, icon="users"),
    Command("notices", N_("Notices"), lambda d: d.notices.show_panel(), "go", 0, "Ctrl+B", icon="bell"),
    Command(
        "go.lately", N_("Recently viewed"), lambda d: d.acts.go("queue", "lately"), "go", 0, "Ctrl+5", icon="history"
    ),
    Command(
        "go.sync",
        N_("Sync and conflicts"),
        lambda d: d.acts.go("sync"),
        "go",
        0,
        "Ctrl+9",
        icon="conflicts",
        enabled_when=_shared,
    ),
    Command("go.places", N_("To the places"), lambda d: d.places.setFocus(), "go", 1, "Ctrl+6"),
    Command("go.list", N_("To the list"), lambda d: d.acts.focus_list(), "go", 1, "Ctrl+7"),
    Command("go.case", N_("To the case"), lambda d: d.acts.focus_case(), "go", 1, "Ctrl+8", enabled_when=_has_tabs),
    Command("tab.next", N_("Next tab"), lambda d: d.tabs.step(1), "go", 2, "Ctrl+Tab", enabled_when=_has_tabs),
    Command(
        "tab.previous", N_("Previous tab"), lambda d: d.tabs.step(-1), "go", 2, "Ctrl+Shift+Tab", enabled_when=_has_tabs
    ),
    Command(
        "tab.close",
        N_("Close this tab"),
        lambda d: d.tabs.close_at(d.tabs.currentIndex()),
        "go",
        2,
        "Ctrl+W",
        icon="close",
        enabled_when=_has_tabs,
    ),
    Command("tab.others", N_("Close the other tabs"), lambda d: d.tabs.close_others(), "go", 2, enabled_when=_has_tabs),
    Command(
        "tab.alone",
        N_("The case alone"),
        lambda d: d.zones.show_list(shown=not d.zones.list_shown),
        "go",
        3,
        "F11",
        enabled_when=_has_tabs,
        checked_when=lambda d: not d.zones.list_shown,
    ),
)

_HELP: tuple[Act, ...] = (
    Command("palette", N_("All commands…"), lambda d: d.acts.show_palette(), "help", 0, "Ctrl+K", icon="commands"),
    Command("shortcuts", N_("Keyboard shortcuts"), lambda d: d.acts.show_shortcuts(), "help", 0, "?", icon="keyboard"),
    Command("dark", N_("Light or dark"), lambda d: d.acts.flip_scheme(), "help", 1, "Ctrl+Shift+D", icon="dark"),
    Command("about", N_("About Escalation Desk"), lambda d: d.acts.show_about(), "help", 2, icon="info"),
)

COMMANDS: tuple[Act, ...] = (*_DESK, *_EDIT, *_CASE, *_LIST, *_GO, *_HELP)
