"""Which parts of a template may come along, and how the parts of the written document refer to each other."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from escalation_desk.casework.refusal import Refused
from escalation_desk.documents.package import parse
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Only these come along; what is not named here (comments, custom XML, thumbnails, macros) has no place in a document
# that holds text and nothing else.
_TEXT_KINDS = {"header", "footer", "footnotes", "endnotes"}
_KEPT_KINDS = _TEXT_KINDS | {"styles", "settings", "fontTable", "theme", "numbering", "webSettings", "image", "font"}
_TYPE_OF = {
    "officeDocument": _WORD + "document.main+xml",
    **{kind: f"{_WORD}{kind}+xml" for kind in (_KEPT_KINDS - {"theme", "image", "font"})},
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
}
_SUFFIXES = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "emf": "image/x-emf",
    "wmf": "image/x-wmf",
    "odttf": "application/vnd.openxmlformats-officedocument.obfuscatedFont",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """One part's word about another: by which id, of which kind, where."""

    id: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Relations:
    """How the parts of a checked template hang together."""

    kinds: Mapping[str, str]  # Of each part.
    of: Mapping[str, tuple[Relation, ...]]  # What each part refers to.

    def has_text(self, part: str) -> bool:
        return self.kinds[part] in _TEXT_KINDS | {"officeDocument"}

    @property
    def content_types(self) -> bytes:
        defaults = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in _SUFFIXES.items())
        parts = {name: _TYPE_OF[kind] for name, kind in self.kinds.items() if kind in _TYPE_OF}
        parts["docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
        overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items())
        return f'{_DECLARED}<Types xmlns="{_TYPES}">{defaults}{overrides}</Types>'.encode()

    @property
    def root(self) -> bytes:
        document = next(name for name, kind in self.kinds.items() if kind == "officeDocument")
        return _written([("rId1", _KINDS + "officeDocument", document), ("rId2", _CORE, "docProps/core.xml")])

    def written(self, placed: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, bytes]]:
        """Write each part's relations; `placed` adds the pictures: part → id → name of the picture's part."""
        for part in self.kinds:
            own = [(one.id, _KINDS + one.kind, f"/{one.target}") for one in self.of.get(part, ())]
            own += [(id_, _KINDS + "image", f"/{target}") for id_, target in placed.get(part, {}).items()]
            if own:
                yield _rels_name(part), _written(own)


def checked_parts(parts: Mapping[str, bytes], name: str) -> tuple[dict[str, bytes], Relations]:
    """Follow the relations from the document on; refuse any that leads outside, leave behind what is not wanted."""
    kinds: dict[str, str] = {}
    of: dict[str, tuple[Relation, ...]] = {}
    found = [
        Relation(one.id, one.kind, one.target) for one in _relations(parts, "", name) if one.kind == "officeDocument"
    ]
    while found:
        one = found.pop(0)
        if one.target in kinds:
            continue
        kinds[one.target] = one.kind
        own = _relations(parts, one.target, name)
        of[one.target] = tuple(r for r in own if r.kind in _KEPT_KINDS and r.target in parts)
        _refuse_used(parts[one.target], [r for r in own if r not in of[one.target]], name)
        found += of[one.target]
    if not kinds:
        raise Refused(_("{name} is not a Word file.", name=name))
    return {part: parts[part] for part in kinds}, Relations(kinds, of)


def _relations(parts: Mapping[str, bytes], part: str, name: str) -> list[Relation]:
    content = parts.get(_rels_name(part))
    if content is None:
        return []
    return [_relation(element, part, name) for element in parse(content, name).iter("{*}Relationship")]


def _relation(element: Any, part: str, name: str) -> Relation:
    kind, target = element.get("Type", "").rsplit("/", 1)[-1], element.get("Target", "")
    if element.get("TargetMode", "Internal").lower() != "internal" or kind == "attachedTemplate" or ":" in target:
        # A template that reaches out could fetch from, or tell, another computer each time its documents are opened.
        raise Refused(
            _(
                "{name} points to something outside itself ({target}). Remove the link and save it again.",
                name=name,
                target=target,
            )
        )
    within = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))
    return Relation(element.get("Id", ""), kind, within.lstrip("/"))


def _refuse_used(content: bytes, dropped: list[Relation], name: str) -> None:
    for one in dropped:
        if f'"{one.id}"'.encode() in content and one.kind not in {"comments", "customXml"}:
            raise Refused(_("{name} holds a part that a template may not have ({kind}).", name=name, kind=one.kind))


def _rels_name(part: str) -> str:
    folder, file = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _written(relations: list[tuple[str, str, str]]) -> bytes:
    inside = "".join(
        f"<Relationship Id={quoteattr(id_)} Type={quoteattr(kind)} Target={quoteattr(target)}/>"
        for id_, kind, target in relations
    )
    return f'{_DECLARED}<Relationships xmlns="{_RELATIONS}">{inside}</Relationships>'.encode()
