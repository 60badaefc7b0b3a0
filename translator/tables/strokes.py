"""Code for one segment that is written: in go a row and the variable of an object, out come lines of Python that put its text.

Where all keys of an object are known, its values stand in variables already and nothing of them is empty: what then needs no
question is not asked. The lines run inside the function that ``pen`` puts together.
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Sequence
from typing import Any

from translator.tables.alike import length
from translator.tables.runs import Run
from translator.tables.shapes import below, usual
from translator.tables.table import Element, Pairs, Path, Row, Table
from translator.x12.wire import Delimiters

Json = dict[str, Any]
UNUSUAL = (TypeError, KeyError, AttributeError, ValueError, IndexError)  # what documents of another shape raise


class Strokes:
    """Writes the code of rows; keeps what is known of the objects that the code is at, and the values that it names."""

    def __init__(self, table: Table, d: Delimiters, sample: Sequence[Json]) -> None:
        self.table, self.delimiters, self.element, self.component = table, d, d.element, d.component
        self.names: dict[str, Any] = {"E": d.element, "C": d.component, "UNUSUAL": UNUSUAL, "Run": Run, "length": length(d)}
        self.lines: list[str] = []
        self.depth = 1
        self.count = 0
        self.last = (0, -1, "")  # where what was put last stands, how deep, and what
        self.samples = {"d": [one for one in sample if one.get("guide") == table.name]}  # objects by the variable they would be in
        self.known: dict[str, dict[str, str]] = {}  # an object's variable -> all its keys, and the variables of their values
        self.single: dict[str, str] = {}  # a list's variable -> the variable of the one object in it
        self.full: set[str] = set()  # variables that hold something
        self.maybe: set[str] = set()  # and those that hold a text, which may be empty
        self.held: dict[tuple[str, str], str] = {}  # (object, key) -> the variable of the object there, within one segment
        self.tally = sorted({e.make[1] for r in table.rows() for e in r.elements.values() if e.make and e.make[0] == "count"})

    def segment(self, row: Row, into: str, number: str, above: str, given: dict[str, str], must: bool = True) -> None:
        """One segment: its values into variables, then all of them into one text. A text that is quoted is a constant."""
        self.held.clear()
        texts: dict[tuple[int, int], str] = {}
        for key, e in row.elements.items():
            if e.tree:
                texts[key] = number if e.tree == "number" else above
            elif self.table.tree and e.key and e.json and row.parent:
                texts[key] = repr(getattr(self.table.tree, self.table.kind(row)))
            elif e.ref in given:
                texts[key] = f"s{self.fresh()}"
                self.say(f"{texts[key]} = {given[e.ref]}")
            elif e.json and not e.again:
                texts[key] = self.value(e, into)
        there = dict(texts)
        pairs = row.pairs
        held = self.got(into, pairs.json) if pairs else "None"
        if pairs and not held.isidentifier():
            held, got = f"v{self.fresh()}", held
            self.say(f"{held} = {got}")
        depth = self.depth
        if not must:
            said = [texts[key] for key, e in row.elements.items() if e.json and key in texts] + ([held] if pairs else [])
            said = [name for name in said if name not in ("''", "None")]
            if not said:
                return
            if self.full.isdisjoint(said):
                self.when(" or ".join(said))
        for key, e in row.elements.items():
            if (text := e.default or e.constant) and not e.again and e.ref not in given and not e.tree:
                texts[key] = self.default(row, e, key, text, there)
        last = pairs.first - 1 if pairs else max((n for n, _ in texts), default=0)
        parts = [row.segment, *(self.composite(n, texts) for n in range(1, last + 1))]
        if pairs and (held != "None" or any(n > pairs.last for n, _ in texts)):
            parts[-1] += self.pairs(pairs, held, into, texts)
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        text = _braced(self.element).join(parts)
        self.put(text, bare=not self.whole(parts[-1]))
        if row.segment in self.tally:
            self.say(f"t_{row.segment} += 1")
        self.close(self.depth - depth)

    def put(self, text: str, *, bare: bool) -> None:
        """Put one segment, by a format string; together with the one before, where nothing of another block came between.

        ``bare``: it may end in empty elements, which are left out.
        """
        at, depth, before = self.last
        between, indent = self.lines[at + 1 :], " " * 4 * self.depth
        if depth == self.depth and all(line.startswith(indent) and "(made)" not in line and "put(" not in line for line in between):
            del self.lines[at]
            text = before + _braced(self.delimiters.segment + self.delimiters.tail) + text
        self.last = (len(self.lines), -1 if bare else self.depth, text)
        self.say(f"put(f{text!r}{'.rstrip(E)' if bare else ''})")

    def whole(self, part: str) -> bool:
        """Whether the last piece of a format string is never empty."""
        name = part.rpartition("{")[2][:-1] if part[-1:] == "}" else ""
        return bool(part) and (not name or name in self.full or name[0] == "k")

    def pairs(self, pairs: Pairs, held: str, into: str, texts: dict[tuple[int, int], str]) -> str:
        """Qualifiers and values in a row, and what stands after them: the piece of a format string."""
        after = max((n for n, _ in texts), default=0)
        codes = {name: code for code, name in pairs.names.items()}
        behind = [name for (n, _), name in texts.items() if n > pairs.last and name != "''"]
        if held == "None" and not behind:
            return ""
        if held in self.known and self.known[held].keys() <= codes.keys() and not behind:
            return self.spelled(codes, self.known[held])
        tail = f"p{self.fresh()}"
        if pairs.names:
            marks = self.keep({name: f"{self.element}{code}{self.element}" for name, code in codes.items()})
            each = f"{marks}[a] + b for a, b in {held}.items()"
        else:
            each = f"E + a[{pairs.qualifier!r}] + E + a[{pairs.value!r}] for a in {held}"
        shapes = usual(below(self.samples.get(into, ()), pairs.json), most=1) if pairs.names and held in self.full else []
        if shapes and set(shapes[0]) <= codes.keys():
            names = {name: f"v{self.fresh()}" for name in shapes[0]}
            known = self.spelled(codes, names)
            self.say(f"if [*{held}] == {self.keep([*shapes[0]])}:")
            last = [*names.values()][-1]
            self.say(f"    {', '.join(names.values())}, = {held}.values()", f"    {tail} = f{known!r}")
            bare = "" if behind else ".rstrip(E)"  # what stands behind counts the separators before it
            self.say(*([f"    if not {last}: {tail} = {tail}{bare}"] if bare else []), f"else: {tail} = ''.join([{each}]){bare}")
            self.full |= {tail} if bare else set()
        else:
            self.say(f"{tail} = ''" if held == "None" else f"{tail} = ''.join([{each}]) if {held} else ''")
        if behind:
            more = [self.composite(n, texts) for n in range(pairs.last + 1, after + 1)]
            room = (pairs.last - pairs.first + 1) // 2
            gap = f"E * (2 * ({room} - len({held} or ())))"
            self.say(f"if {' or '.join(behind)}: {tail} += {gap} + E + f{_braced(self.element).join(more)!r}")
        return f"{{{tail}}}"

    def spelled(self, codes: dict[str, str], names: dict[str, str]) -> str:
        """The same of pairs that are known: qualifiers by name, and the variables of the values."""
        e = _braced(self.element)
        return "".join(f"{e}{codes[key]}{e}{{{name}}}" for key, name in names.items())

    def value(self, e: Element, into: str) -> str:
        """The variable of the text of an element's value; a quoted nothing where there is none."""
        got = self.got(into, e.json)
        if got == "None" and not (e.make and e.mandatory):
            return "''"
        plain = e.type in ("AN", "ID", "R", "N0") and not e.prefix
        if plain and (got in self.full or got in self.maybe):
            return got
        name = f"s{self.fresh()}"
        if got in self.full:
            self.full.add(name)
            self.say(f"{name} = {self.text(e, got)}")
        elif plain and e.type != "N0" and not e.make and got.endswith(")"):
            self.say(f"{name} = {got[:-1]}, '')")
        else:
            held = f"v{self.fresh()}"
            self.say(f"{held} = {got}", f"{name} = {self.text(e, held)}")
            if e.make and e.mandatory:
                self.say(f"if {held} is None: {name} = {f't_{e.make[1]}' if e.make[0] == 'count' else 'None + 1'}")
        return name

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
            known = [there[n, 0] for n in callers if (n, 0) in there and there[n, 0] != "''"]
            if not known:
                return there.get(key, "''")
            if self.full.isdisjoint(known):
                value = f"({value} if {' or '.join(known)} else '')"
        mine = there.get(key, "''")
        if mine in self.full:
            return mine
        if mine == "''" and value[:1] != "(":
            return value
        name = f"s{self.fresh()}"
        self.say(f"{name} = {value}" if mine == "''" else f"{name} = {mine} or {value}")
        return name

    # --- values -------------------------------------------------------------------------------------------------------

    def text(self, e: Element, held: str) -> str:
        """An expression for the text of a value that may be None."""
        if held in self.full and e.type == "DT":
            return f"{held}.replace('-', '')"
        if held in self.full and e.prefix and e.type == "AN":
            return f"{e.prefix!r} + {held}"
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
        parts = {c: name for (n, c), name in texts.items() if n == number}
        if not parts:
            return ""
        if len(parts) == 1 and min(parts) in (0, 1):
            [name] = parts.values()
            return _braced(literal_eval(name)) if name[:1] in "'\"" else f"{{{name}}}"
        name = f"s{self.fresh()}"
        joined = ", ".join(f"str({parts[c]})" if c in parts else "''" for c in range(1, max(parts) + 1))
        self.say(f"{name} = C.join(({joined},)).rstrip(C)")
        return f"{{{name}}}"

    # --- small things -------------------------------------------------------------------------------------------------

    def got(self, into: str, path: Path) -> str:
        """An expression for what stands at a path, None where nothing does."""
        for n, (name, kind) in enumerate(path):
            known = self.known.get(into)
            got = f"{into}.get({name!r})" if known is None else known.get(name, "None")
            last = n == len(path) - 1
            if got == "None" or (last and kind != "0"):
                return got
            if (into, name) not in self.held:
                held = self.held[into, name] = f"h{self.fresh()}"
                self.say(
                    f"{held} = {got}", f"if {held} is None: {held} = {{}}", *([f"else: ({held},) = {held}"] if kind == "0" else [])
                )
            into = self.held[into, name]
        return into

    def when(self, condition: str) -> None:
        self.say(f"if {condition}:")
        self.depth += 1

    def close(self, many: int = 1) -> None:
        """End blocks; one that nothing came of does nothing."""
        if many and self.lines[-1].endswith(":"):
            self.say("pass")
        self.depth -= many

    def keep(self, value: Any) -> str:
        name = next(
            (name for name, known in self.names.items() if type(known) is type(value) and known == value), f"N{len(self.names)}"
        )
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
