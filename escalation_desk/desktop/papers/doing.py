"""Does long exports beside the window: a strip shows how far they are and can stop them, a sentence how they ended.

Lists and Word files are written by a process of their own, and a thread waits for it. Pages are laid out on a thread of
the window's process, because Qt draws them: what takes long there lets go of the interpreter, and where it does not, it
changes threads a few hundred times a second meanwhile, so that the window gets its turn.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog

from escalation_desk.documents.files import Cancelled
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from escalation_desk.desktop.pages import Frame, Progress

T = TypeVar("T")
_QUICK: Final = 0.0005
_FOLDER: Final = "papers.folder"
PATTERN: Final = "papers.pattern"
_DEFAULT_PATTERN: Final = "{document} {subject} {day}"
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys('<>:"/\\|?*', "-"))


def beside(frame: Frame, title: str, work: Callable[[Progress], T], then: Callable[[T], None]) -> None:
    """Do long work beside the window; `then` gets what it answers, unless it was stopped or refused."""
    strip = frame.progress(title, lambda: None)

    def stoppable() -> T | None:
        try:
            with _quick_changes():
                return work(strip)
        except Cancelled:
            return None

    def done(answer: T | None) -> None:
        strip.end()
        if answer is None:
            frame.tell(_("The export was stopped; nothing of it stays."))
        else:
            then(answer)

    def refused(sentence: str) -> None:
        strip.end()
        frame.tell(sentence, "refused")

    frame.verbs.beside(stoppable, done, refused=refused)


class _Interval:
    """Counts who wants quick changes: the interval is one for the whole program, and exports may overlap."""

    lock = threading.Lock()
    wanted = 0
    before = 0.005


@contextmanager
def _quick_changes() -> Iterator[None]:
    with _Interval.lock:
        if not _Interval.wanted:
            _Interval.before = sys.getswitchinterval()
            sys.setswitchinterval(_QUICK)
        _Interval.wanted += 1
    try:
        yield
    finally:
        with _Interval.lock:
            _Interval.wanted -= 1
            if not _Interval.wanted:
                sys.setswitchinterval(_Interval.before)


def file_name(frame: Frame, document: str, subject: str, suffix: str) -> str:
    """Name a file by the desk's pattern: what it is, what it is about (a number, never a person), the day."""
    pattern = str(frame.kept.get(PATTERN) or _DEFAULT_PATTERN)
    day = _local_day(frame.verbs.journal.now())
    name = pattern.replace("{document}", document).replace("{subject}", subject).replace("{day}", day)
    return " ".join(name.translate(_NOT_IN_NAMES).split())[:150] + suffix


def _local_day(now: datetime) -> str:
    return f"{now.astimezone():%Y-%m-%d}"


def ask_where(frame: Frame, title: str, offered: str, kinds: str) -> Path | None:
    """Ask for the file to write; the folder of the last one is offered again."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = Path(str(frame.kept.get(_FOLDER) or documents or Path.home()))
    chosen, _kind = QFileDialog.getSaveFileName(frame.window(), title, str(folder / offered), kinds)
    if not chosen:
        return None
    path = Path(chosen)
    if not path.suffix:
        path = path.with_name(path.name + Path(offered).suffix)
    frame.kept.put(_FOLDER, str(path.parent))
    return path
