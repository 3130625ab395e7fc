"""Judges one mutation: who may, what applies to the records as they stand now, and what only a person can settle."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.by_leads import BY_LEADS, is_kept
from escalation_desk.casework.choices import ConflictForm
from escalation_desk.casework.scopes import FOLLOWS, NO_TEAM, Following, scope_of
from escalation_desk.i18n import N_
from escalation_desk.server.taking.disagreeing import Sides, disagree
from escalation_desk.server.taking.ground import Head
from escalation_desk.server.taking.guarding import command, is_guarded
from escalation_desk.server.taking.shapes import (
    NAMED_BY,
    Malformed,
    check_id,
    check_value,
    check_whole,
    empty,
    natural_keys,
    shape_of,
    value_in,
)
from escalation_desk.sync.merging import merge
from escalation_desk.sync.messages import APPLIED, MADE, MERGED, REFUSED, Change, Mutation, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from escalation_desk.server.taking.ground import Ground

NOT_YOURS: Final = N_("You may not change what is in {scope}; ask its lead.")
NOT_THERE: Final = N_("What this is about is not there any more, or not yours to change.")
RESTRICTING: Final = N_("Only a lead may restrict a case or open a restricted one; ask one.")
UNREADABLE: Final = N_("The server could not read this; tell whoever looks after the program.")

_SCOPE: Final = re.compile(r"[A-Za-z0-9_.!/-]{1,120}")
_TEAM_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,60}")
_OPS: Final = frozenset({"create", "set", "delete", "restore"})


class Unfit(Exception):  # noqa: N818 - as Refused.
    """Why a mutation is refused whole: a sentence marked for translation, and its places."""

    def __init__(self, why: str, **places: str) -> None:
        super().__init__(why)
        self.why, self.places = why, places


def judge(ground: Ground, mutation: Mutation) -> Outcome:
    """Apply a mutation to the ground, or leave the ground as it was."""
    ground.begin(mutation.mid)
    try:
        told = _apply(ground, mutation)
        for record in ground.changed():
            _authorise(ground, record)
    except Unfit as unfit:
        ground.take_back()
        return Outcome(mutation.mid, REFUSED, unfit.why, unfit.places)
    except Malformed:
        ground.take_back()
        return Outcome(mutation.mid, REFUSED, UNREADABLE)
    conflicts = tuple(dict.fromkeys(one for one in told if one))
    return Outcome(mutation.mid, MERGED if told else APPLIED, conflicts=conflicts)


def _apply(ground: Ground, mutation: Mutation) -> list[str | None]:
    told: list[str | None] = []
    for kind, record, changes in _by_record(mutation):
        told += _Applying(ground, mutation, kind, record).all(changes)
    return told


def _by_record(mutation: Mutation) -> Iterator[tuple[str, str, Sequence[Change]]]:
    """Put what belongs to one record together; what others hang on comes first."""
    for change in mutation.changes:
        check_id(change.record)
        _check_words(change.op, change.kind, change.field)
    if len(mutation.changes) == 1:
        yield mutation.changes[0].kind, mutation.changes[0].record, mutation.changes
        return
    first = {change.record: place for place, change in reversed(list(enumerate(mutation.changes)))}
    ordered = sorted(mutation.changes, key=lambda one: (one.kind in FOLLOWS, one.kind != "team", first[one.record]))
    for (kind, record), changes in groupby(ordered, key=lambda one: (one.kind, one.record)):
        yield kind, record, list(changes)


def _check_words(op: Any, kind: Any, field: Any) -> None:
    if op not in _OPS or not (field is None or isinstance(field, str)):
        raise Malformed("op")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise Malformed("kind")


class _Applying:
    """One record's share of a mutation."""

    def __init__(self, ground: Ground, mutation: Mutation, kind: str, record: str) -> None:
        self.ground, self.mutation, self.kind, self.record = ground, mutation, kind, record
        self.patch: list[list[Any]] = []
        self.told: list[str | None] = []
        """A conflict, or None where something was merged without one."""

    def all(self, changes: Sequence[Change]) -> list[str | None]:
        known = self.ground.get(self.record)
        if known and known.kind != self.kind:
            raise Malformed("kind")
        if known is None and changes[0].op != "create":
            raise Unfit(NOT_THERE)
        self._refuse_strangers(changes, known)
        guarded = [one for one in changes if one.op == "set" and is_guarded(self.kind, one.field)]
        for change in changes:
            if change in guarded:
                continue
            getattr(self, f"_{change.op}")(change)
        if guarded:
            self._command(guarded)
        self._finish()
        return self.told

    # --- operations ---

    def _create(self, change: Change) -> None:
        check_whole(self.kind, change.after)
        whole = {name: value for name, value in change.after.items() if value is not None and name not in MADE}
        known = self.ground.get(self.record)
        if known is None:
            self._make(whole)
            return
        standing = {name: value for name, value in known.data.items() if name not in MADE}
        if standing != whole:
            for name, value in whole.items():
                self._set(Change(self.kind, self.record, "set", name, None, value))

    def _make(self, whole: dict[str, Any]) -> None:
        if self.ground.is_taken(self.record):
            raise Unfit(NOT_THERE)
        by = self.ground.rights.account
        made = {"created_at": self.mutation.at, "created_by": by, "updated_at": self.mutation.at, "updated_by": by}
        self.ground.make(
            Head(self.record, self.kind, "", 0, 0, False, None, self.ground.client, {**whole, **made}, fresh=True)
        )
        self.patch.append(["create", None, None, whole])
        _place(self.ground, self.record)
        self._look_for_twins()

    def _set(self, change: Change) -> None:
        one = shape_of(self.kind).get(change.field or "")
        if change.field is None or change.field in MADE:
            raise Malformed("field")
        if one is not None and one.declared.computed:
            return
        check_value(one, change.before)
        check_value(one, change.after, optional=one is None or one.optional)
        self._revive()
        head = self.ground.heads[self.record]
        theirs = value_in(self.kind, head.data, change.field)
        if one is not None and one.declared.once and theirs and change.before != theirs:
            merged_value, contested = theirs, theirs != change.after
        else:
            merged_value, contested = merge(one, change.before, theirs, change.after)
        if contested:
            sides = Sides(change.before, theirs, change.after)
            self.told.append(
                disagree(self.ground, self.mutation, head, ConflictForm.BOTH_CHANGED, name=change.field, sides=sides)
            )
        elif merged_value != change.after:
            self.told.append(None)
        self._put(change.field, theirs, merged_value)

    def _delete(self, change: Change) -> None:
        head = self.ground.heads[self.record]
        if head.deleted:
            return
        since = change.before if isinstance(change.before, int) else None
        newer = since is None or head.ver > since
        if not head.fresh and newer and self.ground.changed_by_others(self.record, since):
            self.told.append(disagree(self.ground, self.mutation, head, ConflictForm.DELETED))
            return
        self.ground.change(self.record).deleted = True
        self.patch.append(["delete", None, None, None])

    def _restore(self, _change: Change) -> None:
        if self.ground.heads[self.record].deleted:
            self.ground.change(self.record).deleted = False
            self.patch.append(["restore", None, None, None])

    def _command(self, changes: Sequence[Change]) -> None:
        for change in changes:
            one = shape_of(self.kind)[change.field or ""]
            check_value(one, change.after, optional=one.optional)
        self._revive()
        head = self.ground.heads[self.record]
        if any(one.field == "restricted" for one in changes) and not self.ground.rights.leads(head.scope):
            raise Unfit(RESTRICTING)
        verdict = command(self.ground, self.mutation, head, changes)
        if verdict.refused:
            self.told.append(verdict.conflict)
        for change in verdict.changes:
            before = value_in(self.kind, self.ground.heads[self.record].data, change.field or "")
            self._put(change.field or "", before, change.after)

    # --- parts of them ---

    def _put(self, name: str, before: Any, after: Any) -> None:
        if before == after:
            return
        head = self.ground.change(self.record)
        if after is None and empty(self.kind, name) is None:
            head.data.pop(name, None)
        else:
            head.data[name] = after
        self.patch.append(["set", name, before, after])
        if name in NAMED_BY.get(self.kind, ()):
            self._look_for_twins()

    def _revive(self) -> None:
        """Bring a record back that somebody deleted while it was worked on, and say so."""
        head = self.ground.heads[self.record]
        if not head.deleted:
            return
        if head.client != self.ground.client:
            self.told.append(disagree(self.ground, self.mutation, head, ConflictForm.DELETED))
        self.ground.change(self.record).deleted = False
        self.patch.append(["restore", None, None, None])

    def _look_for_twins(self) -> None:
        head = self.ground.heads[self.record]
        keys = natural_keys(self.kind, head.data)
        for other in self.ground.others_known_as(self.kind, keys, self.record) if keys else ():
            self.told.append(disagree(self.ground, self.mutation, head, ConflictForm.TWICE, places={"other": other}))

    def _finish(self) -> None:
        if not self.patch:
            return
        _place(self.ground, self.record)
        head = self.ground.change(self.record)
        head.data |= {"updated_at": self.mutation.at, "updated_by": self.ground.rights.account}
        self.ground.touch(head, self.patch)

    def _refuse_strangers(self, changes: Sequence[Change], known: Head | None) -> None:
        """Let only leads change what everybody's desk is made of; who imports may name people whom nobody knew."""
        if self.ground.rights.leads_somewhere or not self._kept_by_leads(changes, known):
            return
        names_somebody = known is None and self.kind in {"user", "team"}
        same = known is not None and all(one.op == "create" and _stands(known, one.after) for one in changes)
        if not (names_somebody or same):
            raise Unfit(BY_LEADS[self.kind])

    def _kept_by_leads(self, changes: Sequence[Change], known: Head | None) -> bool:
        whole = known.data if known else changes[0].after
        owner = whole.get("owner") if isinstance(whole, dict) else None
        changed = None if any(one.op != "set" for one in changes) else {one.field or "" for one in changes}
        return is_kept(self.kind, self.record, changed, self.ground.rights.account, owner)


def _stands(known: Head, whole: Any) -> bool:
    return isinstance(whole, dict) and whole == {name: v for name, v in known.data.items() if name not in MADE}


def _place(ground: Ground, record: str) -> None:
    """Put a record into the scope it belongs to now, and all that hangs on it."""
    head = ground.heads[record]
    scope, follows = _scope(ground, head)
    if not scope or not _SCOPE.fullmatch(scope):
        raise Malformed("scope")
    if head.fresh and not head.scope:
        head.scope, head.follows = scope, follows
    elif scope != head.scope:
        _move(ground, record, scope)


def _move(ground: Ground, record: str, scope: str) -> None:
    """Leave a marker where a record was, and let it and its followers count as changed where they come to."""
    for follower in ground.followers(record):
        head = ground.change(follower.id)
        ground.leave(head, head.scope)
        head.scope = scope
        ground.touch(head, [])
    head = ground.change(record)
    ground.leave(head, head.scope)
    head.scope = scope


def _scope(ground: Ground, head: Head) -> tuple[str, str | None]:
    rights = ground.rights
    found = scope_of(head.kind, head.data, home=rights.home, team_code=_team_code(ground, head))
    if not isinstance(found, Following):
        return found, None
    root = ground.get(check_id(found.record))
    if root is None:
        raise Unfit(NOT_THERE)
    if root.follows:
        above = ground.get(root.follows)
        return (above or root).scope, root.follows
    return root.scope, root.id


def _team_code(ground: Ground, head: Head) -> str | None:
    if head.kind != "case" or not head.data.get("team"):
        return None
    code = ground.team_code(check_id(head.data["team"]))
    return code if code and _TEAM_CODE.fullmatch(code) and code != NO_TEAM else None


def _authorise(ground: Ground, record: str) -> None:
    """Ask for the right to write where a record was, and to give it where it goes."""
    was, now = ground.was(record), ground.heads[record]
    if was is not None and not ground.rights.writes(was.scope):
        raise Unfit(NOT_YOURS, scope=was.scope)
    if was is None or now.scope != was.scope:
        gives = was is not None and (ground.rights.leads(was.scope) or ground.rights.reads(now.scope))
        if not (gives or ground.rights.writes(now.scope)):
            raise Unfit(NOT_YOURS, scope=now.scope)
        ground.see(now.scope)
