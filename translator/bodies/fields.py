"""The rows of a table of JSON fields: a row of TOML goes in, a ``Field`` comes out, or a ``TableError`` naming file, row and key.

Here is also what rows say together: no place is filled by two, lists of both sides go together. Whole tables are for ``load``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from attrs import define, field

from translator import shipped
from translator.bodies.table import Field, lists
from translator.bodies.values import FITS, KINDS
from translator.documents.places import Step, Steps, kind_of, part_of, steps, text_of
from translator.errors import TableError
from translator.tables.carriers import MARKS
from translator.tables.keys import known_keys

FIELD = {
    "body", "json", "kind", "required", "value", "codes", "like", "join", "only", "form", "carrier", "setting", "after",
    "check", "note", "source", "mark", "private",
}  # fmt: skip
PRIVATE = ("name", "address", "contact", "id", "price", "text")
"""What a value is that no stranger should read; of an object, all that is in it."""
FORMS = ("moment", "date")
CARRIED = ("method", "service", "scac")
"""What the carrier's row may give a field."""


@define(eq=False, repr=False)
class Rows:
    """What the rows of one file are made with: the file, for messages, and the schema of its documents."""

    raw: dict[str, Any]
    file: str
    name: str
    schema: dict[str, Any] = field(factory=dict)

    # --- a field ------------------------------------------------------------------------------------------------------

    def field(self, raw: dict[str, Any], where: str, *, asks: bool = False) -> Field:
        """A row; ``asks``: of a request, which is written and never read."""
        where = f"{where} ({raw.get('body', raw.get('json', '?'))})"
        known_keys(raw, FIELD, where, "a field")
        for key in sorted(FIELD - {"body", "json", "required", "value", "codes"}):
            if key in raw and (not isinstance(raw[key], str) or not raw[key].strip()):
                self.fail(where, f"`{key}` must be a text")
        if raw.get("mark", MARKS[0]) not in MARKS:
            self.fail(where, f"`mark` is {raw['mark']!r}; it may be {', '.join(MARKS)}")
        private = raw.get("private", "")
        if private not in ("", *PRIVATE) or (private and asks):
            self.fail(where, f"`private` is for orders, and says what the value is: {', '.join(PRIVATE)}")
        body = self.path(raw["body"], where) if "body" in raw else ()
        if any(step.index is not None or step.codes for step in body):
            self.fail(where, "`body` names their JSON: names, dots and [], without numbers or choices")
        if "value" in raw:
            return self.constant(raw, body, where)
        if not body:
            self.fail(where, "`body` is missing: the place in their JSON")
        if not asks and (given := set(raw) & {"form", "carrier", "setting", "after", "check"}):
            self.fail(where, f"`{min(given)}` is for requests")
        if asks and (given := set(raw) & {"join", "only"}):
            self.fail(where, f"`{min(given)}` is for orders, which are read")
        if "json" not in raw and "carrier" not in raw:
            if asks or set(raw) - {"body", "note", "source", "mark", "private"}:
                self.fail(
                    where, "`json` is missing: the place in the document; what is known and not taken has `body` alone"
                )
            return Field(body, note=raw.get("note", ""), rule=where, private=private)
        if "carrier" in raw and ("json" in raw or raw["carrier"] not in CARRIED):
            self.fail(where, f"`carrier` stands for `json`, and is one of {', '.join(CARRIED)}")
        kind = raw.get("kind", "text")
        if kind not in KINDS:
            self.fail(where, f"`kind` is {kind!r}; there are {', '.join(KINDS)}")
        if not isinstance(raw.get("required", False), bool):
            self.fail(where, "`required` is true or false")
        only, form = raw.get("only", ""), raw.get("form", "moment")
        if only not in ("", "read"):
            self.fail(where, '`only` is "read": another row writes this place')
        if form not in FORMS or ("form" in raw and kind != "day"):
            self.fail(where, f"`form` says how a day is written: {' or '.join(FORMS)}")
        try:
            like = re.compile(raw["like"], re.ASCII) if "like" in raw else None
        except re.error as error:
            self.fail(where, f"`like` is no pattern: {error}")
        if (like or "join" in raw) and kind != "text":
            self.fail(where, "`like` and `join` are for texts")
        if kind == "flag" and (only != "read" or "codes" not in raw):
            self.fail(where, 'a flag is read only (`only = "read"`), and has the `codes` that make it true')
        texts = raw.get("json", "").split(" or ") if isinstance(raw.get("json", ""), str) else [None]
        if len(texts) > 1 and not asks:
            self.fail(where, "`or` in `json` is for requests: an order has one place for a value")
        places = tuple(self.path(text, where) for text in texts) if "json" in raw else ()
        for place in places:
            self.fits(place, kind, where)
        join = self.path(raw["join"], where) if "join" in raw else ()
        if join and lists(join) != lists(body):
            self.fail(where, "`join` names a field of the same object")
        return Field(
            body, places, kind, raw.get("required", False), None, self.codes(raw.get("codes", {}), kind, where, asks), like, join,
            only, form, raw.get("carrier", ""), raw.get("setting", ""), self.after(raw, kind, where), raw.get("check", ""),
            raw.get("note", ""), where, private,
        )  # fmt: skip

    def after(self, raw: dict[str, Any], kind: str, where: str) -> Steps:
        """The moment of the order before which a day may not be."""
        if raw.get("check", "tracking") != "tracking" or ("check" in raw and kind != "text"):
            self.fail(where, '`check` is "tracking", of a text')
        if "after" not in raw:
            return ()
        if kind != "day":
            self.fail(where, "`after` is for a day")
        path = self.path(raw["after"], where)
        try:
            order = json.loads(shipped.text("schemas/order.schema.json"))
            fits = all(kind_of(order, (*path, Step(name))) == name for name in ("date", "time"))
        except ValueError as error:
            self.fail(where, f"`after` names a moment of the order: {error}")
        if not fits:
            self.fail(where, "`after` names a moment of the order, with date and time, as in dates.ordered")
        return path

    def constant(self, raw: dict[str, Any], body: Steps, where: str) -> Field:
        value = raw["value"]
        if set(raw) - {"body", "json", "value", "note", "source", "mark"} or ("body" in raw) == ("json" in raw):
            self.fail(where, "what is always the same has `value`, and `body` or `json`, and no more")
        if not isinstance(value, str) or not value:
            self.fail(where, "`value` must be a text")
        places = (self.path(raw["json"], where),) if "json" in raw else ()
        for place in places:
            if self.kind(place, where) not in ("text", "any"):
                self.fail(where, "`value` is a text, and its place holds none")
        return Field(body, places, value=value, note=raw.get("note", ""), rule=where)

    def codes(self, raw: Any, kind: str, where: str, asks: bool) -> dict[str, str]:
        """Our word → theirs; a list is of words that are the same on both sides."""
        if isinstance(raw, list) and all(isinstance(word, str) and word for word in raw):
            raw = {word: word for word in raw}
        if not isinstance(raw, dict) or not all(isinstance(word, str) and word for word in raw.values()):
            self.fail(where, "`codes` gives each word of the document theirs, or is a list of words that are the same")
        if raw and kind not in ("text", "flag"):
            self.fail(where, f"`codes` are for texts, and this is {kind}")
        if not asks and len(set(raw.values())) < len(raw):
            self.fail(where, "two words of the document have the same one of theirs: it could not be read back")
        return raw

    def fits(self, place: Steps, kind: str, where: str) -> None:
        """The schema has the place, and what stands there is of the kind."""
        if kind != "moment":
            found = self.kind(place, where)
            if found not in FITS[kind]:
                self.fail(where, f"{text_of(place)} is {found}, and `kind` is {kind}")
            return
        for name in ("date", "time", "zone"):
            self.kind((*place, Step(name)), where)

    # --- fields together --------------------------------------------------------------------------------------------------

    def paired(self, fields: Iterable[Field]) -> None:
        """Lists of both sides go together, one to one, and each has as many on either side."""
        ours: dict[Steps, Steps] = {}
        theirs: dict[Steps, Steps] = {}
        for one in fields:
            for place in one.json if one.body else ():
                here, there = lists(one.body), lists(place)
                if len(here) != len(there):
                    self.fail(one.rule, f"{one.place} and {text_of(place)} go through another number of lists")
                for a, b in zip(here, there, strict=True):
                    if ours.setdefault(a, b) != b or theirs.setdefault(b, a) != a:
                        self.fail(one.rule, f"the list {text_of(a)} goes with {text_of(ours[a])}, not with {text_of(b)}")
        for one in fields:
            if one.constant and (missing := [held for held in lists(one.json[0]) if held not in theirs]):
                self.fail(one.rule, f"no field goes with the list {text_of(missing[0])}")

    def unlike(self, fields: Iterable[Field]) -> None:
        """No place is filled by two rows, or is both a value and an object."""
        ours: dict[Steps, Field] = {}
        theirs: dict[Steps, Field] = {}
        for one in fields:
            for place in one.json:
                if place in ours:
                    self.fail(one.rule, f"{text_of(place)} is filled by another row too: {ours[place].rule}")
                ours[place] = one
            for place in (one.body, one.join) if one.only != "read" else ():
                if place and place in theirs:
                    self.fail(one.rule, f"{text_of(place)} stands in another row too: {theirs[place].rule}")
                if place:
                    theirs[place] = one
        for one in fields:
            if one.only == "read" and one.body not in theirs:
                self.fail(one.rule, 'a row with `only = "read"` needs another row that writes its place')
        for seen, side in ((ours, "json"), (theirs, "body")):
            for place, one in seen.items():
                for n in range(1, len(place)):
                    if place[:n] in seen:
                        self.fail(one.rule, f"`{side}` {text_of(place[:n])} is filled by another row, and used as an object here")

    # --- small things ---------------------------------------------------------------------------------------------------

    def rows(self, raw: dict[str, Any], key: str, where: str) -> list[tuple[dict[str, Any], str]]:
        return [(row, f"{where}, [[{key}]] row {n}") for n, row in enumerate(self.listed(raw.get(key), f"{where}, {key}"), 1)]

    def listed(self, rows: Any, where: str) -> list[dict[str, Any]]:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.fail(where, "it is a list of rows")
        return rows

    def kind(self, path: Steps, where: str) -> str:
        try:
            return kind_of(self.schema, path)
        except ValueError as error:
            self.fail(where, str(error))

    def part(self, path: Steps, where: str) -> None:
        try:
            part_of(self.schema, path)
        except ValueError as error:
            self.fail(where, str(error))

    def path(self, text: Any, where: str) -> Steps:
        if not isinstance(text, str):
            self.fail(where, "a path is a text")
        try:
            return steps(text)
        except ValueError as error:
            self.fail(where, str(error))

    def fail(self, where: str, message: str) -> NoReturn:
        raise TableError(f"{where}: {message}")
