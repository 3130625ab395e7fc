"""Highlights what a macro left open in a text, by colour and underline, until it is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat

from escalation_desk.casework.macros import gaps
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPlainTextEdit


class GapMarks(QSyntaxHighlighter):
    def __init__(self, editor: QPlainTextEdit, names: frozenset[str] = frozenset()) -> None:
        super().__init__(editor.document())
        self._names = names

    def know(self, names: frozenset[str]) -> None:
        """Say which words in braces are places of macros."""
        if names != self._names:
            self._names = names
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name.
        if "{" not in text:
            return
        ink = look().ink(Tone.WARN)
        marked = QTextCharFormat()
        marked.setBackground(QColor(ink.fill))
        marked.setForeground(QColor(ink.on_fill))
        marked.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
        for gap in gaps(text, self._names):
            self.setFormat(gap.start, gap.end - gap.start, marked)
