"""How two edits of one field become one: a rule for each merge class (sync.md §5.6), the same on both sides.

Three values of the field as JSON go in: the one both began with, the one that stands on the server, and the one of the
edit that comes later. No clock and no name of a workstation decides anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.fields import Merge
from escalation_desk.sync.texts import merge_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.fields import Field


class Merged(NamedTuple):
    """What stands afterwards; in a conflict that is what stood before, until a person chooses."""

    value: Any
    conflict: bool = False


def merge(field: Field | None, base: Any, theirs: Any, mine: Any) -> Merged:
    """Merge one field. A field that this version does not know is treated as a plain one."""
    if mine in (theirs, base):
        return Merged(theirs)
    if theirs == base:
        return Merged(mine)
    if field is None:
        return Merged(theirs, conflict=True)
    return _RULES[field.declared.merge](field, base, theirs, mine)


def _stands(_field: Field, _base: Any, theirs: Any, _mine: Any) -> Merged:
    return Merged(theirs, conflict=True)


def _computed(_field: Field, _base: Any, theirs: Any, _mine: Any) -> Merged:
    return Merged(theirs)


def _highest(field: Field, _base: Any, theirs: Any, mine: Any) -> Merged:
    """Let the graver one win: the first of the declared choices, the larger of two numbers; anything beats nothing."""
    if theirs is None or mine is None:
        return Merged(mine if theirs is None else theirs)
    if field.choices is None:
        return Merged(max(theirs, mine))
    gravest_first = [choice.value for choice in field.choices]
    return Merged(min(theirs, mine, key=gravest_first.index))


def _earliest(_field: Field, _base: Any, theirs: Any, mine: Any) -> Merged:
    """Let the earlier one win; instants are UTC text of one length, so they compare as they are."""
    return Merged(min(value for value in (theirs, mine) if value is not None))


def _members(_field: Field, base: Any, theirs: Any, mine: Any) -> Merged:
    """Each member that I put in or took out; what I did not touch stays as they left it."""
    begun, now = set(base or ()), set(mine or ())
    return Merged(sorted((set(theirs or ()) | (now - begun)) - (begun - now)))


def _appended(_field: Field, base: Any, theirs: Any, mine: Any) -> Merged:
    """Put what I wrote behind the common beginning behind what they put there."""
    begun, now = list(base or ()), list(mine or ())
    if now[: len(begun)] != begun:
        return Merged(theirs, conflict=True)
    return Merged(list(theirs or ()) + [item for item in now[len(begun) :] if item not in (theirs or ())])


def _noted(_field: Field, base: Any, theirs: Any, mine: Any) -> Merged:
    """Put together what a record noted about itself on both sides, in order of time; anything else stands."""
    if not isinstance(theirs, list) or not isinstance(mine, list):
        return Merged(theirs)
    begun = list(base or ())
    kept = [one for one in theirs if one in mine or one not in begun]
    new = [one for one in mine if one not in begun and one not in kept]
    return Merged(sorted(kept + new, key=lambda one: str(one.get("at", ""))))


def _text(_field: Field, base: Any, theirs: Any, mine: Any) -> Merged:
    together = merge_texts(base or "", theirs or "", mine or "")
    return Merged(theirs, conflict=True) if together is None else Merged(together)


_RULES: dict[Merge, Callable[[Field, Any, Any, Any], Merged]] = {
    Merge.PLAIN: _stands,
    Merge.HIGHEST: _highest,
    Merge.EARLIEST: _earliest,
    Merge.GUARDED: _stands,
    Merge.SET: _members,
    Merge.TEXT: _text,
    Merge.APPEND: _appended,
    Merge.NOTED: _noted,
    Merge.COMPUTED: _computed,
}
