"""Signing out: the server forgets this workstation's session; what is here stays, and what waits goes on waiting."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from escalation_desk.desktop.plain import ask_yes_no
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal


def sign_out(desk: Desk) -> None:
    """Ask, then sign out beside the window."""
    sure = ask_yes_no(
        desk,
        _("Sign out of the server?"),
        _("Everything stays on this computer. What you type from now on waits here until somebody signs in again."),
        yes=_("Sign out"),
    )
    if sure:
        journal, link = desk.verbs.journal, desk.link
        desk.verbs.beside(lambda: _sign_out(journal), lambda _done: link.again())


def _sign_out(journal: Journal) -> None:
    from escalation_desk.sync import joining  # Loaded beside the window.
    from escalation_desk.sync.keys import Keeper
    from escalation_desk.sync.refusals import SignedOut, Unreachable

    with closing(joining.client(journal)) as client:
        try:
            client.sign_out()
        except (Unreachable, SignedOut):
            Keeper(journal).forget()  # The server hears of it when it finds the session too old.
