"""Two cases that are one matter: one stands for both, and both stand again when that was wrong.

Merging sets one field of the source and nothing else: its entries, files and follow-ups stay its own and are shown
with the target; its clocks are void while it is merged. So taking a merge apart restores everything by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.casework.case import Case
    from escalation_desk.casework.people import User


def merge(source: Case, target: Case, me: User) -> None:
    """Let another case stand for this one."""
    refuse_merge(source, target, me)
    source.merged_into = target.id


def unmerge(source: Case) -> None:
    """Let a case stand for itself again."""
    if source.merged_into is None:
        raise Refused(_("{case} is not merged into another case.", case=source.case_no))
    source.merged_into = None


def refuse_merge(source: Case, target: Case, me: User) -> None:
    """Refuse what would lose a case, or join what only a lead may join."""
    named = {"case": source.case_no, "other": target.case_no}
    if source.id == target.id:
        raise Refused(_("{case} cannot be merged with itself; choose the other case.", case=source.case_no))
    if source.merged_into:
        raise Refused(_("{case} is merged already; take that merge apart first.", case=source.case_no))
    if target.merged_into:
        raise Refused(_("{case} is itself merged into another case; merge into that one.", case=target.case_no))
    if source.live and not target.live:
        raise Refused(_("{other} is finished and {case} is not; merge {other} into {case} instead.", **named))
    if not same_requester(source, target) and not me.leads:
        raise Refused(_("{case} and {other} have different requesters; only a lead may merge them.", **named))


def same_requester(one: Case, other: Case) -> bool:
    """Say whether two cases are of one requester, or of one seller where nobody is named."""
    if one.requester and other.requester:
        return one.requester == other.requester
    return not (one.seller and other.seller) or one.seller == other.seller
