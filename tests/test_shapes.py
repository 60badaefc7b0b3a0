"""Writers and plans that were shaped by what they saw say what plain ones say; plans for answers, what the slow way says."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_plan import ODD, sound

from translator.tables.checks import all_right, mod10, right_digit
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


def never(code: str, **_: Any) -> None:
    raise AssertionError(f"{code}: what was read must be writable")


def documents(file: str) -> list[Json]:
    return [r.document for r in read(SAMPLES / file) if r.document and "guide" in r.document]


ANSWERS = sorted(path for name in ("4-*", "6*", "8*") for path in SAMPLES.glob(f"*/{name}.edi"))
LEVELS = ["O", "T", "P", "I", "1", "2", "3", "4", "5", "00006141410000000012"]
WARNED = ("published-sample/6-856.edi", "published-sample/8-810.edi")
REASONED = ("changes/4-855.edi", "rejection/4-855.edi")  # a reason stands behind all item numbers


SEEN: dict[str, list[Json]] = {}
for one in (document for file in FILES for document in documents(file)):
    SEEN.setdefault(one["guide"], []).append(one)


@pytest.mark.parametrize("file", [file for file in FILES if "850" not in file])
def test_a_pen_that_was_shaped_by_what_it_saw_writes_the_same(file: str) -> None:
    """Of its own story or of others; and what is there, empty, or of another order than what it saw."""
    for document in documents(file):
        table, d = load(document["guide"]), delimiters(document["envelope"])
        for sample in ([document] * 4, SEEN[table.name]):
            table.pens.clear()
            plain = pen(table, d)
            table.pens.clear()
            shaped = pen(table, d, sample)
            for other in [document, *SEEN[table.name]]:
                made = filled(table, other)
                assert shaped(made, NOW) == (d.segment + d.tail).join(write_set(table, made, d, never, now=NOW))
            for other in changed(document):
                assert plain(other, NOW) in (None, shaped(other, NOW))
        table.pens.clear()


def changed(document: Json) -> Iterator[Json]:
    """The document with something left out, emptied, or turned round."""
    for path in places(document):
        made = copy.deepcopy(document)
        holder: Any = made
        for step in path[:-1]:
            holder = holder[step]
        value = holder.pop(path[-1])
        yield copy.deepcopy(made)
        for other in ("", None, type(value)(), dict(reversed(value.items())) if isinstance(value, dict) else value):
            if isinstance(holder, dict):
                holder[path[-1]] = other
                yield copy.deepcopy(made)


def places(held: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all values of a document."""
    entries = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    for key, value in entries:
        if not path and key in ("document", "partner", "guide", "envelope"):
            continue
        yield (*path, key)
        yield from places(value, (*path, key))


@pytest.mark.parametrize("many", [2, 9])
def test_what_is_replaced_in_one_document_keeps_none_of_the_others_back(many: int) -> None:
    """Of several documents only the first was written, and nobody was told."""
    [whole] = documents("guest/8-810.edi")
    made = [{**copy.deepcopy(whole), "invoice_number": f"N{n}"} for n in range(many)]
    for document in made[:-1]:
        document["parties"]["ship_to"]["name"] = "A*B"
    writing = write(made, control=1, now=NOW, settings={"unsafe_text": "blank"})
    assert [f.code for f in writing.findings] == ["value-replaced"] * (many - 1)
    assert writing.data is not None
    assert [r.document["invoice_number"] for r in read(writing.data) if r.document] == [f"N{n}" for n in range(many)]


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_answers_are_read_alike(path: Path) -> None:
    """What we write is read back by plans too: clean, with an odd value, with a segment lost, doubled, or moved."""
    for reading in read(path):
        if reading.table is None or reading.part is None or reading.part.envelope is None:
            continue
        text, d, table = reading.part.text, reading.part.envelope.delimiters, reading.table
        assert sound(text, d, table=table) == (f"{path.parent.name}/{path.name}" not in (*WARNED, *REASONED))
        end = d.segment + d.tail
        pieces = text.split(end)
        for n, piece in enumerate(pieces[1:-2], 1):
            values = piece.split(d.element)
            for m in range(1, len(values) + 1):
                for odd in [*ODD[(n + m) % 9 :: 9], *LEVELS[(n + m) % 5 :: 5]]:
                    spoiled = d.element.join([*values[:m], odd, *values[m + 1 :]])
                    sound(end.join([*pieces[:n], spoiled, *pieces[n + 1 :]]), d, text, table)
            sound(end.join([*pieces[:n], *pieces[n + 1 :]]), d, text, table)
            sound(end.join([*pieces[:n], pieces[n], *pieces[n:]]), d, text, table)
            sound(end.join([*pieces[:n], pieces[n + 1], pieces[n], *pieces[n + 2 :]]), d, text, table)


@given(st.lists(st.text("0123456789", min_size=17, max_size=17), min_size=1, max_size=200), st.data())
def test_many_labels_are_judged_as_each_of_them_is(codes: list[str], data: st.DataObject) -> None:
    labels = [code + mod10(code) for code in [*codes, "9" * 17, "0" * 17]]
    assert all_right(labels, 18)
    one = data.draw(st.integers(0, len(labels) - 1))
    labels[one] = data.draw(st.text("0123456789", min_size=18, max_size=18))
    assert all_right(labels, 18) == (right_digit("sscc", labels[one]) is None)
    for other in ("", labels[one][:17], f"{labels[one]}0", "x" * 18, "\u0661" * 18, " " + labels[one][1:]):
        labels[one] = other
        assert not all_right(labels, 18)
