"""An order is handed to the ERP: a record of the ledger goes in, a file for the ERP comes out, or a reason why it is held.

The file is the order as it stands, with what follows from it, the supplier's own numbers, and what was found when it was read;
JSON, or what the column table makes of it. From then on an acknowledgment is owed, where the program has one and the settings send
it by themselves. Runs inside the transaction of whoever calls.
"""

from __future__ import annotations

from typing import Any

import orjson

from translator.documents.derive import derived
from translator.exchange import files
from translator.exchange.alone import retried
from translator.exchange.crossref import items, locations
from translator.exchange.ledger import Change, Order
from translator.exchange.lists import add_locations, item_list, location_list
from translator.exchange.revise import Revised, revise
from translator.exchange.room import Room
from translator.findings import ERROR, Finding
from translator.tables.partner import program
from translator.tables.standard import parsed

Json = dict[str, Any]
NEW, OPEN, HELD = "new", "open", "held"
ACKNOWLEDGMENT = "acknowledgment"
REVISION = "revision"  # a hold: the ERP has the order, and not yet what a change makes of it


def hand_over(room: Room, order: Order, change: Change | None = None) -> bool:
    """Post the file for the ERP, or hold the order. With ``change``: what a change would make of an order that the ERP has."""
    document, found = prepared(room, order, change.revised if change and change.revised else order.current)
    label = order.number + (f" release {order.release}" if order.release else "")
    revision = change is not None or order.revision > 0
    kind = "changes" if revision else "orders"
    number = str(document.get("revision", order.revision))
    parts = [order.number, *([f"R{order.release}"] if order.release else []), *([f"REV{number}"] if revision else [])]
    if not any(one.severity == ERROR for one in found):
        found += _posted(room, kind, document, parts, order)
    errors = [one for one in found if one.severity == ERROR]
    if errors:
        why = " ".join(one.brief for one in errors[:5])
        if change is None:
            room.ledger.orders.set(order.id, state=HELD)
        cures = list(dict.fromkeys(one.cure for one in errors))
        cure = " ".join(cures[:2]) + " The next pass hands it over."
        what, subject = ("order", order.id) if change is None else (REVISION, change.id)
        sentence = f"{'' if change is None else 'the change to '}order {label} is not handed over: {why}"
        before = room.ledger.holds.on(what, subject)
        if sentence not in [one.sentence for one in before]:
            room.ledger.holds.close(what, subject, room.stamp, "told anew")
            room.note("held", sentence, order=order.id)
            room.hold(what, subject, order.number, sentence, cure)
        return False
    for one in found:
        room.note("remark", f"order {label}: {one.brief}", order=order.id)
    if change is not None:
        room.ledger.holds.close(REVISION, change.id, room.stamp, "handed over")
    else:
        room.ledger.holds.close("order", order.id, room.stamp, "handed over")
        owed = ACKNOWLEDGMENT if room.settings.acknowledge and order.acknowledged is None and _answers(room, order) else None
        room.ledger.orders.set(order.id, state=OPEN, owed=owed)
    return True


def _answers(room: Room, order: Order) -> bool:
    """Whether the program of an order has an acknowledgment."""
    found = program(order.current, room.settings.mappings, room.settings.partner(order.partner).program)
    return found is not None and ACKNOWLEDGMENT in found.tables


def _posted(room: Room, kind: str, document: Json, parts: list[str], order: Order) -> list[Finding]:
    """One document as a file of the ERP's form, and its trigger where the table wants one; or why it cannot be written so."""
    table = room.settings.tables.get(kind)
    if table is None:
        data = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        name = files.safe_name(*parts, ending=".json")
        room.post("orders", name, data, order=order.id)
        room.ledger.orders.set(order.id, file=name, taken=None)
        return []
    from translator.exchange import columns

    form = columns.load(table, room.settings.mappings)
    written = columns.write(form, [document])
    if written.data is None:
        return written.findings
    if form.form.one_file == "pass":
        room.caches.setdefault("together", {}).setdefault(kind, []).append((document, order.id))
        return written.findings
    name = columns.file_name(form, document, room.mark)
    room.post("orders", name, written.data, order=order.id)
    room.ledger.orders.set(order.id, file=name, taken=None)
    if trigger := columns.trigger_name(form, name):
        room.post("orders", trigger, b"")
    return written.findings


def hand_over_together(room: Room) -> None:
    """Documents that are to be in one file, in one file. Inside the transaction of their orders."""
    for kind, held in room.caches.pop("together", {}).items():
        from translator.exchange import columns

        form = columns.load(room.settings.tables[kind], room.settings.mappings)
        written = columns.write(form, [document for document, _ in held])
        assert written.data is not None
        name = columns.file_name(form, None, room.mark)
        room.post("orders", name, written.data)
        for _, id in held:
            room.ledger.orders.set(id, file=name, taken=None)
            room.note("handed", f"it goes into orders/{name}", order=id)
        if trigger := columns.trigger_name(form, name):
            room.post("orders", trigger, b"")


def prepared(room: Room, order: Order, document: Json) -> tuple[Json, list[Finding]]:
    """The document for the ERP, and what is wrong with it."""
    mappings = room.settings.mappings
    made, found = items.applied(document, item_list(room, order.partner))
    made, rows, said = locations.applied(made, location_list(room, order.partner))
    if rows:
        add_locations(room, order.partner, rows)
    rules = parsed(f"mappings/{order.partner}/derive.toml", mappings)
    made = {**made, "derived": derived(made, rules)}
    if order.findings:
        made["findings"] = order.findings
    return made, [*found, *said]


def kept_back(room: Room, order: Order) -> bool:
    """Whether the ERP has not got the order itself yet."""
    return order.state in (NEW, HELD)


def next_revision(room: Room, order: Order) -> int:
    """The number of an order's next revision: no two that the ERP was shown have the same one, whatever became of them."""
    shown = [int(one.revised.get("revision", 0)) for one in room.ledger.changes.of(order.id) if one.revised]
    return max([order.revision, *shown]) + 1


def revised(room: Room, order: Order, base: Json, change: Json, number: int | None = None) -> Revised:
    """What a change makes of an order as ``base`` has it, under the next number of a revision, or under ``number``."""
    rules = parsed(f"mappings/{order.partner}/derive.toml", room.settings.mappings)
    number = number or next_revision(room, order)
    return revise({**base, "revision": number - 1} if number > 1 else base, change, rules)


def hand_over_held(room: Room) -> int:
    """Try orders again that were held for want of an entry in a list; answers how many could go."""
    done = 0
    for id, number in [(one.subject or 0, one.about) for one in room.ledger.holds.open() if one.what == REVISION]:
        with retried(room, "hand-over of a change", id, f"the hand-over of a change to order {number}"):
            change = room.ledger.changes.get(id)
            done += hand_over(room, room.ledger.orders.get(change.order_id or 0), change)
    for id, number in [(order.id, order.number) for order in room.ledger.orders.in_state(HELD)]:
        with retried(room, "hand-over", id, f"the hand-over of order {number}"):
            done += hand_over(room, room.ledger.orders.get(id))
    return done
