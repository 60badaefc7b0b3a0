"""An API as its table says it: what is asked is asked again, what is done is done once, and no secret is ever shown."""

from __future__ import annotations

import json
import logging
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from seller_side import SECRETS, credentials, listening

from translator.bodies.calls import Api, load
from translator.connect.client import Client, address
from translator.connect.credentials import Credentials
from translator.connect.credentials import credentials as from_environment
from translator.connect.seller import FAULTS, Seller, fault
from translator.errors import Declined, SettingsError, TableError, Unreachable

ROOT = Path(__file__).resolve().parent.parent
FIRST, SECOND = "0a1b2c3d4e5f60718293a4b5", "0a1b2c3d4e5f60718293a4b6"
ACCEPTED = {"status": "ACKNOWLEDGED_BY_SELLER"}
LEFT = {
    "items": [
        {
            "order_line_number": "1",
            "quantity": 1,
            "shipped_date": "2026-03-06T12:00:00.000Z",
            "shipping_method": "UPSGround",
            "tracking_number": "1Z999AA10123456784",
        }
    ]
}


class Kept:
    """A recorder for tests."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def before(self, call: str, method: str, path: str, body: bytes | None) -> int:
        self.lines.append(f"> {method} {path} {(body or b'').decode()}")
        return len(self.lines)

    def after(self, number: int, status: int | None, said: str) -> None:
        self.lines.append(f"< {status} {said}")


def quick(api: Api | None = None, **limits: Any) -> Api:
    """The API without its waits."""
    return evolve(api or load("target-plus"), **{"pace": 0, "wait": 0, "wait_most": 0, "answer": 5, **limits})


def client(host: str, api: Api | None = None, **options: Any) -> Client:
    return Client(api or quick(), credentials(), host, **options)


def many(n: int) -> list[dict[str, Any]]:
    held = tomllib.loads((ROOT / "mappings/target-plus/simulate.toml").read_text(encoding="utf-8"))["orders"][0]["json"]
    return [json.loads(held) | {"id": f"{k:024x}", "order_number": str(k)} for k in range(n)]


# --- asking -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 13])
def test_all_pages_are_read(count: int) -> None:
    with listening(orders=many(count)) as (side, host), client(host, quick(size=5)) as api:
        got = [one for _, _, entries in api.pages("orders") for one in entries]
    assert [one["id"] for one in got] == [one["id"] for one in side.orders]
    assert len(side.requests) == count // 5 + 1


def test_only_what_is_released_is_listed() -> None:
    with listening() as (_, host), client(host) as api:
        assert [one["order_number"][-1] for _, _, entries in api.pages("orders") for one in entries] == ["1", "2"]


@pytest.mark.parametrize("what", ["429", "500", "503", "dropped", "lost", "long"])
def test_asking_again_helps_against_what_passes(what: str) -> None:
    with listening(f"order:1={what}") as (side, host), client(host, quick(bytes=4096)) as api:
        assert json.loads(api.ask("order", order=FIRST))["id"] == FIRST
        assert side.asked["order"] == 2


def test_an_answer_that_does_not_come_in_time_is_asked_for_again() -> None:
    with listening("order:1=slow", slow=0.6) as (_, host), client(host, quick(answer=0.2)) as api:
        assert json.loads(api.ask("order", order=FIRST))["id"] == FIRST


@pytest.mark.parametrize(("what", "says"), [("404", "404"), ("400", "400")])
def test_what_does_not_pass_is_final_and_says_what_was_sent(what: str, says: str) -> None:
    with listening(f"ship:1={what}") as (side, host), client(host) as api:
        api.tell("acknowledge", ACCEPTED, order=FIRST)
        with pytest.raises(Declined, match=says) as said:
            api.tell("ship", LEFT, order=FIRST)
        assert side.asked["ship"] == 1
    assert "1Z999AA10123456784" in str(said.value)
    assert "bulk_fulfillments_create" in str(said.value)


@pytest.mark.parametrize(("what", "says"), [("html", "an HTML page"), ("truncated", "breaks off")])
def test_an_answer_that_is_no_json_is_one_sentence(what: str, says: str) -> None:
    with listening(f"orders:*={what}") as (_, host), client(host) as api, pytest.raises(Unreachable, match=says) as said:
        list(api.pages("orders"))
    assert "\n" not in str(said.value)


def test_a_long_answer_is_not_read_to_its_end() -> None:
    with (
        listening("orders:*=long") as (_, host),
        client(host, quick(bytes=1000)) as api,
        pytest.raises(Unreachable, match="longer than 1000 bytes"),
    ):
        list(api.pages("orders"))


def test_a_machine_that_is_not_there() -> None:
    with client("http://127.0.0.1:1") as api, pytest.raises(Unreachable, match=r"cannot be reached.*tried 5 times"):
        api.ask("methods")


def test_waits_grow_and_retry_after_is_kept() -> None:
    waits: list[float] = []
    with listening("methods:1=500", "methods:2=500", "methods:3=429", "methods:4=429") as (_, host):
        api = evolve(load("target-plus"), pace=0, wait=0.25, wait_most=2)
        with Client(api, credentials(), host, sleep=waits.append) as one:
            one.ask("methods")
    assert waits == [0.25, 0.5, 1, 2]


def test_requests_keep_their_pace() -> None:
    waits: list[float] = []
    with listening() as (_, host), Client(quick(pace=0.5), credentials(), host, sleep=waits.append, clock=lambda: 7.0) as one:
        for _ in range(3):
            one.ask("methods")
    assert waits == [0.5, 1.0]


# --- telling ----------------------------------------------------------------------------------------------------------------


def done(side: Seller) -> list[int]:
    return [*side.deeds.values()]


@pytest.mark.parametrize("what", [*FAULTS, None])
@pytest.mark.parametrize("call", ["acknowledge", "ship", "cancel"])
def test_a_deed_is_done_once_whatever_happens(call: str, what: str | None) -> None:
    lines = {"order_line_statuses": [{"status": "CANCELED", "quantity": 1}, {"status": "ACKNOWLEDGED_BY_SELLER", "quantity": 2}]}
    body: Any = {"acknowledge": ACCEPTED, "ship": LEFT, "cancel": {"cancellation_reason": "OTHER", **lines}}[call]
    fill = {"order": SECOND, "line": "1"} if call == "cancel" else {"order": SECOND}
    with listening(slow=0.6) as (side, host), client(host, quick(answer=0.3)) as api:
        if call != "acknowledge":
            api.tell("acknowledge", ACCEPTED, order=SECOND)
        if what:
            side.faults.append(fault(f"{call}:1={what}"))
        before = len(done(side))
        try:
            api.tell(call, body, **fill)
        except (Declined, Unreachable):
            assert what in ("404", "400", "302", "401")
            with client(host) as other:
                other.tell(call, body, doubtful=True, **fill)
        assert done(side)[before:] == [1]


def test_what_a_dead_process_may_have_sent_is_asked_for_first() -> None:
    with listening() as (side, host), client(host) as api:
        assert not api.tell("acknowledge", ACCEPTED, doubtful=True, order=FIRST).before
        assert api.tell("acknowledge", ACCEPTED, doubtful=True, order=FIRST).before
        assert [one.split()[0] for one in side.requests] == ["order", "acknowledge", "order"]


def test_what_is_left_of_a_shipment_is_sent_and_no_more() -> None:
    body = {"items": [*LEFT["items"], {**LEFT["items"][0], "tracking_number": "1Z999AA10123456793"}]}
    with listening() as (side, host), client(host) as api:
        api.tell("acknowledge", ACCEPTED, order=SECOND)
        api.tell("ship", LEFT, order=SECOND)
        api.tell("ship", body, doubtful=True, order=SECOND)
        assert [one["tracking_number"] for one in side.fulfillments[SECOND]] == ["1Z999AA10123456784", "1Z999AA10123456793"]


def test_a_deed_that_cannot_be_cleared_up_is_not_done_again() -> None:
    with listening("acknowledge:1=lost", "order:*=500") as (side, host), client(host) as api:
        with pytest.raises(Unreachable):
            api.tell("acknowledge", ACCEPTED, order=FIRST)
        assert done(side) == [1]
        assert side.asked["acknowledge"] == 1


@pytest.mark.parametrize("value", ["../../sellers/x", "a/b", "a?b=c", "a#b", "%2e%2e", "é", "a b", "x" * 300])
def test_no_value_leads_to_another_place(value: str) -> None:
    kept = Kept()
    with listening() as (side, host), client(host, recorder=kept) as api:
        with pytest.raises(Declined, match="404"):
            api.tell("acknowledge", ACCEPTED, order=value)
        assert not side.deeds
    path = kept.lines[0].split()[2]
    assert path.startswith("/seller_orders/v1/sellers/{seller}/order_statuses/")
    assert path.count("/") == 6


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_nothing_is_asked_for_by_no_name(value: str) -> None:
    with listening() as (side, host), client(host) as api:
        with pytest.raises(SettingsError):
            api.tell("acknowledge", ACCEPTED, order=value)
        assert not side.requests


# --- secrets and hosts ------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def nothing_secret_is_said(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    with caplog.at_level(logging.DEBUG):
        yield
    said = caplog.text + "".join(capfd.readouterr())
    assert not [name for name, value in SECRETS.items() if value in said]


def test_no_secret_is_recorded_or_said() -> None:
    kept = Kept()
    with listening("orders:*=500") as (_, host), client(host, recorder=kept) as api:
        with pytest.raises(Unreachable) as said:
            list(api.pages("orders"))
        text = " ".join([*kept.lines, str(said.value), repr(api.credentials), repr(vars(api).keys())])
    assert not [value for value in SECRETS.values() if value in text]
    assert api.credentials.hidden(f"your token {SECRETS['token']} is bad") == "your token [hidden] is bad"


def test_missing_secrets_say_where_they_are_found() -> None:
    says = r"TARGET_PLUS_API_KEY \(.*TARGET_PLUS_SELLER_TOKEN \(.*keyring set translator/target-plus"
    with pytest.raises(SettingsError, match=says):
        from_environment(load("target-plus"), {"TARGET_PLUS_SELLER_ID": "5f"})


@pytest.mark.parametrize("value", ["two words", "line\nbreak", "tückisch", "a\x00b"])
def test_a_secret_that_cannot_be_one_is_not_shown(value: str) -> None:
    held = {"TARGET_PLUS_API_KEY": value, "TARGET_PLUS_SELLER_ID": "5f", "TARGET_PLUS_SELLER_TOKEN": "t"}
    with pytest.raises(SettingsError, match="TARGET_PLUS_API_KEY has a character") as said:
        from_environment(load("target-plus"), held)
    assert value not in str(said.value)


def test_secrets_come_from_the_environment_trimmed() -> None:
    held = {"TARGET_PLUS_API_KEY": " k ", "TARGET_PLUS_SELLER_ID": "5f\n", "TARGET_PLUS_SELLER_TOKEN": "t"}
    found = from_environment(load("target-plus"), held)
    assert [found[name] for name in ("key", "seller", "token")] == ["k", "5f", "t"]
    assert isinstance(found, Credentials)


def test_nothing_goes_to_a_real_host_unless_it_is_said() -> None:
    api = load("target-plus")
    for host in api.hosts:
        with pytest.raises(SettingsError, match="live = true"):
            address(api, host, live=False)
        assert address(api, host, live=True).startswith("https://")
    assert address(api, "http://127.0.0.1:8401", live=False)
    for other in ("https://api.example.com", "http://10.0.0.1", "http://127.0.0.1.example.com", "http://localhost@e.example", ""):
        with pytest.raises(SettingsError, match=r"connection\.host"):
            address(api, other, live=True)


# --- the table --------------------------------------------------------------------------------------------------------------

BROKEN = [
    ('mark     = "V"', 'mark     = "sure"', "says where it is from"),
    ('method     = "PUT"', 'method     = "PUSH"', "is no method"),
    ('call   = "order"', 'call   = "acknowledge"', "no call that may be made again"),
    ('path       = "/seller_orders', 'path       = "//evil.example/seller_orders', "begins with one /"),
    ('url    = "https://api', 'url    = "http://api', "https:// and a host"),
    ("{order}", "{orders}", "nothing fills"),
    ('stage  = "early"', 'stage  = "soon"', "is one of early"),
    ("idempotent = false", 'idempotent = "no"', "is true or false"),
    ('credential = "key"', 'credential = "kee"', "which has no row"),
    ("[limits.pace]", "[limits.paces]", "is no limit"),
    ('stop      = "short"', 'stop      = "empty"', "last page has fewer"),
    ("success    = [200]", "success    = [2000]", "list of statuses"),
    ('partner = "target-plus"', 'partner = "other"', "the folder's name"),
    ('about      = "one order', 'colour     = "one order', "no key"),
]


@pytest.mark.parametrize(("was", "made", "says"), BROKEN)
def test_a_table_that_is_wrong_does_not_load(was: str, made: str, says: str, tmp_path: Path) -> None:
    text = (ROOT / "mappings/target-plus/api.toml").read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "target-plus").mkdir()
    (tmp_path / "target-plus/api.toml").write_text(text.replace(was, made), encoding="utf-8")
    with pytest.raises(TableError, match=says) as said:
        load("target-plus", tmp_path)
    assert "mappings/target-plus/api.toml: " in str(said.value)
