"""The commands ``write`` and ``roundtrip``: documents to X12, and the proof that nothing is lost on the way."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click

from translator.cli.console import FILES, each_file, guide_option, name_of, opened, tell
from translator.errors import DocumentError
from translator.findings import Finding, finding, has_errors


@click.command()
@FILES
@click.option("--exact", is_flag=True, help="Write again what `read --exact` saw, byte for byte, edits apart.")
@click.option(
    "--control",
    type=click.IntRange(1, 999_999_999),
    help="Number one interchange for all documents: ISA13 and GS06; sets from 0001.",
)
@click.option("--now", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="Date and time for documents that have none.")
@guide_option
def write(
    files: tuple[str, ...], exact: bool, control: int | None, now: datetime.datetime | None, guide: str | None, mappings: str | None
) -> None:
    """Translate canonical JSON to X12: an object, an array, or one document a line.

    Documents that share a control number share an envelope. What is written is read back first: when anything is wrong,
    no bytes come out.

    \b
    Example:
      translator read samples/guest/1-850.edi | translator write - > again.edi
    """
    from translator.walk import restore
    from translator.walk import write as write_documents

    place = Path(mappings) if mappings else None
    said: list[Finding] = []
    out = sys.stdout.buffer
    if exact:
        for file in files:
            with opened(file, progress=False) as stream:
                for data in restore(_documents(stream, file), mappings=place, report=said):
                    out.write(data)
    else:
        documents = []
        for file in files:
            with opened(file, progress=False) as stream:
                documents += list(_documents(stream, file))
        for n, document in enumerate(documents):
            said += _by_schema(document, f"documents[{n}]." if len(documents) > 1 else "")
        if not has_errors(said):
            writing = write_documents(documents, control=control, now=now, guide=guide, mappings=place)
            said += writing.findings
            out.write(writing.data or b"")
    out.flush()
    for one in said:
        tell(one)
    if has_errors(said):
        click.echo("Nothing was written." if not exact else "Writing stopped.", err=True)
    sys.exit(1 if has_errors(said) else 0)


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


def _documents(stream: IO[bytes], file: str) -> Iterator[dict[str, Any]]:
    """The documents of a JSON file: one a line, an array, or one object. Raises ``DocumentError``."""
    first = stream.readline()
    try:
        document = _load(first)
    except ValueError:
        document = None
    if isinstance(document, dict):
        yield document
        for n, line in enumerate(stream, 2):
            if line.strip():
                yield _object(_loaded(line, f"{file}, line {n}"), f"{file}, line {n}")
        return
    whole = _loaded(first + stream.read(), file)
    for n, item in enumerate(whole if isinstance(whole, list) else [whole]):
        yield _object(item, f"{file}, document {n + 1}")


def _object(item: Any, where: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise DocumentError(f"{where}: a document is a JSON object, not {type(item).__name__}")
    return item


def _loaded(text: bytes, where: str) -> Any:
    try:
        return _load(text)
    except ValueError as error:
        raise DocumentError(f"{where}: this is not the JSON of a document: {error}") from error


def _load(text: bytes) -> Any:
    """Strict JSON: no key twice, no NaN, no depth that could exhaust the stack."""
    try:
        return json.loads(text.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_never)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return made


def _never(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")


def _by_schema(document: dict[str, Any], place: str) -> list[Finding]:
    from translator.documents.schema import violations

    kind = document.get("document")
    if kind == "raw":
        return [finding("document-invalid", path=f"{place}document", expected="raw text is written by --exact only")]
    return [finding("document-invalid", path=place + path, expected=message) for path, message in violations(document)]
