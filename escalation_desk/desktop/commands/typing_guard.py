"""Keeps keys from being commands while somebody writes: letters in text fields, and all keys while a word is composed.

And the other way round: Alt with a letter is a command and never a letter, which Qt would write on Linux and Windows.

It watches the widget that has the focus and no other: a filter over the whole program would run for every event.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

_WITH_TEXT = {
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.KeypadModifier,
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier,
}


# There Option with a letter is how people write ø and ß.
_LETTERS = sys.platform != "darwin"


class TypingGuard(QObject):
    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.composing = False
        app.focusChanged.connect(self._watch)
        self._watch(None, app.focusWidget())

    def _watch(self, old: QWidget | None, new: QWidget | None) -> None:
        self.composing = False
        if old is not None:
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QInputMethodEvent):
            self.composing = bool(event.preeditString())
        elif (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._writes(watched, event)
        ):
            # An accepted override is an ordinary key press: the field gets it, no command does.
            event.accept()
            return True
        elif event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._commands(watched, event):
            # Not for the field, so the page around it is asked next.
            event.ignore()
            return True
        return False

    def _commands(self, watched: QObject, event: QKeyEvent) -> bool:
        return (
            event.modifiers() == Qt.KeyboardModifier.AltModifier
            and _LETTERS
            and not self.composing
            and event.text().isprintable()
            and bool(event.text())
            and _takes_text(watched)
        )

    def _writes(self, watched: QObject, event: QKeyEvent) -> bool:
        if self.composing:
            return True
        return (
            _takes_text(watched)
            and event.text().isprintable()
            and bool(event.text())
            and event.modifiers() in _WITH_TEXT
        )


def _takes_text(widget: QObject) -> bool:
    # Lists say that they take text for the editors they might open; those have the focus themselves while open.
    if not isinstance(widget, QWidget) or isinstance(widget, QAbstractItemView):
        return False
    return widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
