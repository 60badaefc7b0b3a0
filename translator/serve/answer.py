"""An order answered by a form: an order and what was filled in go in; the form again comes out, or the X12 of the answer.

The form is the draft of the answer, as ``respond`` makes it from the order, with a field for what only the supplier knows. It is
made anew from the order every time: a name in what was sent is looked up among the fields that the draft has, and never followed.
What is wrong stands at its field, in words. Nothing is sent or kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.findings import ERROR, Finding
from translator.respond.acknowledgment import acknowledge
from translator.respond.draft import Draft
from translator.respond.invoice import bill
from translator.respond.missing import missing
from translator.respond.shipment import ship
from translator.respond.sscc import Serials
from translator.serve import asks
from translator.serve.asks import ASKS, Ask
from translator.serve.form import Field, Form, Row, Section
from translator.serve.offers import unfit
from translator.serve.places import holder_of, nearest, put
from translator.tables.carriers import carriers
from translator.tables.load import load
from translator.tables.partner import program
from translator.tables.standard import parsed
from translator.tables.table import Table, path_text
from translator.walk.answer import REFUSALS, answer
from translator.walk.outward import write
from translator.x12.numbers import decimal, integer

Json = dict[str, Any]
Given = Mapping[str, str]

NAMES = {"acknowledgment": "acknowledgment", "shipment": "ship notice", "invoice": "invoice"}  # as people say
MOST_CARTONS = 200  # that have fields of their own


def form(
    order: Json,
    kind: str,
    given: Given | None = None,
    *,
    agreed: str = "",
    mappings: Path | None = None,
    now: datetime.datetime,
    finish: bool = True,
) -> Form:
    """The form of an answer: as the draft has it, or with what was ``given``; with ``finish`` it is judged, and written.

    ``agreed`` names a program of the partner instead of the one that the order belongs to. Raises ``TableError``.
    """
    made = Form(order, kind, agreed)
    if problem := unfit(order, kind, agreed, mappings):
        made.refused.append(problem)
        return made
    return _Work(made, given, mappings, now).work(finish=finish and given is not None)


@define(eq=False)
class _Work:
    """A form under way. ``rest`` is the order as far as it is answered: with the quantities that were filled in."""

    form: Form
    given: Given | None
    mappings: Path | None
    now: datetime.datetime
    rules: Json = field(init=False)
    table: Table = field(init=False)
    found: list[Finding] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        order, kind = self.form.order, self.form.kind
        self.rules = parsed(f"mappings/{order['partner']}/derive.toml", self.mappings)
        chosen = program(order, self.mappings, self.form.program or None)
        assert chosen is not None
        self.table = load(chosen.tables[kind], self.mappings)
        self.form.set_id = self.table.set_id

    def work(self, *, finish: bool) -> Form:
        made, kind = self.form, self.form.kind
        asked = [self.field(ask, ask.path) for ask in ASKS[kind]]
        lines = Section("Lines", _LINES[kind])
        document, said = self.draft(lines)
        self.found += said
        if any(one.code in _NEVER for one in said):
            made.refused += [_said(one) for one in said if one.severity == ERROR]
            return made
        made.sections = [Section(f"The {NAMES[kind]}", fields=asked), lines]
        if kind == "shipment":
            made.sections.append(self.cartons(document or {}))
        made.sections.append(Section("Sending", fields=[self.field(asks.CONTROL, "control"), self.usage()]))
        if document is None:
            made.errors += [_said(one) for one in said if one.severity == ERROR]
            return made
        self.mark(document)
        self.fill(document)
        self.unasked(self.completed(document))
        if finish:
            self.fill(document)
            self.judge(document)
        return made

    def fill(self, document: Json) -> None:
        """Put what stands in the fields into the document."""
        for name, one in self.form.fields.items():
            if name not in _OWN and not name.startswith("order."):
                put(document, name, one.value)

    # --- the draft ----------------------------------------------------------------------------------------------------

    def draft(self, lines: Section) -> Draft:
        """The draft by the quantities of the form, whose rows go into ``lines``."""
        order = self.form.order
        if self.form.kind == "acknowledgment":
            document, said = acknowledge(order, self.rules, now=self.now)
            if document is not None:
                lines.rows = [self.answered(n, line) for n, line in enumerate(order["lines"])]
                for n, row in enumerate(lines.rows):  # a second answer has its place, to be filled or taken away
                    document["orders"][0]["lines"][n]["answers"] = [{}, {}] if row else []
            return document, said
        part = deepcopy(order)
        kept = []
        for n, line in enumerate(part.get("lines") or []):
            row = self.counted(n, line)
            lines.rows.append(row)
            for one in row.fields:
                line.pop(name := one.name.rpartition(".")[2], None)
                line |= {name: one.value} if one.value else {}
            if row.fields[0].errors or decimal(row.fields[0].value):
                kept.append(line)
        part["lines"] = kept
        if any(one.errors for one in lines.all):
            return None, []
        if not kept and order.get("lines"):
            lines.rows[0].fields[0].errors.append("Give a quantity for one line at least.")
            return None, []
        if self.form.kind == "invoice":
            return bill(part, self.rules)
        serials = self.serials()
        document, said = ship(part, self.rules, serials=serials, loose=self.text("loose") == "yes")
        if document is not None:
            self.form.next_serial = serials.next if serials else None
            for pack in document["orders"][0]["packs"]:
                for item in pack["items"]:  # of a unit that says nothing of cartons: all of the line is in its one pack
                    item.setdefault("quantity", next(one["quantity"] for one in kept if one.get("line") == item.get("line")))
        return document, said

    def serials(self) -> Serials | None:
        prefix, serial = self.text("gs1_prefix"), self.text("serial")
        if not prefix and not serial:
            return None
        try:
            return Serials(prefix, serial, self.rules.get("derive", {}).get("sscc", {}).get("extension", "0"))
        except ValueError:
            return None  # said at its field

    def completed(self, document: Json) -> Json:
        """What the order adds: for what is missing, and to say what is in a carton."""
        return answer(document, [self.form.order], program=self.form.program or None, mappings=self.mappings).document

    # --- fields -------------------------------------------------------------------------------------------------------

    def text(self, name: str, default: str = "") -> str:
        """What was filled in; before that, or where there was no such field, the default."""
        return default if self.given is None else self.given.get(name, default).strip()

    def field(self, ask: Ask, name: str, default: str = "", choices: Mapping[str, str] | None = None) -> Field:
        """A field, with its choices: those given, or the codes that the table has at its place."""
        usual = f"{self.now:%Y-%m-%d}" if ask.today else default
        if ask.path == "carrier.reference_type":
            usual = next(iter(self.rules.get("derive", {}).get("carrier_references", {}).values()), "")
        one = Field(name, ask.label, ask.help, ask.kind, self.text(name, usual), dict(choices or {}))
        if ask.kind == asks.CARRIER:
            one.choices = {"": "—"} | self.carriers()
        elif ask.kind == asks.CODES and choices is None:
            one.choices = {"": "—"} | self.codes(ask.path)
        if one.choices and one.value not in one.choices:
            one.value = ""
        if ask.kind == asks.NUMBER and one.value and decimal(one.value) is None:
            one.errors.append("Give a number: digits, perhaps with a decimal point, as in 12 or 7.5.")
        if ask.kind == asks.DATE and one.value and not _day(one.value):
            one.errors.append(f"Give a day of the calendar, as in {self.now:%Y-%m-%d}.")
        return one

    def usage(self) -> Field:
        return self.field(asks.USAGE, "usage", "T", asks.USAGES)

    def carriers(self) -> dict[str, str]:
        known = {one.name: one for one in carriers(self.table.partner, self.mappings).values()}
        return {name: name if "scac" in one.codes else f"{name} (give its code below)" for name, one in sorted(known.items())}

    def codes(self, path: str, inside: str = "") -> dict[str, str]:
        """The codes of the element that goes to this place, with their meanings; ``inside``: of rows that make such objects."""
        for row in self.table.rows():
            for e in row.elements.values():
                if e.codes and e.json and path_text(e.json) == path and path_text(row.json) == inside:
                    return {code: f"{meaning} ({code})" if meaning else code for code, meaning in e.codes.items()}
        return {}

    def answered(self, n: int, line: Json) -> Row:
        """The fields of a line of an acknowledgment: what becomes of it, and of another part of it."""
        place = f"orders[0].lines[{n}].answers"
        usual = str(self.rules.get("derive", {}).get("answers", {}).get("accepted", ""))
        known = self.codes("status", "answers[]")
        known = {code: known[code] for code in (usual, *known) if code in known}
        row = _row(line, [], "ordered")
        for k, into in ((0, row.fields), (1, row.more)):
            for ask in asks.ANSWER:
                choices = None if ask.path != "status" else known if k == 0 else {"": "—"} | known
                default = {"status": usual, "quantity": str(line.get("quantity", ""))}.get(ask.path, "") if k == 0 else ""
                into.append(self.field(ask, f"{place}[{k}].{ask.path}", default, choices))
        return row

    def counted(self, n: int, line: Json) -> Row:
        """The fields of a line that is shipped or billed; they are about the order's line."""
        rows = asks.SHIPPED if self.form.kind == "shipment" else asks.BILLED
        row = _row(line, [self.field(ask, f"order.lines[{n}].{ask.path}", str(line.get(ask.path, ""))) for ask in rows], "ordered")
        quantity = row.fields[0]
        if not quantity.errors and (said := decimal(quantity.value or "0")) is not None and said < 0:
            quantity.errors.append("A quantity cannot be less than 0. 0 leaves the line out.")
        return row

    def cartons(self, document: Json) -> Section:
        """The cartons that follow from the quantities, and how they are numbered."""
        made = Section("Cartons", "Packed by the case pack of each line.", "Count the cartons again")
        made.fields = [self.field(ask, ask.path) for ask in (asks.PREFIX, asks.SERIAL, asks.LOOSE)]
        packs = [] if self.text("loose") == "yes" or not document else document["orders"][0]["packs"]
        if len(packs) > MOST_CARTONS:
            made.help = f"{len(packs)} cartons. A form has no room for their tracking numbers; their labels are numbered."
            packs = []
        made.fields.append(Field("cartons", "", kind="hidden", value=str(len(packs))))
        before = (self.given or {}).get("cartons", str(len(packs)))
        if before != str(len(packs)) and self.filled("orders[0].packs["):
            self.form.errors.append("The quantities changed, and with them the cartons: look at the cartons again.")
        for n, pack in enumerate(packs):
            words = [f"{one.get('quantity', '?')} {one.get('unit', '')} of line {one.get('line', '?')}" for one in pack["items"]]
            fields = [self.field(ask, f"orders[0].packs[{n}].{ask.path}") for ask in asks.CARTON]
            if "sscc" in pack:
                words.append(f"SSCC {pack['sscc']}")
                fields = fields[1:]
            made.rows.append(Row(f"Carton {n + 1}", words, fields))
        return made

    def filled(self, begin: str) -> bool:
        return any(value.strip() for name, value in (self.given or {}).items() if name.startswith(begin))

    def mark(self, document: Json) -> None:
        """Mark the fields that a draft needs, where no other field would do instead."""
        fields = self.form.fields
        fields["control"].needed = True
        for lack in missing(self.completed(document), self.rules):
            if lack.path in fields and "[" not in lack.path:
                fields[lack.path].needed = True

    def unasked(self, document: Json) -> None:
        """Fields for what is missing, that no other field gives."""
        section = Section("Also needed")
        known = self.form.fields
        for lack in missing(document, self.rules, loose=self.text("loose") == "yes"):
            ways = lack.path.split(" or ")
            if not any(nearest(way, known) for way in ways):
                section.fields.append(self.field(Ask(ways[0], lack.words[:1].upper() + lack.words[1:]), ways[0]))
        if section.fields:
            self.form.sections.insert(-1, section)

    # --- judging ------------------------------------------------------------------------------------------------------

    def judge(self, document: Json) -> None:
        """Say what is wrong at its field, or write the answer."""
        made, fields = self.form, self.form.fields
        if made.kind == "acknowledgment":
            _tidied(document)
        self.numbering(fields)
        for lack in missing(self.completed(document), self.rules, loose=self.text("loose") == "yes"):
            spots = [spot for way in lack.path.split(" or ") if (spot := nearest(way, fields))]
            if spots:  # of several that would do, the first on the form
                first = min(spots, key=list(fields.values()).index)
                if not first.errors:
                    first.errors.append(_UNLABELLED if first.name == "gs1_prefix" else f"Please fill this in: {lack.words}.")
        if made.errors or made.faults:
            return
        writing = write(
            document, orders=[made.order], usage=fields["usage"].value or None, program=made.program or None,
            control=made.control, now=self.now, mappings=self.mappings,
        )  # fmt: skip
        for said in [*self.found, *writing.findings]:
            at = self.spot(said, document, fields)
            words = _said(said, at.title if at else None)
            if said.severity != ERROR:
                made.warnings.append(words if at is None or at.title in words else f"{at.title}: {words}")
            elif at is not None:
                at.errors.append(words)
            else:
                made.errors.append(words)
        made.warnings = list(dict.fromkeys(made.warnings))
        if writing.ok and not made.faults and not made.errors:
            made.data = writing.data

    def numbering(self, fields: dict[str, Field]) -> None:
        """The numbers that the form itself takes: of the interchange, and of labels."""
        control = fields["control"]
        number = integer(control.value, 9) if control.value else None
        if number is None or number < 1:
            control.errors = ["Give a number from 1 to 999999999: one more than the last one that you sent."]
        else:
            self.form.control = number
        if "serial" not in fields or not (prefix := fields["gs1_prefix"].value) + fields["serial"].value:
            return
        if not prefix or not fields["serial"].value:
            name = "serial" if prefix else "gs1_prefix"
            fields[name].errors.append("Prefix and first serial number come together: give both, or none.")
            return
        try:
            Serials(prefix, fields["serial"].value)
        except ValueError as error:
            fields["gs1_prefix" if "prefix:" in str(error) else "serial"].errors.append(str(error))

    def spot(self, one: Finding, document: Json, fields: dict[str, Field]) -> Field | None:
        """The field that a finding speaks of."""
        path = (one.path or "").split(" or ")[0]
        if found := nearest(path, fields):
            return found
        holder, name = holder_of(document, path), path.rpartition(".")[2]
        if isinstance(holder, dict) and "line" in holder:
            lines = self.form.order["lines"]
            n = next((n for n, line in enumerate(lines) if line.get("line") == holder["line"]), None)
            return fields.get(f"order.lines[{n}].{name}")
        return None


_LINES = {
    "acknowledgment": "Each line is accepted as ordered, unless you say otherwise. Its quantities add up to what was ordered.",
    "shipment": "All of it, unless you say less. 0 leaves a line out.",
    "invoice": "All that was ordered, unless you say less. 0 leaves a line out. The total is worked out.",
}
_UNLABELLED = (
    "Each carton needs a label: give your prefix and the first serial number here, or an SSCC or a tracking number at each carton. "
    "Goods without cartons need none."
)
_NEVER = REFUSALS | {"order-empty", "line-repeated"}  # whatever is filled in, there is no answer
_OWN = frozenset({"control", "usage", "gs1_prefix", "serial", "loose", "cartons"})


def _row(line: Json, fields: list[Field], word: str) -> Row:
    about = [each.get("text", "") for each in line.get("descriptions") or [] if isinstance(each, dict)]
    ids = [f"{name.replace('_', ' ').upper()} {value}" for name, value in (line.get("ids") or {}).items()]
    amount = f"{line.get('quantity', '?')} {line.get('unit', '')} {word}".replace("  ", " ")
    price = [f"at {line['price']}"] if line.get("price") else []
    notes = [" ".join([amount, *price]), ", ".join(filter(None, about)), ", ".join(ids)]
    return Row(f"Line {line.get('line', '?')}", [note for note in notes if note], fields)


def _said(one: Finding, label: str | None = None) -> str:
    """A finding in words, with the field's own name for the place; what to do, where it is not just to mend the field."""
    if label is None:
        return f"{one.sentence} {one.cure}"
    told = one.having(path=label, ref=label)
    return told.sentence if one.written else f"{told.sentence} {told.cure}"


def _day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _tidied(document: Json) -> None:
    """No second answer where none was given; each in the unit of its line."""
    for line in document["orders"][0]["lines"]:
        line["answers"] = [one | {"unit": line["unit"]} if "unit" in line else one for one in line["answers"] if one]
