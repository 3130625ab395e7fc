"""The two sets of colours, light and dark, and the palette that Qt paints with."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtGui import QColor, QPalette


class Colours(NamedTuple):
    """One scheme: quiet surfaces, three weights of text, one accent."""

    dark: bool
    window: str
    surface: str
    raised: str
    sunken: str
    line: str
    edge: str
    text: str
    muted: str
    faint: str
    off: str
    accent: str
    accent_over: str
    on_accent: str
    accent_ink: str
    accent_soft: str
    selection: str
    selection_idle: str
    hover: str
    danger: str
    danger_over: str


LIGHT: Final = Colours(
    dark=False,
    window="#f5f6f8",
    surface="#ffffff",
    raised="#ffffff",
    sunken="#eceef2",
    line="#e3e6eb",
    edge="#c2c8d2",
    text="#191c22",
    muted="#525b69",
    faint="#667080",
    off="#a2a9b4",
    accent="#3b55d9",
    accent_over="#2f46bd",
    on_accent="#ffffff",
    accent_ink="#3049c4",
    accent_soft="#e9edfd",
    selection="#e4e9fd",
    selection_idle="#e9ebf0",
    hover="#eff1f5",
    danger="#b42318",
    danger_over="#951b12",
)

DARK: Final = Colours(
    dark=True,
    window="#14161a",
    surface="#1b1e24",
    raised="#252931",
    sunken="#101215",
    line="#2b2f38",
    edge="#434955",
    text="#e8eaee",
    muted="#a7aeba",
    faint="#8c95a3",
    off="#5f6672",
    accent="#4a62e3",
    accent_over="#3e54cc",
    on_accent="#ffffff",
    accent_ink="#a3b3ff",
    accent_soft="#242b4b",
    selection="#27315c",
    selection_idle="#2a2e37",
    hover="#23272f",
    danger="#c63a31",
    danger_over="#ad2f27",
)


def contrast(one: str, other: str) -> float:
    """Ratio of luminances after WCAG 2.2; text needs 4.5."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palette(colours: Colours) -> QPalette:
    made = QPalette()
    for role, colour in _roles(colours).items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.off))
    made.setColor(QPalette.ColorGroup.Inactive, QPalette.ColorRole.Highlight, QColor(colours.selection_idle))
    return made


def _roles(colours: Colours) -> dict[QPalette.ColorRole, str]:
    role = QPalette.ColorRole
    return {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.window,
        role.Text: colours.text,
        role.PlaceholderText: colours.faint,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.danger,
        role.ToolTipBase: colours.raised if colours.dark else colours.text,
        role.ToolTipText: colours.text if colours.dark else colours.surface,
        role.Link: colours.accent_ink,
        role.LinkVisited: colours.accent_ink,
        # A soft selection keeps the colours of the text over it, chips included.
        role.Highlight: colours.selection,
        role.HighlightedText: colours.text,
        role.Accent: colours.accent,
        role.Light: colours.raised,
        role.Midlight: colours.line,
        role.Mid: colours.edge,
        role.Dark: colours.edge,
        role.Shadow: colours.line,
    }


def _luminance(colour: str) -> float:
    made = QColor(colour)
    return 0.2126 * _linear(made.redF()) + 0.7152 * _linear(made.greenF()) + 0.0722 * _linear(made.blueF())


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
