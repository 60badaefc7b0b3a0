"""Numbers in X12 text: a text goes in, a Decimal or an int comes out, or None when it is no number.

ASCII digits only and a limit on the length before any conversion, so that neither ``NaN``, ``1E+3000000``, ``1_000``,
full-width digits nor a trailing newline get through. Types and lengths of elements are judged in ``elements``.
"""

from __future__ import annotations

import re
from decimal import Decimal

_DECIMAL = re.compile(r"-?[0-9]*\.?[0-9]+")
_INTEGER = re.compile(r"-?[0-9]+")


def decimal(text: str, digits: int = 40) -> Decimal | None:
    """The exact value of X12 type R, such as ``75.5``, ``.5`` or ``-0018``; None for all else or over ``digits``."""
    if len(text) <= digits and text.isascii() and text.replace(".", "", 1).isdigit() and text[-1] != ".":
        return Decimal(text)  # the usual case, at a third of the price
    if not _DECIMAL.fullmatch(text) or len(text) - text.count("-") - text.count(".") > digits:
        return None
    return Decimal(text)


def integer(text: str, digits: int = 18) -> int | None:
    """The value of a whole number, such as ``065`` or ``-1``; None for anything else or over ``digits`` digits."""
    if not _INTEGER.fullmatch(text) or len(text) - text.count("-") > digits:
        return None
    return int(text)
