"""The theme of the program: light, dark or as the system says, at a text size; switched while everything is open."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal

from escalation_desk.desktop.look.colours import DARK, LIGHT, palette
from escalation_desk.desktop.look.lettering import lettering
from escalation_desk.desktop.look.now import Look, look, wear
from escalation_desk.desktop.look.sheet import sheet
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


STYLE: Final = "Fusion"


class Scheme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"

    @property
    def label(self) -> str:
        return {"system": N_("As the system"), "light": N_("Light"), "dark": N_("Dark")}[self.value]


_QT_SCHEMES = {
    Scheme.SYSTEM: Qt.ColorScheme.Unknown,
    Scheme.LIGHT: Qt.ColorScheme.Light,
    Scheme.DARK: Qt.ColorScheme.Dark,
}


class Theme(QObject):
    """Dresses the application; `changed` comes after the new look is worn."""

    changed = Signal()

    def __init__(self, app: QApplication, scheme: Scheme = Scheme.SYSTEM, scale: float = 1.0) -> None:
        super().__init__(app)
        self._app = app
        self.scheme = scheme
        self.scale = scale
        self._worn: Look | None = None
        if app.property("style") != STYLE:
            app.setStyle(STYLE)
            app.setProperty("style", STYLE)
        self._dress()
        app.styleHints().colorSchemeChanged.connect(self._follow)

    def choose(self, scheme: Scheme) -> None:
        """Switch to light, dark, or whatever the system shows."""
        if scheme is not self.scheme:
            self.scheme = scheme
            self._dress()

    def resize(self, scale: float) -> None:
        """Set the size of all letters, 1.0 being the system's; everything around them grows along."""
        if scale != self.scale:
            self.scale = scale
            self._dress()

    def flip(self) -> None:
        """Go from dark to light or back, whatever was chosen before."""
        self.choose(Scheme.LIGHT if look().colours.dark else Scheme.DARK)

    @property
    def dark(self) -> bool:
        if self.scheme is not Scheme.SYSTEM:
            return self.scheme is Scheme.DARK
        return self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def _follow(self) -> None:
        if self.scheme is Scheme.SYSTEM and self.dark is not look().colours.dark:
            self._dress()

    def _dress(self) -> None:
        # Window frames and native dialogs follow where the platform can; our own colours never depend on it.
        self._app.styleHints().setColorScheme(_QT_SCHEMES[self.scheme])
        worn = Look(DARK if self.dark else LIGHT, lettering(self.scale))
        if worn == self._worn:
            return  # The system shows what was chosen already; putting it on again would cost every widget.
        self._worn = worn
        wear(worn)
        self._app.setPalette(palette(worn.colours))
        self._app.setFont(worn.letters.font())
        self._app.setStyleSheet(sheet(worn))
        self.changed.emit()
