"""The ledger: damaged it is refused and nothing is sent, its numbers are given once, and all is as before when a step fails."""

from __future__ import annotations

import datetime
import hashlib
import multiprocessing
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from crashing import order, put, shop

from translator.errors import LedgerError
from translator.exchange.ledger import Ledger, create, open_ledger, store
from translator.exchange.ledger.schema import APPLICATION, STEPS
from translator.exchange.ledger.store import HIGHEST
from translator.exchange.run import run
from translator.exchange.setup import init

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime.datetime(2026, 4, 20, 12, tzinfo=datetime.UTC)
SERIES = "ISA ZZ/1>08/2 T"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger of some pages, all of it in its file."""
    path = tmp_path / "ledger.db"
    with create(path) as ledger:
        with ledger.transaction():
            for n in range(300):
                ledger.events.add(at="2026-04-20T12:00:00Z", what="note", sentence=f"{n} " * 60)
                ledger.next(SERIES)
        ledger.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["ledger.db"]
    return path


def content(path: Path) -> list[str]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return [*connection.iterdump(), *map(str, connection.execute("PRAGMA user_version").fetchone())]
    finally:
        connection.close()


# --- damages ------------------------------------------------------------------------------------------------------------


def another(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()


def newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    connection.close()


def noise(path: Path) -> None:
    path.write_bytes(random.Random(4).randbytes(path.stat().st_size or 9000))


def torn(path: Path) -> None:
    """Pages in the middle are those of another file."""
    data = bytearray(path.read_bytes())
    data[4096 : len(data) - 4096] = random.Random(5).randbytes(len(data) - 8192)
    path.write_bytes(data)


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (Path.unlink, "there is no ledger"),
    "empty": (lambda path: path.write_bytes(b""), "is empty: it was damaged"),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]), "damaged"),
    "noise": (noise, "cannot be read .*: it was damaged"),
    "torn": (torn, "damaged"),
    "another program's": (another, "is no ledger of this program"),
    "newer": (newer, "was made by a newer version of this program: install that version or a later one"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "there is no ledger"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_ledger_that_cannot_be_trusted_is_refused(name: str, path: Path) -> None:
    harm, told = DAMAGES[name]
    harm(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(LedgerError, match=told) as error:
        open_ledger(path)
    assert name == "newer" or "exchange adopt DIR DIR/archive" in str(error.value)
    assert (path.read_bytes() if path.is_file() else b"") == before, "it is left as it is, for whoever looks into it"


def test_truncated_anywhere_it_is_refused(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    assert len(data) > 30 * 4096
    cuts = {
        *range(0, 4096, 96),
        *range(4096, len(data), 4096),
        *range(4095, len(data), 8192),
        *range(len(data) - 4000, len(data), 77),
    }
    for cut in sorted(cuts):
        copy = tmp_path / f"cut{cut}.db"
        copy.write_bytes(data[:cut])
        with pytest.raises(LedgerError):
            open_ledger(copy)
        copy.unlink()


@pytest.mark.parametrize("name", DAMAGES)
def test_with_a_damaged_ledger_nothing_is_sent_and_nothing_taken(name: str, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    init(shop)
    file = shop / "exchange.toml"
    file.write_text(
        file.read_text().replace('id        = ""', 'id        = "1234567890"').replace("seconds     = 1", "seconds     = 0")
    )
    shutil.copy(ROOT / "samples" / "tcin" / "1-850.edi", shop / "in" / "first.edi")
    run(shop, now=NOW)
    shutil.copy(ROOT / "samples" / "guest" / "1-850.edi", shop / "in" / "second.edi")
    before = {path for path in shop.rglob("*") if "ledger.db" not in path.name}
    DAMAGES[name][0](shop / "ledger.db")
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "translator", "exchange", "run", str(shop)], capture_output=True, text=True, cwd=ROOT
        )
        assert (done.returncode, done.stdout) == (5, "") and "ledger.db" in done.stderr and "Traceback" not in done.stderr
        assert {path for path in shop.rglob("*") if "ledger.db" not in path.name} == before


def test_a_new_ledger_never_takes_the_place_of_one(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="is there already"):
        create(path)
    assert path.read_bytes() == before


def test_one_that_is_held_by_another_program_is_not_called_damaged(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_PATIENCE", 10)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA journal_mode = DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LedgerError, match=r"cannot be worked with \(database is locked\)") as error:
        open_ledger(path)
    assert "damaged" not in str(error.value)
    holder.close()


# --- versions -------------------------------------------------------------------------------------------------------------


def test_an_older_one_is_brought_up_to_date_with_all_that_is_in_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = "CREATE TABLE more (x TEXT NOT NULL);\nINSERT INTO more SELECT series FROM numbers;"
    monkeypatch.setattr(store, "STEPS", (*STEPS, later))
    with open_ledger(path) as ledger:
        assert ledger.connection.execute("SELECT x FROM more").fetchall() == [(SERIES,)]
        assert ledger.series() == {SERIES: 300}
        assert ledger.connection.execute("PRAGMA user_version").fetchone() == (len(STEPS) + 1,)
    with open_ledger(path) as ledger:
        assert ledger.connection.execute("SELECT COUNT(*) FROM more").fetchone() == (1,), "once"
    monkeypatch.setattr(store, "STEPS", STEPS)
    with pytest.raises(LedgerError, match="newer version"):
        open_ledger(path)


def test_one_of_before_apis_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first step stands in ledgers that are in use: it is never changed again."""
    assert hashlib.sha256(STEPS[0].encode()).hexdigest() == "cb5d0878cc9ef55ec5afa422a11f9f27d7cd07b4ec4fc07b10aa8ac9354c8d76"
    with monkeypatch.context() as before:
        before.setattr(store, "STEPS", STEPS[:1])
        folder = shop(tmp_path / "shop")
        put(folder / "in", "one.edi", order(1))
        run(folder, now=NOW)
        held = content(folder / "ledger.db")
    run(folder, now=NOW)
    after = content(folder / "ledger.db")
    assert [line for line in held if line.startswith("INSERT INTO \"orders\"")] == [
        line for line in after if line.startswith("INSERT INTO \"orders\"")
    ] != []
    with open_ledger(folder / "ledger.db") as ledger:
        assert not ledger.requests.undone() and not list(ledger.calls.rows())
    monkeypatch.setattr(store, "STEPS", STEPS[:1])
    with pytest.raises(LedgerError, match="newer version"):
        open_ledger(folder / "ledger.db")


def test_a_step_that_fails_leaves_it_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(path)
    monkeypatch.setattr(store, "STEPS", (*STEPS, "CREATE TABLE more (x);\nDROP TABLE labels;\nINSERT INTO nowhere VALUES (1);"))
    with pytest.raises(LedgerError, match=r"could not be brought up to date \(no such table: nowhere\); it is as it was"):
        open_ledger(path)
    assert content(path) == before
    monkeypatch.setattr(store, "STEPS", STEPS)
    open_ledger(path).close()


def test_one_that_was_begun_and_not_finished_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.close()
    with open_ledger(path) as ledger:
        assert ledger.series() == {} and ledger.sequence == 0


def test_a_copy_that_was_made_another_way_is_as_safe(path: Path, tmp_path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    connection.close()
    with open_ledger(tmp_path / "copy.db") as ledger:
        pragmas = [
            ledger.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
        assert (pragmas, ledger.series()) == (["wal", 2, 1], {SERIES: 300})


# --- transactions and numbers -----------------------------------------------------------------------------------------------


def test_numbers_are_given_inside_a_transaction_only(path: Path) -> None:
    with open_ledger(path) as ledger:
        with pytest.raises(AssertionError):
            ledger.next(SERIES)
        assert ledger.series() == {SERIES: 300}


def given_up(ledger: Ledger) -> None:
    with suppress(KeyError), ledger.transaction():
        assert ledger.next(SERIES) == 301
        raise KeyError


def test_a_transaction_that_is_given_up_gives_its_numbers_back(path: Path) -> None:
    with open_ledger(path) as ledger:
        given_up(ledger)
        with ledger.transaction():
            given_up(ledger)
            assert ledger.next(SERIES) == 301
        assert (ledger.series(), ledger.sequence) == ({SERIES: 301}, 301)


@pytest.mark.parametrize(
    ("last", "count", "first", "after"),
    [
        (0, 1, 1, 1), (41, 1, 42, 42), (41, 8, 42, 49), (HIGHEST - 1, 1, HIGHEST, HIGHEST), (HIGHEST, 1, 1, 1),
        (HIGHEST - 2, 2, HIGHEST - 1, HIGHEST), (HIGHEST - 2, 3, 1, 3),
    ],
)  # fmt: skip
def test_after_the_highest_comes_one(last: int, count: int, first: int, after: int, tmp_path: Path) -> None:
    with create(tmp_path / "ledger.db") as ledger, ledger.transaction():
        if last:
            ledger.raise_to(SERIES, last)
        assert (ledger.next(SERIES, count), ledger.series()[SERIES]) == (first, after)
        assert ledger.next(SERIES) == (after + 1 if after < HIGHEST else 1), "never 0"


def test_numbers_never_go_backwards(path: Path) -> None:
    with open_ledger(path) as ledger, ledger.transaction():
        ledger.raise_to(SERIES, 5)
        assert ledger.next(SERIES) == 301
        ledger.raise_to(SERIES, 900)
        assert (ledger.next(SERIES), ledger.next("GS 1>2 IN T")) == (901, 1)


def test_series_are_apart(path: Path) -> None:
    with open_ledger(path) as ledger, ledger.transaction():
        names = ["ISA ZZ/1>08/2 P", "ISA ZZ/1>08/3 T", "GS 1>2 IN T", "GS 1>2 SH T"]
        assert [ledger.next(name) for name in names for _ in range(2)] == [1, 2] * 4


PROCESSES, EACH = 8, 200


def _take(path: str, seed: int) -> list[int]:
    """Numbers, one or a few in a transaction; now and then one is given up."""
    chance, held = random.Random(seed), list[int]()
    with open_ledger(Path(path)) as ledger:
        while len(held) < EACH:
            taken: list[int] = []
            try:
                with ledger.transaction():
                    taken = [ledger.next(SERIES) for _ in range(min(chance.randint(5, 30), EACH - len(held)))]
                    if chance.random() < 0.2:
                        raise InterruptedError
            except InterruptedError:
                continue
            held += taken
    return held


def test_numbers_are_unique_under_many_processes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    create(path).close()
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        given = pool.starmap(_take, [(str(path), seed) for seed in range(PROCESSES)])
    assert sorted(number for held in given for number in held) == list(range(1, PROCESSES * EACH + 1)), "none twice, none left out"
    with open_ledger(path) as ledger:
        assert (ledger.series()[SERIES], ledger.sequence) == (PROCESSES * EACH, PROCESSES * EACH)


def test_two_open_it_and_each_sees_what_the_other_has_written(path: Path) -> None:
    with open_ledger(path) as one, open_ledger(path) as other:
        with one.transaction():
            assert one.next(SERIES) == 301
            assert other.series() == {SERIES: 300}, "not before it is safe"
        with other.transaction():
            assert other.next(SERIES) == 302
        assert isinstance(one, Ledger) and one.series() == {SERIES: 302}


def test_what_a_pass_asks_for_is_found_by_an_index(tmp_path: Path) -> None:
    """A question that looks through a whole book makes every pass slower than the one before."""
    asked: list[str] = []
    with create(tmp_path / "ledger.db") as ledger:
        ledger.connection.set_trace_callback(asked.append)
        ledger.documents.named("p", "invoice", "1")
        ledger.documents.within(1)
        ledger.documents.of(1)
        ledger.documents.movements(1)
        ledger.documents.sent_as("IN", "1")
        ledger.documents.label_used("0", "2026", 1)
        list(ledger.documents.in_state("waiting"))
        ledger.interchanges.numbered("in", "a>b", "T", "1")
        ledger.interchanges.answers(1)
        ledger.orders.find("p", "1", "SA", "")
        ledger.orders.numbered("1")
        ledger.orders.of_erp("1")
        ledger.orders.of(1)
        ledger.changes.of(1)
        ledger.changes.homeless("1")
        ledger.outbox.of(document=1)
        ledger.outbox.of(interchange=1)
        ledger.holds.on("order", 1)
        ledger.connection.set_trace_callback(None)
        plans = {sql: [row[3] for row in ledger.connection.execute(f"EXPLAIN QUERY PLAN {sql}")] for sql in asked}
    assert len(plans) > 15
    assert {sql: plan for sql, plan in plans.items() if any(step.startswith("SCAN") for step in plan)} == {}
