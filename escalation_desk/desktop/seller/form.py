"""The details of a seller: the declared fields in lines; what is typed is a draft until it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from escalation_desk.casework.fields import field_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller
from escalation_desk.desktop.case.edits import Edits, Unread
from escalation_desk.desktop.case.keeping import Keeper, drafts_of
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import Card, PlainLabel, button
from escalation_desk.desktop.seller.fields import Fields, form_fields
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from escalation_desk.desktop.case.boxes import Around
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work

_LINES: Final = (
    "shop_name",
    "legal_name",
    "external_ids",
    "segment+status",
    "risk",
    "risk_reason",
    "relationship_owner",
    "contact_every_days+account_manager",
    "contact_person",
    "phone",
    "email",
    "market+platform",
    "category+language",
    "city+time_zone",
    "since+creator",
    "parent",
    "tags",
)
_ELSEWHERE: Final = ("pinned_note",)
"""What has a place of its own on the page."""


class SellerForm(Card):
    """Shows and changes the fields of a seller."""

    dirty = Signal(bool)

    def __init__(self, frame: Frame, seller: str, around: Around) -> None:
        super().__init__()
        self._frame = frame
        self._seller = seller
        self._name = ""
        placed = {*_ELSEWHERE, *(name for line in _LINES for name in line.split("+"))}
        self.fields = Fields(Seller, (*_LINES, *form_fields(Seller, placed)), around)
        self.edits = Edits([cell.field for cell in self.fields.cells.values()])
        self.keeper = Keeper(drafts_of(frame.verbs), f"seller:{seller}", self.edits_to_keep, self)
        self.head = button(_("Details"), self.flip, kind="quiet", sign="right")
        self.sentence = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.ends = QWidget()
        self._lay_out()
        self.fields.edited.connect(self._edited)
        self.fields.left.connect(self.keeper.keep)
        self.unfold(unfolded=False)

    def arrive(self, seller: Seller) -> None:
        """Show what the desk holds now, except where somebody types."""
        self._name = seller.shop_name
        shown = self.edits.arrive({name: getattr(seller, name) for name in self.fields.cells})
        self.fields.show_values(shown)
        self._show_state()

    def restore(self, draft: Mapping[str, Any]) -> None:
        """Show a draft as it was left."""
        self.edits.restore(draft)
        self.fields.show_values(self.edits.typed)
        self.keeper.began_with(dict(draft))
        self.unfold(unfolded=True)
        self._show_state()

    def edits_to_keep(self) -> dict[str, Any] | None:
        return self.edits.draft() or None

    def unfold(self, *, unfolded: bool) -> None:
        self.fields.setVisible(unfolded)
        self.head.setIcon(icon("down" if unfolded else "right"))
        self.head.setAccessibleDescription(_("unfolded") if unfolded else _("folded"))

    def flip(self) -> None:
        self.unfold(unfolded=self.fields.isHidden())

    def save(self) -> None:
        """Write what was typed as one entry; refused where somebody else was faster."""
        typed = dict(self.edits.typed)
        unread = {name: held.sentence for name, held in typed.items() if isinstance(held, Unread)}
        self.fields.refuse(unread)
        if unread or not typed:
            return
        bases = {name: self.edits.base.get(name) for name in typed}
        labels = ", ".join(_(field_of(Seller, name).label) for name in typed)

        def operate(work: Work) -> None:
            seller = work.get(Seller, self._seller)
            for name, value in typed.items():
                if getattr(seller, name) not in (bases[name], value):
                    raise Refused(_(_FASTER, field=_(field_of(Seller, name).label)))
                setattr(seller, name, value)

        def done(_nothing: None) -> None:
            self.edits.arrive(typed)
            self.keeper.keep()
            self._show_state()

        self._frame.verbs.do(
            N_("Change {fields} of {seller}"), operate, done, refused=self._refuse, fields=labels, seller=self._name
        )

    def discard(self) -> None:
        """Give all typed values up."""
        for name in list(self.edits.typed):
            self.edits.forget(name)
        self.fields.show_values(self.edits.base)
        self.fields.refuse({})
        self.keeper.keep()
        self._show_state()

    def flush(self) -> None:
        self.keeper.keep()

    def _edited(self, name: str) -> None:
        self.edits.type(name, self.fields.value(name))
        self.keeper.touch()
        self._show_state()

    def _refuse(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.show()

    def _show_state(self) -> None:
        for name, cell in self.fields.cells.items():
            cell.mark(touched=name in self.edits.typed)
        self.ends.setVisible(bool(self.edits))
        if not self.edits:
            self.sentence.hide()
        self.dirty.emit(bool(self.edits))

    def _lay_out(self) -> None:
        self.setAccessibleName(_("Details"))
        row = QHBoxLayout(self.ends)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.sentence, 1)
        row.addStretch()
        row.addWidget(button(_("Discard"), self.discard, kind="quiet"))
        row.addWidget(button(_("Save"), self.save, kind="first"))
        self.sentence.hide()
        top = QHBoxLayout()
        top.addWidget(self.head)
        top.addStretch()
        self.body.addLayout(top)
        self.body.addWidget(self.fields)
        self.body.addWidget(self.ends)


_FASTER: Final = N_("“{field}” was changed by somebody else just now; look at it, then save again.")
