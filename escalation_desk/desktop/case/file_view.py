"""Looks at a file of a case: a picture or a text is shown, everything else can only be saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from escalation_desk.desktop.case.pictures import FORMATS, Picture, decode
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import EmptyState, NameLabel, PlainEditor, PlainLabel, button, icon_button
from escalation_desk.i18n import _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QImage, QKeyEvent

    from escalation_desk.casework.timeline import Attachment
    from escalation_desk.desktop.verbs import Verbs
    from escalation_desk.journal.connection import Connection

_LARGEST: Final = 2_400
_TEXT: Final = 1_000_000
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: 1}


class FileView(QDialog):
    """One file at a time; the arrows go to the next one of the case."""

    def __init__(
        self,
        verbs: Verbs,
        files: Sequence[Attachment],
        first: Attachment,
        save_as: Callable[[Attachment], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Attachment"))
        self._verbs = verbs
        self._files = list(files)
        self._at = next((at for at, held in enumerate(files) if held.id == first.id), 0)
        self._save_as = save_as
        self.name = NameLabel("", Role.HEADING)
        self.count = PlainLabel("", Role.SMALL)
        self.picture = Picture()
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.text = PlainEditor(lines=20, name=_("Text of the file"))
        self.other = EmptyState("file", _("This kind of file is not shown here"), detail=_("Save a copy to use it."))
        self.stack = QStackedWidget()
        self._lay_out()
        self.resize(look().letters.px(58), look().letters.px(46))
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step:
            self._step(step)
        else:
            super().keyPressEvent(event)

    @property
    def current(self) -> Attachment:
        return self._files[self._at]

    def _step(self, files: int) -> None:
        self._at = (self._at + files) % len(self._files)
        self._show()

    def _show(self) -> None:
        held = self.current
        self.name.setText(held.file_name)
        self.count.setText(_("{n} of {all}", n=self._at + 1, all=len(self._files)))
        if held.media_type in FORMATS:
            self._read(
                lambda made: decode(reading.blob(made, held.sha256), held.media_type, _LARGEST), self._show_image
            )
        elif held.media_type.startswith("text/") and held.size <= _TEXT:
            self._read(lambda made: reading.blob(made, held.sha256).decode("utf-8", "replace"), self._show_text)
        else:
            self.stack.setCurrentWidget(self.other)

    def _read(self, read: Callable[[Connection], object], show: Callable[..., None]) -> None:
        at = self._at
        self._verbs.ask(
            read,
            lambda found: show(found) if at == self._at else None,
            refused=lambda _sentence: self.stack.setCurrentWidget(self.other),
            slow=True,
        )

    def _show_image(self, image: QImage) -> None:
        self.picture.show_image(image)
        self.picture.setAccessibleName(_("Picture: {name}", name=self.current.file_name))
        self.stack.setCurrentWidget(self.picture)
        self.picture.setFocus()

    def _show_text(self, text: str) -> None:
        self.text.set_text(text)
        self.text.setReadOnly(True)
        self.stack.setCurrentWidget(self.text)

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.wide, letters.wide, letters.wide, letters.wide)
        column.setSpacing(letters.gap)
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(self.count)
        if len(self._files) > 1:
            top.addWidget(icon_button("left", _("Previous file"), lambda: self._step(-1)))
            top.addWidget(icon_button("right", _("Next file"), lambda: self._step(1)))
        column.addLayout(top)
        for part in (self.other, self.picture, self.text):
            self.stack.addWidget(part)
        column.addWidget(self.stack, 1)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(button(_("Save a copy…"), lambda: self._save_as(self.current), sign="download"))
        foot.addWidget(button(_("Close"), self.accept, kind="first"))
        column.addLayout(foot)
