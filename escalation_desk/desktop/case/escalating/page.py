"""The one page as somebody fills it in: what it is about, the decision asked, by when, and the text that follows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.casework.escalating.brief import Brief, text_of
from escalation_desk.desktop.case.boxes import GrowingEditor, MomentLine
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainEditor, PlainLabel, button, literal
from escalation_desk.i18n import LANGUAGES, N_, _, language

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.escalations import Standing

_FIELDS: Final = (
    ("one_line", N_("In one line"), 1),
    ("decision", N_("Decision asked"), 2),
    ("affected", N_("People affected"), 1),
    ("risk", N_("Risk"), 1),
    ("tried", N_("Done so far"), 2),
    ("recommendation", N_("Recommendation"), 2),
)


class BriefPage(QScrollArea):
    """The fields of the page above, the text to send below; the text follows the fields until somebody changes it."""

    changed = Signal()

    def __init__(self, frame: Frame, stands: Standing, clock: Callable[[], Clock], brief: Brief) -> None:
        super().__init__()
        self._frame = frame
        self._stands = stands
        self._clock = clock
        self._by_hand = False
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("What is asked"))
        self.editors = {name: GrowingEditor(least, 6, name=_(label)) for name, label, least in _FIELDS}
        self.needed_by = MomentLine(clock, _("Needed by"))
        self.language = Pick([(name, code) for code, name in LANGUAGES.items()], language(), name=_("Language"))
        self.text = PlainEditor(lines=5, name=_("Text to send"))
        self._lay_out()
        for name, editor in self.editors.items():
            editor.set_text(str(getattr(brief, name)))
            editor.textChanged.connect(self._edited)
        self.needed_by.show_value(brief.needed_by)
        self.needed_by.edited.connect(self._edited)
        self.language.picked.connect(self._begin_anew)
        self.text.textChanged.connect(self._written)
        self._fill()

    def brief(self) -> Brief:
        """Say what stands on the page."""
        due = self.needed_by.value()
        said = {name: editor.text().strip() for name, editor in self.editors.items()}
        return Brief(needed_by=due if isinstance(due, datetime) else None, **said)

    def unread(self) -> str:
        """Say why the moment cannot be read, where it cannot."""
        due = self.needed_by.value()
        return due.sentence if isinstance(due, Unread) else ""

    def copy(self) -> None:
        """Copy the text to send."""
        QGuiApplication.clipboard().setText(self.text.text())
        self._frame.tell(_("The text is copied. Nobody has been told by that; send it, then mark it as sent."))

    def _edited(self) -> None:
        self._fill()
        self.changed.emit()

    def _begin_anew(self) -> None:
        self._by_hand = False
        self._fill()

    def _written(self) -> None:
        self._by_hand = True

    def _fill(self) -> None:
        """Write the text anew, unless somebody has changed it by hand."""
        macro = self._stands.macro
        if macro is None or self._by_hand:
            return
        zone = self._clock().zone
        self.text.blockSignals(True)  # What is written here is not written by hand.
        self.text.set_text(text_of(self.brief(), self._stands.case, macro, self.language.value(), zone))
        self.text.blockSignals(False)

    def _lay_out(self) -> None:
        letters = look().letters
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, letters.gap, 0)
        column.setSpacing(letters.wide)
        form = QFormLayout()
        form.setHorizontalSpacing(letters.wide)
        form.setVerticalSpacing(letters.gap)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for name, label, _least in _FIELDS:
            form.addRow(literal(_(label)), self.editors[name])
            if name == "decision":
                form.addRow(literal(_("Needed by")), self.needed_by)
        column.addLayout(form)
        head = QHBoxLayout()
        head.setSpacing(letters.gap)
        head.addWidget(PlainLabel(_("Text to send"), Role.STRONG), 1)
        head.addWidget(self.language)
        head.addWidget(button(_("Copy the text"), self.copy, sign="copy"))
        column.addLayout(head)
        column.addWidget(self.text)
        column.addStretch()
        self.setWidget(holder)
