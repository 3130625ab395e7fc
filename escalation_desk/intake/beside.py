"""Long work on the desk's data in a process of its own: the window computes nothing of it and keeps nothing of it.

The worker opens the desk itself. It is given the key through the pipe by which it is asked, never by its command line
or its environment, which other programs can read.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

from escalation_desk.intake import serving
from escalation_desk.intake.child import work_in_child
from escalation_desk.journal import coming
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from escalation_desk.journal.journal import Touched

T = TypeVar("T")


def beside(
    journal: Journal,
    task: Callable[..., T],
    *args: Any,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    **said: Any,
) -> T:
    """Answer what `task(journal, *args, **said)` answers in a process of its own; whoever listens hears of it.

    The task takes `progress` and `cancelled` too, and stands at the top of a module.
    """
    try:
        answer: T
        answer, touched = work_in_child(
            _at_the_desk,
            task,
            (journal.folder, journal.key, journal.now()),
            args,
            said,
            progress=(lambda done, total: progress(done, total or 0)) if progress else None,
            cancelled=cancelled,
        )
    finally:
        coming.recover(journal)  # Of a worker that the system has ended in the middle.
    for one in touched:
        journal.tell(one)
    return answer


def _at_the_desk(
    task: Callable[..., T], desk: tuple[Path, bytes, datetime], args: tuple[Any, ...], said: dict[str, Any]
) -> tuple[T, list[Touched]]:
    folder, key, now = desk
    touched: list[Touched] = []
    with closing(Journal(folder, key, lambda: now)) as journal:
        journal.on_change(touched.append)
        return task(journal, *args, progress=serving.tell, cancelled=serving.stopped, **said), touched
