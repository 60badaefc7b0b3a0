"""A document with something else in it: what cases in TOML change of one that is in order. Nothing is judged here."""

from __future__ import annotations

import copy
import re
from typing import Any


def changed(document: Any, changes: dict[str, Any]) -> Any:
    """A copy with other values at paths such as ``lines[0].ids.upc``; "(gone)" takes a place away, the place after the last of
    a list adds to it."""
    document = copy.deepcopy(document)
    for path, value in changes.items():
        *way, last = steps(path)
        holder = document
        for step in way:
            holder = holder[step]
        if value == "(gone)":
            del holder[last]
        elif isinstance(holder, list) and last == len(holder):
            holder.append(value)
        else:
            holder[last] = value
    return document


def steps(path: str) -> list[Any]:
    """The keys and indexes of a path."""
    return [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
