"""What all records have in common, and the list of their kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - fields_of reads the annotations at run time.
from typing import Any, ClassVar

KINDS: dict[str, type[Record]] = {}

COMMON = ("created_at", "created_by", "updated_at", "updated_by", "deleted_at")


@dataclass(kw_only=True)
class Record:
    """Something the desk keeps. The journal fills in who and when; only declared fields are journaled."""

    kind: ClassVar[str]
    label: ClassVar[str]

    id: str = ""
    created_at: datetime | None = field(default=None)
    created_by: str | None = field(default=None)
    updated_at: datetime | None = field(default=None)
    updated_by: str | None = field(default=None)
    deleted_at: datetime | None = field(default=None)

    def __init_subclass__(cls) -> None:
        KINDS[cls.kind] = cls

    @property
    def name(self) -> str:
        """How a person calls this record in a sentence."""
        return self.id

    def derive(self) -> None:
        """Set the computed fields that follow from the record's own fields."""

    def note_down(self, now: datetime) -> None:
        """Write down on the record itself what has become of it; the journal asks before it writes."""

    def check(self, before: dict[str, Any]) -> None:
        """Refuse a change that the record's rules forbid; `before` holds the old value of each changed field."""

    def natural_keys(self) -> frozenset[str]:
        """Names by which the outside world knows this record, unique within its kind: `zendesk:1234`."""
        return frozenset()
