"""What a loaded table must still keep: in goes a table, out comes a sentence for each thing that would go wrong later.

A value that no key takes anywhere, two values for one place, a name for two qualifiers, a segment that two rows could
take. Loading has checked keys, types and the standard before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from translator.tables.table import Element, Loop, Path, Row, Table, path_text

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def lint(table: Table) -> Iterator[str]:
    """Sentences that begin with the row or loop they speak of."""
    known = {row.segment for row in table.rows()} | {e.ref for row in table.rows() for e in row.elements.values()}
    for row in table.rows():
        for sentence in (*_places(row), *_names(row), *_rules(row, known)):
            yield f"{row.area} {row.pos} {row.label}: {sentence}"
    for loop in [table.root, *table.loops()]:
        for sentence in _clashes(loop):
            yield f"loop {loop.name or 'of the whole set'}: {sentence}"
    yield from _determined(table.root)


def _places(row: Row) -> Iterator[str]:
    """Every value has a place."""
    for e in row.elements.values():
        if not (e.json or e.names or e.constant or e.key or e.tree):
            yield f"{e.ref} needs `json`, or `names`, or exactly one code: its value would be lost"
        if e.json and e.json[-1][1] == "*":
            yield f"{e.ref}: * is for the row's own json"
        if e.reckon and (not e.json or any(kind for _, kind in e.json)):
            yield f"{e.ref} is worked out, so it needs a `json` without lists"
        if e.again and (not e.json or e.mandatory):
            yield f"{e.ref} says again what another element says: it needs that one's `json`, and cannot be mandatory"
        if e.component and (e.like or e.check or e.only or e.rules or e.classify or e.make or e.agrees or e.unique):
            yield f"{e.ref}: a component takes use, codes and json only"
    if bool(row.json and row.json[-1][1] == "*") != bool(row.names):
        yield "json ends in * exactly when an element has `names`"
    if sum(bool(e.names) for e in row.elements.values()) > 1 or sum(e.key for e in row.elements.values()) > 1:
        yield "only one element can have `names`, and only one can be the key"


def _names(row: Row) -> Iterator[str]:
    """Names are JSON names, one for each qualifier."""
    for names in [e.names for e in row.elements.values() if e.names] + ([row.pairs.names] if row.pairs else []):
        if len(set(names.values())) < len(names):
            yield "two qualifiers have the same name"
        for name in names.values():
            if not _NAME.fullmatch(name):
                yield f"the name {name!r} must be lower-case letters, digits and _"
    if row.pairs and (strange := set(row.pairs.values) - set(row.pairs.codes)):
        yield f"[values] for {', '.join(sorted(strange))}, which are no codes of the pairs"
    for qualifier, rule in row.pairs.values.items() if row.pairs else ():
        if rule.agrees and (not rule.agrees[0].groups or rule.agrees[1] not in (row.pairs.codes if row.pairs else ())):
            yield f"`agrees` of {qualifier} needs a form with a group, and a qualifier of the pairs"


def _rules(row: Row, known: set[str]) -> Iterator[str]:
    """Rules speak of what there is."""
    for e in row.elements.values():
        if strange := set(e.need) - set(e.codes):
            yield f"{e.ref} needs {', '.join(sorted(strange))}, which are no codes of it"
        if e.make and e.make[1] not in known:
            yield f"{e.ref} is made of {e.make[1]}, which no row has"
        if e.agrees and not e.agrees[0].groups:
            yield f"{e.ref}: the form of `agrees` needs a group"
        for number, codes in [*([e.only] if e.only else []), *(c for rule in e.rules for c in rule.when)]:
            other = row.elements.get((number, 0))
            if other is None:
                yield f"{e.ref}: a condition speaks of {row.segment}{number:02d}, which has no row"
            elif other.codes and (unknown := codes - set(other.codes)):
                yield f"{e.ref}: a condition asks for {', '.join(sorted(unknown))}, which are no codes of {other.ref}"


def _clashes(loop: Loop) -> Iterator[str]:
    """No place is filled by two."""
    seen: dict[str, str] = {}
    for item in loop.items:
        for place, who in _filled(item):
            if isinstance(item, Loop) and any(e.key and e.json for e in item.trigger.elements.values()):
                who = f"loop {item.trigger.segment}"  # variants in one list, told apart by a key in the JSON
            other = seen.setdefault(place, who)
            if other != who:
                yield f"{who} and {other} both fill {place}"
            for longer in (p for p in seen if p.startswith(f"{place}.")):
                yield f"{who} fills {place}, which {seen[longer]} uses as an object"


def _filled(item: Row | Loop) -> Iterator[tuple[str, str]]:
    if isinstance(item, Loop):
        if item.json:
            yield path_text(item.json), f"loop {item.name}"
        return
    if item.json:
        yield path_text(item.json), item.label
        return
    if item.unless or item.setting:
        return  # alternatives: another row fills the same places
    places: list[tuple[Path, Element | None]] = [(e.json, e) for e in item.elements.values() if e.json and not e.again]
    if item.pairs:
        places.append((item.pairs.json, None))
    for path, e in places:
        listed = path[-1][1] == "[]"
        yield path_text(path), item.label if listed or e is None else e.ref


def _determined(loop: Loop) -> Iterator[str]:
    """One segment can be read in one way: no two rows of a loop take it, and none outside takes what the loop may hold."""
    for tag, items in loop.by_tag.items():
        for n, one in enumerate(items):
            for other in items[n + 1 :]:
                a, b = _key(one), _key(other)
                if a is None or b is None or a[0] != b[0] or a[1] & b[1]:
                    yield f"segment {tag} can be read as two rows of loop {loop.name or 'of the whole set'}: give both a key"
    for item in loop.items:
        if not isinstance(item, Loop):
            continue
        for inner in item.items[1:]:
            if isinstance(inner, Loop) and inner.trigger.parent:
                continue  # it says itself below which one it stands
            tag = inner.segment if isinstance(inner, Row) else inner.tag
            for other in loop.by_tag.get(tag, []):
                between = any(i.mandatory and item.rank < i.rank < other.rank for i in loop.items)  # which closes the loop
                if other is not item and other.rank >= item.rank and not between:
                    yield f"loop {item.name}: segment {tag} in it can also be read as the {tag} after it"
        yield from _determined(item)


def _key(item: Row | Loop) -> tuple[int, frozenset[str]] | None:
    return item.key if isinstance(item, Row) else item.trigger.key
