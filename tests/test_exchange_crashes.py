"""The exchange loses nothing and sends nothing twice, whatever happens: it dies, the disk fails, others stand in its way.

The life that is lived with a fault at any one call stands in ``crashing``. ``SOAK=1`` in the environment tries every call there is
with every fault, and everything else many times over.
"""

from __future__ import annotations

import ast
import errno
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import crashing
import pytest
from crashing import KINDS, LIFE, NOW, ROOT, SAMPLES, Peers, at_ease, interchange, order, put, shop, sound, struck, until_quiet

from translator.errors import LedgerError, SettingsError, TableError
from translator.exchange import answers, files, handover, incoming, intake
from translator.exchange.room import opened
from translator.exchange.run import run

SOAK = os.environ.get("SOAK", "0") != "0"
EXCHANGE = ROOT / "translator/exchange"
GUEST = (SAMPLES / "guest/1-850.edi").read_bytes()
# Every so many calls (bytes, where the disk is full): together some sixty lives.
STRIDES = {"kill": 211, "short": 13, "full": 40_000} | dict.fromkeys(crashing.ERRNOS, 401)


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "translator", "exchange", words[0], str(folder), *words[1:]]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def numbers(folder: Path) -> list[str]:
    """The purchase orders that the ERP was given, one for each file."""
    return sorted(json.loads(path.read_bytes())["number"] for path in (folder / "erp/orders").glob("*.json"))


def calm(folder: Path) -> Peers:
    """Passes until nothing is left to do; what the others see then."""
    with struck(at_ease):
        until_quiet(folder, NOW)
    sound(folder)
    peers = Peers(folder)
    peers.look()
    return peers


def problems(folder: Path) -> str:
    return (folder / "PROBLEMS.txt").read_text()


def receipts(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "out").glob("997_*"))


# --- dying and failing at any call ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_life_ends_the_same_whichever_call_fails(kind: str, tmp_path: Path) -> None:
    step = {"full": 997}.get(kind, 1) if SOAK else STRIDES[kind]
    first = 1 if SOAK else 1 + KINDS.index(kind) * 17 % step
    command = [sys.executable, str(ROOT / "tests/crashing.py"), str(tmp_path), kind, str(first), str(step)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=7200, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    points, lived, *hit = done.stdout.split()
    print(f"{kind}: {lived} lives of {points} calls that can fail")
    assert int(points) > 1000
    assert int(lived) >= len(LIFE)
    assert kind in ("kill", "short", "full") or len(hit) > 3


def test_a_folder_whose_making_was_cut_short_is_made_whole_by_the_same_command(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tests/crashing.py"), "begin", str(tmp_path), "1" if SOAK else "9"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) > 50


def test_killed_at_random_it_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    chance = random.Random(11)
    begun = time.monotonic()
    first = started(folder, "run")
    first.communicate()
    assert first.returncode == 0
    long = time.monotonic() - begun
    peers = Peers(folder, collects=True)
    rounds, killed = 150 if SOAK else 20, 0
    for n in range(rounds):
        put(folder / "in", f"{n}.edi", order(1000 + n))
        process = started(folder, "run")
        time.sleep(chance.uniform(0.6, 1.1) * long)
        process.kill()
        process.communicate()
        long *= 1.05 if process.returncode else 0.85  # however fast the machine is just now: some of both
        killed += process.returncode == -signal.SIGKILL
        peers.look()
    with struck(at_ease):
        until_quiet(folder, NOW)
    sound(folder)
    peers.look()
    given = sorted(json.loads(data)["number"] for key, data in peers.seen.items() if key.startswith("erp/orders/"))
    assert given == [f"0009-{1000 + n:07d}-1001" for n in range(rounds)]
    answered = [part[2] for one in peers.sent("997") for part in one if part[0] == "AK1"]
    assert sorted(answered) == [f"{1000 + n}" for n in range(rounds)]
    assert len(peers.sent("997")) == len(peers.sent("855")) == rounds
    assert killed, "none was killed in time"


def test_four_at_once_take_every_file_once(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    each, made = 4, 0
    for _ in range(20 if SOAK else 2):
        for n in range(each):
            put(folder / "in", f"{made + n}.edi", order(2000 + made + n))
        copies = [started(folder, "run") for _ in range(4)]
        for n in range(each, 2 * each):
            put(folder / "in", f"{made + n}.edi", order(2000 + made + n))
            time.sleep(0.05)
        for copy in copies:
            said = copy.communicate(timeout=120)
            assert copy.returncode == 0, said
        made += 2 * each
    calm(folder)
    assert numbers(folder) == [f"0009-{2000 + n:07d}-1001" for n in range(made)]
    assert len(receipts(folder)) == made


@pytest.mark.parametrize("number", range(50 if SOAK else 3))
def test_a_file_that_is_written_slowly_is_not_taken_before_it_is_whole(number: int, tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    data = order(3000 + number)
    with struck(at_ease), (folder / "in/slow.edi").open("wb", buffering=0) as upload:
        for here in range(0, len(data) - 97, 97):
            upload.write(data[here : here + 97])
            assert run(folder, now=NOW).received == 0
        upload.write(data[here + 97 :])
    calm(folder)
    assert len(numbers(folder)) == 1
    assert not list((folder / "rejected").iterdir())


def test_an_upload_that_goes_on_after_its_file_was_taken_is_taken_again(tmp_path: Path) -> None:
    """It paused where an interchange ends, for longer than a file has to rest, and went on while that one was dealt with."""
    folder = shop(tmp_path / "shop")
    upload = (folder / "in/two.edi").open("wb", buffering=0)
    upload.write(order(3100))

    def hook(name: str, real: Any, args: tuple[Any, ...]) -> None:
        if name == "COMMIT" and not upload.closed and not (folder / "in/two.edi").exists():
            upload.write(order(3101))
            upload.close()

    with struck(hook):
        run(folder, now=NOW)
    calm(folder)
    assert numbers(folder) == ["0009-0003100-1001", "0009-0003101-1001"]
    assert not list((folder / "rejected").iterdir())


def test_a_claim_of_which_a_dead_pass_was_not_sure_goes_back(tmp_path: Path) -> None:
    """It died between the rename and the look at what it had renamed: an upload had gone on."""
    folder = shop(tmp_path / "shop")
    put(folder / "in", "half.edi", GUEST[:500])
    [look] = files.look(folder / "in").files
    claimed = files.claim(folder / "in", look)
    assert claimed
    files.leave(claimed)
    calm(folder)
    assert (folder / "in/half.edi").read_bytes() == GUEST[:500]
    (folder / "in/half.edi").write_bytes(GUEST)
    calm(folder)
    assert len(numbers(folder)) == 1


def test_what_the_erp_said_before_the_crash_is_not_said_again_after_a_rejection(tmp_path: Path) -> None:
    """Sent, rejected by the partner, and the claim found again: a rejected document is not sent a second time by itself."""
    folder = shop(tmp_path / "shop")
    put(folder / "in", "order.edi", GUEST)
    calm(folder)
    put(folder / "erp/responses", "shipment.json", (SAMPLES / "guest/5-shipment.json").read_bytes())

    def dies(name: str, real: Any, args: tuple[Any, ...]) -> None:
        if name == "unlink" and args[0] == "shipment.json":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), struck(dies):
        run(folder, now=NOW)
    peers = Peers(folder)
    with opened(folder, now=NOW) as room:
        parcels = [room.ledger.outbox.get(id) for id, _ in room.ledger.outbox.waiting()]
    [parcel] = [one for one in parcels if one.folder == "out"]
    assert parcel.data
    [group] = [part[6] for part in crashing.segments(parcel.data) if part[0] == "GS"]
    said = f"997~AK1*SH*{group}~AK2*856*0001~AK5*R~AK9*R*1*1*0"
    put(folder / "in", "997.edi", interchange(7400, ("FA", [said])))
    calm(folder)
    peers.look()
    assert len(peers.sent("856")) == 1
    assert "REJECTED" in problems(folder)


# --- in what order --------------------------------------------------------------------------------------------------------


def test_what_others_see_is_on_disk_and_was_decided_before(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    put(folder / "in", "order.edi", GUEST)
    put(folder / "in", "bad.edi", GUEST.replace(b"6111470100", b"9999999999"))
    calls: list[tuple[str, Any]] = []
    decided: dict[str, bool] = {}

    def hook(name: str, real: Any, args: tuple[Any, ...]) -> None:
        if name == "fsync":
            calls.append((name, os.fstat(args[0]).st_ino))
        elif name == "rename":
            calls.append((name, args[1]))
            other = sqlite3.connect(f"file:{folder / 'ledger.db'}?mode=ro", uri=True)  # sees what was committed only
            found = other.execute("SELECT 1 FROM outbox WHERE name = ? AND published IS NULL", (args[1],)).fetchone()
            decided[args[1]] = found is not None
            other.close()

    with struck(hook):
        run(folder, now=NOW)
    watched = [path for place in crashing.PEERS for path in (folder / place).glob("*.*")]
    assert len(watched) == 5, "a receipt, an acknowledgment, an order; what is not ours, and why"
    for path in watched:
        renamed = calls.index(("rename", path.name))
        assert decided[path.name]
        assert ("fsync", path.stat().st_ino) in calls[:renamed]
        assert ("fsync", path.parent.stat().st_ino) in calls[renamed:]
    with opened(folder) as room:
        pragmas = [room.ledger.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")]
    assert pragmas == [2, "wal"], "2 is FULL"


def test_a_thousand_replays_make_no_second_order_and_no_new_number(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop", repeat="repeat = false")
    put(folder / "in", "first.edi", GUEST)
    calm(folder)
    before = [path.read_bytes() for place in ("out", "erp/orders") for path in sorted((folder / place).iterdir())]
    with opened(folder) as room:
        given = room.ledger.series()
    for n in range(1000):
        put(folder / "in", f"again-{n}.edi", GUEST)
    calm(folder)
    assert [path.read_bytes() for place in ("out", "erp/orders") for path in sorted((folder / place).iterdir())] == before
    with opened(folder) as room:
        assert room.ledger.series() == given
        assert len(list(room.ledger.orders.rows())) == 1
    assert problems(folder) == ""


def test_a_replay_is_answered_by_the_same_bytes(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    for n in range(3):
        put(folder / "in", f"{n}.edi", GUEST, age=n + 1)
    calm(folder)
    put(folder / "in", "late.edi", GUEST)
    calm(folder)
    answered = [path.read_bytes() for path in (folder / "out").glob("997_*")]
    assert len(answered) == 4
    assert len(set(answered)) == 1
    assert len(numbers(folder)) == 1


def test_a_watch_that_is_told_to_end_finishes_what_is_in_hand(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    chance = random.Random(5)
    made = 0
    for _ in range(100 if SOAK else 3):
        for _ in range(4):
            put(folder / "in", f"{made}.edi", order(4000 + made))
            made += 1
        process = started(folder, "watch", "--every", "1")
        time.sleep(chance.uniform(0.4, 0.9))
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)
        # told before it could listen, it ends as any process does
        assert process.returncode == 0 or (process.returncode == -signal.SIGTERM and not said[1]), said
        assert not list((folder / "out").glob(".translator-*"))
    calm(folder)
    assert numbers(folder) == [f"0009-{4000 + n:07d}-1001" for n in range(made)]
    assert len(receipts(folder)) == made


def test_a_watch_takes_what_arrives_at_once(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    process = started(folder, "watch", "--every", "3600")
    try:
        end = time.monotonic() + 30
        for made in (1, 2):
            time.sleep(1.5)
            put(folder / "in", f"{made}.edi", order(4200 + made))
            while len(receipts(folder)) < made:
                assert time.monotonic() < end, "nothing was taken"
                time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=30)[1] is not None and process.returncode == 0


# --- what others do meanwhile ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["in", "erp/responses"])
def test_what_is_no_plain_file_is_told_once_and_left_alone(place: str, tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    target = tmp_path / "elsewhere.edi"
    target.write_bytes(GUEST)
    inbox = folder / place
    (inbox / "link.edi").symlink_to(target)
    (inbox / "hard.edi").hardlink_to(target)
    os.mkfifo(inbox / "pipe.edi")
    (inbox / "folder.edi").mkdir()
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.getcwd()
        os.chdir(inbox)  # a socket's path is short
        try:
            bound.bind("socket.edi")
        finally:
            os.chdir(here)
    said: list[str] = []
    run(folder, now=NOW, say=said.append)
    told = [line for line in said if "left alone" in line]
    assert len(told) == 5
    assert {word for line in told for word in ("symbolic link", "hard link", "pipe", "folder", "socket") if word in line} >= {
        "symbolic link", "hard link", "pipe", "socket",
    }  # fmt: skip
    assert len(os.listdir(inbox)) == 5
    assert problems(folder).count("FILE ") == 5
    assert target.read_bytes() == GUEST
    assert numbers(folder) == []


def test_hostile_names_do_no_harm(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    names = [
        b"new\nline.edi", b"esc\x1b[2J.edi", b"\xff\xfe.edi", b"-rf", b"~", b"a b;c&d.edi", b"%s%n.edi", b"..edi", b"x" * 240,
        "’é😀.edi".encode(), b"CON", b"nul.edi", b"A.EDI", b"a.edi", b"$(reboot).edi", b"<b>.edi", b"{0}.edi", b"'; DROP.edi",
    ]  # fmt: skip
    for n, name in enumerate(names):
        (folder / os.fsdecode(b"in/" + name)).write_bytes(order(5000 + n))
        (folder / os.fsdecode(b"erp/responses/" + name)).write_bytes(b"{}")
    said: list[str] = []
    with struck(at_ease):
        run(folder, now=NOW, say=said.append)
    calm(folder)
    left = [os.fsencode(name) for name in os.listdir(folder / "in") if name != ".claimed"]
    assert set(left) <= {b"~", b"..edi"}, "an upload under way, and what is hidden"
    assert len(numbers(folder)) == len(names) - len(left)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", "".join(said) + problems(folder))
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", path.name) for place in crashing.PEERS for path in (folder / place).iterdir())


@pytest.mark.parametrize("hours", [-1, 0, 24])
def test_a_clock_that_jumps_keeps_no_file_waiting(hours: int, tmp_path: Path) -> None:
    import datetime

    folder = shop(tmp_path / "shop")
    put(folder / "in", "first.edi", order(6000))
    calm(folder)
    put(folder / "in", "future.edi", order(6001), age=int(time.time()) + 86400)
    put(folder / "in", "past.edi", order(6002), age=1)
    with struck(at_ease):
        assert run(folder, now=NOW + datetime.timedelta(hours=hours)).received == 2
    calm(folder)
    assert len(numbers(folder)) == 3


def test_a_file_that_is_collected_at_once_was_whole(tmp_path: Path) -> None:
    """The mailbox and the ERP take away at every call whatever they see."""
    folder = shop(tmp_path / "shop")
    peers = Peers(folder, collects=True)
    busy = False

    def hook(name: str, real: Any, args: tuple[Any, ...]) -> None:
        nonlocal busy
        if not busy and not crashing.threading.current_thread().name.startswith("ThreadPool"):
            busy = True
            peers.look()
            busy = False

    for n in range(8):
        put(folder / "in", f"{n}.edi", order(6100 + n))
    with struck(hook):
        until_quiet(folder, NOW)
    sound(folder)
    peers.look()
    assert peers.again == 3 * 8
    assert len(peers.sent("997")) == len(peers.sent("855")) == 8


@pytest.mark.parametrize("how", ["missing", "a file", "read only", "not mounted"])
def test_a_folder_that_fails_keeps_no_other_from_its_turn(how: str, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    folder = shop(tmp_path / "shop", out=f'out = "{share}"')
    crashing.init(folder)  # the share is marked
    put(folder / "in", "order.edi", GUEST)
    if how != "read only":
        share.rename(tmp_path / "away")
    if how == "a file":
        share.write_bytes(b"")
    elif how == "not mounted":
        share.mkdir()

    def hook(name: str, real: Any, args: tuple[Any, ...]) -> None:
        if how == "read only" and name == "access" and Path(args[0]) == share:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    said: list[str] = []
    for _ in range(2):
        with struck(hook), pytest.raises(files.FileFault):
            run(folder, now=NOW, say=said.append)
    assert numbers(folder) == ["0009-3300145-1001"], "the ERP has it"
    assert f"FOLDER   {share}" in problems(folder)
    assert "could not be published" in problems(folder)
    if how == "not mounted":
        assert list(share.iterdir()) == [], "nothing is written into what lies under a share"
        share.rmdir()
    elif how == "a file":
        share.unlink()
    if how != "read only":
        (tmp_path / "away").rename(share)
    with struck(at_ease):
        until_quiet(folder, NOW)
    assert sorted(path.name[:3] for path in share.glob("*.edi")) == ["855", "997"]
    assert problems(folder) == ""


@pytest.mark.parametrize("place", ["in", "erp/responses"])
def test_a_folder_that_files_come_into_may_be_away(place: str, tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    put(folder / "in", "order.edi", GUEST)
    (folder / place).rename(tmp_path / "away")
    with struck(at_ease), pytest.raises(files.FileFault):
        run(folder, now=NOW)
    (tmp_path / "away").rename(folder / place)
    calm(folder)
    assert numbers(folder) == ["0009-3300145-1001"]
    assert problems(folder) == ""


def test_a_file_that_may_not_be_read_keeps_no_other_waiting(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    for n in range(3):
        put(folder / "in", f"{n}.edi", order(6200 + n), age=n + 1)

    def hook(name: str, real: Any, args: tuple[Any, ...]) -> None:
        if name == "open" and args[0] == folder / "in/1.edi":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    for _ in range(2):
        with struck(hook):
            run(folder, now=NOW)
    assert numbers(folder) == ["0009-0006200-1001", "0009-0006202-1001"]
    assert problems(folder).count("in/1.edi: it cannot be read (Permission denied, EACCES)") == 1
    calm(folder)
    assert len(numbers(folder)) == 3
    assert problems(folder) == ""


def test_two_changes_that_wait_for_a_decision_are_two_files(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    peers = Peers(folder)
    for step in (crashing.orders_arrive, crashing.the_partner_cancels):
        step(folder, peers)
        calm(folder)
    revised = [json.loads(path.read_bytes()) for path in (folder / "erp/orders").glob("0049-8800502-0551_REV*")]
    assert len(revised) == 2
    assert "could not be published" not in problems(folder)


# --- a fault of this program ----------------------------------------------------------------------------------------------


def poisoned(real: Callable[..., Any], bad: Callable[..., bool], error: Exception) -> Callable[..., Any]:
    """A function that fails on one of the things that it is given."""

    def call(*args: Any, **named: Any) -> Any:
        if bad(*args):
            raise error
        return real(*args, **named)

    return call


def two(folder: Path) -> None:
    put(folder / "in", "a.edi", order(8001), age=1)
    put(folder / "in", "b.edi", order(8002), age=2)
    put(folder / "in", "c.edi", order(8003), age=3)


FAULTS = [
    KeyError("x"),
    AssertionError(),
    RecursionError("deep"),
    MemoryError(),
    sqlite3.IntegrityError("UNIQUE"),
    UnicodeError("?"),
]


@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
def test_an_interchange_that_this_program_fails_on_is_put_aside_alone(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shop(tmp_path / "shop")
    two(folder)
    real = intake.Intake.order
    after = poisoned(lambda *_: None, lambda _, document, __: document["number"] == "0009-8002-1001", error)

    def fails(self: Any, document: Any, reading: Any) -> None:
        real(self, document, reading)  # all of it is undone
        if "0008002" in document["number"]:
            raise error
        after(self, document, reading)

    monkeypatch.setattr(intake.Intake, "order", fails)
    calm(folder)
    assert numbers(folder) == ["0009-0008001-1001", "0009-0008003-1001"]
    assert len(receipts(folder)) == 2, "what was not read is not acknowledged"
    assert sorted(os.listdir(folder / "in")) == [".claimed"]
    [kept] = (folder / "rejected").glob("*.edi")
    assert kept.read_bytes() == order(8002).strip()
    [why] = (folder / "rejected").glob("*.txt")
    assert f"a fault of its own ({type(error).__name__}" in why.read_text()
    assert "b.edi: interchange 8002 was put aside" in problems(folder)
    monkeypatch.undo()
    put(folder / "in", "b again.edi", order(8002))
    calm(folder)
    assert len(numbers(folder)) == len(receipts(folder)) == 3


def test_a_file_that_this_program_cannot_read_comes_back_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shop(tmp_path / "shop")
    two(folder)
    monkeypatch.setattr(incoming, "read", poisoned(incoming.read, lambda data: b"0008002" in data, IndexError("list")))
    calm(folder)
    assert len(numbers(folder)) == len(receipts(folder)) == 2
    assert [path.read_bytes() for path in (folder / "rejected").glob("*.edi")] == [order(8002)]
    assert "b.edi was not taken: this program failed on it" in problems(folder)


def test_a_file_of_the_erp_that_this_program_fails_on_comes_back_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shop(tmp_path / "shop")
    put(folder / "in", "order.edi", GUEST)
    calm(folder)
    shipment = (SAMPLES / "guest/5-shipment.json").read_bytes()
    put(folder / "erp/responses", "a.json", (SAMPLES / "guest/7-invoice.json").read_bytes(), age=1)
    put(folder / "erp/responses", "b.json", shipment, age=2)
    bad = poisoned(answers.offer, lambda room, document: document["document"] == "invoice", TypeError("None"))
    monkeypatch.setattr(answers, "offer", bad)
    peers = calm(folder)
    assert len(peers.sent("856")) == 1
    assert peers.sent("810") == []
    assert [path.read_bytes() for path in (folder / "rejected").glob("*.file")] == [(SAMPLES / "guest/7-invoice.json").read_bytes()]
    assert "a.json cannot be read: this program failed on it" in problems(folder)
    monkeypatch.undo()
    put(folder / "erp/responses", "a.json", (SAMPLES / "guest/7-invoice.json").read_bytes())
    assert len(calm(folder).sent("810")) == 1


def test_an_order_that_this_program_cannot_acknowledge_waits_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shop(tmp_path / "shop")
    two(folder)
    bad = poisoned(answers.acknowledge, lambda order, rules: "0008002" in order["number"], ZeroDivisionError())
    monkeypatch.setattr(answers, "acknowledge", bad)
    for _ in range(2):
        assert len(calm(folder).sent("855")) == 2
    assert problems(folder).count("the automatic acknowledgment of order 0009-0008002-1001 waits: this program failed") == 1
    monkeypatch.undo()
    assert len(calm(folder).sent("855")) == 3
    assert problems(folder) == ""


@pytest.mark.parametrize(
    "error",
    [
        files.FileFault("x", "y", "z"),
        LedgerError("x"),
        sqlite3.OperationalError("disk I/O error"),
        TableError("x"),
        SettingsError("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_the_operator_has_to_mend_ends_the_pass_and_nothing_is_lost(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shop(tmp_path / "shop")
    two(folder)
    bad = poisoned(handover.prepared, lambda room, order, document: "0008002" in order.number, error)
    monkeypatch.setattr(handover, "prepared", bad)
    expected = LedgerError if isinstance(error, sqlite3.Error) else type(error)
    for _ in range(2):
        with struck(at_ease), pytest.raises(expected):
            run(folder, now=NOW)
    assert numbers(folder) == receipts(folder) == []
    monkeypatch.undo()
    calm(folder)
    assert len(numbers(folder)) == len(receipts(folder)) == 3
    assert problems(folder) == ""


# --- where the file system is touched -------------------------------------------------------------------------------------

# What a path can do to a file system.
TOUCHING = {
    *("open", "stat", "lstat", "exists", "is_file", "is_dir", "is_symlink", "iterdir", "glob", "rglob", "read_text", "read_bytes"),
    *("write_text", "write_bytes", "unlink", "mkdir", "rmdir", "rename", "replace", "touch", "chmod", "symlink_to", "hardlink_to"),
    *("resolve", "samefile", "owner", "expanduser", "walk"),
}
MODULES = {"os", "shutil", "tempfile", "io", "glob", "fcntl", "subprocess", "mmap"}
OURS = {"files", "holds"}  # files.exists, holds.open


def touches(path: Path) -> list[str]:
    """What a module does to the file system by itself, by its syntax."""
    found = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in MODULES - {"io"}]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module] if node.module and node.module.split(".")[0] in MODULES else []
        elif isinstance(node, ast.Call):
            call = node.func
            if isinstance(call, ast.Name) and call.id == "open":
                found.append("open")
            elif isinstance(call, ast.Attribute) and call.attr in TOUCHING:
                if call.attr == "replace" and len(node.args) != 1:
                    continue  # of a text or a date
                whose = ast.unparse(call.value).split(".")[-1]
                if whose not in OURS:
                    found.append(f"{ast.unparse(call)}, line {node.lineno}")
    return found


def test_only_files_touches_the_file_system() -> None:
    modules = [path for path in EXCHANGE.rglob("*.py") if path.parent != EXCHANGE / "files"]
    assert len(modules) > 30
    assert {str(path.relative_to(EXCHANGE)): found for path in modules if (found := touches(path))} == {}
    assert touches(EXCHANGE / "files/placing.py")
