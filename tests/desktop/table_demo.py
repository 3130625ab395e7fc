"""A million made-up cases to scroll through: python tests/desktop/table_demo.py [light|dark] [SCALE] [PICTURE.png]."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from escalation_desk.casework.choices import CaseStatus, Choice, Priority
from escalation_desk.desktop.look.theme import Scheme, Theme
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.table import CellStyle, Column, Group, QueueTable, Row, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COUNT = 1_000_000
TITLES = (
    "Hoàn tiền trễ 12 ngày, khách dọa báo chí",
    "Pesanan belum dikirim, penjual tidak menjawab",
    "Counterfeit claim from the brand owner, listing still up and selling",
    "Khóa shop sau khiếu nại Ễ Ộ Ữ",
)
LATE, SOON = CellStyle(tone=Tone.BAD, mark="▲", strong=True), CellStyle(tone=Tone.WARN, mark="◐")


class MadeUp:
    columns = (
        Column("number", "Number", 6.5),
        Column("priority", "Priority", 8),
        Column("title", "Title", 22),
        Column("state", "State", 13),
        Column("owner", "Owner", 9),
        Column("due", "Due", 10),
        Column("amount", "Amount", 8, right=True),
    )
    grouped = True

    def shape(self, then: Callable[[Shape], None]) -> None:
        groups = (
            Group("P0", "P0 Critical", 5),
            Group("P1", "P1 High", 9),
            Group("rest", "Everything else", COUNT - 14),
        )
        QTimer.singleShot(20, lambda: then(Shape(COUNT, groups)))

    def fetch(
        self,
        first: int,
        n: int,
        then: Callable[[Sequence[Row]], None],
        *,
        after: Row | None,  # noqa: ARG002 - Made-up rows need no neighbour.
        before: Row | None,  # noqa: ARG002 - As after.
    ) -> None:
        QTimer.singleShot(5, lambda: then([_row(at) for at in range(first, min(first + n, COUNT))]))

    def ids(self, first: int, n: int, then: Callable[[Sequence[str]], None]) -> None:
        then([str(at) for at in range(first, first + n)])


def _row(at: int) -> Row:
    state, priority = list(CaseStatus)[at % 8], list(Priority)[min(at // 5, 3)]
    due, due_style = (("2 h late", LATE), ("in 35 min", SOON), ("24/11 14:20", None))[at % 3]
    cells = (f"VN-{at}", priority.label, TITLES[at % 4], state.label, "Ngọc Ánh", due, f"{at * 7919 % 90_000_000:,} ₫")
    styles = (CellStyle(muted=True), _chip(priority), None, _chip(state), CellStyle(sign="user"), due_style, None)
    return Row(str(at), cells, styles, unread=at % 5 == 1, muted=not state.live)


def _chip(choice: Choice) -> CellStyle:
    shown = meaning(choice)
    return CellStyle(tone=shown.tone, mark=shown.mark, chip=True)


def main(scheme: str = "light", scale: str = "1", picture: str = "") -> None:
    app = QApplication([])
    Theme(app, Scheme(scheme), float(scale))
    table = QueueTable(name="Made-up cases")
    table.resize(round(1150 * float(scale)), round(620 * float(scale)))
    table.show_source(MadeUp())
    table.columns.show_sorting("due", descending=False)
    table.show()
    if picture:
        QTimer.singleShot(300, lambda: (table.setFocus(), table.go_to("1"), table.go_to("3")))
        QTimer.singleShot(500, lambda: (table.grab().save(picture), app.quit()))
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
