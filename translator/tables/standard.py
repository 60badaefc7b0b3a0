"""What the X12 standard says of segments: in goes a release's TOML, out come segments with typed elements and notes.

Syntax: types, lengths, mandatory elements, syntax notes, the limits of a set that a guide leaves open. Which codes are taken is
the guides' matter; what some mean to everybody is said here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from attrs import define

from translator import shipped
from translator.errors import TableError


@define(eq=False, repr=False)
class Piece:
    """An element or a component by the standard: data element number, name, type, lengths, mandatory or not."""

    number: str
    name: str
    type: str
    least: int
    most: int
    mandatory: bool
    components: tuple[Piece, ...] = ()  # of a composite, whose type is "C"
    meanings: Mapping[str, str] = MappingProxyType({})  # of codes that mean the same to everybody


@define(eq=False, repr=False)
class Note:
    """A syntax note: P all or none, R at least one, E at most one, C if the first then all, L if the first then one."""

    kind: str
    numbers: tuple[int, ...]


@define(eq=False, repr=False)
class Segment:
    """A segment by the standard; ``elements[0]`` is element 01."""

    tag: str
    name: str
    elements: tuple[Piece, ...]
    notes: tuple[Note, ...]


@define(eq=False, repr=False)
class SetLimits:
    """What the standard says of a transaction set: name, functional group, segments allowed, limits left open by guides."""

    name: str
    group: str
    segments: frozenset[str]
    limits: dict[str, int]


@define(eq=False, repr=False)
class Standard:
    """A release of X12, as far as our guides use it."""

    release: str
    segments: dict[str, Segment]
    sets: dict[str, SetLimits]


@lru_cache(maxsize=8)
def standard(release: str, mappings: Path | None = None) -> Standard:
    """The standard's ``mappings/x12/RELEASE.toml``. Raises ``TableError`` when it does not load."""
    name = f"mappings/x12/{release}.toml"
    raw = parsed(name, mappings)
    try:
        known = raw.get("sets", {})
        named = {"143": {key: s["name"] for key, s in known.items()}, "479": {s["group"]: s["name"] for s in known.values()}}
        raw = raw | {"codes": raw.get("codes", {}) | named}  # ST01 and GS01
        segments = {tag: _segment(tag, row, raw) for tag, row in raw["segments"].items()}
        sets = {
            key: SetLimits(s["name"], s["group"], frozenset(s["segments"].split()), s.get("limits", {}))
            for key, s in raw.get("sets", {}).items()
        }
        return Standard(raw["release"], segments, sets)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TableError(f"{name} does not load: {type(error).__name__}: {error}") from error


@lru_cache(maxsize=64)
def parsed(name: str, mappings: Path | None = None) -> dict[str, Any]:
    """The TOML of a mapping file, read once; nobody changes what it gives. Raises ``TableError`` naming the file."""
    try:
        return tomllib.loads(shipped.text(name, mappings))
    except shipped.Missing as error:
        raise TableError(str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TableError(f"{name}: {error}") from error


def _segment(tag: str, row: dict[str, Any], raw: dict[str, Any]) -> Segment:
    words = list(row["elements"])
    words += words[-2:] * row.get("repeat", 0)
    notes = tuple(Note(note[0], tuple(int(note[i : i + 2]) for i in range(1, len(note), 2))) for note in row.get("notes", ()))
    for note in notes:
        if note.kind not in "PRECL" or not all(1 <= n <= len(words) for n in note.numbers):
            raise ValueError(f"{tag}: syntax note {note.kind}{note.numbers} names an element that does not exist")
    return Segment(tag, row["name"], tuple(_piece(word, raw) for word in words), notes)


def _piece(word: str, raw: dict[str, Any]) -> Piece:
    number, _, use = word.partition(" ")
    composite = raw["composites"].get(number)
    if composite:
        parts = tuple(_piece(part, raw) for part in composite["components"])
        return Piece(number, composite["name"], "C", 1, 0, use == "M", parts)
    e = raw["elements"][number]
    meanings = raw.get("codes", {}).get(number, {})
    return Piece(number, e["name"], e["type"], e["min"], e["max"], use == "M", (), MappingProxyType(meanings))
