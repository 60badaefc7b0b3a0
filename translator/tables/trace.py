"""Where in a document a written segment comes from: a finding about the segment goes in, the place in the document out.

The writer leaves a trace for each segment. Findings that the reader makes of what was written then name what whoever wrote
the document can find in it: ``orders[0].lines[1].quantity``. What is missing is named where it would stand.
"""

from __future__ import annotations

from attrs import define, field

from translator.findings import Finding
from translator.tables.table import Loop, Path, Row, Table, path_text

_MISSING = frozenset({"segment-missing", "segment-expected", "loop-missing", "qualifier-expected"})


@define(eq=False, repr=False)
class Trace:
    """A segment's row, the object that it speaks of (``lines[0].``, "" for the document), that of its loop, and by element
    the places that no row knows: those of values in lists and pairs."""

    row: Row
    base: str
    loop: str
    spots: dict[str, str] = field(factory=dict)

    def place(self, ref: str | None) -> str:
        """Where the value of an element stands, or would; without element the object, or its first value."""
        if ref in self.spots:
            return self.spots[ref]
        row, pairs = self.row, self.row.pairs
        homes = {e.ref: e.json for e in row.elements.values() if e.json and not (e.key and row.number)}
        if pairs:
            homes |= {f"{row.segment}{n:02d}": pairs.json for n in range(pairs.first, pairs.last + 1)}
        home = homes.get(ref or "") or next((path for of, path in homes.items() if ref and of.startswith(ref)), None)
        if home is None and self.base:
            return self.base.rstrip(".")
        return self.base + _written(home or next(iter(homes.values()), ()))


def traced(table: Table, traces: list[Trace], found: Finding) -> str:
    """The place in the document that a finding speaks of; "" where it speaks of none."""
    n = (found.at or 0) - 2  # ST is the first segment
    if found.code in _MISSING:
        return _absent(table, traces[: max(n, 0)], found)
    return traces[n].place(found.ref) if 0 <= n < len(traces) else ""


def _absent(table: Table, before: list[Trace], found: Finding) -> str:
    """Where a row or loop that is missing would stand: in the last object before that could hold it."""
    for trace in reversed(before):
        for loop in [one for one in table.loops() if one.name == trace.row.loop] or [table.root]:
            if item := _in(loop, found):
                return _home(table, item, trace.loop)
    item = _in(table.root, found)
    return _home(table, item, "") if item else ""


def _in(loop: Loop, found: Finding) -> Row | Loop | None:
    """The item of a loop that a finding misses."""
    for item in loop.items:
        if isinstance(item, Loop):
            if found.code == "loop-missing" and item.name == found.ref:
                return item
        elif found.code == "segment-expected" and item.expect != found.expected:
            continue  # another loop has the segment too
        elif found.code != "loop-missing" and (item.segment, item.rule) == (found.segment, found.rule):
            return item
    return None


def _home(table: Table, item: Row | Loop, base: str) -> str:
    if isinstance(item, Loop):
        level = table.level(item)
        return base + (_written(item.json) if level is None else level.rsplit(".", 2)[-2].removesuffix("[]"))
    return base + _written(item.json or next((e.json for e in item.elements.values() if e.json), ()))


def _written(path: Path) -> str:
    return path_text(path).removesuffix("[]").removesuffix(".*")
