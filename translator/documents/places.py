"""Places in a JSON document that one cell can hold: a text such as ``packs[0].pack`` in, its steps out; get and put.

A step is a name, perhaps followed by what is meant in a list: ``[]`` each entry, ``[0]`` the first, ``[about=08]`` the entry
whose ``about`` is 08. Nothing is judged; what has another shape than the path expects is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import define, field

_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[([^\]]*)\])?")
_SPLIT = re.compile(r"\.(?![^\[]*\])")
_PAIR = re.compile(r"([a-z_][a-z0-9_]*)=([^,=\]]+)")


@define(frozen=True)
class Step:
    """A name in an object; ``each`` entry of its list, the one at ``index``, or the one with these ``codes``."""

    name: str
    each: bool = False
    index: int | None = None
    codes: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """As tables write it."""
        inner = "" if self.each else str(self.index) if self.index is not None else ",".join(f"{k}={v}" for k, v in self.codes)
        return f"{self.name}[{inner}]" if self.each or self.index is not None or self.codes else self.name


Steps = tuple[Step, ...]


def steps(text: str) -> Steps:
    """The steps of a path. Raises ``ValueError`` with a sentence."""
    return tuple(_step(word, text) for word in _SPLIT.split(text))


def text_of(path: Steps) -> str:
    """The path as tables write it."""
    return ".".join(step.text for step in path)


def _step(word: str, whole: str) -> Step:
    found = _STEP.fullmatch(word)
    if found is None:
        raise ValueError(f"{whole!r} is no path: names joined by dots, a list as name[], name[0] or name[code=X]")
    name, inner = found.groups()
    if inner is None:
        return Step(name)
    if inner == "":
        return Step(name, each=True)
    if re.fullmatch(r"[0-9]|[1-9][0-9]", inner):
        return Step(name, index=int(inner))
    pairs = [_PAIR.fullmatch(part.strip()) for part in inner.split(",")]
    if not all(pairs):
        raise ValueError(f"{whole!r}: [{inner}] is no choice in a list: write [], a number such as [0], or [code=X]")
    return Step(name, codes=tuple((p[1], p[2].strip()) for p in pairs if p))


def get(holder: Any, path: Steps) -> Any:
    """What stands at a path without ``[]``; None where there is nothing."""
    for step in path:
        holder = holder.get(step.name) if isinstance(holder, dict) else None
        if step.index is not None:
            holder = holder[step.index] if isinstance(holder, list) and step.index < len(holder) else None
        elif step.codes:
            holder = next(iter(chosen(holder, step)), None)
    return None if holder in ("", [], {}) else holder


def chosen(entries: Any, step: Step) -> list[dict[str, Any]]:
    """The entries of a list that a step with codes means."""
    held = entries if isinstance(entries, list) else []
    return [entry for entry in held if isinstance(entry, dict) and all(entry.get(k) == v for k, v in step.codes)]


def address(holder: Any, path: Steps) -> str:
    """Where the value of a path stands in an object, with the numbers of its entries: ``charges[1].amount``."""
    words = []
    for step in path:
        entries = holder.get(step.name) if isinstance(holder, dict) else None
        number = step.index
        if step.codes:
            number = next((n for n, entry in enumerate(entries or ()) if entry in chosen([entry], step)), 0)
        words.append(step.name if number is None else f"{step.name}[{number}]")
        holder = get(holder, (step,))
    return ".".join(words)


@define
class Draft:
    """An object being made, its lists kept open by what chooses an entry; ``made`` gives the JSON."""

    names: dict[str, Any] = field(factory=dict)

    def put(self, path: Steps, value: Any) -> None:
        """Put a value at a path without ``[]``."""
        holder: dict[Any, Any] = self.names
        for n, step in enumerate(path):
            last = n == len(path) - 1
            if step.index is not None or step.codes:
                holder = holder.setdefault(step.name, _Entries())
                key: Any = step.index if step.index is not None else step.codes
            else:
                key = step.name
            if last:
                holder[key] = value
            elif isinstance(holder.get(key), Draft):
                holder = holder[key].names
            else:
                made = Draft(dict(step.codes))
                holder[key] = made
                holder = made.names

    def made(self) -> dict[str, Any]:
        """The JSON object."""
        return {name: _plain(value) for name, value in self.names.items()}

    def gaps(self, prefix: str = "") -> list[tuple[str, int]]:
        """Lists in which an entry is there and one before it is not: (path of the list, the missing one)."""
        found = []
        for name, value in self.names.items():
            place = f"{prefix}{name}"
            if isinstance(value, _Entries):
                numbers = sorted(key for key in value if isinstance(key, int))
                found += [(place, n) for n, key in enumerate(numbers) if key != n][:1]
                for key, entry in value.items():
                    if isinstance(entry, Draft):
                        found += entry.gaps(f"{place}[{key}].")
            elif isinstance(value, Draft):
                found += value.gaps(f"{place}.")
        return found


class _Entries(dict[Any, Any]):
    """The entries of a list, by their number or by what chooses them."""


def _plain(value: Any) -> Any:
    if isinstance(value, _Entries):
        numbered = all(isinstance(key, int) for key in value)
        return [_plain(value[key]) for key in (sorted(value) if numbered else value)]
    if isinstance(value, Draft):
        return value.made()
    return [_plain(entry) for entry in value] if isinstance(value, list) else value


def kind_of(schema: Mapping[str, Any], path: Steps) -> str:
    """What a schema says stands at a path: text, decimal, count, date, time, flag, or any (below an object of the ERP's own).

    Raises ``ValueError`` with a sentence when the schema has no such value.
    """
    here = part_of(schema, path)
    if here is None:
        return "any"
    whole, name = _resolved(schema, here)
    if name in ("decimal", "date", "time", "count"):
        return name
    kind = {"string": "text", "boolean": "flag", "integer": "count"}.get(str(whole.get("type")))
    if kind is None:
        raise ValueError(f"{text_of(path)} is an object or a list: name what stands in it")
    return kind


def part_of(schema: Mapping[str, Any], path: Steps) -> Mapping[str, Any] | None:
    """The schema of what stands at a path, an entry where it ends in a list; None below an object that may hold anything.

    Raises ``ValueError`` with a sentence when the schema has no such place.
    """
    here: Mapping[str, Any] = schema
    for n, step in enumerate(path):
        here, _ = _resolved(schema, here)
        names, more = here.get("properties", {}), here.get("additionalProperties", True)
        if step.name not in names and not isinstance(more, Mapping):
            if more:
                return None
            raise ValueError(f"{text_of(path[:n]) or 'the document'} has no {step.name!r}{_near(step.name, names)}")
        whole, _ = _resolved(schema, names.get(step.name, more))
        listed = whole.get("type") == "array"
        if listed != (step.each or step.index is not None or bool(step.codes)):
            raise ValueError(f"{text_of(path[: n + 1])} is {'a list: write [], [0] or [code=X]' if listed else 'no list'}")
        here = whole["items"] if listed else names.get(step.name, more)
        for name, _value in step.codes:
            known = _resolved(schema, here)[0].get("properties", {})
            if name not in known:
                raise ValueError(f"{text_of(path[: n + 1])}: what stands in it has no {name!r}{_near(name, known)}")
    return here


def arranged(schema: Mapping[str, Any], value: Any, here: Mapping[str, Any] | None = None) -> Any:
    """A document with the names of its objects in the order in which the schema has them; others behind, as they came."""
    whole, _ = _resolved(schema, schema if here is None else here)
    if isinstance(value, list):
        inner = whole.get("items", {})
        return [arranged(schema, entry, inner) for entry in value]
    if not isinstance(value, dict):
        return value
    known, more = whole.get("properties", {}), whole.get("additionalProperties")
    other = more if isinstance(more, Mapping) else {}
    names = [*(name for name in known if name in value), *(name for name in value if name not in known)]
    return {name: arranged(schema, value[name], known.get(name, other)) for name in names}


def _near(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _resolved(schema: Mapping[str, Any], here: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """A part of a schema without its reference, and the name of what it refers to."""
    name = ""
    while "$ref" in here:
        name = here["$ref"].rsplit("/", 1)[-1]
        here = schema["$defs"][name]
    return here, name
