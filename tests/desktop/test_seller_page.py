"""The page of a seller: what is shown, what is written down, what is merged, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton

from escalation_desk.casework.acts import promise
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    Channel,
    Direction,
    FollowUpState,
    Language,
    NoteForm,
    NoteVisibility,
    PromisedBy,
    Role,
    SellerRisk,
    Sentiment,
    Trust,
)
from escalation_desk.casework.fields import Show, fields_of
from escalation_desk.casework.people import User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.desktop.merging import MergeDialog
from escalation_desk.desktop.plain import Chip
from escalation_desk.desktop.seller.form import _ELSEWHERE
from escalation_desk.desktop.seller.moments import Sort
from escalation_desk.desktop.seller.page import SellerPage
from escalation_desk.desktop.seller.timeline import NoteCard
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any
Watch = Any


@pytest.fixture
def seller(journal: Journal) -> str:
    with journal.entry("Keep") as work:
        made = work.add(
            Seller(
                shop_name="Mây Tre Việt",
                external_ids=frozenset({"shopee:9911"}),
                risk=SellerRisk.AMBER,
                risk_reason="Points close to a milestone",
                contact_person="Chị Hương",
                contact_every_days=14,
            )
        )
    return made.id


def open_page(frame: Frame, qtbot: QtBot, seller: str) -> SellerPage:
    page = SellerPage(frame, seller)
    frame.hold(page)
    qtbot.waitUntil(lambda: page._about is not None)
    return page


def read(journal: Journal, kind: Any, record: str) -> Any:
    with journal.writing() as made:
        return reading.record(made, kind, record)


def all_of(journal: Journal, kind: Any) -> list[Any]:
    with journal.writing() as made:
        return reading.all_of(made, kind)


def texts(page: SellerPage) -> str:
    return "\n".join(card.accessibleName() for card in page.timeline.cards())


def labels(widget: Any) -> list[str]:
    from PySide6.QtWidgets import QLabel, QPushButton

    return [one.text() for kind in (QLabel, QPushButton) for one in widget.findChildren(kind) if one.text()]


def test_every_field_of_a_seller_and_of_a_note_has_a_box(plain_frame: Frame, qtbot: QtBot, seller: str) -> None:
    page = open_page(plain_frame, qtbot, seller)
    declared = {f.name for f in fields_of(Seller) if Show.FORM in f.declared.show}
    assert set(page.form.fields.cells) == declared - set(_ELSEWHERE)
    note = {f.name for f in fields_of(SellerNote) if Show.FORM in f.declared.show}
    assert {*page.note.above.cells, *page.note.below.cells} >= note
    for cell in (*page.form.fields.cells.values(), *page.note.above.cells.values(), *page.note.below.cells.values()):
        assert cell.box.entrance().accessibleName()


def test_the_head_says_who_it_is(plain_frame: Frame, qtbot: QtBot, seller: str) -> None:
    page = open_page(plain_frame, qtbot, seller)
    assert page.head.name.text() == "Mây Tre Việt"
    assert "shopee:9911" in page.head.facts.text()
    assert "Points close to a milestone" in page.head.why.text()
    assert page.title() == "Mây Tre Việt"
    mark = page.mark()
    assert mark is not None
    assert mark[0] == "◐"


def test_a_contact_is_written_down_with_the_promises_of_both_sides(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal, watch: Watch
) -> None:
    page = open_page(plain_frame, qtbot, seller)
    note = page.note
    page.write_note()
    note.above.show_values({"channel": Channel.PHONE, "direction": Direction.IN, "contact": "Chị Hương"})
    QTest.keyClicks(note.above.cells["topic"].box.entrance(), "Payout held")
    said = note.above.cells["said"].box.entrance()
    assert isinstance(said, QPlainTextEdit)
    QTest.keyClicks(said, "Money is held since day 9")
    note.above.cells["asked"].box.show_value("A letter for the bank")
    note.below.show_values(
        {
            "sentiment": Sentiment.NEGATIVE,
            "trust": Trust.MEDIUM,
            "next_step": "Call finance",
            "next_contact_at": watch.now + timedelta(days=1),
            "visibility": NoteVisibility.LEADS,
        }
    )
    note.promises.add(PromisedBy.US, "Send the letter", "+1d")
    note.promises.add(PromisedBy.THEM, "Send the invoices", "25/11/2026 17:00")
    QTest.keyClick(said, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(page.timeline.cards()) == 1)

    (kept,) = all_of(journal, SellerNote)
    assert (kept.topic, kept.said, kept.asked) == ("Payout held", "Money is held since day 9", "A letter for the bank")
    assert (kept.channel, kept.direction, kept.contact) == (Channel.PHONE, Direction.IN, "Chị Hương")
    assert (kept.sentiment, kept.trust, kept.visibility) == (Sentiment.NEGATIVE, Trust.MEDIUM, NoteVisibility.LEADS)
    assert kept.at == watch.now
    ours, theirs = all_of(journal, FollowUp)
    assert (ours.note, ours.seller, ours.promised_by, ours.to_whom) == (kept.id, seller, PromisedBy.US, "Chị Hương")
    assert ours.due_at == watch.now + timedelta(days=1)
    assert (theirs.promised_by, theirs.text) == (PromisedBy.THEM, "Send the invoices")
    after = read(journal, Seller, seller)
    assert after.open_promises == 2
    assert (after.last_contact_at, after.next_contact_at) == (watch.now, watch.now + timedelta(days=1))
    assert note.sheet.isHidden()
    shown = labels(page.timeline.cards()[0])
    assert {"Payout held", "They asked: A letter for the bank", "Send the letter", "Send the invoices"} <= set(shown)
    journal.undo()
    qtbot.waitUntil(lambda: page.timeline.cards() == [])
    assert all_of(journal, FollowUp) == []


def test_a_note_without_a_topic_or_a_promise_without_a_date_is_said_and_nothing_is_lost(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal
) -> None:
    page = open_page(plain_frame, qtbot, seller)
    page.write_note()
    page.note.above.cells["said"].box.show_value("Something was said")
    page.note.save()
    assert "“Topic”" in page.note.above.cells["topic"].refusal.text()
    page.note.above.cells["topic"].box.show_value("t")
    line = page.note.promises.add(PromisedBy.US, "Call back")
    page.note.save()
    assert "has no date" in page.note.sentence.text()
    line.due.line.setText("some day")
    page.note.save()
    assert "is no time" in page.note.sentence.text()
    assert not page.note.sheet.isHidden()
    assert page.note.above.value("said") == "Something was said"
    assert all_of(journal, SellerNote) == []


def test_a_note_can_be_changed_for_a_quarter_of_an_hour_and_corrected_after(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal, watch: Watch
) -> None:
    page = open_page(plain_frame, qtbot, seller)
    page.write_note()
    page.note.above.show_values({"topic": "Payout", "said": "100 million"})
    page.note.save()
    qtbot.waitUntil(lambda: len(page.timeline.cards()) == 1)
    (kept,) = all_of(journal, SellerNote)
    assert "Change" in labels(page.timeline.cards()[0])
    page.timeline.edited.emit(kept)
    page.note.above.show_values({"said": "101 million"})
    watch.now += timedelta(minutes=14)
    page.note.save()
    qtbot.waitUntil(lambda: read(journal, SellerNote, kept.id).said == "101 million")
    qtbot.waitUntil(lambda: "101 million" in labels(page.timeline.cards()[0]))

    page.timeline.edited.emit(read(journal, SellerNote, kept.id))
    page.note.above.show_values({"said": "too late"})
    watch.now += timedelta(minutes=2)
    page.note.save()
    qtbot.waitUntil(lambda: "older than 15 minutes" in page.note.sentence.text())
    assert read(journal, SellerNote, kept.id).said == "101 million"
    page.note.discard()

    page.read()
    qtbot.waitUntil(lambda: "Correct" in labels(page.timeline.cards()[0]))
    page.timeline.corrected.emit(read(journal, SellerNote, kept.id))
    page.note.above.show_values({"said": "It was 99 million"})
    page.note.save()
    qtbot.waitUntil(lambda: len(all_of(journal, SellerNote)) == 2)
    qtbot.waitUntil(lambda: "It was 99 million" in labels(page.timeline.cards()[0]))
    assert len(page.timeline.cards()) == 1
    assert all_of(journal, SellerNote)[1].amends == kept.id


def test_a_note_has_a_language_and_tags_and_is_replied_to(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal
) -> None:
    with journal.entry("Keep") as work:
        first = work.add(
            SellerNote(seller=seller, topic="Late parcels", at=work.now, tags=frozenset({"tet"}), language=Language.VI)
        ).id
    page = open_page(plain_frame, qtbot, seller)
    qtbot.waitUntil(lambda: len(page.timeline.cards()) == 1)
    assert [chip.text for chip in page.timeline.cards()[0].findChildren(Chip)] == ["tet"]
    next(b for b in page.timeline.cards()[0].findChildren(QPushButton) if b.text() == "Reply").click()
    assert page.note.title.text() == "Reply to “Late parcels”"
    said = page.note.above.cells["said"].box
    said.show_value("They pack until Friday")
    page.note.flush()
    again = SellerPage(plain_frame, seller)
    qtbot.addWidget(again)
    qtbot.waitUntil(lambda: again.note.writing)
    again.note.save()

    def replies() -> list[SellerNote]:
        made = journal.reader()
        found = reading.all_of(made, SellerNote, pointing=("answers", first))
        made.close()
        return found

    qtbot.waitUntil(lambda: [one.said for one in replies()] == ["They pack until Friday"])
    qtbot.waitUntil(lambda: len(page.timeline.cards()) == 2)
    told = [text for card in page.timeline.cards() for text in labels(card)]
    assert len([text for text in told if text.startswith("↳ Reply to “Late parcels”, 10:00")]) == 1


def test_notes_for_leads_are_read_by_leads_only(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal
) -> None:
    with journal.entry("Keep") as work:
        other = work.add(User(full_name="Lan", login="lan"))
        work.flush()
        mine = work.me
        work.me = other.id
        work.add(SellerNote(seller=seller, topic="secret", visibility=NoteVisibility.LEADS, at=work.now))
        work.flush()
        work.me = mine
        work.add(SellerNote(seller=seller, topic="open", at=work.now))
    page = open_page(plain_frame, qtbot, seller)
    assert len(page.timeline.cards()) == 1
    plain_frame.verbs.me.roles = frozenset({Role.LEAD})
    page.read()
    qtbot.waitUntil(lambda: len(page.timeline.cards()) == 2)


def test_the_timeline_shows_notes_cases_and_promises_and_is_narrowed(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal, watch: Watch
) -> None:
    me = journal.profile
    assert me is not None
    with journal.entry("Keep") as work:
        case = work.add(Case(title="Vỡ kính", seller=seller, received_at=watch.now - timedelta(days=3)))
        work.add(SellerNote(seller=seller, topic="Call", at=watch.now - timedelta(days=1)))
        work.add(promise("Send letter", watch.now, me, seller=seller))
    page = open_page(plain_frame, qtbot, seller)
    assert len(page.timeline.cards()) == 3
    for sort, expected in ((Sort.NOTES, 1), (Sort.CASES, 1), (Sort.PROMISES, 1), (Sort.ALL, 3)):
        page.timeline.sorts[sort].click()
        assert len(page.timeline.cards()) == expected
    page.timeline.opened.emit(case.id)
    assert plain_frame.went == [("case", case.id)]
    assert page.contact.values["live"].text() == "1"
    assert page.contact.values["year"].text() == "1"
    assert page.contact.values["oldest"].text() == "3 days"


def test_a_promise_is_kept_moved_or_cancelled_from_the_page(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal, watch: Watch
) -> None:
    me = journal.profile
    assert me is not None
    with journal.entry("Keep") as work:
        first = work.add(promise("Send letter", watch.now + timedelta(hours=1), me, seller=seller)).id
        second = work.add(promise("Call", watch.now + timedelta(days=2), me, seller=seller)).id
    page = open_page(plain_frame, qtbot, seller)
    page.deeds.finish([first], "Send letter")
    qtbot.waitUntil(lambda: read(journal, FollowUp, first).state is FollowUpState.DONE)
    qtbot.waitUntil(lambda: "Our promises kept: 100 % (1 of 1)" in labels(page.promises))
    page.deeds.move([second], "Call", watch.now + timedelta(days=5), "Carrier is late")
    qtbot.waitUntil(lambda: any("Carrier is late" in text for text in labels(page.promises)))
    page.deeds.move([second], "Call", watch.now + timedelta(days=6), " ")
    qtbot.waitUntil(lambda: "Say why the date moves." in plain_frame.said)
    page.deeds.cancel([second], "Call", "Not needed")
    qtbot.waitUntil(lambda: read(journal, FollowUp, second).why_cancelled == "Not needed")
    page.deeds.finish([second], "Call")
    qtbot.waitUntil(lambda: any("closed already" in sentence for sentence in plain_frame.said))


def test_a_pinned_note_is_changed_in_place(plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal) -> None:
    page = open_page(plain_frame, qtbot, seller)
    assert not page.pinned.pin.isHidden()
    page.pinned.pin.click()
    QTest.keyClicks(page.pinned.editor, "Only by phone")
    QTest.keyClick(page.pinned.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: read(journal, Seller, seller).pinned_note == "Only by phone")
    qtbot.waitUntil(page.pinned.editor.isHidden)
    assert page.pinned.text.text() == "Only by phone"
    page.pinned.edit()
    with journal.entry("Somebody else") as work:
        work.get(Seller, seller).pinned_note = "Never call"
    QTest.keyClicks(page.pinned.editor, "!")
    page.pinned.save()
    qtbot.waitUntil(lambda: any("Somebody pinned another" in sentence for sentence in plain_frame.said))
    assert read(journal, Seller, seller).pinned_note == "Never call"
    assert "!" in page.pinned.editor.text()


def test_details_are_saved_as_one_entry_and_a_faster_colleague_is_told(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal
) -> None:
    page = open_page(plain_frame, qtbot, seller)
    page.form.unfold(unfolded=True)
    line = page.form.fields.cells["legal_name"].box.entrance()
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "Cong ty May Tre")
    assert page.form.ends.isVisibleTo(page.form)
    page.form.save()
    qtbot.waitUntil(lambda: read(journal, Seller, seller).legal_name == "Cong ty May Tre")
    qtbot.waitUntil(lambda: not page.form.edits)
    QTest.keyClicks(line, "!")
    with journal.entry("Somebody else") as work:
        work.get(Seller, seller).legal_name = "Other"
    page.form.save()
    qtbot.waitUntil(lambda: "by somebody else just now" in page.form.sentence.text())
    assert read(journal, Seller, seller).legal_name == "Other"
    page.form.discard()
    qtbot.waitUntil(lambda: line.text() == "Other")


def test_what_was_typed_is_there_again_after_a_crash(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal
) -> None:
    page = open_page(plain_frame, qtbot, seller)
    page.write_note()
    QTest.keyClicks(page.note.above.cells["topic"].box.entrance(), "Unsaved topic")
    page.note.promises.add(PromisedBy.THEM, "Pay", "not a date yet", focus=True)
    page.form.fields.cells["legal_name"].box.entrance().setFocus()
    QTest.keyClicks(page.form.fields.cells["legal_name"].box.entrance(), "Unsaved name")
    page.flush()
    journal.drafts.flush()
    page.hide()
    page.deleteLater()
    again = open_page(plain_frame, qtbot, seller)
    qtbot.waitUntil(lambda: not again.note.sheet.isHidden())
    assert again.note.above.value("topic") == "Unsaved topic"
    (line,) = again.note.promises.lines
    assert (line.by, line.text.text(), line.due.line.text()) == (PromisedBy.THEM, "Pay", "not a date yet")
    assert again.form.edits.typed == {"legal_name": "Unsaved name"}
    again.note.discard()
    again.form.discard()
    journal.drafts.flush()
    assert journal.drafts.get(f"note:{seller}") is None


def test_a_note_that_says_nothing_is_no_draft(plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal) -> None:
    page = open_page(plain_frame, qtbot, seller)
    page.write_note()
    page.note.above.show_values({"channel": Channel.PHONE})
    page.flush()
    journal.drafts.flush()
    assert not page.note.writing
    assert journal.drafts.get(f"note:{seller}") is None
    QTest.keyClick(page.note, Qt.Key.Key_Escape)
    assert page.note.sheet.isHidden()


def test_another_shop_is_merged_after_a_look_and_taken_apart(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal
) -> None:
    with journal.entry("Keep") as work:
        other = work.add(Seller(shop_name="MAY TRE VIET", external_ids=frozenset({"lazada:77"}))).id
        work.flush()
        case = work.add(Case(title="a", seller=other)).id
        work.add(SellerNote(seller=other, topic="Old note", at=work.now))
    page = open_page(plain_frame, qtbot, seller)
    assert page._about is not None
    dialog = MergeDialog(plain_frame, page._about.seller)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    assert not dialog.yes.isEnabled()
    dialog.list.setCurrentRow(0)
    qtbot.waitUntil(dialog.yes.isEnabled)
    told = labels(dialog.shown)
    assert told[0] == "1 case moves to Mây Tre Việt (1 live)."
    assert "1 notes and 0 promises stay under “MAY TRE VIET” and are shown here too." in told
    dialog.yes.click()
    qtbot.waitUntil(lambda: read(journal, Case, case).seller == seller)
    qtbot.waitUntil(lambda: any("Also: MAY TRE VIET" in text for text in labels(page.relations)))
    qtbot.waitUntil(lambda: len(page.timeline.cards()) == 2)
    assert any(
        isinstance(card, NoteCard) and "as MAY TRE VIET" in card.accessibleName() for card in page.timeline.cards()
    )

    with qtbot.waitSignal(plain_frame.verbs.changed):
        next(b for b in page.relations.findChildren(type(page.relations.merge)) if b.text() == "Take apart").click()
    qtbot.waitUntil(lambda: read(journal, Case, case).seller == other)
    alias = SellerPage(plain_frame, other)
    qtbot.addWidget(alias)
    qtbot.waitUntil(lambda: alias._about is not None)
    assert alias.note.isEnabled()


def test_a_merged_shop_says_so_and_takes_no_notes(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal
) -> None:
    with journal.entry("Keep") as work:
        alias = work.add(Seller(shop_name="Alias", merged_into=seller)).id
    page = open_page(plain_frame, qtbot, alias)
    assert not page.note.isEnabled()
    assert page.relations.merge.isHidden()
    assert "This shop is merged into Mây Tre Việt." in labels(page.head)
    page.head.opened.emit(seller)
    assert plain_frame.went == [("seller", seller)]


def test_markup_in_what_people_write_stays_text(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal
) -> None:
    nasty = "<b>x</b><img src='file:///etc/passwd'>"
    with journal.entry("Keep") as work:
        work.get(Seller, seller).shop_name = nasty
        work.get(Seller, seller).pinned_note = nasty
        work.add(SellerNote(seller=seller, topic=nasty, said=nasty, at=work.now))
    page = open_page(plain_frame, qtbot, seller)
    assert page.head.name.text() == nasty
    assert page.pinned.text.text() == nasty
    assert nasty in labels(page.timeline.cards()[0])


def test_the_page_has_keys_and_commands_of_its_own(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal
) -> None:
    page = open_page(plain_frame, qtbot, seller)
    plain_frame.activateWindow()
    page.setFocus()
    qtbot.waitUntil(page.hasFocus)
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    assert page.note.above.value("form") is NoteForm.INTERNAL
    topic = page.note.above.cells["topic"].box.entrance()
    qtbot.waitUntil(topic.hasFocus)
    QTest.keyClicks(topic, "By keyboard")
    QTest.keyClick(topic, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: [note.topic for note in all_of(journal, SellerNote)] == ["By keyboard"])
    labels_ = [item.text for item in page.commands().palette_items()]
    assert {"Write down a call", "Merge another shop into this one", "Pin a note"} <= set(labels_)


def test_a_seller_that_is_gone_says_so(plain_frame: Frame, qtbot: QtBot, journal: Journal, seller: str) -> None:
    page = open_page(plain_frame, qtbot, seller)
    with journal.entry("Delete") as work:
        work.remove(work.get(Seller, seller))
    qtbot.waitUntil(lambda: any("does not exist" in text for text in labels(page)))
    page.flush()
    journal.undo()
    qtbot.waitUntil(lambda: page.isAncestorOf(page.head))
    assert not any("does not exist" in text for text in labels(page))


@pytest.mark.parametrize("form", list(NoteForm))
def test_every_kind_of_note_can_be_written(
    plain_frame: Frame, qtbot: QtBot, seller: str, journal: Journal, form: NoteForm
) -> None:
    page = open_page(plain_frame, qtbot, seller)
    page.note.begin(form)
    page.note.above.show_values({"topic": f"t {form.value}"})
    page.note.save()
    qtbot.waitUntil(lambda: len(all_of(journal, SellerNote)) == 1)
    assert all_of(journal, SellerNote)[0].form is form
    qtbot.waitUntil(lambda: len(page.timeline.cards()) == 1)
