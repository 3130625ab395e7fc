"""Makes a requester or a seller on the way, with the few fields that are known at that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.fields import field_of
from escalation_desk.casework.people import Party
from escalation_desk.casework.seller import Seller
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.case.rows import Row
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.casework.records import Record
    from escalation_desk.desktop.case.boxes import Around
    from escalation_desk.journal.work import Work

_KINDS: Final[dict[str, tuple[type[Record], str, str, str, tuple[str, ...]]]] = {
    # kind: record, heading, title of the act, the field that names it, the fields asked for
    "party": (
        Party,
        N_("New requester"),
        N_("New requester {name}"),
        "display_name",
        ("display_name", "party_kind", "language", "phone", "email", "external_ids", "organisation"),
    ),
    "seller": (
        Seller,
        N_("New seller"),
        N_("New seller {name}"),
        "shop_name",
        ("shop_name", "external_ids", "market", "platform", "language", "contact_person", "phone", "email"),
    ),
}


class NewRecord(QDialog):
    """Asks, writes one entry, and tells the id and the name."""

    def __init__(
        self,
        parent: QWidget,
        around: Around,
        kind: str,
        name: str,
        then: Callable[[str, str], None],
        known: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._around = around
        self._then = then
        self._kind, heading, self._title, self._naming, names = _KINDS[kind]
        self.setWindowTitle(_(heading))
        self.rows = {one: Row(field_of(self._kind, one), around) for one in names}
        start = self._kind(**{self._naming: name, **(known or {})})
        for one, row in self.rows.items():
            row.box.show_value(getattr(start, one))
        self.refusal = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.refusal.hide()
        self.make = button(_("Make it"), self._make, kind="first")
        self._lay_out(_(heading))
        next(iter(self.rows.values())).box.entrance().setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._make()
        elif not enter:
            super().keyPressEvent(event)

    def _make(self) -> None:
        values = {name: row.box.value() for name, row in self.rows.items()}
        wrong = {name: held.sentence for name, held in values.items() if isinstance(held, Unread)}
        if wrong:
            for name, sentence in wrong.items():
                self.rows[name].refuse(sentence)
            return
        made = self._kind(**values)

        def operate(work: Work) -> tuple[str, str]:
            work.add(made)
            return made.id, made.name

        self.make.setEnabled(False)
        self._around.verbs.do(
            self._title, operate, self._done, refused=self._refuse, name=str(values[self._naming] or "")
        )

    def _done(self, made: tuple[str, str]) -> None:
        self.accept()
        self._then(*made)

    def _refuse(self, sentence: str) -> None:
        self.make.setEnabled(True)
        self.refusal.setText(sentence)
        self.refusal.show()

    def _lay_out(self, heading: str) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.tight)
        column.addWidget(PlainLabel(heading, Role.HEADING))
        for row in self.rows.values():
            row.setMinimumWidth(letters.px(30))
            column.addWidget(row)
        column.addWidget(self.refusal)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(button(_("Cancel"), self.reject))
        foot.addWidget(self.make)
        column.addSpacing(letters.gap)
        column.addLayout(foot)
