"""The rows and sections that the form of a case is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from escalation_desk.desktop.case.boxes import Around, Box, make_box
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.fields import Field
    from escalation_desk.desktop.case.groups import Group

_LABEL: Final = 8.2


class Row(QWidget):
    """A field with its name, and a sentence under it where it was refused."""

    def __init__(self, field: Field, around: Around, *, above: bool = False) -> None:
        super().__init__()
        self.field = field
        self.box: Box = make_box(self.field, around)
        label = _(self.field.label)
        self.box.entrance().setAccessibleName(label)
        self.label = PlainLabel(label, Role.SMALL)
        self.label.setBuddy(self.box.entrance())
        self.refusal = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.refusal.hide()
        self._touched = False
        self._lay_out(above=above or self.box.wide)

    def _lay_out(self, *, above: bool) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if above:
            self.label.setContentsMargins(letters.gap, 0, 0, 0)
            column.addWidget(self.label)
            column.addWidget(self.box)
        else:
            line = QHBoxLayout()
            line.setSpacing(letters.tight)
            self.label.setFixedWidth(letters.px(_LABEL))
            self.label.setContentsMargins(letters.gap, letters.px(0.42), 0, 0)
            self.label.setWordWrap(True)
            line.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(self.box, 1)
            column.addLayout(line)
        self.refusal.setContentsMargins(letters.gap, 0, 0, 0)
        column.addWidget(self.refusal)

    def refuse(self, sentence: str) -> None:
        """Show why a value was not taken; empty takes the sentence away."""
        if sentence == self.refusal.text():
            return
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))
        self.box.mark_wrong(wrong=bool(sentence))
        self.box.entrance().setAccessibleDescription(sentence)

    def mark(self, *, touched: bool) -> None:
        """Mark what is not saved, by colour and by a sign."""
        if touched is self._touched:
            return
        self._touched = touched
        self.label.set_tone(Tone.ACCENT if touched else None)
        self.label.setText(_("{field} •", field=_(self.field.label)) if touched else _(self.field.label))


class Section(QWidget):
    """A group of fields that folds."""

    folded = Signal(str, bool)

    def __init__(self, group: Group, fill: Callable[[Section], None], *, unfolded: bool) -> None:
        super().__init__()
        self.group = group
        self.empty = True
        self._fill = fill
        letters = look().letters
        self.head = button(_(group.label), self.flip, kind="fold", sign="down")
        self.head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.body = QWidget()
        self.lines = QVBoxLayout(self.body)
        self.lines.setContentsMargins(0, 0, 0, letters.gap)
        self.lines.setSpacing(letters.tight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(letters.tight)
        column.addWidget(self.head)
        column.addWidget(self.body)
        self.body.setVisible(unfolded)
        self._show_state()

    @property
    def unfolded(self) -> bool:
        return not self.body.isHidden()

    def flip(self) -> None:
        self.unfold(self.body.isHidden())
        self.folded.emit(self.group.code, self.unfolded)

    def unfold(self, unfolded: bool) -> None:
        """Fold or unfold; the fields of a folded section are made when it is first unfolded."""
        if unfolded and self.empty:
            self._fill(self)
        self.body.setVisible(unfolded)
        self._show_state()

    def _show_state(self) -> None:
        unfolded = self.unfolded
        self.head.setIcon(icon("down" if unfolded else "right"))
        self.head.setAccessibleDescription(_("unfolded") if unfolded else _("folded"))
