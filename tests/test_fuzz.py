"""Thousands of spoiled samples: nothing raises, nothing hangs, and no law breaks on what could still be read.

``MUTANTS=100000`` in the environment judges so many instead of 6,000.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from judged import judge
from mutants import FAMILIES, FAULTS, ODD, ROOT, main, mutant, samples

COUNT = int(os.environ.get("MUTANTS", "6000")) // 6  # in a share: three of orders, three of all that answers them


@pytest.mark.parametrize("share", range(3))
@pytest.mark.parametrize("family", FAMILIES)
def test_no_mutant_breaks_a_law(family: str, share: int) -> None:
    kinds: Counter[str] = Counter()
    broken = []
    for n in range(share * COUNT, (share + 1) * COUNT):
        verdict = judge(mutant(0, n, family))
        kinds[verdict.kind] += 1
        broken += [f"mutant(0, {n}, {family!r}): {law}" for law in verdict.broken]
    assert not broken, "\n".join([f"{len(broken)} of {COUNT}", *broken[:10]])
    for kind, part in (("accepted", 0.05), ("warnings", 0.05), ("errors", 0.2), ("not X12", 0.01)):
        assert kinds[kind] > part * COUNT, kinds


def test_a_mutant_is_always_the_same() -> None:
    assert [mutant(7, n) for n in range(50)] == [mutant(7, n) for n in range(50)]
    assert mutant(7, 1) != mutant(8, 1)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_takes_any_bytes(fault: object) -> None:
    from random import Random

    assert callable(fault)
    for data in (b"", b"I", b"ISA", b"ISA*", b"~", b"no X12", *samples()[:2]):
        for seed in range(20):
            assert isinstance(fault(data, Random(seed)), bytes)


ANSWERS = [path.read_bytes() for path in sorted((ROOT / "samples" / "guest").glob("[4-9]*.edi"))]


@pytest.mark.parametrize("value", ODD, ids=lambda value: value[:12].hex() or "empty")
def test_an_odd_value_at_every_place(value: bytes) -> None:
    """Of an order, and of each kind of answer; all values together at all places of the order, at a third of the others'."""
    for data, each in ((samples()[-1], 6), *((answer, 18) for answer in ANSWERS)):
        pieces = data.split(b"~")
        for n, piece in enumerate(pieces):
            values = piece.split(b"*")
            for m in range(len(values)):
                if (n + m) % each == len(value) % each:
                    spoiled = b"*".join([*values[:m], value, *values[m + 1 :]])
                    assert judge(b"~".join([*pieces[:n], spoiled, *pieces[n + 1 :]])).broken == [], (n, m)


def test_the_program_prints_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["30", "0"])
    printed = capsys.readouterr().out
    for family in FAMILIES:
        assert f"30 mutants of {family}, seed 0" in printed
    assert code == (printed.count("       0 laws broken") != len(FAMILIES))
    assert main(["many"]) == 2


@pytest.mark.parametrize(("seed", "n"), [(1001, 96997), (1001, 130580), (3003, 124145), (4004, 201239), (4004, 231554)])
def test_mutants_that_broke_a_law_once(seed: int, n: int) -> None:
    """What long runs found; the causes have tests of their own, which do not change with the samples."""
    assert judge(mutant(seed, n)).broken == []
