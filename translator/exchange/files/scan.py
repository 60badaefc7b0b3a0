"""What waits in a folder: a path goes in, its files come out, oldest first, and what is no file to be taken. Nothing is opened."""

from __future__ import annotations

import heapq
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TypeVar

from attrs import define, field

from translator.exchange.files.faults import attempt

_T = TypeVar("_T")
UNDER_WAY = (".tmp", ".part", ".partial", ".filepart", "~")
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@define
class Look:
    """A file as seen once. ``name`` may hold anything but a slash: show it by ``names.shown``. Size in bytes.

    Its time serves to order files and to see a change; it is never held against our own clock.
    """

    name: str
    device: int
    inode: int
    size: int
    mtime_ns: int

    @property
    def raw(self) -> bytes:
        """The name as the folder has it."""
        return os.fsencode(self.name)


@define
class Odd:
    """Something in the folder that is no file to be taken: its name, and what it is, in words. It was not opened.

    Worth a word only when it is still there at a second look: a file being put there by a second name is odd for a moment.
    """

    name: str
    what: str


@define
class Waiting:
    """What a look found. ``uploads`` are under way by their names; ``left`` counts the files that were over ``most``."""

    files: list[Look] = field(factory=list)
    uploads: list[Look] = field(factory=list)
    odd: list[Odd] = field(factory=list)
    left: int = 0


def look(folder: Path, ours: Collection[str] = (), most: int | None = None) -> Waiting:
    """The files of a folder by time, then name; memory is some 300 bytes for each, or for ``most`` of them, the oldest.
    Whoever takes ``most`` and then passes over some must see to it that these do not stand before all others for ever.

    ``ours`` names folders inside that are no surprise. Names that begin with a dot are passed over, and so are names that end
    as uploads under way do. What vanishes meanwhile is not there.
    """
    waiting = Waiting()
    with attempt("looked into", folder):
        files = _files(folder, ours, most, waiting)
        waiting.files = sorted(files, key=_age) if most is None else heapq.nsmallest(most, files, key=_age)
    waiting.left -= len(waiting.files)
    waiting.odd.sort(key=lambda odd: odd.name)
    return waiting


def unchanged(first: Look, second: Look) -> bool:
    """Whether two looks saw the same file, and nobody wrote into it between them."""
    return first == second


def seen(name: str, about: os.stat_result) -> Look:
    """A file as the operating system describes it."""
    return Look(name, about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)


def oddity(about: os.stat_result) -> str | None:
    """Why this is no file to be taken, in words; None when it is one."""
    if not stat.S_ISREG(about.st_mode):
        return _KINDS.get(stat.S_IFMT(about.st_mode), "no file")
    return None if about.st_nlink == 1 else "a file that has another name as well (a hard link)"


def _files(folder: Path, ours: Collection[str], most: int | None, waiting: Waiting) -> Iterator[Look]:
    """The files; what is not one of them goes into ``waiting``, at most ``most`` of a kind."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            try:
                about = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            except OSError as error:  # one that cannot be looked at does not hold up the others
                _add(waiting.odd, Odd(name, f"a file that cannot be looked at ({error.strerror})"), most)
                continue
            what = oddity(about)
            if name in ours and stat.S_ISDIR(about.st_mode):
                continue
            if what is not None:
                _add(waiting.odd, Odd(name, what), most)
            elif name.lower().endswith(UNDER_WAY):
                _add(waiting.uploads, seen(name, about), most)
            else:
                waiting.left += 1
                yield seen(name, about)


def _add(to: list[_T], one: _T, most: int | None) -> None:
    if most is None or len(to) < most:
        to.append(one)


def _age(file: Look) -> tuple[int, str]:
    return file.mtime_ns, file.name
