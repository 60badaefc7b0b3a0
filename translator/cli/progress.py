"""The progress bar: what lasts longer than a second on a terminal says how far it is, on stderr, and leaves nothing behind.

Work that is short shows nothing, nor does work whose stderr is no terminal, a dumb one, or one of a build server (``CI``); with
``NO_COLOR`` it is plain. Whatever else is printed meanwhile stands as it would without it: the bar is taken away first, and drawn
again below. A timer draws, not the work, which only counts; without such timers (outside POSIX) there is no bar.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from translator.cli.colour import coloured
from translator.findings import clean

Saw = Callable[[int], None]
BYTES = "bytes"
_AFTER = 1.0  # seconds of work that show nothing
_EVERY = 0.1
_NAME = 32  # characters of what is worked on
_LEAST, _MOST = 8, 40  # columns of the bar itself
_busy = False  # one bar at a time: work within work is part of it


@contextmanager
def progress(what: str, total: int | None = None, unit: str = "documents") -> Iterator[Saw]:
    """A bar while work lasts; the work tells how much is done so far, in ``unit``, of ``total`` where that is known."""
    global _busy
    if _busy or not _wanted():
        yield lambda _: None
        return
    bar = _Bar(what, total, unit)
    aside = [(name, getattr(sys, name)) for name in ("stdout", "stderr") if getattr(sys, name).isatty()]
    for name, stream in aside:
        stream.flush()
        setattr(sys, name, _Aside(stream, bar))
    before = signal.signal(signal.SIGALRM, bar.draw)
    signal.setitimer(signal.ITIMER_REAL, _AFTER, _EVERY)
    _busy = True
    try:
        yield bar.saw
    finally:
        _busy = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before or signal.SIG_DFL)
        bar.erase()
        for name, stream in aside:
            setattr(sys, name, stream)


@contextmanager
def counted(stream: IO[bytes], what: str, total: int | None) -> Iterator[IO[bytes]]:
    """A stream with a bar for the bytes that are read of it; the stream itself where there is no bar."""
    with progress(what, total, BYTES) as saw:
        yield io.BufferedReader(_Counted(stream, saw)) if _busy else stream


def _wanted() -> bool:
    """Whether there is somebody who can see a bar, and a timer to draw it."""
    if not hasattr(signal, "setitimer") or os.environ.get("CI") or os.environ.get("TERM", "dumb") == "dumb":
        return False
    return sys.stderr.isatty() and threading.current_thread() is threading.main_thread()


class _Bar:
    """What is drawn, and whether it stands on the screen."""

    def __init__(self, what: str, total: int | None, unit: str) -> None:
        self.what, self.total, self.unit = clean(what)[:_NAME], total, unit
        self.done = 0
        self.begun = time.monotonic()
        self.shown = False
        self.still = False  # somebody else is writing, or has begun a line
        self.screen = sys.stderr.fileno()
        self.encoding = sys.stderr.encoding or "ascii"
        self.colour = coloured(sys.stderr)

    def saw(self, done: int) -> None:
        """So much is done."""
        self.done = done

    def draw(self, *_: object) -> None:
        """Draw it anew; called by the timer, between two steps of the work."""
        if self.still:
            return
        try:
            columns = os.get_terminal_size(self.screen).columns or 80
        except OSError:
            columns = 80
        self.shown = True
        self.put(f"\r{self.line(columns - 1)}\x1b[K")

    def erase(self) -> None:
        """Take it away: the line is as it was."""
        if self.shown:
            self.shown = False
            self.put("\r\x1b[K")

    def put(self, text: str) -> None:
        """Straight to the screen: what Python holds back for stderr may be in the middle of something."""
        try:
            os.write(self.screen, text.encode(self.encoding, "replace"))
        except OSError:  # the terminal is gone: the work goes on
            self.still = True

    def line(self, columns: int) -> str:
        """What is drawn, at most so many columns wide."""
        seconds = max(time.monotonic() - self.begun, 0.001)
        words = self.amounts(seconds)
        text = "  ".join([self.what, *words])
        room = min(columns - len(text) - 2, _MOST)
        if self.total and room >= _LEAST:
            full = min(self.done * room // self.total, room)
            mark, rest = ("━", " ") if self.encoding.lower().startswith("utf") else ("=", " ")
            drawn = mark * full
            drawn = f"\x1b[32m{drawn}\x1b[0m" if self.colour else drawn
            return "  ".join([self.what, drawn + rest * (room - full), *words])
        return text[:columns]

    def amounts(self, seconds: float) -> list[str]:
        """How far it is, how fast, and how long it has lasted or will last."""
        rate = self.done / seconds
        clock = int(seconds)
        words = []
        if self.total:
            words.append(f"{min(100 * self.done // self.total, 100)}%")
            if rate:
                clock = int(max(self.total - self.done, 0) / rate)
        if self.done and self.unit == BYTES:
            words += [f"{self.done / 1e6:.1f} MB", f"{rate / 1e6:.{1 if rate >= 1e6 else 2}f} MB/s"]
        elif self.done:
            words += [f"{self.done} {self.unit}", f"{rate:.0f} {self.unit}/s" if rate >= 10 else f"{rate:.1f} {self.unit}/s"]
        left = " left" if self.total and rate else ""
        return [*words, f"{clock // 60}:{clock % 60:02d}{left}"]


class _Aside:
    """A stream of the terminal: the bar is taken away before something is written to it, and comes back after a whole line."""

    def __init__(self, stream: Any, bar: _Bar) -> None:
        self._stream, self._bar = stream, bar

    def write(self, data: Any) -> Any:
        self._bar.still = True
        self._bar.erase()
        written = self._stream.write(data)
        self._stream.flush()
        if data:
            self._bar.still = not data.endswith("\n" if isinstance(data, str) else b"\n")
        return written

    @property
    def buffer(self) -> _Aside:
        """The bytes below a text stream."""
        return _Aside(self._stream.buffer, self._bar)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Counted(io.RawIOBase):
    """Bytes that are counted as they are read."""

    def __init__(self, stream: IO[bytes], saw: Saw) -> None:
        self._read = getattr(stream, "read1", None) or stream.read
        self._saw, self._done = saw, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._read(len(buffer)) or b""
        buffer[: len(data)] = data
        self._done += len(data)
        self._saw(self._done)
        return len(data)
