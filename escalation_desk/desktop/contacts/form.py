"""The form in which a lead writes down a contact, a team or a rule; its rows follow from the declared fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.contacts import editing
from escalation_desk.casework.contacts.records import Poc, PocTeam, RoutingRule
from escalation_desk.casework.fields import field_of
from escalation_desk.casework.ids import new_id
from escalation_desk.desktop.case.boxes import Around
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.case.rows import Row
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import PlainEditor, PlainLabel, button
from escalation_desk.i18n import N_, _
from escalation_desk.journal import contacts

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.verbs import Verbs
    from escalation_desk.journal.contacts import Known
    from escalation_desk.journal.work import Work

Kept = Poc | PocTeam | RoutingRule

_FIELDS: Final[dict[type[Kept], tuple[str, ...]]] = {
    Poc: (
        *("team", "full_name", "market", "topics", "calendar", "backup"),
        *("valid_from", "valid_to", "away_until", "confirmed_on"),
    ),
    PocTeam: ("asks", "active"),
    RoutingRule: (*("reason_prefix", "market", "requester_kind", "team", "poc", "place", "valid_from", "valid_to"),),
}
_TITLES: Final[dict[type[Kept], tuple[str, str]]] = {
    Poc: (N_("New contact"), N_("Contact {name}")),
    PocTeam: (N_("New team"), N_("Team {name}")),
    RoutingRule: (N_("New rule"), N_("Rule {name}")),
}


class RecordForm(QDialog):
    """Shows a record, writes one entry; Ctrl+Enter saves, Esc leaves it as it was."""

    def __init__(self, parent: QWidget, verbs: Verbs, known: Known, record: Kept) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._verbs, self._record = verbs, record
        self._kind = type(record)
        around = Around(verbs, self._clock, lambda kind, key: _name(known, kind, key), lambda: "", lambda *_asked: None)
        self.rows = {name: Row(field_of(self._kind, name), around) for name in _FIELDS[self._kind]}
        for name, row in self.rows.items():
            row.box.show_value(getattr(record, name))
        self.channels = PlainEditor(lines=2, name=_("Channels"), hint=_("One a line: email lan@example.com"))
        self.channels.setVisible(isinstance(record, Poc))
        if isinstance(record, Poc):
            self.channels.set_text("\n".join(f"{one['channel']} {one['value']}" for one in record.channels))
        self.refusal = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.refusal.hide()
        self.go = button(_("Save"), self._save, kind="first")
        self._lay_out(self._title())
        next(iter(self.rows.values())).box.entrance().setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._save()
        elif not enter:
            super().keyPressEvent(event)

    def _title(self) -> str:
        new, old = _TITLES[self._kind]
        return _(old, name=self._record.name) if self._record.id else _(new)

    def _save(self) -> None:
        values: dict[str, Any] = {name: _value(row) for name, row in self.rows.items()}
        wrong = {name: held.sentence for name, held in values.items() if isinstance(held, Unread)}
        for name, row in self.rows.items():
            row.refuse(wrong.get(name, ""))
        if wrong:
            return
        if self._kind is Poc:
            values["channels"] = channels_of(self.channels.text())
        if self._kind is RoutingRule:
            values["reason_prefix"] = (values["reason_prefix"] or "").strip().strip(".").upper()
            values["place"] = values["place"] or 0
        kind, record_id = self._kind, self._record.id

        def operate(work: Work) -> None:
            directory = work.ask(contacts.known).directory
            if record_id:
                editing.change(work.get(kind, record_id), values, directory)
            else:
                made: Any = self._record
                made.id = new_id(work.now)
                editing.change(made, values, directory)
                work.add(made)

        self.go.setEnabled(False)
        title = N_("Change “{name}”") if record_id else N_("New: {name}")
        name = str(values.get("full_name") or values.get("reason_prefix") or self._record.name)
        self._verbs.do(title, operate, lambda _done: self.accept(), refused=self._refuse, name=name)

    def _refuse(self, sentence: str) -> None:
        if not self._record.created_at:
            self._record.id = ""
        self.go.setEnabled(True)
        self.refusal.setText(sentence)
        self.refusal.show()

    def _clock(self) -> Clock:
        return Clock.of(self._verbs.me, self._verbs.journal.now())

    def _lay_out(self, heading: str) -> None:
        letters = look().letters
        self.setWindowTitle(heading)
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.tight)
        column.addWidget(PlainLabel(heading, Role.HEADING))
        for row in self.rows.values():
            row.setMinimumWidth(letters.px(32))
            column.addWidget(row)
        column.addWidget(self.channels)
        column.addWidget(self.refusal)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(button(_("Cancel"), self.reject))
        foot.addWidget(self.go)
        column.addSpacing(letters.gap)
        column.addLayout(foot)


def _value(row: Row) -> Any:
    """Read a row; what may be left out is what it is without a word: a rule without a beginning holds for all."""
    held = row.box.value()
    left_out = isinstance(held, Unread) and not held.text.strip() and not row.field.declared.required
    return row.field.default if left_out else held


def channels_of(text: str) -> tuple[dict[str, str], ...]:
    """Read one channel a line: what it is, then where."""
    parts = (line.strip().partition(" ") for line in text.splitlines() if line.strip())
    return tuple({"channel": kind, "value": value.strip() or kind} for kind, _blank, value in parts)


def _name(known: Known, kind: str, key: str) -> str:
    if kind == PocTeam.kind and key in known.directory.teams:
        return known.directory.teams[key].name
    if kind == Poc.kind and key in known.directory.pocs:
        return known.directory.pocs[key].full_name
    calendar = known.rules.calendar(key) if kind == "calendar" else None
    return calendar.name if calendar else key
