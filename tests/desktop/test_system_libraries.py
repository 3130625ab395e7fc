"""What Qt needs is named in full, and asked before anything is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from escalation_desk.desktop import system_libraries
from escalation_desk.desktop.system_libraries import apt_line, missing_packages

ROOT = Path(__file__).resolve().parents[2]
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lacks libraries of Qt")


def test_a_bare_python_without_any_package_can_ask() -> None:
    question = "from escalation_desk.desktop.system_libraries import missing_packages as m; print(m(display=True))"
    bare = [sys.executable, "-S", "-E", "-c", question]
    answer = subprocess.run(bare, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")


@linux_only
def test_a_missing_library_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(system_libraries.QT, "libdesk-nobody-has.so.1", "libdesk1")
    assert missing_packages(display=False) == ["libdesk1"]
    assert apt_line(["libdesk1"]).endswith(" libdesk1")


@linux_only
def test_the_display_is_asked_for_only_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(system_libraries.DISPLAY, "libdesk-nobody-has.so.1", "libdesk1")
    assert "libdesk1" not in missing_packages(display=False)
    assert "libdesk1" in missing_packages(display=True)
