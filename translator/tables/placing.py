"""Values into a document and out of it: an object, a path of a table and a value in, the object changed; or the values at a path.

What is missing on the way is made. Nothing is judged here.
"""

from __future__ import annotations

from typing import Any

from translator.tables.table import Pairs, Path

Json = dict[str, Any]


def found_at(document: Json, path: Path) -> list[Any]:
    """All values at a path of the document, through every list."""
    found: list[Any] = [document]
    for name, kind in path:
        found = [d[name] for d in found if isinstance(d, dict) and name in d]
        if kind in ("[]", "0"):
            found = [item for items in found if isinstance(items, list) for item in items]
    return found


def hold(into: Json, path: Path) -> Json:
    """The object at a path of objects, made where it is missing."""
    for name, kind in path:
        into = into.setdefault(name, [{}])[0] if kind == "0" else into.setdefault(name, {})
    return into


def open_(into: Json, path: Path) -> Json:
    """A new object at the path, or the one that is there when the path is no list."""
    if not path or path[-1][1] != "[]":
        return hold(into, path)
    made: Json = {}
    hold(into, path[:-1]).setdefault(path[-1][0], []).append(made)
    return made


def put(into: Json, path: Path, value: str | int) -> None:
    """A value at the path: one more where it ends in a list."""
    into = hold(into, path[:-1])
    name, kind = path[-1]
    if kind == "[]":
        into.setdefault(name, []).append(value)
    else:
        into[name] = value


def has(into: Json, path: Path) -> bool:
    """Whether something stands at the path."""
    for name, kind in path:
        if name not in into:
            return False
        into = into[name][0] if kind == "0" else into[name]
    return True


def put_pairs(pairs: Pairs, values: list[str], into: Json) -> None:
    """The values of qualifier and value pairs, under the names of their qualifiers or as a list."""
    for n in range(pairs.first, min(pairs.last, len(values) - 1), 2):
        qualifier, value = values[n], values[n + 1]
        if not qualifier or not value:
            continue
        if pairs.names:
            if name := pairs.names.get(qualifier):
                hold(into, pairs.json).setdefault(name, value)
        else:
            put(into, pairs.json, {pairs.qualifier: qualifier, pairs.value: value})  # type: ignore[arg-type]
