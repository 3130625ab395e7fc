"""What a person is told when something is not done: one sentence, with what to do instead."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program.
    """A sentence to the person; nothing was changed."""


class Fault(Exception):  # noqa: N818 - as Refused: the surroundings are at fault (disk, network), and the sentence says so.
    """The surroundings failed (disk full, file locked, network gone); nothing was changed."""
