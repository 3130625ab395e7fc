"""Who is involved in a case: as the lines of a summary, and as what masking looks for in every text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.choices import Form, Platform
from escalation_desk.casework.masking import Known
from escalation_desk.documents import case_summary as said
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.people import Party
    from escalation_desk.casework.promises import FollowUp
    from escalation_desk.casework.seller import Seller
    from escalation_desk.casework.timeline import Message

_CONTACT = {"value", "name", "phone", "email"}


def known_of(
    cases: Iterable[Case],
    parties: Iterable[Party],
    sellers: Iterable[Seller],
    messages: Iterable[Message] = (),
    follow_ups: Iterable[FollowUp] = (),
) -> Known:
    """Collect whom and what masking looks for in every text. A shop's name is no personal data; a creator's is."""
    people: set[str | None] = set()
    names: set[str | None] = set()
    contacts: set[str | None] = set()
    kept: set[str] = set()
    for case in cases:
        people.add(case.other_party)
        kept.update(case.orders, case.external_tickets, filter(None, (case.crm_number, case.tracking)))
    for party in parties:
        people.add(party.display_name)
        contacts.update((party.phone, party.email, *_more(party)))
    for seller in sellers:
        people.update((seller.contact_person, seller.shop_name if seller.creator else None))
        names.add(seller.legal_name)
        contacts.update((seller.phone, seller.email))
    for message in messages:
        # A point of contact is a desk or a team, which is called by what it does: no personal data.
        people.update(
            () if message.by else (message.author,), () if message.form is Form.POC else (message.counterpart,)
        )
    people.update(one.to_whom for one in follow_ups)
    people = {name for name in people if name and not any(map(str.isdigit, name))}  # “90 sellers”, “Tier 1”.
    return Known(_filled(people), _filled(names), _filled(contacts), kept=frozenset(kept))


def _filled(texts: Iterable[str | None]) -> frozenset[str]:
    return frozenset(text.strip() for text in texts if text and text.strip())


def _more(party: Party) -> tuple[str, ...]:
    """List the contacts that a party has beside phone and email."""
    return tuple(str(value) for contact in party.contacts for name, value in contact.items() if name in _CONTACT)


def party_line(party: Party) -> said.PartyLine:
    return said.PartyLine(
        role=_("Requester: {kind}", kind=_(party.party_kind.label)),
        name=party.display_name,
        contacts=tuple(filter(None, (party.phone, party.email, *_more(party)))),
        ids=tuple(map(_outside_id, sorted(party.external_ids))),
    )


def seller_line(seller: Seller) -> said.PartyLine:
    """Name a shop, which is a business; the person behind it, and a creator, is personal data."""
    contact = seller.contact_person if seller.creator else None
    return said.PartyLine(
        role=_("Creator") if seller.creator else _("Seller: {shop}", shop=seller.shop_name),
        name=seller.shop_name if seller.creator else seller.contact_person,
        contacts=tuple(filter(None, (contact, seller.phone, seller.email))),
        ids=tuple(map(_outside_id, sorted(seller.external_ids))),
    )


def _outside_id(key: str) -> str:
    """Say where a number is from: TikTok Shop 760011685."""
    source, colon, number = key.partition(":")
    if not colon:
        return key
    platforms = {str(platform): _(platform.label) for platform in Platform}
    return f"{platforms.get(source, source.replace('_', ' ').upper())} {number}"
