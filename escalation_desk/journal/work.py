"""The session the journal lends for one entry: what is changed through it is written together with its changes."""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from escalation_desk.casework.by_leads import is_kept
from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import Kind, fields_of, instant_text, keepable, to_json, to_stored, whole
from escalation_desk.casework.ids import new_id
from escalation_desk.casework.merging import POINTERS
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.journal import base, derived, merged, searching
from escalation_desk.journal.clocks import rules
from escalation_desk.journal.rows import carried, clean_texts, fetch, shape_of, to_row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from escalation_desk.casework.choices import CaseStatus
    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection

R = TypeVar("R", bound="Record")
T = TypeVar("T")

_INSERT_CHANGE = (
    'INSERT INTO change (entry, position, kind, record, op, field, "before", "after") VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
)
_INSERT_KEY = "INSERT OR IGNORE INTO natural_key (kind, key, record) VALUES (?, ?, ?)"
COMING = "coming"
"""The kind of an entry that is not there yet, and the mark of the names that its records will have."""
HIDDEN = "9999-12-31T00:00:00Z"
"""When records of an entry that is not there yet count as deleted: as such nothing shows them."""
_NEVER = datetime.fromisoformat(HIDDEN)


class Altered(NamedTuple):
    """One change of a case in an entry: the old values of the changed fields, and the state after it."""

    case: str
    before: dict[str, Any]
    status: CaseStatus


class Work:
    """One entry in the making. Records taken from it are written when the entry is; nothing else can change them."""

    def __init__(
        self, made: Connection, entry: int, now: datetime, me: str | None, *, position: int = 0, hidden: bool = False
    ) -> None:
        self.now = now
        self.me = me
        self.entry = entry
        self.touched: set[tuple[str, str]] = set()
        self.guarded = False
        """Whether a person does this now: a lead is asked for where one must be, and cases are checked at its end."""
        self._made = made
        self._at = instant_text(now)
        self._position = position
        self._hidden = hidden
        self._fresh: set[str] = set()
        self._added: dict[tuple[str, str], Record] = {}
        self._removed: list[Record] = []
        self._known: dict[tuple[str, str], tuple[Record, dict[str, Any]]] = {}
        self._claims: list[tuple[str, str, str]] = []
        self._gone: set[str] = set()
        self._altered: list[Altered] = []

    @property
    def empty(self) -> bool:
        """Whether nothing was changed so far."""
        return self._position == 0

    def get(self, kind: type[R], record_id: str) -> R:
        """Take a record to read or change it. Refused where there is none."""
        known = self._known.get((kind.kind, record_id))
        pending = known[0] if known else self._added.get((kind.kind, record_id))
        if pending:
            return cast("R", pending)
        record = fetch(self._made, kind.kind, record_id)
        if record is None or record.deleted_at:
            raise Refused(_("{label} {id} does not exist any more.", label=_(kind.label), id=record_id))
        self._known[kind.kind, record_id] = (record, values_of(record))
        return cast("R", record)

    def find(self, kind: type[R], key: str) -> R | None:
        """Take the record that the outside world knows by this natural key, if there is one."""
        found = self.lookup(kind.kind, key)
        return self.get(kind, found) if found else None

    def lookup(self, kind: str, key: str) -> str | None:
        """Find the id of the record that the outside world knows by this natural key; of a merged one, the whole's."""
        row = self._made.execute("SELECT record FROM natural_key WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        if row and kind in POINTERS:
            merged = self._made.execute(f'SELECT merged_into FROM "{kind}" WHERE id = ?', row).fetchone()  # noqa: S608 - a declared kind.
            row = merged if merged and merged[0] else row
        return row[0] if row else None

    def ask(self, question: Callable[[Connection], T]) -> T:
        """Read something in the middle of the entry; what was changed but not flushed is not seen yet."""
        return question(self._made)

    def add(self, record: R) -> R:
        """Add a new record; it gets its id, and a case its number, here."""
        record.id = record.id or new_id(self.now)
        if isinstance(record, Case) and not record.case_no:
            record.case_no = self._next_case_no()
        self._added[record.kind, record.id] = record
        return record

    def forget(self, record: Record) -> None:
        """Let go of a record without writing what was done to it."""
        self._known.pop((record.kind, record.id), None)

    def remove(self, record: Record) -> None:
        """Take a record off the desk. It stays in the journal and can be brought back."""
        self._removed.append(record)

    def keep_blob(self, sha256: str, content: bytes) -> None:
        """Keep the bytes of an attachment, once."""
        self._made.execute("INSERT OR IGNORE INTO blob (sha256, bytes) VALUES (?, ?)", (sha256, content))

    def flush(self) -> None:
        """Write what is pending; long work calls this now and then, so that memory stays flat.

        It lets go of every record: take one anew to change it further.
        """
        self._write_added()
        self._write_changed()
        for record in self._removed:
            self._ask_lead(record, None)
            self.disappear(record.kind, [record.id])
        self._made.executemany(_INSERT_KEY, (claim for claim in self._claims if claim[2] not in self._gone))
        self._claims.clear()
        self._added.clear()
        self._removed.clear()
        self._known.clear()

    def finish(self) -> None:
        """Write everything, and the facts that follow from it."""
        self.flush()
        if self._altered:
            from escalation_desk.journal import guarding  # It knows most kinds of records; the first page does not.

            guarding.check(self._made, self._altered, self.me, self.now)
        self.touched |= derived.refresh(self._made, self.touched, self._fresh)

    def disappear(self, kind: str, ids: Iterable[str]) -> None:
        """Delete records: one change each; out of search and natural keys, but not out of the journal."""
        listed = list(ids)
        base.set_wholes_apart(self._made, kind, listed)
        seen = base.versions(self._made, listed)
        own = [(one,) for one in listed]
        gone = ", live = 0" if kind == Case.kind else ""
        self._made.executemany(
            f'UPDATE "{kind}" SET deleted_at = ?, updated_at = ?, updated_by = ?{gone} WHERE id = ?',  # noqa: S608 - a declared kind.
            [(self._at, self._at, self.me, one) for one in listed],
        )
        self._made.executemany("DELETE FROM natural_key WHERE record = ?", own)
        searching.forget(self._made, kind, listed)
        self._gone.update(listed)
        self._fresh.difference_update(listed)
        self._journal([(kind, one, "delete", None, carried(seen.get(one)), None) for one in listed])

    def reappear(self, kind: str, ids: Iterable[str]) -> None:
        """Bring deleted records back."""
        for one in ids:
            record = fetch(self._made, kind, one)
            if record is None:
                raise Refused(_("{label} {id} is gone for good.", label=_(shape_of(kind).record.label), id=one))
            before = values_of(record)
            base.set_apart(self._made, record, before)
            record.deleted_at = None
            record.derive()
            self._gone.discard(one)
            self._update(record, {"deleted_at"} | {n for n, old in before.items() if old != getattr(record, n)})
            self._journal([(kind, one, "restore", None, None, None)])

    def set_back(self, kind: str, record_id: str, values: dict[str, Any]) -> None:
        """Give fields the values they had; the rules of the record are not asked again, because they held then."""
        record = fetch(self._made, kind, record_id)
        if record is None:
            raise Refused(_("{label} {id} is gone for good.", label=_(shape_of(kind).record.label), id=record_id))
        before = values_of(record)
        for name, value in values.items():
            setattr(record, name, value)
        self._write_change(record, before)

    def _write_added(self) -> None:
        by_kind: dict[str, list[Record]] = defaultdict(list)
        cases = [record for record in self._added.values() if isinstance(record, Case) and record.policy_used is None]
        rules.give(self._made, cases, self._added.values())
        for record in self._added.values():
            self._ask_lead(record, None)
            clean_texts(record)
            refuse_unfit(record)
            record.derive()
            record.created_at = record.updated_at = self.now
            record.created_by = record.updated_by = self.me
            record.note_down(self.now)
            if self._hidden:
                record.deleted_at = _NEVER
            by_kind[record.kind].append(record)
        for kind, records in by_kind.items():
            self._made.executemany(shape_of(kind).insert, map(to_row, records))
            claimed = f"{COMING}:{kind}" if self._hidden else kind
            self._claims += [(claimed, key, r.id) for r in records for key in r.natural_keys()]
            searching.remember(self._made, records)
        self._fresh.update(r.id for r in self._added.values())
        self._journal([(r.kind, r.id, "create", None, None, carried(whole(r))) for r in self._added.values()])

    def _write_changed(self) -> None:
        for record, before in self._known.values():
            changed = examined(record, before)
            if changed and self.guarded and isinstance(record, Case):
                self._altered.append(Altered(record.id, changed, record.status))
            if changed:
                self._ask_lead(record, changed)
                if isinstance(record, Case):
                    self._choose_policy_anew(record, before)
                self._write_change(record, before)

    def _ask_lead(self, record: Record, changed: Collection[str] | None) -> None:
        """Refuse who may not change, or with None make or remove, what everybody's desk is made of."""
        owner = getattr(record, "owner", None)
        if self.guarded and self.me and is_kept(record.kind, record.id, changed, self.me, owner):
            from escalation_desk.journal import leading  # Few entries are about what leads keep.

            leading.refuse_others(self._made, record.kind, self.me)

    def _choose_policy_anew(self, case: Case, before: dict[str, Any]) -> None:
        case.derive()
        if case.live and case.priority != before["priority"]:
            rules.give(self._made, [case], self._added.values())

    def _write_change(self, record: Record, before: dict[str, Any]) -> None:
        base.set_apart(self._made, record, before)
        record.derive()
        record.note_down(self.now)
        changed = _changed(record, before)
        into = getattr(record, "merged_into", None)
        if into and "merged_into" in changed:
            merged.refuse_circle(self._made, record, into)
        fields = {f.name: f for f in fields_of(type(record))}
        pointed = ((fields[name].declared.refers_to, old) for name, old in changed.items() if isinstance(old, str))
        self.touched.update((kind, old) for kind, old in pointed if kind in derived.OWNERS)
        self._update(record, {name for name, old in before.items() if old != getattr(record, name)})
        self._journal(
            [
                (
                    record.kind,
                    record.id,
                    "set",
                    name,
                    carried(to_json(fields[name].kind, old)),
                    carried(to_json(fields[name].kind, getattr(record, name))),
                )
                for name, old in changed.items()
            ]
        )

    def _update(self, record: Record, names: set[str]) -> None:
        kinds = {f.name: f.kind for f in fields_of(type(record))}
        record.updated_at, record.updated_by = self.now, self.me
        columns = {name: to_stored(kinds[name], getattr(record, name)) for name in names if name in kinds}
        columns |= {"updated_at": self._at, "updated_by": self.me}
        if "deleted_at" in names:
            columns["deleted_at"] = to_stored(Kind.INSTANT, record.deleted_at)
        assignments = ", ".join(f'"{name}" = ?' for name in columns)
        self._made.execute(
            f'UPDATE "{record.kind}" SET {assignments} WHERE id = ?',  # noqa: S608 - declared names only.
            (*columns.values(), record.id),
        )
        if record.deleted_at is None:
            self._claim(record)
            if "deleted_at" in names or searching.concerns(record.kind, names):
                searching.remember(self._made, [record])

    def _claim(self, record: Record) -> None:
        """Let go of the natural keys that a record no longer has; new ones are its own once others have let go."""
        owned = {
            row[0]
            for row in self._made.execute(
                "SELECT key FROM natural_key WHERE record = ? AND kind = ?", (record.id, record.kind)
            )
        }
        keys = record.natural_keys()
        self._made.executemany(
            "DELETE FROM natural_key WHERE kind = ? AND key = ?", [(record.kind, key) for key in owned - keys]
        )
        self._claims += [(record.kind, key, record.id) for key in keys - owned]

    def _journal(self, changes: list[tuple[str, str, str, str | None, str | None, str | None]]) -> None:
        start = self._position + 1
        self._made.executemany(
            _INSERT_CHANGE, ((self.entry, position, *change) for position, change in enumerate(changes, start))
        )
        self._position += len(changes)
        self.touched.update((change[0], change[1]) for change in changes)

    def _next_case_no(self) -> str:
        prefix, number = self._made.execute(
            "UPDATE workstation SET next_case = next_case + 1 RETURNING prefix, next_case - 1"
        ).fetchone()
        return f"{prefix}-{number:06d}"


def examined(record: Record, before: dict[str, Any]) -> dict[str, Any]:
    """Refuse a change that may not be; answer the old values of the fields that it is about."""
    clean_texts(record)
    if values_of(record) == before:
        return {}
    refuse_unfit(record)
    changed = _changed(record, before)
    if changed:
        _refuse_rewriting(record, changed)
        record.check(changed)
    return changed


def values_of(record: Record) -> dict[str, Any]:
    """Note what every field holds; lists and objects as copies, because they can be changed in place."""
    return {
        f.name: deepcopy(getattr(record, f.name)) if f.kind is Kind.DATA else getattr(record, f.name)
        for f in fields_of(type(record))
    }


def _changed(record: Record, before: dict[str, Any]) -> dict[str, Any]:
    """List the old values of the changed fields; computed ones are not a change of their own."""
    return {
        f.name: before[f.name]
        for f in fields_of(type(record))
        if not f.declared.computed and _differs(f.kind, before[f.name], getattr(record, f.name))
    }


def _differs(kind: Kind, old: Any, new: Any) -> bool:
    """Say whether two values differ in what is kept of them: half a second is no change."""
    return bool(old != new) and to_json(kind, old) != to_json(kind, new)


def refuse_unfit(record: Record) -> None:
    """Refuse a record in which something required is missing, or a number is larger than can be kept."""
    required, numbers = _demanding(record.kind)
    for f in required:
        value = getattr(record, f.name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise Refused(_("“{field}” is missing; fill it in.", field=_(f.label)))
    for f in numbers:
        value = getattr(record, f.name)
        if value is not None and not keepable(f.kind, value):
            raise Refused(_("“{field}” is too large a number; check it.", field=_(f.label)))


@cache
def _demanding(kind: str) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """List the fields that must be filled, and those whose values can be too large."""
    fields = shape_of(kind).fields
    return (
        tuple(f for f in fields if f.declared.required),
        tuple(f for f in fields if f.kind in {Kind.INTEGER, Kind.DECIMAL}),
    )


def _refuse_rewriting(record: Record, changed: dict[str, Any]) -> None:
    for f in fields_of(type(record)):
        if f.declared.once and changed.get(f.name):
            raise Refused(
                _("“{field}” of {name} is set once and cannot be changed.", field=_(f.label), name=record.name)
            )
