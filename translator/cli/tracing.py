"""The commands ``trace`` and ``redact``: where a value comes from and goes, and a file that a stranger may read."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from translator.cli.colour import coloured
from translator.cli.console import FILES, dumps, each_file, guide_option, limits_option, name_of, opened
from translator.findings import shown

if TYPE_CHECKING:
    from translator.show.provenance import Order
    from translator.show.redact import Redactor
    from translator.show.search import Found
    from translator.x12.wire import Limits

_SHOWN = 3  # elements that are told in full
_HEAD = 18  # columns of a heading
_KEY = 32  # bytes of a key that nobody knows


@click.command()
@click.argument("file")
@click.argument("ref")
@click.option("--order", "orders", multiple=True, metavar="FILE", help="An order that the file answers: X12 or JSON.")
@click.option("--document", "documents", multiple=True, metavar="FILE", help="The document that the file was written from.")
@click.option("--set", "chosen", metavar="SET", help="Only in this set: its control number (ST02), or its place in the file.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object for each element.")
@limits_option
@guide_option
def trace(
    file: str,
    ref: str,
    orders: tuple[str, ...],
    documents: tuple[str, ...],
    chosen: str | None,
    as_json: bool,
    limits: Limits,
    guide: str | None,
    mappings: str | None,
) -> None:
    """Say where a value comes from: its segment, its place in the JSON, the table's row and the rule that carries it.

    REF is an element, as in PO414 or PO414@22 (22: the segment's position in its set, ST is 1), or a place in the document,
    as in orders[0].packs[0].sscc. Of an order it says which answers give the value back.

    \b
    Examples:
      translator trace samples/guest/1-850.edi PO113
      translator trace samples/guest/8-810.edi TDS01
    """
    from translator.cli.bodies import begins_theirs
    from translator.show.annotate import annotated
    from translator.show.provenance import Teller
    from translator.show.search import Search, asked

    try:
        wanted = asked(ref)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="REF") from error
    place = Path(mappings) if mappings else None
    failed: set[int] = set()
    with each_file(file, failed), opened(file) as raw:
        begin, stream = _peeked(raw)
        theirs, stream = begins_theirs(stream, place) if begin in (b"{", b"[") else (False, stream)
        if theirs:
            _trace_body(stream, name_of(file), ref, chosen, as_json, guide, place)
            sys.exit(0)
        search = Search(wanted, chosen).through(annotated(stream, guide=guide, mappings=place, limits=limits, name=name_of(file)))
        if not search.found:
            raise click.UsageError(f"{name_of(file)}: {search.nothing}")
        teller = Teller(_orders(orders, place), _written(documents), place)
        if len(search.found) > _SHOWN and not as_json:
            _list(search.found, ref)
        for one in search.found if as_json or len(search.found) <= _SHOWN else ():
            part = one.piece.reading.part
            number = part.control if part and part.is_set else None
            if as_json:
                known: dict[str, list[str]] = {}
                for head, text in teller.tell(one):
                    known.setdefault(head.replace(" ", "_"), []).append(text)
                sys.stdout.buffer.write(dumps({"ref": one.name, "set": number, **known}))
            else:
                _told(f"{one.name}, {f'set {number}' if number else 'outside any set'}", teller.tell(one))
    sys.exit(max(failed, default=0))


def _trace_body(
    stream: IO[bytes], name: str | None, ref: str, chosen: str | None, as_json: bool, guide: str | None, mappings: Path | None
) -> None:
    """Of a partner's own JSON: each order of the file, or the one that is chosen by its number or its place."""
    from translator.bodies.calls import most_bytes
    from translator.bodies.read import readings
    from translator.bodies.text import elements
    from translator.show.body_trace import asked, tell

    most = most_bytes(mappings)
    source = elements(stream.read(most + 1), most, name)
    many = 0
    for n, (one, element) in enumerate(zip(readings(source, guide=guide, mappings=mappings), source.items, strict=True), 1):
        number = str((one.document or {}).get("number", ""))
        if one.table is None or chosen not in (None, str(n), number):
            continue
        found = asked(one.table, ref)
        if not found:
            table = f"mappings/{one.table.name}.toml"
            raise click.UsageError(f"{name}: no row of {table} has the place {ref!r}, in their JSON or in the document")
        for place in found:
            many += 1
            said = tell(place, one, element.value, mappings)
            if as_json:
                known: dict[str, list[str]] = {}
                for head, text in said:
                    known.setdefault(head.replace(" ", "_"), []).append(text)
                sys.stdout.buffer.write(dumps({"ref": ref, "order": number, **known}))
            else:
                _told(f"{ref}, order {number or n}", said)
    if not many:
        raise click.UsageError(f"{name}: no order {chosen} is here; there are {len(source.items)}")


def _told(title: str, said: list[tuple[str, str]]) -> None:
    from textwrap import wrap

    from translator.findings import clean

    width = max(shutil.get_terminal_size((80, 24)).columns, 60)
    plain = not coloured(sys.stdout)
    click.echo(click.style(clean(title), bold=not plain), color=not plain)
    before = ""
    for head, text in said:
        lines = wrap(clean(text), width - _HEAD - 2, break_long_words=False, break_on_hyphens=False) or [""]
        for n, line in enumerate(lines):
            heading = (head if n == 0 and head != before else "").ljust(_HEAD)
            click.echo(f"  {heading if plain else click.style(heading, dim=True)}{line}", color=not plain)
        before = head


def _list(found: list[Found], ref: str) -> None:
    click.echo(f"{ref} stands here {len(found)} times; name one of them:")
    for one in found:
        part = one.piece.reading.part
        number = f"set {part.control}" if part and part.is_set else ""
        path = f"  -> {one.spot.path}" if one.spot.path else ""
        click.echo(f"  {one.name:<12} {number:<10} {shown(one.spot.value, quote=False)}{path}")


def _orders(files: tuple[str, ...], mappings: Path | None) -> list[Order]:
    from translator.show.provenance import Order, orders_in

    found = []
    for file in files:
        with opened(file, progress=False) as stream:
            begin, rest = _peeked(stream)
            if begin in (b"{", b"["):
                found += [Order(name_of(file) or file, one) for one in _read(rest, file)]
            else:
                found += orders_in(rest, name_of(file) or file, mappings)
    return found


def _written(files: tuple[str, ...]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for file in files:
        with opened(file, progress=False) as stream:
            found += [(name_of(file) or file, one) for one in _read(stream, file)]
    return found


def _read(stream: IO[bytes], file: str) -> list[dict[str, Any]]:
    from translator.documents.given import read_documents

    return list(read_documents(stream, file))


@click.command()
@FILES
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, writable=True), help="A file for each, of its name, in this folder."
)
@click.option("--seed", metavar="TEXT", help="Make the replacements repeatable: who has this text can find out short values.")
@limits_option
@guide_option
def redact(
    files: tuple[str, ...], folder: str | None, seed: str | None, limits: Limits, guide: str | None, mappings: str | None
) -> None:
    """Replace names, addresses, prices and ids in X12 or documents, so that a file can go into a bug report.

    The same value becomes the same in all files of one call. Lengths, codes, dates, quantities, check digits, totals and
    faults stay as they were, and so do the findings. Look at what comes out before you send it.

    \b
    Examples:
      translator redact samples/guest/1-850.edi > report.edi
      translator redact samples/guest/1-850.edi samples/guest/8-810.edi --to out
    """
    import secrets

    from translator.cli import say
    from translator.cli.bodies import begins_theirs
    from translator.show.redact import Redactor

    key = seed.encode() if seed is not None else secrets.token_bytes(_KEY)
    redactor = Redactor(key, Path(mappings) if mappings else None)
    failed: set[int] = set()
    for file, place in _places(files, folder):
        with each_file(file, failed), opened(file, progress=False) as stream, _out(place) as out:
            before = Counter(redactor.counts)
            begin, rest = _peeked(stream)
            theirs, rest = begins_theirs(rest, redactor.mappings) if begin in (b"{", b"[") else (False, rest)
            if theirs:
                told = _body(redactor, rest, out, guide, failed)
            elif begin in (b"{", b"["):
                _documents(redactor, rest, file, out)
                told = "documents are not judged here; check them yourself"
            else:
                told = _x12(redactor, rest, out, guide, limits, failed)
            out.flush()
            kinds = ", ".join(f"{kind} {n}" for kind, n in sorted((redactor.counts - before).items())) or "nothing"
            say(f"{name_of(file)}: replaced: {kinds}; {told}.")
    say("Look at the result before you send it: what nobody could foresee, no program finds.")
    sys.exit(max(failed, default=0))


def _peeked(stream: IO[bytes]) -> tuple[bytes, IO[bytes]]:
    """The first byte that says something, and the stream as it was."""
    from io import BufferedReader

    buffered = stream if isinstance(stream, BufferedReader) else BufferedReader(stream)  # type: ignore[type-var]
    return buffered.peek(1).strip(b" \t\r\n\xef\xbb\xbf")[:1], buffered


def _places(files: tuple[str, ...], folder: str | None) -> list[tuple[str, Path | None]]:
    """Each file with the one that it goes to, None for stdout."""
    if folder is None:
        return [(file, None) for file in files]
    names = [Path(file).name for file in files]
    if "-" in files or len(set(names)) < len(names):
        raise click.UsageError("--to names each result as its file: take files of different names, and not stdin")
    Path(folder).mkdir(parents=True, exist_ok=True)
    made = [(file, Path(folder) / name) for file, name in zip(files, names, strict=True)]
    if there := [str(place) for _, place in made if place.exists()]:
        raise click.UsageError(f"{there[0]} is there already: nothing is overwritten")
    return [*made]


def _out(place: Path | None) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdout.buffer) if place is None else open(place, "xb")


def _documents(redactor: Redactor, stream: IO[bytes], file: str, out: IO[bytes]) -> None:
    from translator.documents.given import read_documents
    from translator.show.redacted_document import document

    for one in read_documents(stream, file):
        out.write(dumps(document(redactor, one)))


def _body(redactor: Redactor, stream: IO[bytes], out: IO[bytes], guide: str | None, failed: set[int]) -> str:
    from translator.bodies.calls import most_bytes
    from translator.show.redacted_body import redacted

    most = most_bytes(redactor.mappings)
    said = redacted(redactor, stream.read(most + 1), most, guide=guide)
    out.write(said.text.encode())
    if said.same:
        return f"findings before and after are the same ({said.findings})"
    failed.add(1)
    return "the findings differ: this cannot stand for the file that it was made of; another try replaces otherwise"


def _x12(redactor: Redactor, stream: IO[bytes], out: IO[bytes], guide: str | None, limits: Limits, failed: set[int]) -> str:
    from translator.cli import say
    from translator.show.redact import redacted

    said = redacted(redactor, stream, out.write, guide=guide, limits=limits)
    unread = f"; {said.unread} of {said.sets} sets by the standard alone, for no table reads them" if said.unread else ""
    if said.same:
        return f"findings before and after are the same ({said.findings}){unread}"
    failed.add(1)
    for (code, severity, at, ref, line), n in said.differing:
        where = ", ".join(word for word in (f"segment {at}" if at else "", str(ref or ""), f"line {line}" if line else "") if word)
        say(f"{severity} [{code}] {where}: " + ("not there any more" if n > 0 else "was not there before"))
    return f"the findings differ{unread}: this cannot stand for the file that it was made of; another try replaces otherwise"
