"""Asks how personal data leave: masked, or in full for a lead who says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from escalation_desk.casework.choices import PersonalData
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.documents.leaving import Leave
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.casework.people import User


class PrivacyBox(QWidget):
    """Masked is what comes first each time; in full needs a lead and a reason, and both are logged."""

    changed = Signal()

    def __init__(self, me: User) -> None:
        super().__init__()
        self.choice = Pick(
            [(_("Masked"), PersonalData.MASKED), (_("In full, with a reason"), PersonalData.FULL)],
            PersonalData.MASKED,
            name=_("Personal data"),
        )
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Why they leave in full; this is logged"))
        self.reason.setAccessibleName(_("Why personal data leave in full"))
        self._hint = PlainLabel("", Role.SMALL, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().letters.tight)
        for part in (self.choice, self.reason, self._hint):
            column.addWidget(part)
        if not me.leads:
            self.choice.setEnabled(False)
            self._hint.setText(_("Only a lead may let personal data leave in full."))
        self.choice.picked.connect(self._show)
        self.reason.textChanged.connect(lambda _text: self.changed.emit())
        self._show()

    @property
    def full(self) -> bool:
        return self.choice.value() is PersonalData.FULL

    @property
    def complete(self) -> bool:
        """Whether nothing is missing: in full only with a reason."""
        return not self.full or bool(self.reason.text().strip())

    def leave(self) -> Leave:
        return Leave(self.reason.text().strip() if self.full else "")

    def _show(self) -> None:
        self.reason.setVisible(self.full)
        self._hint.setVisible(bool(self._hint.text()))
        if self.full:
            self.reason.setFocus()
        self.changed.emit()
