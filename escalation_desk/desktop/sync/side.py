"""What the window shows of the server: the foot, the place at the left, the strip of a first sync, who is where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from escalation_desk.desktop.moments import zone_of
from escalation_desk.desktop.sync.foot import LinkButton
from escalation_desk.desktop.sync.on_case import OnCase
from escalation_desk.i18n import _
from escalation_desk.sync.standing import Link

if TYPE_CHECKING:
    from escalation_desk.desktop.shell.strips import Handle
    from escalation_desk.desktop.window import Desk
    from escalation_desk.sync.attending import Present
    from escalation_desk.sync.standing import Standing


class SyncSide(QObject):
    """Made once for a window, when the desk is known to belong to a server."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.button = LinkButton(lambda: desk.acts.go("sync"))
        self._strip: Handle | None = None
        desk.foot.put_link(self.button)
        desk.link.stands.connect(self._show)
        desk.link.present.connect(self._show_present)
        desk.tabs.changed.connect(self._tell_case)

    def show_belonging(self) -> None:
        """Show the place of sync, or take it away."""
        self._desk.show_entries()
        self._desk.commands.refresh()
        self._tell_case()
        if self._desk.link.standing is not None:
            self._show(self._desk.link.standing)

    def _show(self, standing: Standing) -> None:
        paused = self._desk.link.paused
        self.button.show_standing(standing, zone_of(self._desk.verbs.me), paused=paused)
        self._desk.places.show_counts({"sync": standing.conflicts + standing.refused})
        self._desk.commands.refresh()
        coming = self._desk.link.is_first and standing.link is Link.AT_IT and standing.read > 0 and not paused
        if coming and self._strip is None:
            title = _("Fetching the desk from the server; you can work meanwhile")
            self._strip = self._desk.strips.begin(title, self._desk.link.pause)
        if self._strip is not None:
            self._strip.at(standing.read)
            if not coming:
                self._strip.end()
                self._strip = None

    def _show_present(self, _there: Present) -> None:
        # Not handed over bare: the line outlives the window, and a function does not go with it.
        self._desk.queue.table.refresh()

    def _tell_case(self) -> None:
        for key, page in zip(self._desk.tabs.keys(), self._desk.tabs.pages(), strict=True):
            if key.startswith("case:") and page.findChild(OnCase) is None:
                OnCase(self._desk, page)
        self._desk.link.open(self._desk.tabs.current_case() or None)
