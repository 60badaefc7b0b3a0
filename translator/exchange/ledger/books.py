"""The books of the ledger: records go in and come out, book by book. All SQL but that of opening stands here.

Names of tables and columns are this file's own; values are always parameters. Nothing is decided, nothing is dated.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import attrs
import orjson

from translator.exchange.ledger.records import (
    Called,
    Change,
    Document,
    Event,
    Hold,
    Interchange,
    Movement,
    Order,
    Parcel,
    Request,
)
from translator.exchange.ledger.watches import Watches

Record = TypeVar("Record", Interchange, Order, Change, Document, Parcel, Hold, Event, Request, Called)
TAKEN = ("accepted", "errors", "history")
"""States of documents that the partner has taken, as far as is known."""
WENT = ("sent", *TAKEN)
"""States of documents that went out."""
COUNTED = ("waiting", *WENT)
"""States of documents that hold: they take from the balance, and their numbers are used up."""


class Book(Generic[Record]):
    """The rows of one table as records."""

    def __init__(self, connection: sqlite3.Connection, table: str, record: type[Record]) -> None:
        self.connection, self.table = connection, table
        self.record: type[Record] = record
        fields = attrs.fields(record)
        self.columns = [one.name for one in fields]
        self.unpacked = {n for n, one in enumerate(fields) if "Json" in str(one.type) or "dict" in str(one.type)}
        self.select = f"SELECT {', '.join(f't.{name}' for name in self.columns)} FROM {table} AS t"

    def add(self, **values: Any) -> int:
        """One more row; answers its id."""
        names = list(values)
        marks = ", ".join("?" * len(names))
        sql = f"INSERT INTO {self.table} ({', '.join(names)}) VALUES ({marks})"
        return int(self.connection.execute(sql, [_in(values[name]) for name in names]).lastrowid or 0)

    def set(self, id: int, **values: Any) -> None:
        """Other values for a row."""
        assert set(values) <= set(self.columns)
        sql = f"UPDATE {self.table} SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?"
        self.connection.execute(sql, [*map(_in, values.values()), id])

    def get(self, id: int) -> Record:
        """The row of this id. Raises ``KeyError``."""
        for one in self.rows("WHERE t.id = ?", id):
            return one
        raise KeyError(id)

    def rows(self, clause: str = "", *values: Any) -> Iterator[Record]:
        """Rows one after another, in the order of their ids."""
        for row in self.connection.execute(f"{self.select} {clause} ORDER BY t.id", values):
            yield self.record(*(orjson.loads(v) if n in self.unpacked and v is not None else v for n, v in enumerate(row)))


class Books:
    """All books of a ledger."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.interchanges = Interchanges(connection, "interchanges", Interchange)
        self.orders = Orders(connection, "orders", Order)
        self.changes = Changes(connection, "changes", Change)
        self.documents = Documents(connection, "documents", Document)
        self.outbox = Outbox(connection, "outbox", Parcel)
        self.holds = Holds(connection, "holds", Hold)
        self.events = Events(connection, "events", Event)
        self.looks = Looks(connection)
        self.watches = Watches(connection)
        self.arrivals = Arrivals(connection)
        self.requests = Requests(connection, "requests", Request)
        self.calls = Calls(connection, "calls", Called)


class Interchanges(Book[Interchange]):
    """What came and what went."""

    def numbered(self, way: str, envelope: str, usage: str, control: str) -> list[Interchange]:
        """All with this number, between these two, of this usage."""
        clause = "WHERE t.way = ? AND t.envelope = ? AND t.usage = ? AND t.control = ?"
        return list(self.rows(clause, way, envelope, usage, control))

    def answers(self, interchange: int) -> list[Interchange]:
        """Our receipts for an interchange."""
        return list(self.rows("WHERE t.answers = ?", interchange))

    def same(self, way: str, sha256: str) -> list[Interchange]:
        """All with these bytes."""
        return list(self.rows("WHERE t.way = ? AND t.sha256 = ?", way, sha256))


class Orders(Book[Order]):
    """The orders."""

    def find(self, partner: str, number: str, type: str, release: str) -> Order | None:
        """The order of this key."""
        clause = "WHERE t.partner = ? AND t.number = ? AND t.type = ? AND t.release = ?"
        return next(self.rows(clause, partner, number, type, release), None)

    def numbered(self, number: str) -> list[Order]:
        """All orders with this number: a blanket order and its releases share one. Of a pruned one nothing more is known."""
        return list(self.rows("WHERE t.number = ? AND t.state <> 'pruned'", number))

    def of_erp(self, number: str) -> list[Order]:
        """All orders that the ERP knows by this number."""
        return list(self.rows("WHERE t.erp_number = ? AND t.state <> 'pruned'", number))

    def of(self, document: int) -> list[Order]:
        """The orders that a document answers."""
        return list(self.rows("JOIN document_orders d ON d.order_id = t.id WHERE d.document = ?", document))

    def handed(self, file: str, at: str) -> None:
        """The file of these orders is there for the ERP."""
        self.connection.execute("UPDATE orders SET handed = ? WHERE file = ?", (at, file))

    def owing(self) -> list[int]:
        """The ids of orders that are to be answered by itself."""
        return [row[0] for row in self.connection.execute("SELECT id FROM orders WHERE owed IS NOT NULL ORDER BY id")]

    def untaken(self) -> list[tuple[int, str]]:
        """The ids of orders that the ERP has not taken, each with its file that was put into the folder."""
        sql = """SELECT id, file FROM orders WHERE taken IS NULL AND file IS NOT NULL
                 AND file NOT IN (SELECT name FROM outbox WHERE published IS NULL) ORDER BY id"""
        return list(self.connection.execute(sql))

    def in_state(self, *states: str) -> Iterator[Order]:
        """All orders in one of these states."""
        yield from self.rows(f"WHERE t.state IN ({', '.join('?' * len(states))})", *states)


class Changes(Book[Change]):
    """The changes."""

    def of(self, order: int) -> list[Change]:
        """The changes to an order."""
        return list(self.rows("WHERE t.order_id = ?", order))

    def pending(self, order: int) -> list[Change]:
        """Those that somebody has to decide on."""
        return [one for one in self.of(order) if one.state == "pending"]

    def homeless(self, number: str) -> list[Change]:
        """Changes to an order that was not known when they came."""
        return list(self.rows("WHERE t.number = ? AND t.order_id IS NULL AND t.state = 'unknown-order'", number))


class Documents(Book[Document]):
    """Our answers, the orders that they answer, and what they take from their balances."""

    def published(self, document: int, place: str, at: str) -> None:
        """Its bytes are in the archive, and went out; when they first did is kept."""
        sql = "UPDATE documents SET archived = ?, sent = COALESCE(sent, ?) WHERE id = ?"
        self.connection.execute(sql, (place, at, document))

    def join(self, document: int, orders: list[int]) -> None:
        """A document answers these orders."""
        sql = "INSERT OR IGNORE INTO document_orders (document, order_id) VALUES (?, ?)"
        self.connection.executemany(sql, [(document, order) for order in orders])

    def orders_of(self, document: int) -> list[int]:
        """The ids of the orders that a document answers."""
        sql = "SELECT order_id FROM document_orders WHERE document = ? ORDER BY order_id"
        return [row[0] for row in self.connection.execute(sql, (document,))]

    def move(self, document: int, moves: list[tuple[int, str, str, bool]]) -> None:
        """What a document takes: order, line, quantity, whether the line is final. What it took before is forgotten."""
        self.connection.execute("DELETE FROM movements WHERE document = ?", (document,))
        sql = "INSERT INTO movements (document, order_id, line, quantity, final) VALUES (?, ?, ?, ?, ?)"
        self.connection.executemany(sql, [(document, *move) for move in moves])

    def movements(self, order: int) -> list[Movement]:
        """What documents of any state take from an order."""
        sql = """SELECT m.document, d.kind, d.state, d.name, m.line, m.quantity, m.final FROM movements m
                 JOIN documents d ON d.id = m.document WHERE m.order_id = ? ORDER BY m.rowid"""
        found = self.connection.execute(sql, (order,))
        return [Movement(id, kind, state, name, line, much, bool(final)) for id, kind, state, name, line, much, final in found]

    def of(self, order: int, *kinds: str) -> list[Document]:
        """The answers to an order."""
        found = self.rows("JOIN document_orders o ON o.document = t.id WHERE o.order_id = ?", order)
        return [one for one in found if not kinds or one.kind in kinds]

    def named(self, partner: str, kind: str, name: str) -> list[Document]:
        """All of this kind that bear this number."""
        return list(self.rows("WHERE t.partner = ? AND t.kind = ? AND t.name = ?", partner, kind, name))

    def in_state(self, *states: str) -> Iterator[Document]:
        """All in one of these states."""
        yield from self.rows(f"WHERE t.state IN ({', '.join('?' * len(states))})", *states)

    def sent_as(self, functional: str, control: str) -> list[Document]:
        """Those that went out in groups of this kind and number (GS01, GS06)."""
        return list(self.rows("WHERE t.functional = ? AND t.group_control = ?", functional, control))

    def within(self, interchange: int) -> list[Document]:
        """Those that went out in an interchange."""
        return list(self.rows("WHERE t.interchange = ?", interchange))

    def labelled(self, document: int, codes: list[str], at: str) -> None:
        """These labels stand on the cartons of a document."""
        sql = "INSERT OR IGNORE INTO labels (sscc, document, at) VALUES (?, ?, ?)"
        self.connection.executemany(sql, [(code, document, at) for code in codes])

    def label_used(self, code: str, since: str, but: int) -> str | None:
        """The number of another document that holds and has this label on a carton since then."""
        marks = ", ".join("?" * len(COUNTED))
        sql = f"""SELECT d.name FROM labels l JOIN documents d ON d.id = l.document
                  WHERE l.sscc = ? AND l.at >= ? AND d.id <> ? AND d.state IN ({marks}) LIMIT 1"""
        row = self.connection.execute(sql, (code, since, but, *COUNTED)).fetchone()
        return row[0] if row else None


class Outbox(Book[Parcel]):
    """Files from before somebody else sees them."""

    @property
    def last(self) -> int:
        """The id of the newest file; 0 before the first."""
        return int(self.connection.execute("SELECT COALESCE(MAX(id), 0) FROM outbox").fetchone()[0])

    def waiting(self) -> list[tuple[int, int]]:
        """Ids and sizes of those that are not published yet, oldest first."""
        return self.connection.execute("SELECT id, size FROM outbox WHERE published IS NULL ORDER BY id").fetchall()

    def taken(self, folder: str, name: str, sha256: str) -> bool:
        """Whether other bytes went, or go, under this name."""
        sql = "SELECT 1 FROM outbox WHERE folder = ? AND name = ? AND sha256 <> ?"
        return self.connection.execute(sql, (folder, name, sha256)).fetchone() is not None

    def of(self, *, document: int | None = None, interchange: int | None = None) -> list[Parcel]:
        """The files of a document or an interchange."""
        if document is not None:
            return list(self.rows("WHERE t.document = ?", document))
        return list(self.rows("WHERE t.interchange = ?", interchange))


class Holds(Book[Hold]):
    """What waits for a person."""

    def open(self) -> list[Hold]:
        """All that was not closed."""
        return list(self.rows("WHERE t.closed IS NULL"))

    def on(self, what: str, subject: int) -> list[Hold]:
        """What keeps one thing back."""
        return list(self.rows("WHERE t.closed IS NULL AND t.what = ? AND t.subject = ?", what, subject))

    def close(self, what: str, subject: int, at: str, how: str) -> None:
        """Nothing keeps it back any more."""
        sql = "UPDATE holds SET closed = ?, how = ? WHERE what = ? AND subject = ? AND closed IS NULL"
        self.connection.execute(sql, (at, how, what, subject))


class Events(Book[Event]):
    """What happened."""

    def about(self, order: int) -> list[Event]:
        """All that ever happened to an order, to its interchanges and to its answers, in its order."""
        clause = """WHERE t.order_id = ?1 OR t.document IN (SELECT document FROM document_orders WHERE order_id = ?1)"""
        return list(self.rows(clause, order))

    def within(self, interchange: int) -> list[Event]:
        """What happened to an interchange itself, and not to an order or a document in it."""
        return list(self.rows("WHERE t.interchange = ? AND t.order_id IS NULL AND t.document IS NULL", interchange))


class Requests(Book[Request]):
    """What a partner's API is to do."""

    def undone(self) -> list[Request]:
        """What was not done yet, oldest first."""
        return list(self.rows("WHERE t.state IN ('waiting', 'sending')"))

    def of(self, document: int) -> list[Request]:
        """The requests of a document."""
        return list(self.rows("WHERE t.document = ?", document))


class Calls(Book[Called]):
    """Requests that went out, and what came back."""

    def about(self, partner: str, key: str) -> list[Called]:
        """Those about an order, by the id that its API has for it as it stands in a path."""
        return list(self.rows("WHERE t.partner = ?1 AND instr(t.path || '/', '/' || ?2 || '/') > 0", partner, key))


    def forget(self, call: str, path: str) -> None:
        """What was asked under a name; in a transaction."""
        self.connection.execute("DELETE FROM calls WHERE call = ? AND path = ?", (call, path))


class Looks:
    """Files that were seen and were not whole: since when."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def since(self, folder: str, name: bytes, size: int, now: str) -> str:
        """Since when the file has this size; from now on, when it is new or has grown. In a transaction."""
        sql = "SELECT since FROM looks WHERE folder = ? AND name = ? AND size = ?"
        held = self.connection.execute(sql, (folder, name, size)).fetchone()
        if held:
            return str(held[0])
        sql = "INSERT OR REPLACE INTO looks (folder, name, size, since) VALUES (?, ?, ?, ?)"
        self.connection.execute(sql, (folder, name, size, now))
        return now

    def forget(self, folder: str, names: set[bytes]) -> None:
        """Only these are still there."""
        for (name,) in self.connection.execute("SELECT name FROM looks WHERE folder = ?", (folder,)).fetchall():
            if name not in names:
                self.connection.execute("DELETE FROM looks WHERE folder = ? AND name = ?", (folder, name))


class Arrivals:
    """Files that were taken, by the tokens of their claims."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def add(self, token: str, folder: str, name: str, sha256: str, archived: str, at: str) -> None:
        """A file was dealt with. In the transaction that holds what came of it."""
        sql = "INSERT INTO arrivals (token, folder, name, sha256, archived, at) VALUES (?, ?, ?, ?, ?, ?)"
        self.connection.execute(sql, (token, folder, name, sha256, archived, at))

    def known(self, token: str) -> bool:
        """Whether a file was dealt with, before a pass was cut short."""
        return self.connection.execute("SELECT 1 FROM arrivals WHERE token = ?", (token,)).fetchone() is not None


def _in(value: Any) -> Any:
    return orjson.dumps(value) if isinstance(value, dict | list) else value
