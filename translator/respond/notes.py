"""What is said of one set: its reading goes in, its part of an acknowledgment comes out, errors at their segments and elements.

A finding is told when the catalogue has a word of X12's for it (``ack``): AK3 for a segment (DE 720), AK4 for an element
(DE 723), AK5 for the set (DE 718). Notes come in the order of the set, one for all that is said of a segment under one
code, one for each element and code. Whatever is repeated of what came in was looked at first: it forges no segment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from translator.catalogue import CATALOGUE, HEADERS
from translator.findings import ERROR, Finding
from translator.tables.standard import Note, Piece, Segment, standard
from translator.tables.table import Loop, Row
from translator.walk.inward import Reading
from translator.x12.wire import Delimiters, split

Json = dict[str, Any]
Ack = tuple[str, str]

ACCEPTED, ERRORS, REJECTED = "A", "E", "R"
# Without these a document says nothing that could be handed on.
_NEEDED = {
    "order": ("number", "lines"),
    "change": ("number",),
    "acknowledgment": ("orders",),
    "shipment": ("id", "orders"),
    "invoice": ("invoice_number", "lines"),
}
_BROKEN = frozenset({"1", "2", "3", "4", "6"})  # of a set: it is not ours to read, or it is not whole
_UNSUPPORTED, _IN_ERROR, _MISNUMBERED = "1", "5", "7"  # of a set: not ours to read, segments in error, its number is
_ELEMENTS, _ABSENT, _FOREIGN = "8", "3", "6"  # of a segment: its elements are in error, it is missing, it is of another set
_MISSING = frozenset({"1", "2"})  # of an element: there is nothing to repeat
_ALTOGETHER = {"syntax-required": "R", "syntax-exclusive": "E", "syntax-list": "L"}  # findings that name no element, or not it
_REF = re.compile(r"[A-Z][A-Z0-9]{1,2}([0-9]{2})(?:-([0-9]{2}))?")
_TAG = re.compile(r"[A-Za-z][A-Za-z0-9]{1,2}")
_SET = re.compile(r"[A-Za-z0-9]{3}")
_NOBODY = "0000"  # stands for a control number that cannot be repeated
# How often X12 004010 lets notes come; AK302 has six digits.
_MOST_SEGMENTS, _MOST_ELEMENTS, _MOST_CODES, LAST = 999_999, 99, 5, 999_999


def called(one: Finding, cause: str = "") -> Ack | None:
    """What an acknowledgment calls a finding: (AK3 AK4 AK5 AK9 or TA1, code), None where it says nothing of it.

    ``cause`` is why a set has no table. Of segments and elements only errors are told.
    """
    entry = CATALOGUE[one.code]
    if one.code.startswith("element-") and one.ref in HEADERS:
        return HEADERS[one.ref]
    ack = entry.acks.get(one.ref or "", entry.ack)
    if cause in entry.acks:
        ack = entry.acks[cause]
    if ack is not None and ack[0] in ("AK3", "AK4") and (one.severity != ERROR or one.at is None):
        return None
    return ack


def judged(reading: Reading, told: list[tuple[Finding, Ack]], banned: set[Delimiters], mappings: Path | None) -> Json:
    """What is said of a set; ``told`` are the findings that speak of it, ``banned`` the delimiters of theirs and ours.

    A document that can be handed on is accepted, whatever is wrong with it.
    """
    part = reading.part
    assert part is not None
    codes = [code for _, (kind, code) in told if kind == "AK5"]
    notes = [(one, ack) for one, ack in told if ack[0] != "AK5"]
    segments = _Segments(reading, banned, mappings).of(notes) if notes else []
    document = reading.document or {}
    unusable = reading.table is not None and any(not document.get(key) for key in _NEEDED.get(document.get("document", ""), ()))
    if reading.cause == "release":
        codes.append(_UNSUPPORTED)  # its group says why
    if notes or unusable:
        codes.append(_IN_ERROR)
    control = echo(part.control, banned) or _NOBODY
    if control != part.control or not 4 <= len(control) <= 9:
        control = control[:9].rjust(4, "0")
        codes.append(_MISNUMBERED)
    rejected = unusable or bool(_BROKEN & set(codes))
    answer: Json = {"set": part.set_id, "control": control}
    if segments:
        answer["segments"] = segments
    answer["status"] = REJECTED if rejected else ERRORS if codes else ACCEPTED
    if codes:
        answer["errors"] = once(codes)
    return answer


def nameable(reading: Reading) -> bool:
    """Whether a set has an identifier that can be repeated; one that has none is only counted."""
    return reading.part is not None and bool(_SET.fullmatch(reading.part.set_id))


class _Segments:
    """The notes on segments and elements of one set."""

    def __init__(self, reading: Reading, banned: set[Delimiters], mappings: Path | None) -> None:
        part, table = reading.part, reading.table
        assert part is not None and part.envelope is not None
        self.d = part.envelope.delimiters
        self.table = table
        self.standard = standard(table.release, mappings).segments if table else {}
        self.banned = banned
        self.segments = [body.split(self.d.element) for _, body in split(part.text, self.d) if body]
        self.made: dict[tuple[int, str, str], Json] = {}

    def of(self, notes: list[tuple[Finding, Ack]]) -> list[Json]:
        for one, (kind, code) in notes:
            self.note(one, kind, code)
        # Where something is missing comes before what is wrong with the segment that stands there.
        made = sorted(self.made.items(), key=lambda item: (item[0][0], item[0][2] != _ABSENT))
        for _, entry in made:
            if "elements" in entry:
                entry["elements"].sort(key=lambda e: (e["element"], e.get("component", 0)))
                del entry["elements"][_MOST_ELEMENTS:]
        return [entry for _, entry in made[:_MOST_SEGMENTS]]

    def note(self, one: Finding, kind: str, code: str) -> None:
        tag, at = one.segment or "", self.place(one, code)
        if not _TAG.fullmatch(tag) or not 1 <= at <= LAST:
            return  # it cannot be named; that the set has errors is said all the same
        if kind == "AK3":
            if one.code == "segment-unknown" and tag in self.standard and one.value == tag:
                code = _FOREIGN  # the standard has it, this set has not
            self.entry(at, tag, code)
            return
        entry = self.entry(at, tag, _ELEMENTS)
        values = self.segments[at - 1] if at <= len(self.segments) else [tag]
        known = self.standard.get(tag)
        for number, component in self.elements(one, values, known):
            element: Json = {"element": number}
            if component:
                element["component"] = component
            piece = _piece(known, number, component)
            if piece and piece.number.isdigit():
                element["number"] = int(piece.number)
            element["error"] = code
            text = one.value or (values[number] if one.ref is None and number < len(values) else "")
            if code not in _MISSING and (value := echo(text, self.banned)):
                element["value"] = value[:99]
            held = entry.setdefault("elements", [])
            if not any((e["element"], e.get("component"), e["error"]) == (number, element.get("component"), code) for e in held):
                held.append(element)

    def entry(self, at: int, tag: str, code: str) -> Json:
        """One note for all that is said of a segment under one code."""
        return self.made.setdefault((at, tag, code), {"segment": tag, "at": at, "error": code})

    def elements(self, one: Finding, values: list[str], known: Segment | None) -> Iterator[tuple[int, int]]:
        """The elements that a finding speaks of: (number, component or 0)."""
        if found := _REF.fullmatch(one.ref or ""):
            number, component = int(found[1]), int(found[2] or 0)
            piece = _piece(known, number, 0)
            if one.code == "element-many" and piece:
                yield number, len(piece.components) + 1
            elif one.code == "syntax-list" and known:
                yield from (
                    (n.numbers[1], 0) for n in known.notes if n.kind == "L" and n.numbers[0] == number and _broken(n, values)
                )
            else:
                yield number, component
        elif one.code == "element-many" and known:
            yield len(known.elements) + 1, 0
        elif kind := _ALTOGETHER.get(one.code):
            for note in known.notes if known else ():
                if note.kind == kind and _broken(note, values):
                    there = [n for n in note.numbers if n < len(values) and values[n]]
                    yield (there[1] if kind == "E" else note.numbers[0]), 0

    def place(self, one: Finding, code: str) -> int:
        """The position of the segment; of one that is missing in the set itself, the place where it should have stood."""
        at = one.at or 0
        if self.table is None or code != _ABSENT:
            return at
        items = self.table.root.items
        missed = next((i for i in items if _row(i).rule == one.rule and _row(i).segment == one.segment), None)
        if missed is None:
            return at
        before = {_row(i).segment for i in items if i.rank <= missed.rank}
        after = {_row(i).segment for i in items if i.rank > missed.rank} - before
        return next((n for n, values in enumerate(self.segments[1:at], 2) if values[0] in after), at)


def _row(item: Row | Loop) -> Row:
    return item if isinstance(item, Row) else item.trigger


def _piece(known: Segment | None, number: int, component: int) -> Piece | None:
    """The element by the standard."""
    if known is None or not 1 <= number <= len(known.elements):
        return None
    piece = known.elements[number - 1]
    if not component:
        return piece
    return piece.components[component - 1] if component <= len(piece.components) else None


def _broken(note: Note, values: list[str]) -> bool:
    there = [n for n in note.numbers if n < len(values) and values[n]]
    if note.kind == "R":
        return not there
    return len(there) > 1 if note.kind == "E" else there == [note.numbers[0]]


def echo(text: str, banned: Iterable[Delimiters]) -> str | None:
    """A text of theirs, when it can be repeated: it holds something, plain ASCII, and no delimiter."""
    if not text.strip(" ") or not all(" " <= c <= "~" for c in text):
        return None
    return None if any(c in text for d in banned for c in (d.element, d.component, d.segment)) else text


def once(codes: list[str]) -> list[str]:
    return list(dict.fromkeys(codes))[:_MOST_CODES]
