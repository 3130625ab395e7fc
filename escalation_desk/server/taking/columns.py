"""Many rows in one statement: each column goes to PostgreSQL as one text, a line for each row.

Arrays of the driver's take several times as long to make. What can be anything goes as JSON, in which no line ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def as_text(said: Any) -> str:
    return orjson.dumps(said).decode()


def columns(rows: Iterable[Sequence[Any]]) -> list[str]:
    """Turn rows of ids, numbers, codes, JSON and None into the parameters of `unnested`."""
    return ["\n".join([_cell(value) for value in column]) for column in zip(*rows, strict=True)]


def _cell(value: Any) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"  # As PostgreSQL writes bytes.
    return "" if value is None else str(value)


def unnested(declared: str) -> bytes:
    """Write what makes rows of columns again, from their names and types: `id:uuid data:jsonb`."""
    pairs = [one.split(":") for one in declared.split()]
    arrays = ", ".join(rf"string_to_array(%b, E'\n', '')::{kind}[]" for _name, kind in pairs)
    return f"unnest({arrays}) AS u({', '.join(name for name, _kind in pairs)})".encode()
