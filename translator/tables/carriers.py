"""Carriers by the ERP's own names: a partner and a name go in, the carrier of ``mappings/PARTNER/carriers.toml`` comes out.

Names are compared without regard to case and to how many blanks stand in them. A name that is not there stands for no carrier:
nothing is guessed, but names near it can be listed. A file with ``same_as`` has the rows of another partner's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import define

from translator import shipped
from translator.errors import TableError
from translator.tables.standard import parsed

_TOP = {"partner", "carriers", "same_as"}
_CODES = ("scac", "mode", "routing", "method", "service", "tracking")
MARKS = ("V", "C", "S", "I", "?")
"""How sure a row is: read in two independent places, in one connector's code, on one page, our inference, looked for in vain."""
_CARRIER = {"name", "names", "source", "mark", *_CODES}


@define(eq=False, repr=False)
class Carrier:
    """A carrier: its name in the file, and its codes; what is not known is absent. ``row`` is where it stands, for messages."""

    name: str
    codes: dict[str, str]
    row: str = ""


def carriers(partner: str, mappings: Path | None = None) -> Mapping[str, Carrier]:
    """The partner's carriers, by name as ``plain`` has it; none where there is no file. Raises ``TableError``."""
    return _carriers(f"mappings/{partner}/carriers.toml", mappings)


def near(name: str, known: Mapping[str, Carrier]) -> list[str]:
    """Names in the file that look like this one, the nearest first."""
    from difflib import get_close_matches

    found = get_close_matches(plain(name), known, n=3, cutoff=0.6)
    found += [key for key in known if plain(name).split()[:1] == key.split()[:1] and key not in found]
    return list(dict.fromkeys(known[key].name for key in found))[:3]


def plain(name: str) -> str:
    """A name without what is not told apart."""
    return " ".join(name.casefold().split())


@lru_cache(maxsize=8)
def _carriers(file: str, mappings: Path | None) -> dict[str, Carrier]:
    if file not in shipped.names("mappings", "carriers.toml", mappings):
        return {}
    raw = parsed(file, mappings)
    if "same_as" in raw:
        other = f"mappings/{raw['same_as']}.toml"
        if set(raw) - {"partner", "same_as"} or other == file or other not in shipped.names("mappings", "carriers.toml", mappings):
            raise TableError(f"{file}: `same_as` names another partner's list, as in acme/carriers, and no rows stand beside it")
        return _carriers(other, mappings)
    rows = raw.get("carriers", [])
    if set(raw) - _TOP or not isinstance(rows, list):
        raise TableError(f"{file}: the keys are {', '.join(sorted(_TOP))}, and carriers are rows, [[carriers]]")
    found: dict[str, Carrier] = {}
    for n, row in enumerate(rows, 1):
        where = f"{file}, [[carriers]] row {n}"
        made = _carrier(row, where)
        for name in (made.name, *row.get("names", [])):
            if found.setdefault(plain(name), made) is not made:
                raise TableError(f"{where}: {name!r} stands for another carrier too")
    return found


def _carrier(row: Any, where: str) -> Carrier:
    if not isinstance(row, dict) or set(row) - _CARRIER:
        raise TableError(f"{where}: the keys are {', '.join(sorted(_CARRIER))}")
    names, name = row.get("names", []), row.get("name")
    if not isinstance(name, str) or not name.strip():
        raise TableError(f"{where}: `name` is missing, or is no text")
    if not isinstance(names, list) or not all(isinstance(other, str) and other.strip() for other in names):
        raise TableError(f"{where}: `names` must be a list of texts")
    if row.get("mark", MARKS[0]) not in MARKS:
        raise TableError(f"{where}: `mark` is one of {', '.join(MARKS)}")
    if not all(isinstance(row.get(key, ""), str) for key in _CODES):
        raise TableError(f"{where}: {', '.join(_CODES)} must be texts")
    return Carrier(name, {key: row[key] for key in _CODES if row.get(key)}, f"{where} ({name})")
