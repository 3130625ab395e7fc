"""The side of the child: does what the desk asks on standard input, and answers in frames on standard output."""

from __future__ import annotations

import os
import pickle
import struct
import sys
import threading
import time
import traceback
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _, set_language
from escalation_desk.intake.child import Cancelled, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# A workbook of the largest size that is let in needs about 500 MB; the interpreter's own mappings come on top.
MEMORY_BYTES = 768 * 1024 * 1024
_BATCH = 200
_BATCH_SECONDS = 0.2
_TOLD_EVERY = 0.1
_LENGTH = struct.Struct("!Q")


class _Line:
    """What this process and the desk are connected by."""

    answers: IO[bytes] | None = None
    told = 0.0
    stop = threading.Event()


def stopped() -> bool:
    """Tell a worker whether the desk still wants its work."""
    return _Line.stop.is_set()


def tell(done: int, total: int | None = None) -> None:
    """Let a worker say how far it is; what comes too often for an eye is left out."""
    if _Line.answers is not None and time.monotonic() - _Line.told > _TOLD_EVERY:
        _Line.told = time.monotonic()
        _send(_Line.answers, "progress", (done, total))


def serve() -> None:
    """Do what the parent asks on standard input, and answer in frames on standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # A library that prints must not break a frame.
    if hasattr(os, "nice"):
        os.nice(5)
    (length,) = _LENGTH.unpack(sys.stdin.buffer.read(_LENGTH.size))
    request = sys.stdin.buffer.read(length)
    role, function, args, spoken = pickle.loads(request)  # noqa: S301 - comes from the desk itself, which started us.
    set_language(spoken)
    threading.Thread(target=_listen, args=(role,), name="the desk", daemon=True).start()
    with suppress(BrokenPipeError), answers:  # The desk is gone, and whom to tell with it.
        if role == "worker":
            _Line.answers = answers
            _answer(answers, lambda: [function(*args)])
        else:
            _keep_to_limits()
            _answer(answers, lambda: function(*args))


def _listen(role: str) -> None:
    """Wait for the end of the pipe: the desk has hung up or is no more."""
    # Not through sys.stdin: a thread that waits in there keeps the interpreter from ending in peace.
    while os.read(0, 1):
        pass
    if role == "worker":
        _Line.stop.set()
    else:
        os._exit(1)


def _keep_to_limits() -> None:
    """Take what a guest may take. Where the system knows no such limit (Windows, macOS), the size limits must do."""
    try:
        import resource  # Only on Unix.
    except ImportError:
        return
    with suppress(ValueError, OSError):  # A stricter limit is in force already.
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _answer(answers: IO[bytes], asked: Callable[[], Iterable[Any]]) -> None:
    try:
        for batch in _batches(asked()):
            _send(answers, *batch)
    except Refused as refusal:
        _send(answers, "refused", str(refusal))
    except Fault as fault:
        _send(answers, "fault", str(fault))
    except Cancelled:
        _send(answers, "cancelled", None)
    except MemoryError:
        _send(answers, "refused", _("The file needs more memory than an import may take; export a shorter period."))
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001 - told whole to the desk, which raises it again.
        _send(answers, "failed", traceback.format_exc())
    else:
        _send(answers, "done", None)


def _batches(items: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Put items together, because each frame costs; but never hold one back for long."""
    batch: list[Any] = []
    due = time.monotonic() + _BATCH_SECONDS
    for item in items:
        if isinstance(item, Progress):
            yield "progress", tuple(item)
            continue
        batch.append(item)
        if len(batch) >= _BATCH or time.monotonic() > due:
            yield "items", batch
            batch = []
            due = time.monotonic() + _BATCH_SECONDS
    if batch:
        yield "items", batch


def _send(answers: IO[bytes], kind: str, said: Any) -> None:
    frame = pickle.dumps((kind, said), protocol=pickle.HIGHEST_PROTOCOL)
    answers.write(_LENGTH.pack(len(frame)))
    answers.write(frame)
    answers.flush()
