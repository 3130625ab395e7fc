"""One command on a fresh machine: `python3 bootstrap.py demo` opens the desk, `python3 bootstrap.py test` checks it.

Standard library alone. It makes .venv from requirements.lock, asks the system for what Qt needs, and hands over.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from escalation_desk.desktop.system_libraries import apt_line, missing_packages

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed-from"
END_TO_END = "tests/end_to_end"
USAGE = """\
usage: python3 bootstrap.py demo [ARGUMENT...]   open Escalation Desk with sample data
       python3 bootstrap.py test                 run every check"""

# A test that hangs ends here with the stack of every thread, not with the machine's patience.
HANGS = ["-o", "faulthandler_timeout=300", "-o", "faulthandler_exit_on_timeout=true"]
# Room tests never touch a display; the end-to-end tests get a real one.
CHECKS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "lint-imports": ["lint-imports"],
    "mypy": ["mypy"],
    # Three on two cores: a third of the time a test waits for a disk, a child or a server.
    "pytest": ["pytest", "-n", "3", "--dist", "worksteal", f"--ignore={END_TO_END}", *HANGS],
    "pytest, with a window": ["pytest", END_TO_END, *HANGS],
}


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    if sys.version_info < (3, 11):  # noqa: UP036 - Whoever starts this with an older Python is told so.
        stop(f"Escalation Desk needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if arguments == ["test"]:
        prepare(missing_for_test())
        return run_checks()
    if arguments[:1] == ["demo"]:
        prepare(missing_for_demo())
        become("escalation_desk", *arguments)
    print(USAGE, file=sys.stderr)
    return 2


def prepare(packages: list[str]) -> None:
    """Bring system and .venv to what the lock says; costs nothing when they are there."""
    if not os.access(ROOT, os.W_OK):
        stop(f"{ROOT} cannot be written by this user; make your own copy of the repository and start there.")
    current = is_current()
    if not (current or makes_venv()):
        packages = [*packages, f"python3.{sys.version_info.minor}-venv"]
    if packages:
        install_packages(packages)
    if not current:
        install_locked()


# --- the system ---


def missing_for_demo() -> list[str]:
    screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    packages = missing_packages(display=screen)
    # The window opens with any font, so the one it is drawn for never keeps anybody out: it comes where we may install.
    font = missing_font()
    return packages + font if font and privilege() is not None else packages


def missing_for_test() -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    screen = [] if shutil.which("Xvfb") else ["xvfb"]
    return missing_packages(display=True) + screen + missing_font() + missing_postgresql()


def missing_postgresql() -> list[str]:
    """Name the package of the database that the tests of the shared server start for themselves."""
    there = shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return [] if there else ["postgresql"]


def missing_font() -> list[str]:
    """Name the package of Noto Sans when no folder of fonts has it: the room for Vietnamese marks is made for it."""
    if not sys.platform.startswith("linux"):
        return []
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    names = (file.name for folder in folders for file in folder.rglob("NotoSans*"))
    return [] if any(name.startswith(("NotoSans-Regular.", "NotoSans[")) for name in names) else ["fonts-noto-core"]


def makes_venv() -> bool:
    """Tell whether this Python can make an environment with pip in it; Debian keeps that part in its own package."""
    return bool(importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"))


def install_packages(packages: list[str]) -> None:
    by_hand = (
        f"System packages are missing. Install them with this line, then start again:\n\n    {apt_line(packages)}\n"
    )
    apt_get = shutil.which("apt-get")
    if not apt_get:
        stop(f"{by_hand}\nThese are Debian's names and there is no apt-get here: take your system's own packages.")
    prefix = privilege()
    if prefix is None:
        stop(by_hand)
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt_get, "-q", "-o", "DPkg::Lock::Timeout=300"]
    say(f"Installing system packages: {' '.join(packages)}")
    # A failed update may still leave lists that are good enough: the install decides.
    run([*apt, "update"])
    if run([*apt, "install", "-y", "--no-install-recommends", *packages]):
        stop(by_hand)


def privilege() -> list[str] | None:
    """Tell how to become root without asking anybody for a password, if that is possible at all."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    return [sudo, "-n"] if sudo and run([sudo, "-n", "true"], quiet=True) == 0 else None


# --- the environment ---


def is_current() -> bool:
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="ascii") == recipe()


def recipe() -> str:
    """Sum up what .venv was made from: the pins, our own entry points, the Python behind it, and where it lies."""
    place = f"{PYTHON.resolve()}\n{ROOT}".encode()
    return hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + place).hexdigest()


def install_locked() -> None:
    say("Installing Python packages into .venv (only when the lock has changed)")
    # Until the last step is done there is no stamp, so an interrupted installation is taken up again.
    STAMP.unlink(missing_ok=True)
    if not is_ours():
        step([sys.executable, "-m", "venv", "--clear", str(VENV)])
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-input"]
    step([*pip, "--require-hashes", "-r", str(LOCK)])
    step([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    # Uncompiled, the heavy libraries cost seconds at every start, and a machine's settings may keep pip from compiling.
    # What some wheels carry as templates is no valid Python and stays as it is, so the exit code says nothing.
    run([str(PYTHON), "-m", "compileall", "-qq", str(VENV), str(ROOT / "escalation_desk")])
    STAMP.write_text(recipe(), encoding="ascii")


def is_ours() -> bool:
    """Tell whether .venv was made here, still runs and has pip: not moved, not left by an older Python, not uv's."""
    settings = VENV / "pyvenv.cfg"
    made_here = settings.exists() and f" {VENV}\n" in settings.read_text(encoding="utf-8") + "\n"
    return made_here and PYTHON.exists() and run([str(PYTHON), "-c", "import pip"], quiet=True) == 0


def step(command: list[str]) -> None:
    if run(command):
        stop(f"This failed for the reason above; mend that and start again:\n\n    {' '.join(command)}\n")


# --- handing over ---


def become(*module: str) -> NoReturn:
    """Let the program take this process's place, so that signals and the exit code are its own."""
    command = [str(PYTHON), "-m", *module]
    sys.stdout.flush()
    if os.name == "nt":  # Windows starts another process on exec and gives the terminal back too early.
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)


def run_checks() -> int:
    with display() as environment:
        failed = [name for name, check in CHECKS.items() if not passes(name, check, environment)]
    say(f"Failed: {', '.join(failed)}" if failed else "All checks passed")
    return 1 if failed else 0


def passes(name: str, check: list[str], display: dict[str, str]) -> bool:
    say(name)
    platform = display if END_TO_END in check else {"QT_QPA_PLATFORM": "offscreen"}
    return run([str(PYTHON.with_name(check[0])), *check[1:]], environment=os.environ | platform) == 0


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """Start an X server without a screen, on the first free number, for as long as the checks run."""
    if not sys.platform.startswith("linux"):
        yield {}
        return
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=[write], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as announced:
            number = announced.readline().strip()
        if not number:
            stop("The X server for the window tests (Xvfb) did not start. Run `Xvfb -displayfd 1` to see why.")
        try:
            yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()


def run(command: list[str], *, environment: dict[str, str] | None = None, quiet: bool = False) -> int:
    """Run a child that asks nobody anything, its output on ours."""
    sys.stdout.flush()
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
    return done.returncode


def say(text: str) -> None:
    print(f"=== {text}", flush=True)


def stop(sentence: str) -> NoReturn:
    sys.exit(f"bootstrap: {sentence}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
