"""A table compiled for writing: in go a table and delimiters, out comes a function from a document to its segments.

The function writes what ``write`` would write, or answers None: a value of another type, a name without qualifier. It
does not look for delimiters in values: whoever calls it reads back what was written, and a document that does not come
back as it was is written again by ``write``, which accuses. A property test holds the two together.
"""

from __future__ import annotations

import datetime
import linecache
from collections.abc import Callable
from itertools import groupby
from typing import Any

from translator.tables.table import Element, Loop, Pairs, Path, Row, Table
from translator.tables.tree import unfold
from translator.x12.wire import Delimiters

Json = dict[str, Any]
Pen = Callable[[Json, datetime.datetime], list[str] | None]
_UNUSUAL = (TypeError, KeyError, AttributeError, ValueError, IndexError)
MOST = 64


def pen(table: Table, d: Delimiters) -> Pen:
    """The function for a table, (document, moment of writing) -> segments; compiled once for each choice of delimiters."""
    made = table.pens.get(d)
    if made is None:
        if len(table.pens) >= MOST:
            table.pens.clear()
        made = table.pens[d] = _guarded(table, _Emitter(table, d).function())
    return made


def _guarded(table: Table, write: Callable[..., None]) -> Pen:
    def penned(document: Json, now: datetime.datetime) -> list[str] | None:
        segments: list[str] = []
        try:
            write(unfold(table.tree, document, None) if table.tree else document, segments.append, f"{now:%Y%m%d}", f"{now:%H%M}")
        except _UNUSUAL:
            return None
        return segments

    return penned


class _Emitter:
    """Writes the source of one pen, line by line."""

    def __init__(self, table: Table, d: Delimiters) -> None:
        self.table, self.element, self.component = table, d.element, d.component
        self.names: dict[str, Any] = {"E": d.element, "C": d.component}
        self.lines: list[str] = []
        self.depth = 1
        self.count = 0
        self.tally = sorted({e.make[1] for r in table.rows() for e in r.elements.values() if e.make and e.make[0] == "count"})

    def function(self) -> Callable[..., None]:
        self.say(*(f"t_{tag} = 0" for tag in self.tally), "numbered = 0")
        self.loop(self.table.root, "d", "")
        arguments = ", ".join(f"{name}={name}" for name in self.names)
        source = f"def write(d, put, today, time, {arguments}):\n" + "\n".join(self.lines) + "\n"
        file = f"<pen {self.table.name} {self.element}{self.component}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        space = dict(self.names)
        exec(compile(source, file, "exec"), space)
        made: Callable[..., None] = space["write"]
        return made

    # --- loops and rows -----------------------------------------------------------------------------------------------

    def loop(self, loop: Loop, into: str, above: str) -> None:
        """Everything of one object of a loop; ``above`` is the variable of the number of the loop around it."""
        number = ""
        if loop.name and loop.trigger.number:
            number = f"k{self.fresh()}"
            self.say("numbered += 1", f"{number} = numbered")
        for _, group in groupby(loop.items, key=lambda item: item.rank):
            items = list(group)
            inner = [item for item in items if isinstance(item, Loop)]
            if len(inner) > 1:
                self.variants(inner, into, number)
                continue
            for item in items:
                if isinstance(item, Loop):
                    self.objects(item, into, number)
                else:
                    self.row(item, into, item is loop.items[0] and bool(loop.name), number, above)

    def variants(self, loops: list[Loop], into: str, number: str) -> None:
        """Loops in any order: a shared list by the key's value, a shared map in its order, others one after another."""
        parents = {loop.json[:-1] for loop in loops}
        if len({loop.json for loop in loops}) == 1 and loops[0].json[-1:] and loops[0].json[-1][1] == "[]":
            key = next(e for e in loops[0].trigger.elements.values() if e.key).json[0][0]
            item = self.each(loops[0].json, into)
            tests = [(f"{item}[{key!r}] in {sorted(loop.trigger.key[1] if loop.trigger.key else ())!r}", loop) for loop in loops]
        elif len(parents) > 1 or () in parents:
            for loop in loops:
                self.objects(loop, into, number)
            return
        else:
            name, item = f"n{self.fresh()}", f"x{self.fresh()}"
            self.say(f"for {name}, {item} in ({self.got(into, parents.pop())} or {{}}).items():")
            self.depth += 1
            tests = [(f"{name} == {loop.json[-1][0]!r}", loop) for loop in loops]
        for n, (test, loop) in enumerate(tests):
            self.say(f"{'el' if n else ''}if {test}:")
            self.depth += 1
            self.loop(loop, item, number)
            self.depth -= 1
        self.say("else: raise KeyError")
        self.depth -= 1

    def objects(self, loop: Loop, into: str, number: str) -> None:
        """Every object of one loop."""
        if not loop.json:
            self.loop(loop, into, number)
            return
        made = loop.mandatory and any(e.make for e in loop.trigger.elements.values())
        item = self.each(loop.json, into, default="{}" if made else "")
        self.loop(loop, item, number)
        self.depth -= 1

    def row(self, row: Row, into: str, first: bool, number: str, above: str) -> None:
        """Every segment of a row."""
        if row.mute:
            return
        depth = self.depth
        if row.unless:
            self.when(f"{self.got(into, row.unless)} is None")
        if row.given:
            self.when(f"{self.got(into, row.given)} is not None")
        lists = [e for e in row.elements.values() if e.json and e.json[-1][1] == "[]"]
        if row.json and row.json[-1][1] == "*":
            assert row.names is not None
            name, item = f"n{self.fresh()}", f"x{self.fresh()}"
            codes = self.keep({name: code for code, name in row.names.names.items()})
            self.say(f"for {name}, {item} in ({self.got(into, row.json[:-1])} or {{}}).items():")
            self.depth += 1
            self.segment(row, item, number, above, {row.names.ref: f"{codes}[{name}]"})
        elif row.json:
            item = self.each(row.json, into)
            self.segment(row, item, number, above, {})
        elif lists:
            held, n = f"x{self.fresh()}", f"n{self.fresh()}"
            self.say(f"{held} = {self.got(into, lists[0].json)} or ()")
            texts = {e.ref: f"({held}[{n} + {i}] if {n} + {i} < len({held}) else '')" for i, e in enumerate(lists)}
            one = any(e.json and e not in lists for e in row.elements.values())  # one segment, with room for so many
            self.say(f"{n} = 0" if one else f"for {n} in range(0, len({held}), {len(lists)}):")
            self.depth += not one
            self.segment(row, into, number, above, texts)
        else:
            self.segment(row, into, number, above, {}, must=first or (row.mandatory and not row.loop))
        self.depth = depth

    def segment(self, row: Row, into: str, number: str, above: str, given: dict[str, str], must: bool = True) -> None:
        """One segment: its values into variables, then all of them into one text."""
        texts: dict[tuple[int, int], str] = {}
        for key, e in row.elements.items():
            if e.tree:
                texts[key] = number if e.tree == "number" else above
            elif e.ref in given or (e.json and not e.again):
                texts[key] = f"s{self.fresh()}"
                if e.ref in given:
                    self.say(f"{texts[key]} = {given[e.ref]}")
                else:
                    self.value(e, into, texts[key])
        there = dict(texts)
        pairs, held = row.pairs, ""
        if pairs:
            held = f"v{self.fresh()}"
            self.say(f"{held} = {self.got(into, pairs.json)}")
        if not must:
            said = [texts[key] for key, e in row.elements.items() if e.json and key in texts]
            self.when(" or ".join([*said, *([held] if held else [])]) or "False")
        for key, e in row.elements.items():
            if (text := e.default or e.constant) and not e.again and e.ref not in given and not e.tree:
                texts[key] = self.default(row, e, key, text, there)
        last = pairs.first - 1 if pairs else max((n for n, _ in texts), default=0)
        parts = [row.segment, *(self.composite(n, texts) for n in range(1, last + 1))]
        if pairs:
            parts[-1] += f"{{{self.pairs(pairs, held, texts)}}}"
        self.say(f"put(f{_braced(self.element).join(parts)!r}.rstrip(E))")
        if row.segment in self.tally:
            self.say(f"t_{row.segment} += 1")

    def pairs(self, pairs: Pairs, held: str, texts: dict[tuple[int, int], str]) -> str:
        """Qualifiers and values in a row, and what stands after them; the variable of their text."""
        tail = f"p{self.fresh()}"
        if pairs.names:
            marks = self.keep({name: f"{self.element}{code}{self.element}" for code, name in pairs.names.items()})
            each = f"{marks}[a] + b for a, b in {held}.items()"
        else:
            each = f"E + a[{pairs.qualifier!r}] + E + a[{pairs.value!r}] for a in {held}"
        self.say(f"{tail} = ''.join([{each}]) if {held} else ''")
        after = max((n for n, _ in texts), default=0)
        if after > pairs.last:
            behind = [name for (n, _), name in texts.items() if n > pairs.last]
            more = [self.composite(n, texts) for n in range(pairs.last + 1, after + 1)]
            room = (pairs.last - pairs.first + 1) // 2
            gap = f"E * (2 * ({room} - len({held} or ())))"
            self.say(f"if {' or '.join(behind)}: {tail} += {gap} + E + f{_braced(self.element).join(more)!r}")
        return tail

    def value(self, e: Element, into: str, name: str) -> None:
        """The text of an element's value into a variable."""
        got = self.got(into, e.json)
        if e.type in ("AN", "ID", "R") and not e.prefix and not e.make and got.endswith(")"):
            self.say(f"{name} = {got[:-1]}, '')")
            return
        held = f"v{self.fresh()}"
        self.say(f"{held} = {got}", f"{name} = {self.text(e, held)}")
        if e.make and e.mandatory:
            self.say(f"if {held} is None: {name} = {f't_{e.make[1]}' if e.make[0] == 'count' else 'None + 1'}")

    def default(self, row: Row, e: Element, key: tuple[int, int], text: str, there: dict[tuple[int, int], str]) -> str:
        """The text of an element that is written where the document says nothing, always or with the one it belongs to."""
        value = {"now": "today" if e.type == "DT" else "time"}.get(text, repr(text))
        if e.type == "DT" and text == "now" and e.most < 8:
            value = f"today[-{e.most}:]"
        if not e.mandatory:
            callers: list[int] = []
            for note in row.standard.notes:
                if note.kind in "PC" and e.number in note.numbers:
                    callers += [n for n in note.numbers if n != e.number]
            known = [there[n, 0] for n in callers if (n, 0) in there]
            value = f"({value} if {' or '.join(known)} else '')" if known else "''"
        name = f"s{self.fresh()}"
        self.say(f"{name} = {there[key]} or {value}" if key in there else f"{name} = {value}")
        return name

    # --- values -------------------------------------------------------------------------------------------------------

    def text(self, e: Element, held: str) -> str:
        """An expression for the text of a value that may be None."""
        if e.type == "N0":
            text = f"('' if {held} is None else str({held}))"
        elif e.type == "DT":
            text = f"({held}.replace('-', '') if {held} else '')"
        elif e.type == "TM":
            text = f"({held}.replace(':', '').replace('.', '') if {held} else '')"
        elif e.type == "N2":
            text = f"({held}[:{held}[0] == '-'] + ({held}.lstrip('-').replace('.', '').lstrip('0') or '0') if {held} else '')"
        else:
            text = f"({held} or '')"
        return f"({e.prefix!r} + {held} if {held} else '')" if e.prefix else text

    def composite(self, number: int, texts: dict[tuple[int, int], str]) -> str:
        """The piece of a format string for one element."""
        if (number, 0) in texts:
            return f"{{{texts[number, 0]}}}"
        parts = {c: name for (n, c), name in texts.items() if n == number}
        if not parts:
            return ""
        if len(parts) == 1 and 1 in parts:
            return f"{{{parts[1]}}}"
        name = f"s{self.fresh()}"
        joined = ", ".join(f"str({parts[c]})" if c in parts else "''" for c in range(1, max(parts) + 1))
        self.say(f"{name} = C.join(({joined},)).rstrip(C)")
        return f"{{{name}}}"

    # --- small things -------------------------------------------------------------------------------------------------

    def got(self, into: str, path: Path) -> str:
        """An expression for what stands at a path, None where nothing does."""
        for n, (name, kind) in enumerate(path):
            last = n == len(path) - 1
            if last and kind != "0":
                return f"{into}.get({name!r})"
            held = f"h{self.fresh()}"
            if kind == "0":
                self.say(f"{held} = {into}.get({name!r})", f"if {held} is None: {held} = {{}}", f"else: ({held},) = {held}")
                if last:
                    return held
            else:
                self.say(f"{held} = {into}.get({name!r})", f"if {held} is None: {held} = {{}}")
            into = held
        return into

    def each(self, path: Path, into: str, default: str = "") -> str:
        """Begin a block for every object at a path; the variable of the object. The caller ends the block."""
        item = f"x{self.fresh()}"
        held = self.got(into, path)
        if path[-1][1] == "[]":
            self.say(f"for {item} in {held} or ():")
            self.depth += 1
        else:
            self.say(f"{item} = {held}", *([f"if {item} is None: {item} = {default}"] if default else []))
            self.when(f"{item} is not None")
        return item

    def when(self, condition: str) -> None:
        self.say(f"if {condition}:")
        self.depth += 1

    def keep(self, value: Any) -> str:
        name = next((name for name, known in self.names.items() if known == value), f"N{len(self.names)}")
        self.names[name] = value
        return name

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def say(self, *lines: str) -> None:
        self.lines += ["    " * self.depth + line for line in lines]


def _braced(text: str) -> str:
    """A delimiter inside a format string."""
    return text.replace("{", "{{").replace("}", "}}")
