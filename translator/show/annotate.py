"""X12 with its meaning beside it: a source goes in; part by part come its segments, each element with its name, the meaning
of its code, its table's row, its place in the JSON document, and the findings that speak of it.

What is read and found is the reader's (``walk.inward``); here it is only put where it belongs. Nothing is judged or printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.findings import Finding
from translator.tables.placing import found_at
from translator.tables.read import Seen, read_set
from translator.tables.standard import Piece, standard
from translator.tables.standard import Segment as Standard
from translator.tables.table import Element, Row, Table, path_text
from translator.walk.inward import Reading, Source, read
from translator.x12 import ta1
from translator.x12.part import Part
from translator.x12.wire import LAYOUT, Delimiters, Limits, split

Json = dict[str, Any]
RELEASE = "004010"  # of the standard that names what no table knows

# Where the elements of headers stand in a document's envelope; those of a TA1 stand in its own document.
ENVELOPE = {
    "ISA02": "authorization", "ISA04": "security", "ISA05": "sender.qualifier", "ISA06": "sender.id",
    "ISA07": "receiver.qualifier", "ISA08": "receiver.id", "ISA09": "date", "ISA10": "time", "ISA12": "version",
    "ISA13": "control.interchange", "ISA14": "acknowledgment_requested", "ISA15": "usage", "ISA16": "delimiters.component",
    "GS02": "sender.group", "GS03": "receiver.group", "GS04": "date", "GS05": "time", "GS06": "control.group", "GS08": "release",
    "ST02": "control.set",
}  # fmt: skip


@define(eq=False, repr=False)
class Spot:
    """An element, or a component of one: as it stands, and what is known of it.

    ``ref`` is ``BEG03`` or ``SLN05-01``; ``offset`` the byte of its value in the file; ``path`` its place in the JSON document
    (``lines[0].ids.upc``), empty where it has none; ``meaning`` what its code stands for. ``piece`` is what the standard says of
    it, ``element`` what the table does; either may be None. A composite has its components in ``parts``.
    """

    ref: str
    value: str
    offset: int
    name: str = ""
    type: str = ""
    meaning: str = ""
    path: str = ""
    piece: Piece | None = None
    element: Element | None = None
    findings: list[Finding] = field(factory=list)
    parts: list[Spot] = field(factory=list)

    @property
    def all(self) -> Iterator[Spot]:
        """It, and its components."""
        yield self
        yield from self.parts


@define(eq=False, repr=False)
class Line:
    """A segment: ``at`` as AK302 counts (ST is 1, None outside sets), ``offset`` and ``line`` in the file, ``loops`` the names of
    the loops open around it. ``row`` is the table's row, ``standard`` the standard's; either may be None. Findings about the
    segment itself, or about what is missing before it, stand here; those about an element at its spot.
    """

    tag: str
    text: str
    offset: int
    line: int
    at: int | None = None
    name: str = ""
    loops: tuple[str, ...] = ()
    row: Row | None = None
    standard: Standard | None = None
    path: str = ""
    spots: list[Spot] = field(factory=list)
    findings: list[Finding] = field(factory=list)

    @property
    def depth(self) -> int:
        """How many loops stand around it."""
        return len(self.loops)


@define(eq=False, repr=False)
class Annotated:
    """A piece of a file: a set with its document, or a header, a trailer, stray text (``lines`` may be empty).

    ``findings`` are those that no line takes; ``all_findings`` every one, in the order of the file.
    """

    reading: Reading
    lines: list[Line] = field(factory=list)
    findings: list[Finding] = field(factory=list)

    @property
    def delimiters(self) -> Delimiters | None:
        """Those in force here; None before any header."""
        part = self.reading.part
        return part.envelope.delimiters if part and part.envelope else None

    @property
    def all_findings(self) -> list[Finding]:
        """Every finding of the reading."""
        return self.reading.findings


def annotated(
    source: Source,
    *,
    guide: str | None = None,
    mappings: Path | None = None,
    limits: Limits | None = None,
    name: str | None = None,
) -> Iterator[Annotated]:
    """The pieces of a file in their order, with every segment, in memory for one set at a time.

    Raises what ``read`` raises: ``NotX12``, ``LimitExceeded``, ``TableError``, ``OSError``.
    """
    waiting: list[Annotated] = []  # headers: what is wrong with them is said with the first set under them
    for reading in read(source, envelopes=True, guide=guide, mappings=mappings, limits=limits, name=name):
        part = reading.part
        assert part is not None
        one = Annotated(reading, list(lines_of(reading, part, mappings)))
        waiting.append(one)
        if reading.table:
            for header in (line for each in waiting if each is not one for line in each.lines):
                _taught(header, reading.table.envelope.get(header.tag))
        if part.is_set or part.values[:1] not in (["ISA"], ["GS"]):
            yield from _spread(waiting)
            waiting = []
    yield from _spread(waiting)


def _taught(line: Line, row: Row | None) -> None:
    """What the table of the first set under a header says of its elements."""
    for spot in line.spots if row else ():
        element = row.elements.get((int(spot.ref[-2:]), 0)) if row else None
        if element:
            spot.element, spot.meaning = element, element.codes.get(spot.value, "") or spot.meaning


def _spread(pieces: list[Annotated]) -> list[Annotated]:
    """Every finding to the line, and the element, that it speaks of: of its own piece, or of a header before it."""
    by_offset = {line.offset: line for one in pieces for line in one.lines}
    for one in pieces:
        by_at = {line.at: line for line in one.lines if line.at}
        for found in one.reading.findings:
            line = by_at.get(found.at) if found.at else by_offset.get(found.offset if found.offset is not None else -1)
            if line is None:
                one.findings.append(found)
                continue
            spots = [s for each in line.spots for s in each.all if s.ref == found.ref] if found.segment == line.tag else []
            (spots[0].findings if spots else line.findings).append(found)
    return pieces


# --- a piece's lines ------------------------------------------------------------------------------------------------------


def lines_of(reading: Reading, part: Part, mappings: Path | None = None) -> Iterator[Line]:
    """The segments of a part that was read, without findings."""
    if part.envelope is None or not (part.is_set or part.values):
        return
    known = standard(RELEASE, mappings).segments
    d = part.envelope.delimiters
    if not part.is_set:
        tag = part.values[0]
        whole = part.text.rstrip(LAYOUT).removesuffix(d.segment)
        start = len(whole) - len(d.element.join(part.values))  # what stands before it is layout, or was reported
        if start < 0 or not whole.startswith(tag, start):
            start = max(part.text.find(tag), 0)
        text = whole[start:]
        header = _header(tag, reading.table)
        line = _line(tag, text, part.values, part.offset + start, part.line(start), d, known.get(tag), None, header)
        _unwrapped(line, part, start)
        yield line
        return
    segments = split(part.text, d)
    seen, places = _trail(reading.table, segments, d) if reading.table else ({}, {})
    at = counted = 0
    number = part.line()
    counters: dict[tuple[int, str], int] = {}
    for start, body in segments:
        if not body:
            continue
        at += 1
        number += part.text.count("\n", counted, start)  # not all from the beginning again
        counted = start
        values = body.split(d.element)
        tag = values[0]
        where = seen.get(start)
        row = where.row if where else None
        offset = part.offset + start
        line = _line(tag, body, values, offset, number, d, known.get(tag), row, _header(tag, reading.table))
        line.at = at
        if where is not None:
            line.loops = tuple(loop.name for loop in where.loops)
            if row is not None and where.into is not None:
                line.path = places.get(id(where.into), "")
                _place(line, row, values, where.into, line.path, counters)
        if d.wrapped:
            _unwrapped(line, part, start)
        yield line


def _trail(table: Table, segments: list[tuple[int, str]], d: Delimiters) -> tuple[dict[int, Seen], dict[int, str]]:
    """What the reader sees of each segment, by where it begins; and the place in the document of every object of it.

    Objects are known by their identity: the segments seen hold them, so none is forgotten in between.
    """
    inner = [one for one in segments[1:] if one[1]]
    if inner and inner[-1][1].split(d.element, 1)[0] == "SE":
        inner.pop()
    trail: list[Seen] = []
    document = read_set(table, inner, d.element, d.component, None, trail=trail)
    places: dict[int, str] = {}
    _walk(document, "", places)
    return {seen.offset: seen for seen in trail}, places


def _walk(value: Any, path: str, places: dict[int, str]) -> None:
    if isinstance(value, dict):
        places[id(value)] = path
        for key, inner in value.items():
            _walk(inner, f"{path}.{key}" if path else key, places)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            _walk(inner, f"{path}[{n}]", places)


def _header(tag: str, table: Table | None) -> Row | None:
    return table.envelope.get(tag) if table else None


def _line(
    tag: str,
    text: str,
    values: list[str],
    offset: int,
    number: int,
    d: Delimiters,
    known: Standard | None,
    row: Row | None,
    header: Row | None,
) -> Line:
    """A segment with its elements, by the standard and the table's row."""
    made = Line(tag, text, offset, number, name=known.name if known else "", row=row, standard=known)
    here = offset + len(tag)
    rows = row or header
    notices = ta1.PLACES if tag == "TA1" else {}
    for n, value in enumerate(values[1:], 1):
        here += 1
        piece = known.elements[n - 1] if known and n <= len(known.elements) else None
        ref = f"{tag}{n:02d}"
        element = rows.elements.get((n, 0)) if rows else None
        spot = _spot(ref, value, here, piece, element)
        if place := ENVELOPE.get(ref):
            spot.path = f"envelope.{place}"
        elif ref in notices:
            spot.path, spot.meaning = notices[ref], ta1.meaning(notices[ref], value)
        if piece and piece.components and d.component:
            inner = here
            for k, text_ in enumerate(value.split(d.component), 1):
                part = piece.components[k - 1] if k <= len(piece.components) else None
                spot.parts.append(_spot(f"{ref}-{k:02d}", text_, inner, part, rows.elements.get((n, k)) if rows else None))
                inner += len(text_) + 1
        made.spots.append(spot)
        here += len(value)
    if row and row.pairs:
        for n in range(row.pairs.first, min(row.pairs.last, len(made.spots)) + 1, 2):
            made.spots[n - 1].meaning = row.pairs.codes.get(made.spots[n - 1].value, "")
    return made


def _spot(ref: str, value: str, offset: int, piece: Piece | None, element: Element | None) -> Spot:
    spot = Spot(ref, value, offset, piece=piece, element=element)
    if piece:
        spot.name, spot.type, spot.meaning = piece.name, piece.type, piece.meanings.get(value, "")
    if element:
        spot.name, spot.meaning = element.name, element.codes.get(value, "") or spot.meaning
    return spot


def _place(line: Line, row: Row, values: list[str], into: Json, base: str, counters: dict[tuple[int, str], int]) -> None:
    """Where in the document each element of a segment went, by the row that took it."""
    for spot in (spot for each in line.spots for spot in each.all):
        e = spot.element
        if e is None or not e.json or not spot.value or not found_at(into, e.json):
            continue
        path = path_text(e.json)
        if path.endswith("[]"):
            key = (id(into), path)
            counters[key] = n = counters.get(key, -1) + 1
            path = f"{path[:-2]}[{n}]"
        spot.path = f"{base}.{path}" if base else path
    p = row.pairs
    if p is None:
        return
    holder = path_text(p.json)
    inside = f"{base}.{holder}" if base else holder
    for n in range(p.first, min(p.last, len(values) - 1), 2):
        qualifier, value = values[n], values[n + 1]
        if not qualifier or not value:
            continue
        if p.names:
            name = p.names.get(qualifier)
            if name and any(one == value for one in found_at(into, (*p.json, (name, "")))):
                line.spots[n].path = f"{inside}.{name}"
            continue
        key = (id(into), holder)
        counters[key] = k = counters.get(key, -1) + 1
        line.spots[n - 1].path = f"{inside[:-2]}[{k}].{p.qualifier}"
        line.spots[n].path = f"{inside[:-2]}[{k}].{p.value}"


def _unwrapped(line: Line, part: Part, start: int) -> None:
    """The places of elements where line breaks stand inside segments: the bytes are counted, breaks and all."""
    if not any(c in part.text[start : start + len(line.text) + 2].rstrip(LAYOUT) for c in "\r\n"):
        return
    if any(c in spot.value for spot in line.spots for c in "\r\n"):
        return  # of a header with breaks in it they were kept
    true = [n for n in range(start, len(part.text)) if part.text[n] not in "\r\n"]
    for spot in (spot for each in line.spots for spot in each.all):
        spot.offset = part.offset + true[min(spot.offset - part.offset - start, len(true) - 1)]
