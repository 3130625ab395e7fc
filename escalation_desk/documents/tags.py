"""What a template may say: its tags, the names they may use, and the sentence for one that is wrong.

{{case.title}}            the value
{{#rows}} … {{/rows}}     once for each row; paragraphs, table rows or words, whatever the two tags enclose
{{?rows}} … {{/rows}}     once if there is any
{{^rows}} … {{/rows}}     once if there is none
{{image:picture}}         an inline picture, at most as large as {{image:picture:110x90}} says (millimetres)
{{bookmark:anchor}}       a place that a table of contents can point to
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TAG = re.compile(r"\{\{([^{}\x00]*)\}\}")
_INSIDE = re.compile(r"(?P<sign>[#?^/]|image:|bookmark:|)\s*(?P<name>[a-z0-9_.]+)(?::(?P<size>\d{1,3}x\d{1,3}))?")


class Sign(Enum):
    """What a tag does."""

    VALUE = ""
    EACH = "#"
    ANY = "?"
    NONE = "^"
    END = "/"
    IMAGE = "image:"
    BOOKMARK = "bookmark:"

    @property
    def opens(self) -> bool:
        return self in {Sign.EACH, Sign.ANY, Sign.NONE}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag as written in a template."""

    text: str
    sign: Sign
    name: str
    size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Tags:
    """The names that may be used at one level: values, pictures, anchors, and blocks with names of their own."""

    values: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
    anchors: frozenset[str] = frozenset()
    blocks: Mapping[str, Tags] = field(default_factory=dict)

    def knows(self, sign: Sign, name: str) -> bool:
        match sign:
            case Sign.IMAGE:
                return name in self.pictures
            case Sign.BOOKMARK:
                return name in self.anchors
            case Sign.EACH:
                return name in self.blocks
            case Sign.VALUE:
                return name in self.values
            case _:
                return name in self.values or name in self.blocks or name in self.pictures

    def names(self) -> Iterator[str]:
        """List every name of this level and those inside, for a suggestion."""
        yield from self.values | self.pictures | self.anchors | self.blocks.keys()
        for block in self.blocks.values():
            yield from block.names()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a template was not used, in a sentence; `tag` is the bad tag, if it is one."""

    sentence: str
    tag: str = ""


def read_tag(text: str) -> Tag | None:
    """Read what stands between the braces; None when it is no tag of ours."""
    found = _INSIDE.fullmatch(text.strip().lower())
    if found is None:
        return None
    sign = Sign(found["sign"])
    if found["size"] and sign is not Sign.IMAGE:
        return None
    width, height = (int(side) for side in (found["size"] or "0x0").split("x"))
    return Tag("{{" + text + "}}", sign, found["name"], (width, height) if width and height else None)


def broken(text: str, place: str) -> Problem:
    return Problem(
        _("{tag} in {place} is not a tag: write it like {example}.", tag=text, place=place, example="{{case.title}}"),
        text,
    )


def unknown(tag: Tag, place: str, tags: Tags) -> Problem:
    near = difflib.get_close_matches(tag.name, set(tags.names()), n=1, cutoff=0.6)
    if near and near[0] != tag.name:
        suggestion = tag.text.replace(tag.name, near[0]) if tag.name in tag.text else near[0]
        said = _("{tag} in {place} is not known; did you mean {near}?", tag=tag.text, place=place, near=suggestion)
    elif near:
        said = _("{tag} in {place} is known, but not at this place.", tag=tag.text, place=place)
    else:
        said = _("{tag} in {place} is not known.", tag=tag.text, place=place)
    return Problem(said, tag.text)


def never_ended(tag: Tag, place: str) -> Problem:
    end = "{{/" + tag.name + "}}"
    return Problem(_("{tag} in {place} has no end; add {end}.", tag=tag.text, place=place, end=end), tag.text)


def never_begun(tag: Tag, place: str) -> Problem:
    return Problem(_("{tag} in {place} ends what was not begun.", tag=tag.text, place=place), tag.text)
