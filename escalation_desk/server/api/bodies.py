"""Bodies of requests and answers: limited in size before and after unpacking, zstd both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
import zstandard
from fastapi import Response

from escalation_desk.sync.messages import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi import Request

MOST_PACKED: Final = 3 * MOST_BYTES
MOST_UNPACKED: Final = 8 * MOST_BYTES
_WORTH_PACKING: Final = 1_000
_WINDOW: Final = 2**23
NDJSON: Final = "application/x-ndjson"


class Problem(Exception):  # noqa: N818 - an answer.
    """A request that is answered with a code and a sentence."""

    def __init__(self, status: int, error: str, why: str, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.status, self.error, self.why, self.headers, self.more = status, error, why, headers, more


async def read(request: Request) -> bytes:
    """Read a body, at most as much as is allowed."""
    packed = await limited(request, MOST_PACKED)
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        return packed
    if encoding != "zstd":
        raise Problem(415, "encoding", "Send the body as it is, or packed with zstd.")
    return unpacked(packed)


async def limited(request: Request, most: int) -> bytes:
    said = request.headers.get("content-length", "0")
    if not said.isascii() or not said.isdigit():
        raise Problem(400, "malformed", "The length of the body cannot be read.")
    if int(said) > most:
        raise _too_large()
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise _too_large()
        pieces.append(piece)
    return b"".join(pieces)


def unpacked(packed: bytes) -> bytes:
    """Unpack, and stop in time where a small body would become a huge one."""
    try:
        with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(packed) as reader:
            content: bytes = reader.read(MOST_UNPACKED + 1)
    except zstandard.ZstdError as error:
        raise Problem(400, "malformed", "The body is not zstd.") from error
    if len(content) > MOST_UNPACKED:
        raise _too_large()
    return content


def _too_large() -> Problem:
    return Problem(413, "too_large", "The body is too large; send it in parts.")


def parsed(body: bytes) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        said = orjson.loads(body)  # It lets neither halves of surrogate pairs nor numbers that are none pass.
    except ValueError as error:
        raise Problem(400, "malformed", "The body is not JSON.") from error
    if not isinstance(said, dict):
        raise Problem(400, "malformed", "The body is not a JSON object.")
    return said


def answer(request: Request, content: bytes, media_type: str = "application/json", status: int = 200) -> Response:
    """Answer with bytes, packed where the other side can unpack them and it is worth it."""
    if len(content) < _WORTH_PACKING or "zstd" not in request.headers.get("accept-encoding", ""):
        return Response(content, status, media_type=media_type)
    packed = zstandard.ZstdCompressor(level=3).compress(content)
    return Response(packed, status, {"Content-Encoding": "zstd", "Vary": "Accept-Encoding"}, media_type=media_type)


def as_json(said: Any) -> bytes:
    return orjson.dumps(said)


def joined(lines: Iterable[bytes]) -> bytes:
    return b"".join(lines)
