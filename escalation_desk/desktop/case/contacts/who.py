"""Chooses a team and, within it, a person or duty mailbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from escalation_desk.casework.contacts.ola import asleep_until, hours_of
from escalation_desk.casework.text import fold
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.moments import Clock
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from datetime import date, datetime

    from escalation_desk.casework.choices import Market
    from escalation_desk.casework.clocks.working import WorkingTime
    from escalation_desk.journal.contacts import Known


class WhoChoice(QWidget):
    """Two boxes beside each other; `changed` comes when a person chose otherwise."""

    changed = Signal()

    def __init__(self, known: Known, market: Market | None, on: date) -> None:
        super().__init__()
        self._known, self._market, self._on = known, market, on
        self.team, self.poc = QComboBox(), QComboBox()
        self.team.setAccessibleName(_("Team"))
        self.poc.setAccessibleName(_("Point of contact"))
        teams = [one for one in known.directory.teams.values() if one.active and not one.deleted_at]
        for one in sorted(teams, key=lambda one: fold(one.name)):
            self.team.addItem(one.name, one.code)
        self._fill()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().letters.gap)
        row.addWidget(self.team, 1)
        row.addWidget(self.poc, 1)
        self.setFocusProxy(self.team)
        self.team.currentIndexChanged.connect(self._fill)
        self.team.activated.connect(lambda _at: self.changed.emit())
        self.poc.activated.connect(lambda _at: self.changed.emit())

    def show_who(self, team: str, poc: str | None) -> None:
        self.team.setCurrentIndex(self.team.findData(team))
        self.poc.setCurrentIndex(max(self.poc.findData(poc or ""), 0))

    def who(self) -> tuple[str, str | None]:
        return str(self.team.currentData() or ""), str(self.poc.currentData() or "") or None

    def _fill(self) -> None:
        self.poc.clear()
        self.poc.addItem(_("Whoever is there"), "")
        for one in self._known.directory.of_team(str(self.team.currentData()), self._market, self._on):
            self.poc.addItem(one.full_name, one.id)


def asleep_said(known: Known, team: str, poc: str | None, market: Market | None, now: datetime) -> str:
    """Say until when nobody is there, by their own clock; nothing while they work."""
    hours = _hours(known, team, poc, market)
    until = asleep_until(hours, now) if hours else None
    return _("asleep until {when} there", when=Clock(now, hours.hours.zone).short(until)) if hours and until else ""


def there_said(known: Known, team: str, poc: str | None, market: Market | None, clock: Clock) -> str:
    """Say what their clock shows, where it differs from ours, and until when nobody is there."""
    hours = _hours(known, team, poc, market)
    asleep = asleep_said(known, team, poc, market, clock.now)
    if hours is None or asleep:
        return asleep
    theirs, ours = clock.now.astimezone(hours.hours.zone), clock.now.astimezone(clock.zone)
    return "" if theirs.utcoffset() == ours.utcoffset() else _("{time} there now", time=f"{theirs:%H:%M}")


def _hours(known: Known, team: str, poc: str | None, market: Market | None) -> WorkingTime | None:
    directory = known.directory
    code = hours_of(directory.teams.get(team), market, directory.pocs.get(poc or ""))
    return known.hours(code) if code else None


def reach_said(known: Known, poc: str | None) -> str:
    """Say where somebody is written to, the preferred way first."""
    found = known.directory.pocs.get(poc or "")
    ways = (
        ", ".join(f"{one.get('channel', '')} {one.get('value', '')}".strip() for one in found.channels) if found else ""
    )
    return _("Reach them: {where}", where=ways) if ways else ""
