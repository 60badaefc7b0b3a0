"""Tracking numbers: a text and its carrier go in; the number as it is sent, and what is wrong with it, come out.

Forms, sums and which carrier may use which are data (``mappings/carriers/tracking.toml``). Blanks and hyphens are taken out, with a
word about it; what a spreadsheet made a number of is recognised and never mended. That a number is right, nobody can say; that one
is wrong, a check digit can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import define

from translator.errors import TableError
from translator.findings import Finding, finding
from translator.tables.carriers import MARKS, Carrier, plain
from translator.tables.checks import mod10
from translator.tables.standard import parsed

FILE = "mappings/carriers/tracking.toml"
_TOP = {"shape", "carriers"}
_SHAPE = {"name", "about", "like", "sum", "letters", "before", "source", "mark"}
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{1,3}", re.I)
_POINT = re.compile(r"([0-9]+)[.,]0+")
_BLANKS = re.compile(r"[\s\u00a0-]+")
_ROUNDED = re.compile(r"[1-9][0-9]{14}0{4,}")  # 15 digits are all that a spreadsheet's number keeps


@define(eq=False, repr=False)
class Shape:
    """A form of number: its pattern, and how its check digit follows ("" for none)."""

    name: str
    about: str
    like: re.Pattern[str]
    kind: str
    weights: tuple[int, ...]
    letters: bool
    before: str

    def fits(self, text: str) -> bool:
        """Whether a number has the form, and the right digit."""
        return self.like.fullmatch(text) is not None and self.right(text) is None

    def right(self, text: str) -> str | None:
        """The check digit that the number should have when it has another; None when all is well. It has the form."""
        found = self.like.fullmatch(text)
        if not found or not self.kind:
            return None
        digits = self.before + found["digits"]
        values = [(ord(c) - 3) % 10 if self.letters and not c.isdigit() else int(c) for c in digits]
        if self.kind == "gs1":
            right = mod10(digits)
        else:
            total = sum(value * self.weights[n % len(self.weights)] for n, value in enumerate(values))
            right = str(-total % 10 if self.kind == "mod10" else total % 11 % 10)
        return None if right == found["check"] else right


@define(eq=False, repr=False)
class Tracking:
    """All forms, and by carrier those that it may use."""

    shapes: tuple[Shape, ...]
    carriers: dict[str, tuple[Shape, ...]]


def tracking(mappings: Path | None = None) -> Tracking:
    """What is known of tracking numbers. Raises ``TableError``."""
    return _tracking(mappings)


def judge(text: str, carrier: str, path: str, known: Tracking, level: str | None = None) -> tuple[str, list[Finding]]:
    """The number as it is sent and what is wrong with it; ``carrier`` is a name of ``[carriers]``, "" where none is known.

    ``level`` overrules the severity of what is an error.
    """
    if _SCIENTIFIC.fullmatch(text.strip()):
        return text, [finding("tracking-damaged", level=level, path=path, value=text, expected=_wanted(known, carrier))]
    bare = _BLANKS.sub("", text).upper()
    if found := _POINT.fullmatch(bare):
        bare = found[1]
    said = [finding("tracking-written", path=path, value=text, expected=bare)] if bare != text else []
    shapes = known.carriers.get(carrier)
    if shapes is None:
        said.append(
            finding("tracking-unchecked", path=path, value=bare, expected=carrier or "the carrier has no `tracking` in its row")
        )
        return bare, said
    fitting = [shape for shape in shapes if shape.like.fullmatch(bare)]
    wrong = [(shape, right) for shape in fitting if (right := shape.right(bare))]
    if fitting and len(wrong) < len(fitting):
        return bare, said
    if _ROUNDED.fullmatch(bare):
        said.append(finding("tracking-damaged", level=level, path=path, value=text, expected=_wanted(known, carrier)))
    elif wrong:
        expected = " or ".join(f"as {shape.name} ({shape.about}) its check digit would be {right}" for shape, right in wrong)
        said.append(finding("tracking-digit", level=level, path=path, value=bare, expected=expected))
    else:
        other = [
            name for name, theirs in known.carriers.items() if any(s.like.fullmatch(bare) and not s.right(bare) for s in theirs)
        ]
        expected = f"{carrier} has {_wanted(known, carrier)}" + (f"; it looks like one of {' or '.join(other)}" if other else "")
        said.append(finding("tracking-form", level=level, path=path, value=bare, expected=expected))
    return bare, said


def doubts(document: Mapping[str, Any], known: Mapping[str, Carrier], mappings: Path | None = None) -> list[Finding]:
    """Warnings about the tracking numbers of a shipment, where its carrier is one whose numbers are known; nothing is changed."""
    carrier = document.get("carrier")
    said = carrier if isinstance(carrier, dict) else {}
    name, scac = said.get("name"), said.get("scac")
    rows = [known[plain(name)]] if isinstance(name, str) and plain(name) in known else list(known.values())
    if not isinstance(name, str) and isinstance(scac, str):
        rows = [row for row in rows if row.codes.get("scac") == scac]
    families = {row.codes.get("tracking", "") for row in rows}
    family = families.pop() if len(families) == 1 else ""
    found: list[Finding] = []
    for path, number in _numbers(document) if family else ():
        said_ = judge(number, family, path, tracking(mappings), "warning")[1]
        found += [one for one in said_ if one.code != "tracking-written"]
    return found


def _numbers(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The tracking numbers of a shipment, of its orders and their packs, with their places."""
    for n, order in enumerate(_objects(document.get("orders"))):
        packs = [(f"orders[{n}].packs[{k}]", pack) for k, pack in enumerate(_objects(order.get("packs")))]
        for path, holder in ((f"orders[{n}]", order), *packs):
            if isinstance(number := holder.get("tracking"), str) and number:
                yield f"{path}.tracking", number


def _objects(value: Any) -> list[dict[str, Any]]:
    return [entry if isinstance(entry, dict) else {} for entry in value] if isinstance(value, list) else []


def _wanted(known: Tracking, carrier: str) -> str:
    shapes = known.carriers.get(carrier, known.shapes)
    return "; ".join(dict.fromkeys(shape.about for shape in shapes))


@lru_cache(maxsize=4)
def _tracking(mappings: Path | None) -> Tracking:
    raw = parsed(FILE, mappings)
    rows, named = raw.get("shape", []), raw.get("carriers", {})
    if set(raw) - _TOP or not isinstance(rows, list) or not isinstance(named, dict):
        raise TableError(f"{FILE}: it has rows [[shape]], and [carriers.NAME] with the `shapes` of each")
    shapes: dict[str, Shape] = {}
    for n, row in enumerate(rows, 1):
        made = _shape(row, f"{FILE}, [[shape]] row {n}")
        if made.name in shapes:
            raise TableError(f"{FILE}, [[shape]] row {n}: another shape is called {made.name!r}")
        shapes[made.name] = made
    return Tracking(tuple(shapes.values()), {name: tuple(_named(name, row, shapes)) for name, row in named.items()})


def _named(name: str, row: Any, shapes: dict[str, Shape]) -> Iterator[Shape]:
    listed = row.get("shapes") if isinstance(row, dict) and set(row) == {"shapes"} else None
    if not isinstance(listed, list) or not listed:
        raise TableError(f"{FILE}, [carriers.{name}]: it has `shapes`, a list of names")
    for one in listed:
        if one not in shapes:
            raise TableError(f"{FILE}, [carriers.{name}]: there is no shape {one!r}")
        yield shapes[one]


def _shape(row: Any, where: str) -> Shape:
    if not isinstance(row, dict) or set(row) - _SHAPE:
        raise TableError(f"{where}: the keys are {', '.join(sorted(_SHAPE))}")
    for key in ("name", "about", "like", "source", "mark"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise TableError(f"{where}: `{key}` is missing, or is no text")
    if row["mark"] not in MARKS or type(row.get("letters", False)) is not bool:
        raise TableError(f"{where}: `mark` is one of {', '.join(MARKS)}, `letters` true or false")
    if not isinstance(row.get("before", ""), str) or not re.fullmatch("[0-9]*", row.get("before", "")):
        raise TableError(f"{where}: `before` is digits")
    try:
        like = re.compile(row["like"], re.ASCII)
    except re.error as error:
        raise TableError(f"{where}: `like` is no pattern: {error}") from error
    kind, *weights = str(row.get("sum", "")).split() or [""]
    if (
        kind not in ("", "mod10", "mod11", "gs1")
        or (kind in ("mod10", "mod11")) != bool(weights)
        or not all(map(str.isdigit, weights))
    ):
        raise TableError(f"{where}: `sum` is mod10 or mod11 with weights, or gs1")
    if bool(kind) != ({"digits", "check"} <= set(like.groupindex)):
        raise TableError(f"{where}: `like` names the groups digits and check where there is a `sum`, and only there")
    return Shape(row["name"], row["about"], like, kind, tuple(map(int, weights)), row.get("letters", False), row.get("before", ""))
