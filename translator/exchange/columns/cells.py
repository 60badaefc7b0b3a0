"""One cell: a JSON value in, the ERP's text out, and back; or the ``Fault`` why not. A column says which, the file how.

Texts stay texts, decimals are exact texts with another point, dates and times change their form; nothing is rounded or cut.
What is written is read back before anybody sees it: a value that would not come back the same is not written.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from translator.exchange.columns import damage
from translator.exchange.columns.damage import Fault
from translator.exchange.columns.table import Column, FileForm
from translator.tables.checks import right_digit

KINDS = ("text", "decimal", "count", "date", "time", "flag")
CHECKED = ("upc", "ean13", "ean8", "isbn", "sscc")
FLAGS = {"true": "Y", "false": "N"}
BLANKS = " \t\u00a0"
LONGEST = 32_767  # characters that a cell of a spreadsheet holds; no value of ours comes near

_DECIMAL = re.compile(r"-?[0-9]*\.?[0-9]+")
_COUNT = re.compile(r"[0-9]{1,18}")
_PARTS = {"YYYY": "year", "YY": "year", "MM": "month", "DD": "day"}
_TIMES = {"HH": "hour", "MM": "minute", "SS": "second"}
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_FORMULA = re.compile(r"[=+@\t\r-]")

Form = tuple[re.Pattern[str], tuple[tuple[str, str], ...]]


def decode(form: FileForm, column: Column, text: str) -> tuple[Any, Fault | None]:
    """The JSON value of a cell without blanks around it, not empty; or why there is none."""
    if len(text) > LONGEST:
        return None, Fault("cell-long", f"{LONGEST} characters at most")
    if fault := damage.anywhere(text):
        return None, fault
    value, fault = _value(form, column, text)
    if fault is None and column.kind == "text" and not column.codes and not column.words:
        fault = _judged(column, text)
    return value, fault


def doubtful(column: Column, text: str) -> Fault | None:
    """What is only a warning: a check digit that is not right."""
    if column.check and (right := right_digit(column.check, text)):
        return Fault("cell-check", right)
    return None


def encode(form: FileForm, column: Column, value: Any) -> tuple[str, Fault | None]:
    """The text of a JSON value; or why it cannot be written."""
    text = _text(form, column, value)
    if text is None:
        return "", _unwritten(column, value)
    if column.width and len(text) > column.width:
        return "", Fault("cell-width", f"{column.width} characters at most")
    if "\0" in text or (column.width and re.search(r"[\r\n]", text)):
        return "", Fault("cell-unfit", "a text without line ends or control characters")
    try:
        text.encode(form.encoding)
    except UnicodeEncodeError as error:
        return "", Fault("cell-character", f'"{text[error.start]}" is not in {form.encoding}')
    if form.quote == "never" and form.layout != "fixed" and re.search(rf'[\r\n"{re.escape(form.delimiter)}]', text):
        return "", Fault("cell-unfit", "a text without delimiters, quotes and line ends, since this file has no quotes")
    back, fault = _value(form, column, plain(column, padded(column, text)))
    meant = value.strip(BLANKS) if column.words else value  # blanks around words say nothing
    if fault or back != meant or len(text) > LONGEST:
        return text, Fault("cell-unfit", "a value that comes back from the file as it is")
    return text, None


def formula(column: Column, text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula."""
    return column.kind == "text" and _FORMULA.match(text) is not None


def padded(column: Column, text: str) -> str:
    """A text as wide as its column, where that has a width."""
    return text.rjust(column.width, column.pad if text else " ") if column.align == "right" else text.ljust(column.width)


def plain(column: Column, text: str) -> str:
    """A cell's text without what pads it."""
    text = text.strip(BLANKS)
    if column.pad == "0" and column.width:
        text = re.sub(r"\A(-?)0+(?=[0-9])", r"\1", text) if column.kind in ("decimal", "count") else text
    return text


@lru_cache(maxsize=64)
def date_form(form: str) -> Form:
    """The pattern of a form such as DD.MM.YYYY. Raises ``ValueError`` when it does not have day, month and year once."""
    return _form(form, _PARTS, {"year", "month", "day"})


@lru_cache(maxsize=64)
def time_form(form: str) -> Form:
    """The pattern of a form such as HH:MM. Raises ``ValueError`` when it does not have hour and minute once."""
    return _form(form, _TIMES, {"hour", "minute"})


def _form(form: str, parts: dict[str, str], needed: set[str]) -> Form:
    pieces = re.findall("|".join(parts) + "|[^A-Za-z0-9]|.", form, re.S)
    named = [parts[piece] for piece in pieces if piece in parts]
    if not needed <= set(named) or len(set(named)) < len(named) or any(p not in parts and p.isalnum() for p in pieces):
        raise ValueError(form)
    pattern = "".join(f"(?P<{parts[p]}>[0-9]{{{len(p)}}})" if p in parts else re.escape(p) for p in pieces)
    return re.compile(pattern), tuple((piece, parts.get(piece, "")) for piece in pieces)


# --- from the file ----------------------------------------------------------------------------------------------------


def _value(form: FileForm, column: Column, text: str) -> tuple[Any, Fault | None]:
    """The value by its kind alone."""
    if column.codes:
        return _coded(column, text)
    if column.kind == "text":
        return text, None
    return _READ[column.kind](form, text)


def _coded(column: Column, text: str) -> tuple[Any, Fault | None]:
    for value, word in column.codes.items():
        if word == text:
            return (value == "true" if column.kind == "flag" else value), None
    known = " or ".join(f'"{word}"' for word in column.codes.values())
    return None, Fault("cell-code", known)


def _decimal(form: FileForm, text: str) -> tuple[Any, Fault | None]:
    pointed = text.replace(",", ".") if form.decimal == "," and "." not in text else text
    if _DECIMAL.fullmatch(pointed) and (form.decimal == "." or "." not in text):
        return pointed, None
    return None, damage.number(text, form.decimal)


def _count(form: FileForm, text: str) -> tuple[Any, Fault | None]:
    if _COUNT.fullmatch(text):
        return int(text), None
    if re.fullmatch(r"[0-9]+[.,][0-9]+", text):
        return None, Fault("cell-number", "a whole number without decimals")
    fault = damage.number(text, form.decimal)
    return None, Fault(fault.code, "a whole number, digits only")


def _date(form: FileForm, text: str) -> tuple[Any, Fault | None]:
    found = date_form(form.date)[0].fullmatch(text)
    if found:
        year = found["year"] if len(found["year"]) == 4 else f"20{found['year']}"
        try:
            return datetime.date(int(year), int(found["month"]), int(found["day"])).isoformat(), None
        except ValueError:
            return None, Fault("cell-date", f"a day that the calendar has, as {form.date}")
    return None, Fault("cell-date", f"a date as {form.date}{damage.date(text)}")


def _time(form: FileForm, text: str) -> tuple[Any, Fault | None]:
    if found := time_form(form.time)[0].fullmatch(text):
        value = ":".join(found[part] for part in ("hour", "minute", "second") if part in found.groupdict())
        if _CLOCK.fullmatch(value):
            return value, None
    return None, Fault("cell-time", f"a time as {form.time}")


_READ: dict[str, Callable[[FileForm, str], tuple[Any, Fault | None]]] = {
    "decimal": _decimal, "count": _count, "date": _date, "time": _time,
}  # fmt: skip


def _judged(column: Column, text: str) -> Fault | None:
    """What the table asks of an identifier."""
    if fault := damage.identifier(text, column):
        return fault
    if column.lengths and len(text) not in column.lengths:
        return Fault("cell-length", damage.wanted(column))
    if column.like is not None and not column.like.fullmatch(text):
        return Fault("cell-form", damage.wanted(column))
    return None


# --- to the file ------------------------------------------------------------------------------------------------------


def _text(form: FileForm, column: Column, value: Any) -> str | None:
    """The text of a value by its kind; None when it has another kind."""
    if column.kind == "flag":
        return column.codes.get("true" if value else "false") if isinstance(value, bool) else None
    if column.kind == "count":
        return str(value) if type(value) is int and value >= 0 else None
    if not isinstance(value, str):
        return None
    if column.codes:
        return column.codes.get(value)
    if column.kind == "decimal":
        return value.replace(".", form.decimal) if _DECIMAL.fullmatch(value) else None
    if column.kind == "date":
        found = re.fullmatch(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})", value)
        return "".join(found[part][-len(p) :] if part else p for p, part in date_form(form.date)[1]) if found else None
    if column.kind == "time":
        clock = _CLOCK.fullmatch(value)
        parts = dict(zip(("hour", "minute", "second"), clock.groups("00"), strict=True)) if clock else None
        return "".join(parts[part] if part else p for p, part in time_form(form.time)[1]) if parts else None
    return value


def _unwritten(column: Column, value: Any) -> Fault:
    if column.codes and isinstance(value, str | bool):
        return Fault("cell-unfit", f"one of {', '.join(column.codes)}, for which the table has a word")
    return Fault("cell-unfit", f"a {column.kind}")
