"""The one place that opens a connection: a request goes in, the status and the bytes of its answer come out, or why there is none.

Certificates are checked, no redirect is followed, and an answer that is longer than its limit, unpacked, or takes longer than its
time, however steadily it drips, is not read to its end. Plain http is spoken with this machine alone. Nothing is tried twice here,
and nothing is understood.
"""

from __future__ import annotations

import logging
import re
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

from attrs import define

from translator.errors import SettingsError

if TYPE_CHECKING:
    import httpx

HERE = ("127.0.0.1", "localhost", "::1")


@define
class Answer:
    """What came back. ``after`` is how many seconds the other side wants us to wait (Retry-After), 0 where it does not say."""

    status: int
    data: bytes
    after: float = 0
    place: str = ""  # of a redirect that was not followed


class NoAnswer(Exception):
    """The request may or may not have arrived; ``sent`` is False where it surely did not."""

    def __init__(self, why: str, sent: bool) -> None:
        super().__init__(why)
        self.sent = sent


class Line:
    """Connections to one host."""

    def __init__(self, host: str, *, connect: float, answer: float, most: int) -> None:
        try:
            import httpx
        except ImportError as error:
            raise SettingsError('this needs the extra "connect": pip install "supplier-edi[connect]"') from error
        logging.getLogger("httpx").disabled = True  # it tells every address, and the seller's id stands in them
        self.most, self.within = most, connect + answer
        self.stream: Any = None  # what the last connection reads from
        timeout = httpx.Timeout(answer, connect=connect)
        here = local(host)
        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if here else True  # here nobody is trusted: plain http asks nobody
        self.client: httpx.Client = httpx.Client(
            base_url=host, timeout=timeout, follow_redirects=False, trust_env=not here, verify=trusted
        )

    def __enter__(self) -> Line:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.client.close()

    def send(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes | None) -> Answer:
        """One request. Raises ``NoAnswer``."""
        import httpx

        asked = self.client.build_request(
            method, path, params=query or None, content=body,
            headers={**headers, "accept-encoding": "gzip"}, extensions={"trace": self.seen},
        )  # fmt: skip
        late = threading.Event()
        try:
            with self.ending(late), closing(self.client.send(asked, stream=True)) as got:
                data = self.read(got)
                if late.is_set():
                    raise NoAnswer("no answer came in time", sent=True)
                return Answer(got.status_code, data, _after(got.headers.get("retry-after", "")), got.headers.get("location", ""))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise NoAnswer(f"it cannot be reached ({_said(error)})", sent=False) from None
        except httpx.TimeoutException:
            raise NoAnswer("no answer came in time", sent=True) from None
        except httpx.HTTPError as error:
            why = "no answer came in time" if late.is_set() else f"the connection broke ({_said(error)})"
            raise NoAnswer(why, sent=True) from None

    def read(self, got: httpx.Response) -> bytes:
        """The bytes of an answer, unpacked as far as the limit allows. Raises ``NoAnswer``."""
        packed = got.headers.get("content-encoding", "identity").strip().lower()
        if packed not in ("identity", "gzip"):
            raise NoAnswer("its answer is packed in a way that was not asked for", sent=True)
        data, unpacker = bytearray(), zlib.decompressobj(31)  # 31: gzip, with its checksum
        try:
            for piece in got.iter_raw():
                data += unpacker.decompress(piece, self.most + 1 - len(data)) if packed == "gzip" else piece
                if len(data) > self.most:
                    raise NoAnswer(f"its answer is longer than {self.most} bytes, and was not read to its end", sent=True)
        except zlib.error:
            raise NoAnswer("its answer cannot be unpacked", sent=True) from None
        if packed == "gzip" and data and not unpacker.eof:
            raise NoAnswer("its answer breaks off", sent=True)
        return bytes(data)

    def seen(self, event: str, about: dict[str, Any]) -> None:
        """Told what the connection does: what it reads from is kept, so that it can be ended."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self.stream = about["return_value"]

    @contextmanager
    def ending(self, late: threading.Event) -> Iterator[None]:
        """Within it, the connection is ended when time is up: what is read piece by piece may come for ever."""

        def end() -> None:
            late.set()
            held = self.stream.get_extra_info("socket") if self.stream is not None else None
            if held is not None:
                with suppress(OSError):
                    socket.socket.shutdown(held, socket.SHUT_RDWR)  # of the socket itself: nothing is said in TLS

        timer = threading.Timer(self.within, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def local(host: str) -> bool:
    """Whether a host is this machine."""
    found = re.fullmatch(r"http://(?:\[(::1)\]|([a-z0-9.]+))(?::[0-9]{1,5})?", host)
    return found is not None and (found[1] or found[2]) in HERE


def _after(text: str) -> float:
    """Seconds of a Retry-After; a date there is not waited for, since clocks differ."""
    return float(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
