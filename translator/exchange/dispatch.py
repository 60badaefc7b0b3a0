"""What was decided is published: files of the outbox go in, files in folders come out, and marks in the ledger.

A file is recorded before it is published and marked after; a pass that is cut short in between publishes the same bytes under
the same name again. What goes to the partner is archived first. A folder that fails keeps its files waiting, and no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from translator.errors import LedgerError
from translator.exchange import files
from translator.exchange.ledger import Parcel
from translator.exchange.room import SEQUENCE, Room

TO_PARTNER, TO_ERP = "out", "orders"
_AT_ONCE = 64  # files that are published between two commits: as many may be published again after a crash, the same bytes
_MEMORY = 32 << 20  # bytes


def dispatch(room: Room) -> int:
    """Publish what waits, in the order in which it was decided; answers how many files were published."""
    waiting = room.ledger.outbox.waiting()
    if not waiting:
        return 0
    files.replace(room.folder("archive"), SEQUENCE, str(room.ledger.sequence).encode())
    failed: set[str] = set()
    done = 0
    for batch in _batches(waiting):
        parcels = [parcel for id in batch if (parcel := room.ledger.outbox.get(id)).folder not in failed]
        for folder in dict.fromkeys(parcel.folder for parcel in parcels):
            done += _published(room, folder, [one for one in parcels if one.folder == folder], failed)
    return done


def _batches(waiting: list[tuple[int, int]]) -> Iterator[list[int]]:
    """The ids of files that are published together: not too many, and not too large."""
    batch: list[int] = []
    held = 0
    for id, size in waiting:
        if batch and (len(batch) >= _AT_ONCE or held + size > _MEMORY):
            yield batch
            batch, held = [], 0
        batch.append(id)
        held += size
    if batch:
        yield batch


def archived(room: Room, copies: list[tuple[str, bytes]]) -> list[str]:
    """Copies for ever; answers their places, from the archive's folder. The same bytes under the same name are one file."""
    places = files.archive_all(room.folder("archive") / room.stamp[:7], [(data, name) for name, data in copies])
    return [place.relative_to(room.settings.folders["archive"]).as_posix() for place in places]


def kept(room: Room, place: str) -> bytes | None:
    """The bytes of a copy in the archive; None where somebody took it away."""
    return files.content(room.settings.folders["archive"], place)


def _published(room: Room, folder: str, parcels: list[Parcel], failed: set[str]) -> int:
    """Publish files of one folder and mark those that are there. A folder that fails as a whole goes into ``failed``."""
    held = [parcel.data or b"" for parcel in parcels]
    for parcel, data in zip(parcels, held, strict=True):
        if hashlib.sha256(data).hexdigest() != parcel.sha256:
            raise LedgerError(
                f"the ledger {room.ledger.path} is damaged: {parcel.folder}/{parcel.name} is not what was decided. Put a copy "
                "of it back, and run `translator exchange adopt` on the archive. Nothing more was sent"
            )
    named = [(parcel.name, data) for parcel, data in zip(parcels, held, strict=True)]
    try:
        places = archived(room, named) if folder == TO_PARTNER else [None] * len(parcels)
        faults = files.publish_all(room.folder(folder), named, folder in room.settings.shares)
    except files.FileFault as fault:
        failed.add(folder)
        for parcel in parcels:
            _told(room, parcel, fault)
        return 0
    with room.ledger.transaction():
        for parcel, place, wrong in zip(parcels, places, faults, strict=True):
            if wrong is None:
                _mark(room, parcel, place)
    for parcel, wrong in zip(parcels, faults, strict=True):
        if wrong is not None:
            _told(room, parcel, wrong)
            if not isinstance(wrong, files.NameTaken):
                failed.add(folder)
    return faults.count(None)


def _mark(room: Room, parcel: Parcel, place: str | None) -> None:
    """A file is there: the ledger needs its bytes no more."""
    room.ledger.outbox.set(parcel.id, data=None, published=room.stamp)
    if place is not None and parcel.interchange is not None:
        room.ledger.interchanges.set(parcel.interchange, archived=place)
    if parcel.document is not None and place is not None:
        room.ledger.documents.published(parcel.document, place, room.stamp)
    if parcel.folder == TO_ERP:
        room.ledger.orders.handed(parcel.name, room.stamp)
    room.ledger.holds.close("file", parcel.id, room.stamp, "published")
    room.note(
        "published",
        f"{parcel.folder}/{parcel.name}: {parcel.size} bytes, sha256 {parcel.sha256}",
        order=parcel.order_id,
        document=parcel.document,
        interchange=parcel.interchange,
    )


def _told(room: Room, parcel: Parcel, fault: files.FileFault) -> None:
    room.say(str(fault))
    with room.ledger.transaction():
        room.hold("file", parcel.id, parcel.name, f"{parcel.folder}/{parcel.name} could not be published: {fault.what}", fault.cure)
