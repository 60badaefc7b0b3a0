"""A canonical document redacted: JSON in, JSON out, with the replacements that its X12 has, so that both still belong together.

What a value is, its table says: its place is that of an element. What has no place there (an ERP's own fields) is replaced
too. What was derived, found or kept beside the document would tell it again, and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.bodies.load import load as load_body
from translator.bodies.table import Field
from translator.show.annotate import ENVELOPE, RELEASE
from translator.show.redact import Redactor
from translator.show.redacted_body import PRICE
from translator.show.redacted_body import places as body_places
from translator.tables import guide
from translator.tables.load import load
from translator.tables.partner import bodies
from translator.tables.standard import Piece, parsed, standard
from translator.tables.table import Element, Table, path_text
from translator.x12 import ta1

Json = dict[str, Any]
LEFT_OUT = ("derived", "findings", "residue")
_OWN = {"document", "partner", "guide", "number_format", "set", "envelope.delimiters"}
_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}[0-9:.]*")


@define(eq=False, repr=False)
class _Place:
    """What stands at a path: the element, the one ``before`` it (its qualifier, element ``number`` of the segment), and what
    stands in the segment's others: a code that is always there, or the value ``beside`` it of some name."""

    piece: Piece | None
    element: Element | None
    before: Piece | None = None
    number: int = 0
    codes: dict[int, str] = field(factory=dict)
    beside: dict[int, str] = field(factory=dict)

    def value(self, number: int, holder: Any) -> str:
        """What another element of the segment says."""
        said = holder.get(self.beside[number]) if number in self.beside and isinstance(holder, dict) else None
        return said if isinstance(said, str) else self.codes.get(number, "")


def document(redactor: Redactor, given: Json) -> Json:
    """A document without what a stranger should not read. Raises ``TableError``."""
    if is_body(given.get("guide"), redactor.mappings):
        return _body_walked(redactor, {key: value for key, value in given.items() if key not in LEFT_OUT})
    table = _table(redactor, given)
    places = {**_envelope(redactor), **(dict(_places(table)) if table else {})}
    if given.get("document") == ta1.DOCUMENT:
        places |= _notice(redactor)
    bare = {key: value for key, value in given.items() if key not in LEFT_OUT}
    made: Json = _walked(redactor, bare, "", places, {})
    if table:
        for base, _, e in table.reckonings:
            if e.reckon[:1] == ("amount",):
                path = [*base.rstrip(".").split(".")] if base else []
                _total(redactor, table, e, given, made, path)
    return made


def is_body(guide: object, mappings: Path | None) -> bool:
    """Whether a document was read from a partner's own JSON."""
    return any(one.table == guide for one in bodies(mappings))


def _body_walked(redactor: Redactor, given: Json) -> Json:
    """A document that was read from a partner's own JSON: its table's rows say what is private."""
    rows = body_places(load_body(given["guide"], redactor.mappings))

    def walked(value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return {key: walked(one, f"{path}.{key}" if path else key) for key, one in value.items()}
        if isinstance(value, list):
            return [walked(one, f"{path}[]") for one in value]
        if not isinstance(value, str) or path in _OWN:
            return value
        if (row := rows.get(path)) is None:
            return value if _PLAIN.fullmatch(value) or _within(path, rows) else redactor.value(value, None)
        if not row.private:
            return value
        redactor.counts[row.private] += 1
        return redactor.disguise.money(value) if row.private == PRICE else redactor.disguise.text(value)

    made: Json = walked(given, "")
    return made


def _within(path: str, rows: dict[str, Field]) -> bool:
    """Whether the place is a part of one that a row fills, as the time of a date is, or a choice that a path makes."""
    holder = path.rpartition(".")[0]
    return any(one == holder or one.startswith(f"{holder}.") for one in rows)


def _table(redactor: Redactor, given: Json) -> Table | None:
    """The document's table; of one that names none, as an ERP gives it, the first that makes such documents."""
    name = given.get("guide")
    if not isinstance(name, str):
        kind = given.get("document")
        shelf = (one for one, what in guide.shelf(redactor.mappings) if what == "guide")
        name = next((one for one in shelf if parsed(f"mappings/{one}.toml", redactor.mappings).get("document") == kind), None)
    return load(name, redactor.mappings) if name else None


def _total(redactor: Redactor, table: Table, e: Element, given: Json, made: Json, path: list[str]) -> None:
    was, now = given, made
    for key in path:
        was, now = was.get(key, {}), now.get(key, {})
    name = e.json[-1][0]
    if isinstance(now, dict) and isinstance(was.get(name), str):
        said = was[name]
        now[name] = redactor.total_of(table, e, given, made, said) or redactor.disguise.money(said)


def _walked(redactor: Redactor, value: Any, path: str, places: dict[str, _Place], holder: Any) -> Any:
    if path in _OWN:
        return value
    if isinstance(value, dict):
        return {key: _walked(redactor, one, f"{path}.{key}" if path else key, places, value) for key, one in value.items()}
    if isinstance(value, list):
        return [_walked(redactor, one, f"{path}[]", places, holder) for one in value]
    if not isinstance(value, str) or _PLAIN.fullmatch(value):
        return value
    place = places.get(path)
    if place is None:
        return redactor.value(value, None)
    before = (place.before, place.value(place.number, holder))
    return redactor.value(value, place.piece, place.element, before, lambda n: place.value(n, holder))


def _envelope(redactor: Redactor) -> dict[str, _Place]:
    known = standard(RELEASE, redactor.mappings).segments
    return {
        f"envelope.{place}": _Place(known[ref[:-2]].elements[int(ref[-2:]) - 1], None)
        for ref, place in reversed(ENVELOPE.items())  # the first that names a place says what it is
    }


def _notice(redactor: Redactor) -> dict[str, _Place]:
    """The places of an interchange acknowledgment, which no table makes."""
    pieces = standard(RELEASE, redactor.mappings).segments["TA1"].elements
    return {key: _Place(pieces[int(ref[-2:]) - 1], None) for ref, key in ta1.PLACES.items()}


def _places(table: Table) -> Iterator[tuple[str, _Place]]:
    for base, row in table.places():
        pieces = row.standard.elements
        codes = {n: e.constant or "" for (n, k), e in row.elements.items() if not k and not e.json}
        beside = {n: e.json[-1][0] for (n, k), e in row.elements.items() if not k and e.json}
        if row.names:  # a place for each name: its code is the one of the name
            steps = base.split(".")
            codes[row.names.number] = next((code for code, name in row.names.names.items() if name in steps), "")
        for (number, component), e in row.elements.items():
            if e.json and number <= len(pieces):
                piece = pieces[number - 1]
                piece = piece.components[component - 1] if component else piece
                before = pieces[number - 2] if number > 1 else None
                yield base + path_text(e.json).replace("[0]", "[]"), _Place(piece, e, before, number - 1, codes, beside)
        if (p := row.pairs) and p.first < len(pieces):
            qualifier, piece = pieces[p.first - 1], pieces[p.first]
            inside = base + path_text(p.json).replace("[0]", "[]")
            for code, name in p.names.items():
                yield f"{inside}.{name}", _Place(piece, None, qualifier, p.first, {p.first: code})
            if not p.names:
                yield f"{inside}.{p.qualifier}", _Place(qualifier, None)
                yield f"{inside}.{p.value}", _Place(piece, None, qualifier, p.first, {}, {p.first: p.qualifier})
