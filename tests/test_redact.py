"""A file for a bug report: nothing that a stranger should not read is left, all else is as it was, and so are the findings."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from mutants import FAMILIES, mutant
from walked import REAL, ROOT, drawn, written

from translator.cli import translator
from translator.documents.given import by_schema
from translator.errors import LimitExceeded, NotX12, TableError
from translator.findings import Finding
from translator.show.annotate import annotated
from translator.show.disguise import Disguise
from translator.show.redact import Redactor, redacted
from translator.show.redacted_document import document
from translator.show.secrets import secrets
from translator.tables.checks import right_digit
from translator.walk import check, read
from translator.walk.answer import compare

SAMPLES = sorted(ROOT.glob("samples/*/*.edi"))
FILES = [*SAMPLES, *REAL]
GUEST = ROOT / "samples/guest"
KEY = b"a key for tests"
MUTANTS = 100


def disguised(data: bytes, key: bytes = KEY) -> bytes:
    out: list[bytes] = []
    redacted(Redactor(key), data, out.append)
    return b"".join(out)


def places(found: list[Finding]) -> Counter[tuple[object, ...]]:
    """Findings by code, severity and place."""
    return Counter((one.code, one.severity, one.set if one.at else None, one.at, one.line) for one in found)


def run(*words: str | Path, data: bytes | None = None) -> tuple[int, bytes, str]:
    done = CliRunner().invoke(translator, ["redact", *map(str, words)], input=data)
    return done.exit_code, done.stdout_bytes, done.stderr


# --- findings -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_findings_are_the_same_before_and_after(file: Path) -> None:
    data = file.read_bytes()
    try:
        before = list(check(data))
    except NotX12:
        with pytest.raises(NotX12):
            disguised(data)
        return
    made = disguised(data, file.name.encode())
    assert places(list(check(made))) == places(before)


@pytest.mark.parametrize("family", FAMILIES)
def test_findings_of_spoiled_files_are_the_same_too(family: str) -> None:
    judged = 0
    for n in range(MUTANTS):
        data, out = mutant(5, n, family), []
        try:
            said = redacted(Redactor(b"%d" % n), data, out.append)
        except (NotX12, LimitExceeded):
            continue
        assert said.same, f"{family} {n}: {said.differing}"
        assert data.count(b"\n") == b"".join(out).count(b"\n")
        judged += said.findings > 0
    assert judged > MUTANTS // 3


@pytest.mark.parametrize("story", sorted({path.parent for path in ROOT.glob("samples/*/[468]*.edi")}), ids=lambda path: path.name)
def test_an_order_and_its_answers_still_belong_together(story: Path) -> None:
    redactor = Redactor(KEY)

    def documents(file: Path) -> list[dict[str, Any]]:
        out: list[bytes] = []
        redacted(redactor, file.read_bytes(), out.append)
        return [r.document for r in read(b"".join(out)) if r.document]

    orders = documents(story / "1-850.edi")
    was = [r.document for r in read(story / "1-850.edi") if r.document]
    for file in sorted(story.glob("[468]*.edi")):
        table = next(r.table for r in read(file) if r.table)
        for made, before in zip(documents(file), [r.document for r in read(file) if r.document], strict=True):
            assert before is not None
            then, now = (compare(one, known, table) for one, known in ((before, was), (made, orders)))
            assert [(one.ref, one.path, one.verdict) for one in now.report] == [
                (one.ref, one.path, one.verdict) for one in then.report
            ]
            assert [(one.code, one.path) for one in now.findings] == [(one.code, one.path) for one in then.findings]


def test_a_total_that_is_wrong_stays_wrong_and_a_right_one_right() -> None:
    right = (GUEST / "8-810.edi").read_bytes()
    for data in (right, right.replace(b"TDS*21250~", b"TDS*21251~")):
        for n in range(20):
            made = disguised(data, b"%d" % n)
            assert b"TDS*21250~" not in made
            assert ("made-differs" in {one.code for one in check(made)}) == ("made-differs" in {one.code for one in check(data)})
    assert places(list(check(right.replace(b"TDS*21250~", b"TDS*21251~")))) != places(list(check(right)))


# --- what is replaced, and what is not ------------------------------------------------------------------------------------------


def test_nothing_that_names_anybody_is_left() -> None:
    made = disguised((GUEST / "1-850.edi").read_bytes()).decode()
    for word in ("PAT", "EXAMPLE", "6125550123", "100 EX", "RIVER", "55001", "3342078", "SAMPLE", "0009-", "3300145", "1001",
                 "212.5", "349.99", "009081234", "CHAIR", "012345090011", "81234567", "MOSS", "1234567890"):  # fmt: skip
        assert word not in made, word


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_word_of_a_sample_is_left(file: Path) -> None:
    made = disguised(file.read_bytes()).decode("latin-1")
    told = {"REF02", "REF03", "N102", "N201", "N301", "N302", "N401", "PER02", "PER04", "PID05", "MSG01", "BEG03", "PRF01", "MAN02",
            "BIG02", "BIG04", "BAK03", "BSN02", "N902", "SAC15", "PO107", "PO109", "LIN03", "IT107"}  # fmt: skip
    words = {
        word
        for one in annotated(file.read_bytes())
        for line in one.lines
        for spot in line.spots
        if spot.ref in told
        for word in re.findall(r"[1-9][0-9]{5,}|[A-Za-z]{5,}", spot.value)
    }
    assert not [word for word in words if word in made]


def test_what_says_what_it_is_stays() -> None:
    before = (GUEST / "1-850.edi").read_bytes().decode()
    after = disguised(before.encode()).decode()
    assert len(after) == len(before)
    assert [line.split("*")[0] for line in after.split("\n")] == [line.split("*")[0] for line in before.split("\n")]
    for same in ("DTM*063*20260313~", "TD5*B*2*QZPX*U~", "ITD*01*2*****30~", "*92*9998~", "6111470100", "*304*X*004010~",
                 "SE*23*0001~",
                 "*MN*", "*US~", "PO1*000001*1*EA*", "*WE*CB*", "*UP*", "SAC*N**VI*OHDS~"):  # fmt: skip
        assert same in before and same in after, same


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30), st.binary(min_size=1, max_size=8))
@drawn(80)
def test_a_value_keeps_its_shape(text: str, key: bytes) -> None:
    made = Disguise(key).text(text)
    assert len(made) == len(text)
    for was, now in zip(text, made, strict=True):
        if was.isascii():
            assert (was.isdigit(), was.isupper(), was.islower()) == (now.isdigit(), now.isupper(), now.islower())
            assert was.isalnum() or was == now
            assert (was == "0") <= (now.isdigit())
    assert Disguise(key).text(text) == made


@given(
    st.sets(st.from_regex(r"[0-9]{1,4}|[A-Z]{1,2}|[0-9]{12,13}", fullmatch=True), max_size=40), st.binary(min_size=1, max_size=8)
)
@drawn(20)
def test_different_values_stay_different(values: set[str], key: bytes) -> None:
    disguise = real(key)
    assert len({disguise.text(one) for one in values}) == len(values)


def real(key: bytes = KEY) -> Disguise:
    """As redact makes it."""
    known = secrets()
    return Disguise(key, known.kept, known.forms, known.checked)


@cache
def numbers() -> list[tuple[str, str]]:
    found = [
        ("upc", "012345090011"),
        ("upc", "490090812340"),
        ("ean13", "4006381333931"),
        ("ean8", "73513537"),
        ("isbn", "9780306406157"),
    ]
    return [*found, ("sscc", "003456789012345675"), ("isbn", "0306406152"), ("isbn", "080442957X")]


@pytest.mark.parametrize("n", range(10))
@pytest.mark.parametrize(("kind", "value"), numbers())
def test_check_digits_are_right_where_they_were_right(kind: str, value: str, n: int) -> None:
    disguise = real(b"%d" % n)
    wrong = value[:-1] + str((int(value[-1]) + 3) % 10 if value[-1] != "X" else 1)
    for one in (value, wrong):
        made = disguise.isbn(one) if kind == "isbn" else disguise.text(one)
        assert (right_digit(kind, made) is None) == (right_digit(kind, one) is None)
        assert (made[-1] == "X") == (one[-1] == "X")


@pytest.mark.parametrize("n", range(10))
def test_relations_between_numbers_stay(n: int) -> None:
    disguise = real(b"%d" % n)
    item = disguise.text("037123456")
    assert item.startswith(disguise.text("037"))
    assert disguise.text("0009-3300145-1001").endswith(disguise.text("1001"))
    assert disguise.text("490371234564")[2:11] == item
    assert disguise.text("0003342078").endswith(disguise.text("3342078"))
    assert disguise.text("00003456789012345675") == "00" + disguise.text("003456789012345675")
    assert disguise.text("9998") == "9998" and disguise.text("VIA VCD").endswith("VCD")
    assert disguise.money("75.50") == disguise.money("75.5") + "0" and disguise.money("0.00") == "0.00"
    assert disguise.money("-7.5")[0] == "-"


def test_another_key_gives_others_and_the_same_key_the_same() -> None:
    data = (GUEST / "1-850.edi").read_bytes()
    assert disguised(data, b"a") == disguised(data, b"a") != disguised(data, b"b")
    assert run(GUEST / "1-850.edi")[1] != run(GUEST / "1-850.edi")[1]
    assert run(GUEST / "1-850.edi", "--seed", "a")[1] == run("-", "--seed", "a", data=data)[1]


def test_no_delimiter_comes_out_of_a_value() -> None:
    for file in sorted(ROOT.glob("samples/delimiters/*.edi")):
        data = file.read_bytes()
        made = disguised(data)
        assert re.sub(rb"[A-Za-z0-9]", b"", made) == re.sub(rb"[A-Za-z0-9]", b"", data)


def test_sets_that_no_table_reads_are_redacted_by_the_standard() -> None:
    data = (GUEST / "1-850.edi").read_bytes().replace(b"ST*850*", b"ST*875*").replace(b"GS*PO*", b"GS*OG*")
    data = data.replace(b"CSH*N~", b"G61*AA*JANE PRIVATE*TE*6125559999~CSH*N~")
    made = disguised(data)
    assert b"PAT EXAMPLE" not in made and b"JANE" not in made and b"9999" not in made and b"G61*AA*" in made
    code, _, said = run("-", data=data)
    assert (code, "1 of 1 sets by the standard alone" in said) == (0, True)


def test_stray_text_and_passwords_are_replaced() -> None:
    data = b"From: Jane Private\n" + (GUEST / "1-850.edi").read_bytes().replace(
        b"*00*          *00*          *", b"*03*user555555*01*secret7777*"
    )
    made = disguised(data)
    assert not re.search(rb"Jane|Private|user5|secret", made)


def test_foreign_letters_are_replaced_and_stay_what_they_are() -> None:
    for word in ("JOSÉ", "名前", "Łódź"):
        made = disguised((GUEST / "1-850.edi").read_bytes().replace(b"PAT EXAMPLE", word.encode())).decode()
        assert word not in made


# --- documents ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", [file for file in SAMPLES if not file.name.startswith("9")], ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_a_document_is_redacted_as_its_x12_is(file: Path) -> None:
    redactor = Redactor(KEY)
    before = [r.document for r in read(file) if r.document]
    after = [r.document for r in read(disguised(file.read_bytes())) if r.document]
    assert [document(redactor, one) for one in before if one] == after


def test_a_document_that_names_no_table_and_what_was_kept_beside_it() -> None:
    short = json.loads((ROOT / "samples/allowance-and-charge/7-invoice.json").read_text())
    made = document(
        Redactor(KEY), {**short, "derived": {"amount": "1"}, "residue": [], "erp": {"customer": "Jane Private", "priority": 3}}
    )
    assert "derived" not in made and "residue" not in made
    assert made["number"] != short["number"] and made["lines"][0]["quantity"] == short["lines"][0]["quantity"]
    assert made["erp"]["customer"] != "Jane Private" and made["erp"]["priority"] == 3
    assert not by_schema({key: value for key, value in made.items() if key != "erp"}, "") or by_schema(short, "")


def test_a_redacted_document_can_be_written() -> None:
    order = json.loads((GUEST / "2-order.json").read_text())
    made = document(Redactor(KEY), order)
    assert not by_schema(made, "")
    assert written(made) == disguised(written(order))


# --- the command ----------------------------------------------------------------------------------------------------------------


def test_it_says_what_it_did() -> None:
    code, out, said = run(GUEST / "1-850.edi", GUEST / "2-order.json")
    assert code == 0 and out.startswith(b"ISA*") and out.rstrip().endswith(b"}")
    assert "id 9, mailbox 2, name 3, price 2" in said and "findings before and after are the same (0)" in said
    assert said.count("documents are not judged here") == 1 and said.rstrip().endswith("no program finds.")


def test_each_file_goes_into_a_folder_and_nothing_is_overwritten(tmp_path: Path) -> None:
    words = [GUEST / "1-850.edi", GUEST / "6-856.edi", "--seed", "a", "--to", tmp_path / "out"]
    assert run(*words)[:2] == (0, b"")
    one, two = (next(r.document for r in read(tmp_path / "out" / name) if r.document) for name in ("1-850.edi", "6-856.edi"))
    assert one["number"] == two["orders"][0]["number"]
    code, _, said = run(*words)
    assert code == 2 and "nothing is overwritten" in said
    assert run(GUEST / "1-850.edi", ROOT / "samples/tcin/1-850.edi", "--to", tmp_path)[0] == 2


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "no.edi").write_bytes(b"hello\n")
    code, out, said = run(tmp_path / "no.edi", GUEST / "1-850.edi")
    assert (code, out[:3]) == (3, b"ISA") and "no.edi" in said


def test_a_difference_is_said_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translator.show.secrets.Secrets.kind", lambda *_, **__: "text")  # dates, numbers and codes too
    code, _, said = run(GUEST / "1-850.edi")
    assert code == 1 and "was not there before" in said and "cannot stand for the file" in said


def test_a_broken_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x12").mkdir()
    for text in ("surprise = 1\n", 'forms = ["(a)(b)"]\n', "checked = 3\n"):
        (tmp_path / "x12" / "redact.toml").write_text(text)
        secrets.cache_clear()
        from translator.tables.standard import parsed

        parsed.cache_clear()
        with pytest.raises(TableError, match=r"redact\.toml"):
            secrets(tmp_path)
