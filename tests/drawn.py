"""Documents drawn from a mapping table: the table goes in, canonical documents that schema and table allow come out.

``documents(table)`` is a hypothesis strategy, ``systematic(table)`` a finite list that exercises every row, element and
code. ``segments(table, document)`` says which segments a document means: a second, plain reading of the same table,
against which the writer is held. ``Coverage`` adds up what documents exercised and names what none of them did.
No segment, code or JSON name of any guide is spelled out here; the two headers of the envelope are X12's own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, groupby
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from translator.tables.table import Element, Loop, Pairs, Path, Row, Table
from translator.tables.write import write_set
from translator.x12.wire import Delimiters

Json = dict[str, Any]
Key = tuple[int, int]  # an element's place in its row: number, component
T = TypeVar("T")

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
PUNCTUATION = [c for c in PRINTABLE if not c.isalnum() and c != " "]
SEPARATORS = [*PUNCTUATION, "\x1c", "\x1d", "\x1e", "\x1f", "\x01", "\x07", "\x7f"]
TERMINATORS = [*SEPARATORS, "\n", "\r"]
SEVERAL = 2  # occurrences of what may come often, so that documents stay small


# --- what a document means ----------------------------------------------------------------------------------------------


@dataclass
class Place:
    """A value in a document: ``holder[key]``. ``fixed`` is a code that a name stands for, or a constant of the row."""

    holder: Any = None
    key: Any = None
    fixed: str = ""

    @property
    def value(self) -> Any:
        """What stands there."""
        return self.fixed or self.holder[self.key]


@dataclass
class Meant:
    """A segment that a document means: its row, and where the value of each element stands."""

    row: Row
    places: dict[Key, Place]


def segments(table: Table, document: Json) -> Iterator[Meant]:
    """The segments that the document means, in the order of the table and, in maps, of the document."""
    yield from _loop(table.root, document)


def _loop(loop: Loop, into: Json) -> Iterator[Meant]:
    for _, group in groupby(loop.items, key=lambda item: item.rank):
        items = list(group)
        holder = _at(into, items[0].json[:-1]) if len(items) > 1 and items[0].json[:-1] else None
        if isinstance(holder, dict):
            items.sort(key=lambda item: list(holder).index(item.json[-1][0]) if item.json[-1][0] in holder else -1)
        for item in items:
            if isinstance(item, Row):
                yield from _row(item, into, first=bool(loop.name) and item is loop.items[0])
            else:
                for inner in _all(into, item.json):
                    yield from _loop(item, inner)


def _row(row: Row, into: Json, first: bool) -> Iterator[Meant]:
    if row.json and row.json[-1][1] == "*":
        assert row.names
        codes = {name: code for code, name in row.names.names.items()}
        for name, held in (_at(into, row.json[:-1]) or {}).items():
            yield _segment(row, held, codes[name])
    elif row.json:
        for held in _all(into, row.json):
            yield _segment(row, held)
    elif lists := listed(row):
        values = _at(into, lists[0].json) or []
        for n in range(0, len(values), len(lists)):
            chunk = range(n, min(n + len(lists), len(values)))
            yield _with_constants(row, {(e.number, e.component): Place(values, m) for e, m in zip(lists, chunk, strict=False)})
    elif first or (row.mandatory and not row.loop) or _says(row, into):
        yield _segment(row, into)


def _says(row: Row, into: Json) -> bool:
    places = [e.json for e in row.elements.values() if e.json] + ([row.pairs.json] if row.pairs else [])
    return any(_at(into, place) is not None for place in places)


def _segment(row: Row, into: Json, qualifier: str = "") -> Meant:
    places: dict[Key, Place] = {}
    for key, e in row.elements.items():
        if e.names:
            places[key] = Place(fixed=qualifier)
        elif e.json and _at(into, e.json) is not None:
            places[key] = Place(_at(into, e.json[:-1]) if e.json[:-1] else into, e.json[-1][0])
    if row.pairs and (held := _at(into, row.pairs.json)) is not None:
        codes = {name: code for code, name in row.pairs.names.items()}
        pairs = (
            [(Place(fixed=codes[name]), Place(held, name)) for name in held]
            if row.pairs.names
            else [(Place(one, row.pairs.qualifier), Place(one, row.pairs.value)) for one in held]
        )
        for n, (code, value) in zip(range(row.pairs.first, row.pairs.last, 2), pairs, strict=False):
            places[n, 0], places[n + 1, 0] = code, value
    return _with_constants(row, places)


def _with_constants(row: Row, places: dict[Key, Place]) -> Meant:
    for key in _constants(row, frozenset(places)):
        places[key] = Place(fixed=row.elements[key].constant or "")
    return Meant(row, places)


def _constants(row: Row, present: frozenset[Key]) -> frozenset[Key]:
    """Elements with one code and no place in the JSON: the mandatory ones, and those whose pair is there."""
    numbers = {number for number, _ in present}
    paired = {n for note in row.standard.notes if note.kind == "P" and numbers & set(note.numbers) for n in note.numbers}
    return frozenset(k for k, e in row.elements.items() if e.constant and k not in present and (e.mandatory or e.number in paired))


def _at(into: Any, path: Path) -> Any:
    for name, _ in path:
        if not isinstance(into, dict) or name not in into:
            return None
        into = into[name]
    return into


def _all(into: Json, path: Path) -> list[Any]:
    held = _at(into, path)
    if held is None:
        return []
    return list(held) if path and path[-1][1] == "[]" else [held]


def listed(row: Row) -> list[Element]:
    """The elements of a row that fill a list, one value each."""
    return [e for e in row.elements.values() if e.json and e.json[-1][1] == "[]"]


def maps(table: Table, document: Json) -> list[list[str]]:
    """The keys, in their order, of every map by name: their order is part of what a document says."""
    found: list[list[str]] = []

    def look(loop: Loop, into: Json) -> None:
        for item in loop.items:
            if isinstance(item, Loop):
                variants = [i for i in loop.items if i.rank == item.rank]
                shared = len(variants) > 1 and item is variants[0] and bool(item.json[:-1])
                if shared and (held := _at(into, item.json[:-1])) is not None:
                    found.append([name for name in held if any(name == v.json[-1][0] for v in variants)])
                for inner in _all(into, item.json):
                    look(item, inner)
            elif item.json and item.json[-1][1] == "*":
                found.append(list(_at(into, item.json[:-1]) or {}))
            elif item.pairs and item.pairs.names:
                holders = _all(into, item.json) if item.json else [into]
                found.extend(list(_at(holder, item.pairs.json) or {}) for holder in holders)

    look(table.root, document)
    return found


# --- what was exercised -------------------------------------------------------------------------------------------------


def label(row: Row) -> str:
    """What tells a row from all others."""
    return f"{row.area} {row.loop}/{row.segment}" if row.loop else f"{row.area} {row.segment}"


@dataclass
class Coverage:
    """Adds up which rows, elements and codes of a table the documents of a run exercised."""

    table: Table
    seen: set[str] = field(default_factory=set)

    def see(self, document: Json) -> None:
        """Count a document."""
        for meant in segments(self.table, document):
            name = label(meant.row)
            self.seen.add(name)
            for key, place in meant.places.items():
                ref = _ref(meant.row, key)
                self.seen |= {f"{name} {ref}", f"{name} {ref} {place.value}"}
                if (p := meant.row.pairs) and p.first <= key[0] <= p.last and not (key[0] - p.first) % 2:
                    self.seen.add(f"{name} pairs {place.value}")

    def wanted(self) -> list[str]:
        """Everything that there is to exercise, in the order of the table."""
        found = []
        for row in self.table.rows():
            name = label(row)
            found.append(name)
            for key, e in row.elements.items():
                found += [f"{name} {_ref(row, key)}", *(f"{name} {_ref(row, key)} {code}" for code in e.codes)]
            if p := row.pairs:
                found += [f"{name} {_ref(row, (n, 0))}" for n in range(p.first, p.last + 1)]
                found += [f"{name} pairs {code}" for code in p.codes]
        return found

    def missing(self) -> list[str]:
        """What no document exercised."""
        return [item for item in self.wanted() if item not in self.seen]


def _ref(row: Row, key: Key) -> str:
    return f"{row.segment}{key[0]:02d}" + (f"-{key[1]:02d}" if key[1] else "")


# --- which elements may stand together ------------------------------------------------------------------------------------


@cache
def choices(row: Row) -> list[tuple[frozenset[Key], int]]:
    """Every legal choice of a row's elements with a place in the JSON, and of its number of pairs; small ones first."""
    free = [key for key, e in row.elements.items() if e.json and not e.names and not e.mandatory]
    fixed = frozenset(key for key, e in row.elements.items() if e.names or (e.json and e.mandatory))
    pairs = row.pairs
    counts = range(pairs.need, (pairs.last - pairs.first + 1) // 2 + 1) if pairs else range(1)
    found = []
    for size in range(len(free) + 1):
        for some in combinations(free, size):
            for count in counts:
                filled = {(n, 0) for n in range(pairs.first, pairs.first + 2 * count)} if pairs else set()
                present = fixed | frozenset(some) | filled
                present |= _constants(row, present)
                if present and legal(row, {number for number, _ in present}):
                    found.append((fixed | frozenset(some), count))
    return found


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


# --- choosing -------------------------------------------------------------------------------------------------------------


class Chooser(Protocol):
    """Where the choices come from: chance, or each option in its turn. ``key`` names what is chosen."""

    def one(self, key: Hashable, options: Sequence[T]) -> T: ...

    def number(self, key: Hashable, least: int, most: int) -> int: ...

    def names(self, key: Hashable, options: Sequence[T], least: int, most: int) -> list[T]: ...

    def text(self, key: Hashable, least: int, most: int, alphabet: str) -> str: ...

    def like(self, key: Hashable, pattern: re.Pattern[str], least: int, most: int, alphabet: str) -> str: ...


@dataclass
class Chance:
    """Choices by hypothesis, which shrinks them to the first option, the least number, the shortest text."""

    draw: Callable[..., Any]

    def one(self, key: Hashable, options: Sequence[T]) -> T:
        found: T = options[self.draw(_upto(len(options) - 1))]
        return found

    def number(self, key: Hashable, least: int, most: int) -> int:
        found: int = self.draw(st.integers(least, most))
        return found

    def names(self, key: Hashable, options: Sequence[T], least: int, most: int) -> list[T]:
        rest, found = list(options), []
        for _ in range(self.number(key, least, min(most, len(options)))):
            found.append(rest.pop(self.draw(_upto(len(rest) - 1))))
        return found

    def text(self, key: Hashable, least: int, most: int, alphabet: str) -> str:
        found: str = self.draw(_texts(least, most, alphabet))
        return found

    def like(self, key: Hashable, pattern: re.Pattern[str], least: int, most: int, alphabet: str) -> str:
        found: str = self.draw(_texts_like(pattern, least, most, alphabet))
        return found


@cache
def _upto(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


@cache
def _texts(least: int, most: int, alphabet: str) -> st.SearchStrategy[str]:
    short = st.text(alphabet, min_size=least, max_size=min(most, least + 9))
    return short if most <= least + 9 else st.one_of(short, short, short, st.text(alphabet, min_size=most, max_size=most))


@cache
def _texts_like(pattern: re.Pattern[str], least: int, most: int, alphabet: str) -> st.SearchStrategy[str]:
    # A form that the alphabet cannot spell is left to any text: forms are usage notes, and so only warnings.
    fits = st.from_regex(pattern, fullmatch=True).filter(lambda text: least <= len(text) <= most and set(text) <= set(alphabet))
    return st.one_of(fits, _texts(least, most, alphabet))


@dataclass
class Turns:
    """Each option in its turn, the richest first; nothing is left to chance."""

    turns: dict[Hashable, int] = field(default_factory=lambda: defaultdict(int))

    def turn(self, key: Hashable) -> int:
        """How often this was chosen before."""
        self.turns[key] += 1
        return self.turns[key] - 1

    def one(self, key: Hashable, options: Sequence[T]) -> T:
        return options[-1 - self.turn(key) % len(options)]

    def number(self, key: Hashable, least: int, most: int) -> int:
        return most - self.turn(key) % min(most - least + 1, 7)

    def names(self, key: Hashable, options: Sequence[T], least: int, most: int) -> list[T]:
        turn = self.turn(key)
        return [*options[turn % len(options) :], *options[: turn % len(options)]][:most]

    def text(self, key: Hashable, least: int, most: int, alphabet: str) -> str:
        turn = self.turn("text")
        size = (least, min(most, least + 5), most)[turn % 3]
        solid = alphabet.replace(" ", "")
        return "".join(solid[(turn * 7 + n) % len(solid)] for n in range(size))

    def like(self, key: Hashable, pattern: re.Pattern[str], least: int, most: int, alphabet: str) -> str:
        return self.text(key, least, most, alphabet)


# --- building a document ---------------------------------------------------------------------------------------------------


class _Builder:
    def __init__(self, table: Table, choose: Chooser, plain: bool = False) -> None:
        self.table, self.choose, self.plain = table, choose, plain
        self.alphabet = PRINTABLE

    def document(self) -> Json:
        envelope = self.envelope()
        table = self.table
        made: Json = {"document": table.document, "partner": table.partner, "guide": table.name, "envelope": envelope}
        self.loop(self.table.root, made)
        if self.choose.one("totals", [True, False]):
            self.right_totals(made)
        reverse: bool = self.choose.one("order of keys", [False, True])
        return _reversed(made) if reverse else made

    def envelope(self) -> Json:
        pick = self.choose
        isa, gs = (self.table.envelope[tag].elements for tag in ("ISA", "GS"))
        marks: list[str] = []
        for key, usual, options in (("terminator", "~", TERMINATORS), ("element", "*", SEPARATORS), ("component", ">", SEPARATORS)):
            marks.append(usual if self.plain else pick.one(key, [c for c in (usual, *options) if c not in marks]))
        segment, element, component = marks
        self.alphabet = "".join(c for c in PRINTABLE if c not in marks)
        tails = {"\n": [""], "\r": ["", "\n"]}.get(segment, ["", "\n", "\r\n", "\r"])
        tail = "" if self.plain else pick.one("tail", tails)
        sides = {
            side: {
                "qualifier": self.solid(f"{side} qualifier", 2, 2),
                "id": self.solid(side, 1, 15),
                "group": self.solid(f"{side} group", 2, 15),
            }
            for side in ("sender", "receiver")
        }
        return {
            **sides,
            "control": {
                "interchange": f"{pick.number('interchange', 0, 999_999_999):09d}",
                "group": str(pick.number("group", 1, 999_999_999)),
                "set": self.solid("set", 4, 9),
            },
            "date": self.date("envelope date"),
            "time": self.time("envelope time", 8),
            "version": pick.one("version", list(isa[12, 0].codes)),
            "release": pick.one("release", list(gs[8, 0].codes)),
            "usage": pick.one("usage", list(isa[15, 0].codes)),
            "acknowledgment_requested": pick.one("requested", [False, True]),
            "delimiters": {"element": element, "component": component, "segment": segment, "tail": tail},
        }

    def right_totals(self, document: Json) -> None:
        """Put the totals right that the table can make."""
        texts = write_set(self.table, document, Delimiters("\x1d", "\x1f", "\x1c"), lambda code, **_: None)
        for meant in segments(self.table, document):
            for key, e in meant.row.elements.items():
                if e.make and key in meant.places:
                    kind, of = e.make
                    rows = [values for text in texts if (values := text.split("\x1d"))[0] == (of if kind == "count" else of[:-2])]
                    if kind == "count":
                        meant.places[key].holder[meant.places[key].key] = len(rows)
                    else:
                        digits = [re.sub(r"[-.]", "", v[int(of[-2:])]) for v in rows if len(v) > int(of[-2:]) and v[int(of[-2:])]]
                        meant.places[key].holder[meant.places[key].key] = str(sum(map(int, digits)) % 10**10)

    # --- loops and rows -----------------------------------------------------------------------------------------------

    def loop(self, loop: Loop, into: Json) -> None:
        for _, group in groupby(loop.items, key=lambda item: item.rank):
            items = list(group)
            for item in self.choose.names((loop.name, items[0].rank), items, len(items), len(items)) if len(items) > 1 else items:
                if isinstance(item, Loop):
                    self.objects(item, into)
                else:
                    self.row(item, into, first=bool(loop.name) and item is loop.items[0])

    def objects(self, loop: Loop, into: Json) -> None:
        if loop.json and loop.json[-1][1] == "[]":
            count = self.choose.number(("loop", loop.name), int(loop.mandatory), min(loop.most, SEVERAL))
        else:
            count = 1 if loop.mandatory else self.choose.one(("loop", loop.name), [0, 1])
        for _ in range(count):
            made: Json = {}
            self.loop(loop, made)
            _put(into, loop.json, made)

    def row(self, row: Row, into: Json, first: bool) -> None:
        name = label(row)
        if row.json and row.json[-1][1] == "*":
            assert row.names
            names = self.choose.names(name, list(row.names.names), int(row.mandatory), min(row.most, len(row.names.names)))
            if names and self.obey(f"{name} need"):
                names += [code for code in row.names.need if code not in names]
            for code in names:
                _put(into, (*row.json[:-1], (row.names.names[code], "")), self.object(row, {row.names.number: code}))
        elif row.json and row.json[-1][1] == "[]":
            for _ in range(self.choose.number(name, int(row.mandatory), min(row.most, SEVERAL))):
                _put(into, row.json, self.object(row, {}))
        elif row.json:
            if row.mandatory or self.choose.one(name, [False, True]):
                _put(into, row.json, self.object(row, {}))
        elif lists := listed(row):
            others = [e for e in row.elements.values() if e not in lists and not e.constant]
            assert not others, f"{name}: a row with lists and single values is not drawn yet"
            least, most = int(row.mandatory), min(row.most, SEVERAL) * len(lists)
            for n in range(self.choose.number(name, least, most)):
                e = lists[n % len(lists)]
                _put(into, e.json, self.value(row, e, {}))
        elif first or row.mandatory or self.choose.one(name, [False, True]):
            self.fill(row, into, {}, must_say=not (first or row.mandatory))

    def object(self, row: Row, known: dict[int, str]) -> Json:
        made: Json = {}
        self.fill(row, made, known, must_say=False)
        return made

    def fill(self, row: Row, into: Json, known: dict[int, str], must_say: bool) -> None:
        options = [c for c in choices(row) if not must_say or c[1] or any(row.elements[key].json for key in c[0])]
        keys, count = self.choose.one((label(row), "elements"), options)
        for key in sorted(keys):
            e = row.elements[key]
            if e.names:
                continue
            if e.only and known.get(e.only[0]) not in e.only[1] and self.obey(e.ref) and (keys - {key}, count) in options:
                continue
            value = self.value(row, e, known)
            known[e.number] = text = str(value)
            _put(into, e.json, value)
            if e.classify:
                forms = self.table.forms[e.classify]
                into[e.classify] = next((form for form, p in forms.items() if p.fullmatch(text)), "unknown")
        if row.pairs and count:
            self.pairs(row, row.pairs, count, into)

    def pairs(self, row: Row, pairs: Pairs, count: int, into: Json) -> None:
        name = f"{label(row)} pairs"
        lengths = row.standard.elements[pairs.first]
        if pairs.names:
            codes = self.choose.names(name, list(pairs.names), count, count)
        else:
            codes = [self.choose.one(name, list(pairs.codes)) for _ in range(count)]
        for code in codes:
            rule = pairs.values.get(code)
            if rule and rule.like and self.obey(f"{name} {code}"):
                value = self.choose.like(code, rule.like, lengths.least, lengths.most, self.alphabet)
            else:
                value = self.choose.text(code, lengths.least, lengths.most, self.alphabet)
            if pairs.names:
                _put(into, (*pairs.json, (pairs.names[code], "")), value)
            else:
                _put(into, pairs.json, {pairs.qualifier: code, pairs.value: value})

    # --- values -------------------------------------------------------------------------------------------------------

    def value(self, row: Row, e: Element, known: dict[int, str]) -> str | int:
        key = (label(row), e.ref)
        rules = [r for r in e.rules if all(known.get(n) in codes for n, codes in r.when)]
        like = e.like
        for rule in rules:
            codes = [code for code in rule.codes if not e.codes or code in e.codes]
            if codes and self.obey(e.ref):
                return self.choose.one((*key, rule.when), codes)
            like = like or rule.like
        if e.codes:
            return self.choose.one(key, list(e.codes))
        if e.type == "N0":
            return self.choose.number(key, 0 if e.least == 1 else 10 ** (e.least - 1), 10**e.most - 1)
        if e.type == "N2":
            cents = self.choose.number(key, 0, 10**e.most - 1)
            return f"{cents // 100}.{cents % 100:02d}"
        if e.type == "R":
            return self.decimal(key, e.least, e.most)
        if e.type == "DT":
            return self.date(key)
        if e.type == "TM":
            return self.time(key, e.most)
        assert e.type in ("AN", "ID"), f"{e.ref}: type {e.type} is not drawn yet"
        if like and self.obey(e.ref):
            return self.choose.like(key, like, e.least, e.most, self.alphabet)
        return self.choose.text(key, e.least, e.most, self.alphabet)

    def obey(self, note: Hashable) -> bool:
        """Whether a usage note is kept this time: breaking one is only a warning."""
        return self.choose.one(("note", note), [True, False])

    def solid(self, key: Hashable, least: int, most: int) -> str:
        """A text for the envelope, whose fixed widths take the blanks around it."""
        return self.choose.text(key, least, most, self.alphabet.replace(" ", ""))

    def decimal(self, key: Hashable, least: int, most: int) -> str:
        digits = self.choose.text(key, least, most, "0123456789")
        point = self.choose.number((key, "point"), 0, len(digits))
        text = digits if point == len(digits) else f"{digits[:point]}.{digits[point:]}"
        if "-" not in self.alphabet or "." not in self.alphabet:
            return digits
        return self.choose.one((key, "sign"), ["", "-"]) + text

    def date(self, key: Hashable) -> str:
        pick = self.choose.number
        month = pick((key, "month"), 1, 12)
        day = pick((key, "day"), 1, 28 if month == 2 else 30)
        return f"{self.choose.one((key, 'year'), [2026, 1000, 1999, 2100, 9999]):04d}-{month:02d}-{day:02d}"

    def time(self, key: Hashable, most: int) -> str:
        pick = self.choose.number
        text = f"{pick((key, 'hour'), 0, 23):02d}:{pick((key, 'minute'), 0, 59):02d}"
        more = self.choose.one((key, "more"), [n for n in (0, 2, 3, 4) if 4 + n <= most])
        if more:
            text += f":{pick((key, 'second'), 0, 59):02d}"
        if more > 2:
            text += "." + str(pick((key, "part"), 0, 10 ** (more - 2) - 1)).zfill(more - 2)
        return text


def _put(into: Json, path: Path, value: Any) -> None:
    if not path:
        into.update(value)
        return
    for name, _ in path[:-1]:
        into = into.setdefault(name, {})
    name, kind = path[-1]
    if kind == "[]":
        into.setdefault(name, []).append(value)
    else:
        into[name] = value


def _reversed(value: Any) -> Any:
    """The same document, the keys of every object in the opposite order."""
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


def documents(table: Table, *, plain: bool = False) -> st.SearchStrategy[Json]:
    """Documents that schema and table allow; they may break usage notes, which are warnings. ``plain``: usual delimiters."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Json:
        return _Builder(table, Chance(draw), plain).document()

    return drawn()


def systematic(table: Table, most: int = 200) -> list[Json]:
    """Documents that together exercise every row, element, code, name and qualifier; at most ``most``."""
    choose, coverage = Turns(), Coverage(table)
    found: list[Json] = []
    while coverage.missing() and len(found) < most:
        found.append(_Builder(table, choose).document())
        coverage.see(found[-1])
    return found
