"""The commands ``new`` and ``labels``: answers to an order as drafts, labels and packing lists as data."""

from __future__ import annotations

import datetime
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from translator.cli.answering import ORDER, exit_code, order_option, orders_of, ours_option
from translator.cli.console import completed, dumps, name_of, opened, tell
from translator.findings import Finding, has_errors

Json = dict[str, Any]

_KINDS = ("acknowledgment", "shipment", "invoice")
_MAPPINGS = click.option(
    "--mappings", type=click.Path(exists=True, file_okay=False), help="A directory whose files replace the shipped tables."
)


@click.command()
@click.argument("kind", type=click.Choice(_KINDS))
@order_option
@click.option(
    "--shipment", metavar="FILE", shell_complete=completed("files"), help="For an invoice: bill what went with this shipment."
)
@click.option("--gs1-prefix", metavar="DIGITS", help="For a shipment: number the cartons (SSCC) with this GS1 company prefix.")
@click.option("--serial", metavar="N", help="The serial number of the first carton; the next one is printed on stderr.")
@click.option("--extension", metavar="DIGIT", help="The extension digit of the SSCCs, if another than the partner's rules say.")
@click.option("--loose", is_flag=True, help="For a shipment: goods without cartons.")
@ours_option
@click.option("--usage", type=click.Choice(["T", "P", "I"]), help="Test, production, information; test when not given.")
@click.option(
    "--program",
    metavar="NAME",
    shell_complete=completed("programs"),
    help="The partner's program, instead of the one that the order belongs to.",
)
@click.option("--now", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="Date and time of the answer.")
@click.option("--pretty", is_flag=True, help="Indented JSON instead of one document a line.")
@_MAPPINGS
def new(
    kind: str,
    orders: tuple[str, ...],
    settings: dict[str, str],
    shipment: str | None,
    gs1_prefix: str | None,
    serial: str | None,
    extension: str | None,
    loose: bool,
    ours: str | None,
    usage: str | None,
    program: str | None,
    now: datetime.datetime | None,
    pretty: bool,
    mappings: str | None,
) -> None:
    """Draft the answer to an order: an acknowledgment that accepts all of it, a shipment in cartons, an invoice.

    The draft goes to stdout; what only you know, and must fill in before it is written, to stderr in one list. Several
    orders give one shipment, or an acknowledgment or an invoice each.

    \b
    Examples:
      translator read samples/guest/1-850.edi > order.json
      translator new acknowledgment --order order.json
    """
    if shipment and kind != "invoice":
        raise click.UsageError("--shipment is for an invoice")
    if (gs1_prefix or serial or extension or loose) and kind != "shipment":
        raise click.UsageError("--gs1-prefix, --serial, --extension and --loose are for a shipment")
    if bool(gs1_prefix) != bool(serial) or (extension and not serial):
        raise click.UsageError("--gs1-prefix and --serial come together; --extension goes with them")
    place = Path(mappings) if mappings else None
    known = _orders(orders)
    answered = [one for one in known if one["document"] == ORDER]
    if not answered:
        raise click.UsageError("--order names the order that is answered")
    rules = _rules(answered, place)
    if kind == "invoice":
        _refused(kind, answered, program, place)
    given = {"ours": ours, "usage": usage, "program": program, "settings": settings, "mappings": place, "now": now}
    if kind == "shipment":
        from translator.respond.shipment import ship

        serials = _serials(gs1_prefix, serial, extension, rules) if gs1_prefix and serial else None
        failed = _give([ship(answered, rules, serials=serials, loose=loose, now=now)], [known], rules, given, pretty, loose)
        if serials is not None and failed < 4:
            click.echo(f"Next serial number: {serials.next}", err=True)
        sys.exit(failed)
    if kind == "invoice":
        from translator.respond.invoice import bill
        from translator.walk.answer import answer

        shipments = [answer(one, known).document for one in _shipments((shipment,))] if shipment else [None]
        if len(shipments) > 1:
            raise click.UsageError(f"{shipment} holds {len(shipments)} shipments: an invoice bills one")
        drafts = [bill(order, rules, shipments[0]) for order in answered]
    else:
        from translator.respond.acknowledgment import acknowledge

        moment = now or datetime.datetime.now()
        drafts = [acknowledge(order, rules, now=moment) for order in answered]
    sys.exit(_give(drafts, [[order] for order in answered], rules, given, pretty))


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="SHIPMENT…", shell_complete=completed("files"))
@click.option(
    "--order",
    "orders",
    multiple=True,
    metavar="FILE",
    shell_complete=completed("files"),
    help="An order in it: adds department, addresses, descriptions.",
)
@click.option("--packing-list", is_flag=True, help="A packing list as text instead of CSV.")
def labels(files: tuple[str, ...], orders: tuple[str, ...], packing_list: bool) -> None:
    """Print what stands on carton labels: CSV, one row a carton, for the label program that you have.

    Identifiers are never changed. Words that a spreadsheet would run as a formula get an apostrophe before them.

    \b
    Example:
      translator labels shipment.json --order order.json > labels.csv
    """
    from translator.cli.progress import progress
    from translator.respond.labels import csv_text
    from translator.respond.labels import labels as label_rows
    from translator.respond.labels import packing_list as listed
    from translator.walk.answer import answer

    known = _orders(orders)
    answered = [one for one in known if one["document"] == ORDER]
    shipments = _shipments(files)
    found: list[Finding] = []
    rows, pages = [], []
    with progress("labels", len(shipments)) as saw:
        for n, one in enumerate(shipments, 1):
            shipment = answer(one, known).document if known else one
            if packing_list:
                pages.append(listed(shipment, answered))
            else:
                more, said = label_rows(shipment, answered)
                rows += more
                found += said
            saw(n)
        text, said = ("\n".join(pages), []) if packing_list else csv_text(rows)
    found += said
    for odd in found:
        tell(odd)
    if has_errors(found):
        click.echo("Nothing was printed.", err=True)
        sys.exit(1)
    sys.stdout.buffer.write(text.encode("utf-8"))


def _give(drafts: list[Any], orders: list[list[Json]], rules: Json, given: Json, pretty: bool, loose: bool = False) -> int:
    """Print drafts, each completed from its orders, what is to be known of them and, in one list, what they lack; the exit code."""
    from translator.cli.progress import progress
    from translator.documents import structure, unstructure
    from translator.respond.missing import missing

    worst, lacking = 0, Counter[str]()
    with progress("answering", len(drafts)) as saw:
        answers = []
        for n, ((document, found), of) in enumerate(zip(drafts, orders, strict=True), 1):
            if document is not None:
                document, said = _completed(document, of, given)
                found = [*found, *said]
            answers.append((document, found))
            saw(n)
    for document, found in answers:
        for one in found:
            tell(one)
        code = exit_code(found)
        worst = max(worst, code)
        if document is None or code == 4:
            click.echo("There is no draft.", err=True)
            continue
        sys.stdout.buffer.write(dumps(unstructure(structure(document)), pretty))  # names in the order that the schema has them
        lacking.update(lack.sentence for lack in missing(document, rules, loose=loose))
    if lacking:
        click.echo("Missing, and only you can say it:", err=True)
    for sentence, times in lacking.items():
        click.echo(f"  {sentence}" + (f" (in {times} of {len(drafts)} documents)" if len(drafts) > 1 else ""), err=True)
    return worst


def _completed(document: Json, orders: list[Json], given: Json) -> tuple[Json, list[Finding]]:
    """A draft completed from its orders, by whatever way their partner has."""
    from translator.tables.partner import by_api
    from translator.walk.answer import answer

    if by_api(orders, given["mappings"]):
        from translator.bodies.answer import complete

        settings, program, mappings = given["settings"], given["program"], given["mappings"]
        whole, found, _ = complete(document, orders, mappings=mappings, settings=settings, program_name=program)
        return whole, found
    done = answer(document, orders, **given)
    return done.document, done.findings


def _refused(kind: str, orders: list[Json], named: str | None, mappings: Path | None) -> None:
    """Leave where no document of the kind answers one of the orders, and say why."""
    from translator.findings import finding
    from translator.tables.partner import program
    from translator.tables.twins import label

    found = [(order, program(order, mappings, named)) for order in orders]
    none = [(order, one) for order, one in found if one is not None and kind not in one.tables]
    for order, one in none:
        tell(finding("answer-none", path="document", value=label(order), expected=f"{one.name}: {one.why}"))
    if none:
        click.echo("There is no draft.", err=True)
        sys.exit(4)


def _serials(prefix: str, serial: str, extension: str | None, rules: Json) -> Any:
    from translator.respond.sscc import Serials

    try:
        return Serials(prefix, serial, extension or rules.get("derive", {}).get("sscc", {}).get("extension", "0"))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _rules(orders: list[Json], mappings: Path | None) -> Json:
    """The rules of the one partner that the orders are from."""
    from translator.errors import DocumentError
    from translator.tables.standard import parsed

    partners = sorted({str(order.get("partner", "")) for order in orders})
    if len(partners) > 1:
        raise click.UsageError(f"the orders are from several partners: {', '.join(partners)}")
    if not partners or not partners[0]:
        raise DocumentError('an order names no `partner`: "partner" says whose rules answer it')
    return parsed(f"mappings/{partners[0]}/derive.toml", mappings)


def _orders(files: tuple[str, ...]) -> list[Json]:
    """The orders in files; exit code 1 with findings where one has not the shape of an order."""
    orders, said = orders_of(files)
    _leave(said)
    _plain(orders, "the order")
    return orders


def _shipments(files: tuple[str, ...]) -> list[Json]:
    """The shipments in files, drafts too: what those still lack is no matter here."""
    from translator.documents.given import by_schema, read_documents
    from translator.errors import DocumentError

    found: list[Json] = []
    said: list[Finding] = []
    for file in files:
        with opened(file) as stream:
            for n, document in enumerate(read_documents(stream, file)):
                if document.get("document") != "shipment":
                    raise DocumentError(f"{file}: a shipment is wanted here, not {str(document.get('document'))[:40]!r}")
                odd = by_schema(document, f"[{n}]." if n else "")
                said += [one.having(file=name_of(file)) for one in odd if one.expected != "missing"]
                found.append(document)
    _leave(said)
    _plain(found, "the shipment")
    return found


def _plain(documents: list[Json], what: str) -> None:
    """Raises ``DocumentError`` for what JSON can hold and nobody can print: half a character, a number without end."""
    from translator.errors import DocumentError

    try:
        dumps(documents)
    except TypeError as error:
        raise DocumentError(f"{what} cannot be given back as JSON: {error}") from error


def _leave(said: list[Finding]) -> None:
    """Leave, saying what is wrong, if anything is."""
    for one in said:
        tell(one)
    if said:
        sys.exit(1)
