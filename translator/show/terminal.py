"""Sheets as text for a terminal or a pipe: a sheet and a width go in, lines come out, each a list of texts with a tone.

Where lines break does not depend on colour: what a pipe gets is what a terminal shows, without its colours. Nothing that
does not print is left raw, so that no value moves the cursor, and markup in a value is text. What a sheet says is not
decided here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from translator.findings import clean
from translator.show.sheet import (
    ERROR,
    GOOD,
    QUIET,
    STRONG,
    WARNING,
    Block,
    Card,
    Cards,
    Fields,
    Findings,
    Grid,
    Node,
    Note,
    Raw,
    Sheet,
    Tree,
    Words,
)

Span = tuple[str, str]  # a text and its tone
Line = list[Span]

PIPED = 80
NARROW, WIDE = 40, 120  # who has less or more is taken to have that: long lines are hard to read
_HEAD = "head"
_LABEL = "label"
_STYLES = {
    STRONG: "bold", QUIET: "dim", GOOD: "green", WARNING: "yellow", ERROR: "bold red", _HEAD: "bold cyan", _LABEL: "cyan", "": "",
}  # fmt: skip
_PLAIN = str.maketrans({"─": "-", "├": "|", "│": "|", "└": "`", "·": "|", "…": "~", "☐": " "})  # where there is no UTF-8
_GAP = 2
_LABELS = 24  # the widest column of labels


def lines(sheet: Sheet, width: int = PIPED) -> Iterator[Line]:
    """The lines of a sheet, none wider than ``width`` unless a single word is."""
    width = min(max(width, NARROW), WIDE)
    title = [(sheet.title.upper(), _HEAD)]
    if sheet.name:
        title += [("  ", ""), (clean(sheet.name), STRONG)]
    yield from _wrapped(title, width, 0)
    yield [("─" * width, QUIET)]
    if sheet.lead:
        yield from _flow(sheet.lead, width)
    for block in sheet.blocks:
        yield []
        yield from _block(block, width)


def text(sheet: Sheet, width: int = PIPED) -> str:
    """The sheet as plain text."""
    return "".join("".join(piece for piece, _ in line).rstrip(" ") + "\n" for line in lines(sheet, width))


def printed(made: Iterable[Line], *, before: str = "", out: IO[str] | None = None, colour: bool = False) -> None:
    """Print lines, and something before them: in colour through rich, else as they are.

    A stream that has no UTF-8 gets plain rules, and escapes for what it cannot hold.
    """
    stream = out or sys.stdout
    if not colour:
        whole = before + "".join("".join(piece for piece, _ in line).rstrip(" ") + "\n" for line in made)
        encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "")
        if encoding != "utf8":
            whole = whole.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
        stream.write(whole)
        stream.flush()
        return
    from rich.console import Console
    from rich.text import Text

    stream.write(before)
    console = Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)
    for line in made:
        console.print(Text.assemble(*((piece, _STYLES[tone]) for piece, tone in line)), soft_wrap=True)


# --- blocks -----------------------------------------------------------------------------------------------------------


def _block(block: Block, width: int) -> Iterator[Line]:
    if block.title:
        yield [(clean(block.title).upper(), _HEAD)]
    match block:
        case Fields():
            yield from _fields(block, width)
        case Cards():
            yield from _cards(block.cards, width)
        case Grid():
            yield from _grid(block, width)
        case Tree():
            for node in block.nodes:
                yield from _node(node, "", "", width)
        case Note():
            yield from _wrapped([(clean(block.text), block.tone)], width, 0)
        case Raw():
            for line in block.lines:
                yield from _cut([(clean(line), "")], width)
        case Findings():
            yield from _findings(block, width)


def _fields(block: Fields, width: int) -> Iterator[Line]:
    labels = [clean(row.label) for row in block.rows]
    aside = min(max((_wide(label) for label in labels), default=0), _LABELS)
    for label, row in zip(labels, block.rows, strict=True):
        indent = aside + _GAP
        head = label
        if _wide(label) > aside:  # too long to stand beside its values
            yield from _wrapped([(label, _LABEL)], width, 2)
            head = ""
        made = list(_flow(row.values, width - indent)) or [[]]
        for n, line in enumerate(made):
            yield [(_filled(head if n == 0 else "", indent), _LABEL), *line]


def _cards(cards: Sequence[Card], width: int) -> Iterator[Line]:
    """Cards beside each other, as many as have room; else one below the other."""
    beside = max(1, min(len(cards), (width + _GAP) // (30 + _GAP)))
    room = (width - _GAP * (beside - 1)) // beside
    for first in range(0, len(cards), beside):
        if first:
            yield []
        made = []
        for card in cards[first : first + beside]:
            body = [line for words in card.lines for line in _flow(words, room)]
            made.append([*_wrapped([(clean(card.title), _LABEL)], room, 0), *body])
        for n in range(max(len(one) for one in made)):
            whole: Line = []
            for place, one in enumerate(made):
                line = one[n] if n < len(one) else []
                whole += line
                if place < len(made) - 1:
                    whole.append((" " * (room + _GAP - _long(line)), ""))
            yield whole


def _grid(grid: Grid, width: int) -> Iterator[Line]:
    """A table; codes stand with their meanings where there is room, else these are told once below. Notes go under each row."""
    used = [n for n in range(len(grid.columns)) if any(row.cells[n].text for row in grid.rows)]
    heads = [clean(grid.columns[n].name) for n in used]
    for meaning in (True, False):
        cells = [[_cell(row.cells[n], meaning) for n in used] for row in grid.rows]
        widths = [max(map(_wide, (head, *column))) for head, *column in zip(heads, *cells, strict=True)]
        if sum(widths) + _GAP * (len(widths) - 1) <= width:
            break
    else:
        yield from _stacked(grid, used, width)
        return
    sides = [grid.columns[n].right for n in used]
    yield [(_joined(heads, widths, sides), _LABEL)]
    for row, texts in zip(grid.rows, cells, strict=True):
        if any(texts):
            yield _toned(row.cells, used, texts, widths, sides)
        for note in row.notes:
            yield from _flow(note, width - 4, "    ")
    if not meaning:
        yield from _legend(grid, used, width)


def _stacked(grid: Grid, used: list[int], width: int) -> Iterator[Line]:
    """Rows that are too wide to be a table, each as values in lines."""
    for row in grid.rows:
        words = [(row.cells[n], grid.columns[n].name) for n in used if row.cells[n].text]
        yield from _flow([Words(one.text, one.means, name.lower(), one.tone) for one, name in words], width)
        for note in row.notes:
            yield from _flow(note, width - 4, "    ")


def _legend(grid: Grid, used: list[int], width: int) -> Iterator[Line]:
    told = {one.text: one for row in grid.rows for n in used if (one := row.cells[n]).means}
    if told:
        yield from _flow([Words(one.text, one.means, tone=QUIET) for one in told.values()], width)


def _node(node: Node, first: str, further: str, width: int) -> Iterator[Line]:
    """A node and what is below it, with the branches drawn before them."""
    inner = f"{further}{'│  ' if node.children else '   '}"
    for n, line in enumerate(_flow(node.words, max(width - len(inner), 20))):
        yield [(first if n == 0 else inner, QUIET), *line]
    for n, child in enumerate(node.children):
        last = n == len(node.children) - 1
        yield from _node(child, further + ("└─ " if last else "├─ "), further + ("   " if last else "│  "), width)


def _findings(block: Findings, width: int) -> Iterator[Line]:
    aside = len(str(len(block.found))) + 2
    for n, one in enumerate(block.found, 1):
        tone = ERROR if one.severity == "error" else WARNING
        head: Line = [(f"{n}.".ljust(aside), QUIET), (clean(one.severity), tone), ("  ", ""), (clean(one.code), QUIET)]
        yield head
        for words, how in ((one.sentence, ""), (one.cure, ""), (f"at {one.where}" if one.where else "", QUIET)):
            for line in _wrapped([(clean(words), how)], width - aside, 0) if words else ():
                yield [(" " * aside, ""), *line]


# --- lines ------------------------------------------------------------------------------------------------------------


def _flow(words: Iterable[Words], width: int, indent: str = "") -> Iterator[Line]:
    """Values one after another with a dot between; a value that has no room begins a line, further in than the first."""
    line: Line = []
    begun = False
    for one in words:
        spans = _spans(one)
        if not spans:
            continue
        if line and _long(line) + 3 + _long(spans) <= width:
            line += [(" · ", QUIET), *spans]
            continue
        if line:
            yield [(indent, ""), *line]
        *full, line = _wrapped([(" " * _GAP, ""), *spans] if begun else spans, width, _GAP)
        yield from ([(indent, ""), *part] for part in full)
        begun = True
    if line:
        yield [(indent, ""), *line]


def _spans(one: Words) -> Line:
    spans: Line = []
    for piece, tone in ((one.label, QUIET), (one.text, one.tone), (one.means, one.tone)):
        if piece:
            spans += [(" ", ""), (clean(piece), tone)] if spans else [(clean(piece), tone)]
    return spans


def _wrapped(spans: Line, width: int, hang: int) -> list[Line]:
    """Spans in lines, broken at blanks, further lines indented by ``hang``; a word with no room anywhere is broken."""
    made: list[Line] = [[]]
    if _long(spans) <= width:  # as most do
        for piece, tone in spans:
            _add(made[-1], piece, tone)
        return made
    have = 0
    for piece, tone in spans:
        for n, word in enumerate(piece.split(" ")):
            blank = n > 0
            if have and have + blank + _wide(word) > width and word:
                made.append([(" " * hang, "")])
                have, blank = hang, False
            while _wide(word) > width - have and _wide(word) > 1 and width - have > 0:
                cut = _fitting(word, width - have)
                _add(made[-1], word[:cut], tone)
                word = word[cut:]
                made.append([(" " * hang, "")])
                have = hang
            part = " " * blank + word
            _add(made[-1], part, tone)
            have += _wide(part)
    return made


def _add(line: Line, piece: str, tone: str) -> None:
    """Go on with a line, in the same span where the tone is the same."""
    if line and line[-1][1] == tone:
        line[-1] = (line[-1][0] + piece, tone)
    elif piece:
        line.append((piece, tone))


def _cut(spans: Line, width: int) -> Iterator[Line]:
    yield from _wrapped(spans, width, 4)


def _fitting(word: str, room: int) -> int:
    """How many characters of a word have room; one at least."""
    have = 0
    for n, letter in enumerate(word):
        have += _wide(letter)
        if have > room:
            return max(n, 1)
    return len(word)


def _cell(one: Words, meaning: bool) -> str:
    return clean(f"{one.text} {one.means}" if meaning and one.means else one.text)


def _joined(texts: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    filled = (_filled(text, size, side) for text, size, side in zip(texts, widths, right, strict=True))
    return (" " * _GAP).join(filled)


def _toned(cells: Sequence[Words], used: list[int], texts: list[str], widths: list[int], right: list[bool]) -> Line:
    line: Line = []
    for n, text, size, side in zip(used, texts, widths, right, strict=True):
        line += [(" " * _GAP, "")] if line else []
        line.append((_filled(text, size, side), cells[n].tone))
    return line


def _filled(text: str, size: int, right: bool = False) -> str:
    blanks = " " * (size - _wide(text))
    return blanks + text if right else text + blanks


def _long(line: Line) -> int:
    size = 0
    for piece, _ in line:
        size += len(piece) if piece.isascii() else _wide(piece)
    return size


def _wide(text: str) -> int:
    """How many places of a line a text takes: letters of some scripts take two, combining marks none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
