"""A box for the value of any declared field: a list where there are words to choose, else a line to type in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from escalation_desk.casework import typed
from escalation_desk.casework.desk import Reason
from escalation_desk.casework.fields import Kind
from escalation_desk.casework.people import Team, User
from escalation_desk.casework.seller import Seller
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.picking import Pick
from escalation_desk.i18n import _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from escalation_desk.casework.fields import Field
    from escalation_desk.journal.connection import Connection

Offers = "Sequence[tuple[str, Any]]"


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
        made: _Ticks | Pick | _Line
        if field.kind is Kind.FLAG:
            made = Pick([(_("Yes"), True), (_("No"), False)])
        elif (choices or offers) and field.kind is Kind.SET:
            made = _Ticks(choices or offers)
        elif choices or offers:
            made = Pick([*([(_("Empty"), None)] if field.optional else []), *(choices or offers)])
        else:
            made = _Line(field, self._zone)
        (made.picked if isinstance(made, Pick) else made.edited).connect(self.changed)
        self._box = made
        return made


class _Ticks(QListWidget):
    """Several words out of several."""

    edited = Signal()

    def __init__(self, offers: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        self._values = [value for _text, value in offers]
        for text, _value in offers:
            item = QListWidgetItem(text, self)
            item.setCheckState(Qt.CheckState.Unchecked)
        self.setMaximumHeight(look().letters.px(14))
        self.itemChanged.connect(lambda _item: self.edited.emit())

    def value(self) -> frozenset[Any]:
        ticked = (self.item(at).checkState() is Qt.CheckState.Checked for at in range(self.count()))
        return frozenset(value for value, on in zip(self._values, ticked, strict=True) if on)


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
