"""One macro: its text in each language, what it does, and what it would change on a case that is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QFormLayout

from escalation_desk.casework import macro_actions
from escalation_desk.casework.case import Case
from escalation_desk.casework.contacts.records import PocTeam
from escalation_desk.casework.desk import Macro
from escalation_desk.casework.escalating.records import Authority
from escalation_desk.casework.macro_actions import Doer, Foreseen
from escalation_desk.casework.macros import places_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.boxes import Line
from escalation_desk.desktop.knowing.action_lines import ActionLines, Known
from escalation_desk.desktop.knowing.sheet import Sheet
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.moments import zone_of
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainEditor, PlainLabel
from escalation_desk.i18n import LANGUAGES, N_, _
from escalation_desk.journal import reading
from escalation_desk.journal.lookup import Find

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

_PAUSE = 300


def open_macro(frame: Frame, macro_id: str) -> None:
    """Read a macro and open its sheet."""

    def read(made: Connection) -> tuple[Macro, Known]:
        return reading.record(made, Macro, macro_id), _known(made)

    frame.verbs.ask(read, lambda found: MacroSheet(frame, *found).open())


def new_macro(frame: Frame) -> None:
    """Begin a macro of one's own; leads can make it everybody's."""
    fresh = Macro(code="", use="", texts={}, owner=frame.verbs.me.id)
    frame.verbs.ask(_known, lambda known: MacroSheet(frame, fresh, known).open())


def _known(made: Connection) -> Known:
    teams = [(one.name, one.code) for one in reading.all_of(made, PocTeam) if one.active]
    authorities = [(one.name, one.code) for one in reading.all_of(made, Authority) if one.active]
    return Known(sorted(teams), sorted(authorities))


class MacroSheet(Sheet):
    """Whoever may not change it sees it and is told so when saving."""

    def __init__(self, frame: Frame, macro: Macro, known: Known) -> None:
        super().__init__(frame.window(), macro.code or _("New macro"))
        self._frame = frame
        self._macro = macro
        self.code, self.use = Line(), Line()
        self.code.setText(macro.code)
        self.code.setReadOnly(bool(macro.id))
        self.use.setText(macro.use)
        self.texts = {code: PlainEditor(lines=3, name=name) for code, name in LANGUAGES.items()}
        self.deeds = ActionLines(macro.actions, known)
        self.approval = Pick([(_("Nobody"), None), *known.authorities], macro.needs_approval, name=_("Approval"))
        self.mine = QCheckBox(_("Only I use it"))
        self.mine.setChecked(macro.owner is not None)
        self.mine.setEnabled(not macro.id and frame.verbs.keeps_rules)
        self.active = QCheckBox(_("In use"))
        self.active.setChecked(macro.active)
        self.case = Line(_("Number of a case"))
        self.preview = PlainLabel("", Role.SMALL, wrap=True)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self._pause.timeout.connect(self._foresee)
        self.deeds.edited.connect(self._pause.start)
        self.case.textEdited.connect(lambda _text: self._pause.start())

    def save(self) -> None:
        verbs, held = self._frame.verbs, self._macro
        try:
            values = self._values()
            macro_actions.refuse_unfit(Macro(code="x", **values))
        except Refused as sentence:
            self.refuse(str(sentence))
            return
        code = self.code.text().strip()
        owner = verbs.me.id if self.mine.isChecked() or not verbs.keeps_rules else None

        def operate(work: Work) -> None:
            if not held.id:
                if work.find(Macro, code) is not None:
                    raise Refused(_("There is a macro {macro} already; choose another code.", macro=code))
                work.add(Macro(code=code, owner=owner, **values))
                return
            changed = work.get(Macro, held.id)
            for name, value in values.items():
                setattr(changed, name, value)

        title = N_("Change macro {macro}") if held.id else N_("New macro {macro}")
        verbs.do(title, operate, lambda _done: self.accept(), refused=self.refuse, macro=code)

    def _values(self) -> dict[str, Any]:
        if not self.code.text().strip() or not self.use.text().strip():
            raise Refused(_("Give the macro a code, and say what it is used for."))
        texts = {code: editor.text() for code, editor in self.texts.items() if editor.text().strip()}
        actions = self.deeds.data()
        if not texts and not actions:
            raise Refused(_("A macro writes a text, or does something; give it one of them."))
        return {
            "use": self.use.text().strip(),
            "texts": texts,
            "actions": actions,
            "needs_approval": self.approval.value(),
            "active": self.active.isChecked(),
        }

    def _foresee(self) -> None:
        """Say what the macro would change on the case that is named."""
        number, me, now = self.case.text().strip(), self._frame.verbs.me, self._frame.verbs.journal.now()
        if not number:
            self._tell(Foreseen())
            return
        try:
            macro = Macro(code="x", use="x", texts={}, actions=self.deeds.data())
        except Refused as sentence:
            self._tell(Foreseen(refused=str(sentence)))
            return

        def look(made: Connection) -> Foreseen:
            case = reading.record(made, Case, reading.case_id(made, number))
            places = places_of(case, me, zone_of(me), str(me.locale))
            return macro_actions.foresee(macro, case, Doer(me, now, Find(lambda question: question(made)), places))

        self._frame.verbs.ask(look, self._tell, refused=lambda sentence: self._tell(Foreseen(refused=sentence)))

    def _tell(self, foreseen: Foreseen) -> None:
        self.preview.set_tone(Tone.BAD if foreseen.refused else None)
        self.preview.setText(foreseen.refused or "\n".join(foreseen.lines))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, part in ((_("Code"), self.code), (_("Use"), self.use)):
            part.setAccessibleName(words)
            form.addRow(words, part)
        for code, editor in self.texts.items():
            editor.set_text((self._macro.texts or {}).get(code, ""))
            form.addRow(LANGUAGES[code], editor)
        form.addRow(_("Approval"), self.approval)
        form.addRow("", self.mine)
        form.addRow("", self.active)
        self.inner.addLayout(form)
        self.inner.addWidget(PlainLabel(_("What it does"), Role.STRONG))
        self.inner.addWidget(self.deeds)
        self.inner.addWidget(PlainLabel(_("What it would change on a case"), Role.STRONG))
        self.case.setAccessibleName(_("Number of a case"))
        self.inner.addWidget(self.case)
        self.inner.addWidget(self.preview)
        self.inner.addStretch()
