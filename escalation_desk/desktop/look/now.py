"""The look being worn: whoever paints asks here at the moment of painting, so a switch needs no second way."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.desktop.look.colours import LIGHT, Colours
from escalation_desk.desktop.look.lettering import Lettering, lettering
from escalation_desk.desktop.look.tones import DARK_INKS, LIGHT_INKS

if TYPE_CHECKING:
    from escalation_desk.desktop.look.tones import Ink, Tone


class Look(NamedTuple):
    colours: Colours
    letters: Lettering

    def ink(self, tone: Tone) -> Ink:
        return (DARK_INKS if self.colours.dark else LIGHT_INKS)[tone]


_worn: Final[list[Look]] = []


def look() -> Look:
    return _worn[0] if _worn else _plain()


def wear(chosen: Look) -> None:
    _worn[:] = [chosen]


@cache
def _plain() -> Look:
    return Look(LIGHT, lettering())
