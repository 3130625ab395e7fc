"""Boxes that point to other records: a colleague, a requester, a seller, a reason; looked up by a few letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from escalation_desk.desktop.case.boxes.base import Around, Box
from escalation_desk.desktop.case.boxes.sets import Chips
from escalation_desk.desktop.case.offers import Offer, lookup_for
from escalation_desk.desktop.case.picker import Picker
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import icon_button, literal, restyle, set_tip, visible
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from escalation_desk.casework.fields import Field

CREATE: Final = {"party": N_("New requester “{name}”"), "seller": N_("New seller “{name}”")}
"""What may be made on the way, where it is not there yet."""


class Opener(QPushButton):
    """Shows a name; opens on a click, on Enter, on the down arrow."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "field")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._whole = ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.click()
        else:
            super().keyPressEvent(event)

    def show_text(self, text: str, *, hint: bool) -> None:
        self._whole = visible(text)
        self._fit()
        self.setProperty("hint", "true" if hint else "false")
        set_tip(self, "" if hint else text)
        self.setAccessibleDescription(text)
        restyle(self)

    def _fit(self) -> None:
        room = self.width() - 2 * look().letters.gap - 2
        self.setText(literal(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)))


class RecordBox(Box):
    """One record, or none."""

    def __init__(self, field: Field, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.kind = field.declared.refers_to or ""
        self.around = around
        self._held: str | None = None
        self._chosen: dict[str, str] = {}
        self._fixed = False
        self.opener = Opener()
        self.clear = icon_button("close", _("Empty: {field}", field=_(field.label)), self._empty)
        self.clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._enter(self.opener)
        self.row.addWidget(self.clear)
        self.opener.clicked.connect(self.open)
        self.show_value(None)

    def entrance(self) -> QWidget:
        return self.opener

    def set_fixed(self, *, fixed: bool) -> None:
        self._fixed = fixed
        self.opener.setEnabled(not fixed)
        self.clear.setVisible(False)

    def value(self) -> Any:
        return self._held

    def show_value(self, value: Any) -> None:
        self._held = value
        text = self._name(value) if value else _("Choose")
        self.opener.show_text(text, hint=not value)
        self.clear.setVisible(bool(value) and self.field.optional and not self._fixed)

    def open(self) -> None:
        name = _(self.field.label)
        picker = Picker(self.around.verbs, lookup_for(self.kind), name, create=CREATE.get(self.kind, ""), parent=self)
        picker.chosen.connect(self._take)
        picker.asked_for_new.connect(lambda text: self.around.create(self.kind, text, self._made))
        picker.open_under(self.opener)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.field.optional and not self._fixed:
            self._empty()
        else:
            super().keyPressEvent(event)

    def _name(self, value: str) -> str:
        return self._chosen.get(value) or self.around.name(self.kind, value)

    def _take(self, offer: Offer) -> None:
        self._made(offer.value or "", offer.text)

    def _made(self, value: str, name: str) -> None:
        self._chosen[value] = name
        self.show_value(value)
        self.opener.setFocus()
        self.edited.emit()

    def _empty(self) -> None:
        self.show_value(None)
        self.edited.emit()


class RecordsBox(Box):
    """Several records, each a chip."""

    def __init__(self, field: Field, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.kind = field.declared.refers_to or ""
        self.around = around
        self._held: list[str] = []
        self._chosen: dict[str, str] = {}
        self.chips = Chips()
        self.opener = Opener()
        self.opener.show_text(_("Add"), hint=True)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().letters.tight)
        column.addWidget(self.chips)
        column.addWidget(self.opener)
        self.row.addWidget(holder, 1)
        self.setFocusProxy(self.opener)
        self.opener.clicked.connect(self.open)
        self.chips.removed.connect(self._remove)

    def entrance(self) -> QWidget:
        return self.opener

    def value(self) -> Any:
        return frozenset(self._held)

    def show_value(self, value: Any) -> None:
        self._held = sorted(value, key=self._name)
        self._draw()

    def open(self) -> None:
        picker = Picker(self.around.verbs, lookup_for(self.kind), _(self.field.label), parent=self)
        picker.chosen.connect(self._take)
        picker.open_under(self.opener)

    def _take(self, offer: Offer) -> None:
        value = offer.value or ""
        self._chosen[value] = offer.text
        if value not in self._held:
            self._held.append(value)
            self._draw()
            self.edited.emit()
        self.opener.setFocus()

    def _remove(self, value: str) -> None:
        self._held.remove(value)
        self._draw()
        self.opener.setFocus()
        self.edited.emit()

    def _name(self, value: str) -> str:
        return self._chosen.get(value) or self.around.name(self.kind, value)

    def _draw(self) -> None:
        self.chips.show_chips([(one, self._name(one)) for one in self._held])
