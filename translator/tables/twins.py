"""Who answers whom: in goes an order or a line as an answer names it, out comes the one that it means among those there are.

An order is known by number and release, a line by ``line``, or by its ids where it has no ``line``. What is the same
apart from punctuation, blanks and zeros before it is found too; that it is not the same is for ``carry`` to say.
Nothing is guessed: where several fit, all of them come out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from translator.tables.paths import nothing

Json = dict[str, Any]

_MARKS = re.compile(r"[^0-9A-Za-z]+")
# A confirmation says its order once more, with another purpose.
_CONTENT_APART = frozenset({"envelope", "purpose", "erp", "derived", "findings", "residue"})


def label(order: Json) -> str:
    """What people call an order."""
    release = order.get("release")
    return str(order.get("number", "without number")) + ("" if nothing(release) else f" release {release}")


def twin_orders(named: Json, orders: Iterable[Json]) -> list[Json]:
    """The orders that an answer may mean by number and release; one order that was given twice is one."""
    known = [order for order in orders if isinstance(order, dict)]
    number, release = named.get("number"), named.get("release")
    if nothing(number):
        found = known if len(known) == 1 else []
    else:
        found = _called(number, known, "number")
    if nothing(release):
        found = [order for order in found if nothing(order.get("release"))] or found
    else:
        found = _called(release, found, "release")
    return _distinct(found)


class Lines:
    """The lines of an order, or the parts of one of its lines, to be found by an answer's."""

    def __init__(self, lines: Any) -> None:
        self.lines: list[Json] = [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
        self.exact: dict[str, list[Json]] = {}
        self.loose: dict[str, list[Json]] = {}
        for line in self.lines:
            name = line.get("line")
            if isinstance(name, str):
                self.exact.setdefault(name, []).append(line)
            if not nothing(name):
                self.loose.setdefault(bare(name), []).append(line)

    def twins(self, named: Json) -> list[Json]:
        """The lines that may be meant; none where nothing is named."""
        name, ids = named.get("line"), named.get("ids")
        ids = {key: value for key, value in ids.items() if not nothing(value)} if isinstance(ids, dict) else {}
        if nothing(name):
            return [line for line in self.lines if alike(line, ids)] if ids else []
        found = self.exact.get(name, []) if isinstance(name, str) else []
        if not found:
            found = self.loose.get(bare(name), [])
            found = found if len({str(line["line"]) for line in found}) == 1 else []
        return [line for line in found if alike(line, ids)] or found if len(found) > 1 else found


def bare(value: Any) -> str:
    """A number or name without what gets lost or added on the way: marks, blanks, zeros before it, small letters."""
    text = _MARKS.sub("", str(value)).upper()
    return text.lstrip("0") or text[:1]


def _called(value: Any, orders: list[Json], key: str) -> list[Json]:
    """The orders whose ``key`` is the value; else those where it is nearly so, if those agree."""
    exact = [order for order in orders if order.get(key) == value]
    if exact:
        return exact
    near = [order for order in orders if not nothing(order.get(key)) and bare(order[key]) == bare(value) != ""]
    return near if len({str(order[key]) for order in near}) == 1 else []


def alike(line: Json, ids: Json) -> bool:
    """Whether a line may be the one that ids name: one in common, and none that contradicts."""
    theirs = line.get("ids")
    shared = [key for key in ids if not nothing(theirs.get(key))] if isinstance(theirs, dict) else []
    return bool(shared) and isinstance(theirs, dict) and all(theirs[key] == ids[key] for key in shared)


def another(line: Mapping[str, Any], named: Mapping[str, Any]) -> bool:
    """Whether what is named for a line bears the numbers of another item: an id that is not the line's, where the line has one."""
    theirs, ids = line.get("ids"), named.get("ids")
    if not isinstance(theirs, dict) or not isinstance(ids, dict):
        return False
    return any(not nothing(ids[key]) and theirs[key] != ids[key] for key in ids.keys() & theirs.keys())


def _distinct(orders: list[Json]) -> list[Json]:
    """Orders that say the same are one: the one that was given last."""
    found: list[tuple[Json, Json]] = []
    for order in orders:
        content = {key: value for key, value in order.items() if key not in _CONTENT_APART}
        found = [(other, one) for other, one in found if other != content] + [(content, order)]
    return [one for _, one in found]
