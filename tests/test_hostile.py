"""No value gets past the writer: hostile values in every place of a document of every kind, alone and among many documents.

Each is written or refused, alike whether few or many documents are written at once (which goes another way). What is written
reads back as the same document, also to readers that nobody here wrote; what is refused is refused with a finding that
names the place. ``SOAK=1`` in the environment puts every value at every place.
"""

from __future__ import annotations

import copy
import datetime
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from drawn import systematic
from meaning import GUIDES, Json, segments
from mutants import ROOT
from other_readers import objections, seen
from walked import SOAK, orders, sample

from translator.tables.load import load
from translator.tables.table import path_text
from translator.walk import Writing, read, write
from translator.walk.headers import of_isa

NOW = datetime.datetime(2026, 2, 3, 4, 5, 6)
NOTICE = "interchange_acknowledgment"

TEXTS = [
    *("*", ">", "~", "A*B", "A>B", "A~B", "A*~", "A~ST*850*1~", "~SE*1*0001~ST*850*0002~", "*" * 40, "~\nIEA*1*000000001~\n"),
    *("\n", "A\nB", "A\r\n", "\r", "\t", "\x00", "\x1a", "\x1b[2J", "\x7f", "\x85", "\xa0", "\x1c", "\x1d", "\x1e", "\x1f"),
    *("é", "€", "\u0100", "\u2028", "\uff0a", "\uff5e", "\U0001f4a3", "\ud800", "１２３", "ﬀ", "ſ", "\u202e"),
    *("", " ", "  ", " A", "A ", "NaN", "Infinity", "-Infinity", "1E9", "1e-7", "1_000", "0x10", "1,5", "+1", "-1", "-0", "-", "."),
    *("-.5", "5.", "00", "007", "9" * 25, "9" * 400, "1" * 70_000, "4.12346E+11", "0", "1", "999999999999999999999"),
    *("20260230", "2026-02-30", "2026-13-01", "0000-00-00", "2026-1-1", "24:60", "25:00", "10:15:61"),
    *("True", "null", "None", "{}", "{x}", "{E}", "%s", "$1", "\\", "'", '"', "';--", "__class__", "@", "level"),
    *("children", "ISA", "SE"),
]
OTHERS: list[Any] = [
    *(None, True, False, 0, 1, -1, 7, 1.5, 1e300, float("nan"), float("inf"), 10**30, -(10**30), 5e-324),
    *([], {}, [[]], [None], ["x"], ["A~B"], [{}], [1, 2], {"x": "y"}, {"id": "A*B"}, {"A~B": "x"}, {"": ""}, {"@": 1}, [{"@": []}]),
]
HOSTILE: list[Any] = [*TEXTS, *OTHERS]
EVERY = 67  # of which a place has each so manieth, beginning with another one
ROWS = [row for name in GUIDES for row in load(name).rows()]
FORMS = {path_text(e.json): e.classify for row in ROWS for e in row.elements.values() if e.classify}  # said of a value elsewhere
NEITHER = {"document", "guide", "partner"}  # by which the table is chosen


@cache
def documents_of(kind: str) -> Json:
    """A rich document of a guide, or an interchange acknowledgment, without anything to find in it."""
    if kind == NOTICE:
        held: Json = json.loads((ROOT / "tests" / "documents" / f"{kind}-full.json").read_text(encoding="utf-8"))
        return held | {"envelope": of_isa(documents_of(GUIDES[0])["envelope"]) | {"date": "2026-02-03"}}
    clean = [one for one in systematic(load(kind), clean=True) if write(one, now=NOW).ok]
    return max(clean, key=lambda one: len(json.dumps(one)))


def places(held: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every place of a document: its path, what holds it, under which key."""
    for key in list(held) if isinstance(held, dict) else range(len(held)):
        here = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip(".")
        if here not in NEITHER:
            yield here, held, key
            if isinstance(held[key], (dict, list)):
                yield from places(held[key], here)


def at(document: Json, path: str) -> tuple[Any, Any]:
    """What holds a place of a document, and under which key."""
    return next((holder, key) for here, holder, key in places(document) if here == path)


@cache
def company() -> list[Json]:
    """Small documents, so many that all are written the quick way, each in an interchange of its own."""
    found = orders(sample("guest/9-997.edi"))[0]
    control = found["envelope"]["control"]
    return [
        {**found, "envelope": {**found["envelope"], "control": {**control, "interchange": f"{n:09d}"}}}
        for n in range(770_000_000, 770_000_009)
    ]


def both_ways(document: Json, force: bool) -> Writing:
    """What was written of a document alone, and so among many."""
    alone, among = write(document, now=NOW, force=force), write([document, *company()], now=NOW, force=force)
    said = [(f.code, f.path, f.value) for f in alone.findings]
    assert [(f.code, (f.path or "").removeprefix("documents[0]."), f.value) for f in among.findings] == [
        (code, path or "", value) for code, path, value in said
    ]
    if alone.data is None:
        assert among.data is None
    else:
        assert among.data is not None and among.data.startswith(alone.data)
        assert among.data.count(b"ISA*") >= 9
    return alone


def plainly(value: Any) -> Any:
    """A value without what is as good as not there, and without the ERP's own."""
    if isinstance(value, dict):
        return {key: plainly(one) for key, one in value.items() if one is not None and key != "erp"}
    return [plainly(one) for one in value] if isinstance(value, list) else value


def without(document: Json, path: str) -> Json:
    """A document without one of its places, as far as it has it."""
    document = plainly(document)
    for here, holder, key in places(document):
        if here == path:
            del holder[key]
            break
    return document


def judge(document: Json, path: str, value: Any) -> str:
    """What became of a document with something odd at a place: nothing is forged, and nothing lost."""
    writing = both_ways(document, force=False)
    wrong = [f for f in writing.findings if f.severity == "error"]
    if writing.data is None:
        # Without a value others may not follow any more, and with other delimiters, any value may hold one.
        elsewhere = value in (None, [], {}) or path.startswith("envelope.delimiters")
        assert wrong and all(f.path for f in wrong), wrong
        follows = all(f.code == "total-differs" for f in wrong)  # what it comes to is another now
        assert elsewhere or follows or any(near(f.path, path) or f.path == FORMS.get(path) for f in wrong), wrong
        return "refused"
    assert wrong == []
    [back] = [r.document for r in read(writing.data, guide=document.get("guide")) if r.document]
    if "guide" not in document:  # the header of an interchange has no seconds
        document = {**document, "envelope": of_isa(document["envelope"])}
    if plainly(back) != plainly(document):
        assert value in (None, "", [], {}), "it was written and is not the same"
        assert without(back, path) == without(document, path)
    if "guide" in document and not path.startswith("envelope.delimiters"):  # they know no interchange without a group
        tags = [meant.row.segment for meant in segments(load(document["guide"]), back)]
        assert [one[0] for one in seen(writing.data)] == ["ISA", "GS", "ST", *tags, "SE", "GE", "IEA"]
        assert objections(writing.data) == set()
    return "written"


def near(said: str | None, path: str) -> bool:
    """Whether a finding names a place: itself, what is in it, or what it is in."""
    around = path.rpartition(".")[0]
    return bool(said) and (
        said == around or f"{said}.".startswith((f"{path}.", f"{path}[", f"{around}.")) or path.startswith(f"{said}[")
    )


def spoiled(kind: str) -> Iterator[tuple[str, Any]]:
    """Places of the document of a kind with hostile values: each place has some, and each value comes to places of all sorts."""
    for n, (path, _, _) in enumerate(places(documents_of(kind))):
        for value in HOSTILE[n % EVERY :: EVERY] if SOAK == 1 else HOSTILE:
            yield path, value


SHARES = [(kind, n) for kind in [*GUIDES, NOTICE] for n in range(3)]


@pytest.mark.parametrize(("kind", "share"), SHARES)
def test_no_hostile_value_gets_past(kind: str, share: int) -> None:
    became: Counter[str] = Counter()
    for path, value in list(spoiled(kind))[share::3]:
        document = copy.deepcopy(documents_of(kind))
        holder, key = at(document, path)
        holder[key] = value
        try:
            what = judge(document, path, value)
        except BaseException as error:
            error.add_note(f"{path} = {str(value)[:80]!r}")
            raise
        became[what] += 1
    assert became["refused"] > 2 * became["written"] > 0


@pytest.mark.parametrize("answer", ["4-855", "6-856", "8-810"])
def test_no_hostile_value_of_an_order_gets_into_its_answer(answer: str) -> None:
    """What goes back as it came is judged as what is said anew."""
    [document], [order] = (orders(sample(f"guest/{name}.edi")) for name in (answer, "1-850"))
    for n, (path, _, _) in enumerate(places(order)):
        for value in HOSTILE[n % EVERY :: EVERY]:
            spoiled = copy.deepcopy(order)
            holder, key = at(spoiled, path)
            holder[key] = value
            writing = write(document, orders=[spoiled], now=NOW)
            if writing.data is None:
                assert any(f.severity == "error" for f in writing.findings), (path, value)
            else:
                [back] = orders(writing.data)
                tags = [meant.row.segment for meant in segments(load(back["guide"]), back)]
                assert [one[0] for one in seen(writing.data)] == ["ISA", "GS", "ST", *tags, "SE", "GE", "IEA"], (path, value)


@pytest.mark.parametrize("kind", [*GUIDES, NOTICE])
def test_no_name_gets_past(kind: str) -> None:
    """In every object, a name that no row knows: found, and named."""
    paths = [path for path, holder, key in places(documents_of(kind)) if isinstance(holder[key], dict)]
    for n, path in enumerate(["", *paths]):
        if path.endswith("erp"):
            continue
        document = copy.deepcopy(documents_of(kind))
        holder, key = at(document, path) if path else ({"": document}, "")
        name = ("x~SE*1*0001", "level", "@", "children")[n % 4]
        holder[key][name] = ("A~B", {"x": "y"}, [{}], 7)[n // 4 % 4]
        writing = write(document, now=NOW)
        assert writing.data is None, path
        assert any(name in (f.path or "") for f in writing.findings if f.severity == "error"), (path, name)


@pytest.mark.parametrize("kind", GUIDES)
def test_a_hostile_value_among_many_documents_is_found_in_its_place(kind: str) -> None:
    several = [copy.deepcopy(documents_of(kind)) for _ in range(9)]
    path, holder, key = next(one for one in places(several[7]) if not one[0].startswith("envelope") and one[1][one[2]] != [])
    holder[key] = "A~ST*1~"
    writing = write(several, now=NOW, control=1)
    assert writing.data is None
    assert any((f.path or "").startswith(f"documents[7].{path}") for f in writing.findings), path
