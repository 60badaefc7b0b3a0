"""What is walked in and out: sample files, the documents in them, documents of every guide, and the bytes that they come to.

``case.segments`` are split without any help of the translator. ``SOAK=1`` in the environment draws a hundred times as many
documents.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from drawn import systematic
from hypothesis import HealthCheck, settings
from meaning import Json, Meant, segments, spellings
from mutants import ROOT
from reached import Coverage, respelled

from translator.findings import Finding
from translator.tables.load import load
from translator.tables.table import Table
from translator.walk import read, write

STORIES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/1-850.edi"))
SAMPLES = sorted(str(path.relative_to(ROOT / "samples")) for path in (ROOT / "samples").glob("*/*.edi"))
SHARED = Path(__file__).parents[2] / "shared"
REAL = sorted(path for folder in ("corpus", "guides/examples") for path in (SHARED / folder).glob("*.edi"))
SOAK = 100 if os.environ.get("SOAK", "0") != "0" else 1


def drawn(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """So many drawn documents, or a hundred times as many in a soak."""
    options: dict[str, Any] = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
    return settings(max_examples=examples * SOAK, derandomize=SOAK == 1, **options)


def sample(name: str) -> bytes:
    """A sample file; of a story its order."""
    return (ROOT / "samples" / (name if name.endswith(".edi") else f"{name}/1-850.edi")).read_bytes()


def orders(data: bytes, **options: Any) -> list[Json]:
    """The documents in a file."""
    return [r.document for r in read(data, **options) if r.document]


def findings(data: bytes, **options: Any) -> list[Finding]:
    """All findings about a file."""
    return [f for r in read(data, **options) for f in r.findings]


def errors(found: list[Finding]) -> list[str]:
    """The errors among findings, for a message."""
    return [f"{f.code} {f.where} {f.value!r}" for f in found if f.severity == "error"]


def written(docs: Json | list[Json], **options: Any) -> bytes:
    """The bytes of documents that must be writable."""
    writing = write(docs, **options)
    assert writing.ok, errors(writing.findings)
    assert writing.data is not None
    return writing.data


# --- a document by its table ------------------------------------------------------------------------------------------------


@dataclass
class Case:
    """A document of a table, which was loaded with some settings."""

    table: Table
    document: Json
    settings: dict[str, str] = field(default_factory=dict)

    def write(self, document: Json) -> bytes:
        """The bytes of this document, or of one that is made of it."""
        return written(document, settings=self.settings)

    @cached_property
    def data(self) -> bytes:
        """Its bytes."""
        return self.write(self.document)

    @cached_property
    def segments(self) -> list[list[str]]:
        """Its segments, split without any help of the translator."""
        return plainly(self.data)


@cache
def cases(name: str) -> tuple[list[Case], Coverage]:
    """Documents of a guide that exercise all that it writes, with the settings as shipped and with each other value."""
    coverage = Coverage(load(name))
    return [Case(table, one, chosen) for table, chosen in spellings(name) for one in systematic(table, beyond=coverage)], coverage


@cache
def reach(name: str) -> Coverage:
    """What the cases of a guide exercise, and what says the same in other words."""
    found, coverage = cases(name)
    for turn, case in enumerate(found):
        respelled(case.table, case.document, case.segments[3:-3], turn, coverage)
    return coverage


def plainly(data: bytes) -> list[list[str]]:
    """The segments of one interchange, split without any help of the translator."""
    text = data.decode("latin-1")
    element, terminator = text[3], text[105]
    return [segment.strip("\r\n").split(element) for segment in text.split(terminator) if segment.strip("\r\n")]


def values_of(table: Table, document: Json) -> Iterator[tuple[Meant, Any, Any]]:
    """Every value of a document that a segment carries: its segment, the object or list that holds it, its key.

    Not the numbers of cartons and pallets, by which other objects name them.
    """
    for meant in segments(table, document):
        for place_of, place in meant.places.items():
            if not place.fixed and not ((e := meant.row.elements.get(place_of)) and e.check):
                yield meant, place.holder, place.key
