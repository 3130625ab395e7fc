"""The demo where nobody can see a window: the real window drawn offscreen, and the papers that it makes, as files."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QElapsedTimer, QEventLoop, QSize, QTimer
from PySide6.QtGui import QImage

from escalation_desk.casework.refusal import Fault
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.views import VIEWS, Now
from escalation_desk.desktop.look.theme import Scheme, Theme
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.printing import write_pdf
from escalation_desk.desktop.session import Session
from escalation_desk.desktop.shell import logs
from escalation_desk.desktop.starting import application
from escalation_desk.documents.case_summary import Form
from escalation_desk.documents.leaving import Leave, export_cases, export_list
from escalation_desk.i18n import LANGUAGES, _, language, set_language
from escalation_desk.journal import place, reading, sample, sample_desk
from escalation_desk.journal.desk import open_desk, profile_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication, QWidget

    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal

_SIZE: Final = QSize(1440, 900)
_STILL_FOR: Final = 4
"""So many looks in a row, and nothing has changed: all that was asked for has come."""
_LOOK_EVERY: Final = 80
_PATIENCE: Final = 8_000


def show(folder: Path) -> Iterator[str]:
    """Do what a person would do with the demo, and tell line by line what has been made."""
    hold = place.Hold(folder)
    logs.begin(folder)
    try:
        journal = open_desk(folder, sample_desk.passphrase)
        try:
            yield from _show(journal, _new_place(folder / "shown"))
        finally:
            journal.close()
    finally:
        hold.release()
        logs.end()


def _new_place(there: Path) -> Path:
    try:
        shutil.rmtree(there, ignore_errors=True)
        there.mkdir()
    except OSError as error:
        raise Fault(_("The folder {folder} cannot be used: {error}.", folder=there, error=error.strerror)) from error
    return there


def _show(journal: Journal, there: Path) -> Iterator[str]:
    made = journal.reader()
    try:
        shown = sample.shown()
        case_id = reading.case_id(made, shown["case"])
        seller = reading.find(made, Seller, shown["seller"])
    finally:
        made.close()
    app = application()
    yield _("Everything is in {folder}:", folder=there)
    yield from _write_papers(journal, there, case_id)
    own = language()
    taken = _take_pictures(app, journal, there, case_id, seller.id if seller else "")
    set_language(own)
    yield _("  {n} screenshots: {names} …", n=len(taken), names=", ".join(taken[:4]))


# --- screenshots ---


def _take_pictures(app: QApplication, journal: Journal, there: Path, case_id: str, seller_id: str) -> list[str]:
    """Look at five pages in three languages, by day and by night; answer the names of the files."""
    app.setCursorFlashTime(0)  # A caret that blinks would never let the window be still.
    theme = Theme(app)
    session = Session(journal, theme)
    looks: dict[str, Callable[[Desk], None]] = {
        "today": lambda desk: desk.open_place("today"),
        "board": lambda desk: desk.open_place("board"),
        "queue": lambda desk: desk.open_place("queue", "all-live"),
        "case": lambda desk: desk.open_case(case_id),
        "seller": lambda desk: desk.open_seller(seller_id),
    }
    taken = []
    for code in LANGUAGES:
        if code != language():
            session.speak(code)
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            theme.choose(scheme)
            for name, go in looks.items():
                taken.append(f"{name}-{code}-{scheme}.png")
                _picture(session, go, there / taken[-1])
            _close_tabs(session.desk)
    session.close()
    return taken


def _picture(session: Session, go: Callable[[Desk], None], path: Path) -> None:
    desk = session.desk
    assert desk is not None  # noqa: S101 - the sample has a profile, so there is no first page; for the type checker.
    desk.resize(_SIZE)
    go(desk)
    if not _when_still(desk).save(str(path)):
        raise Fault(_("The file {file} cannot be written.", file=path))


def _when_still(window: QWidget) -> QImage:
    """Wait until everything that was asked for has come, which is when nothing changes any more."""
    waited, still, before = QElapsedTimer(), 0, QImage()
    waited.start()
    while still < _STILL_FOR and waited.elapsed() < _PATIENCE:
        _let_run(_LOOK_EVERY)
        now = window.grab().toImage()
        still = still + 1 if now == before else 0
        before = now
    return before


def _let_run(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _close_tabs(desk: Desk | None) -> None:
    for key in desk.tabs.keys() if desk else ():
        page = desk.tabs.page(key) if desk else None
        if desk and page is not None:
            desk.tabs.close_page(page)


# --- papers ---


def _write_papers(journal: Journal, there: Path, case_id: str) -> Iterator[str]:
    """Write what leaves the desk by the same functions as the menus do."""
    for code in LANGUAGES:
        word = there / f"case-summary-{code}.docx"
        export_cases(journal, [case_id], word, Form(language=code), Leave())
        yield _("  {file}: the summary of a case in Word", file=word.name)
    pdf = there / "case-summary-en.pdf"
    write_pdf(journal, [case_id], pdf, Form(language="en"), Leave())
    yield _("  {file}: the same as it is printed", file=pdf.name)
    me = profile_of(journal)
    clock = Clock.of(me, journal.now())
    view = VIEWS["all-live"]
    excel = there / "queue.xlsx"
    listed = export_list(journal, view.query(Now(me.id, clock.now, clock.day_end)), excel, _(view.label))
    yield _("  {file}: the queue in Excel, {rows} rows", file=excel.name, rows=listed.items)
