from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.desktop.commands import (
    Command,
    Commands,
    Menu,
    PaletteItem,
    Scope,
    TypingGuard,
    clashes,
)
from escalation_desk.desktop.commands.fuzzy import score
from escalation_desk.desktop.commands.palette import CommandPalette
from escalation_desk.desktop.commands.sheet import KeyCap, ShortcutSheet
from escalation_desk.desktop.plain import PlainEditor, PlainLabel
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("theme")
MENUS = (Menu("case", N_("Case")), Menu("go", N_("Go to")))


@dataclass
class SmallDesk:
    case: str = ""
    dark: bool = False
    last: str = "Change state"
    done: list[str] = field(default_factory=list)

    def refuse(self) -> None:
        raise Refused("The case is closed. Reopen it first.")

    def fail(self) -> None:
        raise Fault("The disk is full.")

    def flip(self) -> None:
        self.dark = not self.dark


def _do(what: str) -> Callable[[SmallDesk], object]:
    return lambda desk: desk.done.append(what)


def _has_case(desk: SmallDesk) -> bool:
    return bool(desk.case)


TABLE: Sequence[Command[SmallDesk]] = (
    Command("take", N_("Take over & begin"), _do("take"), "case", 0, "Ctrl+T", icon="take", enabled_when=_has_case),
    Command("refuse", N_("Resolve"), SmallDesk.refuse, "case", 1),
    Command("fail", N_("Print"), SmallDesk.fail, "case", 1, "Ctrl+P", icon="print"),
    Command("undo", N_("Undo"), _do("undo"), "case", 0, "Ctrl+Z", named=lambda desk: f"Undo: {desk.last}"),
    Command("dark", N_("Dark"), SmallDesk.flip, "go", 0, checked_when=lambda desk: desk.dark),
    Command("next", N_("Next case"), _do("next"), "go", 0, "J", Scope.TABLE),
    Command("help", N_("Shortcuts"), _do("help"), "go", 1, "?"),
    Command("hidden", N_("Only in the palette"), _do("hidden")),
)


@pytest.fixture
def desk() -> SmallDesk:
    return SmallDesk()


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


@pytest.fixture
def commands(desk: SmallDesk, window: QMainWindow) -> Commands[SmallDesk]:
    return Commands(desk, TABLE, MENUS, window)


# The table itself


def test_a_sound_table_has_no_clashes() -> None:
    assert clashes(TABLE, MENUS) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Command("take", N_("Again"), _do("x")), "take: declared 2 times"),
        (Command("other", N_("Other"), _do("x"), shortcut="ctrl+t"), "Ctrl+T: belongs to take and other"),
        (Command("other", N_("Other"), _do("x"), shortcut="K"), "other: the letter K may only work in a table"),
        (Command("other", N_("Other"), _do("x"), shortcut="J"), "other: the letter J may only work in a table"),
        (
            Command("other", N_("Other"), _do("x"), shortcut="W", scope=Scope.TABLE),
            "other: W is a key of input methods",
        ),
        (Command("other", N_("Other"), _do("x"), shortcut="Ctrl+V"), "other: Ctrl+V belongs to text fields"),
        (Command("other", N_("Other"), _do("x"), shortcut="Ctrl+Nonsense"), "other: Ctrl+Nonsense is no key"),
        (Command("other", N_("Other"), _do("x"), menu="no such"), "other: there is no menu no such"),
    ],
)
def test_each_kind_of_clash_is_named(fault: Command[SmallDesk], said: str) -> None:
    assert said in clashes([*TABLE, fault], MENUS)


def test_a_persons_own_keys_are_checked_and_used(desk: SmallDesk, window: QMainWindow) -> None:
    assert clashes(TABLE, MENUS, {"fail": "Ctrl+T"}) == ["Ctrl+T: belongs to take and fail"]
    with pytest.raises(ValueError, match=r"Ctrl\+T"):
        Commands(desk, TABLE, MENUS, window, {"fail": "Ctrl+T"})
    assert Commands(desk, TABLE, MENUS, window, {"fail": "Ctrl+Shift+P"}).keys("fail") == "Ctrl+Shift+P"


# Menus, tool bar, keys


def test_menus_follow_from_the_table(commands: Commands[SmallDesk], window: QMainWindow) -> None:
    commands.fill_menu_bar(window.menuBar())
    menus = [act.menu() for act in window.menuBar().actions()]
    titles = [[act.text() for act in menu.actions()] for menu in menus]  # type: ignore[attr-defined]
    assert [act.text() for act in window.menuBar().actions()] == ["Case", "Go to"]
    assert titles == [
        ["Take over && begin", "Undo: Change state", "", "Resolve", "Print"],
        ["Dark", "Next case", "", "Shortcuts"],
    ]


def test_the_tip_of_a_command_names_its_key(commands: Commands[SmallDesk]) -> None:
    assert commands.action("fail").toolTip() == "Print (Ctrl+P)"


def test_a_command_is_enabled_when_its_rule_says_so(commands: Commands[SmallDesk], desk: SmallDesk) -> None:
    assert not commands.action("take").isEnabled()
    assert not commands.run("take")
    desk.case = "VN-1"
    commands.refresh()
    assert commands.action("take").isEnabled()
    commands.action("take").trigger()
    assert desk.done == ["take"]


def test_a_command_is_checked_and_named_after_what_it_meets(commands: Commands[SmallDesk], desk: SmallDesk) -> None:
    commands.action("dark").trigger()
    assert desk.dark
    assert commands.action("dark").isChecked()
    desk.last = "Assign to R&D"
    commands.refresh()
    assert commands.action("undo").text() == "Undo: Assign to R&&D"


@pytest.mark.parametrize(
    ("name", "sentence"), [("refuse", "The case is closed. Reopen it first."), ("fail", "The disk is full.")]
)
def test_a_refusal_is_told_as_its_sentence(
    commands: Commands[SmallDesk], qtbot: QtBot, name: str, sentence: str
) -> None:
    with qtbot.waitSignal(commands.refused) as told:
        commands.action(name).trigger()
    assert told.args == [sentence]


# Keys while somebody writes


@pytest.fixture
def page(commands: Commands[SmallDesk], window: QMainWindow, qapp: QApplication) -> Iterator[QWidget]:
    guard = TypingGuard(qapp)
    made = QWidget()
    column = QVBoxLayout(made)
    combo = QComboBox()
    combo.setEditable(True)
    table = QTableWidget(2, 2)
    for widget in (QLineEdit(), PlainEditor(lines=2, name="Note"), combo, table, QPushButton("Save")):
        column.addWidget(widget)
    commands.bind_table(table)
    window.setCentralWidget(made)
    qapp.processEvents()
    yield made
    guard.deleteLater()
    qapp.sendPostedEvents(guard, int(QEvent.Type.DeferredDelete))


def _focus(widget: QWidget) -> None:
    widget.setFocus()
    assert QApplication.focusWidget() is widget


def _only(page: QWidget, kind: type[QWidget]) -> QWidget:
    found = page.findChild(kind)
    assert isinstance(found, QWidget)
    return found


def test_a_letter_works_in_a_table_and_nowhere_else(page: QWidget, desk: SmallDesk) -> None:
    for kind in (QLineEdit, PlainEditor, QComboBox, QPushButton):
        widget = _only(page, kind)
        _focus(widget)
        QTest.keyClick(widget, Qt.Key.Key_J)
        assert desk.done == [], kind
    _focus(_only(page, QTableWidget))
    QTest.keyClick(_only(page, QTableWidget), Qt.Key.Key_J)
    assert desk.done == ["next"]


def test_a_question_mark_is_text_where_somebody_writes_and_help_elsewhere(page: QWidget, desk: SmallDesk) -> None:
    for kind in (QLineEdit, PlainEditor):
        widget = _only(page, kind)
        _focus(widget)
        QTest.keyClick(widget, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
        assert desk.done == []
    assert _only(page, QLineEdit).property("text") == "?"
    _focus(_only(page, QPushButton))
    # A real keyboard's Shift is taken into account by the platform, of which there is none here.
    QTest.keyClick(_only(page, QPushButton), Qt.Key.Key_Question)
    assert desk.done == ["help"]


@pytest.mark.parametrize("kind", [QLineEdit, PlainEditor, QComboBox])
def test_no_key_is_a_command_while_an_input_method_composes(
    page: QWidget, commands: Commands[SmallDesk], desk: SmallDesk, kind: type[QWidget]
) -> None:
    desk.case = "VN-1"
    commands.refresh()
    field = _only(page, kind)
    _focus(field)
    QApplication.sendEvent(field, QInputMethodEvent("duo", []))
    QTest.keyClick(field, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert desk.done == []
    done = QInputMethodEvent("", [])
    done.setCommitString("được")
    QApplication.sendEvent(field, done)
    QTest.keyClick(field, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert desk.done == ["take"]


def test_composing_ends_with_the_focus(page: QWidget, commands: Commands[SmallDesk], desk: SmallDesk) -> None:
    desk.case = "VN-1"
    commands.refresh()
    _focus(_only(page, QLineEdit))
    QApplication.sendEvent(_only(page, QLineEdit), QInputMethodEvent("duo", []))
    _focus(_only(page, QTableWidget))
    QTest.keyClick(_only(page, QTableWidget), Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert desk.done == ["take"]


# Finding by a few letters


def test_letters_without_tones_find_words_with_them() -> None:
    assert score("hoan tien", "Hoàn tiền cho khách") is not None
    assert score("don", "Đơn hàng") is not None
    assert score("hoan xyz", "Hoàn tiền cho khách") is None


def test_beginnings_of_words_come_before_letters_strewn_about() -> None:
    texts = ["Export as Excel", "Take over", "Print the overview"]
    found = sorted(
        (text for text in texts if score("ov", text) is not None), key=lambda text: -(score("ov", text) or 0)
    )
    assert found == ["Take over", "Print the overview"]
    assert (score("eae", "Export as Excel") or 0) > (score("exa", "Export as Excel") or 9) - 9


@given(st.text(), st.text())
def test_any_text_finds_itself_and_nothing_breaks(text: str, other: str) -> None:
    score(other, text)
    if text.split():
        assert score(text, text) is not None


# The palette


@pytest.fixture
def palette(commands: Commands[SmallDesk], window: QMainWindow) -> CommandPalette:
    return CommandPalette(window, commands.palette_items)


def shown(palette: CommandPalette) -> list[str]:
    return [item.text for item in palette.model.items]


def test_the_palette_offers_what_is_possible_and_runs_it(palette: CommandPalette, desk: SmallDesk) -> None:
    palette.open_over()
    assert "Only in the palette" in shown(palette)
    assert "Take over & begin" not in shown(palette), "there is no case to take"
    QTest.keyClicks(palette.field, "only")
    assert shown(palette) == ["Only in the palette"]
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert desk.done == ["hidden"]
    assert not palette.isVisible()


def test_what_is_not_possible_is_found_but_does_not_run(palette: CommandPalette, desk: SmallDesk) -> None:
    palette.open_over()
    QTest.keyClicks(palette.field, "take over")
    assert shown(palette) == ["Take over & begin"]
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert desk.done == []
    assert palette.isVisible()


def test_what_was_used_stands_first_the_next_time(palette: CommandPalette) -> None:
    palette.open_over()
    QTest.keyClicks(palette.field, "shortcuts")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    palette.open_over()
    assert shown(palette)[0] == "Shortcuts"


def test_arrows_move_and_escape_gives_the_focus_back(
    palette: CommandPalette, window: QMainWindow, desk: SmallDesk
) -> None:
    field = QLineEdit()
    window.setCentralWidget(field)
    QApplication.processEvents()
    _focus(field)
    palette.open_over()
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    QTest.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == 0
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert QApplication.focusWidget() is field
    assert desk.done == []


def test_cases_and_sellers_come_from_providers_and_late_answers_are_dropped(
    commands: Commands[SmallDesk], window: QMainWindow
) -> None:
    opened: list[str] = []
    waiting: list[tuple[str, Callable[[Sequence[PaletteItem]], None]]] = []
    seller = PaletteItem("Shop Hà", lambda: opened.append("seller"), kind="Seller")
    palette = CommandPalette(
        window,
        commands.palette_items,
        [
            lambda text, offer: waiting.append((text, offer)),
            lambda text, offer: offer([seller] if text == "VN" else []),
        ],
    )
    palette.open_over()
    QTest.keyClicks(palette.field, "VN")
    assert shown(palette) == ["Shop Hà"]
    (_first, late), (text, offer) = waiting
    assert text == "VN"
    offer([PaletteItem("VN-1042 Hoàn tiền", lambda: opened.append("case"), kind="Case")])
    late([PaletteItem("too late", lambda: None)])
    assert shown(palette) == ["VN-1042 Hoàn tiền", "Shop Hà"]
    QTest.keyClick(palette.field, Qt.Key.Key_Up)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert opened == ["case"]


def test_what_was_chosen_stays_chosen_when_more_is_found(commands: Commands[SmallDesk], window: QMainWindow) -> None:
    offers: list[Callable[[Sequence[PaletteItem]], None]] = []
    palette = CommandPalette(window, commands.palette_items, [lambda _text, offer: offers.append(offer)])
    palette.open_over()
    QTest.keyClicks(palette.field, "e")
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    chosen = shown(palette)[1]
    offers[-1]([PaletteItem("new", lambda: None)])
    assert shown(palette)[palette.list.currentIndex().row()] == chosen


def test_each_line_says_its_keys_to_screen_readers_and_is_drawn(palette: CommandPalette) -> None:
    palette.open_over()
    QTest.keyClicks(palette.field, "print")
    assert palette.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Print, Ctrl+P"
    assert palette.field.accessibleName()
    first = palette.list.viewport().grab().toImage()
    QTest.keyClick(palette.field, Qt.Key.Key_Backspace)
    palette.field.setText("shortcuts")
    assert palette.list.viewport().grab().toImage() != first


def test_nothing_found_says_so(palette: CommandPalette) -> None:
    palette.open_over()
    palette.field.setText("qqqq")
    assert not palette.list.isVisible()
    assert any(label.isVisible() and "Nothing" in label.text() for label in palette.findChildren(PlainLabel))


# The shortcut sheet


def test_the_sheet_shows_every_command_that_has_keys(
    commands: Commands[SmallDesk], window: QMainWindow, qtbot: QtBot
) -> None:
    sheet = ShortcutSheet(window, commands.by_menu())
    qtbot.addWidget(sheet)
    sheet.show()
    texts = {label.text() for label in sheet.findChildren(PlainLabel)}
    with_keys = {command.label for command in TABLE if command.shortcut}
    assert with_keys <= texts
    assert {cap.text() for cap in sheet.findChildren(KeyCap)} == {"Ctrl+T", "Ctrl+P", "Ctrl+Z", "J", "?"}
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_a_command_of_another_menu_needs_no_second_place(desk: SmallDesk, window: QMainWindow) -> None:
    more = [
        *TABLE,
        TABLE[0]._replace(id="new", label=N_("New case"), shortcut="Ctrl+N", enabled_when=lambda _desk: True),
    ]
    commands = Commands(desk, more, MENUS, window)
    assert "New case" in [item.text for item in commands.palette_items()]
    assert ("New case", "Ctrl+N") in commands.by_menu()[0][1]
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert desk.done == ["take"]


def test_an_override_is_accepted_and_reaches_the_field(page: QWidget) -> None:
    field = _only(page, QLineEdit)
    _focus(field)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier, "j")
    event.ignore()
    QApplication.sendEvent(field, event)
    assert event.isAccepted()
