"""Orders of an API, as JSON: bytes go in, canonical documents and what is wrong with them come out, each with its place.

A table says what each field is; one that it does not know is a warning, and is kept with ``exact``. The same order twice in one
file is given once. What is no JSON is an exception: nothing is taken of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.bodies.calls import most_bytes
from translator.bodies.entry import order
from translator.bodies.load import load
from translator.bodies.table import BodyTable
from translator.bodies.text import Elements, dumped, elements
from translator.documents.places import get, text_of
from translator.findings import WARNING, Finding, finding
from translator.tables.partner import bodies

Json = dict[str, Any]


@define(eq=False, repr=False)
class Reading:
    """An entry of a file: its document, or None where none could be made, what was found, and the entry's own text."""

    document: Json | None
    findings: list[Finding] = field(factory=list)
    table: BodyTable | None = None
    text: str = ""
    offset: int = 0


def read(
    data: bytes, *, guide: str | None = None, mappings: Path | None = None, exact: bool = False, name: str | None = None,
    most: int | None = None,
) -> list[Reading]:  # fmt: skip
    """The orders of a file or of an answer: an array as the API returns it, or one order.

    ``guide`` names the table instead of asking the order. With ``exact`` a document carries a ``residue``, and what stands between
    orders comes as documents of raw text; at most ``most`` bytes are taken, or what ``api.toml`` says.

    Raises ``DocumentError``, ``LimitExceeded``, ``TableError``.
    """
    source = elements(data, most_bytes(mappings) if most is None else most, name)
    return list(readings(source, guide=guide, mappings=mappings, exact=exact, name=name))


def key_of(document: Json, mappings: Path | None = None) -> str:
    """The id by which the API knows an order that was read here; "" where there is none. Raises ``TableError``."""
    guide = document.get("guide")
    if not any(one.table == guide for one in bodies(mappings)):
        return ""
    table = load(str(guide), mappings)
    places = (path for one in table.fields if one.body == table.key for path in one.json)
    return next((said for path in places if isinstance(said := get(document, path), str)), "")


def readings(
    source: Elements, *, guide: str | None = None, mappings: Path | None = None, exact: bool = False, name: str | None = None
) -> Iterator[Reading]:
    """The same of JSON that was parsed already."""
    tables = [fitting(element.value, guide, mappings) for element in source.items]
    twins = _twins(source, tables)
    for n, (element, table) in enumerate(zip(source.items, tables, strict=True)):
        place = f"[{n}]" if source.listed else ""
        at = {"file": name, "offset": element.offset, "line": element.line}
        if exact and source.gaps[n]:
            yield Reading({"document": "raw", "text": source.gaps[n]})
        raw = {"document": "raw", "text": element.text} if exact else None
        if table is None:
            said = finding("body-unknown", path=place or None, value=element.text[:200]).having(**at)
            yield Reading(raw, [said], None, element.text, element.offset)
            continue
        document, found = order(table, element.value, place)
        if said_ := _again(source, twins[n], n, table, place):
            found.append(said_)
        found = [one.having(**at) for one in found]
        if said_ and said_.severity == WARNING:
            yield Reading(raw, found, table, element.text, element.offset)
            continue
        if exact:
            from translator.bodies.residue import residue

            document["residue"] = residue(table, document, element.text)
        yield Reading(document, found, table, element.text, element.offset)
    if exact:
        yield Reading({"document": "raw", "text": source.gaps[-1]})


def fitting(value: Any, guide: str | None = None, mappings: Path | None = None) -> BodyTable | None:
    """The table that reads a value: the one that is named, or the first of any partner's whose fields it has."""
    if not isinstance(value, dict):
        return None
    if guide is not None:
        return load(guide, mappings)
    return next((load(one.table, mappings) for one in bodies(mappings) if all(name in value for name in one.fields)), None)


def _twins(source: Elements, tables: list[BodyTable | None]) -> list[list[int]]:
    """For each entry the entries that have its key, itself among them."""
    groups: dict[Any, list[int]] = {}
    found = []
    for n, (element, table) in enumerate(zip(source.items, tables, strict=True)):
        key = get(element.value, table.key) if table else None
        found.append(groups.setdefault((table.name, str(key)) if table and isinstance(key, str) else n, []))
        found[-1].append(n)
    return found


def _again(source: Elements, twins: list[int], n: int, table: BodyTable, place: str) -> Finding | None:
    """What is to be said of an order that stands in the file more than once: word for word, and it is taken once, or in error."""
    if len(twins) == 1:
        return None
    same = len({dumped(source.items[k].value) for k in twins}) == 1
    if same and n == twins[0]:
        return None
    other = next(k for k in twins if k != n) + 1
    expected = f"entry {other} has it too, {'word for word' if same else 'and the two do not say the same'}"
    about = {"path": f"{place}.{text_of(table.key)}", "value": str(get(source.items[n].value, table.key)), "expected": expected}
    return finding("order-twice", level="warning" if same else None).having(**about)
