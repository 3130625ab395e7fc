"""Turns one part of a template, with its tags, into pieces of XML and places to fill."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.refusal import Refused
from escalation_desk.documents.filling import AnchorPlace, Block, BookmarkPlace, NumberPlace, PicturePlace, Place
from escalation_desk.documents.package import parse
from escalation_desk.documents.tags import TAG, Problem, Sign, Tag, broken, never_begun, never_ended, read_tag, unknown
from escalation_desk.documents.wordxml import (
    SPACE,
    W_URI,
    W,
    add_after,
    add_before,
    join_tags,
    own,
    refuse_fields,
    split_at_tags,
    take_out,
    text_of,
    tidy,
)
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.documents.filling import Node
    from escalation_desk.documents.tags import Tags

_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Two private characters hold the number of a mark while the XML is still a tree; a template cannot hold them itself.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_BARE_PARAGRAPH = f'<w:p xmlns:w="{W_URI}"><w:pPr><w:spacing w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'


def prepare_part(content: bytes, name: str, tags: Tags, problems: list[Problem]) -> tuple[Node, ...]:
    """Prepare one part; what is wrong with its tags is added to `problems`."""
    content = content.replace(_OPEN.encode(), b"").replace(_CLOSE.encode(), b"")
    root = parse(content, name)
    if root.nsmap.get("w") != W_URI:
        raise Refused(
            _("{name} is not a Word document of the usual kind. Save it as .docx, not as Strict XML.", name=name)
        )
    tidy(root)
    refuse_fields(root)
    part = _Part(root, _place_of(name), tags, problems)
    part.mark()
    if problems:
        return ()
    return _nodes(_DECLARED + text_of(root), part.marks)


def _place_of(name: str) -> str:
    if "header" in name:
        return _("the header")
    if "footer" in name:
        return _("the footer")
    return _("the footnotes") if "notes" in name else _("the text")


@dataclass
class _Found:
    """A tag that stands alone in a run: one that begins or ends a block, or places a picture or a bookmark."""

    tag: Tag
    run: Any
    mark: str = ""


@dataclass
class _Level:
    """A block that is open while the tags are read in order."""

    found: _Found
    tags: Tags | None  # None for blocks that bring no names of their own.


@dataclass
class _Part:
    """One part while its tags are found, checked and replaced by marks."""

    root: Any
    place: str
    tags: Tags
    problems: list[Problem]
    marks: list[Node | _Begin | _End] = field(default_factory=list)
    open: list[_Level] = field(default_factory=list)
    pairs: list[tuple[_Found, _Found]] = field(default_factory=list)

    def mark(self) -> None:
        self._mark_attributes()
        founds = [found for paragraph in list(self.root.iter(W + "p")) for found in self._mark_paragraph(paragraph)]
        self.problems += [never_ended(level.found.tag, self.place) for level in self.open]
        if not self.problems:
            self._arrange(founds)
            self._guard_cells()

    def _new(self, mark: Node | _Begin | _End) -> str:
        self.marks.append(mark)
        return f"{_OPEN}{len(self.marks) - 1}{_CLOSE}"

    def _mark_attributes(self) -> None:
        """Give drawings numbers of their own; attributes are not read for tags, except where a link points."""
        for element in self.root.iter("{*}docPr"):
            element.set("id", self._new(NumberPlace()))

    def _mark_paragraph(self, paragraph: Any) -> Iterator[_Found]:
        join_tags(paragraph)
        for element in list(own(paragraph)):
            if element.tag == W + "hyperlink":
                self._mark_anchor(element)
            elif element.tag == W + "instrText":
                element.text = TAG.sub(lambda tag: self._anchor(tag[0], tag[1]), element.text or "")
            elif element.tag == W + "t":
                yield from self._mark_text(element)

    def _mark_anchor(self, link: Any) -> None:
        anchor = link.get(W + "anchor", "")
        if TAG.search(anchor):
            link.set(W + "anchor", TAG.sub(lambda tag: self._anchor(tag[0], tag[1]), anchor))

    def _anchor(self, text: str, inside: str) -> str:
        tag = read_tag(inside)
        if tag is None or tag.sign is not Sign.VALUE:
            self.problems.append(broken(text, self.place))
            return ""
        level = self._level_of(Tag(tag.text, Sign.BOOKMARK, tag.name))
        return "" if level is None else self._new(AnchorPlace(level, tag.name))

    def _mark_text(self, element: Any) -> Iterator[_Found]:
        for piece in split_at_tags(element):
            match = TAG.fullmatch(piece.text or "")
            if match is None:
                if "{{" in (piece.text or "") or "}}" in (piece.text or ""):
                    self.problems.append(broken(_excerpt(piece.text), self.place))
                continue
            tag = read_tag(match[1])
            if tag is None:
                self.problems.append(broken(match[0], self.place))
            elif tag.sign is Sign.VALUE:
                self._mark_value(piece, tag)
            else:
                yield from self._structural(piece, tag)

    def _mark_value(self, piece: Any, tag: Tag) -> None:
        level = self._level_of(tag)
        if level is not None:
            piece.text = self._new(Place(level, tag.name))
            piece.set(SPACE, "preserve")

    def _structural(self, piece: Any, tag: Tag) -> Iterator[_Found]:
        found = _Found(tag, piece.getparent())
        if tag.sign is Sign.END:
            if self._end(found):
                yield found
            return
        level = self._level_of(tag)
        if level is None:
            if tag.sign.opens:  # So that its end is not told as a second fault.
                self.open.append(_Level(found, None))
            return
        if tag.sign is Sign.IMAGE:
            found.mark = self._new(PicturePlace(level, tag.name, tag.size))
        elif tag.sign is Sign.BOOKMARK:
            found.mark = self._new(BookmarkPlace(level, tag.name))
        else:
            found.mark = self._new(_Begin(level, tag.name, tag.sign))
            inside = self._scopes()[level].blocks[tag.name] if tag.sign is Sign.EACH else None
            self.open.append(_Level(found, inside))
        yield found

    def _end(self, found: _Found) -> bool:
        if not self.open or self.open[-1].found.tag.name != found.tag.name:
            if self.open and any(level.found.tag.name == found.tag.name for level in self.open):
                while self.open[-1].found.tag.name != found.tag.name:
                    self.problems.append(never_ended(self.open.pop().found.tag, self.place))
            else:
                self.problems.append(never_begun(found.tag, self.place))
                return False
        found.mark = self._new(_End())
        self.pairs.append((self.open.pop().found, found))
        return True

    def _scopes(self) -> list[Tags]:
        return [self.tags, *(level.tags for level in self.open if level.tags is not None)]

    def _level_of(self, tag: Tag) -> int | None:
        """Find the innermost level that knows the name."""
        scopes = self._scopes()
        for level in range(len(scopes) - 1, -1, -1):
            if scopes[level].knows(tag.sign, tag.name):
                return level
        self.problems.append(unknown(tag, self.place, self.tags))
        return None

    def _arrange(self, founds: list[_Found]) -> None:
        """Put every mark where its block begins or ends: around words, paragraphs or table rows."""
        spans = {id(found): span for pair in self.pairs for found, span in zip(pair, _span(*pair), strict=True)}
        markers = {id(element) for element in spans.values() if _only_tags(element, founds)}
        for found in founds:
            around = spans.get(id(found))
            if around is None or around is found.run or id(around) in markers:
                add_after(found.run if around is None else around, found.mark)
            elif found.tag.sign.opens:
                add_before(around, found.mark)
            else:
                add_after(around, found.mark)
        for found in founds:
            _take_out_run(found.run)
        for element in {id(e): e for e in spans.values() if id(e) in markers}.values():
            if element.getparent() is not None:
                take_out(element)

    def _guard_cells(self) -> None:
        """Give a cell whose blocks may all be empty a paragraph: Word calls the file damaged otherwise."""
        for cell in self.root.iter(W + "tc"):
            depth = self._depth_after(cell.text)
            kept = False
            for child in cell:
                kept = kept or (child.tag == W + "p" and depth == 0)
                depth += self._depth_after(child.tail)
            if not kept:
                cell.append(parse(_BARE_PARAGRAPH.encode(), ""))

    def _depth_after(self, text: str | None) -> int:
        marks = [self.marks[int(number)] for number in _MARK.findall(text or "")]
        return sum(isinstance(mark, _Begin) for mark in marks) - sum(isinstance(mark, _End) for mark in marks)


@dataclass(frozen=True)
class _Begin:
    level: int
    name: str
    sign: Sign


@dataclass(frozen=True)
class _End:
    pass


def _span(begin: _Found, end: _Found) -> tuple[Any, Any]:
    """Find what a block encloses: the two outermost elements, side by side, that hold its two tags."""
    above_begin = [begin.run, *begin.run.iterancestors()]
    above_end = [end.run, *end.run.iterancestors()]
    shared = next(element for element in above_begin if element in above_end)
    if shared.tag == W + "tr":  # From one cell to another: the row.
        return shared, shared
    return above_begin[above_begin.index(shared) - 1], above_end[above_end.index(shared) - 1]


def _only_tags(element: Any, founds: list[_Found]) -> bool:
    """Tell whether a paragraph or row is there for its tags only, so that it is not printed."""
    if element.tag not in {W + "p", W + "tr"}:
        return False
    runs = {id(found.run) for found in founds if found.tag.sign.opens or found.tag.sign is Sign.END}
    shown = (W + "t", W + "drawing", W + "pict", W + "fldChar", W + "br", W + "tab", W + "sectPr")
    return all(
        id(shows.getparent()) in runs or (shows.tag == W + "t" and not (shows.text or "").strip())
        for shows in element.iter(*shown)
    )


def _take_out_run(run: Any) -> None:
    """Take out the run of a tag, and its paragraph if nothing else was in it and the cell has another."""
    paragraph = next(run.iterancestors(W + "p"))
    take_out(run)
    bare = not any(True for _run in paragraph.iter(W + "r")) and not _MARK.search(text_of(paragraph))
    if bare and paragraph.getparent().tag == W + "tc" and len(paragraph.getparent().findall(W + "p")) > 1:
        take_out(paragraph)


def _excerpt(text: str) -> str:
    at = text.find("{{")
    return (text[at:] if at >= 0 else text)[:40]


def _nodes(text: str, marks: list[Node | _Begin | _End]) -> tuple[Node, ...]:
    """Cut the XML at its marks into nested nodes."""
    levels: list[list[Node]] = [[]]
    begun: list[_Begin] = []
    for at, piece in enumerate(_MARK.split(text)):
        if at % 2 == 0:
            levels[-1] += [piece] if piece else []
            continue
        match marks[int(piece)]:
            case _Begin() as begin:
                begun.append(begin)
                levels.append([])
            case _End():
                begin, inside = begun.pop(), levels.pop()
                levels[-1].append(Block(begin.level, begin.name, begin.sign, tuple(inside)))
            case node:
                levels[-1].append(node)
    return tuple(levels[0])
