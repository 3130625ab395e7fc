"""The one box: asks while somebody types, one question at a time, and shows only answers to what stands there now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import SearchField
from escalation_desk.desktop.search.lines import AGAIN, LIST, Line, lines_before, lines_of
from escalation_desk.desktop.search.panel import ResultPanel
from escalation_desk.i18n import _
from escalation_desk.journal.asking import answer

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection

_PAUSE: Final = 60
_REMEMBERED: Final = 8
_STEPS: Final = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 6,
    Qt.Key.Key_PageUp: -6,
}
_ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
# Menus, input methods' windows and other programs take the focus and give it back.
_FOCUS_COMES_BACK: Final = {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}


class SearchBox(QWidget):
    """Cases, sellers, requesters, messages, notes, numbers, names of files: all in one place, by keyboard alone."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._asking = False
        self._answered = ""
        self._enter = False
        self.field = SearchField(_("Search everything"))
        self.field.setAccessibleDescription(_("Arrows choose, Enter opens, Esc leaves."))
        self.setFocusProxy(self.field)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.panel = ResultPanel(frame.window())
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field)
        self._pause.timeout.connect(self._ask)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.panel.chosen.connect(self._go)

    def sizeHint(self) -> QSize:
        return QSize(look().letters.px(28), self.field.sizeHint().height())

    def show_text(self, text: str) -> None:
        """Search for a text from elsewhere: the palette hands over what was typed there."""
        self.field.setText(text)
        self.field.setFocus()

    # Asking

    def _typed(self, text: str) -> None:
        self._enter = False
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._show_before()

    def _ask(self) -> None:
        """Ask for what stands there now; while one answer is still being found, wait for it."""
        text = self.field.text()
        if self._asking or not text.strip():
            return
        self._asking = True
        me, now = self._frame.verbs.me, self._frame.verbs.journal.now()
        clock = Clock.of(me, now)

        def question(made: Connection) -> tuple[str, list[Line]]:
            lines = lines_of(answer(made, text, me, now))
            return text, [replace(line, at=clock.short(line.at)) if line.at else line for line in lines]

        self._frame.verbs.ask(question, self._take, refused=self._fail)

    def _take(self, answered: tuple[str, list[Line]]) -> None:
        self._asking = False
        text, lines = answered
        if text != self.field.text():
            self._ask()  # Somebody has typed on since; this answer is to another question.
            return
        self._answered = text
        if self.field.hasFocus():
            self.panel.show_under(self, lines)
        if self._enter:
            self._enter = False
            self.panel.choose()

    def _fail(self, sentence: str) -> None:
        self._asking = False
        self.panel.show_under(self, [Line(sentence, sign="alert")])

    def _show_before(self) -> None:
        self._answered = ""
        if self.field.hasFocus():
            self.panel.show_under(self, lines_before(self._recent()))

    # Going

    def _go(self, line: Line) -> None:
        assert line.leads_to is not None  # noqa: S101 - the panel tells only what leads somewhere.
        kind, to = line.leads_to
        if kind == AGAIN:
            self.show_text(to)
            return
        self._remember(self.field.text().strip())
        self.leave()
        if kind == "case":
            self._frame.open_case(to)
        elif kind == "seller":
            self._frame.open_seller(to)
        elif kind == "party":
            name = line.text.partition(" · ")[0].replace('"', " ")
            self._frame.open_search(f'requester:"{name}"')
        elif kind == LIST:
            self._frame.open_search(to)
        elif kind == "article":
            # Few look for an article; whoever does waits for its sheet, not every search for all its modules.
            from escalation_desk.desktop.knowing.article_sheet import open_article

            open_article(self._frame, to)
        else:
            self._frame.open_place("follow-ups")

    def leave(self) -> None:
        """Put the panel away and give the keyboard back to the list or the case."""
        self.panel.hide()
        self.field.clearFocus()

    def _recent(self) -> list[str]:
        kept: Any = self._frame.kept.get("searches", [])
        return [text for text in kept if isinstance(text, str)][:_REMEMBERED]

    def _remember(self, text: str) -> None:
        if text:
            others = [one for one in self._recent() if one != text]
            self._frame.kept.put("searches", [text, *others][:_REMEMBERED])

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            self._focus(event)
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._wants(event):
            event.accept()
            return True
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._wants(event):
            self._press(Qt.Key(event.key()))
            return True
        return super().eventFilter(watched, event)

    def _focus(self, event: QFocusEvent) -> None:
        if event.gotFocus():
            if self.field.text().strip():
                self._pause.start()
            else:
                QTimer.singleShot(0, self, self._show_before)
        elif event.reason() not in _FOCUS_COMES_BACK:
            self.panel.hide()

    @staticmethod
    def _wants(event: QKeyEvent) -> bool:
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        return plain and (event.key() in _STEPS or event.key() in _ENTER or event.key() == Qt.Key.Key_Escape)

    def _press(self, key: Qt.Key) -> None:
        if key in _STEPS:
            self.panel.step(_STEPS[key])
        elif key in _ENTER:
            self._open()
        elif self.field.text():
            self.field.clear()
        else:
            self.leave()

    def _open(self) -> None:
        """Open what is chosen; where the answer is still on its way, as soon as it is there."""
        if self.panel.isVisible() and self._answered == self.field.text():
            self.panel.choose()
        elif self.field.text().strip():
            self._enter = True
            self._pause.stop()
            self._ask()
        elif self.panel.isVisible():
            self.panel.choose()
