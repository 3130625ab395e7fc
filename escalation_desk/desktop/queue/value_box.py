"""A box for the value of any declared field: a list where there are words to choose, else a line to type in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from escalation_desk.casework import typed
from escalation_desk.casework.desk import Reason
from escalation_desk.casework.fields import Kind
from escalation_desk.casework.people import Team, User
from escalation_desk.casework.seller import Seller
from escalation_desk.desktop.look.now import look
from escalation_desk.i18n import _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from escalation_desk.casework.fields import Field
    from escalation_desk.journal.connection import Connection

Offers = "Sequence[tuple[str, Any]]"
_VALUE: Final = int(Qt.ItemDataRole.UserRole)
_FEW: Final = 8


def offers_for(made: Connection, field: Field) -> list[tuple[str, Any]]:
    """Read what a field that points to records may point to, as words and values."""
    match field.declared.refers_to:
        case "user":
            return [(user.full_name, user.id) for user in reading.all_of(made, User) if user.active]
        case "team":
            return [(team.title, team.id) for team in reading.all_of(made, Team)]
        case "reason":
            found = [r for r in reading.all_of(made, Reason) if r.leaf and r.active]
            return sorted((reason.name, reason.code) for reason in found)
        case "seller":
            return sorted((seller.shop_name, seller.id) for seller in reading.all_of(made, Seller))
        case _:
            return []


class _Box(Protocol):
    def value(self) -> Any: ...


class ValueBox(QWidget):
    """Shows the right box for a field; `value` refuses what does not fit, with a sentence."""

    changed = Signal()

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._box: _Box | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_field(self, field: Field, offers: Sequence[tuple[str, Any]]) -> None:
        """Make the box for another field."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        made = self._make(field, offers)
        made.setAccessibleName(_(field.label))
        self._column.addWidget(made)
        self.changed.emit()

    def value(self) -> Any:
        return self._box.value() if self._box else None

    def _make(self, field: Field, offers: Sequence[tuple[str, Any]]) -> QWidget:
        choices = [(_(choice.label), choice) for choice in field.choices or ()]
        made: _Ticks | _Words | _Line
        if field.kind is Kind.FLAG:
            made = _Words([(_("Yes"), True), (_("No"), False)], empty=False)
        elif choices or offers:
            shown = choices or list(offers)
            made = _Ticks(shown) if field.kind is Kind.SET else _Words(shown, empty=field.optional)
        else:
            made = _Line(field, self._zone)
        made.edited.connect(self.changed)
        self._box = made
        return made


class _Words(QComboBox):
    """One word out of several; a long list can be typed into."""

    edited = Signal()

    def __init__(self, offers: Sequence[tuple[str, Any]], *, empty: bool) -> None:
        super().__init__()
        for text, value in ([(_("Empty"), None)] if empty else []) + list(offers):
            self.addItem(text, value)
        if self.count() > _FEW:
            self.setEditable(True)
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            completer = QCompleter(self.model(), self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            self.setCompleter(completer)
        self.currentIndexChanged.connect(lambda _at: self.edited.emit())

    def value(self) -> Any:
        return self.currentData()


class _Ticks(QListWidget):
    """Several words out of several."""

    edited = Signal()

    def __init__(self, offers: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        for text, value in offers:
            item = QListWidgetItem(text, self)
            item.setData(_VALUE, value)
            item.setCheckState(Qt.CheckState.Unchecked)
        self.setMaximumHeight(look().letters.px(14))
        self.itemChanged.connect(lambda _item: self.edited.emit())

    def value(self) -> frozenset[Any]:
        items = [self.item(at) for at in range(self.count())]
        return frozenset(item.data(_VALUE) for item in items if item.checkState() is Qt.CheckState.Checked)


class _Line(QLineEdit):
    """A line, read as the command line reads it."""

    edited = Signal()

    def __init__(self, field: Field, zone: tzinfo) -> None:
        super().__init__()
        self._field, self._zone = field, zone
        self.setPlaceholderText(_HINTS.get(field.kind, ""))
        self.textEdited.connect(lambda _text: self.edited.emit())

    def value(self) -> Any:
        return typed.value_of(self._field, self.text(), self._zone)


_HINTS: Final = {Kind.INSTANT: "24/11/2026 14:30", Kind.DAY: "24/11/2026"}
