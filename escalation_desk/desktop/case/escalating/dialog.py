"""Escalate: who is to be told at the left, the page that asks at the right; the program tells nobody, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.escalating.brief import of_escalation, prefilled
from escalation_desk.casework.escalating.life import Asked
from escalation_desk.casework.escalating.matrix import because
from escalation_desk.desktop.case.escalating.choosing import Choosing
from escalation_desk.desktop.case.escalating.page import BriefPage
from escalation_desk.desktop.case.escalating.paper import save_brief
from escalation_desk.desktop.case.notices import Notice
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.casework.escalating.brief import Brief
    from escalation_desk.casework.escalating.records import Escalation
    from escalation_desk.desktop.case.escalating.deeds import EscalationDeeds
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.escalations import Standing


def open_escalate(frame: Frame, deeds: EscalationDeeds, case_id: str, first: str = "", again: str = "") -> None:
    """Read how a case stands, and ask whom to tell; `again` asks an authority anew that has decided."""
    from escalation_desk.journal import escalations  # The page of a case is shown before anybody escalates it.

    def read(made: Connection) -> Standing:
        return escalations.standing(made, case_id, frame.verbs.journal.now())

    def show(stands: Standing) -> None:
        before = next((one for one in stands.escalations if one.id == again), None)
        EscalateDialog(frame, deeds, stands, first, before).open()

    frame.verbs.ask(read, show)


class EscalateDialog(QDialog):
    """Ctrl+Enter raises; Esc leaves everything as it was."""

    def __init__(
        self,
        frame: Frame,
        deeds: EscalationDeeds,
        stands: Standing,
        first: str = "",
        previous: Escalation | None = None,
    ) -> None:
        super().__init__(frame.window())
        self._frame = frame
        self._deeds = deeds
        self._stands = stands
        self._previous = previous
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        clock = deeds.clock()
        self.choosing = Choosing(stands, clock, first, previous.authority if previous else "")
        self.page = BriefPage(frame, stands, deeds.clock, self._begins(clock.now))
        self.wrong = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.raise_only = button(_("Raise, send later"), self._raise)
        self.raise_sent = button(_("Raise and mark as sent…"), self._raise_and_tell, kind="first")
        self._lay_out()
        self.choosing.changed.connect(self._look)
        self.page.changed.connect(self._look)
        self._look()
        self._first_gap().setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.raise_sent.isEnabled():
                self._raise_and_tell()
            return
        super().keyPressEvent(event)

    # Acts

    def _raise(self) -> None:
        self._go(lambda _ids: self._frame.tell(_("Raised. Nobody has been told yet.")))

    def _raise_and_tell(self) -> None:
        """Raise, then ask for each authority whom somebody told."""
        from escalation_desk.journal import escalations  # As above.

        case_id, frame, deeds = self._stands.case.id, self._frame, self._deeds

        def tell(ids: list[str]) -> None:
            def ask(stands: Standing) -> None:
                for one in reversed([one for one in stands.escalations if one.id in ids]):
                    deeds.ask_sent(one, stands)

            frame.verbs.ask(lambda made: escalations.standing(made, case_id, frame.verbs.journal.now()), ask)

        self._go(tell)

    def _go(self, then: Callable[[list[str]], object]) -> None:
        asked = {code: self._asked(code) for code in self.choosing.chosen()}
        previous = self._previous.id if self._previous else ""

        def done(ids: list[str]) -> None:
            self.accept()
            then(ids)

        self._deeds.escalate(
            self._stands, asked, self.page.brief(), done, refused=self.wrong.setText, previous=previous
        )

    def _asked(self, code: str) -> Asked:
        telling = next((one for one in self._stands.tellings if one.authority == code), None)
        reason = self._stands.reason.name if self._stands.reason else ""
        why = because(telling, self._stands.case, reason) if telling else ""
        return Asked(self.page.text.text(), why, telling.due_at if telling else None)

    def _save(self) -> None:
        names = [self._stands.ladder.name(code) for code in self.choosing.chosen()]
        save_brief(self._frame, self._stands.case, self.page.brief(), names, self.page.language.value())

    # What is shown

    def _begins(self, now: datetime) -> Brief:
        if self._previous is not None:
            return of_escalation(self._previous)._replace(one_line="", needed_by=None)
        due = self._stands.case.next_due_at
        return prefilled(self._stands.case, due if due and due > now else None)

    def _look(self) -> None:
        brief = self.page.brief()
        whole = bool(self.choosing.chosen() and brief.one_line and brief.decision)
        self.wrong.setText(self.page.unread())
        for one in (self.raise_only, self.raise_sent):
            one.setEnabled(whole and not self.page.unread())

    def _first_gap(self) -> QWidget:
        empty = (editor for editor in self.page.editors.values() if not editor.text().strip())
        return next(empty, self.page.editors["decision"])

    def _lay_out(self) -> None:
        letters = look().letters
        number = self._stands.case.case_no
        self.setWindowTitle(_("Escalate {case}", case=number))
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(_("Escalate {case}", case=number), Role.HEADING))
        column.addWidget(
            Notice(_("The program tells nobody by itself. Send the text yourself, then mark it as sent."), sign="info")
        )
        body = QHBoxLayout()
        body.setSpacing(letters.page)
        left = QVBoxLayout()
        left.setSpacing(letters.gap)
        left.addWidget(PlainLabel(_("To be told"), Role.STRONG))
        left.addWidget(self.choosing, 1)
        body.addLayout(left, 2)
        body.addWidget(self.page, 5)
        column.addLayout(body, 1)
        column.addWidget(self.wrong)
        buttons = QHBoxLayout()
        buttons.setSpacing(letters.gap)
        buttons.addWidget(button(_("Save the brief as Word…"), self._save, sign="export word"))
        buttons.addStretch()
        for one in (button(_("Cancel"), self.reject), self.raise_only, self.raise_sent):
            one.setAutoDefault(False)
            buttons.addWidget(one)
        column.addLayout(buttons)
        room = self.screen().availableGeometry().height() - letters.px(4)
        self.resize(letters.px(66), min(letters.px(54), room))
