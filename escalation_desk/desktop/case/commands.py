"""What the keys do on the page of a case, declared once: the keys themselves, the palette and the sheet follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from escalation_desk.desktop.commands import Command, Commands, Menu
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.case.editor import CaseEditor

MENU: Final = Menu("one-case", N_("This case"))


def _writes(mode: str) -> Callable[[CaseEditor], object]:
    return lambda page: page.write(mode)


def _shows(part: str) -> Callable[[CaseEditor], object]:
    return lambda page: page.show_part(part)


def _to_requests(page: CaseEditor) -> None:
    page.go_around(page.cards.requests.enter)


def _to_log(page: CaseEditor) -> None:
    page.go_around(page.cards.knowledge.begin)


def _to_answers(page: CaseEditor) -> None:
    page.go_around(page.cards.knowledge.enter)


def _to_checklist(page: CaseEditor) -> None:
    page.go_around(page.cards.checklists.enter)


def _to_ending(page: CaseEditor) -> None:
    page.go_around(page.cards.ending.enter)


def _to_clocks(page: CaseEditor) -> None:
    page.go_around(page.cards.clocks.enter)


def _command(name: str, label: str, run: Callable[[Any], object], keys: str = "", icon: str = "") -> Command[Any]:
    return Command(f"page.{name}", label, run, MENU.id, shortcut=keys, icon=icon)


COMMANDS: Final[tuple[Command[Any], ...]] = (
    _command("save", N_("Save what was typed"), lambda page: page.save(), "Ctrl+S", "save"),
    _command(
        "enter", N_("Put on the timeline, or save and go to the next case"), lambda page: page.enter(), "Ctrl+Return"
    ),
    _command("back", N_("Back: to the timeline, to the list"), lambda page: page.leave(), "Esc"),
    _command("discard", N_("Give up what was typed into the fields"), lambda page: page.discard()),
    _command("note", N_("Write a note"), _writes("note"), "Alt+N", "note"),
    _command("message", N_("Write a message"), _writes("message"), "Alt+M", "message"),
    _command("call", N_("Log a call"), _writes("call"), "Alt+C", "call"),
    _command("poc", N_("Write to a point of contact"), _writes("poc"), "Alt+K", "poc message"),
    _command(
        "ask_contact", N_("Ask a point of contact…"), lambda page: page.cards.requests.ask(), "Alt+T", "poc message"
    ),
    _command(
        "chase", N_("Chase the contact that is due first…"), lambda page: page.cards.requests.chase(), "Alt+G", "clock"
    ),
    _command("requests", N_("To the requests to points of contact"), _to_requests, "Alt+J"),
    _command("decision", N_("Write down a decision"), _writes("decision"), "Alt+E", "decision"),
    _command("report", N_("Write a status report"), _writes("report"), "Alt+U", "flag"),
    _command("question", N_("Ask a question"), _writes("question"), "Alt+Q", "help"),
    _command("promise", N_("Make a promise or reminder"), lambda page: page.begin_promise(), "Alt+P", "promise"),
    _command("macro", N_("Use a macro"), lambda page: page.composer.open_macros(), "Alt+X", "macro"),
    _command("attach", N_("Attach a file"), lambda page: page.evidence.choose(), "Alt+A", "attach"),
    _command("state", N_("Change the state"), lambda page: page.head.state.click(), "Alt+S"),
    _command("owner", N_("Take over, offer or assign"), lambda page: page.head.owner.click(), "Alt+O", "assign"),
    _command("escalate", N_("Escalate…"), lambda page: page.cards.escalations.begin(), "Alt+Z", "incidents"),
    _command("restrict", N_("Restrict it, or open it again…"), lambda page: page.cards.escalations.ask_restrict()),
    _command("hand_back", N_("Hand back to Tier 1…"), lambda page: page.deeds.hand_back()),
    _command("merge", N_("Merge another requester into this one"), lambda page: page.cards.requester.ask_merge()),
    _command("link", N_("Link with another case"), lambda page: page.cards.links.begin(), "Alt+I", "link"),
    _command("merge_case", N_("Merge with another case"), lambda page: page.cards.links.begin_merge(), icon="merge"),
    _command("problem", N_("Say what problem is behind it"), lambda page: page.cards.links.begin_problem()),
    _command("checklist", N_("To the checklist"), _to_checklist, "Alt+B", "check"),
    _command("cause", N_("Find the root cause…"), lambda page: page.cards.ending.begin_cause(), icon="search"),
    _command("exception", N_("Exception from policy…"), lambda page: page.cards.ending.begin_exception()),
    _command("second_look", N_("Ask for a second look…"), lambda page: page.cards.ending.begin_look()),
    _command(
        "look_at_text", N_("Let somebody look at the text before it is sent"), lambda page: page.ending.look_at_text()
    ),
    _command("ending", N_("To cause and outcome"), _to_ending, "Alt+Shift+W", "done"),
    _command("clocks", N_("To the clocks"), _to_clocks, "Alt+Y", "clock"),
    _command("log", N_("Log a question and its answer"), _to_log, "Alt+W", "knowledge"),
    _command("answer", N_("Find an answer"), _to_answers, "Alt+V", "knowledge"),
    _command("timeline", N_("Show the timeline"), _shows("timeline"), "Alt+L"),
    _command("details", N_("Show the details"), _shows("details"), "Alt+D"),
    _command("around", N_("Show what stands around the case"), _shows("around"), "Alt+R"),
    _command("history", N_("Show the history"), _shows("history"), "Alt+H", "history"),
)


def deed_of(event: QKeyEvent) -> Callable[[CaseEditor], object] | None:
    """Say what a key means on the page."""
    pressed = QKeySequence(event.keyCombination()).toString().replace("Num+", "").replace("Enter", "Return")
    return _BY_KEYS.get(pressed)


_BY_KEYS: Final = {QKeySequence(one.shortcut).toString(): one.run for one in COMMANDS if one.shortcut}


def bound(page: CaseEditor) -> Commands[CaseEditor]:
    """Bind the commands to a page, for the palette. Its keys work on the page alone, not in the whole window."""
    made = Commands(page, COMMANDS, (MENU,), page)
    for one in COMMANDS:
        made.action(one.id).setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    return made
