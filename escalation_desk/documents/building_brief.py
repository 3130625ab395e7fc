"""Builds the built-in template of the escalation brief: `python -m escalation_desk.documents.building_brief`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.documents.brief_document import BUILT_IN
from escalation_desk.documents.building import (
    document,
    gap,
    paragraph,
    row,
    run,
    stacked,
    table,
    unless,
    when,
    write_template,
)

if TYPE_CHECKING:
    from pathlib import Path

_CARD = (20, 80)
_QUARTERS = (25, 25, 25, 25)


def build(path: Path = BUILT_IN) -> None:
    write_template(path, document(_body()), "escalation_brief", "Escalation brief")


def _body() -> str:
    return "".join(
        (
            paragraph(run("{{head.number}}", "Number"), "  {{ask.one_line}}", style="Heading1"),
            paragraph("{{#chips}}", run(" {{text}} ", "Chip"), "  ", "{{/chips}}", style="Chips"),
            paragraph("{{label.asked}}", style="Heading2"),
            table("CardStrong", _CARD, [_fact(f"ask.{name}") for name in ("decision", "needed_by", "to")]),
            paragraph("{{label.grounds}}", style="Heading2"),
            when("grounds", table("Card", _CARD, [_facts("grounds")])),
            unless("grounds", paragraph("–", style="Small")),
            paragraph("{{label.case}}", style="Heading2"),
            paragraph("{{head.title}}", style="Value"),
            gap(),
            table("DeskGrid", _QUARTERS, [_quarters(names) for names in _GRID]),
            gap(),
            paragraph("{{label.tells_nobody}}", style="Small"),
        )
    )


_GRID = (("owner", "market", "platform", "channel"), ("received", "first_response", "tickets", "linked"))


def _quarters(names: tuple[str, ...]) -> str:
    return row(_QUARTERS, [stacked(f"head.{name}") for name in names])


def _fact(name: str) -> str:
    label = paragraph("{{label." + name + "}}", style="FactLabel")
    return row(_CARD, [label, paragraph("{{" + name + "}}", style="Value")])


def _facts(section: str) -> str:
    cells = (
        paragraph("{{#" + section + ".facts}}{{name}}", style="FactLabel"),
        paragraph("{{value}}{{/" + section + ".facts}}", style="Value"),
    )
    return row(_CARD, cells)


if __name__ == "__main__":
    BUILT_IN.parent.mkdir(parents=True, exist_ok=True)
    build()
