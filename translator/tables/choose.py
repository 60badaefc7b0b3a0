"""Which table for which set: envelope and first segments in, the name of a table (or none) and a finding out.

The rows of the partners' ``partner.toml`` are asked in order; the first that fits wins. A sender in no row (for a set of
ours: a receiver) is read by the only guide that there is for the set, and a warning says so. Nothing is ever guessed
between two guides.
"""

from __future__ import annotations

from pathlib import Path

from attrs import define

from translator.tables.load import load
from translator.tables.partner import guides
from translator.tables.table import Table


@define(eq=False, repr=False)
class Choice:
    """A table, or None with ``why``; ``stranger``: the sender is in no row, ``slip``: the set's number must be wrong.

    ``accepted``: the set is kept as text, as the partner's file says, and there is nothing to tell. ``cause`` says in one word
    why there is no table: ``known`` (a row of the partner's file keeps the set as text), ``slip``, ``release``, ``unknown``.
    """

    table: Table | None
    why: str = ""
    stranger: bool = False
    slip: bool = False
    accepted: bool = False
    cause: str = ""


def choose(isa: list[str], group: list[str], set_id: str, second: list[str], mappings: Path | None = None) -> Choice:
    """The table for a set. ``second`` is the segment after ST, which tells a set's kind (``BEG02``).

    The group's release (GS08) must begin with the table's.
    """
    release = group[8] if len(group) > 8 else ""
    senders = {isa[5].strip(), group[2].strip() if len(group) > 2 else ""}
    receivers = {isa[7].strip(), group[3].strip() if len(group) > 3 else ""}
    rows = [g for g in guides(mappings) if g.set_id == set_id]
    for guide in rows:
        if (senders & set(guide.senders) or receivers & set(guide.receivers)) and _fits(guide.when, second):
            if guide.accepted:
                return _slipped(group, mappings) or Choice(None, guide.why, accepted=True, cause="known")
            if not guide.table:
                return Choice(None, guide.why or "the partner's file says so", cause="known")
            return _released(guide.table, release, mappings, stranger=False)
    tables = {g.table for g in rows if g.table}
    if len(tables) == 1:
        return _released(tables.pop(), release, mappings, stranger=True)
    if tables:
        return Choice(None, "several guides could read it", cause="unknown")
    slipped = _slipped(group, mappings) if not rows or all(guide.accepted for guide in rows) else None
    return slipped or Choice(None, "none is shipped for it", cause="unknown")


def _slipped(group: list[str], mappings: Path | None) -> Choice | None:
    """A group says by its kind which set it holds: another number in it is a slip, and an order must not pass as raw text."""
    for guide in guides(mappings):
        if guide.table and (table := load(guide.table, mappings)).group == (group[1] if len(group) > 1 else ""):
            why = f"GS01 {table.group} means set {table.set_id}, so ST01 is probably mistyped"
            return Choice(None, why, slip=True, cause="slip")
    return None


def _released(name: str, release: str, mappings: Path | None, *, stranger: bool) -> Choice:
    table = load(name, mappings)
    if release and not release.startswith(table.release):
        return Choice(None, f"its release is {release[:12]}, the table {name} reads {table.release}", cause="release")
    return Choice(table, stranger=stranger)


def _fits(when: tuple[str, ...], second: list[str]) -> bool:
    if not when:
        return True
    tag, number = when[0][:-2], int(when[0][-2:])
    return bool(second) and second[0] == tag and number < len(second) and second[number] in when[1:]
