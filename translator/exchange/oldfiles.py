"""What old interchanges are: files go in, one after another; ids, numbers, labels and verdicts that they bear come out.

Files and folders of former days, both directions, in any order. A file that cannot be read is told and left out; an interchange
that is not between us and a partner, or of the other usage, is left out as well. Nothing is recorded here; what is kept in
memory is a row for each file, each number series, and each rejection.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, field

from translator.bodies.text import begins_json
from translator.errors import LimitExceeded, NotX12
from translator.exchange import files, series
from translator.exchange.incoming import Piece, pieces
from translator.exchange.intake import CHANGE, ORDER
from translator.exchange.ledger.store import HIGHEST
from translator.exchange.manifest import Manifest
from translator.exchange.room import Room, stamp
from translator.exchange.settings import Partner, Settings
from translator.respond.notes import called
from translator.tables.partner import ANSWERS
from translator.walk import read
from translator.x12 import ta1
from translator.x12.numbers import integer

Json = dict[str, Any]
IN, OUT = "in", "out"
VERDICT = "functional_acknowledgment"
ADOPTED = "adopted"  # folder of the archive: copies of what a former provider sent and received
REFUSED = ("R", "M", "W", "X")  # X12, DE 715 and DE 717; TA104
_FRESH = HIGHEST // 2  # numbers under it are younger than those at the end, where a series began again at 1


@define(eq=False)
class Old:
    """An old file: when its first interchange was made, what is in it, whether it is a copy of our own archive."""

    path: Path
    at: str
    age: int  # when the file itself was written: what tells two of one minute apart
    kinds: frozenset[tuple[str, str]]  # (in or out, kind of document)
    own: bool


@define
class Height:
    """The highest number of a series, and the highest of those that are young where it began again."""

    top: int = 0
    fresh: int = 0

    def see(self, number: int) -> None:
        """One more number of it."""
        self.top = max(self.top, number)
        if number < _FRESH:
            self.fresh = max(self.fresh, number)


@define(eq=False)
class Survey:
    """What all files together say."""

    files: list[Old] = field(factory=list)
    unreadable: list[tuple[str, str]] = field(factory=list)
    bodies: list[str] = field(factory=list)  # files of JSON, as an API gives orders
    left_out: Counter[str] = field(factory=Counter)  # reason -> interchanges
    heights: dict[tuple[str, bool], Height] = field(factory=dict)  # series, own -> its height
    delimiters: Counter[tuple[str, str, str]] = field(factory=Counter)  # of what was sent: elements, components, segments
    groups: Counter[tuple[str, str, str]] = field(factory=Counter)  # partner, ids of ours and theirs in the GS
    labels: dict[str, tuple[str, str]] = field(factory=dict)  # first seven digits -> (digits that all share, the highest)
    rejected: set[tuple[str, str, str, str]] = field(factory=set)  # partner, GS01, GS06, ST02 ("" for all of a group)
    fallen: set[tuple[str, str]] = field(factory=set)  # partner, ISA13 of interchanges that were rejected
    answered: set[tuple[str, str, str]] = field(factory=set)  # partner, GS01, GS06 of what we acknowledged, by our own archive


def paths(old: Iterable[Path], unreadable: list[tuple[str, str]]) -> Iterator[Path]:
    """The files that the operator means; a place that cannot be looked into is told."""
    for place in old:
        held = files.below(place)
        while True:
            try:
                path = next(held, None)
            except files.FileFault as fault:
                unreadable.append((files.shown(place), fault.what))
                break
            if path is None:
                break
            yield path


def content(path: Path, settings: Settings, unreadable: list[tuple[str, str]]) -> bytes | None:
    """The bytes of a file, or None, and told."""
    try:
        return files.read(path, settings.file_limit)
    except files.FileFault as fault:
        unreadable.append((files.shown(path), fault.what))
        return None


def survey(room: Room, old: Iterable[Path], archive: Path, saw: Callable[[int], None] = lambda _: None) -> Survey:
    """Look through all files once. ``saw`` is told how many were read."""
    made = Survey()
    for n, path in enumerate(paths(old, made.unreadable), 1):
        saw(n)
        inside = files.real(path)
        own = inside.is_relative_to(archive) and not inside.is_relative_to(archive / ADOPTED)
        data = content(path, room.settings, made.unreadable)
        if data is None:
            continue
        if begins_json(data[:64]):
            made.bodies.append(files.shown(path))
            continue
        kinds: set[tuple[str, str]] = set()
        first = ""
        try:
            for piece in pieces(room, data, files.shown(path), []):
                way, partner, why = judged(room.settings, piece)
                if way == OUT and piece.usage == room.settings.usage:
                    _numbers(made, piece, own)
                if partner is None or why:
                    made.left_out[why] += 1
                    continue
                at = dated(room, piece)
                first = min(first or at, at)
                kinds |= _learnt(made, piece, way, partner, own)
        except (NotX12, LimitExceeded) as error:
            made.unreadable.append((files.shown(path), str(error)))
        if first:
            made.files.append(Old(path, first, files.age(path), frozenset(kinds), own))
    made.files.sort(key=lambda one: (one.at, one.age, one.path))
    return made


def judged(settings: Settings, piece: Piece) -> tuple[str, Partner | None, str]:
    """Which way an interchange went, with whom, and why it is left out ("" where it is not)."""
    isa = [text.strip() for text in piece.envelope.isa]
    ours = (settings.ours.qualifier, settings.ours.id)
    for partner in settings.partners:
        theirs = (partner.party.qualifier, partner.party.id)
        way = {(theirs, ours): IN, (ours, theirs): OUT}.get(((isa[4], isa[5]), (isa[6], isa[7])))
        if way is None:
            continue
        if piece.usage != settings.usage:
            here = "test" if settings.usage == "T" else "production"
            return way, partner, f"ISA15 is {piece.usage!r}, and this is the {here} folder"
        if not any(one.part and one.part.values[:1] == ["IEA"] for one in piece.readings):
            return way, partner, "the envelope is broken: it ends without its trailer, IEA"
        broken = [f for one in piece.readings for f in one.findings if f.severity == "error" and (called(f) or "?")[0] == "TA1"]
        return way, partner, f"the envelope is broken: {broken[0].sentence}" if broken else ""
    return "", None, f"from {isa[4]}/{isa[5]} to {isa[6]}/{isa[7]}: these are not the ids of exchange.toml"


def dated(room: Room, piece: Piece) -> str:
    """When an interchange was made, by its own header, as the ledger has it; now where it says no date."""
    day, time = (text.strip() for text in piece.envelope.isa[8:10])
    try:
        local = datetime.datetime.strptime(day + time[:4], "%y%m%d%H%M")
    except ValueError:
        return room.stamp
    return min(stamp(local.replace(tzinfo=ZoneInfo(room.settings.zone))), room.stamp)


def said(document: Json) -> Iterator[tuple[str, str, str, str]]:
    """The verdicts of an acknowledgment: GS01, GS06, ST02 ("" for the whole group), status; numbers without leading zeros."""
    group = document.get("group") or {}
    kind, control = str(group.get("kind", "")), bare(group.get("control"))
    yield kind, control, "", str(document.get("status", ""))
    for one in document.get("sets", ()):
        yield kind, control, bare(one.get("control")), str(one.get("status", ""))


def bare(control: object) -> str:
    """A control number without leading zeros."""
    text = str(control or "").strip()
    return text.lstrip("0") or text


def headers(piece: Piece) -> list[list[str]]:
    """The GS of each group, its elements."""
    held: list[list[str]] = []
    for reading in piece.readings:
        group = reading.part.envelope.group if reading.part and reading.part.envelope else []
        if group and (not held or held[-1] is not group):
            held.append(group)
    return held


def voters(settings: Settings, old: Iterable[Path]) -> Counter[tuple[tuple[str, str], tuple[str, str]]]:
    """Who we seem to be, and who the partner: the pairs that orders and answers to them were exchanged between, with how often."""
    votes: Counter[tuple[tuple[str, str], tuple[str, str]]] = Counter()
    for path in paths(old, []):
        data = content(path, settings, [])
        try:
            for reading in read(data or b"", mappings=settings.mappings):
                kind = (reading.document or {}).get("document")
                if reading.part is None or reading.part.envelope is None or kind not in (ORDER, CHANGE, *ANSWERS):
                    continue
                isa = [text.strip() for text in reading.part.envelope.isa]
                sides = ((isa[4], isa[5]), (isa[6], isa[7]))
                votes[sides if kind in ANSWERS else sides[::-1]] += 1
        except (NotX12, LimitExceeded):
            continue
    return votes


# --- what one interchange adds ------------------------------------------------------------------------------------------


def _numbers(made: Survey, piece: Piece, own: bool) -> None:
    """Numbers that were given, whether or not the rest can be used."""
    numbers = [(series.interchanges(piece.between, piece.usage), piece.number)]
    for group in headers(piece):
        functional, sender, receiver, control = (element(group, n) for n in (1, 2, 3, 6))
        numbers.append((series.groups(sender, receiver, functional, piece.usage), control))
    for name, text in numbers:
        number = integer(text)
        if number is not None and 0 < number <= HIGHEST:
            made.heights.setdefault((name, own), Height()).see(number)


def _learnt(made: Survey, piece: Piece, way: str, partner: Partner, own: bool) -> set[tuple[str, str]]:
    """What an interchange teaches; the kinds of documents in it."""
    if way == OUT:
        d = piece.envelope.delimiters
        made.delimiters[d.element, d.component, d.segment] += 1
    for group in headers(piece):
        pair = (element(group, 2), element(group, 3))
        made.groups[partner.name, *(pair if way == OUT else pair[::-1])] += 1
    kinds = set()
    for reading in piece.readings:
        document = reading.document or {}
        kind = str(document.get("document", ""))
        if not kind:
            continue
        kinds.add((way, kind))
        if kind == VERDICT and way == IN:
            made.rejected |= {(partner.name, *one[:3]) for one in said(document) if one[3] in REFUSED}
        elif kind == VERDICT and own:
            made.answered |= {(partner.name, one[0], one[1]) for one in said(document)}
        elif kind == ta1.DOCUMENT and way == IN and document.get("status") in REFUSED:
            made.fallen.add((partner.name, bare(document.get("control"))))
        elif way == OUT:
            for _, code in Manifest(document, ()).serials():
                _label(made, code)
    return kinds


def _label(made: Survey, code: str) -> None:
    """An SSCC that was used: extension digit, prefix and serial number, check digit."""
    body = code[1:17]
    if len(code) != 18 or not (code.isascii() and code.isdigit()):
        return
    shared, highest = made.labels.get(body[:7], (body, body))
    while not body.startswith(shared):
        shared = shared[:-1]
    made.labels[body[:7]] = (shared, max(highest, body))


def element(values: list[str], n: int) -> str:
    """The n-th element of a header; "" where it has none."""
    return values[n].strip() if n < len(values) else ""
