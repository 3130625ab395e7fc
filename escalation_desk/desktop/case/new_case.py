"""A new case: what is known now, a requester and a seller made on the way, and whether it has come before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework import acts
from escalation_desk.casework.case import FAMILY_FIELDS, Case, priority_of
from escalation_desk.casework.choices import CaseFamily, Severity, Urgency
from escalation_desk.casework.desk import Reason
from escalation_desk.casework.people import Party
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.boxes import Around, Line
from escalation_desk.desktop.case.chip_button import ChipButton
from escalation_desk.desktop.case.form import Form
from escalation_desk.desktop.case.groups import Group
from escalation_desk.desktop.case.keeping import Keeper, drafts_of
from escalation_desk.desktop.case.new_record import NewRecord
from escalation_desk.desktop.case.notices import Notice, Notices
from escalation_desk.desktop.case.saving import field_refused
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import N_, _
from escalation_desk.journal import around, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.around import Relative
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.drafts import Draft
    from escalation_desk.journal.work import Work

PLACE: Final = "new-case"
_GROUPS: Final = (
    Group("new-matter", N_("The matter"), ("reason", "family", "description", "requester_expects")),
    Group("new-who", N_("Who"), ("requester", "seller", "language+channel", "market+platform", "source")),
    Group("new-weight", N_("How bad and how urgent"), ("severity+urgency", "risk_flags")),
    Group("new-order", N_("Order and money"), ("orders", "amount+currency", "carrier+tracking", "due_at"), open=False),
)
_KIN: Final = frozenset({"requester", "seller", "reason", "orders"})
_PAUSE: Final = 250
_MOST_KIN: Final = 3


def groups_of_new(family: CaseFamily, _filled: Iterable[str] = ()) -> tuple[Group, ...]:
    """Lay out the fields for a kind of case."""
    matter, *rest = _GROUPS
    at = matter.names.index("family") + 1
    names = (*matter.names[:at], *FAMILY_FIELDS.get(family, ()), *matter.names[at:])
    return (Group(matter.code, matter.label, names, matter.open), *rest)


def _names() -> tuple[str, ...]:
    plain = [name for group in _GROUPS for line in group.names for name in line.split("+")]
    return (*plain, *sorted({name for names in FAMILY_FIELDS.values() for name in names}), "title")


def new_case(frame: Frame) -> NewCase:
    """Open the window for a new case."""
    made = NewCase(frame)
    made.open()
    return made


class NewCase(QDialog):
    """What is typed is a draft until the case is made; closing the window keeps it."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("New case"))
        self._frame = frame
        self._chosen: dict[tuple[str, str], str] = {}
        self._suggested: dict[str, Any] = {}
        self._done = False
        self.title = Line(_("Title: what it is about, in one line"))
        self.title.setProperty("kind", "title")
        self.title.setAccessibleName(_("Title"))
        boxes = Around(frame.verbs, self._clock, self._name, self._currency, self._create)
        self._boxes = boxes
        self.form = Form(boxes, frame.kept, _names(), groups_of_new)
        self.priority = ChipButton(opens=False)
        self.priority.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.notices = Notices()
        self.mine = QCheckBox(_("I take it"))
        self.mine.setChecked(True)
        self.make = button(_("Make the case"), self._make, kind="first")
        self.keeper = Keeper(drafts_of(frame.verbs), PLACE, self._draft, self)
        self._kin = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self._connect()
        self.form.arrive(self._fresh())
        self._show_priority()
        frame.verbs.ask(lambda _made: frame.verbs.journal.drafts.get(PLACE), self._take_draft)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_S}:
            self._make()
        elif event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Keep what was typed, unless the case was made of it."""
        if not self._done:
            self.keeper.keep()
        super().done(result)

    def case(self) -> Case:
        """Put together the case as it stands."""
        made = self._fresh()
        for name, value in self.form.edits.typed.items():
            setattr(made, name, value)
        made.title = self.title.text().strip()
        return made

    def _fresh(self) -> Case:
        me = self._frame.verbs.me
        return Case(title="", market=me.market, team=me.team)

    # Drafts

    def _draft(self) -> dict[str, Any] | None:
        typed = self.form.edits.draft()
        if self.title.text().strip():
            typed["title"] = {"base": "", "mine": self.title.text()}
        return typed or None

    def _take_draft(self, draft: Draft | None) -> None:
        if draft is None or self.form.edits or self.title.text():
            return
        self.form.restore(draft.content)
        self.form.arrive(self._fresh())
        self.title.show_text(str(self.form.edits.typed.pop("title", "")))
        self.keeper.began_with(draft.content)
        sentence = _("This was begun {when} and not made yet.", when=self._clock().short(draft.at))
        acts = [(_("Begin anew"), self._begin_anew)]
        self.notices.put("draft", Notice(sentence, acts, close=lambda: self.notices.drop("draft")))
        self._show_priority()
        self._look_up_names()

    def _begin_anew(self) -> None:
        self.title.clear()
        self.form.discard()
        self.notices.drop("draft")
        self.keeper.keep()

    def _look_up_names(self) -> None:
        """Ask how the records of a draft are called."""
        held = [(kind, self.form.edits.value(name)) for kind, name in (("party", "requester"), ("seller", "seller"))]

        def read(made: Connection) -> dict[tuple[str, str], str]:
            return {
                (kind, record): name
                for kind, value in held
                if value
                for record, name in reading.names(made, kind, [value]).items()
            } | {("reason", code): reason.name for code, reason in reading.reasons(made).items()}

        def take(names: dict[tuple[str, str], str]) -> None:
            self._chosen |= names
            self.form.show_records()

        self._frame.verbs.ask(read, take)

    # What follows from what is typed

    def _edited(self, name: str) -> None:
        self.keeper.touch()
        if name in {"severity", "urgency"}:
            self._suggested.pop(name, None)
            self._show_priority()
        if name in _KIN:
            self._kin.start()
            self._suggest(name)

    def _suggest(self, name: str) -> None:
        """Fill in what a reason, a requester or a seller usually means; what a person has chosen stays."""
        value = self.form.edits.value(name)
        kinds: dict[str, Callable[[Connection], Any]] = {
            "reason": lambda made: reading.find(made, Reason, value),
            "requester": lambda made: reading.several(made, Party, [value])[0],
            "seller": lambda made: reading.several(made, Seller, [value])[0],
        }
        if value and name in kinds:
            self._frame.verbs.ask(kinds[name], lambda found: self._fill(_SUGGESTS[name], found))

    def _fill(self, names: tuple[str, ...], found: Any) -> None:
        for name in names:
            value = getattr(found, name, None)
            edits = self.form.edits
            free = name not in edits.typed or edits.typed[name] == self._suggested.get(name)
            if value is not None and free:
                self._suggested[name] = value
                edits.type(name, value)
                self.form.show_typed(name)
        self._show_priority()
        self.keeper.touch()

    def _show_priority(self) -> None:
        severity, urgency = (self.form.edits.value(name) for name in ("severity", "urgency"))
        if isinstance(severity, Severity) and isinstance(urgency, Urgency):
            priority = priority_of(severity, urgency)
            self.priority.show_choice(priority)
            self.priority.setAccessibleName(_("Priority: {priority}", priority=_(priority.label)))

    def _look_for_kin(self) -> None:
        case = self.case()
        case.received_at = self._frame.verbs.journal.now()
        self._frame.verbs.ask(lambda made: around.relatives(made, case), self._show_kin, slow=True)

    def _show_kin(self, found: list[Relative]) -> None:
        for key in self.notices.shown("kin:"):
            self.notices.drop(key)
        for one in [one for one in found if one.repeat][:_MOST_KIN]:
            sentence = _(
                "{shared}: {case} “{title}”",
                shared=", ".join(_(word) for word in one.shared),
                case=one.case_no,
                title=one_line(one.title, 60),
            )
            acts = [(_("Open that case"), lambda record=one.id: self._go_to(record))]
            self.notices.put(f"kin:{one.id}", Notice(sentence, acts, sign="alert", tone=Tone.WARN))

    def _go_to(self, record: str) -> None:
        self.close()
        self._frame.open_case(record)

    # Making it

    def _make(self) -> None:
        unread = self.form.unread()
        if not self.title.text().strip():
            self.notices.put("title", Notice(_("Say in one line what it is about."), sign="alert", tone=Tone.WARN))
            self.title.setFocus()
            return
        self.notices.drop("title")
        if unread:
            self.form.refuse(unread)
            return
        case, me, mine = self.case(), self._frame.verbs.me, self.mine.isChecked()

        def operate(work: Work) -> str:
            case.received_at = work.now
            if mine:
                acts.take(case, me, work.now)
            return work.add(case).id

        self.make.setEnabled(False)
        title = one_line(case.title, 60)
        self._frame.verbs.do(N_("New case “{name}”"), operate, self._made, refused=self._refused, name=title)

    def _made(self, record: str) -> None:
        self._done = True
        drafts_of(self._frame.verbs).close_place(PLACE)
        self.accept()
        self._frame.open_case(record)

    def _refused(self, sentence: str) -> None:
        self.make.setEnabled(True)
        name = field_refused(sentence)
        if name and self.form.has(name):
            self.form.refuse({name: sentence})
        else:
            self.notices.put("refused", Notice(sentence, sign="refused", tone=Tone.BAD))

    def _create(self, kind: str, name: str, then: Callable[[str, str], None]) -> None:
        known = {"market": self.form.edits.value("market")} if kind == "seller" else {}

        def made(record: str, called: str) -> None:
            self._chosen[kind, record] = called
            then(record, called)

        NewRecord(self, self._boxes, kind, name, made, known).open()

    # Around

    def _clock(self) -> Clock:
        return Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())

    def _name(self, kind: str, record: str) -> str:
        return self._chosen.get((kind, record), record)

    def _currency(self) -> str:
        held = self.form.edits.value("currency")
        return str(held) if held else ""

    def _connect(self) -> None:
        self.form.changed_field.connect(self._edited)
        self.form.left.connect(self.keeper.keep)
        self.title.textEdited.connect(lambda _text: self.keeper.touch())
        self.title.left.connect(self.keeper.keep)
        self._kin.timeout.connect(self._look_for_kin)

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.wide, letters.wide, letters.wide, letters.wide)
        column.setSpacing(letters.tight)
        top = QHBoxLayout()
        top.addWidget(PlainLabel(_("New case"), Role.SMALL), 1)
        top.addWidget(self.priority)
        column.addLayout(top)
        column.addWidget(self.title)
        column.addWidget(self.notices)
        column.addWidget(self.form, 1)
        foot = QHBoxLayout()
        foot.setSpacing(letters.gap)
        foot.addWidget(self.mine)
        foot.addStretch()
        foot.addWidget(PlainLabel(_("Esc keeps it as a draft"), Role.SMALL))
        foot.addWidget(button(_("Close"), self.reject))
        foot.addWidget(self.make)
        column.addLayout(foot)
        self.resize(letters.px(46), letters.px(50))
        QWidget.setTabOrder(self.title, self.form)
        self.title.setFocus()


_SUGGESTS: Final = {
    "reason": ("severity", "urgency"),
    "requester": ("language",),
    "seller": ("market", "platform"),
    "orders": (),
}
