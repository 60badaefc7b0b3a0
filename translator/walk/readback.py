"""What was written, read back: bytes and the documents that they are of go in, findings come out wherever the two differ.

The reader of the walk in reads every set, as it would a stranger's; what it finds, and what it understands otherwise than
the document says, keeps the bytes at home. Nothing is written here but, to name a place, once more in thought.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from translator.findings import ERROR, Finding, finding
from translator.tables.trace import Trace, traced
from translator.tables.write import write_set
from translator.walk.headers import PLACES, Member, delimiters, of_isa
from translator.walk.inward import Json, Reader
from translator.walk.judge import APART, differences, lost
from translator.x12 import ta1
from translator.x12.envelope import parts
from translator.x12.part import Part
from translator.x12.wire import Limits, Window

_OURS = Limits(2**63 - 1, 2**63 - 1, 2**63 - 1)  # what stands in memory already can be read back


class ReadBack:
    """Reads back what one call wrote. ``numbered``: control numbers were given, and are not the documents' own."""

    def __init__(self, mappings: Path | None, now: datetime.datetime | None, *, numbered: bool) -> None:
        self.mappings, self.now, self.numbered = mappings, now, numbered
        self.findings: list[Finding] = []
        self.readers: dict[str, Reader] = {}

    def judge(self, read: Callable[[int], bytes], written: list[Member]) -> None:
        """All that ``read`` gives, in pieces of any size. A member of ``written`` is asked for when its set was read: the list
        may grow until then."""
        window = Window(read)
        if not window.more():
            return
        back = (one for one in written if one.table)
        notices = (one for one in written if not one.table)
        for part in parts(window, _OURS):
            self.findings += part.findings if not part.is_set else []
            if part.values[:1] == ["TA1"] and (notice := next(notices, None)):
                self.notice(part, notice)
            if not part.is_set:
                continue
            one = next(back, None)
            if one is None:
                self.findings.append(finding("value-lost", path="", value="the end", expected="one more transaction set"))
                return
            reader = self.readers.get(one.rows.name)
            if reader is None:
                reader = self.readers[one.rows.name] = Reader(guide=one.rows.name, mappings=self.mappings)
            reading = reader.set(part, runs=one.runs)
            self.findings += self.placed(one, reading.findings)
            back_document = reading.document or {}
            for path, value, other in lost(one.rows, one.document, back_document):
                if any(f.path == one.place + path and f.written and f.severity == ERROR for f in self.findings):
                    continue  # why it is not read back was said
                self.say(one, path, value, other)
            self.envelope(one, one.document.get("envelope", {}), back_document)

    def envelope(self, one: Member, mine: Json, read: Json) -> None:
        """What a document says of its envelope stands in the headers."""
        theirs = read.get("envelope", {})
        for key, held in mine.items():
            if held == theirs.get(key) or (key == "control" and self.numbered):
                continue
            for path, value, other in differences(held, theirs.get(key), f"envelope.{key}"):
                if value is not None:
                    self.say(one, path, value, other)

    def placed(self, one: Member, found: list[Finding]) -> Iterator[Finding]:
        """Findings of the reader with the places in the document that they speak of."""
        traces: list[Trace] = []
        for f in found:
            path = f.path or (f"envelope.{PLACES[f.ref]}" if f.ref in PLACES else "")
            if f.at and not path:
                if not traces:
                    d = delimiters(one.document.get("envelope", {}))
                    write_set(one.rows, one.document, d, lambda code, **_: None, now=self.now, traces=traces)
                path = traced(one.rows, traces, f)
            yield f.having(path=one.place + path if path else f.path, written=True)

    def notice(self, part: Part, notice: Member) -> None:
        """An interchange acknowledgment."""
        reading = Reader(mappings=self.mappings).notice(part)
        for f in reading.findings:
            if f not in part.findings:
                self.findings.append(f.having(path=notice.place + ta1.PLACES.get(f.ref or "", ""), written=True))
        mine, theirs = ({k: v for k, v in (d or {}).items() if k not in APART} for d in (notice.document, reading.document))
        for path, value, other in differences(mine, theirs):
            if value not in (None, ""):
                self.say(notice, path, value, other)
        self.envelope(notice, of_isa(notice.document.get("envelope", {})), reading.document or {})

    def say(self, one: Member, path: str, value: Any, other: Any) -> None:
        """A document says one thing, and its set another."""
        self.findings.append(finding("value-lost", path=one.place + path, value=_word(value), expected=_word(other)))


def _word(value: Any) -> str:
    return "nothing" if value is None else str(value)
