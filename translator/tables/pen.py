"""A table compiled for writing: in go a table and delimiters, out comes a function from a document to its segments.

The function writes what ``write`` would write, or answers None: a value of another type, a name without qualifier. It
does not look for delimiters in values: whoever calls it reads back what was written, and a document that does not come
back as it was is written again by ``write``, which accuses. A property test holds the two together.

Objects that have the keys that objects of their place usually have, and nothing empty, are written by shorter code. A tree
is written from the canonical document itself, as ``tree.unfold`` would have it.
"""

from __future__ import annotations

import datetime
import linecache
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Protocol

from translator.tables.lists import Lists
from translator.tables.runs import Runs
from translator.tables.strokes import UNUSUAL
from translator.tables.table import Loop, Row, Table
from translator.x12.wire import Delimiters

Json = dict[str, Any]
MOST = 64


class Pen(Protocol):
    """Writes a document of its table, at a moment: the text of its segments, the last one without end, or None. Notes ``runs``."""

    def __call__(self, document: Json, now: datetime.datetime, runs: Runs | None = None) -> str | None: ...


def pen(table: Table, d: Delimiters, sample: Sequence[Json] = ()) -> Pen:
    """The function for a table, compiled once for each choice of delimiters.

    What is usual is taken from the ``sample``: documents that are about to be written, perhaps of other tables too.
    """
    made = table.pens.get(d)
    if made is None:
        if len(table.pens) >= MOST:
            table.pens.clear()
        made = table.pens[d] = _guarded(_Emitter(table, d, sample).function(), d.segment + d.tail)
    return made


@lru_cache(maxsize=8)
def _moment(now: datetime.datetime) -> tuple[str, str]:
    """Date and time as X12 has them."""
    return f"{now:%Y%m%d}", f"{now:%H%M}"


def _guarded(write: Callable[..., None], end: str) -> Pen:
    def penned(document: Json, now: datetime.datetime, runs: Runs | None = None) -> str | None:
        pieces: list[str] = []
        try:
            write(document, pieces.append, pieces.extend, {} if runs is None else runs, *_moment(now))
        except UNUSUAL:
            return None
        return end.join(pieces)

    return penned


class _Emitter(Lists):
    """Writes the source of one pen, line by line."""

    def function(self) -> Callable[..., None]:
        self.say(*(f"t_{tag} = 0" for tag in self.tally), "numbered = 0")
        if self.table.tree:
            self.say("pallets = {}", "for x in d.get('pallets') or (): pallets.setdefault(str(x.get('sscc')), x)")
        self.loop(self.table.root, "d", "")
        arguments = ", ".join(f"{name}={name}" for name in self.names)
        source = f"def write(d, put, more, runs, today, time, {arguments}):\n" + "\n".join(self.lines) + "\n"
        file = f"<pen {self.table.name} {self.element}{self.component}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        space = dict(self.names)
        exec(compile(source, file, "exec"), space)
        made: Callable[..., None] = space["write"]
        return made

    # --- loops and rows -----------------------------------------------------------------------------------------------

    def loop(self, loop: Loop, into: str, above: str) -> str:
        """Everything of one object of a loop; ``above`` is the variable of the number of the loop around it. Its own number's."""
        number = ""
        if loop.name and loop.trigger.number:
            number = f"k{self.fresh()}"
            self.say("numbered += 1", f"{number} = numbered")
        for _, group in groupby(loop.items, key=lambda item: item.rank):
            items = list(group)
            inner = [item for item in items if isinstance(item, Loop)]
            if inner and inner[0].trigger.parent:
                self.children(loop, inner, into, number)
            elif len(inner) > 1:
                self.variants(inner, into, number)
            else:
                for item in items:
                    if isinstance(item, Loop):
                        self.objects(item, into, number)
                    else:
                        self.row(item, into, item is loop.items[0] and bool(loop.name), number, above)
        return number

    def children(self, loop: Loop, loops: list[Loop], into: str, number: str) -> None:
        """The levels below a level of a tree, which stand in the canonical document otherwise: see ``tree``."""
        kinds = self.kinds(loops)
        if "order" in kinds:
            self.all((("orders", "[]"),), into, lambda item: self.loop(kinds["order"], item, number))
        elif self.table.kind(loop.trigger) == "order":
            opened, mark = f"n{self.fresh()}", f"k{self.fresh()}"  # the open pallet's name, and its number
            self.say(f"{opened} = ''")
            self.all((("packs", "[]"),), into, lambda item: self.pack(kinds, item, number, opened, mark))
        else:
            self.all((("items", "[]"),), into, lambda item: self.loop(kinds["item"], item, number))

    def pack(self, kinds: dict[str, Loop], pack: str, number: str, opened: str, mark: str) -> None:
        """A carton, or loose items; on a pallet perhaps, which is opened where another one is named than before."""
        pallet = self.got(pack, (("pallet", ""),))
        if pallet == "None":
            self.labelled(kinds, pack, number)
            self.say(f"{opened} = ''")
            return
        name, item = f"n{self.fresh()}", f"x{self.fresh()}"
        self.say(f"{name} = {pallet}", f"{name} = '' if {name} is None else str({name})", f"if {name}:")
        self.depth += 1
        if "pallet" in kinds:
            loop = kinds["pallet"]
            rows = [one for one in loop.items if not isinstance(one, Loop)]
            self.say(f"if {name} != {opened}:")
            self.depth += 1
            self.say(f"{item} = pallets.get({name})", f"if {item} is None: {item} = {{'sscc': {name}}}")
            self.say(f"{mark} = {self.loop(Loop(loop.name, loop.mandatory, loop.most, items=[*rows]), item, number)}")
            self.close()
            self.labelled(self.kinds([one for one in loop.items if isinstance(one, Loop)]), pack, mark)
        else:
            self.say("raise KeyError")
        self.close()
        self.say("else:")
        self.depth += 1
        self.labelled(kinds, pack, number)
        self.close()
        self.say(f"{opened} = {name}")

    def labelled(self, kinds: dict[str, Loop], pack: str, number: str) -> None:
        """What has a label is a carton; what has none is its items."""
        labels = [self.got(pack, ((name, ""),)) for name in ("sscc", "tracking")]
        there, depth = [label for label in labels if label != "None"], self.depth
        if there:
            if self.full.isdisjoint(there):
                self.when(" or ".join(f"{label} is not None" for label in there))
            if "pack" in kinds:
                self.loop(kinds["pack"], pack, number)
            else:
                self.say("raise KeyError")
            self.close(self.depth - depth)
            if not self.full.isdisjoint(there):
                return
            self.say("else:")
            self.depth += 1
        if "item" in kinds:
            self.all((("items", "[]"),), pack, lambda item: self.loop(kinds["item"], item, number))
        else:
            self.say("raise KeyError")
        self.close(self.depth - depth)

    def kinds(self, loops: list[Loop]) -> dict[str, Loop]:
        """Loops of a tree by what they are: order, pallet, pack, item."""
        return {self.table.kind(loop.trigger): loop for loop in loops}

    def variants(self, loops: list[Loop], into: str, number: str) -> None:
        """Loops in any order: a shared list by the key's value, a shared map in its order, others one after another."""
        parents = {loop.json[:-1] for loop in loops}
        if len({loop.json for loop in loops}) == 1 and loops[0].json[-1:] and loops[0].json[-1][1] == "[]":
            key = next(e for e in loops[0].trigger.elements.values() if e.key).json[0][0]
            item = self.each(loops[0].json, into)
            if not item:
                return
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
            self.close()
        self.say("else: raise KeyError")
        self.close()

    def objects(self, loop: Loop, into: str, number: str) -> None:
        """Every object of one loop."""
        if not loop.json:
            self.loop(loop, into, number)
            return
        made = loop.mandatory and any(e.make for e in loop.trigger.elements.values())
        self.all(loop.json, into, lambda item: self.loop(loop, item, number), default="{}" if made else "")

    def row(self, row: Row, into: str, first: bool, number: str, above: str) -> None:
        """Every segment of a row."""
        if row.mute:
            return
        depth = self.depth
        if (row.unless and self.got(into, row.unless) in self.full) or (row.given and self.got(into, row.given) == "None"):
            return
        if row.unless and (got := self.got(into, row.unless)) != "None":
            self.when(f"{got} is None")
        if row.given and (got := self.got(into, row.given)) not in self.full:
            self.when(f"{got} is not None")
        lists = [e for e in row.elements.values() if e.json and e.json[-1][1] == "[]"]
        if row.json and row.json[-1][1] == "*":
            assert row.names is not None
            name, item = f"n{self.fresh()}", f"x{self.fresh()}"
            codes, held = self.keep({name: code for code, name in row.names.names.items()}), self.got(into, row.json[:-1])
            if held == "None":
                return
            self.say(f"for {name}, {item} in ({held} or {{}}).items():")
            self.depth += 1
            self.segment(row, item, number, above, {row.names.ref: f"{codes}[{name}]"})
        elif row.json:
            self.all(row.json, into, lambda item: self.segment(row, item, number, above, {}))
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
        self.close(self.depth - depth)
