"""Reads a case summary for one reader: in a language and a time zone, masked or not, with or without internal entries.

Everything that prints a summary starts from what this answers, so a value is worded, masked and left out in one place.
Call it while speaking the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.masking import Known, Mask, Open, mask_account
from escalation_desk.documents.case_summary import Happening, Personal, Section, sections, shown_of
from escalation_desk.documents.pictures import Picture
from escalation_desk.documents.words import NOTHING, Reading, stamp
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo

    from escalation_desk.documents.case_summary import CaseSummary, Form, Issue


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a section as it is read: values by name, a remark about it, its pictures."""

    values: dict[str, str]
    mark: str = ""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """One section as it is read; without rows it has nothing to say. `left_out` tells what the reader does not see."""

    section: Section
    rows: tuple[Row, ...]
    left_out: str = ""

    def facts(self) -> list[tuple[str, str]]:
        """Pair labels with values, those without a value left out; for sections of one record."""
        labels = {one.name: _(one.label) for one in shown_of(self.section.record)}
        return [(labels[name], value) for row in self.rows for name, value in row.values.items() if value != NOTHING]


@dataclass
class _Left:
    """Counts what is left out of a section."""

    internal: int = 0
    automatic: int = 0
    pictures: int = 0

    def said(self) -> str:
        counted = [
            (self.internal, "{n} internal entry left out.", "{n} internal entries left out."),
            (self.automatic, "{n} automatic change left out.", "{n} automatic changes left out."),
            (self.pictures, "{n} picture left out.", "{n} pictures left out."),
        ]
        return " ".join(n_(one, many, n) for n, one, many in counted if n)


@dataclass
class SummaryReader:
    """Reads summaries for one form and one issue."""

    form: Form
    issue: Issue
    _reading: Reading = field(init=False)
    # A mask compiles what it looks for; a case is read twice where there is a table of contents.
    _masks: dict[tuple[frozenset[str], frozenset[str], Known], Mask] = field(init=False, default_factory=dict)

    def head(self, summary: CaseSummary) -> dict[str, str]:
        """Read the head alone, for a table of contents."""
        self._reading = self.reading_of(summary)
        return self._row(summary.head, _Left()).values

    def views(self, summary: CaseSummary) -> dict[str, View]:
        """Read every section that the form asks for, in order."""
        self._reading = self.reading_of(summary)
        wanted = [section for section in sections() if self._wanted(section)]
        return {section.name: self._view(section, getattr(summary, section.name)) for section in wanted}

    def reading_of(self, summary: CaseSummary) -> Reading:
        """Say how values of a case are read: in the desk's zone, and masked as its summary is."""
        return Reading(self.issue.zone, _hiding(self._mask_of(summary)))

    def annex(self, summary: CaseSummary) -> list[tuple[Picture, str]]:
        """List the pictures among the evidence, each with its caption."""
        if not (self.form.annex and self.form.long):
            return []
        seen = [line for line in summary.evidence if line.picture and (self.form.internal or not line.internal)]
        captions = [" · ".join(self._row(line, _Left()).values[name] for name in ("name", "at")) for line in seen]
        pictures = (self._named(line.picture) for line in seen if line.picture)
        return list(zip(pictures, captions, strict=True))

    def _wanted(self, section: Section) -> bool:
        if section.name == "messages" and not self.form.messages:
            return False
        return self.form.long or section.first_page

    def _mask_of(self, summary: CaseSummary) -> Mask:
        if self.form.full_personal_data:
            return Open()
        names = frozenset(party.name for party in summary.parties if party.name)
        contacts = frozenset(contact for party in summary.parties for contact in party.contacts)
        sought = (names, contacts, summary.known)
        return self._masks.setdefault(sought, Mask(*sought))

    def _view(self, section: Section, held: Any) -> View:
        records = held if section.many else () if held is None else (held,)
        left = _Left()
        rows = tuple(self._row(record, left) for record in self._let_through(records, left))
        if not section.many and all(value == NOTHING for row in rows for value in row.values.values()):
            rows = ()
        return View(section, rows, left.said())

    def _let_through(self, records: tuple[Any, ...], left: _Left) -> Iterator[Any]:
        for record in records:
            if getattr(record, "internal", False) and not self.form.internal:
                left.internal += 1
            elif getattr(record, "automatic", False) and not self.form.automatic:
                left.automatic += 1
            else:
                yield record

    def _row(self, record: Any, left: _Left) -> Row:
        say, kind = self._reading.say, record.__class__
        values = {
            one.name: say(getattr(record, one.name), one.personal, numbered=one.numbered) or NOTHING
            for one in shown_of(kind)
        }
        pictures = getattr(record, "pictures", ())
        if not self.form.pictures:
            left.pictures += len(pictures)
            pictures = ()
        return Row(values, _mark(record, self.issue.zone), tuple(map(self._named, pictures)))

    def _named(self, picture: Picture) -> Picture:
        """Mask the name of a picture's file too: people name files after people."""
        return Picture(self._reading.say(picture.name, Personal.TEXT), picture.read)


def _mark(record: Any, zone: tzinfo) -> str:
    marks = [_("Internal")] if getattr(record, "internal", False) else []
    if isinstance(record, Happening):
        marks += [_("Automatic")] if record.automatic else []
        marks += [_("Entered later, {when}", when=stamp(record.entered, zone))] if record.entered else []
    return " · ".join(marks)


def _hiding(mask: Mask) -> Callable[[str, str], str]:
    hide = {
        Personal.TEXT: mask.text,
        Personal.NAME: mask.name,
        Personal.CONTACT: mask.contact,
        Personal.ACCOUNT: str if isinstance(mask, Open) else mask_account,
    }
    return lambda value, personal: hide[Personal(personal)](value)
