"""A change of an order as people read it: which order, and line by line what becomes of it."""

from __future__ import annotations

from translator.show.people import goods, head, order
from translator.show.people.entry import Entry, Json
from translator.show.sheet import STRONG, Block, Fields, Grid, Row, Sheet, Words


def sheet(entry: Entry, rules: Json) -> Sheet:
    """The sheet of a change."""
    number = entry.text("number")
    lead = head.lead(entry, "purpose", "type")
    labels = {"sequence": "Change number", "date": "Order date"}
    rows = head.fields(entry, "sequence", "change_date", "release", "date", **labels)
    rows += [*head.window(entry), *head.dates(entry), *head.fields(entry, "sourcing", "request", "seller_order")]
    rows += [*head.references(entry), *head.conditions(entry)]
    blocks: list[Block] = [Fields("", rows), *head.parties(entry)]
    if lines := entry.parts("lines"):
        blocks.append(Grid("Lines that change", order.columns("left"), [_line(one) for one in lines]))
    if counted := order.totals(entry):
        blocks.append(Fields("Totals", counted))
    return Sheet("", number, lead, [*blocks, *head.rest(entry)])


def _line(entry: Entry) -> Row:
    what = entry.word("change", tone=STRONG)
    cells = [*order.cells(entry), entry.word("left") or Words()]
    said: goods.Notes = [[what]] if what else []
    dates = [[Words(label=field.label), *field.values] for field in head.dates(entry)]
    return Row(cells, [*said, *dates, *goods.notes(entry)])
