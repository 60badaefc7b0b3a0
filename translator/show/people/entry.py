"""An object of a document, told value by value: what was told is taken out, so that what is left can be told at the end.

Nothing of a document is lost on a sheet because its maker did not think of it; and nothing of JSON from outside is
trusted to have the shape that its schema asks for: a value of another shape is left, and told as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from translator.show.people.codes import Codes, pretty
from translator.show.sheet import Field, Words

Json = dict[str, Any]
_DEPTH = 12


class Entry:
    """An object with its path (``lines[].``-like, "" for the document). ``held`` is what it said, ``left`` what is not yet told."""

    def __init__(self, held: Any, codes: Codes, path: str = "") -> None:
        self.held: Json = held if isinstance(held, dict) else {}
        self.codes = codes
        self.path = path
        self.left: Json = dict(self.held)
        self.told: list[tuple[str, Entry]] = []

    def __bool__(self) -> bool:
        return bool(self.left)

    def drop(self, *names: str) -> None:
        """Leave out what nobody wants to read."""
        for name in names:
            self.left.pop(name, None)

    def word(self, name: str, label: str = "", tone: str = "") -> Words | None:
        """A value, with what it means if it is a code; None where there is none."""
        value = self.left.get(name)
        if value is None or value == "" or not _plain(value):
            return None
        del self.left[name]
        text = _text(value)
        return Words(text, self.codes.means(self.path + name, text), label, tone)

    def words(self, *names: str) -> list[Words]:
        """The values that there are, in this order."""
        return [one for name in names if (one := self.word(name)) is not None]

    def text(self, name: str) -> str:
        """A value as text, "" where there is none."""
        one = self.word(name)
        return one.text if one else ""

    def values(self, name: str, tone: str = "") -> list[Words]:
        """The values of a list of texts or codes."""
        held = self.left.get(name)
        if not isinstance(held, list) or not all(_plain(value) for value in held):
            return []
        del self.left[name]
        texts = [_text(value) for value in held]
        return [Words(text, self.codes.means(f"{self.path}{name}[]", text), tone=tone) for text in texts]

    def part(self, name: str) -> Entry:
        """The object under a name; an empty one where there is none."""
        value = self.left.get(name)
        if isinstance(value, dict):
            del self.left[name]
        made = Entry(value, self.codes, f"{self.path}{name}.")
        self.told.append((pretty(name), made))
        return made

    def parts(self, name: str) -> list[Entry]:
        """The objects in a list."""
        values = self.left.get(name)
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            return []
        del self.left[name]
        made = [Entry(value, self.codes, f"{self.path}{name}[].") for value in values]
        self.told += [(f"{pretty(name)} {n}", one) for n, one in enumerate(made, 1)]
        return made

    def named(self, name: str) -> list[tuple[str, Entry]]:
        """The objects of a map, in its order."""
        value = self.left.get(name)
        if not isinstance(value, dict):
            return []
        found = self.part(name)
        return [(key, found.part(key)) for key in list(found.left) if isinstance(found.left[key], dict)]

    def inline(self, *names: str, label: str = "") -> list[Words]:
        """Values in one line: the ``names`` first, as they are, then whatever else there is, under its own name."""
        found = self.words(*names)
        found += [Words(value.text, value.means, lower(one.label)) for one in self.rest() for value in one.values]
        if label and found:
            found[0].label = " ".join(filter(None, (label, found[0].label)))
        return found

    def rest(self, above: str = "") -> list[Field]:
        """What is not yet told, each value under the names that lead to it."""
        found = []
        for name in list(self.left):
            here = self.path + name
            for trail, value in _leaves(pretty(name), here, self.left.pop(name), 0):
                label, path = trail
                means = self.codes.means(path, value)
                found.append(Field(f"{above}{label}", [Words(value, means)]))
        for label, entry in self.told:
            found += entry.rest(f"{above}{label}, ")
        return found


def _plain(value: Any) -> bool:
    return isinstance(value, (str, int, float)) or value is None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _leaves(label: str, path: str, value: Any, depth: int) -> Iterator[tuple[tuple[str, str], str]]:
    """Every value below one, with its label and its path; what is nested beyond reading is said to be."""
    if _plain(value):
        if text := _text(value):
            yield (label, path), text
    elif depth > _DEPTH:
        yield (label, path), "…"
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{label}, {lower(pretty(str(key)))}", f"{path}.{key}", inner, depth + 1)
    else:
        for n, inner in enumerate(value, 1):
            more = f" {n}" if len(value) > 1 else ""
            yield from _leaves(f"{label}{more}", f"{path}[]", inner, depth + 1)


def lower(label: str) -> str:
    """A label that does not begin a line: abbreviations stay as they are."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
