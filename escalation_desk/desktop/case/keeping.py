"""Keeps what is typed: within a second after a key, and at once when a field is left or a page closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.verbs import Verbs
    from escalation_desk.journal.drafts import Drafts

# From the first key that is not kept yet, so the last one waits no longer; two seconds are allowed.
_PAUSE: Final = 1_000
_watched: WeakSet[Drafts] = WeakSet()


def drafts_of(verbs: Verbs) -> Drafts:
    """Give the drafts of the desk; a disk that refuses them says so in the window."""
    drafts = verbs.journal.drafts
    if drafts not in _watched:
        _watched.add(drafts)
        drafts.on_fault(lambda sentence: verbs.said.emit(sentence, "fault"))
    return drafts


class Keeper(QObject):
    """Keeps one place. `content` says what stands there, None where nothing is unsaved."""

    def __init__(
        self, drafts: Drafts, place: str, content: Callable[[], dict[str, Any] | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.place = place
        self._drafts = drafts
        self._content = content
        self._kept: dict[str, Any] | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.keep)

    def touch(self) -> None:
        """Something was typed."""
        if not self._pause.isActive():
            self._pause.start()

    def began_with(self, content: dict[str, Any] | None) -> None:
        """Say what is kept already: a draft that was just taken up."""
        self._kept = content

    def keep(self) -> None:
        """Keep it now, if it is not kept yet."""
        self._pause.stop()
        content = self._content()
        if content == self._kept:
            return
        self._kept = content
        if content is None:
            self._drafts.close_place(self.place)
        else:
            self._drafts.put(self.place, content)
