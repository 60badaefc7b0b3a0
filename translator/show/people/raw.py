"""A set that no table reads, as what it is: its number, its sender, and its segments as they came."""

from __future__ import annotations

from translator.show.people import head
from translator.show.people.entry import Entry, Json
from translator.show.sheet import Block, Note, Raw, Sheet


def sheet(entry: Entry, rules: Json) -> Sheet:
    """The sheet of a set without table, or of text that belongs to no set."""
    number = entry.text("set")
    held = entry.held.get("envelope")
    marks = held.get("delimiters") if isinstance(held, dict) else None
    end = marks.get("segment") if isinstance(marks, dict) else None
    text = entry.text("text")
    lines = text.split(end) if isinstance(end, str) and end else text.split("\n")
    tidy = [line.strip("\r\n") for line in lines]
    said = "No table reads this set: it is shown as it came."
    if not number:
        said = "This belongs to no set: it is shown as it came."
    lead = head.lead(entry)
    blocks: list[Block] = [Note(said), Raw("Segments", [line for line in tidy if line])]
    return Sheet("", number, lead, [*blocks, *head.rest(entry)])
