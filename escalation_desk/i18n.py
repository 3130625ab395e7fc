"""Words that people read: marked where they are written, spoken in the language of whoever reads them.

A document may be Vietnamese while the window is English, so the language is a matter of context (`speaking`),
with the window's language as the default of the whole program (`set_language`).
"""

from __future__ import annotations

import gettext
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

from escalation_desk.resources import folder

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = {"en": "English", "vi": "Tiếng Việt", "id": "Bahasa Indonesia"}
DOMAIN = "escalation_desk"

_spoken: ContextVar[str | None] = ContextVar("language", default=None)
_program_language = "en"


def N_(text: str) -> str:
    """Mark a text for translation where it is declared; it is translated where it is shown."""
    return text


def _(text: str, /, **places: Any) -> str:
    """Say a text in the language being spoken, its named places filled."""
    said = _catalogue(language()).gettext(text) if text else ""
    return said.format(**places) if places else said


def n_(one: str, many: str, n: int, /, **places: Any) -> str:
    """Say a text about n things; the place {n} is always there."""
    return _catalogue(language()).ngettext(one, many, n).format(n=n, **places)


def language() -> str:
    return _spoken.get() or _program_language


def set_language(code: str) -> None:
    """Choose the language of the program (en, vi or id); anything else speaks English."""
    global _program_language  # noqa: PLW0603 - one program speaks one language unless told otherwise.
    _program_language = code if code in LANGUAGES else "en"


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak another language for a while: a document for its reader, a macro for its receiver."""
    token = _spoken.set(code if code in LANGUAGES else "en")
    try:
        yield
    finally:
        _spoken.reset(token)


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, folder("translations"), languages=[code], fallback=True)
