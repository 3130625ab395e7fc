"""Widgets that show plain text and nothing else: every text of a case, a seller or a file goes through these.

Questions and editors are loaded by whoever asks for them first: a window opens without.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.desktop.plain.characters import literal, pretends, tip_text, visible
from escalation_desk.desktop.plain.labels import ElidedLabel, NameLabel, PlainLabel, restyle, set_tip
from escalation_desk.desktop.plain.pieces import (
    Banner,
    Card,
    Chip,
    EmptyState,
    Rule,
    SearchField,
    Sign,
    button,
    icon_button,
    inset,
    own_viewport,
    paint_chip,
    resize_within,
)

if TYPE_CHECKING:
    from escalation_desk.desktop.plain.asking import Question, ask_yes_no, tell
    from escalation_desk.desktop.plain.editors import PlainEditor, fits_an_editor

__all__ = [
    "Banner",
    "Card",
    "Chip",
    "ElidedLabel",
    "EmptyState",
    "NameLabel",
    "PlainEditor",
    "PlainLabel",
    "Question",
    "Rule",
    "SearchField",
    "Sign",
    "ask_yes_no",
    "button",
    "fits_an_editor",
    "icon_button",
    "inset",
    "literal",
    "own_viewport",
    "paint_chip",
    "pretends",
    "resize_within",
    "restyle",
    "set_tip",
    "tell",
    "tip_text",
    "visible",
]

_ASKED_FOR: Final = {
    "Question": "asking",
    "ask_yes_no": "asking",
    "tell": "asking",
    "PlainEditor": "editors",
    "fits_an_editor": "editors",
}


def __getattr__(name: str) -> Any:
    if name not in _ASKED_FOR:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_ASKED_FOR[name]}"), name)
