"""What a document comes to: totals, amounts and codes that a table works out from the rest of a document.

``settle`` puts them into a drawn document, ``lean`` takes out all that the writer fills in by itself. Both follow the table;
only the amount of an invoice is reckoned by the translator, and judged elsewhere (test_values.py).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from meaning import Json, branches, called, segments

from translator.tables.amounts import invoice_amount
from translator.tables.reckon import holders
from translator.tables.table import Element, Row, Table


def tallied(table: Table, document: Json, make: tuple[str, str]) -> int:
    """How many segments of a name a document means, or the digits of an element added up (X12 004010, DE 347)."""
    kind, of = make
    if kind == "count":
        return sum(meant.row.segment == of for meant in segments(table, document))
    tag, number = of[:-2], int(of[-2:])
    texts = [str(m.places[number, 0].value) for m in segments(table, document) if m.row.segment == tag and (number, 0) in m.places]
    return sum(int("".join(c for c in text if c.isdigit())) for text in texts) % 10**10


def comes_to(table: Table, e: Element, document: Json, holder: Json) -> str | int | None:
    """What an element that is worked out must say; None where it does not follow from the document."""
    kind, *words = e.reckon
    if kind == "amount":
        amount = invoice_amount(document, table.price_bases)
        return None if amount is None else f"{amount:f}"
    if kind == "structure":
        assert table.tree
        paths = {path for path in branches(table, document).paths() if path}
        return next((code for code, known in table.tree.structures.items() if paths and paths <= known), None)
    path = words[kind == "verdict"]
    held: list[Any] = [document if path.startswith("/") else holder]
    *steps, last = path.removeprefix("/").split(".")
    for step in steps if kind in ("sum", "verdict") else [path]:
        held = [below for one in held if step.removesuffix("[]") in one for below in one[step.removesuffix("[]")]]
    if kind == "size":
        return len(held) if held and all(any(name in one for name in words[1:]) for one in held) else None
    if kind == "sum":
        if not held or not all(last in one and all(one.get(name) == holder.get(name) for name in words[1:]) for one in held):
            return None
        total = f"{sum(Decimal(one[last]) for one in held):f}"
        return re.sub(r"\.?0*$", "", total) if "." in total else total
    said = {one[last] for one in held if last in one}
    return next((code for code, among in table.verdicts[words[0]].items() if said and (said <= among or not among)), None)


def settle(table: Table, document: Json, *, right: bool) -> None:
    """Put what the document leaves out and comes to where the writer puts it; with ``right`` also right what is wrong.

    A price basis that does not fit its unit is taken away, and numbers that come to too much are made small: such an invoice
    is not written.
    """
    for line in document["lines"] if table.price_bases else ():
        if line["unit"] not in table.price_bases.get(line.get("price_basis", ""), {}).get("units", [line["unit"]]):
            del line["price_basis"]
    if not all(_fits(e, value) for e, _, value in _worked_out(table, document) if e.level == "error"):
        for place, e in [
            (p, m.row.elements[k]) for m in segments(table, document) for k, p in m.places.items() if k in m.row.elements
        ]:
            if e.type in ("R", "N2") and not place.fixed and not e.reckon:
                place.holder[place.key] = f"{e.floor or 1:.2f}" if e.type == "N2" else "9"
    for e, holder, value in list(_worked_out(table, document)):
        name = e.json[-1][0]
        if _fits(e, value) and (right or e.level == "error" or name not in holder):
            holder[name] = value
            row = next(row for _, row, one in table.reckonings if one is e)
            for other in row.elements.values():  # the segment is written now, with what it cannot do without
                if other.json[:-1] == e.json[:-1] and other.json and other.default and other.mandatory:
                    holder.setdefault(other.json[-1][0], other.default)
    for meant in segments(table, document):
        for key, e in meant.row.elements.items():
            if e.make and key in meant.places and (right or e.level == "error"):
                value = tallied(table, document, e.make)
                meant.places[key].holder[meant.places[key].key] = value if e.type == "N0" else str(value)


def _worked_out(table: Table, document: Json) -> Iterator[tuple[Element, Json, str | int]]:
    """Elements that are worked out, the objects that have them, and what they must say where that follows."""
    for base, _, e in table.reckonings:
        for _, holder in holders(document, base):
            if (value := comes_to(table, e, document, holder)) is not None:
                yield e, holder, value


def _fits(e: Element, value: str | int) -> bool:
    """Whether the element has room for what it comes to: an invoice drawn at random may come to anything."""
    room = bool(e.codes) or e.least <= sum(c.isdigit() for c in str(value)) <= e.most
    return room and (e.floor is None or Decimal(str(value)) >= e.floor)


def lean(table: Table, document: Json) -> Json:
    """A copy without what the writer fills in by itself, wherever the document says just that."""
    document = copy.deepcopy(document)
    gone: list[tuple[Any, Any]] = []
    optional = {id(loop.trigger) for loop in table.loops() if not loop.mandatory}  # nobody begins them

    def begun(row: Row) -> bool:
        return id(row) not in optional

    for meant in segments(table, document):
        for key, place in meant.places.items():
            e = meant.row.elements.get(key)
            if e is None or place.fixed or isinstance(place.holder, list):
                continue
            called_for = e.mandatory or called(meant.row, e, frozenset(meant.places) - {key})
            if (
                (e.default and called_for and place.value == e.default)
                or (e.make and e.mandatory and begun(meant.row) and str(place.value) == str(tallied(table, document, e.make)))
                or (e.reckon and place.value == comes_to(table, e, document, place.holder))
            ):
                gone.append((place.holder, place.key))
            if e.classify:
                gone.append((place.holder, e.classify))
    for holder, key in gone:
        holder.pop(key, None)
    for name in [name for name, held in document.items() if held == {}]:
        del document[name]
    return document
