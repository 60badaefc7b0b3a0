"""Laws 4 and 5: reading in pieces of any size reads the same; with ``exact``, every file comes back byte for byte.

Held for the samples, whatever real files lie beside, spoiled ones, and documents of every guide, also with odd segments.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawn import documents
from hypothesis import given
from hypothesis import strategies as st
from meaning import GUIDES, Json
from mutants import FAMILIES, ROOT, mutants
from walked import REAL, SAMPLES, SOAK, cases, drawn, orders, sample, values_of, written

from translator.errors import NotX12
from translator.findings import Finding
from translator.tables.load import load
from translator.walk import read, restore

STRANGERS = ("SDQ*EA*92*0551*6*0594*12", "AMT*TT*12.5", "CUR*BY*USD", "XYZ*1**2")
FILES = [*(ROOT / "samples" / name for name in SAMPLES), *REAL]


# --- 4: pieces of any size ------------------------------------------------------------------------------------------------------


def in_pieces(data: bytes, sizes: tuple[int, ...]) -> None:
    """Law 4 for a file: documents and findings are the same, and so are the texts of the parts, whatever the piece."""

    def all_of(**options: Any) -> list[Any]:
        return [(r.document, r.findings, r.part and (r.part.text, r.part.offset)) for r in read(data, exact=True, **options)]

    whole = all_of()
    for size in sizes:
        assert all_of(chunk=size) == whole, size


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_reads_the_same_in_pieces(name: str) -> None:
    n = SAMPLES.index(name)
    in_pieces(sample(name), (7, 97 if n % 2 else 1000, 1 if n % 7 == 0 else 13))


@pytest.mark.parametrize("name", GUIDES)
def test_documents_of_a_guide_read_the_same_in_pieces(name: str) -> None:
    """Each of the systematic documents with a size of its own, and all of them in one file."""
    found = [case for case in cases(name)[0] if not case.settings]
    for n, case in enumerate(found):
        in_pieces(case.data, (1 + n % 13, 106 + n))
    together = b"".join(case.data for case in found)
    assert orders(together, chunk=61, guide=name) == [case.document for case in found]


@pytest.mark.parametrize("family", FAMILIES)
def test_spoiled_samples_read_the_same_in_pieces(family: str) -> None:
    for n, data in enumerate(mutants(150 * SOAK, 100, family)):
        try:
            in_pieces(data, (7, 97 if n % 2 else 1000, 1 if n % 10 == 0 else 13))
        except NotX12:
            with pytest.raises(NotX12):
                list(read(data, chunk=7))


def test_all_samples_in_one_file_read_as_each_alone() -> None:
    alone = [document for name in SAMPLES for document in orders(sample(name))]
    assert orders(b"".join(map(sample, SAMPLES)), chunk=97) == alone


# --- 5: exactly -------------------------------------------------------------------------------------------------------------------


def exactly(data: bytes, **options: Any) -> None:
    """A file comes back byte for byte through JSON."""
    docs = json.loads(json.dumps([r.document for r in read(data, exact=True, **options)]))
    said: list[Finding] = []
    assert b"".join(restore(docs, report=said)) == data
    assert said == []


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


@pytest.mark.parametrize("name", SAMPLES[::4])
def test_unknown_segments_come_back_exactly_wherever_they_stand(name: str) -> None:
    for data in strangers_in(sample(name)):
        exactly(data)


@pytest.mark.parametrize("story", ["stand-alone", "prepack"])
@pytest.mark.parametrize("stranger", STRANGERS)
def test_each_unknown_segment_comes_back_exactly_wherever_it_stands(story: str, stranger: str) -> None:
    for data in strangers_in(sample(story), (stranger,)):
        exactly(data)


@pytest.mark.parametrize("family", FAMILIES)
def test_spoiled_samples_come_back_exactly(family: str) -> None:
    for data in mutants(300 * SOAK, 5, family):
        try:
            exactly(data)
        except NotX12:
            continue


@pytest.mark.parametrize("name", GUIDES)
def test_drawn_documents_with_odd_segments_come_back_exactly(name: str) -> None:
    @drawn(12)
    @given(documents(load(name)), st.randoms(use_true_random=False))
    def holds(document: Json, chance: Any) -> None:
        data = written(document)
        marks = document["envelope"]["delimiters"]
        end = (marks["segment"] + marks["tail"]).encode()
        pieces = data.split(end)
        for _ in range(3):
            at = chance.randrange(1, len(pieces) - 1)
            odd = chance.choice(("XYZ*1", "SDQ*EA", "", "AMT*TT*1.0**", "XX")).replace("*", marks["element"]).encode()
            pieces.insert(at, odd)
        exactly(end.join(pieces))

    holds()


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


EDITED = [f"{story}/1-850.edi" for story in ("everything", "published-sample", "prepack")]
EDITED += [next(name for name in reversed(SAMPLES) if name.endswith(f"{load(one).set_id}.edi")) for one in GUIDES]


@pytest.mark.parametrize("name", EDITED)
def test_an_edited_document_is_never_overruled_by_its_residue(name: str) -> None:
    data = next(strangers_in(sample(name).replace(b"~\nPO1", b"~~\n PO1"), ("XYZ*1",)))
    docs = orders(data, exact=True)
    place = next(n for n, d in enumerate(docs) if "guide" in d)
    table = load(docs[place]["guide"])
    for n, _ in enumerate(values_of(table, docs[place])):
        edited = copy.deepcopy(docs)
        _, holder, key = list(values_of(table, edited[place]))[n]
        holder[key] = holder[key] + 1 if isinstance(holder[key], int) else other_text(holder[key])
        found = next(d for d in orders(b"".join(restore(edited))) if "guide" in d)
        mine = {k: v for k, v in edited[place].items() if k not in ("residue", "number_format")}
        assert {k: v for k, v in found.items() if k != "number_format"} == mine


def other_text(text: str) -> str:
    """A text of the same form that says something else."""
    if len(text) == 10 and text[4] == text[7] == "-":
        return "2031-01-02"
    if text[2:3] == ":":
        return "03:04"
    return text[:-1] + ("7" if text[-1] != "7" else "8")
