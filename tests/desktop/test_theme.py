from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

from escalation_desk.casework import choices
from escalation_desk.casework.contacts.records import RequestState
from escalation_desk.casework.escalating.records import EscalationState
from escalation_desk.desktop.look.colours import DARK, LIGHT, Colours, contrast
from escalation_desk.desktop.look.lettering import LINE, Role, lettering
from escalation_desk.desktop.look.now import Look, look
from escalation_desk.desktop.look.sheet import sheet
from escalation_desk.desktop.look.theme import Scheme, Theme
from escalation_desk.desktop.look.tones import MEANINGS, NAMED_MEANINGS, Tone, meaning
from escalation_desk.desktop.plain import Chip, PlainLabel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

READABLE = 4.5
SCHEMES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


@SCHEMES
def test_every_text_colour_is_readable_on_every_surface_it_stands_on(colours: Colours) -> None:
    surfaces = (colours.window, colours.surface, colours.raised, colours.hover, colours.selection, colours.sunken)
    for text, surface in product((colours.text, colours.muted, colours.accent_ink), surfaces):
        assert contrast(text, surface) >= READABLE, (text, surface)
    for surface in (colours.window, colours.surface):
        assert contrast(colours.faint, surface) >= READABLE, surface
    for fill in (colours.accent, colours.accent_over, colours.danger, colours.danger_over):
        assert contrast(colours.on_accent, fill) >= READABLE, fill


@SCHEMES
@pytest.mark.parametrize("tone", Tone)
def test_every_tone_is_readable_as_text_and_as_chip(qapp: QApplication, colours: Colours, tone: Tone) -> None:
    ink = Look(colours, lettering()).ink(tone)
    assert contrast(ink.on_fill, ink.fill) >= READABLE
    for surface in (colours.window, colours.surface, colours.selection, colours.selection_idle, colours.hover):
        assert contrast(ink.ink, surface) >= READABLE, surface


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("kind", [*MEANINGS, EscalationState, RequestState], ids=lambda kind: kind.__name__)
def test_words_of_one_kind_can_be_told_apart_without_colour(kind: type[choices.Choice]) -> None:
    shown = MEANINGS.get(kind) or NAMED_MEANINGS[kind.__name__]
    marks = [each.mark for each in shown.values()]
    assert all(marks), "a colour stands alone"
    by_tone_and_mark = {(each.tone, each.mark) for each in shown.values()}
    assert len(by_tone_and_mark) == len(shown)
    assert {str(choice) for choice in kind} == set(shown)


def test_words_of_escalations_and_requests_have_a_colour_though_their_kinds_are_loaded_later() -> None:
    assert set(NAMED_MEANINGS) == {"EscalationState", "RequestState"}
    assert meaning(EscalationState.TIMED_OUT).tone is Tone.BAD
    assert meaning(RequestState.SENT).tone is Tone.VIOLET
    assert meaning(RequestState.ACKNOWLEDGED) != meaning(EscalationState.ACKNOWLEDGED)


def test_a_word_without_a_colour_of_its_own_stays_quiet() -> None:
    assert meaning(choices.Channel.PHONE).tone is Tone.NEUTRAL
    assert meaning(choices.CaseStatus.CLOSED).mark != meaning(choices.SellerStatus.CLOSED).mark


def test_switching_the_scheme_changes_what_is_open(theme: Theme, qtbot: QtBot) -> None:
    label = PlainLabel("Đơn hàng")
    qtbot.addWidget(label)
    before = label.palette().color(QPalette.ColorRole.WindowText).name()

    with qtbot.waitSignal(theme.changed):
        theme.choose(Scheme.DARK)

    assert before == LIGHT.text
    assert label.palette().color(QPalette.ColorRole.WindowText).name() == DARK.text
    assert look().colours is DARK


def test_flipping_goes_to_the_other_scheme_and_back(theme: Theme) -> None:
    theme.flip()
    assert theme.dark
    theme.flip()
    assert not theme.dark


def test_following_the_system_is_light_where_the_system_says_nothing(theme: Theme) -> None:
    theme.choose(Scheme.DARK)
    theme.choose(Scheme.SYSTEM)
    assert theme.dark is (QApplication.styleHints().colorScheme().name == "Dark")


@pytest.mark.parametrize("scale", [1.25, 1.5])
def test_larger_letters_take_everything_around_them_along(theme: Theme, qtbot: QtBot, scale: float) -> None:
    chip = Chip("Chờ người yêu cầu phản hồi")
    qtbot.addWidget(chip)
    width, row = chip.sizeHint().width(), look().letters.row()

    theme.resize(scale)

    assert chip.sizeHint().width() / width == pytest.approx(scale, rel=0.08)
    assert look().letters.row() / row == pytest.approx(scale, rel=0.03)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_two_storeys_of_vietnamese_marks_fit_into_a_line_and_a_row(
    qapp: QApplication, role: Role, scale: float
) -> None:
    letters = lettering(scale)
    metrics = QFontMetricsF(letters.font(role))
    drawn = metrics.tightBoundingRect("ỘỖẬỰgq")
    assert drawn.height() <= max(metrics.lineSpacing(), letters.line) + 1  # Glyphs sit on whole pixels.
    assert letters.line >= letters.letter * LINE
    if role not in {Role.TITLE, Role.HEADING}:
        assert letters.row(compact=True) >= drawn.height() + 2


def test_a_size_out_of_reason_is_brought_back(qapp: QApplication) -> None:
    assert lettering(0.1) == lettering(0.8)
    assert lettering(9) == lettering(2.0)


@SCHEMES
def test_the_style_sheet_leaves_no_gap(qapp: QApplication, colours: Colours) -> None:
    filled = sheet(Look(colours, lettering()))
    assert "$" not in filled
    assert all(getattr(colours, name) in filled for name in ("accent", "off"))
