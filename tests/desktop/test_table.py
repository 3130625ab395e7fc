from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.table import CellStyle, Column, ColumnPlace, Group, QueueTable, Row, Shape
from escalation_desk.desktop.table.folds import Folds
from escalation_desk.desktop.table.header import fitted
from escalation_desk.desktop.table.model import QueueModel
from escalation_desk.desktop.table.pages import AHEAD, KEPT, PAGE, Pages
from escalation_desk.desktop.table.paint import RowPainter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.look.theme import Theme

pytestmark = pytest.mark.usefixtures("theme")
COLUMNS = (
    Column("number", "Number", 7),
    Column("title", "Title", 16),
    Column("state", "State", 9),
    Column("age", "Age", 4, right=True, descending_first=True),
    Column("secret", "Secret", 5, sortable=False, shown=False),
)
ROW = 40


GROUPS = (Group("vn", "Viet Nam", 3, CellStyle(tone=Tone.TEAL, mark="◐")), Group("id", "Indonesia", 4))


def case(at: int) -> Row:
    return Row(f"case {at}", (f"VN-{at}", f"Đơn hàng {at}", "New", str(at), ""), place=at)


@dataclass
class ListSource:
    """A list in memory; with `later`, answers wait until `answer_all`, as they do when a database is asked."""

    rows: Sequence[Row]
    groups: tuple[Group, ...] = ()
    later: bool = False
    columns: Sequence[Column] = COLUMNS
    asked: list[tuple[int, Row | None, Row | None]] = field(default_factory=list)
    waiting: list[Callable[[], None]] = field(default_factory=list)

    @property
    def grouped(self) -> bool:
        return bool(self.groups)

    def shape(self, then: Callable[[Shape], None]) -> None:
        self._answer(lambda: then(Shape(len(self.rows), self.groups)))

    def fetch(
        self, first: int, n: int, then: Callable[[Sequence[Row]], None], *, after: Row | None, before: Row | None
    ) -> None:
        self.asked.append((first, after, before))
        self._answer(lambda: then(self.rows[first : first + n]))

    def ids(self, first: int, n: int, then: Callable[[Sequence[str]], None]) -> None:
        self._answer(lambda: then([row.id for row in self.rows[first : first + n]]))

    def _answer(self, answer: Callable[[], None]) -> None:
        if self.later:
            self.waiting.append(answer)
        else:
            answer()

    def answer_all(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()
            QApplication.processEvents()


class Million:
    """A million rows that are made when asked for."""

    def __len__(self) -> int:
        return 1_000_000

    def __getitem__(self, wanted: slice) -> list[Row]:
        return [case(at) for at in range(*wanted.indices(len(self)))]


@pytest.fixture
def table(qtbot: QtBot) -> QueueTable:
    made = QueueTable(name="Queue")
    qtbot.addWidget(made)
    made.resize(900, 24 * look().letters.row())
    made.show()
    return made


def painted(table: QueueTable) -> QImage:
    QApplication.processEvents()
    return table.viewport().grab().toImage()


def many(n: int) -> list[Row]:
    return [case(at) for at in range(n)]


def selected(table: QueueTable) -> list[str]:
    found: list[list[str]] = []
    table.with_selected(found.append)
    assert found, "not named yet"
    return found[0]


def shown_ids(table: QueueTable) -> list[str]:
    lines = (table.rows.line(at) for at in range(table.rows.rowCount()))
    return [line.id if isinstance(line, Row) else str(line and line.key) for line in lines]


# Pages

FIVE_THOUSAND = many(5_100)


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 60)), max_size=60))
def test_whatever_is_scrolled_to_is_found_and_memory_stays_bounded(places: list[tuple[int, int]]) -> None:
    rows = FIVE_THOUSAND
    pages = Pages()
    for first, more in places:
        last = min(first + more, len(rows) - 1)
        while (numbers := pages.wanted(first, last, len(rows))) is not None:
            after, before = pages.ask(numbers)
            assert after is None or after is rows[numbers.start * PAGE - 1]
            assert before is None or before is rows[numbers.stop * PAGE]
            for number in numbers:
                pages.put(number, rows[number * PAGE : number * PAGE + PAGE])
            assert len(pages) <= KEPT
        assert [pages.row(at) for at in range(first, last + 1)] == rows[first : last + 1]
        assert pages.settled(first, last)


def test_one_stretch_is_asked_for_at_a_time_and_the_visible_one_first_whole() -> None:
    pages = Pages()
    visible = pages.wanted(5 * PAGE - 10, 5 * PAGE + 10, 10_000)
    assert visible == range(4, 6)
    pages.ask(visible)
    assert pages.wanted(90 * PAGE, 90 * PAGE + 10, 10_000) is None
    for number in visible:
        pages.put(number, many(PAGE))
    assert pages.wanted(5 * PAGE - 10, 5 * PAGE + 10, 10_000) == range(6, 6 + AHEAD)
    assert pages.wanted(90 * PAGE, 90 * PAGE + 10, 10_000) == range(90, 91)


def test_old_rows_stay_until_fresh_ones_come() -> None:
    pages = Pages()
    pages.ask(range(1))
    pages.put(0, many(PAGE))
    pages.age()
    assert pages.row(5) == case(5)
    assert not pages.settled(0, 10)
    assert pages.wanted(0, 10, 1_000) == range(1)
    assert pages.ask(range(1, 2)) == (None, None), "a stale neighbour is no place to go on from"


# Headings

shapes = st.lists(st.integers(0, 6), max_size=8)


@given(shapes, st.data())
def test_lines_and_rows_find_each_other_over_headings_and_folds(counts: list[int], data: st.DataObject) -> None:
    groups = tuple(Group(str(at), str(at), count) for at, count in enumerate(counts))
    folded = frozenset(data.draw(st.sets(st.sampled_from([group.key for group in groups]))) if groups else ())
    folds = Folds(Shape(sum(counts), groups), folded)

    lines: list[int | Group] = []
    row = 0
    for group in groups:
        lines += [group, *(range(row, row + group.count) if group.key not in folded else ())]
        row += group.count

    assert folds.lines == len(lines)
    assert [folds.at(at) for at in range(folds.lines)] == lines
    for row in range(sum(counts)):
        assert folds.line_of(row) == (lines.index(row) if row in lines else None)
    if lines:
        first, last = sorted((data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, len(lines) - 1))))
        found = [row for stretch in folds.rows_in(first, last) for row in stretch]
        assert found == [each for each in lines[first : last + 1] if isinstance(each, int)]


# The model


@pytest.mark.parametrize("groups", [(), (Group("a", "A", 3), Group("b", "B", 0), Group("c", "C", 7))])
@pytest.mark.parametrize("later", [False, True])
def test_qt_finds_no_fault_with_the_model(qtbot: QtBot, groups: tuple[Group, ...], later: bool) -> None:
    model = QueueModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    source = ListSource(many(10), groups, later=later)
    model.show(source)
    source.answer_all()
    for group in groups:
        model.toggle(group)
        model.toggle(group)
    source.rows = many(6)
    model.refresh()
    source.answer_all()
    with qtbot.waitSignal(model.counted):  # After a moment, for nobody paints it.
        model.show(ListSource(many(300)))
    assert model.rowCount() == 300
    assert tester.model() is model


def test_the_first_rows_are_shown_before_anybody_has_counted(table: QueueTable) -> None:
    source = ListSource(many(1_000), later=True)
    table.show_source(source)
    first_page = source.waiting.pop(0)
    first_page()
    assert table.rows.count is None
    painted(table)
    assert table.settled
    assert 24 <= table.rows.rowCount() < 24 + PAGE
    source.answer_all()
    assert table.rows.rowCount() == 1_000


def test_the_old_list_stays_on_the_screen_until_the_new_one_is_there(table: QueueTable, qtbot: QtBot) -> None:
    table.show_source(ListSource(many(1_000)))
    old = painted(table)
    source = ListSource([case(0)._replace(cells=("VN-9", "Khác", "New", "0", ""))], later=True)
    table.show_source(source)
    assert table.current_id() == ""
    assert not table.updatesEnabled(), "an empty list would flash"
    source.answer_all()
    assert table.updatesEnabled()
    assert painted(table) != old

    table.show_source(ListSource([], later=True))
    qtbot.waitUntil(table.updatesEnabled)
    assert not table.settled, "what is long in coming is shown as being on its way"


def test_headings_are_shown_at_once_where_a_list_was_before(table: QueueTable) -> None:
    table.show_source(ListSource(many(1_000)))
    painted(table)
    table.show_source(ListSource(many(7), GROUPS))
    assert table.updatesEnabled()
    painted(table)
    assert table.settled


def test_an_answer_to_an_older_question_is_dropped(table: QueueTable) -> None:
    old = ListSource([case(0)._replace(id="old")], later=True)
    table.show_source(old)
    table.show_source(ListSource(many(3)))
    old.answer_all()
    assert shown_ids(table) == ["case 0", "case 1", "case 2"]


def test_pages_are_asked_for_with_their_neighbours_so_that_no_source_needs_to_count(table: QueueTable) -> None:
    source = ListSource(many(2_000))
    table.show_source(source)
    for _ in range(12):
        QTest.keyClick(table, Qt.Key.Key_PageDown)
        painted(table)
    assert len(source.asked) > 2
    assert all(after == case(first - 1) for first, after, _before in source.asked if first)


def test_rows_on_their_way_are_painted_quietly_and_then_filled_in(table: QueueTable) -> None:
    source = ListSource(many(5_000), later=True)
    table.show_source(source)
    source.answer_all()
    table.verticalScrollBar().setValue(3_000 * table.verticalHeader().defaultSectionSize())
    waiting = painted(table)
    assert not table.settled
    source.answer_all()
    assert painted(table) != waiting
    assert table.settled


def test_screen_readers_and_tooltips_are_answered(table: QueueTable) -> None:
    unread = case(0)._replace(unread=True, cells=("VN-0", "<b>x</b>", "New", "0", ""))
    table.show_source(ListSource([unread]))
    said = [table.rows.index(0, at).data(Qt.ItemDataRole.AccessibleTextRole) for at in (0, 1)]
    assert said == ["Unread. Number: VN-0", "Title: <b>x</b>"]
    assert table.rows.index(0, 1).data(Qt.ItemDataRole.ToolTipRole) == "<\u2060b>x<\u2060/b>"
    assert table.rows.index(0, 1).data() == "<b>x</b>"
    assert table.accessibleName() == "Queue"


# A million rows


def test_a_million_rows_never_hold_up_the_window(table: QueueTable) -> None:
    source = ListSource(Million())  # type: ignore[arg-type]
    worst = 0.0

    def do(act: Callable[[], object]) -> None:
        nonlocal worst
        begun = time.monotonic()
        act()
        painted(table)
        worst = max(worst, time.monotonic() - begun)

    do(lambda: table.show_source(source))
    do(table.selectAll)
    do(table.clearSelection)
    do(lambda: QTest.keyClick(table, Qt.Key.Key_End))
    assert table.current_id() == "case 999999"
    do(lambda: QTest.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier))
    assert table.selected_count() == 1_000_000
    do(lambda: QTest.keyClick(table, Qt.Key.Key_Z))
    do(table.refresh)
    do(lambda: table.set_compact(compact=True))
    bar = table.verticalScrollBar()
    for part in range(20):
        do(partial(bar.setValue, bar.maximum() * part // 20))
    assert len(table.rows.rows_at_hand()) <= KEPT * PAGE
    # One of these takes seconds when a question is asked per row; the bound leaves room for a busy machine.
    assert worst < 0.5


# Records


def test_opening_tells_the_record(table: QueueTable, qtbot: QtBot) -> None:
    table.show_source(ListSource(many(50)))
    table.step(1)
    table.step(1)
    with qtbot.waitSignal(table.opened) as told:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert told.args == ["case 1"]
    place = QPoint(30, table.rowViewportPosition(3) + 5)
    with qtbot.waitSignal(table.opened) as told:
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert told.args == ["case 3"]


def test_the_current_record_is_told_even_when_it_comes_later(table: QueueTable) -> None:
    told: list[str] = []
    source = ListSource(many(5_000), later=True)
    table.show_source(source)
    source.answer_all()
    table.current_changed.connect(told.append)
    table.step(1)
    QTest.keyClick(table, Qt.Key.Key_End)
    painted(table)
    source.answer_all()
    assert told == ["case 0", "", "case 4999"]


def test_a_selection_moves_along_with_its_records(table: QueueTable) -> None:
    source = ListSource(many(400))
    table.show_source(source)
    for at in (2, 3, 7):
        place = QPoint(30, table.rowViewportPosition(at) + 5)
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    assert selected(table) == ["case 2", "case 3", "case 7"]
    assert table.current_id() == "case 7"

    source.rows = [case(0)._replace(id=f"newer {at}") for at in range(5)] + many(400)
    table.refresh()
    painted(table)

    assert selected(table) == ["case 2", "case 3", "case 7"]
    assert table.current_id() == "case 7"
    assert sorted({index.row() for index in table.selectedIndexes()}) == [7, 8, 12]


def test_a_record_that_left_the_list_leaves_the_selection(table: QueueTable) -> None:
    source = ListSource(many(30))
    table.show_source(source)
    table.go_to("case 4")
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert selected(table) == ["case 4", "case 5"]
    counts: list[int] = []
    table.selection_changed.connect(counts.append)

    source.rows = [row for row in many(30) if row.id != "case 4"]
    table.refresh()
    painted(table)

    assert selected(table) == ["case 5"]
    assert counts[-1] == table.selected_count() == 1


def test_a_record_that_moved_up_keeps_its_place_on_the_screen(table: QueueTable) -> None:
    source = ListSource(many(1_000))
    table.show_source(source)
    painted(table)
    table.verticalScrollBar().setValue(200 * table.verticalHeader().defaultSectionSize())
    painted(table)
    assert table.go_to("case 210")
    painted(table)
    before = table.rowViewportPosition(table.currentIndex().row())

    source.rows = [case(0)._replace(id="newest"), *many(1_000)]
    table.refresh()
    painted(table)

    assert table.current_id() == "case 210"
    assert table.rowViewportPosition(table.currentIndex().row()) == before


def test_everything_selected_is_named_by_the_source(table: QueueTable) -> None:
    source = ListSource(many(7_000), later=True)
    table.show_source(source)
    source.answer_all()
    table.selectAll()
    found: list[list[str]] = []
    table.with_selected(found.append)
    assert not found, "nothing waits for the source"
    source.answer_all()
    assert found == [[row.id for row in source.rows]]
    table.refresh()
    source.answer_all()
    assert table.selected_count() == 7_000


def test_a_wide_selection_is_dropped_when_rows_may_have_moved(table: QueueTable) -> None:
    source = ListSource(many(9_000))
    table.show_source(source)
    painted(table)
    table.go_to("case 5")
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert table.selected_count() == 8_995
    table.refresh()
    assert table.selected_count() == 0
    assert selected(table) == []


# Groups


def test_headings_stand_over_their_rows_and_fold_by_key_and_mouse(table: QueueTable) -> None:
    table.show_source(ListSource(many(7), GROUPS))
    painted(table)
    assert shown_ids(table) == ["vn", *(f"case {at}" for at in range(3)), "id", *(f"case {at}" for at in range(3, 7))]
    open_picture = painted(table)

    table.setCurrentIndex(table.rows.index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Left)
    assert shown_ids(table) == ["vn", "id", *(f"case {at}" for at in range(3, 7))]
    assert painted(table) != open_picture

    place = QPoint(30, table.rowViewportPosition(1) + 5)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert shown_ids(table) == ["vn", "id"]
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert len(shown_ids(table)) == 9


def test_headings_are_no_records(table: QueueTable) -> None:
    table.show_source(ListSource(many(7), GROUPS))
    painted(table)
    assert table.rows.index(0, 0).data() == "Viet Nam (3)"
    table.selectAll()
    assert selected(table) == [f"case {at}" for at in range(7)]
    table.go_to("case 2")
    table.step(1)
    assert table.current_id() == "case 3"
    table.step(-1)
    assert table.current_id() == "case 2"


def test_a_fold_and_a_selection_outlive_a_refresh(table: QueueTable) -> None:
    source = ListSource(many(7), GROUPS, later=True)
    table.show_source(source)
    source.answer_all()
    table.rows.toggle(GROUPS[0])
    table.go_to("case 5")
    source.groups = (replace(GROUPS[0], count=2), replace(GROUPS[1], count=5))
    table.refresh()
    source.answer_all()
    painted(table)
    source.answer_all()
    assert shown_ids(table) == ["vn", "id", *(f"case {at}" for at in range(2, 7))]
    assert selected(table) == ["case 5"]
    assert table.current_id() == "case 5"


# Columns


def test_columns_keep_their_places_through_a_saved_view(table: QueueTable, qtbot: QtBot) -> None:
    table.show_source(ListSource(many(5)))
    header = table.columns
    with qtbot.waitSignal(header.layout_changed):
        header.moveSection(2, 0)
    header.resizeSection(0, 200)
    header.show_column("title", shown=False)
    header.show_column("secret", shown=True)
    places = header.places()
    assert [place.id for place in places] == ["state", "number", "title", "age", "secret"]
    assert [place.shown for place in places] == [True, True, False, True, True]

    other = QueueTable()
    qtbot.addWidget(other)
    other.show_source(ListSource(many(5)))
    other.columns.set_places([*places, ColumnPlace("a column of last year", 5)])
    assert other.columns.places() == places
    assert other.columns.sectionSize(0) == pytest.approx(200, abs=2)


def test_widths_grow_with_the_letters(table: QueueTable, theme: Theme) -> None:
    table.show_source(ListSource(many(5)))
    width, height = table.columns.sectionSize(1), table.verticalHeader().defaultSectionSize()
    theme.resize(1.5)
    assert table.columns.sectionSize(1) == pytest.approx(width * 1.5, rel=0.02)
    assert table.verticalHeader().defaultSectionSize() == pytest.approx(height * 1.5, rel=0.04)


def test_the_last_column_cannot_be_hidden(table: QueueTable) -> None:
    table.show_source(ListSource(many(5)))
    for column in COLUMNS:
        table.columns.show_column(column.id, shown=False)
    assert sum(place.shown for place in table.columns.places()) == 1


def test_the_chooser_shows_hides_and_resets(table: QueueTable) -> None:
    table.show_source(ListSource(many(5)))
    acts = {act.text(): act for act in table.columns.chooser().actions()}
    acts["Title"].trigger()
    assert table.isColumnHidden(1)
    acts["Columns as at the beginning"].trigger()
    assert not table.isColumnHidden(1)


def test_a_click_on_a_head_asks_for_sorting_and_again_for_the_other_way(table: QueueTable) -> None:
    asked: list[tuple[str, bool, bool]] = []
    table.show_source(ListSource(many(5)))
    table.columns.sort_asked.connect(lambda *told: asked.append(told))

    def click(column: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        place = QPoint(table.columns.sectionViewportPosition(column) + 20, 8)
        QTest.mouseClick(table.columns.viewport(), Qt.MouseButton.LeftButton, modifier, place)

    click(0)
    click(3)
    table.columns.show_sorting("age", descending=True)
    click(3)
    click(1, Qt.KeyboardModifier.ShiftModifier)
    table.columns.show_column("secret", shown=True)
    click(4)
    assert asked == [
        ("number", False, False),
        ("age", True, False),
        ("age", False, False),
        ("title", False, True),
    ]


# Painting


def test_what_is_picked_out_looks_so_with_and_without_colour(table: QueueTable) -> None:
    table.show_source(ListSource(many(5)))
    plain = painted(table)
    table.show_source(ListSource([case(0)._replace(unread=True), *many(5)[1:]]))
    unread = painted(table)
    assert unread != plain
    grey = QImage.Format.Format_Grayscale8
    assert unread.convertToFormat(grey) != plain.convertToFormat(grey)
    table.go_to("case 2")
    table.setFocus()
    assert painted(table) != unread


def test_hidden_columns_are_not_painted_and_moved_ones_are_elsewhere(table: QueueTable) -> None:
    table.show_source(ListSource(many(5)))
    before = painted(table)
    table.columns.moveSection(0, 2)
    moved = painted(table)
    table.columns.show_column("number", shown=False)
    assert before != moved != painted(table)


def test_a_chip_a_mark_and_a_sign_each_show(table: QueueTable) -> None:
    pictures = []
    for style in (
        None,
        CellStyle(tone=Tone.BAD),
        CellStyle(tone=Tone.BAD, chip=True),
        CellStyle(mark="▲"),
        CellStyle(sign="lock"),
        CellStyle(strong=True),
        CellStyle(muted=True),
    ):
        table.show_source(ListSource([case(0)._replace(styles=(style, None, None, None, None))]))
        pictures.append(painted(table))
    assert all(one != other for at, one in enumerate(pictures) for other in pictures[:at])


@given(st.text(max_size=600), st.integers(1, 400), st.booleans())
def test_a_text_is_cut_to_its_room_and_whole_where_it_fits(text: str, room: int, strong: bool) -> None:
    painter = RowPainter(1.0)
    shown, width = painter.cut(text, room, strong=strong)
    assert width <= room or len(shown) <= 2
    if shown and shown != text:
        assert "…" in shown or len(text) > 400


WORDS = ("Đơn", "hàng", "hoàn", "tiền", "chargeback", "“pesanan”", "–", "VN-0042", "12,500", "Toko", "ffi", "3 h", "…")


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), st.integers(20, 400), st.booleans())
def test_what_is_counted_letter_by_letter_is_as_wide_as_qt_says(text: str, room: int, strong: bool) -> None:
    shown, width = RowPainter(1.0).cut(text, room, strong=strong)
    drawn = QFontMetricsF(look().letters.font(Role.STRONG if strong else Role.BODY)).horizontalAdvance(shown)
    # Letters that lean under each other (T and o) take a little less than they are counted; never more.
    assert drawn - 1 <= width <= drawn * 1.02 + 2


def test_a_line_of_a_million_letters_is_painted_at_once(table: QueueTable) -> None:
    endless = case(0)._replace(cells=("VN-0", "x" * 1_000_000, "New", "0", ""))
    begun = time.monotonic()
    table.show_source(ListSource([endless] * 20))
    painted(table)
    assert time.monotonic() - begun < 1


def test_an_empty_list_says_so_and_a_full_one_does_not(table: QueueTable) -> None:
    table.set_empty(QLabel("Nothing here"))
    word = table.viewport().findChild(QLabel)
    assert isinstance(word, QLabel)
    waiting = ListSource([], later=True)
    table.show_source(waiting)
    assert not word.isVisible(), "nobody has counted yet"
    waiting.answer_all()
    assert word.isVisible()
    table.show_source(ListSource(many(3)))
    assert not word.isVisible()


@pytest.mark.parametrize(
    ("room", "width"),
    [
        (700, 300),  # All four have room: the column takes the 100 that are left.
        (510, 110),  # Three whole ones and a cut one: it gives 90 up, and the fourth is whole.
        (400, 150),  # The fourth is far away; 50 let the third be whole.
        (345, 245),  # No third one fits, however much is given: what is left is taken, so that it is not cut.
        (290, 190),  # Only the two first, and the second was cut.
        (90, 200),  # Not even that: it stays as it is.
    ],
)
def test_a_column_that_gives_way_leaves_no_other_cut(room: int, width: int) -> None:
    assert fitted(200, 100, [100, 200, 150, 150], 1, room) == width


def test_with_many_columns_on_the_screen_the_one_that_gives_keeps_its_room() -> None:
    assert fitted(200, 100, [200, *[100] * 9], 0, 730) == 230


def test_the_room_of_a_list_goes_to_the_column_that_gives_until_somebody_chose_its_width(
    table: QueueTable, qtbot: QtBot
) -> None:
    columns = (Column("a", "A", 8), Column("b", "B", 20, least=10), Column("c", "C", 8))
    header = table.columns
    table.show_source(ListSource(many(5), columns=columns))
    table.resize(900, 400)
    qtbot.waitUntil(lambda: header.length() == table.viewport().width())
    assert header.sectionSize(1) > look().letters.px(20)
    assert [place.letters for place in header.places()][1] == 20  # What is kept is what it asks for.

    header.resizeSection(1, 222)
    table.resize(800, 400)

    assert header.sectionSize(1) == pytest.approx(222, abs=2)
