"""What the ERP says: its files go in, and each document of them is sent, held, kept waiting, or comes back with what is wrong.

JSON documents, or what a column table reads; which table, the file's columns say. A document with one bad row is not sent at
all; the others of the file are. What was refused comes back into ``rejected``: the rows as they came with error and cure beside
them, or the JSON documents and a text. How a document is judged is for ``send``.
"""

from __future__ import annotations

import io
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from attrs import define, field

from translator.documents.given import read_documents
from translator.errors import DocumentError
from translator.exchange import files
from translator.exchange.alone import CURE, alone, retried
from translator.exchange.arrivals import Arrival, took
from translator.exchange.dispatch import archived
from translator.exchange.ledger import Order
from translator.exchange.loads import loads
from translator.exchange.origin import told
from translator.exchange.paper import HELD, REFUSED, REPEATED, SENT, WAITING
from translator.exchange.room import Room
from translator.exchange.send import Outcome, offer, retry
from translator.findings import ERROR, Finding
from translator.respond.acknowledgment import acknowledge
from translator.tables.standard import parsed

if TYPE_CHECKING:
    from translator.exchange.columns import Delivery

Json = dict[str, Any]
_WORDS = {SENT: "sent", HELD: "held", WAITING: "waits", REPEATED: "was sent before: nothing happens again"}
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # of a surrogate pair, perhaps without its other half
_KINDS = ("acknowledgments", "shipments", "invoices")


@define(eq=False)
class Given:
    """A document of the ERP, and where its values stand in the file."""

    document: Json
    places: dict[str, Any] | None = None
    sources: list[Given] = field(factory=list)  # those that it was put together from


def deliver(room: Room, arrivals: list[Arrival]) -> None:
    """Deal with files of the ERP, and keep copies. All of it is safe together; one that this program fails on comes back alone."""
    places = archived(room, [(claimed.name, data) for claimed, data in arrivals])
    with room.ledger.transaction():
        for arrival, place in zip(arrivals, places, strict=True):
            name, data = files.shown(arrival[0].name), arrival[1]
            with alone(room, partial(_unreadable, room, name, data, cure=CURE)):
                _answer(room, name, data)
            took(room, "responses", arrival, place)


def _answer(room: Room, name: str, data: bytes) -> None:
    if _is_json(data):
        _json(room, name, data)
    else:
        _columns(room, name, data)


def whole(data: bytes) -> bool:
    """Whether a file of the ERP can be taken: JSON that closes what it opens, or anything else that holds something."""
    if not _is_json(data):
        return bool(data.strip())
    marks = _TEXT.sub(b"", data)
    return b'"' not in marks and all(marks.count(a) == marks.count(b) for a, b in ((b"{", b"}"), (b"[", b"]")))


def retry_waiting(room: Room) -> int:
    """Offer documents again that waited for others; answers how many went out."""
    done = 0
    for one in list(room.ledger.documents.in_state(WAITING)):
        with retried(room, "retry", one.id, f"{one.kind} {one.name}"):
            outcome = retry(room, one)
            if outcome.state == REFUSED:
                room.ledger.documents.set(one.id, state="withdrawn")
                _returned(room, one.source or one.name, [(Given(one.given or one.document, one.places), outcome)])
            done += outcome.state == SENT
    return done


def acknowledge_owed(room: Room) -> int:
    """Acknowledge by itself what the partner's program wants acknowledged; answers how many went out."""
    done = 0
    for id in room.ledger.orders.owing():
        order = room.ledger.orders.get(id)
        with retried(room, "owed", id, f"the automatic acknowledgment of order {order.number}"):
            rules = parsed(f"mappings/{order.partner}/derive.toml", room.settings.mappings)
            draft, found = acknowledge(order.current, rules, now=room.local)
            if draft is not None:
                outcome = offer(room, draft)
                found = outcome.findings
                done += outcome.state == SENT
            room.ledger.orders.set(id, owed=None)
            if errors := [one for one in found if one.severity == ERROR]:
                _hold(room, f"the automatic acknowledgment of order {order.number}", "", errors, [id])
    return done


def _is_json(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _json(room: Room, name: str, data: bytes) -> None:
    try:
        documents = list(read_documents(io.BytesIO(data), name))
        if _HALF.search(data):
            orjson.dumps(documents)
    except orjson.JSONEncodeError:
        _unreadable(room, name, data, f"{name} has half a character in a text, as in \\ud800, which no file can hold")
        return
    except DocumentError as error:
        _unreadable(room, name, data, str(error))
        return
    _offered(room, name, [Given(document) for document in documents])


def _columns(room: Room, name: str, data: bytes) -> None:
    from translator.exchange import columns

    tables = {kind: columns.load(table, room.settings.mappings) for kind, table in room.settings.tables.items() if kind in _KINDS}
    if not tables:
        _unreadable(room, name, data, f"{name} is no JSON, and exchange.toml names no column table under [erp]")
        return
    table = next((one for kind, one in tables.items() if name.lower().startswith(kind[:-1])), None)
    table = table or columns.fitting(list(tables.values()), data)
    if table is None:
        listed = ", ".join(one.name for one in tables.values())
        why = f"{name} has the columns of none of the tables that exchange.toml names ({listed}), and its name begins with none of "
        _unreadable(room, name, data, why + ", ".join(tables))
        return
    delivered = columns.read(table, data)
    outcomes = _offered(room, name, [Given(one.document, _cells(one)) for one in delivered.documents], data=False)
    refused = [
        (given, f"{given.document.get('document')} {outcome.name}", [told(one, given.places) for one in outcome.findings])
        for given, outcome in outcomes
        if outcome.state == REFUSED
    ]
    found = [*delivered.findings, *(one for _, _, said in refused for one in said)]
    errors = [one for one in delivered.findings if one.severity == ERROR]
    if not errors:
        _mended(room, name)
    if not errors and not refused:
        return
    with room.ledger.transaction():
        report = files.safe_name(name, room.mark, ending=".csv")
        room.post("rejected", report, columns.reject(table, data, found))
        if errors:
            _hold(room, name, report, errors, [])
        for given, about, said in refused:
            _hold(room, about, report, [one for one in said if one.severity == ERROR], _ids(room, given))


def _cells(delivery: Delivery) -> dict[str, Any]:
    """Row and column of each place, as the ledger keeps them."""
    return {path: [cell.line, cell.column] for path, cell in delivery.source.items()}


def _offered(room: Room, name: str, given: list[Given], *, data: bool = True) -> list[tuple[Given, Outcome]]:
    """Offer the documents of a file, acknowledgments before shipments before invoices."""
    shipments = [one for one in given if one.document.get("document") == "shipment"]
    rest = [one for one in given if one.document.get("document") != "shipment"]
    held = _loaded(room, shipments) + rest
    rank = {"acknowledgment": 0, "shipment": 1, "invoice": 2}
    held.sort(key=lambda one: rank.get(str(one.document.get("document")), 3))
    outcomes = []
    for one in held:
        outcome = offer(room, one.document, source=name, places=one.places)
        outcomes.append((one, outcome))
        kind = one.document.get("document")
        if outcome.state != REFUSED:
            room.say(f"{name}: {kind} {outcome.name} {_WORDS[outcome.state]}")
            with room.ledger.transaction():
                _mended(room, f"{kind} {outcome.name}")
        for finding in outcome.findings:
            if finding.severity != ERROR:
                room.say(f"{name}: {kind} {outcome.name}: {finding.brief}")
    refused = [(one, outcome) for one, outcome in outcomes if outcome.state == REFUSED]
    if refused and data:
        _returned(room, name, refused)
    return outcomes


def _loaded(room: Room, given: list[Given]) -> list[Given]:
    """Shipments put together by bill of lading and ship-to, and split where they go to several places."""

    def place(named: Json) -> str:
        order = _order(room, named)
        if order is None:
            return ""
        parties = order.current.get("parties", {})
        party = parties.get("ship_to") or parties.get("buyer") or {}
        return str(party.get("location", ""))

    made = []
    for document, sources in loads([one.document for one in given], place):
        held = [given[n] for n in dict.fromkeys(n for n, _ in sources)] or [one for one in given if one.document is document]
        places: dict[str, Any] = {}
        for now, (n, i) in enumerate(sources):
            for path, spot in (given[n].places or {}).items():
                before = f"orders[{i}]"
                if path.startswith(before):
                    places[f"orders[{now}]{path[len(before) :]}"] = spot
                elif not path.startswith("orders["):
                    places.setdefault(path, spot)
        made.append(Given(document, places or None, held))
    return made


def _order(room: Room, named: Json) -> Order | None:
    """The order that part of a shipment names."""
    erp = named.get("erp")
    own = erp.get("order_number") if isinstance(erp, dict) else None
    number = named.get("number")
    books = room.ledger.orders
    found = books.numbered(number) if isinstance(number, str) else books.of_erp(own) if isinstance(own, str) else []
    found = [one for one in found if not isinstance(number, str) or one.release == named.get("release", "")]
    return found[0] if len(found) == 1 else None


# --- what comes back --------------------------------------------------------------------------------------------------


def _returned(room: Room, name: str, refused: list[tuple[Given, Outcome]]) -> None:
    """The JSON documents that were refused, and a text that says why."""
    sources = [source.document for given, _ in refused for source in (given.sources or [given])]
    lines = [
        f"{given.document.get('document')} {outcome.name}: {_line(one)}" for given, outcome in refused for one in outcome.findings
    ]
    with room.ledger.transaction():
        stem = files.safe_name(name, room.mark, ending="")
        option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        room.post("rejected", f"{stem}.json", orjson.dumps(sources if len(sources) > 1 else sources[0], option=option))
        room.post("rejected", f"{stem}.txt", "".join(f"{line}\n" for line in lines).encode())
        for given, outcome in refused:
            errors = [one for one in outcome.findings if one.severity == ERROR]
            _hold(room, f"{given.document.get('document')} {outcome.name}", f"{stem}.txt", errors, _ids(room, given))


def _ids(room: Room, given: Given) -> list[int]:
    """The orders that a document names, as far as they are known."""
    parts = given.document.get("orders", [given.document])
    held = [_order(room, one) for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []
    return [one.id for one in held if one is not None]


def _hold(room: Room, about: str, report: str, errors: list[Finding], orders: list[int]) -> None:
    sentence = f"{about} was refused: {'; '.join(_line(one) for one in errors[:3])}"
    if len(errors) > 3:
        sentence += f"; and {len(errors) - 3} more"
    for id in dict.fromkeys(orders) or [None]:
        room.note("refused", sentence, order=id)
    for hold in room.ledger.holds.open():
        if hold.what == "answer" and hold.about == about:
            room.ledger.holds.set(hold.id, closed=room.stamp, how="refused again")
    cure = (
        f"Correct it and give it again; all of it: rejected/{report}"
        if report
        else "Acknowledge the order by a document of the ERP"
    )
    room.hold("answer", orders[0] if len(set(orders)) == 1 else None, about, sentence, cure)


def _mended(room: Room, about: str) -> None:
    """What was refused before has come in order."""
    for hold in room.ledger.holds.open():
        if hold.what == "answer" and hold.about == about:
            room.ledger.holds.set(hold.id, closed=room.stamp, how="given again")


def _unreadable(room: Room, name: str, data: bytes, why: str, cure: str = "Correct it and give it again") -> None:
    with room.ledger.transaction():
        stem = files.safe_name(name, room.mark, ending="")
        room.post("rejected", f"{stem}.txt", f"{why}\n\n{cure}.\n".encode())
        room.post("rejected", f"{stem}.file", data)
        room.note("refused", why)
        room.hold(
            "answer",
            None,
            name,
            f"{name} cannot be read: {why}",
            f"{cure}; a copy is in rejected/{stem}.file. `translator exchange refuse DIR ID` takes it off this list",
        )


def _line(one: Finding) -> str:
    where = f"row {one.line}, column {one.ref}: " if one.line and one.ref else f"row {one.line}: " if one.line else ""
    return f"{where}{one.brief} {one.cure}"
