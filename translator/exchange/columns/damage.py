"""What spreadsheets do to values: a cell's text and what its column should hold go in, a ``Fault`` naming the damage comes out.

Recognised by shape alone; nothing is mended, because digits that are gone cannot be guessed. None where nothing is recognised.
"""

from __future__ import annotations

import datetime
import re

from attrs import define

from translator.exchange.columns.table import Column
from translator.tables.checks import right_digit

_SCIENTIFIC = re.compile(r"-?\d(?:[.,]\d{1,14})?E\+?\d{1,3}", re.I)
_GENERAL = re.compile(r"-?\d(?:[.,]\d{1,5})?E\+\d{2,3}")  # as a cell of the format General shows a long number
_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|NUM!|DIV/0!|NULL!|SPILL!|#+)")
_FORMULA = re.compile(r'="(.*)"|\'(.+)', re.S)
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DATED = re.compile(rf"\d{{1,2}}-(?:{_MONTH})(?:-\d{{2,4}})?|(?:{_MONTH})-\d{{2,4}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}", re.I)
_OTHER_DATE = re.compile(
    rf"\d{{1,4}}([/.-])\d{{1,2}}\1\d{{1,4}}|\d{{1,2}}[- ](?:{_MONTH})[a-z]*(?:[- ]\d{{2,4}})?|\d{{8}}"
    r"|\d{4}-\d{2}-\d{2}[ T].*",
    re.I,
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_POINT = re.compile(r"\d+\.0+")
_GROUPED = re.compile(r"-?\d{1,3}(?:([,.' \u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_EPOCH = datetime.date(1899, 12, 30)  # day 0 of a spreadsheet's calendar, for days after February 1900
_DIGITS = 15  # that a spreadsheet's number keeps


@define
class Fault:
    """Why a cell's text is not taken: a code of the catalogue, and what was expected, in words."""

    code: str
    expected: str


def anywhere(text: str) -> Fault | None:
    """Damage that no column can mean: an error of a formula, a text wrapped against the spreadsheet."""
    if _ERRORS.fullmatch(text):
        return Fault("cell-error", "a value")
    if (found := _FORMULA.fullmatch(text)) and (inner := found[1] or found[2]):
        return Fault("cell-wrapped", f'"{inner}"')
    return None


def identifier(text: str, column: Column) -> Fault | None:
    """Damage to an identifier: made a number, made a date, shorn of the zeros at its front."""
    like = column.like
    if like is not None and like.fullmatch(text) and (not column.lengths or len(text) in column.lengths):
        return None
    if _GENERAL.fullmatch(text) or (_SCIENTIFIC.fullmatch(text) and _numeric(column)):
        return Fault("cell-scientific", wanted(column))
    if _DATED.fullmatch(text):
        return Fault("cell-dated", wanted(column))
    if _numeric(column) and _POINT.fullmatch(text):
        return Fault("cell-pointed", f'"{text.partition(".")[0]}", if no zeros are lost at its front; {wanted(column)}')
    if text.isascii() and text.isdigit() and (padded := _padded(text, column)):
        if column.check and right_digit(column.check, padded):
            if len(text) > _DIGITS:
                return Fault("cell-rounded", wanted(column))
            return Fault("cell-zeros", wanted(column))
        return Fault("cell-zeros", f'perhaps "{padded}"; {wanted(column)}')
    return None


def wanted(column: Column) -> str:
    """What an identifier's column holds, in words."""
    if column.note:
        return column.note
    parts = [f"{' or '.join(map(str, column.lengths))} characters"] if column.lengths else []
    if column.like is not None:
        parts.append(f'the form "{column.like.pattern}"')
    return " in ".join(parts) or "the value as the ERP has it"


def date(text: str) -> str:
    """What a text in a column of dates may be, for the end of a sentence; empty when it is nothing known."""
    if (found := _SERIAL.fullmatch(text)) and 20000 <= int(found[1]) <= 80000:
        return f"; {found[1]} is a spreadsheet's number for {_EPOCH + datetime.timedelta(days=int(found[1]))}"
    return "; a date in another form is not guessed: day and month may be exchanged" if _OTHER_DATE.fullmatch(text) else ""


def number(text: str, decimal: str) -> Fault:
    """Why a text is no number of the form that the table says."""
    right = f"digits, and {'a comma' if decimal == ',' else 'a point'} before the decimals, as in 1234{decimal}5"
    if _SCIENTIFIC.fullmatch(text):
        return Fault("cell-scientific", right)
    if _GROUPED.fullmatch(text):
        return Fault("cell-grouped", right)
    other = "." if decimal == "," else ","
    if re.fullmatch(rf"-?\d*{re.escape(other)}\d+", text):
        return Fault("cell-decimal", right)
    if re.fullmatch(r"\d[\d.,]*-|\([\d.,]+\)", text):
        return Fault("cell-number", f"{right}; a minus stands before the number")
    return Fault("cell-number", right)


def _numeric(column: Column) -> bool:
    """Whether the column takes digits only."""
    if column.like is not None:
        return any(column.like.fullmatch("1" * n) for n in column.lengths or range(1, 31)) and not column.like.fullmatch("1E+1")
    return bool(column.lengths)


def _padded(text: str, column: Column) -> str:
    """The text with the zeros that make it what the column holds; empty when none do."""
    if column.like is None and not column.lengths:
        return ""
    for length in column.lengths or range(len(text) + 1, len(text) + 5):
        padded = text.zfill(length)
        if length > len(text) and (column.like is None or column.like.fullmatch(padded)):
            return padded
    return ""
