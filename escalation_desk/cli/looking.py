"""`list` and `show`: what the desk holds, for people or as JSON."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from datetime import datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from escalation_desk.casework import views
from escalation_desk.casework.case import Case
from escalation_desk.casework.clocks.kept import KeptClock
from escalation_desk.casework.desk import SavedView
from escalation_desk.casework.fields import Kind, Show, fields_of
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import one_line
from escalation_desk.casework.views import DEFAULT_VIEW, VIEWS, Now, View
from escalation_desk.cli.arguments import LISTS
from escalation_desk.i18n import _
from escalation_desk.journal import linking, listing, reading, standing_in, telling
from escalation_desk.journal.asking import narrowed
from escalation_desk.journal.clocks.telling import tell
from escalation_desk.journal.desk import profile_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator
    from datetime import tzinfo

    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal


def list_records(journal: Journal, asked: Namespace) -> Iterator[str]:
    kind = LISTS[asked.what]
    with closing(journal.reader()) as made:
        query = query_of(journal, made, kind, asked.view, asked.search)
        total = listing.count(made, query)
        if asked.json:
            items = _items(made, query, total if asked.limit is None else asked.limit)
            yield from _document(total, _as_of(journal, made, kind, items))
            return
        limit = _SCREENFUL if asked.limit is None else asked.limit
        items = _as_of(journal, made, kind, _items(made, query, limit))
        yield _table(kind, list(items), total, _zone(journal))


def _as_of(journal: Journal, made: Connection, kind: str, items: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Say of clocks how they stand now; all else stands as it was written."""
    if kind != KeptClock.kind:
        yield from items
        return
    zone, now = _zone(journal), journal.now()
    while some := list(islice(items, _TOLD_AT_ONCE)):
        tell(made, some, now, zone)
        yield from some


_TOLD_AT_ONCE = 500


def _document(total: int, items: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Write a list as one JSON document, an item a line, as it is read: nobody's memory holds a million cases."""
    yield f'{{"total": {total}, "items": ['
    before = "\n"
    for item in items:
        yield before + json.dumps(item, ensure_ascii=False)
        before = ",\n"
    yield "\n]}"


_SCREENFUL = 50


def query_of(journal: Journal, made: Connection, kind: str | None, name: str | None, search: str) -> ListQuery:
    """Find a view by its name, one of the desk's or a person's own, and narrow it by a search. No kind: any."""
    view = _shortly(kind, name) or VIEWS.get(name or DEFAULT_VIEW[kind or "case"])
    me = profile_of(journal)
    now = standing_in.told(made, now_for(journal, me))
    query = view.query(now) if view else _saved(made, kind, str(name), now)
    if kind and query.kind != kind:
        raise Refused(_("The view “{view}” is not one of these; choose from: {views}.", view=name, views=_known(kind)))
    return narrowed(made, query, search, me, now.moment)


def _shortly(kind: str | None, name: str | None) -> View | None:
    """Find a view by its name within its list: `open` of `poc-requests` is `poc-requests-open`."""
    listed = next((what for what, one in LISTS.items() if one == kind), "")
    return VIEWS.get(f"{listed}-{name}")


def _saved(made: Connection, kind: str | None, name: str, now: Now) -> ListQuery:
    for view in reading.all_of(made, SavedView):
        if view.title == name and kind in {None, view.about}:
            return reading.whole_groups(made, views.query_of(view.about, view.definition, now))
    raise Refused(_("There is no view “{view}”; choose from: {views}.", view=name, views=_known(kind)))


def _known(kind: str | None) -> str:
    any_day = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    return ", ".join(code for code, view in VIEWS.items() if kind in {None, view.query(Now("", any_day, any_day)).kind})


def now_for(journal: Journal, me: User) -> Now:
    """Say who looks and when their day ends, in their own time zone."""
    moment = journal.now()
    local = moment.astimezone(ZoneInfo(me.time_zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), tzinfo=local.tzinfo)
    return Now(me.id, moment, midnight, me.team or "")


def _items(made: Connection, query: ListQuery, limit: int) -> Iterator[dict[str, Any]]:
    names = [f.name for f in fields_of(kind_of(query.kind))]
    after = None
    while limit > 0:
        rows = listing.page(made, query, names, after, min(limit, 500))
        if not rows:
            return
        items = [{"id": row.id, **dict(zip(names, row.values, strict=True))} for row in rows]
        _name(made, query.kind, items)
        yield from items
        after, limit = rows[-1].place, limit - len(rows)


def _name(made: Connection, kind: str, items: list[dict[str, Any]]) -> None:
    """Set names beside the ids of other records: `owner_name` beside `owner`, a list of them beside `watchers`."""
    for f in fields_of(kind_of(kind)):
        if f.declared.refers_to:
            named = reading.names(made, f.declared.refers_to, [one for item in items for one in _each(item[f.name])])
            for item in items:
                names = [named[one] for one in _each(item[f.name]) if one in named]
                item[f"{f.name}_name"] = names if f.kind is Kind.SET else next(iter(names), None)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _table(kind: str, items: list[dict[str, Any]], total: int, zone: tzinfo) -> str:
    columns = [f for f in fields_of(kind_of(kind)) if Show.COLUMN in f.declared.show]
    header = [_(f.label) for f in columns]
    rows = [[_cell(item, f, zone) for f in columns] for item in items]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (header, *rows)
    ]
    return "\n".join([*lines, _("{shown} of {total}", shown=len(items), total=total)])


def _cell(item: dict[str, Any], field: Field, zone: tzinfo) -> str:
    """Put a value into words for people: names for ids, labels for codes, local times."""
    value = item.get(f"{field.name}_name") or item[field.name]
    return one_line(", ".join(_in_words(field, one, zone) for one in _each(value) if one is not None), 40)


def _in_words(field: Field, value: Any, zone: tzinfo) -> str:
    if field.choices and value:
        return _(field.choices(value).label)  # type: ignore[call-arg]  # looks a member up
    if field.kind is Kind.INSTANT:
        return _local(value, zone)
    if field.kind is Kind.FLAG:
        return _("yes") if value else ""
    return str(value)


def _local(at: str, zone: tzinfo) -> str:
    return datetime.fromisoformat(at).astimezone(zone).strftime("%d/%m/%Y %H:%M")


def _zone(journal: Journal) -> tzinfo:
    return ZoneInfo(profile_of(journal).time_zone)


def show_case(journal: Journal, asked: Namespace) -> str:
    made = journal.reader()
    try:
        case = reading.record(made, Case, reading.case_id(made, asked.number))
        data = reading.as_data(case)
        _name(made, "case", [data])
        data["timeline"] = [asdict(moment) for moment in telling.timeline(made, case.id)]
        data["links"] = [{**asdict(one), "said": one.said} for one in linking.links_of(made, case.id)]
        data["history"] = [{**asdict(change), "title": change.title} for change in reading.history(made, case.id)]
    finally:
        made.close()
    return as_json(data) if asked.json else _sheet(data, _zone(journal))


def _sheet(data: dict[str, Any], zone: tzinfo) -> str:
    told_of = [f for f in fields_of(Case) if data[f.name] not in (None, [], "", False) and f.kind is not Kind.DATA]
    lines = [f"{_(f.label)}: {_cell(data, f, zone)}" for f in told_of]
    lines += [f"{one['said']}: {one['number']}  {one['title']}" for one in data["links"]]
    told = [f"{_local(moment['at'], zone)}  {one_line(moment['text'], 100)}" for moment in data["timeline"]]
    return "\n".join([*lines, "", *told])


def as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)
