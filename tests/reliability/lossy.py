"""A disk that loses power: every write, truncation, sync and deletion is written down, so that any moment can be cut.

What a file had synced survives. Each later write survives or not by chance, and one may be torn at 512 bytes, as
SQLite's own crash tests do it (How SQLite Is Tested, §3.3; src/test6.c). Deleting a file counts as durable.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw

if TYPE_CHECKING:
    from random import Random

_SECTOR = 512


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was asked of the disk."""

    what: str
    file: str
    at: int = 0
    data: bytes = b""


class Disk(apsw.VFS):
    """The disk as SQLite sees it; `steps` is what was asked of it so far."""

    NAME = "lossy"

    def __init__(self) -> None:
        super().__init__(self.NAME, "")
        self.steps: list[Step] = []

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802 - SQLite's name.
        return _File(self, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802 - as above.
        super().xDelete(name, sync)
        self.steps.append(Step("delete", Path(name).name))

    def cut(self, after: int, chance: Random, into: Path) -> None:
        """Lay out the files as they may be found when the power went right after a step."""
        durable: dict[str, bytearray] = {}
        waiting: dict[str, list[Step]] = {}
        for step in self.steps[:after]:
            if step.what == "sync":
                for write in waiting.pop(step.file, []):
                    _apply(durable.setdefault(step.file, bytearray()), write)
            elif step.what == "delete":
                durable.pop(step.file, None)
                waiting.pop(step.file, None)
            else:
                waiting.setdefault(step.file, []).append(step)
        for file, writes in waiting.items():
            for write in writes:
                if chance.random() < 0.5:
                    _apply(durable.setdefault(file, bytearray()), _perhaps_torn(write, chance))
        for file, content in durable.items():
            (into / file).write_bytes(bytes(content))


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        self._name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "temporary").name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name.
        super().xWrite(data, offset)
        self._disk.steps.append(Step("write", self._name, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802 - as above.
        super().xTruncate(size)
        self._disk.steps.append(Step("truncate", self._name, size))

    def xSync(self, flags: int) -> None:  # noqa: N802 - as above.
        super().xSync(flags)
        self._disk.steps.append(Step("sync", self._name))

    def xDeviceCharacteristics(self) -> int:  # noqa: N802 - as above.
        return 0  # Promises nothing, which is what psow=0 makes SQLite believe of every disk.


def _apply(content: bytearray, step: Step) -> None:
    if step.what == "truncate":
        del content[step.at :]
        return
    if len(content) < step.at:
        content.extend(bytes(step.at - len(content)))
    content[step.at : step.at + len(step.data)] = step.data


def _perhaps_torn(step: Step, chance: Random) -> Step:
    if step.what != "write" or len(step.data) <= _SECTOR or chance.random() > 0.3:
        return step
    kept = _SECTOR * chance.randrange(1, len(step.data) // _SECTOR + 1)
    return Step("write", step.file, step.at, step.data[:kept])
