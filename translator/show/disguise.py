"""Values disguised: a text goes in, another of the same shape comes out, the same for the same key. Nothing is known of X12.

Digits stay digits, letters letters of their case; all else stays, so no delimiter is made and none is lost. Each run of
digits or letters is replaced by itself, so that a number is known again inside a longer text. Different runs have different
replacements. Numbers that begin alike still do (a department begins the numbers of its items), zeros in front stay, and a
check digit is right afterwards exactly when it was before. A key that nobody knows cannot be found by trying short numbers;
but who knows some of the values can tell which others begin alike.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from attrs import define, field

from translator.tables.checks import mod10

_RUN = re.compile(r"[0-9]+|[A-Za-z]+|[^\x00-\x7f]")
_ISBN = re.compile(r"([0-9]{9})([0-9X])")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST = 100_000  # choices, and runs, that are remembered
_TEXT_NUMBER = 60  # digits after which a number is no number: it would cost the square of its length


@define(eq=False, repr=False)
class Disguise:
    """``kept`` words and numbers stay; ``forms`` are numbers made of other numbers (their groups); numbers of ``checked``
    lengths may end in a GS1 check digit."""

    key: bytes
    kept: frozenset[str] = frozenset()
    forms: tuple[re.Pattern[str], ...] = ()
    checked: frozenset[int] = frozenset()
    _choices: dict[tuple[str, str, str], str] = field(factory=dict)
    _runs: dict[str, str] = field(factory=dict)

    def text(self, value: str, refused: frozenset[str] = frozenset()) -> str:
        """A text of any kind; never one of ``refused``, unless it is one."""
        return self._walked(value, self._text, lambda made: made in refused)

    def isbn(self, value: str) -> str:
        """An ISBN of ten characters; else as any text."""
        found = _ISBN.fullmatch(value)
        if not found:
            return self.text(value)
        return self._walked(value, self._isbn, lambda made: (made[-1] == "X") != (value[-1] == "X"))

    def money(self, value: str) -> str:
        """A number: zeros, sign and point stay; equal amounts stay equal however many zeros follow."""
        made, before = "", ""
        for c in value:
            if c in "123456789":
                c, before = self._choice("money", before, "123456789")[int(c) - 1], before + c
            elif c.isdigit() and before:
                before += c
            made += c
        return made

    # --- runs ---------------------------------------------------------------------------------------------------------------

    def _walked(self, value: str, change: Callable[[str], str], wrong: Callable[[str], bool]) -> str:
        """Changed until it is none of those that it must not be: so no two values come to the same."""
        made = change(value)
        for _ in range(1000):
            if made == value or not wrong(made):
                break
            made = change(made)
        return made

    def _text(self, value: str) -> str:
        if value.isascii():
            return _RUN.sub(lambda run: self._run(run[0]), value)
        try:  # bytes are seen one by one: those of one character stay together
            return _RUN.sub(lambda run: self._run(run[0]), value.encode("latin-1").decode()).encode().decode("latin-1")
        except UnicodeError:
            return _RUN.sub(lambda run: self._run(run[0]), value)

    def _run(self, run: str) -> str:
        made = self._runs.get(run)
        if made is None:
            if len(self._runs) > _MOST:
                self._runs.clear()
            made = self._runs[run] = self._made(run)
        return made

    def _made(self, run: str) -> str:
        if run.upper() in self.kept:
            return run
        if run[0].isdigit() and run.isascii():
            if len(run) > _TEXT_NUMBER:
                return "".join(self._run(run[n : n + _TEXT_NUMBER]) for n in range(0, len(run), _TEXT_NUMBER))
            return self.number(run)
        return self._word(run) if run.isascii() else self._foreign(run)

    def number(self, run: str) -> str:
        """A run of digits."""
        if run in self.kept:
            return run
        for form in self.forms:
            if found := form.fullmatch(run):
                begin, end = found.span(1)
                return self._right(run, run[:begin] + self._digits(run[begin:end]) + run[end:])

        def wrong(made: str) -> bool:
            return made in self.kept or any(form.fullmatch(made) for form in self.forms)

        return self._walked(run, lambda one: self._right(one, self._digits(one)), wrong)

    def _digits(self, run: str) -> str:
        """Each digit by those before it; zeros in front stay, and no other becomes one."""
        core = run.lstrip("0")
        made = run[: len(run) - len(core)]
        for n, digit in enumerate(core):
            offered = "0123456789" if n else "123456789"
            made += self._choice("number", core[:n], offered)[offered.index(digit)]
        return made

    def _right(self, was: str, made: str) -> str:
        """With the check digit as right, or as wrong, as it was."""
        if len(was) not in self.checked or len(was.lstrip("0")) < 2:
            return made
        slip = int(was[-1]) - int(mod10(was[:-1]))
        return made[:-1] + str((int(mod10(made[:-1])) + slip) % 10)

    def _isbn(self, value: str) -> str:
        made = self._digits(value[:9])
        slip = _eleventh(value[-1]) - _rest(value[:9])
        return made + "0123456789X"[(_rest(made) + slip) % 11]

    def _word(self, run: str) -> str:
        """Letters, each by all others: forwards, then backwards."""
        upper = run.upper()
        size = str(len(run))
        for way in (1, -1):
            made, before = "", ""
            for c in upper[::way]:
                one = self._choice(f"word{way}{size}", before, _LETTERS)[_LETTERS.index(c)]
                before += c if way == 1 else one
                made += one
            upper = made[::way]
        return "".join(one if c.isupper() else one.lower() for c, one in zip(run, upper, strict=True))

    def _foreign(self, c: str) -> str:
        """A character beyond ASCII: another of its kind near by, as long when written."""
        if not c.isalnum():
            return c
        first = ord(c) & ~15
        kin = [one for one in map(chr, range(first, first + 16)) if _kind(one) == _kind(c)]
        return self._choice("foreign", c, "".join(kin))[kin.index(c)]

    def _choice(self, what: str, before: str, offered: str) -> str:
        """The offered characters in another order, which the key and what stands before decide."""
        found = self._choices.get((what, offered, before))
        if found is None:
            if len(self._choices) > _MOST:
                self._choices.clear()
            digest = hashlib.blake2b(f"{what} {offered} {before}".encode(), key=self.key, digest_size=64).digest()
            ranks = [digest[n : n + 2] for n in range(0, 2 * len(offered), 2)]
            found = "".join(offered[n] for n in sorted(range(len(offered)), key=ranks.__getitem__))
            self._choices[what, offered, before] = found
        return found


def _kind(c: str) -> tuple[bool, ...]:
    return c.isalpha(), c.isupper(), c.islower(), c.isdigit(), c.isprintable()


def _rest(nine: str) -> int:
    return -sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), nine, strict=True)) % 11


def _eleventh(digit: str) -> int:
    return 10 if digit == "X" else int(digit)
