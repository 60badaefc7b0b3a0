"""A file as one HTML page, to a file or to stdout."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from translator.cli.console import name_of, opened, sniffed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translator.findings import Finding
    from translator.show.annotate import Annotated
    from translator.show.sheet import Sheet
    from translator.x12.wire import Limits

    Json = dict[str, Any]


def show_page(file: str, out: str, first: int, limits: Limits, guide: str | None, mappings: Path | None) -> int:
    """Write the page of a file; the exit code."""
    from translator.cli import leave
    from translator.errors import LimitExceeded, NotX12
    from translator.show.annotate import annotated
    from translator.show.page import document_page, ours, page
    from translator.show.people import piece_sheet

    if out != "-" and not ours(Path(out)):
        leave(4, f"{out} is there and is no page that this command wrote. Name another file, or move that one away.")
    wrong: set[bool] = set()

    def watched(pieces: Iterator[Annotated]) -> Iterator[Annotated]:
        for one in pieces:
            wrong.add(not one.reading.ok)
            yield one

    title = "Standard input" if file == "-" else os.path.basename(file)
    try:
        with opened(file) as stream:
            is_json, source = sniffed(stream)
            if is_json:
                text = document_page(_given(source, file, wrong, mappings), title=title)
                return _written(out, text, wrong)
            pieces = annotated(source, guide=guide, mappings=mappings, limits=limits, name=name_of(file))
            text = page(watched(pieces), title=title, limit=first, sheets=partial(piece_sheet, mappings=mappings))
    except (NotX12, LimitExceeded) as error:
        leave(3, f"{name_of(file)}: {error}")
    return _written(out, text, wrong)


def _given(source: IO[bytes], file: str, wrong: set[bool], mappings: Path | None) -> Iterator[tuple[Json, list[Finding], Sheet]]:
    """The documents of a JSON file, each with what its schema finds and its sheet."""
    from translator.documents.given import by_schema, read_documents
    from translator.findings import has_errors
    from translator.show.people import bare

    for document in read_documents(source, name_of(file) or file):
        found = by_schema(document, "")
        wrong.add(has_errors(found))
        yield document, found, bare(document, found, mappings=mappings)


def _written(out: str, text: str, wrong: set[bool]) -> int:
    if out == "-":
        sys.stdout.buffer.write(text.encode())
    else:
        Path(out).write_bytes(text.encode())
    return int(True in wrong)
