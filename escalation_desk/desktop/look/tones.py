"""Colours that mean something, each with a mark, because colour alone says nothing on a black-and-white printer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.casework import choices

if TYPE_CHECKING:
    from escalation_desk.casework.choices import Choice


class Tone(StrEnum):
    NEUTRAL = "neutral"
    ACCENT = "accent"
    GOOD = "good"
    TEAL = "teal"
    VIOLET = "violet"
    WARN = "warn"
    SERIOUS = "serious"
    BAD = "bad"
    CRITICAL = "critical"


class Ink(NamedTuple):
    """A tone in one scheme: as text on a surface, and as a filled chip with its own text and rim."""

    ink: str
    fill: str
    on_fill: str
    rim: str


LIGHT_INKS: Final = {
    Tone.NEUTRAL: Ink("#4a5362", "#eef0f4", "#454e5c", "#e0e4ea"),
    Tone.ACCENT: Ink("#3049c4", "#e9edfd", "#2d44b8", "#cfd8fa"),
    Tone.GOOD: Ink("#1b6b3d", "#e4f5eb", "#19643a", "#c4e6d2"),
    Tone.TEAL: Ink("#0f6670", "#e0f4f6", "#0e5f69", "#bce3e7"),
    Tone.VIOLET: Ink("#6a3fb5", "#f1ebfb", "#6239aa", "#ddd0f4"),
    Tone.WARN: Ink("#835000", "#fdf2d9", "#7a4a00", "#f2dfb0"),
    Tone.SERIOUS: Ink("#a43c00", "#fdebe0", "#9a3900", "#f6d0ba"),
    Tone.BAD: Ink("#b42318", "#fde9e7", "#a82016", "#f6cac6"),
    Tone.CRITICAL: Ink("#9c1a10", "#b42318", "#ffffff", "#b42318"),
}

DARK_INKS: Final = {
    Tone.NEUTRAL: Ink("#b7bfcb", "#2a2e37", "#c1c8d3", "#393f4a"),
    Tone.ACCENT: Ink("#a3b3ff", "#252d50", "#b3c0ff", "#374272"),
    Tone.GOOD: Ink("#7fd6a0", "#1a3326", "#8cdcab", "#28503a"),
    Tone.TEAL: Ink("#6fd3dd", "#15353a", "#7edae3", "#225157"),
    Tone.VIOLET: Ink("#c4a7ff", "#32264d", "#ccb3ff", "#4b3a73"),
    Tone.WARN: Ink("#f0c064", "#392d15", "#f3c973", "#584622"),
    Tone.SERIOUS: Ink("#ffa06f", "#40261a", "#ffab7f", "#643c2a"),
    Tone.BAD: Ink("#ff938b", "#422123", "#ffa099", "#683437"),
    Tone.CRITICAL: Ink("#ff857c", "#c63a31", "#ffffff", "#c63a31"),
}


class Meaning(NamedTuple):
    """How a word of the desk looks: its tone, and a mark that needs no colour."""

    tone: Tone
    mark: str = ""


_PLAIN: Final = Meaning(Tone.NEUTRAL)

# By kind of choice, then by code: the same code may mean other things elsewhere ("closed").
MEANINGS: Final[dict[type[Choice], dict[str, Meaning]]] = {
    choices.Severity: {
        "S1": Meaning(Tone.CRITICAL, choices.Severity.S1.squares),
        "S2": Meaning(Tone.SERIOUS, choices.Severity.S2.squares),
        "S3": Meaning(Tone.WARN, choices.Severity.S3.squares),
        "S4": Meaning(Tone.NEUTRAL, choices.Severity.S4.squares),
    },
    choices.Priority: {
        "P0": Meaning(Tone.CRITICAL, choices.Priority.P0.squares),
        "P1": Meaning(Tone.SERIOUS, choices.Priority.P1.squares),
        "P2": Meaning(Tone.WARN, choices.Priority.P2.squares),
        "P3": Meaning(Tone.NEUTRAL, choices.Priority.P3.squares),
    },
    choices.CaseStatus: {
        "new": Meaning(Tone.ACCENT, "○"),
        "open": Meaning(Tone.TEAL, "◐"),
        "pending_requester": Meaning(Tone.VIOLET, "◇"),
        "pending_internal": Meaning(Tone.VIOLET, "◈"),
        "pending_third_party": Meaning(Tone.VIOLET, "◆"),
        "resolved": Meaning(Tone.GOOD, "✓"),
        "closed": Meaning(Tone.NEUTRAL, "●"),
        "cancelled": Meaning(Tone.NEUTRAL, "×"),
    },
    choices.SellerRisk: {
        "green": Meaning(Tone.GOOD, "●"),
        "amber": Meaning(Tone.WARN, "◐"),
        "red": Meaning(Tone.BAD, "▲"),
    },
    choices.SellerStatus: {
        "active": Meaning(Tone.GOOD, "●"),
        "restricted": Meaning(Tone.WARN, "◐"),
        "suspended": Meaning(Tone.BAD, "▲"),
        "closed": Meaning(Tone.NEUTRAL, "×"),
    },
    choices.FollowUpState: {
        "open": Meaning(Tone.TEAL, "○"),
        "done": Meaning(Tone.GOOD, "✓"),
        "cancelled": Meaning(Tone.NEUTRAL, "×"),
    },
    choices.Visibility: {
        "internal": Meaning(Tone.WARN, "▣"),
        "public": Meaning(Tone.ACCENT, "↗"),
    },
    choices.Sentiment: {
        "very_negative": Meaning(Tone.BAD, "−−"),
        "negative": Meaning(Tone.SERIOUS, "−"),
        "neutral": Meaning(Tone.NEUTRAL, "○"),
        "positive": Meaning(Tone.GOOD, "+"),
        "very_positive": Meaning(Tone.GOOD, "++"),
    },
    choices.Trust: {
        "low": Meaning(Tone.BAD, "▁"),
        "medium": Meaning(Tone.WARN, "▄"),
        "high": Meaning(Tone.GOOD, "█"),
    },
    choices.Temperature: {
        "calm": Meaning(Tone.NEUTRAL, "○"),
        "upset": Meaning(Tone.WARN, "◐"),
        "threatening": Meaning(Tone.BAD, "▲"),
        "media": Meaning(Tone.CRITICAL, "▲"),
    },
}

# By the name of the kind of choice: what declares these is not loaded when the window opens.
NAMED_MEANINGS: Final[dict[str, dict[str, Meaning]]] = {
    "EscalationState": {
        "raised": Meaning(Tone.WARN, "▲"),
        "acknowledged": Meaning(Tone.ACCENT, "◐"),
        "decided": Meaning(Tone.GOOD, "✓"),
        "closed": Meaning(Tone.NEUTRAL, "●"),
        "withdrawn": Meaning(Tone.NEUTRAL, "×"),
        "timed_out": Meaning(Tone.BAD, "!"),
    },
    "RequestState": {
        "draft": Meaning(Tone.NEUTRAL, "○"),
        "sent": Meaning(Tone.VIOLET, "◇"),
        "acknowledged": Meaning(Tone.VIOLET, "◈"),
        "answered": Meaning(Tone.WARN, "◐"),
        "accepted": Meaning(Tone.GOOD, "✓"),
        "insufficient": Meaning(Tone.SERIOUS, "▲"),
        "bounced": Meaning(Tone.NEUTRAL, "↷"),
        "withdrawn": Meaning(Tone.NEUTRAL, "×"),
    },
}


def meaning(choice: Choice) -> Meaning:
    """Say how a word looks; most words have no colour of their own, which keeps the window quiet."""
    kind = type(choice)
    known = MEANINGS.get(kind) or NAMED_MEANINGS.get(kind.__name__, {})
    return known.get(choice.value, _PLAIN)
