"""Facts that follow from several records: when a case is due, when a seller was last spoken to.

They are columns, so that lists can be ordered by them; they are never journaled, because anybody with the same
records computes the same values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.choices import SellerRisk, SellerStatus
from escalation_desk.casework.rhythm import RHYTHM
from escalation_desk.journal.clocks.due import follow
from escalation_desk.journal.clocks.rows import refresh as count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.journal.connection import Connection

OWNERS = {
    "case": ("message", "follow_up", "attachment", "clarification", "deadline", "poc_request", "escalation"),
    "seller": ("follow_up", "seller_note", "case"),
}

# What was merged into a case keeps its promises, deadlines and requests; they count for the case that stands for it.
_OF = 'FROM temp.own o CROSS JOIN "{kind}" r ON r."case" = o.part AND r.deleted_at IS NULL WHERE o.whole = "case".id'
_OWN_FOLLOW_UPS, _OWN_DEADLINES, _OWN_REQUESTS, _OWN_ESCALATIONS = (
    _OF.format(kind=kind) for kind in ("follow_up", "deadline", "poc_request", "escalation")
)

_CASE = f"""
UPDATE "case" SET
    promise_due_at = (SELECT min(r.due_at) {_OWN_FOLLOW_UPS} AND r.state = 'open' AND r.form = 'promise'),
    breach_due_at = CASE WHEN live THEN (SELECT min(at) FROM (
        SELECT "case".due_at AS at UNION ALL
        SELECT "case".sla_due_at UNION ALL
        SELECT min(r.due_at) {_OWN_DEADLINES} AND r.side = 'desk' AND r.met_at IS NULL AND r.dropped_why IS NULL)) END,
    next_due_at = CASE WHEN live THEN (SELECT min(at) FROM (
        SELECT "case".due_at AS at UNION ALL
        SELECT "case".sla_due_at UNION ALL
        SELECT min(r.due_at) {_OWN_FOLLOW_UPS} AND r.state = 'open' UNION ALL
        SELECT min(r.due_at) {_OWN_DEADLINES} AND r.met_at IS NULL AND r.dropped_why IS NULL UNION ALL
        SELECT min(r.next_chase_at) {_OWN_REQUESTS} AND r.state IN ('sent', 'acknowledged', 'insufficient') UNION ALL
        SELECT min(CASE WHEN r.state = 'acknowledged' THEN r.needed_by
            WHEN r.notified_at IS NULL THEN r.notify_due_at ELSE r.ack_due_at END)
            {_OWN_ESCALATIONS} AND r.state IN ('raised', 'acknowledged'))) END,
    last_activity_at = (SELECT max(at) FROM (
        SELECT "case".received_at AS at UNION ALL
        SELECT max(at) FROM message m WHERE m."case" = "case".id AND m.deleted_at IS NULL UNION ALL
        SELECT max(e.at) FROM change c JOIN entry e ON e.number = c.entry
            WHERE c.record = "case".id AND c.op <> 'create' AND e.kind <> 'import'))
WHERE id IN (SELECT id FROM temp.touched)
"""  # noqa: S608 - constants in another.

# UNION, not UNION ALL: two merges that meet before the server has judged them are a circle.
_STAND_FOR_THEM = """
WITH RECURSIVE above (id) AS (
    SELECT id FROM temp.touched
    UNION SELECT c.merged_into FROM above a CROSS JOIN "case" c ON c.id = a.id WHERE c.merged_into IS NOT NULL)
INSERT OR IGNORE INTO temp.touched SELECT id FROM above
"""
_STOOD_FOR = """
WITH RECURSIVE own (whole, part) AS (
    SELECT id, id FROM temp.touched
    UNION SELECT o.whole, c.id FROM own o CROSS JOIN "case" c ON c.merged_into = o.part WHERE c.deleted_at IS NULL)
INSERT INTO temp.own SELECT whole, part FROM own
"""

# What was merged into a seller keeps its notes and promises; they count for the seller.
_OWN = "(SELECT s.id FROM seller s WHERE s.id = seller.id OR s.merged_into = seller.id)"

# The same as `Seller.rhythm`. A risk that this version does not know is none.
_USUAL = " ".join(
    f"WHEN segment = '{segment.value}'"
    + (f" AND risk = '{risk.value}'" if risk is not SellerRisk.GREEN else "")
    + f" THEN {days}"
    for segment, by_risk in RHYTHM.items()
    for risk, days in sorted(by_risk.items(), key=lambda one: one[0] is SellerRisk.GREEN)
)
_NEVER = f"WHEN status = '{SellerStatus.CLOSED.value}' THEN NULL"
_EVERY = f"nullif(ifnull(seller.contact_every_days, CASE {_NEVER} {_USUAL} END), 0)"

_SELLER = f"""
UPDATE seller SET
    last_contact_at = (SELECT max(at) FROM seller_note n
        WHERE n.seller IN {_OWN} AND n.form <> 'internal' AND n.deleted_at IS NULL),
    next_contact_at = ifnull(
        (SELECT min(next_contact_at) FROM seller_note n WHERE n.seller IN {_OWN} AND n.deleted_at IS NULL
            AND n.next_contact_at > ifnull((SELECT max(at) FROM seller_note x
                WHERE x.seller IN {_OWN} AND x.form <> 'internal' AND x.deleted_at IS NULL), '')),
        (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', max(at), '+' || {_EVERY} || ' days')
            FROM seller_note n WHERE n.seller IN {_OWN} AND n.form <> 'internal' AND n.deleted_at IS NULL)),
    open_cases = (SELECT count(*) FROM "case" c WHERE c.seller = seller.id AND c.live),
    open_promises = (SELECT count(*) FROM follow_up f
        WHERE f.seller IN {_OWN} AND f.form = 'promise' AND f.state = 'open' AND f.deleted_at IS NULL)
WHERE id IN (SELECT id FROM temp.touched)
"""  # noqa: S608 - one constant in another.

_STATEMENTS: Final = {"case": _CASE, "seller": _SELLER}


def refresh(
    made: Connection,
    touched: set[tuple[str, str]],
    fresh: set[str],
    kinds: Iterable[str] = tuple(_STATEMENTS),
    *,
    counted: bool = False,
) -> set[tuple[str, str]]:
    """Compute the facts of the records that were touched, or whose messages, notes or follow-ups were.

    A record that is `fresh` came with its facts, unless something of it was touched beside itself; a case's clocks are
    counted all the same, unless they are `counted` already. Returns the records whose facts were computed anew.
    """
    refreshed: set[tuple[str, str]] = set()
    for kind in kinds:
        _collect(made, kind, touched, fresh)
        if kind == "case":
            refreshed |= {("case", case) for case in _count_clocks(made, touched, set() if counted else fresh)}
            _gather_own(made)
        made.execute(_STATEMENTS[kind])
        refreshed |= {(kind, row[0]) for row in made.execute("SELECT id FROM temp.touched")}
    return refreshed


def _count_clocks(made: Connection, touched: set[tuple[str, str]], fresh: set[str]) -> set[str]:
    """Count the clocks of the cases that were collected, of fresh ones, and of those that what rules them concerns."""
    ruled = follow(made, {kind for kind, _id in touched})
    made.executemany("INSERT OR IGNORE INTO temp.touched VALUES (?)", ((case,) for case in ruled))
    known = {row[0] for row in made.execute("SELECT id FROM temp.touched")}
    count(made, known | {i for k, i in touched if k == "case" and i in fresh})
    return ruled


def _gather_own(made: Connection) -> None:
    """Note beside each collected case what it stands for: itself, and what was merged into it."""
    made.execute("CREATE TABLE IF NOT EXISTS temp.own (whole TEXT, part TEXT, PRIMARY KEY (whole, part)) WITHOUT ROWID")
    made.execute("DELETE FROM temp.own")
    made.execute(_STOOD_FOR)


def _collect(made: Connection, kind: str, touched: set[tuple[str, str]], fresh: set[str]) -> None:
    made.execute("CREATE TABLE IF NOT EXISTS temp.touched (id TEXT PRIMARY KEY) WITHOUT ROWID")
    made.execute("DELETE FROM temp.touched")
    made.executemany(
        "INSERT OR IGNORE INTO temp.touched VALUES (?)", ((i,) for k, i in touched if k == kind and i not in fresh)
    )
    for owned in OWNERS[kind]:
        made.executemany(
            f'INSERT OR IGNORE INTO temp.touched SELECT "{kind}" FROM "{owned}" '  # noqa: S608 - declared kinds only.
            f'WHERE id = ? AND "{kind}" IS NOT NULL',
            ((i,) for k, i in touched if k == owned),
        )
    if kind == "case":
        made.execute(_STAND_FOR_THEM)
    if kind == "seller":
        made.execute(
            "INSERT OR IGNORE INTO temp.touched SELECT merged_into FROM seller "
            "WHERE id IN (SELECT id FROM temp.touched) AND merged_into IS NOT NULL"
        )
