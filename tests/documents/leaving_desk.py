"""A real desk with one case full of personal data, for the tests of what leaves it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    Channel,
    Direction,
    FollowUpForm,
    Form,
    PromisedBy,
    Severity,
    Visibility,
)
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.timeline import Attachment, Clarification, Message
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
# Everything that must not leave masked: as it is stored. And as people write it, in the texts of the case.
STORED = (
    "Phạm Thị Hoa",
    "0912345678",
    "hoa.pham@example.com",
    "hoapham_zalo",
    "Trương Văn Lợi",
    "0987111222",
    "loi@xuong.example",
    "Đỗ Văn Kiên",
    "Vũ Kim Ngân",
)
WRITTEN = (
    "pham thi hoa",
    "PHẠM THỊ HOA",
    "+84 912.345.678",
    "(84)912345678",
    "hoa.pham@example.com",
    "Truong Van Loi 0987 111 222",
    "đỗ văn kiên",
    "VU KIM NGAN",
)
ORDERS = frozenset({"576912345678123456", "240612HOA", "0908070605"})


@dataclass
class Desk:
    """The desk, its case, and the clock that tests move."""

    journal: Journal
    case_id: str


def open_leaving_desk(folder: Path, png: bytes) -> Desk:
    journal = Journal(folder, bytes(range(32)), lambda: NOW)
    me = User(full_name="Nguyễn Hà Linh", login="linh")
    journal.set_profile(me)
    return Desk(journal, _plant(journal, png))


def _plant(journal: Journal, png: bytes) -> str:
    me = journal.profile
    assert me is not None
    text = "; ".join(WRITTEN)
    with journal.entry("Import {file}", kind="import", file="a.csv") as work:
        hoa = work.add(
            Party(
                display_name="Phạm Thị Hoa",
                phone="0912345678",
                email="hoa.pham@example.com",
                contacts=({"kind": "zalo", "value": "hoapham_zalo"},),
                external_ids=frozenset({"crm:10400"}),
            )
        )
        shop = work.add(
            Seller(
                shop_name="Bếp Mộc",
                contact_person="Trương Văn Lợi",
                phone="0987111222",
                email="loi@xuong.example",
                external_ids=frozenset({"tiktok_shop:760011000"}),
            )
        )
        work.flush()
        case = work.add(
            Case(
                title=f"Hoàn tiền cho PHAM THI HOA ({WRITTEN[2]})",
                description=f"Tôi là {text}",
                requester=hoa.id,
                seller=shop.id,
                owner=me.id,
                severity=Severity.S2,
                orders=ORDERS,
                amount=Decimal(184350),
                tier1_summary=f"Đã gọi {WRITTEN[3]}",
                tried_before=text,
                requester_expects=text,
                summary=f"{WRITTEN[0]} chờ hoàn tiền",
                decision_needed=text,
                waiting_for=WRITTEN[5],
                resolution_summary=text,
                root_cause=text,
                received_at=NOW - timedelta(days=3),
                tags=frozenset({"tet", "hoa.pham@example.com"}),
            )
        )
        work.flush()
        work.add(_message(case, "Gọi 0912 345 678", me, Form.CALL, 60, counterpart="Phạm Thị Hoa"))
        work.add(_message(case, f"Bí mật: {text}", me, Form.NOTE, 30))
        work.add(
            _message(case, text, None, Form.MESSAGE, 50, author="Đỗ Văn Kiên", public=True, direction=Direction.IN)
        )
        work.add(_message(case, "Chào chị Hoa", me, Form.MESSAGE, 40, public=True, direction=Direction.OUT))
        work.add(Clarification(case=case.id, question=text, asked_at=NOW, answer=text))
        work.add(
            FollowUp(
                case=case.id,
                form=FollowUpForm.PROMISE,
                promised_by=PromisedBy.US,
                text=text,
                to_whom="Vũ Kim Ngân",
                due_at=NOW + timedelta(hours=3),
                first_due_at=NOW + timedelta(hours=3),
            )
        )
        sha256 = hashlib.sha256(png).hexdigest()
        work.keep_blob(sha256, png)
        work.add(
            Attachment(case=case.id, file_name="pham_thi_hoa 0912345678.png", sha256=sha256, media_type="image/png")
        )
    return case.id


def _message(
    case: Case,
    body: str,
    by: User | None,
    form: Form,
    minutes: int,
    *,
    public: bool = False,
    direction: Direction = Direction.INTERNAL,
    author: str | None = None,
    counterpart: str | None = None,
) -> Message:
    return Message(
        case=case.id,
        body=body,
        form=form,
        direction=direction,
        visibility=Visibility.PUBLIC if public else Visibility.INTERNAL,
        channel=Channel.PHONE,
        at=NOW - timedelta(minutes=minutes),
        by=by.id if by else None,
        author=author,
        counterpart=counterpart,
    )
