"""One box over everything: cases, sellers, parties, messages, notes, numbers, names of attachments.

Texts are folded before they are indexed and before they are asked for, so that `don hang` finds `đơn hàng`; what
was found with the very accents that were typed comes first.
"""

from escalation_desk.journal.searching.finding import Hit, search
from escalation_desk.journal.searching.indexes import INDEXES, SEARCHED, concerns, forget, remember
from escalation_desk.journal.searching.lists import narrowing
from escalation_desk.journal.searching.words import Words, written

__all__ = [
    "INDEXES",
    "SEARCHED",
    "Hit",
    "Words",
    "concerns",
    "forget",
    "narrowing",
    "remember",
    "search",
    "written",
]
