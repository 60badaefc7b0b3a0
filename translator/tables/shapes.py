"""What the objects of documents usually look like: some of them go in, the keys that most have, in their order, come out.

It is a guess about those that come next, for a pen to try first. Nothing is judged here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from translator.tables.table import Path

Json = dict[str, Any]
Shape = tuple[str, ...]
# Key, kind ("" a value, "?" one that may be there, "{}" an object, "[]" a list of one object), the Whole of the object.
Whole = tuple[tuple[str, str, Any], ...]
_ENOUGH = 4  # objects of a shape: of fewer nothing is guessed
_SHAPES = 3  # at one place: each is code of its own
_LOOK = 256  # objects of one place


def below(objects: Iterable[Json], path: Path) -> list[Json]:
    """The objects that stand at a path of objects, at most as many as are looked at."""
    found: list[Any] = list(objects)
    for name, kind in path:
        found = [one[name] for one in found if isinstance(one, dict) and name in one]
        if kind:
            found = [item for items in found if isinstance(items, list) for item in items]
        found = found[:_LOOK]
    return [one for one in found if isinstance(one, dict)]


def usual(objects: Iterable[Json], most: int = _SHAPES) -> list[Shape]:
    """The shapes that came often enough of objects in which nothing is empty, the most frequent one first."""
    seen = Counter(tuple(one) for one in objects if one and all(one.values()) and all(isinstance(key, str) for key in one))
    return [shape for shape, times in seen.most_common(most) if times >= _ENOUGH]


def whole(objects: Iterable[Json]) -> Whole:
    """What some objects look like down to their values, which are all there; nothing where too many look otherwise.

    Where they have most in common, what some of them have is a value of kind "?".
    """
    seen = Counter(filter(None, map(_whole, objects)))
    common = [shape for shape, times in seen.most_common(_SHAPES) if times >= _ENOUGH]
    made: Whole | None = common[0] if common else ()
    for shape in common[1:]:
        made = _merged(made, shape) if made else None
    return made or (common[0] if common else ())


def _whole(one: Json) -> Whole:
    """The keys of an object and of the objects in it; nothing where something is empty, or a list has not one object."""
    found: list[tuple[str, str, Any]] = []
    for key, value in one.items():
        kind = "{}" if isinstance(value, dict) else "[]" if isinstance(value, list) else ""
        held = value[0] if kind == "[]" and len(value) == 1 else value
        below = _whole(held) if kind and isinstance(held, dict) else None
        if not value or not isinstance(key, str) or (kind and not below):
            return ()
        found.append((key, kind, below))
    return tuple(found)


def _merged(one: Whole, other: Whole, above: str = "") -> Whole | None:
    """What both have, and the values that one of them has beside; None where more differs, or not in the object of a list."""
    mine, theirs = ({key: (kind, below) for key, kind, below in shape} for shape in (one, other))
    found: list[tuple[str, str, Any]] = []
    for key in {**mine, **theirs}:
        (kind, below), (their_kind, their_below) = mine.get(key, ("?", None)), theirs.get(key, ("?", None))
        if kind == their_kind in ("{}", "[]"):
            below = _merged(below, their_below, kind)
            if below is None:
                return None
        elif "?" in (kind, their_kind) and above == "[]" and {kind, their_kind} <= {"?", ""}:
            kind = "?"
        elif kind != their_kind:
            return None
        found.append((key, kind, below))
    return tuple(found)
