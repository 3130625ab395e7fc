"""The zip file that a .docx is: read under caps, refused when something in it could run, written the same each time."""

from __future__ import annotations

import re
import zipfile
from typing import IO, TYPE_CHECKING, Any, Self

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST_PARTS = 500
LARGEST_FILE = 20_000_000
LARGEST_PART = 20_000_000
LARGEST_WHOLE = 50_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)  # One time for all, so that the same document is the same file.
_CHUNK = 65_536
_RUNS = re.compile(r"vbaProject|vbaData|activeX|oleObject|embeddings/|\.bin$|\.exe$|\.dll$|afchunk", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def read_package(path: Path) -> dict[str, bytes]:
    """Read all parts of a .docx, counting what comes out rather than trusting what the file says of itself."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refused(_("{name} is too large for a template.", name=path.name))
        with zipfile.ZipFile(path) as file:
            return _parts(file, path.name)
    except OSError as error:
        raise Refused(_("{name} cannot be read: {reason}.", name=path.name, reason=error.strerror or error)) from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        # A broken, encrypted or oddly packed zip file; the library has a different error for each.
        raise Refused(_("{name} is not a Word file, or it is damaged or encrypted.", name=path.name)) from error


def _parts(file: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    entries = [entry for entry in file.infolist() if not entry.is_dir()]
    if len(entries) > MOST_PARTS or len({entry.filename.lower() for entry in entries}) < len(entries):
        raise Refused(_("{name} is not built like a Word file.", name=name))
    parts: dict[str, bytes] = {}
    left = LARGEST_WHOLE
    for entry in entries:
        parts[entry.filename] = _inflated(file, entry, min(left, LARGEST_PART), name)
        left -= len(parts[entry.filename])
    _check(parts, name)
    return parts


def _inflated(file: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int, name: str) -> bytes:
    with file.open(entry) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise Refused(_("{name} unpacks to more than a template may hold.", name=name))
    return content


def _check(parts: dict[str, bytes], name: str) -> None:
    types = parts.get("[Content_Types].xml")
    if types is None:
        raise Refused(_("{name} is not a Word file.", name=name))
    if b"macroEnabled" in types or any(_RUNS.search(part) for part in parts):
        raise Refused(
            _("{name} holds a macro or an embedded object. Save it as a plain .docx without them.", name=name)
        )
    if any(_DOCTYPE.search(content) for part, content in parts.items() if part.endswith((".xml", ".rels"))):
        raise Refused(_("{name} holds a document type declaration, which no Word program writes.", name=name))


def parse(content: bytes, name: str) -> Any:
    """Parse one part without entities, network or a document type."""
    from lxml import etree  # Imported here: the window starts without it.

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused(_("{name} holds XML that cannot be read.", name=name)) from error
    if root.getroottree().docinfo.doctype:
        # The bytes were searched already; this finds one in another encoding.
        raise Refused(_("{name} holds a document type declaration, which no Word program writes.", name=name))
    return root


class PackageWriter:
    """Writes the parts of a .docx one after the other; the same parts make the same bytes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._file = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def write(self, name: str, content: bytes) -> None:
        self._file.writestr(_entry(name), content)

    def write_pieces(self, name: str, pieces: Iterable[str]) -> None:
        """Write a part as it comes, so that a document of a thousand cases is never whole in memory."""
        with self._file.open(_entry(name), "w") as part:
            for piece in pieces:
                part.write(piece.encode())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0  # The same on every system.
    return entry
