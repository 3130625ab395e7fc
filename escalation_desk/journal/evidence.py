"""Takes files in as evidence: known by their content, kept once, never run and never believed by their name."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.casework.choices import EvidenceKind
from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.casework.text import clean
from escalation_desk.casework.timeline import Attachment
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

LIMIT: Final = 25 * 1024 * 1024
_MEGABYTE: Final = 1024 * 1024
_LONGEST_NAME: Final = 120
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
_BEGINNINGS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)
_OFFICE: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_KINDS: Final = {"image/": EvidenceKind.SCREENSHOT, "text/": EvidenceKind.TEXT, "application/": EvidenceKind.DOCUMENT}
_UNKNOWN: Final = "application/octet-stream"


def attach(
    work: Work,
    name: str,
    content: bytes,
    *,
    case: str | None = None,
    seller: str | None = None,
    known: Collection[str] = (),
) -> Attachment:
    """Keep a file with a case or a seller. Refused where it is empty, too large, or one of those `known` there."""
    refuse_size(name, len(content))
    digest = hashlib.sha256(content).hexdigest()
    if not content:
        raise Refused(_("“{name}” is empty; there is nothing to attach.", name=name))
    if digest in known:
        raise Refused(_("“{name}” is attached here already.", name=name))
    work.keep_blob(digest, content)
    media = media_type(name, content)
    kind = next((kind for beginning, kind in _KINDS.items() if media.startswith(beginning)), EvidenceKind.OTHER)
    return work.add(
        Attachment(
            case=case,
            seller=seller,
            file_name=safe_name(name),
            size=len(content),
            sha256=digest,
            media_type=media,
            evidence=EvidenceKind.OTHER if media == _UNKNOWN else kind,
        )
    )


class Room(NamedTuple):
    """How many bytes the evidence of a case takes, and that of the whole desk; the same bytes count once."""

    case: int
    desk: int


def room_taken(made: Connection, case: str) -> Room:
    """Add up the evidence that stands now."""
    of_case = made.execute(f'{_DISTINCT} AND "case" = ?)', (case,)).fetchone()
    of_desk = made.execute(f"{_DISTINCT})").fetchone()
    return Room(int(of_case[0]), int(of_desk[0]))


_DISTINCT: Final = (
    "SELECT ifnull(sum(size), 0) FROM (SELECT DISTINCT sha256, size FROM attachment WHERE deleted_at IS NULL"
)


def read_file(path: Path) -> bytes:
    """Read a file that somebody chose. Its size is asked before it is read."""
    try:
        refuse_size(path.name, path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise Fault(_("“{name}” cannot be read: {error}.", name=path.name, error=error.strerror)) from error


def refuse_size(name: str, size: int) -> None:
    if size > LIMIT:
        raise Refused(
            _(
                "“{name}” has {size} MB; attachments may have up to 25 MB. Attach a part of it, or leave it in the CRM "
                "and note where it is.",
                name=name,
                size=-(-size // _MEGABYTE),
            )
        )


def media_type(name: str, content: bytes) -> str:
    """Say what a file is by how it begins; the name decides only between kinds of package and of text."""
    ending = name.rpartition(".")[2].lower()
    for beginning, media in _BEGINNINGS:
        if content.startswith(beginning):
            return _OFFICE.get(ending, media) if media == "application/zip" else media
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if _reads_as_text(content):
        return "text/csv" if ending == "csv" else "text/plain"
    return _UNKNOWN


def _reads_as_text(content: bytes) -> bool:
    if b"\x00" in content[:4096]:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def safe_name(name: str) -> str:
    """Make a name that every file system takes and that hides nothing: direction tricks are taken out."""
    plain = _UNFIT.sub("_", _HIDDEN.sub("", clean(name).replace("\n", " "))).strip(" .") or "file"
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    if len(plain) <= _LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return (
        f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if dot and len(ending) < 12 else plain[:_LONGEST_NAME]
    )
