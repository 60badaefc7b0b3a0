"""What a document cannot say of its set: raw text and written segments in, residue entries out; and the set back from both.

An entry says: after the written segment ``after``, in place of the written segments ``was`` (none for a segment that no
row knows), the file had ``raw``. It is used only while the document still writes the same there, so an edited document
is never overruled by its past. With the residue, a set comes back byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from translator.x12.wire import LAYOUT, Delimiters

_WINDOW = 12  # how far two lists may be apart before they are taken to differ piece by piece
_SHIFT = 400  # how far an entry may have moved in an edited document


def residue(text: str, body: list[str], set_id: str, control: str, d: Delimiters) -> list[dict[str, Any]]:
    """The entries that turn the written set back into ``text`` (ST to SE, terminators included).

    The trailer stands apart, at -1: its count is made from what is written before it, residue included.
    """
    raw = [piece + d.segment for piece in text.split(d.segment)]
    raw[-1] = raw[-1][: -len(d.segment)]
    if not raw[-1]:
        raw.pop()
    trailer = raw.pop() if raw[-1].lstrip(LAYOUT).startswith("SE" + d.element) else ""
    written = _pieces(body, set_id, control, d)
    entries: list[dict[str, Any]] = []
    i = j = end = 0
    while i < len(raw) or j < len(written):
        if i < len(raw) and j < len(written) and raw[i] == written[j]:
            i, j = i + 1, j + 1
            continue
        a, b = _apart(raw, i, written, j)
        if entries and i == end:
            entries[-1]["was"] += written[j : j + b]
            entries[-1]["raw"] += "".join(raw[i : i + a])
        else:
            after = written[j - 1] if j else ""
            entries.append({"at": j, "after": after, "was": written[j : j + b], "raw": "".join(raw[i : i + a])})
        i, j = i + a, j + b
        end = i
    usual = _trailer(raw, control, d)
    if trailer != usual:
        entries.append({"at": -1, "after": "", "was": [usual], "raw": trailer})
    return entries


def restore(
    entries: list[dict[str, Any]], body: list[str], set_id: str, control: str, d: Delimiters, unused: Callable[[str], None]
) -> str:
    """The set's text from the segments that the document writes now; ``unused(raw)`` hears of entries that no longer fit."""
    written = _pieces(body, set_id, control, d)
    out: list[str] = []
    here = shift = 0
    for entry in entries:
        if entry["at"] < 0:
            continue
        place = _find(written, entry, here, shift)
        if place is None:
            unused(entry["raw"])
            continue
        out += [*written[here:place], entry["raw"]]
        here, shift = place + len(entry["was"]), place - entry["at"]
    out += written[here:]
    trailer = _trailer(out, control, d)
    for entry in entries:
        if entry["at"] < 0:
            if entry["was"] == [trailer]:
                trailer = entry["raw"]
            else:
                unused(entry["raw"])
    return "".join(out) + trailer


def _pieces(body: list[str], set_id: str, control: str, d: Delimiters) -> list[str]:
    """The set before its trailer in its normal form: pieces end in the terminator, the tail of one begins the next."""
    head = d.element.join(["ST", set_id, control]) + d.segment
    return [head, *(f"{d.tail}{segment}{d.segment}" for segment in body)]


def _trailer(before: list[str], control: str, d: Delimiters) -> str:
    count = sum(1 for piece in "".join(before).split(d.segment) if piece.strip(LAYOUT)) + 1
    return f"{d.tail}{d.element.join(['SE', str(count), control])}{d.segment}"


def _apart(raw: list[str], i: int, written: list[str], j: int) -> tuple[int, int]:
    """How many pieces of each side differ before both agree again, within a window; one each when they do not."""
    for distance in range(1, _WINDOW + 1):
        for a in range(distance + 1):
            b = distance - a
            if i + a < len(raw) and j + b < len(written) and raw[i + a] == written[j + b]:
                return a, b
    return min(1, len(raw) - i), min(1, len(written) - j)


def _find(written: list[str], entry: dict[str, Any], here: int, shift: int) -> int | None:
    was, after = entry["was"], entry["after"]
    for distance in range(_SHIFT):
        for place in {entry["at"] + shift + distance, entry["at"] + shift - distance}:
            if place < here or place + len(was) > len(written):
                continue
            if written[place : place + len(was)] == was and (written[place - 1] if place else "") == after:
                return int(place)
    return None
