"""Where the choices come from that make up a document: chance, which hypothesis shrinks, or each option in its turn."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol, TypeVar
from zlib import crc32

from hypothesis import strategies as st

T = TypeVar("T")

DIGITS, CAPITALS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Chooser(Protocol):
    """Where the choices come from: chance, or each option in its turn. ``key`` names what is chosen."""

    def one(self, key: Hashable, options: Sequence[T]) -> T: ...

    def number(self, key: Hashable, least: int, most: int) -> int: ...

    def names(self, key: Hashable, options: Sequence[T], least: int, most: int) -> list[T]: ...

    def text(self, key: Hashable, least: int, most: int, alphabet: str) -> str: ...

    def like(self, key: Hashable, pattern: re.Pattern[str], least: int, most: int, alphabet: str) -> str: ...


@dataclass
class Chance:
    """Choices by hypothesis, which shrinks them to the first option, the least number, the shortest text."""

    draw: Callable[..., Any]

    def one(self, key: Hashable, options: Sequence[T]) -> T:
        found: T = options[self.draw(_upto(len(options) - 1))]
        return found

    def number(self, key: Hashable, least: int, most: int) -> int:
        found: int = self.draw(st.integers(least, most))
        return found

    def names(self, key: Hashable, options: Sequence[T], least: int, most: int) -> list[T]:
        rest, found = list(options), []
        for _ in range(self.number(key, least, min(most, len(options)))):
            found.append(rest.pop(self.draw(_upto(len(rest) - 1))))
        return found

    def text(self, key: Hashable, least: int, most: int, alphabet: str) -> str:
        found: str = self.draw(_texts(least, most, alphabet))
        return found

    def like(self, key: Hashable, pattern: re.Pattern[str], least: int, most: int, alphabet: str) -> str:
        found: str = self.draw(_texts_like(pattern, least, most, alphabet))
        return found


@cache
def _upto(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


@cache
def _texts(least: int, most: int, alphabet: str) -> st.SearchStrategy[str]:
    short = st.text(alphabet, min_size=least, max_size=min(most, least + 9))
    return short if most <= least + 9 else st.one_of(short, short, short, st.text(alphabet, min_size=most, max_size=most))


@cache
def _texts_like(pattern: re.Pattern[str], least: int, most: int, alphabet: str) -> st.SearchStrategy[str]:
    fits = st.from_regex(pattern, fullmatch=True).filter(lambda text: least <= len(text) <= most and set(text) <= set(alphabet))
    plain = _plain(pattern, least, most)  # no form needs a delimiter, but most texts of one may have it
    return st.one_of(fits, st.sampled_from(plain)) if plain else fits


@cache
def _plain(pattern: re.Pattern[str], least: int, most: int) -> list[str]:
    """Texts of digits, or of capitals, that have a form."""
    runs = (signs * (size // len(signs) + 1) for size in range(least, most + 1) for signs in (DIGITS, CAPITALS))
    texts = (run[:size] for size, run in zip((n // 2 for n in range(2 * least, 2 * most + 2)), runs, strict=True))
    spelled = re.sub(r"\\d\{(\d+)\}", lambda found: (DIGITS * 4)[: int(found[1])], pattern.pattern)
    return [text for text in (*texts, spelled) if pattern.fullmatch(text)]


@dataclass
class Turns:
    """Each option in its turn, the richest first; nothing is left to chance."""

    turns: dict[Hashable, int] = field(default_factory=lambda: defaultdict(int))

    def turn(self, key: Hashable) -> int:
        """How often this was chosen before."""
        self.turns[key] += 1
        return self.turns[key] - 1

    def among(self, key: Hashable, count: int) -> int:
        """Which of so many. Each round begins elsewhere, so that what is chosen together is not always chosen alike."""
        begun, turn = divmod(self.turn(key), count)
        return (turn + (crc32(f"{key} {begun}".encode()) if begun else 0)) % count

    def one(self, key: Hashable, options: Sequence[T]) -> T:
        return options[-1 - self.among(key, len(options))]

    def number(self, key: Hashable, least: int, most: int) -> int:
        return most - self.among(key, min(most - least + 1, 7))

    def names(self, key: Hashable, options: Sequence[T], least: int, most: int) -> list[T]:
        turn = self.among(key, len(options))
        return [*options[turn:], *options[:turn]][:most]

    def text(self, key: Hashable, least: int, most: int, alphabet: str) -> str:
        turn = self.turn("text")
        size = (least, min(most, least + 5), most)[turn % 3]
        solid = alphabet.replace(" ", "")
        return "".join(solid[(turn * 7 + n) % len(solid)] for n in range(size))

    def like(self, key: Hashable, pattern: re.Pattern[str], least: int, most: int, alphabet: str) -> str:
        found = _plain(pattern, least, most)
        if not found:
            return self.text(key, least, most, alphabet)
        turn = self.turn("like")
        text = found[turn % len(found)]
        turned = text[turn % len(text) :] + text[: turn % len(text)]
        return turned if pattern.fullmatch(turned) else text
