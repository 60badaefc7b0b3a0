"""A partner's API end to end: orders fetched, accepted, handed to the ERP, shipped, confirmed; each deed once, whatever dies when.

The API is the simulated one, over real sockets; passes are processes that are killed, or passes in this one with faults.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from seller_side import SECRETS, listening

from translator.bodies.calls import load
from translator.cli.connecting import connect
from translator.connect.http import Line
from translator.connect.seller import Seller, fault
from translator.errors import Unreachable
from translator.exchange import connection
from translator.exchange.ledger import Ledger
from translator.exchange.prune import prune
from translator.exchange.room import opened, read_only
from translator.exchange.run import run
from translator.exchange.setup import init
from translator.tables.standard import parsed

ROOT = Path(__file__).resolve().parent.parent
FIRST, SECOND = "902000100001", "902000100002"
SOAK = bool(os.environ.get("SOAK"))
NOW = datetime.datetime(2026, 3, 6, 15, tzinfo=datetime.UTC)
ENVIRONMENT = {
    "TARGET_PLUS_API_KEY": SECRETS["key"],
    "TARGET_PLUS_SELLER_ID": SECRETS["seller"],
    "TARGET_PLUS_SELLER_TOKEN": SECRETS["token"],
}
TRACKING = {FIRST: ["1Z999AA10123456784"], SECOND: ["1Z12345E0291980794", "1Z12345E6692804406"]}


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def shop(place: Path, host: str, answer: str = "0.5") -> Path:
    """An exchange folder connected to a host, quick for tests."""
    folder = place / "shop"
    place.mkdir(exist_ok=True)
    init(folder, "target-plus")
    file = folder / "exchange.toml"
    text = file.read_text(encoding="utf-8").replace('host          = "staging"', f'host          = "{host}"')
    text = text.replace("settle_seconds     = 1 ", "settle_seconds     = 0 ")
    text = text.replace("[[partners]]", 'mappings = "tables"\n\n[[partners]]', 1)
    file.write_text(text, encoding="utf-8")
    own = folder / "tables" / "target-plus"
    own.mkdir(parents=True)
    api = (ROOT / "mappings/target-plus/api.toml").read_text(encoding="utf-8")
    for name, value in (("pace", "0.5"), ("wait", "2"), ("wait_most", "120"), ("answer", "60")):
        made = {"answer": answer}.get(name, "0")
        api = api.replace(f'[limits.{name}]\nvalue  = "{value}"', f'[limits.{name}]\nvalue  = "{made}"')
    (own / "api.toml").write_text(api, encoding="utf-8")
    return folder


def one_pass(folder: Path, minutes: int = 0) -> None:
    run(folder, now=NOW + datetime.timedelta(minutes=minutes))


def ship(folder: Path, *numbers: str) -> None:
    """What the ERP says of the orders that it was handed: everything left, in as many boxes as there are numbers."""
    for number in numbers:
        order = json.loads((folder / "erp/orders" / f"{number}.json").read_bytes())
        packs: list[dict[str, Any]] = []
        for line in order["lines"]:
            boxes = TRACKING[number]
            left = int(line["quantity"])
            for n, code in enumerate(boxes):
                much = left if n == len(boxes) - 1 else min(1, left)
                left -= much
                if much:
                    packs.append({"tracking": code, "items": [{"line": line["line"], "quantity": str(much)}]})
        said = {
            "document": "shipment", "partner": "target-plus", "id": f"S{number[-4:]}", "ship_date": "2026-03-06",
            "carrier": {"name": "UPS Ground"}, "orders": [{"number": number, "packs": packs}],
        }  # fmt: skip
        (folder / "erp/responses" / f"ship-{number}.json").write_text(json.dumps(said), encoding="utf-8")


def once(side: Seller, *numbers: str) -> None:
    """All that had to be done was done, and each deed once."""
    ids = {one["order_number"]: one["id"] for one in side.orders}
    wanted = {f"acknowledge {ids[number]}" for number in numbers}
    for number in numbers:
        lines = next(one for one in side.orders if one["order_number"] == number)["order_lines"]
        for line in lines:
            boxes = TRACKING[number][: int(line["quantity"])]
            wanted |= {f"ship {ids[number]} {line['order_line_number']} {code}" for code in boxes}
    assert dict(side.deeds) == dict.fromkeys(wanted, 1)
    assert {one["order_status"] for one in side.orders if one["order_number"] in numbers} == {"SHIPPED"}


def test_an_order_from_the_api_to_its_confirmation(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        assert sorted(file.name for file in (folder / "erp/orders").iterdir()) == [f"{FIRST}.json", f"{SECOND}.json"]
        assert sorted(key.split()[0] for key in side.deeds) == ["acknowledge", "acknowledge"]
        ship(folder, FIRST, SECOND)
        one_pass(folder, 5)
        once(side, FIRST, SECOND)
        asked = list(side.requests)
        one_pass(folder, 9)
        assert side.requests == asked, "nothing is asked before its time"
        one_pass(folder, 11)
        assert side.requests == [*asked, "orders"]
        once(side, FIRST, SECOND)
        with read_only(folder) as room:
            held = [(one.kind, one.state) for one in room.ledger.documents.rows()]
            assert sorted(held) == [("acknowledgment", "accepted")] * 2 + [("shipment", "accepted")] * 2
            calls = list(room.ledger.calls.rows())
            assert [one.call for one in calls] == [word.split()[0] for word in side.requests]
            assert all(one.status == 200 for one in calls)
            assert not [one.said for one in calls if "{" in (one.said or "{")], "answers name people"
            assert not room.ledger.holds.open()
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert not [name for name in ("key", "token") if SECRETS[name].encode() in kept]


def live(folder: Path, *, killed: Callable[[int], Any] = lambda _: nullcontext(), most: int = 6) -> None:
    """Passes, a quarter of an hour apart, until all that the ERP was handed is shipped and nothing waits; the ERP ships at once."""
    shipped = set[str]()
    for n in range(most):
        with killed(n), suppress(Killed):
            one_pass(folder, 15 * n)
        fresh = {file.stem for file in (folder / "erp/orders").iterdir() if file.suffix == ".json"} - shipped
        ship(folder, *sorted(fresh))
        shipped |= fresh
        with read_only(folder) as room:
            if [one.state for one in room.ledger.documents.rows()] == ["accepted"] * 4:
                return
    raise AssertionError("something waits for ever")


DEEDS = ["429", "500", "503", "520", "401", "302", "slow", "dropped", "lost", "done-500", "html", "truncated"]
QUESTIONS = ["429", "401", "slow", "html"]


@pytest.mark.parametrize(
    ("call", "what"),
    [
        *((call, what) for call in ("acknowledge", "ship") for what in DEEDS),
        *((call, what) for call in ("orders", "order", "fulfillments") for what in QUESTIONS),
    ],
)
def test_each_deed_is_done_once_whatever_the_api_does(call: str, what: str, tmp_path: Path) -> None:
    with listening(f"{call}:1={what}", slow=0.3) as (side, host):
        folder = shop(tmp_path, host, answer="0.15")
        live(folder)
        once(side, FIRST, SECOND)
        assert "waits" not in (folder / "PROBLEMS.txt").read_text(encoding="utf-8")
        with read_only(folder) as room:
            assert {one.state for one in room.ledger.documents.rows()} == {"accepted"}, "nothing was rejected"


def test_an_api_that_is_away_keeps_nothing_else_and_is_told_once(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        side.faults.append(fault("any:*=503"))
        one_pass(folder)
        one_pass(folder, 1)
        assert (folder / "PROBLEMS.txt").read_text(encoding="utf-8").count("fetching orders") == 1
        side.faults.clear()
        one_pass(folder, 2)
        assert (folder / "erp/orders" / f"{FIRST}.json").exists()
        assert "fetching orders" not in (folder / "PROBLEMS.txt").read_text(encoding="utf-8")


def test_what_the_api_declines_comes_back_to_a_person(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        side.faults.append(fault("ship:1=404"))
        ship(folder, FIRST)
        one_pass(folder, 5)
        problems = (folder / "PROBLEMS.txt").read_text(encoding="utf-8")
        assert "was refused by the API" in problems
        assert "404" in problems
        ship(folder, FIRST)
        one_pass(folder, 6)
        assert sum(n for key, n in side.deeds.items() if key.startswith("ship")) == 1


def test_nothing_goes_to_a_real_host_and_a_person_is_told(tmp_path: Path) -> None:
    folder = shop(tmp_path, "staging")
    one_pass(folder)
    assert "live = true" in (folder / "PROBLEMS.txt").read_text(encoding="utf-8")


def test_without_a_connection_requests_are_files(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        text = (folder / "exchange.toml").read_text(encoding="utf-8")
        head, _, tail = text.partition("# How its API is reached.")
        (folder / "exchange.toml").write_text(head + "[folders]" + tail.partition("[folders]")[2], encoding="utf-8")
        (folder / "in" / "orders.json").write_text(json.dumps(side.orders), encoding="utf-8")
        one_pass(folder)
        ship(folder, FIRST)
        one_pass(folder, 5)
        assert not side.requests
    given = sorted(json.loads(file.read_bytes())["path"].rsplit("/", 1)[-1] for file in (folder / "out").iterdir())
    assert given == ["0a1b2c3d4e5f60718293a4b5", "0a1b2c3d4e5f60718293a4b6", "bulk_fulfillments_create"]
    assert sorted(file.name for file in (folder / "erp/orders").iterdir()) == [f"{FIRST}.json", f"{SECOND}.json"]


# --- what others do, and what goes wrong around it ----------------------------------------------------------------------------


def problems(folder: Path) -> str:
    return (folder / "PROBLEMS.txt").read_text(encoding="utf-8")


def answer(folder: Path, number: str, **statuses: list[tuple[str, str]]) -> None:
    """What the ERP says of an order: for each line statuses with quantities."""
    lines = [
        {"line": line[1:], "answers": [{"status": status, "quantity": quantity} for status, quantity in said]}
        for line, said in statuses.items()
    ]
    for one in lines:
        for part in one["answers"]:
            if part["status"] != "IA":
                part["reason"] = "OUT OF STOCK"
    said = {"document": "acknowledgment", "orders": [{"number": number, "lines": lines}]}
    (folder / "erp/responses" / f"ack-{number}.json").write_text(json.dumps(said), encoding="utf-8")


def by_hand(folder: Path) -> None:
    """Orders are not accepted by themselves."""
    file = folder / "exchange.toml"
    text = file.read_text(encoding="utf-8")
    assert "acknowledge   = true" in text
    file.write_text(text.replace("acknowledge   = true ", "acknowledge   = false"), encoding="utf-8")


@pytest.mark.parametrize("what", ["401", "302"])
def test_credentials_that_run_out_reject_nothing(what: str, tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        side.faults.append(fault(f"acknowledge:*={what}"))
        one_pass(folder)
        one_pass(folder, 1)
        assert "credentials" in problems(folder)
        with read_only(folder) as room:
            assert {one.state for one in room.ledger.documents.rows()} == {"sent"}
        side.faults.clear()
        live(folder)
        once(side, FIRST, SECOND)
        assert "credentials" not in problems(folder)


def test_an_acknowledgment_of_which_a_part_is_refused_is_corrected(tmp_path: Path) -> None:
    with listening("cancel:1=400") as (side, host):
        folder = shop(tmp_path, host)
        by_hand(folder)
        one_pass(folder)
        said = {"l1": [("IA", "2"), ("IR", "1")], "l2": [("IA", "2")]}
        answer(folder, SECOND, **said)
        one_pass(folder, 1)
        assert "was refused by the API" in problems(folder)
        answer(folder, SECOND, **said)
        one_pass(folder, 2)
        assert "was refused by the API" not in problems(folder)
        assert sorted(key.split()[0] for key in side.deeds.elements()) == ["acknowledge", "cancel"]
        with read_only(folder) as room:
            assert [one.state for one in room.ledger.documents.rows()] == ["rejected", "accepted"]


def test_a_ledger_that_is_put_back_from_a_copy_repeats_nothing(tmp_path: Path) -> None:
    with listening("acknowledge:*=503") as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        copy = (folder / "ledger.db").read_bytes()
        side.faults.clear()
        one_pass(folder, 15)
        (folder / "ledger.db").write_bytes(copy)
        one_pass(folder, 30)
        ship(folder, FIRST, SECOND)
        copy = (folder / "ledger.db").read_bytes()
        one_pass(folder, 45)
        (folder / "ledger.db").write_bytes(copy)
        ship(folder, FIRST, SECOND)
        one_pass(folder, 60)
        once(side, FIRST, SECOND)


def test_what_the_partner_has_cancelled_is_not_shipped_and_a_person_is_told(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        order = side.orders[0]
        order["order_status"] = "CANCELED"
        order["order_lines"][0]["order_line_statuses"] = [{"status": "CANCELED", "quantity": 1}]
        ship(folder, FIRST)
        one_pass(folder, 5)
        assert "was refused by the API" in problems(folder)
        assert not [key for key in side.deeds if key.startswith("ship")]


def test_a_number_is_confirmed_once_for_a_line(tmp_path: Path) -> None:
    """It could not be told whether it was done; so it is said at once."""
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)

        def box(name: str, **lines: str) -> None:
            pack = {"tracking": TRACKING[FIRST][0], "items": [{"line": n[1:], "quantity": many} for n, many in lines.items()]}
            said = {
                "document": "shipment", "id": name, "ship_date": "2026-03-06", "carrier": {"name": "UPS Ground"},
                "orders": [{"number": SECOND, "packs": [pack]}],
            }  # fmt: skip
            (folder / "erp/responses" / f"{name}.json").write_text(json.dumps(said), encoding="utf-8")

        box("S1", l1="1", l2="1")
        one_pass(folder, 1)
        assert len(side.fulfillments[side.orders[1]["id"]]) == 2, "two lines may share a box"
        box("S2", l1="1")
        one_pass(folder, 2)
        assert "shipment S1: the same thing would be sent twice" in problems(folder)
        assert len(side.fulfillments[side.orders[1]["id"]]) == 2


def test_what_is_finished_is_pruned_with_all_that_was_asked(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        live(folder)
        later = NOW + datetime.timedelta(days=500)
        with opened(folder, now=later) as room:
            assert len(list(room.ledger.requests.rows())) == 4
            assert prune(room, later.date()).rows.orders == 2
            assert not list(room.ledger.requests.rows()) + list(room.ledger.calls.rows())
            assert room.ledger.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        one_pass(folder, 60 * 24 * 501)
        once(side, FIRST, SECOND)


def test_a_clock_that_was_wrong_stops_nothing(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder, 60 * 24 * 365)
        asked = side.asked["orders"]
        one_pass(folder)
        assert side.asked["orders"] == asked + 1


def test_a_path_that_was_mended_meanwhile_keeps_nothing_for_ever(tmp_path: Path) -> None:
    with listening("acknowledge:*=503") as (_, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        own = folder / "tables/target-plus/api.toml"
        own.write_text(own.read_text(encoding="utf-8").replace("/order_statuses/{order}", "/statuses/{order}"), encoding="utf-8")
        load.cache_clear()
        parsed.cache_clear()
        one_pass(folder, 1)
        assert "was made by another" in problems(folder)
        with read_only(folder) as room:
            assert not room.ledger.requests.undone()


def test_no_connection_is_opened_to_a_real_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as (_, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        ship(folder, FIRST)
    file = folder / "exchange.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(host, "live"), encoding="utf-8")
    asked: list[Any] = []

    def refused(*args: Any, **_: Any) -> Any:
        asked.append(args)
        raise OSError("no network here")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    one_pass(folder, 20)
    for words in (["test", str(folder)], ["pull", str(folder)], ["push", str(folder)], ["push", "--dry-run", str(folder)]):
        CliRunner().invoke(connect, words)
    assert not asked
    file.write_text(file.read_text(encoding="utf-8").replace("live          = false", "live          = true "), encoding="utf-8")
    one_pass(folder, 40)
    assert [one[0] for one in asked] == ["api.target.com"] * len(asked) != [], "the test would see it"


def test_nothing_secret_is_left_anywhere_whatever_goes_wrong(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with listening("orders:1=html", "acknowledge:1=400", "ship:1=401") as (_, host):
        folder = shop(tmp_path, host)
        for n in range(3):
            one_pass(folder, 15 * n)
        ship(folder, SECOND)
        one_pass(folder, 60)
        said = "".join(
            CliRunner().invoke(group, [*words, str(folder)]).output
            for group, words in ((connect, ["test"]), (connect, ["push", "--dry-run"]), (connect, ["pull", "--dry-run"]))
        )
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file()).decode("utf-8", "replace")
    text = kept + said + "".join(capfd.readouterr())
    assert not [name for name in ("key", "token") if SECRETS[name] in text]


# --- kills ------------------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def struck(point: str, nth: int) -> Iterator[list[int]]:
    """The n-th time that a point is reached, everything ends; how often it was reached.

    The points: before a request is sent, or when it was obeyed and its answer not yet seen; before a transaction is kept, or then.
    """
    count, [what, _, when] = [0], point.partition(" ")
    owner, name = {"request": (Line, "send"), "transaction": (Ledger, "transaction")}[what]
    real = getattr(owner, name)

    def end(now: str) -> None:
        count[0] += now == when
        if now == when and count[0] == nth:
            raise Killed

    def send(*args: Any) -> Any:
        end("before")
        got = real(*args)
        end("after")
        return got

    @contextmanager
    def transaction(self: Ledger) -> Iterator[None]:
        outer = not self.connection.in_transaction
        with real(self):
            yield
            if outer:
                end("before")
        if outer:
            end("after")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, send if what == "request" else transaction)
        yield count


POINTS = {"request before": 3, "request after": 1, "transaction before": 11, "transaction after": 11}  # every how-manieth


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("turn", [0, 1])
def test_a_pass_that_ends_at_any_point(point: str, turn: int, tmp_path: Path) -> None:
    """In the pass that fetches and accepts, or in the one that ships."""
    nth, step = 1, 1 if SOAK else POINTS[point]
    while True:
        with listening() as (side, host):
            folder = shop(tmp_path / str(nth), host)
            reached = [0]

            @contextmanager
            def killed(n: int, nth: int = nth, reached: list[int] = reached) -> Iterator[None]:
                with struck(point, nth if n == turn else 0) as count:
                    yield
                if n == turn:
                    reached[0] = count[0]

            live(folder, killed=killed)
            once(side, FIRST, SECOND)
        if reached[0] < nth:
            break
        nth += step
    assert nth > 4


@pytest.mark.parametrize(("call", "obeyed"), [("acknowledge", True), ("ship", False), ("ship", True)])
def test_a_process_that_is_killed(call: str, obeyed: bool, tmp_path: Path) -> None:
    """SIGKILL, while the first request of a call is not answered: before it is obeyed, or when it is."""
    with listening(slow=30) as (side, host):
        folder = shop(tmp_path, host, answer="20")
        if call == "ship":
            one_pass(folder)
            ship(folder, FIRST, SECOND)
        if not obeyed:
            side.faults.append(fault(f"{call}:1=slow"))
        now = NOW + datetime.timedelta(minutes=11 * (call == "ship"))
        script = (
            "import sys, datetime; from pathlib import Path; from translator.exchange.run import run;"
            f"run(Path(sys.argv[1]), now=datetime.datetime.fromisoformat({now.isoformat()!r}))"
        )
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        with subprocess.Popen([sys.executable, "-c", script, str(folder)], env=environment, stderr=subprocess.DEVNULL) as process:
            until = time.monotonic() + 20
            while process.poll() is None and not side.asked[call] and time.monotonic() < until:
                time.sleep(0.0005)
            process.kill()
        assert side.asked[call]
        if call == "acknowledge":
            one_pass(folder, 20)
            ship(folder, FIRST, SECOND)
        one_pass(folder, 22)
        one_pass(folder, 33)
        once(side, FIRST, SECOND)


# --- whatever comes in whatever order ---------------------------------------------------------------------------------------

PASSING = ["429", "500", "503", "520", "401", "dropped", "lost", "done-500", "html", "truncated"]


@pytest.mark.parametrize("seed", range(60 if SOAK else 3))
def test_a_walk_of_passes_faults_kills_and_strangers_does_each_deed_once(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    with listening() as (side, host):
        model = side.orders.pop(1)
        side.orders.clear()
        folder, minutes, sent = shop(tmp_path, host), 0, dict[tuple[str, str], int]()

        def arrive() -> None:
            n = len(side.orders)
            side.orders.append(json.loads(json.dumps(model)) | {"id": f"{n:024x}", "order_number": f"9020{n:08d}"})

        def some(*, all_: bool = False) -> None:
            """The ERP ships something, or all that is left, of what it has."""
            for file in sorted((folder / "erp/orders").glob("*.json")):
                packs: list[dict[str, Any]] = []
                for line in json.loads(file.read_bytes())["lines"]:
                    key = (file.stem, line["line"])
                    left = int(line["quantity"]) - sent.get(key, 0)
                    much = left if all_ else chance.randint(0, left)
                    if much:
                        code = f"94001{chance.randrange(10**16):016d}"
                        packs.append({"tracking": _checked(code), "items": [{"line": line["line"], "quantity": str(much)}]})
                        sent[key] = sent.get(key, 0) + much
                if packs:
                    said = {
                        "document": "shipment", "id": f"S{chance.randrange(10**9)}", "ship_date": "2026-03-06",
                        "carrier": {"name": "USPS Priority Mail"}, "orders": [{"number": file.stem, "packs": packs}],
                    }  # fmt: skip
                    (folder / "erp/responses" / f"{said['id']}.json").write_text(json.dumps(said), encoding="utf-8")

        def by_hand() -> None:
            now = NOW + datetime.timedelta(minutes=minutes)
            with opened(folder, now=now) as room, suppress(Unreachable), connection.connect(room) as client:
                chance.choice([connection.push, connection.pull])(room, client)

        def stranger() -> None:
            """Somebody at the portal acknowledges what is new."""
            for one in side.orders:
                if side.stage(one) == "new" and chance.random() < 0.3:
                    side.acknowledge(one["id"], {"status": "ACKNOWLEDGED_BY_SELLER"})

        arrive()
        for _ in range(12):
            minutes += chance.randint(1, 15)
            side.faults.clear()
            for call in ("orders", "order", "acknowledge", "fulfillments", "ship"):
                if chance.random() < 0.2:
                    side.faults.append(fault(f"{call}:{side.asked[call] + 1}={chance.choice(PASSING)}"))
            act = chance.choice([arrive, some, by_hand, stranger, lambda: None, lambda: None])
            with struck(chance.choice([*POINTS]), chance.randint(1, 25)), suppress(Killed):
                act()
                one_pass(folder, minutes)
        side.faults.clear()
        for n in range(4):
            minutes += 15
            one_pass(folder, minutes)
            if n == 1:
                some(all_=True)
        assert set(side.deeds.values()) == {1}
        for one in side.orders:
            if (folder / "erp/orders" / f"{one['order_number']}.json").exists():
                assert one["order_status"] == "SHIPPED"
            else:
                assert one["order_status"] == "ACKNOWLEDGED_BY_SELLER", "somebody else took it before it was fetched"
        with read_only(folder) as room:
            assert not room.ledger.requests.undone()
            assert {one.state for one in room.ledger.documents.rows()} <= {"accepted"}


def _checked(code: str) -> str:
    """A number with its check digit in the end."""
    total = sum(int(digit) * (3 if n % 2 == 0 else 1) for n, digit in enumerate(reversed(code)))
    return f"{code}{-total % 10}"
