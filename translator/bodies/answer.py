"""Acknowledgments and shipments for a partner with an API: completed from their orders, they become requests.

``complete`` fills in what the orders say and checks the rest, as for every partner; ``requests`` makes of what is complete what is
to be sent: method, path, body. What is wrong is a finding, and then there are no requests at all. Nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from translator.bodies.load import load
from translator.bodies.requests import Prepared, prepare
from translator.bodies.table import BodyTable
from translator.documents.given import by_schema
from translator.errors import TableError
from translator.findings import Finding, finding, has_errors
from translator.tables.carry import answered, carry, copied
from translator.tables.partner import ANSWERS, partner, program, settings
from translator.tables.quantities import Sums
from translator.tables.twins import label

Json = dict[str, Any]


def requests(
    documents: list[Json], orders: Iterable[Json], *, mappings: Path | None = None, settings: Mapping[str, str] | None = None,
    program: str | None = None, guide: str | None = None, seller: str | None = None,
) -> tuple[list[Prepared], list[Finding]]:  # fmt: skip
    """What the documents of one call are to send, in order; none when anything is wrong.

    ``seller`` is the supplier's id, for who has it from elsewhere than the order. Together the documents take no more of an order
    than it has. Raises ``TableError``.
    """
    known, sums = list(orders), Sums()
    made: list[Prepared] = []
    found: list[Finding] = []
    for n, document in enumerate(documents):
        place = f"documents[{n}]." if len(documents) > 1 else ""
        if odd := by_schema(document, place):
            found += odd
            continue
        whole, said, table = complete(
            document, known, mappings=mappings, settings=settings, program_name=program, guide=guide, sums=sums
        )
        if table is not None and not has_errors(said):
            prepared, more = prepare(table, whole, known, mappings=mappings, seller=seller)
            made += prepared
            said = [*said, *more]
        found += [one.having(path=f"{place}{one.path}") if one.path else one for one in said]
    found += _again(made)
    return ([] if has_errors(found) else made), found


def complete(
    document: Json, orders: Iterable[Json], *, mappings: Path | None = None, settings: Mapping[str, str] | None = None,
    program_name: str | None = None, guide: str | None = None, sums: Sums | None = None,
) -> tuple[Json, list[Finding], BodyTable | None]:  # fmt: skip
    """A document completed from its orders, what is wrong, and its table; None where none was found. Raises ``TableError``."""
    known = [one for one in orders if isinstance(one, dict) and one.get("document", "order") == "order"]
    given = tuple(sorted((settings or {}).items()))
    named = guide or document.get("guide")
    if isinstance(named, str):
        table: BodyTable | None = load(named, mappings, given)
        found: list[Finding] = []
    else:
        table, found = _chosen(document, known, mappings, given, program_name)
    if table is None or document.get("document") not in (None, table.document):
        return document, found, None
    head = {"document": table.document, "partner": table.partner, "guide": table.name}
    whole = copied({**head, **{key: value for key, value in document.items() if value is not None}, "guide": table.name})
    if known:
        done = carry(table.carry, table.answer, known, whole, table.settings, True, (), sums)
        whole, found = done.document, [*found, *done.findings]
    return whole, found, table


def _chosen(
    document: Json, orders: list[Json], mappings: Path | None, given: tuple[tuple[str, str], ...], named: str | None
) -> tuple[BodyTable | None, list[Finding]]:
    """The table by the program of the orders that are answered."""
    kind = document.get("document")
    said = document.get("partner")
    names = [said] if isinstance(said, str) else list(dict.fromkeys(str(one["partner"]) for one in orders if one.get("partner")))
    if not names:
        raise TableError('the document names neither `partner` nor `guide`, and no order given does: add "partner" to it')
    if kind not in ANSWERS:
        return None, [finding("document-invalid", path="document", expected=f"one of {', '.join(ANSWERS)} answers an order")]
    about = partner(names[0], mappings)
    settings(names[0], mappings, dict(given))
    mine = [one for one in orders if one.get("partner", names[0]) == names[0]]
    chosen: set[str] = set()
    for guide in dict.fromkeys(one.tables[kind] for one in about.programs if kind in one.tables):
        answer = load(guide, mappings, given).answer
        met = answered(answer, mine, document)
        if not met and orders:
            return None, carry((), answer, mine, document).findings or [_unknown(document, mine)]
        mine = met or mine
    for order in mine or [{"partner": names[0]}]:
        found = program({**order, "partner": names[0]}, mappings, named)
        if found is None or kind not in found.tables:
            why = f"{found.name}: {found.why}" if found else "no program of the partner takes it"
            return None, [finding("answer-none", path="document", value=label(order), expected=why)]
        chosen.add(found.tables[kind])
    if len(chosen) > 1:
        return None, [finding("carry-ambiguous", path="guide", expected=" or ".join(sorted(chosen)))]
    return load(chosen.pop(), mappings, given), []


def _unknown(document: Json, orders: list[Json]) -> Finding:
    listed = ", ".join(label(order) for order in orders) or "none was given"
    return finding("order-unknown", path="partner", value=str(document.get("partner")), expected=listed)


def _again(made: list[Prepared]) -> list[Finding]:
    """The same request twice in one call."""
    seen: dict[tuple[str, str, str], Prepared] = {}
    found = []
    for one in made:
        key = (one.method, one.path, one.text)
        if key in seen:
            found.append(finding("value-twice", path=one.place, value=one.order, expected=seen[key].place))
        seen.setdefault(key, one)
    return found
