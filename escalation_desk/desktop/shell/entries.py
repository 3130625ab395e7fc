"""The lines of the panel at the left: which places there are, in which order, under which heading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.views import CASE_VIEWS
from escalation_desk.desktop.queue.views import LATELY, OWN_LISTS, STARRED
from escalation_desk.desktop.shell.places import Entry
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.queue.views import ListView

PLACES: Final = (
    ("today", N_("Today")),
    ("board", N_("Board")),
    ("sellers", N_("Sellers")),
    ("follow-ups", N_("Follow-ups")),
    ("escalations", N_("Escalations")),
    ("contacts", N_("Points of contact")),
    ("problems", N_("Problems")),
    ("articles", N_("Articles")),
    ("macros", N_("Macros")),
)
SYNC: Final = ("sync", N_("Sync and conflicts"))
_URGENT: Final = frozenset({"overdue", "breached", "unowned", "unanswered-offers"})
_ICONS: Final = {
    "mine": "user",
    "standing-in": "users",
    "unowned": "alert",
    "unanswered-offers": "wait",
    "my-team": "users",
    "watched": "show",
    "unassigned": "new",
    "due-today": "calendar",
    "due-hour": "clock",
    "overdue": "alert",
    "breached": "refused",
    "promised-today": "promise",
    "high-risk": "shield",
    "flagged": "flag",
    "waiting-customer": "wait",
    "waiting-seller": "wait",
    "waiting-team": "wait",
    "waiting-third-party": "wait",
    "untouched": "clock",
    "everything": "table",
    STARRED: "star",
    LATELY: "history",
}


def entries(saved: Sequence[ListView], *, shared: bool = False) -> list[Entry]:
    """List the places, then the views of the queue: the desk's own, mine, those that others share."""
    found = [Entry(_(label), code, icon=code) for code, label in PLACES]
    if shared:
        found.append(Entry(_(SYNC[1]), SYNC[0], icon="conflicts", urgent=True))
    found.append(Entry(_("Queue")))
    found += [
        Entry(_(view.label), "queue", view.code, _ICONS.get(view.code, "queue"), urgent=view.code in _URGENT)
        for view in CASE_VIEWS
    ]
    found += [Entry(_(label), "queue", code, _ICONS[code]) for code, label in OWN_LISTS.items()]
    for heading, mine in ((_("My views"), True), (_("Shared views"), False)):
        own = [view for view in saved if view.mine is mine]
        if own:
            found.append(Entry(heading))
            found += [Entry(view.title, "queue", view.code, "users" if view.shared else "save view") for view in own]
    return found
