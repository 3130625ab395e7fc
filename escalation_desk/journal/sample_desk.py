"""The desk of the demo: a folder of its own with the sample in it, made anew when it no longer speaks of today."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from platformdirs import user_data_path

from escalation_desk import __version__
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.journal import drafts, keys, place, sample
from escalation_desk.journal.desk import open_desk
from escalation_desk.resources import folder as resources

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASE = "demo"  # noqa: S105 - published on purpose: made-up people have no secrets.
MARK = "sample.json"
"""Says that the desk in this folder is a sample; without it nothing here is ever thrown away."""

_LASTS = timedelta(days=1)


def default_folder() -> Path:
    return user_data_path("escalation-desk-demo", appauthor=False)


def passphrase(_new: bool) -> str:
    return PASSPHRASE


def prepare(folder: Path, now: datetime | None = None) -> bool:
    """Have the sample in a folder: left alone for a day, then made anew. Answer whether it was made now.

    Refused where the folder holds somebody's own desk, or a window is open on the sample.
    """
    now = now or datetime.now(UTC)
    _refuse_own_desk(folder)
    place.prepare(folder)
    hold = place.Hold(folder)
    try:
        if _is_fresh(folder, now):
            return False
        _make(folder, now)
    finally:
        hold.release()
    return True


def is_own_desk(folder: Path) -> bool:
    """Tell whether a folder holds somebody's own desk."""
    if (folder / MARK).exists():
        return False
    return any((folder / name).exists() for name in (place.DATABASE, keys.FILE))


def _refuse_own_desk(folder: Path) -> None:
    if is_own_desk(folder):
        raise Refused(_("{folder} holds a desk that is no sample; name another folder with --data.", folder=folder))


def _is_fresh(folder: Path, now: datetime) -> bool:
    mark = _mark(folder)
    if mark.get("from") != _source():
        return False
    return timedelta(0) <= now - datetime.fromisoformat(mark["made"]) < _LASTS


def _mark(folder: Path) -> dict[str, Any]:
    path = folder / MARK
    # Empty while the sample is being written, so that one that was cut off is begun again.
    return json.loads(path.read_text("utf-8") or "{}") if path.exists() else {}


def _make(folder: Path, now: datetime) -> None:
    (folder / MARK).write_text("", encoding="utf-8")
    _clear(folder)
    keys.make_with_passphrase(folder, PASSPHRASE)
    # The desk is older than its sample, which begins two months ago.
    journal = open_desk(folder, passphrase, lambda: now - sample.REACH)
    try:
        sample.fill(journal, now)
    finally:
        journal.close()
    mark = {"made": instant_text(now), "from": _source()}
    (folder / MARK).write_text(json.dumps(mark), encoding="utf-8")


def _clear(folder: Path) -> None:
    """Take away what a desk writes, and nothing else that somebody may have put into the folder."""
    for name in (place.DATABASE, drafts.FILE):
        place.remove_database(folder / name)
    (folder / keys.FILE).unlink(missing_ok=True)
    for name in ("backups", "logs"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _source() -> str:
    """Sum up what a sample is made from: another version of the program makes it anew."""
    told = hashlib.sha256(__version__.encode())
    for path in sorted(resources("sample").glob("*.json")):
        told.update(path.read_bytes())
    return told.hexdigest()
