"""A purchase order change: read like any other document, and applied to its order. The cases are data: ``cases/revise.toml``.

What the table reads stands in the stories and in ``cases/change.toml``; what a change does to an order is tried here on small
orders, and on orders and changes that are drawn from the tables.
"""

from __future__ import annotations

import copy
import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from changing import changed
from drawn import Coverage, documents, systematic
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from translator.documents import structure, unstructure, violations
from translator.documents.parts import number
from translator.exchange.revise import Revised, revise, same_change
from translator.tables.load import load
from translator.tables.standard import parsed
from translator.walk import read, write

Json = dict[str, Any]

ROOT = Path(__file__).parents[1]
DATA = tomllib.loads((ROOT / "tests/cases/revise.toml").read_text(encoding="utf-8"))
CASES = DATA["case"]
ORDER, CHANGE = (json.loads(DATA["documents"][name]) for name in ("order", "change"))
RULES = parsed("mappings/target/derive.toml")
TABLES = {name: load(f"target/{name}") for name in ("850", "860")}
SYSTEMATIC = systematic(TABLES["860"])


def at(document: Any, path: str) -> Any:
    """What stands at a path; "(gone)" where nothing does."""
    for step in re.findall(r"[^.\[\]]+", path):
        try:
            document = document[int(step) if step.isdigit() else step]
        except (KeyError, IndexError):
            return "(gone)"
    return document


def rules(case: Json) -> Json:
    """The shipped rules, or those of a partner who sends differences."""
    made = copy.deepcopy(RULES)
    if case.get("difference"):
        made["derive"]["change"]["quantity"] = "difference"
    return made


def done(case: Json) -> Revised:
    """What comes of a case; neither document is changed, and what comes out is an order like any other."""
    order, change = changed(ORDER, case.get("order", {})), changed(CHANGE, case.get("change", {}))
    if "earlier" in case:
        order = revise(order, changed(CHANGE, case["earlier"]), rules(case)).order
    before = copy.deepcopy((order, change))
    made = revise(order, change, rules(case))
    assert (order, change) == before
    assert violations(made.order) == []
    assert unstructure(structure(made.order)) == made.order
    return made


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_change_does_exactly(case: Json) -> None:
    made = done(case)
    assert [one.code for one in made.findings] == [want["code"] for want in case["find"]], [one.sentence for one in made.findings]
    for one, want in zip(made.findings, case["find"], strict=True):
        assert {key: getattr(one, key) for key in want} == want
        assert "None" not in one.sentence
    assert made.changes == case["changes"]
    assert made.effect == case.get("effect", made.effect)
    assert {path: at(made.order, path) for path in case.get("has", {})} == case.get("has", {})
    if made.effect != "none":
        assert made.order.get("changes", [])[-len(made.changes) or len(made.order.get("changes", [])) :] == made.changes


def test_without_rules_nothing_is_done() -> None:
    made = revise(ORDER, CHANGE, {})
    assert (made.effect, made.order, made.changes) == ("none", ORDER, [])
    assert [one.code for one in made.findings] == ["change-unknown"]


def test_an_order_as_revised_is_written_as_the_order_it_is() -> None:
    """Revision, changes and what is cancelled are for people and ERPs: they never reach X12."""
    [order] = [r.document for r in read(ROOT / "samples/new-po-number/1-850.edi") if r.document]
    assert order is not None
    change = CHANGE | {"number": order["number"]}
    made = revise(order, changed(change, {"lines[0].ids": "(gone)"}), RULES).order
    assert made["lines"][0]["ordered"] == "36"
    writing = write(made)
    assert writing.ok and writing.data, writing.findings
    before = write(order).data
    assert before is not None
    assert writing.data.decode().replace("PO1*000001*24*", "PO1*000001*36*").split("CTT")[0] == before.decode().split("CTT")[0]


# --- the same change twice --------------------------------------------------------------------------------------------


def test_a_change_is_the_same_whatever_it_came_in() -> None:
    again = CHANGE | {"envelope": {"control": {"interchange": "000000002"}}, "erp": {"x": 1}, "findings": [], "residue": []}
    assert same_change(CHANGE, again)
    assert same_change(again, CHANGE)


@pytest.mark.parametrize(
    "change",
    [{"number": "1"}, {"sequence": "2"}, {"change_date": "2026-03-06"}, {"lines[0].quantity": "25"}, {"lines": "(gone)"}],
    ids=str,
)
def test_a_change_that_says_anything_else_is_another(change: Json) -> None:
    assert not same_change(CHANGE, changed(CHANGE, change))


# --- rules and table ----------------------------------------------------------------------------------------------------


def test_every_code_of_the_rules_is_one_of_the_table() -> None:
    rule = RULES["derive"]["change"]
    codes = {
        e.json[-1][0]: e.codes for r in TABLES["860"].rows() for e in r.elements.values() if e.json and r.segment in ("BCH", "POC")
    }
    assert set(rule) == {"quantity", "effects", "lines"}
    assert rule["quantity"] in ("total", "difference")
    assert set(rule["effects"]) == set(codes["purpose"])
    assert set(rule["effects"].values()) == {"cancel", "change", "replace"}
    assert set(rule["lines"]) < set(codes["change"])
    for about in rule["lines"].values():
        assert set(about) <= {"does", "values", "quantity"}
        assert about.get("does", "add") in ("add", "cancel")
        assert ("does" in about) != ("values" in about)
        assert about.get("quantity", "less") in ("less", "more")


@pytest.mark.parametrize("n", range(len(SYSTEMATIC)))
def test_every_row_and_code_of_the_table_comes_back(n: int) -> None:
    document = SYSTEMATIC[n]
    assert violations(document) == []
    writing = write(document)
    assert writing.ok and writing.data, writing.findings
    assert [r.document for r in read(writing.data, guide="target/860") if r.document] == [document]


def test_the_documents_tried_exercise_all_of_the_table() -> None:
    seen = Coverage(TABLES["860"])
    for document in SYSTEMATIC:
        seen.see(document)
    assert not seen.missing()


# --- properties ----------------------------------------------------------------------------------------------------------


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Json, Json]:
    """An order and a change of it, both drawn; lines of the change are often those of the order, with amounts near theirs."""
    order, change = draw(documents(TABLES["850"], plain=True)), draw(documents(TABLES["860"], plain=True))
    change |= {key: order[key] for key in ("number", "type", "date", "release") if key in order}
    change["purpose"] = draw(st.sampled_from(["01", "04", "04", "05", "77"]))
    for n, line in enumerate(order["lines"]):  # as the table wants it of an order without findings
        line |= {"line": f"{n + 1:03d}", "quantity": draw(st.sampled_from(["1", "24", "7.50"]))}
    known = list(order["lines"])
    for n, line in enumerate(change.get("lines", [])):
        line |= {"line": f"N{n}", "change": draw(st.sampled_from(["QD", "QI", "DI", "AI", "PQ", "RZ", "NC", "RS"]))}
        if known and draw(st.booleans()):
            held = known.pop(draw(st.integers(0, len(known) - 1)))
            line |= {key: held[key] for key in ("line", "ids", "unit") if key in held}
            line["quantity"] = draw(st.sampled_from(["0", "1", "12", "24", "36", "-1"]))
    return order, change


EXAMPLES = settings(
    max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip


@EXAMPLES
@given(pairs())
def test_whatever_changes_what_was_ordered_stays_known(drawn: tuple[Json, Json]) -> None:
    order, change = drawn
    before = copy.deepcopy(drawn)
    made = revise(order, change, RULES)
    assert drawn == before
    assert violations(made.order) == []
    old, new = order["lines"], made.order["lines"]
    assert [line["line"] for line in new[: len(old)]] == [line["line"] for line in old], "no line is ever dropped or moved"
    for was, line in zip(old, new, strict=False):
        assert line.get("ordered", line["quantity"]) == was["quantity"]
        assert bool(line.get("cancelled")) == (Decimal(line["quantity"]) == 0)
    assert all(line["ordered"] == "0" and Decimal(line["quantity"]) > 0 for line in new[len(old) :])
    touched = {entry.get("line") for entry in made.changes}
    assert all(was == line for was, line in zip(old, new, strict=False) if line["line"] not in touched)
    if made.effect in ("cancel", "none"):
        assert new == old
    assert bool(made.order.get("cancelled")) == (made.effect == "cancel")
    assert made.order.get("revision", 0) == (made.effect != "none")


@EXAMPLES
@given(pairs())
def test_the_changes_say_all_that_is_another(drawn: tuple[Json, Json]) -> None:
    """Put back what each change says that stood there, and it is the order as it was."""
    order, change = drawn
    made = revise(order, change, RULES)
    for entry in made.changes:
        if entry["what"] == "added":
            assert at(made.order, entry["path"])["line"] == entry["line"]
        elif entry["what"] == "cancelled" and "line" in entry:
            assert (entry["from"], entry["to"]) == (at(order, entry["path"])["quantity"], "0")
        elif entry["what"] != "cancelled":
            old, new = at(order, entry["path"]), at(made.order, entry["path"])
            assert (entry.get("from", "(gone)"), entry.get("to", "(gone)")) == (str(old), str(new))
            assert old != new
    said = {entry.get("path") for entry in made.changes}
    for n, line in enumerate(order["lines"]):
        if f"lines[{n}]" not in said and f"lines[{n}].quantity" not in said:
            assert number(made.order["lines"][n]["quantity"]) == number(line["quantity"])
