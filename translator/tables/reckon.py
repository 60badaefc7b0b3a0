"""What a document must come to: in go a table and a canonical document, out come values worked out, or those that differ.

Rows name them with ``make``: how many packs, the weight of all, what the answers of all lines amount to, which structure
a tree has, the amount of an invoice. Counts over segments are the reader's and the writer's own matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from translator.tables.amounts import invoice_amount, plain
from translator.tables.table import Element, Row, Table
from translator.tables.tree import structure
from translator.x12.numbers import decimal

Json = dict[str, Any]
_USUAL = 36  # digits of a number


def differing(table: Table, document: Json) -> Iterator[tuple[str, int, Element, Row, str, str]]:
    """Values of a document that are not what it comes to: (path, which of the element's, element, row, said, right)."""
    for base, row, e in table.reckonings:
        name, n = e.json[-1][0], -1
        for place, holder in holders(document, base):
            said = holder.get(name)
            if said is None:
                continue
            n += 1
            right = worked_out(table, e, document, holder)
            if right is not None and not _alike(said, right):
                yield f"{place}{name}", n, e, row, str(said), str(right)


def filled(table: Table, document: Json) -> Json:
    """The document with what it leaves out and comes to; the one given is not changed."""
    for base, row, e in table.reckonings:
        name = e.json[-1][0]
        steps = base.rstrip(".").split(".") if base else []
        document = _filled(table, e, document, document, steps, name, row.mandatory and e.mandatory)
    return document


def _filled(table: Table, e: Element, whole: Json, holder: Any, steps: list[str], name: str, create: bool) -> Any:
    """The holder, copied along the way to what is filled in; with ``create`` an object that is not there is made for it."""
    if not isinstance(holder, dict):
        return holder
    if not steps:
        value = worked_out(table, e, whole, holder) if holder.get(name) is None else None
        return holder if value is None else {**holder, name: value}
    key, listed = steps[0].removesuffix("[]"), steps[0].endswith("[]")
    below = holder.get(key)
    if listed:
        if not isinstance(below, list):
            return holder
        made = [_filled(table, e, whole, item, steps[1:], name, create) for item in below]
        return holder if all(a is b for a, b in zip(made, below, strict=True)) else {**holder, key: made}
    if below is None and not create:
        return holder
    one = _filled(table, e, whole, {} if below is None else below, steps[1:], name, create)
    return holder if one is below or one == {} else {**holder, key: one}


def worked_out(table: Table, e: Element, document: Json, holder: Json) -> str | int | None:
    """What an element must say, or None where it does not follow from the document."""
    kind, *words = e.reckon
    if kind == "size":
        items, names = values(holder, words[0]), set(words[1:])
        if names and set(map(type, items)) == {dict} and False not in [words[1] in item for item in items]:
            return len(items)  # the usual case, without asking for the other names
        if names and not all(isinstance(i, dict) and not names.isdisjoint(i) for i in items):
            return None  # some are none that could be counted
        return len(items) or None
    if kind == "sum":
        root = document if words[0].startswith("/") else holder
        return _sum(root, words[0].removeprefix("/"), {name: holder.get(name) for name in words[1:]})
    if kind == "verdict":
        said = set(map(str, values(holder, words[1])))
        verdicts = table.verdicts[words[0]]
        return next((code for code, among in verdicts.items() if said and (said <= among or not among)), None)
    if kind == "structure":
        return structure(table.tree, document) if table.tree else None
    found = invoice_amount(document, table.price_bases)
    return None if found is None else f"{found:f}"


def _sum(holder: Json, path: str, same: Json) -> str | None:
    """The exact sum of decimals at a path; None where one of the list lacks it, or is not the ``same`` in these names."""
    head, _, name = path.rpartition(".")
    items = values(holder, head)
    if (whole := _whole(items, name, same)) is not None:
        return str(whole)
    numbers: list[Decimal] = []
    for item in items:
        number = decimal(str(item.get(name, ""))) if isinstance(item, dict) else None
        if number is None or any(item.get(key) != value for key, value in same.items()):
            return None
        numbers.append(number)
    return plain(sum(numbers, Decimal(0))) if numbers else None


def _whole(items: list[Any], name: str, same: Json) -> int | None:
    """The same of whole numbers without a sign, and quickly; None of others."""
    try:
        texts = [item[name] for item in items]
        if any({item.get(key) for item in items} != {value} for key, value in same.items()):
            return None
        digits = "".join(texts)
    except (KeyError, TypeError, AttributeError):
        return None
    usual = digits.isdigit() and digits.isascii() and "" not in texts and max(map(len, texts)) <= _USUAL
    return sum(map(int, texts)) if usual else None


def holders(document: Json, base: str) -> Iterator[tuple[str, Json]]:
    """The objects at a path such as ``orders[].packs[].``, with their places."""
    found: list[tuple[str, Any]] = [("", document)]
    for step in base.rstrip(".").split(".") if base else ():
        name = step.removesuffix("[]")
        below = [(place, d[name]) for place, d in found if isinstance(d, dict) and name in d]
        if step.endswith("[]"):
            found = [(f"{p}{name}[{n}].", i) for p, items in below if isinstance(items, list) for n, i in enumerate(items)]
        else:
            found = [(f"{place}{name}.", d) for place, d in below]
    yield from ((place, d) for place, d in found if isinstance(d, dict))


def values(holder: Json, path: str) -> list[Any]:
    """All values at a path of an object, through every list."""
    try:
        return _getter(path)(holder)
    except (KeyError, TypeError):
        pass  # somewhere it is not there, or something else
    found: list[Any] = [holder]
    for step in path.split("."):
        name = step.removesuffix("[]")
        found = [d[name] for d in found if isinstance(d, dict) and name in d]
        if step.endswith("[]"):
            found = [item for items in found if isinstance(items, list) for item in items]
    return found


@cache
def _getter(path: str) -> Callable[[Json], list[Any]]:
    """The same where nothing is missing on the way, at a fraction of the price: a comprehension for one path. Paths are tables'."""
    here, loops = "d", ""
    for n, step in enumerate(path.split(".")):
        here += f"[{step.removesuffix('[]')!r}]"
        if step.endswith("[]"):
            loops, here = f"{loops} for x{n} in listed({here})", f"x{n}"
    space: dict[str, Any] = {"listed": _listed}
    exec(f"def found(d): return [{here}{loops}]", space)
    made: Callable[[Json], list[Any]] = space["found"]
    return made


def _listed(value: Any) -> list[Any]:
    if type(value) is not list:
        raise TypeError
    return value


def _alike(said: Any, right: str | int) -> bool:
    if said == right:
        return True
    one, other = decimal(str(said)), decimal(str(right))
    return one is not None and one == other
