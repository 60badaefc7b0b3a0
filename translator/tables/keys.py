"""The keys that a row of a table may have: a row and its keys go in; nothing comes out, or a ``TableError`` naming the nearest."""

from __future__ import annotations

from collections.abc import Iterable, Set
from difflib import get_close_matches

from translator.errors import TableError


def known_keys(row: Iterable[str], keys: Set[str], where: str, what: str) -> None:
    """Raises ``TableError`` for the first key of a row that is none of ``keys``. ``where`` is file and row, ``what`` names it."""
    for key in row:
        if key not in keys:
            near = get_close_matches(key, keys, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"it may have {', '.join(sorted(keys))}"
            raise TableError(f"{where}: {what} has no key `{key}`; {hint}")
