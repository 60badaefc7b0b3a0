"""Documents as people read them: what ``translator show`` prints of every sample, and of whatever else comes.

``shown/*.txt`` are golden: ``GOLDEN=write pytest tests/test_show.py`` writes them anew; look at the difference before you
keep it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from walked import REAL

from translator.cli import translator
from translator.documents.given import by_schema, read_documents
from translator.errors import LimitExceeded, NotX12
from translator.findings import Finding, clean
from translator.show.people import sheet
from translator.show.terminal import lines, printed, text
from translator.tables.table import Table
from translator.walk import read

ROOT = Path(__file__).parents[1]
SHOWN = Path(__file__).parent / "shown"
GUEST = "samples/guest/1-850.edi"

# name of the golden text -> the words after `translator show`
STORIES = {
    "order": [GUEST],
    "order-everything": ["samples/everything/1-850.edi"],
    "order-prepack": ["samples/prepack/1-850.edi"],
    "order-faults": ["samples/published-sample/1-850.edi"],
    "order-revised": ["samples/changed/2c-order.json"],
    "change": ["samples/changed/1c-860.edi"],
    "acknowledgment": ["samples/rejection/4-855.edi", "tests/documents/acknowledgment-full.json"],
    "shipment": ["samples/pallets/6-856.edi", "tests/documents/shipment-full.json"],
    "invoice": ["samples/allowance-and-charge/8-810.edi", "tests/documents/invoice-full.json"],
    "verdict": ["samples/published-sample/9-997.edi", "tests/documents/interchange_acknowledgment-full.json"],
    "pick-guest": [GUEST, "--pick"],
    "pick-prepack": ["samples/prepack/1-850.edi", "--pick"],
    "pick-cross-dock": ["samples/vendor-cross-dock/1-850.edi", "--pick"],
    "slip-pallets": ["samples/pallets/5-shipment.json", "--pick", "--order", "samples/pallets/2-order.json"],
}
# What a sheet leaves out: how X12 was written, and what has no meaning of its own in the guides.
UNSAID = {"delimiters", "residue", "findings", "derived", "partner", "guide", "document", "path"}
UNSAID |= {"format", "agency", "sequence", "acknowledgment_requested"}


@pytest.fixture(autouse=True)
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named as a user names them, and the terminal is as wide as paper."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")


def show(*words: str, data: bytes = b"") -> Result:
    done = CliRunner().invoke(translator, ["show", *words], input=data)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


Given = tuple[str, dict[str, Any] | None, list[Finding], Table | None]


def documents() -> Iterator[Given]:
    """Every document that there is: of the samples, of the tests, and of real traffic where that is at hand."""
    for path in [*sorted(ROOT.glob("samples/*/*.edi")), *REAL]:
        try:
            for reading in read(path):
                yield path.name, reading.document, reading.findings, reading.table
        except (NotX12, LimitExceeded):
            continue
    for path in [*sorted(ROOT.glob("samples/*/*.json")), *sorted(ROOT.glob("tests/documents/*.json"))]:
        if path.stem.endswith("requests"):  # a request a line, and no document
            continue
        with path.open("rb") as stream:
            for document in read_documents(stream, path.name):
                yield path.name, document, by_schema(document, ""), None


def said(value: Any) -> Iterator[str]:
    """Every value of a document that belongs on its sheet."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in UNSAID:
                yield from said(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from said(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def close(words: str) -> str:
    """A text without blanks and without what is drawn: where a line breaks is no matter."""
    return re.sub(r"[\s│├└─]+", "", words)


@pytest.mark.parametrize("name", STORIES)
def test_a_story_as_people_read_it(name: str) -> None:
    done = show(*STORIES[name])
    assert done.exit_code == 0, done.output
    path = SHOWN / f"{name}.txt"
    made = done.stdout
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8")


def test_every_document_is_told_whole_and_fits_every_width() -> None:
    count = 0
    for name, document, found, table in documents():
        count += 1
        whole = sheet(document, found, table)
        for width in (80, 60, 40):
            wide = [line for line in text(whole, width).split("\n") if len(line) > width]
            assert not wide, f"{name} at {width}: {wide}"
        shown = close(text(whole))
        if document is not None and document.get("document") != "raw":
            lost = [value for value in said(document) if close(clean(value)) not in shown]
            assert not lost, f"{name} does not show {lost}"
        for one in found:
            assert close(one.sentence) in shown
            assert close(one.cure) in shown
    assert count > 100


def test_codes_stand_with_the_words_of_the_table() -> None:
    made = show(GUEST).stdout
    for words in ("SA stand-alone order", "00 original", "T test", "EA each", "WE wholesale price per each", "DPCI 009081234"):
        assert words in made
    assert "Nothing was found wrong." in made


def test_x12_and_its_json_are_shown_alike() -> None:
    x12 = show(GUEST)
    [reading] = read(GUEST)
    for data in (
        json.dumps(reading.document).encode(),
        json.dumps(reading.document, indent=2).encode(),
        b"\xef\xbb\xbf \n" + json.dumps(reading.document).encode(),
        json.dumps([reading.document]).encode(),
    ):
        assert show("-", data=data).stdout == x12.stdout
    assert show("-", data=Path(GUEST).read_bytes()).stdout == x12.stdout


def test_several_files_and_sets_have_a_heading_each() -> None:
    done = show(GUEST, "samples/guest/9-997.edi", "samples/guest/7-invoice.json")
    heads = re.findall(r"^([A-Z ]+)  \S.*\n─+$", done.stdout, re.M)
    assert heads == ["PURCHASE ORDER", *["FUNCTIONAL ACKNOWLEDGMENT"] * 3, "INVOICE"]


def test_findings_are_numbered_with_severity_cure_and_place() -> None:
    broken = Path(GUEST).read_bytes().replace(b"CSH*N~", b"CSH*Q~")
    done = show("-", data=broken)
    assert done.exit_code == 1
    assert re.search(
        r"^1\. error  element-code\n   CSH01 .*\n(   .*\n)+   at standard input, set 0001, segment \d+ CSH", done.stdout, re.M
    )
    assert show("samples/published-sample/1-850.edi").exit_code == 0  # warnings only


def test_findings_inside_a_document_are_shown() -> None:
    broken = Path(GUEST).read_bytes().replace(b"CSH*N~", b"CSH*Q~")
    kept = CliRunner().invoke(translator, ["read", "-"], input=broken).stdout
    assert "1. error  element-code" in show("-", data=kept.encode()).stdout


def test_a_set_without_table_is_shown_as_it_came() -> None:
    other = Path(GUEST).read_bytes().replace(b"ST*850*", b"ST*812*").replace(b"GS*PO*", b"GS*CD*")
    made = show("-", data=other).stdout
    assert made.startswith("SET  812\n")
    assert "\nBEG*00*SA*0009-3300145-1001**20260305\n" in made
    assert "table-missing" in made


def test_what_is_no_document_is_said_in_a_sentence() -> None:
    for data, words in ((b"", "not X12"), (b"[1]", "a document is a JSON object"), (b'{"a":', "not the JSON of a document")):
        done = show("-", data=data)
        assert (done.exit_code, done.stdout) == (3, "")
        assert words in done.stderr
    both = show("nothere.edi", GUEST)
    assert both.exit_code == 3
    assert "PURCHASE ORDER" in both.stdout
    assert show("-", data=b'{"document":"tale","x":"1"}').stdout.startswith("A DOCUMENT OF NO KNOWN KIND\n")
    assert show(GUEST, "--order", GUEST).exit_code == 2


HOSTILE = [
    "[bold]x[/bold]",
    "\x1b[31mred\x1b[0m",
    "a\nb\r\tc",
    "\x9b2J\x00",
    "‮evil",
    ":smile:",
    "[link=http://x]y[/link]",
    "日本語",
    "x" * 300,
]


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_a_hostile_value_is_text(value: str) -> None:
    [reading] = read(GUEST)
    order = deepcopy(reading.document)
    assert order is not None
    order |= {"number": value, "instructions": [{"text": [value]}], value: value}
    order["lines"][0]["ids"] = {value: value}
    order["dates"][value] = {"date": value}
    order["parties"]["ship_to"]["name"] = value
    for colour in (False, True):
        made = _printed(order, colour)
        bare = re.sub(r"\x1b\[[0-9;]*m", "", made) if colour else made
        assert all(c.isprintable() or c == "\n" for c in bare), bare
        assert close(bare).count(close(clean(value))) >= 5
    paper = show("--pick", "-", data=json.dumps({**order, value: 1}).encode())
    assert all(c.isprintable() or c in "\n\f" for c in paper.output)


def _printed(document: dict[str, Any], colour: bool) -> str:
    from io import StringIO

    out = StringIO()
    if colour:  # rich asks the stream
        out.isatty = lambda: True  # type: ignore[method-assign]
    printed(lines(sheet(document)), out=out, colour=colour)
    return out.getvalue()


def test_colours_only_colour() -> None:
    [reading] = read(GUEST)
    assert reading.document is not None
    plain, coloured = (_printed(reading.document, colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).split("\n")] == plain.split("\n")


def test_json_of_any_shape_is_shown() -> None:
    odd: list[Any] = [None, 7, True, "x", [], {}, [[1]], [{"a": [{"b": 1}]}, 2], {"a": {"b": [1, None]}}, 1e99]
    for path in sorted(ROOT.glob("tests/documents/*-full.json")):
        whole = json.loads(path.read_text(encoding="utf-8"))
        for changed in _twisted(whole, odd):
            found = by_schema(changed, "")
            assert text(sheet(changed, found)).endswith("\n")


def _twisted(document: dict[str, Any], odd: list[Any]) -> Iterator[dict[str, Any]]:
    """The document with one place after the other something else, each time another."""
    places = [(name,) for name in document if name != "document"]
    places += [(name, n) for (name,) in places for n in _inside(document[name])]
    places += [(name, n, key) for name, n in [p for p in places if len(p) == 2] for key in _inside(document[name][n])]
    for n, place in enumerate(places):
        changed = deepcopy(document)
        holder: Any = changed
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = odd[n % len(odd)]
        yield changed


def _inside(value: Any) -> list[Any]:
    return list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []


def test_a_long_file_is_shown_as_it_comes() -> None:
    whole = Path(GUEST).read_bytes()
    command = [sys.executable, "-m", "translator", "show", "-"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as running:
        assert running.stdin
        assert running.stdout
        running.stdin.write(whole)
        running.stdin.flush()
        assert running.stdout.readline() == b"PURCHASE ORDER  0009-3300145-1001\n"  # and the pipe is still open
        running.stdin.write(whole.replace(b"0009-3300145-1001", b"0009-3300146-1001"))
        running.stdin.close()
        assert b"\nPURCHASE ORDER  0009-3300146-1001\n" in running.stdout.read()


def test_a_stream_without_utf8_gets_plain_rules() -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "translator", "show", "samples/pallets/6-856.edi"], env=environment, capture_output=True
    )
    assert done.returncode == 0
    assert b"\n|- pallet SSCC 106141410000727015\n" in done.stdout


# --- paper ------------------------------------------------------------------------------------------------------------


def test_no_price_is_on_paper() -> None:
    for path in sorted(ROOT.glob("samples/*/1-850.edi")):
        made = show("--pick", str(path)).stdout
        for reading in read(path):
            order = reading.document or {}
            if "lines" not in order:
                continue
            held = [line.get("price") for line in order["lines"]]
            held += [one.get("price") for line in order["lines"] for name in ("prices", "components") for one in line.get(name, [])]
            dear = {price for price in held if price and "." in price}
            assert not [price for price in dear if re.search(rf"(?<![\d.]){re.escape(price)}(?![\d.])", made)], path
        assert not re.search("price|amount|cost|discount|comes to", made, re.I), path


def test_a_ticket_and_a_slip_are_a_page_each() -> None:
    done = show("--pick", GUEST, GUEST)
    assert [page.split("  ")[0] for page in done.stdout.split("\f\n")] == ["PICK TICKET", "PACKING SLIP"] * 2
    assert "\x1b" not in done.stdout


def test_a_line_that_was_cancelled_is_not_picked() -> None:
    made = show("--pick", "samples/changed/2c-order.json").stdout
    assert re.findall(r"^\[ \]  (\d+) +(\d+)", made, re.M) == [("000001", "24"), ("000002", "48"), ("000004", "12")]


def test_a_short_carton_is_told() -> None:
    [reading] = read("samples/stand-alone/1-850.edi")
    order = deepcopy(reading.document)
    assert order is not None
    order["lines"] = [order["lines"][0] | {"quantity": "30", "unit": "EA", "packs": [{"pack": 12}]}]
    del order["totals"]
    made = show("--pick", "-", data=json.dumps(order).encode()).stdout
    assert re.search(r"^\[ \]  000001 +30  EA each +3$", made, re.M)
    assert "12 in each carton, 6 in the last" in made


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("samples/cancelled/2c-order.json", "was cancelled by the buyer"),
        ("samples/guest/9-997.edi", "there is no order and no shipment here"),
        ("samples/blanket-and-release/1-850.edi", "a blanket order is not shipped"),
    ],
)
def test_what_is_not_shipped_is_refused(file: str, words: str) -> None:
    done = show("--pick", file)
    assert done.exit_code == 4
    assert words in done.stderr
    assert "BK" not in done.stdout


def test_an_order_that_names_no_partner_is_held_to_the_rules_of_its_table() -> None:
    [blanket, _] = [reading.document for reading in read("samples/blanket-and-release/1-850.edi")]
    assert blanket is not None
    bare = {name: value for name, value in blanket.items() if name not in ("partner", "guide")}
    assert show("--pick", "-", data=json.dumps(bare).encode()).exit_code == 4


def test_a_slip_follows_the_shipment() -> None:
    done = show("--pick", "samples/back-order/5a-shipment.json", "--order", "samples/back-order/2-order.json")
    assert done.exit_code == 0
    shipment = json.loads((ROOT / "samples/back-order/5a-shipment.json").read_text(encoding="utf-8"))
    packs = [pack for one in shipment["orders"] for pack in one["packs"]]
    assert done.stdout.startswith("PACKING SLIP  ")
    for pack in packs:
        assert pack["sscc"] in done.stdout
    assert "DPCI" in done.stdout  # which the ERP's shipment does not say, and the order does


def test_an_order_that_was_cancelled_says_so_first() -> None:
    made = show("samples/cancelled/2c-order.json").stdout
    assert made.split("\n")[4] == "The buyer has cancelled this order: nothing of it is to be shipped."
