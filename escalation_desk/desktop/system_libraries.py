"""What the window needs from a Linux system, told before Qt is imported: with a part missing Qt only aborts.

Standard library alone, no import of ours: bootstrap.py reads it before anything is installed.
"""

from __future__ import annotations

import ctypes
import sys

# Library -> Debian package, found with ldd over the PySide6 wheel in a bare Debian 12.
QT = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
# What a display adds, X11 or Wayland; without it Qt still draws offscreen.
DISPLAY = {
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def missing_packages(*, display: bool) -> list[str]:
    """Name the Debian packages that Qt lacks here, to draw at all and (display) to open a window on a screen."""
    if not sys.platform.startswith("linux"):
        return []  # The wheels for Windows and macOS bring everything.
    wanted = QT | DISPLAY if display else QT
    return [package for library, package in wanted.items() if not _loads(library)]


def apt_line(packages: list[str]) -> str:
    """Write the command that installs them, to be read by a person."""
    return "sudo apt-get update && sudo apt-get install -y --no-install-recommends " + " ".join(packages)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
