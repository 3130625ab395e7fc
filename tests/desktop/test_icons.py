from __future__ import annotations

import gc
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap

from escalation_desk.desktop.look.colours import DARK, LIGHT, contrast
from escalation_desk.desktop.look.icons import ICONS, icon, picture
from escalation_desk.desktop.look.theme import Scheme, Theme
from escalation_desk.desktop.look.tones import DARK_INKS, LIGHT_INKS, Tone
from escalation_desk.resources import folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def _darkest(image: QImage) -> QColor:
    """Find the most opaque point: the middle of a line."""
    points = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(points, key=QColor.alpha)


def test_every_word_has_its_drawing_and_every_drawing_its_word() -> None:
    drawn = {path.stem for path in folder("icons").glob("*.svg")}
    assert set(ICONS.values()) == drawn


def test_the_licence_of_the_drawings_lies_beside_them() -> None:
    assert "ISC License" in (folder("icons") / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_takes_the_colour_that_it_is_asked_for(qapp: QApplication, name: str) -> None:
    found = _darkest(picture(name, 48, "#ff0000", 1.0).toImage())
    assert found.alpha() > 200, "nothing is drawn"
    assert (found.red() > 200, found.green() < 60, found.blue() < 60) == (True, True, True)


def test_drawings_hold_lines_only() -> None:
    drawings = list(folder("icons").glob("*.svg"))
    assert len(drawings) > 50
    for path in drawings:
        tags = {element.tag.rpartition("}")[2] for element in ET.parse(path).iter()}  # noqa: S314 - Our own files.
        assert tags <= {"svg", "path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}, path


def test_icons_follow_a_switch_of_the_scheme(theme: Theme) -> None:
    shown = icon("take")
    assert _darkest(shown.pixmap(QSize(48, 48)).toImage()).name() == LIGHT.text
    theme.choose(Scheme.DARK)
    assert _darkest(shown.pixmap(QSize(48, 48)).toImage()).name() == DARK.text


@pytest.mark.usefixtures("theme")
def test_a_disabled_icon_is_paler_and_a_toned_one_has_its_tone() -> None:
    disabled = _darkest(icon("take").pixmap(QSize(48, 48), QIcon.Mode.Disabled).toImage()).name()
    assert contrast(disabled, LIGHT.surface) < contrast(LIGHT.text, LIGHT.surface) / 2
    toned = _darkest(icon("alert", Tone.WARN).pixmap(QSize(48, 48)).toImage()).name()
    assert toned == LIGHT_INKS[Tone.WARN].ink != DARK_INKS[Tone.WARN].ink


def test_an_icon_survives_being_copied_and_changed(qapp: QApplication) -> None:
    for _ in range(20):
        copied = QIcon(icon("take"))
        copied.addPixmap(QPixmap(3, 3))
        gc.collect()
        assert not copied.pixmap(QSize(24, 24)).isNull()


def test_an_unknown_word_is_a_mistake_at_once() -> None:
    with pytest.raises(KeyError):
        icon("no such word")
