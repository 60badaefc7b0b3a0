"""The walk in: a path, an open binary file or bytes go in, readings come out, set by set, each with its findings.

Here envelope, choice of table and reading of a set are put together. No printing, no exit codes, no files written.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from attrs import define, field

from translator.findings import Finding, finding, has_errors
from translator.tables.accuse import listed
from translator.tables.choose import Choice, choose
from translator.tables.load import load
from translator.tables.read import read_set
from translator.tables.table import Table
from translator.x12.elements import breaches, to_json
from translator.x12.envelope import parts
from translator.x12.part import Envelope, Part
from translator.x12.wire import LAYOUT, Limits, Window, split

if TYPE_CHECKING:
    from translator.tables.runs import Runs

Json = dict[str, Any]
Source = str | os.PathLike[str] | IO[bytes] | bytes
_HEADER_CODES = {"GS01": "group-differs", "GS08": "release-differs"}
_PADDED = frozenset({2, 4, 6, 8})  # texts of the ISA that are filled with blanks
_BLANK = frozenset({2, 4})  # and those that may be nothing else
_OWN = ("sender", "receiver", "control", "delimiters")  # what is an object in an envelope: each document has its own
_WORTH_COMPILING = 1 << 14  # characters read the slow way before a plan is compiled: a small file is done by then
_FEW = 64  # choices of delimiters that are counted at once


@define(eq=False, repr=False)
class Reading:
    """What came of a transaction set, or (``document`` None) what was found outside any set.

    ``part`` holds the set's own text and place. ``table`` is None where the set was kept raw; ``cause`` says why, in one word
    (``known`` ``slip`` ``release`` ``unknown``: see ``tables.choose``).
    """

    document: Json | None
    findings: list[Finding] = field(factory=list)
    part: Part | None = None
    table: Table | None = None
    cause: str = ""

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
    envelopes: bool = False,
    guide: str | None = None,
    mappings: Path | None = None,
    limits: Limits | None = None,
    chunk: int = 1 << 17,
    name: str | None = None,
) -> Iterator[Reading]:
    """Read X12 set by set, in flat memory; each set is given out as soon as its SE was seen.

    Findings outside any set come in a reading without document; with ``envelopes`` faultless headers and trailers come in
    one too. An interchange acknowledgment (TA1) is a document that no table made. ``guide`` names a table and overrules the choice.
    With ``exact`` documents carry a ``residue``, and what belongs to no set comes as documents of raw text, so that
    ``restore`` can give the file back byte for byte. ``name`` stands in findings for the file's. Raises ``NotX12``,
    ``LimitExceeded``, ``TableError``, ``OSError``.
    """
    reader = Reader(exact=exact, guide=guide, mappings=mappings, limits=limits)
    with Opened(source) as stream:
        for part in parts(Window(stream.read, chunk), reader.limits):
            if part.speaks or exact or (envelopes and part.values):
                yield reader.part(part, name or stream.name)


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
        self.forced = Choice(load(guide, mappings)) if guide else None
        self.choices: dict[tuple[str, ...], Choice] = {}
        self.unjudged: list[str] = []  # headers whose first set no table reads
        self.framed: Envelope | None = None
        self.about: Json = {}

    def part(self, part: Part, file: str | None = None) -> Reading:
        """Any part: a set, an interchange acknowledgment, or what belongs to neither, which is text and findings."""
        if part.is_set:
            return self.set(part, file)
        if part.values[:1] == ["TA1"]:
            return self.notice(part, file)
        raw = {"document": "raw", "text": part.text} if self.exact else None
        return Reading(raw, [f.having(file=file) for f in part.findings], part)

    def notice(self, part: Part, file: str | None = None) -> Reading:
        """An interchange acknowledgment (TA1), judged by the standard alone."""
        from translator.x12 import ta1

        assert part.envelope is not None
        spot: Json = {"segment": "TA1", "offset": part.offset, "line": part.line()}
        said = [finding(code, ref=ref or None, value=v, expected=e, **spot) for code, ref, v, e in ta1.accuse(part.values)]
        about, d = _about(part.envelope), part.envelope.delimiters
        for key, name in (("sender", "group"), ("receiver", "group"), ("control", "group"), ("control", "set")):
            del about[key][name]  # it stands outside any group
        document: Json = {"document": ta1.DOCUMENT, "envelope": about, **ta1.read(part.values)}
        text = d.element.join(value for _, value in ta1.write(document)) + d.segment
        if self.exact and text != part.text:
            document["residue"] = [{"at": 0, "after": "", "was": [text], "raw": part.text}]
        return Reading(document, [f.having(file=file) for f in (*part.findings, *said)], part)

    def set(self, part: Part, file: str | None = None, runs: Runs | None = None) -> Reading:
        """One set: chosen table, document, findings in the order of the file. ``runs`` are those of the set, where we wrote it."""
        envelope = part.envelope
        assert envelope is not None
        choice = self.choice(envelope, part)
        table = choice.table
        headers: list[Finding] = []
        if table is None and part.first:
            self.unjudged = [*envelope.isa, *envelope.group]  # the first set that a table reads will speak for them
        elif table is not None and (part.first or (self.unjudged and self.unjudged == [*envelope.isa, *envelope.group])):
            self.unjudged = []
            headers = list(self.headers(envelope, table, choice))
        if table is not None and not headers and not part.findings and not self.exact:
            document = self.fast(table, part, envelope, runs)
            if document is not None:
                return Reading(document, [], part, table)
        findings = [*headers, *part.findings]
        document = self.slow(choice, part, envelope, findings)
        findings = [f.having(file=file, set=f.set or (part.control if f.at else None)) for f in findings]
        findings.sort(key=lambda f: (f.offset is None, f.offset or 0))
        return Reading(document, findings, part, table, choice.cause)

    def fast(self, table: Table, part: Part, envelope: Envelope, runs: Runs | None) -> Json | None:
        """The document by the compiled plan, or None: not worth compiling yet, or not for the fast path to say."""
        made = table.plans.get(envelope.delimiters)
        if made is None:
            if len(table.seen) >= _FEW:
                table.seen.clear()
            table.seen[envelope.delimiters] += len(part.text)
            if table.seen[envelope.delimiters] < _WORTH_COMPILING:
                return None
            from translator.tables.plan import plan

            made = plan(table, envelope.delimiters, part.text)
        return made(part.text, self.frame(part, table), runs or {})

    def slow(self, choice: Choice, part: Part, envelope: Envelope, findings: list[Finding]) -> Json:
        """The document segment by segment; everything that is wrong with it is added to ``findings``."""
        d, table = envelope.delimiters, choice.table
        cut = 0

        def report(code: str, at: int | None, offset: int, **fields: Any) -> None:
            nonlocal cut
            if len(findings) >= self.limits.findings:
                cut += 1
                return
            findings.append(finding(code, at=at, offset=part.offset + offset, line=part.line(offset), **fields))

        if table is None:
            if not choice.accepted:
                level = "error" if choice.slip else None
                report("table-missing", 1, 0, segment="ST", ref="ST01", value=part.set_id, expected=choice.why, level=level)
            return self.frame(part, None) | {"text": part.text}
        segments = split(part.text, d)
        if d.segment in "\r\n":
            segments = [segment for segment in segments if segment[1]]  # blank lines are layout where lines are segments
        self.header(table, segments[0][1].split(d.element), report)
        for start, body in segments[1:]:
            if body and part.text[start - 1] in " \t" and part.text[start - 1] != d.segment:
                report("segment-indented", None, start)
                break
        end = len(part.text)
        if segments[-1][1].split(d.element, 1)[0] == "SE":
            end = segments.pop()[0]
        document = self.frame(part, table)
        document |= read_set(table, segments[1:], d.element, d.component, report, end)
        if self.exact and (entries := self.residue(table, document, part)):
            document["residue"] = entries
        if cut:
            findings.append(finding("findings-cut", expected=str(cut)))
        return document

    def header(self, table: Table, values: list[str], report: Any) -> None:
        """Judge the ST of a set by the standard."""
        for number, piece in enumerate(table.header.elements, 1):
            value = values[number] if number < len(values) else ""
            for code, expected in (
                breaches(piece.type, piece.least, piece.most, value) if value else [("element-missing", piece.name)]
            ):
                report(code, 1, 0, segment="ST", ref=f"ST{number:02d}", value=value, expected=expected)
        if len(values) > 3:
            report("element-many", 1, 0, segment="ST", value=values[3], expected="2")

    def choice(self, envelope: Envelope, part: Part) -> Choice:
        """The table for a set; remembered per envelope and second segment's kind."""
        if self.forced is not None:
            return self.forced
        d = envelope.delimiters
        begin = part.text.find(d.segment) + 1
        second = part.text[begin : part.text.find(d.segment, begin)].lstrip(LAYOUT).split(d.element, 3)
        ids = (envelope.isa[5], envelope.isa[7], *envelope.group[1:4], *envelope.group[8:9])
        key = (*ids, part.set_id, *second[:3])
        found = self.choices.get(key)
        if found is None:
            if len(self.choices) > 1000:
                self.choices.clear()
            found = self.choices[key] = choose(envelope.isa, envelope.group, part.set_id, second, self.mappings)
        return found

    def residue(self, table: Table, document: Json, part: Part) -> list[Json]:
        """What the document cannot say of its set."""
        from translator.tables.residue import residue
        from translator.tables.write import write_set

        assert part.envelope is not None
        d = part.envelope.delimiters
        body = write_set(table, document, d, lambda code, **fields: None, faithful=True)
        return residue(part.text, body, table.set_id, part.control, d)

    def headers(self, envelope: Envelope, table: Table, choice: Choice) -> Iterator[Finding]:
        """Judge ISA and GS, once for all sets under them: types and lengths by the standard, codes by the table.

        Texts of the ISA that lost blanks are the envelope's matter.
        """
        for tag, values, place in (
            ("ISA", ["ISA", *envelope.isa], envelope.isa_place),
            ("GS", envelope.group, envelope.group_place),
        ):
            row = table.envelope.get(tag)
            if not row or not values:
                continue
            spot: dict[str, Any] = {"segment": tag, "rule": row.rule, "offset": place[0], "line": place[1]}
            for number, piece in enumerate(row.standard.elements, 1):
                value, ref = values[number] if number < len(values) else "", f"{tag}{number:02d}"
                element = row.elements.get((number, 0))
                least, most, type_ = piece.least, piece.most, piece.type
                if tag == "ISA" and number in _PADDED:
                    value, least, type_ = value.rstrip(" "), 1, "AN"
                if not value.strip(" "):
                    if tag == "GS" or number not in _BLANK:
                        yield finding("element-missing", ref=ref, expected=piece.name, **spot)
                elif (tag, number) == ("ISA", 16):
                    continue  # the component separator itself
                elif envelope.delimiters.component in value:
                    yield finding("element-components", ref=ref, value=value, **spot)
                elif envelope.delimiters.segment in value:
                    yield finding("element-character", ref=ref, value=value, expected="no segment terminator in an ISA", **spot)
                elif wrong := breaches(type_, least, most, value):
                    for code, expected in wrong:
                        # Ids and numbers of an envelope are ASCII: others could not be answered.
                        yield finding(code, level="error", ref=ref, value=value, expected=expected, **spot)
                elif element and element.codes and value not in element.codes:
                    code = _HEADER_CODES.get(ref, "element-code")
                    yield finding(code, level=element.level, ref=ref, value=value, expected=listed(element.codes), **spot)
        if choice.stranger:
            number, (offset, line) = 8 if table.answer else 6, envelope.isa_place  # an answer is known by whom it goes to
            who = envelope.isa[number - 1].strip(" ")
            yield finding(
                "partner-unknown", segment="ISA", ref=f"ISA{number:02d}", value=who, expected=table.name, offset=offset, line=line
            )

    def frame(self, part: Part, table: Table | None) -> Json:
        """The outermost keys of a document: what it is, by which guide it was read, and its envelope."""
        envelope = part.envelope
        assert envelope is not None
        if envelope is not self.framed:
            self.framed, self.about = envelope, _about(envelope)
        about = self.about.copy()
        for key in _OWN:
            about[key] = about[key].copy()
        about["control"]["set"] = part.control
        if table is None:
            return {"document": "raw", "set": part.set_id, "envelope": about}
        return {"document": table.document, "partner": table.partner, "guide": table.name, "envelope": about}


def _about(envelope: Envelope) -> Json:
    """The envelope as documents say it."""
    isa, d = envelope.isa, envelope.delimiters
    group = envelope.group + [""] * (9 - len(envelope.group))
    about: Json = {
        "sender": {"qualifier": isa[4], "id": isa[5].rstrip(" "), "group": group[2]},
        "receiver": {"qualifier": isa[6], "id": isa[7].rstrip(" "), "group": group[3]},
        "control": {"interchange": isa[12], "group": group[6], "set": ""},
        "date": to_json("DT", group[4]) or to_json("DT", isa[8]),
        "time": to_json("TM", group[5]) or to_json("TM", isa[9]),
        "version": isa[11],
        "release": group[8],
        "usage": isa[14],
        "acknowledgment_requested": isa[13] == "1",
        "authorization": isa[1].rstrip(" "),
        "security": isa[3].rstrip(" "),
        "delimiters": {"element": d.element, "component": d.component, "segment": d.segment, "tail": d.tail},
    }
    return {key: value for key, value in about.items() if value not in (None, "")}


def check(source: Source, **options: Any) -> Iterator[Finding]:
    """The findings only, in file order; the same options as ``read``."""
    for reading in read(source, **options):
        yield from reading.findings
