"""What a table says, in sentences: rows, elements, values and carry rules go in, plain English comes out.

One place for the wording: the guide as text, as a page and as Markdown say the same. Nothing is laid out or judged here.
"""

from __future__ import annotations

from collections.abc import Iterator

from translator.tables.carryrule import SUMS, VALUED, CarryRule
from translator.tables.paths import Condition
from translator.tables.standard import Note
from translator.tables.table import NO_LIMIT, Element, Pairs, Row, Rule, Table, ValueRule, path_text

TYPES = {
    "AN": "text",
    "ID": "a code",
    "DT": "a date",
    "TM": "a time",
    "N0": "a whole number",
    "N2": "an amount; the last two digits are decimals",
    "R": "a decimal number",
    "C": "a composite",
}
_SYNTAX = {
    "P": "all of {} or none",
    "R": "at least one of {}",
    "E": "at most one of {}",
    "C": "{0} asks for {1}",
    "L": "{0} asks for one of {1}",
}
_CHECKS = {
    "upc": "the last digit is the check digit of a UPC",
    "ean13": "the last digit is the check digit of an EAN-13",
    "ean8": "the last digit is the check digit of an EAN-8",
    "isbn": "the last character is the check digit of an ISBN",
    "sscc": "the last digit is the check digit of an SSCC",
}
_CARRIED = {
    "same": "goes back as it came, character for character",
    "iff": "goes back exactly when the order has it, and then the same",
    "default": "is filled in when it is left out; another value is a warning",
    "pad": "goes back with zeros before it, {width} characters long",
    "without": "may not be {values}",
    "never": "no such document for such an order",
    "adds_up": "the quantities of a line come to what was ordered",
    "at_most": "the quantities of a line come to no more than was ordered",
}


# --- limits -------------------------------------------------------------------------------------------------------------


def use(mandatory: bool) -> str:
    """Requirement: mandatory or optional."""
    return "mandatory" if mandatory else "optional"


def most(limit: int) -> str:
    """How often."""
    return "no limit" if limit == NO_LIMIT else f"max {limit}"


def length(least: int, most: int) -> str:
    """Lengths as guides write them: 1/22, or 2."""
    return f"{least}" if least == most else f"{least}/{most}"


def syntax(note: Note, tag: str) -> str:
    """A syntax note of the standard."""
    refs = [f"{tag}{n:02d}" for n in note.numbers]
    if note.kind in "CL":
        return _SYNTAX[note.kind].format(refs[0], ", ".join(refs[1:]))
    return _SYNTAX[note.kind].format(", ".join(refs))


# --- rows ---------------------------------------------------------------------------------------------------------------


def of_row(row: Row, table: Table) -> Iterator[str]:
    """What holds for a segment as a whole. Syntax notes are left out that speak only of elements that the guide has not."""
    known = {number for number, _ in row.elements}
    known |= set(range(row.pairs.first, row.pairs.last + 1)) if row.pairs else set()
    for note in row.standard.notes:
        if not known.isdisjoint(note.numbers):
            yield syntax(note, row.segment)
    if row.expect:
        yield f"a warning when it is not there: {row.expect}"
    if row.key:
        yield f"told apart from others that begin alike by {row.segment}{row.key[0]:02d} {_either(row.key[1])}"
    if row.unless:
        yield f"not written where there is {path_text(row.unless)}"
    if row.given:
        yield f"written only where there is {path_text(row.given)}"
    if row.setting:
        value = table.settings.get(row.setting, "")
        yield f"{'read, and not written,' if row.mute else 'written'} with setting {row.setting} {value}".rstrip()


# --- elements -----------------------------------------------------------------------------------------------------------


def of_element(e: Element, row: Row) -> Iterator[str]:
    """What holds for an element beside requirement, type, length and codes; its note is not among it."""
    if e.need:
        yield f"always sent: {', '.join(e.need)}"
    if e.only:
        yield f"only with {row.segment}{e.only[0]:02d} {_either(e.only[1])}"
    if made := _computed(e):
        yield f"computed: {made}"
    if e.default:
        yield f"written when not given: {_default(e.default)}" + (f" (setting {e.setting})" if e.setting else "")
    elif e.constant:
        yield f"always {e.constant}"
    if e.prefix:
        yield f"{e.prefix} stands before it, and not in the JSON"
    if e.again:
        yield "says once more what another element says: read, and not written"
    if e.floor is not None:
        yield f"at least {e.floor}"
    if e.like:
        yield f"of the form {e.like.pattern}"
    if e.check:
        yield _CHECKS[e.check]
    if e.classify:
        yield f"its form is named {e.classify}"
    if e.agrees:
        yield f"what the form {e.agrees[0].pattern} takes out of it stands at {path_text(e.agrees[1])} too"
    if e.unique:
        yield "tells the lines of a set apart: twice is a warning"
    if e.once:
        yield "used once: what has it again is the same thing again"
    if e.expect:
        yield f"a warning when it is not there: {e.expect}"
    for rule in e.rules:
        yield of_rule(rule, row)


def of_rule(rule: Rule, row: Row) -> str:
    """A usage note that holds with certain codes."""
    when = " and ".join(f"{row.segment}{n:02d} is {_either(codes)}" for n, codes in rule.when)
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


def of_value(rule: ValueRule) -> Iterator[str]:
    """What a value under a qualifier must look like; its note is not among it."""
    if rule.like:
        yield f"of the form {rule.like.pattern}"
    if rule.check:
        yield _CHECKS[rule.check]
    if rule.agrees:
        yield f"what the form {rule.agrees[0].pattern} takes out of it is the value of {rule.agrees[1]} too"


def pair_ref(row: Row, number: int) -> str:
    """What people call a pair: PO106/07."""
    return f"{row.segment}{number:02d}/{number + 1:02d}"


def pair_use(pairs: Pairs, number: int) -> bool:
    """Whether the pair that begins with an element is mandatory."""
    return number < pairs.first + 2 * pairs.need


# --- carry rules --------------------------------------------------------------------------------------------------------


def of_carry(rule: CarryRule) -> str:
    """What a carry rule asks for, without the two places."""
    said = _CARRIED[rule.kind].format(width=rule.width, values=" or ".join(rule.values))
    if rule.names:
        said += f"; of the names {', '.join(rule.names)}"
    return said


def gives(rule: CarryRule) -> str:
    """What a carry rule does with a value of the order."""
    return "goes back" if rule.kind in VALUED else "is what the quantities there are held against"


def takes(rule: CarryRule) -> str:
    """What a carry rule does with a value of the answer."""
    if rule.kind == "without":
        return "depends on the order"
    if rule.kind in SUMS:
        return "is held against the order"
    return "comes from the order" if rule.order else "is filled in"


def carry_when(rule: CarryRule) -> Iterator[str]:
    """When a carry rule holds."""
    if rule.when:
        yield f"when the order has {_conditions(rule.when)}"
    if rule.unless:
        yield f"unless the order has {_conditions(rule.unless)}"
    if rule.changed:
        yield f"another value than the order's where the answer has {_conditions(rule.changed)}"
    if rule.setting:
        yield f"with setting {rule.setting} {' or '.join(rule.chosen)}"
    if rule.level:
        yield f"otherwise a finding of severity {rule.level}"


def carry_from(rule: CarryRule) -> str:
    """Where a carry rule takes the value from."""
    return " or ".join(path_text(path) for path in rule.order) or (f'"{rule.value}"' if rule.value is not None else "")


def _conditions(conditions: tuple[Condition, ...]) -> str:
    return " and ".join(one.text if one.codes else f"{one.text} at all" for one in conditions)


def _computed(e: Element) -> str:
    """What an element is worked out to be; nothing where it is not."""
    if e.make:
        kind, what = e.make
        return f"the number of segments {what}" if kind == "count" else f"the sum of {what}"
    if e.tree:
        return "its number in the tree" if e.tree == "number" else "the number of the level above it"
    if not e.reckon:
        return ""
    kind, *given = e.reckon
    if kind == "size":
        return f"how many of {given[0]} have {' or '.join(given[1:]) or 'anything'}"
    if kind == "sum":
        same = f", where they have the same {' and '.join(given[1:])}" if given[1:] else ""
        return f"the sum of {given[0].removeprefix('/')}{same}"
    if kind == "verdict":
        return f"what follows from {given[-1]}"
    return "what the levels of the tree are" if kind == "structure" else "the amount of all lines, with charges and allowances"


def _default(text: str) -> str:
    return "the moment of writing" if text == "now" else text


def _either(codes: frozenset[str]) -> str:
    return " or ".join(sorted(codes))
