"""An order as people read it: the entry of an order and what it comes to go in, a sheet comes out."""

from __future__ import annotations

from translator.show.people import goods, head
from translator.show.people.codes import pretty
from translator.show.people.entry import Entry, Json
from translator.show.sheet import ERROR, STRONG, WARNING, Block, Column, Field, Fields, Grid, Note, Row, Sheet, Words

_COLUMNS = ("line", "quantity", "unit", "price", "price_basis")


def sheet(entry: Entry, derived: Json) -> Sheet:
    """The sheet of an order; ``derived`` is what it comes to, {} where that is not known."""
    number = entry.text("number")
    lead = head.lead(entry, "type", "purpose")
    if isinstance(way := derived.get("delivery"), str):
        lead.append(Words(pretty(way).lower(), label="delivery"))
    blocks: list[Block] = _cancelled(entry)
    rows = head.fields(entry, "release", "date", "revision", "number_format", number_format="Number form")
    rows += [*head.window(entry), *head.dates(entry)]
    rows += [*head.fields(entry, "sourcing"), *head.references(entry), *head.conditions(entry)]
    blocks += [Fields("", rows), *head.parties(entry), *_lines(entry, derived), *_totals(entry, derived), *_changes(entry)]
    return Sheet("", number, lead, [*blocks, *head.rest(entry)])


def _cancelled(entry: Entry) -> list[Block]:
    """That the buyer has cancelled it, where that is so."""
    if entry.held.get("cancelled") is not True:
        return []
    entry.drop("cancelled")
    return [Note("The buyer has cancelled this order: nothing of it is to be shipped.", ERROR)]


def _lines(entry: Entry, derived: Json) -> list[Block]:
    """The lines as a grid, with what has no column below each."""
    entries = entry.parts("lines")
    if not entries:
        return []
    worked = derived.get("lines", [])
    worked = worked if len(worked) == len(entries) else [{}] * len(entries)
    rows = [_line(one, known) for one, known in zip(entries, worked, strict=True)]
    return [Grid("Lines", columns("amount"), rows)]


def columns(*more: str) -> list[Column]:
    """The columns that lines of every document have, and ``more`` numbers behind them."""
    return [
        *(Column(pretty(name).removeprefix("Price ").capitalize(), name in ("quantity", "price")) for name in _COLUMNS),
        *(Column(pretty(name), True) for name in more),
    ]


def cells(entry: Entry) -> list[Words]:
    """The cells of these columns."""
    return [entry.word(name) or Words() for name in _COLUMNS]


def _line(entry: Entry, known: Json) -> Row:
    made = [*cells(entry), Words(str(known.get("amount", "")))]
    said: goods.Notes = []
    if entry.held.get("cancelled") is True:
        entry.drop("cancelled")
        said.append([Words("cancelled by the buyer: not to be shipped", tone=ERROR)])
    if (before := entry.word("ordered", "ordered at first", WARNING)) is not None:
        said.append([before])
    cartons = known.get("cartons")
    packed = [Words(f"{cartons} carton{'' if cartons == 1 else 's'}")] if isinstance(cartons, int) else []
    return Row(made, [*said, *goods.notes(entry, *packed)])


def _totals(entry: Entry, derived: Json) -> list[Block]:
    rows = totals(entry)
    if isinstance(money := derived.get("amount"), str):
        rows.append(Field("Comes to", [Words(money, tone=STRONG)]))
    return [Fields("Totals", rows)] if rows else []


def totals(entry: Entry) -> list[Field]:
    """What the sender counted."""
    held = entry.part("totals")
    return [*head.fields(held, "lines", "hash", hash="Hash total"), *held.rest()]


def _changes(entry: Entry) -> list[Block]:
    made = []
    for one in entry.parts("changes"):
        values = [one.word(name) or Words() for name in ("revision", "line", "what", "from", "to")]
        one.drop("path")
        left = one.inline()
        made.append(Row(values, [left] if left else []))
    columns = [Column(name) for name in ("Revision", "Line", "What", "From", "To")]
    return [Grid("Changed since it first came", columns, made)] if made else []
