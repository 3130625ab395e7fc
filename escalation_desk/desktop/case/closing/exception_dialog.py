"""Asks for an exception: what policy says, what is done instead, why; what was decided before stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.casework.text import one_line
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainEditor, PlainLabel, SearchField, button, literal, resize_within
from escalation_desk.i18n import _
from escalation_desk.journal import closing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.casework.case import Case
    from escalation_desk.desktop.case.closing.deeds import EndingDeeds
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.closing import Precedent

_PAUSE = 150


class ExceptionDialog(QDialog):
    """Ctrl+Enter asks, Esc leaves it. Precedents that are ticked go with it."""

    def __init__(self, frame: Frame, deeds: EndingDeeds, case: Case) -> None:
        super().__init__(frame.window())
        self._frame = frame
        self._deeds = deeds
        self._case = case
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Exception from policy on {case}", case=case.case_no))
        self.policy_says = PlainEditor(lines=3, name=_("Policy says"))
        self.we_did = PlainEditor(lines=3, name=_("We did"))
        self.because = PlainEditor(lines=3, name=_("Because"))
        self.search = SearchField(_("Search precedents"))
        self.yes = button(_("Ask a lead to decide"), self._ask, kind="first")
        self._found = QVBoxLayout()
        self.ticks: dict[str, QCheckBox] = {}
        self._chosen: set[str] = set()
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._read)
        self.search.textChanged.connect(lambda _text: self._soon.start())
        for editor in (self.policy_says, self.we_did, self.because):
            editor.textChanged.connect(self._look)
        self._lay_out()
        self._look()
        self._read()
        self.policy_says.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.yes.isEnabled():
                self._ask()
            return
        super().keyPressEvent(event)

    def _ask(self) -> None:
        values = {
            "policy_says": self.policy_says.text(),
            "we_did": self.we_did.text(),
            "because": self.because.text(),
            "precedents": frozenset(self._chosen),
        }
        self._deeds.ask_exception(values, self.accept)

    def _look(self) -> None:
        self.yes.setEnabled(all(one.text().strip() for one in (self.policy_says, self.we_did, self.because)))

    # Precedents

    def _read(self) -> None:
        case, words = self._case, self.search.text()
        self._frame.verbs.ask(lambda made: closing.precedents(made, case, words), self._show)

    def _show(self, found: Sequence[Precedent]) -> None:
        while self._found.count():
            item = self._found.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        self.ticks.clear()
        for one in found:
            self._found.addWidget(self._row(one))
        if not found:
            nothing = _("No exception like this one yet. Search by words to look at all of them.")
            self._found.addWidget(PlainLabel(nothing, Role.MUTED, wrap=True))
        self._found.addStretch()

    def _row(self, one: Precedent) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, look().letters.gap)
        column.setSpacing(0)
        state = _(one.decision.state.label)
        tick = QCheckBox(literal(_("{case}: {state}", case=one.case_no, state=state)))
        tick.setAccessibleName(_("{case}: {state}. {what}", case=one.case_no, state=state, what=one.decision.we_did))
        tick.setChecked(one.decision.id in self._chosen)
        tick.toggled.connect(lambda on: (self._chosen.add if on else self._chosen.discard)(one.decision.id))
        self.ticks[one.decision.id] = tick
        column.addWidget(tick)
        column.addWidget(PlainLabel(one_line(one.decision.we_did, 200), wrap=True))
        column.addWidget(PlainLabel(one_line(one.decision.because, 200), Role.SMALL, wrap=True))
        return holder

    # Laying out

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(self.windowTitle(), Role.HEADING, wrap=True))
        body = QHBoxLayout()
        body.setSpacing(letters.page)
        left = QVBoxLayout()
        left.setSpacing(letters.tight)
        for editor in (self.policy_says, self.we_did, self.because):
            left.addWidget(PlainLabel(editor.accessibleName(), Role.SMALL))
            left.addWidget(editor, 1)
        body.addLayout(left, 3)
        right = QVBoxLayout()
        right.setSpacing(letters.gap)
        right.addWidget(PlainLabel(_("Precedents"), Role.STRONG))
        right.addWidget(self.search)
        right.addWidget(_scrolling(self._found), 1)
        body.addLayout(right, 2)
        column.addLayout(body, 1)
        buttons = QHBoxLayout()
        buttons.addStretch()
        for one in (button(_("Cancel"), self.reject), self.yes):
            one.setAutoDefault(False)
            buttons.addWidget(one)
        column.addLayout(buttons)
        resize_within(self, 60, 32)


def _scrolling(column: QVBoxLayout) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(_("Precedents"))
    holder = QWidget()
    holder.setLayout(column)
    area.setWidget(holder)
    return area
