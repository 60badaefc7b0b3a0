"""The dossier of an order for a dispute: its number goes in, a zip comes out with every file as it was, and an index.

The interchanges that brought the order, its changes and the partner's verdicts; our receipts and answers, byte for byte from the
archive; the order as the ledger has it; the log. The same ledger and archive give the same bytes. Names in the zip are ours: no
text of a document is a path. Of a partner with an API the index has every request and what came back. It holds guests' names as
the files do.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

import orjson
from attrs import define, field

from translator.bodies.text import begins_json
from translator.exchange import files
from translator.exchange.dispatch import kept
from translator.exchange.ledger import Document, Interchange
from translator.exchange.log import History, file_of, history, told
from translator.exchange.room import Room
from translator.findings import clean

Json = dict[str, Any]
_TIME = (1980, 1, 1, 0, 0, 0)
_WHOLE, _GONE, _CHANGED = "whole", "gone", "changed"


@define(eq=False)
class Dossier:
    """The zip, how many files of the partner's and ours are in it, and what is missing or not as it was, a sentence each."""

    data: bytes
    files: int
    wrong: list[str] = field(factory=list)


def evidence(room: Room, number: str, saw: Callable[[int], None] = lambda _: None) -> Dossier:
    """The dossier of an order. ``saw``: how many files were collected. Raises ``Refused`` where there is none of that number."""
    held = history(room, number)
    log = told(room, held, unmasked=True)
    inside: dict[str, bytes] = {}
    index: list[Json] = []
    wrong: list[str] = []
    within: dict[int, list[Document]] = {}
    for document in held.documents.values():
        within.setdefault(document.interchange or 0, []).append(document)
    for interchange in held.interchanges.values():
        entry, data = _file(room, interchange, within.get(interchange.id, []))
        if data is not None:
            inside[entry["in_zip"]] = data
        if entry["state"] != _WHOLE:
            wrong.append(f"{entry['name']} is {entry['state']}: {interchange.archived or 'it was never archived, or was pruned'}")
        index.append(entry)
        saw(len(index))
    orders = []
    for n, order in enumerate(held.orders, 1):
        for which, text in (("as-received", order.original), ("as-revised", order.current)):
            name = f"orders/{files.safe_name(f'{n:02d}', order.number, which, ending='.json')}"
            inside[name] = orjson.dumps(text, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        orders.append(
            {
                "number": order.number, "type": order.type, "release": order.release, "state": order.state,
                "received": order.received, "handed_over": order.handed, "taken": order.taken,
                "acknowledged": order.acknowledged, "revision": order.revision,
            }
        )  # fmt: skip
    documents = _documents(held)
    about = {"order": number, "orders": orders, "files": index, "documents": documents, "log": log}
    if held.calls:
        about["calls"] = [
            {"at": one.at, "call": one.call, "method": one.method, "path": one.path, "body": one.body, "status": one.status,
             "answer": one.said, "answered": one.answered} for one in held.calls
        ]  # fmt: skip
    inside["index.json"] = orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    inside["index.txt"] = _text(number, index, documents, log).encode()
    return Dossier(_zipped(inside), sum(1 for name in inside if name.startswith("files/")), wrong)


def _file(room: Room, interchange: Interchange, documents: list[Document]) -> tuple[Json, bytes | None]:
    """An interchange as it was, cut from the file that it came in, and what the index says of it."""
    data = kept(room, interchange.archived) if interchange.archived else None
    if data is not None and interchange.place >= 0:
        data = data[interchange.place : interchange.place + interchange.size]
    state = _GONE if data is None else _WHOLE if hashlib.sha256(data).hexdigest() == interchange.sha256 else _CHANGED
    entry = file_of(interchange, documents[0] if documents else None)
    number = f"{interchange.id:09d}"
    entry |= {
        "at": interchange.at, "between": clean(interchange.envelope), "usage": clean(interchange.usage), "state": state,
        "in_zip": f"files/{files.safe_name(number, interchange.way.upper(), interchange.file, ending=_ending(data))}",
        "documents": [f"{one.kind} {clean(one.name)}" for one in documents],
    }  # fmt: skip
    if data is not None and state == _CHANGED:
        entry["sha256_now"] = hashlib.sha256(data).hexdigest()
    if data is None:
        del entry["in_zip"]
    return entry, data


def _ending(data: bytes | None) -> str:
    return ".json" if data and begins_json(data[:64]) else ".edi"


def _documents(held: History) -> list[Json]:
    """Our answers and what the partner said of them."""
    return [
        {
            "kind": one.kind, "name": clean(one.name), "state": one.state, "why": clean(one.why), "made": one.made,
            "sent": one.sent, "answered": one.answered, "sha256": one.sha256,
            "group": f"{one.functional} {one.group_control}" if one.group_control else None, "set": one.set_control,
        }
        for one in held.documents.values()
    ]  # fmt: skip


def _text(number: str, index: list[Json], documents: list[Json], log: list[Json]) -> str:
    """The index for people."""
    lines = [f"Order {clean(number)}", "", "Files, each as it was sent or received"]
    for one in index:
        lines += ["", f"  {one.get('in_zip', one['name'])}"]
        lines.append(f"    {one['at']}  {one['way']}  {one['between']}  interchange {one['interchange']}")
        lines.append(f"    {one['size']} bytes, sha256 {one['sha256']}: {one['state']}")
    lines += ["", "Documents that were sent, and what was said of them"]
    for one in documents:
        lines += ["", f"  {one['kind']} {one['name']}: {one['state']}{': ' + one['why'] if one['why'] else ''}"]
        lines.append(f"    sent {one['sent'] or 'not yet'}, answered {one['answered'] or 'not yet'}")
    lines += ["", "What happened (UTC)", ""]
    lines += [f"  {one['at']}  {one['what']}: {one['sentence']}" for one in log]
    return "".join(f"{line}\n" for line in lines)


def _zipped(inside: dict[str, bytes]) -> bytes:
    """A zip whose bytes follow from the names and bytes in it alone."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as made:
        for name in sorted(inside):
            about = zipfile.ZipInfo(name, _TIME)
            about.create_system, about.external_attr = 3, 0o600 << 16
            made.writestr(about, inside[name])
    return held.getvalue()
