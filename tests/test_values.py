"""Values of elements: what is no number, date or time is refused at once; what is one keeps its text and its value.

In go single texts and a small order with one value changed; the calendar, ``decimal`` and python-stdnum are the oracles.
"""

from __future__ import annotations

import datetime
import json
import re
import time
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean, isbn

from translator.findings import Finding
from translator.tables.checks import right_digit
from translator.walk import read, restore, write
from translator.x12.elements import breaches, json_type, to_json, to_text
from translator.x12.numbers import decimal, integer

ROOT = Path(__file__).parents[1]
BASE = tomllib.loads((ROOT / "tests/cases/base.toml").read_text(encoding="utf-8"))["order"].lstrip("\n")

ODD = [
    "NaN", "nan", "sNaN", "Infinity", "-Infinity", "inf", "1E9", "1e9", "1E+3000000", "1e-400", "1_000", "+5", "--5", "5-", "-",
    ".", "-.", "5.", "1.2.3", "1 000", " 5", "5 ", "4,06", "1.000,00", "1'000", "0x10", "0b1", "1/2", "$5", "5%", "(5)", "5,",
    "TRUE", "None", "12\n", "\n12", "12\r", "\t5", "5\x00", "\x1b5", "5\x7f", "\xb2", "\xbd", "\xa05", "1\xad0",
    "９".encode().decode("latin-1"), "٣".encode().decode("latin-1"), "−5".encode().decode("latin-1"),
    "9" * 400, "-" + "9" * 400, "0." + "0" * 400 + "1", "0" * 400,
]  # fmt: skip
WIDE = ["９", "１２", "٣", "१", "²", "½", "∞", "−5", "5\u200b", "\u0660.\u0661", "𝟓", "5\u2028"]
# The fields of the order that hold numbers: element, its type, the text to replace, the place in the document.
FIELDS = {
    "PO102": ("R", "PO1*1*6*EA", "PO1*1*{}*EA", "lines[0].quantity"),
    "PO104": ("R", "*EA*75.5*WE", "*EA*{}*WE", "lines[0].price"),
    "CTP03": ("R", "RES*145.99", "RES*{}", "lines[0].prices[0].price"),
    "PO401": ("N0", "PO4*6", "PO4*{}", "lines[0].packs[0].pack"),
    "ITD05": ("N0", "ITD*01*2*2**65", "ITD*01*2*2**{}", "terms[0].discount_days"),
    "CTT01": ("N0", "CTT*1*6", "CTT*{}*6", "totals.lines"),
}


def order(field: str, text: str) -> bytes:
    _, old, new, _ = FIELDS[field]
    assert old in BASE
    return BASE.replace(old, new.format(text)).encode("latin-1")


def read_one(data: bytes) -> tuple[dict[str, Any], list[Finding]]:
    readings = list(read(data))
    [document] = [r.document for r in readings if r.document is not None]
    return document, [f for r in readings for f in r.findings]


def at(document: Any, path: str) -> Any:
    """The value at a path such as ``lines[0].price``, or None."""
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(document, list):
            document = document[int(step)]
        else:
            document = document.get(step)
            if document is None:
                return None
    return document


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("text", ODD, ids=[f"{n}" for n in range(len(ODD))])
def test_an_odd_number_is_refused_at_once(field: str, text: str) -> None:
    data = order(field, text)
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        document, findings = read_one(data)
        spent.append(time.perf_counter() - start)
        if spent[-1] < 0.01:
            break
    assert min(spent) < 0.01
    errors = [f for f in findings if f.ref == field and f.severity == "error"]
    assert [f.value for f in errors] == [text] * len(errors)
    assert {f.code for f in errors} & {"element-number", "element-character", "element-long"}, findings
    assert at(document, FIELDS[field][3]) is None


@pytest.mark.parametrize("text", [*ODD, *WIDE])
def test_no_odd_number_gets_through_the_functions(text: str) -> None:
    start = time.perf_counter()
    assert decimal(text) is None
    assert integer(text) is None
    for type_ in ("R", "N0", "N2"):
        assert breaches(type_, 1, 15, text) != []
        assert to_json(type_, text) is None
    assert time.perf_counter() - start < 0.01


@pytest.mark.parametrize("text", ["1.0", ".5", "-.5", "0.00"])
def test_a_point_is_none_of_a_whole_number(text: str) -> None:
    assert integer(text) is None
    for type_ in ("N0", "N2"):
        assert [code for code, _ in breaches(type_, 1, 9, text)] == ["element-number"]
        assert to_json(type_, text) is None


@given(st.from_regex(r"-?[0-9]{0,15}\.?[0-9]{1,15}", fullmatch=True))
def test_a_decimal_keeps_text_and_value(text: str) -> None:
    assert decimal(text) == Decimal(text)
    assert to_json("R", text) == text
    assert to_text("R", text) == text
    assert "element-number" not in dict(breaches("R", 1, 30, text))


@given(st.text(alphabet="0123456789.-+eE_ ,\n٣", max_size=8))
def test_a_number_is_what_the_grammar_says(text: str) -> None:
    grammar = re.compile(r"-?(?:[0-9]+|[0-9]*\.[0-9]+)", re.ASCII)
    assert (decimal(text) is not None) == bool(grammar.fullmatch(text))
    assert (integer(text) is not None) == bool(re.fullmatch(r"-?[0-9]+", text, re.ASCII))


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("PO401", "006", 6), ("PO401", "-0", 0), ("PO401", "000000", 0), ("ITD05", "065", 65), ("ITD05", "000", 0),
        ("PO104", "75.500", "75.500"), ("PO104", "075.5", "075.5"), ("PO104", ".5", ".5"),
        ("PO104", "-0", "-0"),
        ("PO104", "0.0", "0.0"), ("PO104", "-.50", "-.50"), ("CTP03", "00000", "00000"),
        ("PO104", "999999999999.99", "999999999999.99"),
    ],
)  # fmt: skip
def test_zeros_and_signs_are_accepted(field: str, text: str, value: str | int) -> None:
    document, findings = read_one(order(field, text))
    assert findings == []
    found = at(document, FIELDS[field][3])
    assert found == value
    assert type(found) is type(value)


def test_a_line_number_keeps_its_zeros() -> None:
    document, findings = read_one(BASE.replace("PO1*1*", "PO1*000001*").encode())
    assert findings == []
    assert document["lines"][0]["line"] == "000001"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0.00"), ("5", "0.05"), ("-5", "-0.05"), ("50", "0.50"), ("150", "1.50"), ("-150", "-1.50"), ("000150", "1.50"),
        ("1000000", "10000.00"), ("1000112", "10001.12"), ("00", "0.00"),
    ],
)  # fmt: skip
def test_two_implied_decimals(text: str, value: str) -> None:
    assert to_json("N2", text) == value
    assert Decimal(value) == Decimal(text) / 100


@given(st.integers(-(10**15), 10**15))
def test_implied_decimals_both_ways(number: int) -> None:
    value = to_json("N2", str(number))
    assert isinstance(value, str)
    assert Decimal(value) == Decimal(number) / 100
    assert re.fullmatch(r"-?(?:0|[1-9][0-9]*)\.[0-9]{2}", value)
    assert to_text("N2", value) == str(number)


@given(st.integers(-(10**16), 10**16))
def test_counts_both_ways(number: int) -> None:
    assert to_json("N0", str(number)) == number
    assert to_text("N0", number) == str(number)
    assert to_json("N0", "0" + str(number) if number >= 0 else str(number)) == number


@given(digits=st.integers(1, 30), most=st.integers(1, 20), sign=st.booleans(), point=st.integers(-1, 29))
def test_a_length_counts_digits_only(digits: int, most: int, sign: bool, point: int) -> None:
    text = "7" * digits
    whole = ("-" if sign else "") + text
    wanted = ["element-long"] if digits > most else []
    assert [code for code, _ in breaches("N0", 1, most, whole)] == wanted
    if 0 <= point < digits:
        whole = ("-" if sign else "") + text[:point] + "." + text[point:]
    assert [code for code, _ in breaches("R", 1, most, whole)] == wanted
    assert [code for code, _ in breaches("AN", 1, most, whole)] == (["element-long"] if len(whole) > most else [])


def test_a_length_has_a_least_too() -> None:
    assert breaches("N0", 9, 9, "12345678") == [("element-short", "9 characters")]
    assert breaches("R", 3, 5, "-1.2") == [("element-short", "3 to 5 characters")]
    assert breaches("AN", 2, 30, "A") == [("element-short", "2 to 30 characters")]


def test_no_document_holds_a_float() -> None:
    def leaves(value: Any) -> Any:
        if isinstance(value, dict):
            for item in value.values():
                yield from leaves(item)
        elif isinstance(value, list):
            for item in value:
                yield from leaves(item)
        else:
            yield value

    for file in sorted((ROOT / "samples").glob("*/*.edi")):
        for reading in read(file):
            assert {type(leaf) for leaf in leaves(reading.document or {})} <= {str, int, bool}


# --- dates and times --------------------------------------------------------------------------------------------------


def calendar(text: str) -> str | None:
    """The oracle: what ``datetime`` makes of CCYYMMDD."""
    try:
        return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat()
    except ValueError:
        return None


@given(st.from_regex(r"[0-9]{8}", fullmatch=True))
def test_any_eight_digits_are_a_date_or_not(text: str) -> None:
    wanted = calendar(text)
    assert to_json("DT", text) == wanted
    assert [code for code, _ in breaches("DT", 8, 8, text)] == ([] if wanted else ["element-date"])


@pytest.mark.parametrize("year", ["0000", "0001", "1900", "2000", "2023", "2024", "2100", "9999"])
def test_every_day_and_every_other_number_of_a_year(year: str) -> None:
    for month in range(14):
        for day in range(33):
            text = f"{year}{month:02d}{day:02d}"
            assert to_json("DT", text) == calendar(text)
            assert (breaches("DT", 8, 8, text) == []) == (calendar(text) is not None)


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)))
def test_dates_both_ways(day: datetime.date) -> None:
    assert to_json("DT", f"{day:%Y%m%d}") == day.isoformat()
    assert to_text("DT", day.isoformat()) == f"{day:%Y%m%d}"
    assert to_json("DT", f"{day:%y%m%d}") == day.isoformat()
    assert breaches("DT", 6, 6, f"{day:%y%m%d}") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("20261332", "element-date"), ("20230229", "element-date"), ("00000000", "element-date"), ("2024 101", "element-date"),
        ("2024-101", "element-date"), ("２０２４".encode().decode("latin-1")[:8], "element-date"), ("240401", "element-short"),
        ("0000", "element-short"), ("202404010", "element-long"), ("2024-04-01", "element-long"),
        ("2024040\n", "element-character"),
    ],
)  # fmt: skip
def test_what_is_no_date(text: str, code: str) -> None:
    document, findings = read_one(BASE.replace("DTM*037*20240408", f"DTM*037*{text}").encode("latin-1"))
    assert code in [f.code for f in findings if (f.ref, f.severity, f.value) == ("DTM02", "error", text)]
    assert "date" not in document["dates"]["ship_not_before"] or code == "element-short"
    assert document["dates"]["ship_no_later"] == {"date": "2024-04-12"}


def test_every_four_digits_as_a_time() -> None:
    for number in range(10_000):
        text = f"{number:04d}"
        right = int(text[:2]) < 24 and int(text[2:]) < 60
        assert (breaches("TM", 4, 8, text) == []) == right
        assert to_json("TM", text) == (f"{text[:2]}:{text[2:]}" if right else None)
        assert not right or to_text("TM", to_json("TM", text)) == text


@given(st.from_regex(r"[0-9]{4,8}", fullmatch=True))
def test_times_both_ways(text: str) -> None:
    right = len(text) != 5 and int(text[:2]) < 24 and int(text[2:4]) < 60 and int(text[4:6] or 0) < 60
    assert [code for code, _ in breaches("TM", 4, 8, text)] == ([] if right else ["element-time"])
    value = to_json("TM", text)
    assert (value is not None) == right
    if isinstance(value, str):
        assert datetime.time.fromisoformat(value[:8]).strftime("%H%M%S").startswith(text[:4])
        assert to_text("TM", value) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2460", "element-time"), ("2400", "element-time"), ("09:00", "element-time"), ("0900 ", "element-time"),
        ("900", "element-short"), ("090000000", "element-long"),
    ],
)  # fmt: skip
def test_what_is_no_time(text: str, code: str) -> None:
    data = BASE.replace("DTM*038*20240412", f"DTM*078*20240412*{text}*LT").encode()
    document, findings = read_one(data)
    assert [f.code for f in findings if (f.ref, f.severity, f.value) == ("DTM03", "error", text)] == [code]
    assert "time" not in document["dates"]["promised_for_delivery"]


# --- texts ------------------------------------------------------------------------------------------------------------


@given(st.sampled_from(["AN", "ID"]), st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), min_size=1))
def test_a_text_is_kept_character_for_character(type_: str, text: str) -> None:
    assert to_json(type_, text) == text
    assert to_text(type_, text) == text


@pytest.mark.parametrize("type_", ["AN", "ID", "DT", "TM", "N0", "N2", "R"])
@pytest.mark.parametrize("value", [None, 1.5, 6.0, True, False, [], {}, b"6", Decimal(6), float("nan")])
def test_a_value_of_another_json_type_is_refused(type_: str, value: object) -> None:
    assert to_text(type_, value) is None
    assert to_text(type_, 6) == ("6" if json_type(type_) == "integer" else None)
    assert to_text(type_, "6") == ("6" if json_type(type_) == "string" else None)


@pytest.mark.parametrize(
    "raw", [b"SHI\tRT", b"SHI\nRT", b"SHI\r\nRT", b"\x00", b"A\x1bB", b"A\x7f", b"JOS\xc9", "JOSÉ".encode(), b"\xff\xfe", b"A>B"]
)
def test_strange_bytes_are_kept_flagged_and_shown_escaped(raw: bytes) -> None:
    data = BASE.encode().replace(b"SHIRT", raw)
    document, findings = read_one(data)
    assert document["lines"][0]["descriptions"][0]["text"].encode("latin-1") == raw
    assert [f.ref for f in findings] == ["PID05"]
    assert findings[0].code in ("element-character", "element-foreign", "element-components")
    assert not re.search(r"[^\x20-\x7e]", findings[0].sentence + json.dumps(findings[0].as_dict()))
    exact = [r.document for r in read(data, exact=True) if r.document]
    assert b"".join(restore(exact)) == data


@pytest.mark.parametrize("name", [b"JOS\xc9", "JOSÉ".encode()])
def test_foreign_bytes_are_written_as_they_came(name: bytes) -> None:
    data = BASE.encode().replace(b"STORE", name)
    document, _ = read_one(data)
    assert write(document).data == data


@pytest.mark.parametrize(
    ("text", "form", "codes"),
    [
        ("0037-1234567-0551", "4-7-4", []), ("12345678901-0551", "11-4", []),
        ("037-1234567-0551", "unknown", ["form-unknown"]), ("0037 1234567 0551", "unknown", ["form-unknown"]),
        ("00371234567", "unknown", ["form-unknown"]),
    ],
)  # fmt: skip
def test_a_po_number_goes_back_as_it_came(text: str, form: str, codes: list[str]) -> None:
    data = BASE.replace("0037-1234567-0551", text).encode()
    document, findings = read_one(data)
    assert (document["number"], document["number_format"]) == (text, form)
    assert [f.code for f in findings] == codes
    assert write(document).data == data


def test_the_published_sample_gives_an_order() -> None:
    """Its DPCI, UPC and PO number keep no rule of the guide; none of that may lose the order."""
    [reading] = [r for r in read(ROOT / "samples/published-sample/1-850.edi") if r.document]
    assert reading.ok
    assert reading.document is not None
    assert reading.document["lines"][0]["ids"] == {"dpci": "111111", "vendor_style": "2222222", "upc": "3333333"}
    assert reading.document["terms"][0]["discount_days"] == 65


# --- check digits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "length"), [("upc", 12), ("ean13", 13), ("ean8", 8), ("sscc", 18)])
@given(data=st.data())
def test_check_digits_agree_with_another_library(kind: str, length: int, data: st.DataObject) -> None:
    body = data.draw(st.from_regex(rf"[0-9]{{{length - 1}}}", fullmatch=True))
    right = ean.calc_check_digit(body)
    assert ean.is_valid(body + right) or kind == "sscc"
    for digit in "0123456789":
        assert right_digit(kind, body + digit) == (None if digit == right else right)


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_isbn_of_ten(body: str) -> None:
    rights = [digit for digit in "0123456789X" if right_digit("isbn", body + digit) is None]
    assert len(rights) == 1
    assert isbn.is_valid(body + rights[0])
    assert {right_digit("isbn", body + digit) for digit in "0123456789X"} == {None, rights[0]}


@given(st.sampled_from(["978", "979"]), st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_isbn_of_thirteen(prefix: str, body: str) -> None:
    rights = [digit for digit in "0123456789" if right_digit("isbn", prefix + body + digit) is None]
    assert rights == [ean.calc_check_digit(prefix + body)]
    assert isbn.is_valid(prefix + body + rights[0])


@pytest.mark.parametrize(
    ("kind", "text"),
    [("upc", "12345"), ("upc", "1234567890123"), ("ean13", "123456789012"), ("ean8", "1234567"), ("isbn", "9771234567898"),
     ("isbn", "X234567890"), ("sscc", "00"), ("upc", "12345678901A"), ("upc", "１２３４５６７８９０１２"), ("upc", "")],
)  # fmt: skip
def test_another_form_is_another_rules_matter(kind: str, text: str) -> None:
    assert right_digit(kind, text) is None
