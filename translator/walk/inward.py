"""The walk in: a path, an open binary file or bytes go in, readings come out, set by set, each with its findings.

Here envelope, choice of table and reading of a set are put together. No printing, no exit codes, no files written.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from attrs import define, field

from translator.findings import Finding, finding, has_errors
from translator.tables.choose import Choice, choose
from translator.tables.load import load
from translator.tables.read import check_header, read_set
from translator.tables.residue import residue
from translator.tables.table import Table
from translator.tables.write import write_set
from translator.x12.elements import to_json
from translator.x12.envelope import Envelope, Part, parts
from translator.x12.wire import Limits, Window, split

Json = dict[str, Any]
Source = str | os.PathLike[str] | IO[bytes] | bytes


@define
class Reading:
    """What came of a transaction set, or (``document`` None) what was found outside any set.

    ``part`` holds the set's own text and place. ``table`` is None where the set was kept raw.
    """

    document: Json | None
    findings: list[Finding] = field(factory=list)
    part: Part | None = None
    table: Table | None = None

    @property
    def ok(self) -> bool:
        """No error among the findings; warnings may be."""
        return not has_errors(self.findings)

    def typed(self) -> Any:
        """The document as an attrs class. Raises ``DocumentError`` where errors left it incomplete."""
        from translator.documents.convert import structure

        return structure(self.document or {})


def read(
    source: Source,
    *,
    exact: bool = False,
    guide: str | None = None,
    mappings: Path | None = None,
    limits: Limits | None = None,
    chunk: int = 1 << 17,
    name: str | None = None,
) -> Iterator[Reading]:
    """Read X12 set by set, in flat memory; each set is given out as soon as its SE was seen.

    Findings outside any set come in a reading without document. ``guide`` names a table and overrules the choice.
    With ``exact`` documents carry a ``residue``, and what belongs to no set comes as documents of raw text, so that
    ``restore`` can give the file back byte for byte. ``name`` stands in findings for the file's. Raises ``NotX12``, ``LimitExceeded``, ``TableError``, ``OSError``.
    """
    reader = Reader(exact=exact, guide=guide, mappings=mappings, limits=limits)
    with Opened(source) as stream:
        for part in parts(Window(stream.read, chunk), reader.limits):
            if part.is_set:
                yield reader.set(part, name or stream.name)
            elif exact or part.findings:
                yield part_reading(part, name or stream.name, exact)


def part_reading(part: Part, file: str | None, exact: bool) -> Reading:
    """The reading of what belongs to no set: its findings, and with ``exact`` its text."""
    raw = {"document": "raw", "text": part.text} if exact else None
    return Reading(raw, [f.having(file=file) for f in part.findings], part)


class Opened:
    """A source as a byte reader with a name: what is given open stays open."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.stream: IO[bytes] | None = None
        self.name: str | None = None

    def __enter__(self) -> Opened:
        source = self.source
        if isinstance(source, bytes):
            self.stream = io.BytesIO(source)
        elif isinstance(source, (str, os.PathLike)):
            self.stream = open(source, "rb", buffering=0)
            self.name = os.fsdecode(source)
        else:
            self.stream = source
            name = getattr(source, "name", None)
            self.name = name if isinstance(name, str) else None
        return self

    def __exit__(self, *_: object) -> None:
        if self.stream is not None and self.stream is not self.source:
            self.stream.close()

    def read(self, size: int) -> bytes:
        """What is there now, up to ``size`` bytes: a pipe must not wait for more than it has."""
        assert self.stream is not None
        read = getattr(self.stream, "read1", None) or self.stream.read
        return read(size) or b""


class Reader:
    """Turns the sets of an envelope into readings; holds what one file's sets share."""

    def __init__(
        self, *, exact: bool = False, guide: str | None = None, mappings: Path | None = None, limits: Limits | None = None
    ) -> None:
        self.exact = exact
        self.mappings = mappings
        self.limits = limits or Limits()
        self.forced = load(guide, mappings) if guide else None
        self.choices: dict[tuple[int, str, str], Choice] = {}
        self.judged: Envelope | None = None

    def set(self, part: Part, file: str | None = None) -> Reading:
        """One set: chosen table, document, findings in the order of the file."""
        envelope = part.envelope
        assert envelope is not None
        d = envelope.delimiters
        findings: list[Finding] = []
        cut = 0

        def report(code: str, at: int | None, offset: int, **fields: Any) -> None:
            nonlocal cut
            if len(findings) >= self.limits.findings:
                cut += 1
                return
            place = {"file": file, "set": part.control, "offset": part.offset + offset, "line": part.line(offset)}
            findings.append(finding(code, at=at, **place, **fields))

        segments = split(part.text, d)
        choice = self.choice(envelope, part.set_id, segments)
        table = choice.table
        if table is None:
            report("table-missing", 1, 0, segment="ST", ref="ST01", value=part.set_id, expected=choice.why)
            document = self.frame(part, None)
            document["text"] = part.text
            return Reading(document, findings + [f.having(file=file) for f in part.findings], part)
        if envelope is not self.judged:
            self.judged = envelope
            self.headers(envelope, table, choice, report)
        last = segments[-1][1].split(d.element)[0] if segments else ""
        body = segments[1:-1] if last == "SE" else segments[1:]
        document = self.frame(part, table)
        document |= read_set(table, body, d.element, d.component, report)
        if self.exact and (entries := self.residue(table, document, part)):
            document["residue"] = entries
        if cut:
            report_cut = finding("findings-cut", value=str(cut), file=file, set=part.control)
            findings.append(report_cut)
        findings += [f.having(file=file) for f in part.findings]
        findings.sort(key=lambda f: (f.offset is None, f.offset or 0))
        return Reading(document, findings, part, table)

    def choice(self, envelope: Envelope, set_id: str, segments: list[tuple[int, str]]) -> Choice:
        """The table for a set; remembered per envelope and second segment's kind."""
        if self.forced is not None:
            return Choice(self.forced)
        second = segments[1][1].split(envelope.delimiters.element) if len(segments) > 1 else []
        key = (id(envelope), set_id, " ".join(second[:3]))
        if key not in self.choices:
            if len(self.choices) > 1000:
                self.choices.clear()
            self.choices[key] = choose(envelope.isa, envelope.group, set_id, second, self.mappings)
        return self.choices[key]

    def residue(self, table: Table, document: Json, part: Part) -> list[Json]:
        """What the document cannot say of its set."""
        assert part.envelope is not None
        d = part.envelope.delimiters
        body = write_set(table, document, d, lambda code, **fields: None, faithful=True)
        return residue(part.text, body, table.set_id, part.control, d)

    def headers(self, envelope: Envelope, table: Table, choice: Choice, report: Any) -> None:
        """Judge ISA and GS once for all sets under them."""
        for tag, values in (("ISA", ["ISA", *envelope.isa]), ("GS", envelope.group)):
            row = table.envelope.get(tag)
            if row and values:

                def say(code: str, *, ref: str = "", row: Any = row, **fields: Any) -> None:
                    if ref == "GS08":
                        code, fields = "release-differs", {**fields, "level": None}
                    elif ref == "GS01":
                        code = "group-differs"
                    report(code, None, 0, segment=row.segment, ref=ref, rule=row.rule, **fields)

                check_header(row, values, envelope.delimiters.component, say)
        if choice.stranger:
            report("partner-unknown", None, 0, segment="ISA", ref="ISA06", value=envelope.isa[5].strip(), expected=table.name)

    def frame(self, part: Part, table: Table | None) -> Json:
        """The outermost keys of a document: what it is, by which guide it was read, and its envelope."""
        envelope = part.envelope
        assert envelope is not None
        isa, d = envelope.isa, envelope.delimiters
        group = envelope.group + [""] * (9 - len(envelope.group))
        control = {"interchange": isa[12], "group": group[6], "set": part.control}
        date = to_json("DT", group[4]) or to_json("DT", isa[8])
        time = to_json("TM", group[5]) or to_json("TM", isa[9])
        about: Json = {
            "sender": {"qualifier": isa[4], "id": isa[5].rstrip(" "), "group": group[2]},
            "receiver": {"qualifier": isa[6], "id": isa[7].rstrip(" "), "group": group[3]},
            "control": control,
            "date": date,
            "time": time,
            "version": isa[11],
            "release": group[8],
            "usage": isa[14],
            "acknowledgment_requested": isa[13] == "1",
            "delimiters": {"element": d.element, "component": d.component, "segment": d.segment, "tail": d.tail},
        }
        about = {key: value for key, value in about.items() if value not in (None, "")}
        if table is None:
            return {"document": "raw", "set": part.set_id, "envelope": about}
        return {"document": table.document, "partner": table.partner, "guide": table.name, "envelope": about}


def check(source: Source, **options: Any) -> Iterator[Finding]:
    """The findings only, in file order; the same options as ``read``."""
    for reading in read(source, **options):
        yield from reading.findings
