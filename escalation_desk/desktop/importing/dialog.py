"""Imports a file in three steps: look what it holds, look what would change, do it. Nothing is written before that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from escalation_desk.casework.desk import ImportProfile
from escalation_desk.desktop.importing.columns import ColumnMap
from escalation_desk.desktop.importing.outcome import OutcomeView, in_a_sentence
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import ElidedLabel, PlainLabel, button
from escalation_desk.i18n import N_, _, n_
from escalation_desk.intake import naming, sources
from escalation_desk.intake.beside import beside
from escalation_desk.intake.bringing import bring_in, settle_columns
from escalation_desk.intake.child import Cancelled, in_child
from escalation_desk.intake.survey import survey
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.intake.planning import Outcome
    from escalation_desk.intake.survey import Survey
    from escalation_desk.journal.connection import Connection

T = TypeVar("T")
FILTER: Final = N_("Exports and tables (*.csv *.tsv *.txt *.xlsx *.xlsm *.json *.jsonl *.ndjson);;All files (*)")


def import_files(frame: Frame, paths: Sequence[Path]) -> None:
    """Import files one after the other; without any, ask for them."""
    if not paths:
        chosen, _filter = QFileDialog.getOpenFileNames(frame.window(), _("Import"), "", _(FILTER))
        paths = [Path(name) for name in chosen]
    if paths:
        dialog = ImportDialog(frame, paths[0])
        dialog.finished.connect(lambda _result: import_files(frame, paths[1:]) if paths[1:] else None)
        dialog.open()


class ImportDialog(QDialog):
    """One file. The pages: being looked at, its columns, what would change."""

    def __init__(self, frame: Frame, path: Path) -> None:
        super().__init__(frame.window())
        self._frame = frame
        self._path = path
        self._gone = False
        self._known = False
        self._profiles: dict[str, dict[str, str]] = {}
        self._tables: list[Survey] = []
        self.said = PlainLabel("", wrap=True)
        self.source = QComboBox()
        self.columns = ColumnMap()
        self.outcome = OutcomeView()
        self.steps = QStackedWidget()
        self.next = button(_("Look what would change"), self._look_ahead, kind="first")
        self._lay_out()
        self._begin()

    # First step: what is in it

    def _begin(self) -> None:
        path = self._path
        self._say(_("Reading the file…"))
        self.next.setEnabled(False)

        def look_over(made: Connection) -> tuple[list[Survey], dict[str, dict[str, str]]]:
            profiles = {one.source: dict(one.columns) for one in reading.all_of(made, ImportProfile)}
            return list(in_child(survey, path, cancelled=lambda: self._gone)), profiles

        self._frame.verbs.ask(
            lambda made: _stoppable(lambda: look_over(made)), self._show_columns, refused=self._refuse, slow=True
        )

    def _show_columns(self, found: tuple[list[Survey], dict[str, dict[str, str]]] | None) -> None:
        if found is None or self._gone:
            return
        self._tables, self._profiles = found
        if not self._tables:
            self._refuse(_("“{file}” has no rows.", file=self._path.name))
            return
        columns = tuple(column.name for column in self._tables[0].columns)
        recognised = sources.recognise(columns)
        self._known = recognised is not None
        self.source.blockSignals(True)
        if recognised:
            self.source.addItem(_(recognised.label), recognised.code)
        else:
            self.source.addItems(sorted(self._profiles))
            self.source.setEditable(True)
            self.source.setEditText(naming.usual_name(columns, self._profiles))
        self.source.blockSignals(False)
        self._show_source()
        self.next.setEnabled(True)

    def _show_source(self) -> None:
        """Show what a source makes of the columns."""
        rows = sum(table.total or 0 for table in self._tables)
        if self._known:
            self._say(
                _("This is an export of {source}; every column is known.", source=self.source.currentText())
                + (" " + n_("{n} row.", "{n} rows.", rows) if rows else "")
            )
            self.steps.setCurrentIndex(0)
            return
        self._say(_("Say which column is which. What you settle is remembered under the name of the source."))
        self.columns.show_tables(self._tables, self._profiles.get(self.source.currentText(), {}))
        self.steps.setCurrentIndex(1)

    # Second step: what would change

    def _look_ahead(self) -> None:
        self._say(_("Looking what would change…"))
        self.next.setEnabled(False)
        source = self._source()
        journal, path = self._frame.verbs.journal, self._path

        def look_on() -> Outcome:
            self._settle()
            return beside(journal, bring_in, path, source=source, dry_run=True, cancelled=lambda: self._gone)

        self._frame.verbs.beside(lambda: _stoppable(look_on), self._show_outcome, refused=self._refuse)

    def _source(self) -> str | None:
        return None if self._known else self.source.currentText().strip() or self._path.stem

    def _settle(self) -> None:
        """Remember the columns where a person has settled what the names do not say, or had settled before."""
        source = self._source()
        if source and (self.columns.differs() or source in self._profiles):
            settle_columns(self._frame.verbs.journal, source, self.columns.settled())

    def _show_outcome(self, outcome: Outcome | None) -> None:
        if outcome is None or self._gone:
            return
        self.outcome.show_outcome(outcome)
        self.steps.setCurrentIndex(2)
        self.next.setVisible(False)
        comes = outcome.created + outcome.updated
        self._import.setVisible(True)
        self._import.setEnabled(comes > 0)
        self._import.setDefault(True)
        self._say(
            _("This is what the import would do. It can be undone whole afterwards.")
            if comes
            else _("Nothing in this file is new.")
        )

    # Third step: do it

    def _do(self) -> None:
        journal, path, source, frame = self._frame.verbs.journal, self._path, self._source(), self._frame
        strip = frame.progress(_("Importing {file}", file=path.name))

        def work() -> Outcome:
            return beside(journal, bring_in, path, source=source, progress=strip.at, cancelled=lambda: strip.cancelled)

        def done(outcome: Outcome | None) -> None:
            strip.end()
            if outcome is None:
                frame.tell(_("The import was stopped; nothing of it stays."))
            else:
                frame.tell(in_a_sentence(path.name, outcome))

        def refused(sentence: str) -> None:
            strip.end()
            frame.tell(sentence, "refused")

        frame.verbs.beside(lambda: _stoppable(work), done, refused=refused)
        self.accept()

    def done(self, result: int) -> None:
        self._gone = True
        super().done(result)

    # Words and layout

    def _refuse(self, sentence: str) -> None:
        self._say(sentence, Tone.BAD)
        self.next.setEnabled(False)

    def _say(self, sentence: str, tone: Tone | None = None) -> None:
        self.said.setText(sentence)
        self.said.set_tone(tone)

    def _lay_out(self) -> None:
        letters = look().letters
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Import"))
        self.resize(letters.px(58), letters.px(42))
        self.source.setAccessibleName(_("Source"))
        self.source.currentIndexChanged.connect(lambda _at: self._show_source())
        top = QHBoxLayout()
        top.addWidget(ElidedLabel(self._path.name, Role.HEADING), 1)
        top.addWidget(PlainLabel(_("Source"), Role.MUTED))
        top.addWidget(self.source)
        self.source.setMinimumWidth(letters.px(16))
        for page in (QWidget(), self.columns, self.outcome):
            self.steps.addWidget(page)
        self._import = button(_("Import"), self._do, kind="first", sign="import")
        self._import.hide()
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for made in (button(_("Cancel"), self.reject), self.next, self._import):
            buttons.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addLayout(top)
        column.addWidget(self.said)
        column.addWidget(self.steps, 1)
        column.addLayout(buttons)


def _stoppable(task: Callable[[], T]) -> T | None:
    """Do something that a person may stop; None where they did."""
    try:
        return task()
    except Cancelled:
        return None
