"""Documents into a file for the ERP: a table and documents in, bytes and findings out; one row for each innermost object.

Nothing is cut, rounded or altered: a value that the file cannot hold, or that would not come back the same, is an error, and
then there are no bytes. Published is the file by others; here is only what it is called.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, field

from translator.documents.places import Step, address, chosen, get, steps, text_of
from translator.exchange.columns.cells import encode, formula
from translator.exchange.columns.sheet import heading, written
from translator.exchange.columns.table import Column, ColumnTable
from translator.findings import ERROR, Finding, finding, has_errors

_SAFE = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,39}")


@define(eq=False, repr=False)
class Written:
    """The bytes of a file, or None where there are errors, and what was found."""

    data: bytes | None
    findings: list[Finding]

    @property
    def ok(self) -> bool:
        """Whether there is a file."""
        return self.data is not None


def write(table: ColumnTable, documents: Iterable[dict[str, Any]]) -> Written:
    """One file of these documents, its header first. Raises ``ValueError`` for a document of another kind than the table's."""
    report: list[Finding] = []
    parts = [heading(table)]
    walk = _Walk(table, report)
    for document in documents:
        parts += [written(table.form, table.in_file, cells) for cells in walk.rows(document)]
    return Written(None if has_errors(report) else b"".join(parts), report)


def rows(table: ColumnTable, document: dict[str, Any], report: list[Finding]) -> Iterator[list[str]]:
    """The cells of each row of one document, in the order of the table's columns; what is found is added to ``report``."""
    return _Walk(table, report).rows(document)


def file_name(table: ColumnTable, document: dict[str, Any] | None = None, stamp: str = "") -> str:
    """What the file is called: the table's ``name``, its places filled. Made of letters, digits, point, hyphen and underscore.

    A value with other characters, or too long, is replaced by its safe ones and a hash, so that no two values share a name.
    """

    def filled(found: re.Match[str]) -> str:
        value = stamp if found[1] == "stamp" else get(document, steps(found[1]))
        return _safe("" if value is None else str(value))

    return re.sub(r"\{([a-z_.]+)\}", filled, table.form.name)


def trigger_name(table: ColumnTable, name: str) -> str:
    """The empty file that tells the ERP that ``name`` is there, published after it; "" where the table wants none."""
    return table.form.trigger.replace("{name}", name)


def _safe(value: str) -> str:
    if _SAFE.fullmatch(value) and ".." not in value and not value.endswith("."):
        return value
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return "-".join(word for word in (re.sub(r"[^A-Za-z0-9]+", "-", value)[:20].strip("-"), digest) if word)


@define(eq=False, repr=False)
class _Walk:
    table: ColumnTable
    report: list[Finding]
    seen: set[tuple[Any, ...]] = field(factory=set)

    def rows(self, document: dict[str, Any]) -> Iterator[list[str]]:
        """The rows of a document; its objects are known by their keys, also among the documents before."""
        if document.get("document") != self.table.document:
            raise ValueError(f"{self.table.file} is for documents of the kind {self.table.document!r}")
        return self.below(document, 0, "", {}, self.seen)

    def below(
        self, holder: dict[str, Any], level: int, prefix: str, texts: dict[str, str], seen: set[tuple[Any, ...]]
    ) -> Iterator[list[str]]:
        """The rows of an object; ``texts`` are the cells of the objects around it."""
        texts = self.cells(holder, level, prefix, texts)
        keys = self.table.keys(level)
        key = tuple(texts[c.name] for c in keys)
        if keys and key in seen:
            about = {"path": prefix.rstrip(".") or "$", "ref": " and ".join(c.name for c in keys), "value": ", ".join(key)}
            self.report.append(finding("row-merged", rule=keys[0].rule, **about))
        seen.add(key)
        if level == self.table.depth:
            yield [c.value if c.constant else texts.get(c.name, "") for c in self.table.in_file]
            return
        *through, last = self.table.levels[level]
        entries = get(holder, (*through, Step(last.name)))
        place = prefix + text_of((*through, Step(last.name)))
        if not isinstance(entries, list):
            if self.table.without == "row":
                yield [c.value if c.constant else texts.get(c.name, "") for c in self.table.in_file]
            elif self.table.without == "refuse":
                self.report.append(finding("row-none", path=place, rule=f"{self.table.file} `without`"))
            return
        inside: set[tuple[Any, ...]] = set()
        for n, entry in enumerate(entries):
            yield from self.below(entry if isinstance(entry, dict) else {}, level + 1, f"{place}[{n}].", texts, inside)

    def cells(self, holder: dict[str, Any], level: int, prefix: str, around: dict[str, str]) -> dict[str, str]:
        """The texts of the columns that speak of an object of this level, with those ``around`` it."""
        columns = self.table.of[level]
        found = dict(around)
        for column in columns:
            value = get(holder, column.path)
            found[column.name] = "" if value is None else self.cell(column, value, holder, prefix)
            if value is None and column.required and not any(get(holder, o.path) for o in columns if o.name in column.unless):
                self.add("cell-missing", column, prefix + address(holder, column.path), None, "a value")
        for column in self.table.fixed:
            value = get(holder, column.path) if column.level == level else None
            if value not in (None, column.value):
                expected = f'"{column.value}", which the table takes for granted'
                self.add("cell-unfit", column, prefix + address(holder, column.path), value, expected)
        for shown in self.table.lists:
            entries = get(holder, shown.path) if shown.level == level else None
            count = len(chosen(entries, shown.step) if shown.step.codes else entries or ())
            if count > shown.most:
                through = text_of((*shown.path[:-1], shown.step))
                rows = level < self.table.depth and text_of(self.table.levels[level]).startswith(f"{through}.")
                said = f"{count}, and {shown.most} shown"
                self.add("cell-more", shown.column, prefix + text_of(shown.path), None, said, ERROR if rows else None)
        return found

    def cell(self, column: Column, value: Any, holder: dict[str, Any], prefix: str) -> str:
        """The text of a value, and what is to be said of it."""
        text, fault = encode(self.table.form, column, value)
        if fault:
            self.add(fault.code, column, prefix + address(holder, column.path), value, fault.expected)
        elif formula(column, text):
            self.add("cell-formula", column, prefix + address(holder, column.path), value, "")
        return text

    def add(self, code: str, column: Column, path: str, value: Any, expected: str, level: str | None = None) -> None:
        about = {"path": path, "ref": column.name or None, "expected": expected, "rule": column.rule}
        self.report.append(finding(code, level=level, value=None if value is None else str(value), **about))
