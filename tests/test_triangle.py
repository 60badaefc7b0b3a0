"""Schema, classes and tables describe one document: every place that a table fills is in the schema, and the other way.

In go all guides that are shipped, each held against the schema of its ``document``. That schema and classes agree is
held in test_documents.py; here the tables are the third corner.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from translator import shipped
from translator.bodies.load import load as load_fields
from translator.documents.kinds import KINDS
from translator.tables.guide import shelf
from translator.tables.load import load
from translator.tables.standard import parsed
from translator.tables.table import Table, path_text
from translator.x12.elements import json_type

GUIDES = {name: parsed(f"mappings/{name}.toml").get("document") for name, kind in shelf() if kind == "guide"}
SCHEMAS: dict[str, dict[str, Any]] = {kind: json.loads(shipped.text(f"schemas/{kind}.schema.json")) for kind in KINDS}
NOT_OF_ROWS = {"document", "partner", "guide", "envelope", "erp", "derived", "findings", "residue", "changes"}
NOT_OF_A_SET = {"interchange_acknowledgment"}  # stands between the interchange's header and its groups: no table


@cache
def tables(kind: str) -> list[Table]:
    """The guides of a kind of document."""
    return [load(name) for name in GUIDES if GUIDES[name] == kind]


def resolved(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """A schema with its $ref followed."""
    while "$ref" in schema:
        target: dict[str, Any] = whole
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def at(path: str, whole: dict[str, Any]) -> dict[str, Any]:
    """The schema of a table's path, as in ``lines[].ids.upc``; what is the ERP's own may be anything."""
    held, own = resolved(whole, whole), False
    for step in path.split("."):
        name = step.removesuffix("[]")
        known, every = held.get("properties", {}), held.get("additionalProperties", {} if own else None)
        assert name in known or isinstance(every, dict), f"{path}: the schema has no {name}"
        held, own = resolved(known.get(name, every), whole), own or name == "erp"
        if step.endswith("[]"):
            assert held["type"] == "array", f"{path}: {name} is no array"
            held = resolved(held["items"], whole)
    return held


def leaves(schema: dict[str, Any], whole: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Every place of the schema that rows could fill; a name in a map is ``*``."""
    held = resolved(schema, whole)
    if held.get("type") == "array":
        yield from leaves(held["items"], whole, prefix + "[]")
    elif held.get("type") == "object" and held.get("additionalProperties"):
        yield from leaves(held["additionalProperties"], whole, f"{prefix}.*")
    elif held.get("type") == "object":
        for name, below in held.get("properties", {}).items():
            if name not in NOT_OF_ROWS:
                yield from leaves(below, whole, f"{prefix}.{name}" if prefix else name)
    else:
        yield prefix


def maps(schema: dict[str, Any], whole: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every map of the schema with the names that it describes."""
    held = resolved(schema, whole)
    if held.get("type") == "array":
        yield from maps(held["items"], whole, prefix + "[]")
    elif held.get("type") == "object" and held.get("additionalProperties"):
        yield prefix, set(held.get("properties", {}))
    elif held.get("type") == "object":
        for name, below in held.get("properties", {}).items():
            if name not in NOT_OF_ROWS:
                yield from maps(below, whole, f"{prefix}.{name}" if prefix else name)


def starred(path: str, places: dict[str, set[str]]) -> str:
    """A table's path with ``*`` for the name in a map: ``dates.requested_pickup.time`` is ``dates.*.time``."""
    steps = path.split(".")
    for n in range(1, len(steps)):
        if ".".join(steps[:n]) in places:
            steps[n] = "*"
    return ".".join(steps)


def said(table: Table) -> set[str]:
    """Every place that a table fills or leaves aside; the pallet that a pack names follows from the tree."""
    return {*table.paths(), *map(path_text, table.aside), *(("orders[].packs[].pallet",) if table.tree else ())}


def by_fields(kind: str) -> set[str]:
    """Every place that a table of JSON fields fills; a change speaks in the words of the order."""
    found = set()
    for name, held in shelf():
        if held == "fields" and (table := load_fields(name)).document == kind.replace("change", "order"):
            for field in table.fields:
                for place in field.json:
                    path = ".".join(step.name + ("[]" if step.text != step.name else "") for step in place)
                    found |= {f"{path}.{name}" for name in ("date", "time", "zone")} if field.kind == "moment" else {path}
    return found


def test_every_table_has_a_schema_and_every_schema_a_table() -> None:
    assert set(GUIDES.values()) == set(SCHEMAS) - NOT_OF_A_SET


@pytest.mark.parametrize("name", GUIDES)
def test_every_place_of_the_table_is_in_the_schema_with_its_type(name: str) -> None:
    table = load(name)
    for path, type_ in table.paths().items():
        assert at(path, SCHEMAS[table.document]).get("type", json_type(type_)) == json_type(type_), path
    for path in table.aside:
        assert at(path_text(path), SCHEMAS[table.document]), path


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in NOT_OF_A_SET])
def test_every_place_of_the_schema_is_filled_by_a_table(kind: str) -> None:
    whole = SCHEMAS[kind]
    places = dict(maps(whole, whole))
    filled = {starred(path, places) for path in {*by_fields(kind), *(path for table in tables(kind) for path in said(table))}}
    assert [path for path in leaves(whole, whole) if path not in filled] == []


def test_every_name_that_a_schema_has_in_a_map_is_filled_by_a_table() -> None:
    every = {path for name in GUIDES for path in said(load(name))}
    missing = []
    for kind, whole in SCHEMAS.items():
        ours = {path for table in tables(kind) for path in said(table)}
        ours |= by_fields(kind) if ours else set()
        for place, names in maps(whole, whole) if ours else ():
            # What identifies an item is described once for all documents; a set need not take all of it.
            known = "".join(f".{path}." for path in (every if place.endswith("ids") else ours))
            missing += [f"{kind}: {place}.{name}" for name in sorted(names) if f".{name}." not in known]
    assert missing == []
