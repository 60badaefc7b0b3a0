"""The commands ``exchange held``, ``accept``, ``refuse``, ``release``, ``resend``: what waits for a person, and is decided."""

from __future__ import annotations

from pathlib import Path

import click

from translator.cli import say
from translator.cli.exchange import DIR, PATIENCE


@click.command()
@DIR
@click.option("--json", "as_json", is_flag=True, help="One a line, as JSON.")
def held(folder: Path, as_json: bool) -> None:
    """List what waits for a person: its id, what is wrong, what to do.

    \b
    Example:
      translator exchange held shop
    """
    from translator.exchange.problems import told
    from translator.exchange.room import read_only

    with read_only(folder) as room:
        for hold in room.ledger.holds.open():
            if as_json:
                from attrs import asdict

                from translator.cli.console import dumps

                click.echo(dumps(asdict(hold)), nl=False)
                continue
            for line in told(hold):
                click.echo(line)


@click.command()
@DIR
@click.argument("number", metavar="PO")
def accept(folder: Path, number: str) -> None:
    """Accept the changes to an order that wait: from now on it is what the partner changed it to.

    \b
    Example:
      translator exchange accept shop 0009-3300145-1001
    """
    from translator.exchange import decide
    from translator.exchange.dispatch import dispatch
    from translator.exchange.room import opened

    with opened(folder, say=say, wait=PATIENCE) as room:
        for line in decide.accept(room, number):
            click.echo(line, err=True)
        dispatch(room)


@click.command()
@DIR
@click.argument("which", metavar="PO|ID")
def refuse(folder: Path, which: str) -> None:
    """Refuse the changes to an order, or take something off the list of what waits, by its id.

    \b
    Example:
      translator exchange refuse shop 12
    """
    from translator.exchange import decide
    from translator.exchange.room import opened

    with opened(folder, say=say, wait=PATIENCE) as room:
        for line in decide.refuse(room, which):
            click.echo(line, err=True)


@click.command()
@DIR
@click.argument("which", metavar="ID")
def release(folder: Path, which: str) -> None:
    """Let something that is held go on as it is: a document is sent, an order handed over.

    \b
    Example:
      translator exchange release shop 12
    """
    from translator.exchange import decide
    from translator.exchange.dispatch import dispatch
    from translator.exchange.room import opened

    with opened(folder, say=say, wait=PATIENCE) as room:
        click.echo(decide.release(room, which), err=True)
        dispatch(room)


@click.command()
@DIR
@click.argument("number", metavar="PO")
def close(folder: Path, number: str) -> None:
    """Close an order of which nothing more will be shipped or billed: it is not late any more.

    \b
    Example:
      translator exchange close shop 0009-3300145-1001
    """
    from translator.exchange import decide
    from translator.exchange.room import opened

    with opened(folder, say=say, wait=PATIENCE) as room:
        click.echo(decide.close(room, number), err=True)


@click.command()
@DIR
@click.argument("document", metavar="DOC")
def resend(folder: Path, document: str) -> None:
    """Send a document again that was sent: the same bytes under the same numbers. DOC is its number or its id.

    \b
    Example:
      translator exchange resend shop INV100704
    """
    from translator.exchange import decide
    from translator.exchange.dispatch import dispatch
    from translator.exchange.room import opened

    with opened(folder, say=say, wait=PATIENCE) as room:
        click.echo(decide.resend(room, document), err=True)
        dispatch(room)
