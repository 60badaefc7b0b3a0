"""A column table from its TOML: a name goes in, a ``ColumnTable`` comes out, or a ``TableError`` naming file, row and key.

What cannot be right does not load: an unknown key, a place that the document's schema does not have, two columns for one place,
rows that could not be put together again on the way back.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from attrs import define

from translator import shipped
from translator.documents.places import Steps, kind_of, part_of, steps, text_of
from translator.errors import TableError
from translator.exchange.columns.cells import CHECKED, FLAGS, KINDS, date_form, time_form
from translator.exchange.columns.table import REPORT, Column, ColumnTable, FileForm, split
from translator.tables.keys import known_keys
from translator.tables.standard import parsed

TOP = {"document", "title", "each", "without", "file", "column"}
FILE = {
    "layout", "delimiter", "quote", "encoding", "line_end", "header", "date", "time", "decimal", "one_file", "name", "trigger",
    "other_columns",
}  # fmt: skip
COLUMN = {
    "name", "path", "key", "required", "or", "kind", "value", "length", "like", "check", "codes", "words", "width", "align", "pad",
    "note",
}  # fmt: skip
CHOICES = {
    "layout": ("delimited", "fixed"),
    "delimiter": (",", ";", "\t", "|"),
    "quote": ("needed", "always", "never"),
    "encoding": ("utf-8", "utf-8-sig", "cp1252", "latin-1", "ascii", "cp437"),
    "line_end": ("\r\n", "\n"),
    "decimal": (".", ","),
    "one_file": ("document", "pass"),
    "other_columns": ("refuse", "ignore"),
    "without": ("refuse", "skip", "row"),
    "align": ("left", "right"),
    "pad": (" ", "0"),
}
"""The words that a key may have, the first of them where the table says nothing."""
_NAME = re.compile(r"[a-z0-9](?:[A-Za-z0-9._-]|\{[a-z_.]+\})*")


def load(name: str, mappings: Path | None = None) -> ColumnTable:
    """The table of ``mappings/NAME.toml``, such as ``erp/shipments``. Raises ``TableError``."""
    return _load(name.removeprefix("mappings/").removesuffix(".toml"), mappings)


@lru_cache(maxsize=32)
def _load(name: str, mappings: Path | None) -> ColumnTable:
    file = f"mappings/{name}.toml"
    return _Loader(parsed(file, mappings), file, name).table()


@define(eq=False, repr=False)
class _Loader:
    raw: dict[str, Any]
    file: str
    name: str

    def table(self) -> ColumnTable:
        raw = self.raw
        known_keys(raw, TOP, self.file, "a column table")
        for key in ("document", "each", "column"):
            if key not in raw:
                self.fail(self.file, f"`{key}` is missing")
        for key in ("document", "title", "each"):
            if not isinstance(raw.get(key, ""), str):
                self.fail(self.file, f"`{key}` must be a text")
        schema = self.schema(raw["document"])
        each = self.each(schema)
        levels = split(each)
        without = self.choice(raw, "without", self.file)
        form = self.form(raw.get("file", {}), schema)
        rows = raw["column"]
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            self.fail(self.file, "columns are rows, [[column]]")
        columns = tuple(self.column(n, row, levels, schema, form) for n, row in enumerate(rows, 1))
        table = ColumnTable(self.name, raw["document"], raw.get("title", ""), levels, without, form, columns)
        self.fits(table)
        return table

    def schema(self, document: str) -> dict[str, Any]:
        names = [n.removeprefix("schemas/").removesuffix(".schema.json") for n in shipped.names("schemas", ".schema.json")]
        if document not in names:
            self.fail(self.file, f"`document` is {document!r}; there are {', '.join(names)}")
        schema: dict[str, Any] = json.loads(shipped.text(f"schemas/{document}.schema.json"))
        return schema

    def each(self, schema: dict[str, Any]) -> Steps:
        each = self.path(self.raw["each"], f"{self.file}, `each`")
        if not each[-1].each or any(step.codes or step.index for step in each):
            self.fail(self.file, "`each` is the path of a list, as in lines[], orders[].packs[].items[] or orders[0].lines[]")
        try:
            part_of(schema, each)
        except ValueError as error:
            self.fail(f"{self.file}, `each`", str(error))
        return each

    def form(self, raw: Any, schema: dict[str, Any]) -> FileForm:
        where = f"{self.file}, [file]"
        if not isinstance(raw, dict):
            self.fail(where, "it is a table of keys")
        known_keys(raw, FILE, where, "[file]")
        chosen = {key: self.choice(raw, key, where) for key in CHOICES if key in FILE}
        fixed = chosen["layout"] == "fixed"
        if fixed and (set(raw) & {"delimiter", "quote"}):
            self.fail(where, "a fixed layout has neither `delimiter` nor `quote`: each column has its `width`")
        if chosen["delimiter"] == chosen["decimal"] and chosen["quote"] == "never" and not fixed:
            self.fail(where, "a decimal comma in a file divided by commas needs quotes")
        header = raw.get("header", not fixed)
        if not isinstance(header, bool):
            self.fail(where, "`header` is true or false")
        texts = {key: raw.get(key, default) for key, default in (("date", "YYYY-MM-DD"), ("time", "HH:MM"))}
        for key, form in (("date", date_form), ("time", time_form)):
            try:
                form(texts[key])
            except (ValueError, TypeError, AttributeError):
                said = "YYYY, MM and DD, as in YYYY-MM-DD or DD.MM.YYYY" if key == "date" else "HH, MM and perhaps SS, as in HH:MM"
                self.fail(where, f"`{key}` is {texts[key]!r}; it is written with {said}, each once")
        name, trigger = raw.get("name", f"{self.name.rsplit('/', 1)[-1]}-{{stamp}}.csv"), raw.get("trigger", "")
        if not isinstance(name, str) or not _NAME.fullmatch(name) or "." not in name.rsplit("}", 1)[-1]:
            self.fail(where, f"`name` is {name!r}; a file's name begins with a letter, has an ending, and {{places}} in braces")
        if trigger and (not isinstance(trigger, str) or not re.fullmatch(r"[A-Za-z0-9._{}-]+", trigger)):
            self.fail(where, f"`trigger` is {trigger!r}; it is a file's name, with {{name}} for that of the file")
        for place in re.findall(r"\{([a-z_.]+)\}", name):
            if place != "stamp" and chosen["one_file"] == "pass":
                self.fail(where, f"`name` has {{{place}}}, but one file holds several documents: only {{stamp}} can stand there")
            if place != "stamp":
                self.kind(schema, self.path(place, f"{where}, `name`"), f"{where}, `name`")
        return FileForm(**chosen, header=header, name=name, trigger=trigger, **texts)

    def column(self, n: int, raw: dict[str, Any], levels: tuple[Steps, ...], schema: dict[str, Any], form: FileForm) -> Column:
        where = f"{self.file}, [[column]] row {n} ({raw.get('name', raw.get('path', '?'))})"
        known_keys(raw, COLUMN, where, "a column")
        for key in ("name", "path", "kind", "check", "like", "note"):
            if key in raw and (not isinstance(raw[key], str) or not raw[key].strip()):
                self.fail(where, f"`{key}` must be a text")
        for key in ("key", "required", "words"):
            if not isinstance(raw.get(key, False), bool):
                self.fail(where, f"`{key}` is true or false")
        name = raw.get("name", "")
        if name != name.strip() or not name.isprintable():
            self.fail(where, "`name` has blanks around it, or characters that do not print")
        if form.layout == "fixed" and name and (type(raw.get("width")) is not int or raw["width"] < 1):
            self.fail(where, "a fixed layout needs the `width` of each column, a number from 1")
        if (form.layout != "fixed" or not name) and set(raw) & {"width", "align", "pad"}:
            self.fail(where, "`width`, `align` and `pad` are for columns of a fixed layout")
        common: dict[str, Any] = {
            "name": name, "note": raw.get("note", ""), "rule": where, "width": raw.get("width", 0),
            "align": self.choice(raw, "align", where), "pad": self.choice(raw, "pad", where),
        }  # fmt: skip
        if "path" not in raw:
            if not name or set(raw) - {"name", "value", "note", "width", "align", "pad"} or not isinstance(raw.get("value"), str):
                self.fail(where, "a column without `path` always says the same: it has `name` and `value`, a text, and no more")
            return Column(**common, value=raw["value"])
        whole = self.path(raw["path"], where)
        level, path = self.placed(whole, levels, where)
        kind = self.kind(schema, whole, where)
        wanted = raw.get("kind", "text" if kind == "any" else kind)
        if wanted not in KINDS:
            self.fail(where, f"`kind` is {wanted!r}; there are {', '.join(KINDS)}")
        if kind not in ("any", wanted):
            self.fail(where, f"`kind` is {wanted!r}, but {text_of(whole)} is {kind}: leave `kind` out")
        if not name or "value" in raw:
            if name or set(raw) - {"path", "value", "note"} or type(raw.get("value")) not in (str, int, bool):
                self.fail(
                    where, "a constant of the document has `path` and `value`, and no more; one of the file `name` and `value`"
                )
            return Column(**common, whole=whole, level=level, path=path, kind=wanted, value=raw["value"])
        return Column(
            **common, whole=whole, level=level, path=path, kind=wanted, key=raw.get("key", False),
            required=raw.get("required", False), words=raw.get("words", False), **self.rules(raw, wanted, where),
        )  # fmt: skip

    def rules(self, raw: dict[str, Any], kind: str, where: str) -> dict[str, Any]:
        """What is asked of the values of a column."""
        lengths = raw.get("length", [])
        lengths = lengths if isinstance(lengths, list) else [lengths]
        if not all(type(n) is int and n > 0 for n in lengths):
            self.fail(where, "`length` is a number, or a list of numbers")
        unless = raw.get("or", [])
        unless = [unless] if isinstance(unless, str) else unless
        if not isinstance(unless, list) or not all(isinstance(other, str) for other in unless):
            self.fail(where, "`or` is the name of a column, or a list of names")
        if unless and not raw.get("required"):
            self.fail(where, "`or` goes with `required = true`: one of these columns must be filled")
        if kind != "text" and (given := set(raw) & {"length", "like", "check", "words"}):
            self.fail(where, f"`{min(given)}` is for texts, and this is {kind}")
        if raw.get("words") and set(raw) & {"length", "like", "check", "key"}:
            self.fail(where, "`words` are for people to read: no `length`, `like`, `check` or `key`")
        if raw.get("check", CHECKED[0]) not in CHECKED:
            self.fail(where, f"`check` is {raw['check']!r}; there are {', '.join(CHECKED)}")
        try:
            like = re.compile(raw["like"], re.ASCII) if "like" in raw else None
        except re.error as error:
            self.fail(where, f"`like` is no pattern: {error}")
        codes = raw.get("codes", dict(FLAGS) if kind == "flag" else {})
        if not isinstance(codes, dict) or not all(isinstance(word, str) and word.strip() == word != "" for word in codes.values()):
            self.fail(where, "`codes` gives each value of the document the ERP's word, a text")
        if len(set(codes.values())) < len(codes):
            self.fail(where, "two values have the same word in `codes`: on the way back nobody could tell which is meant")
        if codes and kind not in ("text", "flag"):
            self.fail(where, f"`codes` are for texts and flags, and this is {kind}")
        if kind == "flag" and set(codes) - {"true", "false"}:
            self.fail(where, "the `codes` of a flag are for true and false")
        return {
            "lengths": tuple(sorted(lengths)), "unless": tuple(unless), "like": like, "check": raw.get("check", ""), "codes": codes,
        }  # fmt: skip

    def placed(self, whole: Steps, levels: tuple[Steps, ...], where: str) -> tuple[int, Steps]:
        """The level of the object that holds a path, and the path from there."""
        level, rest = 0, whole
        while level < len(levels) and rest[: len(levels[level])] == levels[level]:
            rest = rest[len(levels[level]) :]
            level += 1
        if any(step.each for step in rest):
            self.fail(where, f"{text_of(whole)} leaves the path of `each`: a row has one value here; name it with [0] or [code=X]")
        if not rest:
            self.fail(where, f"{text_of(whole)} is an object: name what stands in it")
        return level, rest

    def fits(self, table: ColumnTable) -> None:
        """Columns agree with each other, and the rows can be put together again."""
        names: set[str] = set()
        for c in table.in_file:
            if c.name.casefold() in names:
                self.fail(c.rule, "another column has the same name")
            if c.name.casefold() in REPORT:
                self.fail(c.rule, f"columns called {' and '.join(REPORT)} are those of a reject file")
            names.add(c.name.casefold())
            if strange := [name for name in c.unless if (o := table.column(name)) is None or o.constant or o.level != c.level]:
                self.fail(c.rule, f"`or` names {strange[0]!r}, which is no column of the same object")
            if table.form.header and table.form.layout == "fixed" and len(c.name) > c.width:
                self.fail(c.rule, "its name is longer than its width, and the file has a header")
            for text in (c.name, *([c.value] if c.constant else c.codes.values())):
                self.writable(table.form, c, text)
            if any(len(text) > c.width for text in ([c.value] if c.constant else c.codes.values()) if c.width):
                self.fail(c.rule, "what it says is longer than the column is wide")
        self.places(table)
        for level in range(table.depth):
            if not table.keys(level):
                of = text_of(tuple(s for steps in table.levels[:level] for s in steps)) or "the document"
                self.fail(self.file, f"no column with `key = true` tells one of {of} from the next: rows could not be put together")
        if table.without != "row" and not any(c.required and c.level == table.depth for c in table.said):
            self.fail(self.file, "a column of the innermost object needs `required = true`: else an empty row would be one")

    def places(self, table: ColumnTable) -> None:
        """No place is filled by two columns, or is both a value and an object, or a list told in two ways."""
        seen: dict[Steps, Column] = {}
        for c in (*table.said, *table.fixed):
            if c.whole in seen:
                self.fail(c.rule, f"{c.place} is filled by {seen[c.whole].name or 'a constant'} too")
            seen[c.whole] = c
        ways: dict[tuple[Steps, str], str] = {}
        for c in seen.values():
            for n, step in enumerate(c.whole):
                if n and c.whole[:n] in seen:
                    self.fail(c.rule, f"{text_of(c.whole[:n])} is filled by {seen[c.whole[:n]].name} and used as an object")
                way = "each" if step.each else "number" if step.index is not None else "code" if step.codes else "name"
                if ways.setdefault((c.whole[:n], step.name), way) != way:
                    self.fail(c.rule, f"{text_of(c.whole[: n + 1])}: another column speaks of the list {step.name} in another way")

    def writable(self, form: FileForm, column: Column, text: str) -> None:
        try:
            text.encode(form.encoding)
        except UnicodeEncodeError:
            self.fail(column.rule, f"{text!r} cannot be written in {form.encoding}")

    # --- small things -------------------------------------------------------------------------------------------------

    def kind(self, schema: dict[str, Any], path: Steps, where: str) -> str:
        try:
            return kind_of(schema, path)
        except ValueError as error:
            return self.fail(where, str(error))

    def path(self, text: str, where: str) -> Steps:
        try:
            return steps(text)
        except ValueError as error:
            return self.fail(where, str(error))

    def choice(self, raw: dict[str, Any], key: str, where: str) -> Any:
        value = raw.get(key, CHOICES[key][0])
        if value not in CHOICES[key]:
            self.fail(where, f"`{key}` is {value!r}; it may be {', '.join(map(repr, CHOICES[key]))}")
        return value

    def fail(self, where: str, message: str) -> NoReturn:
        raise TableError(f"{where}: {message}")
