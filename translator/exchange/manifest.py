"""A document beside its orders: an acknowledgment, shipment or invoice and canonical orders go in, what it says of them comes out.

Each item with the line of the order that it is of, the cartons and their labels, bills of lading, dates. Orders are known by
number and release, lines by number, or by item numbers that only one line has. A document may hold anything: what has another
shape than expected is not there. Nothing is judged or changed here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import define, field

from translator.documents.derive import WINDOWS
from translator.documents.parts import day
from translator.tables.amounts import EXACT, number

Json = Mapping[str, Any]
Key = tuple[str, str]

_MOST_CARTONS = 9_999_999  # X12, TD102: seven digits
_BILLS = ("bill_of_lading", "master_bill_of_lading")


@define(eq=False)
class Item:
    """So much of a line in the document: where, what it says, in which carton, of which order and line."""

    path: str
    said: Json
    carton: str
    order: Key
    line: Json

    @property
    def key(self) -> tuple[str, str, str]:
        """Number and release of the order, and the line."""
        return (*self.order, str(self.line.get("line", "")))


@define(eq=False)
class Manifest:
    """What a document says of its orders."""

    document: Json
    orders: Sequence[Json]
    known: dict[Key, Json] = field(init=False)
    items: list[Item] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.known = {key(order): order for order in self.orders}
        self.items = [item for place, part, order in self.answered() for item in _items(place, part, order)]

    @property
    def kind(self) -> str:
        """Which document it is."""
        return str(self.document.get("document", ""))

    @property
    def delivery(self) -> str:
        """How the first of its orders is delivered, as ``derived`` has it; "" where that is not known."""
        first = next(self.answered(), None)
        return str(mapping(first[2].get("derived")).get("delivery", "")) if first else ""

    def parts(self) -> list[tuple[str, Json]]:
        """Where the document speaks of an order; an invoice is all of one."""
        if "orders" in self.document:
            return [(f"orders[{n}].", part) for n, part in enumerate(mappings(self.document["orders"]))]
        return [("", self.document)]

    def answered(self) -> Iterator[tuple[str, Json, Json]]:
        """Each order that the document speaks of: the place, what it says, the order."""
        return ((place, part, self.known[key(part)]) for place, part in self.parts() if key(part) in self.known)

    def lines(self) -> dict[tuple[str, str, str], list[Item]]:
        """The items of each line, wherever they are packed."""
        found: dict[tuple[str, str, str], list[Item]] = {}
        for item in self.items:
            found.setdefault(item.key, []).append(item)
        return found

    def cartons(self) -> int:
        """How many cartons: those with a label, or as many as the document says where that is more."""
        parts = [part for _, part in self.parts()]
        return max(sum(len(labels(part)) for part in parts), sum(counted(part) or 0 for part in parts))

    def date(self, name: str, place: str, part: Json) -> tuple[str, datetime.date | None]:
        """A date (``ship_date``, ``delivery_date``) of what is said of an order, else of the whole document: where, and when."""
        if name in part:
            return f"{place}{name}", day(text(part[name]))
        return name, day(text(self.document.get(name)))

    def serials(self) -> Iterator[tuple[str, str]]:
        """The SSCCs of pallets and cartons, with their places."""
        spots = [("pallets", self.document.get("pallets")), *((f"{place}packs", part.get("packs")) for place, part in self.parts())]
        for place, held in spots:
            for n, holder in enumerate(mappings(held)):
                if sscc := text(holder.get("sscc")):
                    yield f"{place}[{n}].sscc", sscc

    def ladings(self) -> dict[str, str | None]:
        """The numbers of the bill of lading and of the master bill, by their paths."""
        held = mapping(self.document.get("references"))
        return {f"references.{name}.id": text(mapping(held.get(name)).get("id")) for name in _BILLS}


def key(holder: Json) -> Key:
    """What an order is known by: number, and release ("" without one)."""
    return str(holder.get("number", "")), str(holder.get("release") or "")


def window(order: Json, kind: str) -> tuple[datetime.date | None, datetime.date | None]:
    """The first and the last day of an order's window of a kind (``ship``, ``deliver``)."""
    first, last = next((first, last) for one, first, last in WINDOWS if one == kind)
    return _dated(order, first), _dated(order, last)


def total(items: list[Item]) -> Decimal | None:
    """The quantities of items together; None where one has none."""
    found = Decimal(0)
    for item in items:
        quantity = number(item.said.get("quantity"))
        if quantity is None:
            return None
        found = EXACT.add(found, quantity)
    return found


def units(line: Json) -> Decimal | None:
    """Units in a carton of a line: packs times inner packs, where the line has one pack."""
    packs = mappings(line.get("packs"))
    outer, inner = (packs[0].get("pack"), packs[0].get("inner_pack", 1)) if len(packs) == 1 else (None, None)
    if type(outer) is not int or type(inner) is not int or outer < 1 or inner < 1:
        return None
    return Decimal(outer * inner)


def labels(part: Json) -> list[str]:
    """What tells the cartons of an order apart: the SSCC, or the tracking number of a parcel."""
    found = (text(pack.get("sscc")) or text(pack.get("tracking")) for pack in mappings(part.get("packs")))
    return [label for label in found if label]


def counted(part: Json) -> int | None:
    """How many cartons of an order the document says there are; what can be no such count is not there."""
    said = part.get("cartons")
    return said if type(said) is int and 0 <= said <= _MOST_CARTONS else None


def text(value: object) -> str | None:
    """A text that says something, or None."""
    return value if isinstance(value, str) and value else None


def mapping(value: object) -> Json:
    """An object; what is none says nothing."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> list[Json]:
    """A list of objects; what else stands in it is an object that says nothing."""
    return [mapping(item) for item in value] if isinstance(value, list) else []


def _items(place: str, part: Json, order: Json) -> Iterator[Item]:
    """What is said of an order's lines: in cartons (a shipment), in answers (an acknowledgment), or as they are."""
    spots: list[tuple[str, Json, str, Json]] = []  # where, what is said, the carton, what names the line
    for n, pack in enumerate(mappings(part.get("packs"))):
        held = enumerate(mappings(pack.get("items")))
        spots += [(f"packs[{n}].items[{k}]", item, f"{place}packs[{n}]", item) for k, item in held]
    for n, line in enumerate(mappings(part.get("lines"))):
        answers = enumerate(mappings(line.get("answers")))
        spots += [(f"lines[{n}].answers[{k}]", answer, "", line) for k, answer in answers]
        spots += [] if "answers" in line else [(f"lines[{n}]", line, "", line)]
    lines = mappings(order.get("lines"))
    numbered: dict[str, list[Json]] = {}
    for line in lines:
        numbered.setdefault(str(line.get("line", "")), []).append(line)
    for path, said, carton, named in spots:
        if (line_of := _line(named, lines, numbered)) is not None:
            yield Item(f"{place}{path}", said, carton, key(order), line_of)


def _line(named: Json, lines: list[Json], numbered: Mapping[str, list[Json]]) -> Json | None:
    """The line of the order that is meant."""
    if named.get("line") is not None:
        found = numbered.get(str(named["line"]), [])
    else:
        ids = mapping(named.get("ids"))
        found = [line for line in lines if ids and ids.items() <= mapping(line.get("ids")).items()]
    return found[0] if len(found) == 1 else None


def _dated(order: Json, name: str) -> datetime.date | None:
    return day(text(mapping(mapping(order.get("dates")).get(name)).get("date")))
