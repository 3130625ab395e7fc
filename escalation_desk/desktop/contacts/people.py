"""Who there is: teams and their contacts, with hours, backup, how long they hold, and when somebody last confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.contacts import editing
from escalation_desk.casework.contacts.ola import hours_of
from escalation_desk.casework.contacts.records import Poc, PocTeam
from escalation_desk.casework.contacts.routing import ended, unconfirmed
from escalation_desk.casework.text import fold
from escalation_desk.desktop.case.contacts.who import asleep_said
from escalation_desk.desktop.contacts.form import RecordForm
from escalation_desk.desktop.contacts.lines import Cell, LineTable
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal import contacts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.contacts import Known


class PeoplePart(QWidget):
    """A line a contact; a team without any has a line of its own, so that it is seen to have none."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._known: Known | None = None
        headings = (
            *(_("Team"), _("Name"), _("Market"), _("Hours"), _("Now")),
            *(_("Last confirmed"), _("Backup"), _("From"), _("Until")),
        )
        self.table = LineTable(_("Points of contact"), headings)
        self.new = button(_("New contact"), self._new, sign="plus")
        self.edit = button(_("Change…"), self._edit)
        self.confirm = button(_("Still right"), self._confirm)
        self.team = button(_("What they always need…"), self._team)
        self.hint = PlainLabel("", Role.SMALL, wrap=True)
        lay_part(self, (self.new, self.edit, self.confirm, self.team), self.hint, self.table)
        self.table.opened.connect(lambda _key: self._edit())
        self.table.moved.connect(self._look)

    def show_known(self, known: Known) -> None:
        self._known = known
        now = self._frame.verbs.journal.now()
        on = contacts.today(self._frame.verbs.me, now)
        pocs = [one for one in known.directory.pocs.values() if one.team in known.directory.teams]
        lines = [(one.id, list(_cells(one, known, on, now))) for one in sorted(pocs, key=lambda o: _rank(o, known, on))]
        without = set(known.directory.teams) - {one.team for one in pocs}
        teams = sorted((known.directory.teams[code] for code in without), key=lambda one: fold(one.name))
        self.table.show_lines([*lines, *((one.code, _nobody(one, known)) for one in teams)])
        stale = sum(1 for one in pocs if not ended(one, on) and unconfirmed(one, on))
        late = n_(
            "▲ {n} contact was not confirmed for 90 days.", "▲ {n} contacts were not confirmed for 90 days.", stale
        )
        self.hint.setText(late if stale else _("All contacts are confirmed."))
        self.hint.set_tone(Tone.WARN if stale else None)
        self._look()

    def _chosen(self) -> Poc | None:
        return self._known.directory.pocs.get(self.table.key()) if self._known else None

    def _chosen_team(self) -> PocTeam | None:
        poc, known = self._chosen(), self._known
        return known.directory.teams.get(poc.team if poc else self.table.key()) if known else None

    def _look(self) -> None:
        may, poc = self._frame.verbs.keeps_rules, self._chosen()
        for made in (self.new, self.edit, self.team):
            made.setEnabled(may)
        self.edit.setEnabled(may and poc is not None)
        self.team.setEnabled(may and self._chosen_team() is not None)
        self.confirm.setEnabled(poc is not None)

    def _new(self) -> None:
        team = self._chosen_team()
        self._open(Poc(team=team.code if team else "", full_name=""))

    def _edit(self) -> None:
        poc = self._chosen()
        if poc and self._frame.verbs.keeps_rules:
            self._open(poc)

    def _team(self) -> None:
        team = self._chosen_team()
        if team:
            self._open(team)

    def _open(self, record: Poc | PocTeam) -> None:
        if self._known:
            RecordForm(self, self._frame.verbs, self._known, record).open()

    def _confirm(self) -> None:
        poc, verbs = self._chosen(), self._frame.verbs
        if poc:
            on = contacts.today(verbs.me, verbs.journal.now())
            verbs.do(
                N_("Confirm the contact {name}"),
                lambda work: editing.confirm(work.get(Poc, poc.id), on),
                name=poc.full_name,
            )


def _rank(one: Poc, known: Known, on: date) -> tuple[bool, str, str]:
    return ended(one, on), fold(known.directory.teams[one.team].name), fold(one.full_name)


def _cells(one: Poc, known: Known, on: date, now: datetime) -> Iterator[Cell]:
    over = ended(one, on)
    tone = Tone.NEUTRAL if over else None
    team = known.directory.teams[one.team]
    backup = known.directory.pocs.get(one.backup or "")
    calendar = known.rules.calendar(hours_of(team, one.market, one) or "")
    yield Cell(team.name, tone)
    yield Cell(one.full_name, tone)
    yield Cell(_(one.market.label) if one.market else _("All"), tone)
    yield Cell(calendar.name if calendar else "–", tone)
    yield _now(one, known, on, now)
    stale = not over and unconfirmed(one, on)
    yield Cell(f"▲ {_day(one.confirmed_on)}" if stale else _day(one.confirmed_on), Tone.WARN if stale else tone)
    yield Cell(backup.full_name if backup else "–", tone)
    yield Cell(_day(one.valid_from), tone)
    yield Cell(_day(one.valid_to), tone)


def _now(one: Poc, known: Known, on: date, now: datetime) -> Cell:
    if ended(one, on):
        return Cell(_("no contact any more"), Tone.NEUTRAL)
    if one.away_until and on <= one.away_until:
        return Cell(_("away until {day}", day=_day(one.away_until)), Tone.WARN)
    asleep = asleep_said(known, one.team, one.id, one.market, now)
    return Cell(asleep, Tone.NEUTRAL) if asleep else Cell(_("there"), Tone.GOOD)


def _nobody(team: PocTeam, known: Known) -> list[Cell]:
    code = next(iter((team.calendars or {}).values()), "")
    calendar = known.rules.calendar(code)
    hours = Cell(calendar.name if calendar else "–", Tone.NEUTRAL)
    return [Cell(team.name), Cell(_("nobody named"), Tone.NEUTRAL), Cell(""), hours, *[Cell("")] * 5]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "–"


def lay_part(part: QWidget, acts: Sequence[QWidget], hint: QWidget, table: QWidget) -> QVBoxLayout:
    """Lay a part of the place out: its acts and a line of words above, the table below."""
    letters = look().letters
    column = QVBoxLayout(part)
    column.setContentsMargins(letters.wide, letters.tight, letters.wide, letters.gap)
    column.setSpacing(letters.tight)
    row = QHBoxLayout()
    row.setSpacing(letters.gap)
    for act in acts:
        row.addWidget(act)
    row.addStretch(1)
    column.addLayout(row)
    column.addWidget(hint)
    column.addWidget(table, 1)
    part.setFocusProxy(table)
    return column
