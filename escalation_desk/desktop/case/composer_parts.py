"""What the composer is made of: the boxes, the buttons, and how they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.choices import Channel, Direction
from escalation_desk.desktop.case.boxes import GrowingEditor, Line, MomentLine
from escalation_desk.desktop.case.boxes.sets import Chips
from escalation_desk.desktop.case.call_bar import CallBar
from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.case.gaps import GapMarks
from escalation_desk.desktop.case.promise_box import PromiseBox
from escalation_desk.desktop.case.writing import MODES, Writing
from escalation_desk.desktop.case.zones import Segments
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import ElidedLabel, PlainLabel, button, icon_button, set_tip
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPaintEvent

    from escalation_desk.desktop.moments import Clock

INSIDE: Final = N_("▣ Internal: only the desk reads this.")
OUTSIDE: Final = N_("↗ External: the requester reads or hears this. Nothing is sent from here.")
DIRECTIONS: Final = (Direction.OUT, Direction.IN)


class ComposerParts(QFrame):
    """The parts by their names. What they do is the composer's matter."""

    put = Signal(Writing, object)
    edited = Signal()
    left = Signal()
    files_offered = Signal(list)
    image_offered = Signal(QImage)
    text_offered = Signal(object)
    attach_asked = Signal()
    versions_asked = Signal()
    colleague_asked = Signal()
    macro_used = Signal(object)

    def __init__(self, clock: Callable[[], Clock]) -> None:
        super().__init__()
        self.setProperty("kind", "composer")
        self.setAccessibleName(_("Write for the timeline"))
        self._clock = clock
        self.external = False
        self._make_words()
        self._make_text()
        self._make_tools()
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        worn = look()
        external = self.external
        ink = worn.ink(Tone.ACCENT if external else Tone.WARN)
        pen = QPen(QColor(ink.ink), 1.5)
        pen.setStyle(Qt.PenStyle.SolidLine if external else Qt.PenStyle.DashLine)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            painter.setBrush(QColor(worn.colours.surface))
            radius = worn.letters.px(0.6)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)

    def _make_words(self) -> None:
        """Make what is chosen before anything is written: which kind, to whom, when."""
        self.modes = Segments(_("Kind of entry"), kind="modes")
        self.modes.show_words([(mode.code, _(mode.label)) for mode in MODES])
        self.side = ElidedLabel("", Role.SMALL)
        self.context = PlainLabel("", Role.SMALL, tone=Tone.VIOLET)
        self.no_context = icon_button("close", _("No correction, no answer"))
        self.direction = _combo(_("Direction"), [(_(one.label), str(one)) for one in DIRECTIONS])
        self.channel = _combo(_("Channel"), [("", ""), *((_(one.label), str(one)) for one in Channel)])
        self.counterpart = Line(_("With whom"))
        self.counterpart.setAccessibleName(_("With whom"))
        self.at = MomentLine(self._clock, _("When it happened"), hint=_("When it happened, such as 14:30"))
        self.at.hide()
        self.call = CallBar()

    def _make_text(self) -> None:
        """Make the text and what belongs to it."""
        self.editor = GrowingEditor(2, 12)
        self.editor.setProperty("kind", "bare")
        self.marks = GapMarks(self.editor)
        self.promises = Chips()
        self.promise = PromiseBox(self._clock)
        self.promise.hide()
        self.refusal = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.refusal.hide()
        self.gap_row = QWidget()
        holder = FlowBox(look().letters.tight)
        self.gap_flow = holder.flow
        label = PlainLabel(_("To fill in:"), Role.SMALL, tone=Tone.WARN)
        _fill_row(self.gap_row, label, holder, stretch=1)
        self.context_row = QWidget()

    def _make_tools(self) -> None:
        self.attach = icon_button("attach", _("Attach a file"), self.attach_asked.emit)
        self.macro = icon_button("macro", _("Macro (type ::)"))
        self.promised = icon_button("promise", _("Promise or reminder (type !!)"))
        self.when = icon_button("clock", _("It happened at another time"))
        self.copy = icon_button("copy", _("Copy the text"))
        self.older = icon_button("history", _("Earlier versions of this draft"), self.versions_asked.emit)
        self.go = button(_("Put on the timeline"), kind="first")
        set_tip(self.go, _("Ctrl+Enter"))

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.gap, letters.tight, letters.gap, letters.gap)
        column.setSpacing(letters.tight)
        column.addWidget(self.modes)
        column.addWidget(self.side)
        _fill_row(self.context_row, self.context, self.no_context)
        column.addWidget(self.context_row)
        options = QHBoxLayout()
        options.setSpacing(letters.tight)
        for part, stretch in ((self.direction, 0), (self.channel, 1), (self.counterpart, 2), (self.at, 2)):
            options.addWidget(part, stretch)
        column.addLayout(options)
        column.addWidget(self.call)
        column.addWidget(self.editor)
        for line in (self.gap_row, self.promises, self.promise, self.refusal):
            column.addWidget(line)
        foot = QHBoxLayout()
        foot.setSpacing(letters.tight)
        for tool in (self.attach, self.macro, self.promised, self.when, self.copy, self.older):
            foot.addWidget(tool)
        foot.addStretch()
        foot.addWidget(self.go)
        column.addLayout(foot)


def _fill_row(holder: QWidget, first: QWidget, second: QWidget, *, stretch: int = 0) -> None:
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look().letters.tight)
    row.addWidget(first, 0 if stretch else 1)
    row.addWidget(second, stretch)


def _combo(name: str, words: Sequence[tuple[str, str]]) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    for text, code in words:
        made.addItem(text, code)
    return made


HINTS: Final = {
    "note": N_("Write an internal note"),
    "message": N_("Write what you send to the requester, then copy it into the CRM"),
    "call": N_("What was said, what was agreed"),
    "chat": N_("Paste or retell the chat"),
    "poc": N_("What you ask of a team or point of contact, or what they answered"),
    "decision": N_("What was decided, by whom, and why"),
    "report": N_("How the case stands, for those who are waiting for it: done, open, next"),
    "question": N_("What the requester has to clarify"),
}
