"""Bytes and segments: in go the bytes of a file, out come a window of text, the delimiters of an ISA, and segments.

Bytes are seen through Latin-1, one character a byte, so that every offset is a byte offset. Delimiters come from each
interchange's own ISA by counting its sixteen elements, never from fixed places (X12.5). What segments mean is not
known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from attrs import define, field

ISA_WIDTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
LAYOUT = " \t\r\n\x00"
_BREAKS = re.compile(r"[\r\n]")
ISA_SPAN = 1000  # an ISA that lost or gained blanks is still far shorter


@define(frozen=True)
class Delimiters:
    """Element and component separator, segment terminator, and the line end that follows each terminator (or "")."""

    element: str
    component: str
    segment: str
    tail: str = ""
    wrapped: bool = field(default=False, eq=False)  # line breaks are layout wherever they stand


@define(eq=False, repr=False)
class Limits:
    """What is refused before it is parsed; lengths in bytes. All can be set."""

    segment: int = 1 << 20
    element: int = 1 << 16
    segments: int = 5_000_000
    findings: int = 1000


@define(eq=False, repr=False)
class Isa:
    """An ISA as read: its sixteen elements, delimiters, where it ends, and what was odd about it."""

    elements: list[str]
    delimiters: Delimiters
    end: int
    damaged: list[str]


class Window:
    """A file seen through a window of text that moves forward: ``text``, and where it stands in the file."""

    def __init__(self, read: Callable[[int], bytes], chunk: int = 1 << 17) -> None:
        self.text = ""
        self.base = 0
        self.ended = False
        self._lines = 0
        self._read = read
        self._chunk = chunk

    def more(self) -> bool:
        """Read on; False at the end of the file. Asks for more the longer the window is, so that growth stays linear."""
        if self.ended:
            return False
        data = self._read(max(self._chunk, len(self.text) if self._chunk >= 1 << 12 else 0))
        if not data:
            self.ended = True
            return False
        self.text += data.decode("latin-1")
        return True

    def drop(self, upto: int) -> int:
        """Let go of the text before ``upto``; answers 0, the new place of that position."""
        if upto:
            self._lines += self.text.count("\n", 0, upto)
            self.base += upto
            self.text = self.text[upto:]
        return 0

    def view(self, position: int) -> tuple[str, int, int]:
        """This text, the lines before it and a position in it: enough to count lines later, if anybody asks."""
        return self.text, self._lines, position

    def line(self, position: int) -> int:
        """The line number, from 1, of a position in the window."""
        return self._lines + self.text.count("\n", 0, position) + 1


def read_isa(text: str, start: int) -> Isa | str:
    """The ISA at ``start``, or a sentence that says why its delimiters cannot be trusted."""
    element = text[start + 3 : start + 4]
    if not is_delimiter(element):
        return "the character after ISA is no element separator"
    values: list[str] = []
    here = start + 4
    for _ in range(15):
        there = text.find(element, here, start + ISA_SPAN)
        if there < 0:
            return f"it has {len(values) + 1} elements, an ISA has 16"
        values.append(text[here:there])
        here = there + 1
    wrapped = any(_BREAKS.search(value) for value in values)
    while text[here : here + 1] in ("\r", "\n") and text[here : here + 1]:
        here, wrapped = here + 1, True
    component, segment = text[here : here + 1], text[here + 1 : here + 2]
    if not is_delimiter(component) or not (is_delimiter(segment) or segment in ("\r", "\n")):
        return "component separator or segment terminator is missing, a blank, a letter or a digit"
    if len({element, component, segment}) < 3:
        return "two of its three delimiters are the same character"
    tail = re.compile(r"[\r\n]*").match(text, here + 2)
    assert tail is not None
    elements = [_BREAKS.sub("", value) for value in [*values, component]]
    damaged = [f"ISA{n:02d}" for n, (v, w) in enumerate(zip(elements, ISA_WIDTHS, strict=True), 1) if len(v) != w]
    delimiters = Delimiters(element, component, segment, tail[0][:2], wrapped)
    return Isa(elements, delimiters, here + 2, damaged)


def split(text: str, delimiters: Delimiters) -> list[tuple[int, str]]:
    """The segments of a text: (where each begins, its body without terminator and layout before it). Empty ones too."""
    found = []
    here = 0
    pieces = text.split(delimiters.segment)
    if pieces and not pieces[-1].strip(LAYOUT):
        pieces.pop()
    for piece in pieces:
        body = piece.lstrip(LAYOUT)
        start = here + len(piece) - len(body)
        here += len(piece) + 1
        found.append((start, _BREAKS.sub("", body) if delimiters.wrapped else body))
    return found


def guess(head: bytes) -> str:
    """What a file that is not X12 looks like, in words, from its first bytes."""
    for begins, what in _LOOKS:
        if head.startswith(begins):
            return f"it looks like {what}"
    if not head:
        return "it is empty"
    if not head.strip(b" \t\r\n\x00\x1a"):
        return "it holds blanks only"
    if len(head) > 3 and (head[1:4:2] == b"\0\0" or head[0:3:2] == b"\0\0"):
        return "it looks like UTF-16 text: save it as plain text first"
    if re.search(rb"(?:^|[\r\n])[ \t]*(?:GS|ST)[^A-Za-z0-9 \t\r\n]", head):
        return "it has X12 segments, but no ISA header before them: ask the sender for the whole interchange"
    return "no segment ISA begins a line in it"


_LOOKS = (
    (b"\xff\xfe", "UTF-16 text: save it as plain text first"),
    (b"\xfe\xff", "UTF-16 text: save it as plain text first"),
    (b"\xc9\xe2\xc1", "X12 in EBCDIC: have it converted to ASCII"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip file: unpack it first"),
    (b"\x1f\x8b", "a gzip file: unpack it first"),
    (b"-----BEGIN PGP", "a PGP message: decrypt it first"),
    (b"UNA", "EDIFACT"),
    (b"UNB", "EDIFACT"),
    (b"<", "XML or HTML"),
    (b"{", "JSON: `translator write` takes that"),
    (b"[", "JSON: `translator write` takes that"),
)


def is_delimiter(character: str) -> bool:
    """Whether a character can stand between elements or components, or end segments."""
    return len(character) == 1 and not character.isalnum() and character not in " \r\n\x00" and ord(character) < 0x80
