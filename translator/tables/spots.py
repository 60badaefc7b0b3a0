"""Where in an answer a carry rule speaks, and where in the order it looks: paths in, places out, one for each list entry.

An answer names the orders that it answers, and their lines; ``twins`` finds them. What is named and not there, and what has
another shape than the paths expect, is found here, once. Nothing is compared and nothing is changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import define, field

from translator.tables.carryrule import LINES, CarryRule
from translator.tables.instead import Instead, meant
from translator.tables.paths import Condition, nothing, path, values
from translator.tables.table import Path, path_text
from translator.tables.twins import Lines, label, twin_orders

Json = dict[str, Any]
Say = Callable[..., None]
MISSHAPED: Any = object()  # what stands at a path whose way there is blocked; it was said
_LISTED = 20  # names of lines in a finding


@define(eq=False, repr=False)
class Answer:
    """An object of the document that answers an order, or some of its lines: the beginning of its paths, itself, and those."""

    prefix: str
    held: Json
    order: Json
    name: str  # what the order is called
    lines: list[Json] = field(factory=list)
    line: str | None = None  # what the line is called
    instead: Json | None = None  # the ids of the item that an acknowledgment put in the line's place


@define(eq=False, repr=False)
class Side:
    """Where a rule looks in the order: from these objects on, along these steps, which end the ``whole`` path."""

    held: list[Any]
    steps: Path
    whole: Path

    def at(self, name: str) -> Side:
        """The same for one name of a map."""
        return Side(self.held, (*self.steps[:-1], (name, "")), self.whole)


@define(eq=False, repr=False)
class Spot:
    """A place in the document: along ``steps``, which go through no more lists, from ``held``. ``sides`` as far as they are one."""

    held: Json
    prefix: str
    steps: Path
    sides: list[Side]

    @property
    def path(self) -> str:
        """As findings name it."""
        return self.prefix + path_text(self.steps)


class Spots:
    """The places of one document that answers orders. ``say(code, path, …)`` takes what is wrong with them."""

    def __init__(
        self, answer: Mapping[str, str], orders: list[Json], document: Json, say: Say, acknowledgments: Iterable[Json] = ()
    ) -> None:
        self.document, self.say = document, say
        self.swaps = bool(answer.get("instead"))  # whether a line may bear the numbers of another item
        self.instead = Instead(acknowledgments if self.swaps else ())
        self.told: set[str] = set()
        self.orders_at: Path = path(answer["orders"]) if answer.get("orders") else ()
        self.lines_at: Path = path(answer["lines"]) if answer.get("lines") else ()
        self.orders: dict[int, Json] = {}  # those that are answered, each once
        self.known: dict[int, Lines] = {}
        self.answers = list(self._answers(orders))
        self.lines = {id(one): list(self._lines(one)) for one in self.answers}

    def of(self, rule: CarryRule) -> Iterator[tuple[Spot, list[Answer]]]:
        """Every place that a rule speaks of, with what is answered there: a line, an order, or all orders of the document."""
        below = _below(rule.here, self.orders_at)
        if below is None:
            groups = [Answer("", self.document, order, label(order)) for order in self.orders.values()]
            for spot in self.along(self.document, "", rule.here) if groups else ():
                yield spot, groups
            return
        deeper = _below(below, self.lines_at) if self.lines_at else None
        for one in self.answers:
            for group in [one] if deeper is None else self.lines[id(one)]:
                for spot in self.along(group.held, group.prefix, below if deeper is None else deeper, sides(rule, group)):
                    yield spot, [group]

    def along(self, held: Json, prefix: str, steps: Path, looks: Iterable[Side] = ()) -> Iterator[Spot]:
        """The places at a path from an object on."""
        n = next((n for n, (_, kind) in enumerate(steps) if kind == "[]"), None)
        if n is None:
            yield Spot(held, prefix, steps, list(looks))
            return
        way = (*steps[:n], (steps[n][0], ""))
        items, place = self.follow(held, way, prefix), prefix + path_text(way)
        if nothing(items) or items is MISSHAPED:
            return
        if not isinstance(items, list):
            self.misshaped(place, items, "a list")
            return
        for i, item in enumerate(items):
            here = f"{place}[{i}]"
            if not isinstance(item, dict):
                self.misshaped(here, item, "an object")
            elif (inner := self._parts(item, steps[: n + 1], looks, f"{here}.")) is not None:
                yield from self.along(item, f"{here}.", steps[n + 1 :], inner)

    def follow(self, held: Json, steps: Path, prefix: str) -> Any:
        """What stands at a path without lists of several; a wrong shape on the way is said once."""
        value: Any = held
        for n, (name, kind) in enumerate(steps):
            if nothing(value):
                return None
            if not isinstance(value, dict):
                return self.misshaped(prefix + path_text(steps[:n]), value, "an object")
            value = value.get(name)
            if kind == "0" and not nothing(value):
                if not isinstance(value, list):
                    return self.misshaped(prefix + path_text((*steps[:n], (name, ""))), value, "a list")
                value = value[0]
        return value

    def misshaped(self, place: str, value: Any, expected: str) -> Any:
        """Say once that something has another shape."""
        if place not in self.told:
            self.told.add(place)
            self.say("value-type", place, value=word(value), expected=expected)
        return MISSHAPED

    # --- who answers whom ---------------------------------------------------------------------------------------------

    def _answers(self, orders: list[Json]) -> Iterator[Answer]:
        given = ", ".join(label(order) for order in orders if isinstance(order, dict)) or "none was given"
        named = list(self._objects(self.document, self.orders_at, ""))
        for prefix, held in named:
            twins = twin_orders(held, orders)
            if len(twins) == 1:
                self.orders[id(twins[0])] = twins[0]
                yield Answer(prefix, held, twins[0], label(twins[0]))
            elif twins:
                self.say("carry-ambiguous", f"{prefix}number", expected=" and ".join(label(order) for order in twins))
            else:
                number = held.get("number")
                self.say("order-unknown", f"{prefix}number", value=None if nothing(number) else word(number), expected=given)
        if not named and not self.told:
            self.say("order-unknown", path_text(self.orders_at), expected=given)

    def _lines(self, one: Answer) -> Iterator[Answer]:
        if not self.lines_at:
            return
        known = self.known.setdefault(id(one.order), Lines(one.order.get("lines")))
        said = self.instead.of(one.order, known)
        for prefix, held in self._objects(one.held, self.lines_at, one.prefix):
            twins = known.twins(held)
            if not twins and nothing(held.get("line")) and not nothing(held.get("ids")):
                twins = [line for line in known.lines if any(meant(held, line, said.get(id(line), [])))]
            if not twins or (nothing(held.get("line")) and len(twins) > 1):
                self._stranger(prefix, held, twins or known.lines)
                continue
            may = meant(held, twins[0], said.get(id(twins[0]), [])) if len(twins) == 1 else []
            if len(may) > 1:
                either = " or ".join(word(twins[0].get("ids") if ids is None else ids) for ids in may)
                self.say("carry-ambiguous", f"{prefix}ids", expected=either)
            instead = {} if len(may) > 1 else may[0] if may else None
            yield Answer(prefix, held, one.order, one.name, twins, line_of(twins), instead)

    def _stranger(self, prefix: str, held: Json, known: list[Json]) -> None:
        if prefix in self.told:
            return
        self.told.add(prefix)
        names = [str(line["line"]) for line in known if not nothing(line.get("line"))]
        listed = ", ".join(names[:_LISTED]) + (f" … ({len(names)} lines)" if len(names) > _LISTED else "")
        said = next((held[key] for key in ("line", "ids") if not nothing(held.get(key))), None)
        value = None if said is None else word(said)
        self.say("line-unknown", f"{prefix}line", value=value, expected=listed or "without number")

    def _objects(self, held: Json, steps: Path, prefix: str) -> Iterator[tuple[str, Json]]:
        """The objects at a path, with the beginning of the paths below them."""
        if not steps:
            yield prefix, held
            return
        for spot in self.along(held, prefix, (*steps, ("", ""))):
            below = self.follow(spot.held, spot.steps[:-1], spot.prefix)
            place = (spot.prefix + path_text(spot.steps[:-1])).rstrip(".")
            if isinstance(below, dict):
                yield f"{place}.", below
            elif not nothing(below) and below is not MISSHAPED:
                self.misshaped(place, below, "an object")

    def _parts(self, item: Json, steps: Path, looks: Iterable[Side], prefix: str) -> list[Side] | None:
        """Sides that run through a list of the same name go on from the entry that is this one's twin, or, where it names none,
        from all of them. None where it names one that there is not."""
        found = []
        for side in looks:
            if side.steps[:1] != steps or len(side.steps) < 2:
                found.append(side)
                continue
            entries = Lines(values(side.held, steps))
            twins = entries.twins(item)
            if not twins and entries.lines and not (nothing(item.get("line")) and nothing(item.get("ids"))):
                self._stranger(prefix, item, entries.lines)
                return None
            found.append(Side(list(twins or entries.lines), side.steps[1:], side.whole))
        return found


def sides(rule: CarryRule, group: Answer, name: str = "") -> list[Side]:
    """Where a rule looks in what is answered: from the lines on, where its path goes through them. ``name`` is one of a map."""
    lines = group.lines if group.instead is None else [{**line, "ids": group.instead} for line in group.lines]
    found = [
        Side(list(lines), steps[1:], steps) if lines and steps[0] == LINES else Side([group.order], steps, steps)
        for steps in rule.order
    ]
    return [one.at(name) for one in found] if name else found


def in_force(rule: CarryRule, group: Answer) -> bool:
    """Whether the order is one that the rule speaks of; what a condition says of lines holds for the line, where there is one."""
    if not rule.when and not rule.unless:
        return True
    about = {**group.order, "lines": group.lines} if group.lines else group.order

    def all_hold(conditions: tuple[Condition, ...]) -> bool:
        return all(condition.holds(about) for condition in conditions)

    return all_hold(rule.when) and not (rule.unless and all_hold(rule.unless))


def line_of(lines: Iterable[Json]) -> str | None:
    """What a line is called, or the first of several."""
    return next((str(line["line"]) for line in lines if not nothing(line.get("line"))), None)


def word(value: Any) -> str:
    """A value for people: of an object its names and values, without JSON's marks."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {word(item)}" for name, item in value.items()) or "an empty object"
    if isinstance(value, list):
        return ", ".join(word(item) for item in value) or "an empty list"
    return "nothing" if value is None else value if isinstance(value, str) else json.dumps(value, default=repr)


def _below(steps: Path, above: Path) -> Path | None:
    """The rest of a path that goes through another; a list and its one object are the same place."""
    if [(name, bool(kind)) for name, kind in steps[: len(above)]] != [(name, bool(kind)) for name, kind in above]:
        return None
    return steps[len(above) :]
