"""What a partner says of what was sent: an acknowledgment and what was sent go in, verdicts in words and places come out.

One verdict for each group, set and interchange that is acknowledged. With what was sent (its readings, its bytes or its
documents) every error is tied to the segment and the element that it speaks of, and to the place in the canonical document
that the element came from: the set is read again without the element (or with one, where it is missing), and where the
documents differ is the place. So no second map from X12 to JSON has to be kept right. Nothing is changed or stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.findings import clean
from translator.respond.probe import Probe, Trouble
from translator.tables.load import load
from translator.walk.inward import Reading, read
from translator.walk.outward import write
from translator.x12 import ta1

Json = dict[str, Any]
Sent = bytes | Json | Iterable[Reading] | Iterable[Json]

ACCEPTED = "A"
_ABSENT = "3"  # of a segment: it is missing, so what stands there is another
_NAMES = ("invoice_number", "id", "number")


@define(eq=False)
class Verdict:
    """What is said of a set, of a group (``set`` empty) or of an interchange (``group`` empty too).

    ``sent`` is None where nothing was given to compare with. ``implied``: the set is not named, its group is.
    """

    status: str
    meaning: str
    group: str = ""
    control: str = ""
    set: str = ""
    set_control: str = ""
    sent: bool | None = None
    implied: bool = False
    document: str = ""
    name: str = ""
    counts: tuple[int, int, int] | None = None  # included, received, accepted
    errors: list[tuple[str, str]] = field(factory=list)
    troubles: list[Trouble] = field(factory=list)

    @property
    def clean(self) -> bool:
        """Accepted as it was, and known to have been sent where that can be told."""
        return self.status == ACCEPTED and not self.errors and not self.troubles and self.sent is not False

    @property
    def lines(self) -> Iterator[str]:
        """The verdict for people: a line, and one for each error."""
        what = f"group {self.group} {self.control}" if self.group else f"interchange {self.control}"
        if self.set:
            what += f", set {self.set} {self.set_control}"
        if self.document:
            what += f" ({self.document} {self.name})".replace(" )", ")")
        words = [self.meaning or f"status {self.status}"]
        if self.counts is not None:
            included, received, accepted = self.counts
            words.append(f"{received} of {included} sets received, {accepted} accepted")
        words += [f"{meaning or 'error'} ({code})" for code, meaning in self.errors]
        words += ["not among what was sent"] if self.sent is False else []
        yield clean(f"{what}: {'; '.join(words)}")
        for trouble in self.troubles:
            yield f"  {'  ' if trouble.element is not None else ''}{trouble.line}"


def explain(acknowledgment: Json, sent: Sent | None = None, *, mappings: Path | None = None) -> list[Verdict]:
    """What one acknowledgment means: the group's or interchange's verdict first, then its sets' in their order.

    ``sent`` is X12, its readings, or the documents that were written, with the control numbers that they went out with.
    """
    return list(verdicts([acknowledgment], sent, mappings=mappings))


def verdicts(acknowledgments: Iterable[Json], sent: Sent | None = None, *, mappings: Path | None = None) -> Iterator[Verdict]:
    """The verdicts of several acknowledgments; documents of other kinds are passed over."""
    known = None if sent is None else _Sent(_readings(sent, mappings), mappings)
    for one in acknowledgments:
        if one.get("document") == ta1.DOCUMENT:
            yield _of_interchange(one, known)
        elif one.get("document") == "functional_acknowledgment":
            yield from _Of(one, known, mappings).group()


def _readings(sent: Sent, mappings: Path | None) -> list[Reading]:
    if isinstance(sent, bytes):
        return list(read(sent, envelopes=True, mappings=mappings))
    if isinstance(sent, dict):
        return _readings([sent], mappings)
    held = list(sent)
    readings = [one for one in held if isinstance(one, Reading)]
    documents = [one for one in held if isinstance(one, dict)]
    if documents and (data := write(documents, force=True, mappings=mappings).data):
        readings += read(data, envelopes=True, mappings=mappings)
    return readings


def _of_interchange(said: Json, known: _Sent | None) -> Verdict:
    status, note, control = (str(said.get(key, "")) for key in ("status", "note", "control"))
    errors = [(note, ta1.NOTES.get(note, ""))] if note.strip("0") else []
    there = None if known is None else _same(control) in known.interchanges
    return Verdict(status, ta1.STATUS.get(status, ""), control=control, sent=there, errors=errors)


class _Of:
    """The verdicts of one acknowledgment of a group."""

    def __init__(self, said: Json, known: _Sent | None, mappings: Path | None) -> None:
        self.said = said
        self.known = known
        guide = said.get("guide")
        rows = load(guide, mappings).rows() if isinstance(guide, str) else ()
        self.codes = {e.ref: e.codes for row in rows for e in row.elements.values()}
        about = said.get("group", {})
        self.kind, self.control = str(about.get("kind", "")), str(about.get("control", ""))

    def means(self, ref: str, code: str) -> str:
        return self.codes.get(ref, {}).get(code, "")

    def group(self) -> Iterator[Verdict]:
        said = self.said
        status = str(said.get("status", ""))
        about = self.known and self.known.groups.get((self.kind, _same(self.control)))
        counts = [said.get(key) for key in ("included", "received", "accepted")]
        whole = tuple(n for n in counts if isinstance(n, int))
        yield Verdict(
            status, self.means("AK901", status), self.kind, self.control, sent=None if self.known is None else about is not None,
            counts=(whole[0], whole[1], whole[2]) if len(whole) == 3 else None,
            errors=[(str(code), self.means("AK905", str(code))) for code in said.get("errors", ())],
        )  # fmt: skip
        named = set()
        for one in said.get("sets", ()):
            key = (str(one.get("set", "")), _same(str(one.get("control", ""))))
            named.add(key)
            yield self.set(one, about.get(key) if about else None)
        for key, reading in (about or {}).items():
            if key not in named:
                assert reading.part is not None
                implied = status if status in (ACCEPTED, "R") else ""
                made = self.verdict(implied, reading.part.set_id, reading.part.control, reading)
                made.implied = True
                made.meaning = f"not named; its group is: {self.means('AK901', status) or status}"
                yield made

    def verdict(self, status: str, set_id: str, control: str, reading: Reading | None) -> Verdict:
        document, name = _title(reading.document if reading else None)
        sent = None if self.known is None else reading is not None
        meaning = self.means("AK501", status)
        return Verdict(status, meaning, self.kind, self.control, set_id, control, sent, document=document, name=name)

    def set(self, said: Json, reading: Reading | None) -> Verdict:
        made = self.verdict(str(said.get("status", "")), str(said.get("set", "")), str(said.get("control", "")), reading)
        made.errors = [(str(code), self.means("AK502", str(code))) for code in said.get("errors", ())]
        probe = Probe(reading, self.known.mappings) if reading is not None and self.known is not None else None
        for segment in said.get("segments", ()):
            made.troubles += self.segment(segment, probe)
        return made

    def segment(self, said: Json, probe: Probe | None) -> Iterator[Trouble]:
        code, tag, at = str(said.get("error", "")), str(said.get("segment", "")), _whole(said.get("at"))
        whole = Trouble(at, tag, code, self.means("AK304", code))
        if probe and code != _ABSENT:
            probe.find(whole)
            if not said.get("elements"):
                probe.place(whole)
        yield whole
        for element in said.get("elements", ()):
            error = str(element.get("error", ""))
            number, component = _whole(element.get("element")), _whole(element.get("component"))
            one = Trouble(at, tag, error, self.means("AK403", error), stray=whole.stray)
            one.ref = f"{tag}{number:02d}" + (f"-{component:02d}" if component else "")
            one.element, one.component = number, component or None
            one.number, one.said = element.get("number"), element.get("value")
            if probe and whole.text is not None and number > 0:
                one.text = whole.text
                probe.place(one)
            yield one


# --- what was sent ----------------------------------------------------------------------------------------------------


class _Sent:
    """What was sent, by its numbers."""

    def __init__(self, readings: Iterable[Reading], mappings: Path | None) -> None:
        self.mappings = mappings
        self.interchanges: set[str] = set()
        self.groups: dict[tuple[str, str], dict[tuple[str, str], Reading]] = {}
        for reading in readings:
            part = reading.part
            if part is None or part.envelope is None:
                continue
            self.interchanges.add(_same(part.envelope.isa[12]))
            header = part.envelope.group
            if len(header) > 6:
                group = self.groups.setdefault((header[1], _same(header[6])), {})
                if part.is_set:
                    group[part.set_id, _same(part.control)] = reading


def _whole(number: Any) -> int:
    """A position; 0 for what is none."""
    return number if isinstance(number, int) else 0


def _same(number: str) -> str:
    """A control number as a number, where it is one: leading zeros say nothing."""
    number = number.strip(" ")
    return number.lstrip("0") or "0" if number.isdigit() else number


def _title(document: Json | None) -> tuple[str, str]:
    """What a document is, and the number that people know it by."""
    if document is None:
        return "", ""
    held = document if any(key in document for key in _NAMES) else next(iter(document.get("orders", ())), {})
    return str(document.get("document", "")), next((str(held[key]) for key in _NAMES if key in held), "")
