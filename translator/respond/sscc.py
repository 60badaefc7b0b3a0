"""Serial shipping container codes: a GS1 prefix and a serial number go in, SSCCs of 18 digits come out, none twice.

An SSCC is an extension digit, the GS1 company prefix, a serial number that fills it up to 17 digits, and a check digit
(GS1 General Specifications, 3.3 and 7.9). A number must not come again for a year: whoever keeps the ledger passes the
next serial number on; nothing is stored here.
"""

from __future__ import annotations

import re

from translator.tables.checks import mod10
from translator.x12.numbers import integer

_LENGTH = 16  # prefix and serial number together
_PREFIX = re.compile(r"[0-9]{7,10}")
_DIGITS = re.compile(r"[0-9]+")


class Serials:
    """Issues SSCCs from a serial number on, upwards; what was issued is gone, and nothing begins again at 0.

    Raises ``ValueError``, with a sentence for the operator, when prefix, serial number or extension digit cannot be right.
    """

    def __init__(self, prefix: str, serial: int | str, extension: str = "0") -> None:
        if not _PREFIX.fullmatch(prefix):
            raise ValueError(
                f"{prefix!r} is no GS1 company prefix: 7 to 10 digits (before a UPC company prefix of 6 digits stands a 0)"
            )
        if not re.fullmatch("[0-9]", extension):
            raise ValueError(f"{extension!r} is no extension digit: one digit, 0 to 9")
        self._width = _LENGTH - len(prefix)
        text = str(serial)
        first = integer(text) if _DIGITS.fullmatch(text) else None
        if first is None or first >= 10**self._width:
            raise ValueError(f"{text[:40]!r} is no serial number for the prefix {prefix}: a number of at most {self._width} digits")
        self._start, self._next = extension + prefix, first

    @property
    def next(self) -> int:
        """The serial number that the next carton gets; the one to begin with next time."""
        return self._next

    @property
    def left(self) -> int:
        """How many numbers are left."""
        return int(10**self._width) - self._next

    def take(self, count: int) -> list[str] | None:
        """So many SSCCs; None, and none is used up, when there are not as many left."""
        if count > self.left:
            return None
        first, self._next = self._next, self._next + count
        bodies = (f"{self._start}{n:0{self._width}d}" for n in range(first, self._next))
        return [body + mod10(body) for body in bodies]
