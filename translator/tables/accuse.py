"""Why a segment breaks its row: a row and the elements of a segment in, accusations out. This is the authority.

The fast path may only say yes; whoever wants to know what is wrong asks here. One segment is judged at a time: order,
counts and missing segments are the reader's matter, and so is everything that needs two segments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from translator.tables.checks import right_digit
from translator.tables.standard import Note, Piece
from translator.tables.table import Element, Pairs, Row, Rule, ValueRule
from translator.x12.elements import breaches, to_json
from translator.x12.numbers import decimal


class Say(Protocol):
    """Takes one accusation: a code of the catalogue, and which element, value and expectation it speaks of."""

    def __call__(
        self, code: str, *, ref: str | None = None, value: str | None = None, expected: str | None = None, level: str | None = None
    ) -> None: ...


def accuse(row: Row, values: list[str], component: str, say: Say, forms: Callable[[str, str], str | None]) -> None:
    """Judge a segment (``values[0]`` is its tag) by its row.

    ``component`` is the component separator, ``forms(list, text)`` answers the names of the forms when none fits.
    """
    tag, standard = row.segment, row.standard
    if len(values) == 1:
        say("element-empty")
    elif not values[-1]:
        say("element-trailing")
    if len(values) - 1 > len(standard.elements):
        say("element-many", value=values[len(standard.elements) + 1], expected=str(len(standard.elements)))
    pairs = row.pairs
    reach = max(len(values) - 1, row.reach)  # what comes after is neither there nor missed
    for number, piece in enumerate(standard.elements[:reach], 1):
        value = values[number] if number < len(values) else ""
        ref = f"{tag}{number:02d}"
        if piece.components:
            _composite(row, number, piece, value, component, say)
            continue
        element = row.elements.get((number, 0))
        if not value:
            if (element.mandatory if element else piece.mandatory) or _needed(pairs, number):
                level = element.level if element and not piece.mandatory else None  # a guide never softens what X12 asks for
                say("element-missing", ref=ref, expected=piece.name, level=level)
            elif element and element.expect:
                say("usage-missing", ref=ref, expected=element.expect)
            continue
        in_pair = pairs is not None and pairs.first <= number <= pairs.last
        if component in value:
            say("element-components", ref=ref, value=value)
            continue
        if element is None and not in_pair:
            say("element-unmapped", ref=ref, value=value)
        least, most = (element.least, element.most) if element else (piece.least, piece.most)
        wrong = breaches(piece.type, least, most, value)
        for code, expected in wrong:
            say(code, ref=ref, value=value, expected=expected)
        if any(code not in ("element-foreign", "element-long", "element-short") for code, _ in wrong):
            continue
        if element and not value.startswith(element.prefix):
            say("usage-form", ref=ref, value=value, expected=element.note or f"{element.prefix} before it", level=element.level)
        elif element:
            _element(element, values, value.removeprefix(element.prefix), say, forms)
        elif in_pair and pairs and (number - pairs.first) % 2 == 0 and value not in pairs.codes:
            say("element-code", ref=ref, value=value, expected=listed(pairs.codes))
    for note in standard.notes:
        _syntax(tag, note, values, say, row)
    if pairs:
        _pairs(tag, pairs, values, say)
    for element in row.elements.values():
        for rule in element.rules:
            _rule(element, rule, values, say)


def listed(codes: dict[str, str] | tuple[str, ...]) -> str:
    """Codes for people: ``00, 06``, cut after a dozen."""
    words = list(codes)
    return ", ".join(words[:12]) + (f" and {len(words) - 12} more" if len(words) > 12 else "")


def _element(e: Element, values: list[str], value: str, say: Say, forms: Callable[[str, str], str | None]) -> None:
    if e.codes and value not in e.codes:
        say("element-code", ref=e.ref, value=value, expected=listed(e.codes), level=e.level)
    if e.only and _at(values, e.only[0]) not in e.only[1]:
        expected = f"{e.ref[:-2]}{e.only[0]:02d} {' or '.join(sorted(e.only[1]))}"
        say("usage-only", ref=e.ref, value=value, expected=expected, level=e.level)
    if e.like and not e.like.fullmatch(value):
        say("usage-form", ref=e.ref, value=value, expected=e.note or f"the form {e.like.pattern}", level=e.level)
    if e.floor is not None and (amount := decimal(str(to_json(e.type, value)))) is not None and amount < e.floor:
        say("amount-small", ref=e.ref, value=str(amount), expected=str(e.floor), level=e.level)
    if e.check and (right := right_digit(e.check, value)):
        say("check-digit", ref=e.ref, value=value, expected=right, level=e.level)
    if e.classify and (known := forms(e.classify, value)):
        say("form-unknown", ref=e.ref, value=value, expected=known, level=e.level)


def _composite(row: Row, number: int, piece: Piece, value: str, separator: str, say: Say) -> None:
    parts = value.split(separator) if value else []
    ref = f"{row.segment}{number:02d}"
    if value and not any(key[0] == number for key in row.elements):
        say("element-unmapped", ref=ref, value=value)
    if len(parts) > len(piece.components):
        say("element-many", ref=ref, value=value, expected=str(len(piece.components)))
    for n, part in enumerate(piece.components, 1):
        text = parts[n - 1] if n <= len(parts) else ""
        element = row.elements.get((number, n))
        name = f"{ref}-{n:02d}"
        if not text:
            # A component is asked for when its composite is there, or when the guide asks for the composite itself.
            if (value and part.mandatory) or (element and element.mandatory):
                say("element-missing", ref=name, expected=part.name)
            continue
        if element is None and any(key[0] == number for key in row.elements):
            say("element-unmapped", ref=name, value=text)
        for code, expected in breaches(part.type, part.least, part.most, text):
            say(code, ref=name, value=text, expected=expected)
        if element and element.codes and text not in element.codes:
            say("element-code", ref=name, value=text, expected=listed(element.codes), level=element.level)
    if len(parts) > 1 and not parts[-1]:
        say("element-trailing", ref=ref)


def _syntax(tag: str, note: Note, values: list[str], say: Say, row: Row) -> None:
    """One syntax note (X12.6, 3.4.6.1): P all or none, R one at least, E one at most, C first then all, L first then one."""
    there = [n for n in note.numbers if n < len(values) and values[n]]
    if (not there and note.kind != "R") or (len(there) == len(note.numbers) and note.kind != "E"):
        return
    words = _refs(tag, note.numbers)
    if note.kind == "P" and there and len(there) < len(note.numbers):
        for n in note.numbers:
            if n not in there:
                say("syntax-paired", ref=f"{tag}{n:02d}", expected=words)
    elif note.kind == "R" and not there:
        say("syntax-required", expected=words)
    elif note.kind == "E" and len(there) > 1:
        say("syntax-exclusive", expected=words)
    elif note.kind == "C" and note.numbers[0] in there:
        for n in note.numbers[1:]:
            if n not in there:
                called = row.elements.get((n, 0))
                expected = f"{tag}{note.numbers[0]:02d} calls for it"
                say("syntax-conditional", ref=f"{tag}{n:02d}", expected=expected, level=called.level if called else None)
    elif note.kind == "L" and there == [note.numbers[0]]:
        say(
            "syntax-list",
            ref=f"{tag}{note.numbers[0]:02d}",
            expected=f"{tag}{there[0]:02d} calls for one of {_refs(tag, note.numbers[1:])}",
        )


def _pairs(tag: str, pairs: Pairs, values: list[str], say: Say) -> None:
    found: dict[str, tuple[str, str]] = {}
    for n in range(pairs.first, pairs.last, 2):
        qualifier, value = _at(values, n), _at(values, n + 1)
        ref = f"{tag}{n + 1:02d}"
        if not qualifier or not value:
            continue
        if pairs.names and qualifier in found:
            say("place-taken", ref=ref, value=value)
        found.setdefault(qualifier, (ref, value))
        if rule := pairs.values.get(qualifier):
            _value(rule, ref, value, say)
    for qualifier, (ref, value) in found.items():
        rule = pairs.values.get(qualifier)
        if not rule or not rule.agrees:
            continue
        form, other = rule.agrees[0].fullmatch(value), found.get(rule.agrees[1])
        if form and other and form[1] != other[1]:
            say("values-disagree", ref=ref, value=value, expected=f"{other[0]} {other[1]}")


def _value(rule: ValueRule, ref: str, value: str, say: Say) -> None:
    if rule.like and not rule.like.fullmatch(value):
        say("usage-form", ref=ref, value=value, expected=rule.note or f"the form {rule.like.pattern}")
    elif rule.check and (right := right_digit(rule.check, value)):
        say("check-digit", ref=ref, value=value, expected=right)


def _rule(e: Element, rule: Rule, values: list[str], say: Say) -> None:
    if not all(_at(values, n) in codes for n, codes in rule.when):
        return
    value = _at(values, e.number)
    if not value:
        if rule.use == "M":
            say("usage-missing", ref=e.ref, expected=rule.note or e.name, level=e.level)
    elif rule.codes and value not in rule.codes:
        say("usage-code", ref=e.ref, value=value, expected=listed(rule.codes), level=e.level)
    elif rule.like and not rule.like.fullmatch(value):
        say("usage-form", ref=e.ref, value=value, expected=rule.note or f"the form {rule.like.pattern}", level=e.level)


def _needed(pairs: Pairs | None, number: int) -> bool:
    return pairs is not None and pairs.first <= number < pairs.first + 2 * pairs.need


def _refs(tag: str, numbers: tuple[int, ...]) -> str:
    return ", ".join(f"{tag}{n:02d}" for n in numbers)


def _at(values: list[str], number: int) -> str:
    return values[number] if number < len(values) else ""
