"""The walk out: canonical documents go in, the bytes of their interchanges come out, or findings and no bytes.

Documents that share a control number share an envelope. What was written is read back by the reader of the walk in,
and differs in nothing, or is refused: the reader is the only judge, in both directions. ``restore`` writes again what
was read with ``exact``, faults and all. Nothing is sent or stored here.
"""

from __future__ import annotations

import datetime
import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.errors import TableError
from translator.findings import Finding, finding, has_errors
from translator.tables.load import load
from translator.tables.pen import pen
from translator.tables.reckon import filled
from translator.tables.residue import restore as restored
from translator.tables.table import Table
from translator.tables.trace import Trace, traced
from translator.tables.write import write_set
from translator.walk.answer import answer
from translator.walk.headers import PLACES, Headers, Member, Numbers, delimiters, odd_envelope, of_isa
from translator.walk.inward import Json, Reader
from translator.walk.judge import APART, differences, faults, lost, twice
from translator.walk.replace import replaced
from translator.x12 import ta1
from translator.x12.compose import Group, interchange, wrap
from translator.x12.envelope import parts
from translator.x12.part import Part
from translator.x12.wire import Limits, Window

_NO_ENVELOPE = frozenset({"value-missing", "value-type", "value-delimiter"})
_WORTH_COMPILING = 8  # documents at once
_OURS = Limits(sys.maxsize, sys.maxsize, sys.maxsize)  # what stands in memory already can be read back


@define
class Writing:
    """What was written: ``data`` is None when there is an error among the findings (unless forced)."""

    data: bytes | None
    findings: list[Finding] = field(factory=list)

    @property
    def ok(self) -> bool:
        """There are bytes and no error."""
        return self.data is not None and not has_errors(self.findings)


def write(
    documents: Json | Iterable[Json],
    *,
    orders: Iterable[Json] | None = None,
    settings: Mapping[str, str] | None = None,
    ours: str | None = None,
    usage: str | None = None,
    program: str | None = None,
    control: Numbers | None = None,
    now: datetime.datetime | None = None,
    guide: str | None = None,
    mappings: Path | None = None,
    force: bool = False,
) -> Writing:
    """Write documents as X12, in their order.

    With ``orders`` those that answer them are completed first: see ``answer``, to which ``ours``, ``usage`` and ``program`` go.
    ``settings`` overrule the partner's. ``control`` numbers interchange and groups (ISA13, GS06), from this number on or as
    ``control("interchange")`` and ``control("group")`` answer, and sets (0001 and on); without it the documents' own control
    numbers are used. ``now`` stands in for a missing date and time. ``force`` gives the bytes beside error findings: for tests
    and ``roundtrip`` only. Raises ``TableError``, and ``ValueError`` for ``ours``.
    """
    given = [documents] if isinstance(documents, dict) else list(documents)
    writer = _Writer(control, now, guide, mappings, force, tuple(sorted((settings or {}).items())))
    if orders is None:
        return writer.write(given)
    known, completed, said = list(orders), [], []
    for n, document in enumerate(given):
        done = answer(
            document, known, mappings=mappings, settings=settings, ours=ours, usage=usage, program=program, guide=guide, now=now
        )
        completed.append(done.document)
        said += [one.having(path=f"documents[{n}].{one.path}") for one in done.findings] if len(given) > 1 else done.findings
    writing = writer.write(completed) if force or not has_errors(said) else Writing(None)
    return Writing(writing.data, [*said, *writing.findings])


def restore(documents: Iterable[Json], *, mappings: Path | None = None, report: list[Finding] | None = None) -> Iterator[bytes]:
    """The file that ``read(…, exact=True)`` saw, from its documents: piece by piece, byte for byte.

    Entries of a residue that an edited document no longer agrees with are left out and reported.
    """
    said = [] if report is None else report
    for n, document in enumerate(documents):
        text = str(document.get("text", ""))
        if document.get("document") == ta1.DOCUMENT:
            text = _restored_notice(document, f"documents[{n}].", said)
        elif document.get("document") != "raw":
            text = _restored(document, _table(document, None, mappings), f"documents[{n}].", said)
        if has_errors(said):
            return
        yield text.encode("latin-1", "replace")


def _restored(document: Json, table: Table, place: str, said: list[Finding]) -> str:
    """The text of one set, from its document and residue."""
    envelope = document.get("envelope", {})
    odd = [f.having(path=place + (f.path or "")) for f in odd_envelope(document)]
    said += odd
    if odd:
        return ""
    d = delimiters(envelope)

    def say(code: str, path: str = "", **fields: Any) -> None:
        said.append(finding(code, path=place + path, **fields))

    body = write_set(table, document, d, say, faithful=True)
    control = str(envelope.get("control", {}).get("set", ""))
    entries = document.get("residue", [])
    return restored(entries, body, table.set_id, control, d, lambda raw: say("residue-unused", "residue", value=raw))


def _restored_notice(document: Json, place: str, said: list[Finding]) -> str:
    """The text of an interchange acknowledgment; what was odd about it comes back as long as it still says the same."""
    d = delimiters(document.get("envelope", {}))
    for name, value in ta1.write(document):
        if d.element in value or d.segment in value:
            said.append(finding("value-delimiter", path=place + name, value=value, expected="a delimiter"))
    text = d.element.join(value for _, value in ta1.write(document)) + d.segment
    for entry in document.get("residue", []):
        if entry["was"] == [text]:
            return str(entry["raw"])
        said.append(finding("residue-unused", path=f"{place}residue", value=entry["raw"]))
    return text


class _Writer:
    def __init__(
        self,
        control: Numbers | None,
        now: datetime.datetime | None,
        guide: str | None,
        mappings: Path | None,
        force: bool,
        settings: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.control, self.now, self.guide, self.mappings, self.force = control, now, guide, mappings, force
        self.findings: list[Finding] = []
        self.settings = settings
        self.readers: dict[str, Reader] = {}
        self.headers = Headers(control, now, self.say_at)

    def write(self, documents: list[Json]) -> Writing:
        """Quickly where many are written; when that earns an error, once more by the way that explains itself."""
        if len(documents) >= _WORTH_COMPILING:
            writing = self.attempt(documents, quick=True)
            if writing.ok:
                return writing
            self.findings = []
            self.headers.restart()
        return self.attempt(documents, quick=False)

    def attempt(self, documents: list[Json], *, quick: bool) -> Writing:
        sets: list[Member] = []
        for n, document in enumerate(documents):
            place = f"documents[{n}]." if len(documents) > 1 else ""
            if document.get("document") == ta1.DOCUMENT:
                sets += self.notice(document, place)
                continue
            table = _table(document, self.guide, self.mappings, self.settings)
            self.findings += [f.having(path=place + (f.path or "")) for f in odd_envelope(document)]
            if self.findings:
                continue
            d = delimiters(document.get("envelope", {}))
            if table.replacement:
                document, changed = replaced(table, document, d)
                self.findings += [f.having(path=place + (f.path or "")) for f in changed]
            document = filled(table, document)
            self.findings += [f.having(path=place + (f.path or "")) for f in faults(table, document, quick=quick)]
            body = pen(table, d)(document, self.now or datetime.datetime.now()) if quick else None
            if body is None:
                body = write_set(table, document, d, self.say_at(place), now=self.now)
            sets.append(Member(document, place, table, body))
        if not self.force:
            self.findings += twice([(one.rows, one.document, one.place) for one in sets if one.table])
        if has_errors(self.findings):
            return Writing(None, self.findings)  # what has the wrong type cannot be written, so there is nothing to judge
        texts = [self.interchange(list(group)) for _, group in groupby(sets, key=self.envelope_key)]
        if None in texts:
            return Writing(None, self.findings)
        try:
            data = "".join(text for text in texts if text).encode("latin-1")
        except UnicodeEncodeError:  # the quick way looks at no value
            self.findings.append(finding("value-delimiter", expected="a character outside ISO 8859-1"))
            return Writing(None, self.findings)
        self.judge(data, sets)
        if has_errors(self.findings) and not self.force:
            return Writing(None, self.findings)
        return Writing(data, self.findings)

    def notice(self, document: Json, place: str) -> Iterator[Member]:
        """An interchange acknowledgment, when nothing in it could forge a segment."""
        odd = [f.having(path=place + (f.path or "")) for f in odd_envelope(document)]
        self.findings += odd
        if odd:
            return
        d, now = delimiters(document.get("envelope", {})), self.now or datetime.datetime.now()
        made = Member(document, place)
        for name, text in ta1.write(document):
            text = text or {"date": f"{now:%y%m%d}", "time": f"{now:%H%M}"}.get(name, "")
            if not text:
                self.say_at(place)("value-missing", path=name)
            made.values.append(self.headers.plain(made, text, name, d))
        yield made

    # --- the envelope -------------------------------------------------------------------------------------------------

    def envelope_key(self, one: Member) -> tuple[str, ...]:
        envelope = one.document.get("envelope", {})
        d = delimiters(envelope)
        number = "" if self.control is not None else str(envelope.get("control", {}).get("interchange", ""))
        ids = [str(envelope.get(side, {}).get(key, "")) for side in ("sender", "receiver") for key in ("qualifier", "id")]
        return (number, *ids, str(envelope.get("usage", "")), d.element, d.component, d.segment, d.tail)

    def interchange(self, members: list[Member]) -> str | None:
        """The text of one interchange, or None when its headers lack something."""
        sets = [one for one in members if one.table]
        notices = [one.values for one in members if not one.table]
        first = sets[0] if sets else members[0]
        envelope = first.document.get("envelope", {})
        d = delimiters(envelope)
        isa = self.headers.isa(first, d)
        groups: list[Group] = []
        key = (
            (lambda s: (s.rows.group, ""))
            if self.control is not None
            else (lambda s: (s.rows.group, self.headers.number(s, "group")))
        )
        for (group_id, number), one_group in groupby(sets, key=key):
            listed = list(one_group)
            header = self.headers.group(listed[0], group_id, number or self.headers.next("group"))
            wrapped = []
            for n, one in enumerate(listed, 1):
                control = f"{n:04d}" if self.control is not None else self.headers.number(one, "set")
                if not control:
                    self.say_at(one.place)("value-missing", path="envelope.control.set")
                wrapped.append(wrap(one.rows.set_id, self.headers.plain(one, control, "envelope.control.set", d), one.segments, d))
            places = [f"envelope.{PLACES.get(f'GS{n:02d}', '')}" for n in range(1, len(header) + 1)]
            groups.append(
                Group([self.headers.plain(first, value, at, d) for value, at in zip(header, places, strict=True)], wrapped)
            )
        if any("envelope" in (f.path or "") for f in self.findings if f.code in _NO_ENVELOPE):
            return None
        return interchange(isa, groups, d, notices)

    # --- the judge ----------------------------------------------------------------------------------------------------

    def judge(self, data: bytes, written: list[Member]) -> None:
        """Read back what was written: the same documents, and what the reader finds in them."""
        if not data:
            return
        back = iter([one for one in written if one.table])
        notices = iter([one for one in written if not one.table])
        for part in parts(Window(io.BytesIO(data).read), _OURS):
            self.findings += part.findings if not part.is_set else []
            if part.values[:1] == ["TA1"] and (notice := next(notices, None)):
                self.judge_notice(part, notice)
            if not part.is_set:
                continue
            one = next(back, None)
            if one is None:
                self.findings.append(finding("value-lost", path="", value="the end", expected="one more transaction set"))
                return
            reader = self.readers.get(one.rows.name)
            if reader is None:
                reader = self.readers[one.rows.name] = Reader(guide=one.rows.name, mappings=self.mappings)
            reading = reader.set(part)
            self.findings += self.placed(one, reading.findings)
            read = reading.document or {}
            for path, value, other in lost(one.rows, one.document, read):
                self.say_at(one.place)("value-lost", path=path, value=_word(value), expected=_word(other))
            self.judge_envelope(one, one.document.get("envelope", {}), read)

    def judge_envelope(self, one: Member, mine: Json, read: Json) -> None:
        """What a document says of its envelope stands in the headers."""
        theirs = read.get("envelope", {})
        for key, held in mine.items():
            if held == theirs.get(key) or (key == "control" and self.control is not None):
                continue
            for path, value, other in differences(held, theirs.get(key), f"envelope.{key}"):
                if value is not None:
                    self.say_at(one.place)("value-lost", path=path, value=_word(value), expected=_word(other))

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
            yield f.having(path=one.place + path) if path else f

    def judge_notice(self, part: Part, notice: Member) -> None:
        reading = Reader(mappings=self.mappings).notice(part)
        for f in reading.findings:
            if f not in part.findings:
                self.findings.append(f.having(path=notice.place + ta1.PLACES.get(f.ref or "", "")))
        mine, theirs = ({k: v for k, v in (d or {}).items() if k not in APART} for d in (notice.document, reading.document))
        for path, value, other in differences(mine, theirs):
            if value not in (None, ""):
                self.say_at(notice.place)("value-lost", path=path, value=_word(value), expected=_word(other))
        self.judge_envelope(notice, of_isa(notice.document.get("envelope", {})), reading.document or {})

    def own(self, found: Finding, one: Member) -> Finding:
        """A finding about what we wrote: an answer of ours that does not add up is not sent."""
        return found.having(severity="error") if found.code == "total-differs" and one.rows.answer and not self.force else found

    def say_at(self, place: str) -> Any:
        def say(code: str, path: str = "", **fields: Any) -> None:
            self.findings.append(finding(code, path=place + path, **fields))

        return say


def _table(document: Json, guide: str | None, mappings: Path | None, settings: tuple[tuple[str, str], ...] = ()) -> Table:
    name = guide or document.get("guide")
    if not isinstance(name, str):
        raise TableError(
            'the document names no `guide` (as in "guide": "partner/set"): give the order that it answers (--order), '
            "which decides, or name one with --guide"
        )
    table = load(name, mappings, settings)
    if document.get("document") != table.document:
        kind = str(document.get("document"))[:40]
        raise TableError(f"table {name} writes documents of the kind {table.document!r}, not {kind!r}")
    return table


def _word(value: Any) -> str:
    return "nothing" if value is None else str(value)
