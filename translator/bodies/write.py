"""Orders back into the JSON of an API: a canonical document goes in, the JSON that says the same comes out, or what is wrong.

For whoever stands in for the API, and for the proof that nothing is lost: what was written is read back before anybody sees it.
Values are plain Python objects, numbers as ``Number``; ``text.dumped`` makes text of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from translator.bodies.entry import order as read_order
from translator.bodies.table import BodyTable, Field, numbered
from translator.bodies.values import EXPECTED, given
from translator.documents.places import Draft, Step, Steps, address, get
from translator.findings import Finding, finding, has_errors
from translator.tables.spots import word

Json = dict[str, Any]
APART = (
    "document", "partner", "guide", "envelope", "number_format", "revision", "changes", "erp", "derived", "residue", "findings",
)  # fmt: skip
"""What a document says that no JSON of an API does; on a line ``erp`` too."""


def write(table: BodyTable, document: Json) -> tuple[Json | None, list[Finding]]:
    """The JSON of an order; None when anything is wrong, or would be read back as something else."""
    made, found = written(table, document)
    found += judged(table, document, made) if not has_errors(found) else []
    return (None if has_errors(found) else made), found


def written(table: BodyTable, document: Json) -> tuple[Json, list[Finding]]:
    """The same without reading it back."""
    draft, found = Draft(), list[Finding]()
    for one in table.fields:
        if not one.body or not one.json or one.only == "read":
            continue
        for numbers, value, place in held(document, one.json[0]):
            theirs = worded(one, value)
            if theirs is None:
                said = ", ".join(one.codes) or EXPECTED[one.kind]
                found.append(finding("field-type", path=place, value=word(value), expected=said, rule=one.rule))
            elif one.join:
                first, _, last = theirs.rpartition(" ")
                draft.put(numbered(one.body, numbers), first or last)
                if first:
                    draft.put(numbered(one.join, numbers), last)
            else:
                draft.put(numbered(one.body, numbers), theirs)
    return draft.made(), found


def worded(one: Field, value: Any) -> Any:
    """Their value for ours, with the codes of the table; None where it cannot be said."""
    theirs = given(one, value)
    if theirs is None or not one.codes or theirs in one.codes.values():
        return theirs
    if theirs in one.codes:
        return one.codes[theirs]
    return theirs if all(ours == other for ours, other in one.codes.items()) else None  # a new word that was read with a warning


def held(document: Any, path: Steps) -> Iterator[tuple[tuple[int, ...], Any, str]]:
    """What stands at a path, through every list: the numbers of the entries, the value, its place."""
    spots: list[tuple[tuple[int, ...], Any, str]] = [((), document, "")]
    part: list[Step] = []
    for step in path:
        part.append(step)
        if not step.each:
            continue
        *through, last = part
        spots = [
            ((*numbers, n), entry, f"{place}{_dot(place)}{address(holder, (*through, Step(last.name)))}[{n}]")
            for numbers, holder, place in spots
            for n, entry in enumerate(_listed(get(holder, (*through, Step(last.name)))))
        ]
        part = []
    for numbers, holder, place in spots:
        value = get(holder, tuple(part)) if part else holder
        if value is not None:
            yield numbers, value, f"{place}{_dot(place)}{address(holder, tuple(part))}" if part else place


def judged(table: BodyTable, document: Json, made: Json) -> list[Finding]:
    """What would be read back as something else."""
    back, found = read_order(table, made)
    wrong = [f for f in found if f.severity == "error"]
    wrong += [
        finding("value-lost", path=place, value=word(ours), expected="nothing" if theirs is None else word(theirs))
        for place, ours, theirs in _unlike(_said(document), _said(back), "")
    ]
    return wrong


def _said(document: Json) -> Json:
    lines = document.get("lines")
    plain = {key: value for key, value in document.items() if key not in APART}
    if isinstance(lines, list):
        plain["lines"] = [{k: v for k, v in line.items() if k != "erp"} if isinstance(line, dict) else line for line in lines]
    return plain


def _unlike(ours: Any, theirs: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Each place where two documents say something else."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in dict.fromkeys((*ours, *theirs)):
            yield from _unlike(ours.get(name), theirs.get(name), f"{place}{_dot(place)}{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for n, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _unlike(one, other, f"{place}[{n}]")
    elif ours != theirs or type(ours) is not type(theirs):
        yield place, ours, theirs


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dot(place: str) -> str:
    return "." if place else ""
