"""Files read: a path goes in, its bytes come out, all of them or none. Folders, pipes and devices are never waited for."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from translator.exchange.files.faults import Changed, FileFault, TooLarge, attempt
from translator.exchange.files.scan import Look, oddity, seen

LIMIT = 64 << 20  # bytes
PLAIN = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_PIECE = 1 << 20


def read(path: Path, limit: int = LIMIT) -> bytes:
    """The bytes of a file that the operator named; it may be a symbolic link.

    ``TooLarge`` when it is over the limit, ``Changed`` when somebody writes into it, else a ``FileFault``.
    """
    with attempt("read", path):
        fd = os.open(path, PLAIN)
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise FileFault(path, "it is no file", "Name a file in the settings, or put one there")
            return whole(fd, path, limit)[0]
        finally:
            os.close(fd)


def peek(folder: Path, look: Look, limit: int = LIMIT) -> bytes | None:
    """The bytes of a file where it lies, as it was seen; None when it is gone, is another by now, or is over the limit."""
    path = folder / look.name
    with attempt("read", path):
        try:
            fd = os.open(path, PLAIN | os.O_NOFOLLOW)
        except FileNotFoundError:
            return None
        try:
            about = os.fstat(fd)
            if oddity(about) or seen(look.name, about) != look or about.st_size > limit:
                return None
            data, after = whole(fd, path, limit)
            return data if seen(look.name, after) == look else None
        except Changed:
            return None
        finally:
            os.close(fd)


def content(folder: Path, place: str) -> bytes | None:
    """The bytes of a file of ours below a folder; None when there is none of that name."""
    path = folder / place
    with attempt("read", path):
        try:
            fd = os.open(path, PLAIN | os.O_NOFOLLOW)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            return whole(fd, path, 1 << 40)[0] if stat.S_ISREG(os.fstat(fd).st_mode) else None
        finally:
            os.close(fd)


def below(place: Path) -> Iterator[Path]:
    """A file that the operator named, or the plain files of a folder and of those in it, by name.

    Names that begin with a dot are passed over; links below the folder are not followed, and what is no file is not opened.
    """
    with attempt("looked at", place):
        folder = stat.S_ISDIR(os.stat(place).st_mode)
    if not folder:
        yield place
        return
    with attempt("looked into", place), os.scandir(place) as entries:
        held = sorted((entry.name, entry.is_dir(follow_symlinks=False), entry.is_file(follow_symlinks=False)) for entry in entries)
    for name, inner, plain in held:
        if name.startswith("."):
            continue
        if inner:
            yield from below(place / name)
        elif plain:
            yield place / name


def age(path: Path) -> int:
    """When a file was last written, in nanoseconds: to put files in order. 0 when it is gone."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def exists(path: Path) -> bool:
    """Whether there is something of that name."""
    with attempt("looked at", path):
        return os.path.lexists(path)


def size(path: Path) -> int | None:
    """The bytes of a file of ours, without reading it; None when there is none, or what is there is no file."""
    with attempt("looked at", path):
        try:
            about = os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        return about.st_size if stat.S_ISREG(about.st_mode) else None


def names(folder: Path) -> set[str]:
    """The names of all that lies in a folder."""
    with attempt("listed", folder):
        return set(os.listdir(folder))


def whole(fd: int, path: Path, limit: int) -> tuple[bytes, os.stat_result]:
    """What is in an open file from its beginning, and how it stood before and after; the same exceptions."""
    before = os.fstat(fd)
    if before.st_size > limit:
        cure = "Have it sent in smaller files, or raise the limit in the settings"
        raise TooLarge(path, f"it is larger than the limit of {limit} bytes", cure)
    pieces, left = [], limit + 1
    while left and (piece := os.read(fd, min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
    data, after = b"".join(pieces), os.fstat(fd)
    if (before.st_size, before.st_mtime_ns) != (len(data), after.st_mtime_ns):
        raise Changed(path, "it changed while it was read", "Nothing to do: it is taken when it no longer changes")
    return data, after
