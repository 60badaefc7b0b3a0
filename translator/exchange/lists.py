"""The supplier's own lists in an exchange folder: ``items.csv`` and ``locations.csv`` are read once a pass, and locations added.

What the lists mean is for ``crossref``. A list that is not there is an empty one. What is wrong in a list is told once a pass.
"""

from __future__ import annotations

from pathlib import Path

from translator.exchange import files
from translator.exchange.crossref import items, locations, rules
from translator.exchange.room import Room
from translator.findings import Finding


def item_list(room: Room, partner: str) -> items.Items:
    """The supplier's items."""
    key = f"items {partner}"
    if key not in room.caches:
        data = files.content(room.settings.folder, room.settings.items) or b""
        room.caches[key], found = items.read(data, rules.rules(partner, room.settings.mappings))
        _tell(room, room.settings.items, found)
    held: items.Items = room.caches[key]
    return held


def location_list(room: Room, partner: str) -> locations.Locations:
    """The partner's locations, with the supplier's own numbers for them."""
    key = f"locations {partner}"
    if key not in room.caches:
        data = files.content(room.settings.folder, room.settings.locations) or b""
        room.caches[key], found = locations.read(data, rules.rules(partner, room.settings.mappings))
        _tell(room, room.settings.locations, found)
    held: locations.Locations = room.caches[key]
    return held


def add_locations(room: Room, partner: str, rows: list[locations.NewRow]) -> None:
    """Locations that were not met before: for the end of the list, once the batch is done; without a list they are forgotten."""
    if room.settings.locations:
        room.caches.setdefault("new locations", {}).setdefault(partner, []).extend(rows)


def keep_locations(room: Room) -> None:
    """Put the new locations at the end of the list. Before the commit of their orders: a row too many does no harm."""
    for partner, rows in room.caches.pop("new locations", {}).items():
        path = Path(room.settings.locations)
        data = files.content(room.settings.folder, path.as_posix()) or locations.template()
        made = locations.added(data, rows, rules.rules(partner, room.settings.mappings))
        if made != data:
            place = room.settings.folder / path
            files.replace(place.parent, place.name, made)
            room.caches.pop(f"locations {partner}", None)


def _tell(room: Room, name: str, found: list[Finding]) -> None:
    for one in found:
        room.caches.setdefault("remarks", []).append((name, one))
        room.say(f"{one.severity} [{one.code}] {one.where}: {one.sentence} {one.cure}")
