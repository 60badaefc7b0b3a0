"""Which findings a table can bring: a row, a loop or an element goes in, codes of the catalogue come out.

What can be wrong with every segment and element, whatever a table says of it (strange characters, blanks, order), is
``ANYWHERE``. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator

from translator.tables.carryrule import VALUED, CarryRule
from translator.tables.table import NO_LIMIT, Element, Loop, Pairs, Row, Table

ANYWHERE = (
    "element-character", "element-foreign", "element-components", "element-empty", "element-many", "element-trailing",
    "element-unmapped", "segment-order", "segment-unmapped", "segment-unknown", "segment-foreign",
)  # fmt: skip
_TYPES = {"DT": "element-date", "TM": "element-time", "R": "element-number", "N0": "element-number", "N2": "element-number"}
_SYNTAX = {
    "P": "syntax-paired",
    "R": "syntax-required",
    "E": "syntax-exclusive",
    "C": "syntax-conditional",
    "L": "syntax-list",
}
_CARRIED = {"never": "order-blocked", "without": "carry-extra", "adds_up": "quantity-differs", "at_most": "quantity-over"}


def of_table(table: Table) -> Iterator[str]:
    """What a document as a whole can bring."""
    if table.wanted:
        yield "value-expected"
    if table.tree:
        yield from ("tree-empty", "pack-unlabeled", "sscc-invalid", "sscc-repeated")
    if any(e.reckon[0] == "amount" for _, _, e in table.reckonings):
        yield from ("invoice-negative", "invoice-credit", "price-basis-unfit")


def of_loop(loop: Loop) -> Iterator[str]:
    """What a loop can bring."""
    if loop.mandatory:
        yield "loop-missing"
    if loop.most != NO_LIMIT:
        yield "loop-repeated"
    if loop.trigger.key:
        yield "loop-unknown"


def of_row(row: Row) -> Iterator[str]:
    """What a segment as a whole can bring."""
    if row.mandatory:
        yield "segment-missing"
    if row.expect:
        yield "segment-expected"
    if row.most != NO_LIMIT:
        yield "segment-repeated"
    if row.loop:
        yield "segment-stray"
    yield from dict.fromkeys(_SYNTAX[note.kind] for note in row.standard.notes)


def of_element(e: Element) -> Iterator[str]:
    """What an element can bring, each code once."""
    yield from dict.fromkeys(code for code, able in _element(e) if able)


def _element(e: Element) -> Iterator[tuple[str, object]]:
    yield "element-missing", e.mandatory
    yield _TYPES.get(e.type, ""), e.type in _TYPES
    yield "element-short", e.least > 1
    yield "element-long", True
    yield "element-code", e.codes
    yield "qualifier-expected", e.need
    yield "place-taken", e.names or (e.json and not e.again)
    yield "usage-only", e.only or any(rule.document for rule in e.rules)
    yield "usage-missing", e.expect or any(rule.use == "M" for rule in e.rules)
    yield "usage-code", any(rule.codes for rule in e.rules)
    yield "usage-form", e.like or e.prefix or any(rule.like for rule in e.rules)
    yield "check-digit", e.check
    yield "form-unknown", e.classify
    yield "values-disagree", e.agrees or e.again
    yield "value-repeated", e.unique
    yield "value-twice", e.once
    yield "amount-small", e.floor is not None
    yield "total-differs", e.make or e.reckon
    yield "tree-number", e.tree == "number"
    yield "tree-parent", e.tree == "parent"
    yield "tree-level", e.tree == "parent"


def of_pairs(pairs: Pairs, number: int) -> Iterator[str]:
    """What a pair of qualifier and value that begins with an element can bring."""
    rules = pairs.values.values()
    if number < pairs.first + 2 * pairs.need:
        yield "element-missing"
    yield from ("element-code", "element-short", "element-long")
    if pairs.names:
        yield "place-taken"
    if any(rule.like for rule in rules):
        yield "usage-form"
    if any(rule.check for rule in rules):
        yield "check-digit"
    if any(rule.agrees for rule in rules):
        yield "values-disagree"


def of_carry(rule: CarryRule) -> Iterator[str]:
    """What a carry rule can bring."""
    if rule.kind in _CARRIED:
        yield _CARRIED[rule.kind]
    elif rule.kind in VALUED:
        yield from ("carry-missing", "carry-default" if rule.kind == "default" else "carry-differs", "carry-ambiguous")
        if rule.kind == "iff":
            yield "carry-extra"
