"""The style sheet: what the palette cannot reach. Widgets ask for a look by property (`role`, `tone`, `kind`)."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING, Final

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.resources import folder

if TYPE_CHECKING:
    from escalation_desk.desktop.look.now import Look

_TONE: Final = Template("""
QLabel[tone="$tone"] { color: $ink; }
QFrame[kind="banner"][tone="$tone"] { background: $fill; border: 1px solid $rim; border-radius: ${radius}px; }
QFrame[kind="banner"][tone="$tone"] QLabel { color: $on_fill; background: transparent; }
QFrame[kind="banner"][tone="$tone"] QPushButton { color: $on_fill; font-weight: 600; }
QFrame[kind="banner"][tone="$tone"] QPushButton:hover, QFrame[kind="banner"][tone="$tone"] QToolButton:hover {
  background: $rim; }
""")


def sheet(look: Look) -> str:
    template = Template((folder("theme") / "sheet.qss").read_text(encoding="utf-8"))
    return template.substitute(_colours(look) | _lengths(look) | _marks(), tones=_tones(look))


def _marks() -> dict[str, str]:
    # A style sheet takes pictures from files only; their grey is readable on both schemes.
    return {name: (folder("icons") / "marks" / f"{name}.svg").as_posix() for name in ("down", "up", "tick", "dash")}


def _colours(look: Look) -> dict[str, str]:
    colours = look.colours
    names = (
        "window surface raised sunken line edge text muted faint accent accent_over on_accent accent_ink accent_soft "
        "selection hover danger danger_over off"
    )
    return {name: getattr(colours, name) for name in names.split()} | {
        "veil": "rgba(255, 255, 255, 18)" if colours.dark else "rgba(25, 30, 45, 15)",
        "menu_over": "rgba(255, 255, 255, 24)" if colours.dark else colours.hover,
        "ring": "#c3cdff" if colours.dark else "#16237a",
        "rim": colours.edge if colours.dark else colours.line,
        "tip": colours.raised if colours.dark else colours.text,
        "tip_text": colours.text if colours.dark else colours.surface,
    }


def _lengths(look: Look) -> dict[str, str]:
    letters = look.letters
    lengths = {
        "tight": letters.tight,
        "gap": letters.gap,
        "wide": letters.wide,
        "page": letters.page,
        "radius": letters.px(0.45),
        "small_radius": letters.px(0.32),
        "round": letters.px(0.7),
        "pad_y": letters.px(0.28),
        "pad_x": letters.px(0.95),
        "pad_y_in": letters.px(0.28) - 1,
        "pad_x_in": letters.px(0.95) - 1,
        "inner": letters.px(1.35),
        "mark": letters.px(0.95),
        "arrow": letters.px(1.6),
        "box": letters.px(1.05),
        "half_box": letters.px(1.05) // 2 + 1,
        "ring_width": letters.px(0.32),
        "dot": letters.px(1.05) - 2 * (letters.px(0.32) - 1),
        "head": letters.gap + letters.gutter,
        "gap_in": letters.gap + 2,
        "head_in": letters.gap + 3,  # Cells keep three pixels of Qt's own before their letters.
        # What a line of text has around its letters: padding, border, and two pixels of Qt's own.
        "title_out": letters.tight + 3,
        "icon": letters.icon,
        "bar": letters.px(0.85),
        "thumb": max(1, (letters.px(0.85) - 6) // 2),
    }
    sizes = {role.value: f"{letters.size(role):.2f}" for role in (Role.TITLE, Role.HEADING, Role.SMALL)}
    return (
        {name: str(px) for name, px in lengths.items()}
        | sizes
        | {
            "mono": letters.fixed_family,
            "mono_size": f"{letters.size(Role.MONO):.2f}",
        }
    )


def _tones(look: Look) -> str:
    return "\n".join(
        _TONE.substitute(tone=tone, radius=look.letters.px(0.5), **look.ink(tone)._asdict()) for tone in Tone
    )
