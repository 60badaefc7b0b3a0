"""Which rows can be read by one pattern: in goes a loop, out come answers about what stands in it. Nothing is read here."""

from __future__ import annotations

from itertools import groupby

from translator.tables.table import Loop, Row


def in_pattern(items: list[Row | Loop]) -> bool:
    """Rows, or one loop of one row: they can stand in a pattern with their neighbours."""
    return all(isinstance(item, Row) for item in items) or (
        len(items) == 1 and isinstance(items[0], Loop) and len(items[0].items) == 1
    )


def tag_of_all(rest: list[Row | Loop]) -> str:
    """The one tag that all that follows begins with, when nothing of it must come; else ""."""
    tags = {item.tag for item in rest if isinstance(item, Loop) and not item.mandatory}
    alike = all(isinstance(item, Loop) and not item.mandatory and item.rank == rest[0].rank for item in rest)
    return tags.pop() if alike and len(tags) == 1 else ""


def led(loop: Loop) -> bool:
    """Whether all that follows the first rows of a level of a tree are levels, and a level says above which one it stands first."""
    first = loop.trigger
    above = first.parent
    if above is None or first.key is None or above.component or above.number >= first.key[0]:
        return False
    return all(isinstance(item, Loop) and item.trigger.parent for item in loop.items[len(leading(loop)) :])


def listed(loop: Loop) -> bool:
    """Whether the objects of a loop stand in a list."""
    return bool(loop.json) and loop.json[-1][1] == "[]"


def leading(loop: Loop) -> list[Row | Loop]:
    """The rows that a loop begins with, as far as they fit one pattern."""
    chunk: list[Row | Loop] = []
    for _, group in groupby(loop.items, key=lambda item: item.rank):
        items = list(group)
        if not in_pattern(items):
            break
        chunk += items
    return chunk
