"""On the page of a case: its open conflicts with the ways out of them, and who else has it open. Never a lock."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.queue.source import visited
from escalation_desk.desktop.sync.differing import Differing, open_ones, sentence, settle, ways
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Touched
    from escalation_desk.sync.attending import Present

_PAUSE: Final = 80
_MOST: Final = 3
_CONFLICT: Final = "conflict:"


class OnCase(QObject):
    """Lives with the page; puts its notices under the head."""

    def __init__(self, frame: Frame, page: Any) -> None:
        super().__init__(page)
        self._frame = frame
        self._page = page
        self._shown: dict[str, Differing] = {}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._read)
        frame.verbs.changed.connect(self._changed)
        frame.link.present.connect(self._show_present)
        self._show_present(frame.link.there)
        self._read()

    def _changed(self, touched: Touched) -> None:
        if ("case", self._page.case_id) in touched or any(kind == "conflict" for kind, _record in touched):
            self._pause.start()

    def _read(self) -> None:
        verbs, case = self._frame.verbs, self._page.case_id
        clock, me = Clock.of(verbs.me, verbs.journal.now()), verbs.me.id

        def read(made: Connection) -> list[Differing]:
            return open_ones(made, me, clock, case, _MOST)

        verbs.ask(read, self._show)

    def _show(self, found: list[Differing]) -> None:
        from escalation_desk.desktop.case.notices import Notice  # Loaded with the page that is there already.

        shown, now = self._page.standing.shown(_CONFLICT), {f"{_CONFLICT}{one.id}": one for one in found}
        for key in shown:
            if key not in now:
                self._page.standing.drop(key)
        for key, one in now.items():
            if self._shown.get(key) != one or key not in shown:
                acts: list[tuple[str, Any]] = [(text, partial(self._settle, one, way)) for way, text in ways(one)]
                acts.append((_("Compare"), partial(self._frame.open_place, "sync")))
                self._page.standing.put(key, Notice(sentence(one), acts, sign="conflicts", tone=Tone.WARN))
        self._shown = now

    def _settle(self, one: Differing, way: str) -> None:
        settle(self._frame.verbs, one, way)

    def _show_present(self, there: Present) -> None:
        from escalation_desk.desktop.case.notices import Notice  # as above.

        people = there.get(self._page.case_id)
        if people:
            self._page.standing.put("present", Notice(visited(people), sign="show"))
        else:
            self._page.standing.drop("present")
