"""Check digits (GS1 mod 10; ISBN-10 mod 11): a kind and a text in, the digit that would be right out, or None.

Only the digit is judged, and only of a text that has the kind's form; length and characters are another rule's matter.
Source: GS1 General Specifications, 7.9; ISO 2108.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_FORMS = {
    "upc": re.compile(r"[0-9]{12}"),
    "ean13": re.compile(r"[0-9]{13}"),
    "ean8": re.compile(r"[0-9]{8}"),
    "sscc": re.compile(r"[0-9]{18}"),
    "isbn": re.compile(r"[0-9]{9}[0-9X]|97[89][0-9]{10}"),
}


def mod10(digits: str) -> str:
    """The GS1 check digit that follows these digits: weights 3 and 1 from the right."""
    codes = digits.encode()  # a digit's code is 48 more than the digit
    odd, even = codes[::-2], codes[-2::-2]
    return str(-(3 * (sum(odd) - 48 * len(odd)) + sum(even) - 48 * len(even)) % 10)


def right_digit(kind: str, text: str) -> str | None:
    """The check digit that ``text`` should end in when it ends in another one; None when all is well or not applicable."""
    if not _FORMS[kind].fullmatch(text):
        return None
    if kind == "isbn" and len(text) == 10:
        rest = -sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), text, strict=False)) % 11
        right = "X" if rest == 10 else str(rest)
    else:
        right = mod10(text[:-1])
    return None if text[-1] == right else right


def all_right(codes: Sequence[str], width: int) -> bool:
    """Whether all of these are digits, as many as ``width``, an even number, and end in the right GS1 check digit.

    Column by column, the digits of all codes are the bytes of one long number each, which are added up.
    """
    text = "".join(codes)
    if not (text.isdigit() and text.isascii() and set(map(len, codes)) == {width}):
        return False
    digits = text.encode()
    columns = (int.from_bytes(digits[n::width].translate(_ONCE if n % 2 else _THRICE), "big") for n in range(width))
    return not sum(columns).to_bytes(len(codes), "big").translate(None, _TENS)


_ONCE = bytes((code - 48) % 10 for code in range(256))
_THRICE = bytes(3 * (code - 48) % 10 for code in range(256))  # so reduced, no column of 28 runs over its byte
_TENS = bytes(range(0, 256, 10))
