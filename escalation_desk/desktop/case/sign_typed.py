"""Notices a sign such as `!!` while it is typed, and never while an input method is in the middle of a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.plain import PlainEditor


def on_sign(editor: PlainEditor, sign: str, act: Callable[[str], object]) -> None:
    """Take the sign out of the text as soon as it is typed, and hand over the line that stands before it."""

    def typed(_at: int, removed: int, added: int) -> None:
        if editor.composing or added - removed not in {1, 2} or not editor.hasFocus():
            return
        cursor = editor.textCursor()
        if cursor.block().text()[: cursor.positionInBlock()].endswith(sign):
            QTimer.singleShot(0, editor, taken)

    def taken() -> None:
        take_back(editor, sign)
        act(editor.textCursor().block().text().strip())

    editor.document().contentsChange.connect(typed)


def take_back(editor: PlainEditor, sign: str) -> None:
    """Delete a sign that stands before the cursor."""
    cursor = editor.textCursor()
    if cursor.position() < len(sign):
        return
    cursor.setPosition(cursor.position() - len(sign), cursor.MoveMode.KeepAnchor)
    if cursor.selectedText() == sign:
        cursor.removeSelectedText()
        editor.setTextCursor(cursor)
