"""The queue table: a million rows in the memory of a few pages, painted in one go."""

from escalation_desk.desktop.table.header import ColumnPlace
from escalation_desk.desktop.table.rows import CellStyle, Column, Group, Row, RowSource, Shape
from escalation_desk.desktop.table.view import QueueTable

__all__ = ["CellStyle", "Column", "ColumnPlace", "Group", "QueueTable", "Row", "RowSource", "Shape"]
