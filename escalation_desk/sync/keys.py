"""The tokens of a session: in the system's keyring; where there is none, in the desk's own encrypted file."""

from __future__ import annotations

import json
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.i18n import _
from escalation_desk.journal import keys, place
from escalation_desk.sync.refusals import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.journal.journal import Journal

_KEPT: Final = "sync.session"
_PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """What proves who is here: `access` for minutes, `refresh` to get the next one, once."""

    access: str
    refresh: str


class Keeper:
    """Keeps the tokens of the desk in one folder."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one at a time renew them."""
        with self._lock:
            until = time.monotonic() + _PATIENCE
            while (held := place.take(self._journal.folder / "session.lock")) is None:
                if time.monotonic() > until:
                    # Two that renew the same token at once would both be shut out; the next exchange tries again.
                    raise Unreachable(_("Another program is renewing the sign-in of this desk; it is tried again."))
                time.sleep(0.05)
            with closing(held):
                yield

    def read(self) -> Tokens | None:
        kept = self._setting()
        if kept is None:
            return None
        said = kept if kept != self._in_ring else keys.secret_of(self._ring_name)
        return Tokens(**json.loads(said)) if said else None

    def write(self, tokens: Tokens) -> None:
        said = json.dumps(asdict(tokens))
        self._set(self._in_ring if keys.keep_secret(self._ring_name, said) else said)

    def forget(self) -> None:
        if self._setting() == self._in_ring:
            keys.forget_secret(self._ring_name)
        self._journal.local("DELETE FROM setting WHERE name = ?", (_KEPT,))

    @property
    def guarded(self) -> bool:
        """Whether the system's keyring holds them."""
        return self._setting() == self._in_ring

    def where(self) -> str:
        """Say plainly where they lie."""
        if self.guarded:
            return _("You stay signed in; the system's keyring holds the proof.")
        return _("This computer has no keyring, so the proof that you are signed in lies in the desk's encrypted file.")

    _in_ring: Final = "keyring"

    @property
    def _ring_name(self) -> str:
        return f"session-{self._journal.workstation}"

    def _setting(self) -> str | None:
        with self._journal.writing() as made:
            row: Any = made.execute("SELECT value FROM setting WHERE name = ?", (_KEPT,)).fetchone()
        return row[0] if row else None

    def _set(self, value: str) -> None:
        self._journal.local("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (_KEPT, value))
