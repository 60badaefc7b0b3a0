"""The ledger of an exchange: everything that came, went, waits and was promised. The only place that speaks SQL.

create(path), open_ledger(path)    a ``Ledger``; ``LedgerError`` where it cannot be trusted
ledger.transaction()               all or nothing; numbers (``ledger.next``) are taken inside it
ledger.orders, .documents, …       the books
"""

from translator.exchange.ledger.pruning import Pruned
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
from translator.exchange.ledger.store import Ledger, create, open_ledger
from translator.exchange.ledger.watches import Watched

__all__ = [
    "Called",
    "Change",
    "Document",
    "Event",
    "Hold",
    "Interchange",
    "Ledger",
    "Movement",
    "Order",
    "Parcel",
    "Pruned",
    "Request",
    "Watched",
    "create",
    "open_ledger",
]
