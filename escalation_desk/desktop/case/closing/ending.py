"""Before a case goes into another state: what is still missing, each a link to where it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from escalation_desk.casework.closing import gates
from escalation_desk.casework.closing.records import LookAt
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.case.refilling import focus_kept
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, Sign, button, icon_button
from escalation_desk.i18n import _
from escalation_desk.journal import closing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from escalation_desk.casework.choices import CaseStatus, Choice
    from escalation_desk.casework.closing.gates import Missing
    from escalation_desk.desktop.case.editor import CaseEditor
    from escalation_desk.desktop.pages import Frame


_COLUMN: Final = 36
_MOST: Final = 3
"""From this many letters of width on there is another column, up to the most."""


class GatePanel(QFrame):
    """Lists what is missing. Tab and Enter or a click take you there; Esc leaves it."""

    wanted = Signal(str)
    again = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.wide, letters.gap, letters.wide, letters.gap)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setSpacing(letters.gap)
        self._sign = Sign("alert", 1.2, Tone.WARN)
        self.heading = PlainLabel("", Role.STRONG, wrap=True)
        self.go_on = button("", self.again.emit, kind="first")
        top.addWidget(self._sign)
        top.addWidget(self.heading, 1)
        top.addWidget(self.go_on)
        top.addWidget(icon_button("close", _("Leave the case as it is"), self.closed.emit))
        column.addLayout(top)
        self._lines = QGridLayout()
        self._lines.setContentsMargins(letters.px(1.8), 0, 0, 0)
        self._lines.setHorizontalSpacing(letters.page)
        self._lines.setVerticalSpacing(0)
        self._rows: list[QWidget] = []
        column.addLayout(self._lines)
        self.hide()

    def show_missing(self, number: str, to: CaseStatus, found: Sequence[Missing]) -> None:
        """Show what is missing, or that nothing is any more."""
        status = _(to.label)
        text = (
            _("Before {case} can become “{status}”:", case=number, status=status)
            if found
            else _("Nothing is missing: {case} can become “{status}”.", case=number, status=status)
        )
        self.heading.setText(text)
        self.setAccessibleName(text)
        self._sign.show_sign("alert" if found else "check", Tone.WARN if found else Tone.GOOD)
        self.go_on.setText(_("Set “{status}”", status=status))
        self.go_on.setVisible(not found)
        with focus_kept(self):
            self._clear()
            self._rows = [self._row(one) for one in found]
            self._place()
        self.show()

    def links(self) -> list[QPushButton]:
        """List the ways to what is missing, from top to bottom."""
        return [one for one in self.findChildren(QPushButton) if one is not self.go_on and not one.isHidden()]

    def enter(self) -> None:
        """Go to the first thing that is missing, or to the button that goes on."""
        (self.links() or [self.go_on])[0].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._lines.columnCount() != self._columns():
            self._place()

    def _columns(self) -> int:
        """Lines beside each other leave more of the page to see, where there is the width."""
        return max(min(int(self.width() / look().letters.px(_COLUMN)), _MOST), 1)

    def _place(self) -> None:
        columns = self._columns()
        deep = -(-len(self._rows) // columns)
        for at, row in enumerate(self._rows):
            self._lines.addWidget(row, at % deep, at // deep)
        for column in range(_MOST):
            self._lines.setColumnStretch(column, int(column < columns))

    def _row(self, one: Missing) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(look().letters.gap)
        made = button(_("Go there"), lambda: self.wanted.emit(one.where), kind="link")
        made.setAccessibleName(_("Go there: {what}", what=one.sentence))
        made.setAutoDefault(True)  # Enter goes, as a click does.
        line.addWidget(made)
        line.addWidget(PlainLabel(one.sentence, wrap=True), 1)
        return holder

    def _clear(self) -> None:
        for row in self._rows:
            self._lines.removeWidget(row)
            row.hide()
            row.deleteLater()


class Ending(QObject):
    """Asks the guards before it saves a move of the state; while something is missing, the panel stays."""

    def __init__(self, frame: Frame, page: CaseEditor) -> None:
        super().__init__(page)
        self._frame = frame
        self._page = page
        self._to: CaseStatus | None = None
        self._reasons: dict[str, Choice] = {}
        self.panel = GatePanel()
        self.panel.wanted.connect(self.go)
        self.panel.again.connect(self._again)
        self._asked = 0
        self.panel.closed.connect(self.leave)

    def ask(self, to: CaseStatus, reasons: dict[str, Choice]) -> None:
        """Bring the case into another state, or list what that needs first."""
        self._to, self._reasons = to, reasons
        self._read(self._first)

    def look(self) -> None:
        """Look anew at what is missing; something was saved or typed."""
        sight = self._page.sight
        if self._to is not None and sight is not None and sight.case.status is self._to:
            self.leave()
        elif self._to is not None and not self.panel.isHidden():
            self._read(self._show)

    def leave(self) -> None:
        """Give the move up, and go back to the timeline."""
        held = self.panel.isAncestorOf(self._page.focusWidget())
        self._to, self._reasons = None, {}
        self.panel.hide()
        if held:
            self._page.timeline.list.setFocus()

    def look_at_text(self) -> None:
        """Ask a colleague to look at what stands in the composer, before it is sent."""
        page = self._page
        page.cards.ending.deeds.ask_look(LookAt.MESSAGE, page.composer.editor.text(), under=page.composer)

    def go(self, where: str) -> None:
        """Go to where something is mended."""
        ways = self._ways()
        if where in ways:
            ways[where]()
        elif self._page.form.has(where):
            self._page.show_part("details")
            self._page.form.go_to(where)

    def _ways(self) -> dict[str, Callable[[], object]]:
        page = self._page
        card = page.cards.ending
        return {
            gates.TALK: page.tell_outcome,
            "knowledge": lambda: page.go_around(page.cards.knowledge.enter),
            "knowledge_article": lambda: page.go_around(page.cards.knowledge.enter),
            gates.FOLLOW_UPS: lambda: page.go_around(page.cards.follow_ups.begin),
            gates.REQUESTS: lambda: page.go_around(page.cards.requests.enter),
            gates.ESCALATIONS: lambda: page.go_around(page.cards.escalations.begin),
            gates.DEADLINES: lambda: page.go_around(page.cards.clocks.enter),
            gates.CHECKLIST: lambda: page.go_around(page.cards.checklists.enter),
            gates.LOOKS: lambda: page.go_around(card.enter),
            "signed_off_by": card.deeds.sign_off,
            "follow_up_of": card.deeds.follow_on,
            "owner": page.head.owner.click,
            "status": page.head.state.click,
            "cancel_reason": page.head.state.click,
            "reopen_reason": page.head.state.click,
        }

    def _read(self, then: Callable[[str, CaseStatus, list[Missing]], None]) -> None:
        sight, to, me = self._page.sight, self._to, self._frame.verbs.me
        if sight is None or to is None:
            return
        typed = {name: value for name, value in self._page.form.edits.typed.items() if not isinstance(value, Unread)}
        typed |= self._reasons
        record, number, now = sight.case.id, sight.case.case_no, self._frame.verbs.journal.now()
        self._asked += 1
        asked = self._asked

        def answer(found: list[Missing]) -> None:
            if asked == self._asked:  # Several readers answer at once; what was typed last counts, not what came last.
                then(number, to, found)

        self._frame.verbs.ask(lambda made: closing.missing(made, record, to, typed, me, now), answer)

    def _first(self, number: str, to: CaseStatus, found: list[Missing]) -> None:
        if found:
            self.panel.show_missing(number, to, found)
            self.panel.enter()
        else:
            self._again()

    def _show(self, number: str, to: CaseStatus, found: list[Missing]) -> None:
        if to is self._to:
            self.panel.show_missing(number, to, found)

    def _again(self) -> None:
        if self._to is not None:
            self._page.saver.save(self._to, self._reasons)
