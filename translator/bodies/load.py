"""A table of JSON fields from its TOML: a name goes in, a ``BodyTable`` comes out, or a ``TableError`` naming file, row and key.

What cannot be right does not load: an unknown key, a place that the document's schema does not have, two rows for one place, what
could not be read back as it was written. Single rows are read by ``fields``.

Order tables have ``[[field]]`` rows; tables of answers ``[[request]]`` rows.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import define

from translator import shipped
from translator.bodies.fields import Rows
from translator.bodies.table import BodyTable, Field, Request, Split, lists, tree
from translator.documents.places import Steps, text_of
from translator.tables.carryrule import carry_rules
from translator.tables.keys import known_keys
from translator.tables.paths import conditions
from translator.tables.standard import parsed

TOP = {"partner", "document", "source", "key", "field", "answer", "answers", "request", "carry"}
REQUEST = {"call", "each", "fill", "when", "entries", "add", "field", "split", "note", "source", "mark"}
ENTRIES = {"body", "json"}
SPLIT = {"body", "state", "quantity", "parts", "source", "mark"}
BECOMES = ("accepted", "cancelled")
PARTS = ("cancelled", "open", "shipped")


def load(name: str, mappings: Path | None = None, settings: tuple[tuple[str, str], ...] = ()) -> BodyTable:
    """The table of ``mappings/NAME.toml``; ``settings`` overrule the partner's. Raises ``TableError``."""
    return _load(name.removeprefix("mappings/").removesuffix(".toml"), mappings, settings)


def is_body_table(name: str, mappings: Path | None = None) -> bool:
    """Whether a table is one of JSON fields. Raises ``TableError``, and ``shipped.Missing`` where there is none of the name."""
    raw = parsed(f"mappings/{name}.toml", mappings)
    return "field" in raw or "request" in raw


@lru_cache(maxsize=32)
def _load(name: str, mappings: Path | None, given: tuple[tuple[str, str], ...]) -> BodyTable:
    from translator.tables.partner import settings

    file = f"mappings/{name}.toml"
    loader = _Loader(parsed(file, mappings), file, name)
    table = loader.table()
    table.settings = settings(table.partner, mappings, dict(given))
    for made in (*table.fields, *(one for request in table.requests for one in request.fields)):
        if made.setting and made.setting not in table.settings:
            loader.fail(made.rule, f"the partner's partner.toml has no setting {made.setting!r}")
    return table


@define(eq=False, repr=False)
class _Loader(Rows):
    """A whole table."""

    def table(self) -> BodyTable:
        raw = self.raw
        known_keys(raw, TOP, self.file, "a table of JSON fields")
        for key in ("partner", "document", "source"):
            if not isinstance(raw.get(key), str) or not raw[key]:
                self.fail(self.file, f"`{key}` is missing, or is no text")
        names = [n.removeprefix("schemas/").removesuffix(".schema.json") for n in shipped.names("schemas", ".schema.json")]
        if raw["document"] not in names:
            self.fail(self.file, f"`document` is {raw['document']!r}; there are {', '.join(names)}")
        self.schema = json.loads(shipped.text(f"schemas/{raw['document']}.schema.json"))
        if ("field" in raw) == ("request" in raw):
            self.fail(self.file, "it has rows [[field]], for orders, or rows [[request]], for answers")
        made = BodyTable(self.name, raw["partner"], raw["document"], raw["source"])
        if "field" in raw:
            self.both_ways(made)
        else:
            self.answering(made)
        return made

    def both_ways(self, made: BodyTable) -> None:
        raw = self.raw
        if given := set(raw) & {"answer", "answers", "carry"}:
            self.fail(self.file, f"`{min(given)}` is for answers")
        made.fields = tuple(self.field(row, where) for row, where in self.rows(raw, "field", self.file))
        made.key = self.path(raw.get("key"), f"{self.file}, `key`")
        if not any(f.body == made.key and f.required for f in made.fields):
            self.fail(f"{self.file}, `key`", "it is the place of a required field, which tells one order from another")
        self.paired(made.fields)
        self.unlike(made.fields)
        made.schema, made.tree = self.schema, tree(made.fields)

    # --- answers ------------------------------------------------------------------------------------------------------

    def answering(self, made: BodyTable) -> None:
        raw, where = self.raw, f"{self.file}, [answer]"
        if "key" in raw:
            self.fail(self.file, "`key` is for orders")
        answer = raw.get("answer")
        if (
            not isinstance(answer, dict)
            or set(answer) != {"orders", "lines"}
            or not all(isinstance(v, str) for v in answer.values())
        ):
            self.fail(where, "it says where the answered orders stand (`orders`), and their lines below them (`lines`)")
        for text in (answer["orders"], f"{answer['orders']}.{answer['lines']}"):
            self.part(self.path(text, where), where)
        made.answer, made.carry = answer, carry_rules(raw.get("carry", []), self.file)
        answers = raw.get("answers", {})
        if not isinstance(answers, dict) or not all(value in BECOMES for value in answers.values()):
            self.fail(f"{self.file}, [answers]", f"it says what each status of an answer means: {' or '.join(BECOMES)}")
        made.answers = answers
        made.requests = tuple(self.request(row, where) for row, where in self.rows(raw, "request", self.file))
        if any(one.split for one in made.requests) and not answers:
            self.fail(self.file, "a `split` needs [answers], which say what each status means")

    def request(self, raw: dict[str, Any], where: str) -> Request:
        where = f"{where} ({raw.get('call', '?')})"
        known_keys(raw, REQUEST, where, "a request")
        if not isinstance(raw.get("call"), str):
            self.fail(where, "`call` is missing: the call of api.toml that takes this body")
        each = self.path(raw.get("each"), where)
        if not each[-1].each:
            self.fail(where, "`each` is the path of a list, as in orders[] or orders[].lines[]")
        self.part(each, where)
        fill = raw.get("fill", {})
        if not isinstance(fill, dict):
            self.fail(where, "`fill` gives places of the document for what the path of the call names")
        filled = {name: self.path(text, where) for name, text in fill.items()}
        for place in filled.values():
            self.fits(place, "text", where)
            self.within(place, each, where)
        entries = self.entries(raw.get("entries"), each, where)
        reach = entries[1] if entries else each
        fields = []
        for n, row in enumerate(self.listed(raw.get("field", []), where), 1):
            one = self.field(row, f"{where}, field {n}", asks=True)
            inner = bool(entries) and bool(lists(one.body))
            if lists(one.body) not in ((), (entries[0],) if entries else ()):
                self.fail(one.rule, "`body` goes through a list that is not that of `entries`")
            for place in one.json:
                self.within(place, reach if inner or not entries else each, one.rule)
            fields.append(one)
        split = self.split(raw["split"], f"{where}, split") if "split" in raw else None
        add = raw.get("add", "")
        if add and (entries is None or not any(text_of(f.body) == add and f.kind in ("count", "number") for f in fields)):
            self.fail(where, "`add` names a number in the entries, which is added up where all else is the same")
        try:
            when = conditions(raw.get("when", []))
        except ValueError as error:
            self.fail(where, str(error))
        self.apart([*fields, *([Field(split.place, rule=split.rule)] if split else [])])
        return Request(raw["call"], each, filled, tuple(fields), when, entries, add, split, where)

    def apart(self, fields: list[Field]) -> None:
        seen: dict[Steps, Field] = {}
        for one in fields:
            if one.body in seen:
                self.fail(one.rule, f"{one.place} stands in another row too: {seen[one.body].rule}")
            seen[one.body] = one

    def entries(self, raw: Any, each: Steps, where: str) -> tuple[Steps, Steps] | None:
        if raw is None:
            return None
        if not isinstance(raw, dict) or set(raw) != ENTRIES:
            self.fail(where, "`entries` has `body`, the list of the body, and `json`, the lists of the document")
        body, place = self.path(raw["body"], where), self.path(raw["json"], where)
        if not body[-1].each or len(lists(body)) != 1 or not place[-1].each or place[: len(each)] != each:
            self.fail(where, "`entries`: `body` is one list, as items[], and `json` goes on from `each`")
        self.part(place, where)
        return body, place

    def split(self, raw: Any, where: str) -> Split:
        if not isinstance(raw, dict):
            self.fail(where, "it is a table")
        known_keys(raw, SPLIT, where, "a split")
        parts = raw.get("parts", {})
        if not isinstance(parts, dict) or set(parts) != set(PARTS) or not all(isinstance(v, str) for v in parts.values()):
            self.fail(where, f"`parts` gives the state of each part: {', '.join(PARTS)}")
        names = [raw.get(key) for key in ("body", "state", "quantity")]
        if not all(isinstance(name, str) and name for name in names):
            self.fail(where, "`body` is the list, `state` and `quantity` are the names of what stands in it")
        return Split(self.path(names[0], where), str(names[1]), str(names[2]), parts, where)

    def within(self, place: Steps, each: Steps, where: str) -> None:
        """A place goes through the lists that are gone through anyway; one list after them is looked through for one value."""
        found = lists(place)
        along = lists(each)
        if found[: len(along)] != along[: len(found)] or len(found) > len(along) + 1:
            self.fail(where, f"{text_of(place)} leaves the path {text_of(each)}")
