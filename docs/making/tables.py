"""The pages of tables: a guide as it is printed, and the columns of the ERP's files."""

from __future__ import annotations

from typing import Any

from making.markdown import plain, said, table
from translator import shipped
from translator.show.spec.making import guide as made
from translator.show.spec.markdown import markdown
from translator.tables.guide import shelf
from translator.tables.load import load
from translator.tables.standard import parsed


def guide(name: str) -> str:
    """As `translator tables … --markdown` prints it, under the number by which people look for it."""
    held = load(name)
    title, _, rest = markdown(made(name)).partition("\n")
    words = f"{title.removeprefix('# ')}. The same as `translator tables {name.replace('/', ' ')} --markdown`."
    return f"# {held.set_id} {held.limits.name} ({name})\n\n{words}\n{rest}"


def as_it_stands(name: str) -> str:
    """A table that has no printed form: the file itself, which is written to be read."""
    return f"# {name}\n\n```toml\n{shipped.text(f'mappings/{name}.toml').strip()}\n```\n"


_COLUMN = {
    "name", "path", "key", "required", "or", "value", "kind", "length", "like", "check", "codes", "words", "width", "align", "pad",
    "note",
}  # fmt: skip


def columns() -> str:
    lines = ["# Columns of the ERP's files", ""]
    lines += ["The shipped column tables. [How to change one](../howto/columns.md), [every key](column-tables.md)."]
    for name in [name for name, kind in shelf() if kind == "columns"]:
        raw = parsed(f"mappings/{name}.toml")
        lines += ["", f"## {name}", "", f"{plain(raw['title'])}. A row is one of `{raw['each']}`."]
        if strange := {key for column in raw["column"] for key in column} - _COLUMN:
            raise LookupError(f"{name}: what is {', '.join(sorted(strange))} of a column?")
        rows = []
        for column in raw["column"]:
            place = f"`{column['path']}`" if "path" in column else f"always `{column['value']}`"
            rows.append([f"`{column['name']}`" if "name" in column else "–", place, plain(_column(column))])
        lines += table(["column", "place in the document", "says"], rows)
    return "\n".join(lines) + "\n"


def _column(column: dict[str, Any]) -> str:
    words = ["must be filled" + (f", or {said(column['or'])}" if "or" in column else "")] if column.get("required") else []
    words += ["tells rows apart"] if column.get("key") else []
    words += [column["note"]] if "note" in column else []
    words += [", ".join(f"{theirs} is {ours}" for ours, theirs in column["codes"].items())] if "codes" in column else []
    return "; ".join(words)
