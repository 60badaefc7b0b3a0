"""What a person has to look at: the ledger's holds go in, ``PROBLEMS.txt`` comes out; empty when all is well.

Nobody reads a terminal. Written anew by each pass. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable

from translator.exchange import files
from translator.exchange.ledger import Hold
from translator.exchange.room import Room
from translator.findings import clean

FILE = "PROBLEMS.txt"


def write_problems(room: Room, late: Iterable[str] = (), faults: Iterable[str] = ()) -> int:
    """Write the file; answers how many problems there are. ``faults`` are of the folders that could not be worked in."""
    held = room.ledger.holds.open()
    overdue, broken = list(late), list(dict.fromkeys(faults))
    odd = room.caches.get("odd", [])
    lines = [f"FOLDER   {clean(line)}" for line in broken] + [f"FILE     {clean(line)}" for line in odd]
    lines += [f"LATE     {clean(line)}" for line in overdue]
    lines += [line for hold in held for line in told(hold)]
    remarks = [f"{name}: {one.where}: {one.sentence} {one.cure}" for name, one in room.caches.get("remarks", ())]
    lines += [f"LIST     {clean(line)}" for line in remarks]
    files.replace(room.settings.folder, FILE, "".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
    return len(held) + len(broken) + len(odd) + len(overdue) + len(remarks)


def told(hold: Hold) -> list[str]:
    """A hold in two lines: what is wrong, and what to do."""
    number = f"#{hold.id}".ljust(8)
    return [f"{number} {clean(hold.sentence)} (since {hold.at})", f"         {clean(cure(hold))}"]


def cure(hold: Hold) -> str:
    """What to do about a hold, with its id in the command."""
    return hold.cure.replace("DIR ID`", f"DIR {hold.id}`")
