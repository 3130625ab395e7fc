"""Knows files that are no table at all, whatever they are called, and says what each is and what to do."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from escalation_desk.i18n import N_, _
from escalation_desk.intake.reading.base import LIMITS, label

if TYPE_CHECKING:
    from pathlib import Path

_WEB_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype|html|table|head|body|meta)\b", re.IGNORECASE | re.DOTALL)
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[ \t][^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2}")
_MAIL_LINE = re.compile(
    rb"^(?:from|to|subject|date|received|mime-version|message-id|return-path|content-type):",
    re.IGNORECASE | re.MULTILINE,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE_WORKBOOK = "Workbook".encode("utf-16-le")
_LOOK = 1 << 20

_OLD_EXCEL = N_("“{file}” is an old Excel workbook (.xls); open it and save it as .xlsx.")
_ENCRYPTED = N_("“{file}” is protected by a password; save a copy without one and import that.")
_OLD_OFFICE = N_("“{file}” is an old Office file that holds no table; export it as CSV, Excel or JSON.")
_PAGE = N_("“{file}” is a web page, whatever its name says; open it in Excel and save it as .xlsx.")
_XML = N_("“{file}” is an XML file; export it as CSV, Excel or JSON.")
_LETTER = N_("“{file}” is an e-mail message, not a table; export it as CSV, Excel or JSON.")
_WORD = N_("“{file}” is a Word document, not a spreadsheet; choose the exported table.")
_BINARY_EXCEL = N_("“{file}” is a binary Excel workbook (.xlsb); open it and save it as .xlsx.")
_OPEN_DOCUMENT = N_("“{file}” is an OpenDocument file (.ods); open it and save it as .xlsx.")
_ARCHIVE = N_("“{file}” is an archive; unpack it and choose the exported table in it.")
_PDF = N_("“{file}” is a PDF, which is paper and no table; export it as CSV, Excel or JSON.")
_PICTURE = N_("“{file}” is a picture; export the table as CSV, Excel or JSON.")

_BEGINNINGS = (
    (b"%PDF-", _PDF),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
)


def refusal_of_stranger(path: Path, head: bytes) -> str | None:
    """Give the sentence for a file that no reader should try; None where it may be a table."""
    said = _what_it_is(path, head)
    return _(said, file=label(path)) if said else None


def _what_it_is(path: Path, head: bytes) -> str | None:
    if begins := next((said for mark, said in _BEGINNINGS if head.startswith(mark)), None):
        return begins
    if head.startswith(_OLE):
        return _old_office(path)
    if head.startswith(b"PK"):
        return _zip(path)
    return _text(path, head)


def _old_office(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(_LOOK)
    if _OLE_ENCRYPTED in start:
        return _ENCRYPTED
    return _OLD_EXCEL if _OLE_WORKBOOK in start or path.suffix.lower() == ".xls" else _OLD_OFFICE


def _zip(path: Path) -> str | None:
    """Tell zips apart by the names of their parts; a broken one is told by the reader that its name asks for."""
    suffix = path.suffix.lower()
    try:
        with zipfile.ZipFile(path) as package:
            parts = " ".join(part.filename.replace("\\", "/") for part in package.infolist()[: LIMITS.members]).lower()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return _WORD if suffix == ".docx" else None
    if "workbook.bin" in parts:
        return _BINARY_EXCEL
    if "workbook.xml" in parts or "worksheets/" in parts:
        return None
    by_part = (("word/", _WORD), ("content.xml", _OPEN_DOCUMENT))
    said = next((said for part, said in by_part if part in parts), _WORD if suffix == ".docx" else _ARCHIVE)
    return None if said is _ARCHIVE and suffix in {".xlsx", ".xlsm"} else said


def _text(path: Path, head: bytes) -> str | None:
    start = head.removeprefix(b"\xef\xbb\xbf")
    if _WEB_PAGE.match(start):
        return _PAGE
    if start.lstrip().startswith(b"<?xml"):
        return _XML
    if path.suffix.lower() == ".eml" or (_MAIL.match(start) and _MAIL_LINE.search(start)):
        return _LETTER
    return _WORD if path.suffix.lower() in {".docx", ".doc"} else None
