"""What of a file a stranger should not read: in go the files ``redact.toml`` beside the tables, out comes the kind of an element.

A kind is a word (name, address, id, price, …), or nothing for what stays. Values are not changed here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import define

from translator import shipped
from translator.errors import TableError
from translator.tables.partner import guides
from translator.tables.standard import Piece, parsed
from translator.tables.table import Element

FILE = "redact.toml"
# Kinds that are more than words: how they are replaced, and when they stay.
PRICE, MAILBOX, CODE, COUNT, ISBN, TEXT, OTHER = "price", "mailbox", "code", "count", "isbn", "text", "other"
VERSION = "version"
_LIKE = {
    "DT": re.compile(r"[0-9]{1,8}|[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "TM": re.compile(r"[0-9]{1,8}|[0-9:.]{5,11}"),
    "R": re.compile(r"-?[0-9]{0,20}\.?[0-9]{0,20}"),
    CODE: re.compile(r"[A-Z0-9]{1,5}"),
    VERSION: re.compile(r"[0-9]{1,6}"),
    COUNT: re.compile(r"[0-9]{1,12} *"),
    OTHER: re.compile(r"[A-Z]{1,3}|0*[0-9]{1,2}"),
}
_CODE = re.compile(r"[A-Z0-9]+")
_KEYS = {"elements", "codes", "isbn", "checked", "kept", "forms"}


@define(eq=False, repr=False)
class Secrets:
    """``kinds`` by data element number; ``beside``: (element, qualifier's element) -> qualifiers with which it is a code;
    ``mailboxes`` are the partners' own ids."""

    kinds: dict[str, str]
    beside: dict[tuple[str, str], frozenset[str]]
    isbn: frozenset[str]
    checked: frozenset[int]
    kept: frozenset[str]
    forms: tuple[re.Pattern[str], ...]
    mailboxes: frozenset[str]

    def kind(self, piece: Piece | None, value: str, qualifier: tuple[Piece | None, str], element: Element | None = None) -> str:
        """What the value of an element is; "" where it stays. ``qualifier`` is the element before it, and its value."""
        if not value.strip() or (element and value in element.codes):
            return ""
        if piece is None:
            return "" if _LIKE[OTHER].fullmatch(value) else OTHER
        kind = self.kinds.get(piece.number, "")
        before, said = qualifier
        if before and said in self.beside.get((piece.number, before.number), ()):
            kind = CODE
        if kind in (CODE, COUNT, VERSION):
            return "" if _LIKE[kind].fullmatch(value) else kind
        if kind:
            return ISBN if kind == "id" and said in self.isbn else kind
        if piece.type in ("ID", "AN"):
            fits = piece.type == "ID" and len(value) <= piece.most and _CODE.fullmatch(value)
            return "" if fits or piece.number == "I15" else CODE if piece.type == "ID" else TEXT
        like = _LIKE.get(piece.type, _LIKE["R"])
        return "" if like.fullmatch(value) else OTHER


@lru_cache(maxsize=4)
def secrets(mappings: Path | None = None) -> Secrets:
    """What all ``redact.toml`` say together. Raises ``TableError``."""
    made = Secrets({}, {}, frozenset(), frozenset(), frozenset(), (), frozenset())
    for file in shipped.names("mappings", FILE, mappings):
        raw = parsed(file, mappings)
        if odd := set(raw) - _KEYS:
            raise TableError(f"{file} has no key {sorted(odd)[0]!r}; it may have {', '.join(sorted(_KEYS))}")
        try:
            _add(made, raw)
        except (KeyError, TypeError, ValueError, AttributeError, re.error) as error:
            raise TableError(f"{file} does not load: {type(error).__name__}: {error}") from error
    made.mailboxes = frozenset(one for guide in guides(mappings) for one in (*guide.senders, *guide.receivers))
    return made


def _add(made: Secrets, raw: dict[str, Any]) -> None:
    made.kinds |= {number: kind for kind, numbers in raw.get("elements", {}).items() for number in numbers}
    made.beside |= {(row["element"], row["qualifier"]): frozenset(row["is"]) for row in raw.get("codes", [])}
    made.isbn |= frozenset(raw.get("isbn", []))
    made.checked |= frozenset(raw.get("checked", []))
    made.kept |= frozenset(raw.get("kept", []))
    made.forms += tuple(re.compile(form) for form in raw.get("forms", []))
    if any(form.groups != 1 for form in made.forms):
        raise ValueError("a form has one group, (…)")
