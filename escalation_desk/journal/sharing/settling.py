"""The end of an exchange: what the server has done waits no more, and what is not shared any more goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.fields import instant_text, whole
from escalation_desk.casework.kinds import KINDS
from escalation_desk.journal import derived
from escalation_desk.journal.connection import transaction
from escalation_desk.journal.sharing.laying import Sheet, lay
from escalation_desk.journal.sharing.overlay import Standing, replay, waiting
from escalation_desk.journal.sharing.wiping import wipe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.sharing.overlay import Merge

Touched = set[tuple[str, str]]

_STRAY = """
SELECT DISTINCT c.kind, c.record, ifnull(json_extract(e.outcome, '$.state'), 'applied') IN ('applied', 'merged')
FROM entry e JOIN change c ON c.entry = e.number AND c.op = 'create'
WHERE e.acknowledged_at IS NULL AND e.mid <= ? AND NOT EXISTS (SELECT 1 FROM base b WHERE b.record = c.record)
"""


def move_on(
    made: Connection, epoch: str, cursors: Mapping[str, int], roles: Mapping[str, str], heads: Mapping[str, str]
) -> None:
    """Remember how far each scope was read."""
    made.executemany(
        "INSERT INTO cursor (scope, epoch, seq, role, head) VALUES (?, ?, ?, ?, ?) ON CONFLICT (scope) DO UPDATE SET "
        "epoch = excluded.epoch, seq = excluded.seq, role = excluded.role, head = ifnull(excluded.head, head)",
        [(scope, epoch, seq, roles.get(scope, ""), heads.get(scope)) for scope, seq in cursors.items()],
    )


def note_outcomes(made: Connection, outcomes: Mapping[int, str]) -> None:
    """Write down what became of entries; the first word stands, unless it was that one is parked."""
    made.executemany(
        "UPDATE entry SET outcome = ? WHERE mid = ? AND outcome IS NULL",
        [(said, mid) for mid, said in outcomes.items()],
    )


def keep_outcomes(made: Connection, outcomes: Mapping[int, str]) -> None:
    with transaction(made):
        note_outcomes(made, outcomes)


def send_again(made: Connection, last_mid: int) -> int:
    """Let entries wait again that a server restored from a backup has lost; answer how many."""
    with transaction(made):
        made.execute(
            "UPDATE entry SET acknowledged_at = NULL, outcome = NULL WHERE mid > ? AND acknowledged_at IS NOT NULL",
            (last_mid,),
        )
        return int(made.execute("SELECT changes()").fetchone()[0])


def complete(made: Connection, last_mid: int, scopes: Mapping[str, str], merge: Merge, now: datetime) -> Touched:
    """Acknowledge what the server has done, and let the records be as the server has them."""
    touched = _sweep(made, scopes)
    touched |= _acknowledge(made, last_mid, now)
    touched |= _bring_together(made, last_mid, merge, now)
    return touched | derived.refresh(made, touched, set())


def _acknowledge(made: Connection, last_mid: int, now: datetime) -> Touched:
    """Let entries wait no more. What they made and the server does not show was refused, or is not shared with us."""
    stray = made.execute(_STRAY, (last_mid,)).fetchall()
    made.execute(
        "UPDATE entry SET acknowledged_at = ? WHERE acknowledged_at IS NULL AND mid <= ?",
        (instant_text(now), last_mid),
    )
    touched = wipe(made, [(kind, record) for kind, record, is_there in stray if is_there])
    for kind in {row[0] for row in stray} & KINDS.keys():
        refused = [record for of, record, is_there in stray if of == kind and not is_there]
        touched |= lay(made, kind, [Sheet(one, {}, True, {}) for one in refused], now).touched
    return touched


def _bring_together(made: Connection, last_mid: int, merge: Merge, now: datetime) -> Touched:
    """Lay anew what was kept apart; where nothing waits any more, row and server are one again."""
    apart = made.execute("SELECT record, kind, deleted, data FROM base WHERE data IS NOT NULL").fetchall()
    known = [row for row in apart if row[1] in KINDS]
    steps = waiting(made, [row[0] for row in known], last_mid)
    touched: Touched = set()
    for kind in {row[1] for row in known}:
        sheets = []
        for record, _kind, deleted, data in (row for row in known if row[1] == kind):
            standing = replay(kind, Standing(json.loads(data), bool(deleted)), steps.get(record, ()), merge)
            sheets.append(Sheet(record, standing.data, standing.deleted, {}))
        touched |= lay(made, kind, sheets, now).touched
    made.executemany(
        "UPDATE base SET data = NULL WHERE record = ?", [(row[0],) for row in known if row[0] not in steps]
    )
    return touched


def _sweep(made: Connection, scopes: Mapping[str, str]) -> Touched:
    """Wipe what did not come again, and the scopes that are granted no more. What waits is told first."""
    lost = [row[0] for row in made.execute("SELECT scope FROM cursor") if row[0] not in scopes]
    gone = made.execute(
        "SELECT kind, record FROM base WHERE scope IN (SELECT value FROM json_each(?)) "
        "UNION SELECT kind, record FROM base INDEXED BY base_of_scope "
        "WHERE scope IN (SELECT scope FROM cursor) AND seq < 0",
        (json.dumps(lost),),
    ).fetchall()
    made.executemany("DELETE FROM cursor WHERE scope = ?", [(scope,) for scope in lost])
    kept = _waiting_creations(made, [row[1] for row in gone])
    made.executemany("DELETE FROM base WHERE record = ?", [(record,) for record in kept])
    return wipe(made, [(kind, record) for kind, record in gone if record not in kept]) if gone else set()


def _waiting_creations(made: Connection, ids: Sequence[str]) -> set[str]:
    """Tell which of these a waiting entry makes: the server has lost them, and gets them again."""
    rows = made.execute(
        "SELECT c.record FROM json_each(?) w CROSS JOIN change c ON c.record = w.value "
        "JOIN entry e ON e.number = c.entry WHERE c.op = 'create' AND e.acknowledged_at IS NULL",
        (json.dumps(list(ids)),),
    )
    return {row[0] for row in rows}


def whole_of(record: Record) -> dict[str, Any]:
    return dict(whole(record))
