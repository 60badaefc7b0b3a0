"""Code for a list whose objects all look alike: in goes what they look like, out comes one expression for all their segments.

It runs in a pen: no question is asked of one object that can be asked of all at once. What comes of values that are empty, of
none or of another kind is not what is usual, and is left to the code for objects one by one. Such a list is noted as a run.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import Any

from translator.tables.shapes import Whole
from translator.x12.wire import Delimiters

Names = dict[str, dict[str, str]]  # an object's variable -> all its keys, and the variables of their values
WORTH = 4  # objects, from which on one expression costs less than questions


class Unpacked:
    """The loops of a comprehension that put all values of such an object into variables.

    ``known`` has the variables of an object's values, ``single`` that of the one object in a list.
    """

    def __init__(self, held: str, item: str, shape: Whole, keep: Callable[[Any], str], fresh: Callable[[], int]) -> None:
        self.keep, self.fresh = keep, fresh
        self.known: Names = {}
        self.single: dict[str, str] = {}
        self.places: dict[str, str] = {}  # a value's variable -> its place in the object
        self.maybe: set[str] = set()  # variables that may hold nothing
        self.loops: list[str] = []
        self.tests: list[str] = []
        self.object(item, shape, partial("map({1}, {0})".format, held), "")

    @property
    def full(self) -> set[str]:
        """All variables that hold something."""
        return {name for names in self.known.values() for name in names.values()} - self.maybe

    def object(self, item: str, shape: Whole, objects: Callable[[str], str], prefix: str) -> None:
        """The values of one object; ``objects`` makes of a getter's name where they come from."""
        names = {key: f"v{self.fresh()}" for key, _, _ in shape}
        self.known[item] = names
        always = [key for key, kind, _ in shape if kind != "?"]
        self.loops.append(f"for {', '.join(names[key] for key in always)} in {objects(self.keep(itemgetter(*always)))}")
        for key, kind, below in shape:
            held = name = names[key]
            if kind == "?":
                self.loops.append(f"for {name} in [{item}.get({self.keep(key)}) or '']")
                self.maybe.add(name)
            if kind in ("", "?"):
                self.places[name] = prefix + key
                continue
            if kind == "[]":
                held = self.single[name] = f"x{self.fresh()}"
                self.loops.append(f"for [{held}] in [{name}]")
            self.object(held, below, partial("[{1}({0})]".format, held), f"{prefix}{key}{kind.strip('{}')}.")
            # Pairs stand in the order of their object's keys; of values with elements of their own the order says nothing.
            keys = [key for key, _, _ in below]
            mine = self.known[held]
            sizes = [
                str(sum(kind != "?" for _, kind, _ in below)),
                *(f"({mine[key]} != '')" for key, kind, _ in below if kind == "?"),
            ]
            self.tests.append(f"[*{held}] == {self.keep(keys)}" if kind == "{}" else f"len({held}) == {' + '.join(sizes)}")
        self.tests += [names[key] for key, kind, _ in shape if not kind]


def at_once(
    held: str, about: str, shape: Whole, unpacked: Unpacked, code: list[str], d: Delimiters, keep: Callable[[Any], str]
) -> list[str]:
    """Code that puts the segments of all objects in the list ``held``, and notes them as the run ``about``; ``size`` is 0 where
    they are not alike. Nothing where ``code``, which is that of one object, is more than segments of its values."""
    one = _One(code)
    names = list(dict.fromkeys(name for put in one.puts for name in _HELD.findall(put)))
    if one.more or not one.puts or sorted(names) != sorted(unpacked.places):
        return []
    row, many, columns = ", ".join(names), f"len({held})", keep(tuple(unpacked.places[name] for name in names))
    each = f"for {row} in rows"
    if one.numbered:
        each = f"for n, ({row},) in zip(range(numbered + 1, numbered + 1 + {one.numbered} * {many}, {one.numbered}), rows)"
    pieces = f"{one.puts[0]} {each}" if len(one.puts) == 1 else f"s {each} for s in ({', '.join(one.puts)})"
    ends = sum(literal_eval(put[1:].removesuffix(".rstrip(E)")).count(d.segment + d.tail) + 1 for put in one.puts)
    alike = f"{many} >= {WORTH} and set(map(len, {held})) == {{{len(shape)}}}"
    return [
        f"try: rows = [({row},) {' '.join(unpacked.loops)} if {' and '.join(unpacked.tests)}] if {alike} else ()",
        "except UNUSUAL: rows = ()",
        f"made = [{pieces}] if len(rows) == {many} else ()",
        f"size = length(made, {ends} * {many}) if made else 0",
        "if size:",
        *(f"    {line[:-1]}{many}" for line in one.tallies),
        *([f"    numbered += {one.numbered} * {many}"] if one.numbered else []),
        *("    " + line for line in one.after),
        "    more(made)",
        f"    runs.setdefault({about!r}, []).append(Run({held}, {columns}, rows, size))",
    ]


class _One:
    """The code of one object, sorted: the texts that it puts, with their values in them, what it counts, what is so after it."""

    def __init__(self, code: list[str]) -> None:
        self.puts: list[str] = []
        self.tallies: list[str] = []
        self.after: list[str] = []
        self.numbered = 0  # levels of a tree
        self.more = False  # there is something else
        texts: dict[str, str] = {}
        for line in code:
            if line.startswith("put("):
                self.puts.append(_NAME.sub(lambda m: texts.get(m[1], m[0]), line[4:-1]))
            elif line == "numbered += 1":
                self.numbered += 1
            elif made := _LEVEL.fullmatch(line):
                texts[made[1]] = f"{{n + {self.numbered - 1}}}" if self.numbered > 1 else "{n}"
            elif made := _PREFIXED.fullmatch(line):
                texts[made[1]] = f"{made[2]}{{{made[3]}}}"
            elif made := _DAY.fullmatch(line):
                texts[made[1]] = f"{{{made[2]}[:4]}}{{{made[2]}[5:7]}}{{{made[2]}[8:]}}"
            elif _TALLY.fullmatch(line):
                self.tallies.append(line)
            elif _AFTER.fullmatch(line):
                self.after.append(line)
            else:
                self.more = True


def length(d: Delimiters) -> Callable[[list[str], int], int]:
    """A function that answers how many characters so many segments are with their ends, or 0 where they are not so many."""
    end = d.segment + d.tail

    def size(pieces: list[str], many: int) -> int:
        text = end.join([*pieces, ""])
        return len(text) if text.count(end) == many else 0

    return size


_HELD = re.compile(r"\{(v[0-9]+)\b")
_NAME = re.compile(r"\{(\w+)\}")
_LEVEL = re.compile(r"(k[0-9]+) = numbered")
_PREFIXED = re.compile(r"(s[0-9]+) = '(\w*)' \+ (v[0-9]+)")
_DAY = re.compile(r"(s[0-9]+) = (v[0-9]+)\.replace\('-', ''\)")
_TALLY = re.compile(r"t_\w+ \+= 1")
_AFTER = re.compile(r"n[0-9]+ = ''")
