"""Links between cases: made, changed and read from both sides, each side in its own word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.linking.records import CaseLink, LinkForm
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.linking.records import Problem
    from escalation_desk.casework.people import User

BACK: Final[dict[LinkForm, str]] = {
    LinkForm.RELATED: LinkForm.RELATED.label,
    LinkForm.DUPLICATE: N_("Has the duplicate"),
    LinkForm.CHILD: N_("Has the part"),
    LinkForm.FOLLOW_UP: N_("Followed by"),
    LinkForm.REPEAT: N_("Came again as"),
    LinkForm.CAUSED_BY: N_("Behind"),
    LinkForm.SPLIT: N_("Split off into"),
    LinkForm.SAME_ORDER: LinkForm.SAME_ORDER.label,
    LinkForm.SAME_SELLER: LinkForm.SAME_SELLER.label,
}
"""What the other case is to the first one."""

EITHER_WAY: Final = frozenset(form for form, word in BACK.items() if word == form.label)
"""Kinds of links that are the same from both sides."""


def word(form: LinkForm, *, back: bool) -> str:
    """Name a link as it is read from the first case, or back from the other one; the word is to be translated."""
    return BACK[form] if back else form.label


def directions() -> tuple[tuple[LinkForm, bool], ...]:
    """List what one case can be to another: kind, and whether it is the other case that the link begins at."""
    return tuple((form, back) for form in LinkForm for back in (False, True) if not (back and form in EITHER_WAY))


def link(
    case: Case,
    other: Case,
    form: LinkForm,
    me: User,
    *,
    why: str = "",
    known: Iterable[CaseLink] = (),
    above: Collection[str] = (),
) -> CaseLink:
    """Say what a case is to another one.

    `known` are the links of both, `above` the cases that the other one is a part of, straight or by others.
    """
    if case.id == other.id:
        raise Refused(_("{case} cannot be linked with itself; choose another case.", case=case.case_no))
    made = CaseLink(case=case.id, form=form, other=other.id, why=why.strip() or None, by=me.id)
    _refuse_again(made, known, case, other)
    if form is LinkForm.CHILD:
        _refuse_family(case, other, known, above)
    return made


def link_problem(case: Case, problem: Problem, me: User, *, known: Iterable[CaseLink] = (), why: str = "") -> CaseLink:
    """Say that a problem stands behind a case."""
    if any(one.problem == problem.id and one.case == case.id for one in known):
        raise Refused(_("{case} is linked with {problem} already.", case=case.case_no, problem=problem.number))
    return CaseLink(case=case.id, form=LinkForm.CAUSED_BY, problem=problem.id, why=why.strip() or None, by=me.id)


def change(
    held: CaseLink,
    form: LinkForm,
    case: Case,
    other: Case,
    *,
    why: str | None = None,
    known: Iterable[CaseLink] = (),
    above: Collection[str] = (),
) -> None:
    """Make a link another kind of link; `known` and `above` as for a new one. Without a `why` the reason stays."""
    others = [one for one in known if one.id != held.id]
    wanted = CaseLink(case=held.case, form=form, other=held.other)
    _refuse_again(wanted, others, case, other)
    if form is LinkForm.CHILD:
        _refuse_family(case, other, others, above)
    held.form = form
    if why is not None:
        held.why = why.strip() or None


def _refuse_again(wanted: CaseLink, known: Iterable[CaseLink], case: Case, other: Case) -> None:
    pair = (wanted.case, wanted.other)
    for one in known:
        same = (one.case, one.other) == pair
        turned = wanted.form in EITHER_WAY and (one.other, one.case) == pair
        if one.form is wanted.form and (same or turned):
            raise Refused(
                _("{case} and {other} are linked in this way already.", case=case.case_no, other=other.case_no)
            )


def _refuse_family(case: Case, parent: Case, known: Iterable[CaseLink], above: Collection[str]) -> None:
    """Let a case be a part of one case only, and never of its own part."""
    if case.id in above:
        raise Refused(
            _("{other} is itself a part of {case}; link them the other way.", case=case.case_no, other=parent.case_no)
        )
    if any(one.form is LinkForm.CHILD and one.case == case.id for one in known):
        raise Refused(_("{case} is a part of another case already; remove that link first.", case=case.case_no))
