"""A whole life of an exchange folder, lived with the process dying or the operating system failing at any one call; what must hold.

The life: orders arrive, good, repeated and broken ones, several in an interchange, a change beside its order; the ERP answers, well
and badly; the partner accepts and rejects; the ERP mends. Every pass may be cut short at its k-th call of the file system or the
ledger, or refused it. Then passes follow until nothing is left to do, and the life goes on. At its end the partner, the ERP, the
archive, the ledger and PROBLEMS.txt must be what they are when nothing failed: the same files of the same bytes, each once.

Run in a process of its own (``python tests/crashing.py FOLDER KIND FIRST STEP``), which needs no test runner; used by
``test_exchange_crashes``. Nothing waits for the disk here.
"""

from __future__ import annotations

import datetime
import errno
import json
import os
import re
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [path for path in (str(ROOT / "tests"), str(ROOT)) if path not in sys.path]

from file_faults import Hook, injected  # noqa: E402

from translator.errors import LedgerError  # noqa: E402
from translator.exchange import files  # noqa: E402
from translator.exchange.ledger import store  # noqa: E402
from translator.exchange.run import run  # noqa: E402
from translator.exchange.setup import init  # noqa: E402
from translator.x12.whole import ends_whole  # noqa: E402

SAMPLES = ROOT / "samples"
NOW = datetime.datetime(2026, 3, 9, 15, 40, tzinfo=datetime.UTC)
ERRNOS = {name: getattr(errno, name) for name in ("EIO", "ENOSPC", "EACCES", "EROFS", "EMFILE", "EINTR")}
KINDS = ("kill", *ERRNOS, "short", "full")  # full: the disk is, after as many bytes
PEERS = ("out", "erp/orders", "erp/other", "rejected", "not-ours")
_WRITES = re.compile(r"BEGIN|COMMIT|SAVEPOINT|RELEASE (?!inner)|INSERT|UPDATE|DELETE")
_OPEN = {"fstat", "read", "write", "close", "fsync", "dup", "flock"}  # what is open has its rights
_ROW = 100  # bytes, say, of a row
_FULL = "PRAGMA synchronous = FULL"


def shop(folder: Path, **more: str) -> Path:
    """An exchange folder that is ready. ``more`` are settings: a whole line for each key that is replaced."""
    init(folder)
    settings = folder / "exchange.toml"
    text = settings.read_text().replace('id        = ""', 'id        = "1234567890"')
    for key, line in {"settle_seconds": "settle_seconds = 0", **more}.items():
        text, count = re.subn(rf"(?m)^{key} .*$", line, text)
        assert count == 1, key
    settings.write_text(text)
    return folder


def put(folder: Path, name: str, data: bytes, age: int = 0) -> None:
    """A file that somebody else puts there, whole at once."""
    (folder / ".coming").write_bytes(data)
    os.utime(folder / ".coming", ns=(age * 10**9, age * 10**9))
    (folder / ".coming").rename(folder / name)


def interchange(control: int, *groups: tuple[str, list[str]]) -> bytes:
    """An interchange of the partner: groups of sets, each set's segments in one text."""
    lines = [f"ISA*00*          *00*          *08*6111470100     *ZZ*1234567890     *260309*0815*U*00401*{control:09d}*0*T*>"]
    for n, (kind, sets) in enumerate(groups):
        group = control * 10 + n
        lines.append(f"GS*{kind}*6111470100*1234567890*20260309*0815*{group}*X*004010")
        for m, text in enumerate(sets, 1):
            segments = text.split("~")
            lines += [f"ST*{segments[0]}*{m:04d}", *segments[1:], f"SE*{len(segments) + 1}*{m:04d}"]
        lines += [f"GE*{len(sets)}*{group}"]
    return "".join(f"{line}~\n" for line in [*lines, f"IEA*{len(groups)}*{control:09d}"]).encode()


def order(number: int) -> bytes:
    """The sample order under another purchase order number and control numbers of its own."""
    data = (SAMPLES / "guest/1-850.edi").read_bytes()
    data = data.replace(b"0009-3300145-1001", f"0009-{number:07d}-1001".encode())
    return (
        data.replace(b"000000704", f"{number:09d}".encode())
        .replace(b"*304*", f"*{number}*".encode())
        .replace(b"*304~", f"*{number}~".encode())
    )


def segments(data: bytes) -> list[list[str]]:
    """The segments of an interchange of ours, as elements."""
    return [segment.strip().split("*") for segment in data.decode().split("~") if segment.strip()]


class Peers:
    """The partner's mailbox and the ERP: all that they ever saw, by folder and name. They may collect what they saw, or not."""

    def __init__(self, folder: Path, collects: bool = False) -> None:
        self.folder, self.collects = folder, collects
        self.seen: dict[str, bytes] = {}
        self.again = 0

    def look(self) -> None:
        """See what is there: whole files only, and under a known name the known bytes only."""
        for place in PEERS:
            for name in sorted(os.listdir(self.folder / place)):
                if name.startswith("."):
                    continue
                path = self.folder / place / name
                data, key = path.read_bytes(), f"{place}/{name}"
                assert place != "out" or ends_whole(data), f"{key} is half"
                assert place != "erp/orders" or json.loads(data), f"{key} is half"
                assert self.seen.setdefault(key, data) == data, f"{key} came with other bytes"
                if self.collects and place in ("out", "erp/orders"):
                    path.unlink()
                    self.again += 1

    def sent(self, set_id: str) -> list[list[list[str]]]:
        """The interchanges with a set of this kind that the partner saw, in the order of their control numbers."""
        held = [segments(data) for key, data in self.seen.items() if key.startswith("out/") and "-AGAIN-" not in key]
        found = [one for one in held if any(part[:2] == ["ST", set_id] for part in one)]
        return sorted(found, key=lambda one: one[0][13])


# --- the life: what others do before each pass, in one folder each: what a folder keeps back may be overtaken in others ----


def orders_arrive(folder: Path, peers: Peers) -> None:
    several = (SAMPLES / "several-orders/1-850.edi").read_bytes()
    one = (SAMPLES / "stand-alone/1-850.edi").read_bytes()
    body = "~".join("*".join(part) for part in segments(one)[2:-2])
    [number] = re.findall(r"BEG\*00\*..\*([^*]+)\*", body)
    sets = [body.split("~", 1)[0].split("*")[1] + "~" + body.split("~", 1)[1].rsplit("~", 1)[0]]
    cancel = f"860~BCH*01*SA*{number}***20260309"
    for age, (name, data) in enumerate(
        {
            "guest.edi": (SAMPLES / "guest/1-850.edi").read_bytes(),
            "several.edi": several,
            "again.edi": (SAMPLES / "guest/1-850.edi").read_bytes(),
            "cancelled.edi": interchange(7100, ("PO", sets), ("PC", [cancel])),
            "no-x12.edi": b"this is no interchange",
            "strange.edi": several.replace(b"6111470100", b"9999999999"),
        }.items(),
        1,
    ):
        put(folder / "in", name, data, age)


def the_partner_cancels(folder: Path, peers: Peers) -> None:
    put(folder / "in", "change.edi", interchange(7200, ("PC", ["860~BCH*01*SA*0049-8800501-0551***20260309"])), 1)
    for day in (2, 3):  # two that wait for a decision together
        change = f"860~BCH*04*SA*0049-8800502-0551***20260309*****2026031{day}~DTM*063*2026042{day}"
        put(folder / "in", f"change-{day}.edi", interchange(7200 + day, ("PC", [change])), day)


def the_erp_answers(folder: Path, peers: Peers) -> None:
    invoice = json.loads((SAMPLES / "guest/7-invoice.json").read_bytes())
    put(folder / "erp/responses", "shipment.json", (SAMPLES / "guest/5-shipment.json").read_bytes(), 1)
    put(folder / "erp/responses", "invoice.json", json.dumps(invoice).encode(), 2)
    put(
        folder / "erp/responses",
        "unknown.json",
        json.dumps(invoice | {"number": "0009-0000000-1001", "invoice_number": "X1"}).encode(),
        3,
    )
    put(folder / "erp/responses", "broken.json", b'{"document": }', 4)


def the_partner_acknowledges(folder: Path, peers: Peers) -> None:
    said = []
    for set_id, kind, status in (("855", "PR", "A"), ("856", "SH", "A"), ("810", "IN", "R")):
        group = next(part[6] for part in peers.sent(set_id)[-1] if part[0] == "GS")
        counts = "1*1*1" if status == "A" else "1*1*0"
        said.append(f"997~AK1*{kind}*{group}~AK2*{set_id}*0001~AK5*{status}~AK9*{status}*{counts}")
    put(folder / "in", "997.edi", interchange(7300, ("FA", said)), 1)


def the_erp_mends(folder: Path, peers: Peers) -> None:
    put(folder / "erp/responses", "mended.json", (SAMPLES / "guest/7-invoice.json").read_bytes(), 1)


LIFE: list[Callable[[Path, Peers], None]] = [
    orders_arrive,
    the_partner_cancels,
    the_erp_answers,
    the_partner_acknowledges,
    the_erp_mends,
]


# --- what must hold -------------------------------------------------------------------------------------------------------


def sound(folder: Path) -> None:
    """What holds of any exchange folder at rest, whatever happened in it."""
    ledger = sqlite3.connect(folder / "ledger.db")
    try:
        assert ledger.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert ledger.execute("PRAGMA foreign_key_check").fetchall() == []
        assert ledger.execute("SELECT count(*) FROM outbox WHERE published IS NULL").fetchone() == (0,)
        sent = ledger.execute("SELECT envelope, usage, control, sha256, archived FROM interchanges WHERE way = 'out'").fetchall()
        assert len({one[:3] for one in sent}) == len(sent), "a control number was used twice"
        groups = ledger.execute("SELECT functional, group_control FROM documents WHERE group_control IS NOT NULL").fetchall()
        assert len(set(groups)) == len(groups), "a group's number was used twice"
        for (place,) in ledger.execute("SELECT archived FROM interchanges UNION SELECT archived FROM arrivals"):
            assert (folder / "archive" / place).is_file(), f"the archive lacks {place}"
    finally:
        ledger.close()
    for place in ("in", "erp/responses"):
        assert not [path for path in (folder / place / ".claimed").rglob("*") if path.exists()], f"{place}: claims are left"
    assert not list(folder.rglob("*.tmp")), "half files are left"


def outcome(folder: Path, peers: Peers) -> dict[str, Any]:
    """Everything that anybody has of it in the end."""
    peers.look()
    ledger = sqlite3.connect(folder / "ledger.db")
    try:
        tables = ("interchanges", "orders", "changes", "documents", "movements", "labels", "arrivals", "outbox")
        counts = {name: ledger.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
        states = ledger.execute("SELECT kind, name, state, interchange, group_control FROM documents ORDER BY id").fetchall()
        series = dict(ledger.execute("SELECT series, last FROM numbers").fetchall())
        held = sorted(ledger.execute("SELECT sentence FROM holds WHERE closed IS NULL").fetchall())
    finally:
        ledger.close()
    archive = {path.name: path.read_bytes() for path in (folder / "archive").rglob("*") if path.is_file()}
    problems = re.sub(r"(#|DIR )\d+ *", r"\1", (folder / "PROBLEMS.txt").read_text())
    waiting = sorted(name for place in ("in", "erp/responses") for name in os.listdir(folder / place) if name != ".claimed")
    return {
        "seen": peers.seen, "counts": counts, "states": states, "series": series, "held": held, "archive": archive,
        "problems": sorted(line for line in problems.splitlines() if not line.startswith("LATE")),  # it takes other passes
        "waiting": waiting, "locations": (folder / "locations.csv").read_bytes(),
    }  # fmt: skip


def until_quiet(folder: Path, now: datetime.datetime) -> None:
    """Passes, until one finds nothing to do."""
    for _ in range(4):
        done = run(folder, now=now)
        if not (done.received or done.answered or done.published):
            return
    raise AssertionError("it never comes to rest")


# --- what fails -----------------------------------------------------------------------------------------------------------


class Strikes:
    """Lets calls pass until the k-th, at which the process dies, or that is refused, or that writes less than it should."""

    def __init__(self, number: int, kind: str) -> None:
        self.number, self.kind, self.count, self.hit = number, kind, 0, ""
        self.lock = threading.Lock()

    def __call__(self, name: str, real: Callable[..., Any] | None, args: tuple[Any, ...]) -> tuple[Any, ...] | None:
        if self.kind == "short" and name != "write":
            return None
        if self.kind == "EACCES" and name in _OPEN:
            return None
        if self.kind == "EACCES" and name == "open" and Path(args[0]).parent.name in ("in", "responses"):
            return None  # the others go on without a file that may not be read: `test_a_file_that_may_not_be_read…`
        if self.kind == "full":
            return self.fill(name, real, args)
        with self.lock:
            self.count += 1
            if self.count != self.number:
                return None
            self.hit = name
        if self.kind == "kill":
            os._exit(9)
        if self.kind == "short":
            return (args[0], args[1][: len(args[1]) // 2 or 1])
        if real is None:
            full = self.kind == "ENOSPC"
            raise sqlite3.OperationalError("database or disk is full" if full else "disk I/O error")
        if name == "close":
            real(*args)  # a close that fails has closed
        raise OSError(ERRNOS[self.kind], os.strerror(ERRNOS[self.kind]))

    def fill(self, name: str, real: Callable[..., Any] | None, args: tuple[Any, ...]) -> None:
        """The disk takes so many bytes, and no more until the pass has ended."""
        with self.lock:
            self.count += len(args[1]) if name == "write" else _ROW if real is None else 0
            if self.count <= self.number or (name != "write" and real is not None):
                return
            self.hit = name
        if real is None:
            raise sqlite3.OperationalError("database or disk is full")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class _Sqlite:
    """The module ``sqlite3``, whose connections tell of what they begin, write and commit before they do it."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)

    def connect(self, *args: Any, **named: Any) -> sqlite3.Connection:
        hook = self._hook

        class Told(sqlite3.Connection):
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                if sql == _FULL:
                    return super().execute("PRAGMA synchronous = OFF")
                if _WRITES.match(sql):
                    try:
                        hook(sql.split()[0], None, ())
                    except sqlite3.OperationalError as error:
                        if "full" in str(error) and self.in_transaction:
                            super().execute("ROLLBACK")  # as SQLite itself may do
                        raise
                return super().execute(sql, *values)

        return sqlite3.connect(*args, factory=Told, **named)


@contextmanager
def struck(hook: Hook) -> Iterator[None]:
    """Every call of the exchange to the file system and to the ledger goes through ``hook``."""
    real = store.sqlite3
    store.sqlite3 = _Sqlite(hook)  # type: ignore[assignment]
    try:
        with injected(hook):
            yield
    finally:
        store.sqlite3 = real


def at_ease(name: str, real: Any, args: tuple[Any, ...]) -> None:
    """A hook that lets everything pass."""


class Lives:
    """The life once without fault, kept step by step; ``live`` lives it with a fault in one of its passes."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self.before: list[tuple[Path, dict[str, bytes]]] = []
        self.points: list[int] = []
        folder = shop(where / "calm")
        peers = Peers(folder)
        for n, step in enumerate(LIFE):
            step(folder, peers)
            kept = where / f"before-{n}"
            shutil.copytree(folder, kept)
            self.before.append((kept, dict(peers.seen)))
            counter = Strikes(0, "count")
            with struck(counter):
                run(folder, now=moment(n))
            self.points.append(counter.count)
            self.rest(folder, peers, n)
        sound(folder)
        self.calm = outcome(folder, peers)

    def rest(self, folder: Path, peers: Peers, n: int) -> None:
        with struck(at_ease):
            until_quiet(folder, moment(n))
        peers.look()

    def live(self, n: int, number: int, kind: str) -> str:
        """With a fault at a call of the pass ``n``; which call it was, or nothing where there were not so many."""
        folder = self.where / f"{kind}-{n}-{number}"
        kept, seen = self.before[n]
        shutil.copytree(kept, folder)
        peers = Peers(folder, collects=number % 2 == 1)
        peers.seen = dict(seen)
        hit = self.fail(folder, n, number, kind)
        try:
            peers.look()
            self.rest(folder, peers, n)
            for later in range(n + 1, len(LIFE)):
                LIFE[later](folder, peers)
                self.rest(folder, peers, later)
            sound(folder)
            ended = outcome(folder, peers)
            for key, value in self.calm.items():
                assert ended[key] == value, f"{key} differs: {difference(ended[key], value)}"
        except Exception as error:
            raise AssertionError(f"{kind} at call {number} of pass {n + 1} ({hit}) in {folder}: {error}") from error
        shutil.rmtree(folder)
        return hit

    def fail(self, folder: Path, n: int, number: int, kind: str) -> str:
        """The pass that fails."""
        strikes = Strikes(number, kind)
        if kind != "kill":
            told = ""
            with struck(strikes):
                try:
                    run(folder, now=moment(n))
                except (files.FileFault, LedgerError) as fault:
                    told = str(fault)
            assert not told or (strikes.hit and str(folder) in told), told
            return strikes.hit
        child = os.fork()
        if not child:
            with struck(strikes):
                run(folder, now=moment(n))
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in (0, 9), code
        return "a call" if code else ""


def difference(one: Any, other: Any) -> str:
    """What two values do not share, shortly."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [key for key in {*one, *other} if one.get(key) != other.get(key)]
        return str({key: (str(one.get(key))[:200], str(other.get(key))[:200]) for key in sorted(keys)[:5]})
    if isinstance(one, list) and isinstance(other, list):
        return f"more: {[x for x in one if x not in other][:5]}; less: {[x for x in other if x not in one][:5]}"
    return f"{str(one)[:300]} instead of {str(other)[:300]}"


def moment(n: int) -> datetime.datetime:
    """When the pass number ``n`` is."""
    return NOW + datetime.timedelta(minutes=90 * n)


def begin(where: str, step: str) -> None:
    """A new folder whose making dies before every ``step``-th call: made again, it works. Prints how many calls there are."""
    code, number = 9, 1 - int(step)
    while code:
        number += int(step)
        folder = Path(where) / str(number)
        child = os.fork()
        if not child:
            with struck(Strikes(number, "kill")):
                init(folder)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in (0, 9), code
        shop(folder)
        put(folder / "in", "order.edi", (SAMPLES / "guest/1-850.edi").read_bytes())
        with struck(at_ease):
            until_quiet(folder, NOW)
        sound(folder)
        assert len(list((folder / "out").iterdir())) == 2
        shutil.rmtree(folder)
    print(number)


def main(where: str, kinds: str, first: str, step: str) -> None:
    """Live it with every ``step``-th call failing, from ``first`` on; prints the points there are, and the lives lived."""
    lives = Lives(Path(where))
    lived, hits = 0, set()
    for kind in kinds.split(","):
        number = int(first)
        for n in range(len(LIFE)):
            while hit := lives.live(n, number, kind):
                lived += 1
                hits.add(hit)
                number += int(step)
            # the rest of the stride goes over into the next pass
            number = 1 + number % int(step)
    print(sum(lives.points), lived, *sorted(hits))


if __name__ == "__main__":
    begin(*sys.argv[2:]) if sys.argv[1] == "begin" else main(*sys.argv[1:])
