"""The form of a case, made from the declared fields: what is typed is a draft until it is saved."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseFamily
from escalation_desk.casework.fields import field_of
from escalation_desk.desktop.case.edits import Edits, Unread
from escalation_desk.desktop.case.groups import Group, fields_shown, groups_for
from escalation_desk.desktop.case.rows import Row, Section
from escalation_desk.desktop.look.now import look
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from escalation_desk.desktop.case.boxes import Around
    from escalation_desk.desktop.pages import Kept


class Form(QScrollArea):
    """All rows of a case. `changed` comes with every key, `left` when a field is left."""

    changed = Signal()
    changed_field = Signal(str)
    left = Signal()
    files_offered = Signal(list)
    image_offered = Signal(QImage)
    text_offered = Signal(object)

    def __init__(
        self,
        around: Around,
        kept: Kept,
        names: tuple[str, ...] = (*fields_shown(), "title"),
        groups: Callable[[CaseFamily, Iterable[str]], tuple[Group, ...]] = groups_for,
    ) -> None:
        super().__init__()
        self._around = around
        self._kept = kept
        self._names = names
        self._groups = groups
        self.edits = Edits([field_of(Case, name) for name in names])
        self.rows: dict[str, Row] = {}
        self.sections: dict[str, Section] = {}
        self._laid_out: tuple[Group, ...] = ()
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._holder)
        self.setAccessibleName(_("Fields of the case"))
        letters = look().letters
        self.setMinimumWidth(letters.px(21))
        self._column.setContentsMargins(letters.gap, letters.gap, letters.gap, letters.page)
        self._column.setSpacing(letters.tight)
        self._column.addStretch()

    # What comes in

    def arrive(self, case: Case) -> None:
        """Show what the desk holds now, except where somebody types."""
        shown = self.edits.arrive({name: getattr(case, name) for name in self._names})
        self._lay_out()
        for name in shown:
            self._show(name)
        for name in self.rows:
            self._mark(name)

    def arrive_values(self, values: Mapping[str, Any]) -> None:
        """Show some values that were just saved."""
        self.edits.arrive(values)
        for name in values:
            if name not in self.edits.typed:
                self._show(name)
            self._mark(name)

    def restore(self, draft: Mapping[str, Any]) -> None:
        """Show a draft as it was left."""
        self.edits.restore(draft)
        self._lay_out()
        for name in self.edits.typed:
            self._show(name)
            self._mark(name)

    def show_records(self) -> None:
        """Say records by their names anew; somebody may have renamed them."""
        for name, row in self.rows.items():
            if row.field.declared.refers_to:
                self._show(name)

    def show_typed(self, name: str) -> None:
        """Show a value that came from elsewhere than its box."""
        self._show(name)
        self._after(name)

    # What is typed

    def take_theirs(self, name: str) -> None:
        self.edits.take_theirs(name)
        self._show(name)
        self._after(name)

    def discard(self) -> None:
        """Give all typed values up."""
        for name in list(self.edits.typed):
            self.edits.forget(name)
            self._show(name)
            self._after(name)

    def refuse(self, refusals: Mapping[str, str]) -> None:
        """Show sentences beside their fields, and bring the first one into sight."""
        for name, row in self.rows.items():
            row.refuse(refusals.get(name, ""))
        known = [name for name in refusals if self.has(name)]
        if known:
            self.go_to(known[0])
            for name in known:
                self.rows[name].refuse(refusals[name])

    def unread(self) -> dict[str, str]:
        """Name what cannot be saved as it is typed, with its sentence."""
        return {name: held.sentence for name, held in self.edits.typed.items() if isinstance(held, Unread)}

    def has(self, name: str) -> bool:
        """Tell whether this kind of case has a field, be it folded away."""
        return name in self._order()

    def go_to(self, name: str) -> None:
        """Bring a field into sight and give it the focus."""
        for section in self.sections.values():
            if any(name in line.split("+") for line in section.group.names):
                section.unfold(True)
        row = self.rows[name]
        row.box.entrance().setFocus()
        QTimer.singleShot(0, row, lambda: self.ensureWidgetVisible(row))

    def labels(self, names: Iterable[str]) -> str:
        return ", ".join(_(field_of(Case, name).label) for name in names)

    def _edited(self, name: str) -> None:
        self.edits.type(name, self.rows[name].box.value())
        self.rows[name].refuse("")
        self._after(name)
        self.changed_field.emit(name)

    def _after(self, name: str) -> None:
        self._mark(name)
        if name == "family":
            self._lay_out()
        self.changed.emit()

    def _mark(self, name: str) -> None:
        if name in self.rows:
            self.rows[name].mark(touched=name in self.edits.typed)

    def _show(self, name: str) -> None:
        row = self.rows.get(name)
        if row is not None:
            row.box.show_value(self.edits.value(name))

    # Laying out

    def _lay_out(self) -> None:
        """Make the rows that this kind of case has; those that stay are kept with what is typed into them."""
        family = self.edits.value("family") or CaseFamily.OTHER
        filled = [name for name in self._names if self.edits.value(name) not in {None, "", frozenset()}]
        wanted = self._groups(family, filled)
        if wanted == self._laid_out:
            return
        self._laid_out = wanted
        for at, group in enumerate(wanted):
            self._lay_group(at, group)
        self._drop_others(wanted)

    def _lay_group(self, at: int, group: Group) -> None:
        section = self.sections.get(group.code)
        if section is None:
            unfolded = bool(self._kept.get(f"case.group:{group.code}", group.open))
            section = Section(group, self._fill, unfolded=unfolded)
            section.folded.connect(lambda code, unfolded: self._kept.put(f"case.group:{code}", unfolded))
            self.sections[group.code] = section
            self._column.insertWidget(at, section)
        section.group = group
        if section.unfolded or not section.empty:
            self._fill(section)

    def _fill(self, section: Section) -> None:
        """Put the lines of a section into it, in their order."""
        lines = section.lines
        while lines.count():
            item = lines.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None and not isinstance(widget, Row):
                self._let_rows_go(widget)
        for line in section.group.names:
            lines.addWidget(self._line(line.split("+")))
        section.empty = False
        self._chain()

    def _let_rows_go(self, pair: QWidget) -> None:
        for row in pair.findChildren(Row):
            row.setParent(self._holder)
            row.hide()
        pair.deleteLater()

    def _line(self, names: list[str]) -> QWidget:
        if len(names) == 1:
            return self._row(names[0], above=False)
        holder = QWidget()
        pair = QHBoxLayout(holder)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(look().letters.gap)
        for name in names:
            pair.addWidget(self._row(name, above=True), 1)
        return holder

    def _row(self, name: str, *, above: bool) -> Row:
        row = self.rows.get(name)
        if row is None:
            row = Row(field_of(Case, name), self._around, above=above)
            self._connect(name, row)
            self.rows[name] = row
            row.box.show_value(self.edits.value(name))
            row.box.set_fixed(fixed=row.field.declared.once and bool(self.edits.base.get(name)))
            row.mark(touched=name in self.edits.typed)
        if row.parent() is not None:  # A new one is shown with its line; alone it would be a window.
            row.show()
        return row

    def _connect(self, name: str, row: Row) -> None:
        row.box.edited.connect(lambda: self._edited(name))
        row.box.left.connect(self.left)
        row.box.files_offered.connect(self.files_offered)
        row.box.image_offered.connect(self.image_offered)
        row.box.text_offered.connect(self.text_offered)

    def _drop_others(self, wanted: tuple[Group, ...]) -> None:
        names = {name for group in wanted for line in group.names for name in line.split("+")}
        for name in [name for name in self.rows if name not in names]:
            row = self.rows.pop(name)
            row.hide()
            row.deleteLater()

    def _chain(self) -> None:
        """Let Tab go from field to field as they stand."""
        stops = [self.rows[name].box.entrance() for name in self._order() if name in self.rows]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _order(self) -> list[str]:
        return [name for group in self._laid_out for line in group.names for name in line.split("+")]
