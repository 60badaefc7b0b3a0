"""Segments as people read them: an annotated piece of a file goes in, lines of styled words come out.

Every segment has its name, every element its number, name, value and the meaning of its code; loops are indented; findings
stand under what they speak of. Nothing is printed here, and no colour chosen: a span has a style's name (``STYLES``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

from attrs import define

from translator.findings import ERROR, Finding, clean
from translator.show.annotate import Annotated, Line, Spot
from translator.tables.table import Loop

Span = tuple[str, str]  # a text, the name of its style
STYLES = ("", "title", "segment", "name", "value", "meaning", "path", "error", "warning")

_STEP = 2  # columns a loop is indented by
_DEEPEST = 6  # loops that are indented: what is deeper stands below them
_NAME, _BROAD = 34, 110  # columns of the longest name that its segment is laid out for; of a terminal with room for all
_LONG = 120  # characters of a value before it is cut
_NARROW = 40
_WANTED = re.compile(r"[A-Z][A-Z0-9]{1,2}([0-9]{2}(-[0-9]{2})?)?", re.I)


@define(frozen=True)
class Filter:
    """What is shown of a file: ``only`` these segments and elements (``PO1``, ``PO414``), or ``findings`` only; else all."""

    only: tuple[str, ...] = ()
    findings: bool = False

    def takes(self, line: Line) -> bool:
        """Whether the segment is shown."""
        if self.findings and not any(_found(line)):
            return False
        refs = {line.tag, *(spot.ref for each in line.spots for spot in each.all if spot.value)}
        return not self.only or not refs.isdisjoint(self.only)

    def shows(self, line: Line, spot: Spot) -> bool:
        """Whether an element of a shown segment is shown: not where it is empty and nobody speaks of it."""
        findings = any(one.findings for one in spot.all)
        if self.only and line.tag not in self.only:
            return any(one.ref in self.only for one in spot.all)
        if self.findings and not self.only:
            return findings or bool(line.findings and spot.value)
        return bool(spot.value) or findings


def printed(one: Annotated, width: int = 80, *, chosen: Filter | None = None, paths: bool = True) -> Iterator[list[Span]]:
    """A piece's lines, each a list of spans, no wider than ``width`` where words can be broken.

    With ``paths`` each element has its place in the JSON document.
    """
    chosen = chosen or Filter()
    narrow = not chosen.only and not chosen.findings
    lines = [line for line in one.lines if chosen.takes(line)]
    part = one.reading.part
    if part and part.is_set and (lines or narrow or one.findings):
        yield _title(one)
    if narrow and part and not one.lines and part.text.strip():
        yield [("text that is no X12: ", "title"), (_cut(part.text.strip()), "value")]
    loops = {loop.name: loop for loop in one.reading.table.loops()} if one.reading.table else {}
    for line in lines:
        opened = loops.get(line.loops[-1]) if line.loops else None
        yield from _segment(line, opened if opened and opened.tag == line.tag else None, width, chosen, paths)
    if not chosen.only:
        for found in one.findings:
            yield from _finding(found, 2, width)


def _title(one: Annotated) -> list[Span]:
    part, table = one.reading.part, one.reading.table
    assert part is not None
    about = f"{table.document} by {table.name}" if table else "no table reads it: names are the standard's"
    number = f"set {clean(part.control)}" if part.control else "a set without number"
    return [(f"{number}, {clean(part.set_id)}", "title"), (f"  {about}, {len(one.lines)} segments", "name")]


def _segment(line: Line, begins: Loop | None, width: int, chosen: Filter, paths: bool) -> Iterator[list[Span]]:
    indent = 1 + _STEP * min(line.depth, _DEEPEST)
    place = f"{line.at:>4}" if line.at else "    "
    loop = f"  loop {begins.name}" + (f": {begins.title}" if begins.title else "") if begins else ""
    unknown = "" if line.name else "a segment that is not in the standard's table here"
    head: list[Span] = [(f"{place}{' ' * indent}", "path"), (f"{clean(line.tag):<4}", "segment"), (clean(line.name), "name")]
    if sum(len(text) for text, _ in head) + len(loop) <= width:
        yield [*head, (loop + unknown, "path")]
    else:
        yield head
        yield [(" " * (indent + 6) + loop.lstrip(), "path")]
    inner = indent + 6
    for found in line.findings:
        yield from _finding(found, inner, width)
    spots = [spot for spot in line.spots if chosen.shows(line, spot)]
    names = [len(_name(one)) for spot in spots for one in spot.all]
    column = max((size for size in names if size <= _NAME or width >= _BROAD), default=0)
    for spot in spots:
        yield from _element(spot, inner, column, width, paths)


def _name(spot: Spot) -> str:
    return spot.name or "(no name known)"


def _element(spot: Spot, indent: int, column: int, width: int, paths: bool) -> Iterator[list[Span]]:
    yield from _value(spot, indent, column, width, paths)
    for found in spot.findings:
        yield from _finding(found, indent + 2, width)
    if len(spot.parts) > 1 or any(part.findings or part.path for part in spot.parts):
        for part in spot.parts:
            if part.value or part.findings:
                yield from _element(part, indent + 2, column, width, paths)


def _value(spot: Spot, indent: int, column: int, width: int, paths: bool) -> Iterator[list[Span]]:
    """An element: what does not fit beside it stands below, under its value."""
    head = f"{' ' * indent}{clean(spot.ref):<6} "
    name = f"{_name(spot):<{column}}  "
    value = _cut(spot.value) if spot.value.strip() else "(blank)" if spot.value else "(empty)"
    line: list[Span] = [(head, "name"), (name, "name"), (value, "value" if spot.value.strip() else "path")]
    used = len(head + name + value)
    rest: list[Span] = []
    if spot.meaning:
        rest.append((f"= {clean(spot.meaning)}", "meaning"))
    if paths and spot.path:
        rest.append((f"-> {clean(spot.path)}", "path"))
    below = min(len(head) + column + 2, max(width - _NARROW, len(head)))
    for text, style in rest:
        if used + 2 + len(text) <= width:
            line.append((f"  {text}", style))
            used += 2 + len(text)
            continue
        yield line
        room = width - below
        if style == "path":  # it is never broken
            start = below if len(text) <= room else max(min(below, width - len(text)), len(head))
            most, last = [], text
        else:
            start = below
            *most, last = wrap(text, max(room, _NARROW), break_long_words=False)
        for piece in most:
            yield [(" " * start + piece, style)]
        line = [(" " * start + last, style)]
        used = start + len(last)
    yield line


def _finding(found: Finding, indent: int, width: int) -> Iterator[list[Span]]:
    style = "error" if found.severity == ERROR else "warning"
    head = f"{found.severity} [{found.code}]"
    lines = wrap(f"{head} {found.sentence} {found.cure}", max(width - indent - 2, _NARROW), break_long_words=False)
    first = lines[0].removeprefix(head)
    yield [(" " * indent + head, style), (first, "")]
    for text in lines[1:]:
        yield [(" " * (indent + 2) + text, "")]


def _found(line: Line) -> Iterator[Finding]:
    yield from line.findings
    for spot in line.spots:
        for one in spot.all:
            yield from one.findings


def _cut(value: str) -> str:
    text = clean(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]}… ({len(value)} characters)"


def wanted(words: Iterable[str]) -> tuple[str, ...]:
    """Segments and elements as a filter takes them. Raises ``ValueError`` with a sentence for what is neither."""
    found = []
    for word in words:
        if not _WANTED.fullmatch(word):
            raise ValueError(f"{word!r} is no segment or element; PO1, PO414 and SLN05-01 are")
        found.append(word.upper())
    return tuple(found)
