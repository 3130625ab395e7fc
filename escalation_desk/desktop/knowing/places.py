"""The lists of articles and of macros."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.views import ARTICLE_VIEWS, MACRO_VIEWS
from escalation_desk.desktop.knowing.article_sheet import new_article, open_article
from escalation_desk.desktop.knowing.macro_sheet import new_macro, open_macro
from escalation_desk.desktop.knowing.procedure_sheet import open_procedures
from escalation_desk.desktop.plain import EmptyState, button
from escalation_desk.desktop.seller.records import RecordsPlace
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame

_SHOWS: Final = ("article", "macro", "user")


class ArticlesPlace(RecordsPlace):
    """The middle of the window while people look for answers."""

    icon: Final = "knowledge"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "article", ARTICLE_VIEWS, _("Articles"), _SHOWS)
        self.head.acts.addWidget(button(_("New article"), lambda: new_article(frame), sign="plus"))
        self.table.set_empty(
            EmptyState(
                "knowledge",
                _("No article here"),
                detail=_("Log a question and its answer from a case with Alt+W, or write one here."),
            )
        )

    def open_record(self, record: str) -> None:
        open_article(self._frame, record)


class MacrosPlace(RecordsPlace):
    """The middle of the window while people write macros."""

    icon: Final = "macro"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "macro", MACRO_VIEWS, _("Macros"), _SHOWS)
        self.head.acts.addWidget(button(_("Procedures…"), lambda: open_procedures(frame)))
        self.head.acts.addWidget(button(_("New macro"), lambda: new_macro(frame), sign="plus"))
        self.table.set_empty(
            EmptyState("macro", _("No macro here"), detail=_("Write down what you write or do again and again."))
        )

    def open_record(self, record: str) -> None:
        open_macro(self._frame, record)
