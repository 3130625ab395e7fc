"""What stands under the head for a while: a seller's pinned note, an offer, somebody else's change of what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import field_of
from escalation_desk.desktop.case.notices import Notice, Notices
from escalation_desk.desktop.case.values import said
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.i18n import _
from escalation_desk.journal import around

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.case.deeds import Deeds
    from escalation_desk.desktop.case.form import Form
    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.drafts import Draft
    from escalation_desk.journal.reading import PastChange


class Standing(Notices):
    def __init__(self, frame: Frame, deeds: Deeds, form: Form, clock: Callable[[], Clock]) -> None:
        super().__init__()
        self._frame = frame
        self._deeds = deeds
        self._form = form
        self._clock = clock
        self._sight: Sight | None = None

    def show_sight(self, sight: Sight) -> None:
        self._sight = sight
        self.drop("gone")
        self._show_seller_note(sight)
        self._show_offer(sight)
        self._show_merge(sight)
        self.show_clashes()

    def tell_gone(self, sentence: str) -> None:
        """Say that the case is not there (any more)."""
        self.put("gone", Notice(sentence, sign="refused", tone=Tone.BAD))

    def tell_draft(self, draft: Draft, discard: Callable[[], None]) -> None:
        """Say that a draft was taken up again."""
        when = self._clock().short(draft.at)
        sentence = _("What you had typed by {when} and not saved is here again.", when=when)
        acts = [(_("Throw it away"), discard)]
        self.put("draft", Notice(sentence, acts, close=lambda: self.drop("draft")))

    def _show_seller_note(self, sight: Sight) -> None:
        seller = sight.seller
        if seller is None or not seller.pinned_note:
            self.drop("seller")
            return
        sentence = _("{seller}: {note}", seller=seller.shop_name, note=seller.pinned_note)
        known = self.notice("seller")
        if known is None or known.sentence != sentence:
            acts = [(_("Open the seller"), lambda: self._frame.open_seller(seller.id))]
            self.put("seller", Notice(sentence, acts, sign="pin", tone=Tone.WARN))

    def _show_offer(self, sight: Sight) -> None:
        case = sight.case
        if case.offered_to != self._frame.verbs.me.id:
            self.drop("offer")
        elif self.notice("offer") is None:
            sentence = _("{name} offers you this case.", name=sight.name("user", case.owner) or _("Somebody"))
            acts = [(_("Accept"), self._deeds.accept), (_("Decline"), self._deeds.decline)]
            self.put("offer", Notice(sentence, acts, sign="take"))

    def _show_merge(self, sight: Sight) -> None:
        """Say that another case stands for this one, and lead there."""
        into = sight.case.merged_into
        self.drop("merged")
        if into:
            number = sight.name("case", into)
            sentence = _("{case} is merged into {other}.", case=sight.case.case_no, other=number)
            acts = [(_("Open {case}", case=number), lambda: self._frame.open_case(into))]
            self.put("merged", Notice(sentence, acts, sign="merge"))

    # Clashes

    def show_clashes(self) -> None:
        """Tell of each field that somebody else changed while it is being changed here."""
        clashes = self._form.edits.clashes
        for key in self.shown("clash:"):
            if key.removeprefix("clash:") not in clashes:
                self.drop(key)
        for name in clashes:
            self._ask_who(name)

    def _ask_who(self, name: str) -> None:
        case = self._sight.case.id if self._sight else ""
        self._frame.verbs.ask(
            lambda made: around.last_change(made, case, name), lambda change: self._show_clash(name, change)
        )

    def _show_clash(self, name: str, change: PastChange | None) -> None:
        clash, sight = self._form.edits.clashes.get(name), self._sight
        if clash is None or sight is None:
            return
        clock = self._clock()
        sentence = _(
            "{name} changed {field}: {before} → {after}",
            name=(sight.name("user", change.by) if change else "") or _("Somebody"),
            field=_(field_of(Case, name).label),
            before=said(name, clash.before, sight.name, clock),
            after=said(name, clash.theirs, sight.name, clock),
        )
        acts = [(_("Take theirs"), lambda: self._take_theirs(name)), (_("Keep mine"), lambda: self._keep_mine(name))]
        self.put(f"clash:{name}", Notice(sentence, acts, sign="edit"))

    def _take_theirs(self, name: str) -> None:
        self._form.take_theirs(name)
        self.drop(f"clash:{name}")

    def _keep_mine(self, name: str) -> None:
        self._form.edits.keep_mine(name)
        self._form.refuse({})
        self.drop(f"clash:{name}")
