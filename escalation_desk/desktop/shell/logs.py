"""What the program writes down when something goes wrong: below `logs`, rotated, without anybody's data."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    _Exception = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_SIZE: Final = 500_000
_KEPT: Final = 3
_log = logging.getLogger("escalation_desk")
_qt_log = logging.getLogger("escalation_desk.qt")
_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.DEBUG,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class _PlacesOnly(logging.Formatter):
    """Writes where something went wrong and of which kind it was; the words of an exception may be somebody's data."""

    def formatException(self, ei: _Exception) -> str:  # noqa: N802 - logging's name.
        kind, _error, trace = ei
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"  {code.co_filename}:{trace.tb_lineno} {code.co_qualname}")
            trace = trace.tb_next
        return "\n".join([*places, kind.__name__ if kind else ""])


class _Rotated(logging.FileHandler):
    """Begins a new file when one is full, and keeps a few; logging.handlers would load sockets and pickles."""

    def emit(self, record: logging.LogRecord) -> None:
        path = Path(self.baseFilename)
        if path.exists() and path.stat().st_size > _SIZE:
            self.close()
            for age in range(_KEPT, 0, -1):
                older = path.with_suffix(f".{age}.log")
                newer = path.with_suffix(f".{age - 1}.log") if age > 1 else path
                if newer.exists():
                    newer.replace(older)
        super().emit(record)


def begin(folder: Path) -> None:
    """Write to files in this folder from now on, whatever fails: Python, a thread, Qt, the interpreter itself."""
    logs = folder / "logs"
    logs.mkdir(mode=0o700, exist_ok=True)
    handler = _Rotated(logs / "desk.log", encoding="utf-8", delay=True)
    handler.setFormatter(_PlacesOnly("%(asctime)s %(levelname)s %(threadName)s %(name)s %(message)s"))
    _log.handlers[:] = [handler]
    _log.setLevel(logging.INFO)
    _log.propagate = False
    _crashes.append((logs / "crash.log").open("a", encoding="utf-8"))
    faulthandler.enable(_crashes[-1])
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    _before.append(qInstallMessageHandler(_from_qt))


_crashes: list[IO[str]] = []
_before: list[Callable[..., None] | None] = []


def end() -> None:
    """Give the files back: another desk may be opened in this process, and tests count open files."""
    faulthandler.disable()
    while _crashes:
        _crashes.pop().close()
    while _crashes:
        _crashes.pop().close()
    sys.excepthook = sys.__excepthook__
    threading.excepthook = threading.__excepthook__
    qInstallMessageHandler(_before.pop() if _before else None)
    for handler in _log.handlers:
        handler.close()
    _log.handlers.clear()
    _log.propagate = True


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.critical("nobody caught this", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)


def _uncaught_in_thread(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value is not None:
        _uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)


def _from_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    _qt_log.log(_LEVELS.get(kind, logging.INFO), "%s", message)
