"""Code for one segment: in go a row and the variables of its groups, out come lines of Python that place its values.

The lines check what a pattern cannot see (conditions between elements, check digits, totals, values that must not come
twice) and leave the plan with None when something is not as the row wants it. They run inside the function that ``plan``
puts together.
"""

from __future__ import annotations

import re
from typing import Any

from translator.tables.checks import all_right, right_digit
from translator.tables.patterns import always_there
from translator.tables.placing import found_at
from translator.tables.reckon import differing
from translator.tables.table import Element, Path, Row, Table
from translator.tables.tree import fold
from translator.tables.usual import Ordered
from translator.x12.elements import to_json
from translator.x12.numbers import decimal

Names = dict[tuple[int, int] | None, str]  # element (None: the pairs) -> variable


class Rows:
    """Writes the code of rows; keeps the values that the code names, and what is checked at the end of the set."""

    def __init__(self, table: Table, separator: str) -> None:
        self.table = table
        self.separator = separator
        self.names: dict[str, Any] = {
            "to_json": to_json, "right_digit": right_digit, "wrong_upcs": wrong_upcs, "found_at": found_at, "int": int, "str": str,
            "hashed": _hashed, "decimal": decimal, "fold": fold, "differing": differing,
            "all_right": all_right,
        }  # fmt: skip
        kinds = {loop.name: table.kind(loop.trigger) for loop in table.loops() if loop.trigger.parent}
        self.placed = {name for name, kind in kinds.items() if kind == "item" and kinds.get(name.rpartition("/")[0]) == "pack"}
        self.placing = True  # False: values are checked, and put nowhere
        self.early: list[str] = []
        self.late: list[str] = []
        self.tally = {e.make[1] for r in table.rows() for e in r.elements.values() if e.make}
        self.marks: dict[str, int] = {}
        self._count = 0

    def place(self, row: Row, base: Path, into: str, v: Names, *, more: bool = False, create: bool = False) -> list[str]:
        """Put the values of one segment into the object that is theirs, and check what holds between them.

        ``more``: the list that takes the object is there already. ``create``: the object is ``into`` itself, made here.
        What is checked of an element that may be absent stands in the branch where it is there, or in the other one.
        """
        attached, code = self.notes(row, v)
        n = self.fresh()
        thing = f"x{n}" if base else into
        elements = [e for e in row.elements.values() if (e.number, e.component) in v]
        if row.loop in self.placed:  # where it stands says what it is
            elements = [e for e in elements if not (e.key and e.json)]
        literal: dict[str, str] = {}
        if base or create:
            for e in elements:
                if not e.json:
                    continue
                if not self.always(e, row) or len(e.json) != 1 or e.json[0][1] or e.classify or e.again:
                    break
                literal[e.json[0][0]] = self.converted(e, v)
            made = f"{thing} = {{{', '.join(f'{key!r}: {value}' for key, value in literal.items())}}}"
            code += [made] if self.placing else []
        for e in elements:
            name = v[e.number, e.component]
            there = [*attached.get(e.number, []), *self.judged(e, row, v)]
            if e.tree:
                there += self.numbered(e, row, name)
            elif e.again and not self.placing:
                there.append("return None")  # there is nothing to compare it with
            elif e.again:
                there.append(f"if {thing}.setdefault({e.json[0][0]!r}, {name}) != {name}: return None")
            elif self.placing and e.json and e.json[0][0] not in literal:
                there += self.put(e, thing, self.converted(e, v), name)
            absent = self.absent(e, v)
            if self.always(e, row):
                code += there
            elif there:
                code += [f"if {name}:", *("    " + line for line in there)]
                code += ["else:", *("    " + line for line in absent)] if absent else []
            elif absent:
                code += [f"if not {name}:", *("    " + line for line in absent)]
        code += [line for key, e in row.elements.items() if key not in v for line in self.absent(e, v)]
        if row.segment in self.tally:
            code.append(f"t_{row.segment} += 1")
        if isinstance(row.pairs, Ordered):
            code += self.ordered(row.pairs, thing, v)
        elif row.pairs and None in v:
            code += self.pairs(row, thing, v[None])
        return [*code, *self.given(row, base, into, thing, v, more)] if base and self.placing else code

    def given(self, row: Row, base: Path, into: str, thing: str, v: Names, more: bool) -> list[str]:
        """The finished object to its place: under the qualifier's name, into a list, or under a key."""
        holder, code = self.held(into, base[:-1])
        name, kind = base[-1]
        if kind == "*":
            assert row.names is not None
            table, key = self.keep("N", row.names.names), f"y{self.fresh()}"
            label = f"{table}[{v[row.names.number, row.names.component]}]"
            return [*code, f"{key} = {label}", f"if {key} in {holder}: return None", f"{holder}[{key}] = {thing}"]
        if kind == "[]":
            return [*code, f"{holder}[{name!r}].append({thing})" if more else f"{holder}[{name!r}] = [{thing}]"]
        return [*code, f"{holder}[{name!r}] = {thing}"]

    def always(self, e: Element, row: Row) -> bool:
        return e.number in always_there(row)

    def put(self, e: Element, thing: str, value: str, name: str) -> list[str]:
        """Place one value at its path in the object."""
        holder, code = self.held(thing, e.json[:-1])
        last, kind = e.json[-1]
        code.append(f"{holder}.setdefault({last!r}, []).append({value})" if kind == "[]" else f"{holder}[{last!r}] = {value}")
        if e.classify:
            forms = self.keep("F", [(form, p.fullmatch) for form, p in self.table.forms[e.classify].items()])
            n = self.fresh()
            code += [
                f"f{n} = next((form for form, fits in {forms} if fits({name})), None)",
                f"if f{n} is None: return None",
                f"{thing}[{e.classify!r}] = f{n}",
            ]
        return code

    def converted(self, e: Element, v: Names) -> str:
        name = v[e.number, e.component]
        if e.prefix:
            name = f"{name}[{len(e.prefix)}:]"
        if e.type in ("AN", "ID", "R"):
            return name
        if e.type == "N0":
            return f"int({name})"
        if e.type == "DT":
            return f"f'{{{name}[:4]}}-{{{name}[4:6]}}-{{{name}[6:]}}'"
        return f"to_json({e.type!r}, {name})"

    def pairs(self, row: Row, thing: str, name: str) -> list[str]:
        """Qualifier and value pairs, split from their one group; a qualifier twice is for the slow path."""
        pairs = row.pairs
        assert pairs is not None
        n = self.fresh()
        code = [f"s{n} = {name}.split({self.separator!r})"]
        holder, lines = self.held(thing, pairs.json[:-1])
        key = pairs.json[-1][0]
        if not pairs.names:
            item = f"{{{pairs.qualifier!r}: s{n}[i], {pairs.value!r}: s{n}[i + 1]}}"
            return [
                f"if {name}:",
                *("    " + line for line in [*code, *lines, f"{holder}[{key!r}] = [{item} for i in range(1, len(s{n}), 2)]"]),
            ]
        table = self.keep("N", pairs.names)
        room = (pairs.last - pairs.first + 1) // 2
        code.append(f"k{n} = len(s{n})")
        branch = "if"
        for count in range(1, room + 1):
            items = ", ".join(f"{table}[s{n}[{2 * i + 1}]]: s{n}[{2 * i + 2}]" for i in range(count))
            code += [f"{branch} k{n} == {2 * count + 1}: i{n} = {{{items}}}"]
            branch = "elif"
        code += [f"if len(i{n}) * 2 + 1 != k{n}: return None", *lines, f"{holder}[{key!r}] = i{n}"]
        for code_, rule in pairs.values.items():
            label = pairs.names.get(code_)
            if not label or not (rule.check or rule.agrees):
                continue
            code.append(f"if c{n} := i{n}.get({label!r}):")
            if rule.check:
                code.append("    " + self.checked(rule.check, rule.like, f"c{n}"))
            if rule.agrees:
                other = f"i{n}.get({pairs.names.get(rule.agrees[1])!r}, {{0}}[1]) != {{0}}[1]"
                lines = self.agreeing(rule.agrees[0], f"c{n}", other)
                code += ["    " + line for line in lines]
        return code if pairs.need else [f"if {name}:", *("    " + line for line in code)]

    def ordered(self, pairs: Ordered, thing: str, v: Names) -> list[str]:
        """The same of pairs that come in one order: each has a group of its own."""
        by_code = {code: v[pairs.first + 2 * i + 1, 0] for i, code in enumerate(pairs.order)}
        holder, code = self.held(thing, pairs.json[:-1])
        items = ", ".join(f"{pairs.names[code_]!r}: {name}" for code_, name in by_code.items())
        code = [*code, f"{holder}[{pairs.json[-1][0]!r}] = {{{items}}}"] if self.placing else []
        for code_, name in by_code.items():
            rule = pairs.values.get(code_)
            if rule and rule.check:
                code.append(self.checked(rule.check, rule.like, name))
            if rule and rule.agrees and (other := by_code.get(rule.agrees[1])):
                code += self.agreeing(rule.agrees[0], name, f"{other} != {{}}[1]")
        return code

    def agreeing(self, form: re.Pattern[str], name: str, differs: str) -> list[str]:
        """Leave the plan when a value has a form and what it holds differs from another value."""
        a, begins = f"a{self.fresh()}", _literal(form.pattern)
        fits = self.keep("A", form.fullmatch)
        return [
            f"{a} = {fits}({name}) if {name}[:{len(begins)}] == {begins!r} else None",
            f"if {a} and {differs.format(a)}: return None",
        ]

    def checked(self, kind: str, like: re.Pattern[str] | None, name: str) -> str:
        """Leave the plan when a check digit is wrong: UPCs and labels of cartons, which are many, all at the end."""
        if kind == "sscc":
            if "ssccs = []" not in self.early:
                self.early.append("ssccs = []")
                self.late.append("if ssccs and not all_right(ssccs, 18): return None")
            return f"ssccs.append({name})"
        if kind != "upc" or like is None or like.pattern != r"\d{12}":
            return f"if right_digit({kind!r}, {name}): return None"
        if "upcs = []" not in self.early:
            self.early.append("upcs = []")
            self.late.append("if upcs and wrong_upcs(upcs): return None")
        return f"upcs.append({name})"

    # --- conditions -------------------------------------------------------------------------------------------------------

    def notes(self, row: Row, v: Names) -> tuple[dict[int, list[str]], list[str]]:
        """Syntax notes: those that speak of an element that is there, by that element; and the rest.

        What has no row is empty here, and what is always there needs no check.
        """
        pairs, always = row.pairs, always_there(row)
        attached: dict[int, list[str]] = {}
        rest: list[str] = []
        there = {
            n: "True" if n in always else v.get((n, 0)) or v.get((n, 1)) or "False"
            for n in range(1, len(row.standard.elements) + 1)
        }
        for note in row.standard.notes:
            if pairs and all(pairs.first <= n <= pairs.last for n in note.numbers):
                continue
            names = {n: there[n] for n in note.numbers}
            if note.kind in "PCL":
                for n in note.numbers if note.kind == "P" else note.numbers[:1]:
                    others = [names[other] for other in note.numbers if other != n]
                    broken = _lacks(others, any_=note.kind == "L")
                    if names[n] != "False" and broken:
                        attached.setdefault(n, []).append(f"if {broken}: return None")
            elif note.kind == "R" and "True" not in names.values():
                known = [name for name in names.values() if name != "False"]
                rest.append(f"if not ({' or '.join(known)}): return None" if known else "return None")
            elif note.kind == "E" and sum(name != "False" for name in names.values()) > 1:
                rest.append(f"if sum(map(bool, ({', '.join(names.values())}))) > 1: return None")
        return attached, rest

    def has(self, number: int, codes: frozenset[str], v: Names) -> str:
        """An expression: an element has one of some codes."""
        other = v.get((number, 0))
        if other and len(codes) == 1:
            return f"{other} == {next(iter(codes))!r}"
        return f"{other} in {self.keep('C', codes)}" if other else "False"

    def absent(self, e: Element, v: Names) -> list[str]:
        """What the guide says when an element is not there."""
        code = ["return None"] if e.expect else []
        for rule in e.rules:
            if rule.use == "M":
                when = " and ".join(self.has(*condition, v) for condition in rule.when) or "True"
                code.append(f"if {when}: return None")
        return code

    def judged(self, e: Element, row: Row, v: Names) -> list[str]:
        """What the guide says of an element that is there, beyond its own form."""
        name = v[e.number, e.component]
        code = []
        if e.only:
            code.append(f"if not ({self.has(*e.only, v)}): return None")
        if e.check:
            code.append(self.checked(e.check, e.like, self.converted(e, v)))
        if e.floor is not None:
            code.append(f"if decimal(to_json({e.type!r}, {name})) < {self.keep('D', e.floor)}: return None")
        for rule in e.rules:
            wrong = []
            when = [self.has(*condition, v) for condition in rule.when]
            if rule.codes:
                wrong.append(f"not {self.has(e.number, frozenset(rule.codes), v)}")
            if rule.like:
                wrong.append(f"not {self.keep('A', rule.like.fullmatch)}({name})")
            if wrong:
                tests = " and ".join([*when, f"({' or '.join(wrong)})"])
                code.append(f"if {tests}: return None")
            if rule.document:
                path, asked, n = self.keep("P", rule.document[0]), rule.document[1], self.fresh()
                self.early.append(f"q{n} = False")
                code.append(f"if {' and '.join(when) or 'True'}: q{n} = True")
                self.late.append(f"if q{n} and {asked!r} not in found_at(d, {path}): return None")
        if e.unique:
            code.append(f"u_{e.ref}.append({name})")
            self.late.append(f"if len(set(u_{e.ref})) < len(u_{e.ref}): return None")
        if e.ref in self.tally:
            code.append(f"t_{e.ref}.append({name})")
        if e.agrees:
            form, path = self.keep("A", e.agrees[0].fullmatch), self.keep("P", e.agrees[1])
            n = self.fresh()
            code.append(f"g{n} = {form}({name})")
            self.late.append(f"if g{n} and (h{n} := found_at(d, {path})) and g{n}[1] not in h{n}: return None")
            self.early.append(f"g{n} = None")
        if e.make:
            kind, ref = e.make
            right = f"t_{ref}" if kind == "count" else f"hashed(t_{ref})"
            code.append(f"if not {name}.isdigit() or int({name}) != {right}: return None")
        return code

    def numbered(self, e: Element, row: Row, name: str) -> list[str]:
        """A tree's numbers count up, and a parent is the open one above."""
        above = row.loop.rpartition("/")[0]
        if e.tree == "parent":
            return [f"if {name} != {self.mark(above)}: return None"]
        return ["numbered += 1", f"if {name} != str(numbered): return None", f"{self.mark(row.loop)} = {name}"]

    def mark(self, loop: str) -> str:
        """The variable for the number of an open loop."""
        return f"k{self.marks.setdefault(loop, len(self.marks))}"

    def needed(self, row: Row, into: str, must: bool) -> list[str]:
        """Qualifiers that the guide says always come."""
        assert row.names is not None
        holder, lines = self.held(into, row.json[:-1])
        wanted = [row.names.names[code] for code in row.names.need]
        wrong = " or ".join(f"{name!r} not in {holder}" for name in wanted)
        return [*lines, f"if {wrong}: return None"] if must else ["return None"]

    # --- small things -------------------------------------------------------------------------------------------------

    def held(self, into: str, path: Path) -> tuple[str, list[str]]:
        """A variable for the object at a path, and the code that finds or makes it."""
        code: list[str] = []
        for name, kind in path:
            n = self.fresh()
            code += [
                f"h{n} = {into}.get({name!r})",
                f"if h{n} is None: h{n} = {into}[{name!r}] = {'[{}]' if kind == '0' else '{}'}",
            ]
            code += [f"h{n} = h{n}[0]"] if kind == "0" else []
            into = f"h{n}"
        return into, code

    def keep(self, letter: str, value: Any) -> str:
        for name, known in self.names.items():
            if name.startswith(letter) and type(known) is type(value) and known == value:
                return name
        name = f"{letter}{self.fresh()}"
        self.names[name] = value
        return name

    def fresh(self) -> int:
        self._count += 1
        return self._count


def _lacks(names: list[str], *, any_: bool) -> str:
    """An expression that is true when one of them is not there (with ``any_``: when none is); "" when it never is."""
    if any_:
        known = [name for name in names if name != "False"]
        return "" if "True" in known else f"not ({' or '.join(known)})" if known else "True"
    if "False" in names:
        return "True"
    known = [name for name in names if name != "True"]
    return f"not ({' and '.join(known)})" if known else ""


def _hashed(texts: list[str]) -> int:
    """The hash total of decimals without signs: their digits added, the last ten kept."""
    try:
        return sum(map(int, texts)) % 10**10
    except ValueError:
        return sum(int(text.replace(".", "")) for text in texts) % 10**10


def _literal(pattern: str) -> str:
    """The digits that a pattern begins with: a cheap look before the pattern itself."""
    found = re.match(r"[0-9]*(?![?*{|])", pattern)
    return found[0] if found and "|" not in pattern else ""


def wrong_upcs(codes: list[str]) -> bool:
    """Whether one of them, all of 12 digits, has a wrong check digit: their digits are the bytes of one long number."""
    for begin in range(0, len(codes), _MANY):
        text = "".join(codes[begin : begin + _MANY])
        n = int.from_bytes(text.encode(), "big")
        n = (n & _DIGITS) + (n << 1 & _TWICE)  # weights 3 and 1, as GS1 has them
        n += n >> 8
        n += n >> 16
        n += (n >> 32) + (n >> 64)  # each byte is the sum of the twelve from there to the left, at most 216
        if n.to_bytes(len(text), "big")[11::12].translate(None, _TENS):
            return True
    return False


_MANY = 64
_DIGITS = int.from_bytes(b"\x0f" * 12 * _MANY, "big")
_TWICE = int.from_bytes(b"\x1e\x00" * 6 * _MANY, "big")
_TENS = bytes(range(0, 256, 10))
