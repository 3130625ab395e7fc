"""What a macro does, a line for each action: which, on what, with which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework import typed
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, FollowUpForm
from escalation_desk.casework.desk import in_language
from escalation_desk.casework.fields import Kind, field_of, fields_of, to_json
from escalation_desk.casework.macro_actions import Deed
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.boxes import Line
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import button, icon_button
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Offers = list[tuple[str, str]]


class Known(NamedTuple):
    """Whom requests and escalations can go to: names and codes."""

    teams: Offers
    authorities: Offers


_HINTS: Final = {
    Deed.SET_FIELD: N_("What it becomes"),
    Deed.ADD_TAG: N_("Tag"),
    Deed.REMOVE_TAG: N_("Tag"),
    Deed.FOLLOW_UP: N_("What is to be done"),
    Deed.POC_REQUEST: N_("What is asked; {places} are filled"),
    Deed.ESCALATION: N_("Which decision is asked"),
}
_WHAT: Final = {Deed.SET_STATUS: "to", Deed.SET_FIELD: "field", Deed.FOLLOW_UP: "form"}
_WORDS: Final = {
    Deed.ADD_TAG: "tag",
    Deed.REMOVE_TAG: "tag",
    Deed.FOLLOW_UP: "text",
    Deed.POC_REQUEST: "ask",
    Deed.ESCALATION: "decision",
}
_TO: Final = {Deed.POC_REQUEST: "team", Deed.ESCALATION: "authority"}


class ActionLine(QWidget):
    """One action. Words in several languages that were not touched stay as they came."""

    edited = Signal()
    removed = Signal()

    def __init__(self, action: Mapping[str, Any], known: Known) -> None:
        super().__init__()
        self._known = known
        self._held = dict(action)
        self.deed = Pick([(_(deed.label), deed) for deed in Deed], name=_("What it does"))
        self.what = Pick(name=_("On what"))
        self.words = Line()
        self.hours = Line(_("hours"))
        self.hours.setAccessibleName(_("After how many hours"))
        self.hours.setMaximumWidth(look().letters.px(5))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().letters.tight)
        for part, stretch in ((self.deed, 2), (self.what, 3), (self.words, 4), (self.hours, 0)):
            row.addWidget(part, stretch)
        row.addWidget(icon_button("close", _("Take this action away"), self.removed.emit))
        self.deed.choose(next((deed for deed in Deed if deed.value == action.get("do")), Deed.ADD_TAG))
        self._settle()
        self.deed.picked.connect(self._choose)
        self.what.picked.connect(self.edited)
        for line in (self.words, self.hours):
            line.textEdited.connect(lambda _text: self.edited.emit())

    def action(self) -> dict[str, Any]:
        """Give the action as data. Refused where a value cannot be read."""
        deed: Deed = self.deed.value()
        made: dict[str, Any] = {"do": deed.value}
        what = self.what.value()
        if deed in _TO or deed in _WHAT:
            made[_TO.get(deed) or _WHAT[deed]] = what
        if deed is Deed.SET_FIELD:
            field = field_of(Case, str(what))
            made["to"] = to_json(field.kind, typed.value_of(field, self.words.text()))
        elif deed in _WORDS:
            made[_WORDS[deed]] = self._said(_WORDS[deed])
        if deed is Deed.FOLLOW_UP:
            if not self.hours.text().strip().isdigit():
                raise Refused(_("Say after how many hours the follow-up is due: 1 to 8760."))
            made["hours"] = int(self.hours.text())
        return made

    def _said(self, name: str) -> Any:
        held, text = self._held.get(name), self.words.text().strip()
        return held if isinstance(held, dict) and in_language(held) == text else text

    def _choose(self) -> None:
        self._held = {}
        self._settle()
        self.edited.emit()

    def _settle(self) -> None:
        """Show what belongs to the action that is chosen."""
        deed: Deed = self.deed.value()
        self.what.offer(self._offers(deed), self._held.get(_TO.get(deed) or _WHAT.get(deed, "")))
        self.what.setVisible(deed in _TO or deed in _WHAT)
        self.words.setVisible(deed is not Deed.SET_STATUS)
        self.hours.setVisible(deed is Deed.FOLLOW_UP)
        self.hours.setText(str(self._held.get("hours", 24)))
        self.words.setPlaceholderText(_(_HINTS.get(deed, "")) if deed in _HINTS else "")
        self.words.setAccessibleName(self.words.placeholderText())
        said = self._held.get("to") if deed is Deed.SET_FIELD else self._held.get(_WORDS.get(deed, ""), "")
        self.words.show_text(in_language(said) if isinstance(said, dict) else _plain(said))

    def _offers(self, deed: Deed) -> Offers:
        return {
            Deed.SET_STATUS: [(_(one.label), one.value) for one in CaseStatus],
            Deed.SET_FIELD: sorted((_(f.label), f.name) for f in fields_of(Case) if _settable(f.name)),
            Deed.FOLLOW_UP: [(_(one.label), one.value) for one in FollowUpForm],
            Deed.POC_REQUEST: self._known.teams,
            Deed.ESCALATION: self._known.authorities,
        }.get(deed, [])


class ActionLines(QWidget):
    """All actions of a macro, in the order in which they are done."""

    edited = Signal()

    def __init__(self, actions: Sequence[Mapping[str, Any]], known: Known) -> None:
        super().__init__()
        self._known = known
        self.lines: list[ActionLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look().letters.tight)
        self.more = button(_("Add an action"), lambda: self.add({"do": Deed.ADD_TAG.value}), kind="quiet", sign="plus")
        row = QHBoxLayout()
        row.addWidget(self.more)
        row.addStretch()
        self._column.addLayout(row)
        for action in actions:
            self.add(action)

    def add(self, action: Mapping[str, Any]) -> None:
        line = ActionLine(action, self._known)
        line.edited.connect(self.edited)
        line.removed.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._column.insertWidget(len(self.lines) - 1, line)
        self.edited.emit()

    def data(self) -> tuple[dict[str, Any], ...]:
        return tuple(line.action() for line in self.lines)

    def _remove(self, line: ActionLine) -> None:
        self.lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()
        self.more.setFocus()
        self.edited.emit()


_BY_ACTS: Final = frozenset({"status", "owner", "assignment", "offered_to", "merged_into", "tags"})


def _settable(name: str) -> bool:
    f = field_of(Case, name)
    plain = f.kind is not Kind.DATA and not f.declared.computed and not f.declared.once and not f.declared.refers_to
    return plain and name not in _BY_ACTS


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
