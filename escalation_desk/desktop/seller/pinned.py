"""The pinned note of a seller: a banner here and on every case of the seller, changed in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller
from escalation_desk.desktop.case.keeping import Keeper, drafts_of
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainEditor, PlainLabel, Sign, button
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from typing import Any

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work


class PinnedNote(QFrame):
    """Shows the note; unpinned it only offers to pin one."""

    def __init__(self, frame: Frame, seller: str) -> None:
        super().__init__()
        self._frame = frame
        self._seller = seller
        self._base: str | None = None
        self._name = ""
        self.setProperty("kind", "banner")
        self.setProperty("tone", Tone.WARN.value)
        self.setAccessibleName(_("Pinned note"))
        self.text = PlainLabel("", wrap=True).selectable()
        self.editor = PlainEditor(lines=3, name=_("Pinned note"), hint=_("What everybody must know before they act"))
        self.keeper = Keeper(drafts_of(frame.verbs), f"pinned:{seller}", self._content, self)
        self.pin = button(_("Pin a note"), self.edit, kind="quiet", sign="pin")
        self.change = button(_("Change"), self.edit, kind="link")
        self.box = QWidget()
        self._lay_out()
        self.editor.textChanged.connect(self.keeper.touch)
        self._show()

    def arrive(self, seller: Seller) -> None:
        """Show what is pinned now; what is being typed stays, and whoever saves later is told."""
        self._name = seller.shop_name
        if self.editor.isHidden():
            self._base = seller.pinned_note
        self.text.setText(seller.pinned_note or "")
        self._show()

    def restore(self, content: dict[str, Any]) -> None:
        self.keeper.began_with(content)
        self.edit()
        self._base = content.get("base")
        self.editor.setPlainText(str(content.get("text", "")))

    def edit(self) -> None:
        self.editor.set_text(self._base or "")
        self._editing(editing=True)
        self.editor.setFocus()

    def save(self) -> None:
        text, base = self.editor.text().strip() or None, self._base
        if text == base:
            self.leave()
            return

        def operate(work: Work) -> None:
            seller = work.get(Seller, self._seller)
            if seller.pinned_note not in (base, text):
                raise Refused(_("Somebody pinned another note just now; look at it, then save again."))
            seller.pinned_note = text

        title = N_("Pin a note on {seller}") if text else N_("Unpin the note on {seller}")
        self._frame.verbs.do(title, operate, lambda _none: self._saved(text), seller=self._name)

    def leave(self) -> None:
        """Leave what is typed; the pinned note stays as it is."""
        self._editing(editing=False)
        self.keeper.keep()

    @property
    def writing(self) -> bool:
        return self._content() is not None

    def _saved(self, text: str | None) -> None:
        self._base = text
        self.text.setText(text or "")
        self.leave()

    def _content(self) -> dict[str, Any] | None:
        if self.editor.isHidden() or self.editor.text().strip() == (self._base or ""):
            return None
        return {"base": self._base, "text": self.editor.text()}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier and not self.editor.isHidden():
            self.save()
        elif event.key() == Qt.Key.Key_Escape and not self.editor.isHidden():
            self.leave()
        else:
            super().keyPressEvent(event)

    def _editing(self, *, editing: bool) -> None:
        self.editor.setVisible(editing)
        self.ends.setVisible(editing)
        self._show()

    def _show(self) -> None:
        editing, pinned = not self.editor.isHidden(), bool(self.text.text())
        self.text.setVisible(pinned and not editing)
        self.change.setVisible(pinned and not editing)
        self.box.setVisible(pinned or editing)
        self.pin.setVisible(not pinned and not editing)
        self.setProperty("kind", "banner" if pinned or editing else "")
        self.style().unpolish(self)
        self.style().polish(self)

    def _lay_out(self) -> None:
        letters = look().letters
        self.editor.hide()
        self.ends = QWidget()
        ends = QHBoxLayout(self.ends)
        ends.setContentsMargins(0, 0, 0, 0)
        ends.addWidget(PlainLabel(_("Shown on every case of this seller."), Role.SMALL), 1)
        ends.addWidget(button(_("Leave"), self.leave, kind="quiet"))
        ends.addWidget(button(_("Pin"), self.save, kind="first"))
        self.ends.hide()
        row = QHBoxLayout(self.box)
        row.setContentsMargins(letters.gap, letters.tight, letters.tight, letters.tight)
        row.addWidget(Sign("pin", 1.1, Tone.WARN), 0, Qt.AlignmentFlag.AlignTop)
        inner = QVBoxLayout()
        for part in (self.text, self.editor, self.ends):
            inner.addWidget(part)
        row.addLayout(inner, 1)
        row.addWidget(self.change, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.box)
        column.addWidget(self.pin, 0, Qt.AlignmentFlag.AlignLeft)
