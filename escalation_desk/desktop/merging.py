"""Two sellers or requesters become one: who is meant, what would move, where the two differ; and two again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from escalation_desk.casework.fields import field_of
from escalation_desk.casework.masking import mask_contact
from escalation_desk.casework.people import Party
from escalation_desk.casework.seller import Seller
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, Question, SearchField, button, visible
from escalation_desk.desktop.plain.sentences import Sentences
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal import merging, reading
from escalation_desk.journal.searching import search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.merging import Preview
    from escalation_desk.journal.work import Work

    Same = Seller | Party

_ID = int(Qt.ItemDataRole.UserRole)
_MOST = 12
# kind: what is asked, where one looks, what the list is called
_WORDS: Final = {
    Seller: (N_("Which shop is the same as {name}?"), N_("Name, shop id, phone or email"), N_("Shops")),
    Party: (N_("Which requester is the same as {name}?"), N_("Name, id, phone or email"), N_("Requesters")),
}


class MergeDialog(Question):
    """Merges another one into this one. Nothing happens before it is looked at."""

    def __init__(self, frame: Frame, into: Same) -> None:
        question, where, name = _WORDS[type(into)]
        super().__init__(
            frame.window(),
            _(question, name=into.name),
            _("It becomes another name of {name}. You can take that apart at any time.", name=into.name),
            sign="merge",
            tone=Tone.ACCENT,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._frame = frame
        self._into = into
        self._asked = ""
        self._known: dict[str, Same] = {}
        self.search = SearchField(_(where))
        self.list = QListWidget()
        self.list.setAccessibleName(_(name))
        self.list.setFixedHeight(look().letters.px(9))
        self.setMinimumWidth(look().letters.px(38))
        self.shown = Sentences()
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
        kind: type[Any] = type(into)

        def read(made: Connection) -> tuple[str, list[Same]]:
            if not text.strip():
                return text, merging.same_perhaps(made, kind, into)
            hits = search(made, text, kinds=(kind.kind,), limit=_MOST)
            return text, reading.several(made, kind, [hit.record for hit in hits])

        self._frame.verbs.ask(read, self._offer)

    def _offer(self, found: tuple[str, Sequence[Same]]) -> None:
        text, others = found
        if text != self._asked:
            return  # Somebody has typed on since.
        self.list.clear()
        self._known = {one.id: one for one in others if one.id != self._into.id and not one.merged_into}
        for one in self._known.values():
            item = QListWidgetItem(" · ".join(filter(None, _marks_of(one))), self.list)
            item.setData(_ID, one.id)
        if text and self.list.count():
            self.list.setCurrentRow(0)

    def _look(self, item: QListWidgetItem | None, _before: Any = None) -> None:
        self.yes.setEnabled(False)
        self.shown.say([])
        if item is None:
            return
        source, into = str(item.data(_ID)), self._into.id

        def show(preview: Preview) -> None:
            if self.chosen() == source:
                self.shown.say(told(preview, self._known[source], self._into))
                self.yes.setEnabled(True)

        def refuse(sentence: str) -> None:
            if self.chosen() == source:
                self.shown.say([sentence])

        kind: type[Any] = type(self._into)
        self._frame.verbs.ask(lambda made: merging.preview(made, kind, source, into), show, refused=refuse)

    def _merge(self) -> None:
        source, into = self.chosen(), self._into
        kind: type[Any] = type(into)

        def operate(work: Work) -> None:
            merging.merge(work, kind, source, into.id)

        name = self._known[source].name
        self._frame.verbs.do(N_("Merge {source} into {target}"), operate, source=name, target=into.name)


def _marks_of(one: Same) -> tuple[str, ...]:
    """Say what tells one from another of the same name; contacts stay masked, for others look over the shoulder."""
    ids = ", ".join(sorted(one.external_ids))
    if isinstance(one, Seller):
        return visible(one.shop_name), _(one.platform.label), ids
    return visible(one.display_name), _(one.party_kind.label), ids, mask_contact(one.phone or one.email or "")


def told(preview: Preview, source: Same, into: Same) -> list[str]:
    """Say what a merge would do, in sentences."""
    sentences = [
        n_(
            "{n} case moves to {name} ({live} live).",
            "{n} cases move to {name} ({live} live).",
            preview.cases,
            name=into.name,
            live=preview.live,
        )
    ]
    if isinstance(source, Seller) and isinstance(into, Seller):
        sentences += _told_of_sellers(preview, source, into)
    if preview.differences:
        fields = ", ".join(_(field_of(type(source), name).label) for name, _mine, _theirs in preview.differences)
        sentences.append(_("{name} keeps its own: {fields}.", name=into.name, fields=fields))
    return sentences


def _told_of_sellers(preview: Preview, source: Seller, into: Seller) -> list[str]:
    sentences = []
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
    return sentences


def alias_line(frame: Frame, into: Same, alias: Same) -> QWidget:
    """Name what was merged into somebody, with the way to take it apart."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look().letters.tight)
    name = " · ".join(filter(None, (visible(alias.name), ", ".join(sorted(alias.external_ids)))))
    row.addWidget(PlainLabel(_("Also: {name}", name=name), wrap=True).selectable(), 1)
    apart = button(_("Take apart"), lambda: _take_apart(frame, into, alias), kind="link")
    apart.setAccessibleName(_("Take {source} apart from {target}", source=alias.name, target=into.name))
    row.addWidget(apart)
    return holder


def _take_apart(frame: Frame, into: Same, alias: Same) -> None:
    kind: type[Any] = type(alias)

    def operate(work: Work) -> None:
        merging.unmerge(work, kind, alias.id)

    frame.verbs.do(N_("Take {source} apart from {target}"), operate, source=alias.name, target=into.name)
