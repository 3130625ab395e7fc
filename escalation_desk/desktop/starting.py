"""Opens the window on a folder: one at a time, the data unlocked, the first page painted before anything else loads."""

from __future__ import annotations

import gc
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLibraryInfo, QLocale
from PySide6.QtWidgets import QApplication

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.desktop.commands import TypingGuard
from escalation_desk.desktop.forward import come_forward
from escalation_desk.desktop.look.qt_words import QtWords
from escalation_desk.desktop.look.theme import STYLE, Theme
from escalation_desk.desktop.session import Session
from escalation_desk.desktop.shell import logs
from escalation_desk.desktop.shell.door import Door
from escalation_desk.desktop.shell.text_undo import TextUndo
from escalation_desk.i18n import LANGUAGES, set_language
from escalation_desk.journal import place
from escalation_desk.journal.desk import open_desk
from escalation_desk.journal.keys import WrongPassphrase

if TYPE_CHECKING:
    from escalation_desk.desktop.opening import Opening
    from escalation_desk.journal.journal import Journal

_log = logging.getLogger(__name__)
# A busy thread hands the interpreter over this soon; with Python's own 5 ms a window stutters (performance.md).
_SWITCH: Final = 0.0005
_UNSEEN: Final = {"offscreen", "minimal"}  # A box there waits for ever for somebody to close it.


def show(opening: Opening) -> int:
    """Show the window on what is being opened."""
    app = application()
    theme = Theme(app)
    set_language(spoken_here())
    opening.wait()
    try:
        return _show(app, theme, opening)
    finally:
        gc.enable()
        if opening.hold is not None:
            opening.hold.release()
        logs.end()


def application() -> QApplication:
    """Make the application, or take the one there is."""
    sys.setswitchinterval(_SWITCH)
    _mend_input_method()
    known = QApplication.instance()
    app = known if isinstance(known, QApplication) else _made()
    app.setApplicationName("escalation-desk")
    app.setApplicationDisplayName("Escalation Desk")
    app.setDesktopFileName("escalation-desk")
    app.installTranslator(QtWords(app))
    TypingGuard(app)
    TextUndo(app)
    return app


def _made() -> QApplication:
    # As an argument a style is Qt's own business; to hand one over, PySide first learns all that styles can do.
    app = QApplication([*sys.argv[:1], "-style", STYLE])
    app.setProperty("style", STYLE)
    return app


def spoken_here() -> str:
    """Name the language of the computer, until a profile says otherwise: the first one it wishes for that we speak."""
    # Qt is asked: Python knows only locales that are installed, and Windows names them in words of its own.
    wished = (name.partition("-")[0] for name in QLocale.system().uiLanguages())
    return next((code for code in wished if code in LANGUAGES), "en")


def _show(app: QApplication, theme: Theme, opening: Opening) -> int:
    journal = _opened(opening)
    if journal is None:
        return 1
    logs.begin(opening.folder)
    try:
        session, door = Session(journal, theme), Door(opening.folder)
        door.knocked.connect(lambda: come_forward(session.window))
        code = app.exec()
        session.close()
        return code
    finally:
        journal.close()


def _opened(opening: Opening) -> Journal | None:
    """Give the journal; where only a person knows the passphrase, ask, and ask again while it is wrong."""
    if opening.journal is not None:
        return opening.journal
    wrong = ""
    if isinstance(opening.refusal, WrongPassphrase):
        wrong = str(opening.refusal)
    elif opening.refusal is not None:
        called = isinstance(opening.refusal, place.AlreadyOpen) and place.knock(opening.folder)
        _say_no(str(opening.refusal), box=not called)
        return None
    return _asked(opening.folder, wrong)


def _asked(folder: Path, wrong: str) -> Journal | None:
    # Most desks are opened by the keyring; the dialog is loaded where it is needed.
    from escalation_desk.desktop.shell.passphrase import Asked

    asked = Asked(wrong)
    while True:
        try:
            return open_desk(folder, asked)
        except WrongPassphrase as sentence:
            asked.wrong = str(sentence)
        except (Refused, Fault) as sentence:
            if not asked.gave_up:
                _say_no(str(sentence))
            return None


def _say_no(sentence: str, *, box: bool = True) -> None:
    """Say why there is no window: to whoever reads what the program writes, and in a box where one can be seen."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - as commands say it.
    if box and QApplication.platformName() not in _UNSEEN:
        from escalation_desk.desktop.look.tones import Tone
        from escalation_desk.desktop.plain import tell  # As _asked.

        tell(None, sentence, tone=Tone.BAD)


def _mend_input_method() -> None:
    """Speak to Fcitx through IBus where Qt has no plugin of Fcitx: without it no Vietnamese could be typed."""
    if os.environ.get("QT_IM_MODULE", "").startswith("fcitx"):
        plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforminputcontexts"
        if not any("fcitx" in plugin.name for plugin in plugins.glob("*")):
            os.environ["QT_IM_MODULE"] = "ibus"
