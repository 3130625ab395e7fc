"""Who is away, and who stands in meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from escalation_desk.casework.fields import field
from escalation_desk.casework.records import Record
from escalation_desk.i18n import N_


@dataclass(kw_only=True)
class Absence(Record):
    """A stretch of time in which somebody does not work; it ends by itself."""

    kind: ClassVar[str] = "absence"
    label: ClassVar[str] = N_("Absence")

    user: str = field(N_("Person"), refers_to="user", once=True, required=True, show="column form")
    begins_at: datetime | None = field(N_("Begins"), default=None, required=True, sortable=True, show="column form")
    ends_at: datetime | None = field(N_("Ends"), default=None, required=True, show="column form")
    substitute: str | None = field(N_("Substitute"), default=None, refers_to="user", show="column form")
    note: str | None = field(N_("Note"), default=None, show="column form")
