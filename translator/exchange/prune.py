"""What is finished for long is removed: an open exchange and a day go in, the ledger and the archive lose it, counts come out.

One transaction takes it from the ledger; only then the archive's copies are removed, and a prune that was cut short in between is
finished by the next. Numbers stay for ever, labels for a year, interchanges as long as one may come again.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from datetime import timedelta

from attrs import define

from translator.exchange import files
from translator.exchange.deadlines import begins, zone_named
from translator.exchange.ledger import Pruned
from translator.exchange.room import Room, stamp
from translator.exchange.status import refresh

_REPLAYS = timedelta(days=400)  # as long as `incoming` remembers a control number
_LABELS = timedelta(days=366)  # as long as `send` remembers a label


@define(eq=False)
class Removal:
    """What was removed, or would be: rows of the ledger, files of the archive and their bytes; ``shrunk``: bytes of the ledger."""

    rows: Pruned
    files: int = 0
    size: int = 0
    shrunk: int = 0


class _Tried(Exception):
    """The transaction is given up: it was only to be seen what would go."""


def prune(room: Room, before: datetime.date, *, dry: bool = False, saw: Callable[[int], None] = lambda _: None) -> Removal:
    """Remove what was finished before the beginning of a day; ``dry`` only says what would go. ``saw``: files removed so far."""
    refresh(room)
    moment = stamp(begins(before, zone_named(room.settings.zone)))
    archive = room.folder("archive")
    found: Removal | None = None
    places: list[str] = []
    try:
        with room.ledger.transaction():
            rows = room.ledger.prune(moment, stamp(room.now - _REPLAYS), stamp(room.now - _LABELS))
            places = room.ledger.leftovers()
            sizes = [files.size(archive / place) for place in places]
            found = Removal(rows, sum(1 for size in sizes if size is not None), sum(size or 0 for size in sizes))
            if dry:
                raise _Tried
            room.note("pruned", f"all that was finished before {before}: {rows.orders} orders, {rows.documents} documents")
    except _Tried:
        pass
    assert found is not None
    if not dry:
        for n, place in enumerate(places, 1):
            files.remove(archive, place)
            saw(n)
        with room.ledger.transaction():
            room.ledger.swept(places)
        found.shrunk = room.ledger.compact()
    return found
