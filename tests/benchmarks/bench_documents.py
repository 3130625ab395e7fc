"""Documents against their yardsticks, each ratio from one run; `python tests/benchmarks/bench_documents.py`:

- a summary of 1,000 cases: time per case within 1.3 × of that at 10, and within 2 × of copying prepared XML blocks;
- 100,000 rows to Excel: within 1.3 × of bare openpyxl write-only of the same cells, memory flat;
- the same of a list as it leaves by default, with everything read from the encrypted desk, put into words and masked:
  20,000 cases of 41 columns against the bare writing of the very cells that come of it.
"""

from __future__ import annotations

import copy
import gc
import time
import tracemalloc
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from generating import NOW, desk
from lxml import etree

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Channel, PartyKind, Priority, Severity
from escalation_desk.casework.views import VIEWS, Now
from escalation_desk.documents import case_summary as said
from escalation_desk.documents.case_document import load_case_template, write_case_summaries
from escalation_desk.documents.cells import Kind
from escalation_desk.documents.listed import cell_kind, rows_of, sheet_fields, width_of
from escalation_desk.documents.sheet import Column, write_list
from escalation_desk.documents.words import Money
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

DAY = datetime(2026, 11, 20, 2, 14, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ISSUE = said.Issue(
    organisation="Chợ Lớn", desk="Tier 2", number="CS-1", as_of=DAY, zone=ZONE, sync_state="local, 12 changes not sent"
)
TEXT = "Bộ lọc hàng giả đánh dấu 63 đơn; tiền đối soát bị giữ. Đã gửi giấy ủy quyền cho IPR, hẹn trả lời trước 17:00. "
ROWS = 100_000
CASES = 20_000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def case(n: int) -> said.CaseSummary:
    step = said.Step(at=DAY, who="Lê Văn Tú", what=TEXT, result="Không có quyền bỏ cờ")
    told = said.Happening(at=DAY, who="Trần Minh Khoa", channel=Channel.EMAIL, what=TEXT)
    party = said.PartyLine(role=PartyKind.SELLER, name=f"Nguyễn Thị Hà {n}", contacts=("0912345612",))
    return said.CaseSummary(
        head=said.Head(
            number=f"VN7-{n:06}",
            title="Tiền đối soát bị giữ",
            status=CaseStatus.OPEN,
            priority=Priority.P1,
            severity=Severity.S2,
            owner="Trần Minh Khoa",
            received=DAY,
        ),
        three_lines=said.ThreeLines(happened=TEXT, means=TEXT, stands=TEXT),
        parties=(party,),
        goods=said.Goods(orders=("241118VN0001234567",), amount=Money(Decimal(184350000), "VND")),
        statement=said.Statement(words=TEXT * 3),
        tried=(step,) * 2,
        done=(step,) * 3,
        timeline=(told,) * 10,
        promises=(said.PromiseLine(to_whom="Nguyễn Thị Hà", what="Cập nhật", due=DAY, state="kept"),),
    )


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Take the best of a few runs, in processor time: the cores are shared, and both sides of a ratio only compute."""
    best = float("inf")
    for _run in range(times):
        gc.collect()
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best


def test_a_summary_of_a_thousand_cases_costs_no_more_per_case_than_one_of_ten(tmp_path: Path) -> None:
    cases = [case(n) for n in range(1000)]
    template, _problems = load_case_template()

    def written(count: int) -> Callable[[], object]:
        chosen = cases[:count]
        path = tmp_path / f"{count}.docx"
        return lambda: write_case_summaries(path, chosen, said.Form(), ISSUE, template=template)

    ten = seconds(written(10), 10) / 10
    thousand = seconds(written(1000)) / 1000
    copied = seconds(lambda: copy_blocks(tmp_path / "10.docx", 1000)) / 1000

    print(f"\ndocx, ms per case: 10 cases {ten * 1e3:.2f}, 1,000 cases {thousand * 1e3:.2f}, blocks {copied * 1e3:.2f}")
    print(f"docx, 1,000 cases : 10 cases = {thousand / ten:.2f} (at most 1.3)")
    print(f"docx, 1,000 cases : blocks copied = {thousand / copied:.2f} (at most 2)")
    assert thousand <= 1.3 * ten
    assert thousand <= 2 * copied


def copy_blocks(path: Path, count: int) -> None:
    """Do what the fastest hand-written exporter does: copy one case's XML, set its texts, save once."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    body = root.find(f"{W}body")
    starts = [at for at, child in enumerate(body) if next(child.iter(f"{W}bookmarkStart"), None) is not None]
    block, end = list(body)[starts[0] : starts[1]], body[-1]
    for child in list(body)[:-1]:
        body.remove(child)
    for n in range(count):
        for child in block:
            new = copy.deepcopy(child)
            for text in new.iter(f"{W}t"):
                text.text = f"{text.text}{n}"
            end.addprevious(new)
    parts["word/document.xml"] = etree.tostring(root, encoding="UTF-8")
    with zipfile.ZipFile(path.with_suffix(".copied"), "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)


COLUMNS = [
    Column("Case", Kind.ID),
    Column("Title", Kind.TEXT, 40),
    Column("Status"),
    Column("Priority"),
    Column("Owner"),
    Column("Received", Kind.INSTANT),
    Column("Due", Kind.INSTANT),
    Column("Affected", Kind.NUMBER),
    Column("Amount", Kind.MONEY),
    Column("Order", Kind.ID),
    Column("Seller"),
    Column("Tags"),
]


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    for n in range(count):
        at = DAY + timedelta(minutes=n)
        yield (
            f"VN7-{n:06}",
            f"Người bán không nhận được tiền đối soát kỳ {n}",
            "Đang xử lý",
            "P1 High",
            "Trần Minh Khoa",
            at,
            at,
            n % 50,
            (Decimal(n * 1000), "VND"),
            f"{n:020}",
            f"Hoa Sen {n % 900}",
            "vip, ipr",
        )


def bare(path: Path, labels: Sequence[str], cells: Iterable[Sequence[Any]]) -> None:
    """Write cells with openpyxl alone."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(labels)
    for row in cells:
        sheet.append([_plain(value) for value in row])
    book.save(path)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(ZONE).replace(tzinfo=None)
    return value[0] if isinstance(value, tuple) else value


def test_a_hundred_thousand_rows_to_excel_cost_little_more_than_bare_openpyxl(tmp_path: Path) -> None:
    def written(count: int) -> None:
        write_list(tmp_path / "list.xlsx", "Open cases", COLUMNS, rows(count), as_of=DAY, zone=ZONE)

    ours = seconds(lambda: written(ROWS), 2)
    labels = [column.label for column in COLUMNS]
    yardstick = seconds(lambda: bare(tmp_path / "bare.xlsx", labels, rows(ROWS)), 2)

    print(f"\nxlsx, {ROWS:,} rows × {len(COLUMNS)}: ours {ours:.1f} s, openpyxl write-only {yardstick:.1f} s")
    print(f"xlsx, ours : openpyxl = {ours / yardstick:.2f} (at most 1.3)")
    assert ours <= 1.3 * yardstick


def test_the_memory_of_an_excel_list_does_not_grow_with_its_rows(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        write_list(tmp_path / "list.xlsx", "Open cases", COLUMNS, rows(count), as_of=DAY, zone=ZONE)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # Imports and caches.
    small, large = peak(2_000), peak(20_000)

    print(f"\nxlsx, peak memory: 2,000 rows {small / 1e6:.1f} MB, 20,000 rows {large / 1e6:.1f} MB")
    assert large <= small + 2_000_000


def test_a_list_with_everything_masked_costs_little_more_than_bare_writing(tmp_path: Path) -> None:
    key = desk(tmp_path / "desk", CASES)
    query = VIEWS["everything"].query(Now("", NOW, NOW))
    fields = sheet_fields(Case.kind, None)
    columns = [Column(f.label, cell_kind(f), width_of(f)) for f in fields]
    with closing(Journal(tmp_path / "desk", key)) as journal, closing(journal.reader()) as made:

        def written(count: int = CASES) -> None:
            masked = islice(rows_of(made, query, fields, masked=True), count)
            write_list(tmp_path / "list.xlsx", "Everything", columns, masked, as_of=DAY, zone=ZONE)

        def peak(count: int) -> int:
            tracemalloc.start()
            written(count)
            _now, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return most

        ours = seconds(written, 2)
        cells = list(map(_with_times(columns), rows_of(made, query, fields, masked=True)))
        yardstick = seconds(lambda: bare(tmp_path / "bare.xlsx", [f.label for f in fields], cells), 2)
        small, large = peak(3_000), peak(6_000)

    print(f"\nxlsx, masked, {CASES:,} rows × {len(fields)}: ours {ours:.1f} s, openpyxl write-only {yardstick:.1f} s")
    print(f"xlsx, masked, ours : openpyxl = {ours / yardstick:.2f} (at most 1.3)")
    print(f"xlsx, masked, peak memory: 3,000 rows {small / 1e6:.1f} MB, 6,000 rows {large / 1e6:.1f} MB")
    assert ours <= 1.3 * yardstick
    assert large <= small + 3_000_000


def _with_times(columns: Sequence[Column]) -> Callable[[Sequence[Any]], list[Any]]:
    """Turn the texts of instants into times, which the yardstick is given ready."""
    instants = [column.kind is Kind.INSTANT for column in columns]
    return lambda row: [
        datetime.fromisoformat(value) if value and instant else value
        for value, instant in zip(row, instants, strict=True)
    ]


if __name__ == "__main__":
    raise SystemExit(pytest.main([__file__, "-q", "-s"]))
