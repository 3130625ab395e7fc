"""What a macro does beside its text: declared as data on the macro, tried on a copy first, done as one act.

An action is `{"do": "add_tag", "tag": "trace"}`. Nothing here puts a text onto the timeline for anybody outside, and
nothing is sent: requests and escalations begin as drafts that a person sends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeVar

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Choice, FollowUpForm, Form
from escalation_desk.casework.contacts import requests
from escalation_desk.casework.contacts.records import PocRequest, PocTeam
from escalation_desk.casework.contacts.routing import Route
from escalation_desk.casework.desk import in_language
from escalation_desk.casework.escalating import brief, life
from escalation_desk.casework.escalating.records import Authority, Escalation
from escalation_desk.casework.fields import Kind, field_of, fields_of, from_json
from escalation_desk.casework.macros import fill
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.records import Record
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import one_line
from escalation_desk.casework.timeline import Message
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from escalation_desk.casework.desk import Macro
    from escalation_desk.casework.people import User

R = TypeVar("R", bound=Record)


class Deed(Choice):
    SET_STATUS = "set_status", N_("Set the state")
    SET_FIELD = "set_field", N_("Set a field")
    ADD_TAG = "add_tag", N_("Add a tag")
    REMOVE_TAG = "remove_tag", N_("Take a tag away")
    FOLLOW_UP = "follow_up", N_("Make a follow-up")
    POC_REQUEST = "poc_request", N_("Begin a request to a team")
    ESCALATION = "escalation", N_("Begin an escalation")


class Finds(Protocol):
    """Looks records up: by id, or by code where a kind has codes; and those that hang on a case."""

    def __call__(self, kind: type[R], key: str | None, /) -> R | None: ...
    def of_case(self, kind: type[R], case: str, /) -> Sequence[R]: ...


class Doer(NamedTuple):
    """Who uses a macro, when, what can be looked up, and what fills the places of its texts."""

    me: User
    now: datetime
    find: Finds
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a macro would change on a case, in sentences; or why it cannot be used there."""

    lines: tuple[str, ...] = ()
    refused: str = ""


def run(macro: Macro, case: Case, doer: Doer) -> list[Record]:
    """Do what a macro says, in its order; answer the records it makes. Refused whole where one part is."""
    made: list[Record] = []
    for action in macro.actions:
        made += _DEEDS[_deed(action)](case, action, doer)
    return made


def use(macro: Macro, case: Case, doer: Doer, approved: str = "") -> list[Record]:
    """Use a macro on a case: what it does, who approved its text, and a trace where it has no text to be put."""
    made = run(macro, case, doer)
    if macro.needs_approval:
        authority = doer.find(Authority, macro.needs_approval)
        named = authority.name if authority else macro.needs_approval
        if not approved.strip():
            raise Refused(_("Say who of {authority} approved this text.", authority=named))
        said = _("{macro} approved by {authority}: {who}", macro=macro.code, authority=named, who=approved.strip())
        made.append(_entry(case, said, Form.DECISION, macro, doer))
    elif not any(text.strip() for text in macro.texts.values()):
        made.append(_entry(case, _("Macro {macro}: {use}", macro=macro.code, use=macro.use), Form.EVENT, macro, doer))
    return made


def _entry(case: Case, text: str, form: Form, macro: Macro, doer: Doer) -> Message:
    return Message(case=case.id, body=text, form=form, at=doer.now, by=doer.me.id, macro=macro.id)


def foresee(macro: Macro, case: Case, doer: Doer) -> Foreseen:
    """Try a macro on a copy, and say what would change."""
    copy = replace(case)
    try:
        made = run(macro, copy, doer)
        changed = {f.name: getattr(case, f.name) for f in fields_of(Case) if _differs(f.name, case, copy)}
        copy.check(changed)
    except Refused as sentence:
        return Foreseen(refused=str(sentence))
    return Foreseen((*_changes(case, copy, changed), *(_said(one, doer) for one in made)))


def refuse_unfit(macro: Macro) -> None:
    """Refuse a macro whose actions say something that cannot be done, before anybody uses it."""
    for action in macro.actions:
        deed = _deed(action)
        if deed is Deed.SET_STATUS:
            _status(action)
        elif deed is Deed.SET_FIELD:
            _value(action)
        elif deed in {Deed.ADD_TAG, Deed.REMOVE_TAG}:
            _tag(action)
        elif deed is Deed.FOLLOW_UP:
            _after(action)


def _deed(action: Mapping[str, Any]) -> Deed:
    try:
        return Deed(str(action.get("do")))  # type: ignore[call-arg]  # looks a member up
    except ValueError as error:
        raise Refused(_("This version does not know the action “{action}”.", action=action.get("do"))) from error


# The deeds


def _set_status(case: Case, action: Mapping[str, Any], doer: Doer) -> list[Record]:
    return _edited(case, {"status": _status(action)}, doer)


def _set_field(case: Case, action: Mapping[str, Any], doer: Doer) -> list[Record]:
    name, value = _value(action)
    return _edited(case, {name: value}, doer)


def _add_tag(case: Case, action: Mapping[str, Any], _doer: Doer) -> list[Record]:
    case.tags |= {_tag(action)}
    return []


def _remove_tag(case: Case, action: Mapping[str, Any], _doer: Doer) -> list[Record]:
    case.tags -= {_tag(action)}
    return []


def _follow_up(case: Case, action: Mapping[str, Any], doer: Doer) -> list[Record]:
    if not case.live:
        raise Refused(_("The case is closed; nothing more is promised on it."))
    text = _filled(action, "text", doer) or _("Look at it again")
    form = FollowUpForm(action.get("form", "reminder"))  # type: ignore[call-arg]  # looks a member up
    due = (doer.now + _after(action)).replace(second=0, microsecond=0)
    return [acts.promise(text, due, doer.me, case=case.id, form=form)]


def _poc_request(case: Case, action: Mapping[str, Any], doer: Doer) -> list[Record]:
    team = doer.find(PocTeam, action.get("team"))
    if team is None:
        raise Refused(_("The team {team} is not there any more; choose another one in the macro.", team=action["team"]))
    to = Route(team.code, None, None, _("a macro chose it"))
    return [requests.draft(case, to, _filled(action, "ask", doer), doer.me)]


def _escalation(case: Case, action: Mapping[str, Any], doer: Doer) -> list[Record]:
    authority = doer.find(Authority, action.get("authority"))
    if authority is None:
        raise Refused(
            _(
                "The authority {authority} is not there any more; choose another one in the macro.",
                authority=action.get("authority", ""),
            )
        )
    page = brief.prefilled(case)
    page = page._replace(decision=_filled(action, "decision", doer) or page.decision)
    others = doer.find.of_case(Escalation, case.id)
    return list(life.escalate(case, authority, page, life.Asked(), doer.me, doer.now, others=others))


_DEEDS: Final[dict[Deed, Callable[[Case, Mapping[str, Any], Doer], list[Record]]]] = {
    Deed.SET_STATUS: _set_status,
    Deed.SET_FIELD: _set_field,
    Deed.ADD_TAG: _add_tag,
    Deed.REMOVE_TAG: _remove_tag,
    Deed.FOLLOW_UP: _follow_up,
    Deed.POC_REQUEST: _poc_request,
    Deed.ESCALATION: _escalation,
}


def _edited(case: Case, values: dict[str, Any], doer: Doer) -> list[Record]:
    note = acts.edit(case, values, doer.me, doer.now)
    return [note] if note else []


def _status(action: Mapping[str, Any]) -> CaseStatus:
    try:
        return CaseStatus(str(action.get("to")))  # type: ignore[call-arg]  # looks a member up
    except ValueError as error:
        raise Refused(_("The macro sets a state that there is not; choose one of the list.")) from error


def _value(action: Mapping[str, Any]) -> tuple[str, Any]:
    name = str(action.get("field", ""))
    try:
        field = field_of(Case, name)
        return name, from_json(field, action.get("to"))
    except (KeyError, ValueError, TypeError) as error:
        raise Refused(_("The macro cannot set “{field}” to that; check its actions.", field=name)) from error


def _tag(action: Mapping[str, Any]) -> str:
    tag = str(action.get("tag", "")).strip()
    if not tag:
        raise Refused(_("A macro that is about a tag has to name it."))
    return tag


def _after(action: Mapping[str, Any]) -> timedelta:
    hours = action.get("hours")
    if not isinstance(hours, int) or not 0 < hours <= 24 * 365:
        raise Refused(_("Say after how many hours the follow-up is due: 1 to 8760."))
    return timedelta(hours=hours)


def _filled(action: Mapping[str, Any], name: str, doer: Doer) -> str:
    """Fill a text of an action; a place that nothing fills is refused, never left blank."""
    held = action.get(name) or ""
    text, missing = fill(in_language(held, str(doer.me.locale)) if isinstance(held, dict) else str(held), doer.places)
    if missing:
        raise Refused(_("Nothing fills {places}.", places=", ".join(f"{{{one}}}" for one in missing)))
    return text.strip()


# Saying it


def _differs(name: str, before: Case, after: Case) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _changes(before: Case, after: Case, changed: Mapping[str, Any]) -> Iterator[str]:
    for f in fields_of(Case):
        if f.name in changed and not f.declared.computed and f.kind is not Kind.DATA:
            was, becomes = _shown(getattr(before, f.name)), _shown(getattr(after, f.name))
            yield _("{field}: {before} → {after}", field=_(f.label), before=was, after=becomes)


def _shown(value: Any) -> str:
    if isinstance(value, Choice):
        return _(value.label)
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(_shown, value))) or "–"
    return one_line(str(value), 60) if value not in {None, ""} else "–"


def _said(made: Record, doer: Doer) -> str:
    """Name a record that a macro makes."""
    if isinstance(made, FollowUp):
        return _("A follow-up: {what}", what=one_line(made.text, 80))
    if isinstance(made, PocRequest):
        team = doer.find(PocTeam, made.team)
        named = team.name if team else made.team
        return _("A draft of a request to {team}: {what}", team=named, what=one_line(made.ask, 80))
    if isinstance(made, Escalation):
        authority = doer.find(Authority, made.authority)
        named = authority.name if authority else made.authority
        return _("An escalation to {authority}, to be sent by you", authority=named)
    if isinstance(made, Message):
        return _("An entry inside the desk: {what}", what=one_line(made.body, 80))
    return _(made.label)
