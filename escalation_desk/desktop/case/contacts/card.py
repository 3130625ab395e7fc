"""The requests of a case to points of contact, several beside each other, each with its own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.desktop.case.contacts.deeds import RequestDeeds, Seen, has_ended, look_at, next_to_chase
from escalation_desk.desktop.case.contacts.row import RequestRow
from escalation_desk.desktop.case.refilling import Refilled
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.plain import PlainLabel, button, icon_button
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame


class RequestsCard(Refilled):
    """What waits first, by when its answer is due; what has ended folds away."""

    def __init__(self, frame: Frame, clock: Callable[[], Clock]) -> None:
        super().__init__(_("Points of contact"))
        self._frame = frame
        self._clock = clock
        self._case = ""
        self._all = False
        self.seen: Seen | None = None
        self.rows: list[RequestRow] = []
        self.deeds = RequestDeeds(frame, self)
        self.plus = icon_button("plus", _("Ask a point of contact"), self.ask)
        self.acts.addWidget(self.plus)

    def show_sight(self, sight: Sight) -> None:
        """Read the requests anew; the case itself is shown by others."""
        self._case = sight.case.id
        case = self._case
        self._frame.verbs.ask(lambda made: look_at(made, case), self._show, refused=lambda _sentence: None)

    def ask(self) -> None:
        """Ask somebody about this case."""
        if self._case:
            self.deeds.ask(self._case)

    def chase(self) -> None:
        """Chase whoever is to be chased first."""
        one = next_to_chase(self.seen) if self.seen else None
        if one is None or self.seen is None:
            self._frame.tell(_("Nobody is to be chased: no request waits for an answer."), "refused")
        else:
            self.deeds.chase(self.seen, one)

    def enter(self) -> None:
        """Let the letters work on the first request; without any, the next thing is to ask."""
        (self.rows[0] if self.rows else self.plus).setFocus()

    def _show(self, seen: Seen) -> None:
        if seen.case.id == self._case:
            self.seen = seen
            self._draw()

    def _draw(self) -> None:
        seen = self.seen
        if seen is None:
            return
        clock = self._clock()
        ended = [one for one in seen.requests if has_ended(one)]
        shown = [one for one in seen.requests if self._all or not has_ended(one)]
        self.rows = [RequestRow(one, seen, clock) for one in shown]
        for row in self.rows:
            row.done.connect(lambda name, row=row: self._do(name, row))
            row.stepped.connect(lambda step, row=row: self._step(row, step))
        widgets: list[QWidget] = [*self.rows]
        if not seen.requests:
            widgets.append(PlainLabel(_("Nobody was asked."), Role.MUTED))
        if ended:
            text = _("Hide what has ended") if self._all else n_("{n} ended", "{n} ended", len(ended))
            widgets.append(button(text, self._flip, kind="link"))
        self.refill(widgets)

    def _do(self, name: str, row: RequestRow) -> None:
        if self.seen:
            getattr(self.deeds, name)(self.seen, row.one)

    def _step(self, row: RequestRow, step: int) -> None:
        at = self.rows.index(row) + step
        self.rows[min(max(at, 0), len(self.rows) - 1)].setFocus()

    def _flip(self) -> None:
        self._all = not self._all
        self._draw()
