"""The commands ``read`` and ``check``: X12, or the JSON of an API, in; documents or findings out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from translator.cli.answering import order_option
from translator.cli.console import FILES, dumps, each_file, guide_option, limits_option, name_of, opened, sniffed, tell
from translator.findings import ERROR, Finding, has_errors

if TYPE_CHECKING:
    from translator.walk import Reading
    from translator.x12.wire import Limits


@click.command()
@FILES
@click.option("--pretty", is_flag=True, help="Indented JSON instead of one document a line.")
@click.option(
    "--exact", is_flag=True, help="Keep what the documents cannot say, so that `write --exact` gives the file back byte for byte."
)
@click.option(
    "--derived",
    is_flag=True,
    help="Add what an ERP wants to read without knowing X12: amounts, cartons, window, effective ship-to.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Worker processes; the order of documents is kept."
)
@limits_option
@guide_option
def read(
    files: tuple[str, ...],
    pretty: bool,
    exact: bool,
    derived: bool,
    jobs: int,
    limits: Limits,
    guide: str | None,
    mappings: str | None,
) -> None:
    """Translate X12, or the orders of an API as it returned them, to canonical JSON, one document a line.

    Documents with errors are given all the same, with their `findings` inside; findings also go to stderr. A set without
    table is kept as raw text.

    \b
    Example:
      translator read samples/guest/1-850.edi --pretty
    """
    from translator.walk.bulk import Job, lines

    place = Path(mappings) if mappings else None
    job = Job(pretty=pretty, exact=exact, derived=derived, guide=guide, mappings=place, limits=limits)
    failed: set[int] = set()
    for file in files:
        with each_file(file, failed), opened(file) as stream:
            out = sys.stdout.buffer  # of this file: its bar stands aside for what is written
            json, source = sniffed(stream)
            if json:
                from translator.cli.bodies import json_lines

                every = json_lines(
                    source, name_of(file), pretty=pretty, exact=exact, derive=derived, guide=guide, mappings=place
                )  # fmt: skip
            else:
                every = lines(source, name_of(file), job, jobs)
            for data, findings in every:
                if data:
                    out.write(data)
                    out.flush()
                for finding in findings:
                    tell(finding)
                if has_errors(findings):
                    failed.add(1)
    sys.exit(max(failed, default=0))


@click.command()
@FILES
@click.option("--json", "as_json", is_flag=True, help="One finding a line, as JSON with all its fields.")
@click.option(
    "--fail-on",
    type=click.Choice(["warning", "error"]),
    default="error",
    show_default=True,
    help="From which severity on to exit with 1.",
)
@order_option
@limits_option
@guide_option
def check(
    files: tuple[str, ...],
    as_json: bool,
    fail_on: str,
    orders: tuple[str, ...],
    settings: dict[str, str],
    limits: Limits,
    guide: str | None,
    mappings: str | None,
) -> None:
    """Say what is wrong with X12 files, or with orders of an API: where, what, what was expected, what to do.

    With `--order` what was sent is held against the orders that it answers: for each rule what the order said, what goes back,
    and whether they agree.

    \b
    Example:
      translator check samples/published-sample/1-850.edi
    """
    from translator.walk import read as read_file

    place = Path(mappings) if mappings else None
    sets = orders_read = answers = errors = warnings = 0
    failed: set[int] = set()
    known, odd = _known(orders)
    sums: dict[Any, Any] = {}  # quantities of all files that answer one order
    for one in odd:
        tell(one)
    if has_errors(odd):
        sys.exit(1)
    for file in files:
        with each_file(file, failed), opened(file) as stream:
            json, source = sniffed(stream)
            if json:
                from translator.cli.bodies import read_json

                for reading in read_json(source, name_of(file), guide=guide, mappings=place):
                    orders_read += reading.document is not None
                    for finding in reading.findings:
                        errors += finding.severity == ERROR
                        warnings += finding.severity != ERROR
                        _print(finding, as_json)
                continue
            for reading in read_file(source, guide=guide, mappings=place, limits=limits, name=name_of(file)):
                sets += reading.part is not None and reading.part.is_set
                answers += reading.table is not None and bool(reading.table.answer)
                found = [*reading.findings, *_compared(reading, known, place, settings, name_of(file), as_json, failed, sums)]
                for finding in found:
                    errors += finding.severity == ERROR
                    warnings += finding.severity != ERROR
                    _print(finding, as_json)
    counted = [_many(sets, "set")] if sets or not orders_read else []
    counted += [_many(orders_read, "order")] if orders_read else []
    click.echo(f"{' and '.join(counted)}: {_many(errors, 'error')}, {_many(warnings, 'warning')}", err=True)
    if known and not answers:
        click.echo("No set here answers an order.", err=True)
    if errors or (warnings and fail_on == "warning"):
        failed.add(1)
    sys.exit(max(failed, default=0))


def _known(orders: tuple[str, ...]) -> tuple[list[dict[str, Any]], list[Finding]]:
    """The orders that were named, and what is wrong with them."""
    if not orders:
        return [], []
    from translator.cli.answering import orders_of

    return orders_of(orders)


def _compared(
    reading: Reading,
    known: list[dict[str, Any]],
    mappings: Path | None,
    settings: dict[str, str],
    name: str | None,
    as_json: bool,
    failed: set[int],
    sums: dict[Any, Any],
) -> list[Finding]:
    """What an answer does not give back of its orders; the report of all rules is printed."""
    if not known or not reading.document or reading.table is None or not reading.table.answer:
        return []
    from translator.cli.answering import exit_code, report_lines
    from translator.walk.answer import compare

    done = compare(reading.document, known, reading.table, mappings=mappings, settings=settings, sums=sums)
    if as_json:
        from attrs import asdict

        for one in done.report:
            sys.stdout.buffer.write(dumps(asdict(one)))
    else:
        for line in report_lines(done.report):
            click.echo(line)
    if exit_code(done.findings) == 4:
        failed.add(4)
    return [one.having(file=name, set=reading.part.control if reading.part else None) for one in done.findings]


def _print(finding: Finding, as_json: bool) -> None:
    if as_json:
        sys.stdout.buffer.write(dumps(finding.as_dict()))
    else:
        tell(finding, err=False)


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
