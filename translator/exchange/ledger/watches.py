"""The orders under watch: how far each is, what is due of it, and when the next thing will be late.

A row is stale as soon as anything happens to its order: triggers of the schema see to that, so nobody can forget it. Whoever asks
works out stale rows anew; all others are read as they stand, without their orders. Nothing is judged here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import orjson
from attrs import define, field

Json = dict[str, Any]
# As ``Watched`` has them.
_SLIM = """o.id, o.partner, o.number, o.type, o.release, o.erp_number, o.revision, o.state, o.received, o.handed, o.taken,
           o.acknowledged, w.fresh, w.finished, w.stage, w.at, w.next, w.late, w.dues"""


@define(eq=False)
class Watched:
    """An order without its documents, and what was worked out of it at ``at``. ``dues`` is what is not done yet."""

    id: int
    partner: str
    number: str
    type: str
    release: str
    erp_number: str | None
    revision: int
    state: str
    received: str
    handed: str | None
    taken: str | None
    acknowledged: str | None
    fresh: bool
    finished: bool
    stage: str
    at: str
    next: str | None
    late: int
    dues: list[Json] = field(factory=list)

    def stale(self, now: str) -> bool:
        """Whether it has to be worked out anew: something happened, a deadline passed, or the moment is an earlier one."""
        return not self.fresh or self.at > now or (self.next is not None and self.next <= now)


class Watches:
    """The book of orders under watch."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def stale(self, now: str) -> list[int]:
        """The ids of orders that have to be worked out anew."""
        sql = "SELECT order_id FROM watches WHERE fresh = 0 UNION SELECT order_id FROM watches WHERE next IS NOT NULL AND next <= ?"
        return [row[0] for row in self.connection.execute(sql, (now,))]

    def keep(self, order: int, *, stage: str, finished: bool, dues: list[Json], next: str | None, at: str) -> None:
        """What was worked out of an order."""
        late = sum(1 for one in dues if one["late"])
        sql = """UPDATE watches SET fresh = 1, finished = ?, stage = ?, at = ?, next = ?, late = ?, dues = ? WHERE order_id = ?"""
        self.connection.execute(sql, (finished, stage, at, next, late, orjson.dumps(dues) if dues else None, order))

    def late(self) -> Iterator[Json]:
        """All that was late when it was worked out, order by order."""
        for (dues,) in self.connection.execute("SELECT dues FROM watches WHERE late > 0 ORDER BY order_id"):
            yield from (one for one in orjson.loads(dues) if one["late"])

    def rows(self, *, everything: bool = False, number: str | None = None) -> Iterator[Watched]:
        """Orders one after another as they came; without ``everything`` those that are not finished, or stale."""
        clauses, values = [], []
        if not everything:
            clauses.append("(w.finished = 0 OR w.fresh = 0)")
        if number is not None:
            clauses.append("o.number = ?")
            values.append(number)
        where = f"WHERE {' AND '.join(clauses)}" if clauses else ""
        sql = f"SELECT {_SLIM} FROM watches w JOIN orders o ON o.id = w.order_id {where} ORDER BY o.id"
        for row in self.connection.execute(sql, values):
            held = list(row)
            held[12:14] = map(bool, held[12:14])
            held[-1] = orjson.loads(held[-1]) if held[-1] else []
            yield Watched(*held)

    def documents(self, *, everything: bool = False) -> Iterator[Json]:
        """The answers to these orders, without what they say: order, id, kind, name, state, sent, answered, why."""
        names = ("order", "id", "kind", "name", "state", "sent", "answered", "why")
        which = "" if everything else "(w.finished = 0 OR w.fresh = 0) AND"
        sql = f"""SELECT j.order_id, d.id, d.kind, d.name, d.state, d.sent, d.answered, d.why FROM watches w
                  JOIN document_orders j ON j.order_id = w.order_id JOIN documents d ON d.id = j.document
                  WHERE {which} d.state <> 'withdrawn' ORDER BY d.id"""
        return (dict(zip(names, row, strict=True)) for row in self.connection.execute(sql))

    def pending(self) -> set[int]:
        """The orders of which a change waits for a decision."""
        sql = "SELECT DISTINCT order_id FROM changes WHERE state = 'pending' AND order_id IS NOT NULL"
        return {row[0] for row in self.connection.execute(sql)}

    @property
    def basis(self) -> str:
        """By which rules the rows were worked out."""
        held = self.connection.execute("SELECT value FROM meta WHERE name = 'watched by'").fetchone()
        return str(held[0]) if held else ""

    def begin_again(self, basis: str) -> None:
        """The rules are others: all orders that are not finished are stale."""
        self.connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('watched by', ?)", (basis,))
        self.connection.execute("UPDATE watches SET fresh = 0 WHERE finished = 0")
