"""What a file says of itself: what it is and when, nothing about whose computer made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from escalation_desk.documents.words import plain


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties a program shows for the file."""

    title: str
    subject: str
    keywords: str
    created: datetime
    language: str


def core_properties(properties: Properties) -> bytes:
    when = properties.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    title, subject, keywords, language = (
        escape(plain(text)) for text in (properties.title, properties.subject, properties.keywords, properties.language)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:subject>{subject}</dc:subject><dc:creator></dc:creator>"
        f"<cp:keywords>{keywords}</cp:keywords>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{when}</dcterms:modified>'
        f"<dc:language>{language}</dc:language></cp:coreProperties>"
    ).encode()
