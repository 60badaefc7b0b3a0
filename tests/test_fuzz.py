"""Thousands of spoiled samples: nothing raises, nothing hangs, and no law breaks on what could still be read.

``MUTANTS=100000`` in the environment judges so many instead of 5,000.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache

import pytest
from mutants import FAULTS, ODD, Verdict, judge, main, mutant, samples

COUNT = int(os.environ.get("MUTANTS", "5000"))
LAWS = ("uncaught", "slow", "stable", "exact", "rewrite")


@cache
def verdicts() -> list[Verdict]:
    """Every mutant of seed 0, judged once."""
    return [judge(mutant(0, n)) for n in range(COUNT)]


@pytest.mark.parametrize("law", LAWS)
def test_no_mutant_breaks(law: str) -> None:
    broken = [f"mutant(0, {n}): {text}" for n, verdict in enumerate(verdicts()) for text in verdict.broken if text.startswith(law)]
    assert not broken, "\n".join([f"{len(broken)} of {COUNT}", *broken[:10]])


def test_every_law_that_can_break_is_tested() -> None:
    assert {text.split(":")[0] for verdict in verdicts() for text in verdict.broken} <= set(LAWS)


def test_the_mutants_are_of_every_kind() -> None:
    kinds = Counter(verdict.kind for verdict in verdicts())
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


@pytest.mark.parametrize("value", ODD, ids=lambda value: value[:12].hex() or "empty")
def test_an_odd_value_at_every_place_of_an_order(value: bytes) -> None:
    pieces = samples()[-1].split(b"~")
    for n, piece in enumerate(pieces):
        values = piece.split(b"*")
        for m in range(len(values)):
            if (n + m) % 6 == len(value) % 6:
                spoiled = b"*".join([*values[:m], value, *values[m + 1 :]])
                assert judge(b"~".join([*pieces[:n], spoiled, *pieces[n + 1 :]])).broken == [], (n, m)


def test_the_program_prints_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["30", "0"])
    printed = capsys.readouterr().out
    assert "30 mutants of seed 0" in printed
    assert code == ("0 laws broken" not in printed)
    assert main(["many"]) == 2


@pytest.mark.parametrize(("seed", "n"), [(1001, 96997), (1001, 130580), (3003, 124145), (4004, 201239), (4004, 231554)])
def test_mutants_that_broke_a_law_once(seed: int, n: int) -> None:
    """What long runs found; the causes have tests of their own, which do not change with the samples."""
    assert judge(mutant(seed, n)).broken == []
