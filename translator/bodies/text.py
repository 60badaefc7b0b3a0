"""JSON text from outside, strictly: bytes in; its values out, each with its own text and place, numbers as they are written.

Refused before anything is taken of it: what is too long, an HTML page, a text that breaks off, a key twice in one object, NaN,
half a character, what is nested too deeply. ``dumped`` writes values again, numbers character for character.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from attrs import define, field

from translator.errors import DocumentError, LimitExceeded

DEEPEST = 64
_BLANKS = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


class Number(str):
    """A JSON number, as its text: exact, and told apart from a text."""

    __slots__ = ()


@define(eq=False, repr=False)
class Element:
    """A value of a file: its own ``text``, and the byte and line (from 1) where that begins."""

    value: Any
    text: str
    offset: int
    line: int


@define(eq=False, repr=False)
class Elements:
    """A file: the entries of its array, or its one value; ``gaps`` are the texts before, between and behind them."""

    items: list[Element] = field(factory=list)
    gaps: list[str] = field(factory=list)
    listed: bool = True


def elements(data: bytes, most: int, name: str | None = None) -> Elements:
    """The values of a file. Raises ``DocumentError`` with a sentence, and ``LimitExceeded`` for more than ``most`` bytes."""
    where = f"{name}: " if name else ""
    if len(data) > most:
        raise LimitExceeded(f"{where}more than {most} bytes: nothing of it is read; ask for fewer orders at a time")
    try:
        return _Scan(data.decode("utf-8")).elements()
    except UnicodeDecodeError as error:
        raise DocumentError(f"{where}this is not JSON: byte {error.start} is no UTF-8; fetch it again") from error
    except ValueError as error:
        raise DocumentError(f"{where}{error}") from error


def begins_json(head: bytes) -> bool:
    """Whether a file that begins so can only be JSON."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")[:1] in (b"[", b"{")


def dumped(value: Any) -> str:
    """A value as compact JSON text."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{dumped(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dumped(item) for item in value) + "]"
    if isinstance(value, Number):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def number(text: str) -> Number | None:
    """A text as a JSON number, where JSON can write it so."""
    return Number(text) if _NUMBER.fullmatch(text) else None


@define(eq=False, repr=False)
class _Scan:
    text: str
    last: tuple[int, int, int] = (0, 0, 1)  # a character that was counted up to, its byte and its line

    def elements(self) -> Elements:
        text = self.text
        at = self.blanks(1 if text.startswith("\ufeff") else 0)
        if text[at : at + 1] == "<":
            raise ValueError("this is an HTML page and no JSON: an error or a login page in place of the orders; fetch them again")
        if at == len(text):
            raise ValueError("the file is empty, where JSON was expected; with no orders it would be []")
        found = Elements(listed=text[at] == "[")
        if found.listed:
            at = self.blanks(at + 1)
        gap = 0
        while not found.listed or text[at : at + 1] != "]" or found.items:
            value, end = self.value(at)
            found.gaps.append(text[gap:at])
            found.items.append(self.element(value, at, end))
            gap, at = end, self.blanks(end)
            if not found.listed or text[at : at + 1] == "]":
                break
            if text[at : at + 1] != ",":
                raise self.broken(at)
            at = self.blanks(at + 1)
        at = self.blanks(at + found.listed)
        if at != len(text):
            raise ValueError(f"this is not one JSON text: something stands behind its end{self.place(at)}; fetch it again")
        found.gaps.append(text[gap:])
        return found

    def value(self, at: int) -> tuple[Any, int]:
        try:
            value, end = _DECODER.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            raise self.broken(error.pos) from error
        except RecursionError:
            raise ValueError(f"the JSON is nested more than {DEEPEST} deep{self.place(at)}; nothing of it is read") from None
        _sound(value)
        return value, end

    def broken(self, at: int) -> ValueError:
        rest = self.text[at:].strip()
        if not rest or any(word.startswith(rest) for word in ("true", "false", "null", "-")) or _opens(self.text, at):
            return ValueError(f"the JSON breaks off{self.place(at)}: it came cut. Nothing of it is taken; fetch it again")
        return ValueError(f"this is not JSON{self.place(at)}; nothing of it is taken; fetch it again")

    def element(self, value: Any, at: int, end: int) -> Element:
        return Element(value, self.text[at:end], *self.counted(at))

    def place(self, at: int) -> str:
        offset, line = self.counted(at)
        return f" at byte {offset} (line {line})"

    def counted(self, at: int) -> tuple[int, int]:
        """Byte and line of a character; places come in order, so that each is counted once."""
        was, offset, line = self.last if self.last[0] <= at else (0, 0, 1)
        between = self.text[was:at]
        self.last = (at, offset + len(between.encode()), line + between.count("\n"))
        return self.last[1:]

    def blanks(self, at: int) -> int:
        found = _BLANKS.match(self.text, at)
        return found.end() if found else at


def _opens(text: str, at: int) -> bool:
    """Whether a string that never ends begins here."""
    return text[at : at + 1] == '"' and re.match(r'"(?:[^"\\]|\\.)*\Z', text[at:], re.S) is not None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object: which is meant cannot be told; nothing is taken")
    return made


def _never(word: str) -> Any:
    raise ValueError(f"{word} is no number in JSON; nothing is taken")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=Number, parse_int=Number, parse_constant=_never)


def _sound(value: Any) -> None:
    """Refuse depth that could exhaust a stack, and half characters that no file could hold."""
    level = [value]
    for _ in range(DEEPEST):
        for text in level:
            if isinstance(text, str) and not text.isascii():
                try:
                    text.encode()
                except UnicodeEncodeError:
                    raise ValueError("a text of it holds half a character; nothing is taken") from None
        level = [inner for holder in level for inner in _inner(holder)]
        if not level:
            return
    raise ValueError(f"the JSON is nested more than {DEEPEST} deep; nothing of it is read")


def _inner(holder: Any) -> Iterator[Any]:
    if isinstance(holder, dict):
        yield from holder
        yield from holder.values()
    elif isinstance(holder, list):
        yield from holder
