"""Undo in a text field comes first; where the field has nothing to undo, the key undoes what was done at the desk.

It watches the widget that has the focus and no other, as the guard of typing does.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget


class TextUndo(QObject):
    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.focusChanged.connect(self._watch)

    def _watch(self, old: QWidget | None, new: QWidget | None) -> None:
        if isinstance(old, QLineEdit | QPlainTextEdit):
            old.removeEventFilter(self)
        if isinstance(new, QLineEdit | QPlainTextEdit):
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if event.matches(QKeySequence.StandardKey.Undo) and not _can(watched, undo=True):
            event.ignore()
            return True  # The field would keep the key for itself, and nothing would happen.
        if event.matches(QKeySequence.StandardKey.Redo) and not _can(watched, undo=False):
            event.ignore()
            return True
        return False


def _can(field: QObject, *, undo: bool) -> bool:
    if isinstance(field, QLineEdit):
        return bool(field.isUndoAvailable() if undo else field.isRedoAvailable())
    if isinstance(field, QPlainTextEdit):
        document = field.document()
        return bool(document.isUndoAvailable() if undo else document.isRedoAvailable())
    return False
