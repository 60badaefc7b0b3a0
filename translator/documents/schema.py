"""A document from outside against its JSON Schema: a dict goes in, what breaks the schema comes out, in words.

For JSON that somebody else wrote; what is read from X12 is judged by its table, and may lack what the schema requires.
The dialect is 2020-12, read as JavaScript would: ``$`` is the very end, digits are ASCII, and 6.0 is no integer
(a count is written without a point). Formats are not consulted: the patterns in the schema say all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from translator import shipped
from translator.documents.kinds import unknown
from translator.documents.problems import Problem, kind, path, shown

_WORDS = {
    "string": "text",
    "integer": "an integer",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}


def violations(document: dict[str, Any]) -> list[Problem]:
    """Where the document breaks the schema of what it says it is: (path, what is wrong), in no promised order.

    Empty when it is in order. Paths are those of ``convert``: ``$.lines[0].quantity``. A document that does not say what
    it is, or says what there is not, is wrong in that alone.
    """
    if problem := unknown(document):
        return [problem]
    return [problem for error in _validator(document["document"]).iter_errors(document) for problem in _worded(error)]


def load(name: str) -> dict[str, Any]:
    """The schema itself, as shipped. Raises ``shipped.Missing`` when there is none of this name."""
    schema: dict[str, Any] = json.loads(shipped.text(f"schemas/{name}.schema.json"))
    return schema


@cache
def _validator(name: str) -> Validator:
    strict = extend(
        Draft202012Validator,
        validators={"pattern": _pattern},
        type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int),
    )
    return strict(load(name))


def _pattern(_: Validator, pattern: str, value: object, about: dict[str, Any]) -> Iterator[ValidationError]:
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value, re.ASCII):
        words = about.get("description", "").rstrip(".")
        yield ValidationError(f"{shown(value)} has not the form {pattern}" + (f". {words}" if words else ""))


def _worded(error: ValidationError) -> Iterator[Problem]:
    place, value, wanted = list(error.absolute_path), error.instance, error.validator_value
    match error.validator:
        case "type":
            yield path(place), f"expected {_WORDS.get(str(wanted), str(wanted))}, got {kind(value)}"
        case "required":
            name = next(name for name in wanted if error.message.startswith(repr(name)))
            yield path([*place, name]), "missing"
        case "additionalProperties":
            known = error.schema.get("properties", {})
            for name in value:
                if name not in known:
                    yield path([*place, name]), "no such name in this document"
        case "const":
            yield path(place), f"expected {shown(wanted)}, got {shown(value)}"
        case "enum":
            yield path(place), f"expected {' or '.join(map(shown, wanted))}, got {shown(value)}"
        case "minItems" | "minProperties" | "minLength":
            yield path(place), "empty; leave the key out"
        case "maxItems":
            yield path(place), f"expected {wanted} at most, got {len(value)}"
        case "anyOf":
            yield path(place), f"{' or '.join(name for one in wanted for name in one['required'])} is missing"
        case "minimum":
            yield path(place), f"expected {wanted} or more, got {shown(value)}"
        case _:
            yield path(place), error.message[:200]
