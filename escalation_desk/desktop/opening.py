"""Opens the data while Qt is still loading: unlocking and reading wait for disk and keyring, not for the window.

Knows no Qt. Where a person must be asked for the passphrase, it says so and leaves the rest to the window.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.journal import place
from escalation_desk.journal.desk import open_desk
from escalation_desk.journal.keys import PASSPHRASE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from escalation_desk.journal.journal import Journal


class _PersonWanted(Exception):  # noqa: N818 - not an error: somebody has to be asked.
    """Nobody but the person knows the passphrase."""


class Opening:
    """The opening of a folder, on a thread of its own; after `wait` a journal, a refusal, or neither: ask a person."""

    def __init__(self, folder: Path, passphrase: Callable[[bool], str] | None = None) -> None:
        self.folder = folder
        self.passphrase = passphrase
        self.journal: Journal | None = None
        self.refusal: Refused | Fault | None = None
        self.failure: BaseException | None = None
        self.hold: place.Hold | None = None
        self._thread = threading.Thread(target=self._open, name="opening")
        self._thread.start()

    def wait(self) -> None:
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    def _open(self) -> None:
        try:
            place.prepare(self.folder)
            self.hold = place.Hold(self.folder)
            self.journal = open_desk(self.folder, self._known)
        except _PersonWanted:
            pass  # The window asks.
        except (Refused, Fault) as refusal:
            self.refusal = refusal
        except BaseException as failure:  # noqa: BLE001 - carried to whoever waits.
            self.failure = failure

    def _known(self, new: bool) -> str:
        given = self.passphrase(new) if self.passphrase else os.environ.get(PASSPHRASE_VARIABLE)
        if not given:
            raise _PersonWanted
        return given
