"""The window. Only this room knows Qt; it is imported when a window is wanted, and then as little of it as possible."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(folder: Path, passphrase: Callable[[bool], str] | None = None) -> int:
    """Show the window on a folder until it is closed. Answer 1 where it could not be opened, after a sentence.

    `passphrase` answers for the person, where the passphrase is known to everybody.
    """
    if not _screen_is_named():
        print(_("There is no display to show a window on; the commands work without one (--help)."), file=sys.stderr)  # noqa: T201 - as commands say it.
        return 1
    gc.disable()  # Loading makes many lasting things and no garbage; the window turns it on again.
    from escalation_desk.desktop.opening import Opening  # Knows no Qt, and works while that is loaded.

    opening = Opening(folder, passphrase)
    from escalation_desk.desktop import ahead  # noqa: F401 - see the module.

    # Not at the top: system_libraries lies in this room too, and is asked before anybody may load Qt.
    from escalation_desk.desktop.starting import show

    return show(opening)


def _screen_is_named() -> bool:
    """Tell whether anybody said where windows are shown; without it Qt ends the process with a page of its own."""
    return not sys.platform.startswith("linux") or any(map(os.environ.get, _SCREENS))


_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def run_demo(folder: Path | None) -> int:
    """Open the window on sample data; without a display, write what it would show."""
    from escalation_desk.desktop.demo import run_demo as start  # as above.

    return start(folder)
