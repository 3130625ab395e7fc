"""What a person can set, declared once: the dialog, the menu and what is remembered follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QObject, Signal

from escalation_desk.desktop.look.theme import Scheme
from escalation_desk.i18n import LANGUAGES, N_

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Kept


class Setting(NamedTuple):
    """One thing to choose; `choices` are values with their words. Words of a language are in that language."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    default: str
    group: str
    spoken: bool = True
    hint: str = ""


LOOK: Final = N_("How it looks")
WORK: Final = N_("How it works")

SETTINGS: Final = (
    Setting(
        "language",
        N_("Language"),
        tuple(LANGUAGES.items()),
        "en",
        LOOK,
        spoken=False,
        hint=N_("The window changes at once; documents and messages have their own language."),
    ),
    Setting("scheme", N_("Colours"), tuple((s.value, s.label) for s in Scheme), Scheme.SYSTEM.value, LOOK),
    Setting(
        "size",
        N_("Size of text"),
        (("1.0", "100 %"), ("1.1", "110 %"), ("1.25", "125 %"), ("1.5", "150 %")),
        "1.0",
        LOOK,
    ),
    Setting(
        "density",
        N_("Rows of lists"),
        (("comfortable", N_("Comfortable")), ("compact", N_("Compact"))),
        "comfortable",
        LOOK,
    ),
    Setting(
        "start",
        N_("Begin with"),
        (("left", N_("What was open last")), ("today", N_("Today"))),
        "left",
        WORK,
    ),
    Setting(
        "evidence",
        N_("Files of one case"),
        tuple((str(size), f"{size} MB") for size in (50, 100, 200, 500, 1000)),
        "200",
        WORK,
        spoken=False,
        hint=N_("Above this the case says that its files take much room. Nothing is refused for it."),
    ),
)
BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


class Settings(QObject):
    """Reads and remembers the settings; `changed` tells the name of one that has another value now."""

    changed = Signal(str)

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self._kept = kept

    def value(self, name: str) -> str:
        setting = BY_NAME[name]
        found = self._kept.get(f"setting.{name}", setting.default)
        return str(found) if any(found == value for value, _label in setting.choices) else setting.default

    def choose(self, name: str, value: str) -> None:
        if value != self.value(name):
            self._kept.put(f"setting.{name}", value)
            self.changed.emit(name)
