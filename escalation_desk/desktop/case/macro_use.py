"""Uses a macro on the case that is open: says first what it would change, then changes it as one act.

The text goes into the composer as a draft and is put by a person. What else stands there unsaved stays unsaved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework import macro_actions
from escalation_desk.casework.case import Case
from escalation_desk.casework.macro_actions import Doer, Foreseen
from escalation_desk.i18n import N_
from escalation_desk.journal.lookup import Find

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.desk import Macro
    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work


class MacroUse:
    """`places` fills the texts of actions, in the language of whoever works at the desk."""

    def __init__(self, frame: Frame, sight: Callable[[], Sight | None], places: Callable[[], dict[str, str]]) -> None:
        self._frame = frame
        self._sight = sight
        self._places = places

    def foresee(self, macro: Macro, then: Callable[[Foreseen], None]) -> None:
        """Tell what a macro would change on the case as it stands."""
        sight = self._sight()
        if sight is None or not macro.actions:
            then(Foreseen())
            return
        case, me, now, places = sight.case, self._frame.verbs.me, self._frame.verbs.journal.now(), self._places()

        def look(made: Connection) -> Foreseen:
            return macro_actions.foresee(macro, case, Doer(me, now, Find(lambda question: question(made)), places))

        self._frame.verbs.ask(look, then)

    def use(self, macro: Macro, approved: str) -> None:
        """Do what the macro does beside its text."""
        sight = self._sight()
        has_text = any(text.strip() for text in macro.texts.values())
        if sight is None or not (macro.actions or macro.needs_approval or not has_text):
            return
        case_id, me, places = sight.case.id, self._frame.verbs.me, self._places()

        def operate(work: Work) -> None:
            doer = Doer(me, work.now, Find(work.ask), places)
            for record in macro_actions.use(macro, work.get(Case, case_id), doer, approved):
                work.add(record)

        title = N_("Macro {macro} on {case}")
        self._frame.verbs.do(title, operate, macro=macro.code, case=sight.case.case_no)
