"""What this workstation remembers: sizes, columns, open tabs. In the encrypted database, written when it changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from escalation_desk.desktop.verbs import Verbs
    from escalation_desk.journal.journal import Journal

# A dragged splitter tells of every pixel; this long after the last one it is written.
_PAUSE: Final = 400
_WRITE: Final = (
    "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


class KeptValues(QObject):
    """JSON values by name. Reading is from memory; writing happens a moment later, so a crash loses a moment."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        with journal.writing() as made:
            # What concerns the server is no value of the window, and not all of it is JSON.
            found = made.execute("SELECT name, value FROM setting WHERE name NOT GLOB 'sync.*'").fetchall()
        self._values: dict[str, Any] = {name: json.loads(value) for name, value in found}
        self._dirty: set[str] = set()
        self._verbs: Verbs | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.write)

    def write_through(self, verbs: Verbs) -> None:
        """Say who writes; until then values are only remembered."""
        self._verbs = verbs

    def get(self, name: str, default: object = None) -> Any:
        return self._values.get(name, default)

    def put(self, name: str, value: object) -> None:
        if self._values.get(name) == value:
            return
        self._values[name] = value
        self._dirty.add(name)
        self._pause.start()

    def write(self) -> None:
        """Write what changed, now."""
        self._pause.stop()
        if self._verbs and self._dirty:
            rows = [(name, json.dumps(self._values[name], ensure_ascii=False)) for name in sorted(self._dirty)]
            self._dirty.clear()
            self._verbs.keep(_WRITE, rows)
