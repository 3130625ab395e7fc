"""What is done with the cases selected in the list: each an act of the desk's, one entry, undone at one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CancelReason, CaseStatus, ReopenReason
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.plain import literal
from escalation_desk.desktop.queue.bulk import Outcome, carry_out
from escalation_desk.desktop.queue.bulk_dialog import BulkDialog, told
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal import reading, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from PySide6.QtWidgets import QMenu

    from escalation_desk.casework.choices import Choice
    from escalation_desk.casework.people import User
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.desktop.queue.bulk import Change
    from escalation_desk.desktop.queue.place import QueuePlace
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.lookup import Find
    from escalation_desk.journal.work import Work

LINK: Final = "escalation-desk:case/"
_REASONS: Final[dict[CaseStatus, tuple[str, type[Choice]]]] = {
    CaseStatus.CANCELLED: ("cancel_reason", CancelReason),
}


class CaseActs(QObject):
    """Acts on the selection of a queue; with nothing selected on the current case."""

    def __init__(self, frame: Frame, place: QueuePlace) -> None:
        super().__init__(place)
        self._frame = frame
        self._place = place

    # Who, and in which state

    def take(self) -> None:
        """Take the selected cases over; for somebody else's a reason is asked first."""
        self.with_ids(self._take)

    def _take(self, ids: list[str]) -> None:
        me = self._frame.verbs.me

        def go(foreign: int) -> None:
            why = ""
            if foreign:
                why, said = QInputDialog.getText(
                    self._frame.window(),
                    _("Take over"),
                    n_(
                        "{n} of these cases is somebody else's. Why do you take it over?",
                        "{n} of these cases are somebody else's. Why do you take them over?",
                        foreign,
                    ),
                )
                if not said:
                    return
            self._each(
                N_("Take over, cases: {n}"), ids, lambda case, who, now, _find: acts.take(case, who, now, why=why)
            )

        def count(made: Connection) -> int:
            cases = reading.several(made, Case, ids)
            return sum(1 for case in cases if case.owner and case.owner != me.id)

        self._frame.verbs.ask(count, go)

    def move(self, to: CaseStatus, **reasons: Choice) -> None:
        """Bring the selected cases into a state."""

        def change(case: Case, me: User, now: datetime, _find: Find) -> None:
            acts.edit(case, {"status": to, **reasons}, me, now)

        self.with_ids(lambda ids: self._each(N_("Set “{status}”, cases: {n}"), ids, change, status=_(to.label)))

    def flag(self) -> None:
        """Flag the selected cases for everybody, or take the flags away where all have one."""

        def go(ids: list[str]) -> None:
            def operate(work: Work) -> None:
                cases = [work.get(Case, one) for one in ids]
                flagged = not all(case.flagged for case in cases)
                for case in cases:
                    case.flagged = flagged

            self._frame.verbs.do(N_("Flag, cases: {n}"), operate, n=str(len(ids)))

        self.with_ids(go)

    def star(self) -> None:
        """Star the selected cases for myself, or take the stars away where all have one."""

        def go(ids: list[str]) -> None:
            def flip(marks: dict[str, seen.Mark]) -> None:
                starred = not all(marks.get(one, seen.Mark()).starred for one in ids)
                self._frame.verbs.keep(seen.STAR, [(one, int(starred)) for one in ids], self._place.refresh)

            self._frame.verbs.ask(lambda made: seen.marks(made, ids), flip)

        self.with_ids(go)

    def mark_unread(self) -> None:
        self.with_ids(
            lambda ids: self._frame.verbs.keep(seen.MARK_UNSEEN, [(one,) for one in ids], self._place.refresh)
        )

    # Many at once

    def bulk(self, what: str) -> None:
        """Ask what shall change on the selected cases; with none selected, on the current one or the whole list."""
        table, field = self._place.table, {"assign": "owner", "edit": ""}.get(what, what)

        def ask(ids: list[str]) -> None:
            chosen = ids or [one for one in (table.current_id(),) if one]
            BulkDialog(self._frame, chosen, self._place.query, table.rows.count or 0, field).open()

        table.with_selected(ask)

    # Copying

    def copy(self, how: int) -> None:
        """Copy the number (1), number and title (2), or those and a link (3) of the selected cases (C20)."""

        def take(cases: Sequence[Case]) -> None:
            lines = ["  ".join(_reference(case)[:how]) for case in cases]
            QGuiApplication.clipboard().setText("\n".join(lines))
            one = _("Copied: {what}", what=lines[0]) if len(lines) == 1 else ""
            self._frame.tell(one or n_("Copied {n} reference.", "Copied {n} references.", len(lines)))

        self.with_ids(lambda ids: self._frame.verbs.ask(lambda made: reading.several(made, Case, ids), take))

    # The menu

    def fill(self, menu: QMenu) -> None:
        """Offer the acts that need a choice: states and colleagues."""
        states = menu.addMenu(literal(_("Set status")))
        for status in CaseStatus:
            if status in _REASONS:
                name, choices = _REASONS[status]
                below = states.addMenu(literal(_(status.label)))
                for reason in choices:
                    below.addAction(literal(_(reason.label)), self._mover(status, **{name: reason}))
            elif status is CaseStatus.OPEN:
                self._fill_open(states)
            elif status is not CaseStatus.NEW:
                states.addAction(literal(_(status.label)), self._mover(status))

    def _fill_open(self, states: QMenu) -> None:
        """Offer going on; for a resolved case that is reopening it, which needs a reason."""
        states.addAction(literal(_(CaseStatus.OPEN.label)), self._mover(CaseStatus.OPEN))
        below = states.addMenu(literal(_("Reopen")))
        for reason in ReopenReason:
            below.addAction(literal(_(reason.label)), self._mover(CaseStatus.OPEN, reopen_reason=reason))

    def _mover(self, to: CaseStatus, **reasons: Choice) -> Callable[[], None]:
        return lambda: self.move(to, **reasons)

    def with_ids(self, then: Callable[[list[str]], None]) -> None:
        """Name the selected cases; where none is selected, the current one."""

        def take(ids: list[str]) -> None:
            chosen = ids or [one for one in (self._place.table.current_id(),) if one]
            if chosen:
                then(chosen)
            else:
                self._frame.tell(_("Select a case in the list first."), "refused")

        self._place.table.with_selected(take)

    def _each(self, title: str, ids: list[str], change: Change, status: str = "") -> None:
        """Do an act on each case within one entry; those that refuse are left as they are and counted."""
        me = self._frame.verbs.me

        def operate(work: Work) -> Outcome:
            outcome = carry_out(work, ids, change, me, lambda _done, _of: True)
            if not outcome.changed and outcome.skipped:
                raise Refused(next(iter(outcome.skipped)))
            return outcome

        self._frame.verbs.do(title, operate, self._tell, n=str(len(ids)), status=status)

    def _tell(self, outcome: Outcome) -> None:
        if outcome.left_out:
            self._frame.tell(told(outcome, past=True), "refused")


def _reference(case: Case) -> tuple[str, str, str]:
    return case.case_no, case.title, f"{LINK}{case.case_no}"
