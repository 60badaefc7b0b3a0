"""The headers of what is written: a document's envelope goes in, the elements of its ISA and GS come out, with findings.

What lacks a value, does not fit or could forge a segment is said; what is odd about the envelope's shape, before anything
is written with it. Nothing is put together here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

from attrs import define, field

from translator.findings import Finding, finding
from translator.tables.runs import Runs
from translator.tables.table import Table
from translator.x12.elements import breaches, to_text
from translator.x12.wire import ISA_WIDTHS, Delimiters, is_delimiter

Json = dict[str, Any]
Numbers = int | Callable[[str], int]

_OBJECTS = frozenset({"sender", "receiver", "control", "delimiters"})
_USUAL = Delimiters("*", ">", "~", "")
_UNPRINTABLE = re.compile(r"[^ -~]")

# Where an envelope says what its headers have.
PLACES = {
    "ISA02": "authorization", "ISA04": "security", "ISA05": "sender.qualifier", "ISA06": "sender.id", "ISA07": "receiver.qualifier",
    "ISA08": "receiver.id", "ISA09": "date", "ISA10": "time", "ISA12": "version", "ISA13": "control.interchange",
    "ISA14": "acknowledgment_requested", "ISA15": "usage", "ISA16": "delimiters.component", "GS02": "sender.group",
    "GS03": "receiver.group", "GS04": "date", "GS05": "time", "GS06": "control.group", "GS08": "release", "ST02": "control.set",
}  # fmt: skip


@define(eq=False, repr=False)
class Member:
    """A document on its way out, with its place for findings: a set with its table, the text of its segments and their runs, or
    (no table) the elements of an interchange acknowledgment."""

    document: Json
    place: str
    table: Table | None = None
    body: str = ""
    runs: Runs = field(factory=dict)
    values: list[str] = field(factory=list)

    @property
    def rows(self) -> Table:
        """The table of a set."""
        assert self.table is not None
        return self.table


class Headers:
    """Makes the headers of interchanges. ``say(place)`` answers what takes findings.

    ``control`` is the first number of interchanges and groups, which count on from it; or it is asked for each:
    ``control("interchange")``, ``control("group")``.
    """

    def __init__(self, control: Numbers | None, now: datetime.datetime | None, say: Callable[[str], Callable[..., None]]) -> None:
        self.control, self.now, self.say = control, now, say
        self.issued: dict[str, list[str]] = {"interchange": [], "group": []}
        self.bare: set[str] = set()  # documents without any control number
        self.restart()

    def restart(self) -> None:
        """Begin again with the same numbers: what was not given out is written once more."""
        self.given = {"interchange": 0, "group": 0}
        self.bare.clear()

    def isa(self, one: Member, d: Delimiters) -> list[str]:
        """The sixteen elements of the ISA."""
        envelope = one.document.get("envelope", {})
        row = one.table.envelope.get("ISA") if one.table else None
        constants = {e.number: e.constant for e in row.elements.values() if e.constant} if row else {}
        date, time = self.moment(envelope)
        values: dict[int, tuple[str, str]] = {
            1: ("", "00"), 2: ("authorization", _text(envelope, "authorization")),
            3: ("", "00"), 4: ("security", _text(envelope, "security")),
            9: ("date", date[2:]), 10: ("time", time[:4]),
            11: ("", constants.get(11) or "U"), 12: ("version", str(envelope.get("version") or constants.get(12) or "")),
            13: ("control.interchange", self.number(one, "interchange")),
            14: ("acknowledgment_requested", "1" if envelope.get("acknowledgment_requested") else "0"),
            15: ("usage", str(envelope.get("usage") or "T")), 16: ("delimiters.component", d.component),
        }  # fmt: skip
        for n, side in ((5, "sender"), (7, "receiver")):
            about = envelope.get(side, {})
            values[n] = (f"{side}.qualifier", _text(about, "qualifier"))
            values[n + 1] = (f"{side}.id", _text(about, "id"))
        elements = []
        for n in range(1, 17):
            name, value = values[n]
            if name and not value and n not in (2, 4):
                self.missing(one, f"envelope.{name}")
            elif name and n < 16:
                self.fits(one, f"envelope.{name}", value, ISA_WIDTHS[n - 1])
            elements.append(self.plain(one, value, f"envelope.{name}", d) if n < 16 else value)
        return elements

    def group(self, one: Member, group_id: str, number: str) -> list[str]:
        """The eight elements of the GS."""
        envelope = one.document.get("envelope", {})
        date, time = self.moment(envelope)
        ids = []
        for side in ("sender", "receiver"):
            about = envelope.get(side, {})
            value = _text(about, "group") or _text(about, "id")
            self.fits(one, f"envelope.{side}.group", value, 15)
            ids.append(value)
        if not number:
            self.missing(one, "envelope.control.group")
        return [group_id, *ids, date, time, number, "X", str(envelope.get("release") or (one.table.release if one.table else ""))]

    def missing(self, one: Member, path: str) -> None:
        """Say that something is missing; where no number is there at all, that once."""
        if path.startswith("envelope.control.") and not any(one.document.get("envelope", {}).get("control", {}).values()):
            path = "envelope.control"
            if one.place in self.bare:
                return
            self.bare.add(one.place)
        self.say(one.place)("value-missing", path=path)

    def number(self, one: Member, which: str) -> str:
        """A control number: the document's own, or the next one where numbers are given."""
        if self.control is not None and which == "interchange":
            return self.next("interchange").rjust(9, "0")
        return _text(one.document.get("envelope", {}).get("control", {}), which)

    def next(self, which: str) -> str:
        """The next number of interchanges or groups; nothing where none are given."""
        if self.control is None:
            return ""
        issued, n = self.issued[which], self.given[which]
        self.given[which] += 1
        if n == len(issued):
            number = self.control + n if isinstance(self.control, int) else self.control(which)
            issued.append(str((number - 1) % 999_999_999 + 1))  # nine digits, which begin again at 1
        return issued[n]

    def moment(self, envelope: Json) -> tuple[str, str]:
        """Date and time, as X12 has them: the document's, or those of writing."""
        now = self.now or datetime.datetime.now()
        date = to_text("DT", envelope.get("date")) or f"{now:%Y%m%d}"
        time = to_text("TM", envelope.get("time")) or f"{now:%H%M}"
        return date, time

    def fits(self, one: Member, path: str, value: str, most: int) -> None:
        """Ids and numbers of an envelope are ASCII, and not too long."""
        if value and breaches("AN", 1, most, value):
            self.say(one.place)("value-type", path=path, value=value, expected=f"at most {most} printable ASCII characters")

    def plain(self, one: Member, value: str, path: str, d: Delimiters) -> str:
        """A value that cannot forge a segment; nothing where it could."""
        if _UNPRINTABLE.search(value) or d.element in value or d.component in value or d.segment in value:
            self.say(one.place)("value-delimiter", path=path, value=value, expected="a delimiter or control character")
            return ""
        return value


class Envelopes:
    """What is asked of envelopes: of many that say the same, but for control numbers, it is found out once."""

    def __init__(self) -> None:
        self._last: object = None  # the last envelope
        self._known: Json = {}  # and what it says but for control numbers
        self._delimiters = _USUAL
        self._key: tuple[str, ...] = ()

    def odd(self, document: Json) -> list[Finding]:
        """What is wrong with the shape of a document's envelope; nothing is wrong with one that says what the last one said."""
        return [] if self._knows(document) else list(odd_envelope(document))

    def delimiters(self, document: Json) -> Delimiters:
        """The delimiters of a document whose envelope is not odd."""
        self._learn(document)
        return self._delimiters

    def key(self, document: Json) -> tuple[str, ...]:
        """Who writes to whom, for what use and with which delimiters: what one interchange has in common."""
        self._learn(document)
        return self._key

    def _knows(self, document: Json) -> bool:
        envelope = document.get("envelope")
        if envelope is not self._last or envelope is None:
            if not isinstance(envelope, dict) or not isinstance(envelope.get("control"), dict):
                return False
            if {**envelope, "control": None} != self._known:
                return False
            self._last = envelope
        return True

    def _learn(self, document: Json) -> None:
        if self._knows(document):
            return
        envelope = document.get("envelope", {})
        self._last, self._known = envelope, {**envelope, "control": None}
        d = self._delimiters = delimiters(envelope)
        ids = [str(envelope.get(side, {}).get(key, "")) for side in ("sender", "receiver") for key in ("qualifier", "id")]
        self._key = (*ids, str(envelope.get("usage", "")), d.element, d.component, d.segment, d.tail)


def _text(holder: Json, name: str) -> str:
    """A value as text; what is not there is nothing."""
    value = holder.get(name)
    return "" if value is None else str(value)


def odd_envelope(document: Json) -> Iterator[Finding]:
    """What is wrong with the shape of a document's envelope, before anything is written with it."""
    envelope = document.get("envelope", {})
    held = {"envelope": envelope}
    if isinstance(envelope, dict):
        held |= {f"envelope.{name}": envelope[name] for name in _OBJECTS if name in envelope}
    for path, value in held.items():
        if not isinstance(value, dict):
            yield finding("value-type", path=path, value=str(value), expected="an object")
            return
    d = delimiters(envelope)
    for name in ("element", "component", "segment"):
        character = getattr(d, name)
        if not (is_delimiter(character) or (name == "segment" and character in ("\r", "\n"))):
            expected = "one character that is no letter, digit or blank"
            yield finding("value-type", path=f"envelope.delimiters.{name}", value=character, expected=expected)
    if len({d.element, d.component, d.segment}) < 3 or d.tail.strip("\r\n"):
        expected = "three different characters, and a line end or nothing as tail"
        value = f"{d.element}{d.component}{d.segment}{d.tail}"
        yield finding("value-type", path="envelope.delimiters", value=value, expected=expected)


def of_isa(envelope: Json) -> Json:
    """What an ISA says of an envelope: nothing of a group, and no seconds."""
    said = {
        key: {name: one for name, one in value.items() if name not in ("group", "set")} if isinstance(value, dict) else value
        for key, value in envelope.items() if key != "release"
    }  # fmt: skip
    time = said.get("time")
    return {**said, "time": time[:5]} if isinstance(time, str) else said


def delimiters(envelope: Json) -> Delimiters:
    """The delimiters that an envelope names, or the usual ones."""
    said = envelope.get("delimiters", {})
    usual = _USUAL
    return Delimiters(
        str(said.get("element", usual.element)),
        str(said.get("component", usual.component)),
        str(said.get("segment", usual.segment)),
        str(said.get("tail", usual.tail)),
    )
