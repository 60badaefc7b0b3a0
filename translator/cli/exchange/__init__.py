"""The commands ``exchange …``: a folder between a partner's mailbox and an ERP that can only read and write files.

A module a group of commands, imported when it is used: ``passes`` (init, golive, run, watch), ``decisions`` (held, accept, refuse,
release, close, resend), ``drafts`` (draft), ``questions`` (status, log, evidence, prune), ``history`` (adopt).
Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from translator.cli import Commands

_COMMANDS = {
    "init": "passes",
    "run": "passes",
    "watch": "passes",
    "golive": "passes",
    "status": "questions",
    "log": "questions",
    "held": "decisions",
    "accept": "decisions",
    "refuse": "decisions",
    "release": "decisions",
    "close": "decisions",
    "resend": "decisions",
    "draft": "drafts",
    "evidence": "questions",
    "adopt": "history",
    "prune": "questions",
}

PATIENCE = 30.0  # seconds that a command waits for a pass that is at work
DIR = click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))


class _Exchange(Commands):
    homes = _COMMANDS
    package = "translator.cli.exchange"


@click.command(cls=_Exchange)
def exchange() -> None:
    """Exchange files between a partner's mailbox and an ERP without an API, in a folder.

    \b
    Example:
      translator exchange init shop
      translator exchange run shop
    """


def now_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that makes output repeatable."""
    return click.option(
        "--now", type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M"]), help="The moment, in UTC, instead of the clock's."
    )(command)
