"""By what a list can be narrowed and grouped: every field declared a facet, how old, how soon due."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.fields import Field, Kind
from escalation_desk.casework.listed import listed_fields
from escalation_desk.casework.lists import Condition, Op
from escalation_desk.casework.spans import SPANS, Spans
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.table import CellStyle
from escalation_desk.i18n import N_, _
from escalation_desk.journal import listing, reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from escalation_desk.casework.desk import Reason
    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.casework.views import Now
    from escalation_desk.journal.connection import Connection

_NONE = N_("None")
_LATE = CellStyle(tone=Tone.BAD, mark="▲")


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet, with what a list must meet to have it."""

    key: str
    text: str
    conditions: tuple[Condition, ...]
    style: CellStyle | None = None
    under: str = ""
    """The key of the group it stands under; a group counts everything below it."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A field by whose values a list is cut, or a moving stretch of time."""

    code: str
    label: str
    field: Field | None = None
    spans: Spans | None = None
    now: Now | None = None

    def buckets(self, made: Connection, query: ListQuery, *, whole: bool = False) -> list[tuple[Bucket, int]]:
        """Count a list by the values of this facet; empty ones are left out. `whole`: every row counts once."""
        if self.field is not None:
            return self._values(made, query, self.field, whole=whole)
        return self._stretches(made, query)

    def condition(self, keys: Iterable[str]) -> Condition:
        """Say that a list has one of some values, named by the keys of their buckets."""
        if self.spans is not None and self.now is not None:
            return self.spans.condition(keys, self.now.moment, self.now.day_end)
        return Condition(self.code, Op.ANY, [json.loads(key) for key in keys])

    def _stretches(self, made: Connection, query: ListQuery) -> list[tuple[Bucket, int]]:
        assert self.spans is not None and self.now is not None  # noqa: S101, PT018 - a facet has a field or spans.
        found = []
        for span in self.spans.cut(self.now.moment, self.now.day_end):
            condition = Condition(self.spans.field, Op.WITHIN, [[span.begins, span.ends]])
            count = listing.count(made, query.also(condition))
            if count:
                style = _LATE if span.key == "overdue" else None
                found.append((Bucket(span.key, _(span.label), (condition,), style), count))
        return found

    def _values(self, made: Connection, query: ListQuery, field: Field, *, whole: bool) -> list[tuple[Bucket, int]]:
        counted = listing.groups(made, query, field.name, whole=whole)
        names = _names(made, field, (value for value, _n in counted))
        order = {str(choice): at for at, choice in enumerate(field.choices or ())}
        # Words of the desk keep their own order; people and sellers come by how many cases they have.
        known = sorted(counted, key=lambda pair: order.get(pair[0], len(order)) if isinstance(pair[0], str) else -1)
        found = known if order and field.kind is Kind.TEXT else counted
        if field.declared.refers_to == "reason" and not whole:
            return _tree(made, field, found)
        return [(_bucket(field, value, names), n) for value, n in found]


def _tree(made: Connection, field: Field, counted: Sequence[tuple[Any, int]]) -> list[tuple[Bucket, int]]:
    """Put counted reasons under their groups: most first on each level, a group before what is in it."""
    reasons = reading.reasons(made)
    paths: dict[Any, tuple[Any, ...]] = {}
    counts: Counter[Any] = Counter()
    for value, n in counted:
        path = _path(reasons, value)
        counts.update(dict.fromkeys(path, n))
        paths |= {code: path[: at + 1] for at, code in enumerate(path)}
    names = {code: reason.name for code, reason in reasons.items()}
    order = sorted(paths, key=lambda code: [(-counts[one], one or "") for one in paths[code]])
    buckets = (
        replace(_bucket(field, code, names), under=key_of(paths[code][-2]) if len(paths[code]) > 1 else "")
        for code in order
    )
    return [(bucket, counts[code]) for bucket, code in zip(buckets, order, strict=True)]


def _path(reasons: Mapping[str, Reason], code: Any) -> tuple[Any, ...]:
    """Name the groups of a reason from the top, then itself."""
    reason = reasons.get(code)
    return (*_path(reasons, reason.parent), code) if reason and reason.parent else (code,)


def facets_of(kind: str, now: Now) -> tuple[Facet, ...]:
    """List the facets of a kind of record: stretches of time first, then fields as they are declared."""
    declared = [Facet(f.name, f.label, field=f) for f in listed_fields(kind) if f.declared.facet]
    moving = [Facet(code, spans.label, spans=spans, now=now) for code, spans in SPANS.items() if kind == "case"]
    return (*moving, *declared)


def facet_of(kind: str, code: str, now: Now) -> Facet | None:
    return next((facet for facet in facets_of(kind, now) if facet.code == code), None)


def key_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def label_of_key(made: Connection, facet: Facet, key: str) -> str:
    """Name one value of a facet, for a chip above the list."""
    if facet.field is None:
        assert facet.spans is not None and facet.now is not None  # noqa: S101, PT018 - as above.
        cut = facet.spans.cut(facet.now.moment, facet.now.day_end)
        return next((_(span.label) for span in cut if span.key == key), key)
    value = json.loads(key)
    return _bucket(facet.field, value, _names(made, facet.field, [value])).text


def _names(made: Connection, field: Field, values: Iterable[Any]) -> dict[str, str]:
    if not field.declared.refers_to:
        return {}
    flat = [one for value in values if value for one in ([value] if isinstance(value, str) else value)]
    return reading.names(made, field.declared.refers_to, flat)


def _bucket(field: Field, value: Any, names: dict[str, str]) -> Bucket:
    return Bucket(key_of(value), _text(field, value, names), (_condition(field, value),), _style(field, value))


def _condition(field: Field, value: Any) -> Condition:
    if value is None:
        return Condition(field.name, Op.EMPTY)
    if field.kind is Kind.SET and isinstance(value, str):
        return Condition(field.name, Op.HAS, value)
    return Condition(field.name, Op.IS, value)


def _text(field: Field, value: Any, names: dict[str, str]) -> str:
    if value is None or value in ([], ""):
        return _(_NONE)
    if isinstance(value, list):
        return ", ".join(_text(field, one, names) for one in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field.choices:
        return _(_labels(field.choices).get(value, value))
    return names.get(value, str(value))


@cache
def _labels(choices: Any) -> dict[str, str]:
    return {str(choice): choice.label for choice in choices}


def _style(field: Field, value: Any) -> CellStyle | None:
    if not field.choices or not isinstance(value, str):
        return None
    choice: Sequence[Any] = [one for one in field.choices if str(one) == value]
    if not choice:
        return None
    shown = meaning(choice[0])
    return CellStyle(tone=shown.tone, mark=shown.mark) if shown.mark else None
