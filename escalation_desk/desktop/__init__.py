"""The window. Only this room knows Qt; it is imported when a window is wanted, and then as little of it as possible."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def run(folder: Path, passphrase: Callable[[bool], str] | None = None) -> int:
    """Show the window on a folder until it is closed. Answer 1 where it could not be opened, after a sentence.

    `passphrase` answers for the person, where the passphrase is known to everybody.
    """
    gc.disable()  # Loading makes many lasting things and no garbage; the window turns it on again.
    from escalation_desk.desktop.opening import Opening  # Knows no Qt, and works while that is loaded.

    opening = Opening(folder, passphrase)
    # Not at the top: system_libraries lies in this room too, and is asked before anybody may load Qt.
    from escalation_desk.desktop.starting import show

    return show(opening)


def run_demo(folder: Path | None) -> int:
    """Open the window on sample data; without a display, write what it would show."""
    from escalation_desk.desktop.demo import run_demo as start  # as above.

    return start(folder)
