"""The button in the status bar that says how it stands with the server, and leads to the page that says more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton

from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import literal, set_tip
from escalation_desk.desktop.sync.signs import WHAT_TO_DO, shown
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from escalation_desk.sync.standing import Standing


class LinkButton(QPushButton):
    """Follows the standing; its tip says what is to be done about it."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("kind", "quiet")
        self.setIconSize(QSize(look().letters.px(1.0), look().letters.px(1.0)))
        self.clicked.connect(lambda _checked: act())
        self.said = ""

    def show_standing(self, standing: Standing, zone: tzinfo, *, paused: bool) -> None:
        seen = shown(standing, zone, paused=paused)
        self.said = seen.text
        self.setText(literal(seen.text))
        self.setIcon(icon(seen.sign, seen.tone))
        self.setAccessibleName(_("Server: {standing}", standing=seen.text))
        advice = WHAT_TO_DO.get(standing.link)
        set_tip(self, _(advice) if advice else seen.text)
