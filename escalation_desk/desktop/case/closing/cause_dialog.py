"""The root cause of a case: what happened, a ladder of whys, a fishbone of eight bones, evidence, and how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.casework.choices import FaultParty
from escalation_desk.casework.closing import causes
from escalation_desk.casework.closing.records import CauseMethod, Confidence, FaultCode, RootCause
from escalation_desk.casework.fields import fields_of
from escalation_desk.desktop.case.boxes import Line
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainEditor, PlainLabel, button, literal, resize_within
from escalation_desk.i18n import _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.casework.choices import Choice
    from escalation_desk.desktop.case.closing.deeds import EndingDeeds
    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.pages import Frame

_LONG: Final = ("problem_statement", "trigger", "detection")


class CauseDialog(QDialog):
    """Ctrl+Enter keeps it, Esc leaves it as it was."""

    def __init__(self, frame: Frame, deeds: EndingDeeds, sight: Sight, held: RootCause | None) -> None:
        super().__init__(frame.window())
        self._deeds = deeds
        self._sight = sight
        self._held = held.id if held else None
        self._known = held or RootCause(case=sight.case.id, problem_statement=sight.case.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Root cause of {case}", case=sight.case.case_no))
        self.method = _pick(_("Method"), CauseMethod, self._known.method)
        self.texts = {name: _editor(self._known, name, 2) for name in _LONG}
        self.whys: list[Line] = []
        self.bones: dict[str, PlainEditor] = {}
        self.cause = _editor(self._known, "cause", 3)
        fault_party = self._known.fault_party or sight.case.fault_party
        self.fault_party = _pick(_("Caused by"), FaultParty, fault_party, empty=True)
        self.fault_code = Pick([(_("Choose…"), None)], name=_("Fault code"))
        self.confidence = _pick(_("How sure"), Confidence, self._known.confidence)
        self.links = Line(_("Links, with a blank between them"))
        self.links.setAccessibleName(_("Links"))
        self.links.show_text(" ".join(sorted(self._known.links)))
        self.evidence: dict[str, QCheckBox] = {}
        self.doubts = PlainLabel("", Role.SMALL, tone=Tone.WARN, wrap=True)
        self.yes = button(_("Keep the root cause"), self._keep, kind="first")
        self._ladder, self._ladder_box = QVBoxLayout(), QWidget()
        self._fish, self._fish_box = QGridLayout(), QWidget()
        self._lay_out()
        self._add_whys(self._known.whys)
        self._connect()
        frame.verbs.ask(lambda made: reading.all_of(made, FaultCode), self._know_codes)
        self._look()
        next((box for box in self.texts.values() if not box.text()), self.cause).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._keep()
        elif not enter:  # Enter in a line goes down the ladder.
            super().keyPressEvent(event)

    def values(self) -> dict[str, Any]:
        """Say what is written, field by field."""
        filled = {code: box.text().split("\n") for code, box in self.bones.items() if box.text().strip()}
        return {
            "method": self.method.value(),
            **{name: box.text().strip() for name, box in self.texts.items()},
            "whys": tuple(line.text().strip() for line in self.whys if line.text().strip()),
            "bones": filled or None,
            "cause": self.cause.text().strip(),
            "fault_party": self.fault_party.value(),
            "fault_code": self.fault_code.value(),
            "confidence": self.confidence.value(),
            "links": frozenset(self.links.text().split()),
            "evidence": frozenset(one for one, tick in self.evidence.items() if tick.isChecked()),
        }

    def _keep(self) -> None:
        self._deeds.write_cause(self._held, self.values(), self.accept)

    def _look(self) -> None:
        """Say what speaks against ending here, and show the part that the method is about."""
        method = self.method.value()
        self._ladder_box.setVisible(method is CauseMethod.FIVE_WHYS)
        self._fish_box.setVisible(method is CauseMethod.FISHBONE)
        written = self.values()
        draft = RootCause(
            case="", whys=written["whys"], cause=written["cause"], fault_code=written["fault_code"] or None
        )
        names = [name for user in self._sight.people.values() for name in _spoken(user.full_name)]
        self.doubts.setText("\n".join(f"▲ {one}" for one in causes.doubts(draft, names)))
        self.doubts.setVisible(bool(self.doubts.text()))

    # The ladder and the bones

    def _add_whys(self, texts: Sequence[str]) -> None:
        for text in [*texts, *[""] * (causes.FEWEST - len(texts))]:
            self._add_why(text)

    def _add_why(self, text: str = "") -> Line:
        number = len(self.whys) + 1
        line = Line(_("Why? ({n})", n=number))
        line.setAccessibleName(_("Why {n}", n=number))
        line.show_text(text)
        line.textChanged.connect(lambda _text: self._look())
        line.returnPressed.connect(lambda: self._down(number - 1))
        self.whys.append(line)
        row = QHBoxLayout()
        row.setContentsMargins(look().letters.px(0.7 * (number - 1)), 0, 0, 0)
        row.addWidget(line)
        self._ladder.addLayout(row)
        return line

    def _down(self, at: int) -> None:
        """Go to the next why; below the last one there is room for another."""
        if at + 1 < len(self.whys):
            self.whys[at + 1].setFocus()
        elif len(self.whys) < causes.MOST:
            self._add_why().setFocus()
        else:
            self.cause.setFocus()

    def _know_codes(self, codes: list[FaultCode]) -> None:
        active = [one for one in codes if one.active or one.code == self._known.fault_code]
        offers = [(_("{code} {name}", code=one.code, name=one.name), one.code) for one in active if one.parent]
        chosen = self._known.fault_code or self._sight.case.fault_code
        self.fault_code.offer([(_("Choose…"), None), *offers], chosen)
        for at, group in enumerate(one for one in active if one.parent is None):
            self._add_bone(at, group)
        self._look()

    def _add_bone(self, at: int, group: FaultCode) -> None:
        box = PlainEditor(lines=2, name=group.name)
        box.set_text("\n".join((self._known.bones or {}).get(group.code, [])))
        self.bones[group.code] = box
        row, column = divmod(at, 2)
        self._fish.addWidget(PlainLabel(group.name, Role.SMALL), 2 * row, column)
        self._fish.addWidget(box, 2 * row + 1, column)

    # Laying out

    def _connect(self) -> None:
        self.cause.textChanged.connect(self._look)
        for one in (self.method, self.fault_code):
            one.picked.connect(self._look)

    def _lay_out(self) -> None:
        letters = look().letters
        outer = QVBoxLayout(self)
        outer.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        outer.setSpacing(letters.wide)
        outer.addWidget(PlainLabel(self.windowTitle(), Role.HEADING, wrap=True))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, letters.gap, 0)
        column.setSpacing(letters.tight)
        for widget in self._parts():
            column.addWidget(widget)
        column.addStretch()
        area.setWidget(holder)
        outer.addWidget(area, 1)
        outer.addWidget(self.doubts)
        buttons = QHBoxLayout()
        buttons.addStretch()
        for one in (button(_("Cancel"), self.reject), self.yes):
            one.setAutoDefault(False)
            buttons.addWidget(one)
        outer.addLayout(buttons)
        resize_within(self, 52, 58)

    def _parts(self) -> Iterable[QWidget]:
        self._ladder_box.setLayout(self._ladder)
        self._fish_box.setLayout(self._fish)
        for layout in (self._ladder, self._fish):
            layout.setContentsMargins(0, 0, 0, 0)
        yield from _named(_("Method"), self.method)
        for box in self.texts.values():
            yield from _named(box.accessibleName(), box)
        self._ladder.addWidget(PlainLabel(_("Whys"), Role.SMALL))
        yield self._ladder_box
        yield self._fish_box
        yield from _named(self.cause.accessibleName(), self.cause)
        yield _side_by_side(
            (_("Caused by"), self.fault_party), (_("Fault code"), self.fault_code), (_("How sure"), self.confidence)
        )
        if self._sight.attachments:
            yield PlainLabel(_("Evidence"), Role.SMALL)
        for one in self._sight.attachments:
            tick = QCheckBox(literal(one.file_name))
            tick.setChecked(one.id in self._known.evidence)
            self.evidence[one.id] = tick
            yield tick
        yield from _named(_("Links"), self.links)


def _named(label: str, box: QWidget) -> tuple[QWidget, QWidget]:
    return PlainLabel(label, Role.SMALL), box


def _side_by_side(*pairs: tuple[str, QWidget]) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look().letters.gap)
    for label, box in pairs:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(PlainLabel(label, Role.SMALL))
        column.addWidget(box)
        row.addLayout(column, 1)
    return holder


def _pick(name: str, choices: type[Choice], chosen: Choice | None, *, empty: bool = False) -> Pick:
    offers: list[tuple[str, Any]] = [(_("Choose…"), None)] if empty else []
    return Pick([*offers, *((_(one.label), one) for one in choices)], chosen, name=name)


def _editor(cause: RootCause, name: str, lines: int) -> PlainEditor:
    label = next(f.label for f in fields_of(RootCause) if f.name == name)
    made = PlainEditor(lines=lines, name=_(label))
    made.set_text(getattr(cause, name) or "")
    return made


def _spoken(full_name: str) -> set[str]:
    """Name a person as people write them: whole, and by the word they are called by."""
    words = full_name.split()
    return {full_name, *(word for word in words[-1:] if len(words) > 1)}
