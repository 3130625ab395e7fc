"""What a palette offers: apart from the palette itself, which nobody needs before the first Ctrl+K."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class PaletteItem:
    """One thing to choose: what it says, what it does, its keys or its kind at the right."""

    text: str
    run: Callable[[], object]
    keys: str = ""
    kind: str = ""
    sign: str = ""
    enabled: bool = True
    key: str = ""
