"""Asks how case summaries shall leave: as Word, as PDF or on paper, in which language, with how much in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.papers import doing, paper
from escalation_desk.desktop.papers.privacy import PrivacyBox
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainLabel, button, literal
from escalation_desk.desktop.printing import write_pdf
from escalation_desk.documents.case_summary import Form
from escalation_desk.documents.leaving import export_cases as write_word
from escalation_desk.i18n import LANGUAGES, N_, _, language, n_
from escalation_desk.intake.beside import beside
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from escalation_desk.casework.desk import ExportRecord
    from escalation_desk.desktop.pages import Frame, Progress
    from escalation_desk.journal.connection import Connection

_KEPT: Final = "papers.cases"


@dataclass(frozen=True, slots=True)
class _Option:
    """A part of the summary that is in it or not: a field of Form, how it is asked for."""

    name: str
    label: str
    first: bool
    long: bool = True  # Only the long form has it.


_OPTIONS: Final = (
    _Option("internal", N_("Internal notes"), first=False),
    _Option("messages", N_("Messages with the requester"), first=True),
    _Option("pictures", N_("Pictures where they were pasted"), first=True),
    _Option("annex", N_("Pictures once more, large, at the end"), first=False),
    _Option("automatic", N_("Changes that the program made by itself"), first=False),
    _Option("signatures", N_("Room for signatures"), first=False, long=False),
)


def export_cases(frame: Frame, ids: Sequence[str]) -> None:
    """Ask how, then write case summaries as Word or PDF."""
    _open(frame, ids, first="word")


def print_cases(frame: Frame, ids: Sequence[str]) -> None:
    """Ask how, then show how the pages will look and print them."""
    _open(frame, ids, first="print")


def _open(frame: Frame, ids: Sequence[str], first: str) -> None:
    def show(numbers: dict[str, str]) -> None:
        here = [one for one in ids if one in numbers]
        if here:
            CasesDialog(frame, here, numbers[here[0]], first).open()

    def look_up(made: Connection) -> dict[str, str]:
        return reading.names(made, Case.kind, ids)

    frame.verbs.ask(look_up, show)


class CasesDialog(QDialog):
    """One page: what is in it, for whom, and three ways out."""

    def __init__(self, frame: Frame, ids: Sequence[str], number: str, first: str) -> None:
        super().__init__(frame.window())
        self._frame = frame
        self._ids = list(ids)
        self._subject = number if len(ids) == 1 else n_("{n} case", "{n} cases", len(ids))
        kept: Any = frame.kept.get(_KEPT) or {}
        self.length = Pick(
            [(_("Everything"), True), (_("First page only"), False)], kept.get("long", True), name=_("Length")
        )
        self.language = Pick(
            [(name, code) for code, name in LANGUAGES.items()], kept.get("language", language()), name=_("Language")
        )
        self.options = {option.name: _tick(option, kept) for option in _OPTIONS}
        self.privacy = PrivacyBox(frame.verbs.me)
        self.word = button(
            _("Save as Word…"), self._save_word, kind="first" if first == "word" else "", sign="export word"
        )
        self.pdf = button(_("Save as PDF…"), self._save_pdf)
        self.print = button(_("Print…"), self._print, kind="first" if first == "print" else "", sign="print")
        self._lay_out(self.word if first == "word" else self.print)
        self.length.picked.connect(self._follow)
        self.privacy.changed.connect(self._follow)
        self._follow()

    def form(self) -> Form:
        """Say what was chosen."""
        chosen = {name: tick.isChecked() for name, tick in self.options.items()}
        return Form(
            language=self.language.value(),
            long=self.length.value(),
            full_personal_data=self.privacy.full,
            **chosen,
        )

    # Three ways out

    def _save_word(self) -> None:
        path = doing.ask_where(self._frame, _("Save as Word"), self._named(".docx"), _("Word documents (*.docx)"))
        if path:
            self.write_to(path, write_word)

    def _save_pdf(self) -> None:
        path = doing.ask_where(self._frame, _("Save as PDF"), self._named(".pdf"), _("PDF documents (*.pdf)"))
        if path:
            self.write_to(path, write_pdf)

    def write_to(self, path: Path, write: Any) -> None:
        """Write the file beside the window, by one of the two ways there are."""
        frame, ids, form, leave = self._frame, self._ids, self.form(), self.privacy.leave()

        def work(strip: Progress) -> ExportRecord:
            # Pages are drawn by the window's own Qt; everything else is done by another process.
            done = write if write is write_pdf else _beside(write)
            record: ExportRecord = done(
                frame.verbs.journal, ids, path, form, leave, progress=strip.at, cancelled=lambda: strip.cancelled
            )
            return record

        doing.beside(
            frame,
            _("Writing {file}", file=path.name),
            work,
            lambda record: frame.tell(_("{file} is written and logged as {number}.", file=path, number=record.name)),
        )
        self._close()

    def _print(self) -> None:
        paper.print_cases(self._frame, self._ids, self.form(), self.privacy.leave())
        self._close()

    def _named(self, suffix: str) -> str:
        return doing.file_name(self._frame, _("Case summary"), self._subject, suffix)

    def _close(self) -> None:
        form = self.form()
        kept = {option.name: getattr(form, option.name) for option in _OPTIONS}
        self._frame.kept.put(_KEPT, kept | {"long": form.long, "language": form.language})
        self.accept()

    # What is shown

    def _follow(self) -> None:
        for option in _OPTIONS:
            self.options[option.name].setEnabled(self.length.value() or not option.long)
        for way in (self.word, self.pdf, self.print):
            way.setEnabled(self.privacy.complete)

    def _lay_out(self, first: Any) -> None:
        letters = look().letters
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Case summary"))
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(_("Case summary: {subject}", subject=self._subject), Role.HEADING))
        form = QFormLayout()
        form.setHorizontalSpacing(letters.page)
        form.setVerticalSpacing(letters.gap)
        ticks = QWidget()
        below = QVBoxLayout(ticks)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(letters.tight)
        for tick in self.options.values():
            below.addWidget(tick)
        for label, box in (
            (_("Length"), self.length),
            (_("With"), ticks),
            (_("Language"), self.language),
            (_("Personal data"), self.privacy),
        ):
            form.addRow(literal(label), box)
        column.addLayout(form)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(letters.gap)
        buttons.addWidget(button(_("Cancel"), self.reject))
        buttons.addStretch(1)
        for way in (self.print, self.pdf, self.word):
            way.setAutoDefault(way is first)
            way.setDefault(way is first)
            buttons.addWidget(way)
        column.addLayout(buttons)
        self.setMinimumWidth(letters.px(36))
        first.setFocus()


def _tick(option: _Option, kept: Any) -> QCheckBox:
    made = QCheckBox(literal(_(option.label)))
    made.setChecked(bool(kept.get(option.name, option.first)))
    return made


def _beside(write: Callable[..., ExportRecord]) -> Callable[..., ExportRecord]:
    return lambda journal, *args, **said: beside(journal, write, *args, **said)
