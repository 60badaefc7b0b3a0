"""Code that recognizes a run in what was written: in go the rows that its objects are read from, out come lines for a plan.

The lines read every value of the run's segments and compare all of them with the run's; then the objects are those of the
run, and are not made once more. Nothing else can stand between: the segments were written as short as they can be, and all
of them would not fit. What is checked of values is checked of whole columns where that is the same. Where a plan
reads what is not its own there is no run, and one look at nothing is all that this costs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.tables.chunks import leading, listed
from translator.tables.emit import Names
from translator.tables.table import Loop, Path, Row, path_text
from translator.tables.usual import Ordered, usual

if TYPE_CHECKING:
    from translator.tables.plan import Emitter

Parts = list[tuple[Path, Row | Loop]]
_ADDED = re.compile(r"(\w+)\.append\((\w+)\)")
_COUNTED = re.compile(r"(t_\w+) \+= 1")


def list_of(plan: Emitter, loop: Loop, seen: str) -> list[str]:
    """The lines for a loop whose objects are the list ``seen``; ``run`` is None after them where there is no run."""
    parts = _parts(plan, loop, ()) if listed(loop) else []
    code = _recognized(plan, path_text(loop.json), parts) if parts else []
    return [*code, f"    {seen}, pos = run.objects, end"] if code else []


def packs_of(plan: Emitter, loops: list[Loop], above: str, into: str) -> list[str]:
    """The same for the cartons of the order ``into``, with one item each, which need not be folded then: see ``tree``."""
    kinds = {plan.table.kind(loop.trigger): loop for loop in loops}
    pack, order = kinds.get("pack"), next(loop for loop in plan.table.loops() if loop.name == above)
    items = [item for item in pack.items if isinstance(item, Loop) and item.trigger.parent] if pack else []
    if pack is None or pack.trigger.key is None or len(items) != 1 or plan.table.kind(order.trigger) != "order":
        return []
    first, second = _parts(plan, pack, (), below=1), _parts(plan, items[0], (("items", "[]"),))
    asks = f" or up != {plan.mark(above)} or ahead not in {sorted(pack.trigger.key[1])!r}"
    code = _recognized(plan, "packs[]", [*first, *second], asks) if first and second else []
    after = [
        f"    {into}['packs'], pos = run.objects, end",
        f"    m = {plan.pattern(plan.next_level(pack.trigger))}(text, pos)",
        "    up, ahead = m.groups() if m else (None, None)",
        f"    if up == {plan.mark(above)}: return None",
    ]
    return [*code, *after] if code else []


def _parts(plan: Emitter, loop: Loop, base: Path, below: int = 0) -> Parts:
    """What the objects of a loop usually are of, each with its place in the object at ``base``; nothing where there is more to
    them than what one pattern reads, and as many loops ``below``."""
    chunk = leading(loop)
    narrow = usual(chunk, plan.sample, plan.d) if len(chunk) + below == len(loop.items) else []
    return [((*base, *(item.json if n else ())), item) for n, item in enumerate(narrow)]


def _recognized(plan: Emitter, about: str, parts: Parts, asks: str = "") -> list[str]:
    """The lines that look for a run ``about`` a list and check it; then ``run`` has its objects and ``end`` is where it ends, or
    ``run`` is None. ``parts`` have the segments of one object, each with its place in it; ``asks`` is what must hold beside.

    No lines for rows that may be absent or come again, or whose values are split or put apart.
    """
    pattern, code = "", list[str]()
    held: dict[str, str] = {}
    names: list[str] = []
    levels: list[tuple[str, ...]] = []
    for n, (base, item) in enumerate(parts):
        row = item if isinstance(item, Row) else item.trigger
        segment, keys = plan.patterns.segment(row, told=True)
        one, mine = plan.named(keys)
        told = {key: e for key, e in row.elements.items() if key not in one and len(e.codes) == 1 and e.most}
        one |= {key: repr(next(iter(e.codes))) for key, e in told.items()}
        values = _values(plan, row, base, one)
        again = item.most > 1 and n and not row.parent
        if values is None or again or not (item.mandatory or row.expect):
            return []
        pattern, names = pattern + segment, [*names, *mine]
        held |= values
        levels.append((row.loop, *(one.pop(key) for key, e in sorted(row.elements.items()) if e.tree)))
        plan.placing = False
        code += plan.place(row, base, "", one)
        plan.placing = True
    if len(names) < 2 or len(held) < 2:
        return []
    rows = "found" if [*held.values()] == names else f"[({', '.join(held.values())}) for {', '.join(names)} in found]"
    return [
        f"queue = runs.get({about!r})",
        "run = queue[0] if queue else None",
        f"if run is not None and (run.columns != {plan.keep('C', tuple(held))}{asks}): run = None",
        "if run is not None:",
        "    end = pos + run.size",
        f"    found = {plan.finder(pattern)}(text, pos, end)",
        f"    if {rows} != run.rows: run = None",
        "if run is not None:",
        "    del queue[0]",
        f"    {', '.join(names)} = zip(*found)",
        *("    " + line for line in [*_of_tree(plan, [level for level in levels if level[1:]]), *_of_columns(code, names)]),
    ]


def _values(plan: Emitter, row: Row, base: Path, one: Names) -> dict[str, str] | None:
    """The values of a segment by their places in the object, as expressions; None where that cannot be said of all."""
    pairs, found = row.pairs, {}
    by_number = {pairs.first + 2 * n + 1: code for n, code in enumerate(pairs.order)} if isinstance(pairs, Ordered) else {}
    if any(e.classify for e in row.elements.values()) or row.names:
        return None
    for key, name in one.items():
        e = row.elements.get(key) if key else None
        if key and pairs and key[0] in by_number:
            steps: Path = (*pairs.json, (pairs.names[by_number[key[0]]], ""))
            value = name
        elif e and (e.tree or e.again or (len(e.codes) == 1 and (e.key or not e.json))):
            continue  # counted, looked at by the checks, or said by the pattern
        elif e and e.json:
            steps, value = e.json, plan.converted(e, one)
            value = value if plan.always(e, row) or value == name else f"{value} if {name} else ''"
        else:
            return None
        if any(kind for _, kind in steps):
            return None
        found[".".join([*(name + kind for name, kind in base), *(name for name, _ in steps)])] = value
    return found


def _of_tree(plan: Emitter, levels: list[tuple[str, ...]]) -> list[str]:
    """Code that checks the numbers of levels, for all in ``found``: they count up, and a parent is the one above."""
    lines, many = [], len(levels)
    known = {loop: number for loop, number, *_ in levels}
    for n, (loop, number, *parents) in enumerate(levels, 1):
        counted = f"range(numbered + {n}, numbered + 1 + {many} * len(found), {many})"
        lines.append(f"if {number} != tuple(map(str, {counted})): return None")
        above = loop.rpartition("/")[0]
        for parent in parents:
            wrong = f"{parent} != {known[above]}" if above in known else f"set({parent}) != {{{plan.mark(above)}}}"
            lines.append(f"if {wrong}: return None")
    return [*lines, f"numbered += {many} * len(found)"] if lines else []


def _of_columns(code: list[str], names: list[str]) -> list[str]:
    """Code that checks the values of one object, for all in ``found``: what only collects values takes columns of them."""
    lines, rest = list[str](), list[str]()
    for line in code:
        if (added := _ADDED.fullmatch(line)) and added[2] in names:
            lines.append(f"{added[1]} += {added[2]}")
        elif counted := _COUNTED.fullmatch(line):
            lines.append(f"{counted[1]} += len(found)")
        else:
            rest.append(line)
    if rest:
        used = [name for name in names if any(re.search(rf"\b{name}\b", line) for line in rest)]
        values = ", ".join(used)
        lines.append(f"for {values} in {f'zip({values})' if len(used) > 1 else values}:")
        lines += ["    " + line for line in rest]
    return lines
