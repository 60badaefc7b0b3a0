"""Law 6 for what may not be written: no value of a document or of its envelope can forge a segment."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from meaning import GUIDES, Json
from walked import SOAK, cases, errors, orders, sample, values_of

from translator.walk import write

FORGERIES = [*"\x00\x07\t\n\r\x1a\x1c\x1f\x7f", *"\u0100€\u2028\uff0a\U0001f4a3\ud800"]


@pytest.mark.parametrize("name", GUIDES)
def test_no_value_can_forge_a_segment(name: str) -> None:
    case = max(cases(name)[0][:5], key=lambda case: len(case.segments))
    marks = case.document["envelope"]["delimiters"]
    forgeries = [marks["element"], marks["component"], marks["segment"], *FORGERIES]
    places = list(values_of(case.table, case.document))
    for at in (n for n, (_, holder, key) in enumerate(places) if isinstance(holder[key], str)):
        document = copy.deepcopy(case.document)
        _, holder, key = list(values_of(case.table, document))[at]
        text = holder[key]
        for n, character in enumerate(forgeries if SOAK > 1 else [*forgeries[:3], *forgeries[3 + at % 7 :: 7]]):
            holder[key] = f"{text[:1]}{character}{text[1:]}"
            writing = write(document, force=bool((at + n) % 2))
            assert writing.data is None, (key, character)
            assert "value-delimiter" in {f.code for f in writing.findings}, (key, character)


ENVELOPE = [
    *(f"{side}.{key}" for side in ("sender", "receiver") for key in ("qualifier", "id", "group")),
    *("control.interchange", "control.group", "control.set", "date", "time", "version", "release", "usage"),
]


def envelope_with(path: str, value: Any) -> Json:
    """A sample's document, something in its envelope replaced."""
    document = orders(sample("guest"))[0]
    *objects, key = path.split(".")
    holder = document["envelope"]
    for name in objects:
        holder = holder[name]
    holder[key] = value
    return document


@pytest.mark.parametrize("character", ["*", ">", "~", *FORGERIES])
@pytest.mark.parametrize("path", ENVELOPE)
def test_no_value_of_the_envelope_can_forge_a_segment(path: str, character: str) -> None:
    document = envelope_with(path, f"{character}1")
    for force in (False, True):
        writing = write(document, force=force)
        assert writing.data is None
        assert {"value-delimiter", "value-missing", "value-type"} & {f.code for f in writing.findings}


@pytest.mark.parametrize("usage", ["'", "X"])
@pytest.mark.parametrize("name", GUIDES)
def test_a_usage_that_the_standard_does_not_know_is_refused(name: str, usage: str) -> None:
    document = copy.deepcopy(cases(name)[0][0].document)
    document["envelope"]["usage"] = usage
    writing = write(document)
    assert writing.data is None
    assert ("element-code", "envelope.usage") in {(f.code, f.path) for f in writing.findings}


ODD_ENVELOPES: dict[str, tuple[object, ...]] = {
    "date": ("2026-02-30", "20260101", "26-01-01", "x"),
    "time": ("25:00", "1015", "x", "10:15:30.555"),
    "release": ("005010", "x"),
    "version": ("00501", "x"),
    "control.interchange": ("A", "-1", "12345678901"),
    "control.group": ("A", "-1", " ", "1234567890"),
    "control.set": ("1", "0001 ", "1234567890"),
    "sender.qualifier": ("1", "123"),
    "sender.id": ("A ", " ", "1234567890123456"),
    "sender.group": ("A", "1234567890123456"),
    "delimiters": ({"element": "*", "component": ">", "segment": "~", "tail": "\n\n\n"},),
}


def comes_back_or_is_refused(document: Json) -> None:
    """Law 1, the other way round: what would not come back is not written, and says why."""
    writing = write(document)
    if writing.ok and writing.data is not None:
        assert orders(writing.data, guide="target/850") == [document]
    else:
        assert errors(writing.findings)


@pytest.mark.parametrize(("path", "value"), [(path, value) for path, values in ODD_ENVELOPES.items() for value in values])
def test_an_odd_value_of_the_envelope_comes_back_or_is_refused(path: str, value: object) -> None:
    comes_back_or_is_refused(envelope_with(path, value))


@pytest.mark.parametrize("path", [path for path in ENVELOPE if path not in ("date", "time")])
def test_what_is_no_text_in_the_envelope_is_refused(path: str) -> None:
    odd: tuple[object, ...] = (5, 1.5, True, ["x"], {"x": "y"})
    for value in odd:
        comes_back_or_is_refused(envelope_with(path, value))


@pytest.mark.parametrize("path", ENVELOPE)
def test_a_letter_outside_ascii_in_the_envelope_comes_back_or_is_refused(path: str) -> None:
    comes_back_or_is_refused(envelope_with(path, "é1"))


@pytest.mark.parametrize("path", ["sender", "receiver", "control"])
def test_what_is_no_object_in_the_envelope_is_refused(path: str) -> None:
    odd: tuple[object, ...] = (5, True, "x", [], None, {})
    for value in odd:
        comes_back_or_is_refused(envelope_with(path, value))


@pytest.mark.parametrize("value", [5, True, "x", [], None, {}], ids=repr)
def test_what_is_no_envelope_is_refused(value: object) -> None:
    comes_back_or_is_refused(orders(sample("guest"))[0] | {"envelope": value})


def test_no_name_can_forge_a_segment() -> None:
    for path in ("references", "dates", "parties"):
        document = orders(sample("guest"))[0]
        held = document[path]
        held["x~SE*1*0001"] = copy.deepcopy(next(iter(held.values())))
        writing = write(document)
        assert writing.data is None
        assert "name-unknown" in {f.code for f in writing.findings}
