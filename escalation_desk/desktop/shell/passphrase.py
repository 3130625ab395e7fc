"""Asks for the passphrase where no keyring of the system holds the key."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import _

_SHORTEST = 8


class PassphraseDialog(QDialog):
    """One field for a desk that has a passphrase, two for a new one."""

    def __init__(self, *, new: bool, wrong: str = "") -> None:
        super().__init__()
        self._new = new
        self.first = _secret(_("Passphrase"))
        self.again = _secret(_("Once more"))
        self._said = PlainLabel(wrong, tone=Tone.BAD, wrap=True)
        self._said.setVisible(bool(wrong))
        self.setWindowTitle(_("Escalation Desk"))
        self._lay_out()

    @property
    def passphrase(self) -> str:
        return self.first.text()

    def accept(self) -> None:
        sentence = self._refusal()
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
        if not sentence:
            super().accept()

    def _refusal(self) -> str:
        if not self._new:
            return "" if self.first.text() else _("Type the passphrase of this desk.")
        if len(self.first.text()) < _SHORTEST:
            return _("Choose a passphrase of at least {n} characters.", n=_SHORTEST)
        return "" if self.first.text() == self.again.text() else _("The two are not the same; type them again.")

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        title = _("Choose a passphrase") if self._new else _("Open your desk")
        column.addWidget(PlainLabel(title, Role.HEADING))
        column.addWidget(self._explained())
        form = QFormLayout()
        form.addRow(_("Passphrase"), self.first)
        if self._new:
            form.addRow(_("Once more"), self.again)
        column.addLayout(form)
        column.addWidget(self._said)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(button(_("Cancel"), self.reject))
        opens = button(_("Protect and open") if self._new else _("Open"), self.accept, kind="first")
        opens.setDefault(True)
        buttons.addWidget(opens)
        column.addLayout(buttons)
        self.setMinimumWidth(letters.px(32))

    def _explained(self) -> PlainLabel:
        if self._new:
            text = _(
                "This computer has no keyring, so a passphrase protects your data. "
                "Nobody can open the data without it, and nobody can send you a new one: keep it somewhere safe."
            )
        else:
            text = _("The data of this desk is encrypted. Type the passphrase that protects it.")
        return PlainLabel(text, Role.MUTED, wrap=True)


def _secret(name: str) -> QLineEdit:
    made = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
    made.setAccessibleName(name)
    return made


class Asked:
    """Answers the question for the passphrase; remembers what was refused, so that the next question says why."""

    def __init__(self, wrong: str = "") -> None:
        self.wrong = wrong
        self.gave_up = False

    def __call__(self, new: bool) -> str | None:
        dialog = PassphraseDialog(new=new, wrong=self.wrong)
        self.gave_up = dialog.exec() != QDialog.DialogCode.Accepted
        return None if self.gave_up else dialog.passphrase
