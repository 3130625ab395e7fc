"""Begins a large scope with one file of the server's instead of page by page; the feed goes on from its number.

What the file holds is laid down as it arrives: nothing of it is ever written to the disk outside of the desk's own,
encrypted file. A connection that breaks leaves what has come, and how far that was.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.i18n import N_, _
from escalation_desk.sync.client import Pulled
from escalation_desk.sync.messages import Row
from escalation_desk.sync.refusals import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from escalation_desk.sync.client import Client
    from escalation_desk.sync.messages import Trailer

WORTH_IT: Final = 20_000
"""Records from which on the server has a file at hand."""
_PAGE: Final = 5_000
_NOT_WHOLE: Final = N_("The answer of the server did not arrive whole; it is asked again.")


def read_file(
    client: Client, scope: str, end: Trailer, anew: Callable[[], None], take: Callable[[Pulled], None]
) -> None:
    """Lay a scope down from its file. `anew` forgets how far it was read, because a file tells nothing of deletions."""
    with client.snapshot(scope) as file:
        if file.epoch != end.epoch:
            return  # The server began another life between the question and the file.
        anew()
        rows = _rows(file.lines)
        while page := tuple(islice(rows, _PAGE)):
            take(Pulled(page, (), _so_far(end, scope, page[-1].seq)))
        take(Pulled((), (), _so_far(end, scope, file.cursor)))


def _rows(lines: Iterator[dict[str, Any]]) -> Iterator[Row]:
    for line in lines:
        if "end" in line:
            return
        yield Row(*line["row"])
    raise Unreachable(_(_NOT_WHOLE))


def _so_far(end: Trailer, scope: str, seq: int) -> Trailer:
    """Say how far this is. A file may be older than the last answer, so it speaks of none of our entries."""
    return replace(end, cursors={scope: seq}, complete=False, last_mid=0, outcomes=())
