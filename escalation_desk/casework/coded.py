"""What records name by its code, and people by words in three languages."""

from __future__ import annotations

from dataclasses import dataclass

from escalation_desk.casework.desk import in_language
from escalation_desk.casework.fields import field
from escalation_desk.i18n import N_


@dataclass(kw_only=True)
class Coded:
    """Stands before `Record` among the bases of a kind. Its code is its natural key, and never used again."""

    code: str = field(N_("Code"), once=True, required=True, code=True, show="column")
    labels: dict[str, str] = field(N_("Words"), default=None, required=True, show="column form")

    @property
    def name(self) -> str:
        return in_language(self.labels)

    def natural_keys(self) -> frozenset[str]:
        return frozenset({self.code})
