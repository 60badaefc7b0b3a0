"""Wire and envelope: whatever the delimiters and the dressing, the same documents; whatever the damage, the neighbours.

In go the samples and a small order, dressed and damaged; what a set says inside is the matter of other tests.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import tomllib
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from translator.errors import LimitExceeded, NotX12
from translator.findings import Finding
from translator.walk import Reading, read
from translator.x12.wire import Limits

ROOT = Path(__file__).parents[1]
BASE = tomllib.loads((ROOT / "tests/cases/base.toml").read_text(encoding="utf-8"))["order"].lstrip("\n")
SAMPLES = {p.parent.name: p.read_bytes() for p in sorted((ROOT / "samples").glob("*/1-850.edi"))}
ONE_STYLE = {name: data for name, data in SAMPLES.items() if name != "delimiters"}  # all of them * > ~
Document = dict[str, Any]


def documents(data: bytes, **options: Any) -> list[Document]:
    """The documents of a file without their delimiters, which are the envelope's own."""
    return [plain(r) for r in read(data, **options) if r.document is not None]


def plain(reading: Reading) -> Document:
    assert reading.document is not None
    envelope = {key: value for key, value in reading.document["envelope"].items() if key != "delimiters"}
    return {**reading.document, "envelope": envelope}


def findings(data: bytes, **options: Any) -> list[Finding]:
    return [f for r in read(data, **options) for f in r.findings]


def segments(data: bytes) -> list[str]:
    """The segments of a file that is delimited by * > ~."""
    return [piece.strip() for piece in data.decode("latin-1").split("~") if piece.strip()]


def joined(pieces: list[str], element: str = "*", component: str = ">", end: str = "~\n") -> bytes:
    """The segments with other delimiters; ``end`` is terminator and tail."""
    text = "".join(piece.replace(">", "\0").replace("*", element).replace("\0", component) + end for piece in pieces)
    return text.encode("latin-1")


# --- delimiters -------------------------------------------------------------------------------------------------------

ELEMENTS = {"*": "*", "|": "|", "^": "^", "BEL": "\x07", "GS": "\x1d"}
ENDS = {"~": "~", "LF": "\n", "CRLF": "\r\n", "~LF": "~\n", "~CRLF": "~\r\n", "NAK": "\x15", "FS": "\x1c", "'": "'"}
COMPONENTS = {">": ">", ":": ":", "^": "^", "US": "\x1f"}
TRIPLES = [
    pytest.param(ELEMENTS[e], COMPONENTS[c], ENDS[s], id=f"{e} {c} {s}")
    for e in ELEMENTS
    for c in COMPONENTS
    for s in ENDS
    if len({ELEMENTS[e], COMPONENTS[c], ENDS[s][0]}) == 3
]


@pytest.mark.parametrize(("element", "component", "end"), TRIPLES)
def test_any_delimiters_give_the_same_documents(element: str, component: str, end: str) -> None:
    for name in ("prepack", "stand-alone"):
        pieces = segments(SAMPLES[name])
        data = joined(pieces, element, component, end)
        readings = list(read(data))
        assert [plain(r) for r in readings if r.document] == documents(SAMPLES[name])
        assert [f for r in readings for f in r.findings] == []
        [first, *_] = [r.document for r in readings if r.document]
        assert first["envelope"]["delimiters"] == {
            "element": element, "component": component, "segment": end[0], "tail": end[1:],
        }  # fmt: skip


def test_random_legal_delimiters() -> None:
    pieces = segments(SAMPLES["prepack"])
    used = set("".join(pieces)) - set("*>")
    pool = [chr(n) for n in range(1, 128) if not chr(n).isalnum() and chr(n) not in " \r\n" and chr(n) not in used]
    dice = random.Random(850)
    wanted = documents(SAMPLES["prepack"])
    for _ in range(200):
        element, component, terminator = dice.sample(pool, 3)
        data = joined(pieces, element, component, terminator + dice.choice(["", "\n", "\r\n"]))
        assert documents(data) == wanted, (element, component, terminator)
        assert findings(data) == [], (element, component, terminator)


@pytest.mark.parametrize(
    ("element", "component", "end"),
    [
        ("*", "*", "~"), ("*", ">", "*"), ("*", ">", ">"), ("*", "A", "~"), ("*", ">", "A"), ("*", "5", "~"), ("*", ">", "5"),
        ("*", " ", "~"), ("*", ">", " "), ("*", "\xe9", "~"), ("*", ">", "\xa7"), ("*", "\0", "~"), ("*", ">", "\0"),
    ],
)  # fmt: skip
def test_illegal_delimiters_are_refused(element: str, component: str, end: str) -> None:
    text = BASE.replace("*T*>~\n", f"*T{element}{component}{end}")
    good = BASE.replace("000000161", "000000162")
    readings = list(read((text + good).encode("latin-1")))
    assert readings[0].document is None
    assert [f.code for f in readings[0].findings][:1] == ["isa-broken"]
    assert readings[0].findings[0].offset == 0
    assert [r.document["envelope"]["control"]["interchange"] for r in readings if r.document] == ["000000162"]


def test_the_samples_own_delimiters() -> None:
    readings = [r for r in read(SAMPLES["delimiters"]) if r.document is not None]
    assert len({json.dumps(r.document["envelope"]["delimiters"]) for r in readings if r.document}) == 4
    assert [f for r in readings for f in r.findings] == []


def test_interchanges_of_one_file_have_their_own_delimiters() -> None:
    names = ["stand-alone", "prepack", "guest", "tcin", "truckload"]
    styles = [("*", ">", "~"), ("|", "^", "\n"), ("\x1d", "\x1f", "\x1c"), ("+", ":", "'\r\n"), ("*", ">", "~\n")]
    data = b"".join(joined(segments(SAMPLES[name]), *style) for name, style in zip(names, styles, strict=True))
    assert documents(data) == [d for name in names for d in documents(SAMPLES[name])]
    assert findings(data) == []


def test_isa11_is_no_separator() -> None:
    pieces = segments(BASE.encode())
    pieces = [p.replace("UP*490370812349", "VA*B005UO5D12U>".rstrip(">")) for p in pieces]
    [order] = documents(joined(pieces))
    assert order["lines"][0]["ids"]["vendor_style"] == "B005UO5D12U"
    assert findings(joined(pieces)) == []


# --- dressings --------------------------------------------------------------------------------------------------------


def wrapped(pieces: list[str], end: str, width: int = 80) -> bytes:
    text = "".join(piece + "~" for piece in pieces)
    return end.join(text[n : n + width] for n in range(0, len(text), width)).encode("latin-1")


def squeezed(pieces: list[str]) -> bytes:
    isa = "*".join(value.rstrip(" ") or " " for value in pieces[0].split("*"))
    return joined([isa, *pieces[1:]])


LETTER = "Dear supplier,\n\nplease find our order below: REF*DP*037~ ISA 4 of 7\n"
DRESSINGS: dict[str, tuple[Callable[[list[str]], bytes], set[str]]] = {
    "one line": (lambda p: joined(p, end="~"), set()),
    "LF after terminators": (lambda p: joined(p, end="~\n"), set()),
    "CRLF after terminators": (lambda p: joined(p, end="~\r\n"), set()),
    "LF instead of terminators": (lambda p: joined(p, end="\n"), set()),
    "CRLF instead of terminators": (lambda p: joined(p, end="\r\n"), set()),
    "byte order mark": (lambda p: b"\xef\xbb\xbf" + joined(p), set()),
    "blanks and line ends before": (lambda p: b"  \r\n\t\r\n\n " + joined(p), set()),
    "blanks, NULs and Ctrl-Z after": (lambda p: joined(p) + b"  \r\n\0\0\0 \n\x1a\0\0", set()),
    "80 columns and LF": (lambda p: wrapped(p, "\n"), {"lines-wrapped"}),
    "80 columns and CRLF": (lambda p: wrapped(p, "\r\n"), {"lines-wrapped"}),
    "indented": (lambda p: joined(p, end="~\n    "), {"segment-indented"}),
    "blank lines between": (lambda p: joined(p, end="~\n\n\r\n"), set()),
    "last terminator missing": (lambda p: joined(p, end="~\n")[:-2], {"terminator-missing"}),
    "last terminator and line end missing": (lambda p: joined(p, end="\n")[:-1], set()),
    "words before": (lambda p: LETTER.encode() + joined(p), {"foreign-text"}),
    "words after": (lambda p: joined(p) + b"-- \nSent from a mailbox\n", {"foreign-text"}),
    "blanks of the ISA lost": (squeezed, {"isa-width"}),
}


@pytest.mark.parametrize("name", ONE_STYLE)
@pytest.mark.parametrize("dressing", DRESSINGS)
def test_a_dressed_sample_gives_the_same_documents(name: str, dressing: str) -> None:
    dress, extra = DRESSINGS[dressing]
    data = dress(segments(ONE_STYLE[name]))
    assert documents(data) == documents(ONE_STYLE[name])
    codes = {f.code for f in findings(data)}
    assert codes == {f.code for f in findings(ONE_STYLE[name])} | extra
    assert {f.severity for f in findings(data) if f.code in extra} <= {"warning"}


@pytest.mark.parametrize("name", ["stand-alone", "blanket-and-release"])
def test_words_between_interchanges(name: str) -> None:
    one = joined(segments(SAMPLES[name]))
    data = one + b"--- next message ---\r\nFrom: buyer\r\n\r\n" + one
    assert documents(data) == documents(one) * 2
    said = [(f.code, f.offset) for f in findings(data)]
    assert said == [("foreign-text", len(one)), ("control-repeated", data.rindex(b"ISA*"))]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("chunk", [1, 7, 100, 1000])
def test_chunks_do_not_matter(name: str, chunk: int) -> None:
    whole = [(r.document, r.findings) for r in read(SAMPLES[name])]
    assert [(r.document, r.findings) for r in read(SAMPLES[name], chunk=chunk)] == whole


def test_the_letters_isa_in_data() -> None:
    pieces = segments(BASE.encode())
    pieces = [p.replace("N3*1 MAIN STREET", "N3*ISA*ISAAC STREET").replace("STORE", "ISA") for p in pieces]
    for end in ("~", "~\n", "\n", "\r\n"):
        [order] = documents(joined(pieces, end=end))
        assert order["parties"]["buyer"]["name"] == "ISA"
        assert order["parties"]["buyer"]["address"]["lines"] == ["ISA", "ISAAC STREET"]
        assert findings(joined(pieces, end=end)) == []


def test_a_segment_whose_tag_begins_with_isa() -> None:
    pieces = segments(BASE.encode())
    at = next(n for n, p in enumerate(pieces) if p.startswith("PO4"))
    data = joined([p.replace("SE*20", "SE*21") for p in [*pieces[:at], "ISAAC*1", *pieces[at:]]])
    assert [f.code for f in findings(data)] == ["segment-unknown"]
    assert len(documents(data)) == 1


def test_an_acknowledgment_between_header_and_group() -> None:
    pieces = segments(BASE.encode())
    data = joined([pieces[0], "TA1*000000161*240401*0800*A*000", *pieces[1:]])
    notice, *rest = documents(data)
    assert (notice["document"], notice["control"], notice["note"]) == ("interchange_acknowledgment", "000000161", "000")
    assert rest == documents(BASE.encode())
    assert findings(data) == []


# --- cut anywhere -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["stand-alone", "blanket-and-release"])
def test_a_file_cut_at_any_byte(name: str) -> None:
    data = SAMPLES[name]
    whole = {r.part.offset: (r.part.offset + len(r.part.text), r.document) for r in read(data) if r.part and r.part.is_set}
    last = len(data.rstrip())
    for cut in range(len(data)):
        try:
            readings = list(read(data[:cut]))
        except NotX12:
            assert cut < 106  # less than a whole ISA
            continue
        given = {r.part.offset: r for r in readings if r.part and r.part.is_set}
        for begin, (end, document) in whole.items():
            if end <= cut:
                assert given[begin].document == document
                assert given[begin].findings == []
            elif begin in given:
                assert given[begin].findings, f"cut at byte {cut}: a part of a set is read clean"
                assert not given[begin].ok or cut == end - 1
        said = [f for r in readings for f in r.findings]
        assert cut >= last or any(f.severity == "error" for f in said) or cut == last - 1, cut
        assert all(f.offset is not None and f.offset <= cut for f in said)


# --- damage -----------------------------------------------------------------------------------------------------------

BODY = [p for p in segments(BASE.encode()) if p.split("*")[0] not in ("ISA", "GS", "ST", "SE", "GE", "IEA")]


def number(n: int) -> str:
    return f"0037-{n:07d}-0551"


def transaction(n: int, control: str = "", count: str = "20", end: str = "") -> list[str]:
    """A whole set with the PO number of its own."""
    control = control or f"{n:04d}"
    body = [p.replace("0037-1234567-0551", number(n)) for p in BODY]
    return [f"ST*850*{control}", *body, f"SE*{count}*{end or control}"]


def isa(n: int) -> str:
    return segments(BASE.encode())[0].replace("000000161", f"{n:09d}")


def gs(n: int, kind: str = "PO") -> str:
    return segments(BASE.encode())[1].replace("GS*PO", f"GS*{kind}").replace("*26*", f"*{n}*")


def interchange(*inside: list[str] | str, header: str = isa(1), trailer: str = "IEA*1*000000001") -> list[str]:
    """ISA, what is given, IEA; without trailer or header where they are empty."""
    middle = [p for part in inside for p in ([part] if isinstance(part, str) else part)]
    return [p for p in (header, *middle, trailer) if p]


GS, GE = gs(7), "GE*3*7"
EIGHT = gs(8)[: -len("*X*004010")]
ONE, TWO, THREE = transaction(1), transaction(2), transaction(3)
AFTER = interchange(gs(8), transaction(9), "GE*1*8", header=isa(2), trailer="IEA*1*000000002")
# name: (the interchange, the code it earns, how the place it points at begins, the sets that are still given clean)
DAMAGE: dict[str, tuple[list[str], str, str, list[int]]] = {
    "SE01 counts wrong": (interchange(GS, ONE, transaction(2, count="19"), THREE, GE), "count-differs", "SE*19*0002", [1, 3]),
    "SE02 differs": (interchange(GS, ONE, transaction(2, end="0099"), THREE, GE), "control-differs", "SE*20*0099", [1, 3]),
    "GE01 counts wrong": (interchange(GS, ONE, TWO, THREE, "GE*2*7"), "count-differs", "GE*2*7", [1, 2, 3]),
    "GE02 differs": (interchange(GS, ONE, TWO, THREE, "GE*3*8"), "control-differs", "GE*3*8", [1, 2, 3]),
    "IEA01 counts wrong": (interchange(GS, ONE, TWO, THREE, GE, trailer="IEA*2*000000001"), "count-differs", "IEA*2", [1, 2, 3]),
    "IEA02 differs": (interchange(GS, ONE, TWO, THREE, GE, trailer="IEA*1*000000003"), "control-differs", "IEA*1", [1, 2, 3]),
    "SE missing": (interchange(GS, ONE, TWO[:-1], THREE, GE), "se-missing", "ST*850*0003", [1, 3]),
    "SE of the last set missing": (interchange(GS, ONE, TWO, THREE[:-1], GE), "se-missing", "GE*3*7", [1, 2]),
    "ST missing": (interchange(GS, ONE, TWO[1:], THREE, GE), "st-missing", "SE*20*0002", [1, 3]),
    "GE missing": (interchange(GS, ONE, TWO, THREE), "ge-missing", "IEA*1*000000001", [1, 2, 3]),
    "GE missing before a group": (
        interchange(GS, ONE, TWO, gs(8), THREE, "GE*1*8", trailer="IEA*2*000000001"), "ge-missing", EIGHT, [1, 2, 3],
    ),
    "GS missing": (interchange(ONE, TWO, THREE, GE), "gs-missing", "ST*850*0001", [1, 2, 3]),
    "IEA missing": (interchange(GS, ONE, TWO, THREE, GE, trailer=""), "iea-missing", "ISA", [1, 2, 3]),
    "GE and IEA missing": (interchange(GS, ONE, TWO, THREE, trailer=""), "iea-missing", "ISA", [1, 2, 3]),
    "SE, GE and IEA missing": (interchange(GS, ONE, TWO, THREE[:-1], trailer=""), "se-missing", "ISA", [1, 2]),
    "ISA doubled": (interchange(isa(1), GS, ONE, TWO, THREE, GE), "iea-missing", "ISA", [1, 2, 3]),
    "ISA missing after an interchange": (
        interchange(GS, ONE, TWO, THREE, GE) + interchange(gs(8), transaction(4), "GE*1*8", header=""),
        "isa-missing", EIGHT, [1, 2, 3],
    ),
    "GS doubled": (interchange(GS, GS, ONE, TWO, THREE, GE), "ge-missing", "GS", [1, 2, 3]),
    "ST doubled": (interchange(GS, ONE, ["ST*850*0002", *TWO], THREE, GE), "se-missing", "ST*850*0002", [1, 3]),
    "SE doubled": (interchange(GS, ONE, [*TWO, TWO[-1]], THREE, GE), "st-missing", "SE*20*0002", [1, 2, 3]),
    "GE doubled": (interchange(GS, ONE, TWO, THREE, GE, GE), "gs-missing", "GE*3*7", [1, 2, 3]),
    "IEA doubled": (interchange(GS, ONE, TWO, THREE, GE, "IEA*1*000000001"), "isa-missing", "IEA*1*000000001", [1, 2, 3]),
    "GS01 of another kind": (interchange(gs(7, "IN"), ONE, TWO, THREE, GE), "group-differs", "GS*IN", [2, 3]),
    "ST02 repeated": (interchange(GS, ONE, transaction(2, "0001"), THREE, GE), "control-repeated", "ST*850*0001", [1, 3]),
    "GS06 repeated": (
        interchange(GS, ONE, TWO, "GE*2*7", GS, THREE, "GE*1*7", trailer="IEA*2*000000001"), "control-repeated", "GS", [1, 2, 3],
    ),
    "IEA before GE": (interchange(GS, ONE, TWO, THREE, "IEA*1*000000001", GE, trailer=""), "ge-missing", "IEA*1*0", [1, 2, 3]),
    "a set inside a set": (interchange(GS, ONE, [*TWO[:9], *THREE, *TWO[9:]], GE), "se-missing", "ST*850*0003", [1, 3]),
    "a set outside the group": (interchange(GS, ONE, TWO, "GE*2*7", THREE), "gs-missing", "ST*850*0003", [1, 2, 3]),
    "a group inside a group": (
        interchange(GS, ONE, gs(8), TWO, "GE*1*8", THREE, GE, trailer="IEA*2*000000001"), "ge-missing", EIGHT, [1, 2, 3],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
@pytest.mark.parametrize("end", ["~", "~\n", "\r\n"], ids=["~", "~LF", "CRLF"])
def test_damage_is_found_and_hides_no_neighbour(name: str, end: str) -> None:
    pieces, code, place, kept = DAMAGE[name]
    data = joined(pieces + AFTER, end=end)
    readings = list(read(data))
    said = [f for r in readings for f in r.findings]
    places = [data[f.offset :][: len(place)].decode() for f in said if f.code == code and f.offset is not None]
    assert place in places, [(f.code, data[f.offset : (f.offset or 0) + 12]) for f in said]
    assert all(f.line == data.count(b"\n", 0, f.offset) + 1 for f in said)
    severity = {f.severity for f in said if f.code == code}
    assert severity == {"error"}
    clean = {r.document["number"]: plain(r) for r in readings if r.document and "number" in r.document and r.ok}
    for n in [*kept, 9]:
        assert number(n) in clean, f"set {n} is hidden"
        rest = {key: value for key, value in clean[number(n)].items() if key != "envelope"}
        assert rest == UNDAMAGED[n]


UNDAMAGED = {
    n: {key: value for key, value in documents(joined(interchange(GS, transaction(n), "GE*1*7")))[0].items() if key != "envelope"}
    for n in (1, 2, 3, 9)
}


def test_two_sets_of_one_number_in_two_groups_are_no_repetition() -> None:
    pieces = interchange(GS, ONE, "GE*1*7", gs(8), transaction(2, "0001"), "GE*1*8", trailer="IEA*2*000000001")
    assert findings(joined(pieces)) == []


# --- streaming, memory, limits ----------------------------------------------------------------------------------------


class Pipe:
    """A pipe: gives what is there, in pieces; whoever asks for more than was sent would wait for ever."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces

    def read(self, size: int = -1) -> bytes:
        if not self.pieces:
            raise AssertionError("the reader waits for more, though the set's SE was delivered")
        piece = self.pieces.pop(0)
        if 0 <= size < len(piece):
            self.pieces.insert(0, piece[size:])
        return piece[:size] if size >= 0 else piece

    read1 = read


@pytest.mark.parametrize("size", [1, 50, 10_000])
@pytest.mark.parametrize("name", ["stand-alone", "prepack", "everything"])
def test_a_set_is_given_out_before_the_rest_arrives(name: str, size: int) -> None:
    whole = documents(SAMPLES[name])[0]
    data = joined(segments(SAMPLES[name]))
    stop = re.search(rb"~\nSE\*[^~]*~", data)
    assert stop is not None
    there = data[: stop.end()]
    pipe = Pipe([there[n : n + size] for n in range(0, len(there), size)])
    first = next(iter(read(pipe)))  # type: ignore[arg-type]
    assert plain(first) == whole
    assert first.findings == []


def test_memory_is_flat() -> None:
    """20 MB go by; of all that, only a window is ever held."""
    header = joined([isa(1), gs(7)])
    order = joined(ONE)
    unknown = joined(["ST*999*0001", *BODY * 40, f"SE*{40 * len(BODY) + 2}*0001"])
    sets = 20_000_000 // len(unknown)

    def stream() -> Iterator[bytes]:
        yield header
        for n in range(sets):
            yield (unknown if n % 20 else order).replace(b"*0001~", b"*%07d~" % n)
        yield joined([f"GE*{sets}*7", "IEA*1*000000001"])

    pieces = stream()

    class Source(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            data = next(pieces, b"")
            buffer[: len(data)] = data
            return len(data)

    warm = [order.replace(b"*0001~", b"*%04d~" % (n + 1)) for n in range(100)]
    documents(b"".join([header, *warm, joined(["GE*100*7", "IEA*1*000000001"])]))  # what is loaded once is no growth
    tracemalloc.start()
    count = 0
    try:
        for reading in read(Source()):
            count += reading.document is not None
            assert all(f.code == "table-missing" for f in reading.findings)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == sets
    assert peak < 4_000_000


@pytest.mark.parametrize(
    ("limits", "name", "change"),
    [
        (Limits(segment=2000), "segment", ("N3*1 MAIN STREET", "N3*" + "X" * 3000)),
        (Limits(segment=2000), "segment", ("GE*1*26", "GE*1*26*" + "X" * 3000)),
        (Limits(segment=2000), "segment", ("GS*PO", "NTE*" + "X" * 3000 + "~\nGS*PO")),
        (Limits(element=2000), "element", ("N3*1 MAIN STREET", "N3*" + "X" * 3000)),
        (Limits(segments=100), "segments", ("PO4*6~", "PO4*6~" + "PID*F*08***SHIRT~" * 200)),
    ],
)
def test_a_limit_is_named(limits: Limits, name: str, change: tuple[str, str]) -> None:
    data = BASE.replace(*change).encode()
    with pytest.raises(LimitExceeded, match=rf"byte \d+.*`{name}`"):
        list(read(data, limits=limits))
    assert documents(BASE.encode(), limits=limits) == documents(BASE.encode())


@pytest.mark.parametrize("chunk", [64, 1 << 17])
def test_a_segment_without_end_is_not_swallowed(chunk: int) -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            self.asked += len(buffer)
            assert self.asked < 600_000, "nobody stops reading"
            buffer[:] = b"X" * len(buffer)
            return len(buffer)

    head = BASE[: BASE.index("N3*") + 3].encode()
    for start in (BASE[: BASE.index("GS*") + 3].encode(), head):
        source = _Chained(start, Endless())
        with pytest.raises(LimitExceeded, match="`segment`"):
            list(read(source, chunk=chunk, limits=Limits(segment=100_000)))  # type: ignore[arg-type]


def test_a_flood_of_findings_says_how_many_were_cut() -> None:
    pieces = segments(BASE.encode())
    for flood in ([*pieces[:2], *["SE*20*0001"] * 30, *pieces[2:]], [*pieces[:3], *["XYZ*1"] * 30, *pieces[3:]]):
        said = findings(joined(flood), limits=Limits(findings=10))
        codes = [f.code for f in said]
        assert codes.count("findings-cut") == 1
        assert codes.count("st-missing") + codes.count("segment-unknown") in (9, 10)
        [cut] = [f.expected for f in said if f.code == "findings-cut"]
        assert cut is not None and int(cut) >= 20


class _Chained:
    def __init__(self, head: bytes, tail: io.RawIOBase) -> None:
        self.head, self.tail = head, tail

    def read(self, size: int) -> bytes:
        if self.head:
            data, self.head = self.head[:size], self.head[size:]
            return data
        return self.tail.read(size) or b""


# --- not X12 ----------------------------------------------------------------------------------------------------------


def zipped() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("850.edi", BASE)
    return into.getvalue()


OTHER = {
    "UTF-16 with its mark": (BASE.encode("utf-16"), "UTF-16"),
    "UTF-16, little end first": (BASE.encode("utf-16-le"), "UTF-16"),
    "UTF-16, big end first": (BASE.encode("utf-16-be"), "UTF-16"),
    "EBCDIC": (BASE.encode("cp037"), "EBCDIC"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
    "zip": (zipped(), "zip"),
    "gzip": (gzip.compress(BASE.encode()), "gzip"),
    "PGP": (b"-----BEGIN PGP MESSAGE-----\n\nhQEMA0\n", "PGP"),
    "XML": (b"<?xml version='1.0'?><order/>", "XML"),
    "HTML": (b"<!DOCTYPE html><p>Not found</p>", "HTML"),
    "JSON": (b'{"document": "order"}', "JSON"),
    "JSON array": (b'[{"document": "order"}]', "JSON"),
    "EDIFACT": (b"UNB+UNOA:1+A+B+240401:0800+1'", "EDIFACT"),
    "empty": (b"", "empty"),
    "blanks only": (b" \r\n\t\n \0\0\x1a", "blanks"),
    "no interchange header": (BASE[BASE.index("GS*") :].encode(), "ISA"),
    "words": (b"Dear supplier,\nthe ISA comes tomorrow.\n", "ISA"),
}


@pytest.mark.parametrize("name", OTHER)
def test_what_is_not_x12_is_named(name: str, tmp_path: Path) -> None:
    data, word = OTHER[name]
    file = tmp_path / "in.edi"
    file.write_bytes(data)
    for source in (data, file, io.BytesIO(data)):
        with pytest.raises(NotX12, match=re.escape(word)) as caught:
            list(read(source))
        said = str(caught.value)
        assert "\n" not in said and said.isascii()
        assert said.startswith("this is not X12: ")


def test_random_bytes_are_not_x12() -> None:
    dice = random.Random(997)
    for n in range(300):
        with pytest.raises(NotX12):
            list(read(dice.randbytes(n * 7)))


def test_a_gigabyte_of_something_else_is_not_read() -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            Endless.asked += len(buffer)
            assert Endless.asked < 50_000_000, "nobody stops reading"
            buffer[:] = b"lorem ipsum " * (len(buffer) // 12) + b" " * (len(buffer) % 12)
            return len(buffer)

    with pytest.raises(NotX12):
        list(read(Endless()))


def test_what_cannot_be_opened_is_an_os_error(tmp_path: Path) -> None:
    class Unreadable(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            raise PermissionError(13, "Permission denied")

    for source in (tmp_path, tmp_path / "missing.edi", Unreadable()):
        with pytest.raises(OSError):
            list(read(source))


@pytest.mark.parametrize("end", ["~", "\n"])
def test_mutations_raise_nothing_else(end: str) -> None:
    """Flipped, doubled, dropped and moved bytes: an answer each time, and never another exception."""
    dice = random.Random(f"mutants {end}")
    data = joined(interchange(GS, ONE, TWO, "GE*2*7"), end=end)
    for _ in range(600):
        mutant = bytearray(data)
        for _ in range(dice.randint(1, 8)):
            at, other = dice.randrange(len(mutant)), dice.randrange(len(mutant))
            match dice.randrange(4):
                case 0:
                    mutant[at] = dice.choice(b"*>~\n\r\0 A0\x1d\xff")
                case 1:
                    del mutant[at : at + dice.randint(1, 30)]
                case 2:
                    mutant[at:at] = mutant[other : other + dice.randint(1, 200)]
                case 3:
                    mutant[at], mutant[other] = mutant[other], mutant[at]
        try:
            readings = list(read(bytes(mutant)))
        except NotX12:
            continue
        for one in (f for r in readings for f in r.findings):
            assert one.sentence and one.where
            assert one.offset is None or 0 <= one.offset <= len(mutant)


def test_a_set_cut_off_in_its_first_segment_reads_the_same_in_pieces() -> None:
    """Found by a mutant: a cut-off ST said something else when it came with the next piece of the file."""
    whole = BASE.encode()
    data = b"\nBEG*00*SA*0030-7712009-0551~" + whole[: whole.index(b"ST*850*0001") + 11]
    said = [(f.code, f.offset) for r in read(data) for f in r.findings]
    for chunk in (1, 7, 97, len(data) - 1):
        assert [(f.code, f.offset) for r in read(data, chunk=chunk) for f in r.findings] == said


def test_headers_are_judged_though_no_table_reads_their_first_set() -> None:
    """Found by a mutant: a set without table before the order kept the ISA from being looked at."""
    pieces = segments(BASE.encode())
    first = ["ST*840*0001", "XYZ*1", "SE*3*0001"]
    order = [piece.replace("*0001", "*0002") for piece in pieces[2:-2]]
    head = pieces[0].replace("          *08*", "         \x01*08*")
    data = joined([head, pieces[1], *first, *order, pieces[-2].replace("GE*1", "GE*2"), pieces[-1]])
    assert ("element-character", "ISA04") in [(f.code, f.ref) for f in findings(data)]


@pytest.mark.parametrize("chunk", [1, 11, 97, 400])
def test_a_set_that_swallows_its_envelope_reads_the_same_in_pieces(chunk: int) -> None:
    """Found by a mutant: a set header with another terminator said something else when it began a new piece of the file."""
    pieces = segments(BASE.encode())
    other = [piece.replace("*", "+") + "'\n" for piece in [*pieces[:2], "ST+850+5"]]
    data = "".join(other).replace("*T+>", "+T+>").encode() + joined(pieces[3:])
    assert [r.findings for r in read(data, chunk=chunk)] == [r.findings for r in read(data)]
