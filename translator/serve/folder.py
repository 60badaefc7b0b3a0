"""The state of an exchange folder for the page: a folder goes in; its orders, the late ones first, and what waits come out.

The ledger is opened for reading only, beside a pass that may be at work; the folder is the one that the command named.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.exchange.deadlines import zone_named
from translator.exchange.log import entries
from translator.exchange.room import moment, read_only
from translator.exchange.status import Standing, other_holds, standings

MOST = 500  # orders on the page
_SHOWN = ("held", "waiting", "rejected")  # documents that a person should know of


@define(eq=False)
class Line:
    """An order: ``late`` and ``due`` are sentences, ``troubles`` what waits or was refused, each with what to do."""

    number: str
    release: str
    type: str
    stage: str
    received: str
    late: list[str] = field(factory=list)
    due: str = ""
    soon: str = "~"  # by which it is sorted
    troubles: list[tuple[str, str]] = field(factory=list)


@define(eq=False)
class State:
    """The folder. ``held`` is what waits for a person and is about no order: (what, sentence, what to do)."""

    name: str
    now: str
    lines: list[Line] = field(factory=list)
    held: list[tuple[str, str, str]] = field(factory=list)
    late: int = 0
    left: int = 0


def state(folder: Path, *, everything: bool = False, now: datetime.datetime | None = None) -> State:
    """What is late, what is due, what waits. Raises ``SettingsError``, ``LedgerError``."""
    with read_only(folder, untouched=True, now=now) as room:
        zone = zone_named(room.settings.zone)
        lines = [_line(one, zone) for one in standings(room, everything=everything)]
        lines.sort(key=lambda one: (not one.late, not one.troubles, one.soon))
        held = [(hold.what, _ended(hold.sentence), _ended(hold.cure)) for hold in other_holds(room)]
        late = sum(bool(one.late) for one in lines)
        when = f"{room.now.astimezone(zone):%Y-%m-%d %H:%M}"
        return State(room.settings.folder.name, when, lines[:MOST], held, late, len(lines[MOST:]))


def log(folder: Path, number: str) -> list[dict[str, Any]]:
    """All that happened to an order. Raises ``Refused`` for a number that the ledger does not have, and as ``state`` does."""
    with read_only(folder, untouched=True) as room:
        return entries(room, number)


def _line(one: Standing, zone: datetime.tzinfo) -> Line:
    order = one.order
    stage = order.stage.replace("-", " ") + (", a change waits" if one.change_waits else "")
    received = f"{moment(order.received).astimezone(zone):%Y-%m-%d}"
    late = [_short(due["sentence"], order.number) for due in one.late]
    made = Line(order.number, order.release, order.type, stage, received, late)
    next = min((due for due in order.dues if not due["late"]), key=lambda due: due["due"], default=None)
    made.soon = min((due["due"] for due in order.dues), default=made.soon)
    if next is not None:
        made.due = f"{moment(next['due']).astimezone(zone):%Y-%m-%d %H:%M}: {next['what'].replace('-', ' ')}"
    for document in one.documents:
        if document["state"] in _SHOWN:
            why = f": {document['why']}" if document["why"] else ""
            made.troubles.append((f"{document['kind']} {document['name']} is {document['state']}{why}", ""))
    made.troubles += [(f"#{hold.id} {_ended(hold.sentence)}", _ended(hold.cure)) for hold in one.holds if hold.what != "document"]
    return made


def _short(sentence: str, number: str) -> str:
    """A sentence about an order below its number: without saying it again."""
    rest = sentence.removeprefix(f"Order {number}: ")
    return rest[:1].upper() + rest[1:]


def _ended(sentence: str) -> str:
    return sentence if not sentence or sentence.endswith((".", "!", "?")) else f"{sentence}."
