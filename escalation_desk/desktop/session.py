"""One sitting at the desk: who works, what is set, and the window; made anew when the language changes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize

from escalation_desk.casework.choices import Language
from escalation_desk.casework.people import User
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.theme import Scheme
from escalation_desk.desktop.settings import Settings
from escalation_desk.desktop.shell.kept import KeptValues
from escalation_desk.desktop.sync.link import ServerLink
from escalation_desk.desktop.verbs import Verbs
from escalation_desk.desktop.window import Desk
from escalation_desk.i18n import N_, _, set_language

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from escalation_desk.desktop.first_run import FirstRun
    from escalation_desk.desktop.look.theme import Theme
    from escalation_desk.journal.journal import Journal


class Session(QObject):
    """Holds what outlives the window."""

    def __init__(self, journal: Journal, theme: Theme) -> None:
        super().__init__()
        self.kept = KeptValues(journal)
        self.settings = Settings(self.kept)
        self.theme = theme
        me = journal.profile
        # Until somebody has said who works here nothing is written, so the verbs need no name yet.
        self.verbs = Verbs(journal, me or User(full_name="", login=""))
        self.kept.write_through(self.verbs)
        self.link = ServerLink(self.verbs)
        self.link.adopted.connect(self._adopted)
        self.window: QWidget | None = None
        self.desk: Desk | None = None
        self._page: FirstRun | None = None
        self.settings.changed.connect(self._set)
        self._dress()
        if me:
            self._speak_as(me)
            self._open_desk()
        else:
            self._welcome()

    def close(self) -> None:
        """Let everything be kept that was typed, then let go of the data."""
        if self.desk is not None:
            self.desk.close()
        self.kept.write()
        self.link.close()
        self.verbs.close()

    def speak(self, language: str) -> None:
        """Let the window speak another language, with everything as it was."""
        set_language(language)
        if self.desk is not None:
            self._open_desk()

    # The window

    def _open_desk(self) -> None:
        old, before = self.window, self.desk
        if before is not None:
            before.tabs.flush()
            self.kept.write()
        self.window = self.desk = Desk(self.verbs, self.kept, self.settings, self.link)
        if old is not None and old is not self._page:
            self.desk.setGeometry(old.geometry())
            self.desk.setWindowState(old.windowState())
        self.desk.show()
        if before is not None and "toast" in vars(before):  # One that nothing was said in has none yet.
            before.toast.go_on_in(self.desk.toast)
        if old is not None:
            old.hide()
            old.deleteLater()

    def _welcome(self, known: dict[str, object] | None = None) -> None:
        from escalation_desk.desktop.first_run import FirstRun  # Needed once in the life of a desk.

        page = FirstRun(known)
        page.setWindowTitle(_("Escalation Desk"))
        page.resize(QSize(look().letters.px(72), look().letters.px(52)))
        page.begun.connect(self._begin)
        page.spoken.connect(self._welcome_in)
        old, self.window, self._page = self.window, page, page
        if old is not None:
            page.setGeometry(old.geometry())
        page.show()
        if old is not None:
            old.hide()
            old.deleteLater()

    def _welcome_in(self, language: str) -> None:
        set_language(language)
        if self._page is not None:
            self._welcome(self._page.typed())

    def _begin(self, me: User, begin_with: str) -> None:
        if begin_with == "sample":
            import subprocess  # For this one button.

            # The sample lies in a folder of its own, in a window of its own; this desk stays empty.
            subprocess.Popen([sys.executable, "-m", "escalation_desk", "demo"])
            return
        self.verbs.run(lambda: self.verbs.journal.set_profile(me), lambda _done: self._begun(me, begin_with))

    def _begun(self, me: User, begin_with: str) -> None:
        self.verbs.me = me
        self._speak_as(me)
        self._open_desk()
        if begin_with == "import" and self.desk is not None:
            self.desk.import_files([])

    def _adopted(self, first: bool) -> None:
        """Begin anew as whom the server knows; who had a desk before goes on in the language it spoke."""
        me, spoken = self.verbs.journal.profile or self.verbs.me, str(self.verbs.me.locale)
        was_here, self.verbs.me = bool(self.verbs.me.id), me
        if first and was_here and spoken != str(me.locale):
            self._learn(spoken)
            return
        self._speak_as(me)
        self._open_desk()

    # Settings

    def _speak_as(self, me: User) -> None:
        """Speak the language of the profile: the command line does so too."""
        self.kept.put("setting.language", str(me.locale))
        set_language(str(me.locale))

    def _set(self, name: str) -> None:
        if name == "language":
            self._learn(self.settings.value(name))
            return
        self._dress()
        if name == "size" and self.desk is not None:
            self._open_desk()  # Icons and margins are made for one size of letters.

    def _learn(self, language: str) -> None:
        me = self.verbs.me

        def write() -> User:
            with self.verbs.journal.entry(N_("Set the language to {language}"), kind="fact", language=language) as work:
                work.get(User, me.id).locale = Language(language)  # type: ignore[call-arg]  # looks a member up
            return self.verbs.journal.profile or me

        def learnt(user: User) -> None:
            self.verbs.me = user
            self.speak(language)

        self.verbs.run(write, learnt)

    def _dress(self) -> None:
        self.theme.choose(Scheme(self.settings.value("scheme")))
        self.theme.resize(float(self.settings.value("size")))
        if self.desk is not None:
            self.desk.queue.table.set_compact(self.settings.value("density") == "compact")
