"""What ``read``, ``check``, ``write`` and ``new`` do for partners with an API: JSON orders in, requests out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import click

from translator.cli.console import dumps
from translator.findings import Finding, has_errors

Json = dict[str, Any]
_OURS = re.compile(rb'\s*\[?\s*\{\s*"document"')
_SAFE = re.compile(r"[^A-Za-z0-9-]+")
_HEAD = 1 << 16  # bytes in which an order has said what it is
_NAME = 40  # characters of a number in the name of a file


def begins_theirs(stream: IO[bytes], mappings: Path | None) -> tuple[bool, IO[bytes]]:
    """Whether a JSON file holds a partner's own orders, by how it begins, and the same file from its beginning.

    A document of ours says what it is (``document``), and theirs have all the fields by which a table knows them.
    """
    from io import BufferedReader

    from translator.cli.console import Again
    from translator.tables.partner import bodies

    head = b""
    while len(head) < _HEAD and (more := stream.read(_HEAD - len(head))):
        head += more
    ours = re.search(rb'"document"\s*:\s*"', head) is not None
    fits = any(all(f'"{name}"'.encode() in head for name in one.fields) for one in bodies(mappings))
    return not ours and fits, BufferedReader(Again(head, stream))


def read_json(
    stream: IO[bytes], name: str | None, *, guide: str | None, mappings: Path | None, exact: bool = False
) -> Iterator[Any]:
    """The readings of a JSON file. Raises ``NotX12`` for what is no JSON of a partner's, ``DocumentError``, ``LimitExceeded``."""
    from translator.bodies.calls import most_bytes
    from translator.bodies.read import readings
    from translator.bodies.text import elements
    from translator.errors import NotX12
    from translator.x12.wire import guess

    most = most_bytes(mappings)
    data = stream.read(most + 1)
    while len(data) <= most and (more := stream.read(most + 1 - len(data))):
        data += more
    if _OURS.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise NotX12(f"this is not X12: {guess(data.lstrip()[:4])}")
    source = elements(data, most)
    yield from readings(source, guide=guide, mappings=mappings, exact=exact, name=name)


def json_lines(
    stream: IO[bytes], name: str | None, *, pretty: bool, exact: bool, derive: bool, guide: str | None, mappings: Path | None
) -> Iterator[tuple[bytes, list[Finding]]]:
    """The documents of a JSON file as JSON, with their findings."""
    for reading in read_json(stream, name, guide=guide, mappings=mappings, exact=exact):
        document = reading.document
        if document is not None and reading.table is not None and document.get("document") != "raw":
            if derive:
                from translator.documents.derive import derived
                from translator.walk.bulk import rules

                document["derived"] = derived(document, rules(reading.table.partner, mappings))
            if has_errors(reading.findings):
                document["findings"] = [one.as_dict() for one in reading.findings]
        yield dumps(document, pretty) if document is not None else b"", reading.findings


def give(prepared: Iterable[Any], out: IO[bytes], folder: str | None) -> None:
    """Print requests, one JSON object a line, or put each in a file of its own. Raises ``Refused`` for a file that is there."""
    listed = list(prepared)
    if folder is None:
        for one in listed:
            out.write(f"{one.as_text()}\n".encode())
        return
    from translator.errors import Refused

    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    width = max(2, len(str(len(listed))))
    files = [
        place / f"{n:0{width}}-{one.call.name}-{_SAFE.sub('-', one.order).strip('-')[:_NAME] or 'order'}.json"
        for n, one in enumerate(listed, 1)
    ]
    if there := [file for file in files if file.exists()]:
        raise Refused(f"{there[0]} is there already: nothing was written; name a folder without requests in it")
    for file, one in zip(files, listed, strict=True):
        with file.open("xb") as stream:
            stream.write(f"{one.as_text()}\n".encode())
        click.echo(str(file), err=True)
