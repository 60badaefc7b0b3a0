"""Where a value of a partner's own JSON goes: an order and a place in it go in, what is known of the value comes out.

A place is one of their JSON (``order_lines[0].n``) or of the document (``lines[0].line``). Known are the value, its place on either
side, the row of the table with its source and how sure it is, and the requests that carry the value back. Nothing is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import define

from translator.bodies.load import load
from translator.bodies.read import Reading
from translator.bodies.table import BodyTable, Field
from translator.bodies.text import Number
from translator.documents.places import Step, Steps, get, text_of
from translator.show.rows import field_place
from translator.tables.partner import partner
from translator.tables.standard import parsed
from translator.tables.table import path_text

Json = Any
Said = list[tuple[str, str]]
_MARKS = {
    "V": "read in two independent places", "C": "in the code of one connector", "S": "on one page", "I": "our inference",
    "?": "looked for and not found: our choice",
}  # fmt: skip


@define(eq=False, repr=False)
class Place:
    """A place that was asked for: the row, its number in the table, and the numbers in place of each ``[]``."""

    row: Field
    number: int
    body: str
    document: str


def asked(table: BodyTable, text: str) -> list[Place]:
    """The rows whose place a text names, in their JSON or in the document; none where no row knows it."""
    text = re.sub(r"^\[[0-9]+\]\.", "", text)
    numbers = tuple(int(n) for n in re.findall(r"\[([0-9]+)\]", text))
    bare = re.sub(r"\[[0-9]+\]", "[]", text)
    found = []
    for n, row in enumerate(table.fields):
        theirs = [_bare(path) for path in (row.body, row.join) if path]
        ours = [_bare(path) for path in row.json]
        if bare in theirs or bare in ours:
            many = numbers[: sum(step.each for step in row.body)]
            json = _put(row.json[0], many if bare in theirs else numbers, all_=bare in ours) if row.json else ""
            found.append(Place(row, n, _put(row.body, many) if row.body else "", json))
    return found


def tell(place: Place, reading: Reading, entry: Json, mappings: Path | None = None) -> Said:
    """What is known, under headings."""
    table, row = reading.table, place.row
    assert table is not None
    said: Said = []
    value = _at(entry, place.body)
    said.append(("value", "not sent" if value is None else _word(value)))
    said.append(("stands at", place.body or "nowhere in their JSON: it is always the same"))
    if row.join:
        said.append(("together with", text_of(row.join)))
    ours = _at(reading.document, place.document)
    what = place.document or "nowhere: it is known, and not taken"
    said.append(("in the document", what + (f" = {_word(ours)}" if ours is not None and not isinstance(ours, dict) else "")))
    raw = parsed(table.file, mappings)["field"][place.number]
    where = field_place(table.name, place.number, mappings)
    kind = "always the same" if row.constant else "required" if row.required else "optional"
    said.append(("table row", f"{where}: {kind}, {row.kind}" + (f", private ({row.private})" if row.private else "")))
    source, mark = raw.get("source", table.source), raw.get("mark", "C")
    said.append(("source", f"{source}: {mark}, {_MARKS[mark]}"))
    if row.note:
        said.append(("note", row.note))
    back = list(_back(table, [_bare(path) for path in row.json], mappings))
    said += [("goes back", words) for words in back] or [("goes back", "no request has it")]
    about = [one for one in reading.findings if (one.path or "").endswith(place.body) and place.body]
    return said + [(one.severity, f"[{one.code}] {one.sentence} {one.cure}") for one in about]


def _back(table: BodyTable, places: list[str], mappings: Path | None) -> Iterator[str]:
    """The requests that take the value back, by the carry rules of the answers and the rows of their requests."""
    for name in sorted({one for found in partner(table.partner, mappings).programs for one in found.tables.values()}):
        answer = load(name, mappings)
        for rule in answer.carry:
            if not any(_covers(path_text(path), place) for path in rule.order for place in places):
                continue
            here = path_text(rule.here)
            for request in answer.requests:
                filled = [hole for hole, path in request.fill.items() if _bare(path) == here]
                if filled:
                    yield f"{request.call}: in its path, as {{{filled[0]}}} ({name})"
                if request.split and rule.kind == "adds_up":
                    yield f"{request.call}: in parts, as {text_of(request.split.place)} ({name})"
                for one in request.fields:
                    if any(_bare(path) == here for path in one.json):
                        yield f"{request.call}: as {text_of(one.body)} ({name})"


def _covers(rule: str, place: str) -> bool:
    """Whether a carry rule's place is this one; ``ids.*`` is all of a map."""
    return rule == place or (rule.endswith(".*") and place.startswith(rule[:-1]))


def _bare(path: Steps) -> str:
    return text_of(path)


def _put(path: Steps, numbers: tuple[int, ...], *, all_: bool = False) -> str:
    """A path with numbers in place of its lists: of each ``[]``, or of all that a text has numbers for."""
    left = iter(numbers)
    made = []
    for step in path:
        if step.each or (all_ and step.index is not None):
            made.append(Step(step.name, index=next(left, 0)).text)
        else:
            made.append(step.text)
    return ".".join(made)


def _at(holder: Json, text: str) -> Json:
    from translator.documents.places import steps

    return get(holder, steps(text)) if text else None


def _word(value: Json) -> str:
    return str(value) if isinstance(value, (str, Number)) else "…" if isinstance(value, (dict, list)) else str(value)
