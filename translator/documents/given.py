"""JSON files of documents: a file goes in, its documents and what is wrong with them by their schemas come out.

Strict: no key twice, no NaN, no depth that could exhaust the stack. Nothing of what a document means is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from translator.errors import DocumentError
from translator.findings import Finding, finding


def read_documents(stream: IO[bytes], file: str) -> Iterator[dict[str, Any]]:
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
        if text.lstrip()[:3] == b"ISA":
            raise DocumentError(f"{where}: this is X12; `translator read` makes the JSON of it") from error
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


def by_schema(document: dict[str, Any], place: str) -> list[Finding]:
    """What its schema says of a document; ``place`` stands before the paths."""
    from translator.documents.schema import violations

    kind = document.get("document")
    if kind == "raw":
        return [finding("document-invalid", path=f"{place}document", expected="raw text is written by --exact only")]
    return [
        finding("document-invalid", path=place + path.removeprefix("$."), expected=message)
        for path, message in violations(document)
    ]
