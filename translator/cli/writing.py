"""The commands ``write`` and ``roundtrip``: documents to X12, and the proof that nothing is lost on the way."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from translator.cli.answering import assumption_lines, exit_code, order_option, orders_of, ours_option
from translator.cli.console import FILES, completed, each_file, guide_option, name_of, opened, tell
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
@click.option(
    "--program",
    metavar="NAME",
    shell_complete=completed("programs"),
    help="The partner's program, instead of the one that the order belongs to.",
)
@click.option("--out", "folder", metavar="DIR", help="For requests to an API: a file for each, in this folder, instead of stdout.")
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
    folder: str | None,
    show_assumptions: bool,
    guide: str | None,
    mappings: str | None,
) -> None:
    """Translate canonical JSON to X12, or to requests to an API: an object, an array, or one document a line.

    Documents that share a control number share an envelope. What is written is read back first: when anything is wrong,
    no bytes come out. With `--order` a document that answers orders is completed from them: an acknowledgment, a shipment,
    an invoice then says only what the order does not. For a partner with an API come requests instead, one JSON object a
    line: method, path, body. They are for whoever posts them; nothing is sent.

    \b
    Example:
      translator read samples/guest/1-850.edi | translator write - > again.edi
    """
    from translator.cli.progress import progress
    from translator.walk import restore
    from translator.walk import write as write_documents

    if exact and (orders or settings):
        raise click.UsageError("--exact writes again what was read: it takes neither --order nor --setting")
    if not orders and (ours or usage or program):
        raise click.UsageError("--ours, --usage and --program complete an answer: name its order with --order")
    place = Path(mappings) if mappings else None
    said: list[Finding] = []
    if exact:
        for file in files:
            with opened(file) as stream:
                for data in _restored(read_documents(stream, file), restore, mappings=place, report=said):
                    sys.stdout.buffer.write(data)
    else:
        documents = []
        for file in files:
            with opened(file) as stream:
                documents += list(read_documents(stream, file))
        if _by_api(documents, orders, place):
            sys.exit(_requests(documents, orders, settings, program, guide, place, folder))
        if folder:
            raise click.UsageError("--out is for requests to an API: X12 goes to stdout")
        if orders:
            given: Json = {"settings": settings, "ours": ours, "usage": usage, "program": program, "guide": guide}
            with progress("answering"):
                documents, said = _completed(documents, orders, mappings=place, now=now, **given)
        with progress("checking", len(documents)) as saw:
            for n, document in enumerate(documents if not has_errors(said) else ()):
                said += by_schema(document, f"documents[{n}]." if len(documents) > 1 else "")
                saw(n + 1)
        if show_assumptions:
            _tell_assumptions(documents, guide, place, settings)
        if not has_errors(said):
            with progress("writing", len(documents)) as saw:
                writing = write_documents(
                    documents, settings=settings, control=control, now=now, guide=guide, mappings=place, saw=saw
                )
            said += writing.findings
            sys.stdout.buffer.write(writing.data or b"")
    sys.stdout.buffer.flush()
    for one in said:
        tell(one)
    if has_errors(said):
        click.echo("Nothing was written." if not exact else "Writing stopped.", err=True)
    sys.exit(exit_code(said))


def _by_api(documents: list[Json], files: tuple[str, ...], mappings: Path | None) -> bool:
    """Whether what is written goes to a partner with an API."""
    from translator.tables.partner import by_api

    if any(document.get("partner") or document.get("guide") for document in documents):
        return by_api(documents, mappings)
    return bool(files) and by_api(orders_of(files)[0], mappings)


def _requests(
    documents: list[Json], files: tuple[str, ...], settings: dict[str, str], program: str | None, guide: str | None,
    mappings: Path | None, folder: str | None,
) -> int:  # fmt: skip
    """Print the requests that documents come to; the exit code. Orders are written as the JSON that they came as."""
    from translator.bodies.answer import requests
    from translator.cli.bodies import give

    known, said = orders_of(files)
    made: list[Any] = []
    texts: list[str] = []
    if not has_errors(said):
        if all(document.get("document") == "order" for document in documents):
            texts, said = _orders_again(documents, guide, mappings)
        else:
            made, more = requests(documents, known, settings=settings, program=program, guide=guide, mappings=mappings)
            said += more
    for one in said:
        tell(one)
    if has_errors(said):
        click.echo("Nothing was written.", err=True)
        return exit_code(said)
    if texts:
        sys.stdout.buffer.write(("[" + ",\n".join(texts) + "]\n").encode())
    give(made, sys.stdout.buffer, folder)
    return 0


def _orders_again(documents: list[Json], guide: str | None, mappings: Path | None) -> tuple[list[str], list[Finding]]:
    """Orders as the JSON of their API."""
    from translator.bodies.load import load
    from translator.bodies.text import dumped
    from translator.bodies.write import write as write_order

    texts, said = [], []
    for document in documents:
        said += by_schema(document, "")
        made, found = (None, []) if said else write_order(load(guide or str(document.get("guide")), mappings), document)
        said += found
        texts += [dumped(made)] if made is not None else []
    return texts, said


def _restored(documents: Iterator[Json], restore: Any, **options: Any) -> Iterator[bytes]:
    """What was read exactly, X12 or JSON, as its first document of either says."""
    held = []
    for document in documents:
        held.append(document)
        if document.get("document") != "raw":
            break
    from itertools import chain

    guide = str(held[-1].get("guide", "")) if held else ""
    if guide:
        from translator.bodies.load import is_body_table
        from translator.bodies.residue import restore as restore_json

        if is_body_table(guide, options["mappings"]):
            return restore_json(chain(held, documents), **options)
    found: Iterator[bytes] = restore(chain(held, documents), **options)
    return found


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
    from translator.cli.progress import BYTES, progress
    from translator.walk.proof import prove

    failed: set[int] = set()
    for file in files:
        with each_file(file, failed):
            with opened(file, progress=False) as stream:
                data = stream.read()
            with progress(str(name_of(file)), len(data), BYTES) as saw:
                proof = prove(data, guide=guide, mappings=Path(mappings) if mappings else None, saw=saw)
            if not proof.holds:
                failed.add(1)
            click.echo(f"{name_of(file)}: {proof.sentence}")
    sys.exit(max(failed, default=0))
