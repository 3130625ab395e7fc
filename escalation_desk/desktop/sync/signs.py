"""How it stands with the server as a sign and a tone; the words are those of the standing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.desktop.look.tones import Tone
from escalation_desk.i18n import N_, _
from escalation_desk.sync.standing import MUCH_SKEW, Link, Standing

if TYPE_CHECKING:
    from datetime import tzinfo


class Shown(NamedTuple):
    """What stands in the status bar."""

    sign: str
    tone: Tone | None
    text: str


_SIGNS: Final[dict[Link, tuple[str, Tone | None]]] = {
    Link.ALONE: ("offline", None),
    Link.SYNCED: ("check", Tone.GOOD),
    Link.AT_IT: ("refresh", None),
    Link.OFFLINE: ("offline", Tone.WARN),
    Link.TOO_OLD: ("alert", Tone.WARN),
    Link.SIGNED_OUT: ("lock", Tone.WARN),
    Link.REVOKED: ("refused", Tone.BAD),
    Link.FAULT: ("alert", Tone.BAD),
}
_STOPPED: Final = N_("Sync is stopped")


def shown(standing: Standing, zone: tzinfo, *, paused: bool = False) -> Shown:
    """Say it with the sign of what matters most."""
    if paused:
        return Shown("offline", Tone.WARN, _(_STOPPED))
    sign, tone = _SIGNS[standing.link]
    if standing.link in {Link.SYNCED, Link.AT_IT}:
        if standing.conflicts or standing.refused:
            sign, tone = "conflicts", Tone.WARN
        elif standing.skew and abs(standing.skew) > MUCH_SKEW:
            sign, tone = "clock", Tone.WARN
    return Shown(sign, tone, standing.sentence(zone))


WHAT_TO_DO: Final[dict[Link, str]] = {
    Link.OFFLINE: N_("Work on: everything is saved here, and is sent as soon as the server answers."),
    Link.TOO_OLD: N_("What others do still comes. What you do waits here until this program is updated."),
    Link.SIGNED_OUT: N_("Sign in again to go on; what you type meanwhile waits here."),
    Link.REVOKED: N_("What you typed stays on this computer. Ask whoever runs the server to let it in again."),
    Link.FAULT: N_("It is tried again by itself. If it stays like this, tell whoever runs the server."),
}
