"""Which table for which set: envelope and first segments in, the name of a table (or none) and a finding out.

The rows of the partners' ``partner.toml`` are asked in order; the first that fits wins. A sender in no row is read by
the only guide that there is for the set, and a warning says so. Nothing is ever guessed between two guides.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import define

from translator import shipped
from translator.errors import TableError
from translator.tables.load import load
from translator.tables.standard import parsed
from translator.tables.table import Table

_KEYS = {"set", "senders", "when", "table", "why"}


@define(repr=False)
class Guide:
    """A row of a partner's ``[[guides]]``: when it fits, and the table it names ("" keeps the set raw)."""

    set_id: str
    senders: tuple[str, ...]
    when: tuple[str, ...]
    table: str
    why: str


@define(eq=False, repr=False)
class Choice:
    """A table, or None with ``why``; ``stranger``: the sender is in no row, ``slip``: the set's number must be wrong."""

    table: Table | None
    why: str = ""
    stranger: bool = False
    slip: bool = False


@lru_cache(maxsize=8)
def guides(mappings: Path | None = None) -> tuple[Guide, ...]:
    """The rows of every ``partner.toml``, in order. Raises ``TableError``."""
    found = []
    for name in shipped.names("mappings", "partner.toml", mappings):
        raw = parsed(name, mappings)
        if strange := set(raw) - {"partner", "name", "guides"}:
            raise TableError(f"{name}: unknown key {sorted(strange)[0]!r}; the keys are partner, name and [[guides]]")
        for n, row in enumerate(raw.get("guides", []), 1):
            found.append(_guide(row, f"{name}, [[guides]] row {n}"))
    return tuple(found)


def _guide(row: dict[str, Any], where: str) -> Guide:
    if set(row) - _KEYS:
        raise TableError(f"{where}: the keys are {', '.join(sorted(_KEYS))}")
    for key in ("set", "when", "table", "why"):
        if not isinstance(row.get(key, "" if key != "set" else None), str):
            raise TableError(f"{where}: `{key}` must be a text")
    senders = row.get("senders", [])
    if not isinstance(senders, list) or not all(isinstance(sender, str) for sender in senders):
        raise TableError(f"{where}: `senders` must be a list of texts")
    when = row.get("when", "").split()
    if when and (len(when) < 2 or not re.fullmatch(r"[A-Z][A-Z0-9]{1,2}[0-9]{2}", when[0])):
        raise TableError(f'{where}: `when` is an element of the set\'s second segment and codes, as in "BEG02 SA"')
    return Guide(row["set"], tuple(senders), tuple(when), row.get("table", ""), row.get("why", ""))


def choose(isa: list[str], group: list[str], set_id: str, second: list[str], mappings: Path | None = None) -> Choice:
    """The table for a set. ``second`` is the segment after ST, which tells a set's kind (``BEG02``).

    The group's release (GS08) must begin with the table's.
    """
    release = group[8] if len(group) > 8 else ""
    ids = {isa[5].strip(), group[2].strip() if len(group) > 2 else ""}
    rows = [g for g in guides(mappings) if g.set_id == set_id]
    for guide in rows:
        if ids & set(guide.senders) and _fits(guide.when, second):
            if not guide.table:
                return Choice(None, guide.why or "the partner's file says so")
            return _released(guide.table, release, mappings, stranger=False)
    tables = {g.table for g in rows if g.table}
    if len(tables) == 1:
        return _released(tables.pop(), release, mappings, stranger=True)
    if tables:
        return Choice(None, "several guides could read it")
    # A group says by its kind which set it holds: another number in it is a slip, and an order must not pass as raw text.
    for guide in guides(mappings) if not rows else ():
        if guide.table and (table := load(guide.table, mappings)).group == (group[1] if len(group) > 1 else ""):
            return Choice(None, f"GS01 {table.group} means set {table.set_id}, so ST01 is probably mistyped", slip=True)
    return Choice(None, "none is shipped for it")


def _released(name: str, release: str, mappings: Path | None, *, stranger: bool) -> Choice:
    table = load(name, mappings)
    if release and not release.startswith(table.release):
        return Choice(None, f"its release is {release[:12]}, the table {name} reads {table.release}")
    return Choice(table, stranger=stranger)


def _fits(when: tuple[str, ...], second: list[str]) -> bool:
    if not when:
        return True
    tag, number = when[0][:-2], int(when[0][-2:])
    return bool(second) and second[0] == tag and number < len(second) and second[number] in when[1:]
