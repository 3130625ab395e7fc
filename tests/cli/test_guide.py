"""What docs/guide.md says about the command line is what the command line does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from escalation_desk.casework.views import VIEWS
from escalation_desk.cli.arguments import DATA_VARIABLE, parser
from escalation_desk.journal.keys import PASSPHRASE_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "guide.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def test_the_guide_names_every_command() -> None:
    usage = parser().format_help()
    named = re.findall(r"^    ([\w-]+) ", usage, re.MULTILINE)
    assert len(named) >= 13
    for command in named:
        assert f"escalation-desk {command}" in GUIDE


def test_the_guide_names_every_view() -> None:
    assert [code for code in VIEWS if f"`{code}`" not in GUIDE] == []


def test_the_guide_names_the_two_variables() -> None:
    assert DATA_VARIABLE in GUIDE
    assert PASSPHRASE_VARIABLE in GUIDE


@pytest.mark.parametrize("line", re.findall(r"^escalation-desk (set .+)$", GUIDE, re.MULTILINE))
def test_the_examples_of_the_guide_can_be_typed(line: str) -> None:
    command, *values = shlex.split(line)
    assert parser().parse_args([command, *values]).command == command


def test_links_inside_the_guide_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^## (.+)$", GUIDE, re.MULTILINE)
    }
    assert [link for link in re.findall(r"\]\(#([^)]+)\)", GUIDE) if link not in headings] == []


def test_the_readme_leads_to_the_guide() -> None:
    assert "docs/guide.md" in README
