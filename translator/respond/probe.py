"""Where an error of an acknowledgment stands in what was sent: a set's reading goes in, places in its document come out.

The set is read again without the element that an error speaks of (or with one, where it is missing); where the documents
differ is the place. So no second map from X12 to JSON has to be kept right. What the error means is ``verdict``'s matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import define, evolve

from translator.findings import clean, shown
from translator.tables.standard import Piece, standard
from translator.walk.inward import Reader, Reading
from translator.x12.elements import to_json
from translator.x12.part import Part
from translator.x12.wire import split

Json = dict[str, Any]

_STEP = re.compile(r"\.?[^.\[]+|\[[0-9]+\]")
_ABOUT = frozenset({"document", "partner", "guide", "envelope"})
_STAND_IN = {"DT": "20000101", "TM": "1200"}


@define(eq=False)
class Trouble:
    """An error: of a segment, or with ``element`` of one of its elements.

    ``said`` is the partner's copy of the value. Of what was sent: ``text`` the segment, ``value`` the element, ``path`` and
    ``canonical`` its place in the document and what stands there. ``stray``: another segment stands at that position.
    """

    at: int
    segment: str
    code: str
    meaning: str = ""
    ref: str = ""
    element: int | None = None
    component: int | None = None
    number: int | None = None
    said: str | None = None
    text: str | None = None
    value: str | None = None
    path: str | None = None
    canonical: Any = None
    stray: str = ""

    @property
    def line(self) -> str:
        """The error for people, on one line."""
        words = [f"segment {self.at} {clean(self.segment)}" if self.element is None else clean(self.ref)]
        words.append(f"{self.meaning or 'error ' + clean(self.code)} ({clean(self.code)})")
        if self.stray:
            words.append(f"but {shown(self.stray, quote=False)} stands there: not what was sent, or counted otherwise")
        elif self.element is None and self.text is not None:
            words.append(shown(self.text, quote=False, most=200))
        if self.element is not None and (self.value or self.said):
            words.append(shown(self.value or self.said))
        if self.path is not None:
            here = f" {shown(str(self.canonical))}" if self.canonical is not None else ""
            words.append(f"{clean(self.path) or 'the document'}{here}")
        return "; ".join(words)


class Probe:
    """Finds the elements of a set in its document."""

    def __init__(self, reading: Reading, mappings: Path | None) -> None:
        part = reading.part
        assert part is not None and part.envelope is not None
        self.part: Part = part
        self.d = part.envelope.delimiters
        self.segments = [body.split(self.d.element) for _, body in split(part.text, self.d) if body]
        self.table = reading.table
        self.reader = Reader(guide=reading.table.name, mappings=mappings) if reading.table else None
        self.standard = standard(reading.table.release, mappings).segments if reading.table else {}
        self.document = self.again(self.segments) if self.reader else {}

    def find(self, one: Trouble) -> None:
        """The segment that is spoken of, or what stands there instead."""
        values = self.segments[one.at - 1] if 1 <= one.at <= len(self.segments) else [""]
        if values[0] == one.segment:
            one.text = self.d.element.join(values)
        else:
            one.stray = values[0] or "nothing"

    def place(self, one: Trouble) -> None:
        """The value that was sent, and its place in the document."""
        if one.text is None:
            return
        values = self.segments[one.at - 1]
        if one.element is None:
            paths = [found for n in range(1, len(values)) if values[n] and (found := self.path(one.at, n, 0)) is not None]
            one.path = _common([path for path in paths if path] or paths) if paths else None
            return
        text = values[one.element] if one.element < len(values) else ""
        if one.component:
            parts = text.split(self.d.component)
            text = parts[one.component - 1] if one.component <= len(parts) else ""
        one.value = text or None
        one.path = self.path(one.at, one.element, one.component or 0)
        if one.path is not None and text:
            held = _at(self.document, one.path)
            one.canonical = held if isinstance(held, (str, int)) else None

    def path(self, at: int, number: int, component: int) -> str | None:
        """Where the document changes when the element goes, or comes where it is missing; None when it says nothing."""
        if self.reader is None or at < 2:
            return None
        piece = self.piece(self.segments[at - 1][0], number, component)
        row = self.segments[at - 1]
        text = row[number] if number < len(row) else ""
        parts = text.split(self.d.component) if component else [text]
        parts += [""] * (component - len(parts))
        here = component - 1 if component else 0
        # Without it; and with another, since what has not its type is not in the document anyhow.
        for other in ("", _stand_in(piece)) if parts[here] else (_stand_in(piece),):
            values = [list(segment) for segment in self.segments]
            values[at - 1] += [""] * (number + 1 - len(row))
            values[at - 1][number] = self.d.component.join([*parts[:here], other, *parts[here + 1 :]]).rstrip(self.d.component)
            if found := list(_changed(self.document, self.again(values), "")):
                texts = [
                    one.removeprefix(prefix) for one in (parts[here], other) if one for prefix in self.prefixes(row[0], number)
                ]
                looked_for = [to_json(piece.type, one) for one in texts] if piece else []
                leaves = [leaf for path, mine, theirs in found for leaf in _leaves(path, mine if theirs is None else theirs)]
                exact = [path for path, mine, _ in found if mine in looked_for] + [p for p, value in leaves if value in looked_for]
                return exact[0] if exact else _common([path for path, _, _ in found])
        return None

    def prefixes(self, tag: str, number: int) -> set[str]:
        """What may stand before the value in X12 only."""
        rows = self.table.rows() if self.table else ()
        return {"", *(row.elements[number, 0].prefix for row in rows if row.segment == tag and (number, 0) in row.elements)}

    def piece(self, tag: str, number: int, component: int) -> Piece | None:
        known = self.standard.get(tag)
        if known is None or not 1 <= number <= len(known.elements):
            return None
        piece = known.elements[number - 1]
        if not component:
            return piece
        return piece.components[component - 1] if component <= len(piece.components) else None

    def again(self, segments: list[list[str]]) -> Json:
        """The document that these segments make."""
        assert self.reader is not None
        text = "".join(self.d.element.join(values) + self.d.segment for values in segments)
        read_again = self.reader.set(evolve(self.part, text=text, offset=0, view=(text, 0, 0), findings=[])).document or {}
        return {key: value for key, value in read_again.items() if key not in _ABOUT}


def _stand_in(piece: Piece | None) -> str:
    """A value that an element could have."""
    if piece is None:
        return "X"
    if piece.type in _STAND_IN:
        return _STAND_IN[piece.type][-piece.most :] if piece.type == "DT" else _STAND_IN[piece.type]
    return ("1" if piece.type == "R" or piece.type[0] == "N" else "X") * max(piece.least, 1)


def _changed(mine: Any, theirs: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Where two documents differ: (path, mine, theirs). What is gone with all that held it is named by itself."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for key in dict.fromkeys([*mine, *theirs]):
            yield from _changed(mine.get(key), theirs.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(mine, list) and isinstance(theirs, list):
        for n in range(max(len(mine), len(theirs))):
            one, other = (held[n] if n < len(held) else None for held in (mine, theirs))
            yield from _changed(one, other, f"{path}[{n}]")
    elif mine != theirs:
        held = mine if theirs is None else None
        inner = list(held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ())
        if len(inner) == 1 and isinstance(inner[0][1], dict):
            yield from _changed(inner[0][1], None, f"{path}.{inner[0][0]}" if isinstance(held, dict) else f"{path}[0]")
        else:
            yield path, mine, theirs


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The places below a place, and what stands there."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(f"{path}.{key}", item)
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _leaves(f"{path}[{n}]", item)
    else:
        yield path, value


def _common(paths: list[str]) -> str:
    """The longest place that holds all of these places."""
    split_up = [_STEP.findall(path) for path in paths]
    shared = split_up[0]
    for steps in split_up[1:]:
        n = 0
        while n < min(len(shared), len(steps)) and shared[n] == steps[n]:
            n += 1
        shared = shared[:n]
    return "".join(shared)


def _at(document: Any, path: str) -> Any:
    """What stands at a path such as ``lines[0].ids.upc``; None for nothing."""
    for step in re.findall(r"[^.\[\]]+", path):
        if isinstance(document, list):
            document = document[int(step)] if int(step) < len(document) else None
        else:
            document = document.get(step) if isinstance(document, dict) else None
    return document
