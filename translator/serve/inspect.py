"""X12 for the page, within limits: bytes go in; annotated pieces, or the orders, and what was left out in words, come out.

Whatever somebody drops here must not hold the page: segments and elements have a largest size, a set a largest number of segments,
and reading ends after so many bytes, segments or seconds. Only whole sets are shown, so that nothing is accused for being cut.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.errors import LimitExceeded
from translator.show.annotate import Annotated, annotated
from translator.tables.partner import partner
from translator.walk.inward import read
from translator.x12.wire import Limits

Json = dict[str, Any]

SEGMENTS, PIECES, BYTES = 2000, 600, 1 << 18  # shown: segments, sets and headers; and how much is read for it
SECONDS = 8.0
_PIECES = f"These are the first {PIECES} pieces of the file; the rest is not judged."
ORDERS = 50  # that can be chosen from
ANSWERABLE = 4 << 20  # bytes of a file that is carried from form to form


def limits() -> Limits:
    """What is refused before it is parsed, here: far less than elsewhere, and more than any document has."""
    return Limits(segment=1 << 12, element=1 << 11, segments=5_000, findings=200)


class _Some(io.BytesIO):
    """A file that ends with a word of why: after so many bytes, or seconds. Raises ``LimitExceeded``."""

    def __init__(self, data: bytes, most: int, clock: Callable[[], float]) -> None:
        super().__init__(data)
        self.most, self.clock, self.end = most, clock, clock() + SECONDS

    def read1(self, size: int | None = -1, /) -> bytes:
        """The next piece."""
        if self.clock() > self.end:
            raise LimitExceeded(f"reading was ended after {SECONDS:.0f} seconds")
        if self.tell() >= self.most and self.tell() < len(self.getbuffer()):
            raise LimitExceeded(f"this page reads the first {self.most >> 10} kB of a file")
        return super().read1(min(size or self.most, self.most - self.tell()) if self.most > self.tell() else 0)


@define(eq=False)
class Inspected:
    """``cut`` says what is not in ``pieces``, beside what the page itself leaves out; empty: all is there."""

    pieces: list[Annotated] = field(factory=list)
    cut: str = ""


def inspected(data: bytes, mappings: Path | None = None, clock: Callable[[], float] = time.monotonic) -> Inspected:
    """What can be shown of a file. Raises ``NotX12``, ``TableError``, and ``LimitExceeded`` where not even a first set can."""
    made, segments = Inspected(), 0
    try:
        for piece in annotated(_Some(data, BYTES, clock), mappings=mappings, limits=limits()):
            made.pieces.append(piece)
            segments += len(piece.lines)
            if segments > SEGMENTS or len(made.pieces) > PIECES:
                made.cut = "" if segments > SEGMENTS else _PIECES
                break  # of segments the page says where it ends
    except LimitExceeded as error:
        if not made.pieces:
            raise
        made.cut = f"{_sentence(error)} What stands before that is below; the rest is not judged."
    return made


def orders(data: bytes, mappings: Path | None = None, clock: Callable[[], float] = time.monotonic) -> tuple[list[Json], str]:
    """The orders of a file that can be answered, and what was left out. Raises as ``inspected`` does."""
    found: list[Json] = []
    try:
        for reading in read(_Some(data, ANSWERABLE, clock), mappings=mappings, limits=limits()):
            if is_order(reading.document, mappings):
                found.append(reading.document or {})
            if len(found) == ORDERS:
                return found, f"These are the first {ORDERS} orders of the file. The command `translator new` takes any number."
    except LimitExceeded as error:
        if not found:
            raise
        return found, f"{_sentence(error)} These are the orders before that."
    return found, ""


def _sentence(error: LimitExceeded) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."


def is_order(document: Json | None, mappings: Path | None = None) -> bool:
    """Whether a document is an order of a partner whose answers are known."""
    if document is None or document.get("document") != "order" or not isinstance(document.get("partner"), str):
        return False
    return bool(partner(document["partner"], mappings).programs)
