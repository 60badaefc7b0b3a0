"""A shipment as people read it: who sends what to whom, and the tree of orders, pallets, cartons and items."""

from __future__ import annotations

from translator.show.people import goods, head
from translator.show.people.entry import Entry, Json
from translator.show.sheet import STRONG, Block, Field, Fields, Node, Sheet, Tree, Words


def sheet(entry: Entry, rules: Json) -> Sheet:
    """The sheet of a shipment."""
    number = entry.text("id")
    lead = head.lead(entry, "purpose")
    rows = head.fields(entry, "ship_date", "delivery_date")
    rows += head.several("Made", [[Words(" ".join(word.text for word in made))] if (made := entry.words("date", "time")) else []])
    rows += [*head.carrier(entry, "service_level"), *_trailer(entry.part("trailer"))]
    rows += [*head.references(entry), *head.fields(entry, "structure")]
    places = [head.card(title, entry.part(name)) for title, name in (("Ship from", "ship_from"), ("Ship to", "ship_to"))]
    pallets = {pallet.text("sscc"): pallet for pallet in entry.parts("pallets")}
    blocks: list[Block] = [Fields("", rows), *head.shown(places)]
    nodes = [_order(one, pallets) for one in entry.parts("orders")]
    empty = [Node([Words(sscc, label="pallet SSCC"), *pallet.inline()]) for sscc, pallet in pallets.items() if sscc]
    if nodes or empty:
        blocks.append(Tree("What is in it", [*nodes, *empty]))
    counted = entry.part("totals")
    if rows := [*head.fields(counted, "lines", "hash", lines="Levels", hash="Hash total"), *counted.rest()]:
        blocks.append(Fields("Totals", rows))
    return Sheet("", number, lead, [*blocks, *head.rest(entry)])


def _trailer(entry: Entry) -> list[Field]:
    seal = entry.word("seal", "seal")
    return head.several("Trailer", [[*entry.words("number"), *([seal] if seal else []), *entry.inline()]])


def _order(entry: Entry, pallets: dict[str, Entry]) -> Node:
    """An order with its pallets and cartons; a pallet stands where its first carton came, and is taken out of ``pallets``."""
    about = [entry.word("number", "order", STRONG), entry.word("release", "release"), entry.word("date", "of")]
    more = [entry.word("tracking", "tracking"), entry.word("ship_date", "shipped")]
    size = [entry.word("cartons", "cartons"), entry.word("packaging", "packaging")]
    if (weight := goods.measure(entry, "weight", "weight_unit")) is not None:
        size.append(Words(weight.text, weight.means, "weight"))
    children: list[Node] = []
    standing: dict[str, Node] = {}
    for n, pack in enumerate(entry.parts("packs"), 1):
        under = pack.text("pallet")
        if under and under not in standing:
            known = pallets.pop(under, None)
            standing[under] = Node([Words(under, label="pallet SSCC", tone=STRONG), *(known.inline() if known else [])])
            children.append(standing[under])
        (standing[under].children if under else children).append(_pack(pack, n))
    said = [word for word in (*about, *more, *size) if word]
    for field in head.references(entry):
        said += [Words(field.values[0].text, label=field.label.lower()), *(one for one in field.values[1:] if not one.tone)]
    mark = entry.part("mark_for")
    said += mark.inline("location", "name", label="mark for")
    for one in entry.parts("statements"):
        said += one.inline("code", label="statement")
    return Node([*said, *entry.inline()], children)


def _pack(entry: Entry, n: int) -> Node:
    label, tracking = entry.word("sscc", "carton SSCC", STRONG), entry.word("tracking", "tracking")
    if tracking and not label:
        tracking = Words(tracking.text, tracking.means, "carton, tracking", STRONG)
    weight = entry.word("weight", "weight")
    said = [word for word in (label, tracking, weight) if word]
    if label is None and tracking is None:
        said.insert(0, Words("loose, without carton label"))
    items = [_item(one) for one in entry.parts("items")]
    return Node([*said, *entry.inline()], items)


def _item(entry: Entry) -> Node:
    much = goods.measure(entry, "quantity", "unit", STRONG)
    line = entry.word("line", "line")
    final = entry.word("final", "nothing more of it follows:")
    packed, parts = goods.packing(entry), goods.components(entry)
    said = [*([much] if much else []), *([line] if line else []), *goods.descriptions(entry), *goods.ids(entry), *packed]
    said += [final] if final else []
    return Node([*said, *entry.inline()], [Node(one) for one in parts])
