"""An exchange that is open: settings and ledger go in, one object comes out that every step of a pass works with.

One pass at a time: the lock of the folder dies with its process. Everything that others will see is put into the outbox, and
what happened, what waits and which numbers were given into the ledger, all inside the transaction of whoever does the step.
Nothing is published here, and no document is looked at.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, field

from translator.errors import LedgerError
from translator.exchange import files
from translator.exchange.ledger import Ledger, open_ledger
from translator.exchange.settings import Settings, load
from translator.x12.numbers import integer

SEQUENCE = ".sequence"  # beside the archive: how often numbers were given


@define(eq=False)
class Room:
    """An open exchange. ``now`` is the moment of the pass, UTC; ``say`` takes what the operator should read."""

    settings: Settings
    ledger: Ledger
    now: datetime.datetime
    say: Callable[[str], None] = lambda _: None
    caches: dict[str, Any] = field(factory=dict)

    @property
    def stamp(self) -> str:
        """The moment of the pass as the ledger has it."""
        return stamp(self.now)

    @property
    def mark(self) -> str:
        """What no other file of ours bears in its name: the moment, and a number that was not given before."""
        return f"{self.now:%Y%m%dT%H%M%S}-{self.ledger.outbox.last + 1}"

    @property
    def local(self) -> datetime.datetime:
        """The moment of the pass where the supplier is, without a zone: what stands in envelopes."""
        return self.now.astimezone(ZoneInfo(self.settings.zone)).replace(tzinfo=None)

    def folder(self, name: str) -> Path:
        """One of the folders. Raises ``files.NotMounted``, ``files.FileFault``."""
        place = self.settings.folders[name]
        files.check_folder(place, marker=name in self.settings.shares)
        return place

    # --- inside a transaction -----------------------------------------------------------------------------------------

    def post(
        self,
        folder: str,
        name: str,
        data: bytes,
        *,
        document: int | None = None,
        interchange: int | None = None,
        order: int | None = None,
    ) -> int:
        """A file for others: from the commit on it will be there, once, whatever happens. A name never stands for two contents."""
        digest = hashlib.sha256(data).hexdigest()
        if self.ledger.outbox.taken(folder, name, digest):
            stem, dot, ending = name.partition(".")
            name = f"{stem}-{self.ledger.outbox.last + 1}{dot}{ending}"
        about = {"document": document, "interchange": interchange, "order_id": order}
        return self.ledger.outbox.add(folder=folder, name=name, data=data, sha256=digest, size=len(data), made=self.stamp, **about)

    def note(
        self, what: str, sentence: str, *, order: int | None = None, document: int | None = None, interchange: int | None = None
    ) -> None:
        """Something that happened, for ever."""
        self.ledger.events.add(
            at=self.stamp, order_id=order, document=document, interchange=interchange, what=what, sentence=sentence
        )

    def hold(self, what: str, subject: int | None, about: str, sentence: str, cure: str) -> int:
        """Something that waits for a person; said once, however often it is found."""
        for one in self.ledger.holds.on(what, subject) if subject is not None else ():
            if one.sentence == sentence:
                return one.id
        return self.ledger.holds.add(what=what, subject=subject, about=about, sentence=sentence, cure=cure, at=self.stamp)


def stamp(moment: datetime.datetime) -> str:
    """A moment in UTC as the ledger has it: ``2026-03-09T15:40:00Z``."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(stamp: str) -> datetime.datetime:
    """The moment that a stamp of the ledger names."""
    return datetime.datetime.fromisoformat(stamp)


@contextmanager
def opened(
    folder: Path,
    *,
    now: datetime.datetime | None = None,
    say: Callable[[str], None] = lambda _: None,
    wait: float = 0,
    lost: bool = False,
) -> Iterator[Room]:
    """The exchange of a folder, to be used alone.

    ``wait`` is how many seconds another pass is waited for; ``lost`` opens a ledger that has forgotten what its archive knows.
    Raises ``SettingsError``, ``LedgerError``, ``files.Busy``, ``files.FileFault``.
    """
    files.private()
    settings = load(folder)
    with files.lock(settings.folder / ".lock", wait), open_ledger(settings.ledger) as ledger:
        room = Room(settings, ledger, now or datetime.datetime.now(datetime.UTC), say)
        known = sequence(room.folder("archive"))
        if known > ledger.sequence and not lost:
            raise LedgerError(
                f"the ledger {settings.ledger} is older than its archive: numbers were given {known} times, and it knows of "
                f"{ledger.sequence}. Put the newest copy back; when this is the newest, `translator exchange adopt {folder} "
                f"{settings.folders['archive']}` lets it learn from the archive what it has forgotten. Nothing was sent"
            )
        yield room


@contextmanager
def read_only(folder: Path, *, now: datetime.datetime | None = None, untouched: bool = False) -> Iterator[Room]:
    """The exchange of a folder, for questions: beside a pass that is at work. Raises ``SettingsError``, ``LedgerError``.

    With ``untouched`` the ledger's file is opened for reading only: one of an earlier version is not brought up to date.
    """
    settings = load(folder)
    with open_ledger(settings.ledger, reading=untouched) as ledger:
        yield Room(settings, ledger, now or datetime.datetime.now(datetime.UTC))


def sequence(archive: Path) -> int:
    """How often numbers were given, by the mark beside the archive."""
    return integer((files.content(archive, SEQUENCE) or b"").decode("ascii", "replace").strip()) or 0
