"""The command ``exchange adopt``: what was before this ledger, learnt from old files."""

from __future__ import annotations

from pathlib import Path

import click

from translator.cli import say
from translator.cli.exchange import DIR


@click.command()
@DIR
@click.argument("old", metavar="OLDFILES", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--margin", type=click.IntRange(0, 1_000_000), default=1000, show_default=True,
    help="How far above the highest old control numbers new ones begin.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be learnt; change nothing.")
def adopt(folder: Path, old: tuple[Path, ...], margin: int, dry_run: bool) -> None:
    """Learn from old files: take over from a former provider, or from the archive when the ledger is an older copy.

    OLDFILES are files and folders of X12, received and sent, in any order. Orders, changes and what was sent become history:
    nothing is handed over and nothing answered. Control numbers go on above the highest. The same files again change nothing.
    The last example is for a ledger that was restored from an older copy.

    \b
    Example:
      translator exchange adopt shop old-provider/ --dry-run
      translator exchange adopt shop old-provider/
      translator exchange adopt shop shop/archive
    """
    from translator.cli.progress import progress
    from translator.exchange.adopt import adopt as take_over
    from translator.findings import clean

    with progress("adopting", unit="files") as saw:
        done = take_over(folder, list(old), margin=margin, dry=dry_run, say=say, saw=saw)
    for line in done.lines:
        click.echo(clean(line), err=True)
