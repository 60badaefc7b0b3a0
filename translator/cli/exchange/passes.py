"""The commands ``exchange init``, ``run``, ``watch`` and ``golive``: a folder made, and passes over it."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from translator.cli import say
from translator.cli.exchange import DIR, now_option


@click.command()
@DIR
@click.option("--partner", metavar="NAME", help="Whose orders come: a folder of mapping tables. Without it the first there is.")
def init(folder: Path, partner: str | None) -> None:
    """Make an exchange folder: its folders, settings with remarks, lists, and an empty ledger. What is there stays.

    \b
    Example:
      translator exchange init shop
    """
    from translator.exchange.setup import init as make

    made = make(folder, partner)
    for line in made:
        click.echo(line, err=True)
    if not made:
        click.echo(f"{folder}: nothing is missing", err=True)


@click.command()
@DIR
@now_option
@click.option("--wait", type=click.FloatRange(0), default=0, metavar="SECONDS", help="How long another pass is waited for.")
def run(folder: Path, now: datetime.datetime | None, wait: float) -> None:
    """One pass: take what arrived, answer it, hand orders to the ERP, take its answers, send what is due. Then it ends.

    Safe under cron or a task scheduler, and beside other copies of itself. What a person has to look at stands in DIR/PROBLEMS.txt.

    \b
    Example:
      translator exchange run shop
    """
    from translator.cli.progress import progress
    from translator.exchange import files
    from translator.exchange.run import run as one_pass

    try:
        with progress("exchange", unit="files") as saw:
            done = one_pass(folder, now=_utc(now), say=say, wait=wait, saw=saw)
    except files.Busy:
        click.echo("another pass is at work here: nothing to do", err=True)
        return
    counts = f"{done.received} received, {done.answered} from the ERP, {done.published} published"
    many = f"{done.problems} problem{'s' if done.problems > 1 else ''}"
    problems = f"{many}: {folder / 'PROBLEMS.txt'}" if done.problems else "no problems"
    click.echo(f"{counts}, {problems}", err=True)


@click.command()
@DIR
@click.option(
    "--every", type=click.FloatRange(1), default=60, show_default=True, metavar="SECONDS", help="A pass at least so often."
)
def watch(folder: Path, every: float) -> None:
    """A pass whenever something changes, and at least every so often, until it is told to end (SIGTERM, Ctrl-C).

    \b
    Example:
      translator exchange watch shop --every 60
    """
    from translator.exchange.run import watch as passes

    passes(folder, every, say=say)


@click.command()
@DIR
@click.argument("production", metavar="NEW", type=click.Path(file_okay=False, path_type=Path))
def golive(folder: Path, production: Path) -> None:
    """Make a production folder NEW with the settings and lists of the test folder DIR; numbers are never taken along.

    \b
    Example:
      translator exchange golive shop-test shop
    """
    from translator.exchange.setup import golive as make

    unfinished = make(folder, production)
    click.echo(f"{production} is a production folder now. Look at its exchange.toml: ids in production are often others", err=True)
    for line in unfinished:
        click.echo(f"unfinished {line}", err=True)
    sys.exit(0)


def _utc(now: datetime.datetime | None) -> datetime.datetime | None:
    return now.replace(tzinfo=datetime.UTC) if now else None
