"""How a desk comes to belong to a server, and how it is reached from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.journal.sharing.adopting import Belonging, adopt, belonging, refuse_other
from escalation_desk.sync.client import Client, refuse_plain
from escalation_desk.sync.keys import Keeper

if TYPE_CHECKING:
    import httpx2

    from escalation_desk.journal.journal import Journal


def sign_in(
    journal: Journal, url: str, login: str, password: str, transport: httpx2.BaseTransport | None = None
) -> str:
    """Sign in, and let the desk belong to this server and this person; answers how the person is called."""
    url = refuse_plain(url)
    with journal.writing() as made:
        refuse_other(made, url, login)
    made_client = Client(url, journal.workstation, Keeper(journal), journal.clock, transport)
    try:
        account = made_client.sign_in(login, password)
    finally:
        made_client.close()
    person = {name: value for name, value in account.user.items() if name != "id"}
    adopt(journal, Belonging(url, login, account.user["id"]), person, account.scopes)
    return str(account.user["full_name"])


def client(journal: Journal, transport: httpx2.BaseTransport | None = None) -> Client:
    """Reach the server that this desk belongs to. Refused where it belongs to none."""
    with journal.writing() as made:
        known = belonging(made)
    if known is None:
        raise Refused(_("This desk belongs to no server yet; sign in first: sign-in URL --user NAME."))
    return Client(known.url, journal.workstation, Keeper(journal), journal.clock, transport)
