"""Which cases and sellers are open: opened once each, remembered, marked as seen, the preview among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal

from escalation_desk.casework.fields import instant_text
from escalation_desk.desktop.pages import GoesBack
from escalation_desk.desktop.shell.finding import page_for
from escalation_desk.desktop.shell.tabs import Tabs
from escalation_desk.journal.seen import MARK_SEEN

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.desktop.queue.place import QueuePlace
    from escalation_desk.desktop.queue.preview import Preview
    from escalation_desk.journal.journal import Touched

_PREVIEW: Final = "preview:"


class OpenPages(Tabs):
    """The tabs, and what they mean for the rest of the window."""

    opened = Signal()
    seen = Signal()
    left = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self.preview: Preview | None = None
        self.changed.connect(self._keep)
        frame.verbs.changed.connect(self._desk_changed)

    def open(self, key: str, *, behind: bool = False) -> None:
        """Show a page in its tab, or bring its tab to the front."""
        page = self.page(key)
        if page is None:
            page = page_for(self._frame, key)
            if page is None:
                return
            self.add(key, page, front=not behind)
            if isinstance(page, GoesBack):
                page.back.connect(self.left)
        elif not behind:
            self.setCurrentWidget(page)
        self.opened.emit()
        if not behind:
            page.setFocus()

    def restore(self) -> None:
        """Open what was open when the window was left, or fell."""
        kept: Any = self._frame.kept.get("tabs", [[], ""])
        keys, front = kept
        for key in keys:
            self.open(key, behind=key != front)

    def current_case(self) -> str:
        """Name the case in front; empty where it is none."""
        kind, _colon, record = self.current_key().partition(":")
        return record if kind == "case" else ""

    # The preview

    def show_preview(self, queue: QueuePlace, *, shown: bool) -> None:
        """Let a page among the tabs follow the list, or take it away."""
        if shown and self.preview is None:
            from escalation_desk.desktop.queue.preview import Preview  # Not needed for the first page.

            self.preview = Preview(self._frame, queue.clock)
            self.add(_PREVIEW, self.preview, at=0)
            self.preview.show_case(queue.table.current_id())
            self.opened.emit()
        elif not shown and self.preview is not None:
            self.close_page(self.preview)
        self._frame.kept.put("preview", shown)

    def follow(self, case_id: str) -> None:
        """Show the current case of the list in the preview."""
        if self.preview is not None:
            self.setCurrentWidget(self.preview)
            self.preview.show_case(case_id)

    # What follows

    def _keep(self) -> None:
        keys = self.keys()
        if _PREVIEW not in keys:
            self.preview = None
        self._frame.kept.put("tabs", [[key for key in keys if key != _PREVIEW], self.current_key()])
        self._mark_seen()

    def _mark_seen(self) -> None:
        """Note that the case in front was looked at, now."""
        case_id = self.current_case()
        if case_id:
            now = instant_text(self._frame.verbs.journal.now())
            self._frame.verbs.keep(MARK_SEEN, [(case_id, now)], self._marked)

    def _marked(self) -> None:
        self.seen.emit()  # Not handed over bare: a signal does not tell whether its owner is gone.

    def _desk_changed(self, touched: Touched) -> None:
        if ("case", self.current_case()) in touched:
            self._mark_seen()
