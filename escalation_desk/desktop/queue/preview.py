"""The preview: what matters about the current case, without opening it or leaving the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Form
from escalation_desk.casework.fields import fields_of, to_json
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.flow import Flow
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import Chip, ElidedLabel, EmptyState, NameLabel, PlainLabel, Rule, button
from escalation_desk.desktop.queue.cells import Cells
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading, telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection

_FACTS: Final = (
    "owner",
    "requester",
    "seller",
    "reason",
    "waiting_on",
    "crm_number",
    "received_at",
    "last_activity_at",
)
_LAST: Final = 5
_TEXT: Final = 600
_FORMS: Final = {str(form): form.label for form in Form}


@dataclass(frozen=True, slots=True)
class Glance:
    """What the preview shows, read at one go."""

    case: Case
    due: str
    due_tone: Tone | None
    facts: tuple[tuple[str, str], ...]
    last: tuple[tuple[str, str, str], ...]


def glance_at(made: Connection, case_id: str, clock: Clock) -> Glance:
    """Read a case for the preview: its facts in words, and the newest entries of its timeline."""
    case = reading.record(made, Case, case_id)
    values = {f.name: to_json(f.kind, getattr(case, f.name)) for f in fields_of(Case)}
    cells = Cells(Case.kind, clock)
    cells.look_up(made, list(values), [list(values.values())])
    facts = [(f.label, cells.cell(f.name, values)[0]) for f in fields_of(Case) if f.name in _FACTS]
    moments = telling.timeline(made, case_id)[::-1][:_LAST]
    people = reading.names(made, "user", [m.by for m in moments if m.by])
    last = tuple((clock.short(m.at), _heading(m, people), one_line(m.text, 200)) for m in moments)
    due = clock.due_said(case.next_due_at) if case.next_due_at else ""
    known = tuple((label, text) for label, text in facts if text)
    return Glance(case, due, clock.due_tone(case.next_due_at), known, last)


def _heading(moment: telling.Moment, people: dict[str, str]) -> str:
    what = _(_FORMS[moment.form]) if moment.form in _FORMS else _(_KINDS.get(moment.kind, ""))
    who = people.get(moment.by or "", moment.author or "")
    return ", ".join(part for part in (what, who) if part)


_KINDS: Final = {
    "change": N_("Change"),
    "follow_up": N_("Follow-up"),
    "attachment": N_("Attachment"),
    "clarification": N_("Question and answer"),
    "message": N_("Entry"),
}


class Preview(QWidget):
    """A page among the tabs that follows the list."""

    icon: Final = "preview"
    renamed = Signal(str)

    def __init__(self, frame: Frame, clock: Callable[[], Clock]) -> None:
        super().__init__()
        self._frame = frame
        self._clock = clock
        self.case_id = ""
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)

    def title(self) -> str:
        return _("Preview")

    def show_case(self, case_id: str) -> None:
        """Show another case; what was asked for meanwhile and came too late is dropped."""
        self.case_id = case_id
        if not case_id:
            self._scroll.setWidget(EmptyState("preview", _("Choose a case in the list")))
            return
        clock = self._clock()

        def take(glance: Glance) -> None:
            if glance.case.id == self.case_id:
                self._scroll.setWidget(self._page(glance))

        self._frame.verbs.ask(lambda made: glance_at(made, case_id, clock), take, refused=lambda _gone: None)

    def _page(self, glance: Glance) -> QWidget:
        letters, case = look().letters, glance.case
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(letters.page, letters.wide, letters.page, letters.page)
        column.setSpacing(letters.gap)
        top = QHBoxLayout()
        top.addWidget(PlainLabel(case.case_no, Role.MUTED).selectable(), 1)
        top.addWidget(button(_("Open"), lambda: self._frame.open_case(case.id), sign="right"))
        column.addLayout(top)
        column.addWidget(PlainLabel(case.title, Role.HEADING, wrap=True).selectable())
        column.addWidget(_chips(glance))
        column.addWidget(Rule())
        column.addLayout(_facts(glance))
        for text in (case.summary, case.description):
            if text:
                column.addWidget(Rule())
                column.addWidget(PlainLabel(_cut(text), wrap=True).selectable())
                break
        if glance.last:
            column.addWidget(Rule())
            column.addWidget(PlainLabel(_("Last on the timeline"), Role.STRONG))
            for entry in glance.last:
                column.addLayout(_entry(*entry))
        column.addStretch(1)
        return page


def _chips(glance: Glance) -> QWidget:
    holder = QWidget()
    flow = Flow(holder, look().letters.tight)
    flow.addWidget(Chip.of(glance.case.status))
    flow.addWidget(Chip.of(glance.case.priority))
    if glance.due:
        flow.addWidget(Chip(glance.due[:1].upper() + glance.due[1:], glance.due_tone or Tone.NEUTRAL))
    for flag in sorted(glance.case.risk_flags):
        flow.addWidget(Chip(_(flag.label), Tone.BAD, "▲"))
    return holder


def _facts(glance: Glance) -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(look().letters.page)
    form.setVerticalSpacing(look().letters.tight)
    for label, text in glance.facts:
        form.addRow(PlainLabel(_(label), Role.MUTED), NameLabel(text))
    return form


def _entry(at: str, heading: str, text: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    top = QHBoxLayout()
    top.addWidget(ElidedLabel(heading, Role.SMALL), 1)
    top.addWidget(PlainLabel(at, Role.SMALL), 0, Qt.AlignmentFlag.AlignRight)
    column.addLayout(top)
    column.addWidget(PlainLabel(text, wrap=True))
    return column


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT else text[:_TEXT].rsplit(" ", 1)[0] + " …"
