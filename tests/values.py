"""Values of elements, drawn: an element of a table goes in, a text or a number that the guide allows comes out."""

from __future__ import annotations

import re
from collections.abc import Hashable

from choosing import DIGITS, Chooser
from meaning import Json, label

from translator.tables.checks import mod10
from translator.tables.placing import found_at
from translator.tables.table import Element, Row, Rule, Table

PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
FEW = 5  # digits of a number in a clean document, so that amounts stay within their elements


class Values:
    """Draws values for one document, ``made``, as far as it goes.

    ``clean``: usage notes are kept, and values are usual; ``taken``: what other documents have that may be there once.
    """

    def __init__(
        self, table: Table, choose: Chooser, *, clean: bool = False, taken: set[tuple[str, str, str]] | None = None
    ) -> None:
        self.table, self.choose, self.clean = table, choose, clean
        self.taken = set() if taken is None else taken
        self.alphabet = PRINTABLE
        self.made: Json = {}

    def value(self, row: Row, e: Element, known: dict[int, str]) -> str | int:
        key = (label(row), e.ref)
        if e.default and e.default != "now" and self.choose.one((*key, "default"), [False, True]):
            return e.default
        rules = [rule for rule in e.rules if holds(rule, known)]
        like, strict = e.like, e.level == "error"
        for n, rule in enumerate(rules):
            codes = [code for code in rule.codes if not e.codes or code in e.codes]
            if codes and self.obey(e.ref, strict):
                return self.choose.one((*key, "rule", n), codes)
            like = like or rule.like
        if e.agrees and self.obey((*key, "agrees"), strict) and (others := self.agreeing(e)):
            return self.choose.one((*key, "agrees"), others)
        if e.codes and (e.level != "warning" or self.obey((*key, "code"))):
            return self.choose.one(key, list(e.codes))
        if e.type == "N0":
            return self.choose.number(key, 0 if e.least == 1 else 10 ** (e.least - 1), 10**e.most - 1)
        if e.type == "N2":
            least = int(e.floor * 100) if e.floor is not None else 0
            cents = self.choose.number(key, least, 10 ** (FEW if self.clean else e.most) - 1)
            return f"{self.sign(key) if e.floor is None else ''}{cents // 100}.{cents % 100:02d}"
        if e.type == "R":
            text = self.decimal(key, e.least, min(e.most, FEW) if self.clean else e.most)
            if like and not like.fullmatch(text) and self.obey(e.ref, strict):
                text = re.sub("[0-9]", "1", text.removeprefix("-"))
            return text
        if e.type == "DT":
            return self.date(key)
        if e.type == "TM":
            return self.time(key, e.most)
        assert e.type in ("AN", "ID"), f"{e.ref}: type {e.type} is not drawn yet"
        if e.check and self.obey((*key, "check"), strict):
            return self.label(key, e.most - len(e.prefix))
        if e.classify and self.obey((*key, "form"), strict):
            like = self.choose.one((*key, "form"), list(self.table.forms[e.classify].values()))
        if like and self.obey(e.ref, strict):
            text = self.choose.like(key, like, e.least, e.most, self.alphabet)
            if set(text) <= set(self.alphabet):  # a form may have marks in it that are delimiters here
                return text
        return self.choose.text(key, e.least, e.most, self.alphabet)

    def agreeing(self, e: Element) -> list[str]:
        """Values elsewhere in the document that an element may repeat, where it is to agree with them and they are there."""
        assert e.agrees
        form, path = e.agrees
        return sorted({o for o in found_at(self.made, path) if isinstance(o, str) and (m := form.fullmatch(o)) and m[1] == o})

    def obey(self, note: Hashable, strict: bool = False) -> bool:
        """Whether a usage note is kept this time: breaking one is only a warning, where it is not said to be an error."""
        return strict or self.clean or self.choose.one(("note", note), [True, False])

    def label(self, key: Hashable, size: int) -> str:
        """Digits with their check digit."""
        digits = self.choose.text(key, size - 1, size - 1, DIGITS)
        return digits + mod10(digits)

    def once(self, e: Element, text: str) -> str:
        """The text, or digits of its length that no other has."""
        known, size = (self.table.name, e.json[-1][0]), len(text)
        while (*known, text) in self.taken:
            number = int(text[: size - bool(e.check)]) + 1 if text.isdigit() else 0
            digits = str(number).zfill(size - bool(e.check))[-size + bool(e.check) :]
            text = digits + mod10(digits) if e.check else digits
        self.taken.add((*known, text))
        return text

    def solid(self, key: Hashable, least: int, most: int) -> str:
        """A text for the envelope, whose fixed widths take the blanks around it."""
        return self.choose.text(key, least, most, self.alphabet.replace(" ", ""))

    def decimal(self, key: Hashable, least: int, most: int) -> str:
        digits = self.choose.text(key, least, most, DIGITS)
        point = self.choose.number((key, "point"), max(1, len(digits) - 2) if self.clean else 0, len(digits))
        text = digits if point == len(digits) else f"{digits[:point]}.{digits[point:]}"
        return self.sign(key) + text if "." in self.alphabet else digits

    def sign(self, key: Hashable) -> str:
        return self.choose.one((key, "sign"), ["", "-"] if "-" in self.alphabet and not self.clean else [""])

    def date(self, key: Hashable) -> str:
        pick = self.choose.number
        month = pick((key, "month"), 1, 12)
        day = pick((key, "day"), 1, 28 if month == 2 else 30)
        return f"{self.choose.one((key, 'year'), [2026, 1000, 1999, 2100, 9999]):04d}-{month:02d}-{day:02d}"

    def time(self, key: Hashable, most: int) -> str:
        pick = self.choose.number
        text = f"{pick((key, 'hour'), 0, 23):02d}:{pick((key, 'minute'), 0, 59):02d}"
        more = self.choose.one((key, "more"), [n for n in (0, 2, 3, 4) if 4 + n <= (6 if self.clean else most)])
        if more:
            text += f":{pick((key, 'second'), 0, 59):02d}"
        if more > 2:
            text += "." + str(pick((key, "part"), 0, 10 ** (more - 2) - 1)).zfill(more - 2)
        return text


def holds(rule: Rule, known: dict[int, str]) -> bool:
    """Whether a rule speaks of a segment with these values."""
    return all(known.get(number) in codes for number, codes in rule.when)
