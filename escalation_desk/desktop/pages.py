"""What a page of the window is, and what the window gives to each page: nothing else passes between them.

A place (Today, the queue, Sellers) fills the middle; a case or a seller is a tab at the right. Both are pages.

The window asks for these, once it is painted and somebody wants them; what is not there is not shown:

    desktop/case/editor.py       CaseEditor(frame, case_id)    a page; signals renamed(str), dirty(bool); flush()
    desktop/seller/page.py       SellerPage(frame, seller_id)  a page; as above where it writes
    desktop/seller/list.py       SellersPlace(frame)           a page
    desktop/seller/follow_ups.py FollowUpsPlace(frame)         a page
    desktop/problems/place.py    ProblemsPlace(frame)          a page
    desktop/problems/page.py     ProblemPage(frame, problem)   a page; as above where it writes
    desktop/search/box.py        SearchBox(frame)              a widget at the top; focus goes to it on Ctrl+F
    desktop/papers/__init__.py   export_list(frame, query, columns, title), export_cases(frame, ids),
                                 print_cases(frame, ids)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QWidget

    from escalation_desk.desktop.sync.link import ServerLink
    from escalation_desk.desktop.verbs import Verbs


@runtime_checkable
class Page(Protocol):
    """A QWidget that fills the middle or a tab.

    It may also have the signals `renamed(str)` (its title changed) and `dirty(bool)` (something is not saved yet),
    `mark() -> tuple[str, Tone] | None` (the sign of its state on its tab, with the tone), `full_title() -> str` (the
    tip of its tab), and `commands() -> Commands` bound to itself, for the palette and the sheet of shortcuts.
    A key that the page wants for itself it takes by accepting the ShortcutOverride event.
    """

    @property
    def icon(self) -> str:
        """The word of an icon (look/icons.py)."""

    def title(self) -> str: ...


@runtime_checkable
class Writes(Protocol):
    """A page in which somebody writes."""

    def flush(self) -> None:
        """Keep everything that was typed, now: the tab closes, the window closes, another case comes."""


@runtime_checkable
class GoesBack(Protocol):
    """A page that can be left for the list by a key; `back` says so."""

    @property
    def back(self) -> SignalInstance: ...


class Kept(Protocol):
    """What this workstation remembers from one day to the next: sizes, columns, what was open. Encrypted, local."""

    def get(self, name: str, default: object = None) -> object:
        """Read a JSON value."""

    def put(self, name: str, value: object) -> None:
        """Remember a JSON value; it is on the disk a moment later, and after a crash."""


class Progress(Protocol):
    """A strip at the foot of the window for long work. All three may be called from any thread."""

    @property
    def cancelled(self) -> bool: ...

    def at(self, done: int, total: int = 0) -> None: ...

    def end(self) -> None: ...


class Frame(Protocol):
    """The window, as a page sees it."""

    @property
    def verbs(self) -> Verbs: ...

    @property
    def kept(self) -> Kept: ...

    @property
    def link(self) -> ServerLink:
        """How it stands with the server, and who else has which case open."""

    @property
    def minute(self) -> SignalInstance:
        """Comes once a minute: what says “in 35 min” says it anew."""

    def open_case(self, case_id: str, *, behind: bool = False) -> None:
        """Show a case in its tab; `behind` leaves the present tab in front."""

    def open_seller(self, seller_id: str, *, behind: bool = False) -> None: ...

    def open_problem(self, problem_id: str, *, behind: bool = False) -> None: ...

    def open_place(self, code: str, view: str = "") -> None:
        """Show a place: today, queue, sellers, follow-ups, sync; the queue with a view of casework.views, by code."""

    def open_search(self, line: str) -> None:
        """Show in the queue the cases that a line means: words, and operators such as `state:open`."""

    def open_next(self, case_id: str) -> None:
        """Go on to the case after this one in the list it was opened from."""

    def tell(self, sentence: str, kind: str = "done") -> None:
        """Say one sentence; kinds are done, refused and fault."""

    def progress(self, title: str, cancel: Callable[[], None] | None = None) -> Progress:
        """Show a strip for long work, with a button to cancel where that is possible."""

    def import_files(self, paths: Sequence[Path]) -> None:
        """Begin to import files, as if they had been dropped on the window."""

    def window(self) -> QWidget:
        """Give the parent of dialogs."""
