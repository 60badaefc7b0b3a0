"""Locations and the supplier's own customers: an order and locations.csv in; the order with both, and rows not met before, out.

The columns: ``location`` (as the partner writes it), ``name``, ``address``, ``customer`` and ``ship_to`` (your own numbers),
``kind`` (yours: store, dc …; ``new`` is a row that was added), ``note``. The customer is that of the buyer, the ship-to that of
where the goods go. A location that is not listed is added, as the order says it, and reported; private persons never are
(``rules`` say who). A location with fewer digits is the same with zeros before it: spreadsheets lose them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import Factory, define

from translator.exchange.crossref import sheet
from translator.exchange.crossref.rules import Rules
from translator.exchange.crossref.sheet import Row, Sheet
from translator.findings import Finding, finding
from translator.tables.carry import copied

Json = dict[str, Any]
NewRow = dict[str, str]

NAME = "locations.csv"
_COLUMNS = ("location", "name", "address", "customer", "ship_to", "kind", "note")
_REMARK = (
    "customer and ship_to are your own numbers. Rows of kind new were added from orders; complete them. "
    "Open this file with all columns as text. Rows that begin with # are remarks."
)
# Whose number is looked for where: the first party that has a location.
_PARTIES = {"customer": ("buyer", "ship_to"), "ship_to": ("ship_to", "buyer")}


@define(eq=False, repr=False)
class Locations:
    """The list: its rows by location, zeros before it put back."""

    rules: Rules
    sheet: Sheet
    known: dict[str, list[Row]] = Factory(dict)


def read(data: bytes, rules: Rules) -> tuple[Locations, list[Finding]]:
    """The locations of a list; an empty file has none."""
    held, found = sheet.read(NAME, data, _COLUMNS, ("location",))
    locations = Locations(rules, held)
    for row in held.rows:
        text = row.cells["location"]
        place = sheet.place(row.number, "location")
        why = "the location is missing" if not text else sheet.spoiled(text)
        if why is not None:
            found.append(finding("list-cell", file=NAME, path=place, value=text or None, expected=why))
        if not text:
            continue
        full = _full(text, rules)
        if full != text:
            found.append(finding("list-doubtful", file=NAME, path=place, value=text, expected=full))
        for column in ("customer", "ship_to"):
            why = sheet.spoiled(row.cells.get(column, ""))
            if why is not None:
                where = sheet.place(row.number, column)
                found.append(finding("list-cell", file=NAME, path=where, value=row.cells[column], expected=why))
                row.cells[column] = ""
        locations.known.setdefault(full, []).append(row)
    for full, rows in locations.known.items():
        if len({_numbers(row) for row in rows}) > 1:
            place = sheet.place(rows[-1].number, "location")
            found.append(finding("location-ambiguous", file=NAME, path=place, value=full, expected=_listed(rows)))
    return locations, found


def template() -> bytes:
    """A list to begin with: header and remark."""
    return sheet.begun(_COLUMNS, _REMARK)


def applied(order: Mapping[str, Any], locations: Locations) -> tuple[Json, list[NewRow], list[Finding]]:
    """A copy of the order with ``erp.customer`` and ``erp.ship_to``, rows for locations that are not listed, and findings."""
    made: Json = copied(dict(order))
    rows: dict[str, NewRow] = {}
    found: list[Finding] = []
    parties = made.get("parties")
    parties = parties if isinstance(parties, dict) else {}
    places = {name: place for name in ("buyer", "ship_to") if (place := _location(parties.get(name)))}
    guests = {name for name, when in locations.rules.private.items() if any(one.holds(made) for one in when)}
    hidden = {_full(places[name], locations.rules) for name in guests if name in places}
    if not locations.sheet.readable and places:
        return made, [], [finding("list-awaited", path="parties", expected=NAME)]
    own: Json = {}
    for name, place in places.items():
        full, path = _full(place, locations.rules), f"parties.{name}.location"
        listed = locations.known.get(full, [])
        wanted = [key for key, names in _PARTIES.items() if next((one for one in names if one in places), "") == name]
        if not listed:
            if full not in hidden and full not in rows:
                rows[full] = _row(place, parties[name])
                found.append(finding("location-new", path=path, value=place))
        elif len({_numbers(row) for row in listed}) > 1:
            found.append(finding("location-ambiguous", path=path, value=place, expected=_listed(listed)))
        else:
            cells = listed[0].cells
            own |= {key: cells[key] for key in wanted if cells.get(key)}
            missing = [key for key in wanted if not cells.get(key)]
            if missing:
                said = f"{' and '.join(missing)} in row {listed[0].number}"
                found.append(finding("location-open", path=path, value=place, expected=said))
    # What an earlier revision of the order came to holds no longer.
    erp = made.pop("erp", None)
    rest = {key: value for key, value in erp.items() if key not in _PARTIES} if isinstance(erp, dict) else {}
    if rest or own:
        made["erp"] = rest | own
    return made, list(rows.values()), found


def added(data: bytes, rows: Iterable[NewRow], rules: Rules) -> bytes:
    """The list's bytes with new rows at its end; all that stood there stays. Locations that are listed by now are left out.

    A list that cannot be read comes back as it is: the next order of such a location brings its row again.
    """
    held, _ = read(data, rules)
    if not held.sheet.readable:
        return data
    fresh = {_full(row["location"], rules): row for row in rows}
    return sheet.added(data, held.sheet, [row for full, row in fresh.items() if full not in held.known], _COLUMNS)


def _location(party: object) -> str:
    location = party.get("location") if isinstance(party, dict) else None
    return "".join(c if c.isprintable() else " " for c in location).strip() if isinstance(location, str) else ""


def _full(location: str, rules: Rules) -> str:
    return location.zfill(rules.location_digits) if location.isascii() and location.isdigit() else location


def _row(location: str, party: Json) -> NewRow:
    """A location as the order says it."""
    address = party.get("address")
    address = address if isinstance(address, dict) else {}
    lines = address.get("lines")
    town = " ".join(_words(address.get(key) for key in ("city", "state", "postal_code", "country")))
    words = [*_words(lines if isinstance(lines, list) else []), town]
    names = " ".join(_words([party.get("name")]))
    return {"location": location, "name": names, "address": ", ".join(word for word in words if word), "kind": "new"}


def _words(values: Iterable[object]) -> Iterator[str]:
    return (value for value in values if isinstance(value, str) and value)


def _numbers(row: Row) -> tuple[str, str]:
    return row.cells.get("customer", ""), row.cells.get("ship_to", "")


def _listed(rows: list[Row]) -> str:
    return ", ".join(f"row {row.number} (customer {row.cells.get('customer') or 'none'})" for row in rows)
