"""A table compiled: in go a table and delimiters, out comes a function that reads a whole set, or says that it cannot.

The function may only say yes: what it accepts earns no finding on the slow path and gives the same document (a property
test holds this). When it answers None, the slow path decides. It is generated Python: rows of a loop that follow one
another are one regular expression, the first two of a repeated row stand in it with groups of their own, and the values
go straight into dictionaries.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from typing import Any

from translator.tables.checks import right_digit
from translator.tables.patterns import Delimited, always_there
from translator.tables.read import found_at
from translator.tables.standard import Note
from translator.tables.table import NO_LIMIT, Element, Loop, Path, Row, Table
from translator.x12.elements import to_json
from translator.x12.wire import Delimiters

COPIES = 2
Names = dict[tuple[int, int] | None, str]  # element (None: the pairs) -> variable
Plan = Callable[[str, dict[str, Any]], dict[str, Any] | None]


@lru_cache(maxsize=64)
def plan(table: Table, d: Delimiters) -> Plan:
    """The function for a table: (text of a set from ST to SE, dictionary to fill) -> that dictionary, or None."""
    return _Emitter(table, d).plan()


class _Emitter:
    """Writes the source of one plan, line by line."""

    def __init__(self, table: Table, d: Delimiters) -> None:
        self.table = table
        self.d = d
        self.patterns = Delimited(d.element, d.component, d.segment, d.tail)
        self.lines: list[str] = []
        self.depth = 1
        self.names: dict[str, Any] = {"to_json": to_json, "right_digit": right_digit, "found_at": found_at, "int": int}
        self.count = 0
        self.late: list[str] = []
        self.tally = {e.make[1] for r in table.rows() for e in r.elements.values() if e.make}

    def plan(self) -> Plan:
        first = re.escape(self.d.segment) + re.escape(self.d.tail)
        self.names["FIRST"] = re.compile(rf"ST[^{re.escape(self.d.segment)}]*{first}").match
        self.say("m = FIRST(text)", "if m is None: return None", "pos = m.end()")
        for ref in sorted(self.tally):
            self.say(f"t_{ref} = 0")
        for e in (e for row in self.table.rows() for e in row.elements.values() if e.unique):
            self.say(f"u_{e.ref} = set()")
        self.loop_body(self.table.root, "d", None)
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

    def loop_body(self, loop: Loop, into: str, trigger: Row | None) -> None:
        """Everything in a loop: rows that follow one another as one pattern, inner loops one by one."""
        chunk: list[Row | Loop] = []
        steps: list[tuple[str, list[Any]]] = []
        for _, group in groupby(loop.items, key=lambda item: item.rank):
            items = list(group)
            if len(items) == 1 and (isinstance(items[0], Row) or len(items[0].items) == 1):
                chunk.append(items[0])
                continue
            if chunk:
                steps.append(("chunk", chunk))
            steps.append(("loops", items))
            chunk = []
        if chunk:
            steps.append(("chunk", chunk))
        for n, (kind, items) in enumerate(steps):
            if kind == "loops":
                self.inner(items, into)
            elif trigger is None or n:
                pattern, code = self.chunk(items, into)
                self.say(f"m = {self.pattern(pattern)}(text, pos)", "if m is None: return None", "pos = m.end()", *code)

    def inner(self, loops: list[Loop], into: str) -> None:
        """Loops that are told apart by a key, in any order; or one loop with rows of its own."""
        marks = {}
        for loop in loops:
            marks[loop.name] = n = self.fresh()
            self.say(f"n{n} = 0")
            if loop.json and loop.json[-1][1] == "[]":
                self.say(f"l{n} = []")
        alone = len(loops) == 1
        self.say("while True:" if alone else f"while text.startswith({loops[0].tag + self.d.element!r}, pos):")
        self.depth += 1
        for loop in loops:
            n = marks[loop.name]
            chunk = [loop.items[0]]
            for item in loop.items[1:]:
                alone = sum(1 for other in loop.items if other.rank == item.rank) == 1
                if not alone or (isinstance(item, Loop) and len(item.items) > 1):
                    break
                chunk.append(item)
            pattern, code = self.chunk(chunk, f"o{n}", create=bool(loop.json))
            self.say(f"m = {self.pattern(pattern)}(text, pos)", "if m is None: break" if alone else "if m is not None:")
            self.depth += not alone
            several = bool(loop.json) and loop.json[-1][1] == "[]"
            self.say("pos = m.end()", f"n{n} += 1")
            if loop.most != NO_LIMIT and not several:
                self.say(f"if n{n} > {loop.most}: return None")
            if not loop.json:
                self.say(f"o{n} = {into}")
            self.say(*code)
            if several:
                self.say(f"l{n}.append(o{n})")
            elif loop.json:
                self.say(f"{self.holder(into, loop.json[:-1])}[{loop.json[-1][0]!r}] = o{n}")
            if len(chunk) < len(loop.items):
                rest = Loop(loop.name, loop.mandatory, loop.most, items=loop.items[len(chunk) :])
                self.loop_body(rest, f"o{n}", None)
            if not alone:
                self.say("continue")
                self.depth -= 1
        if not alone:
            self.say("return None")
        self.depth -= 1
        for loop in loops:
            n = marks[loop.name]
            if loop.mandatory:
                self.say(f"if not n{n}: return None")
            if loop.most != NO_LIMIT and loop.json and loop.json[-1][1] == "[]":
                self.say(f"if n{n} > {loop.most}: return None")
            if loop.json and loop.json[-1][1] == "[]":
                self.say(f"if n{n}:")
                self.depth += 1
                self.say(f"{self.holder(into, loop.json[:-1])}[{loop.json[-1][0]!r}] = l{n}")
                self.depth -= 1

    # --- rows -----------------------------------------------------------------------------------------------------------

    def chunk(self, items: list[Row | Loop], into: str, *, create: bool = False) -> tuple[str, list[str]]:
        """One pattern for rows in a row, and the code that places its groups; with ``create`` the first makes ``into``."""
        pattern, groups, code = "", [], []
        for item in items:
            row = item if isinstance(item, Row) else item.trigger
            base = item.json if isinstance(item, Loop) else row.json
            make = create and item is items[0]
            must = item.mandatory or bool(row.expect) or item is items[0] and item.mandatory
            most = item.most
            several = bool(base) and base[-1][1] in ("[]", "*") or any(e.json[-1:] and e.json[-1][1] == "[]" for e in row.elements.values())
            if not several:
                most = 1  # a second one has no place: the slow path says so
            segment, keys = self.patterns.segment(row)
            one, names = self.named(keys)
            groups += names
            if most == 1:
                pattern += segment if must else f"(?:{segment}|)"
                code += self.guarded(row, one, must, self.place(row, base, into, one, create=make))
                continue
            inner, more, again = self.again(row, base, into, segment, keys, most - 1, COPIES - 1)
            groups += more
            pattern += f"{segment}{inner}" if must else f"(?:{segment}{inner}|)"
            code += self.guarded(row, one, must, [*self.place(row, base, into, one), *again])
            if row.names and row.names.need:
                code += self.needed(row, into, must)
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
        bare = re.sub(r"(?<!\\)\((?!\?)", "(?:", segment)
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

    def place(self, row: Row, base: Path, into: str, v: Names, *, more: bool = False, create: bool = False) -> list[str]:
        """Put the values of one segment into the object that is theirs, after the conditions that hold between them."""
        code = [*self.conditions(row, v)]
        target = into
        literal: list[str] = []
        n = self.fresh()
        rest = [e for e in row.elements.values() if e.json and (e.number, e.component) in v]
        if base or create:
            target = f"x{n}" if base else into
            while rest and self.always(rest[0], row) and len(rest[0].json) == 1 and rest[0].json[0][1] == "" and not rest[0].classify:
                literal.append(f"{rest[0].json[0][0]!r}: {self.converted(rest[0], v)}")
                rest.pop(0)
            code.append(f"{target} = {{{', '.join(literal)}}}")
        for e in rest:
            name = v[e.number, e.component]
            lines = self.put(e, target, self.converted(e, v), name)
            code += lines if self.always(e, row) else [f"if {name}:", *("    " + line for line in lines)]
        if row.pairs and None in v:
            code += self.pairs(row, target, v[None])
        for e in row.elements.values():
            code += self.judged(e, row, v)
        if base:
            holder, lines = self.held(into, base[:-1])
            code += lines
            name, kind = base[-1]
            if kind == "*":
                assert row.names is not None
                table = self.keep("N", row.names.names)
                label = f"{table}[{v[row.names.number, row.names.component]}]"
                code += [f"y{n} = {label}", f"if y{n} in {holder}: return None", f"{holder}[y{n}] = {target}"]
            elif kind == "[]":
                code.append(f"{holder}[{name!r}].append({target})" if more else f"{holder}[{name!r}] = [{target}]")
            else:
                code.append(f"{holder}[{name!r}] = {target}")
        return code

    def always(self, e: Element, row: Row) -> bool:
        return e.number in always_there(row)

    def put(self, e: Element, target: str, value: str, name: str) -> list[str]:
        """Place one value at its path in the object."""
        holder, code = self.held(target, e.json[:-1])
        last, kind = e.json[-1]
        code.append(f"{holder}.setdefault({last!r}, []).append({value})" if kind == "[]" else f"{holder}[{last!r}] = {value}")
        if e.classify:
            forms = self.keep("F", [(form, p.fullmatch) for form, p in self.table.forms[e.classify].items()])
            n = self.fresh()
            code += [
                f"f{n} = next((form for form, fits in {forms} if fits({name})), None)",
                f"if f{n} is None: return None",
                f"{target}[{e.classify!r}] = f{n}",
            ]
        return code

    def converted(self, e: Element, v: Names) -> str:
        name = v[e.number, e.component]
        if e.type in ("AN", "ID", "R"):
            return name
        if e.type == "N0":
            return f"int({name})"
        if e.type == "DT":
            return f"f'{{{name}[:4]}}-{{{name}[4:6]}}-{{{name}[6:]}}'"
        return f"to_json({e.type!r}, {name})"

    def pairs(self, row: Row, target: str, name: str) -> list[str]:
        """Qualifier and value pairs, split from their one group; a qualifier twice is for the slow path."""
        pairs = row.pairs
        assert pairs is not None
        n = self.fresh()
        code = [f"s{n} = {name}.split({self.d.element!r})"]
        holder, lines = self.held(target, pairs.json[:-1])
        key = pairs.json[-1][0]
        if not pairs.names:
            item = f"{{{pairs.qualifier!r}: s{n}[i], {pairs.value!r}: s{n}[i + 1]}}"
            return [f"if {name}:", *("    " + line for line in [*code, *lines, f"{holder}[{key!r}] = [{item} for i in range(1, len(s{n}), 2)]"])]
        table = self.keep("N", pairs.names)
        room = (pairs.last - pairs.first + 1) // 2
        branch = "if"
        for count in range(room, 0, -1):
            items = ", ".join(f"{table}[s{n}[{2 * i + 1}]]: s{n}[{2 * i + 2}]" for i in range(count))
            code += [f"{branch} len(s{n}) == {2 * count + 1}: i{n} = {{{items}}}"]
            branch = "elif"
        code += [f"if len(i{n}) * 2 + 1 != len(s{n}): return None", *lines, f"{holder}[{key!r}] = i{n}"]
        for code_, rule in pairs.values.items():
            label = pairs.names.get(code_)
            if not label or not (rule.check or rule.agrees):
                continue
            code.append(f"if {label!r} in i{n}:")
            if rule.check:
                code += [f"    c{n} = i{n}[{label!r}]", f"    if {self.checked(rule.check, f'c{n}')}: return None"]
            if rule.agrees:
                form, other = self.keep("A", rule.agrees[0].fullmatch), pairs.names.get(rule.agrees[1])
                begins = _literal(rule.agrees[0].pattern)
                code += [f"    a{n} = i{n}[{label!r}]", f"    a{n} = {form}(a{n}) if a{n}[:{len(begins)}] == {begins!r} else None", f"    if a{n} and i{n}.get({other!r}, a{n}[1]) != a{n}[1]: return None"]
        return code if pairs.need else [f"if {name}:", *("    " + line for line in code)]

    def checked(self, kind: str, name: str) -> str:
        """An expression that is true when the check digit is wrong."""
        if kind == "upc":
            weights = self.keep("W", _weights())
            return f"({weights}[{name}[:4]] + {weights}[{name}[4:8]] + {weights}[{name}[8:]]) % 10"
        return f"right_digit({kind!r}, {name})"

    # --- conditions -------------------------------------------------------------------------------------------------------

    def conditions(self, row: Row, v: Names) -> list[str]:
        """Syntax notes between the elements of the row; what has no row is empty here."""
        pairs = row.pairs
        there: dict[int, str] = {}
        always = always_there(row)
        for number in range(1, len(row.standard.elements) + 1):
            keys = [key for key in row.elements if key[0] == number and key in v]
            if keys:
                there[number] = "True" if number in always else v[keys[0]]
            else:
                there[number] = "False"
        code = []
        for note in row.standard.notes:
            if pairs and all(pairs.first <= n <= pairs.last for n in note.numbers):
                continue
            if wrong := _broken(note, [there[n] for n in note.numbers]):
                code.append(f"if {wrong}: return None")
        return code

    def judged(self, e: Element, row: Row, v: Names) -> list[str]:
        """What the guide says of an element beyond its own form."""
        name = v.get((e.number, e.component))
        if name is None:
            return []
        code = []

        def has(number: int, codes: frozenset[str]) -> str:
            other = v.get((number, 0))
            return f"{other} in {self.keep('C', codes)}" if other else "False"

        if e.expect:
            code.append(f"if not {name}: return None")
        if e.only:
            code.append(f"if {name} and not ({has(*e.only)}): return None")
        if e.check:
            code.append(f"if {name} and {self.checked(e.check, name)}: return None")
        for rule in e.rules:
            when = " and ".join(has(*condition) for condition in rule.when) or "True"
            if rule.use == "M":
                code.append(f"if not {name} and {when}: return None")
            wrong = []
            if rule.codes:
                wrong.append(f"{name} not in {self.keep('C', frozenset(rule.codes))}")
            if rule.like:
                wrong.append(f"not {self.keep('A', rule.like.fullmatch)}({name})")
            if rule.document:
                wrong.append("True")  # what needs another part of the document is for the slow path
            if wrong:
                there = "" if self.always(e, row) else f"{name} and "
                code.append(f"if {there}{when} and ({' or '.join(wrong)}): return None")
        if e.unique:
            code += [f"if {name} in u_{e.ref}: return None", f"u_{e.ref}.add({name})"]
        if e.ref in self.tally:
            there = "" if self.always(e, row) else f"if {name}: "
            code.append(f"{there}t_{e.ref} += int({name}) if {name}.isdigit() else int({name}.replace('.', ''))")
        if row.segment in self.tally and e.number == min(k[0] for k in row.elements):
            code.append(f"t_{row.segment} += 1")
        if e.agrees:
            form, path, n = self.keep("A", e.agrees[0].fullmatch), self.keep("P", e.agrees[1]), self.fresh()
            code.append(f"g{n} = {name}")
            self.late += [
                f"g{n} = {form}(g{n}) if g{n} else None",
                f"if g{n} and (h{n} := found_at(d, {path})) and g{n}[1] not in h{n}: return None",
            ]
        if e.make:
            kind, ref = e.make
            right = f"t_{ref}" if kind == "count" else f"t_{ref} % 10000000000"
            code.append(f"if {name} and (not {name}.isdigit() or int({name}) != {right}): return None")
        return code

    def needed(self, row: Row, into: str, must: bool) -> list[str]:
        """Qualifiers that the guide says always come."""
        assert row.names is not None
        holder, lines = self.held(into, row.json[:-1])
        wanted = [row.names.names[code] for code in row.names.need]
        wrong = " or ".join(f"{name!r} not in {holder}" for name in wanted)
        return [*lines, f"if {wrong}: return None"] if must else ["return None"]

    # --- small things -----------------------------------------------------------------------------------------------------

    def held(self, into: str, path: Path) -> tuple[str, list[str]]:
        """A variable for the object at a path, and the code that finds or makes it."""
        code: list[str] = []
        for name, _ in path:
            n = self.fresh()
            code += [f"h{n} = {into}.get({name!r})", f"if h{n} is None: h{n} = {into}[{name!r}] = {{}}"]
            into = f"h{n}"
        return into, code

    def holder(self, into: str, path: Path) -> str:
        found, code = self.held(into, path)
        self.say(*code)
        return found

    def pattern(self, text: str) -> str:
        return self.keep("M", re.compile(text, re.ASCII).match)

    def finder(self, text: str) -> str:
        return self.keep("M", re.compile(text, re.ASCII).findall)

    def keep(self, letter: str, value: Any) -> str:
        for name, known in self.names.items():
            if name.startswith(letter) and type(known) is type(value) and known == value:
                return name
        name = f"{letter}{self.fresh()}"
        self.names[name] = value
        return name

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def say(self, *lines: str) -> None:
        self.lines += ["    " * self.depth + line for line in lines]


def _broken(note: Note, there: list[str]) -> str:
    """An expression that is true when a syntax note is broken; "" when it cannot be."""
    known = [x for x in there if x != "False"]
    if note.kind == "P":
        if not known or all(x == "True" for x in there):
            return ""
        if "True" in there:
            return f"not ({' and '.join(x for x in there)})"
        return f"({' or '.join(known)}) and not ({' and '.join(there)})"
    if note.kind == "R":
        return "" if "True" in there else f"not ({' or '.join(known)})" if known else "True"
    if note.kind == "E":
        return f"sum(map(bool, ({', '.join(there)},))) > 1" if len(known) > 1 else ""
    first, others = there[0], there[1:]
    if first == "False":
        return ""
    if note.kind == "C":
        return "" if all(x == "True" for x in others) else f"{first} and not ({' and '.join(others)})"
    return "" if "True" in others else f"{first} and not ({' or '.join(others)})"


def _literal(pattern: str) -> str:
    """The digits that a pattern begins with: a cheap look before the pattern itself."""
    found = re.match(r"[0-9]*(?![?*{|])", pattern)
    return found[0] if found and "|" not in pattern else ""


@lru_cache(maxsize=1)
def _weights() -> dict[str, int]:
    """Four digits -> their share of the GS1 sum, weights 3 1 3 1: three look-ups judge a UPC."""
    return {f"{n:04d}": 3 * (n // 1000) + n // 100 % 10 + 3 * (n // 10 % 10) + n % 10 for n in range(10000)}
