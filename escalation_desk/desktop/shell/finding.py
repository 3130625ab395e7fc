"""Fetches the pages that other parts of the window make, when somebody first wants them: the start waits for none."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from escalation_desk.desktop.pages import Frame

_ROOM = "escalation_desk.desktop."
_PAGES = {"case": ("case.editor", "CaseEditor"), "seller": ("seller.page", "SellerPage")}
_PLACES = {"sellers": ("seller.list", "SellersPlace"), "follow-ups": ("seller.follow_ups", "FollowUpsPlace")}


def page_for(frame: Frame, key: str) -> QWidget | None:
    """Make the page for a tab: `case:…` or `seller:…`."""
    kind, _colon, record = key.partition(":")
    made = _fetch(*_PAGES[kind])
    return made(frame, record) if made else None


def place_for(frame: Frame, code: str) -> QWidget | None:
    made = _fetch(*_PLACES[code])
    return made(frame) if made else None


def is_there(code: str) -> bool:
    """Tell whether a place exists, without loading it."""
    module = _PLACES[code][0]
    return _exists(module.partition(".")[0]) and _exists(module)


def _fetch(module: str, name: str) -> Any:
    if not (_exists(module.partition(".")[0]) and _exists(module)):
        return None
    return getattr(importlib.import_module(_ROOM + module), name)


def _exists(module: str) -> bool:
    return importlib.util.find_spec(_ROOM + module) is not None
