"""Where the program's own files lie: seed data, translations, icons, templates."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
# Beside the package in a checkout, inside it once installed (pyproject: sources).
_ROOT = _PACKAGE / "resources" if (_PACKAGE / "resources").is_dir() else _PACKAGE.parent / "resources"


def folder(name: str) -> Path:
    return _ROOT / name


def file(name: str) -> Path:
    return _ROOT / name
