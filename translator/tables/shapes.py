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
