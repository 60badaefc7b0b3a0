"""Locks: a path goes in, and while the block runs nobody else holds it. A lock dies with its process; there are no pid files."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from translator.exchange.files.faults import Busy, attempt

# A file system without locks says one of these.
_UNKNOWN = {errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
_PATIENCE = 60.0  # seconds for a folder; it is held for one file's writing
_CURE = "Wait until it is done, or end it, then run again"


@contextmanager
def lock(path: Path, seconds: float = 0.0) -> Iterator[None]:
    """Hold a lock file, waiting at most ``seconds`` for it. Raises ``Busy``, or ``FileFault`` where locks are not to be had.

    The file is made when it is missing and never removed: its removal would let two in. It must be on a local disk.
    """
    fd = _locked(path, time.monotonic() + seconds)
    try:
        yield
    finally:
        with attempt("closed", path):
            os.close(fd)


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """A folder as a descriptor that everything inside is done by, so that nothing can be put in its place meanwhile.

    It is held against all other processes of ours that write, claim or sweep in it.
    """
    with attempt("opened", folder):
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            if not seize_if_known(fd, _PATIENCE):
                raise Busy(folder, f"another process has held this folder for {_PATIENCE:.0f} seconds", _CURE)
            yield fd
        finally:
            os.close(fd)


def seize(fd: int, seconds: float = 0.0) -> bool:
    """Take the lock of an open file, waiting at most ``seconds``; whether it was got. Closing the file lets go of it."""
    until, pause = time.monotonic() + seconds, 0.001
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(pause)
            pause = min(0.02, pause * 2)
        else:
            return True


def seize_if_known(fd: int, seconds: float = 0.0) -> bool:
    """The same, and got at once where the file system has no locks: there the lock over a whole pass has to do."""
    try:
        return seize(fd, seconds)
    except OSError as error:
        if error.errno in _UNKNOWN:
            return True
        raise


def _locked(path: Path, until: float) -> int:
    """The lock file, open and ours."""
    with attempt("locked", path):
        while True:
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
            try:
                if not seize(fd, until - time.monotonic()):
                    raise Busy(path, "another process is at work here", _CURE)
                if _still(path, fd):
                    return fd
            except BaseException:
                os.close(fd)
                raise
            os.close(fd)


def _still(path: Path, fd: int) -> bool:
    """Whether the locked file is the one that stands there: else somebody removed it, and another may hold the next."""
    try:
        there, here = os.stat(path, follow_symlinks=False), os.fstat(fd)
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)
