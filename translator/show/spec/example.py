"""An example made from a table: a loaded table goes in, a document that uses its rows comes out, with its written segments.

The values are those that the documents' schema has as examples, where the guide takes them, else codes of the table and plain
values. The writer makes the segments, and reads them back: a segment with a finding is not shown.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from pathlib import Path as FilePath
from typing import Any

from attrs import define, field

from translator.show.spec.names import Names
from translator.tables.accuse import accuse
from translator.tables.checks import right_digit
from translator.tables.load import load
from translator.tables.partner import partner
from translator.tables.read import made_value
from translator.tables.reckon import filled, holders
from translator.tables.table import Element, Loop, Pairs, Path, Row, Table, path_text
from translator.tables.trace import Trace
from translator.tables.tree import fold
from translator.tables.write import write_set
from translator.walk import write
from translator.x12.elements import to_text
from translator.x12.wire import Delimiters

Json = dict[str, Any]
Key = tuple[int, int]  # an element's number and component
_NOW = datetime.datetime(2026, 3, 2, 9, 30)
_DELIMITERS = Delimiters("*", ">", "~", "")
_DIGITS, _TEXT = "1234567890" * 9, "EXAMPLE" * 12
_PLAIN: dict[str, tuple[Any, ...]] = {
    "DT": ("2026-03-02",), "TM": ("09:30",), "N0": (1, 10, 100), "N2": ("12.50",), "R": ("12", "1.5", "1"),
}  # fmt: skip
_TOGETHER = {"usage-only", "usage-missing", "syntax-conditional", "syntax-paired", "element-trailing", "element-missing"}


@define(eq=False, repr=False)
class Example:
    """A document, the X12 that it is written as (nothing where it earns a finding), and the segments of rows, as ``numbered``."""

    document: Json
    data: str = ""
    lines: dict[int, str] = field(factory=dict)


def numbered(table: Table) -> list[Row]:
    """The rows of a table, those of the envelope first: the place in this list names a row, whatever the settings are."""
    return [*table.envelope.values(), *table.rows()]


def example(table: Table, names: Names, mappings: FilePath | None = None) -> Example:
    """The example of a table as its settings are.

    Rows that these leave out, and other spellings, have lines of documents made as they are wanted; a row that earns a finding
    whatever is done has none.
    """
    made = _example(table, names, mappings)
    if missing := [row for n, row in enumerate(numbered(table)) if n not in made.lines and row.unless]:
        made.lines |= _example(table, names, mappings, {(row.loop, row.unless) for row in missing}).lines | made.lines
    for n, row in enumerate(numbered(table)):
        if n in made.lines or not row.setting:
            continue
        for value in partner(table.partner, mappings).settings[row.setting].values:
            other = load(table.name, mappings, ((row.setting, value),))
            made.lines |= _example(other, names, mappings).lines | made.lines
    return made


def _example(table: Table, names: Names, mappings: FilePath | None, without: Collection[tuple[str, Path]] = ()) -> Example:
    """One document with its lines: none where anything is found of it. ``without``: places in loops that are left empty."""
    builder = _Builder(table, names, without)
    made = Example(builder.document())
    segments, _ = _written(table, made.document)
    for into, path, e in builder.waiting:  # what is counted, where nothing makes it
        assert e.make
        counted = [text for segment in segments if (text := _said(segment, e.make[1])) is not None]
        if (value := made_value(e.make, counted)) is not None:
            _put(into, path, value if e.type == "N0" else str(value))
    segments, traces = _written(table, made.document)
    writing = write(made.document, guide=table.name, mappings=mappings, settings=table.settings, control=1, now=_NOW)
    if writing.data is None or writing.findings:
        return made
    made.data = writing.data.decode("latin-1")
    headers = [(row, text) for row in table.envelope.values() for text in made.data.split(_DELIMITERS.segment)]
    places = {id(row): n for n, row in enumerate(numbered(table))}
    for row, text in [*headers, *((trace.row, text) for text, trace in zip(segments, traces, strict=True))]:
        if text.split(_DELIMITERS.element)[0] == row.segment:
            made.lines.setdefault(places[id(row)], text + _DELIMITERS.segment)
    return made


def _written(table: Table, document: Json) -> tuple[list[str], list[Trace]]:
    traces: list[Trace] = []
    segments = write_set(table, filled(table, document), _DELIMITERS, lambda *_, **__: None, now=_NOW, traces=traces)
    return segments, traces


def _said(segment: str, what: str) -> str | None:
    """A segment, or an element of it, as ``make`` counts and adds them; None where it is another."""
    values = segment.split(_DELIMITERS.element)
    if values[0] == what:
        return segment
    number = int(what[-2:]) if what[-2:].isdigit() else 0
    return values[number] if number and values[0] == what[:-2] and number < len(values) else None


class _Builder:
    """Builds one document that has everything of a table once. ``waiting``: what is counted when all is there."""

    def __init__(self, table: Table, names: Names, without: Collection[tuple[str, Path]]) -> None:
        self.table, self.names, self.without = table, names, without
        self.waiting: list[tuple[Json, Path, Element]] = []
        self.agreed: list[tuple[Path, str]] = []
        self.taken: set[Any] = set()

    def document(self) -> Json:
        table = self.table
        sides = {side: {"qualifier": "ZZ", "id": side.upper()} for side in ("sender", "receiver")}
        made: Json = {"document": table.document, "partner": table.partner, "guide": table.name, "envelope": sides}
        self.loop(table.root, made, "")
        if table.tree:
            fold(table.tree, made)
        for path, value in self.agreed:
            _put(made, path, value)
        whole = filled(table, made)
        for base, _, e in table.reckonings:  # what cannot be worked out of this document
            name = e.json[-1][0]
            about = self.names.find(f"{base}{name}")
            for (_, holder), (_, full) in zip(holders(made, base), holders(whole, base), strict=True):
                if name not in full and about and about.examples:
                    holder[name] = about.examples[0]
        return made

    # --- loops and rows -----------------------------------------------------------------------------------------------

    def loop(self, loop: Loop, into: Json, base: str) -> None:
        for item in loop.items:
            if isinstance(item, Row):
                self.row(item, into, base)
                continue
            inner = f"{base}{path_text(item.json).replace('[0]', '[]')}." if item.json else base
            made: Json = {}
            self.loop(item, made, self.table.level(item) or inner)
            if made:
                _put(into, item.json, made)

    def row(self, row: Row, into: Json, base: str) -> None:
        own = {e.json for e in row.elements.values()}
        if row.mute or (row.unless and _at(into, row.unless)) or any((row.loop, path) in self.without for path in own):
            return
        inner = f"{base}{path_text(row.json).replace('[0]', '[]')}." if row.json else base
        if row.names:
            for code, name in row.names.names.items():
                self.fill(row, into, (*row.json[:-1], (name, "")), inner.replace("*", name), {(row.names.number, 0): code})
        else:
            self.fill(row, into, row.json, inner, {})

    def fill(self, row: Row, into: Json, path: Path, base: str, given: dict[Key, str]) -> None:
        """One segment's values, as many as its row takes together."""
        options: dict[Key, list[Any]] = {}
        for at, e in row.elements.items():
            if at in given or e.again:
                continue
            if e.key and row.number and e.json:
                given[at] = next(iter(e.codes))
            elif e.tree or e.reckon or e.make:
                given[at] = next(iter(e.codes), "1")
            elif e.json:
                options[at] = list(self.options(row, e, base + path_text(e.json), given))
            elif e.constant:
                given[at] = e.constant
        chosen = {at: found[0] for at, found in options.items() if found}
        pairs = self.pairs(row.pairs, row, base) if row.pairs else {}
        chosen = _agreed(row, options, chosen, given | _texts(row.pairs, pairs))
        if not (chosen or pairs or row.names or any(e.tree or e.make for e in row.elements.values())):
            return
        made: Json = {}
        for at, value in chosen.items():
            e = row.elements[at]
            value = self.once(e, value) if e.check or e.once else value
            _put(made, e.json, value)
            if e.classify:
                forms = self.table.forms[e.classify]
                made[e.classify] = next(form for form, pattern in forms.items() if pattern.fullmatch(str(value)))
            if e.agrees and (form := e.agrees[0].fullmatch(str(value))) and form.groups() != (str(value),):
                self.agreed.append((e.agrees[1], form[1]))
        for code, value in pairs.items():
            assert row.pairs
            if row.pairs.names:
                _put(made, (*row.pairs.json, (row.pairs.names[code], "")), value)
            else:
                _put(made, row.pairs.json, {row.pairs.qualifier: code, row.pairs.value: value})
        for at, e in row.elements.items():
            if e.key and row.number and e.json:
                _put(made, e.json, given[at])
            elif e.make and e.json:
                _put(made, e.json, 0)
        _put(into, path, made)
        holder = made if path else into
        self.waiting += [(holder, e.json, e) for e in row.elements.values() if e.make and e.json]

    # --- values -------------------------------------------------------------------------------------------------------

    def options(self, row: Row, e: Element, path: str, given: dict[Key, str]) -> Iterator[Any]:
        """The values that an element takes by itself, the likeliest first."""
        about = self.names.find(path.replace("[0]", "[]"))
        shown = [one[0] if isinstance(one, list) and one else one for one in (about.examples if about else ())]
        rules = [rule for other in row.elements.values() for rule in other.rules if rule.document]
        elsewhere = {code for rule in rules for n, codes in rule.when if n == e.number for code in codes}
        known = [code for code in e.codes if code not in elsewhere]
        usual = [e.default] if e.default in known else []
        for value in dict.fromkeys([*(one for one in shown if not isinstance(one, (dict, list))), *usual, *known, *_plain(e)]):
            text = to_text(e.type, value)
            if text and value not in elsewhere and self.takes(row, e, e.prefix + text, given):
                yield value

    def once(self, e: Element, value: Any) -> Any:
        """The value, or the next one that is not taken: a number that is used once."""
        while value in self.taken and isinstance(value, str):
            digits = len(value) - bool(e.check)
            text = str(int(value[:digits]) + 1).zfill(digits) if value[:digits].isdigit() else value + "1"
            value = text + (right_digit(e.check, text + "0") or "0") if e.check else text
        self.taken.add(value)
        return value

    def takes(self, row: Row, e: Element, text: str, given: dict[Key, str]) -> bool:
        """Whether nothing is found of this element when it has a text."""
        said = _faults(row, given | {(e.number, e.component): text})
        forms = self.table.forms.get(e.classify, {}).values()
        return not any(ref == e.ref and code not in _TOGETHER for code, ref in said) and (
            not forms or any(form.fullmatch(text) for form in forms)
        )

    def pairs(self, pairs: Pairs, row: Row, base: str) -> dict[str, str]:
        """Qualifiers and their values, as many as there is room for; what the schema has an example of goes first."""
        found: dict[str, str] = {}
        piece = row.standard.elements[pairs.first]
        known = {code: self.names.find(f"{base}{path_text(pairs.json)}.{name}") for code, name in pairs.names.items()}
        for code in sorted(pairs.names or pairs.codes, key=lambda code: self.names.rank(known.get(code))):
            about = known.get(code) or self.names.find(f"{base}{path_text(pairs.json)}.{pairs.value}")
            rule = pairs.values.get(code)
            check, like = (rule.check, rule.like) if rule else ("", None)
            shown = [one for one in (about.examples if about else ()) if isinstance(one, str)]
            for value in (*shown, *_runs(piece.least, min(piece.most, 14), check)):
                fits = piece.least <= len(value) <= piece.most and (not like or like.fullmatch(value))
                if fits and not (check and right_digit(check, value)):
                    found[code] = value
                    break
        return dict(list(found.items())[: (pairs.last - pairs.first + 1) // 2])


def _plain(e: Element) -> Iterator[Any]:
    if e.codes:
        return
    if e.type in _PLAIN:
        yield from _PLAIN[e.type]
        if e.type == "N0":
            yield 10 ** (e.least - 1)
        return
    yield from _runs(e.least, min(e.most, 20), e.check)
    for size in range(max(e.least, 1), min(e.most, 20) + 1):
        yield _TEXT[:size]


def _runs(least: int, most: int, check: str) -> Iterator[str]:
    """Digits, with a check digit where one is wanted."""
    for size in range(most, max(least, 1) - 1, -1):
        text = _DIGITS[:size]
        yield (text[:-1] + (right_digit(check, text) or text[-1])) if check else text


def _agreed(row: Row, options: dict[Key, list[Any]], chosen: dict[Key, Any], given: dict[Key, str]) -> dict[Key, Any]:
    """The values with which nothing is found of the segment: others are tried, then fewer."""

    def faults(values: dict[Key, Any]) -> int:
        return len(_faults(row, given | {at: _text(row.elements[at], value) for at, value in values.items()}))

    wrong = faults(chosen)
    while wrong:
        ways = [chosen | {at: other} for at in chosen for other in options[at] if other != chosen[at]]
        ways += [{other: value for other, value in chosen.items() if other != at} for at in reversed(chosen)]
        best = min(ways, key=faults, default=chosen)
        if (left := faults(best)) >= wrong:
            return chosen
        chosen, wrong = best, left
    return chosen


def _faults(row: Row, texts: dict[Key, str]) -> list[tuple[str, str | None]]:
    """What is found of a segment with these texts: code and element."""
    values = [row.segment] + [""] * max((number for number, _ in texts), default=0)
    for (number, component), text in sorted(texts.items()):
        parts = values[number].split(_DELIMITERS.component) if component and values[number] else []
        values[number] = _DELIMITERS.component.join([*parts, *[""] * (component - 1 - len(parts)), text]) if component else text
    found: list[tuple[str, str | None]] = []

    def say(code: str, *, ref: str | None = None, **_: Any) -> None:
        found.append((code, ref))

    accuse(row, values, _DELIMITERS.component, say, lambda *_: None)
    return found


def _text(e: Element, value: Any) -> str:
    return e.prefix + (to_text(e.type, value) or "")


def _texts(pairs: Pairs | None, found: dict[str, str]) -> dict[Key, str]:
    texts: dict[Key, str] = {}
    for n, (code, value) in enumerate(found.items() if pairs else ()):
        assert pairs
        texts |= {(pairs.first + 2 * n, 0): code, (pairs.first + 2 * n + 1, 0): value}
    return texts


def _at(held: Any, path: Path) -> Any:
    for name, _ in path:
        held = held.get(name) if isinstance(held, dict) else None
    return held


def _put(into: Json, path: Path, value: Any) -> None:
    """Put a value at a path; objects on the way are made, lists get one more, an object is joined with the one there."""
    for name, kind in path[:-1]:
        into = into.setdefault(name, [{}])[0] if kind == "0" else into.setdefault(name, {})
    name, kind = path[-1] if path else ("", "")
    if kind == "[]":
        into.setdefault(name, []).append(value)
    elif not name:
        _join(into, value)
    elif isinstance(value, dict) and name in into:
        _join(into[name][0] if kind else into[name], value)
    elif kind:
        into[name] = [value]
    else:
        into[name] = value


def _join(into: Json, more: Json) -> None:
    for name, value in more.items():
        held = into.get(name)
        if isinstance(held, dict) and isinstance(value, dict):
            _join(held, value)
        elif isinstance(held, list) and isinstance(value, list):
            held += value
        else:
            into[name] = value
