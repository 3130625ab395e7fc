"""Hints of risk as a quiet strip under the head of a case: a person says yes or no to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import field_of
from escalation_desk.desktop.case.notices import Notice
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.casework.escalating.flags import Hint
    from escalation_desk.desktop.case.escalating.deeds import EscalationDeeds
    from escalation_desk.desktop.case.notices import Notices
    from escalation_desk.journal.escalations import Standing

_MOST: Final = 3
_KEY: Final = "hint:"


def show_hints(notices: Notices, deeds: EscalationDeeds, stands: Standing) -> None:
    """Show the first hints that nobody has answered; the next come when these are. Say where a case is restricted."""
    _show_restricted(notices, stands.case)
    hints = {f"{_KEY}{hint.flag}:{hint.word}": hint for hint in stands.hints[:_MOST]} if stands.case.live else {}
    for key in notices.shown(_KEY):
        if key not in hints:
            notices.drop(key)
    for key, hint in hints.items():
        if notices.notice(key) is None:
            notices.put(key, _notice(hint, stands.case, deeds))


def _show_restricted(notices: Notices, case: Case) -> None:
    if not case.restricted:
        notices.drop("restricted")
    elif notices.notice("restricted") is None:
        sentence = _("Restricted: only those who are named for restricted cases see this one.")
        notices.put("restricted", Notice(sentence, sign="lock", tone=Tone.WARN))


def _notice(hint: Hint, case: Case, deeds: EscalationDeeds) -> Notice:
    flag = _(hint.flag.label)
    sentence = _("“{word}” ({where}): is that a risk, “{flag}”?", word=hint.word, where=_where(hint), flag=flag)
    acts = [
        (_("Yes, set “{flag}”", flag=flag), lambda: deeds.confirm(hint, case)),
        (_("No risk"), lambda: deeds.dismiss(hint, case)),
    ]
    return Notice(sentence, acts, sign="shield", tone=Tone.WARN)


def _where(hint: Hint) -> str:
    if hint.where.startswith("message:"):
        return _("message of the requester")
    return _(field_of(Case, hint.where).label)
