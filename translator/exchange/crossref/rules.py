"""What a partner's cross references look like: its name in, the rules of ``mappings/PARTNER/crossref.toml`` out.

The file says which item numbers an item is known by, in the order in which they are tried, how long a location is, and whose
name and address must not be listed. Nothing is judged here but the file itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import define

from translator.errors import TableError
from translator.tables.elements import CHECKS
from translator.tables.paths import Condition, conditions
from translator.tables.standard import parsed

_TOP = {"partner", "source", "items", "locations"}
_ITEMS = {"numbers"}
_NUMBER = {"name", "digits", "check", "drop", "shared", "rare", "note"}
_LOCATIONS = {"digits", "private"}
_PARTIES = ("buyer", "ship_to")


@define(eq=False, repr=False)
class Number:
    """A kind of item number: its column, which is also its name among a line's ``ids``.

    ``digits`` is its length (0: any text), ``check`` its check digit, ``drop`` the characters that people write into it,
    ``shared`` that several items may have the same, ``rare`` that a new file does without the column.
    """

    name: str
    digits: int = 0
    check: str = ""
    drop: str = ""
    shared: bool = False
    rare: bool = False


@define(eq=False, repr=False)
class Rules:
    """The rules of a partner. ``private``: when a party of an order is a private person; ``price_bases`` as in derive.toml."""

    numbers: tuple[Number, ...]
    location_digits: int
    private: Mapping[str, tuple[Condition, ...]]
    price_bases: Mapping[str, Any]


def rules(partner: str, mappings: Path | None = None) -> Rules:
    """The partner's rules. Raises ``TableError`` naming file and row."""
    file = f"mappings/{partner}/crossref.toml"
    raw = parsed(file, mappings)
    _known(raw, _TOP, file)
    items, places = _table(raw, "items", file), _table(raw, "locations", file)
    _known(items, _ITEMS, f"{file}, [items]")
    _known(places, _LOCATIONS, f"{file}, [locations]")
    rows = items.get("numbers", [])
    if not isinstance(rows, list) or not rows:
        raise TableError(f"{file}: an item is known by a number, so there are rows [[items.numbers]]")
    numbers = tuple(_number(row, f"{file}, [[items.numbers]] row {n}") for n, row in enumerate(rows, 1))
    if len({number.name for number in numbers}) < len(numbers):
        raise TableError(f"{file}, [[items.numbers]]: a name stands there twice")
    private = _table(places, "private", f"{file}, [locations]")
    _known(private, set(_PARTIES), f"{file}, [locations.private]")
    try:
        when = {party: conditions(texts) for party, texts in private.items()}
    except ValueError as error:
        raise TableError(f"{file}, [locations.private]: {error}") from error
    derive = parsed(f"mappings/{partner}/derive.toml", mappings).get("derive", {})
    return Rules(numbers, _count(places, f"{file}, [locations]"), when, derive.get("price_basis", {}))


def _number(row: Any, where: str) -> Number:
    if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not row["name"]:
        raise TableError(f"{where}: `name` is missing, or is no text")
    _known(row, _NUMBER, where)
    check, drop = row.get("check", ""), row.get("drop", "")
    if check not in ("", *CHECKS) or not isinstance(drop, str):
        raise TableError(f"{where}: `check` is one of {', '.join(CHECKS)}, and `drop` a text")
    shared, rare = row.get("shared", False), row.get("rare", False)
    if not isinstance(shared, bool) or not isinstance(rare, bool):
        raise TableError(f"{where}: `shared` and `rare` are true or false")
    return Number(row["name"], _count(row, where), check, drop, shared, rare)


def _count(row: dict[str, Any], where: str) -> int:
    value = row.get("digits", 0)
    if type(value) is not int or not 0 <= value <= 48:
        raise TableError(f"{where}: `digits` is a whole number up to 48")
    return value


def _table(raw: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        raise TableError(f"{where}: {key} is a table")
    return value


def _known(raw: dict[str, Any], keys: set[str], where: str) -> None:
    if strange := sorted(set(raw) - keys):
        raise TableError(f"{where}: unknown key {strange[0]!r}; the keys are {', '.join(sorted(keys))}")
