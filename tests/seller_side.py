"""A simulated seller API on a port of this machine, for tests: over real sockets, so that answers can really be lost.

One server listens as long as the tests run; behind it stands the API of the test that is at work.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import uvicorn

from translator.connect.credentials import Credentials
from translator.connect.seller import Seller, seller
from translator.connect.simulated import application

SECRETS = {"key": "k-7f3a-secret", "seller": "5f0000000000000000000001", "token": "t-99aa-secret"}


def credentials() -> Credentials:
    return Credentials(SECRETS)


_BEHIND: list[Any] = []  # the applications of the tests at work, the last of which is asked


async def _asked(scope: Any, receive: Any, send: Any) -> None:
    await _BEHIND[-1](scope, receive, send)


@cache
def _host() -> str:
    """Where the server listens; it ends with the process."""
    server = uvicorn.Server(uvicorn.Config(_asked, host="127.0.0.1", port=0, log_level="critical", lifespan="off"))
    threading.Thread(target=server.run, daemon=True).start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.005)
    [socket] = [one for listener in server.servers for one in listener.sockets][:1]
    return f"http://127.0.0.1:{socket.getsockname()[1]}"


@contextmanager
def listening(*faults: str, orders: list[dict[str, Any]] | None = None, slow: float = 3) -> Iterator[tuple[Seller, str]]:
    """The API's side, and where it listens; one at a time."""
    side = seller("plus", orders=orders, faults=faults)
    side.slow = slow
    _BEHIND.append(application(side))
    try:
        yield side, _host()
    finally:
        _BEHIND.pop()
