"""A change applied to its order: both as documents go in, the whole order as revised comes out, and what is to be asked first.

Nothing is decided here: whoever holds the order keeps the one that came first, shows both, and waits for somebody's word.
What was not applied is an error among the findings, what was applied and deserves a look is a warning; their paths are those
of the change. Which code does what stands in the partner's rules (``[derive.change]`` of ``derive.toml``).

In the order as revised, ``revision`` counts the changes, and ``changes`` says what they made another, value by value. An order
that is cancelled says so (``cancelled``) and keeps its lines as they were. A line that is cancelled stays, with quantity 0;
``ordered`` is the quantity before all changes. Sender's totals go when lines change; what is worked out of the order goes too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import define, field

from translator.documents.parts import number
from translator.findings import Finding, finding
from translator.tables.carry import copied
from translator.tables.twins import Lines

Json = dict[str, Any]

NONE, CANCEL, REPLACE = "none", "cancel", "replace"  # besides "change"
RESENT = "resent"  # the effect of an order that comes again, and is another: nothing is applied, it takes the first one's place
# What a change may say of an order and of a line, by JSON name, and what people call it.
_HEADING = {
    "references": "reference", "contacts": "contact", "freight": "freight", "back_order": "back_order",
    "special_orders": "special_order", "terms": "terms", "dates": "date", "routing": "routing", "instructions": "instruction",
    "truckload": "truckload", "parties": "party",
}  # fmt: skip
_LINE = {
    "quantity": "quantity", "unit": "unit", "price": "price", "price_basis": "price_basis", "ids": "item",
    "prices": "other_price", "descriptions": "description", "packs": "pack", "services": "service",
    "substitutes": "substitutes", "components": "component",
}  # fmt: skip
_NUMBERS: tuple[str, ...] = ("quantity", "price")
_STALE = ("derived", "residue")  # of the order before the change
_APART = frozenset({"guide", "envelope", "erp", "derived", "findings", "residue"})


@define
class Revised:
    """What came of a change: the ``order`` as revised (as it was, where ``effect`` is "none"), what this change made another,
    and what was found. ``effect`` is "cancel", "change", "replace" or "none"."""

    order: Json
    effect: str
    changes: list[Json] = field(factory=list)
    findings: list[Finding] = field(factory=list)


def revise(order: Mapping[str, Any], change: Mapping[str, Any], rules: Mapping[str, Any]) -> Revised:
    """The order as the change wants it; neither is changed. ``rules`` is the partner's ``derive.toml``, loaded.

    Whether the change is about this order at all (number, release) is for the caller to know, as is whether it came twice
    (``same_change``). Source: Target, 860; X12, DE 353 and DE 670.
    """
    rule = rules.get("derive", {}).get("change", {})
    effect = rule.get("effects", {}).get(change.get("purpose"), NONE)
    work = _Revision(copied(dict(order)), dict(change), rule)
    work.compare()
    if effect == NONE:
        work.say("change-unknown", "purpose", change.get("purpose"), expected=_listed(rule.get("effects", {})))
    elif order.get("cancelled"):
        work.say("change-after-cancel", "purpose", change.get("purpose"), level="warning" if effect == CANCEL else None)
        effect = NONE
    if effect == NONE:
        return Revised(copied(dict(order)), NONE, findings=work.findings)
    work.apply(effect)
    return Revised(work.finished(), effect, work.changes, work.findings)


def same_change(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two changes are the same, sent twice: all that they say of the order, in whatever envelopes."""
    return _said(one) == _said(other)


class _Revision:
    """The order in the making, what was made another in it, and what was found."""

    def __init__(self, order: Json, change: Json, rule: Mapping[str, Any]) -> None:
        self.order, self.change, self.rule = order, change, rule
        self.revision = int(order.get("revision", 0)) + 1
        self.changes: list[Json] = []
        self.findings: list[Finding] = []

    def say(self, code: str, path: str, value: Any = None, *, level: str | None = None, expected: str | None = None) -> None:
        """Something is to be known about a place of the change."""
        self.findings.append(finding(code, level=level, path=path, value=_text(value), expected=expected))

    def note(self, what: str, *, line: Any = None, path: str | None = None, was: Any = None, now: Any = None) -> None:
        """Something is another now."""
        entry = {"revision": self.revision, "what": what, "line": line, "path": path, "from": _text(was), "to": _text(now)}
        self.changes.append({name: value for name, value in entry.items() if value is not None})

    def compare(self) -> None:
        """What must be the same in both, since a change cannot change it."""
        for name in ("type", "date", "sourcing"):
            mine, theirs = self.change.get(name), self.order.get(name)
            if mine is not None and theirs is not None and mine != theirs:
                self.say("change-order-differs", name, mine, expected=str(theirs))

    def apply(self, effect: str) -> None:
        """All that the change says."""
        lines = self.change.get("lines", [])
        if effect == CANCEL:
            if lines:
                self.say("change-lines-idle", "lines", f"{len(lines)}")
            self.order["cancelled"] = True
            self.note("cancelled")
            return
        self.heading()
        if effect == REPLACE and not lines:
            self.say("change-lines-missing", "lines")
        elif effect == REPLACE:
            self.replaced(lines)
        else:
            for n, line in enumerate(lines):
                self.line(line, f"lines[{n}]")

    def finished(self) -> Json:
        """The order, with its revision and all changes so far."""
        for name in _STALE:
            self.order.pop(name, None)
        if any("line" in entry for entry in self.changes):
            self.order.pop("totals", None)
        self.order["revision"] = self.revision
        if changes := [*self.order.get("changes", []), *copied(self.changes)]:
            self.order["changes"] = changes
        return self.order

    # --- the heading --------------------------------------------------------------------------------------------------

    def heading(self) -> None:
        """What is sent takes the place of what the order has; a map is taken name by name, and the rest of it stays."""
        for name, what in _HEADING.items():
            new, old = self.change.get(name), self.order.get(name)
            if new is None:
                continue
            if name == "parties":
                new = {who: party for who, party in new.items() if not _same_party(who, party, (old or {}).get(who))}
            if isinstance(new, dict) and name != "truckload":
                new = {**(old or {}), **copied(new)}
            if new and new != old:
                self.order[name] = copied(new)
                self.differences(what, name, old, new)

    def differences(self, what: str, path: str, old: Any, new: Any, line: Any = None) -> None:
        """Every value that is another below a place."""
        was, now = dict(_leaves(path, old)), dict(_leaves(path, new))
        for place in [*was, *(place for place in now if place not in was)]:
            if was.get(place) != now.get(place):
                self.note(what, line=line, path=place, was=was.get(place), now=now.get(place))

    # --- lines --------------------------------------------------------------------------------------------------------

    def line(self, sent: Json, path: str) -> None:
        """A line of the change, by its code."""
        rule = self.code(sent, path)
        if rule is None:
            return
        if rule.get("does") == "add":
            self.add(sent, path)
            return
        held = self.held(sent, path)
        if held is None or not self.fits(sent, held, rule, path):
            return
        if rule.get("does") == "cancel":
            self.cancel(held)
        else:
            self.take(sent, held, rule, path)

    def replaced(self, lines: list[Json]) -> None:
        """The lines of a whole order instead of those there are: known ones take all values, the rest are new or gone."""
        every = {"values": "all"}
        before, named = list(self.order["lines"]), []
        for n, sent in enumerate(lines):
            rule, path = self.code(sent, f"lines[{n}]"), f"lines[{n}]"
            found = Lines(before).twins(sent)
            if not found and rule is not None and rule.get("does") != CANCEL:
                self.add(sent, path)
                continue
            held = self.held(sent, path)
            named += found if held is None else [held]
            if held is None or rule is None:
                continue
            if rule.get("does") == CANCEL:
                self.cancel(held)
            elif self.fits(sent, held, every, path):
                self.take(sent, held, every, path)
        for line in before:
            if not any(line is one for one in named) and not line.get("cancelled"):
                self.say("change-line-omitted", "lines", line.get("line"))
                self.cancel(line)

    def code(self, sent: Json, path: str) -> Mapping[str, Any] | None:
        """What the rules say of the line's code; None where they know none."""
        known: Mapping[str, Mapping[str, Any]] = self.rule.get("lines", {})
        code = sent.get("change")
        if code not in known:
            self.say("change-unknown", f"{path}.change", code, expected=_listed(known))
        return known.get(code) if isinstance(code, str) else None

    def held(self, sent: Json, path: str) -> Json | None:
        """The line of the order that is meant: by its number, as text or apart from zeros before it, else by its item numbers."""
        found = Lines(self.order.get("lines", [])).twins(sent)
        if len(found) == 1:
            return found[0]
        place, value = (
            (f"{path}.line", sent["line"]) if "line" in sent else (f"{path}.ids", ", ".join(sent.get("ids", {}).values()))
        )
        self.say("change-line-unknown", place, value, expected=_listed(line.get("line") for line in self.order.get("lines", [])))
        return None

    def fits(self, sent: Json, held: Json, rule: Mapping[str, Any], path: str) -> bool:
        """Whether it is the same item in the same unit, unless these are what is changed."""
        named, fits = _values(rule), True
        for name, value in sent.get("ids", {}).items() if "ids" not in named else ():
            if (mine := held.get("ids", {}).get(name)) is not None and mine != value:
                self.say("change-item-differs", f"{path}.ids.{name}", value, expected=str(mine))
                fits = False
        unit, mine = sent.get("unit"), held.get("unit")
        if unit is not None and mine is not None and unit != mine and "unit" not in named:
            self.say("change-unit-differs", f"{path}.unit", unit, expected=str(mine))
            fits = False
        return fits

    def take(self, sent: Json, held: Json, rule: Mapping[str, Any], path: str) -> None:
        """A line takes the values that its code names; others that differ are reported, and so is what no line of an order has."""
        named = _values(rule)
        for place, value in _leaves(f"{path}.dates", sent.get("dates")):
            self.say("change-beside", place, value, expected="nothing")
        if rule.get("values") != "all":
            for missing in (one for one in _NUMBERS if one in named and one not in sent):
                self.say("change-value-unusable", f"{path}.{missing}", expected=f"a {missing}, which this kind of change is about")
        for name, what in _LINE.items():
            moved = name == "quantity" and "quantity" in rule  # it says less or more: the same is neither
            if name not in sent or (not moved and _alike(name, sent[name], held.get(name))):
                continue
            place, new, old = f"{path}.{name}", sent[name], held.get(name)
            if name not in named:
                if name in (*_NUMBERS, "price_basis"):
                    self.say("change-beside", place, new, expected=_text(old) or "nothing")
            elif name == "quantity":
                self.quantity(held, new, rule, place)
            elif name in _NUMBERS and not _usable(new):
                self.say("change-value-unusable", place, new, expected="a number that is not negative")
            else:
                new = {**held.get(name, {}), **new} if name == "ids" else new
                held[name] = copied(new)
                self.differences(what, f"{self.place(held)}.{name}", old, new, held.get("line"))

    def quantity(self, held: Json, text: Any, rule: Mapping[str, Any], path: str) -> None:
        """The quantity of a line becomes another, if it can be believed."""
        way, old, sent = rule.get("quantity"), number(_text(held.get("quantity"))), number(_text(text))
        if sent is None or sent < 0:
            self.say("change-value-unusable", path, text, expected="a quantity that is not negative")
            return
        new, now = sent, str(text)
        if way and self.rule.get("quantity") == "difference":
            new = (old or Decimal(0)) + (sent if way == "more" else -sent)
            now = f"{new:f}"
        if way and old is not None and (new < 0 or (new >= old if way == "less" else new <= old)):
            self.say("change-quantity-unclear", path, text, expected=f"{way} than {held['quantity']}")
        elif new == 0:
            self.cancel(held)
        else:
            was = held.get("quantity")
            held.setdefault("ordered", was or "0")
            held.pop("cancelled", None)
            held["quantity"] = now
            self.note("quantity", line=held.get("line"), path=f"{self.place(held)}.quantity", was=was, now=now)

    def cancel(self, held: Json) -> None:
        """A line stays in the order, with nothing of it wanted any more."""
        if held.get("cancelled"):
            return
        was = held.get("quantity", "0")
        held.setdefault("ordered", was)
        held |= {"quantity": "0", "cancelled": True}
        self.note("cancelled", line=held.get("line"), path=self.place(held), was=was, now="0")

    def add(self, sent: Json, path: str) -> None:
        """A new line, after all others."""
        lines: list[Json] = self.order.setdefault("lines", [])
        name = sent.get("line")
        if name is None:
            self.say("change-value-unusable", f"{path}.line", expected="the number of the new line")
        elif Lines(lines).twins({"line": name}):
            self.say("change-line-repeated", f"{path}.line", name)
        elif not _usable(sent.get("quantity")) or not number(_text(sent["quantity"])):
            self.say("change-value-unusable", f"{path}.quantity", sent.get("quantity"), expected="the quantity of the new line")
        else:
            lines.append({"line": name, **{key: copied(sent[key]) for key in _LINE if key in sent}, "ordered": "0"})
            self.note("added", line=name, path=self.place(lines[-1]), now=sent["quantity"])
            self.say("change-line-added", f"{path}.line", name)

    def place(self, held: Json) -> str:
        """Where a line stands in the order."""
        return next(f"lines[{n}]" for n, line in enumerate(self.order["lines"]) if line is held)


def _values(rule: Mapping[str, Any]) -> frozenset[str]:
    """The names of a line that a code is about."""
    values = rule.get("values", ())
    return frozenset(_LINE) if values == "all" else frozenset(values)


def _alike(name: str, one: Any, other: Any) -> bool:
    """Whether two values say the same; numbers do whatever their zeros."""
    if name in _NUMBERS and one != other:
        first, second = number(_text(one)), number(_text(other))
        return first is not None and first == second
    return bool(one == other)


def _usable(value: Any) -> bool:
    amount = number(_text(value))
    return amount is not None and amount >= 0


def _same_party(who: str, sent: Json, held: Json | None) -> bool:
    """Whether it is the place that the order has: by its code alone for the buyer, of whom changes repeat the address otherwise."""
    if held is None:
        return False
    names = ("location",) if who == "buyer" else ("location", "name", "more_names", "address")
    return all(sent[name] == held.get(name) for name in names if name in sent)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Every value below a place, with its path."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _leaves(f"{path}.{name}", below)
    elif isinstance(value, list):
        for n, below in enumerate(value):
            yield from _leaves(f"{path}[{n}]", below)
    elif value is not None:
        yield path, value


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _listed(names: Any) -> str:
    """Names for people, cut after twenty."""
    words = [str(name) for name in names]
    more = f" and {len(words) - 20} more" if len(words) > 20 else ""
    return (", ".join(words[:20]) or "none") + more


def _said(change: Mapping[str, Any]) -> Json:
    return {name: value for name, value in change.items() if name not in _APART}
