"""What must go back as it came: rules, orders and an answer to them go in; the answer completed, and what differs, come out.

``fill`` puts in what the answer leaves out and the orders say; what the answer says is never changed. Without ``fill`` an
answer that was sent is checked, and what is left out is missing. The report has what the order said, what is here and a
verdict, for each rule and order (and line). The documents given are not changed. Rules are read by ``carryrule``; where they
speak is found by ``spots``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import define, field

from translator.errors import TableError
from translator.findings import Finding, finding
from translator.tables.carryrule import (
    AGREES,
    AMBIGUOUS,
    CHANGED,
    DIFFERS,
    EXTRA,
    FILLED,
    MISSING,
    NOT_ASKED,
    REFUSED,
    SUMS,
    CarryRule,
    carry_rules,
)
from translator.tables.paths import condition, nothing, put, values
from translator.tables.quantities import Quantities, Sums
from translator.tables.spots import MISSHAPED, Answer, Side, Spot, Spots, in_force, sides, word
from translator.tables.table import path_text

__all__ = ["Carried", "CarryRule", "Compared", "answered", "carry", "carry_rules"]

Json = dict[str, Any]
Asked = list[Any] | None  # the values that would be right, None among them for nothing; None where nothing is asked


@define(eq=False, repr=False)
class Compared:
    """A rule for an order (and a line): ``asked`` is what would be right, ``here`` what goes back; None is nothing."""

    ref: str
    rule: str
    source: str
    order: str
    line: str | None
    path: str
    asked: Any
    here: Any
    verdict: str


@define(eq=False, repr=False)
class Carried:
    """The answer completed, the findings, and the report."""

    document: Json
    findings: list[Finding] = field(factory=list)
    report: list[Compared] = field(factory=list)


def carry(
    rules: Iterable[CarryRule],
    answer: Mapping[str, str],
    orders: Iterable[Json],
    document: Json,
    settings: Mapping[str, str] | None = None,
    fill: bool = True,
    acknowledgments: Iterable[Json] = (),
    sums: Sums | None = None,
) -> Carried:
    """Complete an answer from its orders, or (``fill`` False) check it against them.

    ``answer`` says where the answered orders stand (``orders``, "" where the document is one) and where their lines stand below
    them (``lines``). ``settings`` are the partner's, by name. ``acknowledgments`` of these orders say which lines may bear the
    item numbers of another item (where ``answer`` has ``instead``). ``sums`` holds the quantities of the documents before this one,
    and is added to; a document that ``answer`` has ``alone`` is judged by itself. Raises ``TableError`` for an unknown setting.
    """
    if sums is None or ("alone" in answer and condition(answer["alone"]).holds(document)):
        sums = Sums()
    carrier = _Carrier([rule for rule in rules if _chosen(rule, settings or {})], fill, sums)
    return carrier.carried(Spots(answer, list(orders), copied(document), carrier.say, acknowledgments))


def answered(answer: Mapping[str, str], orders: Iterable[Json], document: Json) -> list[Json]:
    """The orders that a document answers, each once; unknown ones are left out."""
    where = {"orders": answer.get("orders", "")}  # nothing is asked about lines
    return list(Spots(where, list(orders), document, lambda *_, **__: None).orders.values())


def copied(value: Any) -> Any:
    """A JSON value of its own."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


class _Carrier:
    spots: Spots

    def __init__(self, rules: list[CarryRule], fill: bool, sums: Sums) -> None:
        self.rules, self.fill, self.sums = rules, fill, sums
        self.findings: list[Finding] = []
        self.report: list[Compared] = []

    def carried(self, spots: Spots) -> Carried:
        self.spots = spots
        for rule in self.rules:
            before = len(self.report)
            if rule.kind == "never":
                self.never(rule)
            elif rule.kind in SUMS:
                Quantities(rule, spots, self.fill, self.say_of, self.tell, self.sums).judge()
            else:
                for spot, groups in spots.of(rule):
                    self.place(rule, spot, groups)
            met = {one.order for one in self.report[before:]}
            for one in spots.answers:
                if one.name not in met:  # the document has no such place, as where nothing is packed
                    self.tell(rule, path_text(rule.here), one, None, None, NOT_ASKED)
        return Carried(spots.document, self.findings, self.report)

    def place(self, rule: CarryRule, spot: Spot, groups: list[Answer]) -> None:
        """One place of the document by one rule."""
        star = spot.steps[-1][1] == "*"
        here = self.spots.follow(spot.held, spot.steps[:-1] if star else spot.steps, spot.prefix)
        here = None if nothing(here) else here
        if star and not (here is None or here is MISSHAPED or isinstance(here, dict)):
            here = self.spots.misshaped(spot.prefix + path_text(spot.steps[:-1]), here, "an object")
        if here is MISSHAPED:
            for group in groups:
                self.tell(rule, spot.path, group, None, None, DIFFERS)
        elif rule.kind == "without":
            self.without(rule, spot, groups[0], here)
        elif star:
            self.map(rule, spot, groups, here or {})
        else:
            self.judge(rule, spot, groups, here)

    # --- what the order asks for --------------------------------------------------------------------------------------

    def asked(self, rule: CarryRule, group: Answer, spot: Spot, name: str) -> Asked:
        if not in_force(rule, group):
            return [None] if rule.value is not None and rule.kind == "iff" else None
        if rule.value is not None:
            return [rule.value]
        found: list[Any] = []
        for side in spot.sides or sides(rule, group, name):
            found = self.entries(rule, side, spot)
            if any(value is not None for value in found):
                break
        if rule.kind == "pad":
            found = [value.zfill(rule.width) if isinstance(value, str) else value for value in found]
        different = _different(found or [None])
        if rule.kind == "iff" and not (rule.numbers and group.instead is not None):  # of another item the order says nothing
            return different
        return [value for value in different if value is not None]

    def entries(self, rule: CarryRule, side: Side, spot: Spot) -> list[Any]:
        """The order's values; through a list only of entries that agree with what the document says by rules of the same list."""
        n = next((n for n, (_, kind) in enumerate(side.steps) if kind == "[]"), None)
        if n is None or n + 1 == len(side.steps):
            return values(side.held, side.steps)
        entries = values(side.held, side.steps[: n + 1])
        through = len(side.whole) - len(side.steps) + n + 1
        for other in self.rules if len(entries) > 1 else ():
            if other.kind not in ("same", "iff") or other.here[:-1] != rule.here[:-1]:
                continue
            if len(other.order) != 1 or other.order[0][:through] != side.whole[:through]:
                continue
            said = self.spots.follow(spot.held, (*spot.steps[:-1], other.here[-1]), spot.prefix)
            if not nothing(said):
                fitting = [e for e in entries if any(_equal(v, said) for v in values([e], other.order[0][through:]))]
                entries = fitting or entries
        return values(entries, side.steps[n + 1 :])

    # --- values -------------------------------------------------------------------------------------------------------

    def map(self, rule: CarryRule, spot: Spot, groups: list[Answer], said: Json) -> None:
        """Each name of a map by itself."""
        above = spot.steps[:-1]
        sequence: dict[str, None] = {}
        for group in groups:
            for side in spot.sides or sides(rule, group):
                for one in values(side.held, side.steps[:-1]):
                    sequence |= dict.fromkeys(one) if isinstance(one, dict) else {}
        names = [name for name in dict.fromkeys((*sequence, *said)) if not rule.names or name in rule.names]
        for name in names:
            one = Spot(spot.held, spot.prefix, (*above, (name, "")), [side.at(name) for side in spot.sides])
            here = said.get(name)
            self.judge(rule, one, groups, None if nothing(here) else here, name)
        for group in groups if not names else ():
            self.tell(rule, spot.path, group, None, None, AGREES if rule.kind == "iff" and in_force(rule, group) else NOT_ASKED)

    def judge(self, rule: CarryRule, spot: Spot, groups: list[Answer], here: Any, name: str = "") -> None:
        """One place against what each of its orders asks for."""
        asked = [self.asked(rule, group, spot, name) for group in groups]
        if any(one.holds(groups[0].held) for one in rule.changed):
            self.change(rule, spot, groups[0], asked[0], here)
            return
        if rule.kind == "pad" and self.fill and isinstance(here, str) and asked[0] == [here.zfill(rule.width)] != [here]:
            put(spot.held, spot.steps, asked[0][0])  # the order's value, as the ERP has it
            for group, right in zip(groups, asked, strict=True):
                self.tell(rule, spot.path, group, right, asked[0][0], FILLED)
            return
        if here is None and self.fill:
            union = _different(value for one in asked for value in one or [])
            if union and union != [None]:
                if len(union) == 1:
                    put(spot.held, spot.steps, copied(union[0]))
                    for group in groups:
                        _in_sequence(spot, spot.sides or sides(rule, group, name))
                else:
                    self.say_of(rule, "carry-ambiguous", spot.path, expected=_either(union))
                for group, right in zip(groups, asked, strict=True):
                    verdict = NOT_ASKED if not right else FILLED if len(union) == 1 else AMBIGUOUS
                    self.tell(rule, spot.path, group, right, union[0] if len(union) == 1 else None, verdict)
                return
        said: set[tuple[str, str]] = set()
        for group, right in zip(groups, asked, strict=True):
            verdict, code = _verdict(rule, here, right)
            self.tell(rule, spot.path, group, right, here, verdict)
            expected = _either(right or []) if code != "carry-extra" else rule.note or _why_not(rule)
            if code == "carry-differs" and rule.numbers and self.spots.swaps and group.instead is None:
                expected += " (another item's only with the acknowledgment that names it)"
            if any(other != right for other in asked):
                expected += f" (order {group.name})"
            if code and (code, expected) not in said:
                said.add((code, expected))
                level = "warning" if rule.kind == "default" else None
                self.say_of(rule, code, spot.path, level, value=None if here is None else word(here), expected=expected)

    def change(self, rule: CarryRule, spot: Spot, group: Answer, asked: Asked, here: Any) -> None:
        """A place of which the answer itself says that another value than the order's stands there."""
        same = any(_equal(here, value) for value in asked or ())
        verdict = MISSING if here is None else DIFFERS if same else CHANGED
        self.tell(rule, spot.path, group, asked, here, verdict)
        if verdict != CHANGED:
            code = "carry-missing" if here is None else "carry-differs"
            self.say_of(rule, code, spot.path, value=None if here is None else word(here), expected=rule.note)

    def never(self, rule: CarryRule) -> None:
        for one in self.spots.answers:
            hit = in_force(rule, one)
            place, number = f"{one.prefix}number", one.held.get("number")
            self.tell(rule, place, one, [_conditions(rule)] if hit else None, number, REFUSED if hit else NOT_ASKED)
            if hit:
                expected = f"{rule.note} ({rule.source})" if rule.note else rule.source
                self.say_of(rule, "order-blocked", place, value=one.name, expected=expected)

    def without(self, rule: CarryRule, spot: Spot, group: Answer, here: Any) -> None:
        hit = in_force(rule, group)
        bad = hit and str(here) in rule.values
        asked = [f"not {_either(rule.values)}"] if hit else None
        self.tell(rule, spot.path, group, asked, here, EXTRA if bad else AGREES if hit else NOT_ASKED)
        if bad:
            expected = rule.note or f"the order has {_conditions(rule)}"
            self.say_of(rule, "carry-extra", spot.path, value=word(here), expected=expected)

    # --- telling ------------------------------------------------------------------------------------------------------

    def say(self, code: str, place: str, **fields: Any) -> None:
        self.findings.append(finding(code, path=place, **fields))

    def say_of(self, rule: CarryRule, code: str, place: str, level: str | None = None, **fields: Any) -> None:
        self.findings.append(finding(code, level=rule.level or level, path=place, ref=rule.ref, rule=rule.rule, **fields))

    def tell(self, rule: CarryRule, place: str, group: Answer, asked: Asked, here: Any, verdict: str) -> None:
        wanted = [value for value in asked or [] if value is not None]
        one = wanted[0] if len(wanted) == 1 else wanted or None
        self.report.append(Compared(rule.ref, rule.kind, rule.source, group.name, group.line, place, one, here, verdict))


def _chosen(rule: CarryRule, settings: Mapping[str, str]) -> bool:
    if rule.setting and rule.setting not in settings:
        raise TableError(f"{rule.rule}: the partner's file has no [settings.{rule.setting}]")
    return not rule.setting or settings[rule.setting] in rule.chosen


def _verdict(rule: CarryRule, here: Any, asked: Asked) -> tuple[str, str]:
    """What comes of comparing, and the code of the finding."""
    if not asked:
        return NOT_ASKED, ""
    if any(_equal(here, value) for value in asked):
        return AGREES, ""
    if here is None:
        return (AMBIGUOUS, "carry-ambiguous") if len(asked) > 1 else (MISSING, "carry-missing")
    if asked == [None]:
        return EXTRA, "carry-extra"
    return DIFFERS, "carry-default" if rule.kind == "default" else "carry-differs"


def _in_sequence(spot: Spot, looks: Iterable[Side]) -> None:
    """Where a name of a map was filled in, all that the order's map has too stand in its sequence."""
    for side in looks:
        if len(spot.steps) < 2 or side.steps[-2:] != spot.steps[-2:]:
            continue  # no map of the same name
        theirs = next((one for one in values(side.held, side.steps[:-1]) if isinstance(one, dict)), {})
        ours = values([spot.held], spot.steps[:-1])[0]
        known = [name for name in theirs if name in ours]
        if known != [name for name in ours if name in theirs]:
            put(spot.held, spot.steps[:-1], {name: ours[name] for name in dict.fromkeys((*known, *ours))})


def _why_not(rule: CarryRule) -> str:
    return "the order has none" if rule.value is None else f"the order has not {_conditions(rule)}"


def _conditions(rule: CarryRule) -> str:
    return " and ".join(condition.text for condition in rule.when)


def _equal(one: Any, other: Any) -> bool:
    """The same, of the same kind: 6 is not "6", and True is not 1."""
    return type(one) is type(other) and bool(one == other)


def _different(found: Iterable[Any]) -> list[Any]:
    """Each value once."""
    kept: list[Any] = []
    for value in found:
        if not any(_equal(value, other) for other in kept):
            kept.append(value)
    return kept


def _either(found: Iterable[Any]) -> str:
    return " or ".join(word(value) for value in found)
