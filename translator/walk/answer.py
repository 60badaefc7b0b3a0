"""An ERP's answer completed from its orders: a document and the orders that it answers go in, one that can be written comes out.

The ERP says only what it knows. Which table writes it follows from the partner's programs, the envelope from the order's, the
carrier from the partner's list, and what must go back as it came from the carry rules of the table. The documents given are not
changed; nothing is written here. What is wrong is a finding.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.errors import TableError
from translator.findings import Finding, finding, has_errors
from translator.tables.carriers import carriers, near, plain
from translator.tables.carry import Carried, Compared, answered, carry, copied
from translator.tables.instead import DOCUMENT
from translator.tables.load import load
from translator.tables.partner import ANSWERS, Setting, partner, program, settings
from translator.tables.paths import nothing
from translator.tables.quantities import Sums
from translator.tables.spots import word
from translator.tables.table import Table
from translator.tables.twins import label
from translator.walk.judge import Once

Json = dict[str, Any]
TEST = "T"  # usage: production is never a default
REFUSALS = frozenset({"order-blocked", "answer-none"})  # the order takes no such answer, however it is written


@define(eq=False)
class Answered:
    """The answer completed; ``report`` compares it with its orders, rule by rule. ``table`` is None where none was found."""

    document: Json
    findings: list[Finding] = field(factory=list)
    report: list[Compared] = field(factory=list)
    table: Table | None = None

    @property
    def ok(self) -> bool:
        """No error among the findings."""
        return not has_errors(self.findings)


def answer(
    document: Json,
    orders: Iterable[Json],
    *,
    mappings: Path | None = None,
    settings: Mapping[str, str] | None = None,
    ours: str | None = None,
    usage: str | None = None,
    program: str | None = None,
    guide: str | None = None,
    now: datetime.datetime | None = None,
    sums: Sums | None = None,
) -> Answered:
    """Complete a document that answers orders; one that answers none comes back as it is.

    Among the ``orders`` may be acknowledgments of them: what those put in place of a line may be shipped under its own numbers.
    ``settings`` overrule the partner's; ``ours`` is who we are, as ``QUALIFIER/ID`` or ``QUALIFIER/ID/GROUP``; ``usage`` overrules
    the document's, and is test without both; ``program`` names one of the partner's instead of asking the order; ``guide`` a
    table instead of both. ``now`` dates the envelope. ``sums``, one for all documents of a call, keeps what they have of each line
    of the same orders. Raises ``TableError``, and ``ValueError`` for ``ours``.
    """
    own = correspondent(ours) if ours else None
    known, acknowledged = _sorted(orders)
    work = _Answering(copied(document), known, acknowledged, mappings, dict(settings or {}), program)
    named = guide or document.get("guide")
    table = load(named, mappings, work.given) if isinstance(named, str) else work.choose()
    if table is None or not table.answer or document.get("document") not in (None, table.document):
        return Answered(work.document, work.findings)
    work.complete(table, own, usage, now)
    done = work.carried(table, sums)
    return Answered(done.document, [*work.findings, *done.findings], done.report, table)


def answers(documents: list[Json], orders: Iterable[Json], **options: Any) -> tuple[list[Json], list[Finding]]:
    """Complete the documents of one call: as ``answer`` does each, and together they take no more of an order than it has.

    What is wrong names the document, where there are several. A document that comes twice is said to.
    """
    known, sums = list(orders), Sums()
    done = [answer(document, known, sums=sums, **options) for document in documents]
    places = [f"documents[{n}]." if len(done) > 1 else "" for n in range(len(done))]
    found = [f.having(path=f"{place}{f.path}") for place, one in zip(places, done, strict=True) for f in one.findings]
    if has_errors(found):  # otherwise the writer says it
        once = Once()
        for place, one in zip(places, done, strict=True):
            found += once.again(one.table, one.document, place) if one.table else ()
    return [one.document for one in done], found


def compare(
    document: Json,
    orders: Iterable[Json],
    table: Table,
    *,
    mappings: Path | None = None,
    settings: Mapping[str, str] | None = None,
    sums: Sums | None = None,
) -> Carried:
    """Check a document that was sent against its orders; nothing is filled in. ``sums`` as in ``answer``."""
    work = _Answering(document, *_sorted(orders), mappings, dict(settings or {}), None)
    work.known_settings(table.partner)
    return work.carried(load(table.name, mappings, work.given), sums, fill=False)


def assumptions(table: Table, mappings: Path | None = None) -> list[tuple[Setting, str]]:
    """The partner's settings that a document of this table rests on, with their values."""
    about = partner(table.partner, mappings).settings if table.settings else {}
    return [(about[name], value) for name, value in table.settings.items() if name in about]


def correspondent(text: str) -> dict[str, str]:
    """Who somebody is in an envelope, from ``QUALIFIER/ID`` or ``QUALIFIER/ID/GROUP``. Raises ``ValueError``."""
    parts = text.split("/", 2)
    if len(parts) < 2 or len(parts[0]) != 2 or not all(parts):
        raise ValueError(f"{text!r} is not QUALIFIER/ID or QUALIFIER/ID/GROUP, as in ZZ/1234567890")
    return dict(zip(("qualifier", "id", "group"), parts, strict=False))


@define(eq=False, repr=False)
class _Answering:
    document: Json
    orders: list[Json]
    acknowledged: list[Json]
    mappings: Path | None
    overrides: dict[str, str]
    program: str | None
    findings: list[Finding] = field(factory=list)

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        """The settings as tables are loaded with."""
        return tuple(sorted(self.overrides.items()))

    def known_settings(self, name: str) -> None:
        """Refuse a setting, or a value of one, that the partner's file does not have."""
        if self.overrides:
            settings(name, self.mappings, self.overrides)

    # --- which table --------------------------------------------------------------------------------------------------

    def choose(self) -> Table | None:
        """The table by the program of each order that the document answers; None where there is none, or several."""
        kind = self.document.get("document")
        if kind not in ANSWERS:
            return None
        tables: dict[str, list[Json]] = {}
        said = self.document.get("partner")
        names = [said] if isinstance(said, str) else list(dict.fromkeys(str(o["partner"]) for o in self.orders if o.get("partner")))
        if not names:
            raise TableError('the document names neither `partner` nor `guide`, and no order given does: add "partner" to it')
        unknown: list[Finding] = []
        for name in names:
            self.known_settings(name)
            for order in self.answered(name, kind, unknown):
                found = program({**order, "partner": name}, self.mappings, self.program)
                table = found.tables.get(kind) if found else None
                if table:
                    tables.setdefault(table, []).append(order)
                else:
                    why = f"{found.name}: {found.why}" if found else "no program of the partner takes it"
                    self.findings.append(finding("answer-none", path="document", value=label(order), expected=why))
        if not tables and not self.findings:
            listed = ", ".join(label(order) for order in self.orders) or "none was given"
            self.findings += unknown or [finding("order-unknown", path="partner", value=word(said), expected=listed)]
        if len(tables) > 1:
            each = [f"{table} (order {label(orders[0])})" for table, orders in tables.items()]
            self.findings.append(finding("carry-ambiguous", path="guide", expected=" or ".join(each)))
        return load(next(iter(tables)), self.mappings, self.given) if len(tables) == 1 and not self.findings else None

    def answered(self, name: str, kind: str, unknown: list[Finding]) -> list[Json]:
        """The orders of a partner that the document answers. Where they stand in it, any table of the kind says."""
        orders = [order for order in self.orders if order.get("partner", name) == name]
        tables = list(dict.fromkeys(one.tables[kind] for one in partner(name, self.mappings).programs if kind in one.tables))
        for guide in tables:
            answer = load(guide, self.mappings, self.given).answer
            if found := answered(answer, orders, self.document):
                return found
            unknown += carry((), answer, orders, self.document).findings if not unknown else []
        return orders if not tables else []

    # --- what stands around it ----------------------------------------------------------------------------------------

    def complete(self, table: Table, ours: Json | None, usage: str | None, now: datetime.datetime | None) -> None:
        """Partner, guide, envelope and carrier."""
        self.known_settings(table.partner)
        head = {"document": table.document, "partner": table.partner, "guide": table.name, "envelope": {}}
        self.document = {**head, **{key: value for key, value in self.document.items() if value is not None}}
        self.document["guide"] = table.name
        envelope = self.document["envelope"]
        if not isinstance(envelope, dict):
            return  # the writer says so
        theirs = [order["envelope"] for order in answered(table.answer, self.orders, self.document) if _is_envelope(order)]
        for side, other in (("sender", "receiver"), ("receiver", "sender")):
            self.side(envelope, side, [one[other] for one in theirs if isinstance(one.get(other), dict)], ours)
        for key in ("version", "delimiters"):
            said = [one[key] for one in theirs if not nothing(one.get(key))]
            if nothing(envelope.get(key)) and said:
                envelope[key] = copied(said[0])
        if now is not None and nothing(envelope.get("date")):
            envelope |= {"date": f"{now:%Y-%m-%d}", "time": f"{now:%H:%M}"}
        if pallets := _pallets(self.document):
            self.document["pallets"] = pallets
        envelope["usage"] = usage or envelope.get("usage") or TEST
        envelope.setdefault("acknowledgment_requested", False)
        if isinstance(self.document.get("carrier"), dict) and self.document["document"] == "shipment":
            from translator.tables.tracking import doubts

            self.findings += doubts(self.document, carriers(table.partner, self.mappings), self.mappings)
        self.document, found = with_carrier(self.document, table, self.mappings)
        self.findings += found

    def side(self, envelope: Json, side: str, theirs: list[Json], ours: Json | None) -> None:
        """Sender or receiver: the other one of the order's envelope, with what the document says of it before that."""
        said = envelope.get(side, {})
        if side == "sender" and ours:
            envelope[side] = dict(ours)
        elif isinstance(said, dict) and not {"qualifier", "id"} <= said.keys():
            unlike = [one for n, one in enumerate(theirs) if one not in theirs[:n]]
            if len(unlike) > 1:
                either = " or ".join("/".join(str(value) for value in one.values()) for one in unlike)
                self.findings.append(finding("carry-ambiguous", path=f"envelope.{side}", expected=either))
            elif unlike:
                envelope[side] = {**unlike[0], **said}

    def carried(self, table: Table, sums: Sums | None, *, fill: bool = True) -> Carried:
        orders = [order for order in self.orders if order.get("partner", table.partner) == table.partner]
        return carry(table.carry, table.answer, orders, self.document, table.settings, fill, self.acknowledged, sums)


def with_carrier(document: Json, table: Table, mappings: Path | None) -> tuple[Json, list[Finding]]:
    """The ERP's name for the carrier becomes its codes; what the document says of them comes first."""
    carrier = document.get("carrier")
    name = carrier.get("name") if isinstance(carrier, dict) else None
    if not isinstance(carrier, dict) or not isinstance(name, str) or not plain(name):
        return document, []
    known = carriers(table.partner, mappings)
    found, said = known.get(plain(name)), carrier.get("scac")
    if found is None or (nothing(said) and "scac" not in found.codes):
        level = "warning" if not nothing(said) else None
        expected = ", ".join(near(name, known)) or "none"
        return document, [finding("carrier-unknown", level=level, path="carrier.name", value=name, expected=expected)]
    scac = found.codes.get("scac", said)
    if not nothing(said) and said != scac:
        return document, [finding("carrier-differs", path="carrier.scac", value=word(said), expected=f"{scac} ({found.name})")]
    codes = {key: found.codes[key] for key in ("scac", "mode", "routing") if key in found.codes}
    given = {key: value for key, value in carrier.items() if key != "name" and not nothing(value)}
    return {**document, "carrier": {**codes, **given}}, []


def _sorted(documents: Iterable[Json]) -> tuple[list[Json], list[Json]]:
    """Orders, and acknowledgments of them."""
    known = [one for one in documents if isinstance(one, dict)]
    return [one for one in known if one.get("document") != DOCUMENT], [one for one in known if one.get("document") == DOCUMENT]


def _pallets(document: Json) -> list[Json]:
    """The pallets that packs say they stand on, where the document does not list them."""
    orders = document.get("orders")
    if not nothing(document.get("pallets")) or not isinstance(orders, list):
        return []
    packs = [pack for order in orders if isinstance(order, dict) for pack in order.get("packs") or () if isinstance(pack, dict)]
    named = [pack["pallet"] for pack in packs if isinstance(pack.get("pallet"), str)]
    return [{"sscc": sscc} for sscc in dict.fromkeys(named)]


def _is_envelope(order: Json) -> bool:
    return isinstance(order.get("envelope"), dict)
