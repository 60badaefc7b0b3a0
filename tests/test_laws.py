"""The laws of reading and writing, held against documents drawn from the table, the samples, and whatever real files lie beside.

1. What is written reads back as the same document.       4. Reading in pieces of any size reads the same.
2. What is read is written back byte for byte, in normal form.   5. With ``exact``, every file comes back byte for byte.
3. What was read without errors survives writing.         6. No value can forge a segment.

``SOAK=1`` in the environment draws a hundred times as many documents.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn import Coverage, Json, Meant, documents, maps, segments, systematic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutants import ROOT, mutants, rewritten

from translator.documents import violations
from translator.errors import LimitExceeded, NotX12
from translator.findings import Finding
from translator.tables.load import load
from translator.walk import read, restore, write

TABLE = load("target/850")
STORIES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/1-850.edi"))
ODD_STORIES = {"published-sample"}  # not in normal form: blanks of the ISA lost, a leading zero
SHARED = Path(__file__).parents[2] / "shared"
REAL = sorted(path for folder in ("corpus", "guides/examples") for path in (SHARED / folder).glob("*.edi"))
SOAK = 100 if os.environ.get("SOAK", "0") != "0" else 1
SYSTEMATIC = systematic(TABLE)
STRANGERS = ("SDQ*EA*92*0551*6*0594*12", "AMT*TT*12.5", "CUR*BY*USD", "XYZ*1**2")


def drawn(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """So many drawn documents, or a hundred times as many in a soak."""
    options: dict[str, Any] = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
    return settings(max_examples=examples * SOAK, derandomize=SOAK == 1, **options)


def sample(story: str) -> bytes:
    """The order of a story."""
    return (ROOT / "samples" / story / "1-850.edi").read_bytes()


def orders(data: bytes, **options: Any) -> list[Json]:
    """The documents in a file."""
    return [r.document for r in read(data, **options) if r.document]


def findings(data: bytes, **options: Any) -> list[Finding]:
    """All findings about a file."""
    return [f for r in read(data, **options) for f in r.findings]


def errors(found: list[Finding]) -> list[str]:
    """The errors among findings, for a message."""
    return [f"{f.code} {f.where} {f.value!r}" for f in found if f.severity == "error"]


def written(docs: Json | list[Json]) -> bytes:
    """The bytes of documents that must be writable."""
    writing = write(docs)
    assert writing.ok, errors(writing.findings)
    assert writing.data is not None
    return writing.data


def both_ways(story: str) -> None:
    """A story's order is read without error and written back: the same bytes, or, out of normal form, the same document."""
    data = sample(story)
    assert not errors(findings(data))
    again = written(orders(data))
    assert orders(again) == orders(data)
    if story not in ODD_STORIES:
        assert again == data


def exactly(data: bytes, **options: Any) -> None:
    """A file comes back byte for byte through JSON."""
    docs = json.loads(json.dumps([r.document for r in read(data, exact=True, **options)]))
    said: list[Finding] = []
    assert b"".join(restore(docs, report=said)) == data
    assert said == []


# --- 1: what is written reads back as the same document ---------------------------------------------------------------------


def comes_back(document: Json) -> bytes:
    """Law 1 for a document, whose bytes are in normal form and so leave no residue; answers them."""
    data = written(document)
    found = orders(data)
    assert found == [document]
    assert [d for d in orders(data, exact=True) if d["document"] != "raw"] == [document]
    assert maps(TABLE, found[0]) == maps(TABLE, document), "a map came back in another order"
    return data


@pytest.mark.parametrize("n", range(len(SYSTEMATIC)))
def test_every_systematic_document_comes_back(n: int) -> None:
    comes_back(SYSTEMATIC[n])


def test_every_drawn_document_comes_back() -> None:
    coverage = Coverage(TABLE)

    @drawn(200)
    @given(documents(TABLE))
    def law(document: Json) -> None:
        coverage.see(document)
        comes_back(document)

    law()
    missing = coverage.missing()
    assert len(missing) < len(coverage.wanted()) // 20, missing


@drawn(60)
@given(documents(TABLE))
def test_drawn_documents_keep_the_schema(document: Json) -> None:
    assert violations(document) == []


@drawn(20)
@given(st.lists(documents(TABLE, plain=True), min_size=2, max_size=4), st.integers(1, 3))
def test_documents_that_share_an_envelope_come_back_in_order(several: list[Json], in_a_group: int) -> None:
    for n, document in enumerate(several):
        document["envelope"] = copy.deepcopy(several[0]["envelope"])
        document["envelope"]["control"] |= {"set": f"{n:04d}", "group": str(7 + n // in_a_group)}
    data = written(several)
    assert data.count(b"~IEA*") == 1
    assert orders(data) == several


@drawn(20)
@given(st.lists(documents(TABLE), min_size=2, max_size=4))
def test_documents_with_envelopes_of_their_own_come_back_in_order(several: list[Json]) -> None:
    for n, document in enumerate(several):
        document["envelope"]["control"] |= {"interchange": f"{n:09d}"}
    assert orders(written(several)) == several


def test_what_is_for_reading_only_is_not_written() -> None:
    document = SYSTEMATIC[0]
    more = copy.deepcopy(document)
    more |= {"erp": {"order_number": "7*~>"}, "derived": {"amount": "1.00"}, "findings": []}
    more["residue"] = [{"at": 1, "raw": "XYZ*1~", "was": [], "after": ""}]
    more["lines"][0]["erp"] = {"sku": "A~B"}
    assert written(more) == written(document)


# --- 2 and 3: what is read is written back ------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", STORIES)
def test_a_story_goes_both_ways(story: str) -> None:
    both_ways(story)


@drawn(100)
@given(documents(TABLE))
def test_what_was_written_is_written_again_byte_for_byte(document: Json) -> None:
    data = written(document)
    assert written(orders(data)) == data


def test_spoiled_samples_read_without_errors_survive_writing() -> None:
    accepted = 0
    for n, data in enumerate(mutants(600 * SOAK, seed=3)):
        try:
            readings = list(read(data))
        except (NotX12, LimitExceeded):
            continue
        if all(r.ok for r in readings):
            docs = [r.document for r in readings if r.document and r.table]
            accepted += bool(docs)
            assert rewritten(docs) == [], f"mutant(3, {n})"
    assert accepted > 60


# --- 4: pieces of any size ------------------------------------------------------------------------------------------------------


def in_pieces(data: bytes, sizes: tuple[int, ...]) -> None:
    """Law 4 for a file: documents and findings are the same, and so are the texts of the parts, whatever the piece."""

    def all_of(**options: Any) -> list[Any]:
        return [(r.document, r.findings, r.part and (r.part.text, r.part.offset)) for r in read(data, exact=True, **options)]

    whole = all_of()
    for size in sizes:
        assert all_of(chunk=size) == whole, size


@pytest.mark.parametrize("story", STORIES)
def test_a_sample_reads_the_same_in_pieces(story: str) -> None:
    in_pieces(sample(story), (1, 7, 97, 1000))


@pytest.mark.parametrize("seed", range(4))
def test_spoiled_samples_read_the_same_in_pieces(seed: int) -> None:
    for n, data in enumerate(mutants(60 * SOAK, seed=100 + seed)):
        try:
            in_pieces(data, (7, 97 if n % 2 else 1000, 1 if n % 10 == 0 else 13))
        except NotX12:
            with pytest.raises(NotX12):
                list(read(data, chunk=7))


def test_all_samples_in_one_file_read_as_each_alone() -> None:
    alone = [document for story in STORIES for document in orders(sample(story))]
    assert orders(b"".join(map(sample, STORIES)), chunk=97) == alone


# --- 5: exactly -------------------------------------------------------------------------------------------------------------------


FILES = [*(ROOT / "samples" / story / "1-850.edi" for story in STORIES), *REAL]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_comes_back_exactly(path: Path) -> None:
    try:
        exactly(path.read_bytes())
    except NotX12:
        assert b"ISA" not in path.read_bytes()


def strangers_in(data: bytes, texts: tuple[str, ...] = STRANGERS) -> Iterator[bytes]:
    """The file with a segment that the table does not know at every place, another one at each."""
    at = data.index(b"ISA")
    element = data[at + 3 : at + 4]
    terminator = data.split(element)[16][1:2]
    pieces = data.split(terminator)
    for n in range(1, len(pieces)):
        gap = pieces[n][: len(pieces[n]) - len(pieces[n].lstrip())] if n > 1 else b""
        stranger = gap + texts[n % len(texts)].encode().replace(b"*", element)
        yield terminator.join([*pieces[:n], stranger, *pieces[n:]])


@pytest.mark.parametrize("story", STORIES)
def test_unknown_segments_come_back_exactly_wherever_they_stand(story: str) -> None:
    for data in strangers_in(sample(story)):
        exactly(data)


@pytest.mark.parametrize("story", ["stand-alone", "prepack"])
@pytest.mark.parametrize("stranger", STRANGERS)
def test_each_unknown_segment_comes_back_exactly_wherever_it_stands(story: str, stranger: str) -> None:
    for data in strangers_in(sample(story), (stranger,)):
        exactly(data)


def test_spoiled_samples_come_back_exactly() -> None:
    for data in mutants(400 * SOAK, seed=5):
        try:
            exactly(data)
        except NotX12:
            continue


@drawn(40)
@given(documents(TABLE), st.randoms(use_true_random=False))
def test_drawn_documents_with_odd_segments_come_back_exactly(document: Json, chance: Any) -> None:
    data = written(document)
    marks = document["envelope"]["delimiters"]
    end = (marks["segment"] + marks["tail"]).encode()
    pieces = data.split(end)
    for _ in range(3):
        at = chance.randrange(1, len(pieces) - 1)
        odd = chance.choice(("XYZ*1", "SDQ*EA", "", "AMT*TT*1.0**", "XX")).replace("*", marks["element"]).encode()
        pieces.insert(at, odd)
    exactly(end.join(pieces))


def test_a_residue_is_used_only_while_the_document_says_the_same() -> None:
    pieces = sample("stand-alone").split(b"~\n")
    first = next(n for n, piece in enumerate(pieces) if piece.startswith(b"PO1"))
    pieces[first] += b"**"  # written otherwise: without the empty elements
    pieces.insert(first + 2, b"SDQ*EA*92*0551*6")
    pieces.insert(first - 1, b"CUR*BY*USD")
    count = next(n for n, piece in enumerate(pieces) if piece.startswith(b"SE*"))
    pieces[count] = b"SE*%d*0001" % (int(pieces[count].split(b"*")[1]) + 2)
    data = b"~\n".join(pieces)
    docs = orders(data, exact=True)
    order = next(d for d in docs if d["document"] == "order")
    assert b"".join(restore(docs)) == data

    line = order["lines"][0]
    old, line["quantity"] = line["quantity"], "77"
    said: list[Finding] = []
    found = b"".join(restore(docs, report=said))
    head, rest = pieces[first + 1].split(b"*%s*" % old.encode(), 1)
    pieces[first + 1] = (head + b"*77*" + rest).removesuffix(b"**")
    assert found == b"~\n".join(pieces), "the line follows the document, the unknown segments stay"
    assert [f.code for f in said] == ["residue-unused"]


def test_an_unknown_segment_goes_with_what_it_followed_and_the_trailer_counts_anew() -> None:
    pieces = sample("stand-alone").split(b"~\n")
    lines = [n for n, piece in enumerate(pieces) if piece.startswith(b"PO1*")]
    assert len(lines) == 3
    for n in reversed(range(3)):
        pieces.insert(lines[n] + 1, b"SDQ*EA*92*055%d*6" % n)
    trailer = next(n for n, piece in enumerate(pieces) if piece.startswith(b"SE*"))
    pieces[trailer] = b"SE*99*" + pieces[trailer].split(b"*")[2]
    data = b"~\n".join(pieces)
    docs = orders(data, exact=True)
    assert b"".join(restore(docs)) == data

    del next(d for d in docs if d["document"] == "order")["lines"][1]
    said: list[Finding] = []
    found = b"".join(restore(docs, report=said))
    pieces[trailer] = b"SE*%d*0001" % (trailer - 1 - (lines[2] + 2) + (lines[1] + 1))
    del pieces[lines[1] + 1 : lines[2] + 2]
    assert found == b"~\n".join(pieces)
    assert [f.code for f in said] == ["residue-unused"] * 2


@pytest.mark.parametrize("story", ["everything", "published-sample", "prepack"])
def test_an_edited_document_is_never_overruled_by_its_residue(story: str) -> None:
    data = next(strangers_in(sample(story).replace(b"~\nPO1", b"~~\n PO1"), ("XYZ*1",)))
    docs = orders(data, exact=True)
    place = next(n for n, d in enumerate(docs) if d["document"] == "order")
    for n, _ in enumerate(values_of(docs[place])):
        edited = copy.deepcopy(docs)
        _, holder, key = list(values_of(edited[place]))[n]
        holder[key] = holder[key] + 1 if isinstance(holder[key], int) else other_text(holder[key])
        found = orders(b"".join(restore(edited)))
        mine = {k: v for k, v in edited[place].items() if k not in ("residue", "number_format")}
        assert [{k: v for k, v in order.items() if k != "number_format"} for order in found] == [mine]


def values_of(document: Json) -> Iterator[tuple[Meant, Any, Any]]:
    """Every value of a document that a segment carries: its segment, the object or list that holds it, its key."""
    for meant in segments(TABLE, document):
        for place in meant.places.values():
            if not place.fixed:
                yield meant, place.holder, place.key


def other_text(text: str) -> str:
    """A text of the same form that says something else."""
    if len(text) == 10 and text[4] == text[7] == "-":
        return "2031-01-02"
    if text[2:3] == ":":
        return "03:04"
    return text[:-1] + ("7" if text[-1] != "7" else "8")


# --- 6: no value can forge a segment ----------------------------------------------------------------------------------------------


def plainly(data: bytes) -> list[list[str]]:
    """The segments of one interchange, split without any help of the translator."""
    text = data.decode("latin-1")
    element, terminator = text[3], text[105]
    return [segment.strip("\r\n").split(element) for segment in text.split(terminator) if segment.strip("\r\n")]


def meant_by(document: Json) -> list[str]:
    """The tags of the segments that a document means, envelope included."""
    return ["ISA", "GS", "ST", *(m.row.segment for m in segments(TABLE, document)), "SE", "GE", "IEA"]


def holds_together(document: Json) -> None:
    """The file says as many segments as the document means, with its values in them."""
    found = plainly(written(document))
    assert [values[0] for values in found] == meant_by(document)
    assert found[-3][1] == str(len(found) - 4)
    for meant, values in zip(segments(TABLE, document), found[3:-3], strict=True):
        for (number, component), place in meant.places.items():
            e, value = meant.row.elements.get((number, component)), place.value
            if component:
                assert str(value) in values[number].split(document["envelope"]["delimiters"]["component"])
            elif e and e.type in ("DT", "TM", "N2"):
                assert values[number] == "".join(c for c in value if c.isdigit())
            else:
                assert values[number] == str(value)


@pytest.mark.parametrize("n", range(len(SYSTEMATIC)))
def test_a_systematic_document_writes_the_segments_it_means(n: int) -> None:
    holds_together(SYSTEMATIC[n])


@drawn(100)
@given(documents(TABLE))
def test_a_drawn_document_writes_the_segments_it_means(document: Json) -> None:
    holds_together(document)


FORGERIES = [*"\x00\x07\t\n\r\x1a\x1c\x1f\x7f", *"\u0100€\u2028\uff0a\U0001f4a3\ud800"]


@pytest.mark.parametrize("n", range(0, len(SYSTEMATIC), 3))
def test_no_value_can_forge_a_segment(n: int) -> None:
    marks = SYSTEMATIC[n]["envelope"]["delimiters"]
    forgeries = [marks["element"], marks["component"], marks["segment"], *FORGERIES]
    places = [(holder, key) for _, holder, key in values_of(SYSTEMATIC[n]) if isinstance(holder[key], str)]
    assert len(places) > 20
    for at in range(len(places)):
        document = copy.deepcopy(SYSTEMATIC[n])
        holder, key = [(h, k) for _, h, k in values_of(document) if isinstance(h[k], str)][at]
        text = holder[key]
        for character in forgeries if at % 7 == 0 else forgeries[:3] + forgeries[3 + at % 5 :: 5]:
            holder[key] = f"{text[:1]}{character}{text[1:]}"
            for force in (False, True):
                writing = write(document, force=force)
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
        assert orders(writing.data, guide=TABLE.name) == [document]
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


@pytest.mark.parametrize("value", [None, 5, 1.5, True, "", [], {}, "x", ["x"], {"x": "y"}], ids=repr)
def test_whatever_stands_in_a_document_comes_back_or_is_refused(value: Any) -> None:
    original = orders(sample("prepack"))[0]
    original["totals"].pop("hash")  # optional, and so not worked out

    def places(held: Any) -> Iterator[tuple[Any, Any]]:
        for key in list(held) if isinstance(held, dict) else range(len(held)):
            if key not in ("document", "partner", "guide", "envelope"):
                yield held, key
                if isinstance(held[key], (dict, list)):
                    yield from places(held[key])

    refused = 0
    for n in range(len(list(places(original)))):
        document = copy.deepcopy(original)
        holder, key = list(places(document))[n]
        if type(holder[key]) is type(value):
            continue
        holder[key] = value
        writing = write(document)
        refused += not writing.ok
        if writing.ok and writing.data is not None:
            assert value is None  # as good as not there; what the table works out is then worked out
            del holder[key]
            assert orders(writing.data) in ([document], [original])
        else:
            assert errors(writing.findings)
    assert refused > 20


@pytest.mark.parametrize("path", ["totals", "totals.lines", "number_format"])
def test_what_the_table_works_out_may_be_left_out(path: str) -> None:
    original = orders(sample("guest"))[0]
    document = copy.deepcopy(original)
    *objects, key = path.split(".")
    holder = document
    for name in objects:
        holder = holder[name]
    del holder[key]
    found = orders(written(document))[0]
    found["totals"].setdefault("hash", original["totals"]["hash"])
    assert found == original


def test_no_name_can_forge_a_segment() -> None:
    for path in ("references", "dates", "parties"):
        document = orders(sample("guest"))[0]
        held = document[path]
        held["x~SE*1*0001"] = copy.deepcopy(next(iter(held.values())))
        writing = write(document)
        assert writing.data is None
        assert "name-unknown" in {f.code for f in writing.findings}


# --- what was exercised -----------------------------------------------------------------------------------------------------


def test_every_row_element_and_code_is_exercised() -> None:
    coverage = Coverage(TABLE)
    for document in SYSTEMATIC:
        coverage.see(document)
    assert coverage.missing() == []


def test_the_coverage_knows_what_was_not_exercised() -> None:
    coverage = Coverage(TABLE)
    coverage.see(orders(sample("guest"))[0])
    missing = coverage.missing()
    assert 20 < len(missing) < len(coverage.wanted())
