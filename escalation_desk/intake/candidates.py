"""What a file offers: a record as the outside world knows it, before the desk is asked what it has already.

Candidates are plain data, because they are made in a child process and cross to the one that writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Pointer:
    """Another record that a field points to, by its natural key; `values` make it where the desk has none."""

    kind: str
    key: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """An entry of the timeline that came along. `key` tells it from its like, so that it is taken once."""

    key: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One record offered by one or more rows; `values` are JSON values by the declared names of fields."""

    kind: str
    key: str
    rows: tuple[int, ...]
    values: dict[str, Any]
    pointers: dict[str, Pointer] = field(default_factory=dict)
    said: tuple[Said, ...] = ()
    history: tuple[dict[str, str], ...] = ()
    """The states that a case went through, with the CRM's times (`histories`)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken, and why."""

    row: int
    reason: str
