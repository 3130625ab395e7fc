"""Procedures on a case: which are offered, how far their steps are, and what changed since one was last used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.desk import in_language
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.knowing.records import Checklist, Procedure
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.people import User


class Step(NamedTuple):
    """A step as it stands on a case. `why` says why it was left out; `by` and `at` are empty while it is open."""

    code: str
    text: str
    required: bool
    done: bool = False
    why: str = ""
    by: str = ""
    at: str = ""

    @property
    def settled(self) -> bool:
        return self.done or bool(self.why)


def fits(procedure: Procedure, case: Case) -> bool:
    """Tell whether a procedure is meant for a case: by its reason, or the group of that, or by a flag of risk.

    One that names neither is for every case.
    """
    if not procedure.reasons and not procedure.flags:
        return True
    reason = case.reason or ""
    by_reason = any(reason == code or reason.startswith(f"{code}.") for code in procedure.reasons)
    return by_reason or not procedure.flags.isdisjoint(str(flag) for flag in case.risk_flags)


def newest(procedures: Iterable[Procedure]) -> dict[str, Procedure]:
    """Keep of each procedure the newest version, if it is in use."""
    found: dict[str, Procedure] = {}
    for one in procedures:
        held = found.get(one.code)
        if held is None or one.edition > held.edition:
            found[one.code] = one
    return {code: one for code, one in found.items() if one.active}


def offered(procedures: Iterable[Procedure], case: Case, checklists: Iterable[Checklist]) -> list[Procedure]:
    """List what fits a case and was not begun on it, the most exact first."""
    held = list(procedures)
    of_code = {one.id: one.code for one in held}
    begun = {of_code.get(one.procedure) for one in checklists}
    found = [one for code, one in newest(held).items() if code not in begun and fits(one, case)]
    return sorted(found, key=lambda one: (-_closeness(one, case), one.code))


def _closeness(procedure: Procedure, case: Case) -> int:
    reason = case.reason or ""
    return max((len(code) for code in procedure.reasons if reason.startswith(code)), default=0)


def begin(procedure: Procedure, case: Case) -> Checklist:
    """Put a procedure onto a case. It stays in this version there, whatever becomes of the procedure."""
    if not procedure.active:
        raise Refused(_("“{procedure}” is not used any more; choose another procedure.", procedure=procedure.name))
    return Checklist(case=case.id, procedure=procedure.id)


def steps_of(checklist: Checklist, procedure: Procedure) -> list[Step]:
    """Say how each step stands: of several ticks of one step the last counts."""
    last: dict[str, dict[str, Any]] = {}
    for tick in sorted(checklist.ticks, key=lambda tick: str(tick.get("at", ""))):
        last[str(tick.get("step"))] = tick
    return [_step(step, last.get(str(step.get("code")), {})) for step in procedure.steps]


def _step(step: dict[str, Any], tick: dict[str, Any]) -> Step:
    return Step(
        str(step.get("code")),
        in_language(step.get("text")),
        bool(step.get("required")),
        bool(tick.get("done")),
        str(tick.get("why") or ""),
        str(tick.get("by") or "") if tick.get("done") or tick.get("why") else "",
        str(tick.get("at") or "") if tick.get("done") or tick.get("why") else "",
    )


def open_steps(checklist: Checklist, procedure: Procedure) -> list[Step]:
    """List the required steps that were neither done nor left out with a reason: with them no case is closed."""
    return [step for step in steps_of(checklist, procedure) if step.required and not step.settled]


def tick(checklist: Checklist, procedure: Procedure, step: str, me: User, now: datetime) -> None:
    """Do a step, or take that back."""
    held = _find(checklist, procedure, step)
    _note(checklist, step, me, now, done=not held.done)


def leave_out(checklist: Checklist, procedure: Procedure, step: str, why: str, me: User, now: datetime) -> None:
    """Leave a step out, and say why."""
    _find(checklist, procedure, step)
    if not why.strip():
        raise Refused(_("Say why this step is left out."))
    _note(checklist, step, me, now, done=False, why=why.strip())


def _note(checklist: Checklist, step: str, me: User, now: datetime, **said: Any) -> None:
    checklist.ticks = (*checklist.ticks, {"step": step, "by": me.id, "at": instant_text(now), **said})


def _find(checklist: Checklist, procedure: Procedure, code: str) -> Step:
    found = next((one for one in steps_of(checklist, procedure) if one.code == code), None)
    if found is None:
        raise Refused(_("“{procedure}” has no such step; open the case again.", procedure=procedure.name))
    return found


class Change(NamedTuple):
    """What a newer version of a procedure has other than the one that somebody used last."""

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    reworded: tuple[str, ...]


def changed_since(used: Procedure, now: Procedure) -> Change | None:
    """Say what changed in a procedure since it was used; None where its steps are the same."""
    before, after = _texts(used.steps), _texts(now.steps)
    change = Change(
        tuple(in_language(after[code][0]) for code in after if code not in before),
        tuple(in_language(before[code][0]) for code in before if code not in after),
        tuple(in_language(after[code][0]) for code in after if code in before and after[code] != before[code]),
    )
    return change if any(change) else None


def _texts(steps: Sequence[dict[str, Any]]) -> dict[str, tuple[dict[str, str], bool]]:
    return {str(one.get("code")): (one.get("text") or {}, bool(one.get("required"))) for one in steps}


def used_last(
    code: str, procedures: Iterable[Procedure], checklists: Iterable[Checklist], me: User
) -> Procedure | None:
    """Find the version of a procedure that somebody began last."""
    by_id = {one.id: one for one in procedures if one.code == code}
    mine = [one for one in checklists if one.procedure in by_id and one.created_by == me.id]
    last = max(mine, key=lambda one: str(one.created_at), default=None)
    return by_id[last.procedure] if last else None


def new_edition(procedure: Procedure, **changes: Any) -> Procedure:
    """Write the next version of a procedure; cases that are at work keep theirs."""
    held = {
        name: getattr(procedure, name) for name in ("code", "labels", "reasons", "flags", "steps", "owner", "review_by")
    }
    return Procedure(**{**held, "edition": procedure.edition + 1, **changes})
