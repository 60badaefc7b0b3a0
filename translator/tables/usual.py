"""What the segments of a loop usually hold: in go its rows and a text that has some of them, out come narrower rows.

A narrower row asks for what all of its segments in the text had, and has no place for what none of them had. It is a guess
about what comes next, for a plan to try first; who does not fit it is read by the rows themselves. Nothing is judged here.
"""

from __future__ import annotations

from itertools import takewhile

from attrs import define, evolve

from translator.tables.table import Loop, Pairs, Row
from translator.x12.wire import Delimiters

_ENOUGH = 4  # times that a loop came: from fewer nothing is guessed


@define(eq=False, repr=False)
class Ordered(Pairs):
    """Pairs whose qualifiers are these, in this order."""

    order: tuple[str, ...] = ()


def usual(items: list[Row | Loop], sample: str, d: Delimiters) -> list[Row | Loop]:
    """The narrower items; none where the text does not show enough or the items cannot be told apart by their tags."""
    tags = [item.tag if isinstance(item, Loop) else item.segment for item in items]
    end = d.segment + d.tail
    first = items[0]
    key = first.key if isinstance(first, Row) else first.trigger.key
    found: list[list[list[list[str]]]] = []  # loops, items, segments, elements
    for piece in sample.split(f"{end}{tags[0]}{d.element}")[1:-1]:  # the last one may be cut off
        values = (segment.split(d.element) for segment in f"{tags[0]}{d.element}{piece}".split(end))
        mine = list(takewhile(lambda one: one[0] in tags, values))
        if key and (key[0] >= len(mine[0]) or mine[0][key[0]] not in key[1]):
            continue  # another loop that begins with the same segment
        found.append([[one for one in mine if _fits(item, one)] for item in items])
    if len(found) < _ENOUGH or not _apart(items, tags):
        return []
    narrow = (_item(item, [kinds[n] for kinds in found]) for n, item in enumerate(items))
    return [item for item in narrow if item]


def _row_of(item: Row | Loop) -> Row:
    return item if isinstance(item, Row) else item.trigger


def _fits(item: Row | Loop, values: list[str]) -> bool:
    """Whether a segment is one of an item's, by its tag and by the key where it has one."""
    row = _row_of(item)
    return values[0] == row.segment and (row.key is None or (row.key[0] < len(values) and values[row.key[0]] in row.key[1]))


def _apart(items: list[Row | Loop], tags: list[str]) -> bool:
    """Whether items that have one tag are told apart by codes of a key."""
    rows = [row for row in map(_row_of, items) if tags.count(row.segment) > 1]
    codes = [(row.segment, row.key[0], code) for row in rows if row.key for code in row.key[1]]
    return all(row.key for row in rows) and len(set(codes)) == len(codes)


def _item(item: Row | Loop, found: list[list[list[str]]]) -> Row | Loop | None:
    """An item, narrowed to what was found of it in each loop; None when there was nothing and need not be."""
    row = _row_of(item)
    every = [values for one in found for values in one]
    if not every:
        return item if item.mandatory or row.expect else None
    mandatory = item.mandatory or all(found)
    most = min(item.most, max(map(len, found)))
    if isinstance(item, Loop):
        return evolve(item, mandatory=mandatory, most=most, items=[_row(row, every)])
    return evolve(_row(row, every), mandatory=mandatory, most=most)


def _row(row: Row, every: list[list[str]]) -> Row:
    """A row, narrowed to the elements that its segments had: those that were always there must be, others may not."""
    if row.names:
        return row
    filled = [{n for n, value in enumerate(values) if value} for values in every]
    always, ever = set.intersection(*filled), {min(row.elements, default=(0, 0))[0]}.union(*filled)
    elements = {
        key: evolve(
            e, mandatory=e.mandatory or e.number in always, most=e.most if e.number in ever or e.mandatory or e.expect else 0
        )
        for key, e in row.elements.items()
    }
    pairs = row.pairs
    if pairs and pairs.names:
        orders = {tuple(values[pairs.first : pairs.last : 2]) for values in every}
        order = orders.pop()
        if not order and not orders and not pairs.need:
            pairs = None
        elif order and not orders and len(set(order)) == len(order) and set(order) <= set(pairs.names):
            kept = {name: getattr(pairs, name) for name in ("first", "last", "codes", "json", "names", "values")}
            pairs = Ordered(**kept, need=len(order), order=order)
    return evolve(row, elements=elements, pairs=pairs)
