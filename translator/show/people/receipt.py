"""What a receiver says of X12 itself, as people read it: of a group and its sets, and of an interchange's envelope."""

from __future__ import annotations

from translator.show.people import head
from translator.show.people.entry import Entry, Json
from translator.show.sheet import ERROR, GOOD, STRONG, WARNING, Block, Field, Fields, Node, Sheet, Tree, Words
from translator.x12.ta1 import NOTES, STATUS

_TONES = {"A": GOOD, "E": WARNING, "P": WARNING}


def group(entry: Entry, rules: Json) -> Sheet:
    """The sheet of a functional acknowledgment: the group's verdict, then each set's with its errors."""
    about = entry.part("group")
    which = about.words("kind", "control")
    name = " ".join(word.text for word in which)
    status = _status(entry)
    lead = [*status, *head.lead(entry)]
    counts = [entry.word(name, name) for name in ("included", "received", "accepted")]
    rows = [*head.several("Group", [which]), *head.several("Verdict", [status])]
    rows += head.several("Sets", [[one for one in counts if one]])
    rows += [Field("Error", [Words(one.text, one.means, tone=ERROR)]) for one in entry.values("errors")]
    blocks: list[Block] = [Fields("The group", rows)]
    if sets := entry.parts("sets"):
        blocks.append(Tree("Its sets", [_set(one) for one in sets]))
    return Sheet("", f"of group {name}".rstrip() if name else "", lead, [*blocks, *head.rest(entry)])


def interchange(entry: Entry, rules: Json) -> Sheet:
    """The sheet of an interchange acknowledgment; its few codes are the standard's alone."""
    control = entry.text("control")
    status, note = entry.word("status"), entry.word("note")
    said = [Words(one.text, known.get(one.text, ""), tone=tone) for one, known, tone in (
        (status, STATUS, _TONES.get(status.text, ERROR) if status else ""),
        (note, NOTES, ""),
    ) if one]  # fmt: skip
    rows = head.several("Verdict", [said[:1]] if status else [])
    rows += head.several("Note", [said[-1:]] if note else [])
    rows += head.several("Sent at", [entry.words("date", "time")])
    lead = [*said[: bool(status)], *head.lead(entry)]
    return Sheet("", f"of interchange {control}" if control else "", lead, [Fields("The interchange", rows), *head.rest(entry)])


def _status(entry: Entry) -> list[Words]:
    one = entry.word("status")
    return [Words(one.text, one.means, tone=_TONES.get(one.text, ERROR))] if one else []


def _set(entry: Entry) -> Node:
    kind, control = entry.word("set", "set", STRONG), entry.word("control", tone=STRONG)
    said = [*(one for one in (kind, control) if one), *_status(entry)]
    said += [Words(one.text, one.means, "error", ERROR) for one in entry.values("errors")]
    below = [_segment(one) for one in entry.parts("segments")]
    return Node([*said, *entry.inline()], below)


def _segment(entry: Entry) -> Node:
    tag, at = entry.text("segment"), entry.word("at", "at position")
    loop, wrong = entry.word("loop", "loop"), entry.word("error", "error", ERROR)
    said = [one for one in (Words(tag, label="segment", tone=STRONG), at, loop, wrong) if one]
    below = [_element(one, tag) for one in entry.parts("elements")]
    return Node([*said, *entry.inline()], below)


def _element(entry: Entry, tag: str) -> Node:
    place = "-".join(word.text.zfill(2) for word in entry.words("element", "component"))
    number, wrong, value = entry.word("number", "data element"), entry.word("error", "error", ERROR), entry.word("value", "value")
    said = [one for one in (Words(f"{tag}{place}", label="element", tone=STRONG), number, wrong, value) if one]
    return Node([*said, *entry.inline()])
