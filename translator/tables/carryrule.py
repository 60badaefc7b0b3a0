"""The ``[[carry]]`` rows of a table: TOML in, a ``CarryRule`` for each row out, or a ``TableError`` naming file, row and key.

A rule says what an answer must give back of the order that it answers. Nothing is compared here: that is ``carry``.
"""

from __future__ import annotations

from typing import Any, NoReturn

from attrs import define

from translator.errors import TableError
from translator.tables.paths import Condition, conditions, path
from translator.tables.table import Path

VALUED = ("same", "iff", "pad", "default")  # the order has a value, and this document too
SUMS = ("adds_up", "at_most")  # the document's quantities of a line, added, against the order's
KINDS = (*VALUED, *SUMS, "without", "never")
# What comes of holding an answer against its order.
AGREES, FILLED, DIFFERS, MISSING, EXTRA = "agrees", "filled", "differs", "missing", "extra"
NOT_ASKED, AMBIGUOUS, REFUSED, CHANGED = "not asked for", "ambiguous", "refused", "changed"
LINES = ("lines", "[]")  # where an order has its lines
IDS = ("ids", "")  # and where a line has its item numbers
KEYS = {
    "ref", "rule", "order", "value", "here", "when", "unless", "changed", "names", "values", "width", "setting", "level", "note",
    "source",
}  # fmt: skip
_TEXTS = ("ref", "rule", "order", "value", "here", "setting", "level", "note", "source")


@define(eq=False, repr=False)
class CarryRule:
    """One rule. ``order`` are alternative places in the order, ``here`` is the place in the answer; ``rule`` is what findings name.

    ``names`` limits a map (``ids.*``); ``values`` are those that may not stand at ``here``; ``changed`` are conditions on the
    answer, by which another value than the order's stands there; ``setting`` and ``chosen``: in force only when that setting of
    the partner has one of those values.
    """

    ref: str
    kind: str
    source: str
    rule: str
    here: Path = ()
    order: tuple[Path, ...] = ()
    value: str | None = None
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    changed: tuple[Condition, ...] = ()
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    width: int = 0
    setting: str = ""
    chosen: tuple[str, ...] = ()
    level: str | None = None
    note: str = ""

    @property
    def numbers(self) -> bool:
        """Whether it speaks of the item numbers of a line."""
        return any(steps[:2] == (LINES, IDS) for steps in self.order)


def carry_rules(raw: Any, file: str) -> tuple[CarryRule, ...]:
    """The rules of a table's ``[[carry]]`` rows, in their order. Raises ``TableError``."""
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        raise TableError(f"{file}: carry rules are rows, [[carry]]")
    return tuple(_Row(row, f"{file}, [[carry]] row {n} ({row.get('ref', '?')})", file).rule() for n, row in enumerate(raw, 1))


@define(eq=False, repr=False)
class _Row:
    raw: dict[str, Any]
    where: str
    file: str

    def rule(self) -> CarryRule:
        raw = self.raw
        for key in raw:
            if key not in KEYS:
                self.fail(f"a carry rule has no key {key!r}; it may have {', '.join(sorted(KEYS))}")
        for key in _TEXTS:
            if not isinstance(raw.get(key, ""), str):
                self.fail(f"`{key}` must be a text")
        for key in ("ref", "rule", "source"):
            if not raw.get(key):
                self.fail(f"`{key}` is missing")
        if raw["rule"] not in KINDS:
            self.fail(f"no rule is called {raw['rule']!r}; there are {', '.join(KINDS)}")
        if raw.get("level") not in (None, "error", "warning"):
            self.fail('level is "error" or "warning"')
        setting, *chosen = raw.get("setting", "").split() or [""]
        if setting and not chosen:
            self.fail('`setting` is a setting and the values with which the rule is in force, as in "labels A B"')
        try:
            made = CarryRule(
                raw["ref"], raw["rule"], raw["source"], f"{self.file} carry {raw['ref']}: {raw['source']}",
                path(raw["here"]) if "here" in raw else (),
                tuple(path(text.strip()) for text in raw["order"].split(" or ")) if "order" in raw else (),
                raw.get("value"), conditions(raw.get("when", [])), conditions(raw.get("unless", [])),
                conditions(raw.get("changed", [])), self.texts("names"), self.texts("values"), raw.get("width", 0), setting,
                tuple(chosen), raw.get("level"), raw.get("note", ""),
            )  # fmt: skip
        except ValueError as error:
            self.fail(str(error))
        self.fits(made)
        return made

    def fits(self, made: CarryRule) -> None:
        """What the kind of rule needs, it has, and nothing else."""
        kind, raw = made.kind, self.raw
        if kind in (*VALUED, *SUMS):
            if ("order" in raw) == ("value" in raw) or (kind in SUMS and "value" in raw) or raw.get("value") == "":
                self.fail(f"a rule {kind} needs " + ("`order`" if kind in SUMS else "`order` or `value`, one of the two"))
        elif "order" in raw or "value" in raw:
            self.fail(f"a rule {kind} takes neither `order` nor `value`")
        if (kind == "never") == ("here" in raw):
            self.fail(f"a rule {kind} " + ("takes no `here`" if "here" in raw else "needs `here`"))
        if kind in ("never", "without") and not made.when:
            self.fail(f"a rule {kind} needs `when`")
        if made.changed and (kind != "default" or not made.note):
            self.fail("`changed` is for a rule default, with a `note` that says what then stands here")
        if (kind == "without") != bool(made.values):
            self.fail(f"a rule {kind} " + ("takes no `values`" if made.values else "needs `values`"))
        if (kind == "pad") != ("width" in raw) or type(made.width) is not int or made.width < 0:
            self.fail("`width` is a number, for a rule pad and for no other")
        if made.here and made.here[-1][1] in ("[]", "0"):
            self.fail("`here` may not end in a list's [] or [0]: name what stands in it")
        stars = {steps[-1][1] == "*" for steps in (made.here, *made.order) if steps}
        if len(stars) > 1 or (True in stars and (made.value is not None or kind not in VALUED)):
            self.fail("`here` and `order` end in .* together, for a rule that compares values")
        if made.names and True not in stars:
            self.fail("`names` limits a map: `here` and `order` end in .*")
        if kind in SUMS and any(steps[0] != LINES for steps in made.order):
            self.fail(f"a rule {kind} adds up by line: `order` begins with lines[]")

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(f"`{key}` must be a list of texts")
        return tuple(value)

    def fail(self, message: str) -> NoReturn:
        raise TableError(f"{self.where}: {message}")
