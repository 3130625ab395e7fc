"""The place of points of contact: what was asked of whom, who there is, by which rules, and how they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from escalation_desk.casework.contacts.records import PocRequest
from escalation_desk.casework.views import POC_VIEWS
from escalation_desk.desktop.contacts.figures import FiguresPart
from escalation_desk.desktop.contacts.people import PeoplePart
from escalation_desk.desktop.contacts.rules import RulesPart
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import EmptyState, button
from escalation_desk.desktop.seller.records import RecordsPlace
from escalation_desk.i18n import N_, _
from escalation_desk.journal import contacts, reading

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.contacts import Correction, Known
    from escalation_desk.journal.journal import Touched

_SHOWS: Final = ("poc_request", "case", "poc_team", "poc", "user")
_PARTS: Final = (
    ("requests", N_("Requests")),
    ("people", N_("Who there is")),
    ("rules", N_("Rules")),
    ("figures", N_("Figures")),
)
_KEPT: Final = frozenset({"poc", "poc_team", "routing_rule", "poc_request", "calendar", "holiday"})
_PAUSE: Final = 120


class RequestsList(RecordsPlace):
    """All requests of the desk, by view; a row opens its case."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, PocRequest.kind, POC_VIEWS, _("Points of contact"), _SHOWS)
        self.table.set_empty(
            EmptyState(
                "message",
                _("No request here"),
                detail=_(
                    "A contact is asked from the page of a case, with Alt+T; choose another view to see the rest."
                ),
            )
        )

    def open_record(self, record: str) -> None:
        self._frame.verbs.ask(
            lambda made: reading.record(made, PocRequest, record), lambda found: self._frame.open_case(found.case)
        )


class ContactsPlace(QWidget):
    """Four parts behind four buttons; the first is what a day begins with."""

    icon: Final = "contacts"
    renamed = Signal(str)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self.requests, self.people = RequestsList(frame), PeoplePart(frame)
        self.rules, self.figures = RulesPart(frame), FiguresPart(frame)
        self.stack = QStackedWidget()
        self.parts = {"requests": self.requests, "people": self.people, "rules": self.rules, "figures": self.figures}
        self.buttons = {code: button(_(label), self._chooser(code), kind="quiet") for code, label in _PARTS}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.refresh)
        self._lay_out()
        frame.verbs.changed.connect(self._changed)
        frame.minute.connect(self._pause.start)
        self.show_part(str(frame.kept.get("contacts.part", "requests")))
        self.refresh()

    def title(self) -> str:
        return _("Points of contact")

    def show_view(self, code: str) -> None:
        """Show one of the views of the requests."""
        self.show_part("requests")
        self.requests.show_view(code)

    def show_part(self, code: str) -> None:
        part = self.parts.get(code, self.requests)
        self._frame.kept.put("contacts.part", code)
        for name, made in self.buttons.items():
            made.setChecked(self.parts[name] is part)
        self.stack.setCurrentWidget(part)
        self.setFocusProxy(part)
        if part is self.figures:
            self.figures.read()

    def refresh(self) -> None:
        """Read who there is and by which rules; the list of requests reads itself."""

        def read(made: Connection) -> tuple[Known, list[Correction]]:
            known = contacts.known(made)
            return known, contacts.corrections(made, known.directory.rules)

        self._frame.verbs.ask(read, self._show, slow=True)

    def _show(self, found: tuple[Known, list[Correction]]) -> None:
        known, corrections = found
        self.people.show_known(known)
        self.rules.show_known(known, corrections)
        if self.stack.currentWidget() is self.figures:
            self.figures.read()

    def _changed(self, touched: Touched) -> None:
        if any(kind in _KEPT for kind, _id in touched):
            self._pause.start()

    def _chooser(self, code: str) -> Any:
        def choose() -> None:
            self.show_part(code)
            self.parts[code].setFocus()

        return choose

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(letters.wide, letters.gap, letters.wide, 0)
        row.setSpacing(letters.tight)
        for made in self.buttons.values():
            made.setCheckable(True)
            row.addWidget(made)
        row.addStretch(1)
        column.addLayout(row)
        for part in self.parts.values():
            self.stack.addWidget(part)
        column.addWidget(self.stack, 1)
