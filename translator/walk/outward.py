"""The walk out: canonical documents go in, the bytes of their interchanges come out, or findings and no bytes.

Documents that share a control number share an envelope. What was written is read back by the reader of the walk in,
and differs in nothing, or is refused: the reader is the only judge, in both directions. ``restore`` writes again what
was read with ``exact``, faults and all. Nothing is sent or stored here.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.errors import TableError
from translator.findings import Finding, finding, has_errors
from translator.tables.load import load
from translator.tables.residue import restore as restored
from translator.tables.table import Table, path_text
from translator.tables.write import write_set
from translator.walk.inward import Json, Reader
from translator.x12.compose import Group, interchange, wrap
from translator.x12.elements import breaches, to_text
from translator.x12.envelope import parts
from translator.x12.wire import Delimiters, Window

# Kept through every step, and never written by a row: the ERP's own, what is for reading only, and what was found.
APART = frozenset({"document", "partner", "guide", "envelope", "erp", "derived", "findings", "residue"})
_OBJECTS = frozenset({"sender", "receiver", "control", "delimiters"})
_NO_ENVELOPE = frozenset({"value-missing", "value-type", "value-delimiter"})
_USUAL = Delimiters("*", ">", "~", "")


@define
class Writing:
    """What was written: ``data`` is None when there is an error among the findings (unless forced)."""

    data: bytes | None
    findings: list[Finding] = field(factory=list)

    @property
    def ok(self) -> bool:
        """There are bytes and no error."""
        return self.data is not None and not has_errors(self.findings)


@define
class _Set:
    document: Json
    table: Table
    segments: list[str]
    place: str


def write(
    documents: Json | Iterable[Json],
    *,
    control: int | None = None,
    now: datetime.datetime | None = None,
    guide: str | None = None,
    mappings: Path | None = None,
    force: bool = False,
) -> Writing:
    """Write documents as X12, in their order.

    ``control`` numbers one interchange for all of them (ISA13, GS06; sets 0001 and on); without it the documents' own
    control numbers are used. ``now`` stands in for a missing date and time. ``force`` gives the bytes beside error
    findings: for tests and ``roundtrip`` only. Raises ``TableError``.
    """
    return _Writer(control, now, guide, mappings, force).write([documents] if isinstance(documents, dict) else list(documents))


def restore(documents: Iterable[Json], *, mappings: Path | None = None, report: list[Finding] | None = None) -> Iterator[bytes]:
    """The file that ``read(…, exact=True)`` saw, from its documents: piece by piece, byte for byte.

    Entries of a residue that an edited document no longer agrees with are left out and reported.
    """
    said = [] if report is None else report
    for n, document in enumerate(documents):
        text = str(document.get("text", ""))
        if document.get("document") != "raw":
            text = _restored(document, _table(document, None, mappings), f"documents[{n}].", said)
        if has_errors(said):
            return
        yield text.encode("latin-1", "replace")


def _restored(document: Json, table: Table, place: str, said: list[Finding]) -> str:
    """The text of one set, from its document and residue."""
    envelope = document.get("envelope", {})
    odd = [f.having(path=place + (f.path or "")) for f in _odd_envelope(document)]
    said += odd
    if odd:
        return ""
    d = _delimiters(envelope)

    def say(code: str, path: str = "", **fields: Any) -> None:
        said.append(finding(code, path=place + path, **fields))

    body = write_set(table, document, d, say, faithful=True)
    control = str(envelope.get("control", {}).get("set", ""))
    entries = document.get("residue", [])
    return restored(entries, body, table.set_id, control, d, lambda raw: say("residue-unused", "residue", value=raw))


class _Writer:
    def __init__(
        self, control: int | None, now: datetime.datetime | None, guide: str | None, mappings: Path | None, force: bool
    ) -> None:
        self.control, self.now, self.guide, self.mappings, self.force = control, now, guide, mappings, force
        self.findings: list[Finding] = []

    def write(self, documents: list[Json]) -> Writing:
        sets = []
        for n, document in enumerate(documents):
            place = f"documents[{n}]." if len(documents) > 1 else ""
            table = _table(document, self.guide, self.mappings)
            self.findings += [f.having(path=place + (f.path or "")) for f in _odd_envelope(document)]
            if self.findings:
                continue
            d = _delimiters(document.get("envelope", {}))
            body = write_set(table, document, d, self.say_at(place))
            sets.append(_Set(document, table, body, place))
        if has_errors(self.findings):
            return Writing(None, self.findings)  # what has the wrong type cannot be written, so there is nothing to judge
        texts = [self.interchange(list(group)) for _, group in groupby(sets, key=self.envelope_key)]
        if None in texts:
            return Writing(None, self.findings)
        data = "".join(text for text in texts if text).encode("latin-1")
        self.judge(data, sets)
        if has_errors(self.findings) and not self.force:
            return Writing(None, self.findings)
        return Writing(data, self.findings)

    # --- the envelope -------------------------------------------------------------------------------------------------

    def envelope_key(self, one: _Set) -> tuple[str, ...]:
        envelope = one.document.get("envelope", {})
        d = _delimiters(envelope)
        number = "" if self.control is not None else str(envelope.get("control", {}).get("interchange", ""))
        ids = [str(envelope.get(side, {}).get(key, "")) for side in ("sender", "receiver") for key in ("qualifier", "id")]
        return (number, *ids, str(envelope.get("usage", "")), d.element, d.component, d.segment, d.tail)

    def interchange(self, sets: list[_Set]) -> str | None:
        """The text of one interchange, or None when its headers lack something."""
        first = sets[0]
        envelope = first.document.get("envelope", {})
        d = _delimiters(envelope)
        isa = self.isa(first, envelope, d)
        groups: list[Group] = []
        for (group_id, number), members in groupby(sets, key=lambda s: (s.table.group, self.number(s, "group"))):
            listed = list(members)
            header = self.group(listed[0], group_id, number)
            wrapped = []
            for n, one in enumerate(listed, 1):
                control = f"{n:04d}" if self.control is not None else self.number(one, "set")
                if not control:
                    self.say_at(one.place)("value-missing", path="envelope.control.set")
                wrapped.append(wrap(one.table.set_id, self.plain(one, control, "envelope.control.set", d), one.segments, d))
            groups.append(Group([self.plain(first, value, "envelope", d) for value in header], wrapped))
        if any("envelope" in (f.path or "") for f in self.findings if f.code in _NO_ENVELOPE):
            return None
        return interchange(isa, groups, d)

    def isa(self, one: _Set, envelope: Json, d: Delimiters) -> list[str]:
        """The sixteen elements of the ISA."""
        constants = {e.number: e.constant for e in one.table.envelope["ISA"].elements.values() if e.constant}
        date, time = self.moment(envelope)
        values: dict[int, tuple[str, str]] = {
            1: ("", "00"), 2: ("authorization", str(envelope.get("authorization", ""))),
            3: ("", "00"), 4: ("security", str(envelope.get("security", ""))),
            9: ("date", date[2:]), 10: ("time", time[:4]),
            11: ("", constants.get(11) or "U"), 12: ("version", str(envelope.get("version") or constants.get(12) or "")),
            13: ("control.interchange", self.number(one, "interchange")),
            14: ("acknowledgment_requested", "1" if envelope.get("acknowledgment_requested") else "0"),
            15: ("usage", str(envelope.get("usage") or "T")), 16: ("delimiters.component", d.component),
        }  # fmt: skip
        for n, side in ((5, "sender"), (7, "receiver")):
            about = envelope.get(side, {})
            values[n] = (f"{side}.qualifier", str(about.get("qualifier", "")))
            values[n + 1] = (f"{side}.id", str(about.get("id", "")))
        elements = []
        for n in range(1, 17):
            name, value = values[n]
            piece = one.table.envelope["ISA"].standard.elements[n - 1]
            if name and not value and n not in (2, 4):
                self.say_at(one.place)("value-missing", path=f"envelope.{name}")
            elif name and n < 16:
                self.fits(one, f"envelope.{name}", value, piece.most)
            elements.append(self.plain(one, value, f"envelope.{name}", d) if n < 16 else value)
        return elements

    def group(self, one: _Set, group_id: str, number: str) -> list[str]:
        """The eight elements of the GS."""
        envelope = one.document.get("envelope", {})
        date, time = self.moment(envelope)
        ids = []
        for side in ("sender", "receiver"):
            about = envelope.get(side, {})
            value = str(about.get("group") or about.get("id", ""))
            self.fits(one, f"envelope.{side}.group", value, 15)
            ids.append(value)
        if not number:
            self.say_at(one.place)("value-missing", path="envelope.control.group")
        return [group_id, *ids, date, time, number, "X", str(envelope.get("release") or one.table.release)]

    def number(self, one: _Set, which: str) -> str:
        if self.control is not None:
            return f"{self.control:09d}" if which == "interchange" else str(self.control)
        return str(one.document.get("envelope", {}).get("control", {}).get(which, ""))

    def moment(self, envelope: Json) -> tuple[str, str]:
        now = self.now or datetime.datetime.now()
        date = to_text("DT", envelope.get("date")) or f"{now:%Y%m%d}"
        time = to_text("TM", envelope.get("time")) or f"{now:%H%M}"
        return date, time

    def fits(self, one: _Set, path: str, value: str, most: int) -> None:
        if value and breaches("AN", 1, most, value):
            self.say_at(one.place)("value-type", path=path, value=value, expected=f"at most {most} printable ASCII characters")

    def plain(self, one: _Set, value: str, path: str, d: Delimiters) -> str:
        odd = any(ord(c) < 32 or ord(c) > 126 for c in value)
        if odd or any(c in value for c in (d.element, d.component, d.segment)):
            self.say_at(one.place)("value-delimiter", path=path, value=value, expected="a delimiter or control character")
            return ""
        return value

    # --- the judge ----------------------------------------------------------------------------------------------------

    def judge(self, data: bytes, sets: list[_Set]) -> None:
        """Read back what was written: the same documents, and what the reader finds in them."""
        if not data:
            return
        back = iter(sets)
        for part in parts(Window(io.BytesIO(data).read)):
            self.findings += part.findings if not part.is_set else []
            if not part.is_set:
                continue
            one = next(back, None)
            if one is None:
                self.findings.append(finding("value-lost", path="", value="the end", expected="one more transaction set"))
                return
            reading = Reader(guide=one.table.name, mappings=self.mappings).set(part)
            self.findings += reading.findings
            for path, value, other in self.lost(one, reading.document or {}):
                self.say_at(one.place)("value-lost", path=path, value=_word(value), expected=_word(other))

    def lost(self, one: _Set, back: Json) -> Iterator[tuple[str, Any, Any]]:
        """What the document says and its set, read back, does not; what the document left out may have been worked out."""
        mine = {k: v for k, v in one.document.items() if k not in APART}
        theirs = {k: v for k, v in back.items() if k not in APART}
        made = _made(one.table)
        named = {e.classify for row in one.table.rows() for e in row.elements.values() if e.classify}
        for path, value, other in differences(mine, theirs):
            holder, _, name = path.rpartition(".")
            if value is None and (name in made.get(holder, ()) or name in named or (path in made and set(other) <= made[path])):
                continue
            yield path, value, other
        envelope, theirs = one.document.get("envelope", {}), back.get("envelope", {})
        for path, value, other in differences(envelope, theirs, "envelope"):
            if value is not None and not (self.control is not None and path.startswith("envelope.control")):
                yield path, value, other

    def say_at(self, place: str) -> Any:
        def say(code: str, path: str = "", **fields: Any) -> None:
            self.findings.append(finding(code, path=place + path, **fields))

        return say


def differences(mine: Any, theirs: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two documents differ: (path, mine, theirs); None stands for what is not there. ``erp`` is the ERP's own."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for key in [*mine, *(key for key in theirs if key not in mine)]:
            if key == "erp" or (mine.get(key) is None and theirs.get(key) is None):
                continue
            yield from differences(mine.get(key), theirs.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(mine, list) and isinstance(theirs, list):
        for n in range(max(len(mine), len(theirs))):
            one, other = (items[n] if n < len(items) else None for items in (mine, theirs))
            yield from differences(one, other, f"{path}[{n}]")
    elif type(mine) is not type(theirs) or mine != theirs:
        yield path, mine, theirs


def _table(document: Json, guide: str | None, mappings: Path | None) -> Table:
    name = guide or document.get("guide")
    if not isinstance(name, str):
        raise TableError('the document names no `guide` (as in "guide": "partner/set"): add it, or name one with --guide')
    table = load(name, mappings)
    if document.get("document") != table.document:
        kind = str(document.get("document"))[:40]
        raise TableError(f"table {name} writes documents of the kind {table.document!r}, not {kind!r}")
    return table


def _odd_envelope(document: Json) -> Iterator[Finding]:
    """What is wrong with the shape of a document's envelope, before anything is written with it."""
    envelope = document.get("envelope", {})
    held = {"envelope": envelope}
    if isinstance(envelope, dict):
        held |= {f"envelope.{name}": envelope[name] for name in _OBJECTS if name in envelope}
    for path, value in held.items():
        if not isinstance(value, dict):
            yield finding("value-type", path=path, value=_word(value), expected="an object")
            return
    d = _delimiters(envelope)
    for name in ("element", "component", "segment"):
        character = getattr(d, name)
        if len(character) != 1 or character.isalnum() or character == " " or ord(character) > 127:
            expected = "one character that is no letter, digit or blank"
            yield finding("value-type", path=f"envelope.delimiters.{name}", value=character, expected=expected)
    if len({d.element, d.component, d.segment}) < 3 or d.tail.strip("\r\n"):
        expected = "three different characters, and a line end or nothing as tail"
        value = f"{d.element}{d.component}{d.segment}{d.tail}"
        yield finding("value-type", path="envelope.delimiters", value=value, expected=expected)


def _delimiters(envelope: Json) -> Delimiters:
    said = envelope.get("delimiters", {})
    usual = _USUAL
    return Delimiters(
        str(said.get("element", usual.element)),
        str(said.get("component", usual.component)),
        str(said.get("segment", usual.segment)),
        str(said.get("tail", usual.tail)),
    )


def _made(table: Table) -> dict[str, set[str]]:
    """What the writer computes when the document leaves it out: the object's path -> names in it."""
    return {
        path_text(loop.json): {path_text(e.json) for e in loop.trigger.elements.values() if e.make and e.mandatory}
        for loop in table.loops()
        if any(e.make and e.mandatory for e in loop.trigger.elements.values())
    }


def _word(value: Any) -> str:
    return "nothing" if value is None else str(value)
