"""A program of its own that types cases and exchanges them, and says what was saved, until somebody kills it."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from escalation_desk.casework.case import Case
from escalation_desk.casework.refusal import Fault
from escalation_desk.journal.journal import Journal
from escalation_desk.sync import joining
from escalation_desk.sync.engine import Engine


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    folder, key = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
    journal = Journal(folder, key)
    engine = Engine(journal, joining.client(journal), at=lambda _point: say("at"))
    while True:
        for _case in range(3):
            with journal.entry("New case") as work:
                case = work.add(Case(title="typed"))
            say(f"saved {case.id}")
        with suppress(Fault):
            engine.exchange()


if __name__ == "__main__":
    main()
