"""An exchange folder for tests: made in a folder, given files, passed over at a stated moment, and looked at.

What the partner sends and what it makes of what we send is for ``partner_side``. Nothing is checked here.
"""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

from translator.exchange.dispatch import dispatch
from translator.exchange.ledger import Document, Hold, Order
from translator.exchange.room import opened, read_only
from translator.exchange.run import Pass
from translator.exchange.run import run as one_pass
from translator.exchange.setup import init

Json = dict[str, Any]
SAMPLES = Path(__file__).parents[1] / "samples"
OUR_ID, PARTNER_ID = "1234567890", "6111470100"


class Shop:
    """An exchange in a folder. Its days end at midnight in UTC, and files are taken without a pause between two looks."""

    def __init__(self, folder: Path, *, now: str = "2026-03-05T12:00", **settings: str) -> None:
        self.folder = folder
        self.now = moment(now)
        self.said: list[str] = []
        init(folder)
        self.set(**({"id": f'"{OUR_ID}"', "settle_seconds": "0", "zone": '"UTC"'} | settings))

    def set(self, **settings: str) -> None:
        """Other values in exchange.toml: key = TOML value. The first empty id is ours."""
        file = self.folder / "exchange.toml"
        text = file.read_text(encoding="utf-8")
        for key, value in settings.items():
            if key == "partner_id":
                text = text.replace(f'id        = "{PARTNER_ID}"', f"id        = {value}")
                continue
            found = re.search(rf'(?m)^(?:# )?{key}\s*=\s*("[^"]*"|[^\s#]+)', text)
            assert found, key
            text = f"{text[: found.start()]}{key} = {value}{text[found.end() :]}"
        file.write_text(text, encoding="utf-8")

    # --- files in, passes, files out ----------------------------------------------------------------------------------

    def put(self, folder: str, name: str, data: bytes | Json | list[Any]) -> None:
        """A file that somebody else puts into a folder."""
        (self.folder / folder / name).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())

    def arrive(self, data: bytes, name: str = "order.edi") -> Pass:
        """A file from the partner, and a pass."""
        self.put("in", name, data)
        return self.run()

    def answer(self, document: bytes | Json | list[Any], name: str = "answer.json") -> Pass:
        """A file from the ERP, and a pass."""
        self.put("erp/responses", name, document)
        return self.run()

    def run(self, now: str | None = None) -> Pass:
        """A pass, at this moment (UTC) or a minute after the one before."""
        self.now = moment(now) if now else self.now + datetime.timedelta(minutes=1)
        return one_pass(self.folder, now=self.now, say=self.said.append)

    def decide(self, decision: Any, *values: str) -> Any:
        """What a person decides (of translator.exchange.decide), published at once."""
        with opened(self.folder, now=self.now, say=self.said.append) as room:
            said = decision(room, *values)
            dispatch(room)
        return said

    # --- what is there ------------------------------------------------------------------------------------------------

    def names(self, folder: str) -> list[str]:
        """The files of a folder that a peer sees."""
        return sorted(path.name for path in (self.folder / folder).iterdir() if not path.name.startswith("."))

    def read(self, folder: str, start: str = "") -> dict[str, bytes]:
        """The files of a folder by their names."""
        return {name: (self.folder / folder / name).read_bytes() for name in self.names(folder) if name.startswith(start)}

    def out(self, start: str = "") -> list[bytes]:
        """What lies in out/, sets of one kind by the beginning of the name."""
        return list(self.read("out", start).values())

    def collect(self) -> dict[str, bytes]:
        """What the mailbox does: everything in out/ is taken away."""
        held = self.read("out")
        for name in held:
            (self.folder / "out" / name).unlink()
        return held

    def orders(self) -> dict[str, Json]:
        """The documents in erp/orders by their files' names."""
        return {name: json.loads(data) for name, data in self.read("erp/orders").items()}

    @property
    def problems(self) -> str:
        """PROBLEMS.txt."""
        return (self.folder / "PROBLEMS.txt").read_text(encoding="utf-8")

    def holds(self) -> list[Hold]:
        """What waits for a person."""
        with read_only(self.folder) as room:
            return room.ledger.holds.open()

    def events(self) -> list[str]:
        """Everything that happened, in words."""
        with read_only(self.folder) as room:
            return [f"{one.what}: {one.sentence}" for one in room.ledger.events.rows()]

    def documents(self) -> dict[str, Document]:
        """Our documents: the newest of each name."""
        with read_only(self.folder) as room:
            return {one.name: one for one in room.ledger.documents.rows()}

    def states(self) -> dict[str, str]:
        """The state of each of our documents by kind and name."""
        with read_only(self.folder) as room:
            return {f"{one.kind} {one.name}": one.state for one in room.ledger.documents.rows()}

    def ledger_orders(self) -> list[Order]:
        """The orders of the ledger."""
        with read_only(self.folder) as room:
            return list(room.ledger.orders.rows())


def moment(text: str) -> datetime.datetime:
    """``2026-03-05T12:00``, in UTC."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def sample(story: str, name: str) -> bytes:
    """A file of a story."""
    return (SAMPLES / story / name).read_bytes()


def said(story: str, name: str) -> Any:
    """A JSON file of a story."""
    return json.loads(sample(story, name))
