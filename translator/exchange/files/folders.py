"""Folders: a path goes in; it is made, marked as a share, or found fit to be worked in. What is inside is not looked at."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from translator.exchange.files.faults import FileFault, NotMounted, attempt

MARKER = ".translator-exchange"
MARKED = b"While this file is here the exchange knows that the share is mounted, and works in this folder. Leave it here.\n"


def ensure_folders(*folders: Path) -> None:
    """Make what is missing, with the folders above it, for the owner only. What is there is left as it is."""
    for folder in folders:
        with attempt("made", folder):
            _ensure(folder)
            if not stat.S_ISDIR(os.stat(folder).st_mode):
                raise FileFault(folder, "it is no folder", "Rename what is in its place, then run again")


def private() -> None:
    """Whatever this process makes from now on is its owner's alone."""
    os.umask(0o077)


def real(folder: Path) -> Path:
    """A folder's path from the root, without symbolic links."""
    with attempt("looked at", folder):
        return folder.resolve()


def check_folder(path: Path, marker: bool, link: bool = False) -> None:
    """Raise a ``FileFault`` that says what to do unless this is a folder that can be worked in.

    ``marker``: it is a share and must hold the marker, else ``NotMounted``. ``link``: it may be a symbolic link.
    """
    lost = "Mount it, then run again. Only if this is the share itself, and new, mark it: `translator exchange init`"
    with attempt("looked at", path):
        try:
            if not link and stat.S_ISLNK(os.lstat(path).st_mode):
                raise FileFault(path, "it is a symbolic link", "Name the folder that it leads to in the settings")
            found = os.stat(path)
        except FileNotFoundError:
            if marker:
                raise NotMounted(path, "there is no such folder; the share is not mounted", lost) from None
            raise
        if not stat.S_ISDIR(found.st_mode):
            raise FileFault(path, "it is no folder", "Rename what is in its place, or name the right folder in the settings")
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            raise FileFault(path, "it may not be read and written here", "Give the user that runs this program both rights")
        if marker and not marked(path):
            raise NotMounted(path, f"the marker {MARKER} is not in it; the share is not mounted", lost)


def marked(folder: Path, fd: int | None = None) -> bool:
    """Whether the marker is in a folder: by its path, or by ``fd``, the folder itself as opened."""
    with attempt("looked at", folder / MARKER):
        try:
            found = os.stat(folder / MARKER if fd is None else MARKER, dir_fd=fd, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return stat.S_ISREG(found.st_mode)


def insist(folder: Path, fd: int, marker: bool) -> None:
    """Raise ``NotMounted`` when an opened folder lacks the marker that it must have."""
    if marker and not marked(folder, fd):
        raise NotMounted(folder, f"the marker {MARKER} is not in it; the share is not mounted", "Mount it, then run again")


def _ensure(folder: Path) -> None:
    """Make a folder that is missing, and have its name on disk in the folder above."""
    try:
        os.stat(folder)
    except FileNotFoundError:
        if folder.parent != folder:
            _ensure(folder.parent)
        with suppress(FileExistsError):  # another copy was quicker; its name may not be on disk yet
            os.mkdir(folder, 0o700)
        fd = os.open(folder.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
