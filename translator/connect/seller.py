"""The API's side of a simulated seller API: orders held in memory, and what may be done to them.

Requests in the words of the API's table go in; orders as they then are come out, or a ``Refusal``. It is strict about whatever
was done before, so that nothing that is sent twice goes unseen. What goes wrong on the way is for ``simulated``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any

from attrs import define, field

from translator import shipped
from translator.bodies.calls import Api, load
from translator.errors import SettingsError
from translator.tables.standard import parsed

Json = dict[str, Any]
# What may go wrong, and whether the deed is done before it does.
FAULTS = {
    "401": False, "429": False, "500": False, "503": False, "520": False, "404": False, "400": False, "302": False,
    "slow": False, "dropped": False, "html": False, "truncated": False, "long": False, "lost": True, "done-500": True,
}  # fmt: skip
_FAULT = re.compile(r"(?P<call>[a-z]+):(?P<nth>[1-9][0-9]*|\*)=(?P<what>[a-z0-9-]+)")


@define
class Fault:
    """At the n-th request of a call (0: each) something goes wrong."""

    call: str
    nth: int
    what: str


def fault(text: str) -> Fault:
    """``ship:2=lost`` as a fault. Raises ``SettingsError``."""
    found = _FAULT.fullmatch(text)
    if found is None or found["what"] not in FAULTS:
        raise SettingsError(f"{text!r} is no fault: write CALL:N=WHAT, WHAT one of {', '.join(FAULTS)}, N a number or * for each")
    return Fault(found["call"], 0 if found["nth"] == "*" else int(found["nth"]), found["what"])


class Refusal(Exception):
    """A request that the API refuses, with the status that says so."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@define(eq=False)
class Seller:
    """The API's side: orders and what was done to them. ``deeds`` counts what succeeded, ``requests`` what was asked."""

    api: Api
    words: Json
    orders: list[Json] = field(factory=list)
    fulfillments: dict[str, list[Json]] = field(factory=dict)
    requests: list[str] = field(factory=list)
    deeds: Counter[str] = field(factory=Counter)
    faults: list[Fault] = field(factory=list)
    asked: Counter[str] = field(factory=Counter)
    slow: float = 5  # seconds
    halts: int = 0  # the number of the request that is not answered for so long, whatever it asks for; 0: none

    # --- what is asked ------------------------------------------------------------------------------------------------

    def listed(self, query: dict[str, list[str]]) -> list[Json]:
        """A page of the orders in the states asked for."""
        call, state = self.api.calls["orders"], self.words["order"]["state"]
        names = {value: key for key, value in call.query.items()}
        states = [value for key, held in query.items() if call.query.get(key, "") in self.api.states for value in held]
        page, size = (int(query.get(names.get(hole, ""), ["1"])[0]) for hole in ("{page}", "{size}"))
        found = [one for one in self.orders if not states or one[state] in states]
        first = (page - self.api.first) * size
        return found[first : first + size]

    def found(self, id: str) -> Json:
        """One order by the API's id."""
        for one in self.orders:
            if one[self.words["order"]["id"]] == id:
                return one
        raise Refusal(404, f"there is no order {id}")

    def stage(self, order: Json) -> str:
        """What the order's state means."""
        return self.api.states[order[self.words["order"]["state"]]]

    def named(self, stage: str, line: bool = False) -> str:
        """The first state of a stage."""
        return next(name for name, held in (self.api.line_states if line else self.api.states).items() if held == stage)

    # --- what is done -------------------------------------------------------------------------------------------------

    def acknowledge(self, id: str, body: Json) -> Json:
        """The order is accepted; not twice."""
        order = self.found(id)
        wanted = body.get(self.words["status"]["state"])
        if self.api.states.get(str(wanted)) != "accepted":
            raise Refusal(400, f"{wanted!r} is no state that an order can be put into")
        if self.stage(order) != "new":
            raise Refusal(409, f"order {id} is {order[self.words['order']['state']]} already")
        order[self.words["order"]["state"]] = wanted
        state, quantity = self.words["split"]["state"], self.words["split"]["quantity"]
        for line in order[self.words["order"]["lines"]]:
            for part in line[self.words["line"]["states"]]:
                if self.api.line_states[part[state]] == "new":
                    part[state] = self.named("accepted", line=True)
            assert sum(part[quantity] for part in line[self.words["line"]["states"]]) == int(line[self.words["line"]["quantity"]])
        self.deeds[f"acknowledge {id}"] += 1
        return order

    def cancel(self, id: str, number: str, body: Json) -> Json:
        """A line's quantity is split anew; what was shipped stays shipped, what was cancelled stays cancelled."""
        order = self.found(id)
        line = self.line(order, number)
        words, states = self.words["split"], self.words["line"]["states"]
        parts = body.get(states)
        if not isinstance(parts, list) or not parts or not all(isinstance(one, dict) for one in parts):
            raise Refusal(400, f"{states} is missing")
        if not body.get(self.words["line"]["reason"]):
            raise Refusal(400, f"{self.words['line']['reason']} is missing")
        before, after = Counter[str](), Counter[str]()
        for counter, held in ((before, line[states]), (after, parts)):
            for one in held:
                if one.get(words["state"]) not in self.api.line_states:
                    raise Refusal(400, f"{one.get(words['state'])!r} is no state of a line")
                counter[self.api.line_states[one[words["state"]]]] += _whole(one.get(words["quantity"]), words["quantity"])
        if after.total() != before.total():
            raise Refusal(400, f"the quantities come to {after.total()}, and the line has {before.total()}")
        if after["shipped"] != before["shipped"]:
            raise Refusal(400, "what was shipped cannot be cancelled")
        if after["cancelled"] <= before["cancelled"]:
            raise Refusal(409, "that much of the line is cancelled already")
        line[states] = [{**one, words["quantity"]: _whole(one[words["quantity"]], "")} for one in parts]
        line[self.words["line"]["reason"]] = body[self.words["line"]["reason"]]
        self.deeds[f"cancel {id} {number}"] += 1
        self.settle(order)
        return line

    def ship(self, id: str, body: Json) -> Json:
        """What left; all of it is taken or nothing is."""
        order, words = self.found(id), self.words["shipped"]
        items = body.get(words["items"])
        if not isinstance(items, list) or not items:
            raise Refusal(400, f"{words['items']} is missing")
        if self.stage(order) not in ("accepted", "part"):
            raise Refusal(409, f"order {id} is {order[self.words['order']['state']]}: acknowledge it first")
        kept, before = self.fulfillments.setdefault(id, []), deepcopy(order)
        made: list[Json] = []
        try:
            for item in items:
                made.append(self.shipped(order, item, [*kept, *made]))
        except Refusal:
            order.clear()
            order.update(before)
            raise
        kept += made
        for item in made:
            self.deeds[f"ship {id} {item[words['line']]} {item[words['tracking']]}"] += 1
        self.settle(order)
        return {words["results"]: made}

    def shipped(self, order: Json, item: Json, kept: list[Json]) -> Json:
        """One item of a fulfillment, taken off its line."""
        words, split = self.words["shipped"], self.words["split"]
        for name in ("line", "tracking", "date", "method"):
            if not isinstance(item.get(words[name]), str) or not item[words[name]]:
                raise Refusal(400, f"{words[name]} is missing")
        line = self.line(order, item[words["line"]])
        if item[words["method"]] not in self.words["methods"]["known"]:
            raise Refusal(400, f"{item[words['method']]!r} is no shipping method")
        if item[words["date"]][:10] < order[self.words["order"]["date"]][:10]:
            raise Refusal(400, f"{words['date']} is before the order")
        if any(all(one[words[n]] == item[words[n]] for n in ("line", "tracking")) for one in kept):
            raise Refusal(409, f"line {item[words['line']]} was shipped under {item[words['tracking']]} already")
        left, count = _whole(item.get(words["quantity"]), words["quantity"]), Counter[str]()
        for one in line[self.words["line"]["states"]]:
            count[one[split["state"]]] += one[split["quantity"]]
        open_, done = self.named("accepted", line=True), self.named("shipped", line=True)
        if not 0 < left <= count[open_]:
            raise Refusal(400, f"{left} of line {item[words['line']]} cannot be shipped: {count[open_]} are open")
        count[open_] -= left
        count[done] += left
        line[self.words["line"]["states"]] = [{split["state"]: k, split["quantity"]: n} for k, n in count.items() if n]
        return dict(item)

    def line(self, order: Json, number: str) -> Json:
        """A line of an order."""
        lines: list[Json] = order[self.words["order"]["lines"]]
        for one in lines:
            if str(one[self.words["line"]["number"]]) == number:
                return one
        raise Refusal(404, f"the order has no line {number}")

    def settle(self, order: Json) -> None:
        """The order's state follows from its lines."""
        count, split = Counter[str](), self.words["split"]
        for line in order[self.words["order"]["lines"]]:
            for one in line[self.words["line"]["states"]]:
                count[self.api.line_states[one[split["state"]]]] += one[split["quantity"]]
        state = self.words["order"]["state"]
        if count["shipped"]:
            order[state] = self.named("part" if count["accepted"] or count["new"] else "shipped")
        elif not count["accepted"] and not count["new"]:
            order[state] = self.named("cancelled")

    # --- faults -------------------------------------------------------------------------------------------------------

    def next_fault(self, call: str) -> str:
        """What goes wrong with this request of a call, if anything."""
        self.asked[call] += 1
        if len(self.requests) == self.halts:
            return "slow"
        return next((one.what for one in self.faults if one.call in (call, "any") and one.nth in (0, self.asked[call])), "")


def seller(name: str, *, orders: list[Json] | None = None, faults: tuple[str, ...] = (), mappings: Path | None = None) -> Seller:
    """An API by the name of its partner, or by the short one that its table has. Raises ``SettingsError``, ``TableError``."""
    for file in shipped.names("mappings", "simulate.toml", mappings):
        words = parsed(file, mappings)
        partner = file.split("/")[-2]
        if name in (partner, words["called"]):
            held = [json.loads(one["json"]) for one in words["orders"]] if orders is None else deepcopy(orders)
            return Seller(load(partner, mappings), words, held, faults=[fault(text) for text in faults])
    raise SettingsError(f"no API called {name!r} can be simulated")


def _whole(value: Any, name: str) -> int:
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", text):
        raise Refusal(400, f"{name} is no whole number: {value!r}")
    return int(text)
