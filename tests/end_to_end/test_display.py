"""The end-to-end tests stand on a real X display, not on Qt's offscreen drawing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.skipif(
    os.environ["QT_QPA_PLATFORM"] != "xcb", reason="offscreen run; a real display needs QT_QPA_PLATFORM=xcb and DISPLAY"
)
def test_a_window_is_shown_by_the_x_server(qtbot: QtBot) -> None:
    label = QLabel("Escalation Desk")
    qtbot.addWidget(label)

    with qtbot.waitExposed(label):
        label.show()

    assert QGuiApplication.platformName() == "xcb"
    assert label.grab().toImage().pixelColor(1, 1).isValid()
