"""Fetches the pages that other parts of the window make, when somebody first wants them: the start waits for none.

The imports stand inside the functions for that reason; each part of the window is a few dozen modules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from escalation_desk.desktop.pages import Frame


def page_for(frame: Frame, key: str) -> QWidget | None:
    """Make the page for a tab: `case:…`, `seller:…` or `problem:…`; a key of another version makes none."""
    kind, _colon, record = key.partition(":")
    if kind == "case":
        from escalation_desk.desktop.case.editor import CaseEditor  # See the module.

        return CaseEditor(frame, record)
    if kind == "seller":
        from escalation_desk.desktop.seller.page import SellerPage  # See the module.

        return SellerPage(frame, record)
    if kind == "problem":
        from escalation_desk.desktop.problems.page import ProblemPage  # See the module.

        return ProblemPage(frame, record)
    return None


def place_for(frame: Frame, code: str) -> QWidget | None:
    """Make a place for the middle; a code of another version makes none."""
    if code == "today":
        from escalation_desk.desktop.today.place import TodayPlace  # See the module.

        return TodayPlace(frame)
    if code == "board":
        from escalation_desk.desktop.board.place import BoardPlace  # See the module.

        return BoardPlace(frame)
    if code == "sellers":
        from escalation_desk.desktop.seller.list import SellersPlace  # See the module.

        return SellersPlace(frame)
    if code == "follow-ups":
        from escalation_desk.desktop.seller.follow_ups import FollowUpsPlace  # See the module.

        return FollowUpsPlace(frame)
    return _place_beside(frame, code)


def _place_beside(frame: Frame, code: str) -> QWidget | None:
    if code in {"articles", "macros"}:
        return _place_of_words(frame, code)
    if code == "problems":
        from escalation_desk.desktop.problems.place import ProblemsPlace  # See the module.

        return ProblemsPlace(frame)
    if code == "contacts":
        from escalation_desk.desktop.contacts.place import ContactsPlace  # See the module.

        return ContactsPlace(frame)
    if code == "escalations":
        from escalation_desk.desktop.escalations.place import EscalationsPlace  # See the module.

        return EscalationsPlace(frame)
    if code == "sync" and frame.link.to is not None:
        from escalation_desk.desktop.sync.place import SyncPlace  # See the module.

        return SyncPlace(frame)
    return None


def _place_of_words(frame: Frame, code: str) -> QWidget:
    from escalation_desk.desktop.knowing.places import ArticlesPlace, MacrosPlace  # See the module.

    return ArticlesPlace(frame) if code == "articles" else MacrosPlace(frame)


def search_box(frame: Frame) -> QWidget:
    from escalation_desk.desktop.search.box import SearchBox  # See the module.

    return SearchBox(frame)
