"""What the partner sends: a file goes in, and each interchange of it is judged alone, recorded, answered, and taken apart.

Ours and of this usage, or put aside unanswered; new, or a repetition that has no second effect; whole, or refused. One transaction
for each interchange holds all that follows from it. What the sets of an accepted one mean is for ``intake``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from attrs import define, field

from translator.bodies.text import begins_json
from translator.errors import LimitExceeded, NotX12
from translator.exchange import files, series
from translator.exchange.alone import CURE, OPERATOR, alone, reason
from translator.exchange.arrivals import Arrival, took
from translator.exchange.aside import REFUSED, beside, refuse_file
from translator.exchange.dispatch import archived, kept
from translator.exchange.fetched import fetched
from translator.exchange.handover import hand_over_together
from translator.exchange.intake import Intake
from translator.exchange.ledger import Interchange
from translator.exchange.lists import keep_locations
from translator.exchange.room import Room, stamp
from translator.exchange.settings import Partner
from translator.findings import Finding
from translator.respond.notes import called
from translator.respond.receipt import Receipt, receipts
from translator.tables.load import load
from translator.walk import Reading, read, write
from translator.x12 import ta1
from translator.x12.part import Envelope

TAKEN, ASIDE, STRANGE, REPEATED = "taken", "aside", "not-ours", "repeated"
REJECTED = "rejected"  # whole, answered, and nothing of it was accepted: it may come again, corrected, under its number
_TRAILERS = frozenset({"ge-missing", "iea-missing"})
_MEMORY = timedelta(days=400)  # after which a number may come again: nine digits have begun again at 1


@define(eq=False)
class Piece:
    """One interchange of a file: its bytes, where they begin, and its readings."""

    envelope: Envelope
    data: bytes
    place: int
    readings: list[Reading] = field(factory=list)

    @property
    def between(self) -> str:
        """Who sends it to whom."""
        sender, sent, receiver, received = (text.strip() for text in self.envelope.isa[4:8])
        return series.between((sender, sent), (receiver, received))

    @property
    def number(self) -> str:
        """Its control number, without leading zeros."""
        text = self.envelope.isa[12].strip()
        return text.lstrip("0") or text

    @property
    def usage(self) -> str:
        """Test or production, as it says."""
        return self.envelope.isa[14].strip()


def receive(room: Room, arrivals: list[Arrival]) -> None:
    """Deal with files that came, and with what a pass that was cut short left of them. All of it is safe together."""
    places = archived(room, [(claimed.name, data) for claimed, data in arrivals])
    with room.ledger.transaction():
        for arrival, place in zip(arrivals, places, strict=True):
            _receive(room, *arrival, place)
            took(room, "in", arrival, place)
        keep_locations(room)
        hand_over_together(room)


def _receive(room: Room, claimed: files.Claimed, data: bytes, place: str) -> None:
    name = files.shown(claimed.name)
    if begins_json(data) and any(one.api for one in room.settings.partners):
        fetched(room, claimed, data, place)
        return
    outside: list[Finding] = []
    desk = _Desk(room, claimed, place, name)
    try:
        for piece in pieces(room, data, name, outside):
            with alone(room, partial(desk.aside, piece, ASIDE, cure=CURE)):
                desk.judge(piece)
    except (NotX12, LimitExceeded) as error:
        cure = "Look at the file; ask whoever put it there to send X12, whole"
        refuse_file(room, claimed, place, data, str(error), cure)
        return
    except OPERATOR:
        raise
    except Exception as error:  # reading it fails: what was judged of it so far holds
        refuse_file(room, claimed, place, data, reason(error), CURE)
        return
    if outside:
        room.note("remarks", f"{name}: " + " ".join(f"{one.where}: {one.sentence}" for one in outside[:5]))


def pieces(room: Room, data: bytes, name: str, outside: list[Finding]) -> Iterator[Piece]:
    """The interchanges of a file; what is found between them goes into ``outside``. Raises ``NotX12``, ``LimitExceeded``."""
    held: list[Reading] = []
    for reading in read(data, envelopes=True, mappings=room.settings.mappings, name=name):
        envelope = reading.part.envelope if reading.part else None
        if envelope is None and held and any(one.code in _TRAILERS for one in reading.findings):
            held.append(reading)  # the interchange that is open ends without its trailer
        elif envelope is None:
            outside += reading.findings
        else:
            if held and _envelope(held[0]).isa is not envelope.isa:
                yield _piece(data, held)
                held = []
            held.append(reading)
    if held:
        yield _piece(data, held)


def _envelope(reading: Reading) -> Envelope:
    assert reading.part is not None and reading.part.envelope is not None
    return reading.part.envelope


def _piece(data: bytes, held: list[Reading]) -> Piece:
    last = held[-1].part
    assert last is not None
    begin = _envelope(held[0]).isa_place[0]
    return Piece(_envelope(held[0]), data[begin : last.offset + len(last.text)].rstrip(b" \t\r\n\0\x1a"), begin, held)


@define(eq=False)
class _Desk:
    """Judges one interchange after the other of one file, inside a transaction each."""

    room: Room
    claimed: files.Claimed
    archived: str
    name: str

    def judge(self, piece: Piece) -> None:
        partner, why = self.partner(piece)
        if partner is None:
            self.aside(piece, STRANGE, why, "Nothing was answered. If it is yours, put its ids into [ours] and [[partners]]")
            return
        if piece.usage != self.room.settings.usage:
            here = "test" if self.room.settings.usage == "T" else "production"
            why = f"ISA15 is {piece.usage!r}, and this is the {here} folder"
            self.aside(piece, STRANGE, why, "Nothing was answered. Have the partner's mailbox deliver it into the other folder")
            return
        digest = hashlib.sha256(piece.data).hexdigest()
        before = self.earlier(piece)
        if same := [one for one in before if one.sha256 == digest]:
            self.repeated(piece, same[0])
            return
        if earlier := [one for one in before if one.state == TAKEN]:
            why = (
                f"its control number {piece.number} came before, on {earlier[0].at}, with another content "
                f"({earlier[0].file}): one of the two is not what the partner meant to send"
            )
            self.aside(piece, ASIDE, why, "Ask the partner which one holds, and to send it again under a new number")
            return
        if broken := [one for one in _findings(piece) if (ack := called(one)) and ack[0] == "TA1" and one.severity == "error"]:
            self.refuse(piece, broken)
            return
        self.take(piece, partner)

    def partner(self, piece: Piece) -> tuple[Partner | None, str]:
        """Whose it is, or why it is nobody's."""
        settings, isa = self.room.settings, [text.strip() for text in piece.envelope.isa]
        if (isa[6], isa[7]) != (settings.ours.qualifier, settings.ours.id):
            return None, f"it is addressed to {isa[6]}/{isa[7]}, and we are {settings.ours.qualifier}/{settings.ours.id}"
        for one in settings.partners:
            if one.api or (isa[4], isa[5]) != (one.party.qualifier, one.party.id):
                continue
            headers = [r.part.envelope.group for r in piece.readings if r.part and r.part.envelope and r.part.envelope.group]
            groups = {(_at(header, 2), _at(header, 3)): None for header in headers}
            strange = [pair for pair in groups if not self.own(pair, one)]
            if strange:
                return (
                    None,
                    f"its group is from {strange[0][0]!r} to {strange[0][1]!r}: not the ids that were agreed with {one.name}",
                )
            return one, ""
        return None, f"{isa[4]}/{isa[5]} is no partner of this exchange"

    def own(self, pair: tuple[str, str], partner: Partner) -> bool:
        """Whether the ids of a group are those of partner and ourselves."""
        ours = self.room.settings.ours
        return pair == (partner.party.group or partner.party.id, ours.group or ours.id)

    def earlier(self, piece: Piece) -> list[Interchange]:
        """Interchanges with this number that were taken or rejected, and not too long ago."""
        since = stamp(self.room.now - _MEMORY)
        found = self.room.ledger.interchanges.numbered("in", piece.between, piece.usage, piece.number)
        return [one for one in found if one.state in (TAKEN, REJECTED) and one.at >= since]

    def mended(self, piece: Piece) -> None:
        """What was refused under this number has come in order."""
        for one in self.room.ledger.interchanges.numbered("in", piece.between, piece.usage, piece.number):
            if one.state in (REFUSED, REJECTED, ASIDE):
                self.room.ledger.holds.close("interchange", one.id, self.room.stamp, "sent again")

    def add(self, piece: Piece, state: str, why: str = "") -> int:
        return self.room.ledger.interchanges.add(
            way="in", envelope=piece.between, usage=piece.usage, control=piece.number,
            sha256=hashlib.sha256(piece.data).hexdigest(), size=len(piece.data), file=self.name, claim=self.claimed.token,
            archived=self.archived, place=piece.place, state=state, why=why, at=self.room.stamp,
        )  # fmt: skip

    def aside(self, piece: Piece, state: str, why: str, cure: str) -> None:
        """Not acted on and not answered; a person decides."""
        id = self.add(piece, state, why)
        beside(self.room, "not_ours" if state == STRANGE else "rejected", self.claimed.name, piece.data, f"{why}\n\n{cure}.\n", id)
        self.room.note(state, f"{self.name}: interchange {piece.number}: {why}", interchange=id)
        self.room.hold("interchange", id, self.name, f"{self.name}: interchange {piece.number} was put aside: {why}", cure)

    def repeated(self, piece: Piece, first: Interchange) -> None:
        """The same once more: no second effect, and the same answer."""
        id = self.add(piece, REPEATED, f"the same as {first.file}")
        room = self.room
        room.note("repeated", f"{self.name}: interchange {piece.number} is the same as {first.file} of {first.at}", interchange=id)
        if not room.settings.repeat_answer:
            return
        for answer in room.ledger.interchanges.answers(first.id):
            data = kept(room, answer.archived) if answer.archived else self.posted(answer.id)
            if data is not None and hashlib.sha256(data).hexdigest() == answer.sha256:
                room.post("out", answer.file.replace(".", f"-again-{id}.", 1), data, interchange=answer.id)

    def posted(self, answer: int) -> bytes | None:
        """What is about to go out: a repetition that came beside the first is answered like one that came later."""
        return next((one.data for one in self.room.ledger.outbox.of(interchange=answer) if one.data is not None), None)

    def refuse(self, piece: Piece, broken: list[Finding]) -> None:
        """Nothing inside a broken envelope is acted on; the partner may send it again under the same number."""
        why = " ".join(f"{one.sentence}" for one in broken[:5])
        id = self.add(piece, REFUSED, why)
        report = "".join(f"{one.where}: {one.sentence} {one.cure}\n" for one in broken)
        beside(self.room, "rejected", self.claimed.name, piece.data, report, id)
        self.room.note("refused", f"{self.name}: interchange {piece.number}: {why}", interchange=id)
        cure = "Ask the partner to send it again, whole; the same control number will do"
        self.room.hold("interchange", id, self.name, f"{self.name}: interchange {piece.number} was refused: {why}", cure)
        receipt = self.receipt(piece)
        receipt.documents = [one | {"status": "R"} for one in receipt.documents if one["document"] == ta1.DOCUMENT]
        if self.room.settings.ta1 in ("broken", "always"):
            self.answer(receipt, id)

    def take(self, piece: Piece, partner: Partner) -> None:
        """Accepted: its receipt, and what its sets mean."""
        id = self.add(piece, TAKEN)
        self.room.note("taken", f"{self.name}: interchange {piece.number} from {partner.name}", interchange=id)
        receipt = self.receipt(piece)
        self.answer(receipt, id)
        for sentence in receipt.unanswered:
            what = f"{self.name}: not answered: {sentence}"
            self.room.note("unanswered", what, interchange=id)
            self.room.hold("interchange", id, self.name, what, "Ask the partner to send it again in whole envelopes")
        if said := " ".join(f"{one.where}: {one.sentence}" for r in piece.readings if _header(r) for one in r.findings[:5]):
            self.room.note("remarks", f"{self.name}: {said}", interchange=id)
        intake = Intake(self.room, partner, id, self.name)
        for reading in piece.readings:
            if reading.document and reading.document["document"] == ta1.DOCUMENT:
                intake.verdict(reading.document)
        taken = [reading for reading in receipt.taken if _envelope(reading).group]  # outside any group nothing can be answered
        for reading in taken:
            intake.take(reading)
        for reading in receipt.refused:
            intake.refused(reading)
        intake.close()
        if (receipt.refused or receipt.taken) and not taken:
            self.room.ledger.interchanges.set(id, state=REJECTED, why="every set of it was rejected")
        else:
            self.mended(piece)

    def receipt(self, piece: Piece) -> Receipt:
        settings = self.room.settings
        return next(receipts(piece.readings, when=settings.ta1, mappings=settings.mappings))

    def answer(self, receipt: Receipt, about: int) -> None:
        """Number, write and post what acknowledges an interchange."""
        if not receipt.documents:
            return
        room, first = self.room, receipt.documents[0]["envelope"]
        between = series.between(*((first[side]["qualifier"], first[side]["id"]) for side in ("sender", "receiver")))
        usage, functional = room.settings.usage, _functional(receipt, room)

        def group(envelope: dict[str, dict[str, str]]) -> int:
            own, their = envelope["sender"]["group"], envelope["receiver"]["group"]
            return room.ledger.next(series.groups(own, their, functional, usage))

        number = room.ledger.next(series.interchanges(between, usage))
        receipt.number(number, group)
        for document in receipt.documents:
            document["envelope"]["usage"] = usage
        writing = write(receipt.documents, now=room.local, mappings=room.settings.mappings)
        if writing.data is None:  # a fault of ours: nothing that came may keep an answer from being well-formed
            raise AssertionError(" ".join(one.sentence for one in writing.findings))
        name = files.safe_name(_called(receipt, room), f"{number:09d}", ending=".edi")
        id = room.ledger.interchanges.add(
            way="out", envelope=between, usage=usage, control=str(number), sha256=hashlib.sha256(writing.data).hexdigest(),
            size=len(writing.data), file=name, archived="", place=0, state="sent", why="", answers=about, at=room.stamp,
        )  # fmt: skip
        room.post("out", name, writing.data, interchange=id)
        said = ", ".join(_said(one) for one in receipt.documents)
        room.note("receipt", f"{name}: {said}", interchange=about)


def _header(reading: Reading) -> bool:
    """Whether it is a header or a trailer, whose findings no set has."""
    return reading.part is not None and not reading.part.is_set


def _findings(piece: Piece) -> Iterator[Finding]:
    for reading in piece.readings:
        yield from reading.findings


def _at(values: list[str], n: int) -> str:
    return values[n].strip() if n < len(values) else ""


def _functional(receipt: Receipt, room: Room) -> str:
    """GS01 of what is written."""
    guides = [one["guide"] for one in receipt.documents if "guide" in one]
    return load(guides[0], room.settings.mappings).group if guides else ""


def _called(receipt: Receipt, room: Room) -> str:
    """What the file is called: the set's number, or TA1."""
    guides = [one["guide"] for one in receipt.documents if "guide" in one]
    return load(guides[0], room.settings.mappings).set_id if guides else "TA1"


def _said(document: dict[str, object]) -> str:
    group = document.get("group")
    if isinstance(group, dict):
        return f"group {group['kind']} {group['control']}: {document['status']}"
    return f"interchange {document.get('control')}: {document['status']}"
