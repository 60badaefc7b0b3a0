"""What an invoice comes to: its lines and charges and a partner's price bases go in, exact amounts or findings come out.

The one rounding rule: each line is quantity times price by the price basis, rounded once, to the cent, half a cent away
from zero; then all lines are added, charges as they stand, allowances taken off, before any discount of the terms. The
draft of an invoice and the check of a written total both ask here. Which basis is for how many of which unit is data
(``price_basis`` in ``mappings/PARTNER/derive.toml``). Whatever has not the shape of an invoice has no amount; nothing
raises. No floats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext
from operator import mul
from typing import Any

from translator.findings import Finding, finding
from translator.x12.numbers import decimal

Json = Mapping[str, Any]

# Wide enough that two numbers of 40 digits, multiplied and divided, are rounded only where the code says so.
EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_CENT = Decimal("0.01")
_CENTS = -2  # the exponent of whole cents
_NOTHING = Decimal("0.00")
_USUAL = 36  # characters of a number
_SIGNS = {"A": Decimal(-1), "C": Decimal(1)}  # X12, DE 248: allowance, charge


def amount(quantity: Decimal, unit: str | None, price: Decimal, basis: str | None, bases: Json) -> Decimal | None:
    """Quantity times price by the price basis, rounded to the cent; None where basis and unit do not fit.

    ``bases`` is the section ``price_basis`` of the rules: for how many units a price is, and of which unit.
    """
    fitting = bases.get(basis or "")
    if fitting is None or ("units" in fitting and unit not in fitting["units"]):
        return None
    return _rounded(quantity, price, fitting["per"])


def _rounded(quantity: Decimal, price: Decimal, per: int) -> Decimal:
    money = EXACT.multiply(quantity, price)
    if per != 1:
        money = EXACT.divide(money, Decimal(per))
    return EXACT.quantize(money, _CENT) or _NOTHING  # a -0.00 is a 0.00


def invoice_amount(document: Json, price_bases: Json) -> Decimal | None:
    """The total of a canonical invoice, to the cent; None where it does not follow from the document.

    It does not where there is no line, a line or a charge lacks a number, or a price basis does not fit the unit.
    """
    lines = document.get("lines")
    if not isinstance(lines, list) or not lines:
        return None
    total = _at_a_glance(lines, price_bases)
    if total is None:
        total = _lines_amount(lines, price_bases)
    charged = _charged(document)
    return None if total is None or charged is None else EXACT.add(total, charged)


def _lines_amount(lines: list[Any], price_bases: Json) -> Decimal | None:
    """What lines and their charges come to."""
    total = _NOTHING
    for line in lines:
        if not isinstance(line, Mapping):
            return None
        quantity, price = line.get("quantity"), line.get("price")
        if not isinstance(quantity, str) or not isinstance(price, str) or not _fits(line, price_bases):
            return None
        many, each = decimal(quantity), decimal(price)
        if many is None or each is None:
            return None
        total = EXACT.add(total, _rounded(many, each, price_bases[line.get("price_basis") or ""]["per"]))
        if "charges" in line:
            charged = _charged(line)
            if charged is None:
                return None
            total = EXACT.add(total, charged)
    return total


def _at_a_glance(lines: list[Any], price_bases: Json) -> Decimal | None:
    """The same at a quarter of the price, where nothing is to be rounded: numbers without a sign, prices of one unit, no charges.
    None of others.

    The exponent of a sum is the least of its terms': where it has no more than two digits after the point, no line had more.
    """
    try:
        quantities, prices = [line["quantity"] for line in lines], [line["price"] for line in lines]
        if not _all_fit(lines, price_bases, per_one=True) or True in ["charges" in line for line in lines]:
            return None
        said = "*".join([*quantities, *prices, ""])
        digits = said.replace("*", "").replace(".", "")
        if not (digits.isdigit() and digits.isascii()) or ".*" in said or max(map(len, said.split("*"))) > _USUAL:
            return None
        with localcontext(EXACT):
            total = sum(map(mul, map(Decimal, quantities), map(Decimal, prices)), _NOTHING)
        return total if total.as_tuple().exponent == _CENTS else None
    except (KeyError, TypeError, AttributeError, InvalidOperation):
        return None


def _all_fit(lines: list[Any], price_bases: Json, *, per_one: bool = False) -> bool:
    """Whether every price basis there is goes with every unit there is (``per_one``: and is a price of one): more than must be.

    Raises what lines of another shape raise.
    """
    units, names = {line["unit"] for line in lines}, {line.get("price_basis") for line in lines}
    for name in names:
        fitting = price_bases.get(name or "")
        if fitting is None or (per_one and fitting["per"] != 1) or not units <= set(fitting.get("units", units)):
            return False
    return True


def held(document: Json, price_bases: Json) -> list[Finding]:
    """Why an invoice may not go out, by its amounts: a basis that does not fit its unit, a credit, a negative total.

    Only signs and codes are looked at, since every invoice comes by here: the arithmetic is ``invoice_amount``'s.
    """
    found = [] if _harmless(document.get("lines"), price_bases) else list(_held_lines(document, price_bases))
    totals = document.get("totals")
    total = totals.get("amount") if isinstance(totals, Mapping) else None
    if total is None and not found and (worked := invoice_amount(document, price_bases)) is not None:
        total = f"{worked:f}"
    if not found and _negative(total):
        found.append(finding("invoice-negative", path="totals.amount", value=str(total)))
    return found


def _harmless(lines: Any, price_bases: Json) -> bool:
    """Whether no line can be held, at a glance: all numbers are texts without a sign, and every basis fits its unit."""
    try:
        signs = "".join([line["quantity"] + line["price"] for line in lines])
        return "-" not in signs and _all_fit(lines, price_bases)
    except (KeyError, TypeError, AttributeError):
        return False


def _held_lines(document: Json, price_bases: Json) -> Iterator[Finding]:
    for n, line in enumerate(_objects(document.get("lines"))):
        quantity, price = line.get("quantity"), line.get("price")
        for name, value in (("quantity", quantity), ("price", price)):
            if isinstance(value, str) and value[:1] == "-" and _negative(value):
                yield finding("invoice-credit", path=f"lines[{n}].{name}", value=value)
        if quantity is not None and price is not None and not _fits(line, price_bases):
            unit, basis = line.get("unit"), line.get("price_basis")
            fits = ", ".join(price_bases.get(basis or "", {}).get("units", [])) if isinstance(basis, str | None) else ""
            expected = f"a price by {basis} to go with the unit {fits}" if fits else "a price basis that is known"
            said = f"{basis or 'none'} with the unit {unit or 'none'}"
            yield finding("price-basis-unfit", path=f"lines[{n}].price_basis", value=said, expected=expected)


def _fits(line: Json, bases: Json) -> bool:
    """Whether the price basis of a line goes with its unit."""
    basis = line.get("price_basis")
    fitting = bases.get(basis or "") if basis is None or isinstance(basis, str) else None
    return fitting is not None and ("units" not in fitting or line.get("unit") in fitting["units"])


def _negative(text: object) -> bool:
    return isinstance(text, str) and text[:1] == "-" and (decimal(text) or 0) < 0


def plain(value: Decimal) -> str:
    """A decimal as canonical text: no exponent, no zeros at the end of its fraction, no negative zero."""
    text = f"{value:f}"
    text = text.rstrip("0").removesuffix(".") if "." in text else text
    return "0" if text == "-0" else text


def number(value: object) -> Decimal | None:
    """The exact value of a canonical decimal; None for what is no text, or no number."""
    return decimal(value) if isinstance(value, str) else None


def _charged(holder: Json) -> Decimal | None:
    """Charges less allowances of an invoice or of one of its lines; None where one has no amount or another kind."""
    total = _NOTHING
    for charge in _objects(holder.get("charges")):
        money, kind = number(charge.get("amount")), charge.get("kind")
        sign = _SIGNS.get(kind) if isinstance(kind, str) else None
        if money is None or sign is None:
            return None
        total = EXACT.add(total, EXACT.multiply(money, sign))
    return total


def _objects(value: object) -> list[Json]:
    """A list of objects; what else stands in it is an object that says nothing."""
    return [item if isinstance(item, (dict, Mapping)) else {} for item in value] if isinstance(value, list) else []
