"""The compiled writer writes what the slow one writes, or nothing; and no value forges a segment, whichever of them wrote it."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from translator.tables.load import load
from translator.tables.pen import pen
from translator.tables.reckon import filled
from translator.tables.write import write_set
from translator.walk import read, write
from translator.walk.headers import delimiters

Json = dict[str, Any]
SAMPLES = Path(__file__).parents[1] / "samples"
FILES = sorted(path.relative_to(SAMPLES).as_posix() for path in SAMPLES.glob("*/*.edi"))
NOW = datetime.datetime(2026, 4, 1, 8, 0)
KINDS = {
    "order": "guest/1-850.edi",
    "acknowledgment": "guest/4-855.edi",
    "shipment": "guest/6-856.edi",
    "invoice": "guest/8-810.edi",
}
HOSTILE = [
    "A*B",
    "A~ST*850*0001~BEG*00*SA*1**20260401~SE*3*0001",
    "A>B",
    "A\nB",
    "\x00",
    "☃",
    "",
    "NaN",
    "1E9",
    "9" * 400,
    None,
    7,
    1.5,
    True,
    [],
    {},
]


def never(code: str, **_: Any) -> None:
    raise AssertionError(f"{code}: what was read must be writable")


def documents(file: str) -> list[Json]:
    return [r.document for r in read(SAMPLES / file) if r.document and "guide" in r.document]


@pytest.mark.parametrize("file", FILES)
def test_both_writers_write_the_same(file: str) -> None:
    for document in documents(file):
        table = load(document["guide"])
        made = filled(table, document)
        d = delimiters(document["envelope"])
        slow = write_set(table, made, d, never, now=NOW)
        assert pen(table, d)(made, NOW) == slow


def places(held: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all values of a document."""
    entries = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    for key, value in entries:
        if not path and key in ("document", "partner", "guide", "envelope"):
            continue
        yield (*path, key)
        yield from places(value, (*path, key))


@pytest.mark.parametrize("kind", KINDS)
def test_no_hostile_value_gets_past(kind: str) -> None:
    [whole] = documents(KINDS[kind])
    segments = (write(whole, control=1, now=NOW).data or b"").count(b"~")
    for n, path in enumerate(places(whole)):
        for value in HOSTILE[n % 4 :: 4]:
            document = copy.deepcopy(whole)
            holder: Any = document
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = value
            writing = write(document, control=1, now=NOW)
            many = write([document] * 8, control=1, now=NOW, force=True)
            assert writing.data is not None or any(f.severity == "error" for f in writing.findings)
            if writing.data is None:
                continue
            again = [r.document for r in read(writing.data) if r.document]
            assert len(again) == 1 and writing.data.count(b"~") <= segments + 1, (path, value)
            assert many.data is not None and many.data.count(b"~") == 8 * (writing.data.count(b"~") - 4) + 4, (path, value)
            said = json.dumps(value)
            assert value in (None, "", [], {}) or said in json.dumps(again[0]), (path, value)
