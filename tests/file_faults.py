"""The operating system failing, or the process dying, at any call of the exchange's files; what must hold afterwards.

``injected`` puts a function before every call, which may record it, refuse it or end the process there. ``STEPS`` says what is
there before, what is done, and what must hold when it has been done again. Used by ``test_exchange_files``, and by the processes
that it starts, which need no test runner.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from translator.exchange import files

ROOT = Path(__file__).resolve().parent.parent
DATA = bytes(range(256)) * 24  # more than one PIECE
PIECE = 4096
NAME = "111-2222222_856.edi"
MODULES = [module for name, module in list(sys.modules.items()) if name.startswith("translator.exchange.files.")]
CALLS = {
    *("open", "close", "read", "write", "fsync", "rename", "link", "unlink", "mkdir", "rmdir", "stat", "lstat", "fstat"),
    *("scandir", "listdir", "fchmod", "fchown", "dup", "access", "flock"),
}
ERRNOS = [errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EMFILE, errno.EINTR, errno.EXDEV]
Hook = Callable[[str, Callable[..., Any], tuple[Any, ...]], tuple[Any, ...] | None]  # what comes back is taken for the arguments


class Through:
    """A module of the operating system whose calls are told of before they are made. Nothing waits for the disk here."""

    def __init__(self, real: Any, hook: Hook) -> None:
        self._real, self._hook = real, hook

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        if name not in CALLS:
            return real

        def call(*args: Any, **named: Any) -> Any:
            args = self._hook(name, real, args) or args
            return None if name == "fsync" else real(*args, **named)

        return call


@contextmanager
def injected(hook: Hook) -> Iterator[None]:
    """Every call of the package goes through ``hook`` first, and reads and writes are of pieces that are short."""
    names = ("os", "fcntl", "_PIECE")
    kept = [(module, name, vars(module)[name]) for module in MODULES for name in names if name in vars(module)]
    for module, name, real in kept:
        setattr(module, name, PIECE if name == "_PIECE" else Through(real, hook))
    try:
        yield
    finally:
        for module, name, real in kept:
            setattr(module, name, real)


class Nth:
    """Refuses the call number ``number`` (from 1) with an errno, or ends the process there."""

    def __init__(self, number: int, error: int | None) -> None:
        self.left, self.error, self.hit = number, error, ""

    def __call__(self, name: str, real: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.left -= 1
        if self.left:
            return
        self.hit = name
        if self.error is None:
            os._exit(9)
        if name == "close":
            real(*args)  # a close that fails has closed
        raise OSError(self.error, os.strerror(self.error))


def at_ease(name: str, real: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """A hook that lets everything pass."""


def visible(folder: Path) -> list[str]:
    return sorted(name for name in os.listdir(folder) if not name.startswith("."))


def everything(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())


def put(folder: Path, name: str = NAME, data: bytes = DATA) -> files.Look:
    (folder / name).write_bytes(data)
    return next(one for one in files.look(folder).files if one.name == name)


def taken(folder: Path, *, undo: bool = False) -> list[bytes]:
    """All that waits in a folder, left claims first, as a pass takes it."""
    got = []

    def use(claimed: files.Claimed) -> None:
        try:
            got.append(files.read_claimed(claimed))
            assert undo is False or files.unclaim(claimed)
            if not undo:
                files.done(claimed)
        finally:
            files.leave(claimed)

    for claimed in files.claimed_left(folder):
        use(claimed)
    for one in files.look(folder).files:
        if claimed := files.claim(folder, one):
            use(claimed)
    return got


# --- what may fail or be killed at any call: what is there before, what is done, what must hold after it was done again --------


def nothing(folder: Path) -> None:
    pass


def waiting(folder: Path) -> None:
    put(folder)


def older(folder: Path) -> None:
    (folder / NAME).write_bytes(b"older")


def crashed(folder: Path) -> None:
    """A claim that nobody holds."""
    claimed = files.claim(folder, put(folder))
    assert claimed
    files.leave(claimed)


def stale(folder: Path) -> None:
    (folder / f".translator-{'0' * 16}.tmp").write_bytes(b"half")


def published(folder: Path) -> None:
    assert visible(folder) in ([], [NAME])
    assert all((folder / name).read_bytes() == DATA for name in visible(folder)), "whole or absent"
    assert files.publish(folder, NAME, DATA).read_bytes() == DATA
    files.sweep(folder)
    assert everything(folder) == [folder / NAME]


def replaced(folder: Path) -> None:
    assert (folder / NAME).read_bytes() in (b"older", DATA)
    files.replace(folder, NAME, DATA)
    files.sweep(folder)
    assert [path.read_bytes() for path in everything(folder)] == [DATA]


def archived(folder: Path) -> None:
    path = files.archive(folder / "2026-03", DATA, NAME)
    files.sweep(folder / "2026-03")
    assert everything(folder) == [path]


def took_once(folder: Path) -> None:
    """Until it is removed a file is in one place, under its own name, with its own bytes; then it is nowhere."""
    held = everything(folder)
    assert {path.name for path in held} <= {NAME}
    assert len({path.stat().st_ino for path in held}) == len(held[:1]), "one file"
    assert taken(folder) == [DATA] * len(held[:1])
    assert everything(folder) == []
    assert os.listdir(folder / ".claimed") == []


def still_there(folder: Path) -> None:
    assert everything(folder), "given back, never lost"
    took_once(folder)


def swept(folder: Path) -> None:
    files.sweep(folder)
    assert everything(folder) == []


def made(folder: Path) -> None:
    files.ensure_folders(folder / "erp" / "orders")
    assert (folder / "erp" / "orders").is_dir()


def is_marked(folder: Path) -> None:
    files.mark(folder)
    files.sweep(folder)
    files.check_folder(folder, marker=True)
    assert everything(folder) == [folder / ".translator-exchange"]


def locked(folder: Path) -> None:
    with files.lock(folder / "lock"):
        pass


STEPS: dict[str, tuple[Callable[[Path], None], Callable[[Path], object], Callable[[Path], None]]] = {
    "publish": (nothing, lambda folder: files.publish(folder, NAME, DATA), published),
    "publish again": (published, lambda folder: files.publish(folder, NAME, DATA), published),
    "replace": (older, lambda folder: files.replace(folder, NAME, DATA), replaced),
    "archive": (nothing, lambda folder: files.archive(folder / "2026-03", DATA, NAME), archived),
    "take": (waiting, taken, took_once),
    "take what was left": (crashed, taken, took_once),
    "give back": (waiting, lambda folder: taken(folder, undo=True), still_there),
    "give back what was left": (crashed, lambda folder: taken(folder, undo=True), still_there),
    "read": (waiting, lambda folder: files.read(folder / NAME), took_once),
    "sweep": (stale, files.sweep, swept),
    "make folders": (nothing, lambda folder: files.ensure_folders(folder / "erp" / "orders"), made),
    "mark": (nothing, files.mark, is_marked),
    "lock": (nothing, locked, locked),
}


def fails(name: str, folder: Path, nth: Nth, error: int) -> str:
    """Do a step in which a call fails, then do it again; the call that failed, or nothing when there were not so many."""
    before, step, after = STEPS[name]
    folder.mkdir()
    before(folder)
    told = None
    with injected(nth):
        try:
            step(folder)
        except files.FileFault as fault:
            told = fault
    if told:
        assert told.number == error
        assert str(folder) in str(told)
        assert os.strerror(error) in str(told)
        assert str(told).endswith(".")
        assert step is files.sweep or not [path for path in everything(folder) if path.name.endswith(".tmp")]
    after(folder)
    return nth.hit


def die_everywhere(name: str, where: str) -> None:
    """A child dies before the first, the second, … call, until one lives to the end. Run in a process of its own."""
    before, step, after = STEPS[name]
    code, number = 9, 0
    while code == 9:
        number += 1
        folder = Path(where) / str(number)
        folder.mkdir()
        with injected(at_ease):
            before(folder)
            child = os.fork()
            if not child:
                with injected(Nth(number, None)):
                    step(folder)
                os._exit(0)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            after(folder)
    print(code, number)


def here(script: str, *words: str | Path) -> subprocess.Popen[str]:
    """A process of its own that runs a script with this module as ``t``."""
    start = f"import sys; sys.path[:0] = sys.argv[1:3]; import file_faults as t; {script}"
    command = [sys.executable, "-c", start, str(ROOT / "tests"), str(ROOT), *map(str, words)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def worker(what: str, where: str, mine: str) -> None:
    """One of several processes at once; prints what it got."""
    folder = Path(where)
    with files.lock(folder / f"ready.{mine}.tmp"):
        pass
    with files.lock(folder / "go.tmp", seconds=30):
        pass
    if what == "claim":
        for _ in range(3):
            for one in files.look(folder).files:
                if claimed := files.claim(folder, one):
                    print(one.name, files.read_claimed(claimed).decode())
                    files.done(claimed)
            for claimed in files.claimed_left(folder):
                print(claimed.name, files.read_claimed(claimed).decode())
                files.done(claimed)
    else:
        for n in range(60):
            files.sweep(folder)
            try:
                files.publish(folder, f"{n}.edi", DATA if what == "same" else f"{mine} {n}".encode())
                print(n, mine)
            except files.NameTaken:
                assert what == "different"


def hold(where: str) -> None:
    with files.lock(Path(where)):
        print("held", flush=True)
        sys.stdin.read()
