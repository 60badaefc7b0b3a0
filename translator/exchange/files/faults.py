"""What can be wrong with files, for the operator: an OSError goes in, an exception that names path and cure comes out."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from translator.exchange.files.names import shown

_SPACE = "Make room there, then run again"
_RIGHTS = "Give the user that runs this program the right to do so, then run again"
_SHARE = "Bring the disk or share back, then run again"
_OPEN = "Too much is open at once: close programs or raise the limit (ulimit -n), then run again"
_CURES = {
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
    errno.EFBIG: _SPACE,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: "It can only be read from: have it mounted for writing, then run again",
    errno.EMFILE: _OPEN,
    errno.ENFILE: _OPEN,
    errno.EIO: "The disk or share fails: have it looked at, then run again",
    errno.ESTALE: _SHARE,
    errno.ENOTCONN: _SHARE,
    errno.EHOSTDOWN: _SHARE,
    errno.ETIMEDOUT: _SHARE,
    errno.ENODEV: _SHARE,
    errno.ENOENT: "Make the folder again, or name the right one in the settings, then run again",
    errno.ENOTDIR: "A folder is wanted there: take away what is in its place, then run again",
    errno.ELOOP: "It is a symbolic link: put the file or folder itself there, then run again",
    errno.EISDIR: "A folder is in the way: rename it, then run again",
    errno.EXDEV: "A folder may not be spread over two disks: unmount what is mounted inside it, then run again",
    errno.EINTR: "Run again",
}


class FileFault(Exception):
    """Something about a file or folder that the operator has to mend. The message names the path, what was tried, the cure.

    ``path`` is the path as it is, ``what`` and ``cure`` are sentences without their full stop, ``number`` is the errno or
    None. Whatever raised it has taken nothing away: what was to be done can be done again.
    """

    def __init__(self, path: Path | str, what: str, cure: str, number: int | None = None) -> None:
        super().__init__(f"{shown(path)}: {what}. {cure}.")
        self.path = path
        self.what = what
        self.cure = cure
        self.number = number


class NameTaken(FileFault):
    """A file of that name is there already and holds other bytes. It was not touched."""


class TooLarge(FileFault):
    """A file is larger than the limit. It was not read."""


class Changed(FileFault):
    """A file changed while it was read: somebody still writes into it. What was read is thrown away."""


class NotMounted(FileFault):
    """A folder that should be a share has no marker in it: most likely the share is not mounted. Nothing was written."""


class Forbidden(FileFault):
    """The file may not be read, or not be moved, by the user that runs this program."""


class Busy(FileFault):
    """Another process holds the lock."""


@contextmanager
def attempt(tried: str, path: Path | str) -> Iterator[None]:
    """What the operating system refuses inside this block is raised as a ``FileFault``: the path cannot be ``tried``."""
    try:
        yield
    except OSError as error:
        number = error.errno
        words = f"{os.strerror(number)}, {errno.errorcode.get(number, number)}" if number else str(error)
        cure = _CURES.get(number or 0, "Mend that, then run again: nothing is lost")
        kind = Forbidden if number in (errno.EACCES, errno.EPERM) else FileFault
        raise kind(path, f"it cannot be {tried} ({words})", cure, number) from error
