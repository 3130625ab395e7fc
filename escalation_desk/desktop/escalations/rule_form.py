"""The form of one rule: for which cases it holds, within how many minutes, who is asked for in which market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtWidgets import QCheckBox, QFormLayout, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from escalation_desk.casework.choices import Channel, Market, Priority, RiskFlag
from escalation_desk.casework.escalating import keeping
from escalation_desk.casework.escalating.records import AuthorityRule
from escalation_desk.casework.escalating.used import MISSED, number_of
from escalation_desk.casework.fields import field_of
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainLabel, button, literal
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from escalation_desk.casework.choices import Choice
    from escalation_desk.casework.escalating.records import Authority

_CONTACT_ROWS = 3
_ABREAST = 2
_MOST_REOPENED = 99
_SHARES = (4, 4, 4, 3, 4)


class _Contact(NamedTuple):
    """A line of boxes for the contacts of one market."""

    market: Pick
    primary: QLineEdit
    backup: QLineEdit
    channel: Pick
    address: QLineEdit


class RuleForm(QWidget):
    """Shows a rule; `values` reads what stands there, or refuses what cannot be read."""

    def __init__(self, authorities: Mapping[str, Authority], calendars: Mapping[str, str]) -> None:
        super().__init__()
        self.always = QCheckBox(literal(_label("always")))
        self.flags = {flag: _toggle(flag) for flag in RiskFlag}
        self.markets = {market: _toggle(market) for market in Market}
        self.reasons = _line(_label("reasons"), "GOV, SEL.ACC.SUSPENSION")
        self.notify = _minutes(_label("notify_min"))
        self.ack = _minutes(_label("ack_min"))
        self.used = _short(_label("clock_used"))
        self.reopened = _short(_label("reopened"))
        hours = [(_("At any hour"), None), *((name, code) for code, name in sorted(calendars.items()))]
        self.hours = Pick(hours, name=_label("hours"))
        following = [(_("Nobody"), None), *((one.name, code) for code, one in authorities.items())]
        self.next = Pick(following, name=_label("next_authority"))
        self.active = QCheckBox(literal(_label("active")))
        self.contacts: list[_Contact] = []
        self._grid = QGridLayout()
        self._lay_out()

    def show_rule(self, rule: AuthorityRule) -> None:
        """Show what a rule holds."""
        self.always.setChecked(rule.always)
        self.active.setChecked(rule.active)
        for flag, box in self.flags.items():
            box.setChecked(flag in rule.flags)
        for market, box in self.markets.items():
            box.setChecked(market in rule.markets)
        self.reasons.setText(", ".join(sorted(rule.reasons)))
        for boxes, minutes in ((self.notify, rule.notify_min), (self.ack, rule.ack_min)):
            for priority, line in boxes.items():
                given = (minutes or {}).get(priority)
                line.setText("" if given is None else str(given))
        for short, number in ((self.used, rule.clock_used), (self.reopened, rule.reopened)):
            short.setText("" if number is None else str(number))
        self.hours.choose(rule.hours)
        self.next.choose(rule.next_authority)
        self._show_contacts(rule.contacts)

    def values(self) -> dict[str, Any]:
        """Read the form. Refused where something cannot be read."""
        reasons = (one.strip().upper() for one in self.reasons.text().split(","))
        return {
            "always": self.always.isChecked(),
            "active": self.active.isChecked(),
            "flags": frozenset(flag for flag, box in self.flags.items() if box.isChecked()),
            "markets": frozenset(market for market, box in self.markets.items() if box.isChecked()),
            "reasons": frozenset(one for one in reasons if one),
            "notify_min": keeping.minutes_of({code: line.text() for code, line in self.notify.items()}),
            "ack_min": keeping.minutes_of({code: line.text() for code, line in self.ack.items()}),
            "clock_used": number_of(self.used.text(), MISSED),
            "reopened": number_of(self.reopened.text(), _MOST_REOPENED),
            "hours": self.hours.value(),
            "next_authority": self.next.value(),
            "contacts": keeping.contacts_of(
                (one.market.value(), one.primary.text(), one.backup.text(), one.channel.value(), one.address.text())
                for one in self.contacts
            ),
        }

    def _show_contacts(self, contacts: Iterable[Mapping[str, Any]]) -> None:
        given = list(contacts)
        while len(self.contacts) < max(len(given), _CONTACT_ROWS):
            self._add_contact()
        for at, row in enumerate(self.contacts):
            one = given[at] if at < len(given) else {}
            row.market.choose(next((market for market in Market if str(market) == one.get("market")), None))
            row.channel.choose(next((channel for channel in Channel if str(channel) == one.get("channel")), None))
            for name in ("primary", "backup", "address"):
                getattr(row, name).setText(str(one.get(name) or ""))

    def _add_contact(self) -> None:
        number = len(self.contacts) + 1
        row = _Contact(
            Pick([(_("All markets"), None), *((_(one.label), one) for one in Market)], name=_label("markets")),
            _line(_("Contact {n}", n=number), _("Contact")),
            _line(_("Backup {n}", n=number), _("Backup")),
            Pick([("–", None), *((_(one.label), one) for one in Channel)], name=_("Channel")),
            _line(_("Address {n}", n=number), _("Number, address")),
        )
        self.contacts.append(row)
        for pick in (row.market, row.channel):
            pick.setSizeAdjustPolicy(Pick.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            pick.setMinimumContentsLength(7)
        for at, box in enumerate(row):
            self._grid.addWidget(box, number, at)

    def _lay_out(self) -> None:
        letters = look().letters
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, letters.gap, 0)
        form.setHorizontalSpacing(letters.wide)
        form.setVerticalSpacing(letters.gap)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)  # A narrow screen has the words above the box.
        form.addRow("", self.always)
        for label, boxes in ((_label("flags"), self.flags), (_label("markets"), self.markets)):
            form.addRow(literal(label), _abreast(boxes.values()))
        form.addRow(literal(_label("reasons")), self.reasons)
        form.addRow(literal(_label("clock_used")), self.used)
        form.addRow(literal(_label("reopened")), self.reopened)
        for name, lines in (("notify_min", self.notify), ("ack_min", self.ack)):
            form.addRow(literal(_label(name)), _row_of(lines))
        form.addRow(literal(_label("hours")), self.hours)
        form.addRow(literal(_label("next_authority")), self.next)
        form.addRow(PlainLabel(_label("contacts"), Role.STRONG))
        self._grid.setHorizontalSpacing(letters.tight)
        self._grid.setVerticalSpacing(letters.tight)
        for at, share in enumerate(_SHARES):
            self._grid.setColumnStretch(at, share)
        form.addRow(self._grid)
        form.addRow(button(_("Contacts of another market"), self._add_contact, kind="link", sign="plus"))
        form.addRow("", self.active)


def _label(name: str) -> str:
    return _(field_of(AuthorityRule, name).label)


def _line(name: str, hint: str = "") -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


def _short(name: str) -> QLineEdit:
    made = _line(name, "–")
    made.setMaximumWidth(look().letters.px(5))
    return made


def _toggle(choice: Choice) -> QCheckBox:
    return QCheckBox(literal(_(choice.label)))


def _minutes(name: str) -> dict[str, QLineEdit]:
    return {str(one): _line(f"{name}, {one}", "–") for one in Priority}


def _row_of(lines: Mapping[str, QLineEdit]) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look().letters.tight)
    for priority, line in lines.items():
        line.setMaximumWidth(look().letters.px(5))
        row.addWidget(PlainLabel(priority, Role.SMALL))
        row.addWidget(line)
    row.addStretch()
    return holder


def _abreast(boxes: Iterable[QCheckBox]) -> QWidget:
    """Set boxes two abreast, for some words are long."""
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(look().letters.tight)
    for at, box in enumerate(boxes):
        grid.addWidget(box, at // _ABREAST, at % _ABREAST)
    return holder
