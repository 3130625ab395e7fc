"""Widgets that show plain text and nothing else: every text of a case, a seller or a file goes through these."""

from escalation_desk.desktop.plain.asking import Question, ask_yes_no, tell
from escalation_desk.desktop.plain.characters import literal, pretends, tip_text, visible
from escalation_desk.desktop.plain.editors import PlainEditor, fits_an_editor
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
)

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
    "restyle",
    "set_tip",
    "tell",
    "tip_text",
    "visible",
]
