"""Questions and tellings that stop the work: plain text, and buttons that say what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain.editors import PlainEditor
from escalation_desk.desktop.plain.labels import PlainLabel
from escalation_desk.desktop.plain.pieces import Sign, button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton


class Question(QDialog):
    """A sentence, perhaps some detail, and one or two buttons; Esc is the harmless one."""

    def __init__(self, parent: QWidget | None, sentence: str, detail: str = "", *, sign: str, tone: Tone) -> None:
        super().__init__(parent)
        letters = look().letters
        self.setWindowTitle(_("Escalation Desk"))
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(detail)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        outer.setSpacing(letters.page)
        self._words = QVBoxLayout()
        self._words.setSpacing(letters.gap)
        top = QHBoxLayout()
        top.setSpacing(letters.wide)
        top.addWidget(_lifted(Sign(sign, 1.6, tone)))
        top.addLayout(self._words, 1)
        outer.addLayout(top)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(letters.gap)
        self.buttons.addStretch()
        outer.addLayout(self.buttons)
        self._add_words(sentence, Role.HEADING)
        if detail:
            self._add_words(detail, Role.BODY)

    def _add_words(self, text: str, role: Role) -> None:
        label = PlainLabel(text, role, wrap=True)
        label.setMinimumWidth(look().letters.px(26))
        self._words.addWidget(label.selectable())

    def show_whole(self, text: str) -> None:
        """Add a long text in a box of its own that scrolls and can be copied."""
        box = PlainEditor(lines=8, name=_("Details"))
        box.set_text(text)
        box.setReadOnly(True)
        self._words.addWidget(box)

    def add_button(self, made: QPushButton, *, accept: bool, default: bool) -> None:
        made.clicked.connect(self.accept if accept else self.reject)
        made.setAutoDefault(default)
        made.setDefault(default)
        self.buttons.addWidget(made)
        if default:
            made.setFocus()


def ask_yes_no(
    parent: QWidget | None, question: str, detail: str = "", *, yes: str, no: str = "", danger: bool = False
) -> bool:
    """Ask, with buttons named after what they do; for a dangerous act Enter does the harmless thing."""
    sign, tone = ("alert", Tone.BAD) if danger else ("help", Tone.ACCENT)
    asked = Question(parent, question, detail, sign=sign, tone=tone)
    asked.add_button(button(no or _("Cancel")), accept=False, default=danger)
    asked.add_button(button(yes, kind="danger" if danger else "first"), accept=True, default=not danger)
    return asked.exec() == QDialog.DialogCode.Accepted


def tell(parent: QWidget | None, sentence: str, detail: str = "", *, tone: Tone = Tone.ACCENT, whole: str = "") -> None:
    """Tell one thing and wait until it was read; `whole` is long text that can be copied."""
    sign = {Tone.BAD: "refused", Tone.WARN: "alert", Tone.GOOD: "check"}.get(tone, "info")
    told = Question(parent, sentence, detail, sign=sign, tone=tone)
    if whole:
        told.show_whole(whole)
    told.add_button(button(_("Close"), kind="first"), accept=True, default=True)
    told.exec()


def _lifted(sign: Sign) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(sign)
    column.addStretch()
    return holder
