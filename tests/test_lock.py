"""The lock answers for everything that the program asks for, and says nothing about where it was made."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", LOCK, re.MULTILINE))


def asked_for() -> list[Requirement]:
    """Read all that pyproject.toml wants: to run, to be tested, to be built."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    lines = [*project["project"]["dependencies"], *project["build-system"]["requires"], *(x for e in extras for x in e)]
    return [Requirement(line) for line in lines]


def test_every_dependency_is_pinned_within_what_pyproject_allows() -> None:
    wanted = {canonicalize_name(r.name): r.specifier for r in asked_for()}
    outside = {name: str(spec) for name, spec in wanted.items() if not spec.contains(PINNED.get(name, "0"))}
    assert outside == {}


def test_every_pin_carries_the_hashes_of_its_files() -> None:
    entries = re.split(r"^(?=[a-z0-9-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(PINNED)
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_no_host_and_no_folder_of_a_machine_is_named() -> None:
    assert re.findall(r"https?:|file:|--(?:extra-)?index-url|--find-links|@ ", LOCK.split("\nalembic==")[1]) == []
