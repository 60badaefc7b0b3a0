"""Pages of tables: guides and mapping files go in, HTML comes out: one page that stands alone, a site of many, or one served.

No page needs a script or the network. What tables say is text on a page, whatever it is: the templates escape all of it.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from attrs import define
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from translator import __version__
from translator.catalogue import CATALOGUE
from translator.documents.kinds import KINDS
from translator.findings import clean
from translator.show.spec.head import head
from translator.show.spec.making import guide
from translator.show.spec.model import Place
from translator.show.spec.names import Name, Names
from translator.tables import words
from translator.tables.guide import examples, shelf
from translator.tables.partner import partner
from translator.tables.standard import parsed, standard

MARK = "supplier-edi tables"  # every page of ours bears it, so that only such a page is written over
STYLE = "spec.css"
INDEX = "index.html"
_HERE = Path(__file__).resolve().parent
_FEW = 8  # keys of rows that still make a table; more are shown one below the other


@define(eq=False, repr=False)
class Page:
    """Where a page stands in the site ("" for one that stands alone), and which table it is about.

    One that is served says under which address (``/guide``), and the nonce of its style.
    """

    at: str
    table: str = ""
    under: str = ""
    nonce: str = ""

    @property
    def alone(self) -> bool:
        """Whether there are no other pages."""
        return not self.at

    def to(self, url: str, anchor: str = "") -> str:
        """A link to another page of the site; none from a page that stands alone."""
        if self.alone:
            return ""
        if url == self.at:
            path = ""
        elif self.under:
            path = f"{self.under}/{_address(url)}".rstrip("/")
        else:
            path = posixpath.relpath(url, posixpath.dirname(self.at) or ".")
        return path + (f"#{anchor}" if anchor else "")

    def place(self, place: Place) -> str:
        """A link to a place in a guide."""
        return f"#{place.anchor}" if place.table == self.table else self.to(at_table(place.table), place.anchor)


def at_table(name: str) -> str:
    """Where the page of a table stands in the site."""
    return f"tables/{name}.html"


def at_document(kind: str) -> str:
    """Where the page of a kind of document stands in the site."""
    return f"documents/{kind}.html"


def alone(name: str, mappings: Path | None = None) -> str:
    """One guide as a page that stands alone. Raises ``TableError``."""
    return _guide(name, mappings, Page("", name))


def site(mappings: Path | None = None) -> Iterator[tuple[str, str]]:
    """Every page of the site, as (place, text), the style sheet among them. Raises ``TableError``."""
    yield STYLE, _style()
    for page, made in _pages(mappings):
        yield page.at, made(page)


def served(address: str, under: str, nonce: str, mappings: Path | None = None) -> str | None:
    """The page of an address such as ``PARTNER/SET``, ``findings`` or "" for the index; None where there is none.

    The address is looked for among those of all pages, and is no path. Raises ``TableError``.
    """
    for page, made in _pages(mappings):
        if _address(page.at) == address:
            page.under, page.nonce = under, nonce
            return made(page)
    return None


def _address(url: str) -> str:
    """Where a page of the site is served."""
    return "" if url == INDEX else url.removeprefix("tables/").removesuffix(".html")


def _pages(mappings: Path | None) -> Iterator[tuple[Page, Callable[[Page], str]]]:
    """Every page of the site, with what makes it."""
    tables = shelf(mappings)
    makers = {"guide": _guide, "partner": _partner, "standard": _standard}
    for name, kind in tables:
        yield Page(at_table(name), name), partial(makers.get(kind, partial(_plain, kind)), name, mappings)
    for kind in KINDS:
        yield Page(at_document(kind)), partial(_document, kind)
    yield Page("findings.html"), partial(_findings, mappings)
    yield Page(INDEX), partial(_index, tables, mappings)


# --- kinds of pages -----------------------------------------------------------------------------------------------------


def _guide(name: str, mappings: Path | None, page: Page) -> str:
    return _made("guide.html", page, guide=guide(name, mappings), standard=f"x12/{guide_release(name, mappings)}")


def guide_release(name: str, mappings: Path | None) -> str:
    """The release of X12 that a guide narrows."""
    return str(parsed(f"mappings/{name}.toml", mappings).get("release", ""))


def _partner(name: str, mappings: Path | None, page: Page) -> str:
    about = partner(name.rpartition("/")[0], mappings)
    raw, known = parsed(f"mappings/{name}.toml", mappings), {other for other, _ in shelf(mappings)}
    return _made("partner.html", page, partner=about, title=str(raw.get("name", name)), about=head(name, mappings), known=known)


def _standard(name: str, mappings: Path | None, page: Page) -> str:
    release = standard(name.rpartition("/")[2], mappings)
    return _made("standard.html", page, standard=release, about=head(name, mappings))


def _plain(kind: str, name: str, mappings: Path | None, page: Page) -> str:
    raw = parsed(f"mappings/{name}.toml", mappings)
    title = raw["title"] if isinstance(raw.get("title"), str) else name
    names = Names(str(raw.get("document", "")))
    said = list(_sections(raw, ""))
    return _made("plain.html", page, name=name, kind=kind, title=title, about=head(name, mappings), sections=said, names=names)


def _document(kind: str, page: Page) -> str:
    return _made("document.html", page, names=Names(kind))


def _findings(mappings: Path | None, page: Page) -> str:
    pairs = {code: examples(code, mappings) for code in CATALOGUE}
    return _made("findings.html", page, catalogue=CATALOGUE, pairs=pairs)


def _index(tables: list[tuple[str, str]], mappings: Path | None, page: Page) -> str:
    return _made("index.html", page, shelves=_shelves(tables, mappings), documents=[Names(kind) for kind in KINDS])


@define(eq=False, repr=False)
class Section:
    """A part of a mapping file: single values, or rows; ``wide`` ones have too many keys for a column each."""

    title: str
    values: list[tuple[str, Any]]
    columns: list[str]
    rows: list[dict[str, Any]]
    wide: bool = False


def _sections(raw: dict[str, Any], title: str) -> Iterator[Section]:
    """A mapping file as it stands, in sections; a row's name is its column ``""``."""
    single = [(key, value) for key, value in raw.items() if not _rows(value) and not isinstance(value, dict)]
    if single:
        yield Section(title, single, [], [])
    for key, value in raw.items():
        name = f"{title}.{key}".lstrip(".")
        if _rows(value):
            yield _section(name, value)
        elif isinstance(value, dict):
            if value and all(isinstance(one, dict) for one in value.values()) and not any(_nested(one) for one in value.values()):
                yield _section(name, [{"": one} | about for one, about in value.items()])
            elif any(_rows(one) or isinstance(one, dict) for one in value.values()):
                yield from _sections(value, name)
            else:
                yield Section(name, list(value.items()), [], [])


def _section(title: str, rows: list[dict[str, Any]]) -> Section:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return Section(title, [], columns, rows, wide=len(columns) > _FEW)


def _rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _nested(value: dict[str, Any]) -> bool:
    return any(isinstance(one, dict) or _rows(one) for one in value.values())


def _shelves(tables: list[tuple[str, str]], mappings: Path | None) -> dict[str, list[tuple[str, str, str]]]:
    """The tables by folder: name, kind, and what the file calls itself."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for name, kind in tables:
        raw = parsed(f"mappings/{name}.toml", mappings)
        key = {"guide": "source", "partner": "name"}.get(kind, "title")
        title = raw[key] if isinstance(raw.get(key), str) else ""
        if not title and (about := head(name, mappings)):
            title = re.split(r"(?<=[.]) ", about[0].text)[0]
        found.setdefault(name.rpartition("/")[0], []).append((name, kind, title))
    return found


# --- laying out -----------------------------------------------------------------------------------------------------------


def _made(template: str, page: Page, **said: Any) -> str:
    text: str = _environment().get_template(template).render(page=page, style=_style() if page.alone or page.under else "", **said)
    return text


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals |= {
        "mark": MARK, "style_file": STYLE, "version": __version__, "words": words, "at_table": at_table, "at_document": at_document,
        "types": words.TYPES, "kinds": KINDS,
    }  # fmt: skip
    made.filters |= {
        "value": _value,
        "printed": printed,
        "first_up": first_up,
        "example": _example,
        "anchor": _anchor,
        "pretty": _pretty,
    }
    return made


@cache
def _style() -> str:
    """The shared style, and what is the guides' own. It bears the mark too, being a file of the site."""
    return f"/* {MARK} */\n{(_HERE.parent / 'style.css').read_text(encoding='utf-8')}{(_HERE / STYLE).read_text(encoding='utf-8')}"


def printed(text: str) -> str:
    """Text in which nothing that does not print is left raw, but for the ends of lines."""
    return "\n".join(clean(line) for line in text.split("\n"))


def first_up(text: str) -> str:
    """A sentence's beginning: codes in it stay as they are."""
    return text[:1].upper() + text[1:]


def _anchor(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", text)


def _value(value: Any) -> str:
    """A value of a mapping file, for people."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and not any(isinstance(one, (dict, list)) for one in value):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_value(one)}" for key, one in value.items())
    return clean(str(value))


def _pretty(document: Any) -> str:
    """A document as indented JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False)


def _example(name: Name) -> str:
    """The first example of a name, as JSON."""
    return json.dumps(name.examples[0], ensure_ascii=False) if name.examples else ""
