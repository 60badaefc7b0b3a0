"""What goes back as it came: the truth table of every carry rule, cases as data, laws, and rules that do not load.

The truth table is made from the shipped tables: for each ``[[carry]]`` row an order that has a value, or has none, meets an
answer that has none, the same, or another one. Cases are in ``cases/answers.toml``.
"""

from __future__ import annotations

import copy
import datetime
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_findings import ALL, BASE, agree, place, well_formed

from translator.errors import TableError
from translator.findings import Finding
from translator.tables.carry import Carried, CarryRule, carry, carry_rules
from translator.tables.carryrule import KINDS
from translator.tables.guide import shelf
from translator.tables.load import load
from translator.tables.partner import partner
from translator.tables.paths import condition, path, put, values
from translator.tables.table import Table, path_text
from translator.tables.twins import Lines, label, twin_orders
from translator.walk import read
from translator.walk.answer import answer, compare

Json = dict[str, Any]
ROOT = Path(__file__).parents[1]
NOW = datetime.datetime(2026, 3, 10, 9, 30)
ANSWERS = [table for name, kind in shelf() if kind == "guide" and (table := load(name)).carry]
CASES = tomllib.loads((Path(__file__).parent / "cases" / "answers.toml").read_text(encoding="utf-8"))
ANSWERED = [case for case in ALL if "answer" in case.values[0]]


def order_of(story: str, n: int = -1) -> Json:
    """An order of a sample; some have several."""
    held = json.loads((ROOT / "samples" / story / "2-order.json").read_text(encoding="utf-8"))
    found: Json = held[n % len(held)] if isinstance(held, list) else held
    return found


# --- the truth table ----------------------------------------------------------------------------------------------------

# (kind of rule, case) -> the verdict, when the answer is completed; without completing, what would be filled is missing.
ASKED = {"absent": "filled", "equal": "agrees", "other": "differs", "ambiguous": "ambiguous"}
UNASKED = {"none, absent": "not asked for", "none, present": "not asked for"}
TRUTH: dict[str, dict[str, str]] = {
    "same": ASKED | UNASKED,
    "pad": ASKED | UNASKED,
    "default": ASKED | UNASKED,
    "iff": ASKED | {"none, absent": "agrees", "none, present": "extra"},
    "adds_up": {"absent": "filled", "equal": "agrees", "other": "differs"} | UNASKED,
    "at_most": {"absent": "not asked for", "equal": "agrees", "other": "differs"} | UNASKED,
    "without": {"absent": "agrees", "equal": "extra", "other": "agrees"} | UNASKED,
    "never": {"equal": "refused", "none, present": "not asked for"},
}
CODES = {
    "missing": "carry-missing", "differs": "carry-differs", "extra": "carry-extra", "ambiguous": "carry-ambiguous",
    "refused": "order-blocked",
}  # fmt: skip
NAMES = {("number", ""), ("release", ""), ("line", "")}  # what the order or line is known by: another one nearly is the same

OWN = """
[[carry]]
ref = "A1"
rule = "same"
order = "lines[].services[].code"
here = "orders[].packs[].items[].service"
source = "a rule of our own"

[[carry]]
ref = "A2"
rule = "default"
order = "sourcing or purpose"
here = "orders[].sourcing"
source = "a rule of our own"

[[carry]]
ref = "A3"
rule = "pad"
order = "references.department.id"
here = "department"
width = 5
source = "a rule of our own"

[[carry]]
ref = "A4"
rule = "iff"
value = "YES"
when = ["type SA", "special_orders[].code"]
unless = "truckload"
here = "orders[].flag"
source = "a rule of our own"

[[carry]]
ref = "A5"
rule = "adds_up"
order = "lines[].quantity"
here = "orders[].packs[].items[].quantity"
source = "a rule of our own"

[[carry]]
ref = "A6"
rule = "without"
values = ["X"]
when = "lines[].unit EA"
here = "orders[].packs[].items[].mark"
source = "a rule of our own"
"""
SHIPPED = [(table.name, table.answer, rule) for table in ANSWERS for rule in table.carry]
MINE = {"orders": "orders[]", "lines": "packs[].items[]"}
RULES = [*SHIPPED, *(("own", MINE, rule) for rule in carry_rules(tomllib.loads(OWN)["carry"], "own.toml"))]


def rows() -> Iterator[Any]:
    for name, where, rule in RULES:
        for case in TRUTH[rule.kind]:
            if possible(where, rule, case):
                yield pytest.param(where, rule, case, id=f"{name} {rule.ref} ({rule.kind}): {case}")


def possible(where: dict[str, str], rule: CarryRule, case: str) -> bool:
    """Whether such an order can be: a fixed value is there always, and is one; what orders are known by cannot be lacking."""
    if case == "ambiguous":
        whole = where["orders"] != "" and rule.here[:1] != path(where["orders"])[:1]
        return rule.value is None and (through(rule) or (whole and rule.order[0] not in conditioned(rule)))
    if case.startswith("none"):
        fixed = rule.value is not None and not rule.when
        named = rule.order and rule.order[0][-1] in NAMES and rule.kind == "same"
        wanted = rule.kind in ("same", "pad", "default", "iff") and rule.value is None and rule.order[0] in conditioned(rule)
        return not fixed and not named and not wanted
    return True


def through(rule: CarryRule) -> bool:
    """Whether an order can say several things there: a list of the line's, or lines of one number."""
    steps = rule.order[0]
    return any(kind == "[]" for _, kind in steps) and steps[-1] not in NAMES


def conditioned(rule: CarryRule) -> dict[Any, str]:
    """The places that conditions speak of, with a code that fits."""
    return {one.path: next(iter(sorted(one.codes)), "X") for one in rule.when}


def sample(rule: CarryRule) -> tuple[Any, Any]:
    """A value that the order may have there, and another one; what an order is known by nearly the same, so that it is found."""
    steps = rule.order[0] if rule.order else ()
    if rule.value is not None:
        return rule.value, f"{rule.value}X"
    if rule.kind in ("adds_up", "at_most"):
        return "6", "7"
    if steps in conditioned(rule):
        return conditioned(rule)[steps], "0551"
    if steps[-1] in NAMES:
        return "A-1", "A1"
    known: dict[str, tuple[Any, Any]] = {
        "address": ({"city": "LAKE POINT"}, {"city": "RIVER BEND"}), "terms": ([{"type": "01"}], [{"type": "02"}]),
        "pack": (6, 12), "inner_pack": (2, 3),
    }  # fmt: skip
    return known.get(steps[-1][0], ("12", "34"))


def spelled(steps: Any, rule: CarryRule) -> str:
    """A path as ``place`` takes it: first entries of lists, a name of a map."""
    text = path_text(steps).replace("[]", "[0]")
    name = rule.names[0] if rule.names else "dpci"
    return text[:-1] + name if text.endswith("*") else text


def order_for(rule: CarryRule, case: str, number: str = "N-1") -> Json:
    order: Json = {"document": "order", "partner": "target", "number": number, "lines": [{"line": "L-1", "ids": {"seen": "1"}}]}
    has = not case.startswith("none")
    if has or (rule.kind not in ("never", "without") and rule.value is None):
        for steps, code in conditioned(rule).items():
            place_in(order, steps, code, rule)
    if rule.order and has:
        place_in(order, rule.order[0], sample(rule)[0], rule)
    return order


def place_in(document: Json, steps: Any, value: Any, rule: CarryRule) -> None:
    """Put a value at a path, with all that it needs on the way."""
    held: Any = document
    words = spelled(steps, rule).split(".")
    for n, word in enumerate(words):
        name, listed = word.removesuffix("[0]"), word.endswith("[0]")
        last = n == len(words) - 1
        if listed:
            entries = held.setdefault(name, [])
            if last:
                entries[:] = [value]
                return
            entries or entries.append({"line": "C-1"} if name == "components" else {})
            held = entries[0]
        elif last:
            held[name] = value
        else:
            held = held.setdefault(name, {})


def answer_for(where: dict[str, str], rule: CarryRule, order: Json, value: Any) -> Json:
    """A document that answers the order, and its line, with the value at the rule's place."""
    document: Json = {}
    orders = where["orders"] + "." if where["orders"] else ""
    lines = f"{orders}{where['lines']}."
    put_at(document, f"{orders}number", order["number"], rule)
    put_at(document, f"{lines}ids", {"seen": "1"}, rule)
    put_at(document, f"{lines}line", "L-1", rule)
    if rule.here:
        place_in(document, rule.here, value, rule)
    if value is None and rule.here:
        leave_out(document, spelled(rule.here, rule))
    return document


def put_at(document: Json, text: str, value: Any, rule: CarryRule) -> None:
    place_in(document, path(text), value, rule)


def leave_out(document: Any, text: str) -> None:
    words = text.replace("[0]", "").split(".")
    for word in words[:-1]:
        document = document[word][0] if isinstance(document[word], list) else document[word]
    del document[words[-1]]


def met(where: dict[str, str], rule: CarryRule, case: str, fill: bool) -> tuple[Carried, Json, str]:
    """The rule on its own, on an order and an answer as the case says; and the place that it judges."""
    order = order_for(rule, case)
    orders = [order]
    one, other = (None, None) if rule.kind == "never" else sample(rule) if rule.kind != "without" else (rule.values[0], "OTHER")
    if rule.kind == "pad":
        one = one.zfill(rule.width)
    value = {"equal": one, "other": other, "none, present": one}.get(case)
    document = answer_for(where, rule, order, value)
    if case == "ambiguous":
        ambiguous(where, rule, orders, document)
    chosen = {rule.setting: rule.chosen[0]} if rule.setting else {}
    before = copy.deepcopy((orders, document))
    done = carry([rule], where, orders, document, chosen, fill)
    assert (orders, document) == before, "what is given is not changed"
    return done, document, spelled(rule.here, rule)


def ambiguous(where: dict[str, str], rule: CarryRule, orders: list[Json], document: Json) -> None:
    """The order, or two orders of one document, say two things."""
    [order] = orders
    steps, (one, other) = rule.order[0], sample(rule)
    if not through(rule):
        second = {**copy.deepcopy(order), "number": "N-2"}
        place_in(second, steps, other, rule)
        orders.append(second)
        document["orders"].append({"number": "N-2"})
        return
    last = max(n for n, (_, kind) in enumerate(steps) if kind == "[]")
    held: Any = order
    for name, kind in steps[:last]:
        held = held[name][0] if kind else held[name]
    entries = held[steps[last][0]]
    entries.append(copy.deepcopy(entries[0]))
    twin = {"x": entries[1]}
    if len(steps) > last + 1:
        place_in(twin, (("x", ""), *steps[last + 1 :]), other, rule)
    assert one != other


@pytest.mark.parametrize(("where", "rule", "case"), list(rows()))
def test_truth_table_of_a_rule_that_completes(where: dict[str, str], rule: CarryRule, case: str) -> None:
    done, document, here = met(where, rule, case, fill=True)
    verdict = TRUTH[rule.kind][case]
    places = {here, path_text(rule.here).replace("[]", "[0]")}
    assert {one.verdict for one in done.report if one.path in places or not here} == {verdict}
    assert verdict in {one.verdict for one in done.report}
    found = [f.code for f in done.findings]
    if verdict in ("agrees", "filled", "not asked for"):
        assert found == []
    elif rule.kind in ("adds_up", "at_most"):
        assert found == ["quantity-over"]
    elif rule.kind == "default" and verdict == "differs":
        assert [(f.code, f.severity) for f in done.findings] == [("carry-default", rule.level or "warning")]
    else:
        assert found == [CODES[verdict]]
    if verdict == "filled":
        wanted = sample(rule)[0]
        filled = values([done.document], path(here))
        assert filled == [wanted.zfill(rule.width) if rule.kind == "pad" else wanted]
    else:
        assert done.document == document, "what is there is left alone"
    for one in done.findings:
        well_formed(one)
        assert one.rule == rule.rule
        assert rule.source in one.rule


@pytest.mark.parametrize(("where", "rule", "case"), list(rows()))
def test_truth_table_of_a_rule_that_checks(where: dict[str, str], rule: CarryRule, case: str) -> None:
    done, document, _ = met(where, rule, case, fill=False)
    verdict = TRUTH[rule.kind][case]
    verdict = "missing" if verdict == "filled" else verdict
    if case == "ambiguous" and not through(rule):
        verdict = "missing"  # each order says what it misses
    assert verdict in {one.verdict for one in done.report}
    assert done.document == document
    assert bool(done.findings) == (verdict not in ("agrees", "not asked for"))
    if verdict == "missing":
        levels = {f.severity for f in done.findings}
        assert {f.code for f in done.findings} == {"carry-missing"}
        assert levels == {rule.level or ("warning" if rule.kind == "default" else "error")}


def test_every_kind_of_rule_is_in_the_table() -> None:
    assert {rule.kind for _, _, rule in RULES} == set(TRUTH) == set(KINDS)
    assert {table.name for table in ANSWERS} >= {"target/855", "target/856", "target/810"}


@pytest.mark.parametrize("table", ANSWERS, ids=lambda table: table.name)
def test_rules_speak_of_places_that_there_are(table: Table) -> None:
    """Each `order` is a place of the order's table, each `here` one of the answer's; each setting has the values named."""
    orders, heres = set(load("target/850").paths()), set(table.paths())
    known = partner(table.partner).settings
    for rule in table.carry:
        for steps, places in [*((one, orders) for one in rule.order), *([(rule.here, heres)] if rule.here else [])]:
            text = path_text(steps).replace("[0]", "[]")
            asked = [f"{text[:-1]}{name}" for name in rule.names] if text.endswith("*") else [text]
            for one in asked:
                assert any(p == one or p.startswith((f"{one}.", f"{one}[].")) for p in places), f"{rule.rule}: {one}"
        for one in (*rule.when, *rule.unless):
            text = path_text(one.path)
            assert any(p == text or p.startswith((f"{text}.", f"{text}[].")) for p in orders), f"{rule.rule}: {text}"
        if rule.setting:
            assert set(rule.chosen) <= set(known[rule.setting].values), rule.rule
    refs = {path_text(rule.order[0]) for rule in table.carry if rule.kind == "same" and rule.order}
    assert refs >= {"number", "release", "lines[].line"}, "what an order and a line are known by goes back as it came"


# --- cases --------------------------------------------------------------------------------------------------------------


def acknowledgment(answers: dict[str, list[Json]], number: str = "0037-1234567-0551") -> Json:
    lines = [{"line": line, "answers": found} for line, found in answers.items()]
    return {"document": "acknowledgment", "orders": [{"number": number, "lines": lines}]}


def answered(case: Json) -> list[Finding]:
    """The findings of an answer as a case has it."""
    [order] = [r.document for r in read(BASE.encode()) if r.document]
    document = json.loads(CASES["documents"][case["answer"]])
    orders = [copy.deepcopy(order)]
    for target, changes in (
        (orders[0], case.get("order", {})),
        (document, case.get("change", {}) if not case.get("check") else {}),
    ):
        for where, value in changes.items():
            place(target, where, copy.deepcopy(value))
    if "second" in case:
        orders.append(copy.deepcopy(order))
        for where, value in case["second"].items():
            place(orders[1], where, copy.deepcopy(value))
    if "acknowledged" in case:
        orders.append(acknowledgment({"1": case["acknowledged"]}))
    before = copy.deepcopy((orders, document))
    done = answer(document, orders, now=NOW, **case.get("options", {}))
    assert (orders, document) == before, "what is given is not changed"
    if not case.get("check"):
        return done.findings
    assert done.findings == []
    for where, value in case["change"].items():
        place(done.document, where, value)
    assert done.table is not None
    return compare(done.document, orders, done.table).findings


@pytest.mark.parametrize("case", ANSWERED)
def test_answering_earns_exactly(case: Json) -> None:
    found = answered(case)
    agree(found, case)
    for one in found:
        well_formed(one)
        assert one.path


# --- rules one by one -----------------------------------------------------------------------------------------------------


def told(rules: list[Json], order: Any, document: Json, *, where: Any = None, fill: bool = True, **chosen: str) -> Carried:
    """Rules given by a few of their keys, on an order (or a list of them) and a document."""
    rows = [{"ref": f"R{n}", "rule": "same", "source": "a guide", **row} for n, row in enumerate(rules, 1)]
    orders = order if isinstance(order, list) else [order]
    return carry(carry_rules(rows, "own.toml"), where or MINE, orders, document, chosen, fill)


def found(done: Carried) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(f.code, f.path, f.value, f.expected) for f in done.findings]


def lines_of(done: Carried) -> list[tuple[str, str, Any, Any, str]]:
    return [(one.ref, one.path, one.asked, one.here, one.verdict) for one in done.report]


ONE = {"number": "N-1", "lines": [{"line": "1", "quantity": "6", "unit": "EA"}]}
SENT = {"orders": [{"number": "N-1", "packs": [{"items": [{"line": "1"}]}]}]}
ITEM = "orders[0].packs[0].items[0]"


def order_with(**line: Any) -> Json:
    return {**ONE, "lines": [{**ONE["lines"][0], **line}]}  # type: ignore[dict-item]


def sent_with(**item: Any) -> Json:
    return {"orders": [{"number": "N-1", "packs": [{"items": [{"line": "1", **item}]}]}]}


def test_the_report_says_what_was_asked_and_what_is_here() -> None:
    rules: list[Json] = [
        {"order": "lines[].unit", "here": "orders[].packs[].items[].unit"},
        {"order": "lines[].price", "here": "orders[].packs[].items[].price"},
        {"order": "lines[].packs[].pack", "here": "orders[].packs[].items[].pack"},
        {"rule": "iff", "order": "lines[].tag", "here": "orders[].packs[].items[].tag"},
        {"rule": "at_most", "order": "lines[].quantity", "here": "orders[].packs[].items[].quantity"},
        {"rule": "without", "values": ["IB", "BP"], "when": "type SA", "here": "orders[].packs[].items[].status"},
        {"rule": "never", "when": ["type BK", "release"]},
        {"order": "date", "here": "orders[].packs[].items[].parts[].date"},
    ]
    order = {**order_with(packs=[{"pack": 6}, {"pack": 12}]), "type": "SA", "release": "7"}
    done = told(rules, order, sent_with(price="5", status="IB", quantity="2.50", release="7") | {"x": 1})
    assert done.document["orders"][0]["packs"][0]["items"][0]["unit"] == "EA"
    assert lines_of(done) == [
        ("R1", f"{ITEM}.unit", "EA", "EA", "filled"),
        ("R2", f"{ITEM}.price", None, "5", "not asked for"),
        ("R3", f"{ITEM}.pack", [6, 12], None, "ambiguous"),
        ("R4", f"{ITEM}.tag", None, None, "agrees"),
        ("R5", f"{ITEM}.quantity", "6", "2.50", "agrees"),
        ("R6", f"{ITEM}.status", "not IB or BP", "IB", "extra"),
        ("R7", "orders[0].number", None, "N-1", "not asked for"),
        ("R8", "orders[].packs[].items[].parts[].date", None, None, "not asked for"),
    ]
    assert {(one.order, one.line) for one in done.report} == {("N-1 release 7", "1"), ("N-1 release 7", None)}
    assert [one.rule for one in done.report] == ["same", "same", "same", "iff", "at_most", "without", "never", "same"]
    assert found(done) == [
        ("carry-ambiguous", f"{ITEM}.pack", None, "6 or 12"),
        ("carry-extra", f"{ITEM}.status", "IB", "the order has type SA"),
    ]
    done = told(rules[6:7], {**order, "type": "BK"}, sent_with())
    assert lines_of(done) == [("R1", "orders[0].number", "type BK and release", "N-1", "refused")]
    assert found(done) == [("order-blocked", "orders[0].number", "N-1 release 7", "a guide")]
    done = told([rules[6] | {"note": "wait"}], {**order, "type": "BK"}, sent_with())
    assert found(done) == [("order-blocked", "orders[0].number", "N-1 release 7", "wait (a guide)")]


def test_a_rule_whose_condition_does_not_hold_asks_for_nothing() -> None:
    iff: Json = {"rule": "iff", "order": "sourcing", "here": "orders[].sourcing", "when": ["type SA", "date"]}
    document = {"orders": [{"number": "N-1", "sourcing": "Q"}]}
    for order in (ONE, {**ONE, "type": "SA"}, {**ONE, "date": "2026-03-10"}):
        assert found(told([iff], order, document)) == []
    asked = {**ONE, "type": "SA", "date": "2026-03-10"}
    assert found(told([iff], asked, document)) == [("carry-extra", "orders[0].sourcing", "Q", "the order has none")]
    assert found(told([iff | {"note": "not for Q"}], asked, document)) == [("carry-extra", "orders[0].sourcing", "Q", "not for Q")]
    unless = iff | {"when": [], "unless": ["type SA", "date"]}
    assert [len(told([unless], order, document).findings) for order in (ONE, {**ONE, "type": "SA"}, asked)] == [1, 1, 0]
    same: Json = {"value": "DO", "here": "orders[].sourcing", "when": "type SA"}
    assert found(told([same], ONE, document)) == []
    assert found(told([same], {**ONE, "type": "SA"}, document)) == [("carry-differs", "orders[0].sourcing", "Q", "DO")]
    assert found(told([same | {"rule": "iff"}], ONE, document)) == [
        ("carry-extra", "orders[0].sourcing", "Q", "the order has not type SA")
    ]


def test_a_condition_on_lines_holds_for_the_line() -> None:
    order = {"number": "N-1", "lines": [{"line": "1", "unit": "EA"}, {"line": "2", "unit": "LB"}]}
    document = {"orders": [{"number": "N-1", "packs": [{"items": [{"line": "1"}, {"line": "2"}]}]}]}
    rule: Json = {"value": "X", "here": "orders[].packs[].items[].mark", "when": "lines[].unit LB"}
    assert [one.verdict for one in told([rule], order, document).report] == ["not asked for", "filled"]
    whole: Json = {"value": "X", "here": "orders[].mark", "when": "lines[].unit LB"}
    assert [one.verdict for one in told([whole], order, document).report] == ["filled"]


def test_a_setting_puts_a_rule_in_force() -> None:
    rule: Json = {"order": "type", "here": "orders[].type", "setting": "labels GM AA"}
    for value, verdicts in (("GM", ["filled"]), ("AA", ["filled"]), ("UC", [])):
        assert [one.verdict for one in told([rule], {**ONE, "type": "SA"}, SENT, labels=value).report] == verdicts


def test_a_rule_has_its_own_level() -> None:
    for kind, level, severity in (("same", "warning", "warning"), ("default", "error", "error"), ("default", None, "warning")):
        rule = {"rule": kind, "order": "type", "here": "orders[].type"} | ({"level": level} if level else {})
        document = {"orders": [{"number": "N-1", "type": "RL"}]}
        [differs] = told([rule], {**ONE, "type": "SA"}, document).findings
        [missing] = told([rule], {**ONE, "type": "SA"}, {"orders": [{"number": "N-1"}]}, fill=False).findings
        assert (differs.severity, missing.severity) == (severity, severity)


def test_of_a_list_counts_what_agrees_with_the_document() -> None:
    """PO4 twice: which inner pack goes back follows from the pack that the document says, by rules of the same list only."""
    pack: Json = {"order": "lines[].packs[].pack", "here": "orders[].packs[].items[].pack"}
    inner: Json = {"rule": "iff", "order": "lines[].packs[].inner_pack", "here": "orders[].packs[].items[].inner_pack"}
    order = order_with(packs=[{"pack": 6, "inner_pack": 2}, {"pack": 12}, {"pack": 24, "inner_pack": 4}], quantity="6")
    inners = {6: 2, 12: None, 24: 4}
    for said, right in inners.items():
        done = told([pack, inner], order, sent_with(pack=said))
        assert found(done) == []
        assert values([done.document], path(f"{ITEM.replace('[0]', '[]')}.inner_pack")) == [right]
        wrong = told([pack, inner], order, sent_with(pack=said, inner_pack=9))
        assert [f.code for f in wrong.findings] == ["carry-extra" if right is None else "carry-differs"]
    for said, wrong_pack in ((2, "6"), (4, "24")):
        done = told([pack, inner], order, sent_with(inner_pack=said))
        assert found(done) == []
        assert values([done.document], path("orders[].packs[].items[].pack")) == [int(wrong_pack)]
    assert found(told([pack, inner], order, sent_with(pack=7, inner_pack=2))) == [("carry-differs", f"{ITEM}.pack", "7", "6")]
    for other in (
        {**pack, "rule": "default"},
        {**pack, "order": "lines[].sizes[].pack"},
        {**pack, "order": "lines[].packs[].pack or lines[].x"},
        {**pack, "here": "orders[].pack"},
    ):
        ambiguous = told([other, inner], order, sent_with(pack=24) | {"pack": 24})
        assert ("carry-ambiguous", f"{ITEM}.inner_pack", None, "2 or nothing or 4") in found(ambiguous)
    assert found(told([inner], order, sent_with(inner_pack=2))) == []
    below = [{**rule, "here": rule["here"].replace("items[].", "items[].box.of.")} for rule in (pack, inner)]
    done = told(below, order, sent_with(box={"of": {"pack": 24}}))
    assert found(done) == []
    assert values([done.document], path("orders[].packs[].items[].box.of.inner_pack")) == [4]


def test_names_that_are_filled_in_stand_in_the_orders_sequence() -> None:
    ids: Json = {"order": "lines[].ids.*", "here": "orders[].packs[].items[].ids.*", "names": ["a", "b", "d"]}
    single: Json = {"rule": "iff", "order": "lines[].ids.c", "here": "orders[].packs[].items[].ids.c"}
    order = order_with(ids={"d": "4", "c": "3", "b": "2", "a": "1", "e": "5"})
    for said in ({}, {"a": "1"}, {"x": "9", "b": "2"}, {"a": "1", "b": "2", "d": ""}):
        made = told([ids, single], order, sent_with(ids=said)).document["orders"][0]["packs"][0]["items"][0]["ids"]
        assert [name for name in made if name != "x"] == ["d", "c", "b", "a"]
        assert made == {**said, "a": "1", "b": "2", "c": "3", "d": "4"}
    kept = told([ids, single], order, sent_with(ids={"a": "1", "b": "2", "c": "3", "d": "4"})).document
    assert list(kept["orders"][0]["packs"][0]["items"][0]["ids"]) == ["a", "b", "c", "d"], "what is whole is left as it is"
    elsewhere: Json = {"order": "lines[].ids.c", "here": "orders[].packs[].items[].codes.c"}
    made = told([elsewhere], order, sent_with(codes={"d": "1"})).document["orders"][0]["packs"][0]["items"][0]["codes"]
    assert list(made) == ["d", "c"], "another map has its own sequence"
    named: Json = {"order": "lines[].ids.c", "here": "orders[].packs[].items[].ids.d"}
    made = told([named], order, sent_with(ids={"b": "2", "x": "9"})).document["orders"][0]["packs"][0]["items"][0]["ids"]
    assert list(made) == ["b", "x", "d"], "another name too"
    deep: Json = {"order": "lines[].more.ids.*", "here": "orders[].packs[].items[].ids.*"}
    several = order_with(more={"ids": {"b": "2", "a": "1"}})
    made = told([deep], several, sent_with(ids={"a": "1"})).document["orders"][0]["packs"][0]["items"][0]["ids"]
    assert list(made) == ["b", "a"]


def test_a_map_is_judged_name_by_name() -> None:
    order = order_with(ids={"a": "1", "b": "2"})
    document = sent_with(ids={"b": "3", "c": "4"})
    for kind, codes in (("same", ["carry-differs"]), ("iff", ["carry-differs", "carry-extra"]), ("default", ["carry-default"])):
        rule: Json = {"rule": kind, "order": "lines[].ids.*", "here": "orders[].packs[].items[].ids.*"}
        done = told([rule], order, document)
        assert [f.code for f in done.findings] == codes
        assert [(one.path, one.verdict) for one in done.report] == [
            (f"{ITEM}.ids.a", "filled"),
            (f"{ITEM}.ids.b", "differs"),
            (f"{ITEM}.ids.c", "extra" if kind == "iff" else "not asked for"),
        ]
    rule = {"rule": "iff", "order": "lines[].ids.*", "here": "orders[].packs[].items[].ids.*"}
    assert lines_of(told([rule], ONE, SENT)) == [("R1", f"{ITEM}.ids.*", None, None, "agrees")]
    assert lines_of(told([rule | {"when": "type SA"}], ONE, SENT)) == [("R1", f"{ITEM}.ids.*", None, None, "not asked for")]
    other: Json = {"order": "lines[].first.* or lines[].second.*", "here": "orders[].packs[].items[].ids.*"}
    done = told([other], order_with(first={"a": "1"}, second={"a": "2", "b": "2"}), SENT)
    assert done.document["orders"][0]["packs"][0]["items"][0]["ids"] == {"a": "1", "b": "2"}


def test_what_stands_outside_the_orders_is_said_by_all_of_them() -> None:
    def two(first: Json, second: Json) -> list[Json]:
        return [{"number": "N-1", **first}, {"number": "N-2", **second}]

    document: Json = {"orders": [{"number": "N-1"}, {"number": "N-2"}]}
    same: Json = {"order": "to", "here": "ship_to"}
    one = told([same], two({"to": "A"}, {}), document)
    assert one.document["ship_to"] == "A"
    assert [(c.order, c.asked, c.here, c.verdict) for c in one.report] == [
        ("N-1", "A", "A", "filled"),
        ("N-2", None, "A", "not asked for"),
    ]
    both = told([same], two({"to": "A"}, {"to": "B"}), document)
    assert found(both) == [("carry-ambiguous", "ship_to", None, "A or B")]
    assert [(c.asked, c.here, c.verdict) for c in both.report] == [("A", None, "ambiguous"), ("B", None, "ambiguous")]
    assert found(told([same | {"rule": "iff"}], two({"to": "A"}, {}), document)) == [
        ("carry-ambiguous", "ship_to", None, "A or nothing")
    ]
    said = {**document, "ship_to": "C"}
    assert found(told([same], two({"to": "A"}, {"to": "A"}), said)) == [("carry-differs", "ship_to", "C", "A")], "said once"
    assert found(told([same], two({"to": "A"}, {"to": "B"}), said)) == [
        ("carry-differs", "ship_to", "C", "A (order N-1)"),
        ("carry-differs", "ship_to", "C", "B (order N-2)"),
    ]
    assert found(told([same], two({"to": "A"}, {"to": "B"}), document, fill=False)) == [
        ("carry-missing", "ship_to", None, "A (order N-1)"),
        ("carry-missing", "ship_to", None, "B (order N-2)"),
    ]
    ids: Json = {"order": "ids.*", "here": "ids.*"}
    done = told([ids], two({"ids": {"b": "2", "a": "1"}}, {"ids": {"c": "3"}}), document)
    assert done.document["ids"] == {"a": "1", "b": "2", "c": "3"}
    assert told([same], two({"to": "A"}, {"to": "B"}), {"orders": []}).report == []


def test_values_are_the_same_only_in_kind() -> None:
    rule: Json = {"order": "lines[].pack", "here": "orders[].packs[].items[].pack"}
    for theirs, ours, codes in (
        (6, 6, []), (6, "6", ["carry-differs"]), (1, True, ["carry-differs"]), ("6", "6.0", ["carry-differs"]), ("", "6", []),
        ({"a": 1}, {"a": 1}, []), ([1], [2], ["carry-differs"]), (0, None, []), ("", "", []), ("6", "", []),
    ):  # fmt: skip
        done = told([rule], order_with(pack=theirs), sent_with(pack=ours))
        assert [f.code for f in done.findings] == codes
    pad: Json = {"rule": "pad", "width": 3, "order": "lines[].pack", "here": "orders[].packs[].items[].pack"}
    for theirs, ours in (("7", "007"), ("0007", "0007"), (7, 7)):
        assert told([pad], order_with(pack=theirs), sent_with()).document == sent_with(pack=ours)


def test_what_is_empty_says_nothing() -> None:
    rule: Json = {"rule": "iff", "order": "lines[].pack or lines[].other", "here": "orders[].packs[].items[].pack"}
    for empty in (None, "", [], {}):
        assert lines_of(told([rule], order_with(pack=empty, other="6"), sent_with(pack=empty))) == [
            ("R1", f"{ITEM}.pack", "6", "6", "filled")
        ]
        assert found(told([rule], order_with(pack=empty), sent_with(pack=empty))) == []
    assert found(told([rule], order_with(pack=0), sent_with(pack=False))) == [("carry-differs", f"{ITEM}.pack", "false", "0")]


def test_a_check_names_what_could_be_meant() -> None:
    order = order_with(packs=[{"pack": 6}, {"pack": 12}])
    for kind, severity in (("same", "error"), ("default", "warning")):
        rule: Json = {"rule": kind, "order": "lines[].packs[].pack", "here": "orders[].packs[].items[].pack"}
        done = told([rule], order, SENT, fill=False)
        assert found(done) == [("carry-ambiguous", f"{ITEM}.pack", None, "6 or 12")]
        assert lines_of(done) == [("R1", f"{ITEM}.pack", [6, 12], None, "ambiguous")]
        assert done.findings[0].severity == severity
        assert [one.verdict for one in told([rule], order, sent_with(pack=12), fill=False).report] == ["agrees"]


def test_without_in_words() -> None:
    rule: Json = {"rule": "without", "values": ["IB"], "when": ["type SA", "release"], "here": "orders[].packs[].items[].status"}
    assert lines_of(told([rule], ONE, sent_with(status="IB"))) == [("R1", f"{ITEM}.status", None, "IB", "not asked for")]
    asked = {**ONE, "type": "SA", "release": "1"}
    document = sent_with(status="IA")
    assert lines_of(told([rule], asked, document)) == [("R1", f"{ITEM}.status", "not IB", "IA", "agrees")]
    document = sent_with(status="IB")
    assert found(told([rule], asked, document)) == [("carry-extra", f"{ITEM}.status", "IB", "the order has type SA and release")]
    assert found(told([rule | {"note": "reject it"}], asked, document)) == [("carry-extra", f"{ITEM}.status", "IB", "reject it")]


def test_what_is_filled_in_is_a_copy() -> None:
    order = order_with(address={"lines": ["A"]})
    done = told([{"order": "lines[].address", "here": "orders[].packs[].items[].address"}], order, SENT)
    done.document["orders"][0]["packs"][0]["items"][0]["address"]["lines"].append("B")
    assert order["lines"][0]["address"] == {"lines": ["A"]}


def test_a_wrong_shape_is_said_once() -> None:
    rules: list[Json] = [
        {"order": "x", "here": "orders[].ship_to.location"},
        {"order": "x", "here": "orders[].ship_to.address.city"},
        {"order": "ids.*", "here": "orders[].ship_to.ids.*"},
        {"order": "ids.*", "here": "orders[].ids.*"},
        {"rule": "without", "values": ["X"], "when": "x", "here": "orders[].terms[0].type"},
        {"order": "x", "here": "orders[].terms[0].basis"},
        {"order": "x", "here": "orders[].lists[].x"},
        {"order": "x", "here": "orders[].ship_to.doors[].x"},
        {"order": "x", "here": "orders[].empty[0].x"},
    ]
    document = {"orders": [{"number": "N-1", "ship_to": "here", "ids": [1], "terms": {"type": "X"}, "lists": ["a", {"x": "1"}]}]}
    document["orders"][0]["empty"] = []
    done = told(rules, {**ONE, "x": "1", "ids": {"a": "1"}}, document)
    assert found(done) == [
        ("value-type", "orders[0].ship_to", "here", "an object"),
        ("value-type", "orders[0].ids", "1", "an object"),
        ("value-type", "orders[0].terms", "type X", "a list"),
        ("value-type", "orders[0].lists[0]", "a", "an object"),
    ]
    assert [one.verdict for one in done.report] == ["differs"] * 6 + ["agrees", "not asked for", "filled"]
    document["orders"][0]["empty"] = [{"x": "1"}]
    assert done.document == document


# --- which order and which line, one by one -------------------------------------------------------------------------------


def meant(named: Json, *orders: Json) -> list[str]:
    return [label(order) for order in twin_orders(named, orders)]


def test_an_order_is_known_by_number_and_release() -> None:
    blanket, first, second = {"number": "N-1"}, {"number": "N-1", "release": "01"}, {"number": "N-1", "release": "02"}
    every = (blanket, first, second, {"number": "N-2"})
    assert meant({"number": "N-1"}, *every) == ["N-1"]
    assert meant({"number": "N-1", "release": "02"}, *every) == ["N-1 release 02"]
    assert meant({"number": "N-1", "release": "2"}, *every) == ["N-1 release 02"]
    assert meant({"number": "N-1", "release": "03"}, *every) == []
    assert meant({"number": "n 1"}, *every) == ["N-1"]
    assert meant({"number": "N-1"}, first) == ["N-1 release 01"]
    assert meant({"number": "N-1"}, first, second) == ["N-1 release 01", "N-1 release 02"]
    assert meant({}, first) == ["N-1 release 01"]
    assert meant({}, first, second) == []
    assert meant({"number": "12"}, {"number": "1-2"}, {"number": "0012"}) == [], "nearly one of two is neither"
    assert meant({"number": "-"}, {"number": "+"}) == []
    assert meant({"number": "0"}, {"number": "00"}) == ["00"]
    assert meant({"number": 12}, {"number": "0012"}) == ["0012"]
    assert meant({"number": "N-1"}, blanket, {**blanket, "erp": {"x": 1}}) == ["N-1"]
    assert meant({"number": "N-1"}, blanket, {**blanket, "date": "2026-03-10"}) == ["N-1", "N-1"]


def test_a_line_is_known_by_its_line_or_its_ids() -> None:
    lines = Lines([
        {"line": "001", "ids": {"upc": "1", "ean": "7"}}, {"line": "002", "ids": {"upc": "2", "ean": "7"}},
        {"line": "02", "ids": {"upc": "3"}}, {"line": "5", "ids": {"upc": "5"}}, {"line": "5", "ids": {"upc": "6"}},
        {"ids": {"upc": "8"}}, "text",
    ])  # fmt: skip
    for named, twins in (
        ({"line": "001"}, ["1"]),
        ({"line": "1"}, ["1"]),
        ({"line": 1}, ["1"]),
        ({"line": "2"}, []),
        ({"line": "002"}, ["2"]),
        ({"line": "9"}, []),
        ({"line": "001", "ids": {"upc": "2"}}, ["1"]),
        ({"line": "5"}, ["5", "6"]),
        ({"ids": {"upc": "8"}}, ["8"]),
        ({"line": "5", "ids": {"upc": "6"}}, ["6"]),
        ({"line": "5", "ids": {"upc": "9"}}, ["5", "6"]),
        ({"ids": {"ean": "7"}}, ["1", "2"]),
        ({"ids": {"ean": "7", "upc": "2"}}, ["2"]),
        ({"ids": {"ean": "7", "upc": "3"}}, ["3"]),
        ({"ids": {"ean": "7", "upc": "9"}}, []),
        ({"ids": {"style": "1"}}, []),
        ({"ids": {"upc": ""}}, []),
        ({"ids": "upc"}, []),
        ({}, []),
        ({"line": "", "ids": {"upc": "3"}}, ["3"]),
    ):
        assert [twin["ids"]["upc"] for twin in lines.twins(named)] == twins, named
    assert Lines(None).lines == Lines({"line": "1"}).lines == []


def test_lines_that_nothing_tells_apart_are_one_where_they_agree() -> None:
    order = {"number": "N-1", "lines": [{"line": "1", "unit": "EA", "price": "5", "quantity": "4"}] * 2}
    order["lines"] = [dict(order["lines"][0]), {**order["lines"][0], "price": "6"}]  # type: ignore[arg-type,dict-item]
    rules: list[Json] = [
        {"order": "lines[].unit", "here": "orders[].packs[].items[].unit"},
        {"order": "lines[].price", "here": "orders[].packs[].items[].price"},
        {"rule": "at_most", "order": "lines[].quantity", "here": "orders[].packs[].items[].quantity"},
    ]
    done = told(rules, order, sent_with(quantity="8"))
    assert found(done) == [("carry-ambiguous", f"{ITEM}.price", None, "5 or 6")]
    assert found(told(rules, order, sent_with(quantity="9", price="5"))) == [
        ("quantity-over", f"{ITEM}.quantity", "9", "8 (line 1)")
    ]


def test_parts_of_a_line_have_twins_too() -> None:
    order = order_with(parts=[{"line": "a", "ids": {"upc": "1"}}, {"line": "b", "ids": {"upc": "2"}}])
    rule: Json = {"order": "lines[].parts[].ids.upc", "here": "orders[].packs[].items[].parts[].ids.upc"}
    done = told([rule, rule], order, sent_with(parts=[{"line": "b"}, {"line": "c"}, {"ids": {"upc": "1"}}, {}]))
    assert found(done) == [
        ("line-unknown", f"{ITEM}.parts[1].line", "c", "a, b"),
        ("carry-ambiguous", f"{ITEM}.parts[3].ids.upc", None, "1 or 2"),
        ("carry-ambiguous", f"{ITEM}.parts[3].ids.upc", None, "1 or 2"),
    ]
    parts = done.document["orders"][0]["packs"][0]["items"][0]["parts"]
    assert [part.get("ids") for part in parts] == [{"upc": "2"}, None, {"upc": "1"}, None]
    assert found(told([rule], ONE, sent_with(parts=[{"line": "b"}]))) == []


def test_of_many_lines_the_first_are_named() -> None:
    order = {"number": "N-1", "lines": [{"line": str(n)} for n in range(30)]}
    [unknown] = told([], order, sent_with(line="99")).findings
    assert unknown.expected == ", ".join(map(str, range(20))) + " … (30 lines)"
    [unknown] = told([], {"number": "N-1", "lines": [{}]}, sent_with(line="99")).findings
    assert unknown.expected == "without number"


def test_quantities_of_an_order_that_is_named_twice_are_added() -> None:
    document = {"orders": [*sent_with(quantity="4")["orders"], *sent_with(quantity="3")["orders"]]}
    rule: Json = {"rule": "at_most", "order": "lines[].quantity", "here": "orders[].packs[].items[].quantity"}
    assert found(told([rule], ONE, document)) == [("quantity-over", "orders[1].packs[0].items[0].quantity", "7", "6 (line 1)")]
    both = {"number": "N-1", "lines": [{"line": "1", "quantity": "6"}, {"line": "2", "quantity": "5"}]}
    document["orders"][1]["packs"][0]["items"][0]["line"] = "2"
    rule["rule"] = "adds_up"
    assert found(told([rule], both, document)) == [
        ("quantity-differs", "orders[0].packs[0].items[0].quantity", "4", "6 (line 1)"),
        ("quantity-differs", "orders[1].packs[0].items[0].quantity", "3", "5 (line 2)"),
    ]


def test_quantities_are_exact() -> None:
    rule: Json = {"rule": "adds_up", "order": "lines[].quantity", "here": "orders[].packs[].items[].parts[].quantity"}
    long = "1234567890123456789012345678901234567.001"
    done = told([rule], order_with(quantity=long), sent_with(parts=[{"quantity": "0.001"}, {}]))
    parts = done.document["orders"][0]["packs"][0]["items"][0]["parts"]
    assert parts[1] == {"quantity": "1234567890123456789012345678901234567.000"}
    assert lines_of(done) == [("R1", f"{ITEM}.parts[1].quantity", long, long, "filled")]
    done = told([rule], order_with(quantity="06.0"), sent_with(parts=[{}]))
    assert done.document == sent_with(parts=[{"quantity": "06.0"}]), "character for character"
    done = told([rule], order_with(quantity="6"), sent_with(parts=[{"quantity": "6"}, {}]))
    assert found(done) == [("carry-missing", f"{ITEM}.parts[1].quantity", None, "0 (line 1)")]
    assert lines_of(done) == [("R1", f"{ITEM}.parts[1].quantity", "6", "6", "missing")]
    assert lines_of(told([rule], ONE, sent_with())) == [("R1", ITEM, "6", None, "missing")]
    assert found(told([rule], ONE, sent_with())) == [("carry-missing", ITEM, None, "6 (line 1)")]
    assert found(told([rule], ONE, {"orders": [{"number": "N-1"}]})) == [("carry-missing", "orders[0].packs", None, "6 (line 1)")]
    assert lines_of(told([rule], ONE, sent_with(parts="all"))) == [("R1", ITEM, "6", None, "missing")]
    odd = told([rule, rule], ONE, sent_with(parts=[{"quantity": "-1"}]))
    assert found(odd) == [("value-type", f"{ITEM}.parts[0].quantity", "-1", "a quantity that is not negative")]
    assert [one.verdict for one in odd.report] == ["differs", "differs"]
    quiet = told([rule | {"when": "type SA"}], ONE, sent_with(parts=[{"quantity": "-1"}]))
    assert lines_of(quiet) == [("R1", f"{ITEM}.parts[0].quantity", None, None, "not asked for")]
    either = rule | {"order": "lines[].shipped or lines[].quantity"}
    assert found(told([either], order_with(shipped="4", quantity="6"), sent_with(parts=[{"quantity": "4"}]))) == []
    checked = told([rule], ONE, sent_with(parts=[{"quantity": "6"}, {}]), fill=False)
    assert [f.code for f in checked.findings] == ["carry-missing"]
    checked = told([rule], ONE, sent_with(parts=[{}]), fill=False)
    assert found(checked) == [("carry-missing", f"{ITEM}.parts[0].quantity", None, "6 (line 1)")]
    less = told([rule], ONE, sent_with(parts=[{"quantity": "1"}, {"quantity": "0"}]))
    assert lines_of(less) == [("R1", f"{ITEM}.parts[0].quantity", "6", "1", "differs")]
    assert found(told([rule], order_with(quantity="0"), sent_with(parts=[{"quantity": "0"}]))) == []
    more = told([rule], ONE, sent_with(parts=[{"quantity": "6"}, {"quantity": "1"}, {"quantity": "1"}]))
    assert found(more) == [("quantity-over", f"{ITEM}.parts[1].quantity", "8", "6 (line 1)")]
    most = rule | {"rule": "at_most"}
    assert lines_of(told([most], ONE, sent_with(parts=[{}, {"quantity": "7"}]))) == [
        ("R1", f"{ITEM}.parts[1].quantity", "6", "7", "differs")
    ]
    assert lines_of(told([most], ONE, sent_with(parts=[{}]))) == [("R1", f"{ITEM}.parts[0].quantity", None, None, "not asked for")]


def test_quantities_where_little_is_known() -> None:
    rule: Json = {"rule": "adds_up", "order": "lines[].quantity", "here": "orders[].packs[].items[].box.quantity"}
    twice = {"number": "N-1", "lines": [{"line": "1", "quantity": "4"}, {"line": "1", "quantity": "5"}]}
    assert told([rule], twice, sent_with()).document == sent_with(box={"quantity": "9"})
    misshaped = told([rule], ONE, sent_with(box="6"))
    assert found(misshaped) == [("value-type", f"{ITEM}.box", "6", "an object")]
    unnamed = {"number": "N-1", "lines": [{"ids": {"upc": "1"}, "quantity": "6"}]}
    document = {"orders": [{"number": "N-1", "packs": [{"items": [{"ids": {"upc": "1"}, "box": {"quantity": "7"}}]}]}]}
    assert found(told([rule], unnamed, document)) == [("quantity-over", f"{ITEM}.box.quantity", "7", "6")]
    unsaid = {"orders": [{"number": "N-1"}, {"number": "N-1"}]}
    assert found(told([rule], ONE, unsaid)) == [("carry-missing", "orders[0].packs", None, "6 (line 1)")], "said once"
    assert (
        found(told([rule | {"rule": "at_most"}], {"number": "N-1", "lines": [{"line": "1"}]}, sent_with(box={"quantity": "7"})))
        == []
    )


def test_without_lines_nothing_is_added() -> None:
    rule: Json = {"rule": "adds_up", "order": "lines[].quantity", "here": "orders[].quantity"}
    done = told([rule], ONE, {"orders": [{"number": "N-1", "quantity": "1"}]}, where={"orders": "orders[]"})
    assert [one.verdict for one in done.report] == ["not asked for"]
    plain: Json = {"order": "lines[].unit", "here": "orders[].unit"}
    done = told([plain], ONE, {"orders": [{"number": "N-1"}]}, where={"orders": "orders[]"})
    assert lines_of(done) == [("R1", "orders[0].unit", "EA", "EA", "filled")]


def test_without_orders_nothing_is_judged() -> None:
    rule: Json = {"rule": "without", "values": ["X"], "when": "type SA", "here": "status"}
    done = told([rule], ONE, {"orders": [], "status": "X"})
    assert done.report == []
    assert found(done) == [("order-unknown", "orders[]", None, "N-1")]


# --- laws -----------------------------------------------------------------------------------------------------------------

STORIES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/1-850.edi"))
ODD: list[Any] = [
    None,
    "",
    [],
    {},
    "9998",
    "0551",
    "1",
    "000001",
    6,
    True,
    [{}],
    [{"line": "1"}],
    {"location": "0551"},
    "NaN",
    "-1",
]


def begun(table: Table, order: Json) -> Json:
    """The least that an ERP would say of everything in an order."""
    lines = [{"line": line["line"], "quantity": line["quantity"]} for line in order["lines"]]
    if table.document == "shipment":
        return {"document": "shipment", "orders": [{"number": order["number"], "packs": [{"items": [line]} for line in lines]}]}
    if table.document == "invoice":
        return {"document": "invoice", "number": order["number"], "lines": lines}
    said = [{"line": line["line"], "answers": [{"status": "IA"}]} for line in lines]
    return {"document": "acknowledgment", "orders": [{"number": order["number"], "lines": said}]}


def leaves(held: Any, way: str = "") -> Iterator[str]:
    """Every place in a document, as ``place`` takes it."""
    items = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    for key, value in items:
        here = f"{way}[{key}]" if isinstance(held, list) else f"{way}.{key}" if way else str(key)
        yield here
        yield from leaves(value, here)


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_completing_again_changes_nothing_and_a_check_agrees(data: st.DataObject) -> None:
    table = load(data.draw(st.sampled_from([table.name for table in ANSWERS])))
    order = order_of(data.draw(st.sampled_from(STORIES)), data.draw(st.integers(0, 2)))
    if data.draw(st.booleans()):
        del order["lines"][1:]
    document = begun(table, order)
    full = carry(table.carry, table.answer, [order], document, table.settings).document
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.sampled_from([document, full]))
        where = data.draw(st.sampled_from(sorted(leaves(at)) or ["x"]))
        value = data.draw(st.sampled_from(["(gone)", *ODD]))
        if where.endswith("]") and value == "(gone)":
            continue
        try:
            place(at, where, copy.deepcopy(value))
        except (KeyError, TypeError, IndexError, AttributeError):
            continue
    for given_one in (document, full):
        before = copy.deepcopy((given_one, order))
        first = carry(table.carry, table.answer, [order], given_one, table.settings)
        assert (given_one, order) == before
        again = carry(table.carry, table.answer, [order], first.document, table.settings)
        assert again.document == first.document
        assert [(f.code, f.path) for f in again.findings] == [(f.code, f.path) for f in first.findings]
        if not first.findings:
            check = carry(table.carry, table.answer, [order], first.document, table.settings, fill=False)
            assert check.findings == []
            assert {one.verdict for one in check.report} <= {"agrees", "not asked for"}
        for one in first.findings:
            well_formed(one)


WORDS = st.sampled_from(["number", "release", "lines", "line", "ids", "orders", "packs", "items", "quantity"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["1", "N-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner),
    max_leaves=20,
)


@given(document=st.dictionaries(st.sampled_from(["orders", "lines", "number", "carrier"]), ANYTHING), order=ANYTHING)
@settings(max_examples=300, deadline=None)
def test_nothing_that_json_can_say_raises(document: Json, order: Any) -> None:
    for table in ANSWERS:
        for orders in ([order], [{"number": "N-1", "lines": order}], [{"number": "N-1", "lines": [{"line": "1", "ids": order}]}]):
            for fill in (True, False):
                done = carry(table.carry, table.answer, orders, document, table.settings, fill)
                assert json.loads(json.dumps(done.document)) == done.document


# --- rules that do not load ---------------------------------------------------------------------------------------------

GOOD = {"ref": "PO414", "rule": "iff", "order": "lines[].packs[].inner_pack", "here": "lines[].inner_pack", "source": "a guide"}
BROKEN: dict[str, tuple[Json, str]] = {
    "an unknown key": ({"colour": "red"}, "'colour'"),
    "no name": ({"ref": ""}, "`ref`"),
    "no source": ({"source": None}, "`source`"),
    "a number for a text": ({"note": 5}, "`note`"),
    "an unknown rule": ({"rule": "echo"}, "'echo'"),
    "an unknown level": ({"level": "notice"}, "level"),
    "a path that is none": ({"order": "lines[].Inner-Pack"}, "lines[].Inner-Pack"),
    "a star in the middle": ({"order": "lines[].*.x", "here": "x.*"}, "lines[].*.x"),
    "neither order nor value": ({"order": None}, "`order` or `value`"),
    "both order and value": ({"value": "X"}, "`order` or `value`"),
    "no place here": ({"here": None}, "`here`"),
    "a list at the end": ({"here": "lines[]"}, "[]"),
    "a map against a value": ({"here": "lines[].ids.*"}, ".*"),
    "names without a map": ({"names": ["upc"]}, "`names`"),
    "names that are a text": ({"order": "ids.*", "here": "ids.*", "names": "upc"}, "`names`"),
    "a width without pad": ({"width": 3}, "`width`"),
    "pad without a width": ({"rule": "pad"}, "`width`"),
    "a width that is a truth": ({"rule": "pad", "width": True}, "`width`"),
    "a setting without values": ({"setting": "labels"}, "`setting`"),
    "a condition that is a number": ({"when": 5}, "condition"),
    "an empty condition": ({"when": ""}, "condition"),
    "never without a condition": ({"rule": "never", "order": None, "here": None}, "`when`"),
    "never with a place": ({"rule": "never", "order": None, "when": "type BK"}, "`here`"),
    "never with an order": ({"rule": "never", "here": None, "when": "type BK"}, "`order`"),
    "a change of what goes back the same": ({"changed": "status IP", "note": "another"}, "`changed`"),
    "a change of which nobody says what it is": ({"rule": "default", "changed": "status IP"}, "`note`"),
    "without values": ({"rule": "without", "order": None, "when": "type BK"}, "`values`"),
    "values for another rule": ({"values": ["X"]}, "`values`"),
    "a sum of no lines": ({"rule": "at_most", "order": "quantity"}, "lines[]"),
    "a sum of a fixed value": ({"rule": "adds_up", "order": None, "value": "5"}, "`order`"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_refused_with_file_and_row(name: str) -> None:
    change, word = BROKEN[name]
    row = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(TableError) as caught:
        carry_rules([GOOD, row], "mappings/acme/856.toml")
    assert str(caught.value).startswith("mappings/acme/856.toml, [[carry]] row 2 (")
    assert word in str(caught.value)


def test_a_good_rule_loads() -> None:
    [rule] = carry_rules([GOOD | {"when": ["type SA", "back_order[]"], "setting": "labels A B"}], "x.toml")
    assert rule.rule == "x.toml carry PO414: a guide"
    assert [one.text for one in rule.when] == ["type SA", "back_order[]"]
    assert (rule.setting, rule.chosen) == ("labels", ("A", "B"))
    with pytest.raises(TableError, match="carry rules are rows"):
        carry_rules({"ref": "x"}, "x.toml")
    for chosen in ({"others": "A"}, None):
        with pytest.raises(TableError, match=r"\[settings.labels\]"):
            carry([rule], MINE, [], {}, chosen)


def test_paths() -> None:
    order = {"lines": [{"packs": [{"pack": 6, "inner_pack": 2}, {"pack": 12}]}, {"packs": []}], "terms": [{"type": "01"}], "x": ""}
    assert values([order], path("lines[].packs[].inner_pack")) == [2, None, None]
    assert values([order], path("terms[0].type")) == ["01"]
    assert values([order, 5], path("x")) == [None, None]
    assert condition("lines[].packs[].pack 12").holds(order)
    assert not condition("x").holds(order)
    made: Json = {}
    put(made, path("terms[0].days.net"), 30)
    assert made == {"terms": [{"days": {"net": 30}}]}
