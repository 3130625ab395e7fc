from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.cli.arguments import DATA_VARIABLE
from escalation_desk.journal.place import default_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    AskedFor = Callable[..., tuple[str, Path | None]]


def test_no_command_opens_the_window_on_the_folder_of_the_account(asked_for: AskedFor) -> None:
    assert asked_for() == ("window", default_folder())


def test_the_window_opens_on_the_folder_that_is_named(
    asked_for: AskedFor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "by variable"))
    assert asked_for() == ("window", tmp_path / "by variable")
    assert asked_for("--data", str(tmp_path / "by option")) == ("window", tmp_path / "by option")


def test_the_demo_has_a_folder_of_its_own_or_the_one_that_is_named(asked_for: AskedFor, tmp_path: Path) -> None:
    assert asked_for("demo") == ("demo", None)
    assert asked_for("demo", "--data", str(tmp_path)) == ("demo", tmp_path)
    assert asked_for("--data", str(tmp_path), "demo") == ("demo", tmp_path)


def test_the_demo_leaves_alone_the_own_desk_that_the_variable_names(
    asked_for: AskedFor, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "nothing yet"))
    assert asked_for("demo") == ("demo", tmp_path / "nothing yet")
    monkeypatch.setenv(DATA_VARIABLE, str(folder))
    assert asked_for("demo") == ("demo", None)
