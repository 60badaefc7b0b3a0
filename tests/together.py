"""Which elements of a row may stand together: those that the row asks for, and what the standard's syntax notes leave."""

from __future__ import annotations

from functools import cache
from itertools import combinations

from meaning import Key, called, constants, is_level, listed

from translator.tables.table import Element, Row


def said(row: Row, e: Element) -> bool:
    """Whether a document says an element's value, and it is no name, no level and no list."""
    return bool(e.json) and not (e.names or e.again or is_level(row, e)) and e not in listed(row)


@cache
def choices(row: Row) -> list[tuple[frozenset[Key], int]]:
    """Every legal choice of a row's elements with a place in the JSON, and of its number of pairs; small ones first."""
    free = [key for key, e in row.elements.items() if said(row, e) and not e.mandatory]
    fixed = frozenset(key for key, e in row.elements.items() if said(row, e) and e.mandatory)
    other = frozenset(key for key, e in row.elements.items() if e.names or e.tree or is_level(row, e))
    pairs = row.pairs
    room = (pairs.last - pairs.first + 1) // 2 if pairs else 0
    counts = range(pairs.need, min(room, len(pairs.names) or room) + 1) if pairs else range(1)
    found = []
    for size in range(len(free) + 1):
        for some in combinations(free, size):
            for count in counts:
                filled = {(n, 0) for n in range(pairs.first, pairs.first + 2 * count)} if pairs else set()
                present = fixed | other | frozenset(some) | filled
                present |= constants(row, present)
                if present and legal(row, {number for number, _ in present}) and not _left_out(row, present):
                    found.append((fixed | frozenset(some), count))
    return found


def _left_out(row: Row, present: frozenset[Key]) -> bool:
    """Whether the writer would put in a default that the document leaves out."""
    return any(said(row, e) and e.default and key not in present and called(row, e, present) for key, e in row.elements.items())


def legal(row: Row, numbers: set[int]) -> bool:
    """Whether elements may stand together: the standard's mandatory ones, and its syntax notes (X12.6, 3.4.6.1)."""
    if any(piece.mandatory and n not in numbers for n, piece in enumerate(row.standard.elements, 1)):
        return False
    for note in row.standard.notes:
        first, there = note.numbers[0] in numbers, len(numbers & set(note.numbers))
        everything = there == len(set(note.numbers))
        if (
            (note.kind == "P" and there and not everything)
            or (note.kind == "R" and not there)
            or (note.kind == "E" and there > 1)
            or (note.kind == "C" and first and not everything)
            or (note.kind == "L" and first and there < 2)
        ):
            return False
    return True
