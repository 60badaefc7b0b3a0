"""Files put where others see them: folder, name and bytes go in, a whole file under that name comes out, or none at all.

Temporary name in the same folder, write, fsync, rename, fsync of the folder. A process that dies between any two of these
leaves no file or the whole file, and doing it again with the same bytes always ends well. Names are the caller's: see
``names.safe_name``.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from translator.exchange.files.faults import FileFault, NameTaken, attempt
from translator.exchange.files.folders import MARKED, MARKER, ensure_folders, insist, marked
from translator.exchange.files.locks import opened
from translator.exchange.files.names import safe_name, single
from translator.exchange.files.reading import PLAIN

_TEMPORARY = re.compile(r"\.translator-[0-9a-f]{16}\.tmp")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PIECE = 1 << 20
_AT_ONCE = 16  # files written at the same time
# We are not in that group, or the share knows no groups.
_NO_GROUPS = {errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}


def publish(folder: Path, name: str, data: bytes, marker: bool = False) -> Path:
    """Put a file into a folder, never over another. Its path comes back when it is on disk.

    The same bytes under that name already: nothing to do. Other bytes: ``NameTaken``. ``marker``: the folder is a share and
    must hold the marker, else ``NotMounted``. All else that fails is a ``FileFault``, and nothing is to be seen in the folder.
    """
    path = folder / single(name)
    with opened(folder) as fd:
        insist(folder, fd, marker)
        if not _there(fd, path, data):
            # Between this look and the rename the folder is held against our own kind. Names in it are ours to give: nobody
            # else makes one of them in that moment.
            _place(fd, path, data)
    return path


def publish_all(folder: Path, parcels: Sequence[tuple[str, bytes]], marker: bool = False) -> list[FileFault | None]:
    """Many files at once, each as ``publish`` does; for each the fault that kept it from its place, or None.

    Every file is on disk before it gets its name, and the folder is once for all. Disks write many files at once in the time of
    a few. Names get there in the order given. Raises what is wrong with the folder itself.
    """
    done: list[FileFault | None] = [None] * len(parcels)
    with opened(folder) as fd:
        insist(folder, fd, marker)
        paths = [folder / single(name) for name, _ in parcels]

        def put(n: int) -> str | FileFault | None:
            try:
                return None if _there(fd, paths[n], parcels[n][1], sync=False) else _written(fd, paths[n], parcels[n][1])
            except FileFault as fault:
                return fault

        made: list[str | FileFault | None] = []
        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                made += pool.map(put, range(len(parcels)))
            for n, temporary in enumerate(made):
                if isinstance(temporary, FileFault):
                    done[n] = temporary
                elif temporary is not None:
                    try:
                        if not _there(fd, paths[n], parcels[n][1], sync=False):  # twice in one batch
                            _named(fd, temporary, paths[n])
                            made[n] = None
                    except FileFault as fault:
                        done[n] = fault
        finally:
            for temporary in made:
                if isinstance(temporary, str):
                    with suppress(OSError):
                        os.unlink(temporary, dir_fd=fd)
        with attempt("made sure of on disk", folder):
            os.fsync(fd)
    return done


def replace(folder: Path, name: str, data: bytes, marker: bool = False) -> Path:
    """The same, over whatever file has that name: for reports that are written anew each time."""
    path = folder / single(name)
    with opened(folder) as fd:
        insist(folder, fd, marker)
        _place(fd, path, data)
    return path


def archive(folder: Path, data: bytes, name: str) -> Path:
    """Keep a copy in ``folder`` (made when missing, as ``archive/2026-03``) under its hash and its own name made safe.

    The same bytes and name twice are one file. The ending stays, so that a person can open it.
    """
    ensure_folders(folder)
    return publish(folder, _kept(data, name), data)


def archive_all(folder: Path, copies: Sequence[tuple[bytes, str]]) -> list[Path]:
    """Many copies at once, each as ``archive`` does. Raises the first fault."""
    ensure_folders(folder)
    names = [_kept(data, name) for data, name in copies]
    faults = publish_all(folder, [(name, data) for name, (data, _) in zip(names, copies, strict=True)])
    if fault := next((one for one in faults if one is not None), None):
        raise fault
    return [folder / name for name in names]


def _kept(data: bytes, name: str) -> str:
    """The name of a copy."""
    ending = re.search(r"\.[a-z0-9]{1,8}$", name.lower())
    digest = sha256(data).hexdigest()[:32].upper()
    return safe_name(digest, name, ending=ending[0] if ending else "")


def mark(folder: Path) -> None:
    """Put the marker into a folder that is a share, while it is mounted."""
    if not marked(folder):
        publish(folder, MARKER, MARKED)


def remove(folder: Path, place: str) -> bool:
    """Remove a file of ours below a folder, as ``2026-03/NAME``; whether there was one. Nothing outside the folder is touched."""
    parts = [single(part) for part in place.split("/")]
    path = folder.joinpath(*parts)
    with attempt("looked at", path):
        if not path.parent.is_dir():
            return False
    with opened(path.parent) as fd, attempt("removed", path):
        try:
            if not stat.S_ISREG(os.stat(path.name, dir_fd=fd, follow_symlinks=False).st_mode):
                return False
            os.unlink(path.name, dir_fd=fd)
        except FileNotFoundError:
            return False
        return True


def sweep(folder: Path, inside: int = 0) -> int:
    """Remove the temporary files that a dead process left; how many. A living process holds the folder while it has one.

    ``inside``: in as many folders inside as well, the last ones by name.
    """
    swept = 0
    if inside:
        with attempt("looked into", folder), os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
        swept = sum(sweep(folder / name) for name in names[-inside:])
    with opened(folder) as fd, attempt("swept", folder):
        for name in os.listdir(fd):
            if _TEMPORARY.fullmatch(name):
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=fd)
                    swept += 1
    return swept


def _there(fd: int, path: Path, data: bytes, sync: bool = True) -> bool:
    """Whether a file of that name with these bytes is there, and on disk; ``NameTaken`` when it holds others."""
    with attempt("looked at", path):
        try:
            found = os.stat(path.name, dir_fd=fd, follow_symlinks=False)
        except FileNotFoundError:
            return False
        same = stat.S_ISREG(found.st_mode) and found.st_size == len(data)
        if same:
            try:
                old = os.open(path.name, PLAIN | os.O_NOFOLLOW, dir_fd=fd)
            except FileNotFoundError:  # collected this very moment: then it was there, and it may have been these bytes
                return False
            try:
                same = _holds(old, data)
                if same:
                    os.fsync(old)
            finally:
                os.close(old)
        if not same:
            what = "another file of that name is there, and nothing is ever written over it"
            raise NameTaken(path, what, "Move it elsewhere, then run again; the file to be written is kept until then")
        if sync:
            os.fsync(fd)
    return True


def _holds(fd: int, data: bytes) -> bool:
    """Whether an open file holds exactly these bytes."""
    here = 0
    while piece := os.read(fd, _PIECE):
        if data[here : here + len(piece)] != piece:
            return False
        here += len(piece)
    return here == len(data)


def _place(fd: int, path: Path, data: bytes) -> None:
    temporary = _written(fd, path, data)
    try:
        _named(fd, temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary, dir_fd=fd)
        raise
    with attempt("made sure of on disk", path):
        os.fsync(fd)


def _written(fd: int, path: Path, data: bytes) -> str:
    """The temporary name under which the bytes are on disk."""
    temporary = f".translator-{os.urandom(8).hex()}.tmp"
    try:
        with attempt("written", path):
            new = os.open(temporary, _NEW, 0o600, dir_fd=fd)
            try:
                _share(new, fd)
                left = memoryview(data)
                while left:
                    count = os.write(new, left[:_PIECE])
                    if not count:
                        raise OSError(errno.EIO, "nothing was written")
                    left = left[count:]
                os.fsync(new)
            finally:
                os.close(new)  # before the rename: a share may only now say that it is full
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary, dir_fd=fd)
        raise
    return temporary


def _named(fd: int, temporary: str, path: Path) -> None:
    with attempt("renamed to its name", path):
        os.rename(temporary, path.name, src_dir_fd=fd, dst_dir_fd=fd)


def _share(new: int, folder: int) -> None:
    """Let the group of a folder have the file when the folder is writable for its group, and nobody else ever.

    Whoever makes a folder writable for a group says that its members (the ERP) collect files there. Then they must be able to
    read the file, and some open it for writing to see whether it is theirs alone. Only that very group: where the file cannot
    be given to it, it stays the owner's.
    """
    about = os.fstat(folder)
    if not about.st_mode & stat.S_IWGRP:
        return
    try:
        if os.fstat(new).st_gid != about.st_gid:
            os.fchown(new, -1, about.st_gid)
        os.fchmod(new, 0o660)
    except OSError as error:
        if error.errno not in _NO_GROUPS:
            raise
