"""The ERP's files under column tables: what is found is data (``cases/columns.toml``), what comes back is a law.

``columns/*.csv`` are examples of every shipped table, made of the stories; ``GOLDEN=write pytest tests/test_columns.py`` writes
them anew. CSV is held against Python's own reader.
"""

from __future__ import annotations

import copy
import csv
import datetime
import io
import json
import os
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_findings import place

from translator import shipped
from translator.documents import violations
from translator.documents.places import get
from translator.errors import TableError
from translator.exchange.columns import Column, ColumnTable, file_name, load, read, reject, rows, trigger_name, write
from translator.exchange.columns.load import CHOICES, COLUMN, FILE, TOP
from translator.findings import Finding, finding, has_errors

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = Path(__file__).parent / "columns"
HELD: dict[str, Any] = tomllib.loads((Path(__file__).parent / "cases/columns.toml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = HELD["case"]
TABLES = sorted(name.removeprefix("mappings/").removesuffix(".toml") for name in shipped.names("mappings/erp", ".toml"))
FIXED = """
document = "shipment"
each = "orders[].packs[].items[]"
[file]
layout = "fixed"
header = false
"""
FIXED_COLUMNS = [
    ("SHIPMENT", "id", 10, "key = true\nrequired = true"),
    ("DATE", "ship_date", 10, ""),
    ("PO", "orders[].number", 20, "key = true\nrequired = true"),
    ("QTY", "orders[].packs[].items[].quantity", 6, 'required = true\nalign = "right"'),
    ("NOTE", "orders[].packs[].items[].descriptions[0].text", 4, "words = true"),
    ("SSCC", "orders[].packs[].sscc", 18, "key = true"),
]


def table_of(text: str, folder: Path) -> ColumnTable:
    """The table that a text describes."""
    (folder / "erp").mkdir(exist_ok=True)
    (folder / "erp/mine.toml").write_text(text, encoding="utf-8")
    return load("erp/mine", folder)


def columns(*about: tuple[str, str, int, str]) -> str:
    return "\n".join(f'[[column]]\nname = "{name}"\npath = "{path}"\nwidth = {width}\n{more}' for name, path, width, more in about)


def case_table(case: dict[str, Any], folder: Path) -> ColumnTable:
    text = FIXED + columns(*FIXED_COLUMNS) if case.get("fixed") else HELD["table"]
    old, new = case.get("table", ("", ""))
    assert old in text
    return table_of(text.replace(old, new, 1), folder)


def case_file(case: dict[str, Any]) -> bytes:
    """The bytes that a case reads."""
    lines = [line.split(",") for line in HELD["file"].splitlines()]
    names = lines[0]
    for edit in case.get("edit", ()):
        lines[edit["row"] - 1][names.index(edit["column"])] = edit["put"]
    if "fill" in case:
        lines[case["fill"]["row"] - 1][names.index(case["fill"]["column"])] = "X" * case["fill"]["length"]
    if "swap" in case:
        one, other = (n - 1 for n in case["swap"])
        lines[one], lines[other] = lines[other], lines[one]
    text = case.get("file", "".join(",".join(line) + "\r\n" for line in lines))
    for old, new in case.get("replace", ()):
        assert old in text
        text = text.replace(old, new)
    return bytes(text.encode(case.get("encoding", "utf-8")))


def done(case: dict[str, Any], folder: Path) -> tuple[list[Finding], int]:
    """What a case finds, and how many documents it gives."""
    table = case_table(case, folder)
    if case["do"] == "read":
        delivered = read(table, case_file(case))
        return delivered.findings, len(delivered.documents)
    document = copy.deepcopy(HELD["document"])
    for path, value in case.get("changed", {}).items():
        place(document, path, value)
    written = write(table, [document])
    assert written.ok != has_errors(written.findings)
    return written.findings, int(written.ok)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case_earns_exactly(case: dict[str, Any], tmp_path: Path) -> None:
    found, documents = done(case, tmp_path)
    assert [f.code for f in found] == [want["code"] for want in case["find"]], [(f.code, f.where, f.sentence) for f in found]
    for one, want in zip(found, case["find"], strict=True):
        assert {key: getattr(one, key) for key in want} == want
    assert documents == case.get("documents", documents)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_findings_are_told_in_words_and_with_their_place(case: dict[str, Any], tmp_path: Path) -> None:
    for one in done(case, tmp_path)[0]:
        for text in (one.sentence, one.cure):
            bare = re.sub(r'"[^"]*"', "X", text)
            assert text[0].isupper() or text.startswith(one.path or "?"), text
            assert text.endswith("."), text
            assert not re.search(r"None|nothing\b.*nothing|[{}]|\s\s|\s\.$|: \.|, ,|\(\)|this element", bare), text
        assert one.rule is None or one.rule.startswith("mappings/erp/mine.toml")
        assert one.path or one.line or one.code.startswith("file-")
        assert one.line is None or f"row {one.line}" in one.where
        assert one.as_dict()["cure"] == one.cure


# --- the law ------------------------------------------------------------------------------------------------------------

FORMS: list[dict[str, Any]] = [
    {},
    {"delimiter": ";", "decimal": ",", "date": "DD.MM.YYYY", "line_end": "\n", "encoding": "cp1252", "time": "HHMMSS"},
    {"delimiter": "\t", "quote": "always", "date": "YYYYMMDD", "encoding": "utf-8-sig", "time": "HH:MM:SS"},
    {"delimiter": "|", "header": False, "date": "MM/DD/YY", "decimal": ","},
    {"layout": "fixed", "header": False, "line_end": "\r\n"},
    {"layout": "fixed", "header": True, "line_end": "\n", "decimal": ",", "date": "DD-MM-YYYY"},
]


def formed(table: ColumnTable, form: dict[str, Any]) -> ColumnTable:
    """A shipped table with its file in another form."""
    made = evolve(table, form=evolve(table.form, **form))
    if form.get("layout") == "fixed":
        wide = (evolve(c, width=40, align="right" if c.kind == "decimal" else "left") for c in table.columns)
        made = evolve(made, columns=tuple(wide))
    return made


def texts(column: Column, form: dict[str, Any], chance: Random) -> str:
    if column.like is not None:
        made = ("".join(chance.choices(letters, k=n)) for n in range(1, 40) for letters in ("0123456789", "ABCDEFGH"))
        return next(text for text in made if column.like.fullmatch(text))
    alphabet = "AZ09 -=+@.'éß" + ("" if form.get("layout") == "fixed" else ',;|\t"\r\n')
    size = column.lengths[0] if column.lengths else chance.randint(1, 12)
    # X around it: a spreadsheet's damage, and blanks that do not come back, are another test's matter
    return "X" + "".join(chance.choices(alphabet, k=max(size - 2, 0))) + "X"


def value_of(column: Column, form: dict[str, Any], chance: Random) -> Any:
    if column.kind == "text":
        return chance.choice(sorted(column.codes)) if column.codes else texts(column, form, chance)
    if column.kind == "decimal":
        return format(Decimal(chance.randint(-(10**6), 10**9)).scaleb(-chance.randint(0, 5)), "f")
    if column.kind == "count":
        return chance.randint(0, 10**9)
    if column.kind == "date":
        return str(datetime.date(2000, 1, 1) + datetime.timedelta(chance.randint(0, 36524)))
    if column.kind == "time":
        return f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}" + (":00" if "SS" in form.get("time", "") else "")
    return chance.random() < 0.5


def put(holder: dict[str, Any], column: Column, value: Any) -> bool:
    """Put a value where a column has it, as JSON is made by hand; not where an entry before it is missing."""
    *through, last = column.path
    here: Any = holder
    for step in through:
        if step.index is not None:
            entries = here.setdefault(step.name, [])
            if step.index > len(entries):
                return False
            if step.index == len(entries):
                entries.append({})
            here = entries[step.index]
        elif step.codes:
            entries = here.setdefault(step.name, [])
            wanted = dict(step.codes)
            here = next((e for e in entries if wanted.items() <= e.items()), None)
            if here is None:
                here = dict(wanted)
                entries.append(here)
        else:
            here = here.setdefault(step.name, {})
    if last.index is None:
        here[last.name] = value
        return True
    entries = here.setdefault(last.name, [])
    if last.index != len(entries):
        if not entries:
            del here[last.name]
        return False
    entries.append(value)
    return True


def drawn(table: ColumnTable, form: dict[str, Any], seed: int, count: int) -> list[dict[str, Any]]:
    """Documents that say something, or nothing, in each column."""
    chance = Random(seed)
    return [{"document": table.document, **an_object(table, form, chance, 0, n)} for n in range(count)]


def an_object(table: ColumnTable, form: dict[str, Any], chance: Random, level: int, number: int) -> dict[str, Any]:
    """An object of a level, with what the columns say of it; its first key tells it apart."""
    made: dict[str, Any] = {}
    keys = table.keys(level)
    for column in (c for c in table.said if c.level == level):
        if column.required or column in keys[:1] or chance.random() < 0.6:
            value = value_of(column, form, chance)
            if column in keys[:1] and column.kind == "text":
                value = value[:-1] + str(number)
            elif column in keys[:1] and column.kind == "date":
                value = f"20{10 + number}-01-01"
            put(made, column, value)
    made = _without_empty(made)
    if level < table.depth:
        *through, last = table.levels[level]
        holder = made
        for step in through:
            assert step.index == 0
            holder = holder.setdefault(step.name, [{}])[0]
        holder[last.name] = [an_object(table, form, chance, level + 1, n) for n in range(chance.randint(1, 3))]
    return made


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        held = {k: _without_empty(v) for k, v in value.items()}
        return {k: v for k, v in held.items() if v not in ({}, [])}
    return [v for v in map(_without_empty, value) if v != {}] if isinstance(value, list) else value


@pytest.mark.parametrize("form", FORMS, ids=lambda form: " ".join(map(repr, form.values())) or "as shipped")
@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 3))
def test_what_is_written_comes_back(name: str, form: dict[str, Any], seed: int, count: int) -> None:
    table = formed(load(name), form)
    documents = drawn(table, form, seed, count)
    written = write(table, documents)
    assert written.data is not None, [(f.code, f.path, f.value, f.sentence) for f in written.findings]
    back = read(table, written.data)
    assert [f for f in back.findings if f.severity == "error"] == [], [f.sentence for f in back.findings]
    assert [one.document for one in back.documents] == documents
    assert write(table, [one.document for one in back.documents]).data == written.data


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_another_reader_finds_the_same_cells(name: str, seed: int) -> None:
    table = load(name)
    [document] = drawn(table, {}, seed, 1)
    written = write(table, [document])
    assert written.data is not None
    held = list(csv.reader(io.StringIO(written.data.decode("utf-8"), newline=""), strict=True))
    assert held == [[c.name for c in table.in_file], *rows(table, document, [])]


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_place_of_a_document_names_its_cell(name: str, seed: int) -> None:
    table = load(name)
    written = write(table, drawn(table, {}, seed, 2))
    assert written.data is not None
    cells = list(csv.reader(io.StringIO(written.data.decode("utf-8"), newline=""), strict=True))
    lines, line = {}, 1
    for row in cells:
        lines[line] = row
        line += 1 + sum(len(re.findall(r"\r\n|\n|\r", cell)) for cell in row)
    for one in read(table, written.data).documents:
        told = [one.told(finding("name-unknown", path=f"$.{path}")) for path in leaves(one.document) if path != "document"]
        assert all(f.line and f.ref for f in told)
        for f in told:
            column = table.column(f.ref or "")
            assert column is not None
            value = at(one.document, (f.path or "").removeprefix("$."))
            text = lines[f.line or 0][table.in_file.index(column)].strip(" \t\u00a0")
            assert column.codes.get(str(value).lower() if column.kind == "flag" else value, str(value)) == text or any(
                step.codes for step in column.path
            )


ODD = ["", "=1", "4.12346E+11", "12/3/26", "X" * 40_000, 'a"b', "a,b", "é", "#N/A", "\t", "1,5"]


@example(row=1, column=0, text="", name="erp/orders")
@given(row=st.integers(1, 20), column=st.integers(0, 50), text=st.sampled_from(ODD), name=st.sampled_from(TABLES))
@settings(max_examples=300, deadline=None)
def test_no_row_is_lost_whatever_a_cell_becomes(row: int, column: int, text: str, name: str) -> None:
    """Each row is in a document that is given, or in one that is held; and what is held comes back in the reject file."""
    table = load(name)
    cells = list(csv.reader(io.StringIO((EXAMPLES / f"{name.removeprefix('erp/')}.csv").read_text("utf-8"), newline="")))
    row, column = 1 + row % (len(cells) - 1), column % len(cells[0])
    cells[row][column] = text
    file = io.StringIO(newline="")
    csv.writer(file).writerows(cells)
    data = file.getvalue().encode()
    delivered = read(table, data)
    given_ = [line for one in delivered.documents for line in one.lines]
    held = {line for lines in delivered.held for line in lines}  # a row that may be of either of two documents holds both
    assert sorted([*given_, *held]) == list(range(2, len(cells) + 1))
    assert bool(delivered.held) == has_errors(delivered.findings)
    back = list(csv.reader(io.StringIO(reject(table, data, delivered.findings).decode(), newline="")))
    assert len(back) == 1 + len(held)
    assert all(line[-2] and line[-1] for line in back)


@given(name=st.sampled_from(TABLES), cut=st.integers(0, 3000), put_in=st.binary(max_size=8), gone=st.integers(0, 40))
@settings(max_examples=300, deadline=None)
def test_no_bytes_make_it_fail(name: str, cut: int, put_in: bytes, gone: int) -> None:
    table, data = load(name), (EXAMPLES / f"{name.removeprefix('erp/')}.csv").read_bytes()
    cut %= len(data)
    data = data[:cut] + put_in + data[cut + gone :]
    delivered = read(table, data)
    assert all(f.sentence and f.cure and f.as_dict() for f in delivered.findings)
    assert delivered.documents or has_errors(delivered.findings)
    assert bool(delivered.held) <= has_errors(delivered.findings)
    reject(table, data, delivered.findings)


def leaves(value: Any, prefix: str = "") -> list[str]:
    if isinstance(value, dict):
        return [path for key, inner in value.items() for path in leaves(inner, f"{prefix}.{key}" if prefix else key)]
    if isinstance(value, list):
        return [path for n, inner in enumerate(value) for path in leaves(inner, f"{prefix}[{n}]")]
    return [prefix]


def at(document: Any, path: str) -> Any:
    for step in re.findall(r"[^.\[\]]+", path):
        document = document[int(step) if step.isdigit() else step]
    return document


def test_a_zero_padded_number_comes_back(tmp_path: Path) -> None:
    about = [("QTY", "orders[].packs[].items[].quantity", 6, 'required = true\nalign = "right"\npad = "0"')]
    text = FIXED + columns(*[c for c in FIXED_COLUMNS if c[0] not in ("QTY", "DATE", "NOTE")], *about)
    table = table_of(text, tmp_path)
    document = {"document": "shipment", "id": "S", "orders": [{"number": "P", "packs": [{"items": [{"quantity": "0.5"}]}]}]}
    written = write(table, [document])
    assert written.data == b"S         P" + b" " * 37 + b"0000.5\r\n"
    assert [one.document for one in read(table, written.data).documents] == [document]
    document["orders"][0]["packs"][0]["items"][0]["quantity"] = "0012"  # type: ignore[index]
    assert [f.code for f in write(table, [document]).findings] == ["cell-unfit"]


# --- the shipped tables -------------------------------------------------------------------------------------------------

STORIES = {
    "erp/acknowledgments": ["changes/3-acknowledgment", "guest/3-acknowledgment"],
    "erp/invoices": ["allowance-and-charge/7-invoice", "changes/7-invoice"],
    "erp/order-components": ["prepack/2-order"],
    "erp/orders": ["guest/2-order", "two-case-packs/2-order"],
    "erp/shipments": ["pallets/5-shipment", "part-shipment/5b-shipment", "guest/5-shipment"],
}


def story(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / f"samples/{name}.json").read_text(encoding="utf-8"))
    return document


def test_every_table_has_its_example() -> None:
    assert sorted(STORIES) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_example(name: str) -> None:
    table, file = load(name), EXAMPLES / f"{name.removeprefix('erp/')}.csv"
    documents = [story(one) for one in STORIES[name]]
    written = write(table, documents)
    assert written.data is not None
    if os.environ.get("GOLDEN") == "write":
        EXAMPLES.mkdir(exist_ok=True)
        file.write_bytes(written.data)
    assert file.read_bytes() == written.data
    back = read(table, written.data)
    assert not has_errors(back.findings)
    assert len(back.documents) == len(documents)
    for one, document in zip(back.documents, documents, strict=True):
        for column in (c for c in table.said if c.level == 0):
            assert get(one.document, column.path) == get(document, column.path)
        assert violations(one.document) == [] or table.document == "order"


@pytest.mark.parametrize("kind", ["2-order", "3-acknowledgment", "shipment", "invoice"])
def test_every_story_can_be_told_in_columns(kind: str) -> None:
    told = 0
    for file in sorted((ROOT / "samples").glob(f"*/*{kind}.json")):
        held = json.loads(file.read_text(encoding="utf-8"))
        for document in held if isinstance(held, list) else [held]:
            for name in TABLES:
                if load(name).document == document.get("document"):
                    written = write(load(name), [document])
                    assert written.ok, (file, [f.sentence for f in written.findings])
                    told += 1
    assert told > 3


def test_two_documents_with_the_same_keys_do_not_share_a_file() -> None:
    table, document = load("erp/invoices"), story("changes/7-invoice")
    written = write(table, [document, document])
    assert written.data is None
    [found] = written.findings
    assert (found.code, found.path, found.ref, found.value) == ("row-merged", "$", "INVOICE", "INV100724")


def test_a_second_order_is_not_lost() -> None:
    document = story("changes/3-acknowledgment")
    document["orders"] *= 2
    written = write(load("erp/acknowledgments"), [document])
    assert written.data is None
    assert [(f.code, f.path) for f in written.findings if f.severity == "error"] == [("cell-more", "orders")]


# --- loading ------------------------------------------------------------------------------------------------------------

BROKEN = [
    ('each = "orders', 'ech = "orders', "`each`"),
    ('document = "shipment"', 'document = "shipmint"', "there are acknowledgment"),
    ('each = "orders[].packs[].items[]"', 'each = "orders[].packs"', "the path of a list"),
    ('each = "orders[].packs[].items[]"', 'each = "orders[].boxes[]"', "has no 'boxes'"),
    ('path = "ship_date"', 'path = "shipdate"', "did you mean 'ship_date'?"),
    ('path = "ship_date"', 'path = "Ship Date"', "is no path"),
    ('path = "ship_date"', 'path = "carrier"', "is an object or a list"),
    ('path = "ship_date"', 'path = "orders[0].number"', "in another way"),
    ('path = "ship_date"', 'path = "pallets[].sscc"', "leaves the path of `each`"),
    ('path = "ship_date"', 'path = "references[0].id"', "is no list"),
    ('path = "ship_date"', 'path = "id"', "is filled by SHIPMENT too"),
    ('path = "ship_date"', 'path = "ship_date"\nkind = "text"', "leave `kind` out"),
    ('path = "ship_date"', 'path = "erp.day"\nkind = "day"', "there are text"),
    ('path = "ship_date"', 'path = "ship_date"\nlenght = 3', "did you mean `length`?"),
    ('path = "ship_date"', 'path = "ship_date"\nlength = 3', "is for texts"),
    ('path = "ship_date"', 'path = "ship_date"\nwidth = 3', "fixed layout"),
    ('path = "ship_date"', 'path = "ship_date"\nor = "PO"', "goes with `required = true`"),
    ('path = "ship_date"', 'path = "ship_date"\nrequired = true\nor = "TIM"', "no column of the same object"),
    ('path = "ship_date"', 'path = "ship_date"\nkey = "yes"', "`key` is true or false"),
    ('path = "ship_date"', 'path = "erp.x"\nlike = "("', "no pattern"),
    ('path = "ship_date"', 'path = "erp.x"\ncheck = "isin"', "there are upc"),
    ('path = "ship_date"', 'path = "erp.x"\ncodes = { A = "X", B = "X" }', "two values have the same word"),
    ('path = "ship_date"', 'path = "erp.x"\ncodes = { A = "" }', "a text"),
    ('path = "ship_date"', 'path = "erp.x"\nwords = true\nlength = 3', "for people to read"),
    ('path = "ship_date"', 'value = "D"\nrequired = true', "always says the same"),
    ('path = "ship_date"', 'path = "ship_date"\nvalue = "D"', "a constant of the document"),
    ('name = "SHIP_DATE"', 'name = "shipment"', "another column has the same name"),
    ('name = "SHIP_DATE"', 'name = "error"', "reject file"),
    ('name = "SHIP_DATE"', 'name = " SHIP_DATE"', "blanks around it"),
    ('number"\nkey = true', 'number"', "tells one of orders[] from the next"),
    ('quantity"\nrequired = true', 'quantity"', "innermost object needs"),
    ("[file]", '[file]\nencoding = "utf-16"', "it may be 'utf-8'"),
    ("[file]", '[file]\ndelimiter = "."', "it may be ','"),
    ("[file]", '[file]\ndecimal = ","\nquote = "never"', "needs quotes"),
    ("[file]", '[file]\ndate = "YYYY-MM"', "each once"),
    ("[file]", '[file]\ntime = "HH"', "each once"),
    ("[file]", '[file]\nheader = "yes"', "`header` is true or false"),
    ("[file]", '[file]\nlayout = "fixed"', "needs the `width`"),
    ("[file]", '[file]\nlayout = "fixed"\ndelimiter = ","', "neither `delimiter` nor `quote`"),
    ("[file]", '[file]\none_file = "pass"\ntrigger = "../x"', "a file's name"),
    ('name = "shipments-{stamp}.csv"', 'name = "../x.csv"', "a file's name begins"),
    ('name = "shipments-{stamp}.csv"', 'name = "x-{idd}.csv"', "did you mean 'id'?"),
    ('name = "shipments-{stamp}.csv"', 'name = "x-{id}.csv"\none_file = "pass"', "only {stamp}"),
    ("[file]", "[[file]]", "it is a table of keys"),
    ("[file]", "colour = 1\n[file]", "has no key `colour`"),
    ("[file]", 'without = "no"\n[file]', "it may be 'refuse'"),
]


@pytest.mark.parametrize(("old", "new", "says"), BROKEN, ids=[f"{n} {new!r}" for n, (_, new, _) in enumerate(BROKEN)])
def test_a_table_that_cannot_be_right_does_not_load(old: str, new: str, says: str, tmp_path: Path) -> None:
    assert old in HELD["table"]
    with pytest.raises(TableError, match=re.escape(says)) as error:
        table_of(HELD["table"].replace(old, new, 1), tmp_path)
    assert str(error.value).startswith("mappings/erp/mine.toml")


def test_a_table_that_is_not_there() -> None:
    with pytest.raises(TableError, match="there is no"):
        load("erp/nothing")


def test_a_document_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="documents of the kind 'invoice'"):
        write(load("erp/invoices"), [story("guest/5-shipment")])


# --- reject files -------------------------------------------------------------------------------------------------------


def rejected(case: dict[str, Any], folder: Path, more: tuple[Finding, ...] = ()) -> list[list[str]]:
    table, data = case_table(case, folder), case_file(case)
    back = reject(table, data, [*read(table, data).findings, *more])
    return list(csv.reader(io.StringIO(back.decode("utf-8"), newline=""), strict=True))


def test_a_reject_file_has_the_rows_of_documents_with_errors(tmp_path: Path) -> None:
    heading, first, second = rejected({"edit": [{"row": 3, "column": "UPC", "put": "4.12346E+11"}]}, tmp_path)
    assert heading == [*HELD["file"].splitlines()[0].split(","), "error", "cure"]
    assert first[:-2] == HELD["file"].splitlines()[1].split(",")
    assert first[-2] == "Nothing is wrong here, but with row 3 of the same document."
    assert (second[7], second[-2][:30]) == ("4.12346E+11", 'Column UPC is "4.12346E+11": a')
    assert second[-1].startswith("Take the value from the ERP again")


def test_a_corrected_reject_file_is_taken(tmp_path: Path) -> None:
    case: dict[str, Any] = {"edit": [{"row": 3, "column": "UPC", "put": "4.12346E+11"}]}
    table, data = case_table(case, tmp_path), case_file(case)
    back = reject(table, data, read(table, data).findings)
    again = read(table, back.replace(b"4.12346E+11", b"012345205019", 1))
    assert [one.document["id"] for one in again.documents] == ["S1"]
    assert again.findings == []
    still = reject(table, back, read(table, back).findings)
    assert still == back, "the two columns are made anew, not doubled"


def test_a_later_finding_is_told_by_row_and_column(tmp_path: Path) -> None:
    table, data = case_table({}, tmp_path), case_file({})
    [first, second] = read(table, data).documents
    over = first.told(finding("quantity-over", path="orders[0].packs[1].items[0].quantity", value="24", expected="12"))
    assert (over.line, over.ref) == (3, "QTY")
    around = second.told(finding("quantity-over", path="$.orders[0].packs[0].items[0].components[2].line"))
    assert (around.line, around.ref) == (4, None)
    assert second.told(finding("order-blocked", path="somewhere")).line == 4
    lines = list(csv.reader(io.StringIO(reject(table, data, [over]).decode(), newline="")))
    assert [line[0] for line in lines[1:]] == ["S1", "S1"]
    assert reject(table, data, []).count(b"\n") == 1


def test_nothing_of_a_stray_row_or_a_broken_file_is_lost(tmp_path: Path) -> None:
    assert len(rejected({"edit": [{"row": 3, "column": "SHIPMENT", "put": ""}]}, tmp_path)) == 4
    [heading, only] = rejected({"encoding": "utf-16"}, tmp_path)
    assert heading[-2:] == ["error", "cure"]
    assert only[-2].startswith("The file holds")
    long = rejected({"edit": [{"row": 3, "column": "NOTE_1", "put": "SOFT, BLUE"}]}, tmp_path)
    assert {len(line) for line in long} == {16}


def test_the_two_columns_are_no_formula(tmp_path: Path) -> None:
    table, data = case_table({}, tmp_path), case_file({})
    bad = finding("answer-none", path="=cmd()", line=2, value="x")
    lines = list(csv.reader(io.StringIO(reject(table, data, [bad.having(code="carrier-unknown")]).decode(), newline="")))
    assert lines[1][-2].startswith("'=cmd() is")


def test_a_reject_file_of_a_fixed_layout(tmp_path: Path) -> None:
    table = case_table({"fixed": True}, tmp_path)
    data = b"S1        2026-04-13P1                      12\nS2        soon      P1                      12\n"
    back = reject(table, data, read(table, data).findings)
    assert back.startswith(b"S2        soon      P1                      12" + b" " * 24 + b"Column DATE is")
    assert back.count(b"\n") == 1


# --- names and the guide ------------------------------------------------------------------------------------------------

NAMES = [
    "0055-1199001-0551", "../../etc/passwd", "C:\\x", "CON", "a:b", "", ".", "..", "x" * 300, "A.", "Abc", "abc",
    "A/B", "A\\B", "\0", "é",
]  # fmt: skip


def test_file_names_are_safe_and_differ() -> None:
    table = load("erp/orders")
    made = [file_name(table, {"number": name}, "20260413") for name in NAMES]
    assert made[0] == "order-0055-1199001-0551-20260413.csv"
    assert all(re.fullmatch(r"order-[A-Za-z0-9.-]+-20260413\.csv", name) and ".." not in name and len(name) < 80 for name in made)
    assert len({name.casefold() for name in made}) == len(NAMES)


def test_trigger_name(tmp_path: Path) -> None:
    table = table_of(HELD["table"].replace("[file]", '[file]\ntrigger = "{name}.ready"'), tmp_path)
    assert trigger_name(table, file_name(table, stamp="7")) == "shipments-7.csv.ready"
    assert trigger_name(load("erp/orders"), "x.csv") == ""


def test_the_guide_teaches_every_key() -> None:
    text = (ROOT / "mappings/erp/README.md").read_text(encoding="utf-8")
    keys = re.findall(r"^\| ((?:`[a-z_]+`(?:, )?)+) \|", text, re.M)
    taught = {name for line in keys for name in re.findall(r"[a-z_]+", line)}
    assert taught == TOP | FILE | COLUMN
    for key, words in CHOICES.items():
        for word in words:
            shown = {"\t": "\\t", "\r\n": "\\r\\n", "\n": "\\n", "|": "\\|"}.get(word, word)
            assert f'"{shown}"' in text, f"{key} = {word!r} is not taught"


def test_the_tables_of_the_guide_load(tmp_path: Path) -> None:
    text = (ROOT / "mappings/erp/README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)
    assert blocks
    for n, block in enumerate(blocks):
        (tmp_path / str(n)).mkdir()
        assert table_of(block, tmp_path / str(n)).columns


def test_decimals_are_exact() -> None:
    table = formed(load("erp/invoices"), {"decimal": ","})
    document = {"document": "invoice", "invoice_number": "I", "invoice_date": "2026-04-13", "number": "P"}
    exact = ["0.1", "12345678901234567890.123456789", ".5", "-3", "1.10"]
    lines = [{"line": str(n), "quantity": text} for n, text in enumerate(exact)]
    written = write(table, [{**document, "lines": lines}])
    assert written.data is not None
    [back] = read(table, written.data).documents
    assert [Decimal(line["quantity"]) for line in back.document["lines"]] == [Decimal(line["quantity"]) for line in lines]
    assert back.document["lines"] == lines
