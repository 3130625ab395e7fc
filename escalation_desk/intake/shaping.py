"""Rows become candidates: columns to fields, words to codes, steps of a log to one case with its history."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.fields import Field, Kind, field_of, instant_text, to_json
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import one_line
from escalation_desk.casework.typed import value_of
from escalation_desk.i18n import _
from escalation_desk.intake import histories
from escalation_desk.intake.candidates import Candidate, Pointer, Refusal, Said
from escalation_desk.intake.child import Progress
from escalation_desk.intake.types import is_empty, parse_instant, parse_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import tzinfo

    from escalation_desk.intake.reading.base import Record
    from escalation_desk.intake.sources import Source

Row = "Mapping[str, Any]"

_SIGN_OF_LIFE = 2_000
"""Rows of a log gathered between two signs of life: nothing comes of it before its last row is read."""

_NAMED_BY = {"party": "display_name", "user": "full_name", "team": "title", "seller": "shop_name"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of one file are read: in which zone its times are, whether its days come first."""

    source: Source
    zone: tzinfo
    day_first: bool | None = None
    decimal_marks: Mapping[str, str] = field(default_factory=dict)


def shape(records: Iterable[Record], reading: Reading) -> Iterator[Candidate | Refusal | Progress]:
    """Turn the rows of a table into candidates. Every row ends in a candidate or in a refusal."""
    if reading.source.log:
        yield from _logged(records, reading)
        return
    for record in records:
        reason = record.fault or _unwanted(reading.source, record.values)
        try:
            yield Refusal(record.number, reason) if reason else _candidate([record], reading)
        except Refused as refusal:
            yield Refusal(record.number, str(refusal))


def _unwanted(source: Source, row: Mapping[str, Any]) -> str | None:
    reason = source.wanted(row) if source.wanted else None
    return _(reason) if reason else None


def _logged(records: Iterable[Record], reading: Reading) -> Iterator[Candidate | Refusal | Progress]:
    """Gather the steps of each case, wherever in the file they stand, in the order in which they happened."""
    cases: dict[str, list[Record]] = {}
    for gathered, record in enumerate(records, 1):
        if gathered % _SIGN_OF_LIFE == 0:
            yield Progress(gathered, None)
        try:
            if record.fault:
                yield Refusal(record.number, record.fault)
                continue
            cases.setdefault(_key(record.values, reading.source), []).append(record)
        except Refused as refusal:
            yield Refusal(record.number, str(refusal))
    for steps in cases.values():
        try:
            yield _candidate(sorted(steps, key=lambda step: _moment(step, reading)), reading)
        except Refused as refusal:
            yield from (Refusal(step.number, str(refusal)) for step in steps)


def _candidate(steps: list[Record], reading: Reading) -> Candidate:
    """Make one candidate of the rows about one thing; the last row says how it stands now."""
    source, last = reading.source, steps[-1].values
    key = _key(last, source)
    values: dict[str, Any] = dict(source.always)
    for name, columns in source.fields.items():
        field, value = field_of(kind_of(source.kind), name), _cell(last, columns)
        if not is_empty(value):
            _take(values, field, value, reading, _mark(last, columns, reading))
        elif field.kind in _NUMBERS:
            _refuse_no_number(field, last, columns)
    _complete(values, last, key, source)
    if source.log:
        _date_from_log(values, steps, reading)
    said = tuple(_said(step, before, key, reading) for before, step in _pairs(steps)) if source.log else ()
    pointers = {
        name: p for name, (kind, columns) in source.pointers.items() if (p := _pointer(last, kind, columns, source))
    }
    rows = tuple(step.number for step in steps)
    history = _history(steps, values, reading) if source.kind == "case" else ()
    return Candidate(source.kind, f"{source.key_prefix()}:{key}", rows, values, pointers, said, history)


def _history(steps: list[Record], values: Mapping[str, Any], reading: Reading) -> tuple[histories.Told, ...]:
    """Tell through which states the case went, and when: a log says each, another table only how it stands."""
    if reading.source.log is None:
        changed = parse_instant(_cell(steps[-1].values, reading.source.changed), zone=reading.zone)
        return histories.of_a_row(values, instant_text(changed) if changed else None)
    told = []
    for step in steps:
        state = _state(step, reading)
        if state:
            graver = {name: code for name in ("severity", "urgency") if (code := _known(step, name, reading))}
            told.append({"at": _moment(step, reading), "status": state, **graver})
    return histories.one_by_one(told)


def _known(step: Record, name: str, reading: Reading) -> str | None:
    """Read a word of a step where it is one that the source is known to use."""
    cell = _cell(step.values, reading.source.fields.get(name, ""))
    return reading.source.words.get(name, {}).get(str(cell or "").strip().lower())


_NUMBERS = frozenset({Kind.DECIMAL, Kind.INTEGER})


def _refuse_no_number(field: Field, row: Mapping[str, Any], columns: str) -> None:
    """Refuse what a program wrote for a number that it could not work out; elsewhere such a cell is empty."""
    for column in columns.split("|"):
        cell = row.get(column)
        if isinstance(cell, str) and cell.strip().lower() == "nan":
            raise Refused(_unreadable(field, cell))


def _unreadable(field: Field, cell: Any) -> str:
    return _("“{field}” cannot be read: {value}.", field=_(field.label), value=one_line(str(cell), 40))


def _mark(row: Mapping[str, Any], columns: str, reading: Reading) -> str | None:
    """Say which sign for decimals the column uses from which a cell was read."""
    read = next((column for column in columns.split("|") if not is_empty(row.get(column))), "")
    return reading.decimal_marks.get(read)


def _take(values: dict[str, Any], field: Field, cell: Any, reading: Reading, mark: str | None) -> None:
    """Take a cell. A word that a table of no known source uses and the desk does not know is kept as a tag."""
    try:
        values[field.name] = _value(field, cell, reading, mark)
    except Refused:
        if not (reading.source.lenient and field.choices):
            raise
        values["tags"] = sorted({*values.get("tags", ()), f"{_(field.label)}: {one_line(str(cell), 60)}"})


def _complete(values: dict[str, Any], row: Mapping[str, Any], key: str, source: Source) -> None:
    """Add what every record of its kind must have."""
    if source.tags:
        found = {str(row[column]) for column in source.tags if not is_empty(row.get(column))}
        values["tags"] = sorted({*values.get("tags", ()), *found})
    if source.kind == "case":
        values["crm"], values["crm_number"] = source.key_prefix(), key
        values.setdefault("title", _title(row, key, source))
        status = values.get("status")
        if status == CaseStatus.CANCELLED:
            values["cancel_reason"] = "out_of_scope"
    else:
        values["external_ids"] = [f"{source.key_prefix()}:{key}"]
        values.setdefault(_NAMED_BY[source.kind], _title(row, key, source))


class _Cells(dict[str, Any]):
    """The cells of a row as a title quotes them; an empty one leaves no trace."""

    def __missing__(self, _name: str) -> str:
        return ""


def _title(row: Mapping[str, Any], key: str, source: Source) -> str:
    cells = {name: value for name, value in row.items() if not is_empty(value)}
    filled = source.title.format_map(_Cells({**cells, "key": key}))
    title = " · ".join(part.strip() for part in filled.split("·") if part.strip())
    return one_line(title, 120) or one_line(f"{_(source.label)} {key}", 120)


def _date_from_log(values: dict[str, Any], steps: list[Record], reading: Reading) -> None:
    """Say when the case came and when it was done, where no column of its own does."""
    log = reading.source.log
    if log is None:
        return
    values.setdefault("received_at", _moment(steps[0], reading))
    for name, state in (("resolved_at", "resolved"), ("closed_at", "closed")):
        reached = [_moment(step, reading) for step in steps if _state(step, reading) == state]
        if reached and name not in values and values.get("status") in {"resolved", "closed"}:
            values[name] = reached[-1]


def _state(step: Record, reading: Reading) -> str | None:
    log = reading.source.log
    told = str(step.values.get(log.state) or "") if log and log.state else ""
    return reading.source.words.get("status", {}).get(told.strip().lower())


def _said(step: Record, before: Record | None, key: str, reading: Reading) -> Said:
    """Put a step on the timeline: what it says that the step before did not."""
    source, log = reading.source, reading.source.log
    if log is None:
        raise ValueError(source.code)
    at = _moment(step, reading)
    told = [
        f"{column}: {step.values[column]}"
        for column in log.tells
        if not is_empty(step.values.get(column))
        and (before is None or before.values.get(column) != step.values.get(column) or column == log.state)
    ]
    body = "\n".join(told) or _("No change")
    mark = hashlib.sha256(f"{key}|{at}|{body}|{step.values.get(log.by or '')}".encode()).hexdigest()[:24]
    values = {"form": "event", "body": body, "at": at, "automatic": False}
    if log.by and not is_empty(step.values.get(log.by)):
        values["author"] = str(step.values[log.by])
    return Said(f"{source.key_prefix()}:{mark}", values)


def _pairs(steps: list[Record]) -> Iterator[tuple[Record | None, Record]]:
    yield from zip([None, *steps], steps, strict=False)


def _moment(step: Record, reading: Reading) -> str:
    log = reading.source.log
    told = step.values.get(log.at) if log else None
    moment = parse_instant(told, day_first=reading.day_first, zone=reading.zone)
    if moment is None:
        raise Refused(_("The row does not say when it happened (column “{column}”).", column=log.at if log else ""))
    return instant_text(moment)


def _key(row: Mapping[str, Any], source: Source) -> str:
    if not source.key:  # A table without numbers: a row is known again by what stands in it.
        return hashlib.sha256(repr(sorted(row.items(), key=str)).encode()).hexdigest()[:24]
    parts = [_cell(row, columns) for columns in source.key]
    if any(is_empty(part) for part in parts):
        raise Refused(_("The row has no number (column “{column}”).", column=source.key[0]))
    return "-".join(str(part).strip() for part in parts)


def _cell(row: Mapping[str, Any], columns: str) -> Any:
    """Read the first filled one of the columns `a|b`."""
    return next((row[column] for column in columns.split("|") if not is_empty(row.get(column))), None)


def _value(field: Field, cell: Any, reading: Reading, mark: str | None) -> Any:
    """Read a cell as what its field holds, as JSON. Refused, naming the field, where it cannot be read."""
    words = reading.source.words.get(field.name)
    if isinstance(cell, dict):
        cell = cell.get("channel") or cell.get("name") or cell.get("id")
    if words is not None:
        return _code(field, words, str(cell))
    match field.kind:
        case Kind.INSTANT:
            return to_json(field.kind, _instant(field, cell, reading))
        case Kind.SET if field.choices is None:
            members = cell if isinstance(cell, list) else str(cell).split(",")
            return sorted({str(member).strip() for member in members if not is_empty(member)})
        case Kind.DECIMAL | Kind.INTEGER:
            number = parse_number(str(cell), mark)
            if number is None:
                raise Refused(_unreadable(field, cell))
            return _whole(field, cell, mark) if field.kind is Kind.INTEGER else str(number)
        case Kind.TEXT if field.choices is None:
            return str(cell)
        case _:
            return to_json(field.kind, value_of(field, str(cell), reading.zone))


def _whole(field: Field, cell: Any, mark: str | None) -> int:
    """Read a whole number. “1.500” groups where nothing says otherwise; what has a fraction is refused, never cut."""
    read = [parse_number(str(cell), sign) for sign in ((mark,) if mark else (",", "."))]
    whole = [number for number in read if number is not None and number == number.to_integral_value()]
    if not whole:
        raise Refused(
            _(
                "“{field}” is a whole number, and the row says {value}.",
                field=_(field.label),
                value=one_line(str(cell), 40),
            )
        )
    return int(max(whole, key=abs))


def _code(field: Field, words: Mapping[str, str], cell: str) -> str:
    word = cell.strip().lower()
    code = words.get(word) or words.get(word.partition("-")[0]) or words.get("*")
    if code is None:
        raise Refused(
            _("“{field}” has a word that this source did not use before: {value}.", field=_(field.label), value=cell)
        )
    return code


def _instant(field: Field, cell: Any, reading: Reading) -> Any:
    moment = parse_instant(cell, day_first=reading.day_first, zone=reading.zone)
    if moment is None:
        raise Refused(_("“{field}” is no time: {value}.", field=_(field.label), value=one_line(str(cell), 40)))
    return moment


def _pointer(row: Mapping[str, Any], kind: str, columns: str, source: Source) -> Pointer | None:
    cell = _cell(row, columns)
    if is_empty(cell):
        return None
    told = str(cell).strip()
    # The same name in capitals is the same person; an id, which has figures, is taken to the letter.
    key = f"{source.key_prefix()}:{told if any(map(str.isdigit, told)) else told.casefold()}"
    name = told if not told.isdigit() else f"{source.key_prefix().partition(' ')[0].title()} {told}"
    values: dict[str, Any] = {_NAMED_BY[kind]: name}
    match kind:
        case "user":
            values |= {"login": key, "active": False}
        case "team":
            key = name.casefold()
        case _:
            values["external_ids"] = [key]
    if kind in {"party", "seller"} and "market" in source.always:
        values["market"] = source.always["market"]
    return Pointer(kind, key, values)
