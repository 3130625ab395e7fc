"""The ground under every test: nobody's screen, nobody's data, one locale, a plain word when Qt cannot load."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from escalation_desk.desktop.system_libraries import apt_line, missing_packages

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "tests" / "benchmarks"

# Before Qt is imported anywhere. A real display is asked for with QT_QPA_PLATFORM=xcb (docs/testing.md).
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.platform.startswith("linux"):
    os.environ["LC_ALL"] = "C.UTF-8"  # Qt warns about any locale that is not UTF-8, and a warning fails a test.

# No deadline per example, the same examples every time: the cores are shared, and red must be the fault of a change.
settings.load_profile("ci")


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Speak before pytest-qt imports Qt, which without its libraries ends in pages of INTERNALERROR."""
    packages = missing_packages(display=os.environ["QT_QPA_PLATFORM"] == "xcb")
    if packages:
        raise pytest.UsageError(
            f"Qt cannot load on this machine. Install its system libraries first: {apt_line(packages)}"
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the proof of sync, which takes longest: side by side, nobody waits for it in the end."""
    items.sort(key=lambda item: "test_proof" not in item.nodeid)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the benchmarks out unless they are asked for: they want the machine for themselves."""
    asked_for = any("benchmarks" in argument for argument in config.args)
    return True if collection_path == BENCHMARKS and not asked_for else None


@pytest.fixture(scope="session", autouse=True)
def no_real_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every test, and every program that it starts, out of the data, settings and keyring of whoever runs it."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        for kind in ("DATA", "CONFIG", "STATE"):
            environment.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
        runtime = home / "runtime"
        runtime.mkdir(mode=0o700)
        environment.setenv("XDG_RUNTIME_DIR", str(runtime))
        environment.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        environment.delenv("ESCALATION_DESK_DATA", raising=False)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real exports that lies beside the repository, never in it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the real exports in ../shared/data, which are not on this machine")
    return folder
