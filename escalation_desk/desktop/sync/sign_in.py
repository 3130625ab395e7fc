"""Signing in: the server's address, a name, a password; afterwards it says plainly where the proof of it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal


class SignedIn(NamedTuple):
    """Who has signed in, and the sentence that says where the tokens are kept."""

    name: str
    kept: str
    guarded: bool


class SignInDialog(QDialog):
    """Asks, tries, says why not; once it is done the window goes on as that person."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        known = desk.link.to
        self.address = _line(_("Address"), known.url if known else "")
        self.address.setPlaceholderText("https://")
        self.login = _line(_("Name"), known.login if known else desk.verbs.me.login)
        self.password = _line(_("Password"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.said = PlainLabel("", wrap=True)
        self.said.hide()
        self.signs_in = button(_("Sign in"), self.accept, kind="first")
        self.signs_in.setDefault(True)
        self.setWindowTitle(_("Sign in to a server"))
        self._lay_out()
        (self.password if self.login.text() and self.address.text() else self.address).setFocus()

    def accept(self) -> None:
        url, login, password = self.address.text().strip(), self.login.text().strip(), self.password.text()
        if not (url and login and password):
            self._refuse(_("Give the address of the server, your name there, and your password."))
            return
        self.signs_in.setEnabled(False)
        self._say(_("Asking the server…"), None)
        journal = self._desk.verbs.journal
        self._desk.verbs.beside(lambda: _sign_in(journal, url, login, password), self._done, refused=self._refuse)

    def _done(self, signed: SignedIn) -> None:
        super().accept()
        # Whoever has no keyring reads where the proof lies; the others need not.
        kind = "done" if signed.guarded else "refused"
        link, verbs = self._desk.link, self._desk.verbs
        link.signed_in()
        verbs.said.emit(_("Signed in as {name}. {kept}", name=signed.name, kept=signed.kept), kind)
        self.deleteLater()

    def _refuse(self, sentence: str) -> None:
        self.signs_in.setEnabled(True)
        self._say(sentence, Tone.BAD)
        self.password.setFocus()
        self.password.selectAll()

    def _say(self, sentence: str, tone: Tone | None) -> None:
        self.said.setText(sentence)
        self.said.set_tone(tone)
        self.said.show()

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(_("Sign in to a server"), Role.HEADING))
        column.addWidget(
            PlainLabel(
                _(
                    "Your team then shares one desk. Everything stays on this computer as well, and you can go on "
                    "working without the server at any time."
                ),
                Role.MUTED,
                wrap=True,
            )
        )
        form = QFormLayout()
        form.setHorizontalSpacing(letters.page)
        form.setVerticalSpacing(letters.gap)
        for name, box in ((_("Address"), self.address), (_("Name"), self.login), (_("Password"), self.password)):
            form.addRow(name, box)
        column.addLayout(form)
        column.addWidget(self.said)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button(_("Cancel"), self.reject))
        buttons.addWidget(self.signs_in)
        column.addLayout(buttons)
        self.setMinimumWidth(letters.px(36))


def _line(name: str, text: str = "") -> QLineEdit:
    made = QLineEdit(text)
    made.setAccessibleName(name)
    return made


def _sign_in(journal: Journal, url: str, login: str, password: str) -> SignedIn:
    from escalation_desk.sync import joining  # Loaded beside the window, as what it loads itself.
    from escalation_desk.sync.keys import Keeper

    name = joining.sign_in(journal, url, login, password)
    keeper = Keeper(journal)
    return SignedIn(name, keeper.where(), keeper.guarded)
