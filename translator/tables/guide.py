"""A table in reading form: in goes a loaded table, out comes its guide as plain text. Nothing is judged.

Also the shelf: which tables there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Any

from translator import shipped
from translator.tables.standard import parsed
from translator.tables.table import NO_LIMIT, Element, Loop, Row, Rule, Table, path_text


def shelf(mappings: Path | None = None) -> list[tuple[str, str]]:
    """Every mapping file, as (name without ending, kind: guide, partner, standard, columns, rules)."""
    found = []
    for file in shipped.names("mappings", ".toml", mappings):
        raw = parsed(file, mappings)
        if "segments" in raw:
            kind = "standard"
        elif "guides" in raw:
            kind = "partner"
        elif "each" in raw:
            kind = "columns"
        else:
            kind = "guide" if "heading" in raw or "set" in raw else "examples" if "examples" in raw else "rules"
            kind = "lists" if kind == "rules" and "codes" in raw else kind
        found.append((file.removeprefix("mappings/").removesuffix(".toml"), kind))
    return found


def examples(code: str, mappings: Path | None = None) -> list[tuple[str, str]]:
    """Segments that keep the rule of a finding and segments that break it, from every partner's ``examples.toml``."""
    found = []
    for file in shipped.names("mappings", "examples.toml", mappings):
        pair = parsed(file, mappings).get("examples", {}).get(code)
        if pair:
            found.append((str(pair["keeps"]), str(pair["breaks"])))
    return found


def printed(table: Table) -> str:
    """The guide: an overview, then every segment with its elements, codes, conditions and places in the JSON."""
    lines = [f"{table.source}", f"set {table.set_id} ({table.limits.name}), release {table.release}, group {table.group}", ""]
    lines += ["Overview", ""]
    lines += list(_overview(table.root, 0))
    for row in [*table.envelope.values(), *table.rows()]:
        lines += ["", *_row(row)]
    if table.carry:
        lines += ["", "What goes back as it came", "", *(line for rule in table.carry for line in _carried(rule))]
    return "\n".join(lines)


def _overview(loop: Loop, depth: int) -> Iterator[str]:
    for item in loop.items:
        if isinstance(item, Loop):
            yield f"{'  ' * depth}{item.name} loop: {item.title} ({_use(item.mandatory)}, {_most(item.most)})"
            yield from _overview(item, depth + 1)
        else:
            limits = f"({_use(item.mandatory)}, {_most(item.most)})"
            yield f"{'  ' * depth}{item.pos or '   '} {item.segment:<4}{item.standard.name} {limits}"


def _row(row: Row) -> Iterator[str]:
    loop = f", loop {row.loop}" if row.loop else ""
    place = " ".join(filter(None, (row.area, row.pos)))
    yield f"{row.segment} {row.standard.name}: {place}{loop}, {_use(row.mandatory)}, {_most(row.most)}"
    yield from _note(row.note, "  ")
    for note in row.standard.notes:
        yield f"  {_SYNTAX[note.kind].format(', '.join(f'{row.segment}{n:02d}' for n in note.numbers))}"
    pairs = row.pairs
    for number in range(1, len(row.standard.elements) + 1):
        if pairs and pairs.first <= number < pairs.last and (number - pairs.first) % 2 == 0:
            ref = f"{row.segment}{number:02d}/{number + 1:02d}"
            use = "M" if number < pairs.first + 2 * pairs.need else "O"
            yield f"  {ref:<10} {use} qualifier and value  -> {path_text(pairs.json)}"
            if number == pairs.first:
                for code, meaning in pairs.codes.items():
                    rule = pairs.values.get(code)
                    name = f" -> {path_text(pairs.json)}.{pairs.names[code]}" if code in pairs.names else ""
                    yield f"             {code:<8} {meaning}{name}"
                    yield from _note(rule.note if rule else "", " " * 22)
        for key in sorted(k for k in row.elements if k[0] == number):
            yield from _element(row.elements[key], row)


def _carried(rule: Any) -> Iterator[str]:
    """A carry rule in a sentence."""
    order = " or ".join(path_text(path) for path in rule.order) or (f'"{rule.value}"' if rule.value is not None else "")
    words = [f"  {rule.ref:<8} {rule.kind}", order, f"-> {path_text(rule.here)}" if rule.here else "", f"[{rule.source}]"]
    yield " ".join(word for word in words if word)
    if rule.setting:
        yield f"             with setting {rule.setting} {' or '.join(rule.chosen)}"
    yield from _note(rule.note, " " * 13)


def _element(e: Element, row: Row) -> Iterator[str]:
    length = f"{e.least}" if e.least == e.most else f"{e.least}/{e.most}"
    place = path_text((*row.json, *e.json)) if e.json else ("the name" if e.names else "")
    yield f"  {e.ref:<10} {'M' if e.mandatory else 'O'} {e.name} {e.type} {length}" + (f"  -> {place}" if place else "")
    for code, meaning in e.codes.items():
        name = f" -> {e.names[code]}" if code in e.names else ""
        yield f"             {code:<8} {meaning}{name}".rstrip()
    if e.need:
        yield f"             always sent: {', '.join(e.need)}"
    if e.only:
        yield f"             only with {row.segment}{e.only[0]:02d} {' or '.join(sorted(e.only[1]))}"
    if e.make:
        yield f"             computed: {' of '.join(e.make)}"
    if e.reckon or e.tree:
        yield f"             computed: {' '.join(e.reckon) or e.tree}"
    if e.default:
        yield f"             written when not given: {e.default}" + (f" (setting {e.setting})" if e.setting else "")
    if e.floor is not None:
        yield f"             at least {e.floor}"
    for rule in e.rules:
        yield f"             {_rule(rule, row)}"
    yield from _note(e.note, " " * 13)


def _rule(rule: Rule, row: Row) -> str:
    when = " and ".join(f"{row.segment}{n:02d} is {' or '.join(sorted(codes))}" for n, codes in rule.when)
    what = []
    if rule.use == "M":
        what.append("sent")
    if rule.codes:
        what.append(f"one of {', '.join(rule.codes)}")
    if rule.like:
        what.append(f"of the form {rule.like.pattern}")
    if rule.document:
        what.append(f"only with {path_text(rule.document[0])} {rule.document[1]}")
    return f"when {when}: {', '.join(what)}" + (f" ({rule.note})" if rule.note else "")


def _note(text: str, indent: str) -> list[str]:
    return wrap(text, 100, initial_indent=indent, subsequent_indent=indent) if text else []


def _use(mandatory: bool) -> str:
    return "mandatory" if mandatory else "optional"


def _most(most: int) -> str:
    return "no limit" if most == NO_LIMIT else f"max {most}"


_SYNTAX = {
    "P": "all of {} or none",
    "R": "at least one of {}",
    "E": "at most one of {}",
    "C": "the first of {} asks for the others",
    "L": "the first of {} asks for one of the others",
}
