from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QImage, QInputMethodEvent, QKeySequence, QPainter
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QToolButton, QWidget

from escalation_desk.casework.choices import CaseStatus, Severity
from escalation_desk.desktop.flow import Flow
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import (
    Banner,
    Card,
    Chip,
    ElidedLabel,
    EmptyState,
    NameLabel,
    PlainEditor,
    PlainLabel,
    SearchField,
    ask_yes_no,
    button,
    fits_an_editor,
    icon_button,
    literal,
    pretends,
    set_tip,
    tell,
    tip_text,
    visible,
)
from escalation_desk.desktop.plain.editors import LONGEST_LINE, LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("theme")
MARKUP = [
    "<b>x</b>",
    "x <br> y",
    "&lt;b&gt;",
    "qt.nokia.com<table>.evilhost.com",
    "<img src='file:///etc/passwd'>",
    "<user@example.com>",
    "Order <1234> & co",
    "Tom & Jerry",
]
RLO = "\u202e"


def drawn(widget: QWidget, width: int = 900) -> QImage:
    widget.resize(width, max(widget.sizeHint().height(), 20))
    image = QImage(widget.size(), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        widget.render(painter, QPoint(), widget.rect())
    return image


# Names with hidden or borrowed characters


def test_a_direction_trick_in_a_name_becomes_a_badge() -> None:
    assert visible(f"Shop {RLO}gnp.exe") == "Shop ⟨RLO⟩gnp.exe"
    assert visible("a\u200bb\x00c\ue000") == "a⟨ZWSP⟩b⟨U+0000⟩c⟨U+E000⟩"


def test_real_names_stay_as_they_are() -> None:
    for name in ("Nguyễn Thị Ngọc Ánh", "Toko Sejahtera", "ร้านค้า", "👩\u200d🔧 Sửa máy", "杭州店铺"):
        assert visible(name) == name


@given(st.text())
def test_nothing_hidden_is_left_in_a_shown_name_and_nothing_else_is_changed(name: str) -> None:
    shown = visible(name)
    assert not {RLO, "\u200b", "\x00", "\u2028"} & set(shown)
    if name.isprintable():
        assert shown == name


def test_letters_of_another_alphabet_inside_a_word_are_noticed() -> None:
    assert pretends("Shоpee Mall")  # The о is Cyrillic.
    assert not pretends("Магазин Shopee")
    assert not pretends("Cửa hàng Đẹp")


# Text that Qt could take for markup


@given(st.one_of(st.text(), st.sampled_from(MARKUP), st.text(alphabet="<>b/ &lt;\nimg='")))
def test_no_tooltip_is_ever_taken_for_markup(text: str) -> None:
    tip = tip_text(text)
    assert not GuiQt.mightBeRichText(tip)
    assert tip.replace("\u2060", "") == text.replace("\u2060", "")


@pytest.mark.parametrize("text", MARKUP)
def test_a_label_draws_markup_as_the_letters_it_is_made_of(qtbot: QtBot, text: str) -> None:
    label = PlainLabel(text)
    reference = QLabel()
    reference.setTextFormat(Qt.TextFormat.PlainText)
    reference.setText(text)
    qtbot.addWidget(label)
    qtbot.addWidget(reference)
    assert label.text() == text
    assert drawn(label) == drawn(reference)


def test_a_label_refuses_to_become_rich(qtbot: QtBot) -> None:
    label = PlainLabel("x")
    qtbot.addWidget(label)
    with pytest.raises(ValueError, match="plain"):
        label.setTextFormat(Qt.TextFormat.RichText)


@pytest.mark.parametrize("text", MARKUP)
def test_every_piece_shows_its_text_whole_and_plain(qtbot: QtBot, text: str) -> None:
    pieces: list[QWidget] = [Card(text), EmptyState("queue", text, text), Banner(text, Tone.WARN, text), Chip(text)]
    for piece in pieces:
        qtbot.addWidget(piece)
        for label in piece.findChildren(QLabel):
            assert label.textFormat() is Qt.TextFormat.PlainText or not label.text()
        for each in piece.findChildren(QPushButton):
            assert each.text().replace("&&", "&") == text
            assert each.shortcut() == QKeySequence(), "a letter of the data became a shortcut"


def test_an_endless_line_does_not_hold_up_a_label(qtbot: QtBot) -> None:
    before = time.monotonic()
    label = PlainLabel("x" * 5_000_000, wrap=True)
    qtbot.addWidget(label)
    drawn(label, 400)
    assert time.monotonic() - before < 2
    assert label.text().endswith("…")


def test_an_elided_label_keeps_the_whole_text_for_tooltip_and_screen_reader(qtbot: QtBot) -> None:
    label = ElidedLabel("Đơn hàng <b>không</b> giao\nsau 12 ngày")
    qtbot.addWidget(label)
    assert label.accessibleName() == "Đơn hàng <b>không</b> giao sau 12 ngày"
    assert not GuiQt.mightBeRichText(label.toolTip())
    assert drawn(label, 60) != drawn(label, 900)


def test_a_name_label_shows_badges(qtbot: QtBot) -> None:
    label = NameLabel(f"{RLO}pohs")
    qtbot.addWidget(label)
    assert label.text() == "⟨RLO⟩pohs"


def test_an_ampersand_is_a_letter_on_buttons(qtbot: QtBot) -> None:
    made = button("R&D")
    qtbot.addWidget(made)
    assert made.text() == literal("R&D") == "R&&D"


def test_a_tooltip_is_given_without_markup(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    set_tip(widget, "<b>x</b>")
    assert not GuiQt.mightBeRichText(widget.toolTip())


# Pieces


def test_a_chip_says_its_word_and_shows_its_mark(qtbot: QtBot) -> None:
    chip = Chip.of(Severity.S2)
    qtbot.addWidget(chip)
    assert chip.accessibleName() == "S2 High"
    assert chip.text == "■■■□ S2 High"
    assert drawn(chip, chip.sizeHint().width()) != drawn(Chip.of(CaseStatus.NEW), chip.sizeHint().width())


def test_an_icon_alone_has_a_name(qtbot: QtBot) -> None:
    made = icon_button("close", "Close case")
    qtbot.addWidget(made)
    assert (made.accessibleName(), made.toolTip()) == ("Close case", "Close case")


def test_buttons_act_once_per_click(qtbot: QtBot) -> None:
    done: list[str] = []
    made = button("Take", lambda: done.append("taken"), kind="first", sign="take")
    qtbot.addWidget(made)
    QTest.mouseClick(made, Qt.MouseButton.LeftButton)
    assert done == ["taken"]


def test_an_empty_state_offers_what_to_do_next(qtbot: QtBot) -> None:
    done: list[str] = []
    empty = EmptyState("queue", "Nothing is due", "Open the queue", lambda: done.append("open"), detail="x " * 60)
    qtbot.addWidget(empty)
    empty.resize(700, 500)
    empty.show()
    QTest.mouseClick(empty.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert done == ["open"]
    detail = empty.findChildren(PlainLabel)[1]
    assert detail.height() >= detail.heightForWidth(detail.width()), "the words are cut off"


def test_a_banner_can_be_closed_and_says_so(qtbot: QtBot) -> None:
    banner = Banner("Saved", Tone.GOOD)
    qtbot.addWidget(banner)
    banner.show()
    with qtbot.waitSignal(banner.closed):
        banner.findChildren(type(icon_button("close", "x")))[0].click()
    assert not banner.isVisible()


def test_a_search_field_has_a_name_and_can_be_cleared(qtbot: QtBot) -> None:
    field = SearchField("Search cases")
    qtbot.addWidget(field)
    field.resize(300, 30)
    field.show()
    cross = field.findChildren(QToolButton)[0]
    assert (field.accessibleName(), cross.accessibleName()) == ("Search cases", "Clear")
    assert not cross.isVisible()
    QTest.keyClicks(field, "don")
    assert cross.isVisible()
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert not field.text()
    assert not cross.isVisible()


# Questions


def _answer(act: Callable[[QDialog], object]) -> None:
    def when_open() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        act(dialog)

    QTimer.singleShot(0, when_open)


def _press(text: str) -> Callable[[QDialog], None]:
    def press(dialog: QDialog) -> None:
        next(each for each in dialog.findChildren(QPushButton) if each.text() == text).click()

    return press


def test_a_question_is_answered_by_the_button_that_says_it() -> None:
    _answer(_press("Delete view"))
    assert ask_yes_no(None, "Delete this view?", "<b>x</b>", yes="Delete view", danger=True)
    _answer(_press("Cancel"))
    assert not ask_yes_no(None, "Delete this view?", yes="Delete view")


def test_escape_is_no_and_enter_is_harmless_where_there_is_danger() -> None:
    _answer(lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape))
    assert not ask_yes_no(None, "Delete?", yes="Delete")
    _answer(lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Return))
    assert not ask_yes_no(None, "Delete?", yes="Delete", danger=True)
    _answer(lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Return))
    assert ask_yes_no(None, "Save?", yes="Save")


def test_telling_shows_plain_text_and_waits() -> None:
    seen: list[str] = []

    def read(dialog: QDialog) -> None:
        seen.extend(label.text() for label in dialog.findChildren(PlainLabel))
        seen.extend(box.text() for box in dialog.findChildren(PlainEditor))
        dialog.accept()

    _answer(read)
    tell(None, "<i>Imported</i>", "12 rows & 3 refused", whole="row 4: <b>")
    assert seen == ["<i>Imported</i>", "12 rows & 3 refused", "row 4: <b>"]


# The box for writing


@pytest.fixture
def editor(qtbot: QtBot) -> PlainEditor:
    made = PlainEditor(lines=4, hint="Write a note")
    qtbot.addWidget(made)
    return made


def mime(text: str = "", html: str = "") -> QMimeData:
    made = QMimeData()
    if text:
        made.setText(text)
    if html:
        made.setHtml(html)
    return made


def test_pasted_markup_comes_in_as_its_words(editor: PlainEditor) -> None:
    editor.insertFromMimeData(mime("Xin chào", "<b>Xin chào</b><img src='http://x'>"))
    assert editor.text() == "Xin chào"


@pytest.mark.parametrize("text", ["a\u2029b", "half \ud800 pair", "nul\x00", f"{RLO}x", "e\u0301", "\r\n"])
def test_a_text_nobody_changed_comes_out_as_it_went_in(editor: PlainEditor, text: str) -> None:
    editor.set_text(text)
    assert editor.text() == text


def test_a_changed_text_comes_out_changed(editor: PlainEditor) -> None:
    editor.set_text("Gọi lại")
    editor.moveCursor(editor.textCursor().MoveOperation.End)
    QTest.keyClicks(editor, " 15:00")
    assert editor.text() == "Gọi lại 15:00"


@pytest.mark.parametrize("text", ["x" * (LONGEST_LINE + 1), ("y" * 99 + "\n") * (LONGEST_TEXT // 100 + 1)])
def test_a_paste_too_long_is_offered_instead_of_taken(editor: PlainEditor, qtbot: QtBot, text: str) -> None:
    editor.set_text("before")
    with qtbot.waitSignal(editor.too_long) as offered:
        editor.insertFromMimeData(mime(text))
    assert offered.args == [text]
    assert editor.text() == "before"


def test_a_long_line_cannot_be_pasted_together_from_short_ones(editor: PlainEditor, qtbot: QtBot) -> None:
    editor.insertFromMimeData(mime("x" * (LONGEST_LINE - 10)))
    with qtbot.waitSignal(editor.too_long):
        editor.insertFromMimeData(mime("y" * 20))
    assert len(editor.text()) == LONGEST_LINE - 10


def test_a_hundred_megabytes_are_refused_at_once(editor: PlainEditor, qtbot: QtBot) -> None:
    text = "z" * 100_000_000
    with qtbot.waitSignal(editor.too_long):
        before = time.monotonic()
        editor.insert(text)
        took = time.monotonic() - before
    assert took < 0.2


def test_a_stored_text_too_long_to_lay_out_is_shown_in_part_and_kept_whole(editor: PlainEditor) -> None:
    text = "w" * 1_000_000
    before = time.monotonic()
    editor.set_text(text)
    drawn(editor, 500)
    assert time.monotonic() - before < 1
    assert editor.isReadOnly()
    assert editor.text() == text
    editor.set_text("short again")
    assert not editor.isReadOnly()


def test_a_pasted_picture_is_offered(editor: PlainEditor, qtbot: QtBot) -> None:
    picture = QImage(4, 3, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    pasted = QMimeData()
    pasted.setImageData(picture)
    with qtbot.waitSignal(editor.image_pasted) as offered:
        editor.insertFromMimeData(pasted)
    assert offered.args is not None
    assert offered.args[0].size() == picture.size()
    assert not editor.text()


def test_dropped_files_are_offered_and_network_paths_are_not_touched(
    editor: PlainEditor, qtbot: QtBot, tmp_path: Path
) -> None:
    evidence = tmp_path / "hóa đơn.pdf"
    evidence.write_bytes(b"%PDF")
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(evidence)), QUrl("file://evil/share/x.png"), QUrl("https://x/y.png")])
    with qtbot.waitSignal(editor.files_dropped) as offered:
        editor.insertFromMimeData(dropped)
    assert offered.args == [[evidence]]
    assert not editor.text()


def test_the_box_knows_when_an_input_method_is_composing(editor: PlainEditor) -> None:
    QApplication.sendEvent(editor, QInputMethodEvent("vie", []))
    assert editor.composing
    done = QInputMethodEvent("", [])
    done.setCommitString("việ")
    QApplication.sendEvent(editor, done)
    assert not editor.composing
    assert editor.text() == "việ"


@given(st.text())
def test_ordinary_texts_always_fit(text: str) -> None:
    assert fits_an_editor(text)


def test_what_stands_in_one_line_stands_on_one_middle_and_goes_on_below(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = Flow(holder, 4)
    parts = [QWidget(), QWidget(), QWidget()]
    for part, height in zip(parts, (20, 40, 30), strict=True):
        part.setFixedSize(60, height)
        flow.addWidget(part)
    holder.resize(130, 100)
    holder.show()
    assert [(part.x(), part.y()) for part in parts] == [(0, 10), (64, 0), (0, 44)]
    assert flow.heightForWidth(130) == 74
    assert flow.heightForWidth(200) == 40
