"""Regular expressions for rows: a row and delimiters in, a pattern of its segment out, narrower than the row or equal to it.

What a pattern matches, ``accuse`` never accuses of anything that can be seen in one element; it may well refuse what is
right but rare (a 29 February, a negative quantity, a trailing separator). Conditions between elements are not here.
"""

from __future__ import annotations

import re
from itertools import pairwise

from translator.tables.table import Element, Pairs, Row
from translator.tables.usual import Ordered

_SIMPLE = re.compile(r"(?:\\d|\[[0-9A-Z-]+\])\{(\d+)(?:,(\d+))?\}")
_GROUP = re.compile(r"(?<!\\)\((?!\?)")
_DAY = r"[1-9][0-9]{3}(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)"
_MOMENT = r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?"


class Delimited:
    """Patterns for one choice of delimiters; ``end`` ends a segment, line end included."""

    def __init__(self, element: str, component: str, segment: str, tail: str) -> None:
        self.delimiters = frozenset((element, component, segment))
        self.element = re.escape(element)
        self.component = re.escape(component)
        self.end = re.escape(segment) + re.escape(tail)
        self.stop = f"[{re.escape(element)}{re.escape(segment)}]"
        cuts = sorted({0x1F, 0x7F, *(ord(one) for one in self.delimiters if " " <= one <= "~")})
        # What is in it, not what is not in it: a match takes a step less for each character.
        self.text = "[" + "".join(rf"\x{a + 1:02x}-\x{b - 1:02x}" for a, b in pairwise(cuts) if b - a > 1) + "]"

    def value(self, e: Element) -> str:
        """One value of an element, without a group."""
        if e.codes:
            return self.codes(tuple(e.codes))
        room = len(e.prefix)
        base = self.typed(e.type, max(0, e.least - room), e.most - room)
        if e.prefix:
            return re.escape(e.prefix) + (self.liked(e.like, base, e.least - room, e.most - room) if e.like else base)
        return self.liked(e.like, base, e.least, e.most) if e.like else base

    def typed(self, type_: str, least: int, most: int) -> str:
        """A value of an X12 type and length."""
        if type_ in ("AN", "ID"):
            return f"{self.text}{{{least},{most}}}"
        if type_ == "R":
            decimals = 0 if "." in self.delimiters else most * 2 // 5
            return f"[0-9]{{{least},{most - decimals}}}" + (rf"(?:\.[0-9]{{1,{decimals}}}|)" if decimals else "")
        if type_ == "DT":
            return _DAY if most == 8 else "(?!)"
        if type_ == "TM":
            return _MOMENT if least <= 4 and most >= 6 else "(?!)"
        return f"[0-9]{{{least},{most}}}"

    def liked(self, like: re.Pattern[str], base: str, least: int, most: int) -> str:
        """Both a usage note's form and the base."""
        simple = _SIMPLE.fullmatch(like.pattern)
        if (
            simple
            and not ("-" in self.delimiters and "-" in like.pattern)
            and least <= int(simple[1]) <= int(simple[2] or simple[1]) <= most
        ):
            return like.pattern
        return f"(?=(?:{_GROUP.sub('(?:', like.pattern)}){self.stop}){base}"

    def codes(self, codes: tuple[str, ...]) -> str:
        """One of some codes; to stand in a group."""
        if all(len(code) == 1 for code in codes):
            return f"[{''.join(re.escape(code) for code in codes)}]" if len(codes) > 1 else re.escape(codes[0])
        return "|".join(re.escape(code) for code in sorted(codes, key=len, reverse=True))

    def pairs(self, pairs: Pairs) -> str:
        """All qualifier and value pairs of a segment; to stand in a group."""
        kinds = []
        for code in pairs.codes:
            kinds.append(f"{re.escape(code)}{self.element}{self.paired(pairs, code)}")
        one = f"{self.element}(?:{'|'.join(kinds)})"
        every = ""
        for n in range((pairs.last - pairs.first + 1) // 2, 0, -1):
            every = f"{one}{every}" if n <= pairs.need else f"(?:{one}{every}|)"
        return every

    def paired(self, pairs: Pairs, code: str) -> str:
        """The value under a qualifier."""
        rule = pairs.values.get(code)
        base = f"{self.text}{{1,{48 if pairs.names else 80}}}"
        return self.liked(rule.like, base, 1, 48) if rule and rule.like else base

    def optional(self, value: str, least: int, e: Element) -> str:
        """A value or nothing, so written that nothing costs little: an empty branch is cheaper than a question mark."""
        if not e.codes and not e.like and least == 1 and e.type in ("AN", "ID"):
            return f"{self.text}{{0,{e.most}}}"
        return f"{value}|"

    def segment(self, row: Row, *, bare: bool = False, told: bool = False) -> tuple[str, list[tuple[int, int] | None]]:
        """A segment of a row, and what its groups hold: keys of elements, None for the pairs; ``bare`` has no groups. With ``told``
        there is none for an element that is always there with the same code.

        The first group is filled, perhaps with nothing, whenever the segment is there. Elements after the last one that
        is always there stand in nested branches, so that a segment may end early but never in an empty element.
        """
        groups: list[tuple[int, int] | None] = []
        opening = "(?:" if bare else "("
        pairs, always = row.pairs, always_there(row)
        known = {key for key, e in row.elements.items() if e.most}
        last = pairs.first - 1 if pairs else max((number for number, _ in known), default=0)
        needed = last + 1 if pairs and pairs.need else max((n for n in always if n <= last), default=0)
        pattern, closing, separators = row.segment, "", 0
        for number in range(1, last + 1):
            separators += 1
            keys = [key for key in ((number, 0), (number, 1)) if key in known]
            if not keys and number not in (needed, last):
                continue  # an element without row stays empty; further components are for the slow path
            if number > max(needed, 1):
                pattern, closing = pattern + "(?:", closing + "|)"
            pattern += self.element if separators == 1 else f"{self.element}{{{separators}}}"
            separators = 0
            for key in keys:
                e = row.elements[key]
                value = self.value(e)
                must = number in always or (number == 1 and last == 1 and not pairs)
                if told and must and len(e.codes) == 1:
                    pattern += value
                    continue
                groups.append(key)
                pattern += f"{opening}{value if must else self.optional(value, e.least, e)})"
        if isinstance(pairs, Ordered):
            for n, code in enumerate(pairs.order):
                pattern += f"{self.element}{re.escape(code)}{self.element}{opening}{self.paired(pairs, code)})"
                groups.append((pairs.first + 2 * n + 1, 0))
        elif pairs:
            pattern += f"{opening}{self.pairs(pairs)})"
            groups.append(None)
        open_end = closing or not (pairs or last in always)
        return f"{pattern}{closing}{f'(?<!{self.element})' if open_end else ''}{self.end}", groups


def always_there(row: Row) -> set[int]:
    """The elements that a segment without accusations always has: mandatory ones, and those that syntax notes add."""
    found = {e.number for e in row.elements.values() if e.mandatory or e.expect}
    mapped = {e.number for e in row.elements.values() if e.most}
    while True:
        more: set[int] = set()
        for note in row.standard.notes:
            if (note.kind == "P" and found & set(note.numbers)) or (note.kind == "C" and note.numbers[0] in found):
                more |= set(note.numbers)
        if not (more & mapped) - found:
            return found
        found |= more & mapped
