"""`escalation-desk demo`, as somebody starts it who has never seen the program: with a display and without one."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import openpyxl
import pytest
from docx import Document
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage

from escalation_desk.desktop import run_demo
from escalation_desk.desktop.window import Desk
from escalation_desk.i18n import set_language

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

HIDDEN = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def told(folder: Path) -> str:
    """Run the demo where there is no display; give what it said."""
    surroundings = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    done = subprocess.run(
        [sys.executable, "-m", "escalation_desk", "demo", "--data", str(folder)],
        env=surroundings,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=280,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_without_a_display_it_says_so_and_names_the_folder(told: str, folder: Path) -> None:
    lines = told.splitlines()
    assert str(folder) in lines[0]
    assert "“demo”" in lines[0]
    assert "no display" in lines[1]
    assert lines[2] == f"Everything is in {folder / 'shown'}:"


def test_everything_that_it_names_is_there(told: str, folder: Path) -> None:
    shown = folder / "shown"
    named = [line.split(":")[0].strip() for line in told.splitlines() if line.startswith("  case-summary")]
    assert len(named) == 4
    for name in (*named, "queue.xlsx"):
        assert (shown / name).stat().st_size
    assert f"  {len(list(shown.glob('*.png')))} screenshots" in told


def test_pages_are_drawn_in_three_languages_by_day_and_by_night(told: str, folder: Path) -> None:
    assert told
    pictures = {path.stem: QImage(str(path)) for path in (folder / "shown").glob("*.png")}
    expected = {
        f"{page}-{language}-{scheme}"
        for page in ("today", "board", "queue", "case", "seller")
        for language in ("en", "vi", "id")
        for scheme in ("light", "dark")
    }
    assert set(pictures) == expected
    for name, picture in pictures.items():
        assert (picture.width(), picture.height()) == (1440, 900)
        # All of it put into one dot: any one dot of it may lie on a letter.
        whole = picture.scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation).pixelColor(0, 0)
        assert (whole.lightness() > 127) is name.endswith("light"), name


def test_every_page_is_another_picture(told: str, folder: Path) -> None:
    assert told
    light = [path.read_bytes() for path in (folder / "shown").glob("*-en-light.png")]
    assert len(set(light)) == len(light) == 5


def test_its_papers_open_and_hold_the_case_and_the_queue(told: str, folder: Path) -> None:
    assert told
    for language in ("en", "vi", "id"):
        document = Document(str(folder / "shown" / f"case-summary-{language}.docx"))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        cells = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
        assert "Giữ 186,4 triệu tiền đối soát" in text
        assert "T-481074" in cells
        assert "Lâm Thị Hương" not in text + cells
    book = openpyxl.load_workbook(folder / "shown" / "queue.xlsx")
    assert book.worksheets[0].max_row >= 80
    assert (folder / "shown" / "case-summary-en.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.skipif(
    os.environ["QT_QPA_PLATFORM"] != "xcb", reason="offscreen run; a real display needs QT_QPA_PLATFORM=xcb and DISPLAY"
)
def test_with_a_display_the_window_opens_on_the_sample(
    qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[int] = []

    def look() -> None:
        for window in qapp.topLevelWidgets():
            if isinstance(window, Desk) and window.isVisible():
                if window.places.isVisible() and window.queue.table.model().rowCount() > 0:
                    seen.append(window.queue.table.model().rowCount())
                    window.close()
                return

    timer = QTimer(interval=200)
    timer.timeout.connect(look)
    timer.start()
    try:
        assert run_demo(tmp_path / "demo") == 0
    finally:
        timer.stop()
        set_language("en")
    assert seen == [8]
    assert "no display" not in capsys.readouterr().out
