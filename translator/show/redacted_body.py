"""A partner's own JSON redacted: a file of orders goes in, the same text comes out with other values where its table says private.

Names, order, blanks and whatever is not private stay, byte for byte; what no row knows is replaced as well. The same values have
the same replacements as in X12 and in documents. What is no JSON is an exception: nothing of it is given out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import define

from translator.bodies.read import fitting, readings
from translator.bodies.table import BodyTable, Field
from translator.bodies.text import Elements, Number, elements
from translator.documents.places import Steps
from translator.findings import Finding
from translator.show.redact import Redactor

PRICE, OTHER = "price", "other"
Path_ = tuple[str, ...]
# The values of a JSON text, in its order; what a colon follows is a name.
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"(?P<name>[ \t\r\n]*:)?|-?[0-9][0-9.eE+-]*|true|false|null')


@define(eq=False, repr=False)
class Redacted:
    """The text, how many orders are in it, and whether the same is found wrong with it as before."""

    text: str
    orders: int
    findings: int
    same: bool


def redacted(redactor: Redactor, data: bytes, most: int, *, guide: str | None = None) -> Redacted:
    """Redact a file. Raises ``DocumentError``, ``LimitExceeded``, ``TableError``."""
    source = elements(data, most)
    made = []
    for gap, one in zip(source.gaps, source.items, strict=False):
        table = fitting(one.value, guide, redactor.mappings)
        made += [gap, _text(redactor, one.text, one.value, _kinds(table) if table else {})]
    text = "".join([*made, *source.gaps[len(source.items) :]])
    before, after = (_found(one, guide, redactor.mappings) for one in (source, elements(text.encode(), most * 2)))
    return Redacted(text, len(source.items), len(before), sorted(before) == sorted(after))


def _found(source: Elements, guide: str | None, mappings: Path | None) -> list[tuple[str, str, str]]:
    return [_key(one) for reading in readings(source, guide=guide, mappings=mappings) for one in reading.findings]


def _key(found: Finding) -> tuple[str, str, str]:
    return found.code, found.severity, found.path or ""


def _kinds(table: BodyTable) -> dict[Path_, str]:
    """What is private at each place, "" where a row knows the place and nothing is."""
    held: dict[Path_, str] = {}
    for one in table.fields:
        for path in (one.body, one.join):
            if path:
                held[_names(path)] = held.get(_names(path)) or one.private
    return held


def _names(path: Steps) -> Path_:
    return tuple(step.name for step in path)


def _kind(kinds: dict[Path_, str], path: Path_) -> str:
    """What stands at a place: what the row of the place, or of an object around it, says."""
    for n in range(len(path), 0, -1):
        if path[:n] in kinds:
            return kinds[path[:n]]
    return OTHER


def _text(redactor: Redactor, text: str, value: Any, kinds: dict[Path_, str]) -> str:
    values = _leaves(value, ())

    def put(found: re.Match[str]) -> str:
        if found["name"]:
            return found[0]
        path, leaf = next(values)
        kind = _kind(kinds, path)
        return _replaced(redactor, found[0], leaf, kind) if kind else found[0]

    return _VALUE.sub(put, text)


def _replaced(redactor: Redactor, text: str, leaf: Any, kind: str) -> str:
    """Another value of the same shape; words that JSON has itself stay, and so does nothing."""
    if not isinstance(leaf, str) or not leaf:
        return text
    redactor.counts[kind] += 1
    if isinstance(leaf, Number) or kind == PRICE:
        made = redactor.disguise.money(leaf)
        return made if isinstance(leaf, Number) else json.dumps(made, ensure_ascii=False)
    return json.dumps(redactor.disguise.text(leaf), ensure_ascii=False)


def _leaves(value: Any, path: Path_) -> Iterator[tuple[Path_, Any]]:
    """Every value that is no object and no list, in the order of the text."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)
    else:
        yield path, value


def places(table: BodyTable) -> dict[str, Field]:
    """The rows of a table by their places in the document, lists and choices as ``[]``."""
    return {
        re.sub(r"\[[^\]]*\]", "[]", ".".join(step.text for step in path)): one for one in table.fields for path in one.json
    }
