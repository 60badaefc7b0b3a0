"""An element looked for in a file: what a person names goes in, the places where it stands come out, or what is near.

A name is an element (``PO414``), one of a segment (``PO414@22``), or a place in the JSON document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from attrs import define, field

from translator.show.annotate import Annotated, Line, Spot
from translator.tables.table import path_text

_REF = re.compile(r"([A-Z][A-Z0-9]{1,2})([0-9]{2})(?:-([0-9]{2}))?(?:@([0-9]+))?")
_NEAR = 5  # places that are named as near
_MOST = 20  # positions or sets that are named
_KEPT = 100_000  # places that are remembered, to name those that are near


@define(eq=False, repr=False)
class Asked:
    """What is looked for: an element (``ref``, perhaps at a segment's position), or a place in the JSON document."""

    text: str
    tag: str = ""
    ref: str = ""
    number: int = 0
    at: int | None = None

    @property
    def path(self) -> bool:
        """Whether a place in the document was named."""
        return not self.ref


@define(eq=False, repr=False)
class Found:
    """An element that was looked for, in its piece of the file."""

    piece: Annotated
    line: Line
    spot: Spot

    @property
    def name(self) -> str:
        """As it is asked for: ``PO414@22``."""
        return f"{self.spot.ref}@{self.line.at}" if self.line.at else self.spot.ref


def asked(text: str) -> Asked:
    """What a person asks for: ``PO414``, ``PO414@22``, ``orders[0].packs[0].sscc``. Raises ``ValueError`` with a sentence."""
    if found := _REF.fullmatch(text.upper()):
        tag, number, component, at = found.groups()
        ref = f"{tag}{number}" + (f"-{component}" if component else "")
        return Asked(text, tag, ref, int(number), int(at) if at else None)
    if re.fullmatch(r"[a-z][a-z0-9_]*(\[[0-9]+\])*(\.[a-z][a-z0-9_]*(\[[0-9]+\])*)*", text):
        return Asked(text)
    raise ValueError(
        f"{text!r} names nothing: an element is PO414, or PO414@22 with its segment's position (ST is 1); "
        "a place in the document is orders[0].packs[0].sscc"
    )


@define(eq=False, repr=False)
class Search:
    """Looks for an element through the pieces of a file, and remembers what was near it."""

    wanted: Asked
    chosen: str | None = None  # ST02 of the set to look in, or its number from 1
    found: list[Found] = field(factory=list)
    sets: list[str] = field(factory=list)
    tags: dict[str, list[int]] = field(factory=dict)  # the segments of that name: where they stand
    here: list[str] = field(factory=list)  # what stands at the position instead
    longest: int = 0
    paths: list[str] = field(factory=list)

    def through(self, pieces: Iterable[Annotated]) -> Search:
        """Look through all of them."""
        for one in pieces:
            part = one.reading.part
            if part and part.is_set:
                self.sets.append(part.control)
                if self.chosen is not None and self.chosen not in (part.control, str(len(self.sets))):
                    continue
            elif self.chosen is not None or self.wanted.at is not None:
                continue
            for line in one.lines:
                self.look(one, line)
        return self

    def look(self, piece: Annotated, line: Line) -> None:
        """A segment."""
        wanted = self.wanted
        if wanted.path:
            for spot in (spot for each in line.spots for spot in each.all if spot.path):
                if spot.path == wanted.text:
                    self.found.append(Found(piece, line, spot))
                elif len(self.paths) < _KEPT:
                    self.paths.append(spot.path)
            return
        if line.at == wanted.at and line.at is not None:
            self.here.append(line.tag)
        if line.tag != wanted.tag:
            return
        self.tags.setdefault(line.tag, []).append(line.at or 0)
        self.longest = max(self.longest, len(line.spots))
        if wanted.at is not None and line.at != wanted.at:
            return
        sent = next((one for each in line.spots for one in each.all if one.ref == wanted.ref), None)
        if sent is None and wanted.at is not None:
            sent = _unsent(line, wanted)
        if sent is not None and (sent.value or wanted.at is not None):
            self.found.append(Found(piece, line, sent))

    @property
    def nothing(self) -> str:
        """Why nothing was found, with what is near."""
        w = self.wanted
        if self.chosen is not None and self.chosen not in self.sets and self.chosen not in map(str, range(1, len(self.sets) + 1)):
            known = ", ".join(list(dict.fromkeys(self.sets))[:_MOST]) or "none"
            return f"there is no set {self.chosen}; the file has {known}"
        if w.path:
            begin = [one for one in dict.fromkeys(self.paths) if one.startswith(w.text)]
            near = begin[:_NEAR] or get_close_matches(w.text, dict.fromkeys(self.paths), n=_NEAR, cutoff=0.6)
            return f"nothing stands at {w.text}" + (f"; near it: {', '.join(near)}" if near else "")
        places = [str(at) for at in self.tags.get(w.tag, []) if at]
        many = ", ".join(places[:_MOST]) + (f" and {len(places) - _MOST} more" if len(places) > _MOST else "")
        if w.at is not None and self.here and w.tag not in self.here:
            return f"segment {w.at} is {' or '.join(dict.fromkeys(self.here))}" + (
                f"; {w.tag} stands at {many}" if many else f", and there is no {w.tag}"
            )
        if w.at is not None and not self.here:
            return f"there is no segment {w.at}" + (f"; {w.tag} stands at {many}" if many else "")
        if w.tag in self.tags:
            return f"no {w.tag} has {w.ref}: the longest ends at {w.tag}{self.longest:02d}" + (
                f" ({w.tag} at {many})" if many else ""
            )
        return f"there is no segment {w.tag}"


def _unsent(line: Line, wanted: Asked) -> Spot | None:
    """An element that was not sent, where the standard has it."""
    known = line.standard.elements if line.standard else ()
    if not 1 <= wanted.number <= len(known) or "-" in wanted.ref:
        return None
    piece = known[wanted.number - 1]
    e = line.row.elements.get((wanted.number, 0)) if line.row else None
    spot = Spot(wanted.ref, "", line.offset + len(line.text), piece.name, piece.type, piece=piece, element=e)
    if e and e.json and line.row and not any(kind == "[]" for _, kind in e.json):
        spot.path = f"{line.path}.{path_text(e.json)}" if line.path else path_text(e.json)
    return spot
