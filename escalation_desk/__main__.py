"""Starts the program: wiring only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from escalation_desk.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path


def main() -> int:
    return run(sys.argv[1:], open_window, open_demo)


def open_window(folder: Path) -> int:
    from escalation_desk import desktop  # Qt is loaded for the window only; commands run without it.

    return desktop.run(folder)


def open_demo(folder: Path | None) -> int:
    from escalation_desk import desktop  # as above.

    return desktop.run_demo(folder)


if __name__ == "__main__":
    sys.exit(main())
