"""How much room the files of a case and of the whole desk take: said when one is added, shown below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.desktop.settings import Settings
from escalation_desk.i18n import _
from escalation_desk.journal.evidence import room_taken

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame, Kept
    from escalation_desk.journal.evidence import Room

_KILOBYTE: Final = 1024
_MEGABYTE: Final = 1024 * 1024


def size_text(size: int) -> str:
    if size < _KILOBYTE:
        return _("{n} bytes", n=size)
    kilobytes = size / _KILOBYTE
    return _("{n} kB", n=round(kilobytes)) if kilobytes < _KILOBYTE else _("{n} MB", n=f"{kilobytes / _KILOBYTE:.1f}")


def is_over(kept: Kept, room: Room) -> bool:
    """Tell whether the case has more than the setting says a case should have."""
    return room.case > _limit(kept) * _MEGABYTE


def in_a_sentence(kept: Kept, room: Room) -> str:
    """Say how much there is; above the limit, what can be done about it."""
    case, desk = size_text(room.case), size_text(room.desk)
    if is_over(kept, room):
        return _(
            "The files of this case take {case}, more than {limit} MB; all files of the desk take {desk}. "
            "Remove what nobody needs, or leave large files in the CRM and note where they are.",
            case=case,
            limit=_limit(kept),
            desk=desk,
        )
    return _("The files of this case take {case} now, all files of the desk {desk}.", case=case, desk=desk)


def _limit(kept: Kept) -> int:
    return int(Settings(kept).value("evidence"))


class RoomLine(PlainLabel):
    """Below the files of a case; without any it is not there."""

    def __init__(self, frame: Frame) -> None:
        super().__init__("", Role.SMALL, wrap=True)
        self._frame = frame
        self.hide()

    def show_room_of(self, case: str | None) -> None:
        """Add it up in the background, and show it."""
        self.setVisible(case is not None)
        if case is not None:
            self._frame.verbs.ask(lambda made: room_taken(made, case), self._show, slow=True)

    def _show(self, room: Room) -> None:
        over = is_over(self._frame.kept, room)
        case, desk = size_text(room.case), size_text(room.desk)
        self.set_tone(Tone.WARN if over else None)
        self.setText(
            in_a_sentence(self._frame.kept, room)
            if over
            else _("This case: {case} of {limit} MB. The desk: {desk}.", case=case, limit=self._limit(), desk=desk)
        )

    def _limit(self) -> int:
        return _limit(self._frame.kept)
