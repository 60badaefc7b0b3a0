"""The walk out: a table and a document in, the segments of its set out (between ST and SE), with findings.

The same rows as in reading, backwards: loops from their objects, qualifiers from names, constants with their pair,
counts computed where the document leaves them out. What is written is judged by reading it back; here only what could
not be read back at all is refused: a value of the wrong JSON type, a name without qualifier, a character that would
forge a segment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from translator.tables.read import made_value
from translator.tables.standard import Note
from translator.tables.table import Element, Loop, Pairs, Path, Row, Table, path_text
from translator.tables.trace import Trace
from translator.tables.tree import PLACE, unfold
from translator.x12.elements import WORDS, to_text
from translator.x12.wire import Delimiters

Json = dict[str, Any]
Say = Callable[..., None]
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WIDE = re.compile(r"[^\x00-\xff]")


def write_set(
    table: Table,
    document: Json,
    delimiters: Delimiters,
    say: Say,
    *,
    faithful: bool = False,
    now: datetime | None = None,
    traces: list[Trace] | None = None,
) -> list[str]:
    """The segments that the document makes, without terminators.

    ``say(code, path=…, value=…, expected=…)`` takes findings. ``faithful`` writes again what was read, control
    characters and component separators in values included; the other delimiters are refused even then. ``now`` is for
    elements whose default is the moment of writing. ``traces`` takes where each segment comes from.
    """
    writer = _Writer(table, delimiters, say, faithful, now)
    if table.tree:
        document = unfold(table.tree, document, say)
    writer.loop(table.root, document, "")
    if traces is not None:
        traces += writer.traces
    return writer.segments


class _Writer:
    def __init__(self, table: Table, d: Delimiters, say: Say, faithful: bool, now: datetime | None) -> None:
        self.now = now
        self.numbers: list[str] = []  # of the open loops of a tree
        self.numbered = 0
        self.element, self.component = d.element, d.component
        self.say = say
        self.segments: list[str] = []
        self.traces: list[Trace] = []
        self.here = ""  # the object of the open loop
        banned = d.element + d.segment + ("" if faithful else d.component)
        self.banned = re.compile(f"[{re.escape(banned)}]" if faithful else f"[{re.escape(banned)}\\x00-\\x1f\\x7f]")
        self.tally: dict[str, list[str]] = {e.make[1]: [] for r in table.rows() for e in r.elements.values() if e.make}

    # --- loops and rows -----------------------------------------------------------------------------------------------

    def loop(self, loop: Loop, into: Json, path: str) -> None:
        if loop.name and loop.trigger.number:
            self.numbered += 1
            self.numbers.append(str(self.numbered))
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
        if loop.name and loop.trigger.number:
            self.numbers.pop()

    def variants(self, loops: list[Loop], into: Json, path: str) -> None:
        """Loops that come in any order: where they share a map or a list, in its order."""
        if len({loop.json for loop in loops}) == 1 and loops[0].json[-1:] and loops[0].json[-1][1] == "[]":
            self.kinds(loops, into, path)
            return
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

    def kinds(self, loops: list[Loop], into: Json, path: str) -> None:
        """Loops that share a list: each object says by the key's value which loop is its own."""
        key = next(e for e in loops[0].trigger.elements.values() if e.key)
        for place, item in self.each(into, loops[0].json, path):
            place = item[PLACE] if loops[0].trigger.parent else place
            loop = next((o for o in loops if o.trigger.key and item.get(key.json[0][0]) in o.trigger.key[1]), None)
            if loop is None:
                self.say("name-unknown", path=place, expected=", ".join(o.title for o in loops))
            else:
                self.loop(loop, item, place + ".")

    def objects(self, loop: Loop, into: Json, path: str) -> None:
        """Every object of a loop."""
        for place, item in self.each(into, loop.json, path):
            if isinstance(item, dict):
                place = item[PLACE] if loop.trigger.parent else place
                self.loop(loop, item, f"{place}." if place else "")
            else:
                self.say("value-type", path=place, value=_word(item), expected="an object")
        if loop.mandatory and self.get(into, loop.json, path) is None and any(e.make for e in loop.trigger.elements.values()):
            self.loop(loop, {}, f"{path}{path_text(loop.json)}.")

    def row(self, row: Row, into: Json, path: str, first: bool) -> None:
        """Every segment of a row."""
        self.here = path
        if row.mute or (row.unless and self.get(into, row.unless, path) is not None):
            return
        if row.given and self.get(into, row.given, path) is None:
            return
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
            if any(e.json and e not in lists for e in row.elements.values()):  # one segment, with room for so many
                if items or first or self.says(row, into, path):
                    self.segment(row, into, path, chunk=dict(zip((e.ref for e in lists), items, strict=False)))
                return
            for n in range(0, len(items), len(lists)):
                self.segment(row, into, path, chunk=dict(zip((e.ref for e in lists), items[n : n + len(lists)], strict=False)))
            return
        if first or (row.mandatory and not row.loop) or self.says(row, into, path):
            self.segment(row, into, path)

    def says(self, row: Row, into: Json, path: str) -> bool:
        """Whether the document says anything that this row writes."""
        places = [e.json for e in row.elements.values() if e.json and not e.again] + ([row.pairs.json] if row.pairs else [])
        return any(self.get(into, place, path) is not None for place in places)

    # --- segments -----------------------------------------------------------------------------------------------------

    def segment(
        self, row: Row, into: Json, path: str, qualifier: str = "", chunk: dict[str, tuple[str, Any]] | None = None
    ) -> None:
        texts: dict[tuple[int, int], str] = {}
        trace = Trace(row, path, self.here, {ref: place for ref, (place, _) in chunk.items()} if chunk else {})
        self.traces.append(trace)
        for key, e in row.elements.items():
            text = ""
            if e.names:
                text = qualifier
            elif chunk and e.ref in chunk:
                place, value = chunk[e.ref]
                text = self.text(e.type, value, place)
            elif e.tree:
                text = self.numbers[-1 if e.tree == "number" else -2]
            elif e.again:
                continue
            elif e.json and e.json[-1][1] != "[]":
                value = self.get(into, e.json, path)
                if value is not None:
                    text = self.text(e.type, value, f"{path}{path_text(e.json)}")
                    text = text and e.prefix + text
                elif e.make and e.mandatory:
                    text = str(made_value(e.make, self.tally[e.make[1]]) or 0)
            if text:
                texts[key] = text
        if row.pairs:
            self.pairs(row.pairs, into, trace, texts)
        self.constants(row, texts)
        values = self.values(row, texts)
        for counted, seen in self.tally.items():
            if counted == row.segment:
                seen.append("")
            elif counted[:-2] == row.segment and texts.get((int(counted[-2:]), 0)):
                seen.append(texts[int(counted[-2:]), 0])
        self.segments.append(self.element.join(values))

    def constants(self, row: Row, texts: dict[tuple[int, int], str]) -> None:
        """Elements that say what the document leaves out: mandatory ones, and those that one which is there calls for."""
        for key, e in row.elements.items():
            text = e.default or e.constant
            if not text or key in texts or e.again:
                continue
            if e.mandatory or any(_calls(note, e.number, texts) for note in row.standard.notes):
                texts[key] = self.moment(e) if text == "now" else text

    def moment(self, e: Element) -> str:
        """The date or time of writing."""
        now = self.now or datetime.now()
        return f"{now:%Y%m%d}"[-e.most :] if e.type == "DT" else f"{now:%H%M}"

    def pairs(self, pairs: Pairs, into: Json, trace: Trace, texts: dict[tuple[int, int], str]) -> None:
        held = self.get(into, pairs.json, trace.base)
        if held is None:
            return
        place = f"{trace.base}{_place(pairs.json)}"
        found: list[tuple[str, str, str]] = []
        if pairs.names:
            codes = {name: code for code, name in pairs.names.items()}
            if not isinstance(held, dict):
                self.say("value-type", path=place, value=_word(held), expected="an object")
                return
            for name, value in held.items():
                if name in codes:
                    found.append((f"{place}.{name}", codes[name], self.text("AN", value, f"{place}.{name}")))
                else:
                    self.say("name-unknown", path=f"{place}.{name}", expected=", ".join(codes))
        else:
            for spot, item in self.each(into, pairs.json, trace.base):
                if not isinstance(item, dict):
                    self.say("value-type", path=spot, value=_word(item), expected="an object")
                    continue
                both = [(type_, item.get(name), f"{spot}.{name}") for type_, name in (("ID", pairs.qualifier), ("AN", pairs.value))]
                found.append((spot, self.text(*both[0]), self.text(*both[1])))
        for n, (spot, code, text) in zip(range(pairs.first, pairs.last, 2), found, strict=False):
            texts[n, 0], texts[n + 1, 0] = code, text
            trace.spots |= {f"{trace.row.segment}{m:02d}": spot for m in (n, n + 1)}

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
        for n, (name, kind) in enumerate(path):
            if not isinstance(held, dict):
                self.say("value-type", path=f"{prefix}{path_text(path[:n])}", value=_word(held), expected="an object")
                return None
            held = held.get(name)
            if held is None:
                return None
            if kind == "0":
                if not isinstance(held, list) or len(held) != 1:
                    place = f"{prefix}{path_text((*path[:n], (name, '')))}"
                    self.say("value-type", path=place, value=_word(held), expected="a list of one object")
                    return None
                held = held[0]
        return held

    def each(self, into: Json, path: Path, prefix: str) -> Iterator[tuple[str, Any]]:
        """Every value at a path, with its place; one value where the path is no list."""
        held = self.get(into, path, prefix) if path else into
        place = f"{prefix}{_place(path)}" if path else prefix.rstrip(".")
        if held is None:
            return
        if not path or path[-1][1] != "[]":
            yield place, held
        elif not isinstance(held, list):
            self.say("value-type", path=place, value=_word(held), expected="a list")
        else:
            for n, item in enumerate(held):
                yield f"{place}[{n}]", item


def _place(path: Path) -> str:
    """Where a path leads to: the list itself, and not one more of it."""
    return path_text(path).removesuffix("[]")


def _calls(note: Note, number: int, texts: dict[tuple[int, int], str]) -> bool:
    """Whether a syntax note ties an element to one that is there: a qualifier goes with its value, whichever asks for which."""
    return note.kind in "PC" and number in note.numbers and any((n, 0) in texts for n in note.numbers)


def _word(value: Any) -> str:
    """A value of a wrong type, for a message."""
    return value if isinstance(value, str) else repr(value)[:60]
