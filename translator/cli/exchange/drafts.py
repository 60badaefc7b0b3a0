"""The command ``exchange draft``: an answer to an order of the exchange, to be completed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from translator.cli import say
from translator.cli.console import dumps, tell
from translator.cli.exchange import DIR, PATIENCE


@click.command()
@DIR
@click.argument("kind", type=click.Choice(["acknowledgment", "shipment", "invoice"]))
@click.argument("numbers", metavar="PO…", nargs=-1, required=True)
@click.option("--shipment", metavar="NUMBER", help="For an invoice: the shipment that it bills, where the order has several.")
def draft(folder: Path, kind: str, numbers: tuple[str, ...], shipment: str | None) -> None:
    """Draft an answer to orders of the exchange, to stdout; what only you know is listed on stderr.

    Cartons are numbered from the exchange's own series where exchange.toml has a GS1 prefix. Completed, it is put into
    erp/responses like any other answer.

    \b
    Example:
      translator exchange draft shop shipment 0071-4120087-0551 > shipment.json
    """
    from translator.exchange.drafts import draft as make
    from translator.exchange.room import opened

    with opened(folder, say=say, wait=PATIENCE) as room:
        made, found, missing = make(room, kind, list(numbers), shipment=shipment)
    for one in found:
        tell(one)
    if made is None:
        sys.exit(4)
    if missing:
        click.echo("Missing, and only you can say it:", err=True)
        for sentence in missing:
            click.echo(f"  {sentence}", err=True)
    sys.stdout.buffer.write(dumps(made, pretty=True))
