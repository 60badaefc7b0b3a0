"""What the head of a mapping file says for people: a table's name goes in, the paragraphs of its first comment come out."""

from __future__ import annotations

import re
from pathlib import Path

from attrs import define

from translator import shipped

_ELSEWHERE = re.compile(r"How to read and change this file: \S+")  # which leads nowhere from a page


@define(eq=False, repr=False)
class Paragraph:
    """Some lines as one text; an ``item`` stands in a list, ``plain`` lines (lists of keys) keep their line breaks."""

    text: str
    item: bool = False
    plain: bool = False


def head(name: str, mappings: Path | None = None) -> list[Paragraph]:
    """The paragraphs of ``mappings/NAME.toml``, up to its first line that is no comment."""
    found: list[Paragraph] = []
    fresh = True
    for line in shipped.text(f"mappings/{name}.toml", mappings).splitlines():
        if not line.startswith("#"):
            break
        text = line.lstrip("#")
        said = _ELSEWHERE.sub("", text).strip()
        if not said:
            fresh = True
        elif said.startswith("- "):
            found.append(Paragraph(said[2:], item=True))
            fresh = False
        elif fresh or (found and found[-1].item and not text.startswith("   ")) or "   " in said:
            found.append(Paragraph(said, plain="   " in said))
            fresh = False
        else:
            found[-1].text += ("\n" if found[-1].plain else " ") + said
    return found
