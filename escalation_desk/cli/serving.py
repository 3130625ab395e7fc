"""`server`: runs the shared server, sets it up, keeps its accounts. The room of the server is loaded only here."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from escalation_desk.server.database import Database
    from escalation_desk.server.settings import Settings

ROLES = ("viewer", "specialist", "lead", "admin", "auditor")


def describe(made: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Describe what may be typed after `server`."""
    _place(made)
    _serving(made)
    made.set_defaults(serve=_serve)
    commands = made.add_subparsers(dest="server_command", metavar="COMMAND")

    def command(
        name: str, words: str, does: Callable[[Database, argparse.Namespace], str], among: Any = commands
    ) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = among.add_parser(
            name, help=words, description=words, parents=[common], allow_abbrev=False
        )
        _place(one)
        one.set_defaults(serve=_keep, keeps=does)
        return one

    command("init", "set a database up, or bring it up to date", _init)
    command("check", "check sums, numbers and the chain of changes", _check)
    command("snapshot", "write the files with which large desks begin", _snapshot)
    command("purge", "forget what was deleted long ago", _purge).add_argument(
        "--days", type=int, default=400, metavar="N", help="how long deleted records are kept; 400 unless said"
    )
    command("restored", "say that the database was restored from a backup", _restored)
    users = commands.add_parser("user", help="accounts", allow_abbrev=False)
    among = users.add_subparsers(required=True, metavar="COMMAND")
    _password(_rights(_login(command("add", "make an account", _add_user, among)))).add_argument(
        "--full-name", metavar="NAME", default=""
    )
    _rights(_login(command("grant", "give an account more scopes, or another role", _grant, among)))
    _login(command("disable", "shut an account out", _disable, among))
    _password(_login(command("reset", "give an account a new password", _reset, among)))
    command("list", "list accounts", _list, among)
    scopes = commands.add_parser("scope", help="teams and markets", allow_abbrev=False)
    among = scopes.add_subparsers(required=True, metavar="COMMAND")
    command("add", "make a scope", _add_scope, among).add_argument("scope", metavar="SCOPE")
    devices = commands.add_parser("device", help="workstations", allow_abbrev=False)
    among = devices.add_subparsers(required=True, metavar="COMMAND")
    command("list", "list workstations", _list_devices, among)
    command("revoke", "shut a workstation out", _revoke_device, among).add_argument("device", metavar="ID")


def _place(made: argparse.ArgumentParser) -> None:
    """Say where the database is; before or after the words of a command."""
    made.add_argument("--database", metavar="URL", default=argparse.SUPPRESS, help="postgresql+psycopg://…")
    made.add_argument(
        "--trial", action="store_true", default=argparse.SUPPRESS, help="with a PostgreSQL of its own in --data DIR"
    )
    made.add_argument("--config", type=Path, metavar="FILE", default=argparse.SUPPRESS, help="settings as TOML")
    made.add_argument(
        "--files", metavar="DIR", default=argparse.SUPPRESS, help="where attachments and snapshots are kept"
    )


def _serving(made: argparse.ArgumentParser) -> None:
    made.add_argument("--listen", metavar="HOST:PORT", help="127.0.0.1:8765 unless said")
    made.add_argument("--certificate", metavar="FILE", help="for TLS, with its chain")
    made.add_argument("--key", metavar="FILE", help="of the certificate")
    made.add_argument("--behind-proxy", action="store_true", default=None, help="a proxy in front speaks TLS")


def _login(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("login", metavar="NAME")
    return made


def _rights(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("--role", choices=ROLES, required=True)
    made.add_argument("--scope", nargs="+", action="extend", required=True, metavar="SCOPE", help="VN/t2, VN/*, *")
    return made


def _password(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("--password-file", type=Path, metavar="FILE", help="its first line; asked for unless said")
    return made


def run(folder: Path, asked: argparse.Namespace) -> str:
    """Run a command of the server; `folder` is where a trial has its PostgreSQL."""
    does: Callable[[Path, argparse.Namespace], str] = asked.serve
    return does(folder, asked)


# --- running ---


def _serve(folder: Path, asked: argparse.Namespace) -> str:
    from escalation_desk.server import running, setting_up  # The window knows no web framework.

    with _settings(folder, asked) as settings:
        settings.check()
        with _owner(settings) as database:
            if getattr(asked, "trial", False):
                _set_up(database)
            elif not setting_up.is_set_up(database):
                raise Refused(_("The database is not set up for this version; run “escalation-desk server init”."))
        running.serve(settings, ready=lambda address: print(_("Serving on {address}", address=address), flush=True))  # noqa: T201 - the answer of a command that goes on.
    return _("The server has stopped.")


def _keep(folder: Path, asked: argparse.Namespace) -> str:
    with _settings(folder, asked) as settings, _owner(settings) as database:
        does: Callable[[Database, argparse.Namespace], str] = asked.keeps
        asked.settings = settings
        return does(database, asked)


@contextmanager
def _settings(folder: Path, asked: argparse.Namespace) -> Iterator[Settings]:
    """Put the settings together; a trial runs its PostgreSQL as long as they are needed."""
    from escalation_desk.server.settings import settings  # As above.
    from escalation_desk.server.trial import Trial  # As above.

    said = {name: getattr(asked, name, None) for name in ("database", "listen", "certificate", "key", "files")}
    said["behind_proxy"] = getattr(asked, "behind_proxy", None)
    chosen = settings(said, getattr(asked, "config", None))
    trial = Trial(folder)
    if not (getattr(asked, "trial", False) or (not chosen.database and trial.exists())):
        if not chosen.database:
            raise Refused(_("Say where the database is: --database URL, or --trial for one of its own."))
        yield chosen
        return
    mine = trial.start() or asked.serve is _serve  # One left behind by a server that was killed is taken over.
    try:
        yield settings({**said, "database": trial.url(), "files": said["files"] or str(folder / "files")})
    finally:
        if mine:
            trial.stop()


@contextmanager
def _owner(settings: Settings) -> Iterator[Database]:
    from escalation_desk.server.database import Database  # As above.

    database = Database(settings.database, as_owner=True, size=2)
    try:
        yield database
    finally:
        database.close()


def _set_up(database: Database) -> None:
    from escalation_desk.server import accounts, setting_up  # As above.

    setting_up.set_up(database)
    accounts.plant(database)


# --- keeping ---


def _init(database: Database, _asked: argparse.Namespace) -> str:
    _set_up(database)
    return _("The database is set up.")


def _check(database: Database, _asked: argparse.Namespace) -> str:
    from escalation_desk.server.checking import problems  # As above.

    found = problems(database)
    if found:
        raise Fault(_("The server's data are damaged: {problems}", problems="; ".join(found[:5])))
    return _("Sums, numbers and the chain of changes are right.")


def _snapshot(database: Database, asked: argparse.Namespace) -> str:
    from escalation_desk.server.api.snapshots import write_all  # As above.

    written = write_all(database, asked.settings.folder)
    return "\n".join(f"{scope}: {path}" for scope, path in written)


def _purge(database: Database, asked: argparse.Namespace) -> str:
    from escalation_desk.server.purging import purge  # As above.

    if asked.days < 1:
        raise Refused(_("Deleted records are kept for at least a day."))
    gone = purge(database, asked.settings.folder, timedelta(days=asked.days))
    return n_("{n} record is gone for good.", "{n} records are gone for good.", gone)


def _restored(database: Database, _asked: argparse.Namespace) -> str:
    from escalation_desk.server.setting_up import begin_epoch  # As above.

    begin_epoch(database)
    return _("Workstations will begin anew and send again what the backup had lost.")


def _add_user(database: Database, asked: argparse.Namespace) -> str:
    from escalation_desk.server import accounts, passwords  # As above.

    stored = passwords.hashed(_asked_password(asked))
    accounts.add_user(database, asked.login, stored, _role(asked), asked.scope, full_name=asked.full_name)
    return _("The account “{login}” is made.", login=asked.login)


def _grant(database: Database, asked: argparse.Namespace) -> str:
    from escalation_desk.server import accounts  # As above.

    accounts.grant(database, asked.login, _role(asked), asked.scope)
    return _("“{login}” is {role} in {scopes}.", login=asked.login, role=asked.role, scopes=", ".join(asked.scope))


def _disable(database: Database, asked: argparse.Namespace) -> str:
    from escalation_desk.server import accounts  # As above.

    accounts.disable_user(database, asked.login)
    return _("The account “{login}” is shut out.", login=asked.login)


def _reset(database: Database, asked: argparse.Namespace) -> str:
    from escalation_desk.server import accounts, passwords  # As above.

    accounts.reset_password(database, asked.login, passwords.hashed(_asked_password(asked)))
    return _("The password of “{login}” is new; every workstation signs in again.", login=asked.login)


def _list(database: Database, _asked: argparse.Namespace) -> str:
    from escalation_desk.server import accounts  # As above.

    with database.reading() as cursor:
        return json.dumps(accounts.all_users(cursor), ensure_ascii=False, indent=1)


def _add_scope(database: Database, asked: argparse.Namespace) -> str:
    from escalation_desk.server import accounts  # As above.

    if accounts.add_scope(database, asked.scope):
        return _("The scope {scope} is made.", scope=asked.scope)
    return _("The scope {scope} is there already.", scope=asked.scope)


def _list_devices(database: Database, _asked: argparse.Namespace) -> str:
    from escalation_desk.server import accounts  # As above.

    with database.reading() as cursor:
        return json.dumps(accounts.all_devices(cursor), ensure_ascii=False, indent=1)


def _revoke_device(database: Database, asked: argparse.Namespace) -> str:
    from escalation_desk.server import accounts  # As above.

    accounts.revoke(database, asked.device)
    return _("The workstation is shut out.")


def _role(asked: argparse.Namespace) -> Any:
    from escalation_desk.server.rights import ScopeRole  # As above.

    return next(role for role in ScopeRole if role.value == asked.role)


def _asked_password(asked: argparse.Namespace) -> str:
    """Take the password from a file, or ask twice where somebody sits in front."""
    if asked.password_file is not None:
        try:
            lines = asked.password_file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(_("The file {file} cannot be read: {why}", file=asked.password_file, why=error)) from error
        return lines[0] if lines else ""
    if not sys.stdin.isatty():
        raise Refused(_("Say the password in a file: --password-file FILE."))
    first = getpass.getpass(f"{_('Password')}: ")
    if getpass.getpass(f"{_('Password, again')}: ") != first:
        raise Refused(_("The two passwords are not the same."))
    return first
