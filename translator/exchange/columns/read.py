"""A file of the ERP's into documents: a table and bytes in, the documents and their findings out, each value with its cell.

Rows of one document need not stand together: the key columns say what belongs together. A document with a bad row is not
given, and none is when a row cannot be told to any: never half a delivery. Nothing is looked up in an order here.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from attrs import define, field

from translator.documents.places import Draft, Step, address, text_of
from translator.exchange.columns.cells import decode, doubtful
from translator.exchange.columns.damage import Fault
from translator.exchange.columns.sheet import Row, Sheet, sheet
from translator.exchange.columns.table import Column, ColumnTable
from translator.findings import ERROR, Finding, finding, has_errors


class Cell(NamedTuple):
    """A place in the file: the row as an editor counts lines, and the column's name; "" for the row itself."""

    line: int
    column: str


@define(eq=False, repr=False)
class Delivery:
    """A document, the cell that each of its places came from, and the rows that it was made of."""

    document: dict[str, Any]
    source: dict[str, Cell]
    lines: tuple[int, ...]

    def told(self, found: Finding) -> Finding:
        """A finding about the document, told by row and column: the cell of its path, or of the nearest place around it."""
        path = (found.path or "").removeprefix("$").lstrip(".")
        while path and path not in self.source:
            path = re.sub(r"(?:\.?[^.\[\]]+|\[[^\]]*\])\Z", "", path)
        cell = self.source.get(path) or Cell(self.lines[0], "")
        return found.having(line=cell.line, ref=cell.column or found.ref)


@define(eq=False, repr=False)
class Delivered:
    """What a file brought: the ``documents`` that are whole, what was found, and the rows of each document ``held`` back."""

    documents: list[Delivery] = field(factory=list)
    findings: list[Finding] = field(factory=list)
    held: list[tuple[int, ...]] = field(factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was held back."""
        return not has_errors(self.findings)


def read(table: ColumnTable, data: bytes) -> Delivered:
    """The documents of a file that a column table describes. Findings point to rows and columns (``line`` and ``ref``)."""
    return gathered(table, sheet(table, data))


def gathered(table: ColumnTable, rows: Sheet) -> Delivered:
    """The same of rows that were cut already."""
    if rows.broken:
        return Delivered(findings=rows.findings)
    gathering = _Gathering(table, list(rows.findings))
    for row in rows.rows:
        gathering.take(row)
    return gathering.delivered()


@define(eq=False, repr=False)
class _Object:
    """An object that rows speak of: what its columns said, and the objects below it."""

    line: int
    said: dict[str, tuple[Any, int]] = field(factory=dict)
    below: dict[tuple[Any, ...], _Object] = field(factory=dict)
    bad: bool = False


@define(eq=False, repr=False)
class _Document:
    top: _Object
    lines: list[int] = field(factory=list)
    rows: dict[tuple[str, ...], int] = field(factory=dict)
    bad: bool = False


@define(eq=False, repr=False)
class _Gathering:
    table: ColumnTable
    findings: list[Finding]
    documents: dict[tuple[str, ...], _Document] = field(factory=dict)
    strays: list[Row] = field(factory=list)
    _values: dict[str, Any] = field(factory=dict)
    _last: dict[str, tuple[str, Any, Fault | None]] = field(factory=dict)

    # --- a row --------------------------------------------------------------------------------------------------------

    def take(self, row: Row) -> None:
        """Add a row to the document that its keys name."""
        if row.ragged:
            self.findings.append(row.ragged)
            self.strays.append(row)
            return
        faults = self.faults(row)
        self.findings += faults.values()
        keys = self.table.keys(0)
        if any(c.name in faults and faults[c.name].severity == ERROR for c in keys):
            self.strays.append(row)
            return
        key = tuple(row.texts.get(c.name, "") for c in keys)
        document = self.documents.setdefault(key, _Document(_Object(row.line)))
        document.lines.append(row.line)
        document.bad = document.bad or any(f.severity == ERROR for f in faults.values())
        self.place(document, row)

    def faults(self, row: Row) -> dict[str, Finding]:
        """Decode the cells of a row: what is wrong, by column; the values are kept for ``place``."""
        self._values = {}
        found: dict[str, Finding] = {}
        reached = self.reached(row)
        for column in self.table.in_file:
            text = row.texts.get(column.name, "")
            if column.constant:
                if text != column.value:
                    found[column.name] = self.about("cell-constant", row.line, column, text, expected=column.value)
            elif not text:
                if column.required and column.level <= reached and not any(row.texts.get(other) for other in column.unless):
                    found[column.name] = self.about("cell-missing", row.line, column, expected=_others(column))
            else:
                value, fault = self.value(column, text)
                if fault:
                    found[column.name] = self.about(fault.code, row.line, column, text, expected=fault.expected)
                self._values[column.name] = value
        return found

    def value(self, column: Column, text: str) -> tuple[Any, Fault | None]:
        """The value of a cell and what is wrong with it; what is repeated from row to row is looked at once."""
        last = self._last.get(column.name)
        if last is None or last[0] != text:
            value, fault = decode(self.table.form, column, text)
            last = self._last[column.name] = (text, value, fault or doubtful(column, text))
        return last[1], last[2]

    def reached(self, row: Row) -> int:
        """The level of the innermost object that a row speaks of."""
        if self.table.without != "row":
            return self.table.depth
        return max((c.level for c in self.table.said if row.texts.get(c.name)), default=0)

    def place(self, document: _Document, row: Row) -> None:
        """Put the values of a row into the objects that its keys name."""
        here, reached = document.top, self.reached(row)
        inmost = bool(self.table.keys(self.table.depth))
        whole = tuple(row.texts.get(c.name, "") for c in self.table.in_file)
        if not inmost and whole in document.rows:
            before = document.rows[whole]
            self.findings.append(finding("row-doubled", line=row.line, ref=f"Row {row.line}", expected=str(before)))
        document.rows.setdefault(whole, row.line)
        self.say(document, here, row, 0)
        for level in range(1, reached + 1):
            keys = self.table.keys(level)
            key: tuple[Any, ...] = tuple(row.texts.get(c.name, "") for c in keys) if keys else (row.line,)
            before_ = here.below.get(key)
            if level == self.table.depth and before_ is not None:
                names = " and ".join(c.name for c in keys)
                value = ", ".join(key)
                about = {"ref": names, "value": value, "expected": str(before_.line), "rule": keys[0].rule}
                self.findings.append(finding("row-repeated", line=row.line, **about))
                document.bad = True
                return
            here = here.below.setdefault(key, _Object(row.line))
            self.say(document, here, row, level)

    def say(self, document: _Document, here: _Object, row: Row, level: int) -> None:
        """What the columns of a level say of an object: the same in every row of it, or nothing."""
        for column in self.table.of[level]:
            value = self._values.get(column.name)
            if value is None:
                continue
            before, line = here.said.setdefault(column.name, (value, row.line))
            if before != value:
                text, expected = row.texts[column.name], f'"{before}" in row {line}'
                self.findings.append(self.about("row-contradicts", row.line, column, text, expected=expected))
                document.bad = True

    def about(self, code: str, line: int, column: Column, value: str | None = None, expected: str = "") -> Finding:
        """A finding about a cell."""
        return finding(code, line=line, ref=column.name, value=value, expected=expected, rule=column.rule)

    # --- all rows -----------------------------------------------------------------------------------------------------

    def delivered(self) -> Delivered:
        """The documents, but for those with an error, and none when a row's document cannot be told."""
        lost = False
        held: list[tuple[int, ...]] = []
        for row in self.strays:
            owners = self.owners(row)
            for owner in owners:
                owner.bad = True
                owner.lines.append(row.line)
            if not owners:
                held.append((row.line,))
                lost = True
        if lost and self.documents:
            first = next(row for row in self.strays if (row.line,) in held)
            self.findings.append(finding("row-stray", line=first.line, ref=f"Row {first.line}"))
        self.unsure()
        made = Delivered(findings=self.findings)
        for document in self.documents.values():
            delivery = self.made(document)
            if lost or document.bad:
                held.append(tuple(sorted(document.lines)))
            else:
                made.documents.append(delivery)
        made.held = held
        made.findings.sort(key=lambda f: f.line or 0)
        return made

    def owners(self, row: Row) -> list[_Document]:
        """The documents that a row with a broken key, or of another length, belongs to by the keys that it has."""
        texts = []
        for column in self.table.keys(0):
            text = row.texts.get(column.name, "")
            sound = bool(text) and decode(self.table.form, column, text)[1] is None
            texts.append(text if sound else "")
        if not any(texts):
            return []
        fits = [key for key in self.documents if all(not said or said == has for said, has in zip(texts, key, strict=True))]
        return [self.documents[key] for key in fits]

    def unsure(self) -> None:
        """Hold documents that may be one: their keys agree, but for some that only one of them has."""
        named: dict[tuple[int, str], list[tuple[str, ...]]] = {}
        for key in self.documents:
            for n, text in enumerate(key):
                named.setdefault((n, text), []).append(key)
        for key, document in self.documents.items():
            said = [(n, text) for n, text in enumerate(key) if text]
            for other in named[said[0]] if said and len(said) < len(key) else ():
                gap = next((n for n, text in enumerate(other) if text and not key[n]), None)
                if gap is not None and all(text in (other[n], "") or not other[n] for n, text in enumerate(key)):
                    twin = self.documents[other]
                    expected = str(twin.top.line)
                    self.findings.append(self.about("row-unsure", document.top.line, self.table.keys(0)[gap], expected=expected))
                    document.bad = twin.bad = True

    def made(self, document: _Document) -> Delivery:
        """The JSON of a document, and where each of its places came from."""
        source: dict[str, Cell] = {}
        content = self.json(document, document.top, 0, "", source)
        return Delivery({"document": self.table.document, **content}, source, tuple(sorted(document.lines)))

    def json(self, document: _Document, here: _Object, level: int, prefix: str, source: dict[str, Cell]) -> dict[str, Any]:
        """The JSON of an object and of those below it."""
        draft = Draft()
        columns = [c for c in self.table.of[level] if c.name in here.said]
        for column in columns:
            draft.put(column.path, here.said[column.name][0])
        for column in self.table.fixed:
            if column.level == level:
                draft.put(column.path, column.value)
        for place, number in draft.gaps():
            gap = next(c for c in self.table.of[level] if f"{place}[{number}]" in text_of(c.path))
            self.findings.append(self.about("cell-gap", here.line, gap))
            document.bad = True
        made = draft.made()
        source[prefix.rstrip(".")] = Cell(here.line, "")
        for column in columns:
            cell = Cell(here.said[column.name][1], column.name)
            *around, place = column.places or [address(made, column.path[: n + 1]) for n in range(len(column.path))]
            for outer in around:
                source.setdefault(prefix + outer, cell)
            source[prefix + place] = cell
        if here.below:
            *through, last = self.table.levels[level]
            holder = made
            for step in through:
                holder = holder.setdefault(step.name, {}) if step.index is None else holder.setdefault(step.name, [{}])[0]
            listed = prefix + text_of((*through, Step(last.name)))
            holder[last.name] = [
                self.json(document, below, level + 1, f"{listed}[{n}].", source) for n, below in enumerate(here.below.values())
            ]
        return made


def _others(column: Column) -> str:
    return f"a value, here or in {' or '.join(column.unless)}" if column.unless else "a value"
