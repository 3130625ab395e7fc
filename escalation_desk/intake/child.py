"""Runs a function of ours in a process of its own, so that it can neither stall nor fell the desk.

A fresh interpreter and never a fork: the window's threads and Qt would come along half alive. A guest has a foreign
file in its hands: it may be stopped at any moment, takes a bounded share of memory, and its death is one sentence. A
worker does the desk's own work, with the desk's key; it is asked to stop, because it has things to put back. What
either is asked goes through a pipe, and the end of that pipe ends them: none outlives the desk.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import queue
import struct
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _, language
from escalation_desk.intake.reading.base import label

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

QUIET_SECONDS = 20.0
_LOOK_EVERY = 0.1
_LARGEST_FRAME = 256 * 1024 * 1024
_LENGTH = struct.Struct("!Q")
_PLAIN = {
    ("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")
} | {("decimal", "Decimal")}  # fmt: skip
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.stdin.buffer.readline()); "
    "from escalation_desk.intake.serving import serve; serve()"
)


class Cancelled(Exception):  # noqa: N818 - a person's wish, not an error.
    """Somebody stopped the work; the child is gone and has left nothing."""


class ChildFailed(RuntimeError):  # noqa: N818 - says what happened, as its neighbours do.
    """The function in the child has a bug; its traceback is the message."""


class Progress(NamedTuple):
    """How far the work is; yielded by the function among its items, told to `progress`, never given on."""

    done: int
    total: int | None


def in_child(
    function: Callable[..., Iterable[Any]],
    *args: Any,
    progress: Callable[[int, int | None], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Generator[Any, None, None]:
    """Give what `function(*args)` yields in a guest, in order. Closing the generator ends the guest.

    The function stands at the top of a module; what it yields is plain data or dataclasses of the desk.
    """

    def look(_stop: Callable[[], None]) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled

    yield from _talk(("guest", function, args), look, progress, lambda: Refused(_stuck(args)))


def work_in_child(
    function: Callable[..., Any],
    *args: Any,
    progress: Callable[[int, int | None], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Any:
    """Answer what `function(*args)` answers in a worker. It may tell `serving.tell` and asks `serving.stopped`.

    Who cancels is heard by the worker; whether it can still stop is its own to know.
    """

    def look(stop: Callable[[], None]) -> None:
        if cancelled is not None and cancelled():
            stop()

    (answer,) = _talk(("worker", function, args), look, progress, None)
    return answer


def _talk(
    request: tuple[str, Callable[..., Any], tuple[Any, ...]],
    look: Callable[[Callable[[], None]], None],
    progress: Callable[[int, int | None], None] | None,
    stuck: Callable[[], Exception] | None,
) -> Generator[Any, None, None]:
    with tempfile.TemporaryFile() as errors:
        process = _started(errors)
        frames: queue.Queue[bytes | None] = queue.Queue(maxsize=4)
        pump = threading.Thread(target=_pump, args=(_pipe(process.stdout), frames), name="child output", daemon=True)
        pump.start()
        asked = _pipe(process.stdin)
        try:
            _ask(asked, *request)
            yield from _items(_frames(frames, lambda: look(lambda: _hang_up(asked)), stuck), progress)
        except _Died:
            raise _post_mortem(process, errors, *request) from None
        finally:
            _end(process, pump, frames)


class _Died(Exception):  # noqa: N818 - turned into a sentence before anybody sees it.
    """The child's output ended before it said that it was done."""


def _started(errors: IO[bytes]) -> subprocess.Popen[bytes]:
    # Isolated (-I), because a file named csv.py beside an export must not become our csv module.
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", _START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise AssertionError  # Popen was asked for pipes.
    return stream


def _ask(stream: IO[bytes], role: str, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    path = [entry or os.getcwd() for entry in sys.path]  # noqa: PTH109 - the import path holds texts.
    request = pickle.dumps((role, function, args, language()))
    # A child that is dead already does not read; its silence is told by whoever waits for its output.
    with suppress(BrokenPipeError, ConnectionResetError):
        stream.write(json.dumps(path).encode() + b"\n" + _LENGTH.pack(len(request)) + request)
        stream.flush()


def _hang_up(stream: IO[bytes]) -> None:
    """Close the pipe through which a child was asked: it knows by that that nobody wants its work any more."""
    with suppress(BrokenPipeError, ConnectionResetError):
        stream.close()


def _pump(stream: IO[bytes], frames: queue.Queue[bytes | None]) -> None:
    """Carry frames from the pipe to the queue, on a thread of its own: no pipe can be waited for with a limit."""
    with stream:
        while len(head := stream.read(_LENGTH.size)) == _LENGTH.size:
            (length,) = _LENGTH.unpack(head)
            if length > _LARGEST_FRAME:
                break
            frames.put(stream.read(length))
    frames.put(None)


def _items(frames: Iterator[bytes], progress: Callable[[int, int | None], None] | None) -> Iterator[Any]:
    for frame in frames:
        kind, said = _received(frame)
        match kind:
            case "items":
                yield from said
            case "progress" if progress is not None:
                progress(*said)
            case "done":
                return
            case "refused":
                raise Refused(said)
            case "fault":
                raise Fault(said)
            case "cancelled":
                raise Cancelled
            case "failed":
                raise ChildFailed(said)


def _frames(
    frames: queue.Queue[bytes | None], look: Callable[[], None], stuck: Callable[[], Exception] | None
) -> Iterator[bytes]:
    """Wait for each frame, looking up ten times a second whether anybody still wants it."""
    until = time.monotonic() + QUIET_SECONDS
    while True:
        look()
        try:
            frame = frames.get(timeout=_LOOK_EVERY)
        except queue.Empty:
            if stuck is not None and time.monotonic() > until:
                raise stuck() from None
            continue
        if frame is None:
            raise _Died
        yield frame
        until = time.monotonic() + QUIET_SECONDS


def _stuck(args: tuple[Any, ...]) -> str:
    return _(
        "Reading “{file}” was stopped, because nothing came out of it for {seconds} seconds; export a shorter period.",
        file=_named(args),
        seconds=round(QUIET_SECONDS),
    )


class _PlainData(pickle.Unpickler):
    """Takes plain values and the desk's own dataclasses, named tuples and choices out of a frame, and nothing else.

    The child is ours, but it has had a foreign file in its hands. Pickle can only do harm through the names that it
    looks up: here these are types of data in modules that the desk has loaded itself, so that a child gone wrong can at
    worst hand over wrong data, which every import shows and can take back.
    """

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        ours = module.startswith("escalation_desk.") and "." not in name
        found = getattr(sys.modules.get(module), name, None) if ours else None
        if isinstance(found, type) and (is_dataclass(found) or issubclass(found, (Enum, tuple))):
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _received(frame: bytes) -> tuple[str, Any]:
    try:
        kind, said = _PlainData(io.BytesIO(frame)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError) as error:
        raise ChildFailed(f"The child process said what it must not say: {error}") from error
    return kind, said


def _post_mortem(
    process: subprocess.Popen[bytes],
    errors: IO[bytes],
    role: str,
    _function: Callable[..., Any],
    args: tuple[Any, ...],
) -> Exception:
    """Say why the child is gone: killed by what it read, or by a bug of ours before it could speak."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
    errors.seek(0)
    told = errors.read(8192).decode("utf-8", "replace")
    if process.returncode == 1:
        return ChildFailed(told)
    if role == "worker":
        return Fault(_("The system has ended the work before it was done; do it again."))
    refusal = Refused(
        _(
            "“{file}” could not be read: it needs more memory than an import may take, or it is built to do harm.",
            file=_named(args),
        )
    )
    refusal.add_note(f"The child process ended with {process.returncode}. {told}")
    return refusal


def _named(args: tuple[Any, ...]) -> str:
    return next((label(argument) for argument in args if isinstance(argument, Path)), "…")


def _end(process: subprocess.Popen[bytes], pump: threading.Thread, frames: queue.Queue[bytes | None]) -> None:
    process.kill()
    process.wait()
    _hang_up(_pipe(process.stdin))
    while pump.is_alive():  # It may stand before a full queue.
        with suppress(queue.Empty):
            frames.get(timeout=0.01)
    pump.join()
