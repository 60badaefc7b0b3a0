"""A table in reading form: in goes a loaded table, out comes its guide as plain text. Nothing is judged.

Also the shelf: which tables there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Any

from translator import shipped
from translator.tables import words
from translator.tables.standard import parsed
from translator.tables.table import Element, Loop, Row, Table, path_text


def shelf(mappings: Path | None = None) -> list[tuple[str, str]]:
    """Every mapping file, as (name without ending, kind: guide, partner, standard, columns, fields, api, rules)."""
    found = []
    for file in shipped.names("mappings", ".toml", mappings):
        raw = parsed(file, mappings)
        if "segments" in raw:
            kind = "standard"
        elif "guides" in raw or "bodies" in raw:
            kind = "partner"
        elif "field" in raw or "request" in raw:
            kind = "fields"
        elif "calls" in raw:
            kind = "api"
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
        lines += ["", *_row(row, table)]
    if table.carry:
        lines += ["", "What goes back as it came", "", *(line for rule in table.carry for line in _carried(rule))]
    return "\n".join(lines)


def _overview(loop: Loop, depth: int) -> Iterator[str]:
    for item in loop.items:
        if isinstance(item, Loop):
            yield f"{'  ' * depth}{item.name} loop: {item.title} ({words.use(item.mandatory)}, {words.most(item.most)})"
            yield from _overview(item, depth + 1)
        else:
            limits = f"({words.use(item.mandatory)}, {words.most(item.most)})"
            yield f"{'  ' * depth}{item.pos or '   '} {item.segment:<4}{item.standard.name} {limits}"


def _row(row: Row, table: Table) -> Iterator[str]:
    loop = f", loop {row.loop}" if row.loop else ""
    place = " ".join(filter(None, (row.area, row.pos)))
    yield f"{row.segment} {row.standard.name}: {place}{loop}, {words.use(row.mandatory)}, {words.most(row.most)}"
    yield from _note(row.note, "  ")
    for sentence in words.of_row(row, table):
        yield f"  {sentence}"
    pairs = row.pairs
    for number in range(1, len(row.standard.elements) + 1):
        if pairs and pairs.first <= number < pairs.last and (number - pairs.first) % 2 == 0:
            ref = f"{row.segment}{number:02d}/{number + 1:02d}"
            yield f"  {ref:<10} {'M' if words.pair_use(pairs, number) else 'O'} qualifier and value  -> {path_text(pairs.json)}"
            if number == pairs.first:
                for code, meaning in pairs.codes.items():
                    rule = pairs.values.get(code)
                    name = f" -> {path_text(pairs.json)}.{pairs.names[code]}" if code in pairs.names else ""
                    yield f"             {code:<8} {meaning}{name}"
                    yield from (f"{'':22}{sentence}" for sentence in (words.of_value(rule) if rule else ()))
                    yield from _note(rule.note if rule else "", " " * 22)
        for key in sorted(k for k in row.elements if k[0] == number):
            yield from _element(row.elements[key], row)


def _carried(rule: Any) -> Iterator[str]:
    """A carry rule in a sentence."""
    where = [words.carry_from(rule), f"-> {path_text(rule.here)}" if rule.here else "", f"[{rule.source}]"]
    yield " ".join(word for word in (f"  {rule.ref:<8} {rule.kind}", *where) if word)
    for sentence in (words.of_carry(rule), *words.carry_when(rule)):
        yield f"             {sentence}"
    yield from _note(rule.note, " " * 13)


def _element(e: Element, row: Row) -> Iterator[str]:
    place = path_text((*row.json, *e.json)) if e.json else ("the name" if e.names else "")
    about = f"{'M' if e.mandatory else 'O'} {e.name} {e.type} {words.length(e.least, e.most)}"
    yield f"  {e.ref:<10} {about}" + (f"  -> {place}" if place else "")
    for code, meaning in e.codes.items():
        name = f" -> {e.names[code]}" if code in e.names else ""
        yield f"             {code:<8} {meaning}{name}".rstrip()
    for sentence in words.of_element(e, row):
        yield f"             {sentence}"
    yield from _note(e.note, " " * 13)


def _note(text: str, indent: str) -> list[str]:
    return wrap(text, 100, initial_indent=indent, subsequent_indent=indent) if text else []
