"""What arrives: the files of a folder go in, whole ones come out one after another, claimed and read.

A file is taken when it is whole: the same over two looks, and ending in the trailer of its last interchange. One that never
becomes whole is taken as it is after a stated time, and what is wrong with it is told. Whatever is no plain file is left alone
and told. Files that a pass claimed and did not finish come first, but those that it had dealt with. What stands in a file is for
others.
"""

from __future__ import annotations

import datetime
import hashlib
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from translator.exchange import files
from translator.exchange.room import Room, moment

Whole = Callable[[bytes], bool]
Arrival = tuple[files.Claimed, bytes]
_LOOK = 512  # files of a look: however many wait, memory is flat
_AT_ONCE = 64  # files between two commits
_MEMORY = 32 << 20  # bytes


def arrivals(room: Room, folder: str, whole: Whole) -> Generator[list[Arrival], None, None]:
    """The files of a folder that can be taken, with their bytes, some at a time, oldest first.

    Whoever takes them records each by ``took`` and ends it with ``files.done``; what is not ended when the next are asked for
    stays claimed, for another pass. One that is too large stays claimed and unread, and is told.
    """
    place = room.folder(folder)
    yield from _batches(room, _left(room, place, whole))
    waiting: set[bytes] = set()
    told: set[str] = set()
    while True:
        first = files.look(place, most=_LOOK + len(waiting))
        odd = {one.name for one in first.odd} - told
        if not first.files and not odd:
            break
        time.sleep(room.settings.settle_seconds)
        second = files.look(place, most=_LOOK + len(waiting))
        for one in second.odd:
            if one.name in odd:
                what = f"{folder}/{files.shown(one.name)} is {one.what}"
                _tell(room, f"{what}: it is left alone. Put a plain copy there instead")
        told |= odd
        seen = {look.name: look for look in first.files}
        taken = _claims(room, folder, second.files, seen, whole, waiting)
        took = False
        for batch in _batches(room, taken):
            took = True
            yield batch
        if not took:
            break
    with room.ledger.transaction():
        room.ledger.looks.forget(folder, waiting)


def _tell(room: Room, sentence: str) -> None:
    """What is left where it is: said, and for PROBLEMS.txt."""
    room.caches.setdefault("odd", []).append(sentence)
    room.say(sentence)


def took(room: Room, folder: str, arrival: Arrival, place: str) -> None:
    """A file was dealt with; ``place`` is its copy in the archive. In the transaction that holds what came of it."""
    claimed, data = arrival
    name = files.shown(claimed.name)
    room.ledger.arrivals.add(claimed.token, folder, name, hashlib.sha256(data).hexdigest(), place, room.stamp)


def _left(room: Room, place: Path, whole: Whole) -> Iterator[files.Claimed]:
    """What a pass that was cut short left claimed. What is not whole goes back: its claim was not yet sure of it."""
    for claimed in files.claimed_left(place):
        if room.ledger.arrivals.known(claimed.token):
            files.done(claimed)
            continue
        try:
            data = files.read_claimed(claimed, room.settings.file_limit)
        except files.Changed:
            data = b""
        except files.TooLarge:
            yield claimed
            continue
        except BaseException:
            files.leave(claimed)
            raise
        if _is_whole(whole, data):
            yield claimed
        else:
            files.unclaim(claimed)


def _claims(
    room: Room, folder: str, looks: list[files.Look], seen: dict[str, files.Look], whole: Whole, waiting: set[bytes]
) -> Iterator[files.Claimed]:
    """Claims on the files that are ready; the names of the others go into ``waiting``."""
    place = room.settings.folders[folder]
    for look in looks:
        name = look.raw
        if name in waiting:
            continue
        if not _ready(room, folder, place, look, seen.get(look.name), whole):
            waiting.add(name)
        elif claimed := files.claim(place, look):
            yield claimed


def _batches(room: Room, claims: Iterator[files.Claimed]) -> Generator[list[Arrival], None, None]:
    """What was claimed, with its bytes: not too many files at once, and not too large."""
    batch: list[Arrival] = []
    held = 0
    try:
        for claimed in claims:
            data = _read(room, claimed)
            if data is None:
                continue
            batch.append((claimed, data))
            held += len(data)
            if len(batch) >= _AT_ONCE or held > _MEMORY:
                yield batch
                batch, held = [], 0
        if batch:
            yield batch
    finally:
        for claimed, _ in batch:
            files.leave(claimed)


def _ready(room: Room, folder: str, place: Path, look: files.Look, before: files.Look | None, whole: Whole) -> bool:
    """Whether a file can be taken: it is whole, or it was not for so long that it is judged as it is."""
    stable = before is not None and files.unchanged(before, look)
    if stable:
        if look.size > room.settings.file_limit:
            return True  # it is told when it is read
        try:
            data = files.peek(place, look, room.settings.file_limit)
        except files.Forbidden as fault:  # it alone: a mailbox gives rights file by file
            _tell(room, str(fault))
            return False
        if data is not None and _is_whole(whole, data):
            return True
    with room.ledger.transaction():
        since = room.ledger.looks.since(folder, look.raw, look.size, room.stamp)
    minutes = room.settings.incomplete_minutes
    overdue = stable and room.now - moment(since) >= datetime.timedelta(minutes=minutes)
    if overdue:
        room.say(f"{folder}/{files.shown(look.name)} did not become whole in {minutes} minutes; it is judged as it is")
    return overdue


def _is_whole(whole: Whole, data: bytes) -> bool:
    """Whether a file is whole; one that this program cannot even tell that of is taken, and put aside when it is judged."""
    try:
        return whole(data)
    except Exception:
        return True


def _read(room: Room, claimed: files.Claimed) -> bytes | None:
    try:
        return files.read_claimed(claimed, room.settings.file_limit)
    except files.TooLarge as fault:
        files.leave(claimed)
        about = files.shown(claimed.name)
        room.say(str(fault))
        with room.ledger.transaction():
            if not any(hold.about == about and hold.what == "arrival" for hold in room.ledger.holds.open()):
                room.note("refused", f"{about}: {fault.what}")
                room.hold("arrival", None, about, f"{about}: {fault.what}", fault.cure)
        return None
    except files.Changed:
        files.unclaim(claimed)
        return None
    except BaseException:
        files.leave(claimed)
        raise
