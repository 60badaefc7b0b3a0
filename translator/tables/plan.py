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

from translator.tables.chunks import in_pattern, leading, led, listed, tag_of_all
from translator.tables.emit import Names, Rows
from translator.tables.patterns import Delimited
from translator.tables.recognize import list_of, packs_of
from translator.tables.table import NO_LIMIT, Loop, Path, Plan, Row, Table
from translator.tables.usual import usual
from translator.x12.wire import Delimiters

MOST = 64
_SAMPLE = 1 << 16  # bytes that are looked at for what is usual


def plan(table: Table, d: Delimiters, sample: str = "") -> Plan:
    """The function for a table: (text of a set from ST to SE, dictionary to fill, runs it may hold) -> that dictionary, or None.

    Compiled once for each choice of delimiters and kept with the table, at most ``MOST`` of them. Of loops that come often
    in the ``sample``, the plan first tries what they usually hold.
    """
    made = table.plans.get(d)
    if made is None:
        if len(table.plans) >= MOST:
            table.plans.clear()
        made = table.plans[d] = Emitter(table, d, sample[:_SAMPLE]).plan()
    return made


class Emitter(Rows):
    """Writes the source of one plan, line by line."""

    def __init__(self, table: Table, d: Delimiters, sample: str) -> None:
        super().__init__(table, d.element)
        self.d = d
        self.sample = sample
        self.patterns = Delimited(d.element, d.component, d.segment, d.tail)
        self.led = {loop.name for loop in table.loops() if led(loop)}
        self.lines: list[str] = []
        self.depth = 1

    def plan(self) -> Plan:
        first = re.escape(self.d.segment) + re.escape(self.d.tail)
        header = f"ST{self.patterns.element}{self.table.set_id}{self.patterns.element}{self.patterns.text}{{4,9}}"
        self.names["FIRST"] = re.compile(header + first).match
        self.say("m = FIRST(text)", "if m is None: return None", "pos = m.end()", *(["numbered = 0"] if self.table.tree else []))
        for ref in sorted(self.tally):
            self.say(f"t_{ref} = {[] if len(ref) > 3 else 0}")
        for e in (e for row in self.table.rows() for e in row.elements.values() if e.unique):
            self.say(f"u_{e.ref} = []")
        begin = len(self.lines)
        self.loop_body(self.table.root, "d")
        self.lines[begin:begin] = ["    " + line for line in self.early]
        self.say(*dict.fromkeys(self.late))
        if self.table.tree:
            self.say(f"if fold({self.keep('T', self.table.tree)}, d): return None")
        if self.table.reckonings:
            self.say(f"for _ in differing({self.keep('T', self.table)}, d): return None")
        self.say(f"if not text.startswith({'SE' + self.d.element!r}, pos): return None", "return d")
        arguments = ", ".join(f"{name}={name}" for name in sorted(self.names))
        source = f"def read(text, d, runs={{}}, {arguments}):\n" + "\n".join(self.lines) + "\n"
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
            if in_pattern(items):
                chunk += items
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
        """Loops that are told apart by a key, in any order; or one loop with rows of its own.

        In a tree what was read before says which one comes next (``up`` and ``ahead``), so that no pattern is tried in vain.
        """
        above = loops[0].name.rpartition("/")[0]
        led = {above, *(loop.name for loop in loops)} <= self.led
        marks = {loop.name: self.fresh() for loop in loops}
        variants = len(loops) > 1
        shared = variants and listed(loops[0]) and len({loop.json for loop in loops}) == 1  # one list, in the order sent
        lists = {loop.name: f"l{marks[loops[0].name if shared else loop.name]}" for loop in loops}
        self.say(*(f"{lists[loop.name]} = []" if listed(loop) else f"n{marks[loop.name]} = 0" for loop in loops))
        ahead = f"text.startswith({loops[0].tag + self.d.element!r}, pos)"
        run = [] if variants or led else list_of(self, loops[0], lists[loops[0].name])
        packs = packs_of(self, loops, above, into) if led else []
        self.say(*run, *packs, *(["if run is None:"] if packs else []))
        self.depth += bool(packs)
        usually = "while run is None:" if run else "while True:"
        self.say(f"while up == {self.mark(above)}:" if led else f"while {ahead}:" if variants else usually)
        self.depth += 1
        for loop in loops:
            n = marks[loop.name]
            if led:
                self.say(
                    f"{'if' if loop is loops[0] else 'elif'} ahead in {sorted(loop.trigger.key[1] if loop.trigger.key else ())!r}:"
                )
                self.depth += 1
            chunk = leading(loop)
            rest = loop.items[len(chunk) :]
            narrow = usual(chunk, self.sample, self.d) if loop.json else []
            if narrow:
                self.attempt(loop, narrow, f"o{n}", then=tag_of_all(rest), only=chunk[1:], led=led)
                self.say("else:")
                self.depth += 1
            fails = "return None" if led else "" if variants else "break"
            self.attempt(loop, chunk, f"o{n}" if loop.json else into, then=tag_of_all(rest), fails=fails, led=led)
            self.depth -= bool(narrow)
            if variants and not led:
                self.say("if m is not None:")
                self.depth += 1
            if not loop.json:
                self.say(f"o{n} = {into}")
            if listed(loop):
                if variants and not shared:  # its place among the others is that of the first
                    self.say(f"if not {lists[loop.name]}:")
                    self.depth += 1
                    self.say(f"{self.holder(into, loop.json[:-1])}[{loop.json[-1][0]!r}] = {lists[loop.name]}")
                    self.depth -= 1
                self.say(f"{lists[loop.name]}.append(o{n})")
            else:
                self.say(f"n{n} += 1", f"if n{n} > {loop.most}: return None")
                if loop.json:
                    self.say(f"{self.holder(into, loop.json[:-1])}[{loop.json[-1][0]!r}] = o{n}")
            if rest:
                asks = bool(tag_of_all(rest)) and loop.name not in self.led
                self.say(*(["if ahead is not None:"] if asks else []))
                self.depth += asks
                self.loop_body(Loop(loop.name, loop.mandatory, loop.most, items=rest), f"o{n}")
                self.depth -= asks
            if variants and not led:
                self.say("continue")
            self.depth -= variants or led
        if led:
            self.say("else: return None")
        elif variants:
            self.say("break" if loops[0].trigger.parent else "return None")
        self.depth -= 1
        for loop in loops:
            n = marks[loop.name]
            seen = lists[loop.name] if listed(loop) else f"n{n}"
            if loop.mandatory:
                self.say("return None" if shared else f"if not {seen}: return None")
            if listed(loop):
                if loop.most != NO_LIMIT:
                    self.say(f"if len({seen}) > {loop.most}: return None")
                if variants and not (shared and loop is loops[0]):
                    continue
                self.say(f"if {seen}:")
                self.depth += 1
                name = "items" if loop.name in self.placed else loop.json[-1][0]
                self.say(f"{self.holder(into, loop.json[:-1])}[{name!r}] = {seen}")
                self.depth -= 1
        self.depth -= bool(packs)

    def attempt(
        self,
        loop: Loop,
        chunk: list[Row | Loop],
        into: str,
        *,
        then: str,
        only: Sequence[Row | Loop] = (),
        fails: str = "",
        led: bool,
    ) -> None:
        """Try to read the rows that a loop begins with; ``fails`` says what to do where that fails and nothing else is tried."""
        tree = loop.trigger if loop.name in self.led else None
        pattern, code = self.chunk(chunk, into, create=bool(loop.json), then=then, only=only, tree=tree)
        if (up := loop.trigger.parent) and not led:  # the one above may be another than the innermost
            first = chunk[0] if isinstance(chunk[0], Row) else loop.trigger
            group = self.patterns.segment(first)[1].index((up.number, up.component)) + 1
            code = [f"if m[{group}] != {self.mark(loop.name.rpartition('/')[0])}: break", "pos = m.end()", *code]
        else:
            code = ["pos = m.end()", *code]
        self.say(f"m = {self.pattern(pattern)}(text, pos)", f"if m is None: {fails}" if fails else "if m is not None:")
        self.say(*(line if fails else "    " + line for line in code))

    # --- rows -----------------------------------------------------------------------------------------------------------

    def chunk(
        self,
        items: list[Row | Loop],
        into: str,
        *,
        create: bool = False,
        then: str = "",
        only: Sequence[Row | Loop] = (),
        tree: Row | None = None,
    ) -> tuple[str, list[str]]:
        """One pattern for rows in a row, and the code that places its groups; with ``create`` the first makes ``into``.

        ``then`` is the tag of what may follow: the variable ``ahead`` says whether it does, at less than another match costs.
        No more of ``only`` may follow. In a ``tree`` the next level's number above it and kind are ``up`` and ``ahead``.
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
        if tree:
            pattern += f"(?:(?={self.next_level(tree)})|)"
            groups += ["up", "ahead"]
        elif then:
            pattern += f"(?:(?=({then}{self.patterns.element}))|)"
            groups.append("ahead")
        unpack = [f"{', '.join(groups)}{',' if len(groups) == 1 else ''} = m.groups()"] if groups else []
        return pattern, unpack + code

    def next_level(self, row: Row) -> str:
        """A pattern of the begin of another segment of a tree, with groups of the number above it and its kind."""
        assert row.parent and row.key
        asked = (row.parent.number, row.key[0])
        values = (
            f"{self.patterns.element}{'(' * (n in asked)}{self.patterns.text}*{')' * (n in asked)}" for n in range(1, asked[1] + 1)
        )
        return row.segment + "".join(values)

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
