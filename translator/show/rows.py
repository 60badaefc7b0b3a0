"""Where a table's row stands in its file: a table and a row (or a carry rule) go in, file and line of the TOML come out.

Rows that were copied (``same_as``, variants told apart by a key) are found where they were written.
"""

from __future__ import annotations

import re
from pathlib import Path

from attrs import define

from translator import shipped
from translator.tables.standard import parsed
from translator.tables.table import Row, Table

_HEAD = re.compile(r"\[\[([a-z]+)\]\]")
_DEEP = 9  # files that take their lists from one another
_KEY = re.compile(r"([A-Za-z0-9_-]+) *= *(.*)")


@define(frozen=True)
class Place:
    """A file, and a line in it from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


@define(eq=False, repr=False)
class _Block:
    area: str
    line: int
    keys: dict[str, tuple[int, str]]

    def said(self, key: str) -> str:
        return self.keys.get(key, (0, ""))[1].strip("\"'")


def row_place(table: Table, row: Row, ref: str = "", mappings: Path | None = None) -> Place | None:
    """Where a row stands, or the key of one of its elements (``PO414``); None where it cannot be told."""
    own = f"mappings/{table.name}.toml"
    raw = parsed(own, mappings)
    loop, loops = row.loop, raw.get("loops", {})
    names = [loop]
    while found := next((part for part in _heads(loop) if "same_as" in loops.get(part, {})), ""):
        loop = loops[found]["same_as"] + loop.removeprefix(found)
        names.append(loop)
    twins = [
        one for one in table.rows() if (one.area, one.loop, one.segment, one.pos) == (row.area, row.loop, row.segment, row.pos)
    ]
    turn = next((n for n, one in enumerate(twins) if one is row), 0)
    files = [own]
    while isinstance(lists := parsed(files[-1], mappings).get("lists"), str) and len(files) < _DEEP:
        files.append(f"mappings/{lists}.toml")
    for file in files if row.area == "envelope" else files[:1]:
        blocks = _blocks(file, mappings)
        for name in names:
            fitting = [
                one
                for one in blocks
                if (one.area, one.said("segment"), one.said("loop"), one.said("pos")) == (row.area, row.segment, name, row.pos)
            ]
            if turn < len(fitting):
                block = fitting[turn]
                return Place(file, block.keys.get(ref, block.keys.get("pairs", (block.line, "")) if ref else (block.line, ""))[0])
    return None


def rule_place(table: Table, number: int, mappings: Path | None = None) -> Place | None:
    """Where the carry rule with this number (from 0) stands."""
    file = f"mappings/{table.name}.toml"
    rules = [one for one in _blocks(file, mappings) if one.area == "carry"]
    return Place(file, rules[number].line) if number < len(rules) else None


def field_place(table: str, number: int, mappings: Path | None = None) -> Place | None:
    """Where the row of a JSON field with this number (from 0) stands."""
    file = f"mappings/{table}.toml"
    rows = [one for one in _blocks(file, mappings) if one.area == "field"]
    return Place(file, rows[number].line) if number < len(rows) else None


def _heads(loop: str) -> list[str]:
    """A loop's name, and those of the loops around it, the longest first."""
    words = loop.split("/")
    return ["/".join(words[:n]) for n in range(len(words), 0, -1)]


def _blocks(file: str, mappings: Path | None) -> list[_Block]:
    found: list[_Block] = []
    inside = False
    for number, line in enumerate(shipped.text(file, mappings).splitlines(), 1):
        if head := _HEAD.match(line):
            found.append(_Block(head[1], number, {}))
            inside = True
        elif line.startswith("["):
            inside = False
        elif inside and (key := _KEY.match(line)):
            found[-1].keys.setdefault(key[1], (number, key[2].split(" #")[0].strip()))
    return found
