"""The first page of a new desk: who works here, and what to begin with."""

from __future__ import annotations

import getpass
from typing import Any, Final
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, QTimeZone, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from escalation_desk.casework.choices import Language, Market
from escalation_desk.casework.choices import Role as Position
from escalation_desk.casework.people import User
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import Card, PlainLabel, Sign, button
from escalation_desk.i18n import LANGUAGES, N_, _, language

_POSITIONS: Final = (Position.SPECIALIST, Position.SHIFT_LEAD, Position.LEAD, Position.VIEWER)
_ZONES: Final = {
    Market.VN: "Asia/Ho_Chi_Minh",
    Market.ID: "Asia/Jakarta",
    Market.TH: "Asia/Bangkok",
    Market.MY: "Asia/Kuala_Lumpur",
    Market.PH: "Asia/Manila",
    Market.SG: "Asia/Singapore",
}


class FirstRun(QWidget):
    """Asks five things. `begun` tells the person and what to begin with: empty, "import" or "sample"."""

    begun = Signal(User, str)
    spoken = Signal(str)

    def __init__(self, known: dict[str, Any] | None = None) -> None:
        super().__init__()
        known = known or {}
        self.name = QLineEdit(known.get("name", ""), placeholderText=getpass.getuser())
        self.position = Pick([(_(p.label), p) for p in _POSITIONS], known.get("position", Position.SPECIALIST))
        self.market = Pick([(_(m.label), m) for m in Market], known.get("market", _market_here()))
        self.language = Pick([(name, code) for code, name in LANGUAGES.items()], language())
        self.zone = Pick([(zone, zone) for zone in sorted(available_timezones())], known.get("zone", _zone_here()))
        self._lay_out()
        self.market.picked.connect(self._follow_market)
        self.language.picked.connect(lambda: self.spoken.emit(self.language.value()))
        self.name.textChanged.connect(lambda text: self._begin.setEnabled(bool(text.strip())))
        self._begin.setEnabled(bool(self.name.text().strip()))

    def typed(self) -> dict[str, Any]:
        """Give what was typed so far, for the same page in another language."""
        return {
            "name": self.name.text(),
            "position": self.position.value(),
            "market": self.market.value(),
            "zone": self.zone.value(),
        }

    def user(self) -> User:
        return User(
            full_name=self.name.text().strip() or getpass.getuser(),
            login=getpass.getuser(),
            roles=frozenset({Position.SPECIALIST, self.position.value()}),
            locale=Language(self.language.value()),  # type: ignore[call-arg]  # looks a member up
            market=self.market.value(),
            time_zone=self.zone.value(),
        )

    def _follow_market(self) -> None:
        zone = _ZONES.get(self.market.value())
        if zone:
            self.zone.choose(zone)

    def _tell(self, begin_with: str) -> None:
        self.begun.emit(self.user(), begin_with)

    def _lay_out(self) -> None:
        letters = look().letters
        card = Card()
        card.setFixedWidth(letters.px(40))
        card.body.setContentsMargins(letters.px(2.2), letters.px(2), letters.px(2.2), letters.px(2))
        card.body.setSpacing(letters.wide)
        card.body.addWidget(Sign("queue", 2.6))
        card.body.addWidget(PlainLabel(_("Welcome to your desk"), Role.TITLE, wrap=True))
        card.body.addWidget(PlainLabel(_(_STAYS_HERE), Role.MUTED, wrap=True))
        card.body.addLayout(self._form())
        card.body.addLayout(self._buttons())
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.addStretch(2)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(look().letters.page)
        form.setVerticalSpacing(look().letters.gap)
        for label, box in (
            (_("Your name"), self.name),
            (_("Your role"), self.position),
            (_("Market"), self.market),
            (_("Language"), self.language),
            (_("Time zone"), self.zone),
        ):
            box.setAccessibleName(label)
            form.addRow(label, box)
        return form

    def _buttons(self) -> QVBoxLayout:
        self._begin = button(_("Begin"), lambda: self._tell(""), kind="first")
        self._begin.setDefault(True)
        column = QVBoxLayout()
        row = QHBoxLayout()
        row.addWidget(button(_("Look at sample data"), lambda: self._tell("sample"), kind="link"))
        row.addStretch(1)
        row.addWidget(button(_("Begin with a file…"), lambda: self._tell("import"), sign="import"))
        row.addWidget(self._begin)
        column.addLayout(row)
        return column


def _zone_here() -> str:
    found = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    return found if found in available_timezones() and found not in {"UTC", "Etc/UTC"} else _ZONES[_market_here()]


def _market_here() -> Market:
    return Market.ID if language() == "id" else Market.VN


_STAYS_HERE: Final = N_("Everything you write stays on this computer, encrypted, and works without a network.")
