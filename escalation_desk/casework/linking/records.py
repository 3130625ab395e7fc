"""A link between two cases or a case and a problem; the problem that stands behind several cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from escalation_desk.casework.choices import Choice, Market
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.i18n import N_


class LinkForm(Choice):
    """What the first case is to the other one."""

    RELATED = "related", N_("Related to")
    DUPLICATE = "duplicate", N_("Duplicate of")
    CHILD = "child", N_("Part of")
    FOLLOW_UP = "follow_up", N_("Follows")
    REPEAT = "repeat", N_("Repeat contact of")
    CAUSED_BY = "caused_by", N_("Comes from")
    SPLIT = "split", N_("Split from")
    SAME_ORDER = "same_order", N_("Same order as")
    SAME_SELLER = "same_seller", N_("Same wave of a seller as")


class ProblemState(Choice):
    OPEN = "open", N_("Being looked into")
    KNOWN = "known", N_("Known cause")
    SOLVED = "solved", N_("Solved")
    DROPPED = "dropped", N_("Dropped")


@dataclass(kw_only=True)
class CaseLink(Record):
    """`case` is FORM of `other`, or is caused by `problem`."""

    kind: ClassVar[str] = "case_link"
    label: ClassVar[str] = N_("Link")

    case: str = field(N_("Case"), refers_to="case", once=True, required=True, show="column")
    form: LinkForm = field(N_("Kind of link"), default=LinkForm.RELATED, facet=True, show="column form")
    other: str | None = field(N_("Other case"), default=None, refers_to="case", once=True, show="column")
    problem: str | None = field(N_("Problem"), default=None, refers_to="problem", once=True, show="column")
    why: str | None = field(N_("Why"), default=None, show="column form")
    by: str | None = field(N_("By"), default=None, refers_to="user", once=True, show="column")


@dataclass(kw_only=True)
class Problem(Record):
    """What causes several cases, from the first suspicion until it is solved."""

    kind: ClassVar[str] = "problem"
    label: ClassVar[str] = N_("Problem")

    number: str = field(N_("Number"), once=True, required=True, code=True, searchable=True, show="column")
    title: str = field(N_("Title"), required=True, searchable=True, show="column form")
    market: Market = field(N_("Market"), default=Market.VN, facet=True, show="column form")
    state: ProblemState = field(N_("State"), default=ProblemState.OPEN, facet=True, sortable=True, show="column form")
    symptoms: str | None = field(
        N_("Symptoms"), default=None, long=True, searchable=True, merge=Merge.TEXT, show="form"
    )
    impact: str | None = field(N_("Impact"), default=None, long=True, merge=Merge.TEXT, show="form")
    cause: str | None = field(N_("Cause"), default=None, long=True, searchable=True, merge=Merge.TEXT, show="form")
    workaround: str | None = field(
        N_("Workaround"), default=None, long=True, searchable=True, merge=Merge.TEXT, show="form"
    )
    reply: str | None = field(N_("What to tell requesters"), default=None, long=True, merge=Merge.TEXT, show="form")
    owner: str | None = field(N_("Owner"), default=None, refers_to="user", facet=True, show="column form")
    known_since: datetime | None = field(N_("Known since"), default=None, sortable=True, show="column form")
    solved_at: datetime | None = field(N_("Solved"), default=None, show="column form")
    log: tuple[dict[str, Any], ...] = field(N_("Log"), default=(), merge=Merge.APPEND)

    @property
    def name(self) -> str:
        return f"{self.number} {self.title}"
