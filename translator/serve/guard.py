"""Who is let in: a request goes in; it goes on, within limits, or gets a page that says why not. Every answer gets its headers.

The page is for one person at this computer. Any site that is open in the same browser can send requests to it, and a site whose
name resolves to 127.0.0.1 could read the answers. Hence: the ``Host`` must be this page's own address; a browser's word on where
a request comes from (``Sec-Fetch-Site``, ``Origin``) must be this page; forms carry a token of this process; nothing is cached,
framed, or loaded from anywhere.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from attrs import define, field

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Refusal = Callable[[int, str, str, str], App]

HOSTS = ("127.0.0.1", "localhost")
METHODS = ("GET", "HEAD", "POST")
LARGEST = 32 << 20  # bytes of a request
_DRAINED = 256 << 20  # bytes of a larger one that are thrown away: a browser shows no page before it has sent all
_POLICY = (
    "default-src 'none'; style-src 'nonce-{0}'; script-src 'nonce-{0}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class TooLarge(Exception):
    """More bytes came than a request may have."""


class TooSlow(Exception):
    """A request did not come to its end in time."""


@define(eq=False)
class Limits:
    """``largest`` in bytes; ``pause`` and ``whole`` in seconds: between two pieces of a request, and for all of it."""

    largest: int = LARGEST
    pause: float = 20
    whole: float = 120


@define(eq=False)
class Guard:
    """An ASGI application around another one. ``refusal`` makes the page of (status, title, sentence, nonce)."""

    app: App
    port: int
    refusal: Refusal
    limits: Limits = field(factory=Limits)

    @property
    def names(self) -> frozenset[str]:
        """What the ``Host`` may be."""
        bare = HOSTS if self.port == 80 else ()  # a browser leaves this port out
        return frozenset((*(f"{host}:{self.port}" for host in HOSTS), *bare))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        nonce = secrets.token_urlsafe(18)
        scope["state"] = {**scope.get("state", {}), "nonce": nonce}
        policy = (b"content-security-policy", _POLICY.format(nonce).encode())

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), policy, *_HEADERS]
            await send(message)

        no = self._why_not(scope)
        if no is None:
            await self.app(scope, self._counted(receive), sending)
            return
        status, title, sentence = no
        if status == 413:
            await self._drained(receive)
        await self.refusal(status, title, sentence, nonce)(scope, receive, sending)

    def _why_not(self, scope: Scope) -> tuple[int, str, str] | None:
        """Why a request is refused before a byte of its body is read: status, title, sentence."""
        said = _headers(scope)
        host = said.get("host", [])
        if len(host) != 1 or host[0].lower() not in self.names:
            return 421, "This address is not mine", f"Open http://{HOSTS[0]}:{self.port}/ instead; no other name is answered."
        method = scope["method"]
        if method not in METHODS:
            return 405, "This cannot be done", "The page is only looked at, and its forms are sent: GET and POST."
        if not _from_here(method, said, f"http://{host[0].lower()}"):
            return (
                403,
                "Another site asked for this",
                f"A request did not begin on this page, and was refused. Type http://{HOSTS[0]}:{self.port}/ yourself.",
            )
        length = said.get("content-length", ["0"])
        if len(length) != 1 or not (length[0].isascii() and length[0].isdigit()) or len(length[0]) > 18:
            return 400, "This request is damaged", "It does not say how long it is."
        if int(length[0]) > self.limits.largest:
            return too_large(self.limits.largest)
        return None

    def _counted(self, receive: Receive) -> Receive:
        """The body as it comes, as long as it keeps the limits. Raises ``TooLarge``, ``TooSlow``."""
        count, end = 0, asyncio.get_running_loop().time() + self.limits.whole

        async def counted() -> Message:
            nonlocal count
            left = end - asyncio.get_running_loop().time()
            try:
                message = await asyncio.wait_for(receive(), max(0, min(self.limits.pause, left)))
            except TimeoutError:
                raise TooSlow from None
            count += len(message.get("body", b""))
            if count > self.limits.largest:
                raise TooLarge
            return message

        return counted

    async def _drained(self, receive: Receive) -> None:
        """Take what a request still sends, and keep none of it: up to a limit, and as long as it comes."""
        count = 0
        try:
            async with asyncio.timeout(self.limits.whole):
                while count <= _DRAINED:
                    message = await asyncio.wait_for(receive(), self.limits.pause)
                    count += len(message.get("body", b""))
                    if message["type"] != "http.request" or not message.get("more_body"):
                        return
        except TimeoutError:
            return


def too_large(largest: int) -> tuple[int, str, str]:
    """Status, title and sentence for a request that is too large."""
    return (
        413,
        "This is too much at once",
        f"The page takes up to {largest >> 20} MB. For larger files use the commands: `translator check FILE` reads any size.",
    )


def _from_here(method: str, said: dict[str, list[str]], here: str) -> bool:
    """Whether a request comes from this page, or from nowhere: typed into the address line, or not sent by a browser.

    ``Origin`` is ``null`` in forms of a page without referrer, so ``Sec-Fetch-Site`` decides where it is there; a form without
    either is nobody's.
    """
    site, origin = said.get("sec-fetch-site", []), said.get("origin", [])
    if len(site) > 1 or len(origin) > 1:
        return False
    if method != "POST":
        return site in ([], ["none"], ["same-origin"]) and origin in ([], [here])
    if site:
        return site == ["same-origin"] and origin in ([], ["null"], [here])
    return origin == [here]


def _headers(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found
