"""What the guide says of the segments on a page: a table's row, or the standard's segment, goes in; its rule comes out.

The sentences are those of ``tables.words``; here they are only put beside their elements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from attrs import define, field

from translator.tables import words
from translator.tables.standard import Piece, Segment
from translator.tables.table import Element, Pairs, Row, Table, path_text


@define(eq=False, repr=False)
class Part:
    """What is said of an element, ``u7`` on the page; ``link`` leads to its guide, where one is served."""

    number: int
    ref: str
    name: str
    about: str
    place: str = ""
    link: str = ""
    codes: list[tuple[str, str]] = field(factory=list)
    said: list[str] = field(factory=list)


@define(eq=False, repr=False)
class Rule:
    """What is said of a segment, ``q2`` on the page. ``places`` leads from an element's place in the segment to its part."""

    number: int
    title: str
    about: str
    source: str
    link: str = ""
    said: list[str] = field(factory=list)
    parts: list[Part] = field(factory=list)
    places: dict[tuple[int, int], int] = field(factory=dict)


class Rules:
    """The rules of a page, each once, in the order in which they are asked for."""

    def __init__(self, guide: Callable[[Table, Row, str], str] | None = None) -> None:
        self.guide = guide
        self.all: list[Rule] = []
        self.known: dict[int, Rule] = {}
        self.numbers = count(1)

    def of(self, row: Row | None, standard: Segment | None, table: Table | None) -> Rule | None:
        """The rule of a segment: of its row, else by the standard; None where neither knows it."""
        it = row if row is not None and table is not None else standard
        if it is None:
            return None
        found = self.known.get(id(it))
        if found is None:
            number = len(self.all) + 1
            if isinstance(it, Row) and table is not None:
                found = self._row(number, it, table)
            else:
                assert isinstance(it, Segment)
                found = self._standard(number, it)
            self.known[id(it)] = found
            self.all.append(found)
        return found

    def _row(self, number: int, row: Row, table: Table) -> Rule:
        place = " ".join(filter(None, (row.area, row.pos)))
        about = [place, f"loop {row.loop}" if row.loop else "", words.use(row.mandatory), words.most(row.most)]
        made = Rule(number, f"{row.segment} {row.standard.name}", ", ".join(filter(None, about)), table.source)
        made.said = [*([row.note] if row.note else []), *words.of_row(row, table)]
        pairs = row.pairs
        made.link = self._link(table, row, "")
        for n in range(1, len(row.standard.elements) + 1):
            if pairs and n == pairs.first:
                self._pairs(made, row, pairs)
                made.parts[-1].link = self._link(table, row, words.pair_ref(row, n))
            for key in sorted(key for key in row.elements if key[0] == n):
                e = row.elements[key]
                made.places[key] = self._add(made, _element(e, row, key), e.codes)
                made.parts[-1].link = self._link(table, row, e.ref)
        return made

    def _pairs(self, made: Rule, row: Row, pairs: Pairs) -> None:
        last = pairs.last - 1
        ref = f"{row.segment}{pairs.first:02d}/{pairs.first + 1:02d} to {last:02d}/{last + 1:02d}"
        need = f"the first {pairs.need} mandatory" if pairs.need > 1 else "the first mandatory" if pairs.need else "optional"
        part = Part(0, ref, "Qualifier and value", need, path_text((*row.json, *pairs.json)))
        for code, rule in pairs.values.items():
            said = [*words.of_value(rule), *([rule.note] if rule.note else [])]
            part.said += [f"{code}: {sentence}" for sentence in said]
        number = self._add(made, part, pairs.codes)
        made.places |= {(n, 0): number for n in range(pairs.first, pairs.last + 1)}

    def _standard(self, number: int, segment: Segment) -> Rule:
        made = Rule(number, f"{segment.tag} {segment.name}", "", "the X12 standard")
        made.said = [words.syntax(note, segment.tag) for note in segment.notes]
        for n, piece in enumerate(segment.elements, 1):
            for k, one in enumerate((piece, *piece.components)):
                ref = f"{segment.tag}{n:02d}" + (f"-{k:02d}" if k else "")
                made.places[n, k] = self._add(made, Part(0, ref, one.name, _about(one, one)), {})
        return made

    def _link(self, table: Table, row: Row, ref: str) -> str:
        return self.guide(table, row, ref) if self.guide else ""

    def _add(self, made: Rule, part: Part, codes: dict[str, str]) -> int:
        part.number = next(self.numbers)
        part.codes = list(codes.items())
        made.parts.append(part)
        return part.number


def kind(least: int, most: int, type_: str) -> str:
    """Type and lengths as guides write them."""
    return "composite" if type_ == "C" else f"{type_} {words.length(least, most)}"


def _element(e: Element, row: Row, key: tuple[int, int]) -> Part:
    piece = row.standard.elements[key[0] - 1]
    about = _about(piece.components[key[1] - 1] if key[1] else piece, e)
    place = path_text((*row.json, *e.json)) if e.json else ""
    return Part(0, e.ref, e.name, about, place, said=list(_said(e, row)))


def _said(e: Element, row: Row) -> Iterator[str]:
    if e.note:
        yield e.note
    yield from words.of_element(e, row)


def _about(piece: Piece, it: Piece | Element) -> str:
    """Data element number, use, type and lengths, as narrowed."""
    return f"{piece.number}, {words.use(it.mandatory)}, {kind(it.least, it.most, it.type)}"
