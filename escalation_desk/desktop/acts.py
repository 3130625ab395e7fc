"""What the window does beyond showing: a new case, what leaves as a file, a backup, the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QElapsedTimer, QObject
from PySide6.QtWidgets import QApplication, QFileDialog

from escalation_desk import __version__
from escalation_desk.desktop.commands.palette import CommandPalette
from escalation_desk.desktop.commands.sheet import ShortcutSheet
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.pages import Writes
from escalation_desk.desktop.plain import tell
from escalation_desk.desktop.queue.cells import NEWS
from escalation_desk.desktop.search.box import SearchBox
from escalation_desk.desktop.search.offers import finds
from escalation_desk.desktop.shell.settings_dialog import SettingsDialog
from escalation_desk.i18n import _
from escalation_desk.journal import upkeep
from escalation_desk.journal.backup import back_up, back_up_by_rota

if TYPE_CHECKING:
    from escalation_desk.desktop.commands import PaletteItem
    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.connection import Connection

# Pressed again this soon, a key says more of the same case.
_AGAIN: Final = 900
_MOST: Final = 3


class DeskActs(QObject):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._since_copy = QElapsedTimer()
        self._copied = 0
        self._palette: CommandPalette | None = None

    def new_case(self) -> None:
        """Ask for a case that nobody imported."""
        from escalation_desk.desktop.case.new_case import new_case  # The form is not needed before the first paint.

        new_case(self._desk)

    def copy_reference(self) -> None:
        """Copy the number; pressed again at once the title too, then a link too (C20)."""
        again = self._since_copy.isValid() and self._since_copy.elapsed() < _AGAIN
        self._copied = self._copied % _MOST + 1 if again else 1
        self._since_copy.start()
        self._desk.queue.acts.copy(self._copied)

    # Where the keys go

    def go(self, place: str, view: str = "") -> None:
        """Show a place, and let the keys work in it at once."""
        self._desk.open_place(place, view)
        self.focus_list()

    def focus_search(self) -> None:
        self._desk.search.setFocus()

    def focus_filter(self) -> None:
        self._desk.middle.setCurrentWidget(self._desk.queue)
        self._desk.queue.head.quick.setFocus()
        self._desk.queue.head.quick.selectAll()

    def focus_list(self) -> None:
        self._desk.zones.show_list(shown=True)
        shown = self._desk.middle.currentWidget()
        if shown is self._desk.queue:
            self._desk.queue.table.setFocus()
        elif shown is not None:
            shown.setFocus()

    def focus_case(self) -> None:
        page = self._desk.tabs.currentWidget()
        if page is not None:
            page.setFocus()

    def save_and_next(self) -> None:
        """Keep what was written in the case in front, and go on to the one behind it in the list."""
        page = self._desk.tabs.currentWidget()
        if isinstance(page, Writes):
            page.flush()
        if self._desk.tabs.current_case():
            self._desk.open_next(self._desk.tabs.current_case())

    def show_palette(self) -> None:
        if self._palette is None:
            search = self._desk.search
            box = search if isinstance(search, SearchBox) else None
            self._palette = CommandPalette(self._desk, self._palette_items, [finds(self._desk, box)])
        self._palette.open_over()

    def _palette_items(self) -> list[PaletteItem]:
        own = self._page_commands()
        return [*self._desk.commands.palette_items(), *(own.palette_items() if own else [])]

    def show_shortcuts(self) -> None:
        own = self._page_commands()
        ShortcutSheet(self._desk, [*self._desk.commands.by_menu(), *(own.by_menu() if own else [])]).open()

    def _page_commands(self) -> Any:
        """Give the commands of the page in front, where it has its own."""
        page: Any = self._desk.tabs.currentWidget()
        return page.commands() if hasattr(page, "commands") else None

    # Files

    def export_list(self) -> None:
        """Write the list on the screen as Excel."""
        shown = [name for name in self._desk.queue.columns.shown() if name != NEWS]  # What is new here is so here only.
        _papers().export_list(self._desk, self._desk.queue.query, shown, self._desk.queue.title())

    def export_cases(self) -> None:
        """Write the selected cases, or the one in front, as Word."""
        self._with_cases(lambda ids: _papers().export_cases(self._desk, ids))

    def print_cases(self) -> None:
        """Print the selected cases, or the one in front."""
        self._with_cases(lambda ids: _papers().print_cases(self._desk, ids))

    def _with_cases(self, then: Any) -> None:
        focus, case_id = QApplication.focusWidget(), self._desk.tabs.current_case()
        in_front = focus is not None and self._desk.tabs.isAncestorOf(focus)
        if case_id and (in_front or not self._desk.queue.table.current_id()):
            then([case_id])
        else:
            self._desk.queue.acts.with_ids(then)

    # The server

    def sign_in(self) -> None:
        """Ask for the server and who signs in there."""
        from escalation_desk.desktop.sync.sign_in import SignInDialog  # Asked once in a long while.

        SignInDialog(self._desk).open()

    def sign_out(self) -> None:
        from escalation_desk.desktop.sync.sign_out import sign_out  # as above.

        sign_out(self._desk)

    def back_up(self) -> None:
        """Write everything into one file, opened and checked before it counts."""
        journal = self._desk.verbs.journal
        offered = f"escalation-desk-{journal.now():%Y-%m-%d}.db"
        name, _filter = QFileDialog.getSaveFileName(self._desk, _("Back up"), offered)
        if not name:
            return

        def write(made: Connection) -> Path:
            return back_up(made, journal.key, Path(name))

        def done(path: Path) -> None:
            self._desk.tell(_("Backed up and checked: {path}", path=path))

        self._desk.verbs.ask(write, done, slow=True)  # Not the writer's: saving waits for no copy.

    def back_up_by_rota(self) -> None:
        """Make this hour's backup, if there is none; beside the work, after the window has been open for a while."""
        journal = self._desk.verbs.journal

        def write(made: Connection) -> None:
            upkeep.keep_ballast(journal.folder)
            back_up_by_rota(made, journal.folder, journal.key, journal.now())

        self._desk.verbs.ask(write, lambda _nothing: None, slow=True)  # Not the writer's: saving waits for no copy.

    # The window itself

    def show_settings(self) -> None:
        SettingsDialog(self._desk, self._desk.settings).open()

    def show_rules(self) -> None:
        """Show working hours, holidays and policies."""
        from escalation_desk.desktop.rules.dialog import open_rules  # Few days need it, and no start.

        open_rules(self._desk)

    def show_absences(self) -> None:
        """Show who is away and who stands in."""
        from escalation_desk.desktop.absences.dialog import AbsencesDialog  # Few days need it, and no start.

        AbsencesDialog(self._desk).open()

    def flip_scheme(self) -> None:
        """Go from dark to light or back."""
        self._desk.settings.choose("scheme", "light" if look().colours.dark else "dark")

    def show_about(self) -> None:
        folder = self._desk.verbs.journal.folder
        tell(
            self._desk,
            _("Escalation Desk {version}", version=__version__),
            _("Your data and the log lie in {folder}.", folder=folder),
        )


def _papers() -> Any:
    # What leaves as Word and Excel is loaded when something leaves.
    from escalation_desk.desktop import papers

    return papers
