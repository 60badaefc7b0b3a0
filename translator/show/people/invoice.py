"""An invoice as people read it: lines, allowances and charges, and what it comes to."""

from __future__ import annotations

from decimal import Decimal

from translator.show.people import goods, head, order
from translator.show.people.entry import Entry, Json
from translator.show.sheet import STRONG, WARNING, Block, Field, Fields, Grid, Note, Row, Sheet, Words
from translator.tables.amounts import amount, invoice_amount, number, plain


def sheet(entry: Entry, rules: Json) -> Sheet:
    """The sheet of an invoice; ``rules`` say for how many units a price is."""
    bases = rules.get("derive", {}).get("price_basis", {})
    name = entry.text("invoice_number")
    lead = head.lead(entry, "type")
    worked = invoice_amount(entry.held, bases)
    rows = head.fields(entry, "invoice_date", "number", "release", "order_date", "shipment", number="Order number")
    rows += [*head.fields(entry, "ship_date"), *head.carrier(entry, "reference_type", "reference"), *head.references(entry)]
    rows += head.several("Terms", (head.terms(one) for one in entry.parts("terms")))
    rows += head.fields(entry, "certification")
    for one in entry.parts("statements"):
        texts = one.values("text")
        rows += head.several("Statement", [[*one.inline("id"), *texts[:1]], *([text] for text in texts[1:])])
    blocks: list[Block] = [Fields("", rows), *head.parties(entry)]
    if lines := entry.parts("lines"):
        blocks.append(Grid("Lines", order.columns("amount"), [_line(one, bases) for one in lines]))
    taken = [Field("" if n else "Invoice", goods.charge(one)) for n, one in enumerate(entry.parts("charges"))]
    if taken:
        blocks.append(Fields("Allowances and charges", taken))
    blocks += _totals(entry, worked)
    return Sheet("", name, lead, [*blocks, *head.rest(entry)])


def _line(entry: Entry, bases: Json) -> Row:
    cells = order.cells(entry)
    quantity, unit, price, basis = (cell.text for cell in cells[1:])
    much, each = number(quantity), number(price)
    money = None if much is None or each is None else amount(much, unit or None, each, basis or None, bases)
    status = entry.word("status")
    return Row([*cells, Words("" if money is None else f"{money:f}")], [*([[status]] if status else []), *goods.notes(entry)])


def _shipped(entry: Entry) -> list[Words]:
    sizes = [goods.measure(entry, "quantity", "unit"), goods.measure(entry, "weight", "weight_unit")]
    return [*(one for one in sizes if one), *entry.inline()]


def _totals(entry: Entry, worked: Decimal | None) -> list[Block]:
    shipped, totals = entry.part("shipped"), entry.part("totals")
    rows = head.several("Shipped", [_shipped(shipped)])
    rows += head.fields(totals, "lines", "hash", "merchandise", hash="Hash total")
    said = totals.word("amount", tone=STRONG)
    rows += [Field("Comes to", [said])] if said else []
    rows += totals.rest()
    stated = number(said.text) if said else None
    blocks: list[Block] = [Fields("Totals", rows)] if rows else []
    if worked is not None and stated != worked:
        words = f"Lines, allowances and charges come to {plain(worked)}"
        blocks.append(Note(f"{words}, the invoice says {said.text}." if said else f"{words}.", WARNING if said else ""))
    return blocks
