"""The page of a document: its schema as tables, the document first, then each object in it. An unknown keyword stops it."""

from __future__ import annotations

import json
from typing import Any

from making.markdown import code, plain, slug, table
from translator import shipped

_KEYWORDS = {
    "$schema", "$id", "$defs", "$ref", "title", "description", "examples", "type", "properties", "additionalProperties", "required",
    "items", "minItems", "maxItems", "minProperties", "minLength", "maxLength", "pattern", "minimum", "const", "enum", "anyOf",
}  # fmt: skip
_TYPES = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "object",
    "array": "list",
    "number": "number",
}


class Schema:
    """The page of a document: a table for each object that it may have, the document itself first."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.whole = json.loads(shipped.text(f"schemas/{kind}.schema.json"))
        self.parts: dict[str, dict[str, Any]] = {}  # objects without a name of their own, by the name that they are under

    def page(self) -> str:
        lines = [f"# {self.kind.replace('_', ' ').capitalize()}", "", plain(self.whole["description"])]
        lines += ["", f"`schemas/{self.kind}.schema.json`. Names in bold must be there.", *self._object(self.whole, "")]
        told: set[str] = set()
        while left := [name for name in self.parts if name not in told]:
            told.add(left[0])
            lines += self._section(left[0], self.parts[left[0]])
        forms = []
        for name, part in self.whole.get("$defs", {}).items():
            if name in told:
                raise LookupError(f"{self.kind}: {name} names two things")
            if "properties" in part:
                lines += self._section(name, part)
                for inner in [inner for inner in self.parts if inner not in told]:
                    told.add(inner)
                    lines += self._section(inner, self.parts[inner])
            else:
                forms.append((f"`{name}`", plain(self._form(part, name)), plain(part["description"])))
        lines += ["", "## Forms", *table(["form", "is", "says"], forms)] if forms else []
        return "\n".join(lines) + "\n"

    def _section(self, name: str, part: dict[str, Any]) -> list[str]:
        return ["", f"## `{name}`", "", plain(part["description"]), *self._object(part, name)]

    def _object(self, part: dict[str, Any], owner: str) -> list[str]:
        self._known(part, "an object")
        must, rows = part.get("required", []), []
        for name, about in part["properties"].items():
            self._known(about, name)
            if "description" not in about:
                raise LookupError(f"{self.kind}: {name} says nothing of itself")
            sample = json.dumps(about["examples"][0], ensure_ascii=False) if "examples" in about else ""
            shown = f"**`{name}`**" if name in must else f"`{name}`"
            form = self._form(about, f"{owner}.{name}" if owner else name)
            rows.append((shown, form, plain(about["description"]), code(sample)))
        lines = table(["name", "form", "says", "example"], rows)
        more = part.get("additionalProperties", True)
        if isinstance(more, dict):
            lines += ["", f"Other names may occur: each is {self._form(more, 'another')}."]
        if "anyOf" in part:
            ways = [" with ".join(f"`{name}`" for name in one["required"]) for one in part["anyOf"]]
            lines += ["", f"There must be {' or '.join(ways)}."]
        return lines

    def _form(self, about: dict[str, Any], name: str) -> str:
        """What a value looks like, in words, with a link to the object that it is."""
        self._known(about, name)
        if "$ref" in about:
            ref = about["$ref"].removeprefix("#/$defs/")
            if ref not in self.whole["$defs"]:
                raise LookupError(f"{self.kind}: {name} refers to {about['$ref']}")
            part = self.whole["$defs"][ref]
            return f"[{ref}](#{ref})" if "properties" in part else f"[{ref}](#forms)"
        if "const" in about:
            return code(str(about["const"]))
        if "enum" in about:
            return " or ".join(code(str(one)) for one in about["enum"])
        kind = about.get("type")
        if kind == "array":
            many = f", at most {about['maxItems']}" if "maxItems" in about else ""
            return f"list of {self._form(about['items'], name)}{many}"
        if kind == "object" and "properties" in about:
            if self.parts.setdefault(name, about) != about:
                raise LookupError(f"{self.kind}: {name} names two different objects")
            return f"[object](#{slug(name)})"
        if kind == "object" and isinstance(about.get("additionalProperties"), dict):
            return f"map of {self._form(about['additionalProperties'], name)}"
        if kind not in _TYPES:
            raise LookupError(f"{self.kind}: {name} has the type {kind!r}")
        words = [_TYPES[kind]]
        words += [f"at most {about['maxLength']} characters"] if "maxLength" in about else []
        words += [f"as {code(about['pattern'])}"] if "pattern" in about else []
        words += [f"at least {about['minimum']}"] if "minimum" in about else []
        return ", ".join(words)

    def _known(self, about: dict[str, Any], name: str) -> None:
        if strange := set(about) - _KEYWORDS:
            raise LookupError(f"{self.kind}: what does {', '.join(sorted(strange))} say of {name}?")
