"""The foot of the window: what was said last, whether everything is saved, and what no server has yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStatusBar, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import ElidedLabel, PlainLabel, Sign
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from escalation_desk.desktop.verbs import Verbs

_TONES = {"refused": Tone.WARN, "fault": Tone.BAD}


class StatusLine(QStatusBar):
    """Follows the verbs by itself."""

    def __init__(self, verbs: Verbs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        letters = look().letters
        self.setSizeGripEnabled(False)
        self.setContentsMargins(letters.wide, 0, letters.wide, 0)
        self.sentence = ElidedLabel("", Role.SMALL)
        self.saved = PlainLabel(_("Saved"), Role.SMALL)
        self.waiting = PlainLabel("", Role.SMALL)
        self.addWidget(self.sentence, 1)
        self._alone = Sign("offline", 1.0)
        self._link: QWidget | None = None
        self.addPermanentWidget(self._alone)
        self.addPermanentWidget(self.waiting)
        self.addPermanentWidget(self.saved)
        verbs.said.connect(self.say)
        verbs.busy.connect(self._show_busy)

    def say(self, sentence: str, kind: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.set_tone(_TONES.get(kind))

    def show_waiting(self, count: int) -> None:
        """Say how many changes no server has."""
        if count:
            self.waiting.setText(n_("local, {n} change not sent", "local, {n} changes not sent", count))
        else:
            self.waiting.setText(_("local, nothing to send"))

    def put_link(self, link: QWidget) -> None:
        """Say how it stands with the server, instead of that there is none."""
        self._link = link
        self._alone.hide()
        self.waiting.hide()
        self.insertPermanentWidget(1, link)

    def _show_busy(self, busy: bool) -> None:
        self.saved.setText(_("Saving…") if busy else _("Saved"))
