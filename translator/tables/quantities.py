"""Quantities of a line: a rule and its places in an answer go in; whether they come to what was ordered, or to no more, comes out.

A line may be answered in parts: over several cartons, or accepted in part and the rest later; and what goes into no more than
was ordered may be spread over several documents of one call. One part without a quantity is the rest, and is filled in.
Decimals, never rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from translator.tables.amounts import EXACT
from translator.tables.carryrule import AGREES, DIFFERS, FILLED, MISSING, NOT_ASKED, CarryRule
from translator.tables.paths import nothing, put, values
from translator.tables.spots import MISSHAPED, Answer, Spot, Spots, in_force, line_of, sides, word
from translator.tables.table import path_text
from translator.x12.numbers import decimal

Parts = list[tuple[Spot, Any]]
Sums = dict[tuple[str, tuple[int, ...]], Decimal]  # what documents have of a line, by rule and lines of the order (identities)


class Quantities:
    """One rule ``adds_up`` or ``at_most``. ``say`` takes findings, ``tell`` entries of the report, ``sums`` what is added up."""

    def __init__(
        self, rule: CarryRule, spots: Spots, fill: bool, say: Callable[..., None], tell: Callable[..., None], sums: Sums
    ) -> None:
        self.rule, self.spots, self.fill, self.say, self.tell, self.sums = rule, spots, fill, say, tell, sums
        self.all = rule.kind == "adds_up"

    def judge(self) -> None:
        """Line by line: all its parts; with ``adds_up`` also the lines that the answer says nothing of."""
        parts: dict[tuple[int, ...], tuple[Answer, list[Spot]]] = {}
        for one in self.spots.answers:
            for line in self.spots.lines[id(one)]:
                parts.setdefault(tuple(id(twin) for twin in line.lines), (line, []))
        for spot, groups in self.spots.of(self.rule):
            if groups[0].lines:
                parts[tuple(id(twin) for twin in groups[0].lines)][1].append(spot)
        met = {twin for key in parts for twin in key}
        for one in self.spots.answers if self.all else ():
            known = self.spots.known.get(id(one.order))
            for twin in known.lines if known else ():
                if id(twin) not in met:
                    place = one.prefix + path_text(self.spots.lines_at).partition("[")[0]
                    parts.setdefault((id(twin),), (Answer(f"{place}.", {}, one.order, one.name, [twin], line_of([twin])), []))
        for group, spots in parts.values():
            self.line(group, spots)

    def line(self, group: Answer, spots: list[Spot]) -> None:
        """One line of the order, or several that nothing tells apart."""
        held = [(spot, self.spots.follow(spot.held, spot.steps, spot.prefix)) for spot in spots]
        absent = [spot for spot, value in held if nothing(value)]
        there = [(spot, value) for spot, value in held if not nothing(value)]
        place = (absent or spots)[0].path if spots else group.prefix.rstrip(".")
        alternatives = [[v for v in values(side.held, side.steps) if v is not None] for side in sides(self.rule, group)]
        texts = next((found for found in alternatives if found), [])
        if not texts or not in_force(self.rule, group):
            self.tell(self.rule, place, group, None, None, NOT_ASKED)
            return
        about = f"order {group.name}, {path_text(self.rule.order[0])}"
        ordered = self.added([(about, text) for text in texts])
        total = self.added([(spot.path, value) for spot, value in there])
        if ordered is None or total is None:
            self.tell(self.rule, place, group, None, None, DIFFERS)
            return
        key = (self.rule.rule, tuple(id(twin) for twin in group.lines))
        before = Decimal(0) if self.all else self.sums.get(key, Decimal(0))
        total = EXACT.add(before, total)
        self.sums[key] = total
        rest = EXACT.subtract(ordered, total)
        asked, here = [f"{ordered:f}"], f"{total:f}" if there else None
        words = [f"line {group.line}"] * bool(group.line) + ["with the documents before this one"] * bool(before)
        line = f" ({'; '.join(words)})" if words else ""
        if rest < 0 and there:
            over = self.beyond(there, EXACT.subtract(ordered, before))
            self.tell(self.rule, over, group, asked, here, DIFFERS)
            self.say(self.rule, "quantity-over", over, value=here, expected=asked[0] + line)
        elif self.all and self.fill and len(absent) == 1 and rest:
            put(absent[0].held, absent[0].steps, f"{rest:f}" if there or len(texts) > 1 else texts[0])
            self.tell(self.rule, place, group, asked, asked[0], FILLED)
        elif self.all and (absent or not there):
            self.tell(self.rule, place, group, asked, here, MISSING)
            self.say(self.rule, "carry-missing", place, expected=f"{rest:f}{line}")
        elif self.all and rest:
            self.tell(self.rule, place, group, asked, here, DIFFERS)
            self.say(self.rule, "quantity-differs", place, value=here, expected=asked[0] + line)
        else:
            self.tell(self.rule, place, group, asked if there else None, here, AGREES if there else NOT_ASKED)

    def added(self, held: list[tuple[str, Any]]) -> Decimal | None:
        """The sum of quantities: texts of digits, with a point perhaps; not NaN, not 1E9, not less than nothing."""
        total = Decimal(0)
        for place, value in held:
            number = decimal(value) if isinstance(value, str) else None
            if number is None or number < 0:
                if value is not MISSHAPED and place not in self.spots.told:
                    self.spots.told.add(place)
                    wanted = "a text that is a number, as 24 or 12.5" if number is None else "a quantity that is not negative"
                    self.say(self.rule, "value-type", place, value=word(value), expected=wanted)
                return None
            total = EXACT.add(total, number)
        return total

    def beyond(self, held: Parts, most: Decimal) -> str:
        """The place at which the sum passes the most."""
        total = Decimal(0)
        for spot, value in held:
            total = EXACT.add(total, decimal(value) or Decimal(0))
            if total > most:
                return spot.path
        return ""
