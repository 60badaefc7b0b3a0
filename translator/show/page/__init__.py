"""X12 and its document on one page: what was annotated goes in, an HTML document comes out that needs nothing else.

The page works without script and without network. Values reach it through Jinja2's escaping only, and ids are counted, never
taken from data. What the page says of a piece is put together in ``model``; here it is only filled into ``page.html``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from translator.findings import clean
from translator.show.page.model import SEGMENTS, documents_model, model

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Template

    from translator.findings import Finding
    from translator.show.annotate import Annotated
    from translator.show.page.said import Said
    from translator.show.sheet import Grid, Sheet
    from translator.tables.table import Row, Table

DOCUMENTS = 100  # of JSON on a page
GENERATOR = "translator show"  # a page with this in <meta name="generator"> is ours, and may be written again


def page(
    pieces: Iterable[Annotated],
    *,
    title: str,
    nonce: str | None = None,
    back: str | None = None,
    sheets: Callable[[Annotated], Sheet | None] | None = None,
    above: str = "",
    extra_style: str = "",
    guide: Callable[[Table, Row, str], str] | None = None,
    codes: str = "",
    limit: int = SEGMENTS,
) -> str:
    """The HTML document.

    With ``nonce`` style and script carry it, for a strict Content-Security-Policy: nothing else on the page needs a permission.
    ``back`` is where a link above the title leads. ``sheets`` makes the sheet of a piece that has a document, which comes before
    its X12. ``above`` is what a page of another kind says first (``Markup`` as it is, other text escaped), ``extra_style`` its
    style. ``guide`` is where a row of a table, or an element of it, is told of, and ``codes`` where findings are, where these are
    served too. After ``limit`` segments the page ends and says so. Raises what ``annotated`` raises.
    """
    said = model(pieces, limit, sheets, guide)
    return _printed(said, title, nonce=nonce, back=back, above=above, codes=codes, extra_style=extra_style)


def document_page(given: Iterable[tuple[dict[str, Any], list[Finding], Sheet]], *, title: str, limit: int = DOCUMENTS) -> str:
    """The HTML document of JSON documents: each with its sheet, its JSON, and what its schema finds. After ``limit`` of them the
    page ends and says so."""
    return _printed(documents_model(given, limit), title)


def _printed(
    said: Said,
    title: str,
    *,
    nonce: str | None = None,
    back: str | None = None,
    above: str = "",
    codes: str = "",
    extra_style: str = "",
) -> str:
    return _template().render(
        said=said,
        title=clean(title),
        nonce=nonce,
        back=back,
        above=above,
        codes=codes,
        generator=GENERATOR,
        style=_text("translator.show", "style.css") + _text(__name__, "page.css") + extra_style,
        script=_text(__name__, "script.js"),
    )


@cache
def _text(package: str, name: str) -> str:
    """A file of ours beside the code, also from within a zip."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(__name__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["clean"] = clean
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["used"] = _used
    return environment.get_template("page.html")


def _used(grid: Grid) -> list[int]:
    """The columns of a grid that say something."""
    return [n for n in range(len(grid.columns)) if any(row.cells[n].text for row in grid.rows)]


def ours(place: Path) -> bool:
    """Whether a page may be written there: nothing is there, or a page that was made here. Raises ``OSError``."""
    if not place.exists() and not place.is_symlink():
        return True
    if not place.is_file():
        return False
    with place.open("rb") as file:
        return f'<meta name=generator content="{GENERATOR}">'.encode() in file.read(1000)
