"""What codes and names in a document mean: a table goes in, meanings by the place in the JSON come out.

All words are the table's own lists; where it has none, a code stands alone and a name is told by its own letters. There
is no list here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from translator.errors import TableError
from translator.tables.load import load
from translator.tables.partner import guides
from translator.tables.standard import parsed, standard
from translator.tables.table import Table, path_text

_ABBREVIATED = {"id": "ID", "erp": "ERP", "scac": "SCAC", "sscc": "SSCC"}
_WORD = re.compile(r"[A-Za-z0-9-]+")


class Codes:
    """The meanings of codes by their path (``lines[].unit``), and of the names of maps by theirs (``dates.ship_no_later``)."""

    def __init__(self, table: Table | None, mappings: Path | None = None) -> None:
        self.meanings: dict[str, dict[str, str]] = {}
        self.names: dict[str, str] = {}
        self.items: dict[str, str] = {}
        if table is not None:
            self._learn(table)
            for number, one in standard(table.release, mappings).sets.items():  # what an acknowledgment speaks of
                self._codes("sets[].set", {number: one.name})
                self._codes("group.kind", {one.group: one.name})

    def means(self, path: str, code: str) -> str:
        """What a code means at a path; nothing where the table does not say."""
        return self.meanings.get(path, {}).get(code, "")

    def item(self, name: str) -> str:
        """An item number's name, an abbreviation spelled as the table's list spells it."""
        means = self.items.get(name, "")
        spelled = (word for word in _WORD.findall(means) if word.replace("-", "").lower() == name.replace("_", ""))
        return next(spelled, pretty(name) if "_" in name or not name.isascii() else name.upper())

    def _learn(self, table: Table) -> None:
        for row in table.envelope.values():
            for e in row.elements.values():
                self._codes(e.ref, e.codes)
        for loop in table.loops():
            if loop.json and loop.title:
                self.names.setdefault(_path(loop.json), loop.title)
        for base, row in table.places():
            if row.names is not None:
                for code, name in row.names.names.items():
                    if base.rstrip(".").endswith(f".{name}") and row.names.codes.get(code):
                        self.names.setdefault(base.rstrip("."), row.names.codes[code])
            for e in row.elements.values():
                if e.json:
                    self._codes(base + _path(e.json), e.codes)
            if p := row.pairs:
                for code, name in p.names.items():
                    self.items.setdefault(name, p.codes.get(code, ""))
                if not p.names:
                    self._codes(f"{base}{_path(p.json)}.{p.qualifier}", p.codes)

    def _codes(self, path: str, codes: dict[str, str]) -> None:
        known = self.meanings.setdefault(path, {})
        for code, meaning in codes.items():
            if meaning:
                known.setdefault(code, meaning)


def table_of(document: dict[str, object], mappings: Path | None = None) -> Table | None:
    """The table whose words a document from outside is told in: its own ``guide``, or the one that there is for its kind."""
    named, kind = document.get("guide"), document.get("document")
    try:
        if isinstance(named, str):
            return load(named, mappings)
        made = document.get("partner")
        rows = {one.table for one in guides(mappings) if one.table and made in (None, one.table.rpartition("/")[0])}
        fitting = [name for name in sorted(rows) if parsed(f"mappings/{name}.toml", mappings).get("document") == kind]
        return load(fitting[0], mappings) if len(fitting) == 1 else None
    except TableError:
        return None  # codes are then shown without words; nothing is read or judged with the table


@lru_cache(maxsize=1024)
def pretty(name: str) -> str:
    """A name of the JSON for people: ``ship_no_later`` is "Ship no later"."""
    words = [_ABBREVIATED.get(word, word) for word in name.split("_") if word]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _path(steps: tuple[tuple[str, str], ...]) -> str:
    return path_text(steps).replace("[0]", "[]")
