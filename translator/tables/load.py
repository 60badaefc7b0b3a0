"""Loading a mapping table: TOML in, a checked ``Table`` out, ``TableError`` naming file, row and element otherwise.

Every check of the format is here: unknown keys, references to elements that the standard lacks, anything wider than the
standard, and reading that is not determined (two rows that could take the same segment).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from attrs import define, evolve

from translator.errors import TableError
from translator.tables.elements import REF, Elements
from translator.tables.lint import lint
from translator.tables.partner import settings
from translator.tables.paths import condition
from translator.tables.standard import parsed, standard
from translator.tables.table import AREAS, Loop, Row, Table, Tree, path_text

_TOP = {
    "partner",
    "set",
    "release",
    "group",
    "document",
    "source",
    "names",
    "values",
    "forms",
    "codes",
    "loops",
    "tree",
    "verdicts",
    "aside",
    "answer",
    "wanted",
    "carry",
    "lists",
    "unsafe",
    *AREAS,
}
_LISTED = ("codes", "names", "values", "forms")  # fmt: skip
_ROW = {"loop", "segment", "pos", "use", "max", "json", "pairs", "expect", "note", "unless", "with", "setting"}
_LOOP = {"use", "max", "json", "title", "same_as"}
_UNSAFE = {"elements", "replace"}
_REPLACEMENTS = {"refuse": "", "blank": " ", "hyphen": "-"}
_TREE = {"order", "pallet", "pack", "item", "structures"}


def load(name: str, mappings: FilePath | None = None, settings: tuple[tuple[str, str], ...] = ()) -> Table:
    """The table of ``mappings/NAME.toml``, ``name`` like ``partner/set``; one and the same each time. Raises ``TableError``.

    ``settings`` overrule those of the partner's file: (name, value).
    """
    return _load(name, mappings, settings)


@lru_cache(maxsize=32)
def _load(name: str, mappings: FilePath | None, settings: tuple[tuple[str, str], ...]) -> Table:
    file = f"mappings/{name}.toml"
    raw = parsed(file, mappings)
    release = raw.get("release")
    if "set" not in raw:
        raise TableError(f"{file} is not the guide of a transaction set: it has no `set`. `translator tables` lists the guides")
    if not isinstance(release, str):
        raise TableError(f'{file}: `release = "004010"` or another release is missing')
    if isinstance(raw.get("lists"), str):
        raw = _shared(raw, _lists(raw["lists"], mappings, {name}))
    loader = _Loader(file, name, raw, standard(release, mappings), name.rpartition("/")[0], mappings, settings)
    try:
        return loader.table()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # A key of the wrong type, or one that another needs: the row is known, and what Python says of it.
        what = f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)
        raise TableError(f"{file}, {loader.where or 'the table'}: {what}") from error


def _lists(name: str, mappings: FilePath | None, above: set[str]) -> dict[str, Any]:
    """The lists and envelope rows of a file, and of the file that it takes its own from."""
    raw = parsed(f"mappings/{name}.toml", mappings)
    below = raw.get("lists")
    if not isinstance(below, str):
        return raw
    if name in above:
        raise TableError(f"mappings/{name}.toml: `lists` leads back to itself")
    lists = _lists(below, mappings, above | {name})
    shared = {kind: {**lists.get(kind, {}), **raw.get(kind, {})} for kind in (*_LISTED, "unsafe")}
    return {**shared, "envelope": raw.get("envelope") or lists.get("envelope", [])}


def _shared(raw: dict[str, Any], lists: dict[str, Any]) -> dict[str, Any]:
    """A table with the lists and envelope rows that a partner's guides share; its own win."""
    merged = {kind: {**lists.get(kind, {}), **raw.get(kind, {})} for kind in (*_LISTED, "unsafe")}
    rows = raw.get("envelope") or [
        ({"GS01": {"use": "M", "codes": [raw.get("group")]}} if row.get("segment") == "GS" else {}) | row
        for row in lists.get("envelope", [])
    ]
    return {**raw, **merged, "envelope": rows}


@define(eq=False, repr=False)
class _Loader(Elements):
    rank: int = 0

    def table(self) -> Table:
        raw = self.raw
        self.keys(raw, _TOP, "the table")
        for key in ("partner", "set", "group", "document", "source"):
            self.need_text(raw, key)
        limits = self.standard.sets.get(raw["set"])
        if limits is None:
            self.fail(f"x12/{raw['release']}.toml says nothing of set {raw['set']}: add [sets.{raw['set']}] there")
        root = Loop("", True, 1)
        loops = {"": root}
        envelope = {}
        for area in AREAS:
            for n, row in enumerate(raw.get(area, []), 1):
                self.where = f"[[{area}]] row {n} ({row.get('segment', '?')})"
                self.rank += 1
                made = self.row(area, row, limits.limits)
                if area == "envelope":
                    envelope[made.segment] = made
                    continue
                if made.loop not in loops:
                    loops[made.loop] = self.loop(made, loops, limits.limits)
                loop = loops[made.loop]
                last = loop.items[-1] if loop.items else None
                if isinstance(last, Row) and made.key and last.key and (last.segment, last.pos) == (made.segment, made.pos):
                    made.rank = last.rank  # told apart by a key, they come in any order
                loop.items.append(made)
        for name, about in raw.get("loops", {}).items():
            self.where = f"[loops] {name}"
            if "same_as" in about:
                self.copy(name, about, loops, limits.limits)
            elif name not in loops:
                self.fail("no row belongs to this loop")
        for loop in loops.values():
            for item in loop.items:
                loop.by_tag.setdefault(item.segment if isinstance(item, Row) else item.tag, []).append(item)
        self.where = "[forms]"
        forms = {key: {f: self.pattern(p) for f, p in forms.items()} for key, forms in raw.get("forms", {}).items()}
        table = Table(
            self.name, raw["partner"], raw["set"], raw["release"], raw["group"], raw["document"], raw["source"],
            root, envelope, self.standard.segments["ST"], forms, limits, self.tree(), self.verdicts(),
            tuple(self.path(path) for path in raw.get("aside", ())), raw.get("answer", {}), settings=self.settings or {},
        )  # fmt: skip
        table.reckonings = tuple(
            (base + "".join(f"{step}." for step in path_text(e.json[:-1]).replace("[0]", "[]").split(".") if step), row, e)
            for base, row in table.places() for e in row.elements.values() if e.reckon
        )  # fmt: skip
        self.answering(table)
        onces = ((base, e) for base, row in table.places() for e in row.elements.values() if e.once and e.json)
        table.onces = tuple(dict.fromkeys(base + path_text(e.json) for base, e in onces))
        self.unsafe(table)
        if any(e.reckon[0] == "amount" for _, _, e in table.reckonings):
            rules = parsed(f"mappings/{self.partner}/derive.toml", self.mappings)
            table.price_bases = rules.get("derive", {}).get("price_basis", {})
        self.where = "[[carry]]"
        if "carry" in raw:
            from translator.tables.carry import carry_rules

            table.carry = carry_rules(raw["carry"], file=self.file)
            for name in (one.setting for one in table.carry if one.setting):
                table.settings[name] = self.setting(name)
        self.where = ""
        for sentence in lint(table):
            self.fail(sentence)
        return table

    # --- rows and loops -----------------------------------------------------------------------------------------------

    def row(self, area: str, raw: dict[str, Any], limits: dict[str, int]) -> Row:
        self.keys({k: v for k, v in raw.items() if not REF.fullmatch(k)}, _ROW, "a row")
        tag = self.need_text(raw, "segment")
        segment = self.standard.segments.get(tag)
        if segment is None:
            self.fail(f"the standard's file has no segment {tag}")
        loop = raw.get("loop", "")
        if loop and loop not in self.raw.get("loops", {}):
            self.fail(f"loop {loop!r} is not in [loops]")
        elements = {}
        for key in ("pos", "expect", "note", "json", "loop", "unless", "with", "setting"):
            if not isinstance(raw.get(key, ""), str):
                self.fail(f"`{key}` must be a text")
        for key, value in raw.items():
            if found := REF.fullmatch(key):
                if found[1] != tag:
                    self.fail(f"{key} is no element of {tag}")
                number, component = int(found[2]), int(found[3] or 0)
                elements[number, component] = self.element(key, number, component, value, segment)
        names = [e for e in elements.values() if e.names]
        keys = [e for e in elements.values() if e.key]
        pairs = self.pairs(raw.get("pairs"), segment)
        missed = [n for n, piece in enumerate(segment.elements, 1) if piece.mandatory]
        missed += [e.number for e in elements.values() if e.mandatory or e.expect]
        missed += [pairs.first + 2 * pairs.need - 1] if pairs and pairs.need else []
        setting, mute = self.switch(raw.get("setting", ""))
        rule = " ".join(filter(None, (self.file, area, raw.get("pos", ""), f"{tag}: {self.raw['source']}")))
        return Row(
            area, loop, tag, raw.get("pos", ""), self.use(raw), self.limit(raw, limits, f"{loop}/{tag}" if loop else tag),
            self.rank, segment, elements, self.path(raw.get("json", "")), pairs,
            raw.get("expect", ""), raw.get("note", ""), rule,
            (keys[0].number, frozenset(keys[0].codes)) if keys else None, names[0] if names else None, False,
            max(missed, default=0), self.path(raw.get("unless", "")), self.path(raw.get("with", "")), setting, mute,
        )  # fmt: skip

    def loop(self, trigger: Row, loops: dict[str, Loop], limits: dict[str, int]) -> Loop:
        raw = self.raw["loops"][trigger.loop]
        self.where = f"[loops] {trigger.loop}"
        self.keys(raw, _LOOP, "a loop")
        if not trigger.mandatory or trigger.most != 1:
            self.fail(f'the row that begins it, {trigger.segment}, must have use = "M" and max = 1')
        parent = loops.get(trigger.loop.rpartition("/")[0])
        if parent is None:
            self.fail("its outer loop must have a row before it")
        twin = next((i for i in parent.items if isinstance(i, Loop) and self.twins(i, trigger)), None)
        path = trigger.loop if "/" in trigger.loop else trigger.segment
        most = self.limit(raw, limits, path)
        made = Loop(
            trigger.loop, self.use(raw), most, self.path(raw.get("json", "")), raw.get("title", trigger.loop),
            twin.rank if twin else self.rank,
        )  # fmt: skip
        parent.items.append(made)
        return made  # variants (same segment, same position, told apart by a key) share a rank: they come in any order

    def copy(self, name: str, raw: dict[str, Any], loops: dict[str, Loop], limits: dict[str, int]) -> None:
        """A loop with the rows and inner loops of another, below another parent."""
        self.keys(raw, _LOOP, "a loop")
        model, parent = loops.get(raw["same_as"]), loops.get(name.rpartition("/")[0])
        if name in loops or model is None or parent is None:
            self.fail("`same_as` names a loop with rows; its own loop has none, and its outer loop has")
        self.rank += 1  # after all that stands below the parent so far, beside a twin
        rank = next((i.rank for i in parent.items if isinstance(i, Loop) and self.twins(i, model.trigger)), self.rank)
        made = loops[name] = evolve(
            model, name=name, mandatory=self.use(raw), most=self.limit(raw, limits, name), json=self.path(raw.get("json", "")),
            title=raw.get("title", model.title), rank=rank, items=[_copied(item) for item in model.items], by_tag={},
        )  # fmt: skip
        parent.items.append(made)
        for inner in (made, *made.loops()):
            inner.name = name + inner.name.removeprefix(model.name) if inner is not made else name
            loops[inner.name] = inner
            for row in inner.items:
                if isinstance(row, Row):
                    row.loop = inner.name

    @staticmethod
    def twins(loop: Loop, trigger: Row) -> bool:
        other = loop.trigger
        return bool((other.segment, other.pos, other.area) == (trigger.segment, trigger.pos, trigger.area) and trigger.key)

    def unsafe(self, table: Table) -> None:
        """The texts in which a delimiter may be replaced, by their data elements, and what by."""
        self.where, raw = "[unsafe]", self.raw.get("unsafe", {})
        self.keys(raw, _UNSAFE, "[unsafe]")
        if not raw:
            return
        text = self.need_text(raw, "replace")
        if text.startswith("setting ") and text.split()[-1] not in settings(self.partner, self.mappings):
            return  # a partner that took over another's lists, and says nothing of it: refused
        by, _ = self.default(text, "[unsafe]")
        if by not in _REPLACEMENTS:
            self.fail(f"replace is one of {', '.join(_REPLACEMENTS)}, not {by!r}")
        table.replacement = _REPLACEMENTS[by]
        numbers = set(raw.get("elements", ()))
        found = ((base, row, e) for base, row in table.places() for e in row.elements.values() if e.json and not e.component)
        table.free = frozenset(
            base + path_text(e.json) for base, row, e in found if row.standard.elements[e.number - 1].number in numbers
        )

    # --- trees and verdicts -----------------------------------------------------------------------------------------------

    def tree(self) -> Tree | None:
        raw = self.raw.get("tree")
        if raw is None:
            return None
        self.where = "[tree]"
        self.keys(raw, _TREE, "the tree")
        structures = {code: frozenset(paths) for code, paths in raw.get("structures", {}).items()}
        order, pallet, pack, item = (self.need_text(raw, key) for key in ("order", "pallet", "pack", "item"))
        return Tree(order, pallet, pack, item, structures)

    def answering(self, table: Table) -> None:
        """Check what a table says of the orders that its documents answer, and of what those should say."""
        self.where = "[answer]"
        self.keys(table.answer, {"orders", "lines", "instead", "alone"}, "it")
        if not all(isinstance(value, str) for value in table.answer.values()) or table.answer.get("instead", "ids") != "ids":
            self.fail('its values are texts; `instead` is "ids"')
        if "alone" in table.answer:
            try:
                condition(table.answer["alone"])
            except ValueError as error:
                self.fail(f"alone: {error}")
        self.where = "[wanted]"
        for text, words in self.raw.get("wanted", {}).items():
            if not isinstance(words, str):
                self.fail("it has words for each path")
            table.wanted += ((text, words, tuple(self.path(one) for one in text.split(" or "))),)
        self.where = ""

    def verdicts(self) -> dict[str, dict[str, frozenset[str]]]:
        self.where = "[verdicts]"
        return {name: {code: frozenset(values) for code, values in v.items()} for name, v in self.raw.get("verdicts", {}).items()}


def _copied(item: Row | Loop) -> Row | Loop:
    """A row or a loop once more: what is seen while reading belongs to one place."""
    if isinstance(item, Row):
        return evolve(item)
    return evolve(item, items=[_copied(inner) for inner in item.items], by_tag={})
