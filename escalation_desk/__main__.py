"""Starts the program: wiring only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from escalation_desk.cli.arguments import chosen_folder, parser
from escalation_desk.journal.place import default_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from escalation_desk.casework.desk import ExportRecord
    from escalation_desk.documents.case_summary import Form
    from escalation_desk.documents.leaving import Leave
    from escalation_desk.journal.journal import Journal


def main() -> int:
    asked = parser().parse_args()
    if asked.command is None:
        return Window().open(chosen_folder(asked) or default_folder())
    from escalation_desk.cli.main import run  # The window starts without all that commands need.

    return run(sys.argv[1:], Window())


class Window:
    """The room that knows Qt, loaded when it is needed: commands run without it."""

    def open(self, folder: Path) -> int:
        from escalation_desk import desktop  # see the class

        return desktop.run(folder)

    def demo(self, folder: Path | None) -> int:
        from escalation_desk import desktop  # see the class

        return desktop.run_demo(folder)

    def write_pdf(
        self, journal: Journal, case_ids: Sequence[str], path: Path, form: Form, leave: Leave
    ) -> ExportRecord:
        from escalation_desk.desktop.printing import write_pdf  # see the class

        return write_pdf(journal, case_ids, path, form, leave)


if __name__ == "__main__":
    sys.exit(main())
