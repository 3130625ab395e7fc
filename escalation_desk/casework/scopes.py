"""Which scope a record belongs to: the unit of order, rights and sharing (sync.md §5.1).

`VN/t2` are the cases of one team, `VN` what a whole market shares, `ref` what everybody has, `user/<id>` what is one
person's own. What hangs on a case or seller goes where that goes. A restricted scope ends in `!restricted`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework.choices import Market

if TYPE_CHECKING:
    from collections.abc import Mapping

REFERENCE: Final = "ref"
RESTRICTED: Final = "!restricted"
NO_TEAM: Final = "desk"
"""The team, in the name of a scope, of cases that no team has yet."""

FOLLOWS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "message": (("case", "case"),),
    "clarification": (("case", "case"),),
    "attachment": (("case", "case"), ("seller", "seller")),
    "follow_up": (("case", "case"), ("seller", "seller")),
    "seller_note": (("seller", "seller"),),
    "conflict": (("about", ""),),
    **dict.fromkeys(
        (
            *("deadline", "root_cause", "peer_review", "exception", "escalation", "poc_request", "case_link"),
            "checklist",
        ),
        (("case", "case"),),
    ),
}
"""What hangs on another record: its field, and the kind of what it points to (empty where a record says itself)."""

_EVERYBODYS = frozenset(
    {
        *("user", "team", "reason", "macro", "import_profile", "absence", "article", "procedure"),
        *("calendar", "holiday", "sla_policy", "deadline_rule", "fault_code"),
        *("authority", "authority_rule", "risk_word", "poc_team", "poc", "routing_rule"),
    }
)
_OWNED = frozenset({"view", "macro"})
"""What is one person's own, unless it is shared or nobody's."""
_MARKETS = frozenset({"seller", "party", "problem"})


class Following(NamedTuple):
    """The record whose scope is meant."""

    record: str


def scope_of(kind: str, data: Mapping[str, Any], *, home: str, team_code: str | None = None) -> str | Following:
    """Name the scope of a record, or the record it follows. `data` holds its fields as JSON.

    `home` is the market of whoever wrote it, for records that name none; `team_code` the code of the case's team.
    """
    for name, _pointed in FOLLOWS.get(kind, ()):
        if data.get(name):
            return Following(data[name])
    if kind == "case":
        return _of_case(data, home, team_code)
    if kind in _OWNED and data.get("owner") and not data.get("shared"):
        return f"user/{data['owner']}"
    if kind in _EVERYBODYS or (kind == "view" and data.get("shared")):
        return REFERENCE
    return str(data.get("market") or home) if kind in _MARKETS else home


def _of_case(data: Mapping[str, Any], home: str, team_code: str | None) -> str:
    # A whole record leaves out nothing that was set, but a hand-made message may.
    market = data.get("market") or home or Market.VN.value
    return f"{market}/{team_code or NO_TEAM}{RESTRICTED if data.get('restricted') else ''}"


def is_restricted(scope: str) -> bool:
    return scope.endswith(RESTRICTED)


def market_of(scope: str) -> str:
    """Name the market of a scope: `VN` of `VN/t2!restricted`."""
    return scope.removesuffix(RESTRICTED).split("/", 1)[0]
