"""Sharing the desk through a server: sign in, exchange, look at conflicts and settle them."""

from __future__ import annotations

import getpass
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _, n_
from escalation_desk.sync import disagreements, joining
from escalation_desk.sync.engine import Engine
from escalation_desk.sync.keys import Keeper

if TYPE_CHECKING:
    from argparse import Namespace

    from escalation_desk.journal.journal import Journal
    from escalation_desk.sync.disagreements import Shown
    from escalation_desk.sync.engine import Report


def sign_in(journal: Journal, asked: Namespace) -> str:
    person = joining.sign_in(journal, asked.url, asked.user, _password(asked))
    return "\n".join([_("Signed in as {name}.", name=person), Keeper(journal).where()])


def sync(journal: Journal, asked: Namespace) -> str:
    with closing(joining.client(journal)) as client, closing(Engine(journal, client)) as engine:
        report = engine.exchange()
    return json.dumps(report.as_json()) if asked.json else _said(report)


def conflicts(journal: Journal, asked: Namespace) -> str:
    with journal.writing() as made:
        listed = disagreements.listed(made)
    if asked.json:
        return json.dumps([one.as_json() for one in listed], ensure_ascii=False, indent=2)
    return "\n\n".join(map(_shown, listed)) or _("There is no conflict.")


def resolve(journal: Journal, asked: Namespace) -> str:
    disagreements.resolve(journal, _conflict(journal, asked.conflict), asked.take)
    return _("Settled. The other one stays in the history.")


def _conflict(journal: Journal, typed: str) -> str:
    """Find the conflict whose id begins as typed."""
    with journal.writing() as made:
        found = [one.id for one in disagreements.listed(made) if one.id.startswith(typed)]
    if len(found) != 1:
        raise Refused(_("There is no open conflict {id}; look it up with: conflicts.", id=typed))
    return found[0]


def _said(report: Report) -> str:
    return "\n".join(
        [
            n_("{n} entry sent", "{n} entries sent", report.pushed),
            n_("{n} record received", "{n} records received", report.pulled),
            n_("{n} conflict to settle", "{n} conflicts to settle", report.conflicts),
            n_("{n} entry refused", "{n} entries refused", report.refused),
            n_("{n} entry waits", "{n} entries wait", report.waiting),
        ]
    )


def _shown(one: Shown) -> str:
    lines = [
        f"{one.id}  {one.name} · {one.label}",
        _("  before: {value}", value=one.base or "–"),
        _("  theirs: {value} ({who}, {when})", value=one.theirs or "–", who=one.theirs_by, when=one.theirs_at),
        _("  mine:   {value} ({who}, {when})", value=one.mine or "–", who=one.mine_by, when=one.mine_at),
    ]
    return "\n".join([*lines, f"  {one.why}"] if one.why else lines)


def _password(asked: Namespace) -> str:
    if asked.password_file is not None:
        try:
            text: str = asked.password_file.read_text("utf-8")
        except (OSError, ValueError) as error:
            raise Refused(_("{path} cannot be read: {error}.", path=asked.password_file, error=error)) from error
        return text.rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Refused(_("Nobody is here to be asked for the password; give it in a file: --password-file FILE."))
    return getpass.getpass(_("Password: "))
