"""Boxes to choose words of the desk: one of them, several of them, yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QSizePolicy, QWidget

from escalation_desk.desktop.case.boxes.base import Around, Box
from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import meaning
from escalation_desk.desktop.plain import button, literal
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QWheelEvent

    from escalation_desk.casework.choices import Choice
    from escalation_desk.casework.fields import Field


class Words(QComboBox):
    """A list of words; the wheel scrolls the page under it instead of changing what was chosen."""

    def __init__(self, choices: type[Choice], *, empty: bool) -> None:
        super().__init__()
        self.setProperty("kind", "field")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if empty:
            self.addItem("–", None)
        for choice in choices:
            self.addItem(f"{meaning(choice).mark} {_(choice.label)}".strip(), choice)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def choose(self, value: Choice | None) -> None:
        codes = [self.itemData(at) for at in range(self.count())]
        self.setCurrentIndex(codes.index(value) if value in codes else -1)


class ChoiceBox(Box):
    def __init__(self, field: Field, _around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if field.choices is None:
            raise TypeError(field.name)
        self.choices = field.choices
        self.words = Words(field.choices, empty=field.optional)
        self._enter(self.words)
        self.words.activated.connect(lambda _at: self.edited.emit())

    def entrance(self) -> QWidget:
        return self.words

    def value(self) -> Any:
        held = self.words.currentData()
        return self.choices(held) if held is not None else None  # type: ignore[call-arg]  # looks a member up

    def show_value(self, value: Any) -> None:
        self.words.choose(value)


def _show_on(toggle: QPushButton, word: str, *, on: bool) -> None:
    """Show by a sign, not by colour alone, that a word is chosen."""
    toggle.setText(literal(f"✓ {word}" if on else word))
    toggle.setAccessibleName(word)
    toggle.setAccessibleDescription(_("on") if on else _("off"))


class FlagBox(Box):
    def __init__(self, _field: Field, _around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tick = QCheckBox()
        self._enter(self.tick)
        self.tick.clicked.connect(lambda _on: self.edited.emit())

    def entrance(self) -> QWidget:
        return self.tick

    def value(self) -> Any:
        return self.tick.isChecked()

    def show_value(self, value: Any) -> None:
        self.tick.setChecked(bool(value))


class TogglesBox(Box):
    """Several words, each a chip that is on or off."""

    wide = True

    def __init__(self, field: Field, _around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        holder = FlowBox(look().letters.tight)
        self.buttons: dict[Choice, QPushButton] = {}
        for choice in field.choices or ():
            made = button(literal(_(choice.label)), self.edited.emit, kind="toggle")
            made.setCheckable(True)
            made.toggled.connect(lambda on, one=made, label=choice.label: _show_on(one, _(label), on=on))
            self.buttons[choice] = made
            holder.flow.addWidget(made)
        self.row.addWidget(holder, 1)
        self.setFocusProxy(self.entrance())

    def entrance(self) -> QWidget:
        return next(iter(self.buttons.values()))

    def set_fixed(self, *, fixed: bool) -> None:
        for one in self.buttons.values():
            one.setEnabled(not fixed)

    def mark_wrong(self, *, wrong: bool) -> None:
        """Any set of words is a value; there is nothing to mark."""

    def value(self) -> Any:
        return frozenset(choice for choice, one in self.buttons.items() if one.isChecked())

    def show_value(self, value: Any) -> None:
        for choice, one in self.buttons.items():
            one.setChecked(choice in value)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entrance().setFocus()
