"""Links, parts, merges and splits of cases in the journal, read from both sides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import FollowUpState
from escalation_desk.casework.linking import links, merging, splitting
from escalation_desk.casework.linking.records import CaseLink, LinkForm, Problem
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.timeline import Attachment, Message
from escalation_desk.i18n import N_, _
from escalation_desk.journal import merged, reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

MERGED_INTO: Final = N_("Merged into")
STANDS_FOR: Final = N_("Stands for")


@dataclass(frozen=True, slots=True)
class Linked:
    """What stands at the other end of a link, and what it is to this case. `word` is to be translated.

    `link` is the id of the record that can be changed or removed; None where the fact is a field of the case itself.
    """

    word: str
    kind: str
    record: str
    number: str
    title: str
    status: str
    link: str | None = None
    form: str | None = None
    back: bool = False
    why: str | None = None
    by: str | None = None
    live: bool = True

    @property
    def said(self) -> str:
        return _(self.word)


def links_of(made: Connection, case: str) -> list[Linked]:
    """List everything a case is linked with: merges first, then links by their kind, then problems."""
    held = reading.record(made, Case, case)
    found = [*_merges(made, held), *_followed(made, held), *_between(made, case), *_problems(made, case)]
    return [one for one in found if one is not None]


def _merges(made: Connection, case: Case) -> Iterator[Linked | None]:
    if case.merged_into:
        yield _linked(_case(made, case.merged_into), Linked(MERGED_INTO, "case", case.merged_into, "", "", ""))
    for one in reading.all_of(made, Case, pointing=("merged_into", case.id)):
        yield _linked(one, Linked(STANDS_FOR, "case", one.id, "", "", "", back=True))


def _followed(made: Connection, case: Case) -> Iterator[Linked | None]:
    """Tell which case this one follows since it was made, and which follow it."""
    form = LinkForm.FOLLOW_UP
    if case.follow_up_of:
        yield _linked(_case(made, case.follow_up_of), Linked(form.label, "case", case.follow_up_of, "", "", ""))
    for one in reading.all_of(made, Case, pointing=("follow_up_of", case.id)):
        yield _linked(one, Linked(links.word(form, back=True), "case", one.id, "", "", "", back=True))


def _between(made: Connection, case: str) -> list[Linked | None]:
    held = known(made, [case])
    others = {one.id: one for one in reading.several(made, Case, [_other(one, case) for one in held if one.other])}
    ordered = sorted((one for one in held if one.other), key=lambda one: (list(LinkForm).index(_form(one)), one.id))
    return [_linked(others.get(_other(one, case)), _seen_from(case, one)) for one in ordered]


def _seen_from(case: str, one: CaseLink) -> Linked:
    form, back = _form(one), one.case != case
    return Linked(
        word=links.word(form, back=back),
        kind="case",
        record=_other(one, case),
        number="",
        title="",
        status="",
        link=one.id,
        form=str(form),
        back=back,
        why=one.why,
        by=one.by,
    )


def _problems(made: Connection, case: str) -> list[Linked | None]:
    held = [one for one in reading.all_of(made, CaseLink, pointing=("case", case)) if one.problem]
    problems = {one.id: one for one in reading.several(made, Problem, [str(one.problem) for one in held])}
    return [_linked(problems.get(str(one.problem)), replace(_seen_from(case, one), kind="problem")) for one in held]


def _linked(record: Case | Problem | None, seen: Linked) -> Linked | None:
    """Fill in what stands at the other end; nothing where it is gone or not on this computer."""
    if record is None or record.deleted_at:
        return None
    if isinstance(record, Problem):
        return replace(seen, record=record.id, number=record.number, title=record.title, status=str(record.state))
    return replace(seen, number=record.case_no, title=record.title, status=str(record.status), live=record.live)


def _case(made: Connection, record: str) -> Case | None:
    return next(iter(reading.several(made, Case, [record])), None)


def _other(one: CaseLink, case: str) -> str:
    return str(one.other if one.case == case else one.case)


def _form(one: CaseLink) -> LinkForm:
    return LinkForm(one.form)  # type: ignore[call-arg]  # looks a member up


def known(made: Connection, cases: Iterable[str]) -> list[CaseLink]:
    """Read the links between these cases and others, each once."""
    found: dict[str, CaseLink] = {}
    for case in cases:
        for name in ("case", "other"):
            found.update((one.id, one) for one in reading.all_of(made, CaseLink, pointing=(name, case)))
    return list(found.values())


def parts(made: Connection, case: str) -> list[Case]:
    """Read the cases that are parts of a case."""
    rows = made.execute(
        'SELECT "case" FROM case_link WHERE other = ? AND form = ? AND deleted_at IS NULL ORDER BY seq',
        (case, LinkForm.CHILD.value),
    )
    found = reading.several(made, Case, [row[0] for row in rows])
    return [one for one in found if not one.deleted_at]


def above(made: Connection, case: str) -> frozenset[str]:
    """Name the cases that a case is a part of, straight or by others."""
    rows = made.execute(
        'WITH RECURSIVE above (id) AS (SELECT other FROM case_link WHERE "case" = :case AND form = :form '
        'AND deleted_at IS NULL UNION SELECT l.other FROM above a JOIN case_link l ON l."case" = a.id '
        "WHERE l.form = :form AND l.deleted_at IS NULL) SELECT id FROM above",
        {"case": case, "form": LinkForm.CHILD.value},
    )
    return frozenset(row[0] for row in rows)


# Acts


def add(work: Work, case: str, other: str, form: LinkForm, me: User, *, why: str = "", back: bool = False) -> CaseLink:
    """Link a case with another one; `back` where the link begins at the other one."""
    first, second = (other, case) if back else (case, other)
    held, there, seen = _around(work, first, second)
    made = work.add(links.link(held, there, form, me, why=why, known=seen[0], above=seen[1]))
    work.touched |= {("case", case), ("case", other)}
    return made


def change(work: Work, link: str, form: LinkForm, *, why: str | None = None) -> None:
    """Make a link of another kind of the one that is there."""
    one = work.get(CaseLink, link)
    held, there, seen = _around(work, one.case, str(one.other))
    links.change(one, form, held, there, why=why, known=seen[0], above=seen[1])
    work.touched |= {("case", held.id), ("case", there.id)}


def remove(work: Work, link: str) -> None:
    one = work.get(CaseLink, link)
    work.remove(one)
    work.touched |= {("case", one.case)} | ({("case", one.other)} if one.other else set())


def _around(work: Work, case: str, other: str) -> tuple[Case, Case, tuple[list[CaseLink], frozenset[str]]]:
    """Take both cases, with what is known of them already."""
    held, there = work.get(Case, case), work.get(Case, other)
    return held, there, work.ask(lambda made: (known(made, [case, other]), above(made, other)))


def merge(work: Work, source: str, target: str, me: User) -> None:
    """Let the target stand for the source."""
    merging.merge(work.get(Case, source), work.get(Case, target), me)
    work.touched.add(("case", target))


def unmerge(work: Work, source: str) -> None:
    case = work.get(Case, source)
    if case.merged_into:
        work.touched.add(("case", case.merged_into))
    merging.unmerge(case)


def split(work: Work, entry: str, title: str, me: User) -> Case:
    """Make a linked case of an entry."""
    said = work.get(Message, entry)
    origin = work.get(Case, said.case)
    made = splitting.split(said, origin, title, me, work.now)
    work.add(made.case)
    link, note = splitting.tie(made, origin, me, work.now)
    for one in (made.entry, link, note):
        work.add(one)
    return made.case


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do."""

    entries: int
    files: int
    follow_ups: int
    stood_for: int
    clocks: int
    across: bool
    differences: tuple[tuple[str, Any, Any], ...]


_COMPARED: Final = ("title", "requester", "seller", "owner", "priority", "reason", "orders", "tracking", "amount")


def plan(made: Connection, source: str, target: str, me: User) -> MergePlan:
    """Say what a merge would do. Refused where it may not be done."""
    one, other = reading.record(made, Case, source), reading.record(made, Case, target)
    merging.refuse_merge(one, other, me)
    follow_ups = reading.all_of(made, FollowUp, pointing=("case", source))
    return MergePlan(
        entries=len(reading.all_of(made, Message, pointing=("case", source))),
        files=len(reading.all_of(made, Attachment, pointing=("case", source))),
        follow_ups=sum(found.state is FollowUpState.OPEN for found in follow_ups),
        stood_for=len(merged.parts_of(made, source)),
        clocks=int(one.live),
        across=not merging.same_requester(one, other),
        differences=tuple(
            (name, getattr(one, name), getattr(other, name))
            for name in _COMPARED
            if getattr(one, name) and getattr(one, name) != getattr(other, name)
        ),
    )
