"""The XML of Word as far as a template needs it: tidied, checked, its tags brought together and set apart."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.refusal import Refused
from escalation_desk.documents.tags import TAG
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

W_URI = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{W_URI}}}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DROPPED = {
    W + name
    for name in (
        "proofErr",
        "bookmarkStart",
        "bookmarkEnd",
        "commentRangeStart",
        "commentRangeEnd",
        "commentReference",
        "lastRenderedPageBreak",
        "permStart",
        "permEnd",
        "dataBinding",
        "attachedTemplate",
        "mailMerge",
        "altChunk",
        "subDoc",
    )
}
_NOISE = re.compile(r"\}(rsid\w*|paraId|textId)$")  # Word's notes to itself; repeated, they would no longer be unique.
_FIELDS = {
    "PAGE",
    "NUMPAGES",
    "SECTIONPAGES",
    "TOC",
    "PAGEREF",
    "REF",
    "STYLEREF",
    "SEQ",
    "TITLE",
    "SUBJECT",
    "KEYWORDS",
}


def tidy(root: Any) -> None:
    for element in list(root.iter()):
        if element.tag in _DROPPED:
            take_out(element)
            continue
        for attribute in [key for key in element.attrib if _NOISE.search(key)]:
            del element.attrib[attribute]


def refuse_fields(root: Any) -> None:
    """Let in only fields that number, refer and list; others fetch files or start programs."""
    asked = [element.get(W + "instr", "") for element in root.iter(W + "fldSimple")]
    open_fields: list[str] = []
    for element in root.iter(W + "fldChar", W + "instrText"):
        if element.tag == W + "instrText":
            if not open_fields:
                raise Refused(_("The template holds a field that is not whole."))
            open_fields[-1] += element.text or ""
        elif element.get(W + "fldCharType") == "begin":
            open_fields.append("")
        elif element.get(W + "fldCharType") == "end" and open_fields:
            asked.append(open_fields.pop())
    for instruction in [*asked, *open_fields]:
        word = (instruction.split() or [""])[0].upper()
        if word not in _FIELDS:
            raise Refused(_("The template holds the field {field}, which a template may not have.", field=word or "?"))


def take_out(element: Any) -> None:
    """Remove an element; marks in its tail stay where they are."""
    if element.tail:
        add_before(element, element.tail)
    element.getparent().remove(element)


def add_before(element: Any, text: str) -> None:
    previous = element.getprevious()
    if previous is None:
        parent = element.getparent()
        parent.text = (parent.text or "") + text
    else:
        previous.tail = (previous.tail or "") + text


def add_after(element: Any, text: str) -> None:
    element.tail = (element.tail or "") + text


def own(paragraph: Any) -> Iterator[Any]:
    """Walk a paragraph, but not the paragraphs inside it (text boxes have their own)."""
    for child in paragraph:
        if child.tag != W + "p":
            yield child
            yield from own(child)


def join_tags(paragraph: Any) -> None:
    """Bring each tag that Word has split over runs together in the first of them."""
    texts: list[Any] = []
    joined = ""
    for element in own(paragraph):
        if element.tag == W + "t":
            texts.append(element)
            joined += element.text or ""
        elif element.tag in {W + "br", W + "tab", W + "cr", W + "drawing", W + "fldChar", W + "instrText"}:
            texts.append(None)
            joined += "\x00"
    owners = [element for element in texts for _letter in ((element.text or "") if element is not None else "\x00")]
    for match in TAG.finditer(joined):
        for at in range(match.start() + 1, match.end()):
            owners[at] = owners[match.start()]
    for element in [element for element in texts if element is not None]:
        element.text = ""
    for owner, letter in zip(owners, joined, strict=True):
        if owner is not None:
            owner.text += letter
            owner.set(SPACE, "preserve")


def split_at_tags(text: Any) -> list[Any]:
    """Split a run so that each tag stands in a run of its own; answer the text elements."""
    pieces = [piece for piece in re.split(r"(\{\{[^{}\x00]*\}\})", text.text or "") if piece]
    run = text.getparent()
    if len(pieces) < 2 and not (pieces and TAG.fullmatch(pieces[0])):
        return [text]
    before, after = _halves(run, text)
    runs = [_run_like(run, piece) for piece in pieces]
    at = run.getparent().index(run)
    for new in [*before, *(new for new, _text in runs), *after]:
        run.getparent().insert(at, new)
        at += 1
    runs[-1][0].tail, run.tail = run.tail, None
    run.getparent().remove(run)
    return [piece for _new, piece in runs]


def _halves(run: Any, text: Any) -> tuple[list[Any], list[Any]]:
    """Move what stands before and after the text in its run (a tab, a picture) to runs of their own."""
    children = [child for child in run if child.tag != W + "rPr"]
    at = children.index(text)
    return _run_of(run, children[:at]), _run_of(run, children[at + 1 :])


def _run_of(run: Any, children: list[Any]) -> list[Any]:
    if not children:
        return []
    new, _text = _run_like(run, "")
    new.remove(_text)
    new.extend(children)
    return [new]


def _run_like(run: Any, text: str) -> tuple[Any, Any]:
    new = run.makeelement(run.tag, dict(run.attrib))
    properties = run.find(W + "rPr")
    if properties is not None:
        new.append(copy.deepcopy(properties))
    piece = new.makeelement(W + "t", {SPACE: "preserve"})
    piece.text = text
    new.append(piece)
    return new, piece


def text_of(root: Any) -> str:
    from lxml import etree  # Imported here: the window starts without it.

    return str(etree.tostring(root, encoding="unicode", with_tail=False))
