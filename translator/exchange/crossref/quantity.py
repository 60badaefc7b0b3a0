"""Quantities and prices between the order's unit and the supplier's own: exact numbers in, exact decimal texts out, or None.

Nothing is rounded. A quantity comes out even when it needs no more decimals than the quantity or the factor it is made from:
24 EA are 2 boxes of 12, 25 EA are none; 3 bags of 0.5 LB are 1.5 LB.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from translator.tables.amounts import EXACT

_MOST = 40  # decimals that a text may have; X12's own numbers have fewer


def places(number: Decimal) -> int:
    """How many decimals a number needs."""
    text = f"{number:f}"
    return len(text.partition(".")[2].rstrip("0"))


def exact(number: Fraction) -> str | None:
    """The decimal text of a number, without zeros at its end; None when it has no end, or is absurdly long."""
    rest, decimals = number.denominator, 0
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
        decimals += 1
    if rest != 1 or decimals > _MOST:
        return None
    digits = str(abs(number.numerator) * 10**decimals // number.denominator).zfill(decimals + 1)
    text = f"{digits[: len(digits) - decimals]}.{digits[len(digits) - decimals :]}".rstrip("0").rstrip(".") if decimals else digits
    return f"-{text}" if number < 0 else text


def converted(quantity: Decimal, ratio: Fraction, decimals: int) -> str | None:
    """A quantity times a ratio, when it comes out even; ``decimals`` are those of the factor."""
    text = exact(Fraction(quantity) * ratio)
    return text if text is not None and len(text.partition(".")[2]) <= max(places(quantity), decimals) else None


def same_price(price: Decimal, per: int, listed: Decimal) -> bool:
    """Whether a price for ``per`` units is the listed price of one; a price per dozen is compared as the list is written."""
    if per == 1:
        return price == listed
    one = Decimal(1).scaleb(-max(2, places(listed)))
    return EXACT.divide(price, Decimal(per)).quantize(one, ROUND_HALF_UP, EXACT) == listed
