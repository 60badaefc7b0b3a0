"""The walk out: a table and a document in, the segments of its set out (between ST and SE), with findings.

The same rows as in reading, backwards: loops from their objects, qualifiers from names, constants with their pair,
counts computed where the document leaves them out. What is written is judged by reading it back; here only what could
not be read back at all is refused: a value of the wrong JSON type, a name without qualifier, a character that would
forge a segment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from translator.tables.read import made_value
from translator.tables.table import Loop, Pairs, Path, Row, Table, path_text
from translator.x12.elements import WORDS, to_text
from translator.x12.wire import Delimiters

Json = dict[str, Any]
Say = Callable[..., None]
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WIDE = re.compile(r"[^\x00-\xff]")


def write_set(table: Table, document: Json, delimiters: Delimiters, say: Say, *, faithful: bool = False) -> list[str]:
    """The segments that the document makes, without terminators.

    ``say(code, path=…, value=…, expected=…)`` takes findings. ``faithful`` writes again what was read, control
    characters and component separators in values included; the other delimiters are refused even then.
    """
    writer = _Writer(table, delimiters, say, faithful)
    writer.loop(table.root, document, "")
    return writer.segments


class _Writer:
    def __init__(self, table: Table, d: Delimiters, say: Say, faithful: bool) -> None:
        self.element, self.component = d.element, d.component
        self.say = say
        self.segments: list[str] = []
        banned = d.element + d.segment + ("" if faithful else d.component)
        self.banned = re.compile(f"[{re.escape(banned)}]" if faithful else f"[{re.escape(banned)}\\x00-\\x1f\\x7f]")
        self.tally: dict[str, list[str]] = {e.make[1]: [] for r in table.rows() for e in r.elements.values() if e.make}

    # --- loops and rows -----------------------------------------------------------------------------------------------

    def loop(self, loop: Loop, into: Json, path: str) -> None:
        for _, group in groupby(loop.items, key=lambda item: item.rank):
            items = list(group)
            if isinstance(items[0], Loop) and len(items) > 1:
                self.variants([i for i in items if isinstance(i, Loop)], into, path)
                continue
            for item in items:
                if isinstance(item, Row):
                    self.row(item, into, path, first=item is loop.items[0] and bool(loop.name))
                else:
                    self.objects(item, into, path)

    def variants(self, loops: list[Loop], into: Json, path: str) -> None:
        """Loops that come in any order: where they share a map, in the map's order."""
        parents = {loop.json[:-1] for loop in loops}
        if len(parents) > 1 or () in parents:
            for loop in loops:
                self.objects(loop, into, path)
            return
        parent = parents.pop()
        holder = self.get(into, parent, path)
        if holder is None:
            return
        place = f"{path}{path_text(parent)}"
        if not isinstance(holder, dict):
            self.say("value-type", path=place, value=_word(holder), expected="an object")
            return
        by_name = {loop.json[-1][0]: loop for loop in loops}
        for name in holder:
            if name in by_name:
                self.objects(by_name[name], into, path)
            else:
                self.say("name-unknown", path=f"{place}.{name}", expected=", ".join(by_name))

    def objects(self, loop: Loop, into: Json, path: str) -> None:
        """Every object of a loop."""
        for place, item in self.each(into, loop.json, path):
            if isinstance(item, dict):
                self.loop(loop, item, place + ".")
            else:
                self.say("value-type", path=place, value=_word(item), expected="an object")
        if loop.mandatory and self.get(into, loop.json, path) is None and any(e.make for e in loop.trigger.elements.values()):
            self.loop(loop, {}, f"{path}{path_text(loop.json)}.")

    def row(self, row: Row, into: Json, path: str, first: bool) -> None:
        """Every segment of a row."""
        if row.json and row.json[-1][1] == "*":
            assert row.names is not None
            codes = {name: code for code, name in row.names.names.items()}
            for place, holder in self.each(into, row.json[:-1], path):
                if not isinstance(holder, dict):
                    self.say("value-type", path=place, value=_word(holder), expected="an object")
                    continue
                for name, item in holder.items():
                    if name not in codes:
                        self.say("name-unknown", path=f"{place}.{name}", expected=", ".join(codes))
                    elif isinstance(item, dict):
                        self.segment(row, item, f"{place}.{name}.", codes[name])
                    else:
                        self.say("value-type", path=f"{place}.{name}", value=_word(item), expected="an object")
            return
        if row.json:
            for place, item in self.each(into, row.json, path):
                if isinstance(item, dict):
                    self.segment(row, item, place + ".")
                else:
                    self.say("value-type", path=place, value=_word(item), expected="an object")
            return
        lists = [e for e in row.elements.values() if e.json and e.json[-1][1] == "[]"]
        if lists:
            items = list(self.each(into, lists[0].json, path))
            for n in range(0, len(items), len(lists)):
                self.segment(row, into, path, chunk=dict(zip((e.ref for e in lists), items[n : n + len(lists)], strict=False)))
            return
        if first or (row.mandatory and not row.loop) or self.says(row, into, path):
            self.segment(row, into, path)

    def says(self, row: Row, into: Json, path: str) -> bool:
        """Whether the document says anything that this row writes."""
        places = [e.json for e in row.elements.values() if e.json] + ([row.pairs.json] if row.pairs else [])
        return any(self.get(into, place, path) is not None for place in places)

    # --- segments -----------------------------------------------------------------------------------------------------

    def segment(
        self, row: Row, into: Json, path: str, qualifier: str = "", chunk: dict[str, tuple[str, Any]] | None = None
    ) -> None:
        texts: dict[tuple[int, int], str] = {}
        for key, e in row.elements.items():
            text = ""
            if e.names:
                text = qualifier
            elif chunk and e.ref in chunk:
                place, value = chunk[e.ref]
                text = self.text(e.type, value, place)
            elif e.json and e.json[-1][1] != "[]":
                value = self.get(into, e.json, path)
                if value is not None:
                    text = self.text(e.type, value, f"{path}{path_text(e.json)}")
                elif e.make and e.mandatory:
                    text = str(made_value(e.make, self.tally[e.make[1]]) or 0)
            if text:
                texts[key] = text
        if row.pairs:
            self.pairs(row.pairs, into, path, texts)
        self.constants(row, texts)
        values = self.values(row, texts)
        for counted, seen in self.tally.items():
            if counted == row.segment:
                seen.append("")
            elif counted[:-2] == row.segment and texts.get((int(counted[-2:]), 0)):
                seen.append(texts[int(counted[-2:]), 0])
        self.segments.append(self.element.join(values))

    def constants(self, row: Row, texts: dict[tuple[int, int], str]) -> None:
        """Elements with one code and no place in the JSON: mandatory ones, and those whose pair is there."""
        for key, e in row.elements.items():
            if e.constant is None or key in texts:
                continue
            paired = any(
                note.kind == "P" and e.number in note.numbers and any((n, 0) in texts for n in note.numbers)
                for note in row.standard.notes
            )
            if e.mandatory or paired:
                texts[key] = e.constant

    def pairs(self, pairs: Pairs, into: Json, path: str, texts: dict[tuple[int, int], str]) -> None:
        held = self.get(into, pairs.json, path)
        if held is None:
            return
        place = f"{path}{path_text(pairs.json)}"
        found: list[tuple[str, str]] = []
        if pairs.names:
            codes = {name: code for code, name in pairs.names.items()}
            if not isinstance(held, dict):
                self.say("value-type", path=place, value=_word(held), expected="an object")
                return
            for name, value in held.items():
                if name in codes:
                    found.append((codes[name], self.text("AN", value, f"{place}.{name}")))
                else:
                    self.say("name-unknown", path=f"{place}.{name}", expected=", ".join(codes))
        else:
            for spot, item in self.each(into, pairs.json, path):
                if not isinstance(item, dict):
                    self.say("value-type", path=spot, value=_word(item), expected="an object")
                    continue
                both = (item.get(pairs.qualifier), item.get(pairs.value))
                found.append(
                    (self.text("ID", both[0], f"{spot}.{pairs.qualifier}"), self.text("AN", both[1], f"{spot}.{pairs.value}"))
                )
        room = (pairs.last - pairs.first + 1) // 2
        for n, (code, text) in enumerate(found[:room]):
            texts[pairs.first + 2 * n, 0] = code
            texts[pairs.first + 2 * n + 1, 0] = text

    def values(self, row: Row, texts: dict[tuple[int, int], str]) -> list[str]:
        values = [row.segment] + [""] * max((number for number, _ in texts), default=0)
        for (number, component), text in sorted(texts.items()):
            if component:
                parts = values[number].split(self.component) if values[number] else []
                parts += [""] * (component - len(parts))
                parts[component - 1] = text
                values[number] = self.component.join(parts)
            else:
                values[number] = text
        return values

    # --- values -------------------------------------------------------------------------------------------------------

    def text(self, type_: str, value: Any, path: str) -> str:
        text = to_text(type_, value)
        if text is None:
            self.say(
                "value-type", path=path, value=_word(value), expected="an integer" if type_ == "N0" else f"a text: {WORDS[type_]}"
            )
            return ""
        if found := self.banned.search(text) or _WIDE.search(text):
            what = (
                "a control character" if _CONTROL.match(found[0]) else f"the character {found[0].encode('unicode_escape').decode()}"
            )
            self.say("value-delimiter", path=path, value=text, expected=what)
            return ""
        return text

    def get(self, into: Json, path: Path, prefix: str) -> Any:
        held: Any = into
        for n, (name, _) in enumerate(path):
            if not isinstance(held, dict):
                self.say("value-type", path=f"{prefix}{path_text(path[:n])}", value=_word(held), expected="an object")
                return None
            held = held.get(name)
            if held is None:
                return None
        return held

    def each(self, into: Json, path: Path, prefix: str) -> Iterator[tuple[str, Any]]:
        """Every value at a path, with its place; one value where the path is no list."""
        held = self.get(into, path, prefix) if path else into
        place = f"{prefix}{'.'.join(name for name, _ in path)}" if path else prefix.rstrip(".")
        if held is None:
            return
        if not path or path[-1][1] != "[]":
            yield place, held
        elif not isinstance(held, list):
            self.say("value-type", path=place, value=_word(held), expected="a list")
        else:
            for n, item in enumerate(held):
                yield f"{place}[{n}]", item


def _word(value: Any) -> str:
    """A value of a wrong type, for a message."""
    return value if isinstance(value, str) else repr(value)[:60]
