"""What an import would do, or has done: four numbers, the rows that are refused and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainEditor, PlainLabel
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal.reading import label_of

if TYPE_CHECKING:
    from escalation_desk.intake.planning import Difference, Outcome

_MOST: Final = 500


class OutcomeView(QWidget):
    def __init__(self) -> None:
        super().__init__()
        letters = look().letters
        self._numbers = {code: PlainLabel("", Role.TITLE, tone=tone) for code, _label, tone in _NUMBERS}
        numbers = QWidget()
        numbers.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(numbers)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(letters.px(2.5))
        for code, label, _tone in _NUMBERS:
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(self._numbers[code])
            column.addWidget(PlainLabel(_(label), Role.MUTED))
            row.addLayout(column)
        row.addStretch(1)
        self._more = PlainLabel("", Role.MUTED, wrap=True)
        self._details = PlainEditor(lines=8, name=_("Details"))
        self._details.setReadOnly(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(letters.wide)
        outer.addWidget(numbers)
        outer.addWidget(self._more)
        outer.addWidget(self._details, 1)
        outer.addStretch(0)

    def show_outcome(self, outcome: Outcome) -> None:
        counts = {
            "created": outcome.created,
            "updated": outcome.updated,
            "unchanged": outcome.unchanged,
            "refused": len(outcome.refused),
        }
        for code, label in self._numbers.items():
            label.setText(f"{counts[code]:,}")
        kept = sum(len(one.fields) for one in outcome.kept)
        self._more.setVisible(bool(kept))
        self._more.setText(
            n_(
                "{n} value in the file is left aside, because somebody here has written another one since.",
                "{n} values in the file are left aside, because somebody here has written others since.",
                kept,
            )
        )
        lines = _details(outcome)
        self._details.setVisible(bool(lines))
        self._details.set_text("\n".join(lines))


def _details(outcome: Outcome) -> list[str]:
    lines = [_("Row {row}: {reason}", row=one.row, reason=one.reason) for one in outcome.refused[:_MOST]]
    if len(outcome.refused) > _MOST:
        lines.append(_("… and {n} more", n=len(outcome.refused) - _MOST))
    lines += [_("{name} changes: {fields}", name=one.name, fields=_named(one)) for one in outcome.differences]
    return lines


def _named(one: Difference) -> str:
    return ", ".join(label_of(one.kind, name) for name in one.fields)


def in_a_sentence(file: str, outcome: Outcome) -> str:
    return _(
        "{file}: {created} new, {updated} changed, {unchanged} the same, {refused} refused.",
        file=file,
        created=f"{outcome.created:,}",
        updated=f"{outcome.updated:,}",
        unchanged=f"{outcome.unchanged:,}",
        refused=f"{len(outcome.refused):,}",
    )


_NUMBERS: Final = (
    ("created", N_("New"), Tone.GOOD),
    ("updated", N_("Changed"), Tone.ACCENT),
    ("unchanged", N_("The same"), Tone.NEUTRAL),
    ("refused", N_("Refused"), Tone.BAD),
)
