"""An API that is broken, slow or not what it says it is: no answer lasts for ever, none fills the memory, nothing leaks."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from seller_side import SECRETS, credentials, listening
from test_connect import ACCEPTED, FIRST, LEFT, SECOND, Kept, client, many, quick

from translator.bodies.calls import load
from translator.bodies.text import Number
from translator.connect.client import Client, Manners
from translator.connect.credentials import credentials as from_environment
from translator.connect.http import Line, NoAnswer
from translator.connect.seller import fault
from translator.errors import Declined, SettingsError, Unreachable

Answering = Callable[[Any], None]


@contextmanager
def saying(*answers: bytes | Answering, context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives these answers, one a connection and the last for ever; where it is, and what it was sent."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            n = 0
            while True:
                try:
                    plain, _ = listener.accept()
                    with context.wrap_socket(plain, server_side=True) if context else plain as one:
                        heard.append(one.recv(65536))
                        answer = answers[min(n, len(answers) - 1)]
                        n += 1
                        if callable(answer):
                            answer(one)
                        else:
                            one.sendall(answer)
                except OSError:
                    if listener.fileno() < 0:
                        return

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = "".join(f"{one}\r\n" for one in (*headers, "Connection: close", f"Content-Length: {len(body)}"))
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def line(host: str, **limits: Any) -> Line:
    return Line(host, **{"connect": 0.1, "answer": 0.3, "most": 100_000, **limits})


def drip(head: bytes) -> Answering:
    """An answer of which a byte comes now and then, for ever."""

    def answer(one: Any) -> None:
        one.sendall(head)
        while True:
            one.sendall(b"x")
            time.sleep(0.02)

    return answer


# --- what comes back --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Long: ", b"H"], ids=["body", "head", "status"])
def test_an_answer_that_drips_for_ever_ends(head: bytes) -> None:
    with saying(drip(head)) as (host, _), line(host) as one, pytest.raises(NoAnswer, match=r"in time|broke") as said:
        one.send("GET", "/", {}, {}, None)
    assert said.value.sent


@pytest.mark.parametrize("size", [10_000, 100_000_000])
def test_what_is_packed_is_unpacked_as_far_as_the_limit(size: int) -> None:
    packed = http(gzip.compress(b" " * size), "Content-Encoding: gzip")
    with saying(packed) as (host, _), line(host, answer=5) as one:
        if size < one.most:
            assert len(one.send("GET", "/", {}, {}, None).data) == size
            return
        with pytest.raises(NoAnswer, match="longer than 100000 bytes"):
            one.send("GET", "/", {}, {}, None)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (http(b"[]", "Content-Encoding: br"), "not asked for"),
        (http(b"no gzip at all", "Content-Encoding: gzip"), "unpacked"),
        (http(gzip.compress(b"[]" * 999)[:20], "Content-Encoding: gzip"), "breaks off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n[]", "broke"),
        (b"no HTTP\r\n\r\n", "broke"),
    ],
)
def test_an_answer_that_is_none(answer: bytes, says: str) -> None:
    with saying(answer) as (host, _), line(host) as one, pytest.raises(NoAnswer, match=says):
        one.send("GET", "/", {}, {}, None)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'[{"a": ' + b"9" * 5000 + b"}]",
        b'[{"a": "\xff"}]',
        b"\xff\xfe[",
        b'{"orders": []}',
        b"null",
        b"",
        b'"',
    ],
)
def test_a_list_that_is_none_is_one_sentence(body: bytes) -> None:
    with saying(http(body)) as (host, _), client(host) as api, pytest.raises(Unreachable) as said:
        list(api.pages("orders"))
    assert len(str(said.value)) < 600 and str(said.value).isprintable()


@pytest.mark.parametrize("message", ['"\\ud800"', '"\\u0000\\u001b[31mred"', '"' + "x" * 5000 + '"', "1e400", "NaN"])
def test_what_an_answer_says_can_be_kept_and_shown(message: str) -> None:
    kept = Kept()
    answer = http(b'{"message": ' + message.encode() + b"}", status="400 No")
    with saying(answer) as (host, _), client(host, recorder=kept) as api, pytest.raises(Declined) as said:
        api.ask("methods")
    for text in (*kept.lines, str(said.value)):
        assert text.encode() and text.isprintable() and len(text) < 700


def test_a_page_that_comes_for_ever_is_the_last() -> None:
    page = json.dumps(many(3)).encode()
    with saying(http(page)) as (host, heard), client(host, quick(size=3)) as api:
        assert [len(entries) for _, _, entries in api.pages("orders")] == [3]
        assert len(heard) == 2


def test_pages_without_end_have_one() -> None:
    pages = [http(json.dumps([{"id": n}]).encode()) for n in range(9)]
    with saying(*pages) as (host, heard), client(host, quick(size=1, max_pages=7)) as api:
        with pytest.raises(Unreachable, match=r"more than 7 pages.*max_pages"):
            list(api.pages("orders"))
        assert len(heard) == 7


# --- what is sure -----------------------------------------------------------------------------------------------------------


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run(
        [*made, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key", "-out", "crt"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "crt", tmp_path / "key")
    with saying(http(b"[]"), context=context) as (host, heard):
        here = host.replace("http://127.0.0.1", "https://localhost")
        with line(here, connect=5, answer=5) as one, pytest.raises(NoAnswer, match=r"(?i)certificate") as said:
            one.send("GET", "/", {}, {"x-api-key": SECRETS["key"]}, None)
        assert not said.value.sent
        assert not heard


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 Other", "307 Again", "308 For ever"])
def test_no_redirect_is_followed(status: str) -> None:
    with saying(http(b"[]")) as (other, heard), saying(http(b"", f"Location: {other}/", status=status)) as (host, _):
        for act in ("ask", "tell"):
            with client(host) as api, pytest.raises(Unreachable, match="not followed"):
                api.ask("methods") if act == "ask" else api.tell("acknowledge", ACCEPTED, order=FIRST)
        assert not heard


@pytest.mark.parametrize("value", ["a/b+c=d/e", "abc%2Fdef"])
def test_a_secret_that_comes_back_in_other_letters_is_hidden(value: str) -> None:
    held = from_environment(load("target-plus"), {f"TARGET_PLUS_{n}": value for n in ("API_KEY", "SELLER_ID", "SELLER_TOKEN")})
    from urllib.parse import quote

    for form in (value, quote(value, safe=""), json.dumps(value).replace("/", "\\/")[1:-1]):
        assert form not in held.hidden(f"<{form}>")


@pytest.mark.parametrize("error", [RuntimeError, OSError, KeyError, ValueError])
def test_a_keyring_that_is_locked_or_broken_is_one_sentence(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    class NoKeyringError(RuntimeError):
        """As the keyring has it."""

    raised = [NoKeyringError, error]

    def ask(*_: str) -> str:
        raise raised[-1](SECRETS["token"])

    errors = types.ModuleType("keyring.errors")
    errors.NoKeyringError = NoKeyringError  # type: ignore[attr-defined]
    held = types.ModuleType("keyring")
    held.get_password = ask  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", held)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    with pytest.raises(SettingsError, match=f"keyring could not be asked .{error.__name__}.") as said:
        from_environment(load("target-plus"), {})
    assert SECRETS["token"] not in str(said.value)
    raised.pop()
    with pytest.raises(SettingsError, match="TARGET_PLUS_API_KEY"):
        from_environment(load("target-plus"), {})


# --- what was done ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["401", "302"])
def test_where_we_are_refused_nothing_is_and_no_more_is_asked(what: str) -> None:
    with listening(f"acknowledge:*={what}") as (side, host), client(host) as api:
        for _ in range(2):
            with pytest.raises(Unreachable):
                api.tell("acknowledge", ACCEPTED, order=FIRST)
        assert side.requests == [f"acknowledge {FIRST}"]


@pytest.mark.parametrize("proof", [b"{}", b"[]", b"null", b"<html>", b'{"data": {"order_status": "SHIPPED"}}', b'"no"', b""])
@pytest.mark.parametrize("call", ["acknowledge", "cancel", "ship"])
def test_an_answer_that_proves_nothing_is_no_proof(call: str, proof: bytes) -> None:
    if (call, proof) == ("ship", b"[]"):
        return  # nothing was confirmed: that is what an empty list says
    with saying(http(proof)) as (host, heard), client(host) as api:
        with pytest.raises(Unreachable):
            api.tell(call, {"items": [], **ACCEPTED, **LEFT, "order_line_statuses": []}, doubtful=True, order=FIRST, line="1")
        assert heard and all(one.startswith(b"GET") for one in heard)


def test_what_was_never_sent_is_not_kept_back_by_an_answer_of_another_form() -> None:
    with saying(http(b'{"data": {}}')) as (host, heard), client(host) as api:
        assert api.tell("acknowledge", ACCEPTED, first=True, order=FIRST).status == 200
        assert [one[:3] for one in heard] == [b"GET", b"PUT"]


def test_a_proof_that_is_refused_is_none() -> None:
    with listening("order:*=404") as (side, host), client(host) as api:
        with pytest.raises(Unreachable, match="cannot be found out"):
            api.tell("acknowledge", ACCEPTED, doubtful=True, order=FIRST)
        assert not side.deeds
        api.tell("acknowledge", ACCEPTED, first=True, order=FIRST)
        assert side.asked["acknowledge"] == 1


def test_what_somebody_else_did_is_done() -> None:
    more = {**LEFT["items"][0], "tracking_number": "1Z999AA10123456793"}
    with listening() as (side, host), client(host) as api:
        side.acknowledge(SECOND, ACCEPTED)
        assert api.tell("acknowledge", ACCEPTED, order=SECOND).before
        side.ship(SECOND, LEFT)
        assert not api.tell("ship", {"items": [*LEFT["items"], more]}, order=SECOND).before, "the rest of it"
        assert api.tell("ship", {"items": [*LEFT["items"], more]}, order=SECOND).before
        assert set(side.deeds.values()) == {1} and len(side.deeds) == 3


def test_a_number_goes_out_as_one() -> None:
    kept = Kept()
    with listening() as (side, host), client(host, recorder=kept) as api:
        side.acknowledge(SECOND, ACCEPTED)
        api.tell("ship", {"items": [{**LEFT["items"][0], "quantity": Number("1")}]}, order=SECOND)
        assert side.fulfillments[SECOND][0]["quantity"] == 1
    assert '"quantity":1,' in kept.lines[0]


# --- patience ---------------------------------------------------------------------------------------------------------------


def test_a_run_has_one_patience() -> None:
    waits: list[float] = []
    api, manners = quick(wait=10, wait_most=100, patience=25), Manners()
    with listening() as (side, host):
        side.faults.append(fault("any:*=429"))
        for _ in range(3):
            with Client(api, credentials(), host, sleep=waits.append, manners=manners) as one, pytest.raises(Unreachable):
                one.ask("methods")
        assert waits == [10, 10], "and not 20 more"
        assert side.asked["methods"] == 5, "each may try once"


def test_the_pace_is_kept_by_all_clients_of_a_run() -> None:
    waits: list[float] = []
    manners, api = Manners(), quick(pace=0.5)
    with listening() as (_, host):
        for _ in range(2):
            with Client(api, credentials(), host, sleep=waits.append, clock=lambda: 7.0, manners=manners) as one:
                one.ask("methods")
    assert waits == [0.5]


@pytest.mark.parametrize("after", ["9" * 30, "-1", "Wed, 21 Oct 2093 07:28:00 GMT", "1e9", "", "３"])
def test_what_they_ask_us_to_wait_is_kept_within_bounds(after: str) -> None:
    waits: list[float] = []
    answer, api = http(b"{}", f"Retry-After: {after}", status="429 Slow"), quick(wait=1, wait_most=5, tries=3)
    with (
        saying(answer) as (host, _),
        Client(api, credentials(), host, sleep=waits.append) as one,
        pytest.raises(Unreachable),
    ):
        one.ask("methods")
    assert len(waits) == 2 and max(waits) <= 5
