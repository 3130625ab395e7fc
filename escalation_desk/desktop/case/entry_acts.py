"""What can be done with an entry of the timeline: copy, pin, correct, take back at once, promise, answer, open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from escalation_desk.casework.choices import FollowUpState, Form
from escalation_desk.casework.entries import refuse_removal, removable
from escalation_desk.casework.text import one_line
from escalation_desk.casework.timeline import Message
from escalation_desk.desktop.case.asking import ask_words
from escalation_desk.desktop.case.composer import Composer, mode_of
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.plain import tell
from escalation_desk.i18n import N_, _
from escalation_desk.journal import linking

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.case.attachments import Evidence
    from escalation_desk.desktop.case.follow_ups import FollowUpsCard
    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.case.told import Entry
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work


class EntryActs(QObject):
    def __init__(
        self,
        frame: Frame,
        page: QWidget,
        sight: Callable[[], Sight | None],
        composer: Composer,
        evidence: Evidence,
        follow_ups: FollowUpsCard,
    ) -> None:
        super().__init__(page)
        self._frame = frame
        self._page = page
        self._sight = sight
        self._composer = composer
        self._evidence = evidence
        self._follow_ups = follow_ups

    def open(self, entry: Entry) -> None:
        """Do what Enter does: look at a file, answer a question, read a long text whole."""
        if entry.kind == "attachment":
            self._view(entry)
        elif entry.kind == "clarification":
            self._composer.answer(entry.record)
        elif entry.long:
            tell(self._page, entry.what, f"{entry.who} · {entry.time}", whole=entry.body)
        else:
            self.offer(entry, self._page.mapToGlobal(self._page.rect().center()))

    def offer(self, entry: Entry, at: QPoint) -> None:
        menu = self.menu_for(entry)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def menu_for(self, entry: Entry) -> QMenu:
        menu = QMenu(self._page)
        menu.addAction(icon("copy"), _("Copy the text"), lambda: QGuiApplication.clipboard().setText(entry.body))
        if entry.kind == "message":
            self._offer_message(menu, entry)
        elif entry.kind == "attachment":
            menu.addAction(icon("show"), _("Look at it"), lambda: self._view(entry))
        elif entry.kind == "clarification":
            menu.addAction(icon("help"), _("Write down the answer"), lambda: self._composer.answer(entry.record))
        elif entry.kind == "follow_up":
            self._offer_follow_up(menu, entry)
        menu.addAction(icon("promise"), _("Promise or reminder of it…"), lambda: self._promise(entry))
        return menu

    def _offer_message(self, menu: QMenu, entry: Entry) -> None:
        text = _("Unpin") if entry.pinned else _("Pin to the top")
        menu.addAction(icon("unpin" if entry.pinned else "pin"), text, lambda: self.pin(entry))
        message = self._message(entry)
        if message is None or message.form is Form.EVENT:
            return
        menu.addAction(icon("edit"), _("Correct it…"), lambda: self.correct(message))
        menu.addAction(icon("link"), _("Make it a case of its own…"), lambda: self.split(message))
        if removable(message, self._frame.verbs.me, self._frame.verbs.journal.now()):
            menu.addAction(icon("delete"), _("Take it back"), lambda: self.take_back(entry))

    def _offer_follow_up(self, menu: QMenu, entry: Entry) -> None:
        sight = self._sight()
        held = next((one for one in sight.follow_ups if one.id == entry.record), None) if sight else None
        if held is None or held.state is not FollowUpState.OPEN:
            return
        menu.addAction(icon("check"), _("Done"), lambda: self._follow_ups.done(held))
        menu.addAction(icon("calendar"), _("Move the date…"), lambda: self._follow_ups.move_it(held))
        menu.addAction(icon("close"), _("Cancel it…"), lambda: self._follow_ups.cancel(held))

    def pin(self, entry: Entry) -> None:
        def operate(work: Work) -> None:
            message = work.get(Message, entry.record)
            message.pinned = not message.pinned

        self._frame.verbs.do(N_("Pin or unpin an entry of {case}"), operate, case=self._case_no())

    def correct(self, message: Message) -> None:
        mode = mode_of(str(message.form))
        self._composer.correct(message.id, mode.code if mode else "note")

    def split(self, message: Message) -> None:
        """Make a linked case of an entry, and open it."""
        me = self._frame.verbs.me
        case_no = self._case_no()

        def go(title: str) -> None:
            def operate(work: Work) -> str:
                return linking.split(work, message.id, one_line(title, 200), me).id

            self._frame.verbs.do(N_("Split an entry off {case}"), operate, self._frame.open_case, case=case_no)

        asked = ask_words(
            self._page,
            _("What is the new case about?"),
            _("Make the case"),
            go,
            detail=_("It is linked with {case}; the entry stands in both.", case=case_no),
        )
        asked.editor.set_text(one_line(message.body, 80))

    def take_back(self, entry: Entry) -> None:
        """Take back what was written a moment ago; undo brings it back."""
        me = self._frame.verbs.me

        def operate(work: Work) -> None:
            message = work.get(Message, entry.record)
            refuse_removal(message, me, work.now)
            work.remove(message)

        self._frame.verbs.do(N_("Take back an entry of {case}"), operate, case=self._case_no())

    def _promise(self, entry: Entry) -> None:
        self._composer.begin_promise(one_line(entry.body, 200))

    def _view(self, entry: Entry) -> None:
        sight = self._sight()
        held = next((one for one in sight.attachments if one.id == entry.record), None) if sight else None
        if held:
            self._evidence.view(held)

    def _message(self, entry: Entry) -> Message | None:
        sight = self._sight()
        return sight.messages.get(entry.record) if sight else None

    def _case_no(self) -> str:
        sight = self._sight()
        return sight.case.case_no if sight else ""
