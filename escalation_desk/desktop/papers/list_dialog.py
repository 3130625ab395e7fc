"""Asks how a list shall leave as Excel: which columns, in which language, personal data masked or in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QVBoxLayout

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.papers import doing
from escalation_desk.desktop.papers.privacy import PrivacyBox
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainLabel, button, literal
from escalation_desk.documents.leaving import export_list as write_list
from escalation_desk.i18n import LANGUAGES, _, language, n_
from escalation_desk.intake.beside import beside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from escalation_desk.casework.desk import ExportRecord
    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.desktop.pages import Frame, Progress

_KEPT: Final = "papers.list"


def export_list(frame: Frame, query: ListQuery, columns: Sequence[str], title: str) -> None:
    """Ask how, then write a list as Excel: all its rows, as they stand when it is written."""
    ListDialog(frame, query, columns, title).open()


class ListDialog(QDialog):
    """One page: the columns, the language, personal data."""

    def __init__(self, frame: Frame, query: ListQuery, columns: Sequence[str], title: str) -> None:
        super().__init__(frame.window())
        self._frame = frame
        self._query = query
        self._shown = list(columns)
        self._title = title
        self.columns = Pick(
            [(_("As shown in the list"), "shown"), (_("All that are made for a sheet"), "all")],
            frame.kept.get(_KEPT, "shown"),
            name=_("Columns"),
        )
        self.language = Pick([(name, code) for code, name in LANGUAGES.items()], language(), name=_("Language"))
        self.privacy = PrivacyBox(frame.verbs.me)
        self.save = button(_("Save as Excel…"), self._save, kind="first", sign="export excel")
        self._lay_out()
        self.privacy.changed.connect(self._follow)

    def _save(self) -> None:
        offered = doing.file_name(self._frame, _("List"), self._title, ".xlsx")
        path = doing.ask_where(self._frame, _("Save as Excel"), offered, _("Excel workbooks (*.xlsx)"))
        if path:
            self.write_to(path)

    def write_to(self, path: Path) -> None:
        """Write the workbook beside the window."""
        frame, query, title = self._frame, self._query, self._title
        names = self._shown if self.columns.value() == "shown" else None
        leave, spoken = self.privacy.leave(), self.language.value()

        def work(strip: Progress) -> ExportRecord:
            return beside(
                frame.verbs.journal,
                write_list,
                query,
                path,
                title,
                names=names,
                leave=leave,
                language_code=spoken,
                progress=strip.at,
                cancelled=lambda: strip.cancelled,
            )

        def told(record: ExportRecord) -> None:
            rows = n_("{n} row", "{n} rows", record.items)
            frame.tell(_("{file} is written and logged as {number}: {rows}.", file=path, number=record.name, rows=rows))

        doing.beside(frame, _("Writing {file}", file=path.name), work, told)
        frame.kept.put(_KEPT, self.columns.value())
        self.accept()

    def _follow(self) -> None:
        self.save.setEnabled(self.privacy.complete)

    def _lay_out(self) -> None:
        letters = look().letters
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("List as Excel"))
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(self._title, Role.HEADING))
        form = QFormLayout()
        form.setHorizontalSpacing(letters.page)
        form.setVerticalSpacing(letters.gap)
        form.addRow(literal(_("Columns")), self.columns)
        form.addRow(literal(_("Language")), self.language)
        form.addRow(literal(_("Personal data")), self.privacy)
        column.addLayout(form)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(letters.gap)
        buttons.addWidget(button(_("Cancel"), self.reject))
        buttons.addStretch(1)
        self.save.setDefault(True)
        buttons.addWidget(self.save)
        column.addLayout(buttons)
        self.setMinimumWidth(letters.px(32))
        self.save.setFocus()
