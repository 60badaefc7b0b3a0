"""The commands ``connect test``, ``pull`` and ``push``: an exchange folder's connection to a partner's API, by hand."""

from __future__ import annotations

from pathlib import Path

import click

from translator.cli import say

_DIR = click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
_PATIENCE = 30.0


@click.group()
def connect() -> None:
    """Try a connection to a partner's API, fetch orders, send answers.

    A pass of the exchange does the last two by itself.

    \b
    Example:
      translator connect test shop
    """


@connect.command()
@_DIR
def test(folder: Path) -> None:
    """Whether the API can be reached, and knows your carriers.

    \b
    Example:
      translator connect test shop
    """
    import json

    from translator.errors import Unreachable
    from translator.exchange import connection
    from translator.exchange.room import read_only
    from translator.tables.carriers import carriers

    with read_only(folder) as room:
        wanted = connection.wanted_connection(room)
        with connection.connect(room, kept=False) as client:
            known = client.parsed(client.api.call("methods"), {}, client.ask("methods"))
            if not isinstance(known, list):
                raise Unreachable(f"{client.host}: a list of shipping methods was expected, and no list came")
            click.echo(f"{client.host}: the connection works, {len(known)} shipping methods are known there")
        text = json.dumps(known)
        rows = carriers(wanted.partner, room.settings.mappings).values()
        for method, row in {row.codes["method"]: row for row in rows if "method" in row.codes}.items():
            if json.dumps(method) not in text:
                what = f"method {method!r} of {row.name} is not among them: shipments by it would be refused"
                click.echo(f"{row.row}: {what}", err=True)


@connect.command()
@_DIR
@click.option("--dry-run", is_flag=True, help="Say what would be asked, and ask nothing.")
def pull(folder: Path, dry_run: bool) -> None:
    """Fetch new orders, all pages; the next pass takes them.

    \b
    Example:
      translator connect pull shop
    """
    from translator.exchange import connection
    from translator.exchange.room import opened, read_only

    if dry_run:
        with read_only(folder) as room:
            call = connection.table(room).call(connection.LISTED)
            click.echo(f"{call.method} {call.path} {' '.join(f'{key}={value}' for key, value in call.query.items())}")
        return
    with opened(folder, say=say, wait=_PATIENCE) as room:
        with connection.connect(room) as client:
            count = connection.pull(room, client)
        click.echo(f"{count} order{'s' * (count != 1)} fetched into {room.settings.folders['in']}", err=True)


@connect.command()
@_DIR
@click.option("--dry-run", is_flag=True, help="Say what would be sent, a request a line as JSON, and send nothing.")
def push(folder: Path, dry_run: bool) -> None:
    """Send the answers that wait, each once.

    What may have been sent before is asked for first.

    \b
    Example:
      translator connect push shop --dry-run
    """
    from translator.exchange import connection
    from translator.exchange.room import opened, read_only

    if dry_run:
        with read_only(folder) as room:
            connection.wanted_connection(room)
            for one in room.ledger.requests.undone():
                click.echo(f'{{"method":"{one.method}","path":"{one.path}","body":{one.body}}}')
        return
    with opened(folder, say=say, wait=_PATIENCE) as room, connection.connect(room) as client:
        done = connection.push(room, client)
        left = len(room.ledger.requests.undone())
        click.echo(f"{done} request{'s' * (done != 1)} done, {left} left", err=True)
