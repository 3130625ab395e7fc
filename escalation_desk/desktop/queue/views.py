"""The views of a list: the desk's own, which nobody changes, and the ones people saved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.desk import SavedView
from escalation_desk.casework.lists import Condition, ListQuery, Op, Order
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.spans import SPANS
from escalation_desk.casework.views import VIEWS, query_of
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading, seen, standing_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from escalation_desk.casework.views import Now, View
    from escalation_desk.journal.connection import Connection

STARRED: Final = "starred"
LATELY: Final = "lately"
OWN_LISTS: Final = {STARRED: N_("Starred by me"), LATELY: N_("Recently viewed")}
"""Lists that follow from what this workstation remembers, not from the records."""


Colour = tuple[str, str]
"""A line that means some cases, and the tone they wear."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a list is looked at: a view, narrowed, ordered and grouped. Plain data; a saved view is one of these."""

    base: str
    picks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    search: str = ""
    order: tuple[Order, ...] = ()
    group: str | None = None
    where: tuple[Condition, ...] = ()
    colours: tuple[Colour, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether there is something to say above the list; a single sort key shows in its head already."""
        return bool(self.picks or self.group or len(self.order) > 1)

    def picked(self, facet: str, keys: Sequence[str]) -> Look:
        picks = {code: kept for code, kept in self.picks.items() if code != facet}
        return replace(self, picks=picks | {facet: tuple(keys)} if keys else picks)

    def definition(self) -> dict[str, Any]:
        """Write it as what a saved view keeps."""
        moving = {code: list(keys) for code, keys in self.picks.items() if code in SPANS}
        fixed = {code: list(keys) for code, keys in self.picks.items() if code not in SPANS}
        data = ListQuery("case", self.where, self.order, self.search, self.group).to_data()
        colours = [list(colour) for colour in self.colours]
        return data | {"base": self.base, "spans": moving, "picks": fixed, "colours": colours}

    @classmethod
    def of(cls, base: str, definition: Mapping[str, Any]) -> Look:
        own = ListQuery.from_data("case", definition)
        picks = {code: tuple(keys) for name in ("spans", "picks") for code, keys in definition.get(name, {}).items()}
        colours = tuple((line, tone) for line, tone in definition.get("colours", ()))
        return cls(definition.get("base", base), picks, own.search, own.order, own.group, own.where, colours)


@dataclass(frozen=True, slots=True)
class ListView:
    """A view in the panel at the left. One of the desk's own has no record."""

    code: str
    title: str
    record: str = ""
    mine: bool = False
    shared: bool = False
    definition: Mapping[str, Any] = field(default_factory=dict)

    @property
    def look(self) -> Look:
        return Look.of(self.code, self.definition) if self.record else Look(self.code)


def built_in(view: View) -> ListView:
    return ListView(view.code, _(view.label))


def own_list(code: str) -> ListView:
    return ListView(code, _(OWN_LISTS[code]))


def saved_views(made: Connection, me: str, about: str = "case") -> list[ListView]:
    """Read my views, and those that others share."""
    found = [v for v in reading.all_of(made, SavedView) if v.about == about and (v.owner == me or v.shared)]
    views = [ListView(v.id, v.title, v.id, v.owner == me, v.shared, v.definition) for v in found]
    return sorted(views, key=lambda view: (not view.mine, view.title.casefold()))


def query_of_look(made: Connection, look: Look, now: Now) -> ListQuery:
    """Turn a look into a query."""
    return understood(made, _query_of_look(made, look, standing_in.told(made, now)), now)


def _query_of_look(made: Connection, look: Look, now: Now) -> ListQuery:
    if look.base in OWN_LISTS:
        ids = seen.starred(made) if look.base == STARRED else seen.lately(made)
        own = ListQuery("case", (Condition("id", Op.ANY, ids),), (Order("last_activity_at", descending=True),))
        asked = query_of("case", look.definition() | {"base": ""}, now)
        return replace(asked, where=(*own.where, *asked.where), order=asked.order or own.order)
    return query_of("case", look.definition(), now)


def understood(made: Connection, query: ListQuery, now: Now) -> ListQuery:
    """Let operators in what is typed narrow the list; what is no operator is looked for as text."""
    query = reading.whole_groups(made, query)
    if ":" not in query.search:
        return query
    from escalation_desk.journal.asking import narrowed  # Few lists are narrowed so, and none at the start.

    try:
        return narrowed(made, replace(query, search=""), query.search, reading.record(made, User, now.me), now.moment)
    except Refused:
        return query


def count_query(made: Connection, view: ListView, now: Now) -> ListQuery:
    """Make the query whose rows are counted at the left."""
    known = VIEWS.get(view.code)
    now = standing_in.told(made, now)
    return known.query(now) if known else understood(made, query_of("case", view.definition, now), now)
