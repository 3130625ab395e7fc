"""Fills the places of a macro from the case it is used on, in the language of whoever receives it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.choices import FollowUpForm, Language, Market
from escalation_desk.casework.desk import in_language
from escalation_desk.i18n import LANGUAGES, N_, _, speaking

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.desk import Macro, Reason
    from escalation_desk.casework.people import Party, User
    from escalation_desk.casework.seller import Seller

_PLACE: Final = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
PROMISING: Final = {
    "next_update_local": (N_("Next update"), FollowUpForm.PROMISE),
    "next_update_at": (N_("Next update"), FollowUpForm.PROMISE),
    "due_local": (N_("See whether it has come"), FollowUpForm.CHECK),
}
"""Places that say a time to the requester: whoever sends such a text has something to do by then."""
_SPOKEN_IN: Final = {Market.VN: "vi", Market.ID: "id"}


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a macro in the language that was wanted or, where there is none, in another."""

    text: str
    language: str
    wanted: str

    @property
    def stands_in(self) -> bool:
        return self.language != self.wanted


@dataclass(frozen=True, slots=True)
class Gap:
    """A place in a text that nothing has filled yet."""

    start: int
    end: int
    name: str


def fill(text: str, places: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Fill what is known. What is not stays in its braces and is named, so that it is never sent as a blank."""
    missing: dict[str, None] = {}

    def value(found: re.Match[str]) -> str:
        known = places.get(found[1], "").strip()
        if not known:
            missing[found[1]] = None
        return known or found[0]

    return _PLACE.sub(value, text), tuple(missing)


def gaps(text: str, names: Iterable[str]) -> list[Gap]:
    """Find what still has to be filled in; braces around anything that no macro uses are just braces."""
    known = frozenset(names)
    return [Gap(found.start(), found.end(), found[1]) for found in _PLACE.finditer(text) if found[1] in known]


def names_in(macros: Iterable[Macro]) -> frozenset[str]:
    """Name every place that the macros of the desk use."""
    return frozenset(name for macro in macros for text in macro.texts.values() for name in _PLACE.findall(text))


def body_of(macro: Macro, wanted: str) -> Body:
    """Take the text in a language; where there is none, another stands in and says so."""
    texts = {code: text for code, text in macro.texts.items() if text.strip()}
    language = next((code for code in (wanted, "en", *texts) if code in texts), wanted)
    return Body(texts.get(language, ""), language, wanted)


def promising(text: str) -> tuple[str, ...]:
    """Name the places of a text that promise something by their time, each act once."""
    acts = {PROMISING[name]: name for name in reversed(_PLACE.findall(text)) if name in PROMISING}
    return tuple(sorted(acts.values(), key=text.index))


def untranslated(macro: Macro) -> tuple[str, ...]:
    """Name the languages of the desk in which a macro has no text."""
    return tuple(code for code in LANGUAGES if not macro.texts.get(code, "").strip())


def language_for(case: Case, party: Party | None = None, seller: Seller | None = None) -> str:
    """Choose the language of whoever receives the text: what the party speaks, else the case, else the market."""
    for said in (party and party.language, case.language, seller and seller.language):
        if said and said is not Language.OTHER:
            return str(said)
    return _SPOKEN_IN.get((party and party.market) or case.market, "en")


def places_of(
    case: Case,
    me: User,
    zone: tzinfo,
    language: str,
    *,
    party: Party | None = None,
    seller: Seller | None = None,
    reason: Reason | None = None,
) -> dict[str, str]:
    """Say what a case knows for the places of macros; moments in the receiver's zone, words in their language."""

    def local(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%d/%m/%Y %H:%M}" if at else ""

    requester = party.display_name if party else ""
    shop = seller.shop_name if seller else ""
    named = in_language(reason.labels, language) if reason else ""
    with speaking(language):
        said: dict[str, str | None] = {
            "requester_name": requester or (seller and seller.contact_person) or shop,
            "agent_name": me.full_name,
            "case_no": case.case_no,
            "reason": named,
            "priority": _(case.priority.label),
            "risk": ", ".join(_(flag.label) for flag in sorted(case.risk_flags)),
            "waiting_for": case.waiting_for or (_(case.waiting_on.label) if case.waiting_on else ""),
        }
    said |= {
        "next_update_local": local(case.promise_due_at or case.next_due_at),
        "due_local": local(case.waiting_until),
        "appeal_until_local": local(case.appeal_until),
        "tried": case.tried_before,
        "impact": str(case.affected_count or ""),
        "affected": str(case.affected_count or ""),
        "decision": case.decision_needed,
        "ask": case.decision_needed,
        "one_line": case.title,
        "outcome": case.resolution_summary,
        "policy_ref": case.policy,
        "shop_name": shop,
    }
    said |= {
        "requester.name": requester,
        "seller.name": shop,
        "my.name": me.full_name,
        "order.id": ", ".join(sorted(case.orders)),
        "case.number": case.case_no,
        "case.title": case.title,
        "next_update_at": said["next_update_local"],
    }
    return {name: value for name, value in said.items() if value and value.strip()}
