"""What can stand between a workstation and its server, each as a sentence of its own."""

from __future__ import annotations

from escalation_desk.casework.refusal import Fault, Refused


class Unreachable(Fault):
    """Nobody answers; work goes on here, and it is tried again."""


class SignedOut(Refused):
    """The server wants to know anew who is at this workstation."""


class Revoked(SignedOut):
    """This workstation may not come in any more."""


class Copied(SignedOut):
    """Another desk speaks as this workstation: this is a copy, or that one is."""


class TooOld(Refused):
    """The server takes nothing from a version this old; it still tells."""


class ReadAnew(Refused):
    """These scopes have to be read from their beginning; all of them where none is named."""

    def __init__(self, sentence: str, scopes: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.scopes = scopes


class Undigested(Fault):
    """The server could not do what was asked, again and again; `status` is what it said."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status
