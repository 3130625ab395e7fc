"""The verbs of the sample about the escalation work: contacts, authorities, deadlines, causes, links, articles."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from escalation_desk.casework.choices import Channel, Choice, KnowledgeDecision, VerificationMethod
from escalation_desk.casework.clocks import deadlines
from escalation_desk.casework.clocks.records import Deadline, DeadlineRule
from escalation_desk.casework.closing import acts as closing
from escalation_desk.casework.closing.records import ExceptionDecision, LookAt, PeerReview, RootCause
from escalation_desk.casework.contacts.records import AnswerQuality
from escalation_desk.casework.contacts.routing import Route, chosen
from escalation_desk.casework.desk import Macro
from escalation_desk.casework.escalating import brief, life
from escalation_desk.casework.escalating.records import Escalation
from escalation_desk.casework.knowing import articles as knowledge
from escalation_desk.casework.knowing import procedures
from escalation_desk.casework.knowing.records import Article, Procedure
from escalation_desk.casework.linking.records import LinkForm, ProblemState
from escalation_desk.journal import articles, contacting, contacts, escalations, linking, problems, reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.timeline import Message
    from escalation_desk.journal.sample_steps import CaseAct, Data

C = TypeVar("C", bound=Choice)


def _choice(kind: type[C], code: str) -> C:
    return next(one for one in kind if str(one) == code)


# --- points of contact ---


def request(on: CaseAct, said: Data) -> None:
    made = contacting.ask(on.work, on.me, on.case.id, _route(on, said), said["request"], waits=said.get("waits", False))
    on.scene.ids["poc_request", on.named(said["key"])] = made.id


def _route(on: CaseAct, said: Data) -> Route:
    """Go where the rules lead, or where the file says."""
    sent = on.work.ask(lambda made: contacts.where(made, on.case.id, contacts.today(on.me, on.work.now)))
    if "team" not in said and sent.route:
        return sent.route
    poc = on.scene.ids["poc", said["poc"]] if "poc" in said else None
    return chosen(said["team"], poc, on.me.full_name, sent.known.directory, contacts.today(on.me, on.work.now))


def _request(on: CaseAct, key: str) -> str:
    return on.scene.ids["poc_request", on.named(key)]


def has_it(on: CaseAct, said: Data) -> None:
    contacting.acknowledge(on.work, on.me, _request(on, said["has_it"]))


def answered(on: CaseAct, said: Data) -> None:
    quality = _choice(AnswerQuality, said["quality"]) if "quality" in said else None
    contacting.answer(on.work, on.me, _request(on, said["to"]), said["answered"], quality)


def not_enough(on: CaseAct, said: Data) -> None:
    contacting.not_enough(on.work, on.me, _request(on, said["to"]), said["not_enough"])


def wrong_contact(on: CaseAct, said: Data) -> None:
    held = _request(on, said["wrong_contact"])
    made = contacting.bounce(on.work, on.me, held, _route(on, said), said["why"])
    on.scene.ids["poc_request", on.named(said["key"])] = made.id


def chase(on: CaseAct, said: Data) -> None:
    contacting.chase(on.work, on.me, _request(on, said["to"]), said["chase"])


def pass_on(on: CaseAct, said: Data) -> None:
    contacting.pass_on(on.work, on.me, _request(on, said["to"]), said["pass_on"])


def withdraw(on: CaseAct, said: Data) -> None:
    contacting.withdraw(on.work, on.me, _request(on, said["withdraw"]), said["why"])


# --- authorities ---


def escalate(on: CaseAct, said: Data) -> None:
    needed_by = on.scene.when(said["needed_by"]) if "needed_by" in said else None
    texts = {
        name: said[name] for name in ("decision", "tried", "recommendation", "one_line", "affected") if name in said
    }
    page = brief.prefilled(on.case, needed_by)._replace(**texts)
    ladder = on.work.ask(lambda made: escalations.ladder_of(made, on.case.id))
    minutes = ladder.notify_min(said["escalate"], on.case.priority)
    due = on.work.now + timedelta(minutes=minutes) if minutes is not None else None
    asked = life.Asked(_text(on, page), said.get("because", ""), due)
    made = escalations.escalate(on.work, on.case.id, said["escalate"], page, asked, on.me)
    on.scene.ids["escalation", on.named(said["key"])] = made


def _text(on: CaseAct, page: brief.Brief) -> str:
    macro = on.work.ask(lambda made: reading.find(made, Macro, brief.MACRO))
    zone = ZoneInfo(on.me.time_zone)
    return brief.text_of(page, on.case, macro, str(on.me.locale), zone) if macro else ""


def _on_escalation(on: CaseAct, key: str, what: Callable[[Escalation, Case, str], Message]) -> None:
    escalations.act(on.work, on.scene.ids["escalation", on.named(key)], what)


def told(on: CaseAct, said: Data) -> None:
    ladder = on.work.ask(lambda made: escalations.ladder_of(made, on.case.id))
    now = on.work.now

    def send(one: Escalation, case: Case, name: str) -> Message:
        minutes = ladder.ack_min(one.authority, case.priority)
        sent = life.Sent(said["whom"], _choice(Channel, said["channel"]), now, minutes)
        return life.mark_sent(one, case, name, sent, on.me, now)

    _on_escalation(on, said["told"], send)


def has_escalation(on: CaseAct, said: Data) -> None:
    now = on.work.now
    _on_escalation(
        on,
        said["acknowledged"],
        lambda one, case, name: life.acknowledge(one, case, name, said["who"], now, on.me, now),
    )


def decided(on: CaseAct, said: Data) -> None:
    now = on.work.now
    _on_escalation(
        on,
        said["on"],
        lambda one, case, name: life.decide(one, case, name, said["decided"], said["who"], now, on.me, now),
    )


def carried_out(on: CaseAct, said: Data) -> None:
    _on_escalation(on, said["carried_out"], lambda one, case, name: life.close(one, case, name, on.me, on.work.now))


def silent(on: CaseAct, said: Data) -> None:
    """Let an authority be silent until its time is over; what follows is raised as the program would."""
    one = on.work.get(Escalation, on.scene.ids["escalation", on.named(said["silent"])])
    ladder = on.work.ask(lambda made: escalations.ladder_of(made, on.case.id))
    following, message = life.time_out(one, on.case, ladder, on.work.now)
    for record in (following, message):
        if record is not None:
            on.work.add(record)


# --- dates that somebody outside has set ---


def deadline(on: CaseAct, said: Data) -> None:
    rule = on.work.find(DeadlineRule, said["rule"]) if "rule" in said else None
    if rule:
        made = deadlines.by_rule(rule, on.case, on.scene.when(said["begins"]))
    else:
        made = deadlines.by_hand(on.case, said["deadline"], on.scene.when(said["due"]), note=said.get("note", ""))
    on.scene.add(on.work, made, on.named(said["key"]))


def met(on: CaseAct, said: Data) -> None:
    held = on.work.get(Deadline, on.scene.ids["deadline", on.named(said["met"])])
    deadlines.meet(held, on.work.now, on.work.now)


# --- what is written down before a case ends ---


def cause(on: CaseAct, said: Data) -> None:
    values = on.scene.values(RootCause, said["cause"])
    on.scene.add(on.work, RootCause(case=on.case.id, by=on.me.id, **values), on.named("cause"))


def cause_reviewed(on: CaseAct, _said: Data) -> None:
    held = on.work.get(RootCause, on.scene.ids["root_cause", on.named("cause")])
    closing.review_cause(held, on.me, on.work.now)


def look(on: CaseAct, said: Data) -> None:
    of = on.scene.people[said["of"]].id if "of" in said else None
    made = closing.ask_look(
        on.case, _choice(LookAt, said["look"]), on.me, on.work.now, of=of, text=said.get("text", "")
    )
    on.scene.add(on.work, made, on.named(said["key"]))


def looked(on: CaseAct, said: Data) -> None:
    held = on.work.get(PeerReview, on.scene.ids["peer_review", on.named(said["looked"])])
    closing.answer_look(held, said["agrees"], said.get("remark", ""), on.me, on.work.now)


def exception(on: CaseAct, said: Data) -> None:
    more = on.scene.values(ExceptionDecision, {name: said[name] for name in ("amount", "currency") if name in said})
    texts = (said["policy"], said["exception"], said["because"])
    made = closing.ask_exception(on.case, *texts, on.me, on.work.now, **more)
    on.scene.add(on.work, made, on.named(said["key"]))


def granted(on: CaseAct, said: Data) -> None:
    held = on.work.get(ExceptionDecision, on.scene.ids["exception", on.named(said["granted"])])
    note = closing.decide_exception(on.case, held, True, on.me, on.work.now, condition=said.get("condition", ""))
    on.work.add(note)


def verify(on: CaseAct, said: Data) -> None:
    closing.verify(on.case, _choice(VerificationMethod, said["how"]), said["verify"], on.me, on.work.now)


def sign_off(on: CaseAct, _said: Data) -> None:
    closing.sign_off(on.case, on.me, on.work.now)


# --- what a case has to do with others ---


def link(on: CaseAct, said: Data) -> None:
    other = on.scene.ids["case", said["link"]]
    linking.add(on.work, on.case.id, other, _choice(LinkForm, said["form"]), on.me, why=said.get("why", ""))


def problem(on: CaseAct, said: Data) -> None:
    texts = {name: said[name] for name in ("symptoms", "impact", "workaround", "reply", "market") if name in said}
    made = problems.begin(on.work, said["problem"], on.me, **texts)
    on.scene.ids["problem", said["key"]] = made.id


def comes_from(on: CaseAct, said: Data) -> None:
    problems.join(on.work, on.case.id, on.scene.ids["problem", said["comes_from"]], on.me, said.get("why", ""))


def problem_known(on: CaseAct, said: Data) -> None:
    held = on.scene.ids["problem", said["problem_known"]]
    problems.move(on.work, held, ProblemState.KNOWN, on.me)
    problems.note_to_all(on.work, held, said["tell"], on.me)


# --- procedures and articles ---


def checklist(on: CaseAct, said: Data) -> None:
    procedure = on.work.find(Procedure, f"{said['checklist']}@1")
    assert procedure is not None  # noqa: S101 - the seed has it; for the type checker.
    begun = on.work.add(procedures.begin(procedure, on.case))
    for step in said["ticked"]:
        procedures.tick(begun, procedure, step, on.me, on.work.now)
    for step, why in said.get("left_out", {}).items():
        procedures.leave_out(begun, procedure, step, why, on.me, on.work.now)


def article(on: CaseAct, said: Data) -> None:
    values: dict[str, Any] = on.scene.values(Article, said["article"])
    number = on.work.ask(articles.next_number)
    made = Article(number=number, owner=on.me.id, source_cases=frozenset({on.case.id}), **values)
    on.scene.add(on.work, made, said["key"])
    if said.get("decides", True):
        knowledge.decide(on.case, KnowledgeDecision.CREATED, made)


def know(on: CaseAct, said: Data) -> None:
    if "article" in said:
        held = on.work.get(Article, on.scene.ids["article", said["article"]])
        if said["know"] == "flagged":
            knowledge.flag(on.case, held, said["why"], on.me, on.work.now)
        else:
            knowledge.link(on.case, held)
    else:
        knowledge.decide(on.case, KnowledgeDecision.NOT_NEEDED, why=said["why"])
