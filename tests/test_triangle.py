"""Schema, classes and table describe one document: every place that the table fills is in the schema, and the other way.

That schema and classes agree is held in test_documents.py; here the table is the third corner.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from translator import shipped
from translator.tables.load import load
from translator.x12.elements import json_type

SCHEMA: dict[str, Any] = json.loads(shipped.text("schemas/order.schema.json"))
TABLE = load("target/850")
NOT_OF_ROWS = {"document", "partner", "guide", "envelope", "erp", "derived", "findings", "residue"}
MAPS = {"references", "dates", "parties", "ids"}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its $ref followed."""
    while "$ref" in schema:
        target: dict[str, Any] = SCHEMA
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def at(path: str) -> dict[str, Any]:
    """The schema of a table's path, as in ``lines[].ids.upc``."""
    held = resolved(SCHEMA)
    for step in path.split("."):
        name = step.removesuffix("[]")
        known = held.get("properties", {})
        assert name in known or isinstance(held.get("additionalProperties"), dict), f"{path}: the schema has no {name}"
        held = resolved(known[name] if name in known else held["additionalProperties"])
        if step.endswith("[]"):
            assert held["type"] == "array", f"{path}: {name} is no array"
            held = resolved(held["items"])
    return held


def leaves(schema: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Every place of the schema that rows could fill."""
    held = resolved(schema)
    if held.get("type") == "array":
        yield from leaves(held["items"], prefix + "[]")
    elif held.get("type") == "object":
        for name, below in held.get("properties", {}).items():
            if name not in NOT_OF_ROWS:
                yield from leaves(below, f"{prefix}.{name}" if prefix else name)
    else:
        yield prefix


def test_every_place_of_the_table_is_in_the_schema_with_its_type() -> None:
    for path, type_ in TABLE.paths().items():
        assert at(path)["type"] == json_type(type_), path


def test_every_place_of_the_schema_is_filled_by_the_table() -> None:
    filled = set(TABLE.paths())
    shapes = {path.split(".", 2)[0] + "." + path.split(".", 2)[-1] for path in filled if path.count(".") > 1}
    missing = []
    for path in leaves(SCHEMA):
        steps = path.split(".")
        in_map = any(step.removesuffix("[]") in MAPS for step in steps)
        if path not in filled and not (in_map and f"{steps[0]}.{steps[-1]}" in shapes):
            missing.append(path)
    assert missing == []
