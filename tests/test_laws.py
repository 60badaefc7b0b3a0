"""The laws of reading and writing, held for every guide that is shipped, against documents drawn from its table and the samples.

1. What is written reads back as the same document.       4. Reading in pieces of any size reads the same.
2. What is read is written back byte for byte, in normal form.   5. With ``exact``, every file comes back byte for byte.
3. What was read without errors survives writing.         6. No value can forge a segment.

Here 1, 2, 3 and 6, for what may be written; test_exactly.py has 4 and 5, test_forgeries.py and test_hostile.py 6, for what
may not. ``SOAK=1`` in the environment draws a hundred times as many documents.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from drawn import documents, several
from hypothesis import given, seed
from hypothesis import strategies as st
from judged import rewritten
from meaning import GUIDES, Json, label, maps, segments
from mutants import FAMILIES, mutants
from other_readers import knows, objections, seen, trimmed
from reached import Coverage, respelled
from reached import main as report
from totals import lean
from walked import SAMPLES, SOAK, Case, cases, drawn, errors, findings, orders, reach, sample, written

from translator.documents import violations
from translator.errors import LimitExceeded, NotX12
from translator.tables.load import load
from translator.tables.table import path_text
from translator.walk import read, restore

ODD_SAMPLES = {"published-sample/1-850.edi"}  # not in normal form: blanks of the ISA lost, a leading zero


def comes_back(case: Case) -> None:
    """Law 1 for a document; with the settings as shipped its bytes are in normal form, and so leave no residue."""
    found = orders(case.data, guide=case.table.name)
    assert found == [case.document]
    exact = orders(case.data, exact=True, guide=case.table.name)
    assert [d for d in exact if d["document"] != "raw"] == [case.document] or case.settings
    assert b"".join(restore(exact)) == case.data
    assert maps(case.table, found[0]) == maps(case.table, case.document), "a map came back in another order"


def is_written_again_byte_for_byte(case: Case) -> None:
    """Law 2 for what we wrote."""
    assert case.write(orders(case.data, guide=case.table.name)[0]) == case.data


def keeps_the_schema(case: Case) -> None:
    """What a table allows, the schema of its documents allows."""
    assert violations(case.document) == []


def means_its_segments(case: Case) -> None:
    """Law 6 for a document: the file has as many segments as it means, with its values in them."""
    found = case.segments
    tags = ["ISA", "GS", "ST", *(m.row.segment for m in segments(case.table, case.document)), "SE", "GE", "IEA"]
    assert [values[0] for values in found] == tags
    assert found[-3][1] == str(len(found) - 4)
    for meant, values in zip(segments(case.table, case.document), found[3:-3], strict=True):
        for (number, component), place in meant.places.items():
            e, value = meant.row.elements.get((number, component)), str(place.value)
            if component:
                assert values[number].split(case.document["envelope"]["delimiters"]["component"])[component - 1] == value
            elif e and e.type in ("DT", "TM", "N2") and not place.fixed:
                digits = "".join(c for c in value if c.isdigit())
                assert values[number] == ("-" * (value[0] == "-") + (digits.lstrip("0") or "0") if e.type == "N2" else digits)
            else:
                assert values[number] == (e.prefix if e else "") + value


def others_see_the_same(case: Case) -> None:
    """Law 6 once more, by readers that nobody here wrote: the same segments and values, and no objection."""
    marks = case.document["envelope"]["delimiters"]
    if knows(marks["segment"]):
        assert seen(case.data) == [trimmed(values, marks["element"]) for values in case.segments]
        assert objections(case.data) == set()


def needs_not_say_what_follows(case: Case) -> None:
    """What a table works out or has a default for may be left out, where it is just that."""
    assert case.write(lean(case.table, case.document)) == case.data


def is_read_alike_however_spelled(case: Case, turn: int = 0) -> None:
    """What says the same in another way is the same document, and no error."""
    body = respelled(case.table, case.document, case.segments[3:-3], turn)
    marks = case.document["envelope"]["delimiters"]
    made = [*case.segments[:3], *body, *case.segments[-3:]]
    data = "".join(marks["element"].join(values) + marks["segment"] + marks["tail"] for values in made).encode("latin-1")
    readings = list(read(data, guide=case.table.name))
    assert [r.document for r in readings if r.document] == [case.document]
    assert [error for r in readings for error in errors(r.findings)] == []


LAWS = (
    comes_back,
    is_written_again_byte_for_byte,
    keeps_the_schema,
    means_its_segments,
    others_see_the_same,
    needs_not_say_what_follows,
    is_read_alike_however_spelled,
)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("name", GUIDES)
def test_a_systematic_document(name: str, law: Callable[[Case], None]) -> None:
    for case in cases(name)[0]:
        law(case)


@pytest.mark.parametrize("name", GUIDES)
def test_other_spellings_of_a_systematic_document(name: str) -> None:
    for turn, case in enumerate(cases(name)[0]):
        is_read_alike_however_spelled(case, turn)


@pytest.mark.parametrize("name", GUIDES)
def test_a_drawn_document(name: str) -> None:
    coverage = Coverage(load(name))

    @drawn(60)
    @given(documents(load(name)))
    def holds(document: Json) -> None:
        coverage.see(document)
        case = Case(load(name), document)
        for law in LAWS:
            law(case)

    wanted = {label(row) for row in load(name).rows() if not row.mute}
    for turn in range(5):  # a rare row may take more than one round
        seed(turn)(holds)()
        if wanted <= coverage.seen:
            break
    assert wanted <= coverage.seen


@pytest.mark.parametrize("name", GUIDES)
def test_every_row_element_code_and_structure_is_exercised(name: str) -> None:
    assert reach(name).missing() == []


def test_a_run_reports_what_it_reached(capsys: pytest.CaptureFixture[str]) -> None:
    """``python tests/reached.py``."""
    assert report() == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in printed] == GUIDES
    assert all(" rows, " in line and " elements, " in line and " codes" in line for line in printed)


def test_the_coverage_knows_what_was_not_exercised() -> None:
    coverage = Coverage(load("target/850"))
    coverage.see(orders(sample("guest"))[0])
    missing = coverage.missing()
    assert 20 < len(missing) < len(coverage.wanted())


@pytest.mark.parametrize("name", GUIDES)
def test_documents_that_share_an_envelope_come_back_in_order(name: str) -> None:
    @drawn(10)
    @given(several([load(name)], plain=True), st.integers(1, 3))
    def holds(docs: list[Json], in_a_group: int) -> None:
        for n, document in enumerate(docs):
            document["envelope"] = copy.deepcopy(docs[0]["envelope"])
            document["envelope"]["control"] |= {"set": f"{n:04d}", "group": str(7 + n // in_a_group)}
        data = written(docs)
        assert data.count(b"~IEA*") == 1
        assert orders(data, guide=name) == docs

    holds()


@drawn(20)
@given(several([load(name) for name in GUIDES]))
def test_documents_of_all_kinds_with_envelopes_of_their_own_come_back_in_order(docs: list[Json]) -> None:
    for n, document in enumerate(docs):
        document["envelope"]["control"] |= {"interchange": f"{n:09d}"}
    assert orders(written(docs)) == docs


@pytest.mark.parametrize("name", GUIDES)
def test_what_is_for_reading_only_is_not_written(name: str) -> None:
    case = cases(name)[0][0]
    more = copy.deepcopy(case.document)
    more |= {"erp": {"order_number": "7*~>"}, "derived": {"amount": "1.00"}, "findings": []}
    more["residue"] = [{"at": 1, "raw": "XYZ*1~", "was": [], "after": ""}]
    for holder in objects_of(more):
        holder.setdefault("erp", {"sku": "A~B"})
    assert written(more) == case.data


@pytest.mark.parametrize("name", [name for name in GUIDES if load(name).aside])
def test_what_a_table_sets_aside_is_not_written(name: str) -> None:
    """What a document may say and the set has no place for changes nothing, but what is worked out from it."""
    case = cases(name)[0][0]
    summed = {word for _, _, e in case.table.reckonings for word in e.reckon[1:]}
    for path in case.table.aside:
        more = copy.deepcopy(case.document)
        *steps, last = path_text(path).split(".")
        held: list[Json] = [more]
        for step in steps:
            held = [
                below
                for one in held
                if (name := step.removesuffix("[]")) in one
                for below in ([one[name]], one[name])[name != step]
            ]
        if any(path_text(path).endswith(word) for word in summed):
            held = held[1:]  # of one it is not known, so nothing is worked out
        assert held
        for holder in held:
            holder[last] = "A~SE*1*0001~"
        assert written(more) == case.data


def objects_of(held: Any) -> Iterator[Json]:
    """Every object of a document below the document itself that is no map by name."""
    for value in held.values() if isinstance(held, dict) else held:
        if isinstance(value, list):
            yield from (one for one in value if isinstance(one, dict))
        if isinstance(value, (dict, list)):
            yield from objects_of(value)


# --- 2 and 3: what is read is written back ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_goes_both_ways(name: str) -> None:
    """It is read without error and written back: the same bytes, or, out of normal form, the same document."""
    data = sample(name)
    assert not errors(findings(data))
    again = written(orders(data))
    assert orders(again) == orders(data)
    if name not in ODD_SAMPLES:
        assert again == data


@pytest.mark.parametrize("family", FAMILIES)
def test_spoiled_samples_read_without_errors_survive_writing(family: str) -> None:
    accepted = 0
    for n, data in enumerate(mutants(500 * SOAK, 3, family)):
        try:
            readings = list(read(data))
        except (NotX12, LimitExceeded):
            continue
        if all(r.ok for r in readings):
            docs = [r.document for r in readings if r.document and r.table]
            accepted += bool(docs)
            assert rewritten(docs) == [], f"mutant(3, {n}, {family!r})"
    assert accepted > 50
