"""Lays the parts of the page of a case: head above, notices under it, the zones with everything else below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import ElidedLabel, button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.case.composer import Composer
    from escalation_desk.desktop.case.editor import CaseEditor
    from escalation_desk.desktop.case.timeline import Timeline


class Unsaved(QWidget):
    """Says which fields are not saved, and what can be done about it."""

    def __init__(self, save: Callable[[], None], discard: Callable[[], None]) -> None:
        super().__init__()
        letters = look().letters
        row = QHBoxLayout(self)
        row.setContentsMargins(letters.wide, 0, letters.wide, letters.gap)
        row.setSpacing(letters.gap)
        self.label = ElidedLabel("", tone=Tone.ACCENT)
        row.addWidget(self.label, 1)
        row.addWidget(button(_("Discard"), discard, kind="quiet"))
        row.addWidget(button(_("Save"), save, kind="first"))
        self.hide()

    def show_names(self, names: str) -> None:
        self.label.setText(_("Not saved: {fields}", fields=names))
        self.setVisible(bool(names))


def talk_of(timeline: Timeline, composer: Composer) -> QWidget:
    """Put the composer at the foot of the timeline."""
    letters = look().letters
    talk = QWidget()
    column = QVBoxLayout(talk)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(timeline, 1)
    holder = QWidget()
    inner = QVBoxLayout(holder)
    inner.setContentsMargins(letters.wide, letters.tight, letters.wide, letters.gap)
    inner.addWidget(composer)
    column.addWidget(holder)
    return talk


def lay_out(page: CaseEditor) -> None:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    letters = look().letters
    gate = QVBoxLayout()
    gate.setContentsMargins(letters.wide, 0, letters.wide, letters.gap)
    gate.addWidget(page.ending.panel)
    column.addWidget(page.head)
    column.addWidget(page.unsaved)
    column.addLayout(gate)
    column.addWidget(page.standing)
    column.addWidget(page.zones, 1)
    page.setAcceptDrops(True)
    page.setFocusProxy(page.timeline.list)
