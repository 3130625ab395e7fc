"""Looks each minute whether an authority has not answered in time; then the next level is raised, and people told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from escalation_desk.i18n import n_
from escalation_desk.journal import escalations

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection


class SilenceWatch(QObject):
    """A look costs one question to a small table; only where somebody is silent is anything written."""

    def __init__(self, frame: Frame, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        frame.minute.connect(self.look)
        self.look()

    def look(self) -> None:
        """Look who is silent."""
        now = self._frame.verbs.journal.now()

        def read(made: Connection) -> list[str]:
            return escalations.silent(made, now)

        self._frame.verbs.ask(read, self._raise_next)

    def _raise_next(self, found: list[str]) -> None:
        if found:
            journal = self._frame.verbs.journal
            self._frame.verbs.run(lambda: escalations.let_time_out(journal), self._say)

    def _say(self, count: int) -> None:
        if count:
            self._frame.tell(
                n_(
                    "An authority did not answer in time; the next level is raised and must be told by a person.",
                    "{n} authorities did not answer in time; the next levels are raised and must be told by a person.",
                    count,
                ),
                "refused",
            )
