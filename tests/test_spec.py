"""The guides as pages: everything of every table is there, every link leads somewhere, and what a table says is only text.

The pages are read by a parser that knows nothing of how they are made. Examples are read back by the reader of the walk in.
"""

from __future__ import annotations

import itertools
import posixpath
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from meaning import GUIDES
from test_project import ROOT, environment

from translator import shipped
from translator.catalogue import CATALOGUE
from translator.show.spec import earns
from translator.show.spec.example import example, numbered
from translator.show.spec.making import guide
from translator.show.spec.markdown import markdown
from translator.show.spec.model import Guide
from translator.show.spec.names import Names
from translator.show.spec.pages import MARK, alone, site
from translator.tables.accuse import accuse
from translator.tables.guide import examples, shelf
from translator.tables.load import load
from translator.tables.partner import partner
from translator.tables.table import Row, Table, path_text
from translator.tables.words import pair_ref
from translator.walk import read

VOID = {"meta", "link", "br", "hr", "img", "input", "col", "wbr"}
TEMPLATES = sorted((ROOT / "translator/show/spec").glob("*.html"))
HOSTILE = "<script>alert('x')</script>\" onload=\"x & |`*_ {{ 7 * 7 }}"


@dataclass
class Node:
    """An element of a page: its attributes, what stands in it, and all its text."""

    tag: str
    attrs: dict[str, str]
    inside: list[Node | str] = field(default_factory=list)

    def all(self, tag: str = "", **attrs: str) -> Iterator[Node]:
        """Every element below, of a tag, with these attributes."""
        ahead = self.inside[::-1]
        while ahead:
            one = ahead.pop()
            if isinstance(one, Node):
                if tag in ("", one.tag) and all(one.attrs.get(key.rstrip("_")) == value for key, value in attrs.items()):
                    yield one
                ahead += one.inside[::-1]

    def at(self, anchor: str) -> Node:
        """The one element with an id."""
        [found] = self.all(id=anchor)
        return found

    @property
    def text(self) -> str:
        """All its text, blanks drawn together."""
        return " ".join("".join(one if isinstance(one, str) else f" {one.text} " for one in self.inside).split())


class Strict(HTMLParser):
    """Builds the tree of a page, and fails where a tag is not closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> where <{self.open[-1].tag}> is open"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parsed(text: str) -> Node:
    """A page as a tree."""
    parser = Strict()
    parser.feed(text)
    parser.close()
    assert parser.open == [parser.root], f"<{parser.open[-1].tag}> is not closed"
    return parser.root


@cache
def texts() -> dict[str, str]:
    """The files of the site."""
    return dict(site())


@cache
def pages() -> dict[str, Node]:
    """The pages of the site."""
    return {at: parsed(text) for at, text in texts().items() if at.endswith(".html")}


@cache
def said(name: str) -> Guide:
    """What the page of a guide says."""
    return guide(name)


def squeezed(text: str) -> str:
    return " ".join(text.split())


# --- the pages as such ----------------------------------------------------------------------------------------------------


def sound(at: str, page: Node) -> None:
    """A page that stands without scripts and network, and that a screen reader finds its way in."""
    ids = [one.attrs["id"] for one in page.all() if "id" in one.attrs]
    assert len(ids) == len(set(ids)), [one for one in ids if ids.count(one) > 1][:3]
    assert all(re.fullmatch(r"\S+", one) for one in ids)
    assert not list(page.all("script"))
    for one in page.all():
        assert not [name for name in one.attrs if name.startswith("on") or name == "src"], one.attrs
        assert not re.match(r"\w+:|//", one.attrs.get("href", "")), f"{at} leads to the network: {one.attrs}"
        if one.tag == "style":
            assert "url(" not in one.text
            assert "@import" not in one.text
    [html] = page.all("html")
    assert html.attrs["lang"] == "en"
    levels = [int(one.tag[1]) for one in page.all() if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), f"{at}: a heading is left out"
    for table in page.all("table"):
        assert next(one.tag for one in table.inside if isinstance(one, Node)) == "caption"
    assert [one.attrs["aria-label"] for one in page.all("nav")][-1] == "Contents"


def test_pages_are_sound() -> None:
    for at, page in pages().items():
        sound(at, page)


def test_every_link_leads_to_an_anchor_that_is_there() -> None:
    anchors = {at: {one.attrs["id"] for one in page.all() if "id" in one.attrs} for at, page in pages().items()}
    for at, page in pages().items():
        for link in (one.attrs["href"] for one in page.all() if "href" in one.attrs):
            path, _, anchor = link.partition("#")
            other = posixpath.normpath(posixpath.join(posixpath.dirname(at), path)) if path else at
            assert other in texts(), f"{at} links to {link}"
            assert not anchor or anchor in anchors[other], f"{at} links to {link}"


def test_every_page_is_reached_from_the_index() -> None:
    seen, ahead = set(), ["index.html"]
    while ahead:
        at = ahead.pop()
        if at in seen or not at.endswith(".html"):
            continue
        seen.add(at)
        links = [one.attrs["href"].partition("#")[0] for one in pages()[at].all("a")]
        ahead += [posixpath.normpath(posixpath.join(posixpath.dirname(at), link)) for link in links if link]
    assert seen == set(pages())


@pytest.mark.parametrize("name", GUIDES)
def test_a_page_that_stands_alone_needs_no_other(name: str) -> None:
    page = parsed(alone(name))
    sound(name, page)
    ids = {one.attrs["id"] for one in page.all() if "id" in one.attrs}
    links = [one.attrs["href"] for one in page.all() if "href" in one.attrs]
    assert [link for link in links if link[:1] != "#" or link[1:] not in ids] == []
    assert [one.tag for one in page.all() if one.tag == "link"] == []


def test_templates_know_no_partner() -> None:
    assert len(TEMPLATES) > 5
    for file in TEMPLATES:
        text = file.read_text(encoding="utf-8").lower()
        assert not re.search(r"\b(dpci|tcin|8[0-9]{2}|997)\b", text), file.name
        assert not re.search(r"target(?!\s*=)", text), file.name
        assert text.count("|safe") == (file.name == "layout.html"), "only our own style sheet is not escaped"


# --- what stands on them --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GUIDES)
def test_every_row_element_code_and_rule_is_on_its_page(name: str) -> None:
    table, page = load(name), pages()[f"tables/{name}.html"]
    sections = list(page.all("section", class_="part"))
    rows = numbered(table)
    assert len(sections) == len(rows)
    for row, section in zip(rows, sections, strict=True):
        [heading] = section.all("h3")
        assert heading.text.startswith(row.segment)
        assert squeezed(row.standard.name) in heading.text
        assert squeezed(row.note) in section.text
        bodies = [one for one in section.all("tbody") if "id" in one.attrs]
        items = list(listed(row))
        assert [one.text.split()[0] for one in bodies] == [ref for ref, _ in items]
        for body, (_, words) in zip(bodies, items, strict=True):
            assert [word for word in words if squeezed(word) not in body.text] == []
    for n, rule in enumerate(table.carry, 1):
        section = page.at(f"carry-{n}")
        words = [rule.ref, rule.source, rule.note, rule.value or "", *rule.names, *rule.values, *rule.chosen]
        words += [path_text(path).replace("[0]", "[]") for path in (rule.here, *rule.order)]
        words += [code for one in (*rule.when, *rule.unless) for code in one.codes]
        assert [word for word in words if squeezed(word) not in section.text] == []
    overview = page.at("overview").text
    assert all(loop.title in overview and loop.name in overview for loop in table.loops())
    assert all(words in overview and text in overview for text, words, _ in table.wanted)


def listed(row: Row) -> Iterator[tuple[str, list[str]]]:
    """The elements and pairs of a row in order: what people call them, and the words that must be said of them."""
    for number in range(1, len(row.standard.elements) + 1):
        if (p := row.pairs) and p.first <= number < p.last and (number - p.first) % 2 == 0:
            words = [path_text(p.json)]
            if number == p.first:
                words += [*p.codes, *p.codes.values(), *p.names.values()]
                words += [rule.note for rule in p.values.values()] + [r.like.pattern for r in p.values.values() if r.like]
            yield pair_ref(row, number), words
        for e in (row.elements[key] for key in sorted(row.elements) if key[0] == number):
            words = [e.name, e.type, e.note, *e.codes, *e.codes.values(), *e.names.values(), *e.need, e.default.replace("now", "")]
            words += [e.setting, e.prefix, e.expect, e.like.pattern if e.like else "", e.check.upper()[:4], e.classify]
            words += [e.level or "", str(e.floor or ""), *(rule.note for rule in e.rules), *(c for r in e.rules for c in r.codes)]
            yield e.ref, words


@pytest.mark.parametrize("name", [name for name, kind in shelf() if kind == "partner"])
def test_every_setting_has_its_choices_and_source(name: str) -> None:
    page = pages()[f"tables/{name}.html"]
    for key, setting in partner(name.rpartition("/")[0]).settings.items():
        text = page.at(f"setting-{key}").text
        assert all(word in text for word in (setting.about, setting.source, *setting.values, *setting.values.values()))
        assert f"{setting.values[setting.default]} (the default)" in text


@pytest.mark.parametrize("name", sorted(name for name, kind in shelf() if kind == "partner"))
def test_a_partner_is_printed_with_its_programs_and_settings(name: str) -> None:
    about = partner(name.split("/")[0])
    said = run(*name.split("/"), cwd=ROOT).stdout.decode()
    close = " ".join(said.split())
    for program in about.programs:
        assert f"\n  {program.name}\n" in said
        assert all(f"{kind} {table}" in close for kind, table in program.tables.items())
        assert program.why in close
    for setting in about.settings.values():
        assert f"\n  {setting.name}\n" in said
        for words in (setting.about, setting.source, *setting.values, *setting.values.values()):
            assert words in close
    for one in about.guides:
        assert one.set_id in said
        assert one.accepted or (one.table or one.why) in close


def test_any_other_table_is_printed_as_it_stands() -> None:
    assert run("target/carriers", cwd=ROOT).stdout.decode().strip() == shipped.text("mappings/target/carriers.toml").strip()


def test_a_guide_tells_of_the_settings_that_it_rests_on() -> None:
    for name in GUIDES:
        known = set(load(name).settings)
        page = pages()[f"tables/{name}.html"]
        found = {
            one.attrs["id"].removeprefix("setting-")
            for one in page.all("section")
            if one.attrs.get("id", "").startswith("setting-")
        }
        assert found == known
        assert all(list(page.at(f"setting-{one}").all("a"))[1:] for one in known), "each says what it touches"


def test_a_value_that_goes_back_is_told_of_on_both_pages() -> None:
    order, answer = pages()["tables/target/850.html"], pages()["tables/target/856.html"]
    there = next(one for one in answer.all("tbody") if one.text.startswith("PO414"))
    back = [one.attrs["href"] for one in order.at("PO1.PO4-14").all("a")]
    [rule] = [n for n, rule in enumerate(load("target/856").carry, 1) if rule.ref == "PO414"]
    assert {f"856.html#carry-{rule}", f"856.html#{there.attrs['id']}"} <= set(back)
    assert {"850.html#PO1.PO4-14", f"#carry-{rule}"} <= {one.attrs["href"] for one in there.all("a")}
    assert "goes back exactly when the order has it" in order.at("PO1.PO4-14").text
    assert "850.html#PO1.PO4-14" in {one.attrs["href"] for one in answer.at(f"carry-{rule}").all("a")}


def test_every_finding_is_told_of_with_its_segments() -> None:
    page = pages()["findings.html"]
    for code, entry in CATALOGUE.items():
        text = page.at(code).text
        assert squeezed(entry.general) in text
        assert squeezed(entry.cure) in text
        assert all(squeezed(one) in text for pair in examples(code) for one in pair if one.isprintable())


@pytest.mark.parametrize("name", [name for name, kind in shelf() if kind not in ("guide", "partner", "standard")])
def test_every_value_of_a_plain_file_is_on_its_page(name: str) -> None:
    text = pages()[f"tables/{name}.html"].text

    def values(held: Any) -> Iterator[str]:
        for one in held.values() if isinstance(held, dict) else held if isinstance(held, list) else ():
            yield from values(one)
        if isinstance(held, str) and held.isprintable():
            yield squeezed(held)

    import tomllib

    raw = tomllib.loads(shipped.text(f"mappings/{name}.toml"))
    assert [one for one in values(raw) if one not in text] == []


def test_every_name_of_a_document_is_described() -> None:
    for name in GUIDES:
        table = load(name)
        names = Names(table.document)
        for path in table.paths():
            assert names.find(path), f"{name}: {path}"
    found = Names("order").find("lines[].packs[].inner_pack")
    assert found
    assert (found.anchor, found.required) == ("pack.inner_pack", False)
    assert "inner pack" in pages()["documents/order.html"].at("pack.inner_pack").text
    assert Names("order").find("lines[].nothing") is None
    assert Names("nothing").find("number") is None


# --- examples ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GUIDES)
def test_every_segment_has_an_example_that_the_table_reads(name: str) -> None:
    table = load(name)
    made = example(table, Names(table.document))
    assert [(found.code, found.where) for found in read_back(made.data, name)[1]] == []
    document = read_back(made.data, name)[0]
    assert {key: value for key, value in document.items() if key != "envelope"}.keys() >= made.document.keys() - {"envelope"}
    rows = numbered(table)
    assert sorted(made.lines) == list(range(len(rows)))
    for n, line in made.lines.items():
        assert line.endswith("~")
        assert line in made.data or rows[n].setting or rows[n].unless
        assert rows[n].area == "envelope" or complaints(table, rows[n], line[:-1]) == []


def read_back(data: str, name: str) -> tuple[dict[str, Any], list[Any]]:
    """The document of an interchange, and all that is found."""
    readings = list(read(data.encode("latin-1"), guide=name))
    return next(one.document for one in readings if one.document), [f for one in readings for f in one.findings]


def complaints(table: Table, row: Row, line: str) -> list[tuple[str, str | None]]:
    """What a row finds of a segment: code and element."""
    found: list[tuple[str, str | None]] = []

    def say(code: str, *, ref: str | None = None, **_: Any) -> None:
        found.append((code, ref))

    def forms(key: str, text: str) -> str | None:
        known = table.forms[key]
        return None if any(form.fullmatch(text) for form in known.values()) else ", ".join(known)

    accuse(row, line.split("*"), ">", say, forms)
    return found


@pytest.mark.parametrize("name", GUIDES)
def test_what_is_found_of_a_broken_segment_is_told_of_on_the_page(name: str) -> None:
    table, told = load(name), said(name)
    for row, part in zip(numbered(table), told.parts, strict=True):
        if row.area == "envelope":
            continue
        by_ref: dict[str, set[str]] = {}
        for item in part.used:
            refs = [item.ref] if "/" not in item.ref else [item.ref[:-3], f"{item.ref[:-5]}{item.ref[-2:]}"]
            for ref in refs:
                by_ref.setdefault(ref, set()).update(item.findings)
        values = part.line[:-1].split("*")
        broken = [
            [*values[:n], text, *values[n + 1 :]] for n in range(1, len(values)) for text in ("", "?", "9" * 90, "X!" * 7, "0")
        ]
        for one in broken:
            for code, ref in complaints(table, row, "*".join(one)):
                if ref is None or ref in by_ref:  # of others the guide does not speak
                    told_of = by_ref.get(ref or "", set()) | set(part.findings) | set(earns.ANYWHERE)
                    assert code in told_of, f"{name} {row.label} {ref}: {code}"


# --- Markdown -----------------------------------------------------------------------------------------------------------------


def well_formed(text: str) -> list[str]:
    """The lines of a Markdown text outside its fenced blocks, whose tables have as many cells in each row as in the first."""
    outside, fence, width = [], "", 0
    for line in text.splitlines():
        if fence or line.startswith("```"):
            ticks = re.match("`*", line)
            assert ticks
            fence = "" if fence and line == fence else fence or ticks[0]
            continue
        outside.append(line)
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert line.endswith("|")
        assert width in (0, cells), line
        width = cells
    assert not fence
    return outside


@pytest.mark.parametrize("name", GUIDES)
def test_markdown_says_the_same(name: str) -> None:
    told = said(name)
    text = markdown(told)
    lines = well_formed(text)
    assert [line for line in lines if line.startswith("# ")] == lines[:1]
    plain = re.sub(r"\\([\\`*_{}\[\]<>#|~$!&])", r"\1", text)
    for part in told.parts:
        assert part.line in text
        for item in part.used:
            assert re.search(rf"^\| {re.escape(item.ref)} \| {item.use} \|", text, re.M)
            assert all(f"- `{one.code}`" in text and squeezed(one.meaning) in plain for one in item.codes)
    for rule in told.carried:
        assert squeezed(rule.source) in plain
    assert all(f"| `{one.code}` |" in text for one in told.findings)


# --- hostile tables, and the command -----------------------------------------------------------------------------------------


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A directory of tables whose texts are full of HTML, Markdown and templates."""
    quoted = HOSTILE.replace('"', '\\"')
    folder = tmp_path / "hostile/target"
    folder.mkdir(parents=True)
    text = shipped.text("mappings/target/856.toml")
    text = re.sub(r"^source   = .*$", f'source = "{quoted}"', text, flags=re.M)
    text = re.sub(r'note = "[^"]*"', lambda _: f'note = "{quoted}"', text)
    text = re.sub(r'(?<=title = )"[^"]*"', lambda _: f'"{quoted}"', text)
    text = re.sub(r'^(C = )"consolidation"', lambda found: f'{found[1]}"{quoted}"', text, flags=re.M)
    (folder / "856.toml").write_text(f"# {HOSTILE}\n{text}", encoding="utf-8")
    text = shipped.text("mappings/target/partner.toml")
    text = re.sub(r'^(about   = |source  = |why     = |name    = )".*"$', lambda found: f'{found[1]}"{quoted}"', text, flags=re.M)
    (folder / "partner.toml").write_text(text, encoding="utf-8")
    text = shipped.text("mappings/target/carriers.toml").replace('"UPS Ground"', f'"{quoted}"')
    (folder / "carriers.toml").write_text(text, encoding="utf-8")
    return tmp_path / "hostile"


def test_what_a_table_says_is_only_text(hostile: Path) -> None:
    touched = ("tables/target/856.html", "tables/target/partner.html", "tables/target/carriers.html", "index.html")
    found = {at: parsed(text) for at, text in site(hostile) if at in touched}
    assert len(found) == len(touched)
    for at, page in found.items():
        sound(at, page)
        assert squeezed(HOSTILE) in page.text, at
    alone_ = parsed(alone("target/856", hostile))
    sound("alone", alone_)
    assert squeezed(HOSTILE) in alone_.text
    lines = well_formed(markdown(guide("target/856", hostile)))
    assert not [line for line in lines if re.search(r"(?<!\\)<", line)]


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "translator", "tables", *map(str, words)]
    done = subprocess.run(command, capture_output=True, cwd=cwd, env=environment(), timeout=60)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


def test_the_command_writes_a_page_and_never_over_what_is_not_ours(tmp_path: Path) -> None:
    done = run("x12", "997", "--html", "a/997.html", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    page = (tmp_path / "a/997.html").read_bytes()
    assert page == run("x12/997", "--html", "-", cwd=tmp_path).stdout == alone("x12/997").encode()
    (tmp_path / "mine.html").write_text("<p>mine</p>")
    done = run("x12", "997", "--html", "mine.html", cwd=tmp_path)
    assert done.returncode == 2
    assert b"mine.html is there" in done.stderr
    assert (tmp_path / "mine.html").read_text() == "<p>mine</p>"
    assert run("x12", "997", "--html", "mine.html", "--force", cwd=tmp_path).returncode == 0
    assert (tmp_path / "mine.html").read_bytes() == page
    assert run("target", "855", "--html", "mine.html", cwd=tmp_path).returncode == 0, "a page of ours is written over"
    assert (tmp_path / "mine.html").read_bytes() == alone("target/855").encode()


def test_the_command_writes_a_site(tmp_path: Path) -> None:
    done = run("--html", "site", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"open site/index.html" in done.stderr
    written = {file.relative_to(tmp_path / "site").as_posix(): file.read_text() for file in (tmp_path / "site").rglob("*.*")}
    assert written == texts()
    assert all(MARK in text[:500] for text in written.values())
    (tmp_path / "other").mkdir()
    (tmp_path / "other/index.html").write_text("mine")
    assert run("--html", "other", cwd=tmp_path).returncode == 2
    assert [file.name for file in (tmp_path / "other").rglob("*")] == ["index.html"], "none is written when one may not be"


MISUSED = [
    (["--html", "-"], 2, b"need a folder"),
    (["target", "--html", "out"], 2, b"name the guide"),
    (["--markdown"], 2, b"name the guide"),
    (["target", "850", "--html", "out", "--markdown"], 2, b"one of the three"),
    (["target", "999", "--html", "out"], 5, b"target/999"),
    (["target", "850", "--html", "/dev/full"], 2, b"is there"),
    (["target", "850", "--html", "."], 2, b"is a folder"),
    (["--html", "/dev/full"], 2, b"is a file"),
]


@pytest.mark.parametrize(("words", "code", "says"), MISUSED)
def test_the_command_misused(words: list[str], code: int, says: bytes, tmp_path: Path) -> None:
    done = run(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, b"")
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_markdown_goes_to_stdout(tmp_path: Path) -> None:
    done = run("x12", "997", "--markdown", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == markdown(said("x12/997"))
