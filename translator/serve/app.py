"""The pages and their addresses: a request that the guard let in goes in, a page comes out.

    GET  /           where X12 is dropped or pasted           POST /inspect    X12 with its meaning
    POST /orders     the orders in it, and their answers      POST /form       the form of an answer, filled in as far as it can be
    POST /answer     the form judged: again, or the X12       POST /download   that X12, as a file
    GET  /folder     the state of the exchange folder         GET  /folder/log what happened to an order
    GET  /guide      the mapping tables and findings          GET  /guide/NAME one of them, as a page

Work is done in threads, a few at a time, each with its own end. A page is HTML or a sentence, never a traceback.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Awaitable, Callable
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import anyio.to_thread
from attrs import define, field
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from translator.errors import LedgerError, LimitExceeded, NotX12, Refused, SettingsError, TableError
from translator.serve import folder as folders
from translator.serve.answer import NAMES, form
from translator.serve.form import Form
from translator.serve.guard import LARGEST, Guard, Limits, TooLarge, TooSlow, too_large
from translator.serve.inspect import ANSWERABLE, SEGMENTS, Inspected, inspected, is_order, orders
from translator.serve.offers import offers
from translator.serve.upload import Sent, Unfit, carried, sent
from translator.show.page import page
from translator.show.people import piece_sheet
from translator.show.spec.making import anchors
from translator.show.spec.pages import served
from translator.tables.table import Row, Table

if TYPE_CHECKING:
    from jinja2 import Environment

Answer = TypeVar("Answer")
_AT_ONCE = 2  # requests that are worked on
_PATIENCE = 30.0  # seconds that one waits for its answer
_GUIDE = "/guide"
_HIDDEN = ("n", "kind", "program")
_SENTENCES: dict[type[Exception], tuple[int, str]] = {
    NotX12: (422, "This is not X12"),
    LimitExceeded: (422, "This is too large to be shown"),
    Refused: (404, "That is not known here"),
    Unfit: (400, "This could not be taken"),
    SettingsError: (500, "The folder cannot be read"),
    LedgerError: (500, "The folder cannot be read"),
    TableError: (500, "A mapping table cannot be used"),
}


@define(eq=False)
class Page:
    """The application's own: the folder whose state is shown, the tables' place, the token of its forms, the moment."""

    folder: Path | None = None
    mappings: Path | None = None
    now: Callable[[], datetime.datetime] = datetime.datetime.now
    token: str = field(factory=lambda: secrets.token_urlsafe(32))
    limiter: anyio.CapacityLimiter = field(factory=lambda: anyio.CapacityLimiter(_AT_ONCE))

    # --- pages --------------------------------------------------------------------------------------------------------

    async def start(self, request: Request) -> Response:
        return self.html(request, "start.html", title="EDI on this computer", most=LARGEST >> 20)

    async def inspect(self, request: Request) -> Response:
        given = await self.sent(request)
        nonce = request.state.nonce

        def work() -> str:
            return self.inspector(inspected(given.data, self.mappings), given.data, nonce)

        return HTMLResponse(await self.threaded(work))

    async def orders(self, request: Request) -> Response:
        given = await self.sent(request)
        listed, cut = await self.threaded(lambda: self.known(given.data))
        found = [(n, order, *offers(order, self.mappings)) for n, order in enumerate(listed)]
        return self.html(request, "orders.html", title="Answer an order", found=found, cut=cut, source=carried(given.data))

    async def form(self, request: Request) -> Response:
        return await self.answering(request, finish=False)

    async def answer(self, request: Request) -> Response:
        return await self.answering(request, finish=True)

    async def download(self, request: Request) -> Response:
        given = await self.sent(request)
        kind, control = given.texts.get("kind", ""), given.texts.get("control", "")
        if not given.data.startswith(b"ISA") or len(given.data) > ANSWERABLE:
            raise Unfit("There is nothing to download here. Begin at the start page.")
        name = f"{NAMES.get(kind, 'document').replace(' ', '-')}-{control if control.isascii() and control.isdigit() else '0'}"[:60]
        about = {"content-disposition": f'attachment; filename="{name}.edi"'}
        return Response(given.data, media_type="application/edi-x12", headers=about)

    async def state(self, request: Request) -> Response:
        place, everything = self.place(), request.query_params.get("all") == "yes"
        found = await self.threaded(lambda: folders.state(place, everything=everything, now=self.now().astimezone(datetime.UTC)))
        return self.html(request, "folder.html", title=f"Exchange folder {found.name}", state=found, everything=everything)

    async def log(self, request: Request) -> Response:
        place, number = self.place(), request.query_params.get("order", "")[:80]
        found = await self.threaded(lambda: folders.log(place, number))
        return self.html(request, "log.html", title=f"Order {number}", entries=found)

    async def guide(self, request: Request) -> Response:
        name, nonce = request.path_params.get("name", ""), request.state.nonce
        text = await self.threaded(lambda: served(name, _GUIDE, nonce, self.mappings))
        if text is None:
            raise HTTPException(404)
        return HTMLResponse(text)

    # --- what they share ----------------------------------------------------------------------------------------------

    def known(self, data: bytes) -> tuple[list[dict[str, Any]], str]:
        """The orders of a file. Raises ``Unfit`` where it is too large to be carried from form to form, or has none."""
        if len(data) > ANSWERABLE:
            raise Unfit(f"Orders are answered from files of up to {ANSWERABLE >> 20} MB. The command `translator new` takes any.")
        found, cut = orders(data, self.mappings)
        if not found:
            raise Unfit("There is no purchase order in it that can be answered here. “Show what it says” tells what it is.")
        return found, cut

    async def answering(self, request: Request, *, finish: bool) -> Response:
        given = await self.sent(request)
        texts, nonce = given.texts, request.state.nonce
        fresh = texts.pop("fresh", "") == "yes"

        def work() -> Form | tuple[Form, str]:
            listed, _ = self.known(given.data)
            text = texts.get("n", "")
            n = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else len(listed)
            if n >= len(listed):
                raise Unfit("The file has no such order. Begin at the start page.")
            made = form(
                listed[n], texts.get("kind", ""), None if fresh else texts,
                agreed=texts.get("program", ""), mappings=self.mappings, now=self.now(), finish=finish,
            )  # fmt: skip
            if made.data is None:
                return made
            about = {"form": made, "hidden": self.hidden(texts, given.data), "result": carried(made.data)}
            above = _markup("result.html", token=self.token, **about)
            return made, self.shown(inspected(made.data, self.mappings), _title(made), nonce, above)

        made = await self.threaded(work)
        if isinstance(made, tuple):
            return HTMLResponse(made[1])
        status = 422 if finish or made.refused else 200
        hidden = {name: texts.get(name, "") for name in _HIDDEN} | {"source": carried(given.data)}
        title = _title(made)
        return self.html(request, "form.html", status, title=title, form=made, hidden=hidden)

    def hidden(self, texts: dict[str, str], data: bytes) -> dict[str, str]:
        """All that was filled in, and the file, for a form that only has a button."""
        return texts | {"source": carried(data)}

    def inspector(self, found: Inspected, data: bytes, nonce: str) -> str:
        answerable = len(data) <= ANSWERABLE and any(is_order(one.reading.document, self.mappings) for one in found.pieces)
        above = _markup("inspected.html", token=self.token, cut=found.cut, source=carried(data) if answerable else "")
        return self.shown(found, "What this X12 says", nonce, above, back="/")

    def shown(self, found: Inspected, title: str, nonce: str, above: str, back: str | None = None) -> str:
        """The inspector, with something of ours above it."""
        style = _text("serve.css")
        sheets = partial(piece_sheet, mappings=self.mappings)
        return page(
            found.pieces, title=title, nonce=nonce, back=back, above=above, extra_style=style, limit=SEGMENTS, sheets=sheets,
            guide=_Guides().link, codes=f"{_GUIDE}/findings",
        )  # fmt: skip

    def place(self) -> Path:
        if self.folder is None:
            raise Refused("No folder was named when the page was started: `translator serve DIR` shows the state of one.")
        return self.folder

    async def sent(self, request: Request) -> Sent:
        given = await sent(request, self.token)
        if not given.data.strip():
            raise Unfit("Nothing came. Choose a file, drop one, or paste the text of one, which begins with ISA.")
        return given

    async def threaded(self, work: Callable[[], Answer]) -> Answer:
        """Work that takes a while, beside the other requests. Raises ``TooSlow`` when nobody should wait longer."""
        with anyio.move_on_after(_PATIENCE):
            return await anyio.to_thread.run_sync(work, limiter=self.limiter, abandon_on_cancel=True)
        raise TooSlow

    def html(self, request: Request, template: str, status: int = 200, **about: Any) -> HTMLResponse:
        """A page of a template."""
        nonce = request.state.nonce
        text = _environment().get_template(template).render(
            nonce=nonce, token=self.token, folder=self.folder, style=_style(), script=_text("drop.js"), names=NAMES, **about
        )  # fmt: skip
        return HTMLResponse(text, status)

    def refusal(self, status: int, title: str, sentence: str, nonce: str) -> Response:
        """The page that says why not."""
        text = _environment().get_template("refused.html").render(
            nonce=nonce, token="", folder=self.folder, style=_style(), script="", title=title, sentence=sentence
        )  # fmt: skip
        return HTMLResponse(text, status)

    def told(self, endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint; what it raises becomes a page."""

        async def answered(request: Request) -> Response:
            nonce = request.state.nonce
            try:
                return await endpoint(request)
            except TooLarge:
                return self.refusal(*too_large(LARGEST), nonce)
            except TooSlow:
                return self.refusal(503, "This took too long", "Nothing was changed. The commands have no such limit.", nonce)
            except HTTPException:
                raise
            except tuple(_SENTENCES) as error:
                status, title = next(said for kind, said in _SENTENCES.items() if isinstance(error, kind))
                more = " The commands read any size: `translator check FILE`." if isinstance(error, LimitExceeded) else ""
                return self.refusal(status, title, _sentence(error) + more, nonce)
            except Exception as error:
                return self.refusal(500, "A fault of this program", _fault(error), nonce)

        return answered

    async def unknown(self, request: Request, error: Exception) -> Response:
        """What Starlette itself refuses: no such page, no such method."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        title, sentence = _REFUSED.get(status, ("This cannot be done", "Begin at the start page."))
        return self.refusal(status, title, sentence, request.state.nonce)


_REFUSED = {
    404: ("There is no such page", "Begin at the start page."),
    405: ("This page comes of a form", "Begin at the start page, and send its form."),
}


def application(
    port: int, *, folder: Path | None = None, mappings: Path | None = None, limits: Limits | None = None, page: Page | None = None
) -> Guard:
    """The whole as an ASGI application, for a server that listens at this port of 127.0.0.1."""
    own = page or Page(folder, mappings)
    get = {"/": own.start, "/folder": own.state, "/folder/log": own.log, _GUIDE: own.guide, f"{_GUIDE}/{{name:path}}": own.guide}
    post = {"/inspect": own.inspect, "/orders": own.orders, "/form": own.form, "/answer": own.answer, "/download": own.download}
    routes = [Route(path, own.told(endpoint), methods=["GET"]) for path, endpoint in get.items()]
    routes += [Route(path, own.told(endpoint), methods=["POST"]) for path, endpoint in post.items()]
    app = Starlette(routes=routes, exception_handlers={HTTPException: own.unknown})
    app.router.redirect_slashes = False
    return Guard(app, port, own.refusal, limits or Limits())


class _Guides:
    """Leads from rows of tables to the pages of these tables."""

    def __init__(self) -> None:
        self.known: dict[int, Callable[[Row, str], str]] = {}

    def link(self, table: Table, row: Row, ref: str) -> str:
        """Where an element of a row is told of, or a row, or nothing."""
        if id(table) not in self.known:
            self.known[id(table)] = anchors(table)
        anchor = self.known[id(table)](row, ref)
        return f"{_GUIDE}/{table.name}#{anchor}" if anchor else ""


def _title(made: Form) -> str:
    name = NAMES.get(made.kind, "answer")
    return f"{name[:1].upper()}{name[1:]} for order {made.order.get('number', '')}"


def _sentence(error: Exception) -> str:
    from translator.findings import clean

    text = clean(str(error))
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _fault(error: Exception) -> str:
    """What a person can report: which kind of fault, and where in this program; nothing of the data."""
    from traceback import extract_tb

    spot = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {spot.name}, line {spot.lineno}. Please report it. Nothing was changed or sent."


def _markup(template: str, **about: Any) -> str:
    """A piece of a page."""
    from markupsafe import Markup

    return Markup(_environment().get_template(template).render(**about))


@cache
def _text(name: str) -> str:
    """A file of ours beside the code, also from within a zip."""
    return files(__package__ or "").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    return files("translator.show").joinpath("style.css").read_text(encoding="utf-8") + _text("serve.css")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(__package__ or "", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
