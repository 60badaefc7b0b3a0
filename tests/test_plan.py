"""The fast path may only say yes: what a plan accepts earns no finding on the slow path, and gives the same document.

Tried for every guide that is shipped: on samples with every element replaced by odd values, segments dropped, doubled and
swapped, and on documents drawn from the tables, for several delimiters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from drawn import documents, systematic
from hypothesis import given
from hypothesis import strategies as st
from meaning import GUIDES, spellings
from reached import respelled
from walked import drawn

from translator.tables.checks import mod10, right_digit
from translator.tables.emit import wrong_upcs
from translator.tables.load import load
from translator.tables.plan import plan
from translator.tables.read import read_set
from translator.tables.table import Plan, Table
from translator.walk import read, write
from translator.x12.wire import Delimiters, split

ROOT = Path(__file__).parents[1] / "samples"
SAMPLES = sorted(ROOT.glob("*/1-850.edi"))
ANSWERS = sorted(path for path in ROOT.glob("*/*.edi") if path.name != "1-850.edi")
TABLE = load("target/850")
ODD = ["", " ", "0", "-1", "1.5", "065", "A", "ZZ", "A>B", "20230229", "20240229", "2460", "0745", "9998", "Q" * 90, "\t", "\xe9"]
CLEAN = {"everything": "a time with hundredths", "published-sample": "five warnings"}  # what keeps a story off the fast path
SLOW = {"changes/4-855.edi", "rejection/4-855.edi"}  # a reason stands behind the pairs


def sets(path: Path) -> Iterator[tuple[str, Delimiters]]:
    """The orders of a file with their delimiters."""
    for reading in read(path):
        if reading.document and reading.table and reading.table.name == TABLE.name:
            assert reading.part and reading.part.envelope
            yield reading.part.text, reading.part.envelope.delimiters


def slow(text: str, d: Delimiters, table: Table) -> tuple[dict[str, Any], list[str]]:
    """The document and the codes of the findings, step by step."""
    said: list[str] = []
    segments = split(text, d)
    return read_set(table, segments[1:-1], d.element, d.component, lambda code, *_, **__: said.append(code)), said


@cache
def compiled(d: Delimiters, sample: str = "", table: Table = TABLE) -> Plan:
    """The plan of one who saw the sample before."""
    table.plans.clear()
    return plan(table, d, sample)


def sound(text: str, d: Delimiters, before: str = "", table: Table = TABLE) -> bool:
    """Whether the plan accepts the text; when it does, it must be right. What came ``before`` changes nothing."""
    made = compiled(d, "", table)(text, {})
    shaped = compiled(d, 9 * (before or text), table)(text, {})
    assert json.dumps(made) == json.dumps(shaped), text
    if made is None:
        return False
    document, said = slow(text, d, table)
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
                    sound(end.join([*pieces[:n], spoiled, *pieces[n + 1 :]]), d, text)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_no_odd_order_is_accepted_that_would_be_accused(path: Path) -> None:
    for text, d in sets(path):
        end = d.segment + d.tail
        pieces = text.split(end)
        for n in range(1, len(pieces) - 2):
            sound(end.join([*pieces[:n], *pieces[n + 1 :]]), d, text)
            sound(end.join([*pieces[:n], pieces[n], *pieces[n:]]), d, text)
            sound(end.join([*pieces[:n], pieces[n + 1], pieces[n], *pieces[n + 2 :]]), d, text)


def test_a_plan_is_made_for_delimiters_that_come_often() -> None:
    """It costs much to compile: a file of many interchanges, each with delimiters of its own, must not cost it for each."""
    data = SAMPLES[0].read_bytes()
    marks = [bytes([c]) for c in range(0x21, 0x7F) if not chr(c).isalnum() and bytes([c]) not in data]
    several = b"".join(data.replace(b"~", a).replace(b">", b) for a in marks for b in marks if a != b)
    TABLE.plans.clear()
    TABLE.seen.clear()
    assert len(list(read(several))) > 100 and not TABLE.plans
    list(read(data * 40))
    assert len(TABLE.plans) == 1


# --- every guide ----------------------------------------------------------------------------------------------------------

USUAL = Delimiters("*", ">", "~", "")


@cache
def texts(name: str) -> list[str]:
    """Sets of a guide that break no note: as we write them with each setting, the longest first."""
    made = []
    for table, chosen in spellings(name):
        for document in systematic(table, clean=True)[: None if not chosen else 3]:
            written = write(document, settings=chosen).data
            made += [r.part.text for r in read(written or b"", guide=name) if r.part and r.document]
    return sorted(made, key=len, reverse=True)


def spoiled(text: str) -> Iterator[str]:
    """A set with each of its values replaced, and each segment dropped, doubled and swapped."""
    pieces = text.split("~")
    for n, piece in enumerate(pieces[1:-2], 1):
        values = piece.split("*")
        for m in range(1, len(values) + 1):
            odd = (*ODD, "00" + values[min(m, len(values) - 1)])[(5 * n + m) % (len(ODD) + 1)]
            yield "~".join([*pieces[:n], "*".join([*values[:m], odd, *values[m + 1 :]]), *pieces[n + 1 :]])
        yield "~".join([*pieces[:n], *pieces[n + 1 :]])
        yield "~".join([*pieces[:n], piece, *pieces[n:]])
        if n < len(pieces) - 3:  # a set ends with its SE, else the envelope would not have given it out
            yield "~".join([*pieces[:n], pieces[n + 1], piece, *pieces[n + 2 :]])


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_clean_answer_is_read_fast(path: Path) -> None:
    for reading in read(path):
        if reading.table and reading.part and reading.part.envelope and not [f for f in reading.findings if f.at]:
            fast = sound(reading.part.text, reading.part.envelope.delimiters, table=reading.table)
            assert fast == (f"{path.parent.name}/{path.name}" not in SLOW)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_what_is_missing_at_the_end_of_a_segment_is_not_overlooked(path: Path) -> None:
    for reading in read(path):
        if not reading.table or not reading.part or not reading.part.envelope:
            continue
        text, d = reading.part.text, reading.part.envelope.delimiters
        lines = text.split(d.segment)
        for n, line in enumerate(lines[1:-2], 1):
            for width in range(1, min(line.count(d.element), 4)):
                shorter = line.rsplit(d.element, width)[0].rstrip(d.element)
                sound(d.segment.join([*lines[:n], shorter, *lines[n + 1 :]]), d, text, reading.table)


@pytest.mark.parametrize("name", GUIDES)
def test_what_breaks_no_note_is_read_fast(name: str) -> None:
    """Not all of it: a plan may refuse what is rare, and the systematic documents are full of that."""
    accepted = [sound(text, USUAL, texts(name)[0], load(name)) for text in texts(name)]
    assert sum(accepted) > 1


@pytest.mark.parametrize("name", GUIDES)
def test_nothing_is_accepted_that_would_be_accused(name: str) -> None:
    accepted = 0
    fast = [text for text in texts(name) if compiled(USUAL, "", load(name))(text, {})]
    for text in (texts(name)[0], fast[0], fast[-1]):
        for one in spoiled(text):
            accepted += sound(one, USUAL, texts(name)[0], load(name))
    assert accepted


@pytest.mark.parametrize("name", GUIDES)
def test_drawn_documents_are_read_alike(name: str) -> None:
    accepted = []

    @drawn(40)
    @given(documents(load(name), plain=True, clean=True))
    def holds(document: dict[str, Any]) -> None:
        data = write(document).data
        assert data
        found = [segment.split("*") for segment in data.decode("latin-1").split("~")[3:-4]]
        text, other = ("~".join(["ST*" + load(name).set_id + "*0001", *("*".join(one) for one in body), "SE*1*0001", ""])
            for body in (found, respelled(load(name), document, found, len(accepted))))  # fmt: skip
        accepted.append(sound(text, USUAL, texts(name)[0], load(name)))
        sound(other, USUAL, texts(name)[0], load(name))

    holds()
    assert any(accepted)  # how many depends on what was drawn


@pytest.mark.parametrize("name", GUIDES)
def test_other_delimiters_are_read_alike(name: str) -> None:
    table = load(name)
    for n, element in enumerate(("|", "^", "!", "\x1d", "\\", "(", "+", "\t")):
        d = Delimiters(element, ">", "~'\x1c\n"[n % 4], ("", "\n", "\r\n", "")[n % 4])
        for text in texts(name)[n :: len(texts(name)) // 3]:
            if element not in text and d.segment not in text:
                sound(text.replace("*", element).replace("~", d.segment + d.tail), d, texts(name)[0], table)


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
            compiled.cache_clear()
            assert sum(sound(text, d) for text, d in texts) >= len(texts) - len(CLEAN)
    finally:
        for item, value in zip(rows, before, strict=True):
            item.often = value
        compiled.cache_clear()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_what_is_usual_elsewhere_changes_nothing(path: Path) -> None:
    """A plan that was shaped by another file's orders reads this one's as if it had seen none."""
    for text, d in sets(path):
        for other in SAMPLES:
            for before, theirs in sets(other):
                if d == theirs:
                    sound(text, d, before)


@given(st.lists(st.text("0123456789", min_size=11, max_size=11), min_size=1, max_size=200), st.data())
def test_many_upcs_are_judged_as_each_of_them_is(codes: list[str], data: st.DataObject) -> None:
    upcs = [code + mod10(code) for code in [*codes, "9" * 11, "0" * 11]]
    assert not wrong_upcs(upcs)
    one = data.draw(st.integers(0, len(upcs) - 1))
    upcs[one] = data.draw(st.text("0123456789", min_size=12, max_size=12))
    assert wrong_upcs(upcs) == (right_digit("upc", upcs[one]) is not None)


LINE = "PO1*{}*1*EA*11*WE*CB*071202080*VA*BX 300*UP*490712020807~\nCTP*RS*RES*19.99~\nPID*F*08***OAT BAR GIFT TIN~\nPO4*6~\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("PID*F", "PID*S"),  # which must have a code
        ("CB*071202080", "CB*071202081"),  # not the DPCI that the UPC says
        ("0807", "0808"),  # not its check digit
        ("UP*490712020807", "VA*490712020807"),  # a qualifier twice
        ("CB*071202080*VA*BX 300", "VA*BX 300*CB*071202080"),
        ("*UP*490712020807", ""),
        ("*WE", "*UM"),  # of cases only
        ("*RES*", "*UCP*"),  # which asks for another thing elsewhere
        ("*RES", "*"),
        ("*19.99", "*19.99*****A"),
        ("PO4*6~\n", ""),
        ("PO4*6~\n", "PO4*6~\nPO4*6~\n"),
        ("PO4*6~\n", "PO4*6~\nSAC*N**VI*TC990101~\nIT8*NS~\n"),
        ("PO4*6~\n", "PO4*6~\nPID*F*08***TIN~\n"),
        ("PO4*6", "PO4*6*************2"),
        ("CTP*RS", "CTP*RS*RES*5~\nCTP*RS"),
        ("PID*F*08***", "PID*F*73***RED~\nPID*F*74***"),
        ("PID*F*08***OAT BAR GIFT TIN~\n", ""),
    ],
)
def test_a_line_unlike_the_usual_ones_is_read_alike(old: str, new: str) -> None:
    text, d = next(sets(Path(__file__).parents[1] / "samples" / "stand-alone" / "1-850.edi"))
    usual = [LINE.format(n) for n in range(1, 7)]
    odd = [line.replace(old, new) for line in usual]

    def order(*lines: str) -> str:
        return f"{text[: text.index('PO1*')]}{''.join(lines)}CTT*6*6~\nSE*99*0001~\n"

    assert old in LINE and sound(order(*usual), d)
    for n in range(6):
        sound(order(*usual[:n], odd[n], *usual[n + 1 :]), d, order(*usual))
        sound(order(*odd[:n], usual[n], *odd[n + 1 :]), d, order(*odd))
    sound(order(*odd), d)
