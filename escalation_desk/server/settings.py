"""What an administrator can set: on the line, in the environment, or in a TOML file; declared once."""

from __future__ import annotations

import ipaddress
import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX: Final = "ESCALATION_DESK_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one server process. Each is also ESCALATION_DESK_<NAME> in the environment."""

    database: str = ""
    listen: str = "127.0.0.1:8765"
    certificate: str = ""
    key: str = ""
    behind_proxy: bool = False
    files: str = field(default="")
    """Where attachments and snapshots are kept."""
    connections: int = 8

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def folder(self) -> Path:
        return Path(self.files or "files")

    def check(self) -> None:
        """Refuse to speak in the clear where others can listen."""
        text = self.listen.rpartition(":")[2]
        if not text.isdigit() or int(text) > 65535 or not self.host:
            raise Refused(
                _("“{listen}” is no address to listen on; write for example 127.0.0.1:8765.", listen=self.listen)
            )
        if bool(self.certificate) != bool(self.key):
            raise Refused(_("A certificate needs its key, and a key its certificate; name both."))
        if not (self.certificate or self.behind_proxy or _is_loopback(self.host)):
            raise Refused(
                _(
                    "Passwords would go over the network in the clear. Name --certificate and --key, or put the server"
                    " behind a proxy that speaks TLS and say --behind-proxy."
                )
            )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def settings(said: Mapping[str, Any], file: Path | None = None) -> Settings:
    """Put together what was said on the line, in the environment and in a file; the first one counts."""
    sources = (said, _environment(), _file(file))
    names = {one.name: one.type for one in fields(Settings)}
    chosen = {name: next((x for s in sources if (x := s.get(name)) not in (None, "")), None) for name in names}
    try:
        return Settings(**{name: _fits(name, value) for name, value in chosen.items() if value is not None})
    except ValueError as error:
        raise Refused(_("The setting “{name}” cannot be read.", name=str(error))) from error


def _fits(name: str, value: Any) -> Any:
    default = next(one.default for one in fields(Settings) if one.name == name)
    if isinstance(default, bool):
        return value if isinstance(value, bool) else str(value).lower() in {"1", "true", "yes", "on"}
    if isinstance(default, int):
        if not str(value).isdigit():
            raise ValueError(name)
        return int(value)
    return str(value)


def _environment() -> dict[str, Any]:
    return {one.name: os.environ.get(f"{_PREFIX}{one.name.upper()}") for one in fields(Settings)}


def _file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(_("The file of settings {file} cannot be read: {why}", file=file, why=error)) from error
