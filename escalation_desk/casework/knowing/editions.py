"""How procedures are changed: a change is a new edition; a checklist goes on in the one that it was begun in."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.knowing.records import Procedure
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Line(NamedTuple):
    """A step as somebody wrote it. One that was there before has its code, and keeps it."""

    texts: Mapping[str, str]
    required: bool = False
    code: str = ""


def lines_of(procedure: Procedure) -> list[Line]:
    """Read the steps of an edition as lines."""
    return [
        Line(dict(one.get("text") or {}), bool(one.get("required")), str(one.get("code"))) for one in procedure.steps
    ]


def new_edition(
    old: Procedure, labels: Mapping[str, str], lines: Iterable[Line], editions: Iterable[Procedure]
) -> Procedure:
    """Make the next edition of a procedure. Refused where it says nothing, or nothing new."""
    known = [old, *editions]
    steps = tuple(_steps(lines, known))
    if not steps:
        raise Refused(_("A procedure needs one step at least."))
    words = _said(labels)
    if not words:
        raise Refused(_("Say what the procedure is for, in one language at least."))
    if (words, steps) == (_said(old.labels), tuple(_steps(lines_of(old), [old]))):
        raise Refused(_("Nothing has changed; there is no new edition to save."))
    return Procedure(
        code=old.code,
        edition=max(one.edition for one in known if one.code == old.code) + 1,
        labels=words,
        reasons=old.reasons,
        flags=old.flags,
        steps=steps,
        owner=old.owner,
        review_by=old.review_by,
    )


def _steps(lines: Iterable[Line], known: Iterable[Procedure]) -> Iterator[dict[str, Any]]:
    """Give each step its code; one that was ever used for another step is not used again, for ticks name codes."""
    used = {str(step.get("code")) for one in known for step in one.steps}
    fresh = (code for n in count(1) if (code := f"S{n}") not in used)
    for line in lines:
        texts = _said(line.texts)
        if not texts and not line.code:
            continue  # An empty line at the end is no step.
        if not texts:
            raise Refused(_("A step says nothing; write it, or take it away."))
        yield {"code": line.code or next(fresh), "text": texts, "required": line.required}


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: said for code, text in (texts or {}).items() if (said := clean(text).strip())}
