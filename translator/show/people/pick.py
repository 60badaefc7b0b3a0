"""A pick ticket and a packing slip of an order: the order and its partner's rules go in, two sheets for paper come out.

The ticket is for the warehouse: where the goods are from, by when they go, with whom, and each line with a box to tick. The
slip goes into the carton: what is in it and for whom. No price and no amount is on either of them, for anybody: a guest who
opens the carton must not find what a shop paid. All of an order is taken to be shipped; lines that the buyer has cancelled
are not. Whether an order may be shipped is asked before: ``refusal`` says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from translator.documents.derive import derived
from translator.respond import draft
from translator.show.people import goods, head
from translator.show.people.codes import Codes
from translator.show.people.entry import Entry, Json
from translator.show.sheet import STRONG, Block, Card, Cards, Column, Field, Fields, Grid, Row, Sheet, Words
from translator.tables.amounts import EXACT, number, plain
from translator.tables.twins import label

_BOX = "[ ]"
_BLANK = "_" * 24


def refusal(order: Json, rules: Json) -> str:
    """Why nothing of an order is picked, in a sentence; "" where it may be shipped."""
    if order.get("cancelled") is True:
        return f"{label(order)} was cancelled by the buyer: nothing of it is to be shipped"
    return next((f"{one.value} has no pick ticket: {one.expected}" for one in draft.blocked(order, rules)), "")


def ticket(order: Json, rules: Json, codes: Codes) -> Sheet:
    """The pick ticket."""
    entry, about = Entry(order, codes), derived(order, rules)
    rows = [*_from(entry), *_by(entry)]
    rows += head.several("Carrier", (head.routing(one) for one in entry.parts("routing")))
    rows += head.several("Special order", (one.words("code") for one in entry.parts("special_orders")))
    rows += head.several("Instructions", ([text] for one in entry.parts("instructions") for text in one.values("text")))
    truckload = entry.part("truckload")
    rows += head.several("Truckload", [truckload.words("id"), *([one] for one in truckload.values("orders"))])
    columns = [Column(""), Column("Line"), Column("Quantity", True), Column("Unit"), Column("Cartons", True)]
    by_pack = rules.get("derive", {}).get("cartons", {}).get("by_pack", [])
    picked = [_picked(line, known, by_pack) for line, known in _lines(entry, about)]
    done = Fields("", [Field("Picked by", [Words(_BLANK)]), Field("Date", [Words(_BLANK)])])
    blocks: list[Block] = [Fields("", rows), *_places(about, codes), Grid("To pick", columns, picked), done]
    return Sheet("Pick ticket", entry.text("number"), _release(entry), blocks)


def slip(order: Json, rules: Json, codes: Codes) -> Sheet:
    """The packing slip, as if all that was ordered were shipped."""
    entry, about = Entry(order, codes), derived(order, rules)
    rows = [*head.fields(entry, "date", date="Order date"), *_from(entry), *_department(entry)]
    columns = [Column("Line"), Column("Shipped", True), Column("Unit")]
    names = ("line", "quantity", "unit")
    packed = [Row([line.word(name) or Words() for name in names], _what(line)) for line, _ in _lines(entry, about)]
    blocks: list[Block] = [Fields("", rows), *_places(about, codes), Grid("In this shipment", columns, packed)]
    return Sheet("Packing slip", entry.text("number"), _release(entry), blocks)


def _release(entry: Entry) -> list[Words]:
    release = entry.word("release", "release")
    return [release] if release else []


def _from(entry: Entry) -> list[Field]:
    """Whose goods they are, and from where the freight goes."""
    references = Entry(entry.held.get("references"), entry.codes, "references.")
    vendor = references.part("vendor").words("text", "id")[:1]
    place = [place for one in Entry(entry.held, entry.codes).parts("freight") for place in one.words("place")]
    return head.several("From", [[*vendor, *place]])


def _department(entry: Entry) -> list[Field]:
    return head.several("Department", [Entry(entry.held.get("references"), entry.codes).part("department").words("id", "text")])


def _by(entry: Entry) -> list[Field]:
    """By when it goes: the window, or the dates that there are."""
    found = [*head.window(entry), *head.dates(entry)]
    return found or head.fields(entry, "date", date="Order date")


def _places(about: Json, codes: Codes) -> list[Block]:
    """Where it goes, and the store that it is for, where it goes by way of another place."""
    cards = [head.card("Ship to", Entry(about.get("ship_to"), codes)), head.card("Mark for", Entry(about.get("mark_for"), codes))]
    told: list[Card] = [one for one in cards if one.lines]
    return [Cards("", told)] if told else []


def _lines(entry: Entry, about: Json) -> Iterator[tuple[Entry, Json]]:
    """The lines that are shipped, with what they come to."""
    for line, known in zip(entry.parts("lines"), about.get("lines", []), strict=False):
        if line.held.get("cancelled") is not True:
            yield line, known


def _picked(line: Entry, known: Json, by_pack: list[str]) -> Row:
    quantity, unit = number(line.held.get("quantity")), line.held.get("unit")
    cartons, units = known.get("cartons"), known.get("units_per_carton")
    cells = [Words(_BOX), *(line.word(name) or Words() for name in ("line", "quantity", "unit"))]
    cells.append(Words("" if cartons is None else str(cartons)))
    packs = goods.packing(line)
    if quantity is not None and unit in by_pack and isinstance(cartons, int) and isinstance(units, int):
        over = EXACT.subtract(quantity, Decimal(units * (cartons - 1)))
        short = "" if over == units else f", {plain(over)} in the last"
        packs.append(Words(f"{units} in each carton{short}", tone=STRONG))
    notes = [*_what(line), packs, *goods.services(line)]
    return Row(cells, [one for one in notes if one])


def _what(line: Entry) -> goods.Notes:
    """What an item is: its numbers, its words and its parts; never what it costs."""
    parts = []
    for one in line.parts("components"):
        much = goods.measure(one, "quantity", "unit")
        parts.append([*([much] if much else []), *_described(one), *goods.ids(one)])
        if parts[-1]:
            parts[-1][0].label = f"with {parts[-1][0].label}".strip()
    return [one for one in (_described(line), goods.ids(line), *parts) if one]


def _described(entry: Entry) -> list[Words]:
    """The words for an item alone: whoever opens a carton does not ask what they are about."""
    return [Words(one.text) for one in goods.descriptions(entry) if one.text and not one.label]
