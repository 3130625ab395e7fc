"""Reads JSON as help desks export it: a list, a page with a list inside, one object, or an object on every line."""

from __future__ import annotations

import io
import json
import re
from functools import partial
from itertools import count, islice
from math import isfinite
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean
from escalation_desk.i18n import _
from escalation_desk.intake.reading.base import LIMITS, MB, Record, Table, Value, label, opened, table_name
from escalation_desk.intake.reading.encoding import encoding_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from escalation_desk.intake.reading.encoding import Encoding

    _Items: TypeAlias = Callable[[], Iterator[Any]]

_PIECE = 1 << 18
_DEEPEST = 6  # Dotted columns reach so far down; the rest stays reachable as the nested value.
_SPACE = re.compile(r"[\s,]*")
# What an API says round its answer. An object of nothing but these and lists is a page, any other is a record.
_ENVELOPE = frozenset({
    *("code", "error", "error_code", "message", "msg", "request_id", "status", "success", "type", "warning"),
    *("after_cursor", "after_url", "before_cursor", "before_url", "cursor", "next_cursor", "next_page_token"),
    *("links", "meta", "next", "next_page", "page", "page_token", "pages", "prev", "previous", "previous_page"),
    *("count", "end_of_stream", "end_time", "has_more", "more", "offset", "page_size", "per_page"),
    *("total", "total_count", "total_pages"),
})  # fmt: skip


class JsonFile:
    def recognise(self, path: Path, head: bytes) -> bool:
        text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        # A bracket may also begin a table's first name; `[System] Type,…` is not JSON.
        return bool(re.match(rb'\{\s*["}]|\[\s*[{\[\]"\d]', text)) or path.suffix.lower() in {".json", ".jsonl"}

    def tables(self, path: Path) -> Iterator[Table]:
        with opened(path) as stream:
            encoding = encoding_of(stream)

        def items() -> Iterator[Any]:
            return _items(path, encoding)

        for name, source in _sources(path, items).items():
            yield _table(path, name, source, encoding.notes)


def _sources(path: Path, items: _Items) -> dict[str, _Items]:
    """Name the lists of a file: the lists inside a lone page, or else the file itself."""
    first = list(islice(items(), 2))
    if not first:
        raise Refused(_("“{file}” holds no records.", file=label(path)))
    lists = _lists(first[0]) if len(first) == 1 and isinstance(first[0], dict) else None
    if lists is None:
        return {table_name(path): items}
    if not lists:
        raise Refused(_("“{file}” holds no records.", file=label(path)))
    return {name or table_name(path): partial(iter, inside) for name, inside in lists.items()}


def _lists(page: dict[str, Any]) -> dict[str, list[Any]] | None:
    """Find the lists of records in a page; None where it is no page but a record itself."""
    said = {key: value for key, value in page.items() if key not in _ENVELOPE or isinstance(value, list)}
    lists = {key: value for key, value in said.items() if _is_list_of_records(value)}
    nested = {key: value for key, value in said.items() if isinstance(value, dict)}
    if len(lists) + len(nested) < len(said):
        return None
    filled = {key: value for key, value in lists.items() if value}
    if filled or not nested:
        return filled if lists else None
    if len(nested) > 1:
        return None
    (inner,) = nested.values()
    return _lists(inner) or {"": [inner]}


def _is_list_of_records(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _items(path: Path, encoding: Encoding) -> Iterator[Any]:
    """Give the members of the outer list, or the objects that follow each other, holding one at a time in memory."""
    with opened(path) as stream:
        text = io.TextIOWrapper(stream, encoding.name, encoding.errors)
        window = _Window(path, text)
        in_list = window.next_sign() == "["
        window.at += in_list
        while sign := window.next_sign():
            if in_list and sign == "]":
                return
            yield window.value()
        if in_list:
            raise Refused(window.broken())


class _Window:
    """The part of a text that is being decoded, moved on as values are taken from it."""

    def __init__(self, path: Path, text: IO[str]) -> None:
        self._path = path
        self._text = text
        self._decoder = json.JSONDecoder(parse_constant=str)
        self._buffer = ""
        self._taken = 0
        self.at = 0

    def next_sign(self) -> str:
        """Look at the next sign that is no space or comma; empty at the end of the file."""
        while True:
            self.at = _end_of_space(self._buffer, self.at)
            if self.at < len(self._buffer) or not self._more():
                return self._buffer[self.at : self.at + 1]

    def value(self) -> Any:
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self.at)
            except ValueError:
                if not self._more():
                    raise Refused(self.broken()) from None
                continue
            # A number at the edge may go on behind it.
            if end < len(self._buffer) or isinstance(value, (dict, list, str)) or not self._more():
                self.at = end
                self._taken += 1
                return value

    def broken(self) -> str:
        return _(
            "“{file}” is not complete JSON: it breaks off or has a mistake in item {n}; export it again.",
            file=label(self._path),
            n=self._taken + 1,
        )

    def _more(self) -> bool:
        """Read on, twice as much as is held, so that one large value is not decoded in a thousand vain attempts."""
        held = self._buffer[self.at :]
        if len(held) > LIMITS.json_bytes:
            raise Refused(
                _(
                    "“{file}” is one JSON value of more than {limit} MB; export JSON lines or a shorter period.",
                    file=label(self._path),
                    limit=LIMITS.json_bytes // MB,
                )
            )
        piece = self._text.read(max(_PIECE, len(held)))
        self._buffer, self.at = held + piece, 0
        return bool(piece)


def _end_of_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found else start


def _table(path: Path, name: str, items: _Items, notes: tuple[str, ...]) -> Table:
    """Read the list twice: JSON names its columns in every record, and a late one must not be lost."""
    columns: dict[str, None] = {}
    total = 0
    for total, item in enumerate(items(), start=1):  # noqa: B007 - the count is what is wanted.
        if isinstance(item, dict):
            _gather(path, columns, item)
    if total > LIMITS.text_rows:
        raise Refused(
            _(
                "“{file}” has more than {limit} rows; export a shorter period.",
                file=label(path),
                limit=f"{LIMITS.text_rows:,}",
            )
        )
    if not columns:
        raise Refused(
            _("“{file}” holds no objects with names and values, so there is nothing to import.", file=label(path))
        )
    return Table(clean(name), tuple(columns), map(_record, count(1), items()), total, notes)


def _gather(path: Path, columns: dict[str, None], item: dict[str, Any]) -> None:
    for name, _value in _spread(item):
        # Maps from ids to things would make a column of every id; those stay reachable as the nested value.
        if len(columns) < LIMITS.columns:
            columns.setdefault(name)
        elif name not in columns and name in item:
            raise Refused(_("“{file}” has more than {limit} columns.", file=label(path), limit=LIMITS.columns))


def _record(number: int, item: Any) -> Record:
    if not isinstance(item, dict):
        return Record(number, {}, _("Item {n} is not an object with names and values.", n=number))
    values: dict[str, Value] = {}
    for name, value in _spread(item):
        values.setdefault(name, _tidy(value))
    return Record(number, values)


def _spread(item: dict[str, Any], prefix: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    """Give every value under its name, and those of nested objects also under dotted ones (`via.channel`)."""
    for key, value in item.items():
        name = prefix + clean(key)
        yield name, value
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _spread(value, name + ".", depth + 1)


def _tidy(value: Any) -> Any:
    """Clean texts however deep they lie; what is empty is None, as in every other format."""
    if isinstance(value, str):
        return clean(value).strip() or None
    if isinstance(value, float):
        return value if isfinite(value) else str(value)  # As written: no number is made of it, and nothing lost.
    if isinstance(value, list):
        return [_tidy(each) for each in value] or None
    if isinstance(value, dict):
        return {clean(key): _tidy(each) for key, each in value.items()} or None
    return value
