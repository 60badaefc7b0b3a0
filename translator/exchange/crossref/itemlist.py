"""items.csv: the bytes of the list in; its items, by every number they are known by, out, with what is wrong in which cell.

The columns are the buyer's item numbers (``mappings/PARTNER/crossref.toml``) and these:

    sku         your own number
    unit        your own unit; empty: the unit of the order
    factor      how many units of the order are one own unit: 12, where the order counts EA and you count boxes of 12
    per         … are so many own units; empty: 1. Where you count smaller: factor 1, per 12 for an order in cases of 12 EA
    order_unit  the unit of the order that this row is for; empty: any. An item may have a row for each
    price       the price agreed on for one unit of the order; empty: not compared
    note        whatever you like

Numbers are exact decimals with a point. A cell that cannot be what was typed is an error: the number in it finds nothing, and
where sku, unit or factor is wrong, the row converts nothing. A cell that only looks odd is a warning, and is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import Factory, define

from translator.exchange.crossref import sheet
from translator.exchange.crossref.rules import Number, Rules
from translator.exchange.crossref.sheet import Row, Sheet
from translator.findings import ERROR, Finding, finding, has_errors
from translator.tables.checks import right_digit
from translator.x12.numbers import decimal

NAME = "items.csv"
_OWN = ("sku", "unit", "factor", "per", "order_unit", "price", "note")
_REMARK = (
    "One row for each item. factor: how many units of the order are one unit of yours. Open this file with all columns as text. "
    "Rows that begin with # are remarks."
)
_MADE_NUMBER = re.compile(r"[0-9]+[.,][0-9]+|[0-9]{1,3}([., ][0-9]{3})+")
_DATE = re.compile(r"[0-9]{1,2}[-./ ](?:[0-9]{1,2}[-./ ][0-9]{2,4}|[A-Za-z]{3}(?:[-./ ][0-9]{2,4})?)|[A-Z][a-z]{2}-[0-9]{2}")


@define(eq=False, repr=False)
class Item:
    """A row of the list. ``broken``: sku, unit or factor cannot be used; what it says is then not to be relied upon."""

    row: int
    numbers: dict[str, str]
    sku: str
    unit: str
    order_unit: str
    factor: Decimal
    per: Decimal
    price: Decimal | None
    broken: bool

    @property
    def ratio(self) -> Fraction:
        """How many units of the order are one own unit."""
        return Fraction(self.factor) / Fraction(self.per)

    def says(self) -> tuple[object, ...]:
        """What two rows must agree on to be one."""
        return (self.sku, self.unit, self.ratio, self.price, self.broken)


@define(eq=False, repr=False)
class Items:
    """The list. ``kept`` is whether there is one: rows, or what was meant to be some."""

    rules: Rules
    sheet: Sheet
    rows: tuple[Item, ...] = ()
    known: dict[tuple[str, str], list[Item]] = Factory(dict)

    @property
    def kept(self) -> bool:
        return bool(self.sheet.rows or self.sheet.refused) or not self.sheet.readable

    def row_for(self, ids: Mapping[str, object], unit: str | None) -> str:
        """The row that an item's numbers make, to be completed by a person, in the form of the file."""
        header = self.sheet.header if self.sheet.header and self.sheet.readable else _header(self.rules)
        cells = {name: value for name, value in ids.items() if isinstance(value, str) and name in header}
        cells |= {"sku": "YOUR SKU", "unit": "YOUR UNIT", "factor": "FACTOR"}
        row = sheet.line(cells | {"order_unit": unit or ""}, header, self.sheet.delimiter)
        lacking = [one.name for one in self.rules.numbers if one.name in ids and not set(ids) & set(header)]
        return f"{row}, with a column for {' or '.join(lacking)}" if lacking else row


def read(data: bytes, rules: Rules) -> tuple[Items, list[Finding]]:
    """The items of a list; an empty file has none."""
    names = tuple(number.name for number in rules.numbers)
    held, found = sheet.read(NAME, data, names + _OWN, ("sku",))
    if held.readable and held.header and not set(names) & set(held.header):
        why = f"a column for an item number is missing: one of {', '.join(names)}"
        found.append(sheet.header_fault(NAME, held.header_row, why))
        held = Sheet(NAME, held.header, readable=False, delimiter=held.delimiter)
    items = Items(rules, held)
    rows = []
    for row in held.rows:
        item, said = _item(row, rules)
        rows.append(item)
        found += said
        for key in item.numbers.items():
            items.known.setdefault(key, []).append(item)
    items.rows = tuple(rows)
    return items, found + list(_ambiguous(items))


def template(rules: Rules) -> bytes:
    """A list to begin with: header and remark."""
    return sheet.begun(_header(rules), _REMARK)


def plain(number: Number, text: str) -> str:
    """An item number as it is compared: without blanks around it, and without what people write into it."""
    text = text.strip()
    for mark in number.drop:
        text = text.replace(mark, "")
    return text


def _header(rules: Rules) -> tuple[str, ...]:
    return (*(number.name for number in rules.numbers if not number.rare), *_OWN)


# --- a row ------------------------------------------------------------------------------------------------------------


def _item(row: Row, rules: Rules) -> tuple[Item, list[Finding]]:
    found: list[Finding] = []
    numbers = {}
    cells = row.cells
    for number in rules.numbers:
        text = plain(number, cells.get(number.name, ""))
        if text:
            said = list(_identifier(row.number, number, cells[number.name], text))
            found += said
            if not has_errors(said):
                numbers[number.name] = text
    if not any(cells.get(number.name) for number in rules.numbers):
        found.append(_cell(row.number, rules.numbers[0].name, "", "the row has no item number at all, so nothing finds it"))
    faults: list[Finding] = []
    for column in ("sku", "unit", "order_unit"):
        faults += _text(row.number, column, cells.get(column, ""))
    if not cells.get("sku"):
        faults.append(_cell(row.number, "sku", "", "your own number of the item is missing"))
    if cells.get("unit") and not cells.get("factor"):
        faults.append(_cell(row.number, "factor", "", f"how many units of the order are one {cells['unit']} must be said"))
    factor, per = (_positive(row.number, column, cells, faults) for column in ("factor", "per"))
    if factor != per and not cells.get("unit"):
        faults.append(_cell(row.number, "unit", "", "your own unit is missing, though the factor says that it is another"))
    broken = has_errors(faults)
    price: Decimal | None = None
    if cells.get("price"):
        price = _decimal(row.number, "price", cells["price"], faults)
        if price is not None and price < 0:
            faults.append(_cell(row.number, "price", cells["price"], "a price is not less than 0"))
            price = None
    sku, unit, order_unit = (cells.get(column, "") for column in ("sku", "unit", "order_unit"))
    return Item(row.number, numbers, sku, unit, order_unit, factor, per, price, broken), found + faults


def _identifier(row: int, number: Number, cell: str, text: str) -> Iterator[Finding]:
    """What is wrong with an item number."""
    why = sheet.spoiled(cell)
    if why is None and (number.digits or number.check) and _MADE_NUMBER.fullmatch(text):
        why = "a spreadsheet made a number of it; type it again, digits only"
    if why is not None:
        yield _cell(row, number.name, cell, why)
        return
    if not number.digits and not number.check:
        yield from _text(row, number.name, cell)
        return
    if not number.digits:
        right = right_digit(number.check, text)
    elif text.isascii() and text.isdigit() and len(text) < number.digits:
        whole = text.zfill(number.digits)
        if not number.check or right_digit(number.check, whole) is None:
            yield _cell(row, number.name, cell, f"zeros before it are lost; with them it is {whole}")
        else:
            yield _odd(row, number.name, cell, f"{number.digits} digits")
        return
    elif not text.isascii() or not text.isdigit() or len(text) > number.digits:
        yield _odd(row, number.name, cell, f"{number.digits} digits")
        return
    else:
        right = right_digit(number.check, text) if number.check else None
    if right is not None:
        yield _odd(row, number.name, cell, f"a number that ends in its check digit, here {right}")


def _text(row: int, column: str, cell: str) -> Iterator[Finding]:
    why = sheet.spoiled(cell)
    if why is not None:
        yield _cell(row, column, cell, why)
    elif _DATE.fullmatch(cell):
        yield _odd(row, column, cell, "no date: spreadsheets make dates of numbers such as 3-12")


def _positive(row: int, column: str, cells: Mapping[str, str], found: list[Finding]) -> Decimal:
    value = _decimal(row, column, cells[column], found) if cells.get(column) else None
    if value is not None and value <= 0:
        found.append(_cell(row, column, cells[column], "a number greater than 0 is wanted"))
        value = None
    return Decimal(1) if value is None else value


def _decimal(row: int, column: str, cell: str, found: list[Finding]) -> Decimal | None:
    value = decimal(cell)
    if value is not None:
        return value
    why = sheet.spoiled(cell) or "a number is wanted, with a point and nothing else but digits, as 12 or 4.50"
    if re.fullmatch(r"-?[0-9]+,[0-9]{3}", cell):
        why = f"its comma could be a decimal point or part thousands; write {cell.replace(',', '.')} or {cell.replace(',', '')}"
    elif re.fullmatch(r"-?[0-9]+,[0-9]+", cell):
        why = f"it has a decimal comma; write {cell.replace(',', '.')}"
    elif _DATE.fullmatch(cell):
        why = "a spreadsheet made a date of it; type the number again, with a point"
    found.append(_cell(row, column, cell, why))
    return None


def _cell(row: int, column: str, cell: str, why: str) -> Finding:
    return finding("list-cell", file=NAME, path=sheet.place(row, column), value=cell or None, expected=why)


def _odd(row: int, column: str, cell: str, expected: str) -> Finding:
    return finding("list-doubtful", file=NAME, path=sheet.place(row, column), value=cell, expected=expected)


# --- rows that contradict each other ----------------------------------------------------------------------------------


def _ambiguous(items: Items) -> Iterator[Finding]:
    """Numbers of several skus, and rows of one sku that say different things of the same number and unit."""
    shared = {number.name for number in items.rules.numbers if number.shared}
    for (column, value), rows in items.known.items():
        if len(rows) == 1 or column in shared:
            continue
        listed = ", ".join(f"row {item.row} ({item.sku or 'no sku'})" for item in rows)
        place = sheet.place(rows[-1].row, column)
        if len({item.sku for item in rows}) > 1:
            # Another number of the line may still tell which is meant, so this alone holds nothing.
            yield finding("item-ambiguous", level="warning", file=NAME, path=place, value=value, expected=listed)
        elif any(len({i.says() for i in rows if i.order_unit == unit}) > 1 for unit in {i.order_unit for i in rows}):
            yield finding("item-ambiguous", level=ERROR, file=NAME, path=place, value=value, expected=listed)
