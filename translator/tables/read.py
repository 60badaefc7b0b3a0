"""The walk in, step by step: a table and the segments of a set in, a document and its findings out.

Every segment is matched to a row, from the innermost open loop outwards; the row accuses it and places its values. What
no row takes is reported and left. This path is complete and explains itself; ``plan`` is its fast twin, which may only
say yes, and a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import define, field

from translator.tables.accuse import accuse, listed
from translator.tables.placing import found_at, has, hold, open_, put, put_pairs
from translator.tables.table import NO_LIMIT, Element, Loop, Row, Table, path_text
from translator.tables.tree import fold
from translator.x12.elements import to_json
from translator.x12.numbers import decimal

Segment = tuple[int, str]  # where it begins, its body
Report = Callable[..., None]
Json = dict[str, Any]


@define(eq=False, repr=False)
class Seen:
    """Where a segment was taken: its row (None: no row takes it), the loops open around it, the object that it went into."""

    at: int  # as AK302 counts
    offset: int
    row: Row | None
    loops: tuple[Loop, ...]
    into: Json | None


@define(eq=False, repr=False)
class _Frame:
    """An open loop: its object in the document (None: read, but not kept), and what was seen in it."""

    loop: Loop
    into: Json | None
    rank: int = -1
    number: str = ""  # of its segment in a tree, by which the loops below name it
    counts: dict[int, int] = field(factory=dict)
    codes: dict[int, set[str]] = field(factory=dict)


def read_set(
    table: Table,
    segments: list[Segment],
    element: str,
    component: str,
    report: Report | None,
    end: int = 0,
    trail: list[Seen] | None = None,
) -> Json:
    """The body of the document that a set's segments (those between ST and SE) make.

    ``report(code, at, offset, segment=…, …)`` takes the findings; with None no element is judged. ``at`` counts as AK302 does.
    The segments' positions begin at 2, since ST is 1; empty ones are reported and not counted. ``end`` is where SE begins, or
    the set ends. ``trail`` is given what was seen of each segment.
    """
    return _Reader(table, element, component, report, trail).read(segments, end)


class _Reader:
    def __init__(self, table: Table, element: str, component: str, report: Report | None, trail: list[Seen] | None = None) -> None:
        self.table = table
        self.trail = trail
        self.into: Json | None = None
        self.element = element
        self.component = component
        self.judged = report is not None
        self.report = report or (lambda code, at, offset, **fields: None)
        self.document: Json = {}
        self.stack = [_Frame(table.root, self.document)]
        self.at = 1
        self.offset = 0
        self.tag = ""
        self.reckoned: dict[str, list[tuple[int, int]]] = {}  # where elements stand that are worked out in the end
        self.numbered = 0  # segments of a tree so far
        self.levels: dict[str, str] = {}  # number -> level
        self.misplaced: set[tuple[str, str]] = set()  # levels of a tree that stood below one where they have no place
        self.stray = False  # the segment before stood outside its loop
        self.row: Row | None = None
        self.late: list[tuple[Element, str, int, int, Row, list[str]]] = []  # judged when the whole set is read
        self.unique: dict[str, set[str]] = {}
        self.tally: dict[str, list[str]] = {}
        self.counted: dict[str, list[tuple[str, int]]] = {}
        for key in {e.make[1] for row in table.rows() for e in row.elements.values() if e.make}:
            row_tag, number = (key[:-2], int(key[-2:])) if len(key) > 3 else (key, 0)  # PO102 an element, PO1 a segment
            self.tally[key] = []
            self.counted.setdefault(row_tag, []).append((key, number))

    def read(self, segments: list[Segment], end: int) -> Json:
        for offset, body in segments:
            self.offset = offset
            if not body:
                self.report("segment-empty", self.at + 1, offset)
                continue
            self.at += 1
            self.take(body.split(self.element))
            if self.trail is not None:
                self.trail.append(Seen(self.at, offset, self.row, tuple(f.loop for f in self.stack[1:]), self.into))
        self.at, self.offset = self.at + 1, end
        self.tag, self.row = "", None
        while self.stack:
            self.close()
        self.totals()
        for code, place in fold(self.table.tree, self.document) if self.table.tree else ():
            if code != "tree-empty" or not self.misplaced:  # else what belongs there was read elsewhere
                self.report(code, None, self.offset, path=place)
        if self.table.reckonings:
            from translator.tables.reckon import differing

            for path, n, e, row, value, right in differing(self.table, self.document):
                if e.codes and value not in e.codes:
                    continue  # a code that the guide does not have: that was said
                at, offset = self.reckoned[e.ref][n]
                self.report(
                    "total-differs", at, offset, segment=row.segment, ref=e.ref, value=value, expected=right,
                    path=path, rule=row.rule, level=e.level,
                )  # fmt: skip
        return self.document

    def say(self, code: str, **fields: Any) -> None:
        rule = self.row.rule if self.row else None
        self.report(code, self.at, self.offset, segment=fields.pop("segment", None) or self.tag[:3] or None, rule=rule, **fields)

    # --- matching -----------------------------------------------------------------------------------------------------

    def take(self, values: list[str]) -> None:
        tag, self.row, self.into = values[0], None, None
        self.tag = tag
        found, orphan = self.find(values, in_order=True), False
        late = found is None
        if found is None:
            found = self.find(values, in_order=False)
        if found is None and self.table.tree:
            found, orphan, late = self.find(values, in_order=True, by_parent=False), True, False
        if found is None:
            self.stranger(values)
            return
        self.stray = False
        depth, item = found
        numbers = ", ".join(frame.number for frame in self.stack if frame.number) if orphan else ""
        if late:
            self.row = item if isinstance(item, Row) else item.trigger
            self.say("segment-order")
        while len(self.stack) > depth + 1:
            self.close()
        frame = self.stack[-1]
        if not late:
            frame.rank = item.rank
        count = frame.counts[id(item)] = frame.counts.get(id(item), 0) + 1
        item.often = item.often or count > 1
        if isinstance(item, Row):
            self.row = item
            if count > item.most:
                self.say("segment-repeated", expected=str(item.most))
            self.fill(item, values, frame)
            return
        self.row = item.trigger
        if orphan and item.trigger.parent:
            self.orphan(item, item.trigger.parent, values, numbers)
        keep = count <= item.most and frame.into is not None
        if count == item.most + 1:
            self.say("loop-repeated", ref=item.name, expected=str(item.most))
        inner = _Frame(item, open_(frame.into, item.json) if keep and frame.into is not None else None)
        inner.rank, inner.counts[id(item.trigger)] = item.trigger.rank, 1
        self.stack.append(inner)
        if own := item.trigger.number:
            self.numbered += 1
            inner.number = _value(values, own, "")
            self.levels[inner.number] = _level(item)
            if inner.number != str(self.numbered):
                self.say("tree-number", ref=own.ref, value=inner.number, expected=str(self.numbered))
        self.fill(item.trigger, values, inner)

    def find(self, values: list[str], in_order: bool, by_parent: bool = True) -> tuple[int, Row | Loop] | None:
        """The row or loop that takes a segment: innermost open loop first; in a tree, the one that the segment names."""
        for depth in range(len(self.stack) - 1, -1, -1):
            frame = self.stack[depth]
            for item in frame.loop.by_tag.get(values[0], ()):
                if isinstance(item, Row) and depth and item is frame.loop.trigger:
                    continue  # the trigger again begins the loop again, one level up
                if in_order and item.rank < frame.rank:
                    continue
                if by_parent and isinstance(item, Loop) and (up := item.trigger.parent) and frame.number != _value(values, up, ""):
                    continue
                key = item.key if isinstance(item, Row) else item.trigger.key
                if key is None or (_text(values, key[0])) in key[1]:
                    return depth, item
        return None

    def orphan(self, item: Loop, up: Element, values: list[str], numbers: str) -> None:
        """A segment of a tree that names a parent which is not open, or under which its level has no place (said once for each)."""
        number = _value(values, up, "")
        level, above = _level(item), self.levels.get(number, "")
        if (level, above) in self.misplaced:
            return
        loops = [loop for loop in self.table.loops() if any(isinstance(i, Loop) and _level(i) == level for i in loop.items)]
        homes = tuple(dict.fromkeys(_level(loop) for loop in loops))
        if number not in numbers.split(", ") or above in homes:
            self.say("tree-parent", ref=up.ref, value=number, expected=numbers)
            return
        self.misplaced.add((level, above))
        self.say("tree-level", ref=up.ref, value=number, expected=f"{level} below {listed(homes)}, not below {above}")

    def stranger(self, values: list[str]) -> None:
        """A segment that no row takes. A loop with an unknown key is opened all the same, so that its rows stay in it."""
        for depth in range(len(self.stack) - 1, -1, -1):
            twins = [i for i in self.stack[depth].loop.by_tag.get(self.tag, ()) if isinstance(i, Loop) and i.trigger.key]
            if twins:
                while len(self.stack) > depth + 1:
                    self.close()
                self.row = twins[0].trigger
                key = self.row.key
                assert key is not None
                codes = tuple(code for twin in twins for code in sorted(twin.trigger.key[1] if twin.trigger.key else ()))
                value = _text(values, key[0])
                self.say("loop-unknown", ref=f"{self.tag}{key[0]:02d}", value=value, expected=listed(codes))
                ghost = _Frame(twins[0], None, rank=self.row.rank)
                ghost.counts = {id(item): -NO_LIMIT for item in twins[0].items}  # nothing can be missing in it, or too much
                self.stack.append(ghost)
                return
        stray, self.stray = self.stray, False
        if homes := self.table.homes.get(self.tag):
            self.stray = True
            if not stray:  # said once for a run of them: their cause is one
                self.say("segment-stray", expected=" or ".join(homes), value=self.element.join(values))
        elif self.tag in self.table.limits.segments:
            self.say("segment-unmapped", value=self.element.join(values))
        elif self.tag in ("ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"):
            self.say("segment-foreign", value=self.element.join(values))
        else:
            self.say("segment-unknown", value=self.tag[:40])

    def close(self) -> None:
        """Leave the innermost loop: what it must hold and does not is missing here."""
        frame = self.stack.pop()
        row, self.row = self.row, None
        for item in frame.loop.items:
            if frame.counts.get(id(item)):
                continue
            if isinstance(item, Loop):
                if item.mandatory:
                    self.row = item.trigger
                    self.say("loop-missing", ref=item.name, segment=item.tag)
            elif item.mandatory:
                self.row = item
                self.say("segment-missing", segment=item.segment)
            elif item.expect:
                self.row = item
                self.say("segment-expected", segment=item.segment, expected=item.expect)
        for item in frame.loop.items:
            if isinstance(item, Row) and item.names and frame.counts.get(id(item)):
                for code in item.names.need:
                    if code not in frame.codes.get(id(item), ()):
                        self.row = item
                        self.say("qualifier-expected", ref=item.names.ref, segment=item.segment, expected=code)
        self.row = row

    # --- placing ------------------------------------------------------------------------------------------------------

    def fill(self, row: Row, values: list[str], frame: _Frame) -> None:
        if self.judged:
            accuse(row, values, self.component, self.say, self.form)
        for key, number in self.counted.get(row.segment, ()):
            self.tally[key].append(_text(values, number) if number else "")
        if row.names:
            frame.codes.setdefault(id(row), set()).add(_value(values, row.names, self.component))
        if frame.into is None:
            return
        into = self.place(row, values, frame.into)
        if into is None:
            return
        self.into = into
        for e in row.elements.values():
            text = _value(values, e, self.component)
            if not text:
                continue
            if e.make or e.agrees or any(rule.document for rule in e.rules):
                self.late.append((e, text, self.at, self.offset, row, values))
            if e.unique:
                seen = self.unique.setdefault(e.ref, set())
                if text in seen:
                    self.say("value-repeated", ref=e.ref, value=text)
                seen.add(text)
            if e.prefix:
                text = text.removeprefix(e.prefix)
            if e.reckon:
                self.reckoned.setdefault(e.ref, []).append((self.at, self.offset))
            if e.again and has(into, e.json):
                if text not in found_at(into, e.json):
                    self.say("values-disagree", ref=e.ref, value=text, expected=str(found_at(into, e.json)[0]))
            elif e.json and (value := to_json(e.type, text)) is not None:
                put(into, e.json, value)
                if e.classify:
                    into[e.classify] = self.form_name(e.classify, text)
        if row.pairs:
            put_pairs(row.pairs, values, into)

    def place(self, row: Row, values: list[str], into: Json) -> Json | None:
        """The object that the row's values go into, or None where its place is taken or has no name."""
        if not row.json:
            scalars = [e for e in row.elements.values() if e.json and e.json[-1][1] != "[]" and _value(values, e, "")]
            if row.most > 1 and any(has(into, e.json) for e in scalars):
                self.say("place-taken", ref=row.segment)
                return None
            return into
        if row.json[-1][1] == "*":
            assert row.names is not None
            name = row.names.names.get(_value(values, row.names, self.component))
            if name is None:
                return None
            holder = hold(into, row.json[:-1])
            if name in holder:
                self.say("place-taken", ref=row.names.ref, value=_value(values, row.names, self.component))
                return None
            made: Json = {}
            holder[name] = made
            return made
        return open_(into, row.json)

    def form(self, kind: str, text: str) -> str | None:
        """The names of the forms when the text has none of them."""
        return ", ".join(self.table.forms[kind]) if self.form_name(kind, text) == "unknown" else None

    def form_name(self, kind: str, text: str) -> str:
        return next((name for name, p in self.table.forms[kind].items() if p.fullmatch(text)), "unknown")

    def totals(self) -> None:
        """Judge what needs the whole set: counts, hash totals (X12 note to CTT02), values that agree with others."""
        for e, text, at, offset, row, values in self.late:
            place = {"segment": row.segment, "ref": e.ref, "value": text, "rule": row.rule, "level": e.level}
            if e.make:
                said, right = decimal(text), made_value(e.make, self.tally[e.make[1]])
                if said is not None and right is not None and said != right:
                    self.report("total-differs", at, offset, expected=str(right), **place)
            if e.agrees and (form := e.agrees[0].fullmatch(text)):
                others = found_at(self.document, e.agrees[1])
                if others and form[1] not in others:
                    self.report("values-disagree", at, offset, expected=f"{path_text(e.agrees[1])} {others[0]}", **place)
            for rule in e.rules:
                if rule.document and all(_text(values, n) in codes for n, codes in rule.when):
                    path, code = rule.document
                    if code not in found_at(self.document, path):
                        self.report("usage-only", at, offset, expected=f"{path_text(path)} {code}", **place)


def made_value(make: tuple[str, str], texts: list[str]) -> int | None:
    """A count, or a hash total: the digits added without signs and points, the last ten kept (X12 004010, DE 347)."""
    if make[0] == "count":
        return len(texts)
    numbers = [decimal(text) for text in texts if text]
    if any(number is None for number in numbers):
        return None
    return sum(int(text.replace(".", "").lstrip("-") or "0") for text in texts if text) % 10**10


def _level(loop: Loop) -> str:
    """The code that a loop of a tree begins with."""
    return next(iter(loop.trigger.key[1])) if loop.name and loop.trigger.key else ""


def _text(values: list[str], number: int) -> str:
    return values[number] if number < len(values) else ""


def _value(values: list[str], e: Element, component: str) -> str:
    text = _text(values, e.number)
    if not e.component:
        return text
    parts = text.split(component) if component else [text]
    return parts[e.component - 1] if e.component <= len(parts) else ""
