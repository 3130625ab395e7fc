"""Other cases that may be the same matter, each with what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.linking.records import LinkForm
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.opener import Opener
from escalation_desk.desktop.case.refilling import Refilled
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.plain import PlainLabel, icon_button, set_tip
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPoint

    from escalation_desk.desktop.case.links import LinksCard
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.around import Relative

_RELATIVES: Final = 8


class SimilarCard(Refilled):
    """Other cases that may be the same matter. A click opens one; with Ctrl, or the middle button, behind this one."""

    def __init__(self, frame: Frame, links: LinksCard) -> None:
        super().__init__(_("Similar and repeat cases"))
        self._frame = frame
        self._links = links

    def show_relatives(self, found: Sequence[Relative], clock: Clock) -> None:
        rows: list[QWidget] = [self._row(one, clock) for one in found[:_RELATIVES]]
        self.refill(rows or [PlainLabel(_("None found."), Role.MUTED)])

    def _row(self, one: Relative, clock: Clock) -> QWidget:
        status = CaseStatus(one.status)  # type: ignore[call-arg]  # looks a member up
        opener = Opener(f"{meaning(status).mark} {one.case_no}  {one_line(one.title, 80)}")
        opener.opened.connect(lambda behind: self._frame.open_case(one.id, behind=behind))
        shared = " · ".join(_(word) for word in one.shared)
        opener.setAccessibleName(
            _(
                "Open {case}, {status}: {title}. {shared}",
                case=one.case_no,
                status=_(status.label),
                title=one.title,
                shared=shared,
            )
        )
        set_tip(opener, one.title)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, look().letters.tight)
        row.setSpacing(look().letters.tight)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(opener)
        foot = PlainLabel(f"{_(status.label)} · {clock.short(one.at)} · {shared}", Role.SMALL, wrap=True)
        if one.repeat:
            foot.set_tone(Tone.WARN)
        foot.setContentsMargins(look().letters.tight, 0, 0, 0)
        column.addWidget(foot)
        row.addLayout(column, 1)
        act = icon_button("more", _("What {case} is to this case", case=one.case_no))
        act.clicked.connect(lambda: self._offer(one, act.mapToGlobal(act.rect().bottomLeft())))
        row.addWidget(act)
        return holder

    def _offer(self, one: Relative, at: QPoint) -> None:
        menu = self.menu_for(one)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def menu_for(self, one: Relative) -> QMenu:
        """Offer what can be done about a case that may be the same matter; nothing is done by itself."""
        menu = QMenu(self)
        link = self._links.link_as
        menu.addAction(icon("show"), _("Open it"), lambda: self._frame.open_case(one.id))
        menu.addAction(icon("link"), _("This is a repeat contact of it"), lambda: link(one.id, LinkForm.REPEAT))
        menu.addAction(icon("link"), _("The two are related"), lambda: link(one.id, LinkForm.RELATED))
        menu.addAction(icon("merge"), _("Merge the two…"), lambda: self._links.begin_merge(one.id))
        return menu
