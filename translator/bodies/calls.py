"""What a table says of a partner's API: ``mappings/PARTNER/api.toml`` goes in, an ``Api`` comes out, or a ``TableError``.

The table explains its own sections at its head. Loading is strict: an unknown key, a row without source, a call that asks one
that is not there do not load. Nothing is sent here.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from attrs import define, field

from translator import shipped
from translator.documents.places import Steps, steps
from translator.errors import TableError
from translator.tables.carriers import MARKS
from translator.tables.standard import parsed
from translator.x12.numbers import decimal

STAGES = ("early", "new", "accepted", "part", "shipped", "cancelled", "closed")
_SECTIONS = {
    "host", "credentials", "headers", "calls", "paging", "limits", "retry", "errors", "states", "line_states",
}  # fmt: skip
_KNOWN = {"source", "mark"}
_CALL = {"about", "method", "path", "query", "body", "success", "idempotent", "proof"} | _KNOWN
_PROOF = {"call", "value", "among", "list", "sent", "where", "match", "rest"} | _KNOWN
_LIMITS = ("pace", "connect", "answer", "bytes", "tries", "wait", "wait_most", "patience", "looks")
_HOLES = re.compile(r"\{([a-z]+)\}")
_FILLED = {"seller", "order", "line", "page", "size"}


@define(eq=False, repr=False)
class Proof:
    """How it is found out whether a request was obeyed though its answer never came: see the table's head."""

    call: str
    value: Steps = ()
    among: frozenset[str] = frozenset()
    list: Steps | None = None
    sent: str = ""
    where: dict[str, str] = field(factory=dict)
    match: tuple[str, ...] = ()
    rest: bool = False


@define(eq=False, repr=False)
class Call:
    """A request: ``path`` and ``query`` with holes such as ``{order}``; ``body`` names the table that makes its body."""

    name: str
    about: str
    method: str
    path: str
    success: frozenset[int]
    idempotent: bool
    query: dict[str, str] = field(factory=dict)
    body: str = ""
    proof: Proof | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """What the path names: of seller, order, line."""
        return tuple(_HOLES.findall(self.path))

    def filled(self, open_: tuple[str, ...] = (), /, **values: str) -> str:
        """The path with its places filled: each value is one step of it, whatever stands in it; those that stay ``open_`` are left.

        Raises ``ValueError`` for a value that is no step.
        """
        if bad := [name for name, value in values.items() if not value.strip(".")]:
            raise ValueError(f"{bad[0]} is {values[bad[0]]!r}, which is nothing that can be asked for")
        if missing := [name for name in self.places if name not in values and name not in open_]:
            raise ValueError(f"{missing[0]} is missing")
        return _HOLES.sub(lambda found: quote(values[found[1]], safe="") if found[1] in values else found[0], self.path)

    def read(self, path: str) -> dict[str, str] | None:
        """What fills a path that was made so; None where it is of another call."""
        pattern = "".join(
            f"(?P<{piece}>[^/]+)" if n % 2 else re.escape(piece) for n, piece in enumerate(_HOLES.split(self.path))
        )
        found = re.fullmatch(pattern, path)
        return {name: unquote(value) for name, value in found.groupdict().items()} if found else None

    def obeyed(self, state: str) -> bool:
        """Whether an order in this state shows that the call was obeyed already."""
        return self.proof is not None and state in self.proof.among


@define(eq=False, repr=False)
class Credential:
    """Something secret: the variable that holds it, and where its owner finds it."""

    name: str
    variable: str
    about: str


@define(eq=False, repr=False)
class Api:
    """An API as a table says it. Times are in seconds."""

    file: str
    partner: str
    hosts: dict[str, str]
    credentials: dict[str, Credential]
    headers: dict[str, str]  # name -> value
    secrets: dict[str, str]  # header -> credential
    calls: dict[str, Call]
    first: int
    size: int
    max_pages: int
    pace: float
    connect: float
    answer: float
    bytes: int
    tries: int
    wait: float
    wait_most: float
    patience: float  # how long a run may wait in vain, all in all
    looks: int  # open orders whose state is asked for when orders are fetched
    again: frozenset[int]  # statuses after which a request is tried again
    empty: frozenset[int]  # the same, where the answer has no text
    barred: frozenset[int]  # statuses that refuse us, and not what was sent
    message: tuple[Steps, ...]
    states: dict[str, str]  # of an order -> its stage
    line_states: dict[str, str]

    def call(self, name: str) -> Call:
        """A call by its name. Raises ``TableError``."""
        if name not in self.calls:
            raise TableError(f"{self.file} has no [calls.{name}]; it has {', '.join(self.calls)}")
        return self.calls[name]

    def words(self, *stages: str) -> frozenset[str]:
        """The states of an order that are in one of these stages."""
        return frozenset(word for word, stage in self.states.items() if stage in stages)

    def line_words(self, *stages: str) -> frozenset[str]:
        """The states of a line that are in one of these stages."""
        return frozenset(word for word, stage in self.line_states.items() if stage in stages)


def api(partner: str, mappings: Path | None = None) -> Api | None:
    """What is known of the partner's API; None where it has none. Raises ``TableError`` naming file and row."""
    file = f"mappings/{partner}/api.toml"
    return load(partner, mappings) if file in shipped.names("mappings", "api.toml", mappings) else None


def most_bytes(mappings: Path | None = None) -> int:
    """How long an answer, or a file of orders, may be: what the API with the highest limit allows. Raises ``TableError``."""
    names = shipped.names("mappings", "api.toml", mappings)
    return max((load(name.split("/")[-2], mappings).bytes for name in names), default=0)


@lru_cache(maxsize=8)
def load(partner: str, mappings: Path | None = None) -> Api:
    """The API of a partner. Raises ``TableError`` naming file and row."""
    file = f"mappings/{partner}/api.toml"
    return _Loader(file, partner).api(parsed(file, mappings))


@define(eq=False)
class _Loader:
    file: str
    partner: str

    def api(self, raw: dict[str, Any]) -> Api:
        self.keys(raw, _SECTIONS | {"partner"}, "the table")
        if raw.get("partner") != self.partner:
            self.fail("partner", f"is {self.partner!r}, the folder's name")
        hosts = {name: self.url(name, row) for name, row in self.rows(raw, "host", {"url"})}
        held = {
            name: Credential(name, *(self.text(row, key, f"credentials.{name}") for key in ("variable", "about")))
            for name, row in self.rows(raw, "credentials", {"variable", "about"})
        }
        headers, secrets = {}, {}
        for name, row in self.rows(raw, "headers", {"credential", "value"}):
            if ("credential" in row) == ("value" in row):
                self.fail(f"headers.{name}", "has either a credential or a value")
            if "value" in row:
                headers[name] = self.text(row, "value", f"headers.{name}")
            elif row["credential"] not in held:
                self.fail(f"headers.{name}", f"names the credential {row['credential']!r}, which has no row")
            else:
                secrets[name] = row["credential"]
        calls = {name: self.call(name, row) for name, row in self.rows(raw, "calls", _CALL)}
        for call in calls.values():
            if call.proof and (call.proof.call not in calls or not calls[call.proof.call].idempotent):
                self.fail(f"calls.{call.name}.proof", f"asks {call.proof.call!r}, which is no call that may be made again")
        paging, limits = self.table(raw, "paging"), dict[str, Decimal]()
        self.keys(paging, {"first", "size", "max_pages", "stop"} | _KNOWN, "paging")
        self.sourced(paging, "paging")
        if paging.get("stop") != "short":
            self.fail("paging.stop", 'is "short": the last page has fewer entries than were asked for')
        for name, row in self.rows(raw, "limits", {"value", "unit"}):
            number = decimal(self.text(row, "value", f"limits.{name}"))
            if name not in _LIMITS or number is None or number < 0:
                self.fail(f"limits.{name}", f"is no limit with a number from 0 as text; there are {', '.join(_LIMITS)}")
            limits[name] = number or Decimal()
        if missing := [name for name in _LIMITS if name not in limits]:
            self.fail(f"limits.{missing[0]}", "is missing")
        retry = dict(self.rows(raw, "retry", {"when", "statuses"}))
        errors = dict(self.rows(raw, "errors", {"paths"}))
        return Api(
            self.file, self.partner, hosts, held, headers, secrets, calls,
            first=self.number(paging, "first", "paging"), size=self.number(paging, "size", "paging"),
            max_pages=self.number(paging, "max_pages", "paging"),
            pace=float(limits["pace"]), connect=float(limits["connect"]), answer=float(limits["answer"]),
            bytes=int(limits["bytes"]), tries=max(int(limits["tries"]), 1), wait=float(limits["wait"]),
            wait_most=float(limits["wait_most"]), patience=float(limits["patience"]), looks=int(limits["looks"]),
            again=self.statuses(retry.get("statuses", {}), "retry.statuses"),
            empty=self.statuses(retry.get("empty", {}), "retry.empty"),
            barred=self.statuses(retry.get("barred", {}), "retry.barred"),
            message=tuple(self.path(text, "errors.message") for text in errors.get("message", {}).get("paths", ())),
            states=self.stages(raw, "states"), line_states=self.stages(raw, "line_states"),
        )  # fmt: skip

    def call(self, name: str, row: dict[str, Any]) -> Call:
        where = f"calls.{name}"
        path, query = self.text(row, "path", where), row.get("query", {})
        if not path.startswith("/") or "//" in path or not isinstance(query, dict) or not all(map(_is_text, query.values())):
            self.fail(where, "has a path that begins with one /, and a query of texts")
        for hole in _HOLES.findall(path + "".join(query.values())):
            if hole not in _FILLED:
                self.fail(where, f"has {{{hole}}}, which nothing fills; there are {', '.join(sorted(_FILLED))}")
        method = self.text(row, "method", where)
        if method not in ("GET", "PUT", "POST"):
            self.fail(f"{where}.method", f"is no method: {method!r}")
        if not isinstance(row.get("idempotent"), bool):
            self.fail(f"{where}.idempotent", "is true or false")
        if not row["idempotent"] and "proof" not in row:
            self.fail(where, "may not be made again and has no proof: a lost answer could never be cleared up")
        proof = self.proof(row["proof"], f"{where}.proof") if "proof" in row else None
        success = self.statuses({"statuses": row.get("success")}, f"{where}.success")
        about, body = self.text(row, "about", where), row.get("body", "")
        return Call(name, about, method, path, success, row["idempotent"], query, body, proof)

    def proof(self, row: dict[str, Any], where: str) -> Proof:
        self.keys(row, _PROOF, where)
        self.sourced(row, where)
        if ("value" in row) == ("list" in row):
            self.fail(where, "has either `value` and `among`, or `list`, `sent` and `match`")
        if "value" in row:
            return Proof(row["call"], self.path(row["value"], where), frozenset(row["among"]))
        place = self.path(row["list"], where) if row["list"] else ()
        match = tuple(row.get("match", ()))
        if not match:
            self.fail(f"{where}.match", "names the fields that tell an entry")
        sent = self.text(row, "sent", where)
        return Proof(row["call"], list=place, sent=sent, where=row.get("where", {}), match=match, rest=bool(row.get("rest")))

    # --- values -------------------------------------------------------------------------------------------------------

    def fail(self, key: str, words: str) -> None:
        raise TableError(f"{self.file}: {key} {words}")

    def keys(self, row: dict[str, Any], known: set[str], where: str) -> None:
        if strange := sorted(set(row) - known):
            self.fail(where, f"has {strange[0]!r}, which is no key; there are {', '.join(sorted(known))}")

    def table(self, raw: dict[str, Any], name: str) -> dict[str, Any]:
        value = raw.get(name)
        if not isinstance(value, dict):
            self.fail(name, "is missing")
        return dict(value or {})

    def rows(self, raw: dict[str, Any], section: str, known: set[str]) -> list[tuple[str, dict[str, Any]]]:
        held = self.table(raw, section)
        for name, row in held.items():
            if not isinstance(row, dict):
                self.fail(f"{section}.{name}", "is a table")
            self.keys(row, known | _KNOWN, f"{section}.{name}")
            self.sourced(row, f"{section}.{name}")
        return list(held.items())

    def sourced(self, row: dict[str, Any], where: str) -> None:
        if not row.get("source") or row.get("mark") not in MARKS:
            self.fail(where, f"says where it is from: `source`, and a `mark`, one of {' '.join(sorted(MARKS))}")

    def text(self, row: dict[str, Any], key: str, where: str) -> str:
        if not _is_text(row.get(key)) or not row[key]:
            self.fail(f"{where}.{key}", "is a text")
        return str(row[key])

    def number(self, row: dict[str, Any], key: str, where: str) -> int:
        value = row.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.fail(f"{where}.{key}", "is a whole number from 0")
        return int(value or 0)

    def statuses(self, row: dict[str, Any], where: str) -> frozenset[int]:
        held = row.get("statuses")
        if not isinstance(held, list) or not held or not all(isinstance(n, int) and 100 <= n < 600 for n in held):
            self.fail(where, "is a list of statuses, as in [200, 201]")
        return frozenset(held or ())

    def path(self, text: str, where: str) -> Steps:
        try:
            return steps(text)
        except ValueError as error:
            raise TableError(f"{self.file}: {where}: {error}") from error

    def url(self, name: str, row: dict[str, Any]) -> str:
        url = self.text(row, "url", f"host.{name}")
        if not re.fullmatch(r"https://[a-z0-9.-]+", url):
            self.fail(f"host.{name}.url", "is https:// and a host, without a path")
        return url

    def stages(self, raw: dict[str, Any], section: str) -> dict[str, str]:
        found = {}
        for name, row in self.rows(raw, section, {"stage", "about"}):
            if row.get("stage") not in STAGES:
                self.fail(f"{section}.{name}.stage", f"is one of {', '.join(STAGES)}")
            found[name] = row["stage"]
        return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
