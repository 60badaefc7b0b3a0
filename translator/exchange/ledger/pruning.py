"""What is finished for long leaves the ledger: a connection inside a transaction and days go in, counts come out.

An order goes together with all orders that share a document with it, when each is finished and nothing happened to any since. Of
orders and documents a slim row stays for ever, so that no number is used twice and no order taken twice; interchanges stay as long
as one may come again; numbers given always stay. What nothing names any more in the archive is noted as a leftover.
"""

from __future__ import annotations

import sqlite3

from attrs import define

EMPTY = b"{}"  # a document of which only the number is known


@define
class Pruned:
    """How many rows went, or were made slim (orders, documents); ``copies`` is how many files of the archive are named no more."""

    orders: int = 0
    documents: int = 0
    interchanges: int = 0
    events: int = 0
    holds: int = 0
    labels: int = 0
    copies: int = 0


def prune(connection: sqlite3.Connection, before: str, replays: str, labels: str) -> Pruned:
    """Take out what is older than ``before``; interchanges older than ``replays`` too, and labels older than ``labels``."""
    run = connection.execute
    _gone(connection, before)
    _needed(connection)
    done = Pruned()
    done.orders = run("SELECT count(*) FROM gone").fetchone()[0]
    done.documents = run("SELECT count(*) FROM gone_documents").fetchone()[0]
    done.events = run(
        """DELETE FROM events WHERE at < ?1 AND (order_id IN gone OR document IN gone_documents OR (order_id IS NULL
           AND document IS NULL AND (interchange IS NULL OR interchange NOT IN needed)))""",
        (before,),
    ).rowcount
    done.holds = run("DELETE FROM holds WHERE closed < ?", (before,)).rowcount
    done.labels = run("DELETE FROM labels WHERE at < ?", (min(before, labels),)).rowcount
    run(
        """DELETE FROM outbox WHERE published < ? AND (order_id IS NULL OR order_id IN gone)
           AND (document IS NULL OR document IN gone_documents) AND (interchange IS NULL OR interchange NOT IN needed)""",
        (before,),
    )
    run("DELETE FROM requests WHERE order_id IN gone")
    run("DELETE FROM calls WHERE at < ?", (before,))
    run("DELETE FROM movements WHERE order_id IN gone")
    run("DELETE FROM document_orders WHERE order_id IN gone")
    run("DELETE FROM changes WHERE order_id IN gone")
    run("DELETE FROM watches WHERE order_id IN gone")
    run("UPDATE orders SET state = 'pruned', original = ?1, current = ?1, findings = NULL WHERE id IN gone", (EMPTY,))
    _copies(connection, before)
    run(
        """UPDATE documents SET document = ?, places = NULL, why = '', archived = NULL, interchange = NULL
           WHERE id IN gone_documents""",
        (EMPTY,),
    )
    done.interchanges = _interchanges(connection, min(before, replays))
    done.copies = run("SELECT count(*) FROM leftovers").fetchone()[0]
    for name in ("gone", "gone_documents", "needed"):
        run(f"DROP TABLE temp.{name}")
    return done


def _gone(connection: sqlite3.Connection, before: str) -> None:
    """Orders that go, and their documents: none shares a document with an order that stays."""
    run = connection.execute
    run("CREATE TEMP TABLE gone (id INTEGER PRIMARY KEY)")
    run("CREATE TEMP TABLE gone_documents (id INTEGER PRIMARY KEY)")
    run(
        """INSERT INTO gone SELECT w.order_id FROM watches w JOIN orders o ON o.id = w.order_id
           WHERE w.finished = 1 AND w.fresh = 1 AND o.received < ?1
           AND NOT EXISTS (SELECT 1 FROM events e WHERE e.order_id = o.id AND e.at >= ?1)
           AND NOT EXISTS (SELECT 1 FROM document_orders j JOIN events e ON e.document = j.document
                           WHERE j.order_id = o.id AND e.at >= ?1)
           AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.closed IS NULL AND h.what IN ('order', 'answer') AND h.subject = o.id)
           AND NOT EXISTS (SELECT 1 FROM document_orders j JOIN holds h ON h.subject = j.document
                           WHERE j.order_id = o.id AND h.closed IS NULL AND h.what IN ('document', 'verdict'))
           AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.order_id = o.id AND r.state IN ('waiting', 'sending'))
           AND NOT EXISTS (SELECT 1 FROM outbox b LEFT JOIN document_orders j ON j.document = b.document
                           WHERE b.published IS NULL AND (b.order_id = o.id OR j.order_id = o.id))""",
        (before,),
    )
    stays = """DELETE FROM gone WHERE id IN (
                   SELECT mine.order_id FROM document_orders mine JOIN document_orders other ON other.document = mine.document
                   WHERE other.order_id NOT IN gone)"""
    while run(stays).rowcount:
        pass
    run("INSERT INTO gone_documents SELECT DISTINCT document FROM document_orders WHERE order_id IN gone")


def _needed(connection: sqlite3.Connection) -> None:
    """Interchanges that something which stays rests on: an order, a change, a document, what happened to them, an open hold."""
    run = connection.execute
    run("CREATE TEMP TABLE needed (id INTEGER PRIMARY KEY)")
    stays = (
        "SELECT interchange FROM orders WHERE id NOT IN gone AND state <> 'pruned'",
        "SELECT interchange FROM changes WHERE order_id IS NULL OR order_id NOT IN gone",
        "SELECT interchange FROM documents WHERE interchange IS NOT NULL AND id NOT IN gone_documents",
        """SELECT interchange FROM events WHERE interchange IS NOT NULL AND (order_id IS NOT NULL OR document IS NOT NULL)
           AND (order_id IS NULL OR order_id NOT IN gone) AND (document IS NULL OR document NOT IN gone_documents)""",
        "SELECT subject FROM holds WHERE closed IS NULL AND what IN ('interchange', 'message') AND subject IS NOT NULL",
        "SELECT interchange FROM outbox WHERE interchange IS NOT NULL AND published IS NULL",
    )
    for sql in stays:
        run(f"INSERT OR IGNORE INTO needed {sql}")
    run("INSERT OR IGNORE INTO needed SELECT id FROM interchanges WHERE answers IN needed")


def _copies(connection: sqlite3.Connection, before: str) -> None:
    """Copies in the archive that only what goes has named."""
    run = connection.execute
    old = "at < ?1 AND id NOT IN needed"
    run(
        f"""INSERT OR IGNORE INTO leftovers SELECT archived FROM interchanges WHERE {old} AND archived <> ''
            UNION SELECT archived FROM documents WHERE id IN gone_documents AND archived IS NOT NULL""",
        (before,),
    )
    run(f"UPDATE interchanges SET archived = '' WHERE {old}", (before,))
    run(
        """DELETE FROM leftovers WHERE place IN (SELECT archived FROM interchanges)
           OR place IN (SELECT archived FROM documents WHERE archived IS NOT NULL AND id NOT IN gone_documents)"""
    )


def _interchanges(connection: sqlite3.Connection, before: str) -> int:
    """Take out interchanges that cannot come again, and that no row names; receipts before what they answer."""
    free = """id NOT IN needed AND id NOT IN (SELECT interchange FROM orders)
              AND id NOT IN (SELECT interchange FROM changes)
              AND id NOT IN (SELECT interchange FROM events WHERE interchange IS NOT NULL)
              AND id NOT IN (SELECT interchange FROM documents WHERE interchange IS NOT NULL)
              AND id NOT IN (SELECT interchange FROM outbox WHERE interchange IS NOT NULL)
              AND id NOT IN (SELECT answers FROM interchanges WHERE answers IS NOT NULL)"""
    sql = f"DELETE FROM interchanges WHERE at < ? AND {free}"
    return connection.execute(f"{sql} AND answers IS NOT NULL", (before,)).rowcount + connection.execute(sql, (before,)).rowcount
