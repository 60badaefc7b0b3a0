"""The answer to an order as people read it: line by line what was ordered, and what the supplier says of it."""

from __future__ import annotations

from translator.show.people import goods, head, order
from translator.show.people.entry import Entry, Json
from translator.show.sheet import STRONG, Block, Fields, Grid, Row, Sheet


def sheet(entry: Entry, rules: Json) -> Sheet:
    """The sheet of an acknowledgment; its name is the order's number."""
    lead = head.lead(entry, "status", "purpose")
    blocks: list[Block] = []
    first = head.fields(entry, "acknowledgment_date", acknowledgment_date="Date")
    name = ""
    for one in entry.parts("orders"):
        number = one.text("number")
        name = name or number
        rows = [*first, *head.fields(one, "release", "date", date="Order date"), *head.references(one)]
        rows += head.fields(one.part("erp"), "order_number", order_number="ERP order number")
        first = []
        blocks.append(Fields("" if number == name else f"Order {number}", rows))
        blocks += head.shown([head.card("Ship to", one.part("ship_to"))])
        if lines := one.parts("lines"):
            blocks.append(Grid("Lines as ordered, and the answer", order.columns(), [_line(line) for line in lines]))
    if first:
        blocks.append(Fields("", first))
    if counted := order.totals(entry):
        blocks.append(Fields("Totals", counted))
    return Sheet("", name, lead, [*blocks, *head.rest(entry)])


def _line(entry: Entry) -> Row:
    cells = order.cells(entry)
    answers: goods.Notes = []
    for one in entry.parts("answers"):
        status = one.word("status", label="answer:", tone=STRONG)
        said = [word for word in (status, goods.measure(one, "quantity", "unit")) if word]
        answers.append([*said, *one.words("date_type", "date", "reason"), *goods.ids(one), *one.inline()])
    return Row(cells, [*(one for one in answers if one), *goods.notes(entry)])
