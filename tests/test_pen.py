"""The compiled writer writes what the slow one writes, or nothing: for the samples, and for documents of every guide."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from drawn import documents
from hypothesis import given
from meaning import GUIDES, Json
from totals import lean
from walked import SAMPLES, cases, drawn, orders, sample

from translator.tables.load import load
from translator.tables.pen import pen
from translator.tables.reckon import filled
from translator.tables.table import Table
from translator.tables.write import write_set
from translator.walk.headers import delimiters

NOW = datetime.datetime(2026, 4, 1, 8, 0)


def never(code: str, **_: Any) -> None:
    raise AssertionError(f"{code}: what was read must be writable")


@pytest.mark.parametrize("name", SAMPLES)
def test_both_writers_write_a_sample_alike(name: str) -> None:
    for document in orders(sample(name)):
        if "guide" not in document:
            continue
        table = load(document["guide"])
        made = filled(table, document)
        d = delimiters(document["envelope"])
        assert pen(table, d)(made, NOW) == (d.segment + d.tail).join(write_set(table, made, d, never, now=NOW))


def alike(table: Table, document: Json) -> bool:
    """Whether the compiled writer wrote a document; when it did, and nothing is wrong with it, as the other one does."""
    document = filled(table, document)
    d = delimiters(document["envelope"])
    said: list[str] = []
    body = (d.segment + d.tail).join(write_set(table, document, d, lambda code, **_: said.append(code), now=NOW))
    made = pen(table, d)(document, NOW)
    assert said or made is None or made == body
    return made is not None


@pytest.mark.parametrize("name", GUIDES)
def test_both_writers_write_a_systematic_document_alike(name: str) -> None:
    for case in cases(name)[0]:
        assert alike(case.table, case.document)
        assert alike(case.table, lean(case.table, case.document))


@pytest.mark.parametrize("name", GUIDES)
def test_both_writers_write_a_drawn_document_alike(name: str) -> None:
    @drawn(25)
    @given(documents(load(name)))
    def holds(document: Json) -> None:
        assert alike(load(name), document)
        assert alike(load(name), lean(load(name), document))

    holds()
