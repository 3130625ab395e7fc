"""What stands around a case: files, people, promises, kin, history; a new case; and that everything has a name."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from escalation_desk.casework.acts import promise
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    Assignment,
    CaseFamily,
    CaseStatus,
    FollowUpState,
    Language,
    Market,
    RiskFlag,
    Severity,
    Urgency,
)
from escalation_desk.casework.people import Party
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.timeline import Attachment, Clarification
from escalation_desk.desktop.case.asking import MovedDate, Words
from escalation_desk.desktop.case.attachments import local_files
from escalation_desk.desktop.case.boxes.choosing import TogglesBox
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.case.file_view import FileView
from escalation_desk.desktop.case.new_case import PLACE, NewCase, new_case
from escalation_desk.desktop.case.offers import Offer
from escalation_desk.desktop.case.opener import Opener
from escalation_desk.desktop.case.pictures import decode, png_of
from escalation_desk.desktop.merging import MergeDialog
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.journal import reading, seed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from escalation_desk.casework.records import Record
    from escalation_desk.journal.journal import Journal

Frame = Any
Watch = Any
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def people(journal: Journal) -> dict[str, str]:
    with journal.entry("Keep") as work:
        hoa = work.add(Party(display_name="Phạm Thị Hoa", phone="0900000101", email="hoa.pham@example.com", vip=True))
        shop = work.add(Seller(shop_name="Bếp Mộc", contact_person="Trương Văn Lợi", market=Market.VN))
    assert journal.profile is not None
    return {"linh": journal.profile.id, "hoa": hoa.id, "shop": shop.id}


@pytest.fixture
def case(journal: Journal, people: dict[str, str], watch: Watch) -> str:
    with journal.entry("Keep") as work:
        made = work.add(
            Case(
                title="Khách chưa nhận hàng",
                status=CaseStatus.OPEN,
                owner=people["linh"],
                assignment=Assignment.ACCEPTED,
                requester=people["hoa"],
                seller=people["shop"],
                orders=frozenset({"578104423390114"}),
                received_at=watch.now,
            )
        )
    return made.id


@pytest.fixture
def opened(plain_frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    return shown(plain_frame, case, qtbot)


def shown(frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    page = CaseEditor(frame, case)
    frame.hold(page, 1500, 900)
    qtbot.waitUntil(lambda: page.sight is not None)
    return page


def kept(journal: Journal, kind: type[Record], case: str) -> list[Any]:
    made = journal.reader()
    try:
        return reading.all_of(made, kind, pointing=("case", case))
    finally:
        made.close()


def read(journal: Journal, case: str) -> Case:
    made = journal.reader()
    try:
        return reading.record(made, Case, case)
    finally:
        made.close()


def labels(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(PlainLabel) if label.isVisibleTo(widget)]


def red_image() -> QImage:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("#cc2200"))
    return image


# Files


def test_files_dropped_on_the_page_are_attached_as_one_entry(
    opened: CaseEditor, journal: Journal, case: str, tmp_path: Path, plain_frame: Frame, qtbot: QtBot
) -> None:
    paths = [tmp_path / "Ảnh giao hàng.png", tmp_path / "note.txt"]
    paths[0].write_bytes(png_of(red_image()))
    paths[1].write_text("đơn hàng", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    drop = QDropEvent(
        QPointF(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    opened.dropEvent(drop)
    qtbot.waitUntil(lambda: len(kept(journal, Attachment, case)) == 2)
    assert {one.file_name for one in kept(journal, Attachment, case)} == {"Ảnh giao hàng.png", "note.txt"}
    qtbot.waitUntil(lambda: opened.cards.files.list.count() == 2)
    plain_frame.verbs.undo()
    qtbot.waitUntil(lambda: not kept(journal, Attachment, case))


def test_what_lies_on_a_network_is_not_even_looked_at(tmp_path: Path) -> None:
    here = tmp_path / "a.txt"
    here.write_text("x", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl("file://evil/share/x.png"), QUrl("https://evil/x.png"), QUrl.fromLocalFile(str(here))])
    assert local_files(data) == [here]


def test_a_pasted_screenshot_is_kept_once_and_shown_small(
    opened: CaseEditor, journal: Journal, case: str, plain_frame: Frame, qtbot: QtBot
) -> None:
    for _paste in range(2):
        data = QMimeData()
        data.setImageData(red_image())
        opened.composer.editor.insertFromMimeData(data)
    qtbot.waitUntil(lambda: len(kept(journal, Attachment, case)) == 1)
    (held,) = kept(journal, Attachment, case)
    assert held.file_name == "screenshot-20261124-030000.png"
    qtbot.waitUntil(lambda: any("attached here already" in said for said in plain_frame.said))
    made = journal.reader()
    content = reading.blob(made, held.sha256)
    made.close()
    assert hashlib.sha256(content).hexdigest() == held.sha256
    qtbot.waitUntil(lambda: held.sha256 in opened.cards.files._thumbnails)


def test_a_file_of_the_case_can_be_saved_elsewhere_byte_for_byte(
    opened: CaseEditor, journal: Journal, case: str, tmp_path: Path, plain_frame: Frame, qtbot: QtBot
) -> None:
    opened.evidence.take_text("one\r\ntwo\n")
    qtbot.waitUntil(lambda: len(kept(journal, Attachment, case)) == 1)
    (held,) = kept(journal, Attachment, case)
    opened.evidence.write_to(held, tmp_path / "copy.txt")
    qtbot.waitUntil(lambda: (tmp_path / "copy.txt").exists() and any("Saved" in said for said in plain_frame.said))
    assert (tmp_path / "copy.txt").read_bytes() == b"one\r\ntwo\n"
    opened.evidence.write_to(held, tmp_path / "no" / "such" / "folder.txt")
    qtbot.waitUntil(lambda: any("cannot be written" in said for said in plain_frame.said))


def test_adding_a_file_says_how_much_room_all_take_and_warns_above_what_was_set(
    opened: CaseEditor, journal: Journal, case: str, plain_frame: Frame, qtbot: QtBot
) -> None:
    opened.evidence.take_text("x" * 2048)
    qtbot.waitUntil(lambda: "The files of this case take 2 kB now, all files of the desk 2 kB." in plain_frame.said)
    room = opened.cards.files.room
    qtbot.waitUntil(lambda: room.text() == "This case: 2 kB of 200 MB. The desk: 2 kB.")
    plain_frame.kept.put("setting.evidence", "50")
    with journal.entry("Keep") as work:  # As a colleague's file comes: the record before its bytes.
        work.add(Attachment(case=case, file_name="film.zip", size=60 * 1024 * 1024, sha256="0" * 64))
    opened.evidence.take_text("y" * 2048)
    qtbot.waitUntil(lambda: any("take 60.0 MB, more than 50 MB" in said for said in plain_frame.said))
    qtbot.waitUntil(lambda: "more than 50 MB" in room.text())
    assert len(kept(journal, Attachment, case)) == 3  # It warns; it refuses nothing.


def test_pictures_and_texts_are_looked_at_here_and_everything_else_only_saved(
    opened: CaseEditor, journal: Journal, case: str, tmp_path: Path, qtbot: QtBot
) -> None:
    contents = {"a.png": png_of(red_image()), "b.txt": b"<b>plain</b>", "c.exe": b"MZ\x90\x00"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    opened.evidence.take_files([tmp_path / name for name in contents])
    qtbot.waitUntil(lambda: opened.sight is not None and len(opened.sight.attachments) == 3)
    assert opened.sight is not None
    first, second, third = opened.sight.attachments
    opened.evidence.view(first)
    view = opened.findChild(FileView)
    assert view is not None
    qtbot.waitUntil(lambda: view.stack.currentWidget() is view.picture)
    assert view.picture.image.size() == red_image().size()
    QTest.keyClick(view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: view.stack.currentWidget() is view.text)
    assert view.text.text() == "<b>plain</b>"
    assert view.text.isReadOnly()
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.stack.currentWidget() is view.other
    assert view.current == third
    assert second.media_type == "text/plain"
    view.close()


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", "image/png"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "image/png"),
        (b"<svg/>", "image/svg+xml"),
    ],
)
def test_what_only_calls_itself_a_picture_is_not_decoded(content: bytes, media: str) -> None:
    with pytest.raises(Refused):
        decode(content, media, 256)


def test_a_picture_is_decoded_no_larger_than_it_is_shown() -> None:
    image = decode(png_of(red_image()), "image/png", 100)
    assert (image.width(), image.height()) == (100, 75)
    assert image.pixelColor(50, 30) == QColor("#cc2200")


def test_a_file_is_taken_off_the_case_with_delete_and_comes_back_by_undo(
    opened: CaseEditor, journal: Journal, case: str, plain_frame: Frame, qtbot: QtBot
) -> None:
    opened.evidence.take_text("x")
    qtbot.waitUntil(lambda: opened.cards.files.list.count() == 1)
    opened.cards.files.list.setCurrentRow(0)
    QTest.keyClick(opened.cards.files.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not kept(journal, Attachment, case))
    plain_frame.verbs.undo()
    qtbot.waitUntil(lambda: opened.cards.files.list.count() == 1)


# People


def test_contacts_are_masked_until_somebody_wants_to_see_them(opened: CaseEditor, qtbot: QtBot) -> None:
    card = opened.cards.requester
    assert "09******01" in labels(card)
    assert not any("0900000101" in text or "hoa.pham" in text for text in labels(card))
    card.eye.click()
    qtbot.waitUntil(lambda: {"0900000101", "hoa.pham@example.com"} <= set(labels(card)))
    card.eye.click()
    qtbot.waitUntil(lambda: "09******01" in labels(card))
    assert not any("0900000101" in text for text in labels(card))


def test_another_requester_is_merged_after_a_look_and_taken_apart(
    opened: CaseEditor, plain_frame: Frame, journal: Journal, people: dict[str, str], qtbot: QtBot
) -> None:
    with journal.entry("Keep") as work:
        other = work.add(Party(display_name="Pham Thi Hoa", phone="0900000101", language=Language.VI)).id
        work.flush()
        second = work.add(Case(title="b", requester=other)).id
    card = opened.cards.requester
    card.merge.click()
    dialog = plain_frame.window().findChild(MergeDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    assert "0900000101" not in dialog.list.item(0).text()
    assert not dialog.yes.isEnabled()
    assert read(journal, second).requester == other
    dialog.list.setCurrentRow(0)
    qtbot.waitUntil(dialog.yes.isEnabled)
    told = ["1 case moves to Phạm Thị Hoa (1 live).", "Phạm Thị Hoa keeps its own: Name, Language."]
    qtbot.waitUntil(lambda: labels(dialog.shown) == told)
    dialog.yes.click()
    qtbot.waitUntil(lambda: read(journal, second).requester == people["hoa"])
    qtbot.waitUntil(lambda: "Also: Pham Thi Hoa" in labels(card))

    name = "Take Pham Thi Hoa apart from Phạm Thị Hoa"
    next(one for one in card.findChildren(QAbstractButton) if one.accessibleName() == name).click()
    qtbot.waitUntil(lambda: read(journal, second).requester == other)
    qtbot.waitUntil(lambda: "Also: Pham Thi Hoa" not in labels(card))


def test_the_seller_card_leads_to_the_seller(opened: CaseEditor, plain_frame: Frame, people: dict[str, str]) -> None:
    link = next(one for one in opened.cards.seller.findChildren(QAbstractButton) if "Bếp Mộc" in one.accessibleName())
    link.click()
    assert plain_frame.went == [("seller", people["shop"])]


# Promises


@pytest.fixture
def promised(journal: Journal, case: str, watch: Watch) -> FollowUp:
    me = journal.profile
    assert me is not None
    with journal.entry("Promise") as work:
        return work.add(promise("Gọi chị Hoa", watch.now + timedelta(hours=2), me, case=case, to_whom="Hoa"))


def test_a_promise_is_done_moved_or_cancelled_from_its_card(
    promised: FollowUp, opened: CaseEditor, journal: Journal, case: str, watch: Watch, qtbot: QtBot
) -> None:
    card = opened.cards.follow_ups
    assert any("We promised · to Hoa · due 12:00, in 2 h" in text for text in labels(card))
    card.move_it(promised)
    asked = card.findChild(MovedDate)
    assert asked is not None
    asked.due.line.setText("tomorrow 10:00")
    assert not asked.yes.isEnabled(), "a date moves only with a reason"
    asked.editor.insert("The carrier is late")
    asked.accept()
    qtbot.waitUntil(lambda: len(kept(journal, FollowUp, case)[0].moved) == 1)
    qtbot.waitUntil(lambda: any("moved once, first 12:00" in text for text in labels(card)))
    watch.now += timedelta(hours=1)
    card.done(promised)
    qtbot.waitUntil(lambda: kept(journal, FollowUp, case)[0].state is FollowUpState.DONE)
    qtbot.waitUntil(lambda: any(one.text() == "1 done" for one in card.findChildren(QAbstractButton)))


def test_the_focus_stays_on_its_button_when_a_minute_passes(
    promised: FollowUp, opened: CaseEditor, plain_frame: Frame, watch: Watch, qtbot: QtBot
) -> None:
    card = opened.cards.follow_ups
    name = "Done: Gọi chị Hoa"
    next(one for one in card.findChildren(QAbstractButton) if one.accessibleName() == name).setFocus()
    watch.now += timedelta(minutes=1)
    plain_frame.minute.emit()
    qtbot.waitUntil(lambda: any("in 119 min" in text or "in 1 h" in text for text in labels(card)))
    focused = card.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == name


def test_cancelling_a_promise_needs_a_reason(
    promised: FollowUp, opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    opened.cards.follow_ups.cancel(promised)
    asked = opened.cards.follow_ups.findChild(Words)
    assert asked is not None
    assert not asked.yes.isEnabled()
    asked.editor.insert("She found the parcel")
    asked.accept()
    qtbot.waitUntil(lambda: kept(journal, FollowUp, case)[0].why_cancelled == "She found the parcel")


def test_a_reminder_is_made_on_the_card(opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot) -> None:
    card = opened.cards.follow_ups
    card.begin()
    card.box.kind.setCurrentIndex(3)
    card.box.text.setText("Look at the scan")
    card.box.due.line.setText("+2h")
    card.box.add.click()
    qtbot.waitUntil(lambda: len(kept(journal, FollowUp, case)) == 1)
    assert kept(journal, FollowUp, case)[0].text == "Look at the scan"


def test_an_unanswered_question_leads_to_writing_its_answer(
    opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    with journal.entry("Ask") as work:
        work.add(Clarification(case=case, question="Which door?", asked_at=work.now))
    qtbot.waitUntil(lambda: "Which door?" in labels(opened.cards.questions))
    link = next(one for one in opened.cards.questions.findChildren(QAbstractButton) if one.text() == "Answer")
    link.click()
    assert opened.composer.writing().answers != ""
    assert "answer to a question" in opened.composer.context.text()


# Kin and history


def test_a_repeat_case_is_shown_with_what_it_shares_and_opens(
    journal: Journal, case: str, people: dict[str, str], watch: Watch, plain_frame: Frame, qtbot: QtBot
) -> None:
    with journal.entry("Keep") as work:
        other = work.add(
            Case(title="The first complaint", orders=frozenset({"578104423390114"}), received_at=watch.now)
        )
    page = shown(plain_frame, case, qtbot)
    qtbot.waitUntil(lambda: any("Same order" in text for text in labels(page.cards.similar)))
    page.cards.similar.findChildren(Opener)[-1].button.click()
    assert plain_frame.went == [("case", other.id)]


def test_the_history_tells_who_changed_what_from_what_to_what_by_which_act(
    opened: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    for name, value in (("severity", Severity.S2), ("carrier", "J&T"), ("severity", Severity.S1)):
        with journal.entry("Change {case}", case="X-1") as work:
            setattr(work.get(Case, case), name, value)
    opened.show_part("history")
    history = opened.history
    qtbot.waitUntil(lambda: history.model.rowCount() == 4)
    lines = [offer.text for _change, offer in history.model.rows]
    assert lines == [
        "Severity: S2 High → S1 Critical",
        "Carrier: – → J&T",
        "Severity: S4 Low → S2 High",
        "Created",
    ]
    detail = history.model.rows[0][1].detail
    assert "Nguyễn Hà Linh" in detail
    assert "Change X-1" in detail
    history.show_field("severity")
    assert history.model.rowCount() == 2


# A new case


@pytest.fixture
def planted(journal: Journal) -> Journal:
    seed.plant(journal)
    return journal


@pytest.fixture
def dialog(planted: Journal, plain_frame: Frame, qtbot: QtBot) -> Iterator[NewCase]:
    plain_frame.resize(1200, 900)
    plain_frame.show()
    made = new_case(plain_frame)
    qtbot.waitUntil(made.isVisible)
    yield made
    if isValid(made):
        made._done = True
        made.close()


def choose(dialog: NewCase, name: str, value: Any, text: str = "") -> None:
    box: Any = dialog.form.rows[name].box
    if text:
        box._take(Offer(text, value))
    else:
        box.show_value(value)
        box.edited.emit()


def leaf(journal: Journal, severity: Severity) -> Any:
    made = journal.reader()
    found = next(one for one in reading.reasons(made).values() if one.leaf and one.severity is severity)
    made.close()
    return found


def only_case(journal: Journal, title: str) -> Case:
    made = journal.reader()
    try:
        return next(one for one in reading.all_of(made, Case) if one.title == title)
    finally:
        made.close()


def test_a_new_case_needs_a_title_and_is_mine_when_i_take_it(
    dialog: NewCase, planted: Journal, plain_frame: Frame, qtbot: QtBot
) -> None:
    dialog.make.click()
    assert dialog.notices.notice("title") is not None
    QTest.keyClicks(dialog.title, "Lost parcel")
    QTest.keyClick(dialog.title, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: bool(plain_frame.went))
    case = only_case(planted, "Lost parcel")
    assert plain_frame.went == [("case", case.id)]
    assert (case.owner, case.status) == (plain_frame.verbs.me.id, CaseStatus.OPEN)
    assert case.received_at is not None
    assert case.case_no


def test_a_new_case_that_nobody_takes_is_new_and_unassigned(
    dialog: NewCase, planted: Journal, plain_frame: Frame, qtbot: QtBot
) -> None:
    QTest.keyClicks(dialog.title, "Lost parcel")
    dialog.mine.setChecked(False)
    dialog.make.click()
    qtbot.waitUntil(lambda: bool(plain_frame.went))
    case = only_case(planted, "Lost parcel")
    assert (case.owner, case.status) == (None, CaseStatus.NEW)


def test_a_reason_suggests_severity_and_urgency_and_leaves_what_a_person_chose(
    dialog: NewCase, planted: Journal, qtbot: QtBot
) -> None:
    grave, slight = leaf(planted, Severity.S1), leaf(planted, Severity.S4)
    choose(dialog, "reason", grave.code, grave.name)
    qtbot.waitUntil(lambda: dialog.form.edits.value("severity") is Severity.S1)
    assert dialog.form.rows["severity"].box.value() is Severity.S1
    choose(dialog, "severity", Severity.S3)
    choose(dialog, "reason", slight.code, slight.name)
    qtbot.waitUntil(lambda: dialog.form.edits.value("urgency") == slight.urgency)
    assert dialog.form.edits.value("severity") is Severity.S3
    assert dialog.priority.shown.endswith(dialog.case().priority.label) or dialog.priority.shown


def test_a_requester_brings_the_language_along(
    dialog: NewCase, planted: Journal, plain_frame: Frame, qtbot: QtBot
) -> None:
    with planted.entry("Keep") as work:
        party = work.add(Party(display_name="Ibu Ayu", language=Language.ID))
    choose(dialog, "requester", party.id, "Ibu Ayu")
    qtbot.waitUntil(lambda: dialog.form.edits.value("language") is Language.ID)


def test_a_case_that_has_come_before_is_offered_before_it_is_made_again(
    dialog: NewCase, planted: Journal, plain_frame: Frame, watch: Watch, qtbot: QtBot
) -> None:
    with planted.entry("Keep") as work:
        other = work.add(Case(title="The first one", orders=frozenset({"57810"}), received_at=watch.now))
    dialog.form.go_to("orders")
    choose(dialog, "orders", frozenset({"57810"}))
    qtbot.waitUntil(lambda: dialog.notices.notice(f"kin:{other.id}") is not None)
    notice = dialog.notices.notice(f"kin:{other.id}")
    assert notice is not None
    assert "Same order" in notice.sentence
    notice.buttons[0].click()
    assert plain_frame.went == [("case", other.id)]


def test_what_was_begun_comes_back_when_the_window_is_opened_again(
    planted: Journal, plain_frame: Frame, qtbot: QtBot
) -> None:
    first = new_case(plain_frame)
    QTest.keyClicks(first.title, "Half a case")
    choose(first, "family", CaseFamily.DISPUTE)
    choose(first, "claim", "500,000")
    first.reject()
    assert planted.drafts.get(PLACE) is not None
    second = new_case(plain_frame)
    qtbot.waitUntil(lambda: second.title.text() == "Half a case")
    assert second.form.rows["claim"].box.value() == "500,000"
    second.make.click()
    qtbot.waitUntil(lambda: bool(plain_frame.went))
    case = only_case(planted, "Half a case")
    assert (case.family, case.claim) == (CaseFamily.DISPUTE, "500,000")
    assert planted.drafts.get(PLACE) is None


def test_severity_and_urgency_show_the_priority_they_make(dialog: NewCase) -> None:
    choose(dialog, "severity", Severity.S1)
    choose(dialog, "urgency", Urgency.U1)
    assert dialog.priority.shown == "■■■■ P0 Critical"


# For everybody


def test_every_control_of_the_page_has_a_name_for_screen_readers(
    promised: FollowUp, opened: CaseEditor, qtbot: QtBot
) -> None:
    opened.composer.begin("call")
    opened.composer.begin_promise("x")
    for section in opened.form.sections.values():
        section.unfold(True)
    nameless = [nameless_of(one) for one in controls(opened) if not (one.accessibleName() or spoken(one))]
    assert nameless == []


def test_every_control_of_a_new_case_has_a_name(dialog: NewCase) -> None:
    for section in dialog.form.sections.values():
        section.unfold(True)
    assert [nameless_of(one) for one in controls(dialog) if not (one.accessibleName() or spoken(one))] == []


def controls(page: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit)
    found = [one for one in page.findChildren(QWidget) if isinstance(one, kinds)]
    return [one for one in found if one.isVisibleTo(page) and one.focusPolicy() is not Qt.FocusPolicy.NoFocus]


def spoken(one: QWidget) -> str:
    return one.text() if isinstance(one, QAbstractButton) else ""


def nameless_of(one: QWidget) -> str:
    parent = one.parentWidget()
    return f"{type(one).__name__} in {type(parent).__name__}"


def test_a_chosen_word_has_a_sign_and_room_for_it(opened: CaseEditor, qtbot: QtBot) -> None:
    opened.show_part("details")
    box = opened.form.rows["risk_flags"].box
    assert isinstance(box, TogglesBox)
    word = box.buttons[RiskFlag.VIP]
    before = word.text()
    word.click()
    assert word.text() == f"✓ {before}"
    assert (word.accessibleName(), word.accessibleDescription()) == (before, "on")
    qtbot.waitUntil(lambda: word.width() >= word.sizeHint().width())
    word.click()
    assert word.text() == before


def test_there_is_no_label_on_the_page_that_could_turn_text_into_markup(opened: CaseEditor) -> None:
    bare = [label for label in opened.findChildren(QLabel) if not isinstance(label, PlainLabel)]
    assert all(not label.text() for label in bare), "pictures only"


@pytest.mark.parametrize(("width", "visible"), [(520, 1), (900, 2), (1500, 3)])
def test_the_parts_stand_beside_each_other_where_there_is_room(
    opened: CaseEditor, width: int, visible: int, qtbot: QtBot
) -> None:
    opened.zones.resize(width, 700)
    assert sum(1 for pane in opened.zones.panes if not pane.isHidden()) == visible
    for part in ("timeline", "details", "around", "history"):
        opened.show_part(part)
        widget = {
            "timeline": opened.timeline,
            "details": opened.form,
            "around": opened.cards,
            "history": opened.history,
        }[part]
        assert widget.isVisibleTo(opened)


def test_a_click_into_the_timeline_opens_no_menu_by_itself(opened: CaseEditor) -> None:
    QTest.mouseClick(opened.timeline.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.inherits("QMenu")]
