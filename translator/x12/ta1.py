"""The interchange acknowledgment (TA1): its elements in, a document and what breaks them out; and back.

Five elements of fixed length, after the ISA and before any group (X12.5): the control number, date and time of the
interchange that is acknowledged, a status, and a note. It belongs to no set and no guide, so there is no table for it.
What an acknowledgment should say is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from translator.x12.elements import breaches, to_json, to_text

Json = dict[str, Any]
DOCUMENT = "interchange_acknowledgment"

# key in the document, name of the element, X12 type, length
_ELEMENTS = (
    ("control", "Interchange Control Number", "N0", 9),
    ("date", "Interchange Date", "DT", 6),
    ("time", "Interchange Time", "TM", 4),
    ("status", "Interchange Acknowledgment Code", "ID", 1),
    ("note", "Interchange Note Code", "ID", 3),
)
PLACES = {f"TA1{n:02d}": key for n, (key, *_) in enumerate(_ELEMENTS, 1)}
STATUS = {"A": "accepted", "E": "accepted, with errors in its envelope", "R": "rejected"}
NOTES = {
    "000": "no error",
    "001": "control numbers of header and trailer differ",
    "002": "this standard is not supported",
    "003": "this version of the envelope is not supported",
    "004": "the segment terminator is invalid",
    "005": "the sender's qualifier is invalid",
    "006": "the sender's id is invalid",
    "007": "the receiver's qualifier is invalid",
    "008": "the receiver's id is invalid",
    "009": "the receiver's id is unknown",
    "010": "the qualifier of the authorization is invalid",
    "011": "the authorization is invalid",
    "012": "the qualifier of the security information is invalid",
    "013": "the security information is invalid",
    "014": "the date is invalid",
    "015": "the time is invalid",
    "016": "the standards identifier is invalid",
    "017": "the version is invalid",
    "018": "the control number is invalid",
    "019": "the request for an acknowledgment is invalid",
    "020": "the test indicator is invalid",
    "021": "the number of groups is wrong",
    "022": "the control structure is invalid",
    "023": "it ended too early",
    "024": "its contents are invalid",
    "025": "its control number came before",
    "026": "the element separator is invalid",
    "027": "the component separator is invalid",
    "028": "the delivery date of a deferred delivery is invalid",
    "029": "the delivery time of a deferred delivery is invalid",
    "030": "the delivery time code of a deferred delivery is invalid",
    "031": "the grade of service of a deferred delivery is invalid",
}
_CODES = {"status": STATUS, "note": NOTES}


def read(values: list[str]) -> Json:
    """What a TA1 says (``values[0]`` is its tag); what is missing or of no type is left out."""
    said: Json = {}
    for n, (key, _, type_, _length) in enumerate(_ELEMENTS, 1):
        text = values[n] if n < len(values) else ""
        value = to_json(type_, text) if type_ in ("DT", "TM") else text
        if value:
            said[key] = value
    return said


def meaning(key: str, value: str) -> str:
    """What a code stands for; empty where the element has no codes, or not this one."""
    return _CODES.get(key, {}).get(value, "")


def accuse(values: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """What breaks a TA1: finding code, element, value, what was expected."""
    for n, (key, name, type_, length) in enumerate(_ELEMENTS, 1):
        text, ref = values[n] if n < len(values) else "", f"TA1{n:02d}"
        if not text:
            yield "element-missing", ref, text, name
            continue
        wrong = breaches(type_, length, length, text)
        yield from ((code, ref, text, expected) for code, expected in wrong)
        if not wrong and key in _CODES and text not in _CODES[key]:
            known = list(_CODES[key])
            yield "element-code", ref, text, f"{known[0]} to {known[-1]}" if len(known) > 3 else ", ".join(known)
    if len(values) > len(_ELEMENTS) + 1:
        yield "element-many", "", values[len(_ELEMENTS) + 1], str(len(_ELEMENTS))


def write(document: Json) -> list[tuple[str, str]]:
    """The elements of a TA1 with the names of their values, to be judged by reading them back; empty where nothing is said."""
    texts = [("", "TA1")]
    for key, _, type_, length in _ELEMENTS:
        text = to_text(type_ if type_ in ("DT", "TM") else "AN", document.get(key)) or ""
        texts.append((key, text[-length:] if type_ == "DT" else text))
    return texts
