"""The walk out: canonical documents go in, the bytes of their interchanges come out, or findings and no bytes.

Documents that share a control number share an envelope. What was written is read back by the reader of the walk in,
and differs in nothing, or is refused: the reader is the only judge, in both directions. ``restore`` writes again what
was read with ``exact``, faults and all. Nothing is sent or stored here.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.errors import TableError
from translator.findings import Finding, finding, has_errors
from translator.tables.load import load
from translator.tables.paths import values
from translator.tables.pen import pen
from translator.tables.reckon import filled
from translator.tables.residue import restore as restored
from translator.tables.runs import Runs
from translator.tables.table import Table
from translator.tables.write import write_set
from translator.walk.answer import answers, with_carrier
from translator.walk.headers import PLACES, Envelopes, Headers, Member, Numbers, delimiters, odd_envelope
from translator.walk.inward import Json
from translator.walk.judge import Once, faults
from translator.walk.readback import ReadBack
from translator.walk.replace import replaced
from translator.x12 import ta1
from translator.x12.compose import Group, interchange, wrap
from translator.x12.wire import Delimiters

_NO_ENVELOPE = frozenset({"value-missing", "value-type", "value-delimiter"})
_WORTH_COMPILING = 8  # documents at once
_AT_HAND = 1 << 14  # characters that are written before they are read back: what documents they are of the processor still holds


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
    saw: Callable[[int], None] = lambda _: None,
) -> Writing:
    """Write documents as X12, in their order.

    With ``orders`` those that answer them are completed first: see ``answer``, to which ``ours``, ``usage`` and ``program`` go.
    ``settings`` overrule the partner's. ``control`` numbers interchange and groups (ISA13, GS06), from this number on or as
    ``control("interchange")`` and ``control("group")`` answer, and sets (0001 and on); without it the documents' own control
    numbers are used. ``now`` stands in for a missing date and time. ``force`` gives the bytes beside error findings: for tests
    and ``roundtrip`` only. ``saw`` is told how many were written. Raises ``TableError``, and ``ValueError`` for ``ours``.
    """
    given = [documents] if isinstance(documents, dict) else list(documents)
    writer = _Writer(control, now, guide, mappings, force, tuple(sorted((settings or {}).items())), saw)
    if orders is None:
        return writer.write(given)
    completed, said = answers(
        given, orders, mappings=mappings, settings=settings, ours=ours, usage=usage, program=program, guide=guide, now=now
    )
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
        saw: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.saw = saw
        self.control, self.now, self.guide, self.mappings, self.force = control, now, guide, mappings, force
        self.findings: list[Finding] = []
        self.settings = settings
        self.headers = Headers(control, now, self.say_at)
        self.envelopes = Envelopes()

    def write(self, documents: list[Json]) -> Writing:
        """Quickly where many are written; when that earns an error, once more by the way that explains itself."""
        if len(documents) >= _WORTH_COMPILING and all(one.get("document") != ta1.DOCUMENT for one in documents):
            writing = self.quickly(documents)
            if writing.ok:
                return writing
            self.findings = []
            self.headers.restart()
        return self.slowly(documents)

    def quickly(self, documents: list[Json]) -> Writing:
        """Each set is read back soon after it was written, while its document is at hand: in memory that is half the work."""
        sets: list[Member] = []
        once = Once()
        texts = self.texts(self.noted(documents, sets, once))
        data: list[bytes] = []

        def read(_: int) -> bytes:
            pieces, size = [], 0
            while size < _AT_HAND and (piece := next(texts, "")):
                pieces.append(piece)
                size += len(piece)
            data.append("".join(pieces).encode("latin-1"))
            return data[-1]

        back = ReadBack(self.mappings, self.now, numbered=self.control is not None)
        try:
            back.judge(read, sets)
        except UnicodeEncodeError:  # this way looks at no value
            return Writing(None)
        if once.twice():
            return Writing(None)
        return Writing(b"".join(data), [*self.findings, *back.findings])

    def noted(self, documents: list[Json], sets: list[Member], once: Once) -> Iterator[Member]:
        """The members one by one, each noted in ``sets`` and ``once`` when it is asked for."""
        for n, document in enumerate(documents):
            self.saw(n)
            for one in self.members(document, f"documents[{n}].", quick=True, sample=documents):
                sets.append(one)
                once.note(one.rows, one.document)
                yield one

    def slowly(self, documents: list[Json]) -> Writing:
        """First all is written, then all is read back, and everything that is wrong is said."""
        places = [f"documents[{n}]." if len(documents) > 1 else "" for n in range(len(documents))]
        sets: list[Member] = []
        for n, (document, place) in enumerate(zip(documents, places, strict=True)):
            self.saw(n)
            sets += self.members(document, place, quick=False)
        once = Once()
        for one in sets if not self.force else ():
            self.findings += once.again(one.table, one.document, one.place) if one.table else ()
        if has_errors(self.findings):
            return Writing(None, self.findings)  # what has the wrong type cannot be written, so there is nothing to judge
        groups = (sorted(group, key=lambda one: one.table is not None) for _, group in groupby(sets, key=self.envelope_key))
        text = "".join(self.texts(chain.from_iterable(groups)))
        if any("envelope" in (f.path or "") for f in self.findings if f.code in _NO_ENVELOPE):
            return Writing(None, self.findings)
        try:
            data = text.encode("latin-1")
        except UnicodeEncodeError:
            self.findings.append(finding("value-delimiter", expected="a character outside ISO 8859-1"))
            return Writing(None, self.findings)
        back = ReadBack(self.mappings, self.now, numbered=self.control is not None)
        back.judge(io.BytesIO(data).read, sets)
        self.findings += back.findings
        return Writing(None if has_errors(self.findings) and not self.force else data, self.findings)

    def members(self, document: Json, place: str, *, quick: bool, sample: Sequence[Json] = ()) -> Iterator[Member]:
        """A document with its segments; nothing of one with an odd envelope."""
        if document.get("document") == ta1.DOCUMENT:
            yield from self.notice(document, place)
            return
        table = _table(document, self.guide, self.mappings, self.settings)
        odd = [f.having(path=place + (f.path or "")) for f in self.envelopes.odd(document)]
        self.findings += odd
        if odd:
            return
        d = self.envelopes.delimiters(document)
        if table.replacement:
            document, changed = replaced(table, document, d)
            self.findings += [f.having(path=place + (f.path or "")) for f in changed]
        if table.answer and not self.force and isinstance(said := document.get("carrier"), dict) and said.keys() == {"name"}:
            document, strange = with_carrier(document, table, self.mappings)  # as with its order
            self.findings += [f.having(path=place + (f.path or "")) for f in strange]
        document = filled(table, document)
        runs: Runs = {}
        now = self.now or datetime.datetime.now()
        body = pen(table, d, sample)(document, now, runs) if quick else None  # first, as it asks least of memory
        self.findings += [f.having(path=place + (f.path or "")) for f in faults(table, document, quick=quick)]
        for text, words, ways in table.wanted:
            if not any(value is not None for way in ways for value in values([document], way)):
                self.say_at(place)("value-expected", path=text, expected=words)
        if body is None:
            body = (d.segment + d.tail).join(write_set(table, document, d, self.say_at(place), now=self.now))
        yield Member(document, place, table, body, runs)

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

    def envelope_key(self, one: Member) -> tuple[str, tuple[str, ...]]:
        control = one.document.get("envelope", {}).get("control", {}) if self.control is None else {}
        return str(control.get("interchange", "")), self.envelopes.key(one.document)

    def texts(self, members: Iterable[Member]) -> Iterator[str]:
        """The texts of all interchanges, piece by piece; a member is asked for when its piece is."""
        for _, group in groupby(members, key=self.envelope_key):
            yield from self.interchange(group)

    def interchange(self, members: Iterator[Member]) -> Iterator[str]:
        """The text of one interchange; acknowledgments of interchanges are the first of its members."""
        notices: list[Member] = []
        for first in members:
            if first.table:
                break
            notices.append(first)
        d = delimiters(first.document.get("envelope", {}))
        isa = self.headers.isa(first, d)
        sets = chain([first] if first.table else [], members)
        return interchange(isa, self.groups(first, sets, d), d, [one.values for one in notices])

    def groups(self, first: Member, sets: Iterable[Member], d: Delimiters) -> Iterator[Group]:
        """The functional groups of an interchange, whose headers are those of its first member's."""
        key = (
            (lambda s: (s.rows.group, ""))
            if self.control is not None
            else (lambda s: (s.rows.group, self.headers.number(s, "group")))
        )
        for (group_id, number), group in groupby(sets, key=key):
            listed = iter(group)
            one = next(listed)
            header = self.headers.group(one, group_id, number or self.headers.next("group"))
            places = [f"envelope.{PLACES.get(f'GS{n:02d}', '')}" for n in range(1, len(header) + 1)]
            plain = [self.headers.plain(first, value, at, d) for value, at in zip(header, places, strict=True)]
            yield Group(plain, self.wrapped(chain([one], listed), d))

    def wrapped(self, sets: Iterable[Member], d: Delimiters) -> Iterator[str]:
        """The texts of the sets of a group, each with its ST and SE."""
        for n, one in enumerate(sets, 1):
            control = f"{n:04d}" if self.control is not None else self.headers.number(one, "set")
            if not control:
                self.headers.missing(one, "envelope.control.set")
            yield wrap(one.rows.set_id, self.headers.plain(one, control, "envelope.control.set", d), one.body, d)

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
