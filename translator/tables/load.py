"""Loading a mapping table: TOML in, a checked ``Table`` out, ``TableError`` naming file, row and element otherwise.

Every check of the format is here: unknown keys, references to elements that the standard lacks, anything wider than the
standard, and reading that is not determined (two rows that could take the same segment).
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any, NoReturn

from attrs import define

from translator.errors import TableError
from translator.tables.lint import lint
from translator.tables.standard import Standard, parsed, standard
from translator.tables.table import AREAS, NO_LIMIT, Element, Loop, Pairs, Path, Row, Rule, Table, ValueRule

_TOP = {"partner", "set", "release", "group", "document", "source", "names", "values", "forms", "codes", "loops", *AREAS}
_ROW = {"loop", "segment", "pos", "use", "max", "json", "pairs", "expect", "note"}
_LOOP = {"use", "max", "json", "title"}
_PAIRS = {"from", "to", "codes", "names", "json", "qualifier", "value", "need"}
_ELEMENT = {
    "use", "min", "max", "codes", "json", "names", "need", "key", "only", "rules", "like", "check", "classify", "agrees",
    "make", "unique", "expect", "level", "note",
}  # fmt: skip
_RULE = {"when", "codes", "like", "use", "document", "note"}
_VALUE = {"like", "check", "agrees", "note"}
_REF = re.compile(r"([A-Z][A-Z0-9]{1,2})([0-9]{2})(?:-([0-9]{2}))?")
_STEP = re.compile(r"([a-z][a-z0-9_]*)(\[\])?|\*")
CHECKS = ("upc", "ean13", "ean8", "isbn", "sscc")


def load(name: str, mappings: FilePath | None = None) -> Table:
    """The table of ``mappings/NAME.toml``, ``name`` like ``partner/set``; one and the same each time. Raises ``TableError``."""
    return _load(name, mappings)


@lru_cache(maxsize=32)
def _load(name: str, mappings: FilePath | None) -> Table:
    file = f"mappings/{name}.toml"
    raw = parsed(file, mappings)
    release = raw.get("release")
    if not isinstance(release, str):
        raise TableError(f'{file}: `release = "004010"` or another release is missing')
    loader = _Loader(file, name, raw, standard(release, mappings))
    try:
        return loader.table()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # A key of the wrong type, or one that another needs: the row is known, and what Python says of it.
        what = f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)
        raise TableError(f"{file}, {loader.where or 'the table'}: {what}") from error


@define(eq=False, repr=False)
class _Loader:
    file: str
    name: str
    raw: dict[str, Any]
    standard: Standard
    where: str = ""
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
                loop.items.append(made)
        for name in raw.get("loops", {}):
            self.where = f"[loops] {name}"
            if name not in loops:
                self.fail("no row belongs to this loop")
        for loop in loops.values():
            for item in loop.items:
                loop.by_tag.setdefault(item.segment if isinstance(item, Row) else item.tag, []).append(item)
        self.where = "[forms]"
        forms = {key: {f: self.pattern(p) for f, p in forms.items()} for key, forms in raw.get("forms", {}).items()}
        table = Table(
            self.name, raw["partner"], raw["set"], raw["release"], raw["group"], raw["document"], raw["source"],
            root, envelope, self.standard.segments["ST"], forms, limits,
        )  # fmt: skip
        self.where = ""
        for sentence in lint(table):
            self.fail(sentence)
        return table

    # --- rows and loops -----------------------------------------------------------------------------------------------

    def row(self, area: str, raw: dict[str, Any], limits: dict[str, int]) -> Row:
        self.keys({k: v for k, v in raw.items() if not _REF.fullmatch(k)}, _ROW, "a row")
        tag = self.need_text(raw, "segment")
        segment = self.standard.segments.get(tag)
        if segment is None:
            self.fail(f"the standard's file has no segment {tag}")
        loop = raw.get("loop", "")
        if loop and loop not in self.raw.get("loops", {}):
            self.fail(f"loop {loop!r} is not in [loops]")
        elements = {}
        for key in ("pos", "expect", "note", "json", "loop"):
            if not isinstance(raw.get(key, ""), str):
                self.fail(f"`{key}` must be a text")
        for key, value in raw.items():
            if found := _REF.fullmatch(key):
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
        rule = " ".join(filter(None, (self.file, area, raw.get("pos", ""), f"{tag}: {self.raw['source']}")))
        return Row(
            area, loop, tag, raw.get("pos", ""), self.use(raw), self.limit(raw, limits, f"{loop}/{tag}" if loop else tag),
            self.rank, segment, elements, self.path(raw.get("json", "")), pairs,
            raw.get("expect", ""), raw.get("note", ""), rule,
            (keys[0].number, frozenset(keys[0].codes)) if keys else None, names[0] if names else None, False,
            max(missed, default=0),
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

    @staticmethod
    def twins(loop: Loop, trigger: Row) -> bool:
        other = loop.trigger
        return bool((other.segment, other.pos, other.area) == (trigger.segment, trigger.pos, trigger.area) and trigger.key)

    # --- elements ---------------------------------------------------------------------------------------------------------

    def element(self, ref: str, number: int, component: int, raw: Any, segment: Any) -> Element:
        if not isinstance(raw, dict):
            self.fail(f"{ref} must be a table in braces")
        self.keys(raw, _ELEMENT, ref)
        if number > len(segment.elements):
            self.fail(f"{ref} does not exist: {segment.tag} has {len(segment.elements)} elements")
        std = segment.elements[number - 1]
        if component:
            if component > len(std.components):
                self.fail(f"{ref} does not exist: {segment.tag}{number:02d} has {len(std.components)} components")
            mandatory = std.mandatory
            std = std.components[component - 1]
            mandatory = mandatory and std.mandatory
        else:
            mandatory = std.mandatory
            if std.type == "C":
                self.fail(f"{ref} is a composite: name its components, {ref}-01 and on")
        for word in ("json", "check", "classify", "make", "expect", "note", "only", "like"):
            if not isinstance(raw.get(word, ""), str):
                self.fail(f"{ref}: `{word}` must be a text")
        if not isinstance(raw.get("need", []), list):
            self.fail(f"{ref}: `need` must be a list of codes")
        least, most = raw.get("min", std.least), raw.get("max", std.most)
        if least < std.least or most > std.most or least > most:
            self.fail(f"{ref}: length {least} to {most} is wider than the standard's {std.least} to {std.most}")
        use = raw.get("use", "M" if mandatory else "O")
        if use not in ("M", "O") or (mandatory and use == "O"):
            self.fail(f'{ref}: use must be "M" or "O", and "M" where the standard says so')
        codes = self.codes(raw.get("codes", []), ref)
        for code in codes:
            if std.type == "ID" and not least <= len(code) <= most:
                self.fail(f"{ref}: code {code!r} has not {least} to {most} characters")
        names = self.named("names", raw["names"]) if "names" in raw else {}
        if names and set(names) - set(codes):
            self.fail(f"{ref}: names for {sorted(set(names) - set(codes))}, which are no codes of it")
        check = raw.get("check", "")
        if check and check not in CHECKS:
            self.fail(f"{ref}: no check digit is called {check!r}; there are {', '.join(CHECKS)}")
        if (classify := raw.get("classify", "")) and classify not in self.raw.get("forms", {}):
            self.fail(f"{ref}: [forms.{classify}] is missing")
        if raw.get("level") not in (None, "error", "warning"):
            self.fail(f'{ref}: level is "error" or "warning"')
        if raw.get("key") and not codes:
            self.fail(f"{ref}: a key needs codes")
        make = tuple(raw["make"].split()) if "make" in raw else None
        if make and (len(make) != 2 or make[0] not in ("count", "hash")):
            self.fail(f'{ref}: make is "count SEGMENT" or "hash ELEMENT"')
        return Element(
            ref, number, component, std.name, std.type, least, most, use == "M", codes, self.path(raw.get("json", "")),
            names, tuple(raw.get("need", ())), bool(raw.get("key")),
            self.condition(raw["only"], segment.tag, ref) if "only" in raw else None,
            tuple(self.rule(r, segment.tag, ref) for r in raw.get("rules", ())),
            self.pattern(raw["like"]) if "like" in raw else None, check, classify,
            (self.pattern(agrees["form"]), self.path(agrees["with"])) if (agrees := raw.get("agrees")) else None,
            (make[0], make[1]) if make else None, bool(raw.get("unique")), raw.get("expect", ""), raw.get("level"),
            raw.get("note", ""),
        )  # fmt: skip

    def pairs(self, raw: dict[str, Any] | None, segment: Any) -> Pairs | None:
        if raw is None:
            return None
        self.keys(raw, _PAIRS, "pairs")
        first, last = raw["from"], raw["to"]
        if not 1 <= first < last <= len(segment.elements) or (last - first) % 2 == 0:
            self.fail(f"pairs from {first} to {last} are no pairs of {segment.tag}")
        key = raw.get("names", "")
        names = self.named("names", key) if key else {}
        if not names and not (raw.get("qualifier") and raw.get("value")):
            self.fail("pairs need names, or the keys `qualifier` and `value` for a list")
        codes = self.codes(raw["codes"], "pairs")
        if set(names) - set(codes):
            self.fail(f"pairs: names for {sorted(set(names) - set(codes))}, which are no codes of them")
        values = {q: self.value_rule(v) for q, v in self.raw.get("values", {}).get(key, {}).items()}
        return Pairs(
            first, last, codes, self.path(raw["json"]), names, values,
            raw.get("qualifier", ""), raw.get("value", ""), raw.get("need", 0),
        )  # fmt: skip

    def rule(self, raw: dict[str, Any], tag: str, ref: str) -> Rule:
        self.keys(raw, _RULE, f"a rule of {ref}")
        return Rule(
            tuple(self.condition(c, tag, ref) for c in raw.get("when", ())), tuple(raw.get("codes", ())),
            self.pattern(raw["like"]) if "like" in raw else None, raw.get("use", "O"),
            (self.path(place[0]), place[1]) if (place := raw.get("document", "").split()) else None, raw.get("note", ""),
        )  # fmt: skip

    def value_rule(self, raw: dict[str, Any]) -> ValueRule:
        self.keys(raw, _VALUE, "a value rule")
        if raw.get("check", "upc") not in CHECKS:
            self.fail(f"no check digit is called {raw['check']!r}; there are {', '.join(CHECKS)}")
        agrees = raw.get("agrees")
        return ValueRule(
            self.pattern(raw["like"]) if "like" in raw else None, raw.get("check", ""),
            (self.pattern(agrees["form"]), agrees["with"]) if agrees else None, raw.get("note", ""),
        )  # fmt: skip

    def condition(self, text: str, tag: str, ref: str) -> tuple[int, frozenset[str]]:
        words = text.split()
        found = _REF.fullmatch(words[0]) if len(words) > 1 else None
        if found is None or found[1] != tag or found[3]:
            self.fail(f'{ref}: a condition is an element of the same segment and codes, as in "{tag}01 A B", not {text!r}')
        if not 1 <= int(found[2]) <= len(self.standard.segments[tag].elements):
            self.fail(f"{ref}: the condition names {words[0]}, which does not exist")
        return int(found[2]), frozenset(words[1:])

    # --- small things -----------------------------------------------------------------------------------------------------

    def codes(self, raw: Any, ref: str) -> dict[str, str]:
        if isinstance(raw, str):
            return self.named("codes", raw)
        if not isinstance(raw, list) or not all(isinstance(code, str) for code in raw):
            self.fail(f"{ref}: codes are a list of texts, or the name of a list in [codes]")
        return dict.fromkeys(raw, "")

    def named(self, kind: str, name: str) -> dict[str, str]:
        found = self.raw.get(kind, {}).get(name)
        if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
            self.fail(f"[{kind}.{name}] is missing, or is no list of texts")
        return found

    def path(self, text: str) -> Path:
        steps: list[tuple[str, str]] = []
        for word in text.split(".") if text else ():
            found = _STEP.fullmatch(word)
            if found is None or (word == "*" and not steps):
                self.fail(f"json {text!r} is no path: lower-case names, dots, [] for a list, * for a name by qualifier")
            steps.append(("*", "*") if word == "*" else (found[1], found[2] or ""))
        return tuple(steps)

    def pattern(self, text: str) -> re.Pattern[str]:
        try:
            return re.compile(text, re.ASCII)
        except re.error as error:
            self.fail(f"pattern {text!r}: {error}")

    def use(self, raw: dict[str, Any]) -> bool:
        if raw.get("use") not in ("M", "O"):
            self.fail('use must be "M" or "O"')
        return bool(raw["use"] == "M")

    def limit(self, raw: dict[str, Any], limits: dict[str, int], name: str) -> int:
        most = raw.get("max")
        if most == ">1":
            return limits.get(name, NO_LIMIT)
        if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= limits.get(name, NO_LIMIT):
            limit = f" (at most the standard's {limits[name]})" if name in limits else ""
            self.fail(f'max must be a number from 1{limit} or ">1", not {most!r}')
        return most

    def need_text(self, raw: dict[str, Any], key: str) -> str:
        value = raw.get(key)
        if not isinstance(value, str) or not value:
            self.fail(f"`{key}` is missing, or is no text")
        return value

    def keys(self, raw: dict[str, Any], known: set[str], what: str) -> None:
        for key in raw:
            if key not in known:
                self.fail(f"{what} has no key {key!r}; it may have {', '.join(sorted(known))}")

    def fail(self, message: str) -> NoReturn:
        raise TableError(f"{self.file}, {self.where}: {message}" if self.where else f"{self.file}: {message}")
