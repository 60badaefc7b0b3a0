"""The command ``show``: a file for people. As sheets (``sheets``), segment by segment (``segments``), as a page (``page``)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from translator.cli.console import FILES, each_file, guide_option, limits_option, name_of, opened

if TYPE_CHECKING:
    from translator.x12.wire import Limits


@click.command()
@FILES
@click.option("--segments", is_flag=True, help="Every segment and element with its name, and the meaning of its code.")
@click.option("--only", multiple=True, metavar="REF", help="With --segments: only this segment or element, as in PO1 or PO414.")
@click.option("--findings", is_flag=True, help="With --segments: only the segments that a finding speaks of.")
@click.option("--no-paths", is_flag=True, help="With --segments: without the places in the JSON document.")
@click.option("--html", "out", metavar="OUT", help="One page that needs nothing else, to OUT; - is stdout.")
@click.option("--first", type=click.IntRange(1), default=5000, show_default=True, metavar="N", help="End a page after N segments.")
@click.option("--pick", is_flag=True, help="A pick ticket and a packing slip: plain text, a page each, without prices.")
@click.option("--order", "orders", multiple=True, metavar="FILE", help="With --pick, an order in a shipment: JSON, one or several.")
@limits_option
@guide_option
def show(
    files: tuple[str, ...],
    segments: bool,
    only: tuple[str, ...],
    findings: bool,
    no_paths: bool,
    out: str | None,
    first: int,
    pick: bool,
    orders: tuple[str, ...],
    limits: Limits,
    guide: str | None,
    mappings: str | None,
) -> None:
    """Show documents as people read them: orders, changes, acknowledgments, shipments, invoices, verdicts; then what is wrong.

    A file is X12 or canonical JSON; its first bytes say which. Every set has its own heading, every code its meaning beside
    it. Colours only on a terminal. `--segments` and `--html` show X12 as it is, with what it means.

    \b
    Examples:
      translator show samples/guest/1-850.edi
      translator show samples/guest/1-850.edi --segments
      translator show samples/inner-packs/6-856.edi --segments --only PO414
      translator show samples/published-sample/1-850.edi --segments --findings
      translator show samples/published-sample/1-850.edi --html order.html
      translator show samples/guest/1-850.edi --pick
    """
    if sum((segments, out is not None, pick)) > 1:
        raise click.UsageError("--segments, --html and --pick are three ways to look: name one")
    if orders and not pick:
        raise click.UsageError("--order goes with --pick: it names the orders of a shipment")
    if (only or findings or no_paths) and not segments:
        raise click.UsageError("--only, --findings and --no-paths go with --segments")
    place = Path(mappings) if mappings else None
    if segments:
        from translator.cli.showing.segments import show_segments

        sys.exit(show_segments(files, only, findings, not no_paths, limits, guide, place))
    if out is not None:
        from translator.cli.showing.page import show_page

        if len(files) > 1:
            raise click.UsageError("a page is of one file")
        sys.exit(show_page(files[0], out, first, limits, guide, place))
    from translator.cli import say
    from translator.cli.showing.sheets import Paper, Screen, documents, orders_in

    known = orders_in(orders)
    failed: set[int] = set()
    paper = Paper(known, place) if pick else Screen(place)
    for file in files:
        with each_file(file, failed), opened(file, progress=not sys.stdout.isatty()) as stream:
            for document in documents(stream, file, limits, guide, place):
                failed.add(paper.give(*document, name_of(file)))
    if not paper.given and not any(failed):
        say(paper.nothing)
        failed.add(paper.refusal)
    sys.exit(max(failed, default=0))
