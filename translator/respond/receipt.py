"""The receipt of what was received: readings of a file go in, acknowledgments of its groups and interchanges come out.

One functional acknowledgment for each group, one interchange acknowledgment (TA1) where it was asked for, as canonical
documents in a list for each interchange that was received. Only breaches of X12 are told: findings that the catalogue has
a word for (``ack``), errors where segments and elements are concerned. A document that can be handed on is never rejected:
R is for a set that gave none, has no number or no lines, or whose trailer is broken. Acknowledgments are not acknowledged.
What came in is repeated only where it cannot do harm. Nothing is written, sent or read here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import define, field

from translator import shipped
from translator.errors import TableError
from translator.findings import Finding
from translator.respond.notes import ACCEPTED, ERRORS, LAST, REJECTED, Ack, called, echo, judged, nameable, once
from translator.tables.load import load
from translator.tables.partner import guides
from translator.tables.standard import parsed
from translator.tables.table import Table
from translator.walk.inward import Reading
from translator.x12 import ta1
from translator.x12.elements import to_json
from translator.x12.part import Envelope
from translator.x12.wire import Delimiters

Json = dict[str, Any]

TA1 = ("asked", "broken", "always", "never")
"""When an interchange is acknowledged: when its ISA14 asks for it, also when its envelope is broken, always, never."""

_PARTLY = "P"
_KIND = "functional_acknowledgment"
_ACKNOWLEDGMENTS = "FA"  # GS01 of a group of acknowledgments (X12.5)
_NUMBER = re.compile(r"[0-9]{1,9}")
_GROUP = re.compile(r"[A-Za-z0-9]{2}")
_VERSION = re.compile(r"[0-9]{5}")
_USUAL = Delimiters("*", ">", "~", "\n")


@define(eq=False)
class Receipt:
    """What answers one interchange: ``documents`` to be written together, and what could not be answered, in sentences.

    ``taken`` and ``refused`` are the readings of its sets that can be handed on, and of those that cannot, in file order.
    """

    control: str
    documents: list[Json] = field(factory=list)
    unanswered: list[str] = field(factory=list)
    taken: list[Reading] = field(factory=list)
    refused: list[Reading] = field(factory=list)

    @property
    def rejected(self) -> bool:
        """Whether a set, a group or the interchange is rejected."""
        statuses = {d["status"] for d in self.documents} | {s["status"] for d in self.documents for s in d.get("sets", ())}
        return bool(statuses & {_PARTLY, REJECTED})

    def number(self, control: int, groups: Callable[[Json], int] | None = None) -> int:
        """Number the interchange, and its groups from the same number on; answers the next number that is free.

        Acknowledgments go into one group as long as its header would be the same. ``groups`` gives the numbers of groups
        instead, by the envelope of the first document in each.
        """
        group, header = control - 1, None
        for n, document in enumerate((d for d in self.documents if "group" in d), 1):
            envelope = document["envelope"]
            own = (envelope["sender"]["group"], envelope["receiver"]["group"], envelope["release"])
            if own != header:
                group, header = (groups(envelope) if groups else group + 1), own
            envelope["control"] = {"interchange": _nine(control), "group": str(int(_nine(group))), "set": f"{n:04d}"}
        for document in self.documents:
            document["envelope"]["control"]["interchange"] = _nine(control)
        return max(group, control) + 1


def receipts(readings: Iterable[Reading], *, when: str = "asked", mappings: Path | None = None) -> Iterator[Receipt]:
    """A receipt for each interchange, as soon as the last reading of it came by.

    The readings are those of ``walk.read(…, envelopes=True)``; a plain ``read`` does not tell of groups and interchanges without
    sets, nor of all that stands between headers. ``when`` is one of ``TA1``. Each receipt bears the number of the interchange
    that it answers; ``number`` gives it one of your own. Raises ``TableError`` when no table writes acknowledgments.
    """
    if when not in TA1:
        raise ValueError(f"when is one of {', '.join(TA1)}, not {when!r}")
    desk = _Desk(when, mappings)
    for reading in readings:
        yield from desk.take(reading)
    yield from desk.close()


# --- the envelope -----------------------------------------------------------------------------------------------------


@define(eq=False)
class _Group:
    envelope: Envelope
    sets: list[Json] = field(factory=list)
    received: int = 0
    accepted: int = 0
    unread: int = 0  # of a release that no table reads
    included: str = ""  # GE01
    codes: list[str] = field(factory=list)
    errors: bool = False


@define(eq=False)
class _Interchange:
    envelope: Envelope
    group: _Group | None = None
    groups: int = 0
    notices: int = 0
    accepted: int = 0
    notes: list[str] = field(factory=list)
    documents: list[Json] = field(factory=list)
    unanswered: list[str] = field(factory=list)
    taken: list[Reading] = field(factory=list)
    refused: list[Reading] = field(factory=list)


class _Desk:
    """Follows the envelope, reading by reading."""

    def __init__(self, when: str, mappings: Path | None) -> None:
        self.when = when
        self.mappings = mappings
        self.table = _acknowledging(mappings)
        self.open: _Interchange | None = None

    def take(self, reading: Reading) -> Iterator[Receipt]:
        part = reading.part
        if part is None:
            return
        tag = part.values[0] if part.values else ""
        if part.envelope is not None and (self.open is None or self.open.envelope.isa is not part.envelope.isa):
            yield from self.close()
            self.open = _Interchange(part.envelope)
        if self.open is None:
            return  # nothing that anybody could be told
        if part.is_set:
            self.enter(part.envelope)
            self.set(reading)
            return
        of_trailer = [f for f in reading.findings if f.code == "ge-missing"]
        self.tell(of_trailer)
        if of_trailer or tag == "GS":
            self.leave()
        if tag == "GS":
            self.enter(part.envelope)
        elif tag == "TA1":
            self.open.notices += 1
        self.tell([f for f in reading.findings if f.code != "ge-missing"])
        if tag == "GE" and self.open.group is not None:
            self.open.group.included = part.values[1] if len(part.values) > 1 else ""
            self.leave()
        elif tag == "IEA":
            yield from self.close()

    def tell(self, findings: list[Finding], cause: str = "") -> list[tuple[Finding, Ack]]:
        """What findings say of group and interchange; what they say of a set comes back."""
        assert self.open is not None
        of_set = []
        for one in findings:
            ack = called(one, cause)
            if ack is None:
                continue
            kind, code = ack
            if kind == "TA1":
                self.open.notes.append(code)
            elif kind == "AK9":
                if self.open.group is not None:
                    self.open.group.codes.append(code)
            else:
                of_set.append((one, ack))
        return of_set

    def enter(self, envelope: Envelope | None) -> None:
        """A set or a header tells which group is open."""
        assert self.open is not None and envelope is not None
        if self.open.group is not None and self.open.group.envelope is envelope:
            return
        self.leave()
        self.open.groups += 1
        self.open.group = _Group(envelope)

    def set(self, reading: Reading) -> None:
        """A set is judged, and goes into its group."""
        assert self.open is not None and self.open.group is not None and reading.part is not None
        group = self.open.group
        group.received += 1
        group.unread += reading.cause == "release"
        banned = {group.envelope.delimiters, _ours(group.envelope) or _USUAL}
        answer = judged(reading, self.tell(reading.findings, reading.cause), banned, self.mappings)
        taken = answer["status"] != REJECTED
        (self.open.taken if taken else self.open.refused).append(reading)
        group.accepted += taken
        self.open.accepted += taken
        group.errors = group.errors or answer["status"] == ERRORS
        if nameable(reading):
            group.sets.append(answer)

    def leave(self) -> None:
        """The open group is over, and answered."""
        assert self.open is not None
        group, self.open.group = self.open.group, None
        if group is None:
            return
        if not group.envelope.group:
            self.open.unanswered.append(f"{group.received} sets outside any group: they have no GS that could be answered")
            return
        header = [*group.envelope.group, *[""] * 9]
        kind, control = header[1], header[6]
        if kind == _ACKNOWLEDGMENTS:
            return
        if not _GROUP.fullmatch(kind) or not _NUMBER.fullmatch(control):
            what = "GS01" if not _GROUP.fullmatch(kind) else "GS06"
            self.open.unanswered.append(f"the group at byte {group.envelope.group_place[0]}: its {what} cannot be repeated")
            return
        back = _back(group.envelope, self.table)
        if back is None:
            self.open.unanswered.append(f"group {kind} {control}: its sender's or receiver's id cannot be written")
            return
        self.open.documents.append(_answered(group, kind, control, self.table) | {"envelope": back})

    def close(self) -> Iterator[Receipt]:
        """The open interchange is over: its TA1, if there is to be one, stands before its groups."""
        done = self.open
        if done is None:
            return
        self.leave()
        self.open = None
        isa = done.envelope.isa
        alone = done.notices and not done.groups  # acknowledgments of interchanges are not acknowledged
        wanted = {"asked": isa[13] == "1", "broken": isa[13] == "1" or bool(done.notes), "always": True, "never": False}
        if wanted[self.when] and not alone:
            back = _back(done.envelope, self.table)
            if back is None or not _NUMBER.fullmatch(isa[12].strip(" ")):
                done.unanswered.append(
                    f"the interchange at byte {done.envelope.isa_place[0]}: its ISA13 or its ids cannot be repeated"
                )
            else:
                done.documents.insert(0, _noticed(done, back))
        made = Receipt(isa[12], done.documents, done.unanswered, done.taken, done.refused)
        number = isa[12].strip(" ")
        made.number(int(number) if _NUMBER.fullmatch(number) and int(number) else 1)
        yield made


def _answered(group: _Group, kind: str, control: str, table: Table) -> Json:
    """The acknowledgment of a group, but for its envelope."""
    counted = group.received
    if not counted:
        status = REJECTED if group.codes else ACCEPTED
    elif not group.accepted:
        status = REJECTED
    elif group.accepted < counted:
        status = _PARTLY
    else:
        status = ERRORS if group.codes or group.errors else ACCEPTED
    said = int(group.included) if _NUMBER.fullmatch(group.included) and int(group.included) <= LAST else counted
    document: Json = {
        "document": _KIND,
        "partner": table.partner,
        "guide": table.name,
        "group": {"kind": kind, "control": int(control)},
    }
    if group.sets and group.unread < counted:  # a group that cannot be read at all is answered as a whole
        document["sets"] = group.sets
    document |= {"status": status, "included": said, "received": counted, "accepted": group.accepted}
    if group.codes:
        document["errors"] = once(group.codes)
    return document


def _noticed(done: _Interchange, back: Json) -> Json:
    """The acknowledgment of an interchange: rejected only where nothing of it was taken."""
    isa, notes = done.envelope.isa, done.notes
    status = ACCEPTED if not notes else ERRORS if done.accepted else REJECTED
    document: Json = {"document": ta1.DOCUMENT, "envelope": back, "control": isa[12].strip(" ").rjust(9, "0")}
    for key, type_, text in (("date", "DT", isa[8]), ("time", "TM", isa[9])):
        if (value := to_json(type_, text)) is not None:
            document[key] = value
    for side in ("sender", "receiver"):
        back[side].pop("group", None)
    back.pop("release", None)
    return document | {"status": status, "note": notes[0] if notes else "000"}


def _back(envelope: Envelope, table: Table) -> Json | None:
    """The envelope of an answer: sender and receiver swapped, the rest as received where it can be; None where it cannot."""
    isa, group, d = envelope.isa, [*envelope.group, *[""] * 9], _ours(envelope)
    if d is None:
        return None
    sides: list[Json] = [{"qualifier": isa[n].rstrip(" ").ljust(2), "id": isa[n + 1].rstrip(" ")} for n in (6, 4)]
    for about, id_ in zip(sides, (group[3], group[2]), strict=True):
        own = echo(id_.rstrip(" "), {d}) or ""
        about["group"] = own if 2 <= len(own) <= 15 else about["id"]
    if any(len(about["group"]) < 2 for about in sides):
        return None
    release, version = echo(group[8][:12], {d}) or "", table.release[:5]
    back: Json = {
        "sender": sides[0],
        "receiver": sides[1],
        "control": {},
        "version": isa[11] if _VERSION.fullmatch(isa[11]) and isa[11] <= version else version,
        "release": release if release.startswith(table.release) else table.release,
        "acknowledgment_requested": False,
        "delimiters": {"element": d.element, "component": d.component, "segment": d.segment, "tail": d.tail},
    }
    if isa[14] in ("I", "P", "T"):
        back["usage"] = isa[14]
    return back


def _nine(number: int) -> str:
    """A control number of nine digits, which begin again at 1."""
    return f"{(number - 1) % 999_999_999 + 1:09d}"


def _ours(envelope: Envelope) -> Delimiters | None:
    """The delimiters of the answer: as received, or the usual ones where an id holds one; None where no id can be written."""
    ids = [(text.rstrip(" "), most) for text, most in zip(envelope.isa[4:8], (2, 15, 2, 15), strict=True)]
    if any(len(text) > most for text, most in ids):
        return None
    return next((d for d in (envelope.delimiters, _USUAL) if all(echo(text, {d}) for text, _ in ids)), None)


@lru_cache(maxsize=8)
def _acknowledging(mappings: Path | None) -> Table:
    """The table that writes functional acknowledgments: a partner's guide names it, or it is shipped."""
    named = [guide.table for guide in guides(mappings) if guide.table]
    named += [name.removeprefix("mappings/").removesuffix(".toml") for name in shipped.names("mappings", ".toml", mappings)]
    for name in dict.fromkeys(named):
        if parsed(f"mappings/{name}.toml", mappings).get("document") == _KIND:
            return load(name, mappings)
    raise TableError(f"no table writes documents of the kind {_KIND!r}: add one to the mappings")
