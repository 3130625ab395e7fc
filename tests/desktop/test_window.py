from __future__ import annotations

import gc
import json
import logging
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.case.new_case import NewCase
from escalation_desk.desktop.commands import clashes
from escalation_desk.desktop.forward import come_forward
from escalation_desk.desktop.importing.dialog import ImportDialog
from escalation_desk.desktop.menus import COMMANDS, MENUS
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.desktop.settings import SETTINGS
from escalation_desk.desktop.shell import logs
from escalation_desk.desktop.shell.door import Door
from escalation_desk.desktop.shell.passphrase import PassphraseDialog
from escalation_desk.desktop.shell.settings_dialog import SettingsDialog
from escalation_desk.desktop.shell.tabs import Tabs
from escalation_desk.desktop.shell.text_undo import TextUndo
from escalation_desk.i18n import language
from escalation_desk.journal import place, reading
from tests.desktop.sitting import desk_of, rows, settled, sitting, titles

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.look.theme import Theme
    from escalation_desk.desktop.session import Session
    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal


def test_the_commands_of_the_window_are_sound() -> None:
    assert clashes(COMMANDS, MENUS) == []


def test_every_place_has_its_live_count(desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot) -> None:
    def counts() -> dict[str, int]:
        panel = desk.places
        return {e.view: panel.item(at).data(257) for at, e in enumerate(panel.entries()) if e.view}

    qtbot.waitUntil(lambda: counts().get("mine") == 2 and counts()["high-risk"] == 1)
    assert (counts()["overdue"], counts()["unassigned"], counts()["everything"]) == (1, 1, 5)

    with journal.entry("Take over") as work:
        me = journal.profile
        assert me is not None
        work.get(Case, ids["press"]).owner = me.id

    qtbot.waitUntil(lambda: (counts()["mine"], counts()["unassigned"]) == (3, 0))


def test_an_act_is_offered_back_by_name_and_the_keys_take_it_back(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: desk.undoing.standing.waiting > 0)
    with journal.entry("Call it {title}", title="X") as work:
        work.get(Case, ids["press"]).title = "X"
    qtbot.waitUntil(lambda: desk.toast.isVisible() and "X" in titles(desk))
    assert desk.toast.label.text() == "Call it X"
    assert desk.commands.action("undo").text() == "Undo: Call it X"

    desk.queue.table.setFocus()
    QTest.keyClick(desk.queue.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: "Press asks" in titles(desk))
    assert desk.foot.sentence.text() == "Undone: Call it X"
    qtbot.waitUntil(lambda: desk.commands.action("redo").text() == "Redo: Call it X")
    desk.commands.run("redo")
    qtbot.waitUntil(lambda: "X" in titles(desk))


def test_the_notice_of_an_act_lies_neither_on_the_case_nor_on_the_bar_under_the_list(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    def act(title: str) -> QRect:
        with journal.entry("Call it {title}", title=title) as work:
            work.get(Case, ids["press"]).title = title
        qtbot.waitUntil(lambda: desk.toast.label.text() == f"Call it {title}" and desk.toast.isVisible())
        return desk.toast.geometry()

    def room(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(desk, QPoint(0, 0)), widget.size())

    qtbot.waitUntil(lambda: desk.undoing.standing.waiting > 0)
    desk.queue.table.selectAll()
    desk.open_case(ids["refund"])
    qtbot.waitUntil(lambda: desk.tabs.isVisible() and desk.queue.beside.bulk.isVisible())
    noticed = act("X")
    assert desk.rect().contains(noticed)
    assert not noticed.intersects(room(desk.tabs))
    assert not noticed.intersects(room(desk.queue.beside.bulk))
    assert not noticed.intersects(room(desk.foot))

    desk.zones.show_list(shown=False)  # The case has the whole window: its foot is where people write.
    qtbot.waitUntil(lambda: room(desk.tabs).left() == 0)
    assert act("A longer name").bottom() < desk.height() // 4


def test_a_text_field_undoes_its_own_words_before_the_desk_undoes_an_act(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    guard = TextUndo(app)
    with journal.entry("Rename") as work:
        work.get(Case, ids["press"]).title = "Renamed"
    qtbot.waitUntil(lambda: desk.undoing.standing.undo == "Rename")
    desk.activateWindow()
    field = desk.queue.head.quick
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "abc")

    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == ""
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: desk.undoing.standing.redo == "Rename")
    app.focusChanged.disconnect(guard._watch)
    field.removeEventFilter(guard)


def test_a_key_that_goes_to_a_place_lets_the_keys_work_in_it_at_once(
    desk: Desk, ids: dict[str, str], qtbot: QtBot
) -> None:
    desk.activateWindow()
    desk.open_place("today")
    desk.commands.run("go.mine")
    qtbot.waitUntil(lambda: desk.queue.table.hasFocus() and len(titles(desk)) == 2)
    QTest.keyClick(desk.queue.table, Qt.Key.Key_J)
    QTest.keyClick(desk.queue.table, Qt.Key.Key_J)
    assert titles(desk) == ["Parcel lost", "Refund refused"]
    assert desk.queue.table.current_id() == ids["refund"]


def test_a_command_with_two_keys_stands_in_the_palette_once(desk: Desk) -> None:
    offered = [item.text for item in desk.commands.palette_items()]
    assert offered.count("Filter this list") == 1
    assert [text for text in set(offered) if offered.count(text) > 1] == []


def test_a_refusal_is_said_where_people_look_and_changes_nothing(desk: Desk, qtbot: QtBot) -> None:
    def refuse(_work: Any) -> None:
        raise Refused("Somebody else owns it; take it over first.")

    desk.verbs.do("Try", refuse)

    qtbot.waitUntil(lambda: desk.toast.label.text() == "Somebody else owns it; take it over first.")
    assert desk.foot.sentence.text() == "Somebody else owns it; take it over first."


def test_the_foot_says_how_much_no_server_has(desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desk.foot.waiting.text() == "local, 2 changes not sent")
    with journal.entry("Rename") as work:
        work.get(Case, ids["press"]).title = "Renamed"

    qtbot.waitUntil(lambda: desk.foot.waiting.text() == "local, 3 changes not sent")
    assert desk.foot.saved.text() == "Saved"


def test_long_work_shows_how_far_it_is_and_can_be_stopped(desk: Desk, qtbot: QtBot) -> None:
    stopped: list[bool] = []
    strip = desk.progress("Importing a.csv", lambda: stopped.append(True))
    strip.at(120, 400)
    shown = desk.strips.findChild(QWidget, "")
    qtbot.waitUntil(lambda: any("120 of 400" in text for text in _texts(desk.strips)))

    strip.cancel()  # type: ignore[attr-defined]  # what its button does.

    assert (strip.cancelled, stopped) == (True, [True])
    strip.end()
    qtbot.waitUntil(lambda: not _texts(desk.strips))
    assert shown is not None


def test_everything_is_as_it_was_left_without_being_closed(
    journal: Journal, ids: dict[str, str], theme: Theme, qtbot: QtBot
) -> None:
    with sitting(journal, theme, qtbot) as session:
        desk = desk_of(session)
        qtbot.waitUntil(lambda: desk.later.begun)
        desk.open_place("queue", "everything")
        qtbot.waitUntil(lambda: len(rows(desk)) == 5)
        desk.queue.pick("status", ('"open"',))
        desk.queue._group("priority")
        desk.queue.table.columns.show_column("amount", shown=True)
        desk.resize(790, 703)
        qtbot.waitUntil(
            lambda: "everything" in str(_kept(journal, "look")) and bool(_kept(journal, "columns:everything"))
        )
        qtbot.waitUntil(lambda: bool(_kept(journal, "geometry")))
        session.kept._dirty.clear()  # From here on the program could fall.

    with sitting(journal, theme, qtbot) as again:
        desk = desk_of(again)
        qtbot.waitUntil(lambda: settled(desk) and len(rows(desk)) == 2)
        assert desk.queue.view.code == "everything"
        assert desk.queue.look.picks == {"status": ('"open"',)}
        assert desk.queue.look.group == "priority"
        assert "amount" in desk.queue.columns.shown()
        assert (desk.width(), desk.height()) == (790, 703)


def test_another_language_comes_at_once_and_is_that_of_the_profile(
    session: Session, journal: Journal, qtbot: QtBot
) -> None:
    before = session.desk

    session.settings.choose("language", "vi")

    qtbot.waitUntil(lambda: session.desk is not before)
    assert language() == "vi"
    me = journal.profile
    assert me is not None
    assert str(me.locale) == "vi"
    qtbot.waitUntil(lambda: settled(desk_of(session)) and len(rows(desk_of(session))) == 4)


def test_every_setting_has_its_box_and_holds_at_once(session: Session, qtbot: QtBot) -> None:
    dialog = SettingsDialog(desk_of(session), session.settings)
    qtbot.addWidget(dialog)
    assert set(dialog.boxes) == {setting.name for setting in SETTINGS}

    dialog.boxes["scheme"].setCurrentIndex(dialog.boxes["scheme"].findData("dark"))

    assert session.theme.dark
    dialog.boxes["density"].setCurrentIndex(dialog.boxes["density"].findData("compact"))
    assert desk_of(session).queue.table.verticalHeader().defaultSectionSize() < 30


def test_a_new_case_has_an_owner_and_is_opened(desk: Desk, journal: Journal, qtbot: QtBot) -> None:
    desk.commands.run("case.new")
    asked = desk.findChildren(NewCase)[-1]
    asked.title.setText("Lost parcel")
    asked.make.click()

    qtbot.waitUntil(lambda: "Lost parcel" in titles(desk))
    made = journal.reader()
    cases = [case for case in reading.all_of(made, Case) if case.title == "Lost parcel"]
    made.close()
    assert [case.owner for case in cases] == [desk.verbs.me.id]


def test_a_file_is_imported_in_three_steps_and_undone_whole(
    desk: Desk, journal: Journal, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "tracker.csv"
    path.write_text("ticket,subject,what now\n7,Đơn hàng,chờ\n8,Refund,\n", "utf-8")
    desk.import_files([path])
    dialog = desk.findChildren(ImportDialog)[-1]
    qtbot.waitUntil(dialog.next.isEnabled, timeout=20_000)
    dialog.columns._boxes["what now"].setCurrentIndex(dialog.columns._boxes["what now"].findData("tags"))
    dialog.next.click()
    qtbot.waitUntil(lambda: dialog.steps.currentIndex() == 2, timeout=20_000)
    assert dialog.outcome._numbers["created"].text() == "2"
    assert not any(title == "Refund" for title in titles(desk)), "looking ahead writes nothing"

    dialog._import.click()

    qtbot.waitUntil(lambda: "Refund" in titles(desk), timeout=20_000)
    qtbot.waitUntil(lambda: desk.foot.sentence.text() == "tracker.csv: 2 new, 0 changed, 0 the same, 0 refused.")
    made = journal.reader()
    tagged = {case.title: set(case.tags) for case in reading.all_of(made, Case) if case.crm_number}
    made.close()
    assert tagged == {"Đơn hàng": {"chờ"}, "Refund": set()}
    qtbot.waitUntil(lambda: desk.undoing.standing.undo == "Import tracker.csv")
    desk.verbs.undo()
    qtbot.waitUntil(lambda: "Refund" not in titles(desk))


def test_a_file_that_is_no_export_is_refused_with_a_sentence(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "picture.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    desk.import_files([path])
    dialog = desk.findChildren(ImportDialog)[-1]

    qtbot.waitUntil(lambda: "picture.xlsx" in dialog.said.text(), timeout=20_000)

    assert not dialog.next.isEnabled()
    dialog.reject()


def test_a_file_dropped_on_the_window_is_looked_over(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "dropped.csv"
    path.write_text("ticket,subject\n7,Refund\n", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

    # Qt sends a drop only where its own dragging led; the window takes it in the same place.
    desk.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))

    qtbot.waitUntil(lambda: bool(desk.findChildren(ImportDialog)))
    dialog = desk.findChildren(ImportDialog)[-1]
    qtbot.waitUntil(dialog.next.isEnabled, timeout=20_000)
    dialog.reject()


def test_an_answer_for_a_page_that_was_closed_meanwhile_is_dropped(desk: Desk, qtbot: QtBot) -> None:
    page = Page("gone")
    heard: list[object] = []
    release = threading.Event()

    def question(_made: object) -> str:
        release.wait(5)
        return "answer"

    desk.verbs.ask(question, lambda answer: heard.append((page.title(), answer)))
    shiboken6.delete(page)
    release.set()
    desk.verbs.ask(lambda _made: "other", heard.append)

    qtbot.waitUntil(lambda: "other" in heard)
    qtbot.wait(50)
    assert heard == ["other"]


class Page(QWidget):
    """A page of a tab, for the tabs alone."""

    icon = "queue"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.flushed = False

    def title(self) -> str:
        return self.name

    def flush(self) -> None:
        self.flushed = True


def test_a_tab_keeps_what_was_typed_before_it_goes_and_shows_ampersands(qtbot: QtBot) -> None:
    tabs = Tabs()
    qtbot.addWidget(tabs)
    first, second = Page("A & B"), Page("C")
    tabs.add("case:1", first)
    tabs.add("case:2", second)
    assert (tabs.tabText(0), tabs.current_key()) == ("A && B", "case:2")

    tabs.close_at(0)

    assert first.flushed
    assert tabs.keys() == ["case:2"]


def test_the_fortieth_tab_closes_none_and_nothing_typed_is_lost(desk: Desk, journal: Journal, qtbot: QtBot) -> None:
    with journal.entry("Many") as work:
        cases = [work.add(Case(title=f"Case {n}")).id for n in range(40)]
    desk.open_case(cases[0])
    first = desk.tabs.page(f"case:{cases[0]}")
    assert isinstance(first, CaseEditor)
    qtbot.waitUntil(lambda: first.sight is not None)
    first.composer.editor.insertPlainText("Typed before the others came")

    for case in cases[1:]:
        desk.open_case(case)

    keys = desk.tabs.keys()
    assert keys[-40:] == [f"case:{case}" for case in cases]
    assert desk.tabs.page(f"case:{cases[0]}") is first
    assert first.composer.editor.text() == "Typed before the others came"


def test_a_backup_and_saving_do_not_wait_for_each_other(
    desk: Desk, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, saving = tmp_path / "elsewhere" / "copy.db", threading.Event()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_asked: (str(copy), ""))
    desk.verbs.run(saving.wait)

    desk.acts.back_up()

    qtbot.waitUntil(copy.exists)
    saving.set()


def test_a_second_window_on_a_folder_that_something_holds_is_refused_and_waits_for_nobody(tmp_path: Path) -> None:
    hold = place.Hold(tmp_path)

    second = _started(tmp_path)

    code, said = second.wait(60), second.communicate()[1]
    hold.release()
    assert code == 1
    assert said.startswith("Escalation Desk is already open on")
    assert said.count("\n") == 1


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_a_second_start_brings_the_window_forward_that_is_there(session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    hold, door, window = place.Hold(tmp_path), Door(tmp_path), session.window
    assert window is not None
    door.knocked.connect(lambda: come_forward(window))
    window.showMinimized()

    with qtbot.waitSignal(door.knocked, timeout=60_000):
        second = _started(tmp_path)

    qtbot.waitUntil(lambda: second.poll() is not None, timeout=60_000)
    hold.release()
    assert (second.returncode, window.isMinimized(), window.isVisible()) == (1, False, True)
    assert second.communicate()[1].startswith("Escalation Desk is already open on")
    assert not (tmp_path / "window.knock").exists()


def test_without_a_display_a_window_is_refused_in_one_sentence(tmp_path: Path) -> None:
    second = _started(tmp_path, screens=())

    assert second.wait(60) == 1
    assert second.communicate()[1] == (
        "There is no display to show a window on; the commands work without one (--help).\n"
    )


def _started(folder: Path, screens: tuple[str, ...] = ("QT_QPA_PLATFORM=offscreen",)) -> subprocess.Popen[str]:
    """Start the program as a script does."""
    without = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    named = dict(one.split("=") for one in screens)
    return subprocess.Popen(
        [sys.executable, "-m", "escalation_desk", "--data", str(folder)],
        env={name: value for name, value in os.environ.items() if name not in without} | named,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_a_new_passphrase_is_typed_twice_and_long_enough(qtbot: QtBot) -> None:
    dialog = PassphraseDialog(new=True)
    qtbot.addWidget(dialog)
    dialog.first.setText("short")
    dialog.accept()
    assert dialog._said.text() == "Choose a passphrase of at least 8 characters."
    dialog.first.setText("long enough")
    dialog.accept()
    assert dialog._said.text() == "The two are not the same; type them again."
    dialog.again.setText("long enough")

    with qtbot.waitSignal(dialog.accepted):
        dialog.accept()


def test_the_log_says_where_something_failed_and_nothing_about_anybody(tmp_path: Path) -> None:
    logs.begin(tmp_path)
    try:
        int("Nguyễn Văn An, 0901234567")
    except ValueError:
        logging.getLogger("escalation_desk.desktop.verbs").exception("a task of the window failed")
    finally:
        logs.end()

    written = (tmp_path / "logs" / "desk.log").read_text("utf-8")
    assert "ValueError" in written
    assert "test_window.py" in written
    assert "Nguyễn" not in written


def _texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(PlainLabel)]


def _kept(journal: Journal, name: str) -> Any:
    made = journal.reader()
    row = made.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    made.close()
    return json.loads(row[0]) if row else None


def test_what_follows_the_first_page_comes_by_itself_and_an_early_key_is_not_lost(
    journal: Journal, ids: dict[str, str], theme: Theme, qtbot: QtBot
) -> None:
    with sitting(journal, theme, qtbot) as session:
        desk = desk_of(session)
        assert not desk.later.begun
        assert "search" not in vars(desk)

        desk.commands.run("search")

        assert desk.focusWidget() in {desk.search, *desk.search.findChildren(QWidget)}
        with qtbot.waitSignal(desk.later.done):
            pass
        assert gc.isenabled()
        qtbot.waitUntil(lambda: desk.undoing.standing.waiting > 0)
