"""One thing dealt with alone: work goes in; it is done, or it is undone with a reason, and the others have their turn.

What the operator has to mend (a disk, a share, the ledger, a table, a setting) ends the pass, and all that was in hand is done by
the next. Anything else that is raised is a fault of this program with that one thing: it would be met again in every pass, and
nothing behind it would ever be reached. So what it did is undone, and a person is told. What becomes of the thing is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

from translator.errors import LedgerError, SettingsError, TableError
from translator.exchange import files
from translator.exchange.room import Room
from translator.findings import clean
from translator.shipped import Missing
from translator.tables.carry import copied

OPERATOR = (files.FileFault, LedgerError, TableError, SettingsError, Missing, OSError, ImportError)
CURE = "Send the file and this line to whoever maintains this program; once that is mended put the file there again"
_WAITS = "Send this line to whoever maintains this program; once that is mended the next pass goes on with it"
GATHERED = ("together", "new locations")  # what a batch gathers outside the ledger until it is done
_LONGEST = 200  # characters of what was raised: it may quote the file


@contextmanager
def alone(room: Room, spoiled: Callable[[str], None]) -> Iterator[None]:
    """A transaction of its own; where this program fails inside, all of it is undone and ``spoiled`` is told why, in a sentence."""
    gathered = {name: copied(room.caches[name]) for name in GATHERED if name in room.caches}
    try:
        with room.ledger.transaction():
            yield
    except OPERATOR:
        raise
    except Exception as error:
        for name in GATHERED:
            room.caches.pop(name, None)
        room.caches |= gathered
        spoiled(reason(error))


@contextmanager
def retried(room: Room, what: str, subject: int, about: str) -> Iterator[None]:
    """The same for something that stays as it is and is tried in every pass: a person is told once, until it goes."""
    faults: list[str] = []
    with alone(room, faults.append):
        yield
    with room.ledger.transaction():
        if faults:
            room.hold(what, subject, about, f"{about} waits: {faults[0]}", _WAITS)
        else:
            room.ledger.holds.close(what, subject, room.stamp, "mended")


def reason(error: Exception) -> str:
    """What was raised, in a sentence that a maintainer can work with."""
    spot = extract_tb(error.__traceback__)[-1]
    words = clean(str(error))[:_LONGEST]
    said = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return f"this program failed on it, by a fault of its own ({said}; {Path(spot.filename).name}, line {spot.lineno})"
