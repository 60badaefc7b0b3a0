"""Where a value came from: a place in a document and the cells of the ERP's file go in, row and column come out.

What a column table reads bears a cell for each of its places; they are kept with the document, so that what is found later, even by
the partner, can be told by row and column. Nothing is read here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from translator.findings import Finding

Places = Mapping[str, Any]
"""Path in the document -> line in the file, counted as an editor does, and the column's name."""

_LAST = re.compile(r"(?:\.?[^.\[\]]+|\[[^\]]*\])\Z")


def cell(places: Places | None, path: str | None) -> tuple[int, str] | None:
    """The cell of a place, or of the nearest place around it; None where the document came from no columns."""
    if not places:
        return None
    inner = (path or "").removeprefix("$").lstrip(".")
    while inner and inner not in places:
        inner = _LAST.sub("", inner)
    found = places.get(inner)
    if found is None:
        return min(int(place[0]) for place in places.values()), ""
    return int(found[0]), str(found[1])


def told(found: Finding, places: Places | None) -> Finding:
    """A finding about a document, told by row and column."""
    place = cell(places, found.path)
    return found if place is None else found.having(line=place[0], ref=place[1] or found.ref)


def words(source: str, places: Places | None, path: str | None) -> str:
    """Row and column for people; nothing where the document came from no columns."""
    place = cell(places, path)
    if place is None:
        return ""
    return f"{source}, row {place[0]}" + (f", column {place[1]}" if place[1] else "")
