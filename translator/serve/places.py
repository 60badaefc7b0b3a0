"""Places in a document: the name of a field goes in, what stands there is put, or found; so is the field of a place.

Names are those of fields that the form has: whatever else was sent never comes here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from translator.serve.form import Field

Json = dict[str, Any]
_STEP = re.compile(r"([a-z0-9_]+)((?:\[[0-9]+\])*)")


def nearest(path: str, fields: Mapping[str, Field]) -> Field | None:
    """The field of a place, or the nearest one: of what stands around it, or within it."""
    path = path.split("[].")[0].removesuffix("[]")
    if not path:
        return None
    if path.endswith((".sscc", ".tracking")) and "gs1_prefix" in fields:
        return fields["gs1_prefix"]  # which numbers all labels
    if path in fields:
        return fields[path]
    around = [name for name in fields if path.startswith((f"{name}.", f"{name}["))]
    within = [name for name in fields if name.startswith((f"{path}.", f"{path}["))]
    return fields[max(around, key=len)] if around else fields[within[0]] if within else None


def _steps(path: str) -> list[str | int]:
    steps: list[str | int] = []
    for word in path.split("."):
        found = _STEP.fullmatch(word)
        if found is None:
            return []
        steps.append(found[1])
        steps += [int(n) for n in re.findall(r"\[([0-9]+)\]", found[2])]
    return steps


def put(document: Json, path: str, value: str) -> None:
    """Put a value where a field of the form says; an empty one takes what is there away. Lists are there already."""
    *way, last = _steps(path)
    holder: Any = document
    for step in way:
        if isinstance(step, int):
            holder = holder[step]
        elif value:
            holder = holder.setdefault(step, {})
        else:
            holder = holder.get(step, {})
    if value:
        holder[last] = value
    else:
        holder.pop(last, None)


def holder_of(document: Json, path: str) -> Any:
    """The object that a place is in, or None."""
    held: Any = document
    for step in _steps(path)[:-1]:
        if isinstance(step, int):
            held = held[step] if isinstance(held, list) and step < len(held) else None
        else:
            held = held.get(step) if isinstance(held, dict) else None
    return held
