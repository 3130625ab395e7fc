"""The bytes of attachments, after their records: sent in pieces that go on where a break was, fetched when wanted."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.refusal import Refused
from escalation_desk.journal.sharing import files
from escalation_desk.sync.refusals import SignedOut, Undigested

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal
    from escalation_desk.journal.sharing.files import File
    from escalation_desk.sync.client import Client

_log = logging.getLogger(__name__)
_PIECE: Final = 1_000_000
_UNASKED: Final = 20_000_000
"""Bytes up to which an attachment of a case of mine comes by itself; larger ones come when they are opened."""
MOST: Final = 2_000_000_000
"""Bytes that are kept here of what the server has too."""


def exchange(journal: Journal, made: Connection, client: Client, *, most: int = MOST) -> None:
    """Send the bytes that the server has not, fetch those that are wanted, and make room."""
    for one in files.unsent(made):
        _each(one, lambda one: _send(made, client, one))
    for one in files.wanted(made, _UNASKED):
        _each(one, lambda one: _fetch(journal, made, client, one))
    files.make_room(made, most)


def _each(one: File, deal: Callable[[File], None]) -> None:
    """Let one that cannot be dealt with now keep none of the others; it is tried again with the next exchange."""
    try:
        deal(one)
    except SignedOut:
        raise
    except (Refused, Undigested) as why:
        _log.info("the bytes of an attachment wait: %s", type(why).__name__)


def _send(made: Connection, client: Client, one: File) -> None:
    content = files.read(made, one.sha256)
    there = client.bytes_there(one.sha256)
    while there < len(content):
        there = client.send_bytes(one.sha256, there, content[there : there + _PIECE])
    files.mark_sent(made, one.sha256)


def _fetch(journal: Journal, made: Connection, client: Client, one: File) -> None:
    content = client.fetch_bytes(one.sha256)
    # What came is what was asked for, or it did not come.
    if hashlib.sha256(content).hexdigest() == one.sha256:
        files.keep(made, one.sha256, content, instant_text(journal.now()))
        journal.tell(frozenset({("attachment", one.attachment)}))
