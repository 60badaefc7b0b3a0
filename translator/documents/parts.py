"""What several documents have in common, as attrs classes: envelope, parties, dates, products, and the reports within.

A document in canonical form goes in and comes out through ``convert``. Classes hold the text as sent; functions give
Decimal and date. Nothing is validated here: types are the converter's business, values the table's and the schema's.

Every field may be missing: None, or an empty list or map, is a key that is not there. A field whose JSON name is a
Python keyword ends in an underscore (``class_``, ``from_``). Source of the names: ``schemas/``, which describes each.
"""

import datetime
import re
from decimal import Decimal
from typing import Any

from attrs import Factory, define

from translator.x12 import numbers

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str | None) -> datetime.date | None:
    """The date of ``2023-07-03``; None for None, another form, or a day that no calendar has."""
    if text is None or not _DATE.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def number(text: str | None) -> Decimal | None:
    """The exact value of a decimal text such as ``75.5``; None for None and for what is no number."""
    return None if text is None else numbers.decimal(text)


@define(kw_only=True)
class Correspondent:
    """Who sends or receives an interchange: ``qualifier`` and ``id`` of the ISA, ``group`` of the GS."""

    qualifier: str | None = None
    id: str | None = None
    group: str | None = None


@define(kw_only=True)
class Control:
    """The control numbers, as text with their leading zeros."""

    interchange: str | None = None
    group: str | None = None
    set: str | None = None


@define(kw_only=True)
class Delimiters:
    """The delimiters of an interchange; ``tail`` is what follows the segment terminator, such as a newline."""

    element: str | None = None
    component: str | None = None
    segment: str | None = None
    tail: str | None = None


@define(kw_only=True)
class Envelope:
    """The interchange and group that a document came in."""

    sender: Correspondent | None = None
    receiver: Correspondent | None = None
    control: Control | None = None
    date: str | None = None
    time: str | None = None
    version: str | None = None
    release: str | None = None
    usage: str | None = None
    acknowledgment_requested: bool | None = None
    authorization: str | None = None
    security: str | None = None
    delimiters: Delimiters | None = None


@define(kw_only=True)
class Reference:
    """A reference under its name: an identifier, a text, or both."""

    id: str | None = None
    text: str | None = None


@define(kw_only=True)
class Identifier:
    """A reference under its name, where it is an identifier and no more."""

    id: str | None = None


@define(kw_only=True)
class DateTime:
    """A date under its name, perhaps with a time and the code of its zone."""

    date: str | None = None
    time: str | None = None
    zone: str | None = None

    def on(self) -> datetime.date | None:
        """The day as a date; None when there is none."""
        return day(self.date)


@define(kw_only=True)
class ContactNumber:
    """A telephone or fax number or an e-mail address; ``type`` is the code that says which."""

    type: str | None = None
    number: str | None = None


@define(kw_only=True)
class Contact:
    """A person or office with the numbers to reach it."""

    name: str | None = None
    numbers: list[ContactNumber] = Factory(list)
    reference: str | None = None


@define(kw_only=True)
class Address:
    """A postal address."""

    lines: list[str] = Factory(list)
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


@define(kw_only=True)
class Party:
    """A location, company or person: ``location`` is the code that the partner knows it by."""

    name: str | None = None
    location: str | None = None
    more_names: list[str] = Factory(list)
    address: Address | None = None


@define(kw_only=True)
class Place:
    """A place, by its name and the code that the partner knows it by."""

    name: str | None = None
    location: str | None = None


@define(kw_only=True)
class Site:
    """A place with its address."""

    name: str | None = None
    location: str | None = None
    address: Address | None = None


@define(kw_only=True)
class Description:
    """A description of a product: what it is ``about`` is a code; its words are the ``text``."""

    format: str | None = None
    about: str | None = None
    agency: str | None = None
    code: str | None = None
    text: str | None = None


@define(kw_only=True)
class Part:
    """An item that stands for a line or a part of it: of a set, of a prepack, or sent instead of what was ordered."""

    line: str | None = None
    quantity: str | None = None
    unit: str | None = None
    ids: dict[str, str] = Factory(dict)

    def quantity_value(self) -> Decimal | None:
        """The quantity; None when there is none or it is no number."""
        return number(self.quantity)


@define(kw_only=True)
class Totals:
    """What the sender counted: its lines, and the hash total of their quantities (digits only, points dropped)."""

    lines: int | None = None
    hash: str | None = None

    def hash_value(self) -> Decimal | None:
        """The hash total; None when there is none or it is no number."""
        return number(self.hash)


@define(kw_only=True)
class Residue:
    """A segment that cannot be made again from the document: ``at`` its position in the set, as AK302 counts,
    ``after`` the segment it followed, ``was`` what the document said of it then, ``raw`` its bytes as text."""

    at: int | None = None
    after: str | None = None
    was: list[str] = Factory(list)
    raw: str | None = None


@define(kw_only=True)
class ReportedFinding:
    """A finding as it stands in a document: ``translator.findings.Finding`` with sentence and cure, all as text."""

    code: str | None = None
    severity: str | None = None
    file: str | None = None
    set: str | None = None
    at: int | None = None
    segment: str | None = None
    ref: str | None = None
    value: str | None = None
    expected: str | None = None
    line: int | None = None
    offset: int | None = None
    path: str | None = None
    rule: str | None = None
    sentence: str | None = None
    cure: str | None = None


Free = dict[str, Any]
"""An object that is somebody else's: any JSON, handed through as it is."""
