"""What the inspector page says: annotated pieces go in; out come blocks of raw X12, JSON and explanations that point at each other.

A block is a set with the headers before it and the trailers after it, so that the raw texts of all blocks are the file. Elements
are counted through the page: number 12 is ``x12`` in the raw text, ``e12`` where it is explained, ``j12`` in the JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from translator.findings import Finding, clean
from translator.show.annotate import Annotated, Line, Spot
from translator.show.page.document import leaves, tokens
from translator.show.page.rules import Rules, kind
from translator.show.page.said import Block, Fold, Item, Note, Said, Segment
from translator.show.sheet import Sheet
from translator.tables.table import Loop, Row, Table
from translator.x12.part import Part

SEGMENTS = 5_000  # on a page, unless more are asked for
_TRAILERS = 10  # that may stand behind a set that just fits


def model(
    pieces: Iterable[Annotated],
    limit: int = SEGMENTS,
    sheets: Callable[[Annotated], Sheet | None] | None = None,
    guide: Callable[[Table, Row, str], str] | None = None,
) -> Said:
    """What the page says of a file's pieces, up to ``limit`` segments."""
    return _Writer(limit, sheets, Rules(guide)).said(pieces)


def documents_model(given: Iterable[tuple[dict[str, Any], list[Finding], Sheet]], limit: int) -> Said:
    """What the page says of JSON documents, up to ``limit`` of them: there is no X12 beside them."""
    page = Said()
    for document, found, sheet in given:
        if len(page.blocks) == limit:
            page.left = (
                f"The file has more than {limit} documents. The others are not on this page, and neither are their findings."
            )
            break
        block = Block(
            len(page.blocks) + 1, clean(f"{sheet.title} {sheet.name}".strip()), str(document.get("document")), sheet=sheet
        )
        block.facts, block.json = [(name.replace("_", " "), text) for name, text in leaves(document)], list(tokens(document, {}))
        block.notes = _told(found, page, block, f"b{block.number}")
        page.blocks.append(block)
    return page


class _Writer:
    """Counts through the page what its blocks hold."""

    def __init__(self, limit: int, sheets: Callable[[Annotated], Sheet | None] | None, rules: Rules) -> None:
        self.limit = limit
        self.sheets = sheets
        self.page = Said()
        self.elements = count(1)
        self.rules = rules
        self.last: Segment | None = None
        self.end = 0  # of the part before
        self.loose = ""  # raw text since the last segment

    def said(self, pieces: Iterable[Annotated]) -> Said:
        page = self.page
        page.rules = self.rules.all
        for group in _blocks(pieces):
            if page.segments >= self.limit:
                first = next((line for one in group for line in one.lines), None)
                where = f" from byte {first.offset} (line {first.line}) on" if first else ""
                page.left = f"The rest of the file{where} is not on this page, and neither are its findings."
                break
            self.block(group)
            if page.blocks[-1].cut:
                break
        return page

    def block(self, group: list[Annotated]) -> None:
        page = self.page
        block = Block(len(page.blocks) + 1)
        page.blocks.append(block)
        homes: dict[str, Item] = {}  # place in the document -> the element that stands there
        for one in group:
            self.piece(one, block, homes)
            if block.cut:
                break
        block.tail, self.loose = self.loose, ""
        main = next((one for one in group if one.reading.document is not None), None)
        _title(block, main)
        if main is None or block.cut:
            return
        document = main.reading.document
        block.sheet = sheet = self.sheets(main) if self.sheets else None
        if sheet is not None:  # it says its facts itself
            block.title = clean(f"{sheet.title} {sheet.name}".strip())
        block.json = list(tokens(document, {path: item.number for path, item in homes.items()}))
        there = {token.number for token in block.json}
        for segment in block.segments:
            for item in segment.items:
                home = homes.get(item.path)
                item.json = home.number if home and home.number in there else 0

    def piece(self, one: Annotated, block: Block, homes: dict[str, Item]) -> None:
        part = one.reading.part
        assert part is not None
        table = one.reading.table
        d = one.delimiters
        self.loose += clean_text(_between(part, self.end))
        self.end = part.offset + len(part.text)
        if not one.lines:
            self.loose += clean_text(part.text)
            block.notes += self.notes(one.findings, block, "")
            return
        ends = [line.offset - part.offset for line in one.lines[1:]] + [len(part.text)]
        here = 0
        folds = _Folds(block, table)
        for line, end in zip(one.lines, ends, strict=True):
            if self.page.segments >= self.limit + (0 if part.is_set else _TRAILERS):
                block.cut = True
                left = len(one.lines) - one.lines.index(line)
                self.page.left = f"It goes on for {left} more segments. They, its JSON and what follows it are not on this page."
                break
            start = line.offset - part.offset
            text = part.text[start:end]
            segment = self.segment(line, block, text, d.segment if d else "", table)
            before = self.loose + clean_text(part.text[here:start])
            if self.last is not None and not before.strip():
                self.last.end += before  # line ends stand where lines end
            else:
                segment.before = before
            self.last, self.loose, here = segment, "", end
            for item in segment.items:
                if item.number and item.path and not item.whole and (item.value or item.path not in homes):
                    homes[item.path] = item
            block.segments.append(segment)
            folds.add(segment, line)
            self.page.segments += 1
        block.notes += self.notes(one.findings, block, "")

    def segment(self, line: Line, block: Block, text: str, terminator: str, table: Table | None) -> Segment:
        number = self.page.segments + 1
        spots = [leaf for spot in line.spots for leaf in (spot.parts or [spot])]
        starts = [spot.offset - line.offset for spot in spots] + [len(text)]
        named = starts[0] if spots else len(text)
        tag = _span(text, line.tag)
        raws: dict[int, tuple[str, str]] = {}
        for spot, start, end in zip(spots, starts, starts[1:], strict=False):
            cut = start + _span(text[start:end], spot.value)
            raws[id(spot)] = (text[start:cut], text[cut:end])
        rule = self.rules.of(line.row or (table.envelope.get(line.tag) if table else None), line.standard, table)
        items = []
        for n, spot in enumerate(line.spots, 1):
            for k, one in enumerate(spot.all):
                raw, after = raws.get(id(one), ("", ""))
                item = self.item(one, raw, after, block, whole=bool(one.parts), inner=k > 0)
                item.rule = rule.places.get((n, k), 0) if rule else 0
                items.append(item)
        notes = self.notes(line.findings, block, f"s{number}")
        place = f"segment {line.at}, line {line.line}, byte {line.offset}" if line.at else f"line {line.line}, byte {line.offset}"
        note = line.row.note if line.row else ""
        return Segment(
            number,
            clean_text(text[:tag]),
            line.name,
            "",
            clean_text(text[tag:named]),
            line.depth,
            place,
            rule.number if rule else 0,
            note,
            items,
            notes,
        )

    def item(self, spot: Spot, raw: str, after: str, block: Block, *, whole: bool, inner: bool) -> Item:
        speaks = bool(spot.findings) or (any(part.value or part.findings for part in spot.parts) if whole else bool(spot.value))
        number = next(self.elements) if speaks else 0
        item = Item(
            number, clean(spot.ref), spot.name, _about(spot), clean(spot.value), clean_text(raw), clean_text(after), whole=whole
        )
        if number:
            item.meaning, item.path, item.inner = spot.meaning, spot.path, inner
            item.note = spot.element.note if spot.element else ""
            item.notes = self.notes(spot.findings, block, f"e{number}")
        return item

    def notes(self, findings: list[Finding], block: Block, to: str) -> list[Note]:
        made = _told(findings, self.page, block, to)
        if to:
            block.notes += made
        return made


def _told(findings: list[Finding], page: Said, block: Block, to: str) -> list[Note]:
    """Findings put on the page, which counts them."""
    made = []
    for found in findings:
        where, rule = found.having(file=None).where, clean(found.rule or "")
        number = len(page.notes) + 1
        note = Note(number, found.severity, found.code, found.sentence, found.cure, where, rule, to, block.number)
        page.notes.append(note)
        made.append(note)
    return made


class _Folds:
    """Puts segments into the loops that are open around them."""

    def __init__(self, block: Block, table: Table | None) -> None:
        self.block = block
        self.loops: dict[str, Loop] = {loop.name: loop for loop in table.loops()} if table else {}
        self.open: list[Fold] = []
        self.times: dict[str, int] = {}  # how often each loop came that stands in no other

    def add(self, segment: Segment, line: Line) -> None:
        kept = 0
        while kept < len(self.open) and line.loops[kept : kept + 1] == (self.open[kept].name,):
            kept += 1
        if line.loops and kept == len(line.loops) and self._begins(line.row, line.loops[-1]):
            kept -= 1
        del self.open[kept:]
        for name in line.loops[kept:]:
            inside = self.open[-1].inside if self.open else self.block.inside
            times = self.open[-1].times if self.open else self.times
            nth = times[name] = times.get(name, 0) + 1
            loop = self.loops.get(name)
            several = loop is None or loop.most > 1
            title = (loop.title if loop else "") or name
            title = title[:1].upper() + title[1:]
            fold = Fold(f"{title} {nth}" if several else title, name)
            inside.append(fold)
            self.open.append(fold)
        (self.open[-1].inside if self.open else self.block.inside).append(segment)
        found = len(segment.notes) + sum(len(item.notes) for item in segment.items)
        for fold in self.open:
            fold.findings += found

    def _begins(self, row: Row | None, name: str) -> bool:
        loop = self.loops.get(name)
        return loop is not None and row is loop.trigger


def _blocks(pieces: Iterable[Annotated]) -> Iterator[list[Annotated]]:
    """Each set with the headers before it and the trailers after it."""
    group: list[Annotated] = []
    for one in pieces:
        part = one.reading.part
        begins = part is not None and (part.is_set or part.values[:1] in (["ISA"], ["GS"], ["TA1"]))
        if begins and any(other.reading.document is not None or _trails(other) for other in group):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _trails(one: Annotated) -> bool:
    part = one.reading.part
    return part is not None and part.values[:1] in (["GE"], ["IEA"])


def _title(block: Block, one: Annotated | None) -> None:
    """What people call a block, and the few facts that tell it from others."""
    if one is None or one.reading.part is None or one.reading.document is None:
        return
    part, document, table = one.reading.part, one.reading.document, one.reading.table
    block.kind = str(document["document"])
    block.title = f"Set {clean(part.set_id)}" if block.kind == "raw" else block.kind.replace("_", " ").capitalize()
    if part.is_set:
        block.about.append(("set", clean(f"{part.set_id} {part.control}").strip()))
        block.about.append(("guide", table.source if table else "none: kept as it came"))
    block.facts = [(name.replace("_", " "), text) for name, text in leaves(document)]


def _between(part: Part, end: int) -> str:
    """The layout that stands before a part, after the part before it."""
    text, _, place = part.view
    return text[max(place - (part.offset - end), 0) : place]


def _about(spot: Spot) -> str:
    """Data element number, type and lengths, as narrowed by the guide."""
    piece, element = spot.piece, spot.element
    if piece is None:
        return ""
    least, most = (element.least, element.most) if element else (piece.least, piece.most)
    mandatory = element.mandatory if element else piece.mandatory
    return f"{piece.number} {kind(least, most, piece.type)}{' mandatory' if mandatory else ''}"


def _span(text: str, value: str) -> int:
    """How far a value reaches in the raw text that begins with it, where line breaks inside it may be layout."""
    if text.startswith(value):
        return len(value)
    there = 0
    for place, character in enumerate(text):
        if there == len(value):
            return place
        there += character not in "\r\n"
    return len(text)


def clean_text(text: str) -> str:
    """Raw text for the page: line ends stay, any other character that does not print is escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n" else "" if c == "\r" else clean(c) for c in text)
