"""The box for any declared field follows from its declaration; nothing here knows a field by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.fields import Kind
from escalation_desk.desktop.case.boxes.base import Around, Box, Line
from escalation_desk.desktop.case.boxes.choosing import ChoiceBox, FlagBox, TogglesBox
from escalation_desk.desktop.case.boxes.instants import InstantBox, MomentLine
from escalation_desk.desktop.case.boxes.lines import GrowingEditor, line_box
from escalation_desk.desktop.case.boxes.records import RecordBox, RecordsBox
from escalation_desk.desktop.case.boxes.sets import TextsBox

if TYPE_CHECKING:
    from escalation_desk.casework.fields import Field

__all__ = ["Around", "Box", "GrowingEditor", "Line", "MomentLine", "make_box"]


def make_box(field: Field, around: Around) -> Box:
    """Make the box that fits what a field holds."""
    if field.kind is Kind.SET:
        return _set_box(field, around)
    if field.choices:
        return ChoiceBox(field, around)
    if field.declared.refers_to:
        return RecordBox(field, around)
    if field.kind is Kind.FLAG:
        return FlagBox(field, around)
    return InstantBox(field, around) if field.kind is Kind.INSTANT else line_box(field, around)


def _set_box(field: Field, around: Around) -> Box:
    if field.choices:
        return TogglesBox(field, around)
    return RecordsBox(field, around) if field.declared.refers_to else TextsBox(field, around)
