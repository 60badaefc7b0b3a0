"""Elements of a mapping table: in goes the TOML of a row's element, out comes an ``Element``, or a ``TableError``.

Qualifier and value pairs, rules, conditions, codes, paths and the partner's settings are read here too, and checked by
themselves: unknown keys, what the standard lacks, anything wider than the standard. What rows mean together is ``lint``'s.
"""

from __future__ import annotations

import re
from pathlib import Path as FilePath
from typing import Any, NoReturn

from attrs import define

from translator.errors import TableError
from translator.tables.paths import path
from translator.tables.standard import Standard
from translator.tables.table import NO_LIMIT, Element, Pairs, Path, Rule, ValueRule
from translator.x12.numbers import decimal

_PAIRS = {"from", "to", "codes", "names", "json", "qualifier", "value", "need"}
_ELEMENT = {
    "use", "min", "max", "codes", "json", "names", "need", "key", "only", "rules", "like", "check", "classify", "agrees",
    "make", "unique", "expect", "level", "note", "default", "prefix", "again", "least", "once",
}  # fmt: skip
_RULE = {"when", "codes", "like", "use", "document", "note"}
_VALUE = {"like", "check", "agrees", "note"}
REF = re.compile(r"([A-Z][A-Z0-9]{1,2})([0-9]{2})(?:-([0-9]{2}))?")
# Kinds of `make`: counted over the segments of a set; numbers of a tree; worked out on the canonical document.
TALLIED = ("count", "hash")
RECKONED = {"size": 0, "sum": 0, "verdict": 3, "structure": 1, "amount": 1}
_MAKES = {"tallied": TALLIED, "tree": ("number", "parent"), "reckoned": tuple(RECKONED)}
CHECKS = ("upc", "ean13", "ean8", "isbn", "sscc")


@define(eq=False, repr=False)
class Elements:
    """Reads elements for one table; ``where`` is the row that errors name."""

    file: str
    name: str
    raw: dict[str, Any]
    standard: Standard
    partner: str
    mappings: FilePath | None
    given: tuple[tuple[str, str], ...]
    where: str = ""
    settings: dict[str, str] | None = None

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
        for word in ("json", "check", "classify", "make", "expect", "note", "only", "like", "default", "prefix"):
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
        codes = {code: meaning or std.meanings.get(code, "") for code, meaning in self.codes(raw.get("codes", []), ref).items()}
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
        make = tuple(raw["make"].split()) if "make" in raw else ("",)
        kind, sort = make[0], next((s for s in _MAKES if make[0] in _MAKES[s]), "")
        if make[0] and (not sort or len(make) != (RECKONED.get(kind, 2) or len(make))):
            self.fail(f'{ref}: make is one of "count SEGMENT", "hash ELEMENT", "number HL", "size PATH" … (mappings/README.md)')
        if sort == "reckoned":
            for word in make[1 + (kind == "verdict") :]:
                try:
                    path(word.removeprefix("/"))
                except ValueError as error:
                    self.fail(f"{ref}: make works on the document: {error}")
            if kind == "verdict" and make[1] not in self.raw.get("verdicts", {}):
                self.fail(f"{ref}: [verdicts.{make[1]}] is missing")
        default, setting = self.default(raw.get("default", ""), ref)
        if default and codes and default not in codes:
            self.fail(f"{ref}: its default {default!r} is no code of it")
        if "least" in raw and decimal(str(raw["least"])) is None:
            self.fail(f'{ref}: least is an amount, as in "0.10"')
        return Element(
            ref, number, component, std.name, std.type, least, most, use == "M", codes, self.path(raw.get("json", "")),
            names, tuple(raw.get("need", ())), bool(raw.get("key")),
            self.condition(raw["only"], segment.tag, ref) if "only" in raw else None,
            tuple(self.rule(r, segment.tag, ref) for r in raw.get("rules", ())),
            self.pattern(raw["like"]) if "like" in raw else None, check, classify,
            (self.pattern(agrees["form"]), self.path(agrees["with"])) if (agrees := raw.get("agrees")) else None,
            (make[0], make[1]) if sort == "tallied" else None, bool(raw.get("unique")), raw.get("expect", ""), raw.get("level"),
            raw.get("note", ""), default, setting, raw.get("prefix", ""), bool(raw.get("again")),
            decimal(str(raw["least"])) if "least" in raw else None, bool(raw.get("once")),
            kind if sort == "tree" else "", make if sort == "reckoned" else (),
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
        found = REF.fullmatch(words[0]) if len(words) > 1 else None
        if found is None or found[1] != tag or found[3]:
            self.fail(f'{ref}: a condition is an element of the same segment and codes, as in "{tag}01 A B", not {text!r}')
        if not 1 <= int(found[2]) <= len(self.standard.segments[tag].elements):
            self.fail(f"{ref}: the condition names {words[0]}, which does not exist")
        return int(found[2]), frozenset(words[1:])

    # --- settings ---------------------------------------------------------------------------------------------------------

    def setting(self, name: str) -> str:
        """The value of a partner's setting: the given one, or its default."""
        from translator.tables.partner import settings

        if self.settings is None:
            self.settings = {}
        if name not in self.settings:
            known = settings(self.partner, self.mappings, dict(self.given))
            if name not in known:
                self.fail(f"the partner's file has no [settings.{name}]")
            self.settings[name] = known[name]
        return self.settings[name]

    def default(self, text: str, ref: str) -> tuple[str, str]:
        """What is written, and the setting that says it."""
        if not text.startswith("setting "):
            return text, ""
        name = text.removeprefix("setting ").strip()
        return self.setting(name), name

    def switch(self, text: str) -> tuple[str, bool]:
        """The setting that a row depends on, and whether its value keeps the row from being written."""
        if not text:
            return "", False
        name, *values = text.split()
        if not values:
            self.fail('`setting` is a setting and the values with which the row is written, as in "labels A B"')
        return name, self.setting(name) not in values

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
        try:
            return path(text) if text else ()
        except ValueError as error:
            self.fail(f"json {error}")

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
