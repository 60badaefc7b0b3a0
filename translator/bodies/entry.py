"""One order of an API: its JSON and a table go in, the canonical document and what is wrong with it come out.

Every field of the table is looked for, and every field of the JSON that no row names is said. The file that it stands in is for
``read``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, field

from translator.bodies.table import BodyTable, Field, Node, numbered
from translator.bodies.text import Number, dumped
from translator.bodies.values import EXPECTED, silent, taken
from translator.documents.places import Draft, Step, Steps, arranged, get
from translator.findings import Finding, finding

Json = dict[str, Any]


def order(table: BodyTable, value: Json, place: str = "") -> tuple[Json, list[Finding]]:
    """The document of one entry by its table, and what is wrong with it; ``place`` stands before the paths."""
    return _Reading(table, place).document(value)


@define(eq=False, repr=False)
class _Reading:
    table: BodyTable
    place: str
    findings: list[Finding] = field(factory=list)
    said: dict[Steps, list[tuple[tuple[int, ...], Any, str]]] = field(factory=dict)
    counts: dict[tuple[Steps, tuple[int, ...]], int] = field(factory=dict)
    strange: set[Steps] = field(factory=set)

    def document(self, value: Json) -> tuple[Json, list[Finding]]:
        self.object(value, self.table.tree, (), self.place)
        draft = Draft()
        for one in self.table.fields:
            for numbers, ours in self.values(one):
                draft.put(numbered(one.json[0], numbers), ours)
        made = draft.made()
        for one in self.table.fields:
            if one.constant and one.json:
                _constant(made, one.json[0], one.value)
        head = {"document": self.table.document, "partner": self.table.partner, "guide": self.table.name}
        return arranged(self.table.schema, head | made), self.findings

    # --- what their JSON says ---------------------------------------------------------------------------------------------

    def object(self, value: Json, node: Node, numbers: tuple[int, ...], trail: str) -> None:
        """One object: its fields are kept, what the table does not know is said."""
        dot = "." if trail else ""
        for name, inner in value.items():
            below = node.below.get(name)
            if below is None:
                self.unknown((*node.path, Step(name)), inner, f"{trail}{dot}{name}")
            elif below.listed:
                self.list(inner, below, numbers, f"{trail}{dot}{name}")
            else:
                self.one(inner, below, numbers, f"{trail}{dot}{name}")
        for name, below in node.below.items():
            needed = any(f.required and f.body == below.path for f in below.fields) or (below.listed and below.needed)
            held = value.get(name)
            if needed and (silent(held) or held == []):
                rule = next((f.rule for f in below.fields), None) or next(f.rule for n in below.below.values() for f in n.fields)
                self.findings.append(finding("field-missing", path=f"{trail}{dot}{name}", rule=rule))

    def one(self, value: Any, node: Node, numbers: tuple[int, ...], trail: str) -> None:
        """What stands under a name that is no list."""
        if silent(value) or (node.fields and not any(f.json for f in node.fields)):
            return
        if node.below:
            if isinstance(value, dict):
                self.object(value, node, numbers, trail)
            else:
                self.wrong(trail, value, "an object", "")
        else:
            self.said.setdefault(node.path, []).append((numbers, value, trail))

    def list(self, value: Any, node: Node, numbers: tuple[int, ...], trail: str) -> None:
        """A list of objects, each entry by its number."""
        if value is None:
            return
        if not isinstance(value, list):
            self.wrong(trail, value, "a list", "")
            return
        for n, entry in enumerate(value):
            if isinstance(entry, dict):
                self.object(entry, node, (*numbers, n), f"{trail}[{n}]")
            elif entry is not None:
                self.wrong(f"{trail}[{n}]", entry, "an object", "")

    def unknown(self, path: Steps, value: Any, trail: str) -> None:
        if path not in self.strange:
            self.strange.add(path)
            self.findings.append(finding("field-unknown", path=trail, value=_shown(value)))

    def wrong(self, trail: str, value: Any, expected: str, rule: str) -> None:
        self.findings.append(finding("field-type", path=trail, value=_shown(value), expected=expected, rule=rule or None))

    # --- what it is in our document ---------------------------------------------------------------------------------------------

    def values(self, one: Field) -> Iterator[tuple[tuple[int, ...], Any]]:
        """The values of a field that the document takes."""
        if not one.body or not one.json:
            return
        held = self.said.get(one.body, [])
        if one.join:
            held = list(self.joined(one, held))
        for numbers, value, trail in held:
            ours = taken(one, value)
            if ours is None:
                self.wrong(trail, value, EXPECTED[one.kind], one.rule)
                continue
            if one.kind == "text":
                ours = self.worded(one, value, str(ours), trail)
            elif one.kind == "flag":
                ours = True if ours in one.codes.values() else None
            if ours is not None:
                yield numbers, ours

    def worded(self, one: Field, value: Any, text: str, trail: str) -> str | None:
        """A text by what the table asks of it: codes and form."""
        if isinstance(value, Number):
            self.findings.append(finding("field-number", path=trail, value=str(value), rule=one.rule))
        if one.codes:
            back = {theirs: ours for ours, theirs in one.codes.items()}
            if text not in back:
                level = "warning" if all(ours == theirs for ours, theirs in one.codes.items()) else None
                expected = ", ".join(back)
                self.findings.append(finding("field-code", level=level, path=trail, value=text, expected=expected, rule=one.rule))
                return text if level else None
            return back[text]
        if one.like and not one.like.fullmatch(text):
            expected = one.note or f"the form {one.like.pattern}"
            self.findings.append(finding("field-form", path=trail, value=text, expected=expected, rule=one.rule))
        return text

    def joined(self, one: Field, held: Iterable[tuple[tuple[int, ...], Any, str]]) -> Iterator[tuple[tuple[int, ...], Any, str]]:
        """Two fields as one text, a single blank between words."""
        second = {numbers: (value, trail) for numbers, value, trail in self.said.get(one.join, [])}
        for numbers, value, trail in held:
            other, place = second.pop(numbers, ("", ""))
            if isinstance(value, str) and isinstance(other, str):
                yield numbers, " ".join(f"{value} {other}".split()), trail
            else:
                yield numbers, value if not isinstance(value, str) else other, trail if not isinstance(value, str) else place
        for numbers, (value, trail) in second.items():
            yield numbers, " ".join(value.split()) if isinstance(value, str) else value, trail


def _constant(holder: Any, path: Steps, value: str) -> None:
    """Put what is always the same where the object that it belongs to stands, in every entry of a list."""
    step, *rest = path
    if not rest:
        if isinstance(holder, dict):
            holder.setdefault(step.name, value)
        return
    inner = holder.get(step.name) if isinstance(holder, dict) else None
    if step.each:
        for entry in inner or ():
            _constant(entry, tuple(rest), value)
        return
    found = get(holder, (step,)) if isinstance(holder, dict) else None
    if isinstance(found, dict):
        _constant(found, tuple(rest), value)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else dumped(value)
