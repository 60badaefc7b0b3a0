"""Requests to an API, and what became of them: a call by its name and what fills it go in, its answer comes out.

Asking is repeated where the table says so, with growing waits, as long as a run has patience. What changes something is sent once;
when its answer never came, or says no, the API is asked whether it was done, and only what was not done is sent again. What was
sent and answered is told to a ``Recorder`` before and after, so that a crash in between is cleared up the same way. Secrets are
put in at the last moment, and taken out of every text.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from types import TracebackType
from typing import Any, Protocol

from attrs import define

from translator.bodies.calls import Api, Call, Proof
from translator.bodies.text import dumped
from translator.connect.credentials import Credentials
from translator.connect.http import Answer, Line, NoAnswer, local
from translator.documents.places import Step, get
from translator.errors import Declined, SettingsError, Unreachable

Json = Any
_SHOWN = 300
TOO_MANY = 429  # the one status that says for sure that nothing was done, and may be soon
_HOLE = re.compile(r"\{([a-z]+)\}")


class Recorder(Protocol):
    """Who keeps what was sent and what came back; ``path`` still has its {seller}, and no secret is in anything."""

    def before(self, call: str, method: str, path: str, body: bytes | None) -> int:
        """About to be sent; the answer names it in ``after``."""

    def after(self, number: int, status: int | None, said: str) -> None:
        """What came back; no status: no answer came."""


class Silent:
    """Keeps nothing."""

    def before(self, call: str, method: str, path: str, body: bytes | None) -> int:
        """Nothing is kept."""
        return 0

    def after(self, number: int, status: int | None, said: str) -> None:
        """Nothing is kept."""


@define
class Told:
    """A request that changes something was obeyed: now, or (``before``) earlier, when its answer was lost."""

    status: int | None
    said: str
    before: bool = False


@define
class Manners:
    """How an API is treated in one run, by however many clients: when the next request may go out, by the clock of the clients, and
    for how many seconds it was waited in vain."""

    free: float = 0
    waited: float = 0


class Client:
    """One API under one host. ``host`` is a name of its table, or the address of a simulator on this machine.

    Nothing is sent to any other machine unless ``live``. Raises ``SettingsError`` where that is asked for.
    """

    def __init__(
        self,
        api: Api,
        credentials: Credentials,
        host: str,
        *,
        live: bool = False,
        recorder: Recorder | None = None,
        manners: Manners | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.api, self.credentials, self.host = api, credentials, address(api, host, live)
        self.recorder = recorder or Silent()
        self.sleep, self.clock = sleep, clock
        self.manners = manners or Manners()
        self.line = Line(self.host, connect=api.connect, answer=api.answer, most=api.bytes)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.line.__exit__(kind, error, trace)

    # --- asking -------------------------------------------------------------------------------------------------------

    def ask(self, name: str, **fill: str) -> bytes:
        """The answer of a call that changes nothing. Raises ``Unreachable`` when no try succeeded, and ``Declined``."""
        call, wait, why, tried = self.api.call(name), self.api.wait, "", 0
        for n in range(self.api.tries):
            if not self.patient(wait if n else 0):
                break
            wait, tried = min(wait * 2, self.api.wait_most) if n else wait, n + 1
            try:
                answer = self.send(call, fill, None)
            except NoAnswer as error:
                why = self.shown(str(error))
                continue
            if answer.status in call.success:
                return answer.data
            if not self.passing(answer):
                raise self.refusal(call, fill, None, answer)
            why, wait = self.said(call, answer), max(wait, min(answer.after, self.api.wait_most))
        raise self.in_vain(call, fill, why, tried)

    def pages(self, name: str) -> Iterator[tuple[int, bytes, list[Json]]]:
        """The pages of a list: number, the bytes as they came, the entries. Raises what ``ask`` raises.

        A page that says nothing that was not said before is the end: there are APIs that give the last page for ever.
        """
        call, known = self.api.call(name), set[bytes]()
        for page in range(self.api.first, self.api.first + self.api.max_pages):
            data = self.ask(name, page=str(page), size=str(self.api.size))
            entries = self.parsed(call, {"page": str(page)}, data)
            if not isinstance(entries, list):
                raise Unreachable(f"{self.what(call, {'page': str(page)})}: a list was expected, and no list came")
            said = {sha256(json.dumps(one).encode()).digest() for one in entries}
            if entries and said <= known:
                return
            known |= said
            yield page, data, entries
            if len(entries) < self.api.size:
                return
        most = f"more than {self.api.max_pages} pages; `paging.max_pages` in the table says how many there may be"
        raise Unreachable(f"{self.what(call, {})}: {most}")

    def parsed(self, call: Call, fill: dict[str, str], data: bytes) -> Json:
        """The JSON of an answer, decimals as their text. Raises ``Unreachable`` where it is none."""
        try:
            return json.loads(data, parse_float=str)
        except (ValueError, RecursionError):
            raise Unreachable(f"{self.what(call, fill)}: the answer is {_looks(data)}, and no JSON that can be read") from None

    # --- telling ------------------------------------------------------------------------------------------------------

    def tell(
        self,
        name: str,
        body: Json,
        *,
        doubtful: bool = False,
        first: bool = False,
        going: Callable[[], None] = lambda: None,
        **fill: str,
    ) -> Told:
        """Have something done, once. ``doubtful``: it was sent before, and nobody knows what became of it. ``first``: somebody else
        may have done it, or we, when our books are a copy: that is asked, as far as the API answers it. ``going`` is called just
        before it goes out.

        Raises ``Unreachable`` (it may have been done: say ``doubtful`` the next time), ``Declined`` (it was not done).
        """
        call, wait, why, tried = self.api.call(name), self.api.wait, "", 0
        for n in range(self.api.tries):
            if not self.patient(wait if n else 0):
                break
            wait, tried = min(wait * 2, self.api.wait_most) if n else wait, n + 1
            if call.proof is not None and (doubtful or (first and not n)):
                body = self.left(call, call.proof, body, fill, sure=doubtful)
                if body is None:
                    return Told(None, "it had been done already", before=True)
            going()
            try:
                answer = self.send(call, fill, body)
            except NoAnswer as error:
                why, doubtful = self.shown(str(error)), doubtful or error.sent
                continue
            if answer.status in call.success and _is_answer(answer.data):
                return Told(answer.status, self.said(call, answer))
            if 200 <= answer.status < 300:
                doubtful = True  # done in a way that we do not know; or something between us and the API answered in its place
            elif not self.passing(answer):
                refusal = self.refusal(call, fill, body, answer)
                if call.proof is None or isinstance(refusal, Unreachable):
                    raise refusal
                left = self.left(call, call.proof, body, fill, sure=doubtful)
                if left is None:
                    return Told(answer.status, f"it had been done already ({self.said(call, answer)})", before=True)
                if left == body:
                    raise refusal
                body = left  # a part of it was there, and kept the rest from being done
            doubtful = doubtful or answer.status != TOO_MANY
            why, wait = self.said(call, answer), max(wait, min(answer.after, self.api.wait_most))
        raise self.in_vain(call, fill, why, tried)

    def left(self, call: Call, proof: Proof, body: Json, fill: dict[str, str], *, sure: bool) -> Json:
        """What of a body was not done yet; None when all of it was. Where it must be ``sure``, an API that does not answer that
        raises ``Unreachable``; otherwise it counts as not done."""
        other = self.api.call(proof.call)
        try:
            found = self.parsed(other, fill, self.ask(proof.call, **{k: v for k, v in fill.items() if k != "line"}))
            return self.undone(other, proof, body, fill, found)
        except (Declined, _Unproven) as error:
            if sure:
                why = f"whether it was done cannot be found out, so it is not sent again: {error}"
                raise Unreachable(f"{self.what(call, fill)}: {why}") from None
            return body

    def undone(self, other: Call, proof: Proof, body: Json, fill: dict[str, str], found: Json) -> Json:
        """What of a body an answer does not show. Raises ``_Unproven`` for an answer that shows nothing at all."""
        if proof.list is None:
            state = _text(get(found, proof.value)) if isinstance(found, dict) else ""
            if not state:
                raise _Unproven(f"the answer to {self.what(other, fill)} does not say how far it is")
            return None if state in proof.among else body
        place = tuple(Step(s.name, s.each, s.index, tuple((k, _filled(v, fill)) for k, v in s.codes)) for s in proof.list)
        held = _entry(found, place) if place else found
        if not isinstance(held, list):
            raise _Unproven(f"the answer to {self.what(other, fill)} has no list of what was done")
        known = {tuple(_text(one.get(key)) for key in proof.match) for one in held if isinstance(one, dict)}
        sent = [one for one in body.get(proof.sent, ()) if all(_text(one.get(k)) == v for k, v in proof.where.items())]
        missing = [one for one in sent if tuple(_text(one.get(key)) for key in proof.match) not in known]
        if not missing:
            return None
        return {**body, proof.sent: missing} if proof.rest else body

    # --- patience -----------------------------------------------------------------------------------------------------

    def patient(self, wait: float) -> bool:
        """Wait before a try; False, and no wait, where that would be more than a run may wait in vain."""
        if self.manners.waited + wait > self.api.patience:
            return False
        self.manners.waited += wait
        if wait:
            self.sleep(wait)
        return True

    @property
    def weary(self) -> bool:
        """Whether a run has waited in vain for so long that it asks no more."""
        return self.manners.waited > self.api.patience

    def in_vain(self, call: Call, fill: dict[str, str], why: str, tried: int) -> Unreachable:
        """No try succeeded."""
        said = f"{why}. It was tried {tried} time{'s' * (tried != 1)}" if why else "the API was waited for long enough"
        return Unreachable(f"{self.what(call, fill)}: {said}; nothing is lost, and it is tried again later")

    # --- one request --------------------------------------------------------------------------------------------------

    def send(self, call: Call, fill: dict[str, str], body: Json) -> Answer:
        """One request, at the pace that the API bears, recorded before and after. Raises ``NoAnswer``."""
        now = self.clock()
        if now < self.manners.free:
            self.sleep(self.manners.free - now)
        self.manners.free = max(now, self.manners.free) + self.api.pace
        data = None if body is None else dumped(body).encode()
        shown = path_of(call, fill, keep=("seller",))
        path = path_of(call, {**fill, "seller": self.credentials["seller"]})
        query = {key: _filled(value, fill) for key, value in call.query.items()}
        headers = {**self.api.headers, **{name: self.credentials[key] for name, key in self.api.secrets.items()}}
        number, began = self.recorder.before(call.name, call.method, shown, data), self.clock()
        try:
            answer = self.line.send(call.method, path, query, headers, data)
        except NoAnswer as error:
            self.manners.waited += max(0, self.clock() - began)
            self.recorder.after(number, None, self.shown(str(error)))
            raise
        if answer.status not in call.success:
            self.manners.waited += max(0, self.clock() - began)
        self.recorder.after(number, answer.status, self.said(call, answer))
        return answer

    def passing(self, answer: Answer) -> bool:
        """Whether what is wrong may pass by itself."""
        status = answer.status
        return status >= 500 or status in self.api.again or (status in self.api.empty and not answer.data.strip())

    def said(self, call: Call, answer: Answer) -> str:
        """What an answer says, in a line: its message where it has one. Of one that says yes no more: orders in it name people."""
        size = f"{answer.status}, {len(answer.data)} bytes"
        if answer.status in call.success and _is_answer(answer.data):
            return size
        if 300 <= answer.status < 400:
            return f"{answer.status}: it leads elsewhere ({self.shown(answer.place)}), and that is not followed"
        try:
            held = json.loads(answer.data, parse_float=str)
        except (ValueError, RecursionError):
            return f"{answer.status}, with {_looks(answer.data)}"
        for path in self.api.message:
            if isinstance(message := get(held, path), str):
                return f"{answer.status}: {self.shown(message)}"
        if answer.status in call.success:
            return size
        text = self.shown(answer.data.decode("utf-8", "replace"))
        return f"{answer.status}: {text}" if text else f"{answer.status}"

    def shown(self, text: str) -> str:
        """A text of theirs for people: cut, and without secrets."""
        text = self.credentials.hidden(" ".join(text.split()))
        text = "".join(c if c.isprintable() else "\ufffd" for c in text[: _SHOWN + 1])
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

    def what(self, call: Call, fill: dict[str, str]) -> str:
        """A request as people name it."""
        return f"{call.method} {path_of(call, fill, keep=('seller',))} ({call.about})"

    def refusal(self, call: Call, fill: dict[str, str], body: Json, answer: Answer) -> Declined | Unreachable:
        """It will not be done, whatever is tried; or not now, where it is us who are refused, and not what we sent."""
        if 300 <= answer.status < 400 or answer.status in self.api.barred:
            self.manners.waited = max(self.manners.waited, self.api.patience) + 1  # nobody knocks on while the door is shut
            cure = "Look at your credentials and at the host; what waits stays, and is sent when it works"
            return Unreachable(f"{self.what(call, fill)}: {self.said(call, answer)}. {cure}")
        sent = "" if body is None else f"; sent was {self.shown(dumped(body))}"
        return Declined(f"{self.what(call, fill)} was refused: {self.said(call, answer)}{sent}")


def address(api: Api, host: str, live: bool) -> str:
    """Where requests go. Raises ``SettingsError`` for anything but this machine, unless ``live``."""
    if local(host):
        return host
    if host not in api.hosts:
        names = ", ".join(api.hosts)
        raise SettingsError(f"connection.host is one of {names}, or http://127.0.0.1:PORT of a simulator; it says {host!r}")
    if not live:
        raise SettingsError(f"nothing is sent to {api.hosts[host]} unless exchange.toml says `live = true` under [connection]")
    return api.hosts[host]


class _Unproven(Exception):
    """An answer is none to what was asked."""


def path_of(call: Call, fill: dict[str, str], keep: tuple[str, ...] = ()) -> str:
    """The path filled in. Raises ``SettingsError`` for what is nothing that can be asked for."""
    try:
        return call.filled(keep, **{name: value for name, value in fill.items() if name in call.places})
    except ValueError as error:
        raise SettingsError(f"{call.name}: {error}") from error


def _filled(text: str, fill: dict[str, str]) -> str:
    return _HOLE.sub(lambda found: fill.get(found[1], found[0]), text)


def _entry(holder: Json, place: tuple[Step, ...]) -> Json:
    """What stands at a path; a number and its text are the same value."""
    for step in place:
        holder = holder.get(step.name) if isinstance(holder, dict) else None
        if step.codes and isinstance(holder, list):
            fits = (one for one in holder if isinstance(one, dict) and all(_text(one.get(k)) == v for k, v in step.codes))
            holder = next(fits, None)
        elif step.index is not None and isinstance(holder, list):
            holder = holder[step.index] if step.index < len(holder) else None
    return holder


def _text(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None or isinstance(value, (dict, list)) else json.dumps(value)


def _is_answer(data: bytes) -> bool:
    """Whether it is what an API may say: JSON, or nothing at all."""
    try:
        json.loads(data.strip() or b"null", parse_float=str)
        return True
    except (ValueError, RecursionError):
        return False


def _looks(data: bytes) -> str:
    """What bytes look like that are no JSON."""
    head = data[:512].lstrip().lower()
    if not head:
        return "nothing at all"
    if head.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if head[:1] in (b"[", b"{"):
        return "JSON that breaks off or is damaged"
    return "something else than JSON"
