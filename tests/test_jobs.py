"""Several processes give what one gives, byte for byte, whatever the file holds.

Files are put together of samples and of their mutants. The workers stand in for real ones in this process; once they are
real.
"""

from __future__ import annotations

import concurrent.futures
import io
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from mutants import mutant, samples

from translator.errors import LimitExceeded, NotX12
from translator.walk import bulk
from translator.x12.wire import Limits

WHOLE = b"".join(samples()[:4])


class Pool:
    """Does at once what it is asked to do."""

    def __init__(self, jobs: int, initializer: Callable[..., None], initargs: tuple[Any, ...]) -> None:
        initializer(*initargs)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, work: Callable[[Any], Any], asked: Any) -> concurrent.futures.Future[Any]:
        done: concurrent.futures.Future[Any] = concurrent.futures.Future()
        try:
            done.set_result(work(asked))
        except Exception as error:
            done.set_exception(error)
        return done


def read(data: bytes, jobs: int, exact: bool = False, limits: Limits | None = None) -> tuple[bytes, list[Any]] | str:
    """All bytes and all findings, or why there are none."""
    try:
        made = list(bulk.lines(io.BytesIO(data), "a.edi", bulk.Job(exact=exact, limits=limits), jobs))
    except (NotX12, LimitExceeded) as error:
        return f"{type(error).__name__}: {error}"
    return b"".join(one for one, _ in made), [finding.as_dict() for _, findings in made for finding in findings]


@pytest.fixture(params=[1, 4000])
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Workers in this process; batches of one set, or of some."""
    collecting = bulk.gc.isenabled()
    monkeypatch.setattr(concurrent.futures, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(bulk, "_BATCH", request.param)
    yield
    if collecting:
        bulk.gc.enable()


ODD = {
    "an interchange twice": samples()[0] * 3,
    "twice, far apart": samples()[0] + WHOLE + samples()[0],
    "no IEA": WHOLE.replace(b"IEA*", b"IEB*", 1) + WHOLE,
    "no IEA, then the same again": samples()[0].partition(b"IEA*")[0] + samples()[1] + samples()[0],
    "an IEA that no terminator is before": WHOLE.replace(b"~\nIEA*", b"\nIEA*", 1) + WHOLE,
    "and what is left": WHOLE.replace(b"GE*", b"IEA*1*1~\nGE*", 1) + WHOLE,
    "a stray IEA in a text": WHOLE.replace(b"~\nGE*", b"~\nodd\nIEA*1*1~\nGE*", 1) + WHOLE,
    "text between": samples()[0] + b"Hello\n" + WHOLE,
    "blanks between": samples()[0] + b"\r\n\x00 \x1a" + WHOLE,
    "more blanks than an ISA is long": samples()[0] + b"\n" * 5000 + WHOLE,
    "an ISA that is none": WHOLE.replace(b"ISA*00", b"ISA 00", 2) + WHOLE,
    "other line ends": WHOLE.replace(b"~\nIEA", b"~\r\n IEA", 2) + WHOLE,
    "cut off": (WHOLE + WHOLE)[:-20],
    "no terminator at the end": WHOLE.rstrip(b"~\n"),
    "blanks at the end": WHOLE + b"\n\n \n",
    "an ISA in a set": WHOLE.replace(b"~\nCTT*", b"~\n" + samples()[1] + b"CTT*", 1) + WHOLE,
    "a byte order mark": b"\xef\xbb\xbf" + WHOLE,
    "wrapped lines": b"".join(WHOLE[n : n + 80] + b"\n" for n in range(0, 3000, 80)) + WHOLE,
    "nothing": b"",
    "not X12": b"Hello" * 99,
}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("exact", [False, True], ids=["", "exact"])
@pytest.mark.parametrize("what", ODD)
def test_odd_files_are_read_alike(what: str, exact: bool) -> None:
    assert read(ODD[what], 2, exact) == read(ODD[what], 1, exact)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("seed", range(60))
def test_mutants_between_samples_are_read_alike(seed: int) -> None:
    chance = Random(f"jobs {seed}")
    pieces = [mutant(seed, n) if chance.random() < 0.3 else chance.choice(samples()) for n in range(chance.randint(2, 9))]
    data = b"".join(pieces)
    assert read(data, 2, exact=seed % 2 == 0) == read(data, 1, exact=seed % 2 == 0)


@pytest.mark.usefixtures("here")
def test_a_limit_is_met_where_it_is_passed() -> None:
    limits = Limits(segment=1000, element=500)
    data = WHOLE + WHOLE.replace(b"REF*IA*", b"REF*IA*" + b"9" * 700, 1)
    said = read(data, 1, limits=limits)
    assert "LimitExceeded" in said and read(data, 2, limits=limits) == said


def test_real_workers_give_the_same() -> None:
    data = WHOLE * 9 + mutant(0, 0) + WHOLE
    assert read(data, 3) == read(data, 1)
