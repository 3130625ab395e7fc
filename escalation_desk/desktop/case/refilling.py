"""Cards that are written anew when what they show has changed, and only then; the focus stays where it was."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import Card

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Refilled(Card):
    """A card whose body is written anew."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._held: list[QWidget] = []
        self.body.setSpacing(look().letters.tight)

    def refill(self, widgets: Iterable[QWidget]) -> None:
        with focus_kept(self):
            for old in self._held:
                self.body.removeWidget(old)
                old.hide()
                old.deleteLater()
            self._held = list(widgets)
            for new in self._held:
                self.body.addWidget(new)


@contextmanager
def focus_kept(card: QWidget) -> Iterator[None]:
    """Give the focus back to the control of the same name: a minute passed, nobody pressed Tab."""
    before: QWidget | None = card.focusWidget()
    name = before.accessibleName() if before is not None and before.hasFocus() else ""
    yield
    if name:
        again = [one for one in card.findChildren(QWidget) if one.accessibleName() == name and one is not before]
        if again:
            again[-1].setFocus()
