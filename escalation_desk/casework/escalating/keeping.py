"""Keeps the rules by which authorities are told: changed only into what can be read again. The journal asks who."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.choices import Channel, Market, Priority
from escalation_desk.casework.escalating.records import AuthorityRule, RiskWord
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from escalation_desk.casework.choices import Language, RiskFlag

_LONGEST: Final = 60 * 24 * 30
"""A month: who may be told later than that need not be told by rule."""


def change(rule: AuthorityRule, values: Mapping[str, Any]) -> None:
    """Give a rule other values, all of them looked over first."""
    for name in ("notify_min", "ack_min"):
        if name in values:
            _refuse_odd(values[name] or {})
    if "notify_min" in values and not values["notify_min"]:
        raise Refused(_("Say for one priority at least within how many minutes they are told."))
    if values.get("next_authority") == rule.authority:
        raise Refused(_("An authority is not the next level of itself; choose another, or none."))
    for name, value in values.items():
        setattr(rule, name, value)


def _refuse_odd(minutes: Mapping[str, Any]) -> None:
    for priority, given in minutes.items():
        if priority not in {str(one) for one in Priority} or not isinstance(given, int) or not 0 < given <= _LONGEST:
            raise Refused(_("“{text}” is no number of minutes; write 15, or nothing.", text=given))


def another(rule: AuthorityRule, known: Collection[str]) -> AuthorityRule:
    """Make another rule for the same authority, like the first but holding for nothing until it is filled in."""
    code = next(code for n in count(2) if (code := f"{rule.authority}-{n}") not in known)
    return AuthorityRule(
        code=code,
        authority=rule.authority,
        place=rule.place + 1,
        notify_min=dict(rule.notify_min or {}),
        ack_min=dict(rule.ack_min or {}),
        contacts=rule.contacts,
        next_authority=rule.next_authority,
    )


def new_word(text: str, language: Language, flag: RiskFlag | None, known: Iterable[RiskWord]) -> RiskWord:
    """Make a word that hints at a risk; without a flag it is one that does not count."""
    word = " ".join(clean(text).casefold().split())
    if not word:
        raise Refused(_("Write the word."))
    if any((one.word.casefold(), one.language) == (word, language) for one in known):
        raise Refused(_("“{word}” is on the list already; choose it there.", word=word))
    return RiskWord(word=word, language=language, flag=flag, excluded=flag is None)


def switch(word: RiskWord) -> None:
    """Let a word count, or no more."""
    word.active = not word.active


def minutes_of(typed: Mapping[str, str]) -> dict[str, int]:
    """Read what was typed for each priority; nothing typed means not told by rule."""
    read: dict[str, int] = {}
    for priority, text in typed.items():
        if not text.strip():
            continue
        if not (text.strip().isascii() and text.strip().isdigit()):
            raise Refused(_("“{text}” is no number of minutes; write 15, or nothing.", text=text))
        read[priority] = int(text)
    return read


def contacts_of(rows: Iterable[tuple[Market | None, str, str, Channel | None, str]]) -> tuple[dict[str, Any], ...]:
    """Lay contacts out as a rule keeps them; a row that names nobody is left out, a market stands once."""
    kept: dict[str, dict[str, Any]] = {}
    for market, primary, backup, channel, address in rows:
        if not (primary.strip() or backup.strip()):
            continue
        if str(market or "") in kept:
            raise Refused(
                _("{market} has two lines of contacts; put them into one.", market=_(market.label) if market else "–")
            )
        kept[str(market or "")] = {
            "market": str(market or ""),
            "primary": primary.strip(),
            "backup": backup.strip(),
            "channel": str(channel) if channel else "",
            "address": address.strip(),
        }
    return tuple(kept.values())
