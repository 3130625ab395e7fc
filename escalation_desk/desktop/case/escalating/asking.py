"""Asks what a person says of an escalation: whom they told and how, who answered and what, who has it instead."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from escalation_desk.casework.choices import Channel
from escalation_desk.casework.escalating.life import Sent
from escalation_desk.desktop.case.asking import Words
from escalation_desk.desktop.case.boxes import Line, MomentLine
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainEditor, Question, button, literal
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.escalating.matrix import Contact
    from escalation_desk.desktop.moments import Clock


class AskedInLines(Question):
    """A question with a few lines; its button waits until nothing is missing."""

    def __init__(self, parent: QWidget | None, question: str, yes: str, detail: str = "") -> None:
        super().__init__(parent, question, detail, sign="help", tone=Tone.ACCENT)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(look().letters.wide)
        self._form.setVerticalSpacing(look().letters.gap)
        self._words.addLayout(self._form)
        self.add_button(button(_("Cancel")), accept=False, default=False)
        self.yes = button(yes, kind="first")
        self.add_button(self.yes, accept=True, default=True)

    def _row(self, label: str, box: Any) -> None:
        box.setAccessibleName(label)
        self._form.addRow(literal(label), box)

    def _line(self, label: str, text: str = "", hint: str = "") -> Line:
        made = Line(hint)
        made.show_text(text)
        made.textChanged.connect(lambda _text: self.look_over())
        self._row(label, made)
        return made

    def _when(self, label: str, clock: Callable[[], Clock]) -> MomentLine:
        made = MomentLine(clock, label)
        made.show_value(clock().now)
        made.edited.connect(self.look_over)
        self._row(label, made)
        return made

    def look_over(self) -> None:
        """Let it be answered once nothing is missing."""
        self.yes.setEnabled(self.complete())

    def complete(self) -> bool:
        raise NotImplementedError


class Told(AskedInLines):
    """Asks whom somebody told, how and when. The program has told nobody, and says so."""

    def __init__(
        self,
        parent: QWidget | None,
        authority: str,
        contact: Contact,
        clock: Callable[[], Clock],
        then: Callable[[Sent], object],
        ack_min: int | None,
    ) -> None:
        super().__init__(
            parent,
            _("Mark as sent to {authority}", authority=authority),
            _("Mark as sent"),
            _("The program tells nobody by itself. Tell them first, then write down here whom, how and when."),
        )
        self.whom = self._line(_("Whom you told"), contact.primary)
        offers = [(_("Choose…"), None), *((_(one.label), one) for one in Channel)]
        self.channel = Pick(offers, contact.channel)
        self.channel.picked.connect(self.look_over)
        self._row(_("How"), self.channel)
        self.at = self._when(_("When"), clock)
        self.accepted.connect(lambda: then(Sent(self.whom.text().strip(), self.channel.value(), self._at(), ack_min)))
        self.look_over()
        (self.channel if contact.primary and not contact.channel else self.whom).setFocus()

    def complete(self) -> bool:
        """Whether whom, how and when are there."""
        fits = isinstance(self.at.value(), datetime)
        return bool(self.whom.text().strip()) and self.channel.value() is not None and fits

    def _at(self) -> datetime:
        held = self.at.value()
        assert isinstance(held, datetime)  # noqa: S101 - it could not be accepted otherwise; for the type checker.
        return held


class Answered(AskedInLines):
    """Asks who answered and when; with `decision` also what was decided."""

    def __init__(
        self,
        parent: QWidget | None,
        question: str,
        yes: str,
        clock: Callable[[], Clock],
        then: Callable[[str, datetime, str], object],
        *,
        by: str = "",
        decision: bool = False,
    ) -> None:
        super().__init__(parent, question, yes)
        self.decision: PlainEditor | None = None
        if decision:
            self.decision = PlainEditor(lines=4, name=_("What was decided"))
            self.decision.textChanged.connect(self.look_over)
            self._row(_("What was decided"), self.decision)
        self.by = self._line(_("By whom"), by)
        self.at = self._when(_("When"), clock)
        self.accepted.connect(lambda: self._answer(then))
        self.look_over()
        (self.decision or self.by).setFocus()

    def complete(self) -> bool:
        """Whether what was decided and when are there."""
        decided = self.decision is None or bool(self.decision.text().strip())
        return decided and hasattr(self, "at") and isinstance(self.at.value(), datetime)

    def _answer(self, then: Callable[[str, datetime, str], object]) -> None:
        at = self.at.value()
        if isinstance(at, datetime):
            then(self.by.text().strip(), at, self.decision.text().strip() if self.decision else "")


class GoesToAnother(Words):
    """Asks to whom an escalation goes instead, and why; the backup is offered."""

    def __init__(
        self, parent: QWidget | None, authority: str, contact: Contact, then: Callable[[str, str], object]
    ) -> None:
        question = _("Who at {authority} has it instead?", authority=authority)
        detail = _("It is to be sent anew. Say why: not there, not in charge, another shift.")
        super().__init__(
            parent, question, _("Goes to them"), lambda why: then(why, self.whom.text().strip()), detail=detail
        )
        self.whom = Line(_("Name"))
        self.whom.setAccessibleName(_("To whom it goes now"))
        self.whom.show_text(contact.backup)
        self._words.insertWidget(self._words.count() - 1, self.whom)
        self.editor.setPlaceholderText(_("Why"))
        self.whom.textChanged.connect(lambda _text: self._look())
        self._look()
        (self.editor if contact.backup else self.whom).setFocus()

    def _look(self) -> None:
        named = bool(self.whom.text().strip()) if hasattr(self, "whom") else False
        self.yes.setEnabled(named and bool(self.editor.text().strip()))


def spaced(parent: QWidget) -> QVBoxLayout:
    """Lay a column without margins, as the parts of these pages are."""
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(look().letters.tight)
    return column
