"""Code for the objects at a path that are written: in go a path and what writes one object, out come lines of Python.

The objects of a list that are all alike are written at once; those of a usual shape by code of their own; all others by code that
asks for each value whether it is there. The lines run inside the function that ``pen`` puts together.
"""

from __future__ import annotations

from collections.abc import Callable

from translator.tables.alike import WORTH, Unpacked, at_once
from translator.tables.shapes import Whole, below, usual, whole
from translator.tables.strokes import Strokes
from translator.tables.table import Path, path_text


class Lists(Strokes):
    """Writes the code of what may be there several times."""

    def each(self, path: Path, into: str, default: str = "", held: str = "") -> str:
        """Begin a block for every object at a path; the variable of the object. The caller ends the block; "": there is none.

        ``held`` is the variable of the list, where it has one.
        """
        self.held.clear()
        item = f"x{self.fresh()}"
        got = held or self.got(into, path)
        self.held.clear()
        if got == "None" and not default:
            return ""
        self.samples[item] = below(self.samples.get(into, ()), path)
        if path[-1][1] == "[]":
            self.say(f"for {item} in {got if held or got in self.full else f'{got} or ()'}:")
            self.depth += 1
        else:
            self.say(f"{item} = {got}", *([f"if {item} is None: {item} = {default}"] if default else []))
            self.when(f"{item} is not None")
        return item

    def all(self, path: Path, into: str, write: Callable[[str], object], default: str = "") -> None:
        """Write every object at a path; those of a list that are all alike at once."""
        got = self.got(into, path) if path[-1][1] == "[]" else ""
        self.held.clear()
        if got in self.single:
            write(self.single[got])
            return
        holders = below(self.samples.get(into, ()), path[:-1])[:WORTH]
        objects = below(holders, path[-1:])
        shape = whole(objects) if got not in ("", "None") and len(objects) >= WORTH * len(holders) else ()
        held = f"w{self.fresh()}"
        code = self.alike(shape, held, path_text(path), write) if shape else []
        if code:
            self.say(f"{held} = {got} or ()", *code, "else:")
            self.depth += 1
        self.one_by_one(path, into, write, default, held if code else "")
        self.close(bool(code))

    def alike(self, shape: Whole, held: str, about: str, write: Callable[[str], object]) -> list[str]:
        """Code that writes all objects of a list at once; nothing where there is more to them than values."""
        before = self.lines, self.depth, self.known, self.single, self.full, self.last
        item = f"x{self.fresh()}"
        unpacked = Unpacked(held, item, shape, self.keep, self.fresh)
        self.lines, self.depth, self.last = [], 0, (0, -1, "")
        self.known, self.single, self.full = self.known | unpacked.known, self.single | unpacked.single, self.full | unpacked.full
        self.maybe |= unpacked.maybe
        write(item)
        code = self.lines
        self.lines, self.depth, self.known, self.single, self.full, self.last = before
        return at_once(held, about, shape, unpacked, code, self.delimiters, self.keep)

    def one_by_one(self, path: Path, into: str, write: Callable[[str], object], default: str, held: str) -> None:
        """Write every object at a path, those of a usual shape by code of their own."""
        item = self.each(path, into, default, held)
        if not item:
            return
        shapes = usual(self.samples[item]) if path[-1][1] == "[]" else []
        every, full = self.samples[item], set(self.full)
        keys, known = f"y{self.fresh()}", [[f"v{self.fresh()}" for _ in shape] for shape in shapes]
        if shapes:
            self.say(f"{keys}, which = [*{item}], 0")
        for n, (shape, names) in enumerate(zip(shapes, known, strict=True), 1):
            self.say(f"{'el' if n > 1 else ''}if {keys} == {self.keep([*shape])}:")
            self.say(f"    {', '.join(names)}, = {item}.values()", f"    if {' and '.join(names)}: which = {n}")
        for n, (shape, names) in enumerate(zip(shapes, known, strict=True), 1):
            self.say(f"{'el' if n > 1 else ''}if which == {n}:")
            self.depth += 1
            self.samples[item] = [one for one in every if tuple(one) == shape]
            self.known[item] = dict(zip(shape, names, strict=True))
            self.full |= set(names)
            write(item)
            del self.known[item]
            self.full = set(full)
            self.close()
        self.samples[item] = every
        if shapes:
            self.say("else:")
            self.depth += 1
        write(item)
        self.close(1 + bool(shapes))
