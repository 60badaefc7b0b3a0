"""Where the shipped files are: in goes a relative name such as ``mappings/target/850.toml``, out comes its text.

A wheel carries ``mappings/`` and ``schemas/`` under the package (``_data``); a clone and an editable install have them
beside it. A directory given as ``mappings`` replaces the shipped mapping files one by one. Nothing is written here, and
no name from outside can leave the folders: a name is lower-case words, digits, hyphens, underscores and slashes.
"""

from __future__ import annotations

import re
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "_data", _HERE.parent)
_NAME = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/)*[a-z0-9][a-z0-9_-]*(?:\.[a-z]+)*")


class Missing(Exception):
    """A file that should be shipped, or that the operator named, is not there. The message names it."""


def text(relative: str, mappings: Path | None = None) -> str:
    """The text of one shipped file.

    ``relative`` begins with ``mappings/`` or ``schemas/``; ``mappings`` is a directory that replaces shipped mapping
    files by files of the same name below it. Raises ``Missing`` when there is no such file.
    """
    if not _NAME.fullmatch(relative):
        raise Missing(
            f"{relative!r} is no name of a shipped file: lower-case letters, digits, hyphens, underscores and slashes only"
        )
    for place in _candidates(relative, mappings):
        if place.is_file():
            return place.read_text(encoding="utf-8")
    raise Missing(f"there is no {relative}: `translator tables` lists what is shipped")


def names(folder: str, ending: str, mappings: Path | None = None) -> list[str]:
    """The names below ``folder`` (``mappings`` or ``schemas``) with this ending, as ``text`` takes them, in order."""
    found = set()
    for place in [p / folder for p in _PLACES] + ([mappings] if mappings and folder == "mappings" else []):
        found |= {f"{folder}/{p.relative_to(place).as_posix()}" for p in place.rglob(f"*{ending}") if p.is_file()}
    return sorted(name for name in found if _NAME.fullmatch(name))


def _candidates(relative: str, mappings: Path | None) -> list[Path]:
    own = []
    if mappings is not None and relative.startswith("mappings/"):
        own = [mappings / relative.removeprefix("mappings/")]
    return own + [place / relative for place in _PLACES]
