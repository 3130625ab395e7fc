"""Two sellers become one: who is meant, what would move and what stays, where the two differ; then one entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from escalation_desk.casework.fields import field_of
from escalation_desk.casework.seller import Seller
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, Question, SearchField, button, visible
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal import merging, reading
from escalation_desk.journal.searching import search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.merging import Preview
    from escalation_desk.journal.work import Work

_ID = int(Qt.ItemDataRole.UserRole)
_MOST = 12


class MergeDialog(Question):
    """Merges another seller into this one. Nothing happens before it is looked at."""

    def __init__(self, frame: Frame, into: Seller) -> None:
        super().__init__(
            frame.window(),
            _("Which shop is the same as {seller}?", seller=into.shop_name),
            _("It becomes another name of {seller}. You can take that apart at any time.", seller=into.shop_name),
            sign="merge",
            tone=Tone.ACCENT,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._frame = frame
        self._into = into
        self._asked = ""
        self._known: dict[str, Seller] = {}
        self.search = SearchField(_("Name, shop id, phone or email"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Shops"))
        self.list.setFixedHeight(look().letters.px(9))
        self.setMinimumWidth(look().letters.px(38))
        self.shown = QWidget()
        self._facts = QVBoxLayout(self.shown)
        self._facts.setContentsMargins(0, 0, 0, 0)
        self._facts.setSpacing(look().letters.px(0.2))
        for part in (self.search, self.list, self.shown):
            self._words.addWidget(part)
        self.add_button(button(_("Cancel")), accept=False, default=False)
        self.yes = button(_("Merge"), kind="first")
        self.add_button(self.yes, accept=True, default=False)
        self.yes.setEnabled(False)
        self.search.textChanged.connect(self._ask)
        self.list.currentItemChanged.connect(self._look)
        self.accepted.connect(self._merge)
        self._ask("")
        self.search.setFocus()

    def chosen(self) -> str:
        item = self.list.currentItem()
        return str(item.data(_ID)) if self.list.currentRow() >= 0 else ""

    def _ask(self, text: str) -> None:
        self._asked = text
        into = self._into

        def read(made: Connection) -> tuple[str, list[Seller]]:
            if not text.strip():
                return text, merging.same_perhaps(made, Seller, into)
            hits = search(made, text, kinds=("seller",), limit=_MOST)
            return text, reading.several(made, Seller, [hit.record for hit in hits])

        self._frame.verbs.ask(read, self._offer)

    def _offer(self, found: tuple[str, Sequence[Seller]]) -> None:
        text, sellers = found
        if text != self._asked:
            return  # Somebody has typed on since.
        self.list.clear()
        self._known = {one.id: one for one in sellers if one.id != self._into.id}
        for one in self._known.values():
            where = " · ".join((visible(one.shop_name), _(one.platform.label), ", ".join(sorted(one.external_ids))))
            item = QListWidgetItem(where.rstrip(" ·"), self.list)
            item.setData(_ID, one.id)
        if text and self.list.count():
            self.list.setCurrentRow(0)

    def _look(self, item: QListWidgetItem | None, _before: Any = None) -> None:
        self.yes.setEnabled(False)
        self._say([])
        if item is None:
            return
        source, into = str(item.data(_ID)), self._into.id

        def show(preview: Preview) -> None:
            if self.chosen() == source:
                self._say(told(preview, self._known[source], self._into))
                self.yes.setEnabled(True)

        def refuse(sentence: str) -> None:
            if self.chosen() == source:
                self._say([sentence])

        self._frame.verbs.ask(lambda made: merging.preview(made, Seller, source, into), show, refused=refuse)

    def _say(self, sentences: Sequence[str]) -> None:
        while self._facts.count():
            taken = self._facts.takeAt(0)
            widget = taken.widget() if taken else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, sentence in enumerate(sentences):
            self._facts.addWidget(PlainLabel(sentence, Role.STRONG if at == 0 else Role.BODY, wrap=True))
        QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        """Make room for the sentences; the dialog never gets smaller under somebody's hands."""
        self.resize(self.width(), max(self.height(), self.heightForWidth(self.width()), self.sizeHint().height()))

    def _merge(self) -> None:
        source, into = self.chosen(), self._into
        name = self._known[source].shop_name

        def operate(work: Work) -> None:
            merging.merge(work, Seller, source, into.id)

        self._frame.verbs.do(N_("Merge {source} into {target}"), operate, source=name, target=into.shop_name)


def told(preview: Preview, source: Seller, into: Seller) -> list[str]:
    """Say what a merge would do, in sentences."""
    sentences = [
        n_(
            "{n} case moves to {seller} ({live} live).",
            "{n} cases move to {seller} ({live} live).",
            preview.cases,
            seller=into.shop_name,
            live=preview.live,
        )
    ]
    if preview.shops:
        sentences.append(
            n_("{n} shop that belongs to it moves along.", "{n} shops that belong to it move along.", preview.shops)
        )
    sentences.append(
        _(
            "{notes} notes and {promises} promises stay under “{source}” and are shown here too.",
            notes=preview.notes,
            promises=preview.promises,
            source=source.shop_name,
        )
    )
    if source.pinned_note and not into.pinned_note:
        sentences.append(_("Its pinned note is taken over, because there is none here."))
    if preview.differences:
        fields = ", ".join(_(field_of(Seller, name).label) for name, _mine, _theirs in preview.differences)
        sentences.append(_("{seller} keeps its own: {fields}.", seller=into.shop_name, fields=fields))
    return sentences
