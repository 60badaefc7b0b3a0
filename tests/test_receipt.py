"""Acknowledgments both ways: what a sender is told of what it sent, and what is understood of what a partner says.

The cases are in ``cases/receipt.toml``: a file, and the segments that answer it, all of them. Between them they have every
code that the catalogue can give. The laws: whatever came in, the answer can be written, forges nothing, says nothing twice.
"""

from __future__ import annotations

import datetime
import json
import random
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from test_findings import BASE, BODY, Case, file_of, mappings_of

from translator.catalogue import CATALOGUE, HEADERS
from translator.cli import translator
from translator.documents import structure, unstructure, violations
from translator.errors import NotX12
from translator.findings import Finding
from translator.respond.receipt import Receipt, receipts
from translator.respond.verdict import Verdict, explain, verdicts
from translator.walk import Reading, read, restore, write

Json = dict[str, Any]

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
NOW = datetime.datetime(2024, 5, 1, 9, 30)
CASES: list[Case] = tomllib.loads((ROOT / "tests/cases/receipt.toml").read_text(encoding="utf-8"))["receipt"]
ENVELOPE = ("ISA", "GS", "ST", "SE", "GE", "IEA")
AT_MOST = {"AK4": 99, "AK3": 999_999}


# --- small things -------------------------------------------------------------------------------------------------------


def answers(data: bytes, mappings: Path | None = None, **options: Any) -> list[Receipt]:
    """The receipts of a file."""
    return list(receipts(read(data, envelopes=True, mappings=mappings), mappings=mappings, **options))


def written(found: list[Receipt], mappings: Path | None = None, *, schema: bool = True) -> bytes:
    """The bytes of receipts, an interchange each; they must be writable whatever came in."""
    out = b""
    for one in found:
        for document in one.documents if schema else ():
            assert violations(document) == []
            assert unstructure(structure(document)) == document
        if one.documents:
            writing = write(one.documents, now=NOW, mappings=mappings)
            assert writing.data is not None, [(f.code, f.where, f.sentence) for f in writing.findings]
            assert not [f for f in writing.findings if f.code != "partner-unknown"]
            out += writing.data
    return out


def pieces(data: bytes) -> list[str]:
    """The segments of interchanges, split by what their own ISA says and nothing else; no code of ours is used."""
    text, found = data.decode("latin-1"), []
    while text := text.lstrip("\r\n"):
        assert text.startswith("ISA")
        element, end = text[3], text[105]
        stop = re.search(rf"{re.escape(end)}[\r\n]*IEA{re.escape(element)}[^{re.escape(end)}]*{re.escape(end)}", text)
        assert stop is not None
        found += [piece.strip("\r\n").replace(element, "*") for piece in text[: stop.end()].split(end) if piece.strip("\r\n")]
        text = text[stop.end() :]
    return found


def told(data: bytes) -> list[str]:
    """The segments that say something: all but the envelope's."""
    return [piece for piece in pieces(data) if piece.split("*")[0] not in ENVELOPE]


# --- what is told -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_file_is_answered_by(case: Case, tmp_path: Path) -> None:
    mappings = mappings_of(case, tmp_path)
    found = answers(file_of(case), mappings, when=case.get("when", "asked"))
    assert told(written(found, mappings)) == case["said"]
    assert sum(len(one.unanswered) for one in found) == case.get("unanswered", 0)


def test_every_code_that_the_catalogue_can_give_is_given() -> None:
    """An ``ack`` that nothing can bring about would be a word that nobody ever hears."""
    known = set(HEADERS.values()) | {("AK5", "5"), ("AK3", "6")}
    for entry in CATALOGUE.values():
        known |= {ack for ack in (entry.ack, *entry.acks.values()) if ack is not None}
    heard = set()
    for piece in (piece for case in CASES for piece in case["said"]):
        tag, *values = piece.split("*")
        first = {"AK3": 3, "AK4": 2, "AK5": 1, "AK9": 4, "TA1": 4}.get(tag)
        if first is not None:
            heard |= {(tag, code) for code in (values[first:] if tag in ("AK5", "AK9") else values[first : first + 1])}
    assert known - heard == set()
    assert heard - known == {("TA1", "000")}
    standard = {"AK3": range(1, 9), "AK4": range(1, 11), "AK5": [*range(1, 8), 23], "AK9": range(1, 7)}
    assert {(kind, str(n)) for kind, codes in standard.items() for n in codes} <= heard


def test_acks_name_codes_of_x12() -> None:
    table = {"AK3": range(1, 9), "AK4": range(1, 11), "AK5": range(1, 28), "AK9": range(1, 27), "TA1": range(32)}
    for entry in CATALOGUE.values():
        for kind, code in (ack for ack in entry.acks.values() if ack):
            assert int(code) in table[kind]
    for ref, (kind, code) in HEADERS.items():
        assert kind == {"ISA": "TA1", "ST0": "AK5"}.get(ref[:3], kind)
        assert int(code) in table[kind]


def test_the_envelope_of_an_answer() -> None:
    [one] = answers(BASE.replace("*0*T*>", "*1*P*>").encode())
    isa, ta1, gs, st, *_ = pieces(written([one]))
    assert isa == "ISA*00*          *00*          *ZZ*1234567890     *08*6111470100     *240501*0930*U*00401*000000161*0*P*>"
    assert (ta1, gs) == ("TA1*000000161*240401*0800*A*000", "GS*FA*1234567890*6111470100*20240501*0930*161*X*004010")
    assert st == "ST*997*0001"
    assert one.control == "000000161"
    assert one.number(5) == 6
    writing = write(one.documents, now=NOW)
    assert writing.data is not None
    assert b"*000000005*0*P*>~" in writing.data
    assert b"*20240501*0930*5*X*004010~" in writing.data


@pytest.mark.parametrize("style", ["|^\n", "\x1d\x1f\x1c", "+:'", "*>~", "^|~"])
def test_delimiters_of_an_answer_are_those_received(style: str) -> None:
    element, component, end = style
    order = BASE.replace("N3*1 MAIN STREET", "N3*" + "#" * 56)
    text = order.replace("\n", "").replace(">", "\0").replace("*", element).replace("\0", component).replace("~", end)
    data = written(answers(text.encode()))
    assert data.startswith(b"ISA" + element.encode())
    assert pieces(data)[6:9] == ["AK4*1*166*5*" + "#" * 56, "AK5*E*5", "AK9*E*1*1*1"]


def test_ids_of_odd_lengths() -> None:
    """Found by mutants: qualifiers of one character, and of one with many blanks after it, as in a damaged ISA."""
    for theirs in ("0", "0     ", " 0"):
        data = written(answers(BASE.replace("*08*6111470100     *", f"*{theirs}*6111470100*").encode()))
        assert pieces(data)[0].split("*")[7:9] == [theirs.rstrip().ljust(2), "6111470100     "]
    for theirs in ("   ", "A" * 16, "\xe9"):
        [one] = answers(BASE.replace("*6111470100     *", f"*{theirs}*").encode("latin-1"))
        assert (one.documents, len(one.unanswered)) == ([], 1)


def test_groups_of_several_departments_are_answered_in_groups_of_their_own() -> None:
    """GS02 and GS03 go back swapped, group by group; the groups of the answer are numbered one after the other."""
    more = "GS*PO*OTHER*1234567890*20240401*0800*27*X*004010~\nST*850*0001~\n" + BODY + "SE*20*0001~\nGE*1*27~\n"
    again = more.replace("*27", "*28").replace("OTHER", "6111470100")
    order = BASE.replace("IEA*1", f"{more}{again}{again.replace('*28', '*29')}IEA*4")
    [one] = answers(order.encode())
    assert one.number(999_999_998) == 1_000_000_001
    data = written([one])
    headers = [piece.split("*") for piece in pieces(data) if piece.startswith(("ISA", "GS", "ST", "GE"))]
    assert [h[3] for h in headers if h[0] == "GS"] == ["6111470100", "OTHER", "6111470100"]
    assert [h[6] for h in headers if h[0] == "GS"] == ["999999998", "999999999", "1"]
    assert [h[2] for h in headers if h[0] == "ST"] == ["0001", "0002", "0003", "0004"]
    assert [h[1] for h in headers if h[0] == "GE"] == ["1", "1", "2"]
    assert headers[0][13] == "999999998"


def test_a_value_with_a_delimiter_of_the_answer_is_not_repeated() -> None:
    """The ids hold the component separator, so the answer has other delimiters: neither theirs nor ours get into a value."""
    text = BASE.replace("*0*T*>", "*0*T*:").replace("6111470100     ", "6111470:00     ")
    for value, repeated in (("12>", False), ("1:2", False), ("12<", True)):
        data = written(answers(text.replace("N3*1 MAIN STREET", "N3*" + value * 19).encode()))
        assert (f"*5*{value * 19}".encode() in data) == repeated


def test_usage_and_release_of_an_answer() -> None:
    for theirs, ours in (("P", "P"), ("I", "I"), ("X", "T")):
        assert pieces(written(answers(BASE.replace("*0*T*>", f"*0*{theirs}*>").encode())))[0].split("*")[15] == ours
    for theirs, ours in (("004010VICS", "004010VICS"), ("005010", "004010"), ("", "004010")):
        data = written(answers(BASE.replace("*X*004010~", f"*X*{theirs}~").encode()))
        assert pieces(data)[1].split("*")[8] == ours
    for theirs, ours in (("00400", "00400"), ("00501", "00401"), ("ABCDE", "00401")):
        assert pieces(written(answers(BASE.replace("*U*00401*", f"*U*{theirs}*").encode())))[0].split("*")[12] == ours


def test_plain_readings_do_but_for_empty_groups() -> None:
    """Without ``envelopes`` a reader gives only headers with findings; what is told of groups that hold sets is the same."""
    for case in CASES:
        if "mappings" in case or not any(piece.startswith("AK2") for piece in case["said"]):
            continue
        data, when = file_of(case), case.get("when", "asked")
        plain, whole = (
            [[d for d in one.documents if "group" in d] for one in found]
            for found in (receipts(read(data), when=when), answers(data, when=when))
        )
        assert plain == whole


def test_receipts_come_as_the_readings_do() -> None:
    """An interchange is answered when it is over, and not at the end of the file."""
    seen: list[str] = []

    def watched() -> Iterator[Reading]:
        for reading in read((BASE * 3).encode(), envelopes=True):
            seen.append(reading.part.values[0] if reading.part and reading.part.values else "")
            yield reading

    counted = [seen.count("IEA") for _ in receipts(watched())]
    assert counted == [1, 2, 3]


def test_when_is_one_of_four() -> None:
    with pytest.raises(ValueError, match="asked, broken, always, never"):
        list(receipts([], when="sometimes"))


def test_a_flood_is_cut() -> None:
    """As many notes as X12 has room for: 99 elements a segment, five codes, and positions of six digits."""
    order = BASE.replace("PID*F*08***SHIRT~", "PID" + "*?" * 150 + "~")
    [one] = answers(order.encode())
    data = written([one])
    assert sum(piece.startswith("AK4") for piece in told(data)) <= AT_MOST["AK4"]
    many = BASE.replace("CSH*N~", "CSH*QQ~" * 2000).replace("SE*20", "SE*2019")
    assert len(told(written(answers(many.encode())))) > 900


# --- the laws -----------------------------------------------------------------------------------------------------------

HOSTILE = [
    "*", "~", ">", "~\nGE*9*9~", "~IEA*1*1~", "\r\n", "\0", "\x1b[31m", "\x7f", "\xe9", "\x85", "~TA1*000000001*240101*0000*A*000",
    "A" * 400, " ", "?", "'", '"', "\\", "%s{0}", "-1", "1E9", "NaN", "'; DROP", "^", ":", "|", "\x1d", "&", "0" * 12,
]  # fmt: skip
LEGAL = {"TA1", "AK1", "AK2", "AK3", "AK4", "AK5", "AK9", *ENVELOPE}


def well_formed(data: bytes, found: list[Receipt]) -> None:
    """Only segments that were meant, in their order, and as many as were meant; no value that could be more than one."""
    documents = [d for one in found for d in one.documents]
    said = pieces(data)
    assert {piece.split("*")[0] for piece in said} <= LEGAL
    sets = [s for d in documents for s in d.get("sets", ())]
    segments = [n for s in sets for n in s.get("segments", ())]
    assert sum(piece.startswith("ST*") for piece in said) == sum("group" in d for d in documents)
    assert sum(piece.startswith("TA1*") for piece in said) == sum("group" not in d for d in documents)
    assert sum(piece.startswith("AK5*") for piece in said) == sum(piece.startswith("AK2*") for piece in said) == len(sets)
    assert sum(piece.startswith("AK3*") for piece in said) == len(segments)
    assert sum(piece.startswith("AK4*") for piece in said) == sum(len(n.get("elements", ())) for n in segments)
    ours = {c for d in documents for c in d["envelope"]["delimiters"].values()}
    assert all(" " <= c <= "~" or c in "\r\n" or c in ours for c in data.decode("latin-1"))
    for one in sets:
        positions = [n["at"] for n in one.get("segments", ())]
        assert positions == sorted(positions)
        noted = [(n["at"], n["segment"], n["error"]) for n in one.get("segments", ())]
        assert len(noted) == len(set(noted))
        assert (one["status"] == "A") == ("errors" not in one)


@pytest.mark.parametrize("hostile", HOSTILE, ids=[ascii(value)[:20] for value in HOSTILE])
def test_no_value_gets_into_the_answer_as_more_than_a_value(hostile: str) -> None:
    """A hostile text in elements of the file, one after the other: each has its turn, and meets every third text."""
    turn, segments = HOSTILE.index(hostile), [piece for piece in BASE.replace("\n", "").split("~") if piece]
    for n, segment in enumerate(segments):
        values = segment.split("*")
        for k in range((n + turn) % 3, len(values), 3):
            text = "~".join([*segments[:n], "*".join([*values[:k], hostile, *values[k + 1 :]]), *segments[n + 1 :]]) + "~"
            try:
                found = answers(text.encode("latin-1"), when="always")
            except NotX12:
                assert n == 0
                continue
            well_formed(written(found, schema=False), found)


def test_whatever_came_in_is_answered() -> None:
    """Damaged files: an answer that can be written, each time."""
    dice = random.Random("receipt")
    whole = (BASE + BASE.replace("000000161", "000000162").replace("*0*T*>", "*1*T*>")).encode()
    for _ in range(200):
        mutant = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
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
            found = answers(bytes(mutant), when="broken")
        except NotX12:
            continue
        well_formed(written(found, schema=False), found)


def test_a_readable_order_is_never_rejected() -> None:
    """Whatever single segment is lost or doubled: an order with number and lines, and a whole trailer, is accepted."""
    lines = BASE.splitlines(keepends=True)
    begin, end = lines.index("ST*850*0001~\n") + 1, next(n for n, line in enumerate(lines) if line.startswith("SE*"))
    for n in range(begin, end):
        for put in ("", lines[n] * 2):
            text = "".join([*lines[:n], put, *lines[n + 1 :]]).replace("SE*20", f"SE*{19 if not put else 21}")
            [reading] = [r for r in read(text.encode()) if r.document]
            [one] = answers(text.encode())
            readable = bool(reading.document and reading.document.get("number") and reading.document.get("lines"))
            assert one.documents[0]["sets"][0]["status"] == ("R" if not readable else "E" if not reading.ok else "A")
            assert one.rejected == (not readable)


# --- files that nobody here wrote -----------------------------------------------------------------------------------------


def test_the_samples_are_accepted() -> None:
    for path in sorted((ROOT / "samples").glob("*/1-850.edi")):
        found = answers(path.read_bytes())
        assert {d["status"] for one in found for d in one.documents} == {"A"}, path
        well_formed(written(found), found)


@pytest.mark.skipif(not SHARED.is_dir(), reason="no files beside the project")
def test_the_public_examples_are_answered_as_they_show() -> None:
    folder = SHARED / "guides/examples"
    [one] = answers((folder / "850-a-guide-dc.edi").read_bytes())
    now = datetime.datetime(2023, 6, 26, 10, 15)
    assert write(one.documents, control=17, now=now).data == (folder / "997-a-accept-guide-850.edi").read_bytes()
    data = (folder / "850-b-guest-9998.edi").read_bytes().replace(b"*EA*", b"*XX*", 1)
    [one] = answers(data)
    theirs = told((folder / "997-b-reject-850.edi").read_bytes())
    ours = told(written([one]))
    assert ours[:2] == theirs[:2]
    assert ours[3] == theirs[3].replace("*4*", "*")  # the same element, wherever the line stands
    assert ours[4:] == ["AK5*E*5", "AK9*E*1*1*1"], "a readable order is not rejected"
    assert answers((folder / "997-c-from-target-partial.edi").read_bytes())[0].documents == []
    ta1 = (folder / "ta1-accept.edi").read_bytes()
    [document] = [r.document for r in read(ta1) if r.document]
    assert write(document).data == ta1


@pytest.mark.skipif(not SHARED.is_dir(), reason="no files beside the project")
@pytest.mark.parametrize("path", sorted((SHARED / "corpus").glob("*.edi")) if SHARED.is_dir() else [], ids=lambda p: p.stem)
def test_real_files_are_answered(path: Path) -> None:
    try:
        found = answers(path.read_bytes(), when="always")
    except NotX12:
        return
    well_formed(written(found), found)
    if path.stem.startswith("997"):
        assert not [d for one in found for d in one.documents if "group" in d]


DOCTOR = Path(sys.executable).parent / "x12-doctor"


@pytest.mark.skipif(not DOCTOR.exists(), reason="the second opinion is not installed")
def test_another_reader_finds_every_position(tmp_path: Path) -> None:
    """x12-doctor resolves AK302 and AK401 against the order by itself, and says the same values."""
    order = (
        BASE.replace("PO1*1*6*EA", "PO1*1*6*XX")
        .replace("N4*CITY", "N4*C")
        .replace("CSH*N~", "XYZ*1~\nCSH*QQ~")
        .replace("SE*20", "SE*21")
    )
    (tmp_path / "order.edi").write_text(order)
    (tmp_path / "997.edi").write_bytes(written(answers(order.encode())))
    command = [DOCTOR, "explain", tmp_path / "997.edi", "--original", tmp_path / "order.edi", "--format", "json"]
    report = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    [found] = list(_below(report, "segment_errors"))
    assert [(s["original_segment"] or "").split("*")[0] for s in found] == ["XYZ", "CSH", "N4", "PO1"]
    assert [e["original_value"] for s in found for e in s["elements"]] == ["QQ", "C", "XX"]
    (tmp_path / "997.edi").write_bytes(written(answers(BASE.encode())))
    check = subprocess.run([DOCTOR, "check", tmp_path / "997.edi"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout


def _below(held: Any, key: str) -> Iterator[Any]:
    if isinstance(held, dict):
        if key in held:
            yield held[key]
        held = list(held.values())
    for item in held if isinstance(held, list) else ():
        yield from _below(item, key)


# --- what a partner says ----------------------------------------------------------------------------------------------------

SENT = BASE.replace("GE*1", "ST*850*0002~\n" + BODY + "SE*20*0002~\nGE*2").replace("BEG*00*SA*0037-1234567-0551", "BEG*00*SA*1")


def acknowledgment(**said: Any) -> Json:
    """What a partner may say of ``SENT``."""
    group = {"kind": "PO", "control": 26}
    return {"document": "functional_acknowledgment", "guide": "x12/997", "group": group, "status": "A"} | said


def note(tag: str, at: int, error: str, *elements: Json) -> Json:
    return {"segment": tag, "at": at, "error": error} | ({"elements": list(elements)} if elements else {})


def one_set(*segments: Json, control: str = "0001") -> list[Verdict]:
    sets = [{"set": "850", "control": control, "segments": list(segments), "status": "R", "errors": ["5"]}]
    return explain(acknowledgment(sets=sets, status="P", included=2, received=2, accepted=1), SENT.encode())


# segment, position, element, component -> the place in the document and what stands there
PLACES = [
    ("BEG", 2, 3, None, "number", "1"),
    ("BEG", 2, 5, None, "date", "2024-04-01"),
    ("BEG", 2, 4, None, "release", None),
    ("REF", 3, 1, None, "references.vendor", None),
    ("REF", 4, 2, None, "references.department.id", "037"),
    ("CSH", 6, 1, None, "back_order[0]", "N"),
    ("ITD", 7, 5, None, "terms[0].discount_days", 65),
    ("DTM", 8, 2, None, "dates.ship_not_before.date", "2024-04-08"),
    ("N1", 11, 1, None, "parties.buyer", None),
    ("N3", 12, 1, None, "parties.buyer.address.lines[0]", "1 MAIN STREET"),
    ("N3", 12, 2, None, "parties.buyer.address.lines[1]", None),
    ("PO1", 14, 2, None, "lines[0].quantity", "6"),
    ("PO1", 14, 8, None, "lines[0].ids.upc", "490370812349"),
    ("PO1", 14, 9, None, "lines[0].ids.upc", "490370812349"),
    ("CTP", 15, 3, None, "lines[0].prices[0].price", "145.99"),
    ("PID", 17, 5, None, "lines[0].descriptions[1].text", "BLUE"),
    ("PO4", 18, 1, None, "lines[0].packs[0].pack", 6),
    ("CTT", 19, 1, None, "totals.lines", 1),
    ("SE", 20, 1, None, None, None),
    ("ST", 1, 1, None, None, None),
]


@pytest.mark.parametrize(("tag", "at", "element", "component", "path", "value"), PLACES)
def test_an_error_is_tied_to_the_document(tag: str, at: int, element: int, component: int | None, path: str, value: Any) -> None:
    whole, first, second = one_set(note(tag, at, "8", {"element": element, "error": "7"}))
    assert (whole.group, whole.control, whole.status, whole.counts, whole.sent) == ("PO", "26", "P", (2, 2, 1), True)
    assert (first.set, first.set_control, first.status, first.errors) == (
        "850",
        "0001",
        "R",
        [("5", "one or more segments in error")],
    )
    assert (first.document, first.name, first.sent, first.implied) == ("order", "1", True, False)
    segment, trouble = first.troubles
    assert segment.text is not None and segment.text.startswith(f"{tag}*")
    assert (segment.meaning, trouble.meaning) == ("has elements in error", "no code of the list")
    assert (trouble.ref, trouble.path, trouble.canonical) == (f"{tag}{element:02d}", path, value)
    assert (second.set_control, second.implied, second.clean) == ("0002", True, False)


def test_a_component_is_tied_to_the_document() -> None:
    order = BASE.replace("PO4*6~\n", "PO4*6~\nSLN*1**I*2*EA~\n").replace("SE*20", "SE*21")
    element = {"element": 5, "component": 1, "number": 355, "error": "7", "value": "EA"}
    said = acknowledgment(
        sets=[{"set": "850", "control": "0001", "segments": [note("SLN", 19, "8", element)], "status": "E"}], status="E"
    )
    trouble = explain(said, order.encode())[1].troubles[1]
    assert (trouble.ref, trouble.value, trouble.path) == ("SLN05-01", "EA", "lines[0].components[0].unit")
    assert trouble.line == 'SLN05-01; no code of the list (7); "EA"; lines[0].components[0].unit "EA"'


def test_a_segment_is_tied_to_the_document() -> None:
    for tag, at, path in (
        ("BEG", 2, ""),
        ("REF", 4, "references.department"),
        ("N1", 11, "parties.buyer"),
        ("PO1", 14, "lines[0]"),
    ):
        [trouble] = one_set(note(tag, at, "5"))[1].troubles
        assert (trouble.path, trouble.meaning) == (path, "segment more often than allowed")


def test_a_value_that_has_not_its_type_is_found_all_the_same() -> None:
    order = BASE.replace("DTM*038*20240412", "DTM*038*20241312")
    said = acknowledgment(
        sets=[{"set": "850", "control": "0001", "segments": [note("DTM", 9, "8", {"element": 2, "error": "8"})], "status": "R"}]
    )
    trouble = explain(said, order.encode())[1].troubles[1]
    assert (trouble.value, trouble.path, trouble.canonical) == ("20241312", "dates.ship_no_later.date", None)


def test_what_is_missing_and_what_is_elsewhere() -> None:
    [missing] = one_set(note("TD5", 11, "3"))[1].troubles
    assert (missing.meaning, missing.text, missing.stray, missing.path) == ("mandatory segment missing", None, "", None)
    stray, element = one_set(note("PO1", 15, "8", {"element": 2, "error": "5", "value": "6"}))[1].troubles
    assert (stray.text, stray.stray, element.path) == (None, "CTP", None)
    assert "CTP stands there" in stray.line
    [beyond] = one_set(note("PO1", 999, "5"))[1].troubles
    assert beyond.stray == "nothing"


def test_what_was_never_sent() -> None:
    whole, one = explain(
        acknowledgment(group={"kind": "PO", "control": 27}, sets=[{"set": "850", "control": "0001", "status": "A"}]), SENT.encode()
    )
    assert (whole.sent, one.sent, whole.clean, one.clean) == (False, False, False, False)
    _, one, other = explain(acknowledgment(sets=[{"set": "850", "control": "0009", "status": "A"}]), BASE.encode())
    assert (one.sent, one.clean) == (False, False)
    assert (other.set_control, other.implied, other.clean) == ("0001", True, True)
    assert [v.sent for v in explain(acknowledgment(sets=[{"set": "850", "control": "0001", "status": "A"}]))] == [None, None]


def test_a_group_may_be_accepted_as_a_whole() -> None:
    found = explain(acknowledgment(), SENT.encode())
    assert [(v.set_control, v.status, v.implied, v.clean) for v in found[1:]] == [
        ("0001", "A", True, True),
        ("0002", "A", True, True),
    ]
    found = explain(acknowledgment(status="R", errors=["2"]), SENT.encode())
    assert found[0].errors == [("2", "version of the group not supported")]
    assert [(v.status, v.implied, v.clean) for v in found[1:]] == [("R", True, False)] * 2


def test_what_was_sent_may_be_a_document() -> None:
    [order] = [r.document for r in read(BASE.encode()) if r.document]
    said = acknowledgment(
        sets=[{"set": "850", "control": "0001", "segments": [note("PO1", 14, "8", {"element": 2, "error": "5"})], "status": "R"}]
    )
    for sent in (order, [order], list(read(BASE.encode())), BASE.encode()):
        trouble = explain(said, sent)[1].troubles[1]
        assert (trouble.path, trouble.canonical) == ("lines[0].quantity", "6")


@pytest.mark.parametrize(
    "said",
    [
        {}, {"group": {}, "sets": [{}], "errors": [7]}, {"sets": [{"segments": [{}]}]}, {"guide": None, "status": None},
        {"sets": [{"set": "850", "control": "0001", "segments": [{"elements": [{}]}, note("", 0, "8", {"element": "x"})]}]},
        {"sets": [{"set": "850", "control": "0001", "segments": [note("PO1", 14, "8", {"element": 99, "component": 9})]}]},
        {"sets": [{"set": "850", "control": "0001", "segments": [note("PO1", -3, "?", {"element": -1, "error": "\x1b"})]}]},
    ],
)  # fmt: skip
def test_an_acknowledgment_that_says_nothing_right_is_survived(said: Json) -> None:
    for sent in (None, SENT.encode(), []):
        lines = [line for one in explain(acknowledgment() | said, sent) for line in one.lines]
        assert lines and all(line.isprintable() for line in lines)


def test_our_own_answers_are_understood() -> None:
    """The two directions together: what we tell of a broken order is tied to that order's own fields."""
    order = BASE.replace("PO1*1*6*EA", "PO1*1*6*XX").replace("REF*DP*037", "REF*DP").replace("N3*1 MAIN STREET", "N3*" + "A" * 60)
    data = written(answers(order.encode()))
    documents = [r.document for r in read(data) if r.document]
    whole, one = verdicts(documents, order.encode())
    assert (whole.status, one.status, one.sent) == ("E", "E", True)
    assert [(t.ref, t.path) for t in one.troubles if t.element] == [
        ("REF02", "references.department.id"), ("N301", "parties.buyer.address.lines[0]"), ("PO103", "lines[0].unit"),
    ]  # fmt: skip


def test_an_interchange_acknowledgment_is_understood() -> None:
    said = {"document": "interchange_acknowledgment", "control": "000000161", "status": "R", "note": "018"}
    [one] = explain(said, BASE.encode())
    assert (one.control, one.status, one.sent, one.clean) == ("000000161", "R", True, False)
    assert list(one.lines) == ["interchange 000000161: rejected; the control number is invalid (018)"]
    [other] = explain(said | {"control": "000000162", "status": "A", "note": "000"}, BASE.encode())
    assert (other.sent, other.errors, other.clean) == (False, [], False)
    [good] = explain(said | {"status": "A", "note": "000"})
    assert good.clean


# --- TA1 ----------------------------------------------------------------------------------------------------------------

ISA = BASE.splitlines()[0]


def notice(text: str, **options: Any) -> tuple[Json, list[Finding]]:
    [one] = [
        r
        for r in read(f"{ISA}\n{text}IEA*0*000000161~\n".encode("latin-1"), **options)
        if r.document and r.document["document"] != "raw"
    ]
    assert one.document is not None
    return one.document, one.findings


def test_an_interchange_acknowledgment_is_a_document() -> None:
    document, found = notice("TA1*000000100*240331*2359*E*021~\n")
    assert found == []
    assert violations(document) == []
    assert unstructure(structure(document)) == document
    assert {key: document[key] for key in ("control", "date", "time", "status", "note")} == {
        "control": "000000100", "date": "2024-03-31", "time": "23:59", "status": "E", "note": "021",
    }  # fmt: skip
    assert document["envelope"]["sender"] == {"qualifier": "08", "id": "6111470100"}
    assert write(document).data == f"{ISA}\nTA1*000000100*240331*2359*E*021~\nIEA*0*000000161~\n".encode()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("TA1*000000100*240331*2359*A~", [("element-missing", "TA105")]),
        ("TA1**240331*2359*A*000~", [("element-missing", "TA101")]),
        ("TA1*100*240331*2359*A*000~", [("element-short", "TA101")]),
        ("TA1*00000010X*240331*2359*A*000~", [("element-number", "TA101")]),
        ("TA1*000000100*240230*2460*A*000~", [("element-date", "TA102"), ("element-time", "TA103")]),
        ("TA1*000000100*240331*2359*Q*099~", [("element-code", "TA104"), ("element-code", "TA105")]),
        ("TA1*000000100*240331*2359*A*000*X~", [("element-many", None)]),
        ("TA1*000000100*240331*2359*A*\xe9\xe9\xe9~", [("element-foreign", "TA105")]),
        ("TA1~", [("element-missing", f"TA10{n}") for n in range(1, 6)]),
    ],
)
def test_an_interchange_acknowledgment_is_judged(text: str, wanted: list[tuple[str, str | None]]) -> None:
    document, found = notice(text + "\n")
    assert [(f.code, f.ref) for f in found] == wanted
    assert {(f.segment, f.offset, f.line) for f in found} == {("TA1", len(ISA) + 1, 2)}
    assert document["document"] == "interchange_acknowledgment"


@pytest.mark.parametrize(
    "text",
    [
        "TA1*000000100*240331*2359*A*000~", "TA1*000000100*240331*2359*A*000*~", "TA1*100*240230*2460*Q~", "TA1~", "  TA1*1~",
        "\nwords\nTA1*000000100*240331*2359*A*000~", "TA1*000000100*240331*2359*A*000~\r\nTA1*000000101*240331*2359*A*000~",
    ],
)  # fmt: skip
def test_an_interchange_acknowledgment_comes_back_byte_for_byte(text: str) -> None:
    data = f"{ISA}\n{text}\nIEA*0*000000161~\n".encode()
    documents = json.loads(json.dumps([r.document for r in read(data, exact=True)]))
    said: list[Finding] = []
    assert b"".join(restore(documents, report=said)) == data
    assert said == []
    for chunk in (1, 7, 50):
        assert [r.document for r in read(data, exact=True, chunk=chunk)] == documents


def test_an_edited_interchange_acknowledgment_is_written_as_it_says_now() -> None:
    data = f"{ISA}\nTA1*000000100*240331*2359*A*000*~\nIEA*0*000000161~\n".encode()
    documents = [r.document for r in read(data, exact=True) if r.document]
    next(d for d in documents if d["document"] != "raw")["status"] = "E"
    said: list[Finding] = []
    assert b"TA1*000000100*240331*2359*E*000~" in b"".join(restore(documents, report=said))
    assert [f.code for f in said] == ["residue-unused"]


def test_an_edited_interchange_acknowledgment_cannot_forge_even_so() -> None:
    documents = [r.document for r in read(f"{ISA}\nTA1*000000100*240331*2359*A*000~\n".encode(), exact=True) if r.document]
    next(d for d in documents if d["document"] != "raw")["note"] = "000~GS*PO"
    said: list[Finding] = []
    assert b"GS*PO" not in b"".join(restore(documents, report=said))
    assert [f.code for f in said] == ["value-delimiter"]


@pytest.mark.parametrize("key", ["control", "status", "note", "date", "time"])
@pytest.mark.parametrize("value", ["A*B", "A~B", "A>B", "A\nB", "\xe9", "", None, 7, "TOO LONG FOR ANY"])
def test_an_interchange_acknowledgment_that_would_forge_is_not_written(key: str, value: Any) -> None:
    document, _ = notice("TA1*000000100*240331*2359*A*000~\n")
    document[key] = value
    writing = write(document, now=NOW)
    if key in ("date", "time") and value in ("", None):
        assert writing.data is not None, "the moment of writing stands in"
    elif writing.data is not None:
        assert told(writing.data)[0].count("*") == 5 and value == 7, (value, writing.data)
    else:
        assert {f.severity for f in writing.findings} == {"error"}


# --- the commands ---------------------------------------------------------------------------------------------------------


def run(*words: str) -> Any:
    return CliRunner().invoke(translator, list(words))


def test_receipt_writes_one_interchange_for_each(tmp_path: Path) -> None:
    (tmp_path / "in.edi").write_text(BASE + BASE.replace("000000161", "000000162").replace("*0*T*>", "*1*T*>"))
    done = run("receipt", str(tmp_path / "in.edi"), "--control", "41", "--now", "2024-05-01T09:30")
    assert done.exit_code == 0
    said = [piece for piece in pieces(done.stdout_bytes) if piece.startswith(("ISA", "TA1", "GS", "AK9"))]
    assert [piece[:3] for piece in said] == ["ISA", "GS*", "AK9", "ISA", "TA1", "GS*", "AK9"]
    assert [piece.split("*")[13] for piece in said if piece.startswith("ISA")] == ["000000041", "000000042"]
    assert "group PO 26: accepted, 1 of 1 sets" in done.stderr
    assert "interchange 000000162: accepted, note 000" in done.stderr


def test_an_interchange_acknowledgment_by_the_commands(tmp_path: Path) -> None:
    (tmp_path / "in.edi").write_text(f"{ISA}\nTA1*000000100*240331*2359*A*000~\nIEA*0*000000161~\n")
    done = run("read", str(tmp_path / "in.edi"))
    assert (done.exit_code, json.loads(done.stdout)["note"]) == (0, "000")
    assert run("read", str(tmp_path / "in.edi"), "--jobs", "2").stdout == done.stdout
    (tmp_path / "ta1.json").write_text(done.stdout)
    assert run("write", str(tmp_path / "ta1.json")).stdout_bytes == (tmp_path / "in.edi").read_bytes()
    assert "0 sets: 0 errors" in run("check", str(tmp_path / "in.edi")).stderr
    assert run("roundtrip", str(tmp_path / "in.edi")).exit_code == 0
    assert run("verdict", str(tmp_path / "in.edi")).stdout == "interchange 000000100: accepted\n"


def test_receipt_says_what_was_rejected(tmp_path: Path) -> None:
    (tmp_path / "in.edi").write_text(BASE.replace("BEG*00*SA*0037-1234567-0551", "BEG*00*SA*"))
    done = run("receipt", str(tmp_path / "in.edi"))
    assert done.exit_code == 1
    assert b"AK5*R*5" in done.stdout_bytes
    assert "group PO 26: rejected, 0 of 1 sets" in done.stderr
    (tmp_path / "in.edi").write_text(BASE.replace("CSH*N", "CSH*QQ"))
    assert run("receipt", str(tmp_path / "in.edi")).exit_code == 0, "accepted, with its errors"


def test_receipt_of_nothing(tmp_path: Path) -> None:
    data = written(answers(BASE.encode()))
    (tmp_path / "997.edi").write_bytes(data)
    done = run("receipt", str(tmp_path / "997.edi"), "--ta1", "never")
    assert (done.exit_code, done.stdout_bytes) == (0, b"")
    assert "nothing to acknowledge" in done.stderr
    (tmp_path / "in.edi").write_text("no X12")
    assert run("receipt", str(tmp_path / "in.edi")).exit_code == 3
    assert run("receipt", str(tmp_path / "in.edi"), "--ta1", "perhaps").exit_code == 2


def test_verdict_says_what_a_partner_says(tmp_path: Path) -> None:
    order = BASE.replace("PO1*1*6*EA", "PO1*1*6*XX")
    (tmp_path / "out.edi").write_text(order)
    (tmp_path / "997.edi").write_bytes(written(answers(order.encode())))
    done = run("verdict", str(tmp_path / "997.edi"), "--sent", str(tmp_path / "out.edi"))
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "group PO 26: accepted, with errors noted; 1 of 1 sets received, 1 accepted",
        "group PO 26, set 850 0001 (order 0037-1234567-0551): accepted, with errors noted; one or more segments in error (5)",
        "  segment 14 PO1; has elements in error (8); PO1*1*6*XX*75.5*WE*CB*037081234*UP*490370812349",
        '    PO103; no code of the list (7); "XX"; lines[0].unit "XX"',
    ]
    bare = run("verdict", str(tmp_path / "997.edi"))
    assert "lines[0]" not in bare.stdout
    lines = run("verdict", str(tmp_path / "997.edi"), "--sent", str(tmp_path / "out.edi"), "--json").stdout.splitlines()
    whole, one = map(json.loads, lines)
    assert (whole["group"], whole["control"], whole["status"], whole["counts"]) == ("PO", "26", "E", [1, 1, 1])
    assert one["troubles"][1]["path"] == "lines[0].unit"
    (tmp_path / "out.edi").write_text(BASE)
    (tmp_path / "997.edi").write_bytes(written(answers(BASE.encode())))
    assert run("verdict", str(tmp_path / "997.edi"), "--sent", str(tmp_path / "out.edi")).exit_code == 0
    assert run("verdict", str(tmp_path / "out.edi")).exit_code == 1, "an order acknowledges nothing"


def test_the_number_of_a_group_is_a_number() -> None:
    """AK102 is N0: 0007 goes back as 7, and 7 or 0007 speaks of the group that was sent as either."""
    sent = BASE.replace("*0800*26*X*", "*0800*0007*X*").replace("GE*1*26~", "GE*1*0007~").encode()
    made = written(answers(sent))
    assert b"AK1*PO*7~" in made
    for data in (made, made.replace(b"AK1*PO*7~", b"AK1*PO*0007~")):
        [document] = [r.document for r in read(data) if r.document]
        assert [one.sent for one in explain(document, sent)] == [True, True]
        assert [one.sent for one in explain(document, sent.replace(b"*0007", b"*7"))] == [True, True]
        assert [one.sent for one in explain(document, sent.replace(b"*0007", b"*70"))] == [False, False]


def test_command_judges_nothing_when_what_was_sent_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "997.edi").write_bytes(written(answers(BASE.encode())))
    done = CliRunner().invoke(translator, ["verdict", str(tmp_path / "997.edi"), "--sent", str(tmp_path / "gone.edi")])
    assert (done.exit_code, done.stdout) == (3, "")
    assert "gone.edi" in done.stderr and "Nothing was judged" in done.stderr
