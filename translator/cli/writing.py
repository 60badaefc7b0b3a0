"""The commands ``write`` and ``roundtrip``: documents to X12, and the proof that nothing is lost on the way."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import click

from translator.cli.answering import assumption_lines, exit_code, order_option, orders_of, ours_option
from translator.cli.console import FILES, each_file, guide_option, name_of, opened, tell
from translator.documents.given import by_schema, read_documents
from translator.findings import Finding, has_errors

Json = dict[str, Any]


@click.command()
@FILES
@click.option("--exact", is_flag=True, help="Write again what `read --exact` saw, byte for byte, edits apart.")
@click.option(
    "--control",
    type=click.IntRange(1, 999_999_999),
    help="Number one interchange for all documents: ISA13 and GS06; sets from 0001.",
)
@click.option("--now", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="Date and time for documents that have none.")
@order_option
@ours_option
@click.option("--usage", type=click.Choice(["T", "P", "I"]), help="Test, production or information, whatever the document says.")
@click.option("--program", metavar="NAME", help="The partner's program, instead of the one that the order belongs to.")
@click.option("--show-assumptions", is_flag=True, help="Say on stderr which settings of the partner's file the documents rest on.")
@guide_option
def write(
    files: tuple[str, ...],
    exact: bool,
    control: int | None,
    now: datetime.datetime | None,
    orders: tuple[str, ...],
    settings: dict[str, str],
    ours: str | None,
    usage: str | None,
    program: str | None,
    show_assumptions: bool,
    guide: str | None,
    mappings: str | None,
) -> None:
    """Translate canonical JSON to X12: an object, an array, or one document a line.

    Documents that share a control number share an envelope. What is written is read back first: when anything is wrong,
    no bytes come out. With `--order` a document that answers orders is completed from them: an acknowledgment, a shipment,
    an invoice then says only what the order does not.

    \b
    Example:
      translator read samples/guest/1-850.edi | translator write - > again.edi
    """
    from translator.walk import restore
    from translator.walk import write as write_documents

    if exact and (orders or settings):
        raise click.UsageError("--exact writes again what was read: it takes neither --order nor --setting")
    if not orders and (ours or usage or program):
        raise click.UsageError("--ours, --usage and --program complete an answer: name its order with --order")
    place = Path(mappings) if mappings else None
    said: list[Finding] = []
    out = sys.stdout.buffer
    if exact:
        for file in files:
            with opened(file, progress=False) as stream:
                for data in restore(read_documents(stream, file), mappings=place, report=said):
                    out.write(data)
    else:
        documents = []
        for file in files:
            with opened(file, progress=False) as stream:
                documents += list(read_documents(stream, file))
        if orders:
            documents, said = _completed(
                documents, orders, settings=settings, ours=ours, usage=usage, program=program, guide=guide, mappings=place, now=now
            )
        for n, document in enumerate(documents if not has_errors(said) else ()):
            said += by_schema(document, f"documents[{n}]." if len(documents) > 1 else "")
        if show_assumptions:
            _tell_assumptions(documents, guide, place, settings)
        if not has_errors(said):
            writing = write_documents(documents, settings=settings, control=control, now=now, guide=guide, mappings=place)
            said += writing.findings
            out.write(writing.data or b"")
    out.flush()
    for one in said:
        tell(one)
    if has_errors(said):
        click.echo("Nothing was written." if not exact else "Writing stopped.", err=True)
    sys.exit(exit_code(said))


def _completed(documents: list[Json], files: tuple[str, ...], **options: Any) -> tuple[list[Json], list[Finding]]:
    """The documents completed from the orders in the files, as far as they answer them."""
    from translator.walk.answer import answers

    orders, said = orders_of(files)
    return answers(documents, orders, **options) if not has_errors(said) else ([], said)


def _tell_assumptions(documents: list[Json], guide: str | None, mappings: Path | None, settings: dict[str, str]) -> None:
    from translator.tables.load import load

    names = dict.fromkeys(guide or document.get("guide") for document in documents)
    tables = [load(name, mappings, tuple(sorted(settings.items()))) for name in names if isinstance(name, str)]
    for line in assumption_lines(tables, mappings):
        click.echo(line, err=True)


@click.command()
@FILES
@guide_option
def roundtrip(files: tuple[str, ...], guide: str | None, mappings: str | None) -> None:
    """Prove on these files that nothing is lost: the same bytes with `--exact`, the same documents without.

    \b
    Example:
      translator roundtrip samples/*/1-850.edi
    """
    from translator.walk.proof import prove

    failed: set[int] = set()
    for file in files:
        with each_file(file, failed), opened(file) as stream:
            proof = prove(stream.read(), guide=guide, mappings=Path(mappings) if mappings else None)
            if not proof.holds:
                failed.add(1)
            click.echo(f"{name_of(file)}: {proof.sentence}")
    sys.exit(max(failed, default=0))
