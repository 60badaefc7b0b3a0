"""A pass, and passes on end: an exchange folder goes in; what arrived is dealt with, what is due goes out.

One pass ends by itself and is safe under a scheduler; beside another copy it does nothing. Everything that a pass was cut short
in is finished by the next. ``watch`` runs a pass whenever something changes, and at least every so often.
"""

from __future__ import annotations

import datetime
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from attrs import define

from translator.bodies.text import begins_json
from translator.errors import LedgerError, SettingsError, TableError
from translator.exchange import files
from translator.exchange.answers import acknowledge_owed, deliver, retry_waiting, whole
from translator.exchange.arrivals import Arrival, Whole, arrivals
from translator.exchange.connection import fetch, tell
from translator.exchange.dispatch import dispatch
from translator.exchange.handover import hand_over_held, hand_over_together
from translator.exchange.incoming import receive
from translator.exchange.lists import keep_locations
from translator.exchange.problems import write_problems
from translator.exchange.room import Room, opened
from translator.exchange.settings import load
from translator.exchange.status import late
from translator.x12.whole import ends_whole

Deal = Callable[[Room, list[Arrival]], None]
_MONTHS = 2  # of the archive that a dead pass may have written in
_LOOK = 0.2  # seconds until a signal is seen at the latest


@define
class Pass:
    """What a pass did: files that came from the partner and from the ERP, files that went out, problems that are open."""

    received: int = 0
    answered: int = 0
    published: int = 0
    problems: int = 0


def run(
    folder: Path,
    *,
    now: datetime.datetime | None = None,
    say: Callable[[str], None] = lambda _: None,
    wait: float = 0,
    ended: threading.Event | None = None,
    saw: Callable[[int], None] = lambda _: None,
) -> Pass:
    """One pass; with ``ended`` set it stops after the files in hand. ``saw`` is told how many it dealt with.

    Raises ``SettingsError``, ``LedgerError``, ``files.Busy`` where another is at work, and ``files.FileFault`` when it has done
    what it could: a folder that fails keeps no other from its turn.
    """
    with opened(folder, now=now, say=say, wait=wait) as room:
        return _passed(room, ended or threading.Event(), saw)


def _passed(room: Room, ended: threading.Event, saw: Callable[[int], None]) -> Pass:
    done = Pass()
    faults: list[files.FileFault] = []
    for name in room.settings.folders:
        with _spared(room, faults):
            files.sweep(room.folder(name), inside=_MONTHS if name == "archive" else 0)
    with _spared(room, faults):
        files.sweep(room.settings.folder)
    with _spared(room, faults):
        done.published += dispatch(room)
    with _spared(room, faults):
        tell(room)
        fetch(room)
    with _spared(room, faults):
        done.received = _taken(room, done, "in", _orders_whole if _by_api(room) else ends_whole, receive, ended, saw)
    if not ended.is_set():
        with _spared(room, faults):
            with room.ledger.transaction():
                hand_over_held(room)
                hand_over_together(room)
                keep_locations(room)
                acknowledge_owed(room)
            done.published += dispatch(room)
            tell(room)
        with _spared(room, faults):
            done.answered = _taken(room, done, "responses", whole, deliver, ended, saw)
    if not ended.is_set():
        with _spared(room, faults):
            with room.ledger.transaction():
                retry_waiting(room)
            done.published += dispatch(room)
        with _spared(room, faults):
            tell(room)
    done.problems = write_problems(room, late(room), faults=map(str, faults))
    if faults:
        raise faults[0]
    return done


def _taken(
    room: Room, done: Pass, folder: str, is_whole: Whole, deal: Deal, ended: threading.Event, saw: Callable[[int], None]
) -> int:
    """Deal with what arrived in a folder, until it is to end; how many files there were."""
    count = 0
    with closing(arrivals(room, folder, is_whole)) as batches:
        for batch in batches:
            deal(room, batch)
            for claimed, _ in batch:  # all that they said is safe
                files.done(claimed)
            count += len(batch)
            saw(done.received + count)
            done.published += dispatch(room)
            if ended.is_set():
                break
    return count


def _by_api(room: Room) -> bool:
    """Whether orders may come as JSON."""
    return any(one.api for one in room.settings.partners)


def _orders_whole(data: bytes) -> bool:
    """Whether a partner's file is whole: X12, or orders as JSON."""
    return whole(data) if begins_json(data) else ends_whole(data)


@contextmanager
def _spared(room: Room, faults: list[files.FileFault]) -> Iterator[None]:
    """A folder that cannot be worked in is told, and keeps no other from its turn; at the end the pass says that it failed."""
    try:
        yield
    except files.FileFault as fault:
        if str(fault) not in map(str, faults):
            room.say(str(fault))
        faults.append(fault)


def watch(folder: Path, every: float, *, say: Callable[[str], None] = lambda _: None, stop: threading.Event | None = None) -> None:
    """Passes until SIGTERM or SIGINT: what is in hand is finished, then it ends.

    A pass begins when something changes in a folder that files come into, where watchfiles is installed and the folder is no
    share (shares tell nobody), and at least every ``every`` seconds. Whatever keeps a pass from working is said, and tried again.
    """
    ended = stop or threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        if threading.current_thread() is threading.main_thread():
            signal.signal(number, lambda *_: ended.set())
    settings = load(folder)
    places = [settings.folders[name] for name in ("in", "responses") if name not in settings.shares]
    while not ended.is_set():
        try:
            run(folder, say=say, ended=ended)
        except files.Busy:
            pass  # another copy is at work: what it leaves is for the next pass
        except (files.FileFault, LedgerError, SettingsError, TableError) as fault:
            say(str(fault))
        _wait(places, every, ended)


def _wait(places: list[Path], every: float, ended: threading.Event) -> None:
    """Until something changes, time is up, or it is to end.

    Nobody waits for the event itself: a signal that came while its lock is held would wait for that lock for ever.
    """
    try:
        from watchfiles import watch as changes
    except ImportError:
        until = time.monotonic() + every
        while not ended.is_set() and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK))
        return
    try:
        for _ in changes(*places, stop_event=ended, rust_timeout=int(every * 1000), yield_on_timeout=True, recursive=False):
            return
    except OSError as error:  # a folder went away while it was watched: the next pass tells of it
        if not isinstance(error, FileNotFoundError):
            raise
        time.sleep(_LOOK)
