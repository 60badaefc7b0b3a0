"""What an order's document cannot say of its JSON: kept when it is read exactly, and put back when it is written so.

An entry holds the text as it came (``raw``) and what the document alone would have written then (``was``). While the document
still says the same, the text comes back byte for byte; else what was changed is changed in it, and everything else stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from translator.bodies.load import load
from translator.bodies.table import BodyTable
from translator.bodies.text import dumped, elements
from translator.bodies.write import written
from translator.findings import Finding, has_errors

Json = dict[str, Any]
_MOST = 1 << 30  # it was read before, within the limit of reading


def residue(table: BodyTable, document: Json, text: str) -> list[Json]:
    """The residue of a document that was read from ``text``."""
    return [{"at": 0, "after": "", "was": [dumped(written(table, document)[0])], "raw": text}]


def restored(table: BodyTable, document: Json) -> tuple[str, list[Finding]]:
    """The JSON text of a document, with what its residue keeps."""
    now, found = written(table, document)
    entry = next((one for one in document.get("residue", []) if isinstance(one, dict) and one.get("raw")), None)
    if entry is None:
        return dumped(now), found
    text, was = str(entry["raw"]), "".join(entry.get("was", []))
    if was == dumped(now):
        return text, []
    return dumped(_merged(_value(text), _value(was), _value(dumped(now)))), found


def restore(documents: Iterable[Json], *, mappings: Path | None = None, report: list[Finding] | None = None) -> Iterator[bytes]:
    """The file that was read exactly, piece by piece, from its documents."""
    said = [] if report is None else report
    for n, document in enumerate(documents):
        if document.get("document") == "raw":
            yield str(document.get("text", "")).encode()
            continue
        text, found = restored(load(str(document.get("guide")), mappings), document)
        said += [one.having(path=f"documents[{n}].{one.path}") for one in found]
        if has_errors(found):
            return
        yield text.encode()


def _value(text: str) -> Any:
    return elements(text.encode(), _MOST).items[0].value


def _merged(raw: Any, was: Any, now: Any) -> Any:
    """What came, with what the document now says otherwise than it did."""
    if was == now and type(was) is type(now):
        return raw
    if isinstance(raw, dict) and isinstance(was, dict) and isinstance(now, dict):
        made = {}
        for name, value in raw.items():
            if name not in was and name not in now:
                made[name] = value
            elif name in now:
                made[name] = _merged(value, was.get(name), now[name])
        return made | {name: value for name, value in now.items() if name not in raw and value != was.get(name)}
    if isinstance(raw, list) and isinstance(was, list) and isinstance(now, list) and len(raw) == len(was):
        kept = [_merged(*three) for three in zip(raw, was, now, strict=False)]
        return kept + now[len(kept) :]
    return now
