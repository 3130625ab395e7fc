"""Opens the desk of a folder: its key, its journal, its seed data."""

from __future__ import annotations

import getpass
import locale
import os
from typing import TYPE_CHECKING

from escalation_desk.casework.choices import Language, Market, Role
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.journal import keys, place
from escalation_desk.journal.connection import Damaged, is_unreadable
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path


def passphrase_from_environment(new: bool) -> str | None:  # noqa: ARG001 - the window asks differently for a new one.
    """Answer the question for the passphrase where nobody can be asked."""
    return os.environ.get(keys.PASSPHRASE_VARIABLE)


def open_desk(
    folder: Path,
    ask_passphrase: Callable[[bool], str | None] = passphrase_from_environment,
    clock: Callable[[], datetime] | None = None,
) -> Journal:
    """Open the desk in a folder; an empty folder becomes a new desk."""
    place.prepare(folder)
    key = keys.key_for(folder, ask_passphrase)
    journal = _opened(folder, key, clock)
    try:
        _look_over(journal)
        _plant(journal)
    except BaseException:
        journal.close()
        raise
    return journal


def _look_over(journal: Journal) -> None:
    if journal.was_left_open or place.is_damaged(journal.folder):
        from escalation_desk.journal import upkeep  # A start after an orderly end never needs it.

        upkeep.look_over(journal)


def _plant(journal: Journal) -> None:
    with journal.writing() as made:
        is_planted = made.execute("SELECT 1 FROM reason LIMIT 1").fetchone() is not None
    if not is_planted:
        from escalation_desk.journal import seed  # Once in the life of a desk.

        seed.plant(journal)


def _opened(folder: Path, key: bytes, clock: Callable[[], datetime] | None) -> Journal:
    """Open the journal. Where it does not open but a backup does with the same key, the fault is not the key's."""
    try:
        return Journal(folder, key, clock)
    except (Refused, Fault) as sentence:
        from escalation_desk.journal import backup, upkeep  # as _look_over.

        unreadable = is_unreadable(sentence.__cause__) and backup.newest_whole(folder, key) is not None
        if not (unreadable or isinstance(sentence, Damaged)):
            raise
        place.mark_damaged(folder)
        raise upkeep.damaged(folder, key, str(sentence.__cause__)) from sentence


def profile_of(journal: Journal) -> User:
    """Name the person at this workstation; where nobody has said, whoever is signed in to the computer.

    A desk of one person is led by that person: until a server says otherwise, nobody else could be asked.
    """
    known = journal.profile
    if known:
        return known
    login = getpass.getuser()
    code = (locale.getlocale()[0] or "en")[:2]
    market = Market.ID if code == "id" else Market.VN
    user = User(
        full_name=login,
        login=login,
        roles=frozenset({Role.SPECIALIST, Role.LEAD}),
        locale=Language(code) if code in {"en", "vi", "id"} else Language.EN,  # type: ignore[call-arg]
        market=market,
        time_zone="Asia/Jakarta" if market is Market.ID else "Asia/Ho_Chi_Minh",
    )
    journal.set_profile(user)
    return user
