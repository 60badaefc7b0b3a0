"""What was put in place of a line: acknowledgments go in; the item numbers that each answer gives a line of an order come out.

An answer with item numbers of its own says that another item comes instead. That a partner has to agree to it is nobody's
matter here: an acknowledgment is the word that was given. Nothing is judged and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from translator.tables.paths import nothing, path, values
from translator.tables.twins import Lines, alike, twin_orders

Json = dict[str, Any]
DOCUMENT = "acknowledgment"
_ORDERS, _LINES, _ANSWERS, _IDS = path("orders[]"), path("lines[]"), path("answers[]"), path("ids")


class Instead:
    """Acknowledgments, to be asked line by line."""

    def __init__(self, acknowledgments: Iterable[Json] = ()) -> None:
        self.given = list(acknowledgments)

    def of(self, order: Json, known: Lines) -> dict[int, list[Json | None]]:
        """For each line (by its identity) that was answered: of each answer the ids, or None where it is the item ordered."""
        said: dict[int, list[Json | None]] = {}
        for one in values(self.given, _ORDERS):
            if not isinstance(one, dict) or not twin_orders(one, [order]):
                continue
            for line in values([one], _LINES):
                twins = known.twins(line) if isinstance(line, dict) else []
                if len(twins) == 1:
                    found = values([line], (*_ANSWERS, *_IDS))
                    said.setdefault(id(twins[0]), []).extend(ids if isinstance(ids, dict) else None for ids in found)
        return said


def meant(held: Json, line: Json, said: list[Json | None]) -> list[Json | None]:
    """Which of the answers an object may speak of, by its ids; None among them is the item ordered. Where it names no ids, all of
    them; ids that nobody answered are those of the line."""
    ids = held.get("ids")
    apart: list[Json | None] = []
    for one in said:
        if one not in apart:
            apart.append(one)
    if nothing(ids) or not isinstance(ids, dict):
        return apart
    named = {key: value for key, value in ids.items() if not nothing(value)}
    if alike(line, named):
        return [None]
    ordered = line["ids"] if isinstance(line.get("ids"), dict) else {}
    own = {key: value for key, value in named.items() if ordered.get(key) != value}
    return [one for one in apart if one is not None and any(one.get(key) == value for key, value in own.items())] or [None]
