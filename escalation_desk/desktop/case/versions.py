"""Earlier versions of a draft: what was written here before it was deleted, put or lost."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.writing import Writing
from escalation_desk.desktop.plain import literal
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from escalation_desk.desktop.case.composer import Composer
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.drafts import Draft


def offer_versions(frame: Frame, page: QWidget, composer: Composer, place: str, clock: Clock) -> None:
    """Show what was written in a place before; choosing one writes it where the cursor is."""

    def show(found: list[Draft]) -> None:
        menu = QMenu(page)
        writings = [(held, Writing.from_data(held.content)) for held in found]
        for held, writing in writings:
            if writing.text.strip():
                text = _("{when}: {text}", when=clock.short(held.at), text=one_line(writing.text, 60))
                menu.addAction(literal(text), partial(composer.editor.insert, writing.text))
        if menu.isEmpty():
            menu.addAction(literal(_("Nothing was written here before"))).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(composer.older.mapToGlobal(composer.older.rect().topLeft()))

    frame.verbs.ask(lambda _made: frame.verbs.journal.drafts.versions(place), show)
