"""Runs a function of ours in a process of its own, so that a foreign file can neither stall nor fell the desk.

A fresh interpreter and never a fork: the window's threads and Qt would come along half alive. The child may be stopped
at any moment, takes a bounded share of memory, and its death is one sentence.
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
import traceback
from contextlib import suppress
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _, language, set_language
from escalation_desk.intake.reading.base import label

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

# A workbook of the largest size that is let in needs about 500 MB; the interpreter's own mappings come on top.
MEMORY_BYTES = 768 * 1024 * 1024
QUIET_SECONDS = 20.0
_LOOK_EVERY = 0.1
_BATCH = 200
_BATCH_SECONDS = 0.2
_LARGEST_FRAME = 256 * 1024 * 1024
_LENGTH = struct.Struct("!Q")
_PLAIN = {
    ("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")
} | {("decimal", "Decimal")}  # fmt: skip
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.stdin.buffer.readline()); "
    "from escalation_desk.intake.child import serve; serve()"
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
    """Give what `function(*args)` yields in a child process, in order. Closing the generator ends the child.

    The function stands at the top of a module; what it yields is plain data or dataclasses of the desk.
    """
    with tempfile.TemporaryFile() as errors:
        process = _started(errors)
        frames: queue.Queue[bytes | None] = queue.Queue(maxsize=4)
        pump = threading.Thread(target=_pump, args=(_pipe(process.stdout), frames), name="child output", daemon=True)
        pump.start()
        try:
            _ask(_pipe(process.stdin), function, args)
            yield from _items(_frames(frames, cancelled, args), progress)
        except _Died:
            raise _post_mortem(process, errors, args) from None
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


def _ask(stream: IO[bytes], function: Callable[..., Iterable[Any]], args: tuple[Any, ...]) -> None:
    path = [entry or os.getcwd() for entry in sys.path]  # noqa: PTH109 - the import path holds texts.
    request = json.dumps(path).encode() + b"\n" + pickle.dumps((function, args, language()))
    # A child that is dead already does not read; its silence is told by whoever waits for its output.
    with suppress(BrokenPipeError, ConnectionResetError), stream:
        stream.write(request)


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
            case "failed":
                raise ChildFailed(said)


def _frames(
    frames: queue.Queue[bytes | None], cancelled: Callable[[], bool] | None, args: tuple[Any, ...]
) -> Iterator[bytes]:
    """Wait for each frame, looking up ten times a second whether anybody still wants it."""
    until = time.monotonic() + QUIET_SECONDS
    while True:
        if cancelled is not None and cancelled():
            raise Cancelled
        try:
            frame = frames.get(timeout=_LOOK_EVERY)
        except queue.Empty:
            if time.monotonic() > until:
                raise Refused(_stuck(args)) from None
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


def _post_mortem(process: subprocess.Popen[bytes], errors: IO[bytes], args: tuple[Any, ...]) -> Exception:
    """Say why the child is gone: killed by what it read, or by a bug of ours before it could speak."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
    errors.seek(0)
    told = errors.read(8192).decode("utf-8", "replace")
    if process.returncode == 1:
        return ChildFailed(told)
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
    while pump.is_alive():  # It may stand before a full queue.
        with suppress(queue.Empty):
            frames.get(timeout=0.01)
    pump.join()


# From here on: the child's side.


def serve() -> None:
    """Do what the parent asks on standard input, and answer in frames on standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # A library that prints must not break a frame.
    _behave()
    function, args, spoken = pickle.load(sys.stdin.buffer)  # noqa: S301 - comes from the desk itself, which started us.
    set_language(spoken)
    with suppress(BrokenPipeError), answers:  # The desk is gone, and whom to tell with it.
        _answer(answers, function, args)


def _behave() -> None:
    """Take what a guest may take. Where the system knows no such limit (Windows, macOS), the size limits must do."""
    if hasattr(os, "nice"):
        os.nice(5)
    try:
        import resource  # Only on Unix.
    except ImportError:
        return
    with suppress(ValueError, OSError):  # A stricter limit is in force already.
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _answer(answers: IO[bytes], function: Callable[..., Iterable[Any]], args: tuple[Any, ...]) -> None:
    try:
        for batch in _batches(function(*args)):
            _send(answers, *batch)
    except Refused as refusal:
        _send(answers, "refused", str(refusal))
    except Fault as fault:
        _send(answers, "fault", str(fault))
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
