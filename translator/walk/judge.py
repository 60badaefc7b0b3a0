"""The judge of what is written: a document and what its set, read back, says; out come the places where they differ.

Before that, what no row can see: numbers of cartons that come twice, amounts that do not follow from the lines.
What a document left out may have been worked out by the writer; what stands apart (the ERP's own, what is for reading
only) and what the table sets aside has no place in X12. Nothing is written or read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from translator.findings import Finding, finding
from translator.tables.amounts import held
from translator.tables.reckon import holders, values
from translator.tables.sscc import faults as label_faults
from translator.tables.table import Path, Table, path_text

Json = dict[str, Any]
Difference = tuple[str, Any, Any]  # path, mine, theirs; None stands for what is not there

# Kept through every step, and never written by a row: the ERP's own, what is for reading only, and what was found.
APART = frozenset({"document", "partner", "guide", "envelope", "erp", "derived", "findings", "residue"})
_INDEX = re.compile(r"\[[0-9]+\]")


def faults(table: Table, document: Json, *, quick: bool) -> Iterator[Finding]:
    """What keeps a document from being sent that no row sees: a carton's number used twice, an amount that does not follow.

    ``quick`` leaves out what reading back sees as well, or ``Once``.
    """
    if table.tree and not quick:
        yield from label_faults(document)
    if any(e.reckon[0] == "amount" for _, _, e in table.reckonings):
        yield from held(document, table.price_bases)


class Once:
    """Numbers that may be written once and stand in two documents: a shipment's, an invoice's, a carton's."""

    def __init__(self) -> None:
        self.seen: dict[str, dict[str, int]] = {}  # path -> number -> which document has it
        self.documents = 0
        self.noted: dict[str, list[Any]] = {}  # numbers by what they are called

    def note(self, table: Table, document: Json) -> None:
        """Take the numbers of one more document, for ``twice``."""
        for path in table.onces:
            self.noted.setdefault(path.rpartition(".")[2], []).extend(values(document, path))

    def twice(self) -> bool:
        """Whether some number was noted that is another's, too, of a document before or of its own."""
        for numbers in self.noted.values():
            known = [number for number in numbers if isinstance(number, str)]
            if len(set(known)) < len(known):
                return True
        return False

    def again(self, table: Table, document: Json, place: str) -> Iterator[Finding]:
        """The first number of one more document that one before has, too: one word for all of them."""
        said = False
        for path in table.onces:
            known = self.seen.setdefault(path, {})
            mine = dict.fromkeys([value for value in values(document, path) if isinstance(value, str)], self.documents)
            if not said and not known.keys().isdisjoint(mine):
                said, value = True, next(value for value in mine if value in known)
                base, _, name = path.rpartition(".")
                spot = next(spot for spot, holder in holders(document, base) if holder.get(name) == value)
                expected = f"one in documents[{known[value]}]"
                yield finding("value-twice", path=f"{place}{spot}{name}", value=value, expected=expected)
            known |= mine
        self.documents += 1


def lost(table: Table, document: Json, back: Json) -> Iterator[Difference]:
    """What the document says and its set, read back, does not, or the other way, apart from what the writer works out."""
    mine = {k: v for k, v in document.items() if k not in APART}
    theirs = {k: v for k, v in back.items() if k not in APART}
    if mine == theirs:
        return
    for place in table.aside:
        mine = _without(mine, place)
    made = _made(table)
    yield from _own(table, mine, theirs)
    for path, value, other in differences(mine, theirs):
        if value is None and all(_INDEX.sub("[]", leaf) in made for leaf in _leaves(path, other)):
            continue
        yield path, value, other


def differences(mine: Any, theirs: Any, path: str = "") -> Iterator[Difference]:
    """Where two documents differ. ``erp`` is the ERP's own."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for key in [*mine, *(key for key in theirs if key not in mine)]:
            if key == "erp" or (mine.get(key) is None and theirs.get(key) is None):
                continue
            yield from differences(mine.get(key), theirs.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(mine, list) and isinstance(theirs, list):
        for n in range(max(len(mine), len(theirs))):
            one, other = (items[n] if n < len(items) else None for items in (mine, theirs))
            yield from differences(one, other, f"{path}[{n}]")
    elif type(mine) is not type(theirs) or mine != theirs:
        yield path, mine, theirs


def _own(table: Table, mine: Json, theirs: Json) -> Iterator[Difference]:
    """Where what rows write of the ERP's own is not what was read: the rest of it stays at home."""
    for base, name in (path.rsplit(".", 1) for path in table.paths() if ".erp." in f".{path}"):
        back = dict(holders(theirs, f"{base}."))
        for place, holder in holders(mine, f"{base}."):
            yield from differences(holder.get(name), back.get(place, {}).get(name), f"{place}{name}")


def _made(table: Table) -> set[str]:
    """Every place that the writer may fill by itself: counts, defaults, names of forms."""
    found = set()
    for base, row in table.places():
        for e in row.elements.values():
            if e.json and ((e.make and e.mandatory) or e.default):
                found.add(base + path_text(e.json).replace("[0]", "[]"))
            if e.classify:
                found.add(base + e.classify)
    return found


def _leaves(path: str, value: Any) -> Iterator[str]:
    """The places of all values below a path."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(f"{path}.{key}", item)
    elif isinstance(value, list) and value:
        for n, item in enumerate(value):
            yield from _leaves(f"{path}[{n}]", item)
    else:
        yield path


def _without(holder: Any, path: Path) -> Any:
    """A copy without what stands at a path."""
    name, kind = path[0]
    if not isinstance(holder, dict) or name not in holder:
        return holder
    rest = {key: value for key, value in holder.items() if key != name}
    if len(path) == 1:
        return rest
    below = holder[name]
    if kind and isinstance(below, list):
        made: Any = [_without(item, path[1:]) for item in below]
    else:
        made = _without(below, path[1:])
    if made == below:
        return holder
    return rest if made == {} else {**holder, name: made}
