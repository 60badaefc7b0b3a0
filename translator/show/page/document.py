"""A JSON document for the page: in goes the document, out come tokens of its indented text, values with their elements' numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from attrs import define

from translator.findings import clean

_FOLDED, _MANY = 2, 3  # levels of objects and lists that can be folded, where more than so many values are in one
_FACTS = ("number", "invoice_number", "id", "type", "date", "ship_date", "invoice_date", "status")
_DEEP = 60  # levels that are indented; what is deeper stands on one line
_SHORT = 60  # characters of them


@define(eq=False, repr=False)
class Token:
    """A stretch of text. ``kind``: ``text``; ``value`` (``number``: the element that it came from; ``first``: of those the
    first); ``open`` (a summary whose content follows); ``close``."""

    kind: str
    text: str = ""
    number: int = 0
    first: bool = False


def tokens(document: Any, homes: dict[str, int]) -> Iterator[Token]:
    """The indented text of a document; joined, it is JSON again. ``homes`` has an element's number for each place."""
    yield from _merged(_value(document, "", "", 0, "", homes, set()))


def _merged(parts: Iterator[Token]) -> Iterator[Token]:
    """Neighbouring texts as one."""
    text = ""
    for token in parts:
        if token.kind == "text":
            text += token.text
            continue
        if text:
            yield Token("text", text)
            text = ""
        yield token
    if text:
        yield Token("text", text)


def _value(value: Any, path: str, head: str, depth: int, comma: str, homes: dict[str, int], seen: set[int]) -> Iterator[Token]:
    """A value after ``head`` (indentation and name)."""
    if not isinstance(value, (dict, list)) or not value or depth == _DEEP:
        yield Token("text", head)
        number = homes.get(path, 0)
        yield Token("value", quoted(value), number, bool(number) and number not in seen)
        seen.add(number)
        yield Token("text", comma + "\n")
        return
    indent = "  " * depth
    brackets = "{}" if isinstance(value, dict) else "[]"
    folds = 0 < depth <= _FOLDED and len(value) > _MANY
    yield Token("open" if folds else "text", f"{head}{brackets[0]}\n")
    inner = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for n, (key, one) in enumerate(inner):
        if isinstance(value, dict):
            below, name = (f"{path}.{key}" if path else str(key)), f"{quoted(key)}: "
        else:
            below, name = f"{path}[{key}]", ""
        yield from _value(one, below, f"{indent}  {name}", depth + 1, "," if n + 1 < len(inner) else "", homes, seen)
    yield Token("text", f"{indent}{brackets[1]}{comma}\n")
    if folds:
        yield Token("close")


def quoted(value: Any) -> str:
    """A value as JSON in which nothing is left raw that does not print."""
    text = json.dumps(value, ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def leaves(document: dict[str, Any]) -> list[tuple[str, str]]:
    """The few values that tell a document from others."""
    values = [(name, document[name]) for name in _FACTS if isinstance(document.get(name), str)]
    return [(name, clean(value[:_SHORT]) + ("…" if len(value) > _SHORT else "")) for name, value in values]
