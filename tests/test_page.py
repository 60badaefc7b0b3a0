"""The inspector page: all of the file is on it, everything leads somewhere, and nothing in the data becomes markup."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pages import Node, parsed
from test_project import guest, run

from translator.errors import NotX12
from translator.findings import clean
from translator.show import sheet
from translator.show.annotate import Annotated, annotated
from translator.show.page import page
from translator.show.people import piece_sheet

ROOT = Path(__file__).resolve().parent.parent
OTHERS = [ROOT.parent / "shared" / name for name in ("corpus", "guides/examples")]
FILES = sorted(ROOT.glob("samples/*/*.edi")) + [file for folder in OTHERS for file in sorted(folder.rglob("*.edi"))]
HOSTILE = [
    "</script><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' x='",
    "<!-- -->",
    "&lt;&amp;&#x27;",
    "{{ 7 + 7 }}",
    "]]>",
]


def of(data: bytes | list[Annotated], **more: Any) -> Node:
    return parsed(page(annotated(data) if isinstance(data, bytes) else data, title="a file", **more))


def printable(text: str) -> str:
    """A file as the page shows it."""
    text = text.replace("\r", "")
    return "".join(c if c == "\n" else clean(c) for c in text)


def findings(pieces: list[Annotated]) -> list[str]:
    return [found.sentence for one in pieces for found in one.all_findings]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name + "/" + file.name)
def test_all_of_a_file_is_on_its_page(file: Path) -> None:
    data = file.read_bytes()
    try:
        pieces = list(annotated(data))
    except NotX12:
        return
    root = of(pieces)
    raw = "".join(one.text for one in root.with_class("raw"))
    assert raw.strip() == printable(data.decode("latin-1")).strip(), "the raw text is the file"
    documents = [one.reading.document for one in pieces if one.reading.document is not None]
    assert [json.loads(one.text) for one in root.with_class("json")] == documents
    entries = [one for one in root.all() if re.fullmatch(r"e\d+", one.attrs.get("id", ""))]
    said = [(inner.inside[0].text, code.text) for inner in entries for code in inner.all() if code.tag == "code"]  # type: ignore[union-attr]
    spots = [spot for one in pieces for line in one.lines for each in line.spots for spot in (each.parts or [each])]
    assert [pair for pair in said if pair[1]] == [(spot.ref, clean(spot.value)) for spot in spots if spot.value]
    assert len(root.with_class("segment")) == sum(len(one.lines) for one in pieces)
    listed = [one for one in root.all() if re.fullmatch(r"f\d+", one.attrs.get("id", ""))]
    assert len(listed) == len(findings(pieces))
    for sentence in findings(pieces):
        assert any(sentence in one.text for one in listed)


def test_an_element_leads_to_its_meaning_its_rule_and_its_place_in_the_json_and_back() -> None:
    root = of(guest().replace(b"CSH*N~", b"CSH*Q~"))
    by_id = {one.attrs["id"]: one for one in root.all() if "id" in one.attrs}
    number = next(one for one in root.with_class("raw")[0].all() if one.tag == "a" and one.text == "0009-3300145-1001")
    entry = by_id[number.attrs["href"][1:]]
    assert "Purchase Order Number" in entry.text
    assert "goes back on every document exactly as it came" in entry.text
    back, rule, home = [one for one in entry.all() if one.tag == "a"]
    assert back.attrs["href"] == f"#{number.attrs['id']}"
    assert "324, mandatory, AN 1/22" in by_id[rule.attrs["href"][1:]].text
    assert "its form is named number_format" in by_id[rule.attrs["href"][1:]].text
    assert home.text == "number"
    value = by_id[home.attrs["href"][1:]]
    assert (value.text, value.attrs["href"]) == ('"0009-3300145-1001"', f"#{number.attrs['id']}")
    kind = next(one for one in by_id.values() if one.tag == "li" and one.text.startswith("BEG02"))
    assert "stand-alone order" in kind.text
    found = next(one for one in by_id["findings"].all() if one.tag == "li")
    [link] = [one for one in found.all() if one.tag == "a"]
    wrong = by_id[link.attrs["href"][1:]]
    assert (wrong.attrs["class"], "CSH01" in wrong.text, '"Q"' in wrong.text) == ("error", True, True)
    assert "N, Y" in found.text, "sentence and cure"
    assert [one.text for one in root.with_class("sum")[0].with_class("badge")] == ["1 error"]


def test_headers_lead_into_the_envelope_of_the_first_document_under_them() -> None:
    root = of(guest())
    by_id = {one.attrs["id"]: one for one in root.all() if "id" in one.attrs}
    for ref, path in (("ISA06", "envelope.sender.id"), ("GS04", "envelope.date"), ("ST02", "envelope.control.set")):
        entry = next(one for one in by_id.values() if one.tag == "li" and one.text.startswith(ref))
        [home] = entry.with_class("p")
        assert home.text == path
        assert by_id[home.attrs["href"][1:]].tag == "a"


def test_loops_fold_in_each_other() -> None:
    root = of((ROOT / "samples/pallets/6-856.edi").read_bytes())
    tare = next(
        one
        for one in root.with_class("loop")
        if one.inside and "loop S/O/T" in next(i.text for i in one.all() if i.tag == "summary")
    )
    assert all(one.attrs.get("open") == "" for one in root.with_class("loop"))
    assert len([one for one in tare.with_class("loop") if one is not tare]) > 2


def test_several_interchanges_have_an_overview() -> None:
    data = guest() + b"\n" + (ROOT / "samples/pallets/6-856.edi").read_bytes() + b"and a word at the end"
    root = of(data)
    [overview] = [one for one in root.all() if one.attrs.get("id") == "overview"]
    rows = [one.text for one in overview.all() if one.tag == "tr"]
    assert [("1. Order" in row, "2. Shipment" in row) for row in rows[1:3]] == [(True, False), (False, True)]
    assert "".join(one.text for one in root.with_class("raw")).split() == data.decode().split()


def test_a_long_file_ends_and_says_so() -> None:
    data = guest() + guest()
    whole = len(of(data).with_class("segment"))
    cut = of(data, limit=10)
    [said] = cut.with_class("left")
    assert len(cut.with_class("segment")) == 10
    assert f"{whole // 2 - 2 - 10} more segments" in said.text
    assert cut.with_class("json") == []
    root = of(data, limit=whole // 2)
    [said] = root.with_class("left")
    assert len(root.with_class("json")) == 1
    assert f"from byte {len(guest())} " in said.text
    assert of(data, limit=whole).with_class("left") == []


def test_hostile_values_are_text() -> None:
    pattern = re.compile(r"[a-z0-9#_ -]*", re.I)
    tame = of((ROOT / "samples/published-sample/1-850.edi").read_bytes())
    known = {(one.tag, *one.attrs) for root in (of(guest()), tame) for one in root.all()}
    for value in HOSTILE:
        data = guest().replace(b"100 EXAMPLE AVE", value.encode())
        assert value.encode() in data
        root = of(data)
        assert value in root.with_class("raw")[0].text
        assert value in json.loads(root.with_class("json")[0].text)["parties"]["ship_to"]["address"]["lines"]
        assert {(one.tag, *one.attrs) for one in root.all()} <= known
        assert len([one for one in root.all() if one.tag in ("script", "style")]) == 2
        for one in root.all():
            free = {name for name, text in one.attrs.items() if not pattern.fullmatch(text)}
            assert free <= {"content", "title", "aria-label"}, one.attrs


def test_stray_text_stands_where_it_stood() -> None:
    data = guest().replace(b"GS*PO", b"Dear supplier,\nGS*PO").replace(b"\nST*", b" here it is:\nST*") + b"regards\n" + guest()
    root = of(data)
    assert "".join(one.text for one in root.with_class("raw")) == data.decode().rstrip()


@pytest.mark.parametrize(
    "value", ["NUL\0", "\x1b[31mred", "bell\x07", "\x85\x9b", "\xa0", "\u202eright to left".encode().decode("latin-1")]
)
def test_what_does_not_print_is_escaped(value: str) -> None:
    text = page(annotated(guest().replace(b"100 EXAMPLE AVE", value.encode("latin-1"))), title="\u202etitle\0")
    assert not [c for c in text if not c.isprintable() and c != "\n"]
    parsed(text)


@pytest.mark.parametrize("tag", ["C\r\nSH", "C\x1bSH", "<b>", "C&H"])
def test_a_tag_is_text_too(tag: str) -> None:
    data = guest().replace(b"CSH*", tag.encode() + b"*")
    text = page(annotated(data), title="a")
    assert not [c for c in text if not c.isprintable() and c != "\n"]
    raw = parsed(text).with_class("raw")[0].text
    assert raw == printable(data.decode()).rstrip()


def test_a_long_element_a_composite_and_no_segments_at_all() -> None:
    long = guest().replace(b"100 EXAMPLE AVE", b"<" * 65_000)
    assert "<" * 65_000 in of(long).with_class("raw")[0].text
    root = of((ROOT / "samples/prepack/1-850.edi").read_bytes().replace(b"N3*", b"CTP*****EA>2>3~N3*", 1))
    assert [one.text[:8] for one in root.with_class("inner") if one.text.startswith("CTP")] == ["CTP05-01", "CTP05-02", "CTP05-03"]
    with pytest.raises(NotX12):
        of(b"")


def test_a_nonce_is_the_only_permission_that_the_page_needs() -> None:
    text = page(annotated(guest()), title="a", nonce="a+/=", back="/")
    for one in parsed(text.replace('href="/"', "href=#main")).all():
        assert not [name for name in one.attrs if name == "style" or name.startswith("on")]
        assert not {"src", "srcset", "action"} & set(one.attrs)
        assert (one.tag in ("style", "script")) == ("nonce" in one.attrs)
    assert text.count('nonce="a+/="') == 2
    assert 'href="/">' in text
    plain = page(annotated(guest()), title="a")
    assert "nonce" not in plain.partition("<script")[0]
    assert not re.search(r"[a-z]+://|url\(|@import|fetch\(|XMLHttp", plain), "no network"


def test_a_sheet_comes_before_the_x12() -> None:
    bad = "<b>&\x1b"
    words = [sheet.Words(bad, bad, bad, tone) for tone in ("", sheet.STRONG, sheet.QUIET, sheet.GOOD, sheet.WARNING, sheet.ERROR)]
    tree = sheet.Tree(bad, [sheet.Node(words, [sheet.Node(words[:1])])])
    grid = sheet.Grid(bad, [sheet.Column("empty"), sheet.Column(bad, right=True)], [sheet.Row([sheet.Words(), words[0]], [words])])
    fields, cards = sheet.Fields(bad, [sheet.Field(bad, words)]), sheet.Cards(bad, [sheet.Card(bad, [words])])
    others = [sheet.Raw("", [bad]), sheet.Findings("", [sheet.Said("error", bad, bad, bad, bad)])]
    made = sheet.Sheet("Order", bad, words, [fields, cards, grid, tree, sheet.Note(bad, sheet.ERROR, bad), *others])
    root = of(guest(), sheets=lambda one: made)
    [shown] = root.with_class("sheet")
    # lead; fields; cards; grid with caption, head, cell, row's notes; tree; note
    assert shown.text.count("<b>&\\x1b") == 18 + 1 + 1 + 18 + 2 + 18 + 3 + 3 + 18 + 1 + 18 + 3 + 2
    assert "empty" not in shown.text
    assert any(one.tag == "h2" and one.text == "Order <b>&\\x1b" for one in root.all())
    assert {"script", "a"}.isdisjoint(one.tag for one in shown.all())
    assert all(set(one.attrs) <= {"class", "scope", "colspan"} for one in shown.all())
    assert of(guest(), sheets=lambda one: None).with_class("sheet") == []


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("guest/1-850.edi", "Purchase order"),
        ("published-sample/1-850.edi", "Purchase order"),
        ("changed/1c-860.edi", "Purchase order change"),
        ("guest/4-855.edi", "Purchase order acknowledgment"),
        ("pallets/6-856.edi", "Shipment"),
        ("guest/8-810.edi", "Invoice"),
        ("guest/9-997.edi", "Functional acknowledgment"),
        ("several-orders/9-ta1.edi", "Interchange acknowledgment"),
    ],
)
def test_each_document_has_its_sheet_and_its_findings_once(file: str, title: str) -> None:
    root = of((ROOT / "samples" / file).read_bytes(), sheets=piece_sheet)
    shown = root.with_class("sheet")
    assert shown
    assert any(one.tag == "h2" and title in one.text for one in root.all())
    assert not any("found wrong" in one.text or one.with_class("finding") for one in shown)


# --- the look ---------------------------------------------------------------------------------------------------------------


@cache
def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme."""
    css = (ROOT / "translator/show/style.css").read_text()
    found = [dict(re.findall(r"--([a-z]+): (#[0-9a-f]+);", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)]
    light, dark, paper = found
    return {"light": light, "dark": light | dark, "paper": light | paper}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", ["light", "dark", "paper"])
@pytest.mark.parametrize("text", ["fg", "muted", "accent", "error", "warning", "ok"])
@pytest.mark.parametrize("ground", ["bg", "code", "lit"])
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    colours = themes()[theme]
    bright, dim = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 4.5


def test_each_colour_is_there_in_both_themes() -> None:
    css = (ROOT / "translator/show/style.css").read_text()
    light, dark, _ = [set(re.findall(r"--([a-z]+): #", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)]
    assert light == dark == {"bg", "fg", "muted", "line", "accent", "error", "warning", "ok", "code", "lit"}


# --- the command ------------------------------------------------------------------------------------------------------------


def test_show_writes_a_page_and_never_over_another_file(tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    done = run("show", "-", "--html", str(out), data=guest())
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert "".join(one.text for one in parsed(out.read_text()).with_class("raw")) == guest().decode().rstrip()
    again = run("show", "-", "--html", str(out), "--first", "3", data=guest())
    assert (again.returncode, len(parsed(out.read_text()).with_class("segment"))) == (0, 3)
    out.write_text("my own <meta name=generator> page")
    refused = run("show", "-", "--html", str(out), data=guest())
    assert refused.returncode == 4
    assert b"is no page that this command wrote" in refused.stderr
    assert out.read_text().startswith("my own")


def test_show_to_stdout_says_errors_by_its_exit_code() -> None:
    done = run("show", "-", "--html", "-", data=guest().replace(b"CSH*N~", b"CSH*Q~"))
    assert (done.returncode, done.stderr) == (1, b"")
    assert "1 error" in parsed(done.stdout.decode()).with_class("sum")[0].text
    done = run("show", "README.md", "--html", "-")
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"not X12" in done.stderr


# --- JSON -------------------------------------------------------------------------------------------------------------------


def test_json_has_its_sheet_its_text_and_what_its_schema_finds(tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    given = (ROOT / "samples/guest/2-order.json").read_bytes()
    done = run("show", "-", "--html", str(out), data=given)
    assert (done.returncode, done.stderr) == (0, b"")
    root = parsed(out.read_text())
    assert json.loads(root.with_class("json")[0].text) == json.loads(given)
    assert (len(root.with_class("sheet")), root.with_class("raw"), root.with_class("segment")) == (1, [], [])
    ids = {one.attrs["id"] for one in root.all() if "id" in one.attrs}
    assert {one.attrs["href"][1:] for one in root.all() if one.attrs.get("href", "").startswith("#")} <= ids
    bad = json.loads(given) | {"number": ["</script><script>alert(1)</script>"], "more": 'x" onload="y'}
    done = run("show", "-", "--html", str(out), data=json.dumps(bad).encode() + b"\n" + json.dumps(bad).encode())
    assert done.returncode == 1
    root = parsed(out.read_text())
    assert [json.loads(one.text) for one in root.with_class("json")] == [bad, bad]
    listed = [one for one in root.all() if re.fullmatch(r"f\d+", one.attrs.get("id", ""))]
    assert any("number" in one.text and "document-invalid" in one.text for one in listed)
    assert len([one for one in root.all() if one.tag == "script"]) == 1
    assert not [one for one in root.all() if "onload" in one.attrs]


def test_json_that_is_deep_or_long_or_none(tmp_path: Path) -> None:
    deep = b'{"document":"order","x":' + b"[" * 800 + b"]" * 800 + b"}"
    done = run("show", "-", "--html", "-", data=deep)
    assert done.returncode == 1
    assert json.loads(parsed(done.stdout.decode()).with_class("json")[0].text) == json.loads(deep)
    done = run("show", "-", "--html", "-", data=b'{"document":"order"}\n' * 101)
    [left] = parsed(done.stdout.decode()).with_class("left")
    assert "more than 100 documents" in left.text
    done = run("show", "-", "--html", str(tmp_path / "none.html"), data=b'{"document"')
    assert (done.returncode, b"not the JSON of a document" in done.stderr) == (3, True)
    assert not (tmp_path / "none.html").exists()
