"""Words for what is wrong with a JSON document: in go places and values, out come paths and kinds that people know.

Shared by ``convert`` and ``schema``, so that both say the same. Nothing is judged here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

Problem = tuple[str, str]
"""A path such as ``$.lines[0].quantity``, and what is wrong there."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SHOWN = 60
_LISTED = 20
_KINDS = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


def path(parts: Iterable[str | int]) -> str:
    """The path from the document: ``["lines", 0, "a b"]`` gives ``$.lines[0]["a b"]``; nothing unprintable in it."""
    return "$" + "".join(f".{part}" if isinstance(part, str) and _PLAIN.fullmatch(part) else f"[{shown(part)}]" for part in parts)


def kind(value: object) -> str:
    """What a JSON value is, in words: ``text``, ``a number``, ``null`` …"""
    return "null" if value is None else _KINDS.get(type(value), f"a Python {type(value).__name__}")


def shown(value: object) -> str:
    """A value as ASCII JSON, cut to a readable length; of what is no plain value only its kind."""
    if not isinstance(value, str | int | float):
        return kind(value)
    text = json.dumps(value[: _SHOWN + 1] if isinstance(value, str) else value)
    return text if len(text) <= _SHOWN + 2 else f"{text[:_SHOWN]}…"


def report(problems: list[Problem]) -> str:
    """All problems as one message, a line each; a flood is cut, and says so."""
    lines = [f"{where}: {what}" for where, what in problems[:_LISTED]]
    if len(problems) > _LISTED:
        lines.append(f"and {len(problems) - _LISTED} more")
    return "\n".join(lines)
