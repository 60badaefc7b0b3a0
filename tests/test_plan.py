"""The fast path may only say yes: what a plan accepts earns no finding on the slow path, and gives the same document.

Tried on every sample with every element replaced by odd values, segments dropped, doubled and swapped, and on documents
drawn from the table, for several delimiters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn import systematic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translator.tables.load import load
from translator.tables.plan import plan
from translator.tables.read import read_set
from translator.walk import read, write
from translator.x12.wire import Delimiters, split

SAMPLES = sorted((Path(__file__).parents[1] / "samples").glob("*/1-850.edi"))
TABLE = load("target/850")
ODD = ["", " ", "0", "-1", "1.5", "065", "A", "ZZ", "A>B", "20230229", "20240229", "2460", "0745", "9998", "Q" * 90, "\t", "\xe9"]
CLEAN = {"everything": "a time with hundredths", "published-sample": "five warnings"}  # what keeps a story off the fast path


def sets(path: Path) -> Iterator[tuple[str, Delimiters]]:
    """The sets of a file with their delimiters."""
    for reading in read(path):
        if reading.document:
            assert reading.part and reading.part.envelope
            yield reading.part.text, reading.part.envelope.delimiters


def slow(text: str, d: Delimiters) -> tuple[dict[str, Any], list[str]]:
    """The document and the codes of the findings, step by step."""
    said: list[str] = []
    segments = split(text, d)
    return read_set(TABLE, segments[1:-1], d.element, d.component, lambda code, *_, **__: said.append(code)), said


def sound(text: str, d: Delimiters) -> bool:
    """Whether the plan accepts the text; when it does, it must be right."""
    made = plan(TABLE, d)(text, {})
    if made is None:
        return False
    document, said = slow(text, d)
    assert said == [], text
    assert json.dumps(made) == json.dumps(document), text
    return True


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_a_clean_story_is_read_fast(path: Path) -> None:
    assert all(sound(text, d) for text, d in sets(path)) == (path.parent.name not in CLEAN)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_no_odd_value_is_accepted_that_would_be_accused(path: Path) -> None:
    for text, d in sets(path):
        end = d.segment + d.tail
        pieces = text.split(end)
        for n, piece in enumerate(pieces[1:-2], 1):
            values = piece.split(d.element)
            for m in range(1, len(values) + 1):
                for odd in ODD[(n + m) % 3 :: 3]:
                    spoiled = d.element.join([*values[:m], odd, *values[m + 1 :]])
                    sound(end.join([*pieces[:n], spoiled, *pieces[n + 1 :]]), d)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_no_odd_order_is_accepted_that_would_be_accused(path: Path) -> None:
    for text, d in sets(path):
        end = d.segment + d.tail
        pieces = text.split(end)
        for n in range(1, len(pieces) - 2):
            sound(end.join([*pieces[:n], *pieces[n + 1 :]]), d)
            sound(end.join([*pieces[:n], pieces[n], *pieces[n:]]), d)
            sound(end.join([*pieces[:n], pieces[n + 1], pieces[n], *pieces[n + 2 :]]), d)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(systematic(TABLE)),
    st.sampled_from(["*|^!\x1d\\(", "+", "\t"]),
    st.sampled_from("~'\x1c\n"),
    st.sampled_from(["", "\n", "\r\n"]),
)
def test_systematic_documents_are_read_alike(document: dict[str, Any], elements: str, segment: str, tail: str) -> None:
    for element in elements:
        said = {"element": element, "component": ">", "segment": segment, "tail": tail}
        written = write({**document, "envelope": {**document.get("envelope", {}), "delimiters": said}}, control=1)
        for reading in read(written.data) if written.data else ():
            assert reading.part and reading.part.envelope
            sound(reading.part.text, reading.part.envelope.delimiters)


@pytest.mark.parametrize("component", [".", "-", "<", "^"])
def test_a_component_separator_that_numbers_hold_is_not_overlooked(component: str) -> None:
    """Found by a mutant: with a point as component separator, a price of 3.25 is two components."""
    for path in SAMPLES:
        for text, d in sets(path):
            sound(text, Delimiters(d.element, component, d.segment, d.tail))


def test_what_comes_twice_is_given_a_place_and_read_the_same() -> None:
    """A plan is shaped by what was read before it: both shapes give the same."""
    rows = [item for loop in [TABLE.root, *TABLE.loops()] for item in loop.items]
    before = [item.often for item in rows]
    texts = [one for path in SAMPLES for one in sets(path)]
    try:
        for often in (False, True):
            for item in rows:
                item.often = often
            TABLE.plans.clear()
            assert sum(sound(text, d) for text, d in texts) >= len(texts) - len(CLEAN)
    finally:
        for item, value in zip(rows, before, strict=True):
            item.often = value
        TABLE.plans.clear()
