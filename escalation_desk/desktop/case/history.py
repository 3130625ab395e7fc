"""Everything that was ever done to the fields of a case: what, from, to, who, when, by which act, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QListView, QVBoxLayout, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import Kind, field_of
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.offers import Offer
from escalation_desk.desktop.case.picker import OFFER, TwoLines
from escalation_desk.desktop.case.values import EMPTY, from_history, said_of
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import EmptyState, tell
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.reading import PastChange

_Index = QModelIndex | QPersistentModelIndex
_CAME: Final = {
    "import": N_("by an import"),
    "undo": N_("by undoing"),
    "redo": N_("by doing it again"),
    "sync": N_("from another workstation"),
}
_OPS: Final = {"create": N_("Created"), "delete": N_("Removed"), "restore": N_("Brought back")}


class HistoryModel(QAbstractListModel):
    """Two lines a change."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[PastChange, Offer]] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default.
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        _change, offer = self.rows[index.row()]
        if role == OFFER:
            return offer
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{offer.text}. {offer.detail}"
        return None

    def show_rows(self, rows: list[tuple[PastChange, Offer]]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class History(QWidget):
    """Reads when it is looked at, and again when the case changes while it is looked at."""

    def __init__(self, frame: Frame, case_id: str, clock: Callable[[], Clock]) -> None:
        super().__init__()
        self._frame = frame
        self._case = case_id
        self._clock = clock
        self._changes: list[PastChange] = []
        self._names: dict[str, dict[str, str]] = {}
        self.field = QComboBox()
        self.field.setAccessibleName(_("Field"))
        self.model = HistoryModel()
        self.list = QListView()
        self.list.setAccessibleName(_("History of the case"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.activated.connect(self._tell_whole)
        self.nothing = EmptyState("history", _("Nothing was changed yet"))
        letters = look().letters
        top = QHBoxLayout()
        top.setContentsMargins(letters.gap, letters.gap, letters.gap, letters.tight)
        top.addWidget(self.field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.list, 1)
        self.field.currentIndexChanged.connect(lambda _at: self._draw())
        self.nothing.hide()

    def read(self) -> None:
        def history(made: Connection) -> tuple[list[PastChange], dict[str, dict[str, str]]]:
            changes = reading.history(made, self._case)
            return changes, _names_in(made, changes)

        self._frame.verbs.ask(history, self._show, slow=True)

    def _show(self, found: tuple[list[PastChange], dict[str, dict[str, str]]]) -> None:
        self._changes, self._names = found
        chosen = self.field.currentData()
        labels = {c.field: reading.label_of("case", c.field) for c in self._changes if c.field}
        self.field.blockSignals(True)
        self.field.clear()
        self.field.addItem(_("All fields"), None)
        for name, label in sorted(labels.items(), key=lambda pair: pair[1]):
            self.field.addItem(label, name)
        self.field.setCurrentIndex(max(self.field.findData(chosen), 0))
        self.field.blockSignals(False)
        self._draw()

    def show_field(self, name: str) -> None:
        """Show the history of one field alone."""
        self.field.setCurrentIndex(max(self.field.findData(name), 0))

    def _draw(self) -> None:
        chosen = self.field.currentData()
        shown = [change for change in self._changes if chosen is None or change.field == chosen]
        self.model.show_rows([(change, self._line(change)) for change in shown])
        self.nothing.setVisible(not shown)
        self.list.setVisible(bool(shown))

    def _line(self, change: PastChange) -> Offer:
        return Offer(one_line(self._what(change), 300), change.at, self._whence(change))

    def _what(self, change: PastChange) -> str:
        if change.op != "set" or change.field is None:
            return _(_OPS.get(change.op, change.op))
        before, after = self._values(change)
        label = reading.label_of("case", change.field)
        return _("{field}: {before} → {after}", field=label, before=before, after=after)

    def _values(self, change: PastChange) -> tuple[str, str]:
        try:
            f = field_of(Case, change.field or "")
        except KeyError:  # A field that a newer version has.
            return str(change.before), str(change.after)
        clock, names = self._clock(), self._name
        before, after = (from_history(f, value) for value in (change.before, change.after))
        return said_of(f, before, names, clock), said_of(f, after, names, clock)

    def _whence(self, change: PastChange) -> str:
        """Say who, when, by which act, and from where."""
        who = self._name("user", change.by) if change.by else ""
        parts = [self._clock().full(change.at), who, change.title]
        if change.entry_kind in _CAME:
            parts.append(_(_CAME[change.entry_kind]))
        if change.workstation != self._frame.verbs.journal.workstation:
            parts.append(_("on workstation {id}", id=change.workstation[-6:]))
        return " · ".join(part for part in parts if part)

    def _name(self, kind: str, record: str) -> str:
        return self._names.get(kind, {}).get(record, record)

    def _tell_whole(self, index: QModelIndex) -> None:
        """Show both values whole; a list shows their beginnings only."""
        change, line = self.model.rows[index.row()]
        whole = _("Before:\n{before}\n\nAfter:\n{after}", before=_whole(change.before), after=_whole(change.after))
        tell(self, line.text, line.detail, whole=whole)


def _whole(value: Any) -> str:
    if value in (None, "", []):
        return EMPTY
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _names_in(made: Connection, changes: Sequence[PastChange]) -> dict[str, dict[str, str]]:
    """Look up how people call everything that stood in a field once."""
    wanted: dict[str, set[str]] = {"user": {change.by for change in changes if change.by}}
    for change in changes:
        to, kind = _pointing(change.field)
        for value in (change.before, change.after) if to else ():
            if value:
                wanted.setdefault(to, set()).update(value if kind is Kind.SET else {value})
    return {kind: reading.names(made, kind, ids) for kind, ids in wanted.items()}


def _pointing(name: str | None) -> tuple[str, Kind]:
    try:
        f = field_of(Case, name or "")
    except KeyError:
        return "", Kind.TEXT
    return f.declared.refers_to or "", f.kind
