"""What cannot be taken is put away, with a text beside it that says why: bytes and a reason go in, files and a hold come out.

Runs inside the transaction of whoever calls, or in one of its own.
"""

from __future__ import annotations

import hashlib

from translator.exchange import files
from translator.exchange.room import Room

REFUSED = "refused"


def beside(room: Room, folder: str, name: str, data: bytes, text: str, interchange: int, ending: str = ".edi") -> None:
    """Put bytes away with a text beside them that says why."""
    stem = files.safe_name(name, str(interchange), ending="")
    room.post(folder, f"{stem}{ending}", data, interchange=interchange)
    room.post(folder, f"{stem}.txt", text.encode(), interchange=interchange)


def refuse_file(
    room: Room, claimed: files.Claimed, place: str, data: bytes, why: str, cure: str, ending: str = ".edi"
) -> None:
    """A file that cannot be read goes back as it came, with the reason beside it."""
    name = files.shown(claimed.name)
    with room.ledger.transaction():
        digest = hashlib.sha256(data).hexdigest()
        id = room.ledger.interchanges.add(
            way="in", envelope="", usage="", control="", sha256=digest, size=len(data), file=name, claim=claimed.token,
            archived=place, place=-1, state=REFUSED, why=why, at=room.stamp,
        )  # fmt: skip
        beside(room, "rejected", claimed.name, data, f"{why}\n\n{cure}.\n", id, ending)
        room.note("refused", f"{name}: {why}", interchange=id)
        room.hold("interchange", id, name, f"{name} was not taken: {why}", cure)
