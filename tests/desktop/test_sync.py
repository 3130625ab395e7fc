"""What the window shows of a shared desk: signing in, how it stands, what waits, conflicts and who else is there."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from escalation_desk.casework.case import Case
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.look.icons import ICONS
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.desktop.shell.strips import Strip
from escalation_desk.desktop.sync.place import SyncPlace
from escalation_desk.desktop.sync.sign_in import SignInDialog
from escalation_desk.desktop.sync.sign_out import _sign_out
from escalation_desk.desktop.sync.signs import shown
from escalation_desk.i18n import LANGUAGES, set_language, speaking
from escalation_desk.journal import reading
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.sharing import outbox
from escalation_desk.sync import joining
from escalation_desk.sync.engine import Engine
from escalation_desk.sync.keys import Keeper
from escalation_desk.sync.standing import Link, Standing
from tests.desktop.sitting import desk_of, rows, sitting
from tests.loopback import PASSWORD, Loopback
from tests.server.conftest import TEMPLATE, cluster  # noqa: F401 - fixtures are found by being here.

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.look.theme import Theme
    from escalation_desk.desktop.session import Session
    from escalation_desk.desktop.window import Desk
    from escalation_desk.server.trial import Trial

PATIENCE = 20_000


@pytest.fixture(scope="module")
def served(cluster: Trial, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:  # noqa: F811 - as above.
    name = "desk_window"
    with psycopg.connect(cluster.url().replace("+psycopg", ""), autocommit=True) as made:
        made.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        server = Loopback(cluster.url(name), tmp_path_factory.mktemp("server"))
        server.person("linh", "Nguyễn Hà Linh")
        server.person("bao", "Trần Quốc Bảo")
        server.start()
        yield server
        server.close()
        made.execute(f"DROP DATABASE {name} WITH (FORCE)")


def workplace(folder: Path, served: Loopback, login: str) -> Journal:
    """Give somebody a desk of this server."""
    journal = Journal(folder, bytes(32))
    joining.sign_in(journal, served.url, login, PASSWORD)
    return journal


@pytest.fixture
def mine(tmp_path: Path, served: Loopback) -> Iterator[Journal]:
    journal = workplace(tmp_path / "mine", served, "linh")
    yield journal
    journal.close()


@pytest.fixture
def shared(mine: Journal, theme: Theme, qtbot: QtBot) -> Iterator[Desk]:
    with sitting(mine, theme, qtbot) as session:
        desk = desk_of(session)
        qtbot.waitUntil(lambda: synced(session), timeout=PATIENCE)
        yield desk


class Colleague:
    """A workstation without a window."""

    def __init__(self, folder: Path, served: Loopback, login: str) -> None:
        self.journal = workplace(folder, served, login)
        self.client = joining.client(self.journal)
        self._engine = Engine(self.journal, self.client)

    def sync(self) -> None:
        self._engine.exchange()

    def edit(self, case: str, **values: object) -> None:
        self.sync()
        change(self.journal, case, **values)
        self.sync()

    def close(self) -> None:
        self._engine.close()
        self.client.close()
        self.journal.close()


@pytest.fixture
def bao(tmp_path: Path, served: Loopback) -> Iterator[Colleague]:
    made = Colleague(tmp_path / "bao", served, "bao")
    yield made
    made.close()


def new_case(journal: Journal, **values: Any) -> str:
    with journal.entry("New case {title}", title="Parcel lost") as work:
        return work.add(Case(**{"title": "Parcel lost", **values})).id


def change(journal: Journal, case: str, **values: object) -> None:
    with journal.entry("Change {case}", case="Parcel lost") as work:
        record = work.get(Case, case)
        for name, value in values.items():
            setattr(record, name, value)


def seen(journal: Journal, case: str) -> Case | None:
    with journal.writing() as made:
        try:
            return reading.record(made, Case, case)
        except Refused:
            return None


def quiet(desk: Desk) -> bool:
    """Tell whether everything was sent."""
    with desk.verbs.journal.writing() as made:
        return standing_of(desk).link == "synced" and not outbox.count_waiting(made)


def disagree(desk: Desk, bao: Colleague, qtbot: QtBot, **values: tuple[str, str]) -> str:
    """Let both change the same while they do not hear each other; answer the case."""
    journal = desk.verbs.journal
    case = new_case(journal, **dict.fromkeys(values, "before"))
    qtbot.waitUntil(lambda: quiet(desk), timeout=PATIENCE)
    desk.link.pause()
    bao.edit(case, **{name: theirs for name, (_mine, theirs) in values.items()})
    change(journal, case, **{name: mine for name, (mine, _theirs) in values.items()})
    desk.link.nudge()
    qtbot.waitUntil(lambda: standing_of(desk).conflicts == len(values), timeout=PATIENCE)
    return case


def standing_of(desk: Desk) -> Standing:
    assert desk.link.standing is not None
    return desk.link.standing


def sync_page(desk: Desk, qtbot: QtBot) -> SyncPlace:
    desk.acts.go("sync")
    page = desk.middle.currentWidget()
    assert isinstance(page, SyncPlace)
    return page


def test_a_desk_of_ones_own_loads_nothing_of_the_server_and_has_no_place_for_it(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "search" in vars(desk))
    assert "sync" not in [entry.place for entry in desk.places.entries()]
    assert not desk.commands.action("go.sync").isEnabled()
    assert desk.foot.waiting.text()


def test_the_window_starts_without_what_speaks_with_a_server() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, escalation_desk.desktop.starting; print(*sys.modules, sep='\\n')"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert "escalation_desk.desktop.window" in told
    assert not [name for name in told if name.startswith(("httpx2", "zstandard", "escalation_desk.sync"))]


def test_the_foot_says_that_it_is_synced_and_leads_to_the_page(shared: Desk, qtbot: QtBot) -> None:
    assert "sync" in [entry.place for entry in shared.places.entries()]
    assert shared.sync.button.said.startswith("Synced")
    shared.sync.button.click()
    assert isinstance(shared.middle.currentWidget(), SyncPlace)


def test_signing_in_says_why_not_and_then_where_the_proof_lies(
    journal: Journal, theme: Theme, qtbot: QtBot, served: Loopback
) -> None:
    with sitting(journal, theme, qtbot) as session:
        desk = desk_of(session)
        qtbot.waitUntil(lambda: "search" in vars(desk))
        desk.commands.action("sign-in").trigger()
        (dialog,) = desk.findChildren(SignInDialog)
        dialog.address.setText(served.url)
        dialog.login.setText("linh")
        dialog.password.setText("not this one")
        QTest.keyClick(dialog.password, Qt.Key.Key_Return)
        qtbot.waitUntil(dialog.signs_in.isEnabled, timeout=PATIENCE)
        assert dialog.said.text()
        said: list[str] = []
        desk.verbs.said.connect(lambda sentence, _kind: said.append(sentence))
        dialog.password.setText(PASSWORD)
        QTest.keyClick(dialog.password, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: synced(session), timeout=PATIENCE)
        # On a busy computer something else may be said after it, before anybody looks at the toast.
        qtbot.waitUntil(lambda: any("Nguyễn Hà Linh. " in sentence for sentence in said), timeout=PATIENCE)
        now = desk_of(session)
        assert now is not desk
        _who, where = next(one for one in said if "Nguyễn Hà Linh. " in one).split("Nguyễn Hà Linh. ")
        assert where in whereabouts(journal)
        assert now.verbs.me.full_name == "Nguyễn Hà Linh"


def whereabouts(journal: Journal) -> set[str]:
    """Say where the proof lies, in every language: the window speaks that of the profile, or the one before it."""
    said = set()
    for code in LANGUAGES:
        with speaking(code):
            said.add(Keeper(journal).where())
    return said


def test_what_was_said_is_still_to_be_read_when_the_window_opens_anew(
    journal: Journal, theme: Theme, qtbot: QtBot
) -> None:
    with sitting(journal, theme, qtbot) as session:
        before = desk_of(session)
        before.verbs.said.emit("The file is there.", "refused")
        assert before.toast.label.text() == "The file is there."
        session.speak("vi")
        now = desk_of(session)
        assert now is not before
        assert now.toast.label.text() == "The file is there."


def test_an_edit_is_told_without_pressing_anything_and_anothers_is_seen(
    shared: Desk, bao: Colleague, qtbot: QtBot
) -> None:
    case = new_case(shared.verbs.journal)
    qtbot.waitUntil(lambda: quiet(shared), timeout=PATIENCE)
    bao.edit(case, title="Parcel found")

    def is_seen() -> bool:
        here = seen(shared.verbs.journal, case)
        return here is not None and here.title == "Parcel found"

    qtbot.waitUntil(is_seen, timeout=PATIENCE)


def test_a_conflict_is_settled_by_one_key_and_taken_back_by_another(shared: Desk, bao: Colleague, qtbot: QtBot) -> None:
    case = disagree(shared, bao, qtbot, title=("mine", "theirs"))
    assert "1 conflict" in shared.sync.button.said
    page = sync_page(shared, qtbot)
    qtbot.waitUntil(lambda: len(page.cards) == 1)
    (card,) = page.cards
    texts = [label.text() for label in card.findChildren(PlainLabel)]
    assert {"before", "mine", "theirs"} <= set(texts)
    assert any(text.startswith("Trần Quốc Bảo, ") for text in texts)
    QTest.keyClick(card, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: not page.cards, timeout=PATIENCE)
    assert title_of(shared, case) == "mine"
    shared.commands.action("undo").trigger()
    qtbot.waitUntil(lambda: len(page.cards) == 1, timeout=PATIENCE)
    assert title_of(shared, case) == "theirs"
    QTest.keyClick(page.cards[0], Qt.Key.Key_T)
    qtbot.waitUntil(lambda: not page.cards, timeout=PATIENCE)
    assert title_of(shared, case) == "theirs"
    qtbot.waitUntil(lambda: standing_of(shared).conflicts == 0 and quiet(shared), timeout=PATIENCE)


def title_of(desk: Desk, case: str) -> str:
    here = seen(desk.verbs.journal, case)
    assert here is not None
    return here.title


def test_the_case_itself_offers_the_ways_out(shared: Desk, bao: Colleague, qtbot: QtBot) -> None:
    case = disagree(shared, bao, qtbot, title=("mine", "theirs"))
    shared.open_case(case)
    page = shared.tabs.currentWidget()
    assert isinstance(page, CaseEditor)
    qtbot.waitUntil(lambda: page.standing.shown("conflict:") != [], timeout=PATIENCE)
    notice = page.standing.notice(page.standing.shown("conflict:")[0])
    assert notice is not None
    assert "“theirs”" in notice.sentence
    assert "“mine”" in notice.sentence
    assert [one.text() for one in notice.buttons] == ["Take mine", "Take theirs", "Compare"]
    notice.buttons[0].click()
    qtbot.waitUntil(lambda: page.standing.shown("conflict:") == [], timeout=PATIENCE)
    assert title_of(shared, case) == "mine"
    qtbot.waitUntil(lambda: quiet(shared), timeout=PATIENCE)


def test_who_else_has_a_case_open_is_said_on_it_and_in_the_list(shared: Desk, bao: Colleague, qtbot: QtBot) -> None:
    case = new_case(shared.verbs.journal, owner=shared.verbs.me.id)
    qtbot.waitUntil(lambda: quiet(shared), timeout=PATIENCE)
    shared.open_place("queue", "everything")
    shared.open_case(case)
    page = shared.tabs.currentWidget()
    assert isinstance(page, CaseEditor)
    bao.client.present(case)
    ask_again(shared, case)
    qtbot.waitUntil(lambda: page.standing.notice("present") is not None, timeout=PATIENCE)
    notice = page.standing.notice("present")
    assert notice is not None
    assert notice.sentence == "Trần Quốc Bảo has this case open"
    qtbot.waitUntil(lambda: notice.sentence in [row.note for row in rows(shared) if row.id == case], timeout=PATIENCE)
    assert bao.client.present(None)[case] == ["Nguyễn Hà Linh"]
    ask_again(shared, case)
    qtbot.waitUntil(lambda: page.standing.notice("present") is None, timeout=PATIENCE)


def ask_again(desk: Desk, case: str) -> None:
    """Look away and back: who is there is asked when another case is opened, and else every ten seconds."""
    desk.link.open(None)
    desk.link.open(case)


def test_what_waits_is_named_while_the_exchange_is_stopped_and_goes_when_it_goes_on(shared: Desk, qtbot: QtBot) -> None:
    page = sync_page(shared, qtbot)
    shared.link.pause()
    assert shared.sync.button.said == "Sync is stopped"
    new_case(shared.verbs.journal)
    qtbot.waitUntil(lambda: "New case Parcel lost" in texts(page.waiting), timeout=PATIENCE)
    page.standing.now.click()
    qtbot.waitUntil(lambda: "New case Parcel lost" not in texts(page.waiting), timeout=PATIENCE)
    qtbot.waitUntil(lambda: quiet(shared), timeout=PATIENCE)


def test_without_the_server_work_goes_on_and_the_foot_says_since_when(
    shared: Desk, served: Loopback, qtbot: QtBot
) -> None:
    served.stop()
    try:
        new_case(shared.verbs.journal)
        qtbot.waitUntil(lambda: shared.sync.button.said.startswith("Offline since"), timeout=PATIENCE)
        qtbot.waitUntil(lambda: "1 entry waits" in shared.sync.button.said, timeout=PATIENCE)
    finally:
        served.start()
    shared.link.nudge()
    qtbot.waitUntil(lambda: quiet(shared), timeout=PATIENCE)


def test_every_standing_has_a_sign_and_words_of_its_own(theme: Theme) -> None:
    said = [shown(Standing(link), UTC) for link in Link]
    assert len({one.text for one in said}) == len(Link)
    assert all(one.sign in ICONS for one in said)
    assert shown(Standing(Link.SYNCED, conflicts=2), UTC).text.endswith("2 conflicts")
    off = shown(Standing(Link.SYNCED, skew=timedelta(minutes=-7)), UTC)
    assert (off.sign, off.text.endswith("clock off by 7 minutes")) == ("clock", True)


def test_what_the_server_refused_is_told_with_the_reason_until_it_was_read(shared: Desk, qtbot: QtBot) -> None:
    journal = shared.verbs.journal
    new_case(journal)
    qtbot.waitUntil(lambda: quiet(shared), timeout=PATIENCE)
    said = {
        "state": "refused",
        "why": "You may not change what is in {scope}; ask its lead.",
        "places": {"scope": "ID"},
    }
    journal.local("UPDATE entry SET outcome = ? WHERE mid IS NOT NULL", (json.dumps(said),))
    page = sync_page(shared, qtbot)
    qtbot.waitUntil(lambda: "You may not change what is in ID; ask its lead." in texts(page.refused), timeout=PATIENCE)
    shared.link.count()
    qtbot.waitUntil(lambda: "1 entry refused" in shared.sync.button.said, timeout=PATIENCE)
    (read,) = page.refused.findChildren(QPushButton)
    read.click()
    qtbot.waitUntil(lambda: "The server has taken everything." in shown_texts(page.refused), timeout=PATIENCE)
    qtbot.waitUntil(lambda: "refused" not in shared.sync.button.said, timeout=PATIENCE)


def shown_texts(part: QWidget) -> list[str]:
    return [label.text() for label in part.findChildren(PlainLabel) if label.isVisible()]


def test_a_conflict_about_what_is_not_there_any_more_says_so_and_offers_nothing(
    shared: Desk, bao: Colleague, qtbot: QtBot
) -> None:
    case = disagree(shared, bao, qtbot, title=("mine", "theirs"))
    with shared.verbs.journal.entry("Remove") as work:
        work.remove(work.get(Case, case))
    page = sync_page(shared, qtbot)
    qtbot.waitUntil(lambda: [card for card in page.cards if card.one.why] != [], timeout=PATIENCE)
    (card,) = page.cards
    assert "removed, or it is restricted" in card.one.why
    assert not card.buttons


def test_signed_out_says_so_and_what_is_typed_waits(shared: Desk, qtbot: QtBot) -> None:
    _sign_out(shared.verbs.journal)
    shared.link.again()
    qtbot.waitUntil(lambda: shared.sync.button.said.startswith("Signed out"), timeout=PATIENCE)
    assert not shared.commands.action("sign-out").isEnabled()
    page = sync_page(shared, qtbot)
    assert page.standing.sign_in.isVisible()
    assert not page.standing.now.isVisible()
    new_case(shared.verbs.journal)
    qtbot.waitUntil(lambda: "1 entry waits" in shared.sync.button.said, timeout=PATIENCE)


def test_a_first_exchange_shows_how_far_it_is_and_can_be_stopped_and_gone_on_with(shared: Desk, qtbot: QtBot) -> None:
    shared.link.is_first = True
    shared.link.stands.emit(Standing(Link.AT_IT, read=5_000))
    (strip,) = shared.strips.findChildren(Strip)
    assert "5,000" in texts(strip)
    (cancel,) = strip.findChildren(QPushButton)
    cancel.click()
    assert not shared.link.running
    assert shared.sync.button.said == "Sync is stopped"
    qtbot.waitUntil(lambda: shared.strips.findChildren(Strip) == [])
    shared.link.nudge()
    qtbot.waitUntil(lambda: shared.link.running and quiet(shared), timeout=PATIENCE)
    assert not shared.link.is_first


def test_a_window_made_anew_takes_the_line_over(mine: Journal, theme: Theme, qtbot: QtBot) -> None:
    with sitting(mine, theme, qtbot) as session:
        qtbot.waitUntil(lambda: synced(session), timeout=PATIENCE)
        session.speak("vi")
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        desk = desk_of(session)
        qtbot.waitUntil(lambda: "sync" in vars(desk), timeout=PATIENCE)
        session.link.present.emit({"somewhere": ["Bảo"]})  # The old window hears nothing of it any more.
        assert desk.sync.button.said.startswith("Đồng bộ lúc")
    set_language("en")


def texts(part: QWidget) -> list[str]:
    return [label.text() for label in part.findChildren(PlainLabel)]


def synced(session: Session) -> bool:
    standing = session.link.standing
    return standing is not None and standing.link == "synced"
