"""What a run reached: the rows, elements, codes and structures of a table that documents exercised, and what none of them did.

``respelled`` writes what a document says in the other ways that say the same, which a reader must take and a writer never
chooses. As a program, ``python tests/reached.py`` prints what the systematic documents reach of every guide.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field

from meaning import GUIDES, Json, Key, at, branches, label, segments

from translator.tables.table import Element, Row, Table, path_text


def agrees(table: Table, e: Element, code: str) -> bool:
    """Whether an element can have a code: not where it must agree with others that never have it."""
    if not e.agrees or e.level != "error":
        return True
    places = [(base + path_text(other.json), other) for base, row in table.places() for other in row.elements.values()]
    return any(code in other.codes for place, other in places if place == path_text(e.agrees[1]))


@dataclass
class Coverage:
    """Adds up which rows, elements, codes and structures of a table the documents of a run exercised."""

    table: Table
    seen: set[str] = field(default_factory=set)

    def see(self, document: Json, table: Table | None = None) -> None:
        """Count a document, written by this table or by the same with other settings."""
        for meant in segments(table or self.table, document):
            self.seen.add(label(meant.row))
            for key, place in meant.places.items():
                self.spelled(meant.row, key, str(place.value))
                if (p := meant.row.pairs) and p.first <= key[0] <= p.last and not (key[0] - p.first) % 2:
                    self.seen.add(f"{label(meant.row)} pairs {place.value}")
        if self.table.tree:
            paths = set(branches(self.table, document).paths())
            code = next((code for code, known in self.table.tree.structures.items() if paths <= known), "")
            self.seen |= {f"structure {code} {path}" for path in paths}

    def spelled(self, row: Row, key: Key, text: str) -> None:
        """Count a value in a segment."""
        ref = f"{label(row)} {_ref(row, key)}"
        self.seen |= {ref, f"{ref} {text}"}

    def wanted(self, *, written: bool = False) -> dict[str, str]:
        """Everything that there is to exercise, and what it is, in the order of the table; ``written``: what the table writes."""
        found: dict[str, str] = {}
        for row in self.table.rows():
            name = label(row)
            if written and row.mute:
                continue
            found[name] = "rows"
            for key, e in row.elements.items():
                codes = [e.constant] if written and e.constant else [code for code in e.codes if agrees(self.table, e, code)]
                if e.reckon[:1] == ("verdict",) and e.level == "error":  # another would contradict the answers
                    codes = [code for code in codes if code in self.table.verdicts[e.reckon[1]]]
                if not (written and e.again):
                    found[f"{name} {_ref(row, key)}"] = "elements"
                    found |= dict.fromkeys((f"{name} {_ref(row, key)} {code}" for code in codes), "codes")
            if p := row.pairs:
                last = min(p.last, p.first - 1 + 2 * len(p.names)) if p.names else p.last  # a name comes once
                found |= dict.fromkeys((f"{name} {_ref(row, (n, 0))}" for n in range(p.first, last + 1)), "elements")
                found |= dict.fromkeys((f"{name} pairs {code}" for code in p.codes), "codes")
        for code, paths in self.table.tree.structures.items() if self.table.tree else ():
            found |= dict.fromkeys((f"structure {code} {path}" for path in sorted(paths)), "paths of levels")
        return found

    def missing(self, *, written: bool = False) -> list[str]:
        """What no document exercised."""
        return [item for item in self.wanted(written=written) if item not in self.seen]

    def report(self) -> str:
        """How much was reached, and every single thing that was not."""
        wanted = self.wanted()
        all_of, reached = Counter(wanted.values()), Counter(kind for item, kind in wanted.items() if item in self.seen)
        figures = ", ".join(f"{reached[kind]} of {count} {kind}" for kind, count in all_of.items())
        return "\n".join([f"{self.table.name}: {figures}", *(f"    not reached: {item}" for item in self.missing())])


def _ref(row: Row, key: Key) -> str:
    return f"{row.segment}{key[0]:02d}" + (f"-{key[1]:02d}" if key[1] else "")


def respelled(table: Table, document: Json, found: list[list[str]], turn: int, coverage: Coverage | None = None) -> list[list[str]]:
    """The segments of a document with all that may be spelled otherwise and says the same.

    What is said once more elsewhere, another code where all mean the same, other numbers in a tree. ``turn`` chooses the codes.
    """
    made = []
    for meant, values in zip(segments(table, document), found, strict=True):
        values = list(values)
        for (number, _), e in meant.row.elements.items():
            text = values[number] if number < len(values) else ""
            if e.again and (said := at(meant.into, e.json)):
                values += [""] * (number + 1 - len(values))
                values[number] = said
            elif e.codes and len(e.codes) > 1 and e.constant and text:
                values[number] = list(e.codes)[turn % len(e.codes)]
            elif e.tree and text:
                values[number] = str(100 + 7 * int(text))
            else:
                continue
            if coverage:
                coverage.spelled(meant.row, (number, 0), values[number])
        made.append(values)
    return made


def main() -> int:
    """Print what the systematic documents of every guide reach; 1 when that is not all."""
    from walked import reach

    missing = 0
    for name in GUIDES:
        coverage = reach(name)
        print(coverage.report())
        missing += len(coverage.missing())
    return int(missing > 0)


if __name__ == "__main__":
    sys.exit(main())
