"""Timeline and composer: what is written goes where it should, is marked as what it is, and can be found again."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from escalation_desk.casework.acts import internal_note, say
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    Assignment,
    CaseStatus,
    Channel,
    Direction,
    FollowUpForm,
    Form,
    Language,
    PromisedBy,
    Visibility,
)
from escalation_desk.casework.desk import Macro
from escalation_desk.casework.entries import mentioned
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.timeline import Attachment, Clarification, Message
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.case.macro_picker import MacroPicker
from escalation_desk.desktop.case.picker import Picker
from escalation_desk.desktop.case.told import Earlier, Entry
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.casework.records import Record
    from escalation_desk.journal.journal import Journal

Frame = Any
Watch = Any
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def case(journal: Journal, watch: Watch) -> str:
    me = journal.profile
    assert me is not None
    with journal.entry("Keep") as work:
        hoa = work.add(Party(display_name="Phạm Thị Hoa", language=Language.VI))
        work.add(
            Macro(
                code="M01",
                use="first response",
                texts={
                    "en": "Hello {requester_name}, about {case_no}: {ask}",
                    "vi": "Chào {requester_name}, về {case_no}: {ask}",
                },
            )
        )
        made = work.add(
            Case(
                title="Khách chưa nhận hàng",
                status=CaseStatus.OPEN,
                owner=me.id,
                assignment=Assignment.ACCEPTED,
                requester=hoa.id,
                channel=Channel.EMAIL,
                received_at=watch.now - timedelta(days=2),
            )
        )
    return made.id


@pytest.fixture
def opened(plain_frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    return shown(plain_frame, case, qtbot)


def shown(frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    page = CaseEditor(frame, case)
    frame.hold(page)
    qtbot.waitUntil(lambda: page.sight is not None)
    return page


def kept(journal: Journal, kind: type[Record], case: str) -> list[Any]:
    made = journal.reader()
    try:
        return reading.all_of(made, kind, pointing=("case", case))
    finally:
        made.close()


def write(page: CaseEditor, text: str, mode: str = "note") -> None:
    page.composer.begin(mode)
    page.composer.editor.insert(text)


def put(page: CaseEditor, qtbot: QtBot) -> None:
    QTest.keyClick(page.composer.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: page.composer.writing().empty)


def entries(page: CaseEditor) -> list[Entry]:
    return page.timeline._all


def entry(page: CaseEditor, words: str) -> Entry:
    return next(one for one in entries(page) if words in one.body)


# Writing


def test_the_composer_begins_inside_and_says_so_in_words(opened: CaseEditor) -> None:
    assert opened.composer.writing().mode == "note"
    assert "only the desk reads this" in opened.composer.side.text()
    opened.composer.modes.buttons["message"].click()
    assert "the requester reads or hears this" in opened.composer.side.text()
    assert "External" in opened.composer.editor.accessibleName()


def test_a_note_goes_onto_the_timeline_with_ctrl_enter(
    opened: CaseEditor, journal: Journal, case: str, plain_frame: Frame, qtbot: QtBot
) -> None:
    write(opened, "Bưu cục hẹn 17 giờ")
    put(opened, qtbot)
    (note,) = kept(journal, Message, case)
    assert (note.form, note.visibility, note.direction) == (Form.NOTE, Visibility.INTERNAL, Direction.INTERNAL)
    assert plain_frame.went == [], "the same keys go on to the next case only outside of the composer"
    qtbot.waitUntil(lambda: bool(entries(opened)))
    assert entry(opened, "17 giờ").side == "Internal"


@pytest.mark.parametrize(
    ("mode", "form", "visibility", "channel"),
    [
        ("message", Form.MESSAGE, Visibility.PUBLIC, Channel.EMAIL),
        ("call", Form.CALL, Visibility.PUBLIC, Channel.PHONE),
        ("chat", Form.CHAT, Visibility.PUBLIC, Channel.EMAIL),
        ("poc", Form.POC, Visibility.INTERNAL, None),
        ("decision", Form.DECISION, Visibility.INTERNAL, None),
        ("report", Form.REPORT, Visibility.INTERNAL, None),
    ],
)
def test_each_kind_of_entry_is_kept_as_what_it_is(
    opened: CaseEditor,
    journal: Journal,
    case: str,
    mode: str,
    form: Form,
    visibility: Visibility,
    channel: Channel | None,
    qtbot: QtBot,
) -> None:
    write(opened, "x", mode)
    opened.composer.direction.setCurrentIndex(1)
    opened.composer.counterpart.setText("Giao Nhanh 24" if mode in {"call", "poc"} else "")
    put(opened, qtbot)
    (message,) = kept(journal, Message, case)
    assert (message.form, message.visibility, message.channel) == (form, visibility, channel)
    directed = mode not in {"decision", "report"}
    assert message.direction is (Direction.IN if directed else Direction.INTERNAL)
    assert message.counterpart == ("Giao Nhanh 24" if mode in {"call", "poc"} else None)


def test_something_past_stands_where_it_happened_and_says_that_it_was_entered_later(
    opened: CaseEditor, journal: Journal, case: str, watch: Watch, qtbot: QtBot
) -> None:
    write(opened, "now")
    put(opened, qtbot)
    write(opened, "this morning", "call")
    opened.composer.when.click()
    opened.composer.at.line.setText("8:15")
    put(opened, qtbot)
    qtbot.waitUntil(lambda: len(entries(opened)) == 2)
    assert [one.body for one in entries(opened)] == ["this morning", "now"]
    assert any("Entered later" in text for text, _tone in entry(opened, "this morning").marks)
    assert entry(opened, "now").marks == ()
    made = journal.reader()
    first = reading.record(made, Case, case).first_response_at
    made.close()
    assert first == watch.now - timedelta(minutes=105)


def test_something_to_come_is_refused_with_what_to_do_instead(
    opened: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    write(opened, "tomorrow's news")
    opened.composer.at.line.setText("+2h")
    opened.composer.put_now()
    qtbot.waitUntil(lambda: "follow-up" in opened.composer.refusal.text())
    assert opened.composer.writing().text == "tomorrow's news"
    assert opened.composer.isEnabled()


def test_nothing_written_is_refused(opened: CaseEditor) -> None:
    opened.composer.put_now()
    assert "nothing written" in opened.composer.refusal.text()


def test_a_promise_is_caught_while_writing_and_put_with_the_text_as_one_entry(
    opened: CaseEditor, journal: Journal, case: str, plain_frame: Frame, qtbot: QtBot
) -> None:
    opened.composer.begin("call")
    QTest.keyClicks(opened.composer.editor, "Call Hoa about the parcel !!")
    qtbot.waitUntil(lambda: not opened.composer.promise.isHidden())
    box = opened.composer.promise
    assert box.text.text() == "Call Hoa about the parcel"
    assert box.whom.text() == "Phạm Thị Hoa"
    QTest.keyClicks(box.due.line, "14:30")
    QTest.keyClick(box.due.line, Qt.Key.Key_Return)
    assert "!!" not in opened.composer.editor.text()
    assert not kept(journal, FollowUp, case), "it is caught, not yet put"
    put(opened, qtbot)
    (promised,) = kept(journal, FollowUp, case)
    assert (promised.form, promised.promised_by, promised.to_whom) == (
        FollowUpForm.PROMISE,
        PromisedBy.US,
        "Phạm Thị Hoa",
    )
    assert f"{promised.due_at:%H:%M}" == "07:30"
    plain_frame.verbs.undo()
    qtbot.waitUntil(lambda: not kept(journal, FollowUp, case) and not kept(journal, Message, case))


@pytest.mark.parametrize(
    ("text", "due", "sentence"),
    [("", "14:30", "what is promised"), ("x", "", "by when"), ("x", "soon", "no time"), ("x", "9:00", "past")],
)
def test_half_a_promise_is_refused_in_a_sentence(opened: CaseEditor, text: str, due: str, sentence: str) -> None:
    box = opened.composer.promise
    opened.composer.begin_promise(text)
    box.due.line.setText(due)
    box.add.click()
    assert sentence in box.refusal.text()
    assert not opened.composer.writing().promises


def test_a_caught_promise_can_be_let_go_again(opened: CaseEditor) -> None:
    box = opened.composer.promise
    opened.composer.begin_promise("x")
    box.due.line.setText("+2h")
    box.add.click()
    assert len(opened.composer.writing().promises) == 1
    opened.composer.promises.removed.emit("0")
    assert opened.composer.writing().promises == ()


def test_a_colleague_is_mentioned_by_at_and_watches_the_case_from_then_on(
    opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    with journal.entry("Keep") as work:
        lan = work.add(User(full_name="Lê Thị Lan", login="lan")).id
        work.add(User(full_name="Lê Thị Lan Anh", login="lananh"))
    opened.composer.begin("note")
    opened.activateWindow()
    qtbot.waitUntil(opened.composer.editor.hasFocus)
    QTest.keyClicks(opened.composer.editor, "mail an a@b, hoi @")
    qtbot.waitUntil(lambda: len(opened.composer.editor.findChildren(Picker)) == 1)
    picker = opened.composer.editor.findChildren(Picker)[-1]
    QTest.keyClicks(picker.search, "lan")
    qtbot.waitUntil(lambda: picker.list.count() == 2)
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.composer.editor.text() == "mail an a@b, hoi @Lê Thị Lan ")
    put(opened, qtbot)

    made = journal.reader()
    assert reading.record(made, Case, case).watchers == {lan}
    made.close()


def test_of_two_names_that_begin_alike_the_whole_one_is_called() -> None:
    people = [User(id=name, full_name=name, login=name) for name in ("Lê Thị Lan", "Lê Thị Lan Anh", "Bảo")]
    assert mentioned("@Lê Thị Lan Anh, xem giúp", people) == {"Lê Thị Lan Anh"}
    assert mentioned("@Lê Thị Lan và @Lê Thị Lan Anh", people) == {"Lê Thị Lan", "Lê Thị Lan Anh"}
    assert mentioned("Bảo@shop.vn, Lê Thị Lan", people) == set()


def test_what_came_of_a_call_is_logged_with_one_click_and_its_length_by_the_timer(opened: CaseEditor) -> None:
    opened.composer.begin("call")
    opened.composer.call.timer.click()
    assert opened.composer.call.running
    opened.composer.call.timer.click()
    assert opened.composer.editor.text().startswith("Call of 0:0")
    opened.composer.call.logged.emit("No answer")
    assert opened.composer.editor.text().startswith("No answer\n")


def test_the_words_for_a_question_and_its_answer_are_kept_as_a_pair(
    opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    write(opened, "Cửa nhà màu gì?", "question")
    put(opened, qtbot)
    qtbot.waitUntil(lambda: bool(entries(opened)))
    asked = entry(opened, "màu gì")
    assert asked.marks[0][0] == "Waits for an answer"
    opened.entry_acts.open(asked)
    opened.composer.editor.insert("Màu nâu")
    put(opened, qtbot)
    (pair,) = kept(journal, Clarification, case)
    assert (pair.question, pair.answer) == ("Cửa nhà màu gì?", "Màu nâu")
    assert pair.answered_at is not None
    qtbot.waitUntil(lambda: entry(opened, "màu gì").body == "Cửa nhà màu gì?\n→ Màu nâu")


# Macros


def picker() -> MacroPicker:
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, MacroPicker) and one.isVisible())


def visible_pickers() -> list[Any]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, MacroPicker) and one.isVisible()]


def test_two_colons_open_the_macros_and_enter_writes_one_in_the_language_of_the_requester(
    opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    opened.composer.begin("message")
    QTest.keyClicks(opened.composer.editor, "::")
    qtbot.waitUntil(lambda: bool(visible_pickers()))
    found = picker()
    QTest.keyClicks(found.search, "m01")
    case_no = opened.title()
    assert found.preview.text() == f"Chào Phạm Thị Hoa, về {case_no}: {{ask}}"
    assert "1 place is yours to fill in. ask" in found.note.text()
    QTest.keyClick(found.search, Qt.Key.Key_Return)
    assert opened.composer.editor.text() == f"Chào Phạm Thị Hoa, về {case_no}: {{ask}}"
    assert not kept(journal, Message, case), "a macro writes a draft and sends nothing"


def test_a_place_that_is_not_filled_blocks_putting_and_is_shown(
    opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    write(opened, "Chào {requester_name}, {ask} và {not_a_place}", "message")
    opened.composer.put_now()
    assert opened.composer.refusal.text() == "Fill in {requester_name}, {ask} first, or delete it."
    assert opened.composer.editor.textCursor().selectedText() == "{requester_name}"
    assert not kept(journal, Message, case)
    assert not opened.composer.gap_row.isHidden()
    for words in ("chị Hoa", "xin ảnh cửa nhà"):
        opened.composer._select(opened.composer._gaps()[0])
        opened.composer.editor.insert(words)
    put(opened, qtbot)
    (message,) = kept(journal, Message, case)
    assert message.body == "Chào chị Hoa, xin ảnh cửa nhà và {not_a_place}"


def test_what_is_written_to_colleagues_is_in_the_language_of_the_desk(opened: CaseEditor, qtbot: QtBot) -> None:
    opened.composer.begin("poc")
    opened.composer.open_macros()
    assert picker().preview.text().startswith("Hello Phạm Thị Hoa")
    picker().close()


def test_a_language_without_a_text_says_which_one_stands_in(opened: CaseEditor) -> None:
    opened.composer.begin("message")
    opened.composer.open_macros()
    found = picker()
    found.language.setCurrentIndex(found.language.findData("id"))
    assert "There is no text in Bahasa Indonesia; the one in English stands in." in found.note.text()
    found.close()


def test_the_macro_is_remembered_with_the_message(
    opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    opened.composer.begin("message")
    opened.composer.open_macros()
    picker().take.click()
    opened.composer._select(opened.composer._gaps()[0])
    opened.composer.editor.insert("ảnh")
    put(opened, qtbot)
    (message,) = kept(journal, Message, case)
    assert message.macro is not None
    assert message.language is Language.VI


# The timeline


def test_everything_that_happened_is_told_in_the_order_of_time(
    opened: CaseEditor, journal: Journal, case: str, watch: Watch, qtbot: QtBot
) -> None:
    me = journal.profile
    assert me is not None
    with journal.entry("Talk") as work:
        held = work.get(Case, case)
        work.add(say(held, "incoming", me, watch.now - timedelta(hours=3), form=Form.MESSAGE, direction=Direction.IN))
        work.add(say(held, "outgoing", me, watch.now - timedelta(hours=2), form=Form.MESSAGE))
        work.add(internal_note(held, "inside", me, watch.now - timedelta(hours=1)))
        held.status = CaseStatus.PENDING_REQUESTER
        work.add(FollowUp(text="call back", due_at=watch.now + timedelta(hours=1), case=case))
    qtbot.waitUntil(lambda: len(entries(opened)) == 5)
    told = entries(opened)
    assert [one.body for one in told][:3] == ["incoming", "outgoing", "inside"]
    assert [one.external for one in told][:3] == [True, True, False]
    assert "Incoming" in told[0].what
    assert {one.kind for one in told[3:]} == {"change", "follow_up"}
    assert "External" in told[0].spoken
    assert "Internal" in told[2].spoken


def describe(journal: Journal, case: str, text: str) -> None:
    with journal.entry("Keep") as work:
        held = work.get(Case, case)
        held.description, held.tier1_agent = text, "Nguyễn Văn Tám"


def test_what_the_requester_says_stands_first_with_whom_it_is_from_and_when_it_came(
    plain_frame: Frame, journal: Journal, case: str, qtbot: QtBot
) -> None:
    describe(journal, case, "Tôi chưa nhận được hàng.")
    page = shown(plain_frame, case, qtbot)
    qtbot.waitUntil(lambda: bool(entries(page)))

    first = entries(page)[0]
    assert first.body == "Tôi chưa nhận được hàng."
    assert first.spoken.startswith("Description · Email · received by Nguyễn Văn Tám. External. Phạm Thị Hoa. 10:00")
    assert first.at == "2026-11-22T03:00:00Z"
    assert page.timeline.empty.isHidden()
    page.timeline.kinds.buttons["talk"].click()
    assert [line for line in page.timeline.model.lines if isinstance(line, Entry)] == [first]
    page.entry_acts.menu_for(first).actions()[0].trigger()
    assert QApplication.clipboard().text() == first.body


def test_a_description_that_a_crm_repeats_as_its_first_message_is_told_once(
    plain_frame: Frame, journal: Journal, case: str, qtbot: QtBot
) -> None:
    describe(journal, case, "Where is my parcel?")
    with journal.entry("Keep") as work:
        work.add(Message(case=case, form=Form.MESSAGE, body="Where is my parcel? ", at=work.now))
    page = shown(plain_frame, case, qtbot)
    qtbot.waitUntil(lambda: bool(entries(page)))

    told = [one for one in entries(page) if one.body.strip() == "Where is my parcel?"]
    assert [one.kind for one in told] == ["message"]


def test_the_timeline_narrows_to_a_kind_and_to_words(opened: CaseEditor, qtbot: QtBot) -> None:
    write(opened, "Đơn hàng thất lạc")
    put(opened, qtbot)
    write(opened, "Xin lỗi chị", "message")
    put(opened, qtbot)
    qtbot.waitUntil(lambda: len(entries(opened)) == 2)
    opened.timeline.kinds.buttons["talk"].click()
    assert [one.body for one in opened.timeline._shown] == ["Xin lỗi chị"]
    opened.timeline.kinds.buttons["all"].click()
    opened.timeline.search.setText("don hang")
    assert [one.body for one in opened.timeline._shown] == ["Đơn hàng thất lạc"]


def test_a_pinned_entry_stands_on_top_and_leads_to_its_place(opened: CaseEditor, qtbot: QtBot) -> None:
    write(opened, "Never call before nine")
    put(opened, qtbot)
    qtbot.waitUntil(lambda: bool(entries(opened)))
    opened.entry_acts.pin(entry(opened, "nine"))
    qtbot.waitUntil(lambda: not opened.timeline.pinned.isHidden())
    opened.timeline.search.setText("something else")
    opened.timeline.pinned._buttons[0].click()  # type: ignore[attr-defined]
    current = opened.timeline.list.current()
    assert isinstance(current, Entry)
    assert current.body == "Never call before nine"


def test_a_correction_leaves_the_first_entry_as_it_is(
    opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    write(opened, "They come at 3")
    put(opened, qtbot)
    (first,) = kept(journal, Message, case)
    qtbot.waitUntil(lambda: bool(entries(opened)))
    opened.entry_acts.correct(first)
    opened.composer.editor.insert("They come at 5")
    put(opened, qtbot)
    qtbot.waitUntil(lambda: len(entries(opened)) == 2)
    assert [one.marks[0][0] for one in entries(opened)] == ["Corrected below", "Correction"]
    assert kept(journal, Message, case)[0].body == "They come at 3"


def test_a_slip_is_taken_back_within_ten_minutes_and_comes_back_by_undo(
    opened: CaseEditor, journal: Journal, case: str, plain_frame: Frame, watch: Watch, qtbot: QtBot
) -> None:
    write(opened, "oops")
    put(opened, qtbot)
    qtbot.waitUntil(lambda: bool(entries(opened)))
    slip = entry(opened, "oops")
    assert "Take it back" in texts(opened, slip)
    opened.entry_acts.take_back(slip)
    qtbot.waitUntil(lambda: not kept(journal, Message, case))
    plain_frame.verbs.undo()
    qtbot.waitUntil(lambda: len(kept(journal, Message, case)) == 1)
    watch.now += timedelta(minutes=11)
    assert "Take it back" not in texts(opened, slip)
    opened.entry_acts.take_back(slip)
    qtbot.waitUntil(lambda: any("10 minutes" in said for said in plain_frame.said))
    assert kept(journal, Message, case)


def texts(page: CaseEditor, one: Entry) -> list[str]:
    menu = page.entry_acts.menu_for(one)
    found = [action.text() for action in menu.actions()]
    menu.deleteLater()
    return found


def test_an_entry_of_the_crm_is_neither_corrected_nor_taken_back(
    opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    with journal.entry("Import", kind="import") as work:
        work.add(Message(case=case, body="Assigned to tier 2", form=Form.EVENT, automatic=True, outside_id="e1"))
    qtbot.waitUntil(lambda: bool(entries(opened)))
    event = entry(opened, "tier 2")
    assert event.quiet
    assert not {"Correct it…", "Take it back"} & set(texts(opened, event))


def test_ctrl_c_copies_the_text_of_an_entry(opened: CaseEditor, qtbot: QtBot) -> None:
    write(opened, "copy me & <b>me</b>")
    put(opened, qtbot)
    qtbot.waitUntil(lambda: bool(entries(opened)))
    opened.timeline.go_to(entry(opened, "copy").key)
    QTest.keyClick(opened.timeline.list, Qt.Key.Key_C, CONTROL)
    assert QApplication.clipboard().text() == "copy me & <b>me</b>"


def many(journal: Journal, case: str, watch: Watch, count: int) -> None:
    me = journal.profile
    assert me is not None
    with journal.entry("Import", kind="import") as work:
        held = work.get(Case, case)
        for number in range(count):
            at = watch.now - timedelta(minutes=3 * (count - number))
            text = f"entry {number} " + "đơn hàng của khách chưa được giao " * (number % 9 + 1)
            entry_of = internal_note(held, text, me, at) if number % 2 else say(held, text, me, at, form=Form.MESSAGE)
            work.add(entry_of)


def test_a_timeline_of_two_thousand_entries_opens_and_scrolls_like_a_short_one(
    journal: Journal, case: str, plain_frame: Frame, watch: Watch, qtbot: QtBot
) -> None:
    many(journal, case, watch, 2_000)
    page = shown(plain_frame, case, qtbot)
    timeline = page.timeline
    assert len(entries(page)) == 2_000
    assert isinstance(timeline.model.lines[0], Earlier)
    assert timeline.model.lines[0].count == 1_800
    assert timeline.list.at_foot(), "the newest is what people come for"

    def quickest() -> float:
        times = []
        for _try in range(5):
            began = time.thread_time()  # What drawing takes, not what other programs of the machine take.
            timeline._draw(foot=True)
            drawn(timeline.list)
            times.append(time.thread_time() - began)
        return min(times)

    long_one = quickest()
    timeline._all = entries(page)[-200:]
    assert long_one < 3 * quickest(), "what is not laid out costs nothing but a look at its kind"


def test_earlier_entries_come_when_somebody_asks_and_the_reader_stays_where_he_was(
    journal: Journal, case: str, plain_frame: Frame, watch: Watch, qtbot: QtBot
) -> None:
    many(journal, case, watch, 700)
    page = shown(plain_frame, case, qtbot)
    first = page.timeline.model.lines[0]
    assert isinstance(first, Earlier)
    page.timeline.list.entered.emit(first)
    first = page.timeline.model.lines[0]
    assert isinstance(first, Earlier)
    assert first.count == 100
    page.timeline.go_to(entries(page)[0].key)
    current = page.timeline.list.current()
    assert isinstance(current, Entry)
    assert current.body.startswith("entry 0 ")


def test_somebody_who_reads_further_up_is_not_moved_by_a_new_entry(
    journal: Journal, case: str, plain_frame: Frame, watch: Watch, qtbot: QtBot
) -> None:
    many(journal, case, watch, 150)
    page = shown(plain_frame, case, qtbot)
    page.timeline.go_to(entries(page)[20].key)
    where = page.timeline.list.visualRect(page.timeline.list.currentIndex()).y()
    me = journal.profile
    assert me is not None
    with journal.entry("Note") as work:
        work.add(internal_note(work.get(Case, case), "new", me, work.now))
    qtbot.waitUntil(lambda: len(entries(page)) == 151)
    current = page.timeline.list.current()
    assert isinstance(current, Entry)
    assert current.body.startswith("entry 20 ")
    assert abs(page.timeline.list.visualRect(page.timeline.list.currentIndex()).y() - where) < 4


def drawn(widget: Any) -> QImage:
    image = QImage(widget.size(), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        widget.render(painter, QPoint())
    return image


def test_a_long_text_is_folded_until_somebody_unfolds_it(
    journal: Journal, case: str, plain_frame: Frame, watch: Watch, qtbot: QtBot
) -> None:
    me = journal.profile
    assert me is not None
    with journal.entry("Note") as work:
        work.add(internal_note(work.get(Case, case), "\n".join(map(str, range(200))), me, work.now))
    page = shown(plain_frame, case, qtbot)
    timeline = page.timeline
    row = timeline.model.row_of(entries(page)[0].key)
    before = timeline.list.visualRect(timeline.model.index(row)).height()
    timeline.list.setCurrentIndex(timeline.model.index(row))
    QTest.keyClick(timeline.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: timeline.list.visualRect(timeline.model.index(row)).height() > 5 * before)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 19_000,
        "a\u0301" * 5_000,
        "👩‍👩‍👧‍👦" * 500,
        "\u202egnp.exe\u2029\x00 x",
        "<img src='file:///etc/passwd'>" * 50,
    ],
)
def test_extreme_texts_are_drawn_without_a_stall(
    journal: Journal, case: str, plain_frame: Frame, text: str, qtbot: QtBot
) -> None:
    me = journal.profile
    assert me is not None
    with journal.entry("Note") as work:
        work.add(internal_note(work.get(Case, case), text, me, work.now))
    page = shown(plain_frame, case, qtbot)
    assert entries(page)[0].body.rstrip() != ""
    began = time.thread_time()
    drawn(page.timeline.list)
    assert time.thread_time() - began < 1.0, "with room for a slow machine; it takes some milliseconds"


def test_a_paste_that_no_editor_can_hold_becomes_a_text_file(
    opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    assert not opened.composer.editor.insert("line " * 300_000)
    qtbot.waitUntil(lambda: len(kept(journal, Attachment, case)) == 1)
    (held,) = kept(journal, Attachment, case)
    assert held.media_type == "text/plain"
    assert held.file_name.startswith("text-2026")
    assert opened.composer.editor.text() == ""
