"""Element values by X12 type (X12.6: AN, ID, DT, TM, N0, N2, R): a text in, what breaks the type out; and to JSON and back.

Identifiers and decimals stay text; N0 becomes an integer, N2 gets its point, dates and times take their ISO form.
Codes, requirement and everything that a guide says are not judged here.
"""

from __future__ import annotations

import datetime
import re

_R = re.compile(r"-?[0-9]*\.?[0-9]+")
_N = re.compile(r"-?[0-9]+")
_DATE = re.compile(r"(?:[0-9]{2})?[0-9]{6}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9][0-9]{0,2})?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,2}))?)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FOREIGN = re.compile(r"[\x80-\xff]")

WORDS = {
    "AN": "text",
    "ID": "a code",
    "DT": "a date CCYYMMDD",
    "TM": "a time HHMM, HHMMSS or HHMMSSDD",
    "N0": "a whole number",
    "N2": "a number with two implied decimals",
    "R": "a number: digits, perhaps a minus sign and a decimal point",
}


def breaches(type_: str, least: int, most: int, text: str) -> list[tuple[str, str]]:
    """What breaks type and length: (finding code, what was expected), nothing when all is well. ``text`` is not empty."""
    found = []
    if _CONTROL.search(text):
        return [("element-character", "printable characters")]
    if _FOREIGN.search(text):
        found.append(("element-foreign", "the characters of ASCII"))
    length = len(text)
    if type_ == "DT":
        if length == most and _to_date(text) is None:
            return [*found, ("element-date", WORDS[type_] if most == 8 else "a date YYMMDD")]
    elif type_ == "TM":
        if least <= length <= most and not _TIME.fullmatch(text):
            return [*found, ("element-time", WORDS[type_])]
    elif type_ == "R" or type_[0] == "N":
        if not (_R if type_ == "R" else _N).fullmatch(text):
            return [*found, ("element-number", WORDS[type_])]
        length -= text.count("-") + text.count(".")
    if length < least:
        found.append(("element-short", _lengths(least, most)))
    elif length > most:
        found.append(("element-long", _lengths(least, most)))
    return found


def to_json(type_: str, text: str) -> str | int | None:
    """The canonical value of an element's text, or None when the text does not have the type."""
    if type_ in ("AN", "ID"):
        return text
    if type_ == "R":
        return text if len(text) <= 40 and _R.fullmatch(text) else None
    if type_ == "DT":
        return _to_date(text)
    if type_ == "TM":
        if not _TIME.fullmatch(text):
            return None
        return f"{text[:2]}:{text[2:4]}" + (f":{text[4:6]}" if text[4:] else "") + (f".{text[6:]}" if text[6:] else "")
    if len(text) > 18 or not _N.fullmatch(text):
        return None
    if type_ == "N0":
        return int(text)
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text)
    digits = digits.lstrip("0").rjust(3, "0")
    return f"{sign}{digits[:-2]}.{digits[-2:]}"


def to_text(type_: str, value: object) -> str | None:
    """The element's text for a canonical value, or None when the value has not the JSON type of this X12 type.

    A date or time that is not in ISO form goes out as it stands, so that reading it back says what is wrong with it.
    """
    if type_ == "N0":
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
    if not isinstance(value, str):
        return None
    if type_ == "DT" and _ISO_DATE.fullmatch(value):
        return value.replace("-", "")
    if type_ == "TM" and (m := _ISO_TIME.fullmatch(value)):
        return "".join(part or "" for part in m.groups())
    if type_ == "N2" and re.fullmatch(r"-?[0-9]+\.[0-9]{2}", value):
        sign, digits = ("-", value[1:]) if value[0] == "-" else ("", value)
        return sign + (digits.replace(".", "").lstrip("0") or "0")
    return value


def json_type(type_: str) -> str:
    """What a value of this X12 type is in JSON: ``string`` or ``integer``."""
    return "integer" if type_ == "N0" else "string"


def _to_date(text: str) -> str | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        day = datetime.date(int(text[:4]) if len(text) == 8 else 2000 + int(text[:2]), int(text[-4:-2]), int(text[-2:]))
    except ValueError:
        return None
    return day.isoformat()


def _lengths(least: int, most: int) -> str:
    return f"{least} characters" if least == most else f"{least} to {most} characters"
