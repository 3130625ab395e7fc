from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.demo import has_display, run_demo
from escalation_desk.desktop.shell.door import Door
from escalation_desk.journal import place
from escalation_desk.journal.desk import open_desk

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize(
    "surroundings",
    [
        {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"},
        {"QT_QPA_PLATFORM": "minimal:debug", "WAYLAND_DISPLAY": "wayland-0"},
        {},
        {"DISPLAY": ""},
        {"DISPLAY": ":4711"},
        {"WAYLAND_DISPLAY": "left-over"},
    ],
)
def test_a_display_that_is_not_there_or_does_not_answer_is_none(
    monkeypatch: pytest.MonkeyPatch, surroundings: dict[str, str]
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    assert not has_display()


def test_a_second_demo_calls_the_window_of_the_first(tmp_path: Path, qtbot: QtBot) -> None:
    hold, door = place.Hold(tmp_path), Door(tmp_path)
    heard: list[str] = []
    door.knocked.connect(lambda: heard.append("knock"))
    with ThreadPoolExecutor(1) as beside:
        second = beside.submit(run_demo, tmp_path)
        qtbot.waitUntil(second.done)

    with pytest.raises(Refused, match="already open"):
        second.result()
    hold.release()
    assert heard == ["knock"]


def test_the_demo_does_not_touch_a_desk_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_desk(tmp_path / "mine", lambda _new: "a passphrase of mine").close()
    with pytest.raises(Refused, match="no sample"):
        run_demo(tmp_path / "mine")
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "mine" / "shown").exists()
