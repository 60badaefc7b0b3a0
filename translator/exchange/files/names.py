"""Names of files: untrusted text goes in, a name from a safe alphabet comes out; any name goes in, a printable one comes out.

Nothing here touches the file system.
"""

from __future__ import annotations

import os
import re
from base64 import b32encode
from hashlib import sha256
from pathlib import Path

from translator.findings import clean

LONGEST = 100  # characters, with the ending; every file system takes 143 bytes, and a reject file adds some
_PLAIN = re.compile(r"[A-Z0-9][A-Z0-9-]*")
_ENDING = re.compile(r"(?:\.[a-z0-9-]+){0,4}")
_BYTE = re.compile("[\udc80-\udcff]")  # a byte that is no UTF-8, as Python holds it in a name
_OTHER = re.compile(r"[^A-Za-z0-9-]+")
# What Windows takes for a device, whatever ending follows it.
_DEVICE = re.compile(r"CON|PRN|AUX|NUL|CLOCK|COM[0-9]|LPT[0-9]", re.I)


def safe_name(*parts: str, ending: str) -> str:
    """The name of a file: the parts joined by ``_``, then ``ending`` (our own: ``.edi``, ``.reject.csv``, or nothing).

    Only ``A-Z a-z 0-9 . _ -``; at most 100 characters; no leading dot or hyphen; no name that Windows takes for a device.
    A part stays as it is when it is capital letters, digits and inner hyphens. When anything had to be changed or cut, ``__``
    and 16 characters of a hash of all parts follow. So two different inputs never share a name, nor by case alone: without a
    hash there is one case, one ``_`` in a row and no dot, and these cannot be made to look like a hash.
    """
    if not _ENDING.fullmatch(ending) or len(ending) > 40:
        raise ValueError(f"{ending!r} is no ending of a file name")
    text = "_".join(parts)
    if all(map(_PLAIN.fullmatch, parts)) and parts and len(text + ending) <= LONGEST and not _DEVICE.fullmatch(text):
        return text + ending
    digest = sha256(ascii((parts, ending)).encode()).digest()
    mark = "__" + b32encode(digest[:10]).decode().lower()
    kept = "_".join(_OTHER.sub("_", part) for part in parts).strip("_-")
    return (kept[: LONGEST - len(mark + ending)].rstrip("_-") or "x") + mark + ending


def single(name: str) -> str:
    """The name, which must be one name in a folder. Whoever passes anything else has a fault: ``ValueError``."""
    if not name or name in (".", "..") or "/" in name or "\0" in name:
        raise ValueError(f"{name!r} is no name of a file in a folder")
    return name


def shown(path: Path | str) -> str:
    """A path or name for people: bytes that are no UTF-8 and characters that do not print are escaped."""
    return clean(_BYTE.sub(lambda byte: f"\\x{ord(byte[0]) - 0xDC00:02x}", os.fspath(path)))
