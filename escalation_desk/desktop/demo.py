"""`escalation-desk demo`: the window on sample data; without a display, what it would show, as files."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from escalation_desk.i18n import _
from escalation_desk.journal import place, sample_desk

if TYPE_CHECKING:
    from pathlib import Path


def run_demo(folder: Path | None) -> int:
    """Open the window on the sample, in the demo's own folder or the one that is named.

    Whoever tries the program out expects two things: that what they did an hour ago is still there, and that a desk
    opened on another day has something due on that day. So the sample is left alone for a day, and then made anew.
    """
    folder = (folder or sample_desk.default_folder()).absolute()
    try:
        sample_desk.prepare(folder)
    except place.AlreadyOpen:
        place.knock(folder)
        raise
    _say(
        _(
            "The sample lies in {folder}. It is invented and no secret: its passphrase is “{passphrase}”.",
            folder=folder,
            passphrase=sample_desk.PASSPHRASE,
        )
    )
    if has_display():
        from escalation_desk.desktop import run  # Where it can show itself it is a desk like any other.

        return run(folder, sample_desk.passphrase)
    _say(_("There is no display, so the same is done without one: screenshots, a Word summary, an Excel list."))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from escalation_desk.desktop.showing import show  # as above.

    for line in show(folder):
        _say(line)
    return 0


def has_display() -> bool:
    """Tell whether a window could be seen."""
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in {"offscreen", "minimal"}:
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(named) and _answers()


def _answers() -> bool:
    """Try in another process: where the display that is named does not answer (left over, not ours), Qt aborts."""
    probe = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    return subprocess.run([sys.executable, "-c", probe], capture_output=True, check=False).returncode == 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the answer of a command.
