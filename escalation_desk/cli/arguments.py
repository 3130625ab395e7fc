"""What may be typed after `escalation-desk`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from escalation_desk.cli import serving

DATA_VARIABLE = "ESCALATION_DESK_DATA"
LISTS = {
    "cases": "case",
    "sellers": "seller",
    "follow-ups": "follow_up",
    "poc-requests": "poc_request",
    "escalations": "escalation",
    "problems": "problem",
    "clocks": "clock",
    "articles": "article",
    "macros": "macro",
    "exceptions": "exception",
}


def parser() -> argparse.ArgumentParser:
    """Describe every command; argparse answers wrong usage with exit code 2."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="the folder of the desk")
    made = argparse.ArgumentParser(
        "escalation-desk", description="The desk of escalation specialists.", parents=[common], allow_abbrev=False
    )
    commands = made.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, words: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=words, description=words, parents=[common], allow_abbrev=False)

    command("demo", "open the window on sample data")
    _import(command("import", "take over what the CRM exported"))
    _list(command("list", "list cases, sellers or follow-ups"))
    _one(command("show", "show a case with its timeline and history")).add_argument(
        "--json", action="store_true", help="print one JSON document"
    )
    _set(_one(command("set", "change fields of a case")))
    _one(command("note", "put an internal note on a case")).add_argument("text", metavar="TEXT")
    _export(command("export", "write a Word summary, a PDF or an Excel list"))
    _sign_in(command("sign-in", "share this desk through a server"))
    command("sync", "tell the server what waits, and read what is new").add_argument(
        "--json", action="store_true", help="print one JSON document"
    )
    command("conflicts", "list what only a person can settle").add_argument(
        "--json", action="store_true", help="print one JSON document"
    )
    _resolve(command("resolve", "settle a conflict"))
    command("check", "check database and journal")
    command("backup", "write a checked copy of the data").add_argument("file", type=Path, metavar="FILE")
    command("restore", "put a backup in the place of the data").add_argument("file", type=Path, metavar="FILE")
    serving.describe(command("server", "run the shared server, or look after it"), common)
    return made


def _import(made: argparse.ArgumentParser) -> None:
    made.add_argument("files", nargs="+", type=Path, metavar="FILE")
    made.add_argument("--source", metavar="NAME", help="where the file comes from; known by its columns otherwise")
    made.add_argument("--dry-run", action="store_true", help="only say what would be done")
    made.add_argument("--json", action="store_true", help="print one JSON document")


def _list(made: argparse.ArgumentParser) -> None:
    made.add_argument("what", choices=LISTS)
    made.add_argument("--view", metavar="NAME")
    made.add_argument("--search", metavar="TEXT", default="")
    made.add_argument("--limit", type=_not_negative, metavar="N")
    made.add_argument("--json", action="store_true", help="print one JSON document")


def _one(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("what", choices=["case"])
    made.add_argument("number", metavar="NUMBER")
    return made


def _set(made: argparse.ArgumentParser) -> None:
    made.add_argument("changes", nargs="+", metavar="FIELD=VALUE")
    made.add_argument("--reason", metavar="TEXT", default="", help="why you take over somebody else's case")


def _sign_in(made: argparse.ArgumentParser) -> None:
    made.add_argument("url", metavar="URL")
    made.add_argument("--user", required=True, metavar="NAME")
    made.add_argument("--password-file", type=Path, metavar="FILE", help="a file that holds the password; else asked")


def _resolve(made: argparse.ArgumentParser) -> None:
    made.add_argument("conflict", metavar="CONFLICT", help="its id, or the beginning of it")
    made.add_argument("--take", required=True, choices=["mine", "theirs", "both"])


def _export(made: argparse.ArgumentParser) -> None:
    kinds = made.add_subparsers(dest="what", required=True, metavar="case|list")
    case = kinds.add_parser("case", help="one or more case summaries", allow_abbrev=False)
    case.add_argument("numbers", nargs="+", metavar="NUMBER")
    case.add_argument("--language", choices=["en", "vi", "id"])
    case.add_argument("--short", action="store_true", help="only the first page")
    case.add_argument("--without-internal-notes", action="store_true")
    case.add_argument("--full-personal-data", action="store_true", help="do not mask; needs --reason")
    case.add_argument("--reason", metavar="TEXT", default="")
    listed = kinds.add_parser("list", help="a list as an Excel workbook", allow_abbrev=False)
    listed.add_argument("--view", metavar="NAME", required=True)
    listed.add_argument("--search", metavar="TEXT", default="")
    for one in (case, listed):
        one.add_argument("--to", type=Path, required=True, metavar="FILE")
        one.add_argument("--data", type=Path, default=argparse.SUPPRESS, metavar="DIR", help=argparse.SUPPRESS)


def chosen_folder(asked: argparse.Namespace) -> Path | None:
    """Name the folder that was asked for, on the line or by the environment; None where nobody did."""
    on_the_line: Path | None = getattr(asked, "data", None)
    return on_the_line or named_folder()


def named_folder() -> Path | None:
    """Name the folder that the environment asks for."""
    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else None


def _not_negative(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("a number of rows is not negative")
    return number
