"""A file that may go into a bug report: X12 or documents go in; the same come out without names, addresses, prices and ids.

Every value is replaced by one of the same shape, the same by the same (``disguise``); what is replaced is decided by data
element (``secrets``). Dates, quantities, codes, control numbers, layout and faults stay. An invoice's total that followed
from its lines follows again, and one that did not does not. Whether the findings are the same is for ``compared``.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.findings import Finding
from translator.show.annotate import RELEASE, Line, Spot, lines_of
from translator.show.disguise import Disguise
from translator.show.secrets import ISBN, MAILBOX, OTHER, PRICE, VERSION, Secrets, secrets
from translator.tables.read import read_set
from translator.tables.reckon import worked_out
from translator.tables.standard import Piece, standard
from translator.tables.table import Element, Table
from translator.walk.inward import Opened, Reader, Reading, Source, read
from translator.x12.elements import to_json, to_text
from translator.x12.envelope import parts
from translator.x12.numbers import decimal
from translator.x12.part import Part
from translator.x12.wire import Limits, Window, split

_TAG = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_BEGIN = "ISA"  # by which readers find where an interchange begins, and where one is broken
_RELEASE = 6  # digits of a version that name the release
_ODD = re.compile(r"[^A-Za-z0-9]")
_WORD = re.compile(r"[A-Za-z0-9\x80-\xff]+")
Key = tuple[str | int | None, ...]
Edit = tuple[int, str, str]  # where in a text, what stands there, what will


@define(eq=False, repr=False)
class Redactor:
    """Redacts any number of files, so that what is the same in them is the same afterwards.

    ``key`` decides the replacements; who has it can find out by trying what short values were. ``counts`` tells how many
    values of each kind were replaced.
    """

    key: bytes
    mappings: Path | None = None
    counts: Counter[str] = field(factory=Counter)
    _disguise: Disguise | None = None

    @property
    def secrets(self) -> Secrets:
        """What is replaced."""
        return secrets(self.mappings)

    @property
    def disguise(self) -> Disguise:
        """How it is replaced."""
        if self._disguise is None:
            s = self.secrets
            key = hashlib.blake2b(self.key).digest()
            self._disguise = Disguise(key, s.kept, s.forms, s.checked)
        return self._disguise

    def value(
        self,
        text: str,
        piece: Piece | None,
        element: Element | None = None,
        qualifier: tuple[Piece | None, str] = (None, ""),
        values: Callable[[int], str] = lambda n: "",
        component: str = "",
    ) -> str:
        """What stands for an element's value. ``values`` gives those of the elements beside it."""
        bare = text.replace(component, "") if component else text  # one that stands where none belongs
        kind = self.secrets.kind(piece, bare, qualifier, element)
        refused = frozenset(element.codes) if element else frozenset()
        for rule in element.rules if element else ():
            refused |= frozenset(rule.codes)
            if text in rule.codes and all(values(n) in codes for n, codes in rule.when):
                return text
        if not kind:
            return text
        disguise = self.disguise
        if kind == MAILBOX:
            if text.strip() in self.secrets.mailboxes:
                return text
            refused |= frozenset(one.ljust(len(text)) for one in self.secrets.mailboxes)
        self.counts[kind if kind != ISBN else "id"] += 1
        if kind == PRICE and decimal(text) is not None:
            return disguise.money(text)
        if kind == VERSION and text[:_RELEASE].isdigit():
            return text[:_RELEASE] + disguise.text(text[_RELEASE:])
        return disguise.isbn(text) if kind == ISBN else disguise.text(text, refused)

    def foreign(self, text: str) -> str:
        """Text that is no X12, or stands where none belongs: what looks like a code of up to three letters stays."""

        def one(word: re.Match[str]) -> str:
            if _TAG.fullmatch(word[0]):
                return word[0]
            self.counts[OTHER] += 1
            head = _BEGIN if word[0].startswith(_BEGIN) else ""
            return head + self.disguise.text(word[0].removeprefix(head))

        return _WORD.sub(one, text)

    # --- X12 ----------------------------------------------------------------------------------------------------------------

    def pieces(self, source: Source, *, guide: str | None = None, limits: Limits | None = None) -> Iterator[tuple[Reading, str]]:
        """Piece by piece what was read, and its text redacted: all bytes of the file. Raises what ``read`` raises."""
        reader = Reader(guide=guide, mappings=self.mappings, limits=limits)
        with Opened(source) as stream:
            for part in parts(Window(stream.read, 1 << 17), reader.limits):
                reading = reader.part(part)
                yield reading, self.part(reading, part)

    def part(self, reading: Reading, part: Part) -> str:
        """The text of a piece, redacted."""
        lines = list(lines_of(reading, part, self.mappings))
        if part.envelope is None or not lines:
            return self.foreign(part.text)
        component = part.envelope.delimiters.component
        edits: list[Edit] = []
        sums: list[tuple[int, Spot]] = []
        for line in lines:
            self._line(line, part, component, edits, sums)
        if not part.is_set and lines[0].offset > part.offset:
            before = part.text[: lines[0].offset - part.offset]
            edits.append((0, before, self.foreign(before)))
        if sums and reading.table and reading.document:
            edits += self._sums(reading.table, reading.document, part, edits, sums)
        return _edited(part.text, edits)

    def _line(self, line: Line, part: Part, component: str, edits: list[Edit], sums: list[tuple[int, Spot]]) -> None:
        if not _TAG.fullmatch(_ODD.sub("", line.tag)):
            edits.append((line.offset - part.offset, line.tag, self.foreign(line.tag)))
        values = [spot.value for spot in line.spots]
        if line.standard is None and (known := standard(RELEASE, self.mappings).segments.get(_ODD.sub("", line.tag))):
            for spot, piece in zip(line.spots, known.elements, strict=False):  # what is odd stands in its name only
                spot.piece = piece
        for n, spot in enumerate(line.spots):
            for k, one in enumerate(spot.parts or [spot]):
                before = spot.parts[k - 1] if k else line.spots[n - 1] if n and not spot.parts else None
                qualifier = (before.piece, before.value) if before else (None, "")
                if one.element and one.element.reckon[:1] == ("amount",) and decimal(one.value) is not None:
                    sums.append((one.offset - part.offset, one))
                    continue
                made = self.value(
                    one.value, one.piece, one.element, qualifier, lambda m: values[m - 1] if m <= len(values) else "", component
                )
                if made != one.value:
                    edits.append((one.offset - part.offset, one.value, made))

    def _sums(
        self, table: Table, document: dict[str, Any], part: Part, edits: list[Edit], sums: list[tuple[int, Spot]]
    ) -> list[Edit]:
        """Totals that followed from the rest follow again; others do not."""
        assert part.envelope is not None
        d = part.envelope.delimiters
        inner = [one for one in split(_edited(part.text, edits), d)[1:] if one[1]]
        if inner and inner[-1][1].split(d.element, 1)[0] == "SE":
            inner.pop()
        again = read_set(table, inner, d.element, d.component, None)
        found = []
        for at, spot in sums:
            assert spot.element is not None
            self.counts[PRICE] += 1
            found.append((at, spot.value, self.total(table, spot.element, document, again, spot.value)))
        return found

    def total(self, table: Table, e: Element, was: dict[str, Any], now: dict[str, Any], text: str) -> str:
        """What stands for a total in X12."""
        said = to_json(e.type, text)
        made = to_text(e.type, self.total_of(table, e, was, now, said)) if isinstance(said, str) else None
        if made is None:
            return self.disguise.money(text)
        return made.zfill(len(text)) if text.startswith("0") else made

    def total_of(self, table: Table, e: Element, was: dict[str, Any], now: dict[str, Any], said: str) -> str | None:
        """What stands for a total in JSON: what follows where it followed, something else where not; None where nothing does."""
        right, follows = (worked_out(table, e, one, one) for one in (was, now))
        if right is None or follows is None:
            return None
        if decimal(said) == decimal(str(right)):
            return str(follows)
        made = self.disguise.money(said)
        return self.disguise.money(made) if decimal(made) == decimal(str(follows)) else made


def _edited(text: str, edits: list[Edit]) -> str:
    """A text with its edits; line breaks inside what is replaced stay where they stood."""
    made, done = [], 0
    for start, old, new in sorted(edits):
        made.append(text[done:start])
        done = start
        if text.startswith(old, start):  # as it stands unless lines break in it
            made.append(new)
            done += len(old)
            continue
        for n, c in enumerate(old):
            while text[done] != c and text[done] in "\r\n":
                made.append(text[done])
                done += 1
            done += 1
            made.append(new[n : n + 1] if n + 1 < len(old) else new[n:])
    return "".join([*made, text[done:]])


# --- before and after -------------------------------------------------------------------------------------------------------


@define(eq=False, repr=False)
class Comparison:
    """The findings of a file, before and after, that are not in both."""

    before: Counter[Key] = field(factory=Counter)
    sets: int = 0
    unread: int = 0  # sets that no table read
    findings: int = 0

    @property
    def same(self) -> bool:
        """Whether the findings are the same: code, severity and place."""
        return not any(self.before.values())

    @property
    def differing(self) -> list[tuple[Key, int]]:
        """What is not in both: more before, or (less than 0) after."""
        return [(key, n) for key, n in self.before.items() if n]


def redacted(
    redactor: Redactor,
    source: Source,
    write: Callable[[bytes], object],
    *,
    guide: str | None = None,
    limits: Limits | None = None,
) -> Comparison:
    """Redact X12 piece by piece, and read what comes out as it is written. Raises what ``read`` raises."""
    said = Comparison()

    class Out:
        """What is redacted, as a file that is read: a piece at a time."""

        rest = b""
        pieces = redactor.pieces(source, guide=guide, limits=limits)

        def read1(self, size: int) -> bytes:
            while not self.rest:
                found = next(self.pieces, None)
                if found is None:
                    return b""
                reading, text = found
                for one in reading.findings:
                    said.before[_key(one)] += 1
                    said.findings += 1
                if reading.part and reading.part.is_set:
                    said.sets += 1
                    said.unread += reading.table is None
                self.rest = text.encode("latin-1")
                write(self.rest)
            data, self.rest = self.rest[:size], self.rest[size:]
            return data

        read = read1

    for reading in read(Out(), guide=guide, mappings=redactor.mappings, limits=limits):  # type: ignore[arg-type]
        for one in reading.findings:
            said.before[_key(one)] -= 1
        if len(said.before) > 10_000:
            said.before = Counter({key: n for key, n in said.before.items() if n})
    return said


def _key(found: Finding) -> Key:
    """What of a finding must be the same: not the value, nor the byte, for a total may have another length; nor the segment,
    for what is no segment's name is replaced."""
    ref = found.ref if found.ref and re.fullmatch(r"[A-Z0-9]+(-[0-9]+)?", found.ref) else ""
    return found.code, found.severity, found.at, ref, found.line
