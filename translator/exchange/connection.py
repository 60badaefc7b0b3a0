"""A partner's API, in a pass: orders are fetched into the folder of what arrives, and requests that wait are done, each once.

What is fetched is dealt with as a file that anybody put there. Before a request goes out it is asked whether it was done already:
by somebody at the portal, or by us when the ledger is a copy that was put back. As it goes out it is marked; one that a dead pass
left marked, or whose answer never came, is not sent again before the API has said how far it is. The requests of an order are done
in their order, and the first that fails keeps the others of that order back. Where the API cannot be reached nothing is lost: a
person is told, and the next pass goes on; no pass waits for it for long.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from attrs import define

from translator.bodies.calls import Api, load
from translator.bodies.read import key_of, read
from translator.bodies.text import Number
from translator.errors import Declined, DocumentError, SettingsError, TableError, Unreachable
from translator.exchange import files
from translator.exchange.calledoff import touched
from translator.exchange.handover import OPEN
from translator.exchange.ledger import Request
from translator.exchange.requests import DECLINED, DONE, DROPPED, SENDING, WAITING, doubtful, settled
from translator.exchange.room import Room, moment, stamp
from translator.exchange.settings import Connection

if TYPE_CHECKING:
    from translator.connect.client import Client

Json = Any
LISTED, ONE = "orders", "order"  # the calls that list what is new, and say how one order is
_MANNERS = "manners"  # of this pass towards the API
GLANCE = "glance"  # what the ledger calls a question that is asked again and again
GONE = ("shipped", "invoiced")  # stages of orders of which nothing can be cancelled any more


@define(eq=False)
class Book:
    """Keeps in the ledger what goes out and comes back, each in a transaction of its own."""

    room: Room
    partner: str

    def before(self, call: str, method: str, path: str, body: bytes | None) -> int:
        """A request is about to go out."""
        room, text = self.room, None if body is None else body.decode()
        with room.ledger.transaction():
            return room.ledger.calls.add(partner=self.partner, call=call, method=method, path=path, body=text, at=_now(room))

    def after(self, number: int, status: int | None, said: str) -> None:
        """What came back."""
        with self.room.ledger.transaction():
            self.room.ledger.calls.set(number, status=status, said=said, answered=_now(self.room))


class Glances(Book):
    """The same for what is asked again and again: of each question, only the last is kept."""

    def before(self, call: str, method: str, path: str, body: bytes | None) -> int:
        """A question is about to go out."""
        room = self.room
        with room.ledger.transaction():
            room.ledger.calls.forget(GLANCE, path)
            return room.ledger.calls.add(partner=self.partner, call=GLANCE, method=method, path=path, body=None, at=_now(room))


def _now(room: Room) -> str:
    return stamp(room.now)


def connect(room: Room, *, kept: bool = True) -> Client:
    """The client of the connection; unless it is only tried, all that it asks is ``kept``.

    Raises ``SettingsError`` where there is none, or where secrets are missing.
    """
    from translator.connect.client import Client, Manners
    from translator.connect.credentials import credentials

    wanted = wanted_connection(room)
    known = table(room)
    recorder = Book(room, wanted.partner) if kept else None
    manners = room.caches.setdefault(_MANNERS, Manners())  # one pace and one patience, however many clients
    return Client(known, credentials(known), wanted.host, live=wanted.live, recorder=recorder, manners=manners)


def wanted_connection(room: Room) -> Connection:
    """What the settings say of the connection. Raises ``SettingsError``."""
    if room.settings.connection is None:
        raise SettingsError(f"{room.settings.folder}: exchange.toml has no [connection]: nothing is fetched or sent")
    return room.settings.connection


def table(room: Room) -> Api:
    """What is known of the API. Raises ``SettingsError``, ``TableError``."""
    return load(wanted_connection(room).partner, room.settings.mappings)


# --- fetching ---------------------------------------------------------------------------------------------------------------


def due(room: Room) -> bool:
    """Whether it is time to ask for orders again."""
    wanted = room.settings.connection
    last = room.ledger.kept(f"fetched {wanted.partner}") if wanted else ""
    if wanted is None or not last:
        return wanted is not None
    return not timedelta(0) <= room.now - moment(last) < timedelta(minutes=wanted.every_minutes)  # clocks are set back, too


def pull(room: Room, client: Client) -> int:
    """Fetch what is new, all pages, into the folder of what arrives; answers how many orders there were.

    What is listed is new; whether the partner has cancelled any of those that we have, it is asked order by order. Raises
    ``Unreachable``, ``Declined``, ``files.FileFault``.
    """
    count, partner = 0, wanted_connection(room).partner
    for page, data, entries in client.pages(LISTED):
        if entries:
            _arrive(room, partner, str(page), data)
        count += len(entries)
    with room.ledger.transaction():
        room.ledger.keep(f"fetched {partner}", room.stamp)
    client.recorder, usual = Glances(room, partner), client.recorder
    try:
        look(room, client)
    finally:
        client.recorder = usual
    return count


def look(room: Room, client: Client) -> None:
    """Ask for the state of open orders, those first that were asked for longest ago, and fetch what was cancelled of them.

    Raises ``Unreachable``, ``files.FileFault``.
    """
    partner = wanted_connection(room).partner
    last = int(room.ledger.kept(f"looked {partner}") or 0)
    rows = (one for one in room.ledger.watches.rows() if one.partner == partner)
    orders = [one.id for one in rows if one.state == OPEN and one.stage not in GONE]
    for id in [*(one for one in orders if one > last), *(one for one in orders if one <= last)][: client.api.looks]:
        order = room.ledger.orders.get(id)
        key = key_of(order.original, room.settings.mappings)
        with suppress(Declined, DocumentError):  # the ledger has kept what it says; the answers to this order will say it too
            data = client.ask(ONE, order=key)
            document = next((one.document for one in read(data, mappings=room.settings.mappings)), None)
            known = room.ledger.interchanges.same("in", hashlib.sha256(data.strip()).hexdigest())
            if document and touched(document, client.api) and not known:
                _arrive(room, partner, order.number, data)
        with room.ledger.transaction():
            room.ledger.keep(f"looked {partner}", str(id))


def _arrive(room: Room, partner: str, what: str, data: bytes) -> None:
    name = files.safe_name(partner, room.mark, token_hex(4), what, ending=".json")
    files.publish(room.folder("in"), name, data)


# --- doing ------------------------------------------------------------------------------------------------------------------


def push(room: Room, client: Client) -> int:
    """Do the requests that wait; answers how many were done. Raises ``Unreachable`` when it has done what it could."""
    done, back, why = 0, set[int](), ""
    for request in room.ledger.requests.undone():
        if request.order_id in back:
            continue
        if why and client.weary:
            break
        try:
            told = client.tell(
                request.call, _parsed(request.body), doubtful=doubtful(room, request), first=True,
                going=partial(_going, room, request), **_fill(client.api, request),
            )  # fmt: skip
        except Unreachable as error:
            back.add(request.order_id)
            why = why or str(error)
        except Declined as error:
            back.add(request.order_id)
            with room.ledger.transaction():
                _declined(room, request, str(error))
        else:
            done += 1
            with room.ledger.transaction():
                _done(room, request, f"{told.said}{' (before)' if told.before else ''}")
    if why:
        raise Unreachable(why)
    return done


def _fill(api: Api, request: Request) -> dict[str, str]:
    """What fills the path of a request. Raises ``Declined`` where the table has changed since, and has no such path any more."""
    call = api.calls.get(request.call)
    fill = call.read(request.path) if call else None
    if fill is None:
        row = f"{api.file} [calls.{request.call}]"
        raise Declined(f"{request.method} {request.path} was not sent: it was made by another {row} than the one of today")
    return {name: value for name, value in fill.items() if name != "seller"}


def _going(room: Room, request: Request) -> None:
    with room.ledger.transaction():
        room.ledger.requests.set(request.id, state=SENDING)


def _done(room: Room, request: Request, said: str) -> None:
    room.ledger.requests.set(request.id, state=DONE, said=said, done=room.stamp)
    what = f"{request.call}: {said}"
    room.note("told", what, order=request.order_id, document=request.document)
    if all(one.state == DONE for one in room.ledger.requests.of(request.document)):
        settled(room, request.document, "the API did all that it asks for")


def _declined(room: Room, request: Request, said: str) -> None:
    """It will not be done: the document is rejected, as by any partner, and a person decides."""
    held = room.ledger.documents.get(request.document)
    for one in room.ledger.requests.of(request.document):
        if one.id == request.id:
            room.ledger.requests.set(one.id, state=DECLINED, said=said)
        elif one.state in (WAITING, SENDING):
            room.ledger.requests.set(one.id, state=DROPPED)
    room.ledger.documents.set(request.document, state="rejected", answered=room.stamp, why=said)
    sentence = f"{held.kind} {held.name} was refused by the API: {said}"
    room.note("rejected", sentence, order=request.order_id, document=request.document)
    room.say(sentence)
    room.hold(
        "document", request.document, held.name, sentence,
        "Correct it and give it again under the same number; what the API did of it before stays done, and is not asked for twice",
    )  # fmt: skip


def _parsed(text: str) -> Json:
    """A body with its numbers as they are written."""
    return json.loads(text, parse_float=Number, parse_int=Number)


# --- in a pass --------------------------------------------------------------------------------------------------------------


@contextmanager
def told(room: Room, what: str) -> Iterator[None]:
    """An API that cannot be reached, or settings that do not allow it, keep nothing else from its turn: a person is told."""
    wanted = room.settings.connection
    name = wanted.partner if wanted else ""
    try:
        yield
    except (Unreachable, Declined, SettingsError, TableError) as error:
        sentence = f"{what}: {error}"
        room.say(sentence)
        cure = "The next pass tries again; `translator connect test DIR` tells what is wrong"
        with room.ledger.transaction():
            for one in room.ledger.holds.on(what, 0):
                if one.sentence != sentence:
                    room.ledger.holds.set(one.id, closed=room.stamp, how="told anew")
            room.hold(what, 0, name, sentence, cure)
    else:
        with room.ledger.transaction():
            room.ledger.holds.close(what, 0, room.stamp, "it works again")


def weary(room: Room) -> bool:
    """Whether this pass has waited for the API long enough; what came of it was told."""
    manners = room.caches.get(_MANNERS)
    return manners is not None and manners.waited > table(room).patience


def fetch(room: Room, connected: Callable[[Room], Client] = connect) -> None:
    """Fetch orders where it is time."""
    if due(room) and not weary(room):
        with told(room, "fetching orders"), connected(room) as client:
            pull(room, client)


def tell(room: Room, connected: Callable[[Room], Client] = connect) -> None:
    """Do what waits."""
    if room.settings.connection is not None and room.ledger.requests.undone() and not weary(room):
        with told(room, "sending answers"), connected(room) as client:
            push(room, client)
