"""Texts made safe: a document, its table and delimiters go in; where a setting says so, the document comes out with what could
forge a segment replaced in its free texts, and every replacement as a finding.

Only texts for people are touched (names, addresses, descriptions), as the table lists them: an identifier with a delimiter in
it is refused all the same. The document given is not changed.
"""

from __future__ import annotations

import re
from typing import Any

from translator.findings import Finding, finding
from translator.tables.table import Table
from translator.x12.wire import Delimiters

Json = dict[str, Any]


def replaced(table: Table, document: Json, d: Delimiters) -> tuple[Json, list[Finding]]:
    """The document to write, and what was replaced in it."""
    found: list[Finding] = []
    unsafe = re.compile(f"[{re.escape(d.element + d.component + d.segment)}\\x00-\\x1f\\x7f]")
    made = _replaced(document, "", "", table, unsafe, found)
    return (made if found else document), found


def _replaced(held: Any, place: str, path: str, table: Table, unsafe: re.Pattern[str], found: list[Finding]) -> Any:
    if isinstance(held, dict):
        return {
            key: _replaced(value, f"{place}.{key}".lstrip("."), f"{path}.{key}".lstrip("."), table, unsafe, found)
            for key, value in held.items()
        }
    if isinstance(held, list):
        return [_replaced(item, f"{place}[{n}]", f"{path}[]", table, unsafe, found) for n, item in enumerate(held)]
    if not isinstance(held, str) or path not in table.free or not unsafe.search(held):
        return held
    text = unsafe.sub(table.replacement, held)
    found.append(finding("value-replaced", path=place, value=held, expected=text))
    return text
