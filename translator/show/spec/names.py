"""What the documents' schemas say of their names: a kind of document and a path go in, description, examples and anchor come out.

Also every definition of a schema as rows, for its page. Nothing is judged against a schema here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import define, field

from translator.documents.kinds import KINDS

Json = dict[str, Any]
_WORDS = {"string": "text", "integer": "integer", "boolean": "true or false", "array": "list", "object": "object"}


@define(eq=False, repr=False)
class Name:
    """A name in a document. ``of`` is the definition that its value follows ("" where there is none)."""

    anchor: str
    name: str
    kind: str
    of: str
    required: bool
    description: str
    examples: list[Any] = field(factory=list)


@define(eq=False, repr=False)
class Definition:
    """An object of a schema with its names; ``name`` is the document's own for the document itself."""

    name: str
    description: str
    names: list[Name] = field(factory=list)


class Names:
    """The names of one kind of document; none where the kind has no schema."""

    def __init__(self, kind: str) -> None:
        from translator.documents import schema

        self.kind = kind
        self.schema: Json = schema.load(kind) if kind in KINDS else {}
        self.definitions = list(self._definitions()) if self.schema else []
        self._known = {one.anchor: one for definition in self.definitions for one in definition.names}

    @property
    def description(self) -> str:
        """What the document is."""
        return str(self.schema.get("description", ""))

    def find(self, path: str) -> Name | None:
        """The name at a path such as ``lines[].packs[].inner_pack``; of a map's own names that of the map; None without any."""
        at, node, found = self.kind, self.schema, None
        for word in path.replace("[0]", "[]").split("."):
            name = word.removesuffix("[]")
            node, of = self._object(node)
            at = of or at
            anchor = f"{at}.{name}"
            if name in node.get("properties", {}):
                node, at = node["properties"][name], anchor
                found = self._known.get(anchor)
            elif isinstance(node.get("additionalProperties"), dict):
                node = node["additionalProperties"]
            else:
                return None
        return found

    def rank(self, name: Name | None) -> int:
        """Where a name stands among all of the schema; what it does not describe stands last."""
        return list(self._known).index(name.anchor) if name else len(self._known)

    def _object(self, node: Json) -> tuple[Json, str]:
        """What a value's own names are judged by, through lists and references, and the definition that this is."""
        of = ""
        while "$ref" in node or node.get("type") == "array":
            if "$ref" in node:
                of = node["$ref"].rpartition("/")[2]
                node = self.schema["$defs"][of]
            else:
                node, of = node.get("items", {}), ""
        return node, of

    def _definitions(self) -> Iterator[Definition]:
        for name, node in {self.kind: self.schema, **self.schema.get("$defs", {})}.items():
            made = Definition(name, node.get("description", ""))
            made.names += self._names(name, "", node)
            yield made

    def _names(self, of: str, before: str, node: Json) -> Iterator[Name]:
        for name, about in node.get("properties", {}).items():
            whole = before + name
            kind, follows = self._kind(about)
            needed = name in node.get("required", ())
            yield Name(f"{of}.{whole}", whole, kind, follows, needed, about.get("description", ""), about.get("examples", []))
            yield from self._names(of, f"{whole}.", about)

    def _kind(self, about: Json) -> tuple[str, str]:
        """What a value is, in words, and the definition that it follows."""
        if "$ref" in about:
            return "", about["$ref"].rpartition("/")[2]
        if "const" in about:
            return f'"{about["const"]}"', ""
        if "enum" in about:
            return " or ".join(f'"{one}"' for one in about["enum"]), ""
        if about.get("type") == "array":
            kind, of = self._kind(about.get("items", {}))
            return f"list of {kind}".strip() if kind else "list of", of
        return _WORDS.get(str(about.get("type", "")), "any JSON"), ""
