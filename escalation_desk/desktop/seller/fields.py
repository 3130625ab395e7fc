"""Boxes for the declared fields of a record, laid out in lines; what is declared later comes last by itself."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.fields import Show, field_of, fields_of
from escalation_desk.desktop.case.boxes import Around, Box, make_box
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, restyle
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.records import Record


def form_fields(record: type[Record], but: Iterable[str] = ()) -> tuple[str, ...]:
    """Name the fields that a record declares for its form."""
    left_out = set(but)
    return tuple(f.name for f in fields_of(record) if Show.FORM in f.declared.show and f.name not in left_out)


class Cell(QWidget):
    """A field: its name above its box, a sentence under it where it was refused."""

    def __init__(self, field: Field, around: Around) -> None:
        super().__init__()
        self.field = field
        self.box: Box = make_box(field, around)
        self.label = PlainLabel(_(field.label), Role.SMALL)
        self.label.setBuddy(self.box.entrance())
        self.refusal = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.refusal.hide()
        self.box.entrance().setAccessibleName(_(field.label))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.label.setContentsMargins(look().letters.gap, 0, 0, 0)
        self.refusal.setContentsMargins(look().letters.gap, 0, 0, 0)
        for part in (self.label, self.box, self.refusal):
            column.addWidget(part)

    def refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))
        self.box.mark_wrong(wrong=bool(sentence))
        self.box.entrance().setAccessibleDescription(sentence)

    def mark(self, *, touched: bool) -> None:
        """Mark what is not saved, by colour and by a sign."""
        self.label.set_tone(Tone.ACCENT if touched else None)
        self.label.setText(_("{field} •", field=_(self.field.label)) if touched else _(self.field.label))


class Fields(QWidget):
    """Cells in lines. Two names joined by + share a line. `edited` tells the name of the field that was typed in."""

    edited = Signal(str)
    left = Signal()

    def __init__(self, record: type[Record], lines: Sequence[str], around: Around, *, bordered: bool = False) -> None:
        super().__init__()
        self.cells: dict[str, Cell] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look().letters.tight)
        for line in lines:
            row = QHBoxLayout()
            row.setSpacing(look().letters.gap)
            for name in line.split("+"):
                row.addWidget(self._cell(record, name, around), 1)
            self._column.addLayout(row)
        if bordered:
            self._border()
        for before, after in pairwise(cell.box.entrance() for cell in self.cells.values()):
            QWidget.setTabOrder(before, after)

    def _cell(self, record: type[Record], name: str, around: Around) -> Cell:
        cell = Cell(field_of(record, name), around)
        cell.box.edited.connect(lambda: self._edited(name))
        cell.box.left.connect(self.left)
        self.cells[name] = cell
        return cell

    def _border(self) -> None:
        """Show where to write: the boxes of a form are quiet, those of an empty sheet would be invisible."""
        for widget in self.findChildren(QWidget):
            if widget.property("kind") == "field":
                widget.setProperty("kind", "")
                restyle(widget)

    def _edited(self, name: str) -> None:
        self.cells[name].refuse("")
        self.edited.emit(name)

    def value(self, name: str) -> Any:
        return self.cells[name].box.value()

    def values(self) -> dict[str, Any]:
        """Give what stands in the boxes; what cannot be a value is left out (see `unread`)."""
        held = {name: cell.box.value() for name, cell in self.cells.items()}
        return {name: value for name, value in held.items() if not isinstance(value, Unread)}

    def unread(self) -> dict[str, str]:
        """Name what cannot be saved as it is typed, with its sentence."""
        held = {name: cell.box.value() for name, cell in self.cells.items()}
        return {name: value.sentence for name, value in held.items() if isinstance(value, Unread)}

    def show_values(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if name in self.cells:
                self.cells[name].box.show_value(value)

    def refuse(self, refusals: Mapping[str, str]) -> None:
        """Show sentences beside their fields; the first one gets the focus."""
        for name, cell in self.cells.items():
            cell.refuse(refusals.get(name, ""))
        first = next((name for name in self.cells if name in refusals), None)
        if first:
            self.cells[first].box.entrance().setFocus()
