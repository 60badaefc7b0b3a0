"""Files taken: a file that was seen goes in, a claim that nobody else has comes out; its bytes; then it is gone or given back.

A claim moves the file, inside its own folder, to ``.claimed/TOKEN/NAME``: a rename, so that of many only one gets it, and its
name stays whole whatever its length and bytes. The folder TOKEN is locked while the claim lives. When its process dies the
lock goes with it, and ``claimed_left`` gives the file to the next.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from attrs import define

from translator.exchange.files.faults import Changed, attempt
from translator.exchange.files.locks import opened, seize_if_known
from translator.exchange.files.names import single
from translator.exchange.files.reading import LIMIT, PLAIN, whole
from translator.exchange.files.scan import Look, oddity, seen

CLAIMED = ".claimed"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A file system that knows no second names, or none for this kind of file.
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL, errno.EMLINK, errno.EACCES}


@define(eq=False)
class Claimed:
    """A file that is ours until ``done``, ``unclaim`` or ``leave``. ``look`` has its own name, its size and its time.

    ``home`` is the locked folder it lies in, open. Hold few at a time: each is an open file.
    """

    folder: Path
    token: str
    look: Look
    home: int

    @property
    def name(self) -> str:
        """The name that the file came with."""
        return self.look.name

    @property
    def path(self) -> Path:
        """The path that the file came under."""
        return self.folder / self.look.name


def claim(folder: Path, look: Look) -> Claimed | None:
    """Take a file that was seen in this folder. None when it is gone, or is not what was seen: then it is left there.

    At most one of any number of processes gets it.
    """
    path = folder / single(look.name)
    # Tokens sort as they were given: what a dead process left is taken up in the order in which it came.
    claimed, ours = Claimed(folder, f"{time.time_ns():016x}{os.urandom(4).hex()}", look, -1), False
    try:
        with opened(folder) as fd, attempt("claimed", path):
            with suppress(FileExistsError):
                os.mkdir(CLAIMED, 0o700, dir_fd=fd)
            with _inside(fd, CLAIMED) as claims:
                os.mkdir(claimed.token, 0o700, dir_fd=claims)
                claimed.home = os.open(claimed.token, _FOLDER, dir_fd=claims)
                seize_if_known(claimed.home)
                took = _take(fd, claimed)
            if took is None:
                _forget(fd, claimed)
        ours = bool(took)
    finally:
        if not ours:
            leave(claimed)
    return claimed if ours else None


def read_claimed(claimed: Claimed, limit: int = LIMIT) -> bytes:
    """The bytes of a claimed file. ``TooLarge`` when it is over the limit; ``Changed`` when somebody still writes into it."""
    look, path = claimed.look, claimed.path
    with attempt("read", path):
        fd = os.open(look.name, PLAIN | os.O_NOFOLLOW, dir_fd=claimed.home)
        try:
            data, about = whole(fd, path, limit)
        finally:
            os.close(fd)
    if seen(look.name, about) != look:
        raise Changed(path, "it changed after it was claimed", "Nothing to do: it is taken when it no longer changes")
    return data


def claimed_left(folder: Path) -> Iterator[Claimed]:
    """The files that dead processes, or ``leave``, left claimed in a folder, each now ours; one at a time.

    Judge each whole as any other: one that was replaced in the moment of a claim may be among them.
    """
    with attempt("looked into", folder / CLAIMED):
        try:
            tokens = sorted(os.listdir(folder / CLAIMED))
        except FileNotFoundError:
            return
    for token in tokens:
        yield from _left(folder, token)


def unclaim(claimed: Claimed) -> bool:
    """Give a file back under its own name. False when that name is taken again: then the file is left claimed, for later."""
    with opened(claimed.folder) as fd, attempt("given back", claimed.path), _letting_go(claimed):
        free = _back(fd, claimed.home, claimed.name)
        if free:
            _forget(fd, claimed)
        return free


def done(claimed: Claimed) -> None:
    """Remove a claimed file, once all that it said is safe. One that somebody has written into since goes back, to be taken again.

    Nothing is synced: should power fail now the claim may come again, and whoever takes it knows its token.
    """
    with opened(claimed.folder) as fd, attempt("removed", claimed.path), _letting_go(claimed):
        with suppress(FileNotFoundError):
            about = os.stat(claimed.name, dir_fd=claimed.home, follow_symlinks=False)
            if seen(claimed.name, about) == claimed.look:
                os.unlink(claimed.name, dir_fd=claimed.home)
            elif not _back(fd, claimed.home, claimed.name):
                return
        _forget(fd, claimed)


def leave(claimed: Claimed) -> None:
    """Let go of a claim without touching the file: ``claimed_left`` gives it out again."""
    with attempt("let go of", claimed.path), _letting_go(claimed):
        pass


def _left(folder: Path, token: str) -> list[Claimed]:
    """The files of one claim whose process is dead; one, unless somebody put more there."""
    found: list[Claimed] = []
    try:
        with opened(folder) as fd, attempt("looked into", folder / CLAIMED / token), _inside(fd, CLAIMED) as claims:
            try:
                home = os.open(token, _FOLDER, dir_fd=claims)
            except (FileNotFoundError, NotADirectoryError):
                return []
            try:
                if seize_if_known(home):
                    for name in os.listdir(home):
                        about = os.stat(name, dir_fd=home, follow_symlinks=False)
                        if about.st_nlink > 1 and _same(fd, name, about):
                            os.unlink(name, dir_fd=home)  # its process died while giving it back: it is back
                        elif oddity(about) is None:
                            found.append(Claimed(folder, token, seen(name, about), os.dup(home)))
                    if not found:
                        _clear(claims, token)
            finally:
                os.close(home)
    except BaseException:
        for claimed in found:
            leave(claimed)
        raise
    return found


def _take(folder: int, claimed: Claimed) -> bool | None:
    """Move the file into its claim: True; None when it is not there, or was put back; False when it had to stay claimed."""
    name, home = claimed.name, claimed.home
    try:
        os.rename(name, name, src_dir_fd=folder, dst_dir_fd=home)
    except FileNotFoundError:
        return None
    about = os.stat(name, dir_fd=home, follow_symlinks=False)
    if oddity(about) is None and seen(name, about) == claimed.look:
        return True
    # Replaced or written to since it was seen. It is not looked into. Where its name is taken again, a later pass has it.
    return None if _back(folder, home, name) else False


def _back(folder: int, home: int, name: str) -> bool:
    """Move a file from a claim back into the folder, never over another; whether its name was free.

    A second name and then one less, because that is the one move that cannot replace what somebody uploads this moment.
    """
    try:
        os.link(name, name, src_dir_fd=home, dst_dir_fd=folder, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with suppress(FileNotFoundError):
            os.stat(name, dir_fd=folder, follow_symlinks=False)
            return False
        os.rename(name, name, src_dir_fd=home, dst_dir_fd=folder)
    else:
        os.unlink(name, dir_fd=home)
    return True


def _same(folder: int, name: str, about: os.stat_result) -> bool:
    """Whether the file of that name in the folder is the very same file."""
    try:
        there = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (about.st_dev, about.st_ino)


def _forget(folder: int, claimed: Claimed) -> None:
    """Remove a claim's folder, now that nothing is in it."""
    with _inside(folder, CLAIMED) as claims:
        _clear(claims, claimed.token)


def _clear(claims: int, token: str) -> None:
    try:
        os.rmdir(token, dir_fd=claims)
    except FileNotFoundError:
        pass
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):  # what else is in it is no claim of ours, and stays
            raise


@contextmanager
def _inside(folder: int, name: str) -> Iterator[int]:
    """A folder in an opened folder, itself and no link, opened."""
    fd = os.open(name, _FOLDER, dir_fd=folder)
    try:
        yield fd
    finally:
        os.close(fd)


@contextmanager
def _letting_go(claimed: Claimed) -> Iterator[None]:
    """Whatever comes of it, the claim is ours no longer: its lock goes."""
    try:
        yield
    finally:
        home, claimed.home = claimed.home, -1
        if home >= 0:
            os.close(home)
