"""Runs one command: an answer on standard output, a refusal as one sentence on standard error."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Protocol

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.cli import bringing, changing, keeping, leaving, looking, serving, syncing
from escalation_desk.cli.arguments import chosen_folder, named_folder, parser
from escalation_desk.i18n import _, set_language
from escalation_desk.journal import sample_desk
from escalation_desk.journal.desk import open_desk, profile_of
from escalation_desk.journal.place import default_folder

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from escalation_desk.casework.desk import ExportRecord
    from escalation_desk.documents.case_summary import Form
    from escalation_desk.documents.leaving import Leave
    from escalation_desk.journal.journal import Journal


class Window(Protocol):
    """What commands need of the room that knows Qt; it is loaded when one of these is called."""

    def open(self, folder: Path) -> int: ...

    def demo(self, folder: Path | None) -> int: ...

    def write_pdf(
        self, journal: Journal, case_ids: Sequence[str], path: Path, form: Form, leave: Leave
    ) -> ExportRecord: ...


_COMMANDS: dict[str, Callable[[Journal, Namespace], str | Iterable[str]]] = {
    "import": bringing.import_files,
    "list": looking.list_records,
    "show": looking.show_case,
    "set": changing.set_fields,
    "note": changing.add_note,
    "sign-in": syncing.sign_in,
    "sync": syncing.sync,
    "conflicts": syncing.conflicts,
    "resolve": syncing.resolve,
    "check": keeping.check,
    "backup": keeping.back_up,
}


def run(arguments: Sequence[str], window: Window) -> int:
    """Run what was typed. Exit code 0 done, 1 refused, 2 wrong usage."""
    _speak_plainly()
    asked = parser().parse_args(arguments)
    chosen = chosen_folder(asked)
    try:
        if asked.command is None:
            return window.open(chosen or default_folder())
        if asked.command == "demo":
            return window.demo(_for_demo(asked))
        _answer(chosen or default_folder(), asked, window)
    except (Refused, Fault) as sentence:
        if isinstance(sentence, bringing.Stopped):
            _say(sentence.done)
        print(sentence, file=sys.stderr)  # noqa: T201 - as above.
        return 1
    except KeyboardInterrupt:
        print(_("Stopped. What was not finished leaves nothing behind."), file=sys.stderr)  # noqa: T201 - as above.
        return 1
    return 0


def _speak_plainly() -> None:
    """Write UTF-8 into files and pipes, as scripts read it; on a screen, whatever it can show, and never an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _say(answer: str | Iterable[str]) -> None:
    try:
        for part in [answer] if isinstance(answer, str) else answer:
            sys.stdout.write(part)
        print(flush=True)  # noqa: T201 - the end of an answer.
    except BrokenPipeError:  # Whoever read has read enough (`| head`); what the command did is done.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _answer(folder: Path, asked: Namespace, window: Window) -> None:
    if asked.command == "server":
        _say(serving.run(folder, asked))
        return
    if asked.command == "restore":
        _say(keeping.restore(folder, asked))
        return
    journal = open_desk(folder)
    try:
        set_language(str(profile_of(journal).locale))
        if asked.command == "export":
            _say(leaving.export(journal, asked, window.write_pdf))
        else:
            _say(_COMMANDS[asked.command](journal, asked))
    finally:
        journal.close()


def _for_demo(asked: Namespace) -> Path | None:
    """Choose the folder of the demo: none where the variable names somebody's own desk, which it never touches."""
    named: Path | None = getattr(asked, "data", None)
    usual = named_folder()
    return named or (None if usual and sample_desk.is_own_desk(usual) else usual)
