"""Documents into requests: a complete acknowledgment or shipment goes in; method, path and body of each request come out.

The table says which calls there are and what stands in their bodies, ``api.toml`` what each call is. The order says what has become
of it so far: what was cancelled is not shipped, what was shipped not cancelled, and what was acknowledged is not so again.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.bodies.calls import Api, Call, api
from translator.bodies.split import been, parts
from translator.bodies.table import BodyTable, Field, Request, lists, numbered
from translator.bodies.text import Number, dumped
from translator.bodies.values import EXPECTED, given
from translator.bodies.write import held, worded
from translator.documents.places import Draft, Step, Steps, get, steps, text_of
from translator.errors import TableError
from translator.findings import Finding, finding
from translator.tables.amounts import number, plain
from translator.tables.carriers import Carrier, carriers, near
from translator.tables.carriers import plain as name_of
from translator.tables.paths import nothing
from translator.tables.spots import word
from translator.tables.tracking import judge, tracking
from translator.tables.twins import label

Json = dict[str, Any]
_HOUR = datetime.timedelta(hours=1)
_ASK = "ask"


@define(eq=False, repr=False)
class Prepared:
    """A request: what is called, for which order, from which place of the document. ``body`` is the value, ``text`` its JSON."""

    call: Call
    path: str
    body: Any
    order: str
    place: str

    @property
    def method(self) -> str:
        """The method of the call."""
        return self.call.method

    @property
    def text(self) -> str:
        """The body as JSON."""
        return dumped(self.body)

    def as_text(self) -> str:
        """The request as one JSON object: method, path, body."""
        return dumped({"method": self.method, "path": self.path, "body": self.body})


def prepare(
    table: BodyTable, document: Json, orders: list[Json], *, mappings: Path | None = None, seller: str | None = None
) -> tuple[list[Prepared], list[Finding]]:
    """The requests that say a document; ``orders`` are those that it answers. Raises ``TableError``."""
    known = api(table.partner, mappings)
    if known is None:
        raise TableError(f"{table.file} makes requests, and there is no mappings/{table.partner}/api.toml")
    return _Preparing(table, document, orders, known, mappings, seller).prepared()


@define(eq=False, repr=False)
class _Preparing:
    table: BodyTable
    document: Json
    orders: list[Json]
    api: Api
    mappings: Path | None
    seller: str | None
    findings: list[Finding] = field(factory=list)
    carrier: Carrier | None = None

    def prepared(self) -> tuple[list[Prepared], list[Finding]]:
        made: list[Prepared] = []
        self.fit()
        if self.findings:
            return [], self.findings
        if any(one.carrier or one.check for request in self.table.requests for one in request.fields):
            self.carrier = self.carried()
        for request in self.table.requests:
            call = self.api.calls.get(request.call)
            if call is None:
                raise TableError(
                    f"{request.rule}: {self.api.file} has no call {request.call!r}; it has {', '.join(self.api.calls)}"
                )
            for numbers, holder, place in held(self.document, request.each):
                order = self.order(place)
                done = order is not None and call.obeyed(str(order.get("state")))
                if not done and all(one.holds(holder) for one in request.when):
                    body = self.body(request, numbers, holder, place, order)
                    path = self.path(request, call, numbers, place)
                    made.append(Prepared(call, path, body, str(self.number(place)), place))
        return made, self.findings

    # --- whether the order takes it ------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """What the partner says has become of the orders allows it, and every answer has a word there."""
        splits = any(request.split for request in self.table.requests)
        for _, holder, place in held(self.document, steps(self.table.answer["orders"])):
            order = self.order(place)
            if order is None:
                continue
            state = order.get("state")
            why = {"early": "it is not yet released to you", "cancelled": "it was cancelled", "closed": "it is closed"}
            if stage := why.get(self.api.states.get(str(state), "")):
                self.say("order-blocked", f"{place}.number", value=label(order), expected=f"{stage} ({state})")
            elif not splits:
                self.open(holder, place, order)
        lines = steps(f"{self.table.answer['orders']}.{self.table.answer['lines']}.answers[]") if splits else ()
        for _, holder, place in held(self.document, lines) if lines else ():
            if holder.get("status") not in self.table.answers:
                expected = ", ".join(self.table.answers)
                self.say("status-unfit", f"{place}.status", value=word(holder.get("status")), expected=expected)

    def open(self, holder: Json, place: str, order: Json) -> None:
        """No more of a line is shipped than is left of it."""
        for line in order.get("lines", []):
            ordered = number(line.get("quantity"))
            gone = {stage: been(line, self.api, stage) for stage in ("shipped", "cancelled")}
            gone["cancelled"] = max(gone["cancelled"], self.rejected(order, line))
            here = [
                (spot, item)
                for _, item, spot in held(holder, steps(self.table.answer["lines"]))
                if item.get("line") == line.get("line")
            ]
            total = sum((number(item.get("quantity")) or Decimal(0) for _, item in here), Decimal(0))
            if here and ordered is not None and any(gone.values()) and total + sum(gone.values()) > ordered:
                said = " and ".join(f"{plain(value)} {stage}" for stage, value in gone.items() if value)
                expected = f"{plain(ordered)}, of which {said} already"
                self.say("quantity-over", f"{place}.{here[-1][0]}.quantity", value=plain(total), expected=expected)

    def rejected(self, order: Json, line: Json) -> Decimal:
        """How much of a line the acknowledgments given along reject."""
        total = Decimal(0)
        for one in self.orders:
            if one.get("document") != "acknowledgment":
                continue
            for said in one.get("orders", []):
                lines = said.get("lines", []) if said.get("number") == order.get("number") else []
                for answer in [a for other in lines if other.get("line") == line.get("line") for a in other.get("answers", [])]:
                    if self.table.answers.get(answer.get("status")) == "cancelled":
                        total += number(answer.get("quantity", line.get("quantity"))) or Decimal(0)
        return total

    # --- a request --------------------------------------------------------------------------------------------------------------

    def path(self, request: Request, call: Call, numbers: tuple[int, ...], place: str) -> str:
        values = {}
        for name in call.places:
            value = self.seller if name == "seller" and self.seller else self.filled(request, name, numbers)
            if not isinstance(value, str) or not value.strip("."):
                at = text_of(numbered(request.fill[name], numbers)) if name in request.fill else f"{place} ({name})"
                self.say(
                    "field-missing" if nothing(value) else "field-type", at, value=word(value), expected="an id", rule=request.rule
                )
                return ""
            values[name] = value
        return call.filled(**values)

    def filled(self, request: Request, name: str, numbers: tuple[int, ...]) -> Any:
        place = request.fill.get(name)
        return None if place is None else get(self.document, numbered(place, numbers[: len(lists(place))]))

    def body(self, request: Request, numbers: tuple[int, ...], holder: Json, place: str, order: Json | None) -> Json:
        """The body of one request."""
        draft = Draft()
        outer = [one for one in request.fields if not lists(one.body)]
        for one in outer:
            if (value := self.value(one, numbers, holder, place, order)) is not None:
                draft.put(one.body, value)
        if request.entries:
            inner = [one for one in request.fields if lists(one.body)]
            entries = [
                {one.body[-1].name: value for one in inner if (value := self.value(one, deep, item, spot, order)) is not None}
                for deep, item, spot in held(self.document, request.entries[1])
                if deep[: len(numbers)] == numbers
            ]
            for n, entry in enumerate(_added(entries, request.add.rpartition(".")[2])):
                for name, value in entry.items():
                    draft.put((*request.entries[0][:-1], Step(request.entries[0][-1].name, index=n), Step(name)), value)
        if request.split:
            line = next((one for one in (order or {}).get("lines", []) if one.get("line") == holder.get("line")), None)
            made, found = parts(request.split, holder, self.table.answers, line, self.api, place)
            self.findings += found
            draft.put(request.split.place, made)
        return draft.made()

    def value(self, one: Field, numbers: tuple[int, ...], holder: Json, place: str, order: Json | None) -> Any:
        """What a field says; None where it says nothing."""
        if one.constant:
            return one.value
        if one.carrier:
            code = self.carrier.codes.get(one.carrier) if self.carrier else None
            if code is None and one.required and self.carrier:
                self.say("carrier-unmapped", "carrier.name", value=self.carrier.name, expected=self.carrier.row, rule=one.rule)
            return code
        spots = next((found for path in one.json if (found := list(self.said(path, numbers)))), [])
        if len({word(ours) for _, ours in spots}) > 1:
            self.say("carry-ambiguous", spots[0][0], expected=" or ".join(dict.fromkeys(word(ours) for _, ours in spots)))
            return None
        return self.told(one, *spots[0], order) if spots else self.unsaid(one, numbers, holder, place)

    def unsaid(self, one: Field, numbers: tuple[int, ...], holder: Json, place: str) -> str | None:
        """What a field says where the document says nothing: what a setting does, or nothing."""
        chosen = self.table.settings.get(one.setting, _ASK)
        if chosen != _ASK:
            return chosen
        at = text_of(numbered(one.json[0], numbers[: len(lists(one.json[0]))]))
        if one.setting:
            self.say("reason-missing", place, value=one.setting, expected=", ".join(dict.fromkeys(one.codes.values())))
        elif one.check and one.required:
            self.say("tracking-missing", at, value=word(holder.get("line")))
        elif one.required:
            self.say("field-missing", at, rule=one.rule)
        return None

    def told(self, one: Field, at: str, ours: Any, order: Json | None) -> Any:
        """Their value for ours, with what the table asks of it."""
        if one.check and isinstance(ours, str) and self.carrier:
            ours, found = judge(ours, self.carrier.codes.get("tracking", ""), at, tracking(self.mappings))
            self.findings += found
        theirs = worded(one, ours)
        if theirs is None or (one.kind == "count" and not Decimal(theirs)):
            said = "a whole number above 0" if one.kind == "count" else ", ".join(one.codes) or EXPECTED[one.kind]
            self.say("field-code" if one.codes else "field-type", at, value=word(ours), expected=said, rule=one.rule)
            return None
        moment = get(order, one.after) if one.after and order else None
        return self.later(one, at, ours, theirs, moment) if isinstance(moment, dict) else theirs

    def later(self, one: Field, at: str, ours: str, theirs: str, moment: Json) -> str | None:
        """A day that is not before the moment; on the same day, an hour after it."""
        day, time = str(moment.get("date", "")), moment.get("time")
        if ours < day:
            self.say("ship-early", at, value=ours, expected=f"{day} {time or ''}".strip(), rule=one.rule)
            return None
        if ours > day or not isinstance(time, str) or one.form == "date":
            return theirs
        try:
            then = datetime.datetime.fromisoformat(f"{day}T{time}") + _HOUR
        except ValueError:
            return theirs
        said = {"date": f"{then:%Y-%m-%d}", "time": f"{then:%H:%M:%S}", "zone": moment.get("zone", "")}
        return str(given(Field((), kind="moment"), {key: value for key, value in said.items() if value}) or theirs)

    def said(self, path: Steps, numbers: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
        """What stands at a place for the entry that the numbers say; through one list more, everything in it."""
        for _, value, at in held(self.document, numbered(path, numbers[: len(lists(path))])):
            if not nothing(value):
                yield at, value

    # --- carrier and order ----------------------------------------------------------------------------------------------------

    def carried(self) -> Carrier | None:
        """The row of the carrier: by the ERP's name for it, or by SCAC and service where only one row fits."""
        said = self.document.get("carrier")
        said = said if isinstance(said, dict) else {}
        known = carriers(self.table.partner, self.mappings)
        name, scac, service = (said.get(key) for key in ("name", "scac", "service_level"))
        if isinstance(name, str) and name_of(name):
            if (found := known.get(name_of(name))) is None:
                listed = f"{', '.join(near(name, known)) or 'none'} (mappings/{self.table.partner}/carriers.toml)"
                self.say("carrier-unknown", "carrier.name", value=name, expected=listed)
            elif not nothing(scac) and found.codes.get("scac", scac) != scac:
                self.say("carrier-differs", "carrier.scac", value=word(scac), expected=f"{found.codes['scac']} ({found.name})")
            return found
        rows = list({id(row): row for row in known.values() if row.codes.get("scac") == scac and "method" in row.codes}.values())
        fitting = [row for row in rows if nothing(service) or row.codes.get("service") == service]
        if nothing(scac):
            self.say("field-missing", "carrier.name")
        elif len(fitting) == 1:
            return fitting[0]
        elif fitting:
            self.say("carry-ambiguous", "carrier.name", expected=" or ".join(row.name for row in fitting))
        else:
            names = ", ".join(row.name for row in rows) or "none of that SCAC"
            self.say("carrier-unknown", "carrier.scac", value=word(scac), expected=names)
        return None

    def order(self, place: str) -> Json | None:
        """The order that a place of the document speaks of."""
        said = self.number(place)
        return next(
            (one for one in reversed(self.orders) if one.get("number") == said and one.get("document", "order") == "order"), None
        )

    def number(self, place: str) -> Any:
        """The number of the order at a place such as ``orders[0].lines[1]``."""
        path = steps(self.table.answer["orders"])
        head = place[: place.index("]") + 1] if "]" in place else place
        return next((one.get("number") for _, one, at in held(self.document, path) if at == head and isinstance(one, dict)), None)

    def say(self, code: str, path: str, **fields: Any) -> None:
        if not any(one.code == code and one.path == path for one in self.findings):
            self.findings.append(finding(code, path=path, **fields))


def _added(entries: list[Json], add: str) -> list[Json]:
    """Entries that are the same but for one number, as one with the numbers added up."""
    made: dict[str, Json] = {}
    totals: dict[str, Decimal] = {}
    for entry in entries:
        key = dumped({name: value for name, value in entry.items() if name != add})
        made.setdefault(key, entry)
        totals[key] = totals.get(key, Decimal(0)) + Decimal(entry.get(add, "0"))
    return [
        {name: Number(plain(totals[key])) if name == add else value for name, value in entry.items()} for key, entry in made.items()
    ]
