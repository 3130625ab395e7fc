"""Every promise of docs/promises.md names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_promise_is_held_by_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "promises.md").read_text("utf-8")

    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page)

    gone = [f"{file}::{test}" for file, test in named if f"def {test}(" not in (ROOT / file).read_text("utf-8")]
    assert gone == []
    promises = re.findall(r"^\*\*.+?(?=^\*\*|^Not promised|\Z)", page, re.MULTILINE | re.DOTALL)
    assert len(promises) > 10
    for promise in promises:
        assert "::" in promise, f"no test holds: {promise.splitlines()[0]}"
