"""A table compiled: in go a table and delimiters, out comes a function that reads a whole set, or says that it cannot.

The function may only say yes: what it accepts earns no finding on the slow path and gives the same document (a property
test holds this). When it answers None, the slow path decides. It is generated Python: rows of a loop that follow one
another are one regular expression, and its groups go straight into dictionaries. Of a repeated row the first has groups
of its own, and the second too where the sets read before had two (``often``); the others share one and are split again.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Sequence
from itertools import groupby

from translator.tables.emit import Names, Rows
from translator.tables.patterns import Delimited
from translator.tables.table import NO_LIMIT, Loop, Path, Plan, Row, Table
from translator.tables.usual import usual
from translator.x12.wire import Delimiters

MOST = 64
_SAMPLE = 1 << 16  # bytes that are looked at for what is usual


def plan(table: Table, d: Delimiters, sample: str = "") -> Plan:
    """The function for a table: (text of a set from ST to SE, dictionary to fill) -> that dictionary, or None.

    Compiled once for each choice of delimiters and kept with the table, at most ``MOST`` of them. Of loops that come often
    in the ``sample``, the plan first tries what they usually hold.
    """
    made = table.plans.get(d)
    if made is None:
        if len(table.plans) >= MOST:
            table.plans.clear()
        made = table.plans[d] = _Emitter(table, d, sample[:_SAMPLE]).plan()
    return made


class _Emitter(Rows):
    """Writes the source of one plan, line by line."""

    def __init__(self, table: Table, d: Delimiters, sample: str) -> None:
        super().__init__(table, d.element)
        self.d = d
        self.sample = sample
        self.patterns = Delimited(d.element, d.component, d.segment, d.tail)
        self.lines: list[str] = []
        self.depth = 1

    def plan(self) -> Plan:
        first = re.escape(self.d.segment) + re.escape(self.d.tail)
        header = f"ST{self.patterns.element}{self.table.set_id}{self.patterns.element}{self.patterns.text}{{4,9}}"
        self.names["FIRST"] = re.compile(header + first).match
        self.say("m = FIRST(text)", "if m is None: return None", "pos = m.end()")
        for ref in sorted(self.tally):
            self.say(f"t_{ref} = {[] if len(ref) > 3 else 0}")
        for e in (e for row in self.table.rows() for e in row.elements.values() if e.unique):
            self.say(f"u_{e.ref} = []")
        begin = len(self.lines)
        self.loop_body(self.table.root, "d")
        self.lines[begin:begin] = ["    " + line for line in self.early]
        self.say(*self.late)
        self.say(f"if not text.startswith({'SE' + self.d.element!r}, pos): return None", "return d")
        arguments = ", ".join(f"{name}={name}" for name in sorted(self.names))
        source = f"def read(text, d, {arguments}):\n" + "\n".join(self.lines) + "\n"
        file = f"<plan {self.table.name} {self.d.element}{self.d.component}{self.d.segment!r}{self.d.tail!r}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        space = dict(self.names)
        exec(compile(source, file, "exec"), space)
        made: Plan = space["read"]
        return made

    # --- loops ----------------------------------------------------------------------------------------------------------

    def loop_body(self, loop: Loop, into: str) -> None:
        """Items of a loop: rows that follow one another as one pattern, inner loops one by one."""
        chunk: list[Row | Loop] = []
        for _, group in groupby(loop.items, key=lambda item: item.rank):
            items = list(group)
            if len(items) == 1 and _flat(items[0]):
                chunk.append(items[0])
                continue
            self.rows(chunk, into)
            chunk = []
            self.inner([item for item in items if isinstance(item, Loop)], into)
        self.rows(chunk, into)

    def rows(self, chunk: list[Row | Loop], into: str) -> None:
        """Rows that follow one another, read where they stand."""
        if chunk:
            pattern, code = self.chunk(chunk, into)
            self.say(f"m = {self.pattern(pattern)}(text, pos)", "if m is None: return None", "pos = m.end()", *code)

    def inner(self, loops: list[Loop], into: str) -> None:
        """Loops that are told apart by a key, in any order; or one loop with rows of its own."""
        marks = {loop.name: self.fresh() for loop in loops}
        self.say(*(f"l{marks[loop.name]} = []" if _listed(loop) else f"n{marks[loop.name]} = 0" for loop in loops))
        variants = len(loops) > 1
        self.say(f"while text.startswith({loops[0].tag + self.d.element!r}, pos):" if variants else "while True:")
        self.depth += 1
        for loop in loops:
            n = marks[loop.name]
            chunk = _leading(loop)
            rest = loop.items[len(chunk) :]
            narrow = [] if variants or not loop.json else usual(chunk, self.sample, self.d)
            if narrow:
                pattern, code = self.chunk(narrow, f"o{n}", create=True, then=_tag_of_all(rest), only=chunk[1:])
                self.say(f"m = {self.pattern(pattern)}(text, pos)", "if m is not None:")
                self.say(*("    " + line for line in ["pos = m.end()", *code]), "else:")
            self.depth += bool(narrow)
            pattern, code = self.chunk(chunk, f"o{n}", create=bool(loop.json), then=_tag_of_all(rest))
            self.say(f"m = {self.pattern(pattern)}(text, pos)", "if m is not None:" if variants else "if m is None: break")
            self.depth += variants
            self.say("pos = m.end()", *([] if loop.json else [f"o{n} = {into}"]), *code)
            self.depth -= bool(narrow)
            if _listed(loop):
                self.say(f"l{n}.append(o{n})")
            else:
                self.say(f"n{n} += 1", f"if n{n} > {loop.most}: return None")
                if loop.json:
                    self.say(f"{self.holder(into, loop.json[:-1])}[{loop.json[-1][0]!r}] = o{n}")
            if rest:
                ahead = bool(_tag_of_all(rest))
                self.say(*(["if ahead is not None:"] if ahead else []))
                self.depth += ahead
                self.loop_body(Loop(loop.name, loop.mandatory, loop.most, items=rest), f"o{n}")
                self.depth -= ahead
            if variants:
                self.say("continue")
                self.depth -= 1
        if variants:
            self.say("return None")
        self.depth -= 1
        for loop in loops:
            n = marks[loop.name]
            seen = f"l{n}" if _listed(loop) else f"n{n}"
            if loop.mandatory:
                self.say(f"if not {seen}: return None")
            if _listed(loop):
                if loop.most != NO_LIMIT:
                    self.say(f"if len({seen}) > {loop.most}: return None")
                self.say(f"if {seen}:")
                self.depth += 1
                self.say(f"{self.holder(into, loop.json[:-1])}[{loop.json[-1][0]!r}] = {seen}")
                self.depth -= 1

    # --- rows -----------------------------------------------------------------------------------------------------------

    def chunk(
        self, items: list[Row | Loop], into: str, *, create: bool = False, then: str = "", only: Sequence[Row | Loop] = ()
    ) -> tuple[str, list[str]]:
        """One pattern for rows in a row, and the code that places its groups; with ``create`` the first makes ``into``.

        ``then`` is the tag of what may follow: the variable ``ahead`` says whether it does, at less than another match costs.
        No more of ``only`` may follow.
        """
        pattern, groups, code = "", [], []
        for item in items:
            row = item if isinstance(item, Row) else item.trigger
            base = item.json if isinstance(item, Loop) else row.json
            make = create and item is items[0]
            must = item.mandatory or bool(row.expect) or (item is items[0] and item.mandatory)
            most = item.most
            several = (bool(base) and base[-1][1] in ("[]", "*")) or any(
                e.json[-1:] and e.json[-1][1] == "[]" for e in row.elements.values()
            )
            if not several:
                most = 1  # a second one has no place: the slow path says so
            segment, keys = self.patterns.segment(row)
            one, names = self.named(keys)
            groups += names
            if most == 1:
                pattern += segment if must else f"(?:{segment}|)"
                code += self.guarded(row, one, must, self.place(row, base, into, one, create=make))
                continue
            inner, more, again = self.again(row, base, into, segment, keys, most - 1, int(item.often))
            groups += more
            pattern += f"{segment}{inner}" if must else f"(?:{segment}{inner}|)"
            code += self.guarded(row, one, must, [*self.place(row, base, into, one), *again])
            if row.names and row.names.need:
                code += self.needed(row, into, must)
        if only:
            tags = "|".join(sorted({item.tag if isinstance(item, Loop) else item.segment for item in only}))
            pattern += f"(?!(?:{tags}){self.patterns.element})"
        if then:
            pattern += f"(?:(?=({then}{self.patterns.element}))|)"
            groups.append("ahead")
        unpack = [f"{', '.join(groups)}{',' if len(groups) == 1 else ''} = m.groups()"] if groups else []
        return pattern, unpack + code

    def again(
        self, row: Row, base: Path, into: str, segment: str, keys: list[tuple[int, int] | None], most: int, copies: int
    ) -> tuple[str, list[str], list[str]]:
        """The further segments of a repeated row: pattern, groups, code. Some have groups of their own, the rest share one."""
        if copies and most:
            one, names = self.named(keys)
            inner, more, again = self.again(row, base, into, segment, keys, most - 1, copies - 1)
            code = self.guarded(row, one, False, [*self.place(row, base, into, one, more=True), *again])
            return f"(?:{segment}{inner}|)", [*names, *more], code
        if not most:
            return "", [], []
        bare, _ = self.patterns.segment(row, bare=True)
        rest = f"b{self.fresh()}"
        one, names = self.named(keys)
        loop = f"for {', '.join(names)} in {self.finder(segment)}({rest}):"
        limit = "" if most > NO_LIMIT - 9 else most
        code = [f"if {rest}:", f"    {loop}", *("        " + line for line in self.place(row, base, into, one, more=True))]
        return f"((?:{bare}){{0,{limit}}})", [rest], code

    def named(self, keys: list[tuple[int, int] | None]) -> tuple[Names, list[str]]:
        """Fresh variables for the groups of one segment."""
        n = self.fresh()
        names = [f"v{n}_{'p' if key is None else f'{key[0]}_{key[1]}'}" for key in keys]
        return dict(zip(keys, names, strict=True)), names

    def guarded(self, row: Row, v: Names, must: bool, code: list[str]) -> list[str]:
        """Code that runs only when the segment was there: its first group is filled then, be it with nothing."""
        if must or not code:
            return code
        return [f"if {next(iter(v.values()))} is not None:", *("    " + line for line in code)]

    # --- small things -------------------------------------------------------------------------------------------------

    def holder(self, into: str, path: Path) -> str:
        found, code = self.held(into, path)
        self.say(*code)
        return found

    def pattern(self, text: str) -> str:
        return self.keep("M", re.compile(text, re.ASCII).match)

    def finder(self, text: str) -> str:
        return self.keep("M", re.compile(text, re.ASCII).findall)

    def say(self, *lines: str) -> None:
        self.lines += ["    " * self.depth + line for line in lines]


def _flat(item: Row | Loop) -> bool:
    """A row, or a loop of one row: it can stand in a pattern with its neighbours."""
    return isinstance(item, Row) or len(item.items) == 1


def _tag_of_all(rest: list[Row | Loop]) -> str:
    """The one tag that all that follows begins with, when nothing of it must come; else ""."""
    tags = {item.tag for item in rest if isinstance(item, Loop) and not item.mandatory}
    alike = all(isinstance(item, Loop) and not item.mandatory and item.rank == rest[0].rank for item in rest)
    return tags.pop() if alike and len(tags) == 1 else ""


def _listed(loop: Loop) -> bool:
    return bool(loop.json) and loop.json[-1][1] == "[]"


def _leading(loop: Loop) -> list[Row | Loop]:
    """The rows that a loop begins with, as far as they fit one pattern."""
    chunk: list[Row | Loop] = []
    for _, group in groupby(loop.items, key=lambda item: item.rank):
        items = list(group)
        if len(items) > 1 or not _flat(items[0]):
            break
        chunk += items
    return chunk
