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
_PLACES = {
    "today": ("today.place", "TodayPlace"),
    "sellers": ("seller.list", "SellersPlace"),
    "follow-ups": ("seller.follow_ups", "FollowUpsPlace"),
}


def page_for(frame: Frame, key: str) -> QWidget | None:
    """Make the page for a tab: `case:…` or `seller:…`."""
    kind, _colon, record = key.partition(":")
    made = _fetch(*_PAGES[kind]) if kind in _PAGES else None
    return made(frame, record) if made else None


def place_for(frame: Frame, code: str) -> QWidget | None:
    made = _fetch(*_PLACES[code]) if code in _PLACES else None
    return made(frame) if made else None


def search_box(frame: Frame) -> QWidget | None:
    made = _fetch("search.box", "SearchBox")
    return made(frame) if made else None


def is_there(code: str) -> bool:
    """Tell whether a place exists, without loading it."""
    return _exists(_PLACES[code][0])


def _fetch(module: str, name: str) -> Any:
    return getattr(importlib.import_module(_ROOM + module), name) if _exists(module) else None


def _exists(module: str) -> bool:
    package, _dot, _module = module.rpartition(".")
    if package and importlib.util.find_spec(_ROOM + package) is None:
        return False
    return importlib.util.find_spec(_ROOM + module) is not None
