"""A killed program loses nothing that it acknowledged and leaves nothing half (T1)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MOTHER = Path(__file__).with_name("mother.py")
FLOWS = {
    "save": 100,
    "import": 100,
    "parts": 100,
    "backup": 100,
    "update": 100,
    "migration": 100,
    "begin": 20,
    "restore": 20,
}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="children are forked, which Windows cannot")


def killed(flow: str, kills: int, folder: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, str(MOTHER), flow, str(kills), "7", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize(("flow", "kills"), FLOWS.items())
def test_kills_lose_nothing_and_leave_nothing_half(flow: str, kills: int, tmp_path: Path) -> None:
    told = killed(flow, kills, tmp_path / "desk")

    assert told["wrong"] == []
    assert int(str(told["acknowledged"])) > kills / 15  # Otherwise the kills came too early to prove anything.


@pytest.mark.soak
@pytest.mark.parametrize("flow", FLOWS)
def test_a_thousand_kills_of_each_lose_nothing_and_leave_nothing_half(flow: str, tmp_path: Path) -> None:
    assert killed(flow, 1000, tmp_path / "desk")["wrong"] == []
