"""Reads a promise while it is typed, and says what was understood: what, by when, and whether the desk is open then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.catching import Caught, catch
from escalation_desk.casework.promises import opens_after
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from escalation_desk.casework.clocks.working import WorkingTime
    from escalation_desk.desktop.case.boxes import Line, MomentLine
    from escalation_desk.desktop.moments import Clock

DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


class Understood(PlainLabel):
    """Stands under a line and a moment. Fills the moment from the words, unless somebody sets it by hand."""

    def __init__(self, text: Line, due: MomentLine, clock: Callable[[], Clock]) -> None:
        super().__init__("", Role.SMALL, wrap=True)
        self.setAccessibleName(_("What was understood"))
        self._text, self._due, self._clock = text, due, clock
        self._hours: WorkingTime | None = None
        self._caught = Caught("")
        self._by_hand = False
        text.textEdited.connect(lambda _typed: self.read())
        due.edited.connect(self._set_by_hand)
        self.hide()

    def know_hours(self, hours: WorkingTime | None) -> None:
        self._hours = hours

    def begin(self) -> None:
        """Begin anew, with whatever stands in the line."""
        self._by_hand = False
        self.read()

    def what(self) -> str:
        """Say what is promised: the words without the time that was read from them."""
        typed = self._text.text().strip()
        return self._caught.text if self._caught.due and not self._by_hand else typed

    def read(self) -> None:
        clock, typed = self._clock(), self._text.text()
        self._caught = catch(typed, clock.now, clock.zone) if typed.strip() else Caught("")
        if not self._by_hand:
            self._due.show_value(self._caught.due)
        self._tell()

    def _set_by_hand(self) -> None:
        self._by_hand = bool(self._due.line.text().strip())
        self._tell()

    def _tell(self) -> None:
        caught = self._caught
        if self._by_hand or not (caught.due or caught.asks):
            self.hide()
            return
        self.set_tone(Tone.WARN if caught.asks or caught.filled else None)
        self.setText(caught.asks or self._sentence(caught))
        self.show()

    def _sentence(self, caught: Caught) -> str:
        said = [_("Understood: {what}, {when}.", what=caught.text or "–", when=self._day(caught.due)), caught.filled]
        opens = opens_after(caught.due, self._hours) if self._hours and caught.due else None
        if opens:
            said.append(_("Outside desk hours; the desk opens {when}.", when=self._day(opens)))
        return " ".join(part for part in said if part)

    def _day(self, at: datetime | None) -> str:
        clock = self._clock()
        return f"{_(DAYS[at.astimezone(clock.zone).weekday()])} {clock.full(at)}" if at else ""
