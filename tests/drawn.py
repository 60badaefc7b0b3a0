"""Documents drawn from a mapping table: the table goes in, canonical documents that schema and table allow come out.

``documents(table)`` is a hypothesis strategy, ``systematic(table)`` a finite list that exercises every row, element and
code. Where a set is a tree, the tree is drawn and then folded. What a table works out is in the document, right or
wrong; ``totals.lean`` leaves it out. No segment, code or JSON name of any guide is spelled out here; the two headers of
the envelope are X12's own.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from choosing import Chance, Turns
from hypothesis import strategies as st
from meaning import Json, at, is_level, label, listed, mixed
from reached import Coverage
from together import choices
from totals import settle
from values import PRINTABLE, Values, holds

from translator.tables.checks import right_digit
from translator.tables.table import Element, Loop, Pairs, Path, Row, Table
from translator.tables.tree import fold, labelled

PUNCTUATION = [c for c in PRINTABLE if not c.isalnum() and c != " "]
SEPARATORS = [*PUNCTUATION, "\x1c", "\x1d", "\x1e", "\x1f", "\x01", "\x07", "\x7f"]
TERMINATORS = [*SEPARATORS, "\n", "\r"]
SEVERAL = 2  # occurrences of what may come often, so that documents stay small


class _Builder(Values):
    """Builds one document. ``plain``: the usual delimiters; ``clean``: also totals are right."""

    def __init__(self, *given: Any, plain: bool = False, **options: Any) -> None:
        super().__init__(*given, **options)
        self.plain = plain
        self.pallets: list[str] = []

    def document(self) -> Json:
        envelope = self.envelope()
        table = self.table
        made = self.made = {"document": table.document, "partner": table.partner, "guide": table.name, "envelope": envelope}
        self.loop(self.table.root, made)
        if table.tree:
            assert fold(table.tree, made) == []
        settle(table, made, right=self.clean or self.choose.one("totals", [True, False]))
        reverse: bool = self.choose.one("order of keys", [False, True])
        return _reversed(made) if reverse else made

    def envelope(self) -> Json:
        pick = self.choose
        isa, gs = (row.elements if (row := self.table.envelope.get(tag)) else {} for tag in ("ISA", "GS"))
        release = self.table.release
        known = ((isa, (12, 0), [release[:5]]), (gs, (8, 0), [release]), (isa, (15, 0), ["P", "T", "I"]))
        codes = {key: (list(row[key].codes) if key in row else []) or usual for row, key, usual in known}
        marks: list[str] = []
        for key, usual, options in (("terminator", "~", TERMINATORS), ("element", "*", SEPARATORS), ("component", ">", SEPARATORS)):
            marks.append(usual if self.plain else pick.one(key, [c for c in (usual, *options) if c not in marks]))
        segment, element, component = marks
        self.alphabet = "".join(c for c in PRINTABLE if c not in marks)
        tails = {"\n": [""], "\r": ["", "\n"]}.get(segment, ["", "\n", "\r\n", "\r"])
        tail = "" if self.plain else pick.one("tail", tails)
        sides = {
            side: {
                "qualifier": self.solid(f"{side} qualifier", 2, 2),
                "id": self.solid(side, 1, 15),
                "group": self.solid(f"{side} group", 2, 15),
            }
            for side in ("sender", "receiver")
        }
        return {
            **sides,
            "control": {
                "interchange": f"{pick.number('interchange', 0, 999_999_999):09d}",
                "group": str(pick.number("group", 1, 999_999_999)),
                "set": self.solid("set", 4, 9),
            },
            "date": self.date("envelope date"),
            "time": self.time("envelope time", 8),
            "version": pick.one("version", codes[12, 0]),
            "release": pick.one("release", codes[8, 0]),
            "usage": pick.one("usage", codes[15, 0]),
            "acknowledgment_requested": pick.one("requested", [False, True]),
            "delimiters": {"element": element, "component": component, "segment": segment, "tail": tail},
        }

    # --- loops and rows -----------------------------------------------------------------------------------------------

    def loop(self, loop: Loop, into: Json) -> None:
        for _, group in groupby(loop.items, key=lambda item: item.rank):
            items = list(group)
            for row in (item for item in items if isinstance(item, Row)):
                self.row(row, into, first=bool(loop.name) and row is loop.items[0])
            loops = [item for item in items if isinstance(item, Loop)]
            if loops and loops[0].trigger.parent:
                self.children(loops, into)
            elif loops:
                for inner in self.choose.names((loop.name, loops[0].rank), loops, len(loops), len(loops)):
                    self.objects(inner, into)

    def objects(self, loop: Loop, into: Json) -> None:
        if loop.json and loop.json[-1][1] == "[]":
            count = self.choose.number(("loop", loop.name), int(loop.mandatory), min(loop.most, SEVERAL))
        else:
            count = 1 if loop.mandatory else self.choose.one(("loop", loop.name), [0, 1])
        for _ in range(count):
            made: Json = {}
            self.loop(loop, made)
            _put(into, loop.json, made)

    def children(self, loops: list[Loop], into: Json) -> None:
        """What stands below one object of a tree, of every kind mixed: something always does. Packs and pallets have labels."""
        for _ in range(self.choose.number(("children", loops[0].name), 1, SEVERAL)):
            loop = self.choose.one(("child", loops[0].name), loops)
            made: Json = {}
            self.loop(loop, made)
            if "children" in made and loop.name.count("/") > 1 and not labelled(made):
                row = next(i for i in loop.items if isinstance(i, Row) and not i.mute and any(e.check for e in i.elements.values()))
                self.fill(row, made, {}, must_say=True)
            if self.table.tree and made["level"] == self.table.tree.pallet:  # one that stands under two orders is one pallet
                again = self.pallets and self.choose.one("pallet again", [False, True])
                made["sscc"] = self.choose.one("pallet", self.pallets) if again else made["sscc"]
                self.pallets.append(made["sscc"])
            _put(into, loop.json, made)

    def row(self, row: Row, into: Json, first: bool) -> None:
        name = label(row)
        own = {e.json for e in row.elements.values()}
        if row.mute or at(into, row.unless) is not None or (row.given and row.given not in own and at(into, row.given) is None):
            return
        if row.json and row.json[-1][1] == "*":
            assert row.names
            names = self.choose.names(name, list(row.names.names), int(row.mandatory), min(row.most, len(row.names.names)))
            if names and self.obey(f"{name} need"):
                names += [code for code in row.names.need if code not in names]
            for code in names:
                _put(into, (*row.json[:-1], (row.names.names[code], "")), self.object(row, {row.names.number: code}))
        elif row.json and row.json[-1][1] == "[]":
            for _ in range(self.choose.number(name, int(self.wanted(row)), min(row.most, SEVERAL))):
                _put(into, row.json, self.object(row, {}))
        elif row.json:
            if self.wanted(row) or self.choose.one(name, [False, True]):
                _put(into, row.json, self.object(row, {}))
        elif (lists := listed(row)) and not mixed(row):
            least, most = int(self.wanted(row)), min(row.most, SEVERAL) * len(lists)
            self.values(row, lists, into, self.choose.number(name, least, most))
        elif first or self.wanted(row) or self.choose.one(name, [False, True]):
            self.fill(row, into, {}, must_say=not (first or row.mandatory))
            if lists:
                self.values(row, lists, into, self.choose.number(f"{name} values", 0, len(lists)))

    def wanted(self, row: Row) -> bool:
        """Whether a row is always there: where it must be, and in a clean document where the guide counts on it."""
        return row.mandatory or bool(self.clean and row.expect)

    def object(self, row: Row, known: dict[int, str]) -> Json:
        made: Json = {}
        self.fill(row, made, known, must_say=False)
        return made

    def values(self, row: Row, lists: list[Element], into: Json, count: int) -> None:
        """So many values of a list, which the elements take by turns."""
        for n in range(count):
            e = lists[n % len(lists)]
            _put(into, e.json, self.value(row, e, {}))

    def fill(self, row: Row, into: Json, known: dict[int, str], must_say: bool) -> None:
        options = [c for c in choices(row) if not must_say or c[1] or any(row.elements[key].json for key in c[0])]
        if row.pairs and (named := {key for key, e in row.elements.items() if e.unique}):
            options = [c for c in options if c[1] or named & c[0]]  # a line has a number, or says what it is about
        if self.clean and (expected := {key for key, e in row.elements.items() if e.expect}):
            options = [c for c in options if expected <= c[0]] or options
        keys, count = self.choose.one((label(row), "elements"), options)
        for e in row.elements.values():
            if is_level(row, e):
                _put(into, e.json, self.choose.one((label(row), e.ref), list(e.codes)))
        for key in sorted(keys):
            e = row.elements[key]
            alone = e.only and known.get(e.only[0]) not in e.only[1]
            elsewhere = self.clean and any(rule.document for rule in e.rules)
            if (alone or elsewhere) and self.obey(e.ref) and (keys - {key}, count) in options:
                keys -= {key}
            else:
                self.put(row, e, into, known)
        for key, e in row.elements.items():  # what a rule asks for, beside what is there now
            if key not in keys and any(rule.use == "M" and holds(rule, known) for rule in e.rules) and self.obey((e.ref, "rule")):
                more = next((some for some, so_many in options if keys | {key} <= some and so_many == count), keys)
                for other in sorted(more - keys):
                    self.put(row, row.elements[other], into, known)
                keys = more
        if row.pairs and count:
            self.pairs(row, row.pairs, count, into)

    def put(self, row: Row, e: Element, into: Json, known: dict[int, str]) -> None:
        value = self.value(row, e, known)
        if isinstance(value, str) and (e.once or e.check):
            value = self.once(e, value)
        known[e.number] = text = str(value)
        _put(into, e.json, value)
        if e.classify:
            forms = self.table.forms[e.classify]
            into[e.classify] = next((form for form, p in forms.items() if p.fullmatch(text)), "unknown")

    def pairs(self, row: Row, pairs: Pairs, count: int, into: Json) -> None:
        name = f"{label(row)} pairs"
        lengths = row.standard.elements[pairs.first]
        if pairs.names:
            codes = self.choose.names(name, list(pairs.names), count, count)
        else:
            codes = [self.choose.one(name, list(pairs.codes)) for _ in range(count)]
        for code in codes:
            rule = pairs.values.get(code)
            if rule and rule.like and self.obey(f"{name} {code}"):
                value = self.choose.like(code, rule.like, lengths.least, lengths.most, self.alphabet)
            else:
                value = self.choose.text(code, lengths.least, lengths.most, self.alphabet)
            if rule and rule.check and self.obey(f"{name} {code} check"):
                value = value[:-1] + (right_digit(rule.check, value) or value[-1])
            if pairs.names:
                _put(into, (*pairs.json, (pairs.names[code], "")), value)
            else:
                _put(into, pairs.json, {pairs.qualifier: code, pairs.value: value})


def _put(into: Json, path: Path, value: Any) -> None:
    if not path:
        into.update(value)
        return
    for name, kind in path[:-1]:
        into = into.setdefault(name, [{}])[0] if kind == "0" else into.setdefault(name, {})
    name, kind = path[-1]
    if kind == "[]":
        into.setdefault(name, []).append(value)
    else:
        into[name] = value


def _reversed(value: Any) -> Any:
    """The same document, the keys of every object in the opposite order."""
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


def documents(table: Table, *, plain: bool = False, clean: bool = False) -> st.SearchStrategy[Json]:
    """Documents that schema and table allow; they may break usage notes, which are warnings.

    ``plain``: usual delimiters. ``clean``: no usage note is broken, as far as one that speaks of several segments allows, and
    numbers and times are such as are seen every day.
    """

    @st.composite
    def drawn(draw: st.DrawFn) -> Json:
        return _Builder(table, Chance(draw), plain=plain, clean=clean).document()

    return drawn()


def several(tables: list[Table], *, plain: bool = False) -> st.SearchStrategy[list[Json]]:
    """Two to four documents of these tables that may be sent together: what may be there once is."""

    @st.composite
    def drawn(draw: st.DrawFn) -> list[Json]:
        taken: set[tuple[str, str, str]] = set()
        chosen = draw(st.lists(st.sampled_from(tables), min_size=2, max_size=4))
        return [_Builder(table, Chance(draw), plain=plain, taken=taken).document() for table in chosen]

    return drawn()


def systematic(table: Table, most: int = 300, *, clean: bool = False, beyond: Coverage | None = None) -> list[Json]:
    """Documents that together exercise every row, element, code, name and qualifier that the table writes.

    Of at most ``most`` those that exercise something new, ``beyond`` what was seen before.
    """
    choose, coverage = Turns(), beyond or Coverage(table)
    wanted, found = set(Coverage(table).wanted(written=True)) - coverage.seen, []
    for _ in range(most if wanted else 0):
        document = _Builder(table, choose, clean=clean, plain=clean).document()
        coverage.see(document, table)
        if wanted & coverage.seen:
            found.append(document)
            wanted -= coverage.seen
        if not wanted:
            break
    return found
