"""What a case is linked with: each in the right word, opened by a click or Enter, changed and removed in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.linking import links
from escalation_desk.casework.linking.records import LinkForm, ProblemState
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.opener import Opener
from escalation_desk.desktop.case.other_case import LinkDialog, MergeCase
from escalation_desk.desktop.case.problem_choice import ask_problem
from escalation_desk.desktop.case.refilling import Refilled
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.plain import PlainLabel, button, icon_button, literal, set_tip
from escalation_desk.i18n import N_, _
from escalation_desk.journal import linking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPoint

    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.journal import Touched
    from escalation_desk.journal.linking import Linked
    from escalation_desk.journal.work import Work


_PAUSE: Final = 60


class LinksCard(Refilled):
    """What a case is linked with."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(_("Linked with"))
        self._frame = frame
        self._sight: Sight | None = None
        self.add = icon_button("plus", _("Link with another case"), self.begin)
        self.merge = icon_button("merge", _("Merge with another case"), self.begin_merge)
        self.problem = icon_button("alert", _("Say what problem is behind it"), self.begin_problem)
        for one in (self.problem, self.merge, self.add):
            self.acts.addWidget(one)
        self._held_by: frozenset[tuple[str, str]] = frozenset()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._read)
        frame.verbs.changed.connect(self._changed)

    def show_sight(self, sight: Sight) -> None:
        if sight is not self._sight:
            self._sight = sight
            self._read()

    def _read(self) -> None:
        sight = self._sight
        if sight:
            self._frame.verbs.ask(lambda made: linking.links_of(made, sight.case.id), lambda it: self._show(sight, it))

    def _changed(self, touched: Touched) -> None:
        """Read again where a link came or went, or something at the other end changed."""
        if self._held_by & touched or any(kind == "case_link" for kind, _record in touched):
            self._pause.start()

    def begin(self) -> None:
        """Ask which case it is linked with."""
        if self._sight:
            LinkDialog(self._frame, self._sight.case).begin()

    def begin_merge(self, other: str = "") -> None:
        """Ask which case is the same matter."""
        if self._sight:
            MergeCase(self._frame, self._sight.case).begin(other)

    def begin_problem(self) -> None:
        """Ask what problem is behind the case."""
        if self._sight:
            ask_problem(self._frame, self.problem, self._sight.case)

    def link_as(self, other: str, form: LinkForm) -> None:
        """Link with a case that was suggested."""
        sight, me = self._sight, self._frame.verbs.me
        if sight:
            case = sight.case.id
            self._do(N_("Link {case}"), lambda work: linking.add(work, case, other, form, me))

    def _do(self, title: str, operate: Callable[[Work], object]) -> None:
        if self._sight:
            self._frame.verbs.do(title, operate, case=self._sight.case.case_no)

    # Showing

    def _show(self, sight: Sight, found: Sequence[Linked]) -> None:
        if sight is self._sight:
            self._held_by = frozenset((one.kind, one.record) for one in found)
            rows: list[QWidget] = [self._row(one) for one in found]
            self.refill(rows or [PlainLabel(_("Linked with nothing."), Role.MUTED)])

    def _row(self, one: Linked) -> QWidget:
        letters = look().letters
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, letters.tight)
        row.setSpacing(letters.tight)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(PlainLabel(one.said, Role.SMALL))
        column.addWidget(self._opener(one))
        foot = " · ".join(part for part in (_status(one), one.why or "") if part)
        label = PlainLabel(foot, Role.SMALL, wrap=True)
        label.setContentsMargins(letters.tight, 0, 0, 0)
        if one.form == LinkForm.REPEAT:
            label.set_tone(Tone.WARN)
        column.addWidget(label)
        row.addLayout(column, 1)
        if one.word in {linking.MERGED_INTO, linking.STANDS_FOR}:
            row.addWidget(self._apart(one))
        elif one.link:
            act = icon_button("more", _("Change the link with {case}", case=one.number))
            act.clicked.connect(lambda: self._offer(one, act.mapToGlobal(act.rect().bottomLeft())))
            row.addWidget(act)
        return holder

    def _opener(self, one: Linked) -> Opener:
        mark = meaning(CaseStatus(one.status)).mark if one.kind == "case" else "◆"  # type: ignore[call-arg]  # looks up
        opener = Opener(f"{mark} {one.number}  {one_line(one.title, 80)}")
        opener.opened.connect(lambda behind: self._open(one, behind=behind))
        opener.setAccessibleName(_("{word} {case}: {title}", word=one.said, case=one.number, title=one.title))
        set_tip(opener, one.title)
        return opener

    def _open(self, one: Linked, *, behind: bool) -> None:
        if one.kind == "case":
            self._frame.open_case(one.record, behind=behind)
        else:
            self._frame.open_problem(one.record, behind=behind)

    def _apart(self, one: Linked) -> QWidget:
        source = one.record if one.back else self._sight.case.id if self._sight else ""
        apart = button(_("Take apart"), kind="link")
        apart.setAccessibleName(_("Take the merge with {case} apart", case=one.number))
        apart.clicked.connect(
            lambda: self._do(N_("Take a merge of {case} apart"), lambda work: linking.unmerge(work, source))
        )
        return apart

    def _offer(self, one: Linked, at: QPoint) -> None:
        menu = self.menu_for(one)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def menu_for(self, one: Linked) -> QMenu:
        """Offer the other kinds a link can be of, and to remove it."""
        menu = QMenu(self)
        link = str(one.link)
        if one.kind == "case":
            kinds = menu.addMenu(icon("edit"), _("Kind of link"))
            for form in LinkForm:
                if form is not LinkForm.CAUSED_BY and form != one.form:
                    text = literal(_(links.word(form, back=one.back)))
                    kinds.addAction(text, lambda form=form: self._change(link, form))  # type: ignore[misc]  # a form
        menu.addAction(
            icon("delete"),
            _("Remove the link"),
            lambda: self._do(N_("Remove a link of {case}"), lambda work: linking.remove(work, link)),
        )
        return menu

    def _change(self, link: str, form: LinkForm) -> None:
        self._do(N_("Change a link of {case}"), lambda work: linking.change(work, link, form))


def _status(one: Linked) -> str:
    if one.kind == "problem":
        return _(ProblemState(one.status).label)  # type: ignore[call-arg]  # looks a member up
    return _(CaseStatus(one.status).label)  # type: ignore[call-arg]  # looks a member up
