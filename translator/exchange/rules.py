"""A partner's dated rules: in goes ``mappings/PARTNER/compliance.toml``, out come the rules in force on a day.

What is due when, what is looked at before a document goes out, and what a breach is charged. The head of the file explains
every key. Nothing is judged here: that is for ``deadlines`` and ``preflight``. Loading is strict, and errors name file and
row. What a charge comes to is an estimate: exact decimals, a rate times what is concerned, rounded once, to the cent, half a
cent up, and never less than the least.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import define

from translator import shipped
from translator.documents.derive import WINDOWS
from translator.errors import TableError
from translator.tables import partner as partners
from translator.tables.amounts import EXACT, plain
from translator.tables.standard import parsed
from translator.x12.numbers import decimal

DEADLINE, CHECK, CHARGE = "deadline", "check", "charge"
BY_DATES = tuple(kind for kind, _, _ in WINDOWS)  # due by the order's own dates
# Due so long after something, and what can start the clock of which.
TIMED = {
    "hand-over": ("handed over",),
    "acknowledgment": ("received",),
    "ship notice": ("received", "trailer closed", "shipped"),
    "invoice": ("received", "trailer closed", "shipped", "sent"),
    "receipt": ("sent",),
}
# What is looked at, and which key of the row says more: none, `value` or `values`.
CHECKS = {
    "case pack": "",
    "inner pack": "",
    "quantity": "",
    "whole cartons": "values",
    "barcode": "values",
    "bill of lading": "",
    "bill of lading form": "value",
    "ship date": "",
    "delivery date": "",
    "fill rate": "value",
    "cartons": "",
    "sscc": "",
}
CONFIDENCE = ("guide", "standard", "practice", "second-hand", "open")
SEVERITIES = ("error", "warning")
PER = ("carton", "cost")

_TOP = {"partner", "rule"}
_EVERY = {"id", "kind", "source", "as_of", "effective_from", "effective_until", "confidence", "note"}
KEYS = {
    DEADLINE: _EVERY | {"what", "after", "value", "charge", "applies_to"},
    CHECK: _EVERY | {"what", "value", "values", "severity", "charge", "applies_to"},
    CHARGE: _EVERY | {"rate", "per", "least", "currency"},
}
SCOPE = ("program", "delivery", "document")
_PLACES = ("direct", "other")  # deliveries that no row of derive.toml names
_SPAN = re.compile(r"([0-9]{1,4}) (min|h|d)")
_CENT = Decimal("0.01")


@define(eq=False, repr=False)
class Rule:
    """One row. Texts are "" and dates None where the row has no such key."""

    file: str
    id: str
    kind: str
    source: str
    as_of: datetime.date
    confidence: str
    effective_from: datetime.date | None = None
    effective_until: datetime.date | None = None
    note: str = ""
    what: str = ""
    after: str = ""
    value: str = ""
    values: tuple[str, ...] = ()
    severity: str = ""
    charge: str = ""
    applies_to: Mapping[str, tuple[str, ...]] = {}
    rate: Decimal = Decimal(0)
    per: str = ""
    least: Decimal = Decimal(0)
    currency: str = ""

    @property
    def place(self) -> str:
        """The row and its source, as a finding's ``rule``."""
        return f"{self.file}, {self.id}: {self.source}"

    def applies(self, **about: str) -> bool:
        """Whether it is for this ``program``, ``delivery`` and ``document``; what a row names and nobody says does not fit."""
        return all(about.get(name, "") in among for name, among in self.applies_to.items())

    def estimate(self, cartons: int | None = None, cost: Decimal | None = None) -> Decimal | None:
        """What a breach may come to: of so many cartons, or of goods of this cost. None where that is not known."""
        if self.kind != CHARGE or (many := cost if self.per == "cost" else cartons) is None:
            return None
        money = EXACT.multiply(self.rate, Decimal(many))
        money = EXACT.divide(money, Decimal(100)) if self.per == "cost" else money
        return max(EXACT.quantize(money, _CENT), EXACT.quantize(self.least, _CENT))

    def risk(self, cartons: int | None = None, cost: Decimal | None = None) -> str:
        """The estimate in a sentence, with rate, source and date."""
        rate = f"{plain(self.rate)} a carton" if self.per == "carton" else f"{plain(self.rate)} percent of the cost"
        words = [rate, f"at least {plain(self.least)}"] if self.least else [rate]
        said = f"{', '.join(words)}; {self.source}, {self.as_of}" + (", second-hand" if self.confidence == "second-hand" else "")
        money = self.estimate(cartons, cost)
        return f"risks a charge ({said})" if money is None else f"risks about {money:f} {self.currency} ({said})"


@define(eq=False, repr=False)
class Rules:
    """All rows of a partner, of every time, in the order of the file."""

    file: str
    rows: tuple[Rule, ...] = ()

    def on(self, day: datetime.date) -> Rules:
        """The rules in force on a day: of each id the row with the newest ``effective_from`` not after it, unless it has ended."""
        return _on(self, day)

    def of(self, kind: str, what: str = "") -> Iterator[Rule]:
        """The rows of a kind, in the order of the file; with ``what`` only these."""
        return (row for row in self.rows if row.kind == kind and what in ("", row.what))

    def charge(self, rule: Rule) -> Rule | None:
        """The row that says what a breach of a rule is charged; None where nothing is, or nobody says."""
        return next((row for row in self.of(CHARGE) if row.id == rule.charge), None)


@lru_cache(maxsize=512)
def _on(rules: Rules, day: datetime.date) -> Rules:
    newest: dict[str, Rule] = {}
    for row in rules.rows:
        other = newest.get(row.id)
        if _since(row) <= day and (other is None or _since(other) < _since(row)):
            newest[row.id] = row
    rows = (row for row in rules.rows if newest.get(row.id) is row)
    return Rules(rules.file, tuple(row for row in rows if row.effective_until is None or day <= row.effective_until))


def span(rule: Rule) -> tuple[int, datetime.timedelta]:
    """How long a deadline leaves: calendar days, and time besides. Both are nothing for the windows of an order."""
    found = _SPAN.fullmatch(rule.value)
    if found is None:
        return 0, datetime.timedelta()
    many = int(found[1])
    if found[2] == "d":
        return many, datetime.timedelta()
    return 0, datetime.timedelta(minutes=many) if found[2] == "min" else datetime.timedelta(hours=many)


def load(partner: str, mappings: Path | None = None) -> Rules:
    """The partner's rules; none where it has no such file. Raises ``TableError`` naming file and row."""
    return _load(partner, mappings)


def _since(row: Rule) -> datetime.date:
    return row.effective_from or datetime.date.min


@lru_cache(maxsize=8)
def _load(partner: str, mappings: Path | None) -> Rules:
    file = f"mappings/{partner}/compliance.toml"
    if file not in shipped.names("mappings", "compliance.toml", mappings):
        return Rules(file)
    raw = parsed(file, mappings)
    if set(raw) - _TOP or not isinstance(raw.get("rule", []), list) or not all(isinstance(r, dict) for r in raw.get("rule", [])):
        raise TableError(f"{file}: the keys are {', '.join(sorted(_TOP))}, and rules are rows, [[rule]]")
    if raw.get("partner") != partner:
        raise TableError(f'{file}: `partner` must be "{partner}", as the folder is named')
    known = _known(partner, mappings)
    rows = tuple(_Row(file, n, row).rule(known) for n, row in enumerate(raw.get("rule", []), 1))
    _agree(file, rows)
    return Rules(file, rows)


def _known(partner: str, mappings: Path | None) -> dict[str, tuple[str, ...]]:
    """What `applies_to` may name."""
    derive = f"mappings/{partner}/derive.toml"
    there = derive in shipped.names("mappings", "derive.toml", mappings)
    deliveries = parsed(derive, mappings).get("derive", {}).get("deliveries", []) if there else []
    programs = (one.name for one in partners.partner(partner, mappings).programs)
    return {
        "program": tuple(dict.fromkeys(programs)),
        "delivery": (*_PLACES, *(str(row.get("delivery")) for row in deliveries)),
        "document": partners.ANSWERS,
    }


def _agree(file: str, rows: tuple[Rule, ...]) -> None:
    """One id is one rule, once at a time, and a charge that is named is there."""
    seen: dict[str, tuple[str, str]] = {}
    times: set[tuple[str, datetime.date]] = set()
    charges = {row.id for row in rows if row.kind == CHARGE}
    for n, row in enumerate(rows, 1):
        where = f"{file}, [[rule]] row {n} ({row.id})"
        if seen.setdefault(row.id, (row.kind, row.what)) != (row.kind, row.what):
            raise TableError(f"{where}: another row of this id is of another kind; give it an id of its own")
        if (row.id, _since(row)) in times:
            raise TableError(f"{where}: another row of this id begins on the same day; of one id only one can be in force")
        if row.charge and row.charge not in charges:
            raise TableError(f"{where}: `charge` names {row.charge!r}, and there is no charge of that id")
        times.add((row.id, _since(row)))


class _Row:
    """One row under way into a ``Rule``; whatever is wrong with it is a ``TableError`` that names it."""

    def __init__(self, file: str, n: int, row: dict[str, Any]) -> None:
        self.file, self.row = file, row
        self.where = f"{file}, [[rule]] row {n}" + (f" ({row['id']})" if isinstance(row.get("id"), str) else "")

    def rule(self, known: Mapping[str, tuple[str, ...]]) -> Rule:
        kind = self.one_of("kind", tuple(KEYS))
        if strange := sorted(set(self.row) - KEYS[kind]):
            raise self.wrong(f"unknown key {strange[0]!r}; the keys of a {kind} are {', '.join(sorted(KEYS[kind]))}")
        more = {DEADLINE: self.deadline, CHECK: self.check, CHARGE: self.cost}[kind]()
        made = Rule(
            self.file,
            self.text("id"),
            kind,
            self.text("source"),
            self.date("as_of"),
            self.one_of("confidence", CONFIDENCE),
            self.date("effective_from") if "effective_from" in self.row else None,
            self.date("effective_until") if "effective_until" in self.row else None,
            self.text("note", ""),
            charge=self.text("charge", ""),
            applies_to=self.scope(known),
            **more,
        )
        if made.effective_until is not None and made.effective_until < _since(made):
            raise self.wrong("`effective_until` is before `effective_from`")
        return made

    def deadline(self) -> dict[str, Any]:
        what = self.one_of("what", (*TIMED, *BY_DATES))
        if what in BY_DATES:
            if {"after", "value"} & set(self.row):
                raise self.wrong(f"{what!r} is due by the order's own dates: it takes neither `after` nor `value`")
            return {"what": what}
        value = self.like("value", _SPAN, 'a number and "min", "h" or "d", as in "24 h"')
        return {"what": what, "after": self.one_of("after", TIMED[what]), "value": value}

    def check(self) -> dict[str, Any]:
        what = self.one_of("what", tuple(CHECKS))
        for key in ("value", "values"):
            if (key in self.row) != (CHECKS[what] == key):
                raise self.wrong(f"{what!r} {'needs' if CHECKS[what] == key else 'takes no'} `{key}`")
        made: dict[str, Any] = {"what": what, "severity": self.one_of("severity", SEVERITIES)}
        if what == "fill rate":
            made["value"] = plain(self.number("value"))
        elif "value" in self.row:
            made["value"] = self.pattern("value")
        if "values" in self.row:
            made["values"] = self.texts(self.row, "values")
        return made

    def cost(self) -> dict[str, Any]:
        least = self.number("least") if "least" in self.row else Decimal(0)
        currency = self.like("currency", re.compile("[A-Z]{3}"), 'three letters, as "USD"')
        return {"rate": self.number("rate"), "per": self.one_of("per", PER), "least": least, "currency": currency}

    def scope(self, known: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        raw = self.row.get("applies_to", {})
        if not isinstance(raw, dict) or set(raw) - set(SCOPE):
            raise self.wrong(f"`applies_to` is a table with {', '.join(SCOPE)}")
        found = {name: self.texts(raw, name) for name in raw}
        for name, words in found.items():
            if strange := [word for word in words if word not in known[name]]:
                raise self.wrong(f"`applies_to` names the {name} {strange[0]!r}; there are {', '.join(known[name])}")
        return found

    # --- small things ---------------------------------------------------------------------------------------------------

    def wrong(self, sentence: str) -> TableError:
        return TableError(f"{self.where}: {sentence}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.row.get(key, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.wrong(f"`{key}` is missing" if value is None else f"`{key}` must be a text, and not empty")
        return value

    def one_of(self, key: str, among: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in among:
            raise self.wrong(f"`{key}` is {value!r}; it may be {', '.join(among)}")
        return value

    def like(self, key: str, form: re.Pattern[str], words: str) -> str:
        value = self.text(key)
        if not form.fullmatch(value):
            raise self.wrong(f"`{key}` is {value!r}; expected {words}")
        return value

    def number(self, key: str) -> Decimal:
        found = decimal(self.text(key))
        if found is None or found < 0:
            raise self.wrong(f'`{key}` is {self.row[key]!r}; expected a number in quotation marks, as in "0.75"')
        return found

    def pattern(self, key: str) -> str:
        value = self.text(key)
        try:
            re.compile(value)
        except re.error as error:
            raise self.wrong(f"`{key}` is no regular expression: {error}") from error
        return value

    def date(self, key: str) -> datetime.date:
        value = self.row.get(key)
        if type(value) is not datetime.date:
            raise self.wrong(f"`{key}` is a day without quotation marks, as in 2025-05-04")
        return value

    def texts(self, holder: dict[str, Any], key: str) -> tuple[str, ...]:
        value = holder.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
            raise self.wrong(f"`{key}` must be a list of texts, and not empty")
        return tuple(value)
