"""One value between two worlds: what their JSON says in, what our document says out, and back; or what was expected instead.

Kinds: ``text``; ``number``, an exact decimal; ``count``, a whole number; ``moment``, date, time and zone; ``day``, a date alone;
``flag``, true where the field has one of the codes. A number may come as text, and a text as number: what is meant is the same.
Nothing is rounded or cut.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from translator.bodies.table import Field
from translator.bodies.text import Number, number

KINDS = ("text", "number", "count", "moment", "day", "flag")
FITS = {"text": ("text", "any"), "number": ("decimal",), "count": ("decimal", "count"), "day": ("date",), "flag": ("flag",)}
"""What a kind may be in the document's schema; a moment is an object of date, time and zone."""
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::([0-5][0-9])(?:\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?")
_MOST_DIGITS = 30
_UTC, _ZULU = "UT", "Z"

EXPECTED = {
    "text": "a text",
    "number": "a number, digits and perhaps a point",
    "count": "a whole number",
    "moment": "a date, or date and time, as in 2026-11-20T14:03:00.000Z",
    "day": "a date, as in 2026-11-20 or 2026-11-20T00:00:00.000Z",
    "flag": "a text",
}


def silent(value: Any) -> bool:
    """Whether a value of theirs says nothing: null, or an empty text."""
    return value is None or (isinstance(value, str) and not value.strip())


def taken(about: Field, value: Any) -> Any:
    """Our value for theirs, which is not silent; None where it is of another kind or form. Codes of the table are not applied."""
    if not isinstance(value, str):
        return None
    if about.kind in ("text", "flag"):
        return str(value)
    if about.kind == "count":
        return str(value) if _WHOLE.fullmatch(value) else _whole(value)
    if about.kind == "number":
        return str(value) if _PLAIN.fullmatch(value) else _plain(value)
    found = None if isinstance(value, Number) else _MOMENT.fullmatch(value)
    if found is None or not _calendar(found[1]):
        return None
    if about.kind == "day":
        return found[1]
    date, minute, second, zone = found.groups()
    time = minute and (f"{minute}:{second}" if second and second != "00" else minute)
    return {name: text for name, text in (("date", date), ("time", time), ("zone", _UTC if zone == _ZULU else zone)) if text}


def given(about: Field, value: Any) -> Any:
    """Their value for ours; None where ours has another kind or form. Codes of the table are not applied."""
    if about.kind == "moment":
        return _moment(value)
    if not isinstance(value, str):
        return None
    if about.kind == "text":
        return value
    if about.kind == "count":
        whole = value if _WHOLE.fullmatch(value) else _whole(value)
        return None if whole is None else Number(whole)
    if about.kind == "number":
        return number(value)
    return (value if about.form == "date" else f"{value}T00:00:00.000Z") if _calendar(value) else None


def _moment(value: Any) -> str | None:
    if not isinstance(value, dict) or set(value) - {"date", "time", "zone"} or not _calendar(value.get("date")):
        return None
    time, zone = value.get("time"), value.get("zone", "")
    if time is None:
        return None if zone else str(value["date"])
    if not isinstance(time, str) or not _TIME.fullmatch(time) or not isinstance(zone, str):
        return None
    seconds = "" if time.count(":") == 2 else ":00"
    return f"{value['date']}T{time}{seconds}.000{_ZULU if zone == _UTC else zone}"


def _calendar(text: Any) -> bool:
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _plain(text: str) -> str | None:
    """A number with an exponent, or a text with a sign or zeros before it, as plain digits; None where it is none, or too long."""
    if not re.fullmatch(r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?", text):
        return None
    value = Decimal(text)
    if abs(value.adjusted()) > _MOST_DIGITS or len(value.as_tuple().digits) > _MOST_DIGITS:
        return None
    return f"{value:f}".removeprefix("+")


def _whole(text: str) -> str | None:
    plain = _plain(text)
    if plain is None or Decimal(plain) != Decimal(plain).to_integral_value() or Decimal(plain) < 0:
        return None
    return str(int(Decimal(plain)))
