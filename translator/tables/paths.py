"""Paths into JSON documents: in goes a text such as ``lines[].packs[].inner_pack``, out come its steps and what is there.

Also conditions on a document, as ``parties.ship_to.location 9998``. A document may hold anything: what has another shape
than the path expects is not there. Nothing is changed here but by ``put``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from attrs import define

from translator.tables.table import Path, path_text

_STEP = re.compile(r"([a-z][a-z0-9_]*)(\[\]|\[0\])?|\*")
_KINDS = {None: "", "[]": "[]", "[0]": "0"}


def path(text: str) -> Path:
    """The steps of a path. Raises ``ValueError`` with a sentence."""
    steps: list[tuple[str, str]] = []
    for word in text.split("."):
        found = _STEP.fullmatch(word)
        if found is None or (word == "*" and not steps) or (steps and steps[-1][1] == "*"):
            raise ValueError(f"{text!r} is no path: lower-case names, dots, [] for a list, [0] for its one object, * at the end")
        steps.append(("*", "*") if word == "*" else (found[1], _KINDS[found[2]]))
    return tuple(steps)


def nothing(value: Any) -> bool:
    """Whether a value says nothing: it is not there, or empty."""
    return value is None or (isinstance(value, (str, list, dict)) and not value)


def values(held: Iterable[Any], steps: Path) -> list[Any]:
    """What stands at a path in each object, through every list; None where there is nothing."""
    found = list(held)
    for name, kind in steps:
        if not kind:
            found = [item.get(name) if isinstance(item, dict) else None for item in found]
            continue
        below: list[Any] = []
        for item in found:
            value = item.get(name) if isinstance(item, dict) else None
            entries = value if isinstance(value, list) and value else [None]
            below += entries if kind == "[]" else entries[:1]
        found = below
    return [None if nothing(value) else value for value in found]


def put(holder: dict[str, Any], steps: Path, value: Any) -> None:
    """Put a value at a path without lists of several; objects on the way are made where nothing is."""
    for name, kind in steps[:-1]:
        if nothing(holder.get(name)):
            holder[name] = [{}] if kind else {}
        holder = holder[name][0] if kind else holder[name]
    holder[steps[-1][0]] = value


@define(eq=False, repr=False)
class Condition:
    """A place of a document that has one of these codes, or, without codes, that is there."""

    path: Path
    codes: frozenset[str]

    @property
    def text(self) -> str:
        """As tables write it."""
        return " ".join((path_text(self.path), *sorted(self.codes)))

    def holds(self, document: Any) -> bool:
        """Whether any value at the place is one of the codes."""
        found = [value for value in values([document], self.path) if value is not None]
        return any(str(value) in self.codes for value in found) if self.codes else bool(found)


def condition(text: str) -> Condition:
    """The condition that a text says: a path, then codes. Raises ``ValueError`` with a sentence."""
    words = text.split()
    if not words:
        raise ValueError('a condition is a path and codes, as in "type BK", or a path alone')
    return Condition(path(words[0]), frozenset(words[1:]))


def conditions(raw: Any) -> tuple[Condition, ...]:
    """One condition, or a list of them. Raises ``ValueError`` with a sentence."""
    texts = [raw] if isinstance(raw, str) else raw
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError("a condition is a text, several are a list of texts")
    return tuple(condition(text) for text in texts)
