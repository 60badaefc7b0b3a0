"""The answer to an order as attrs classes: what ``convert`` makes of a canonical acknowledgment, and turns into one again.

Classes hold the text as sent; functions give Decimal and date. Nothing is validated here, and nothing is taken from the
order. The conventions of ``parts`` hold; ``schemas/acknowledgment.schema.json`` describes every name, and a test keeps
the two the same.
"""

import datetime
from decimal import Decimal
from typing import Literal

from attrs import Factory, define

from translator.documents.parts import Envelope, Free, Identifier, Place, ReportedFinding, Residue, Totals, day, number


@define(kw_only=True)
class Answer:
    """What becomes of a line, or of a part of its quantity; ``ids`` are those of an item sent instead."""

    status: str | None = None
    quantity: str | None = None
    unit: str | None = None
    date_type: str | None = None
    date: str | None = None
    reason: str | None = None
    ids: dict[str, str] = Factory(dict)
    erp: Free | None = None

    def quantity_value(self) -> Decimal | None:
        """The quantity; None when there is none or it is no number."""
        return number(self.quantity)

    def on(self) -> datetime.date | None:
        """The day of what ``date_type`` says; None when there is none."""
        return day(self.date)


@define(kw_only=True)
class AnsweredLine:
    """A line of the order, as ordered, with its ``answers``."""

    line: str | None = None
    quantity: str | None = None
    unit: str | None = None
    price: str | None = None
    price_basis: str | None = None
    ids: dict[str, str] = Factory(dict)
    answers: list[Answer] = Factory(list)
    erp: Free | None = None

    def quantity_value(self) -> Decimal | None:
        """The quantity ordered; None when there is none or it is no number."""
        return number(self.quantity)

    def price_value(self) -> Decimal | None:
        """The price; None when there is none or it is no number."""
        return number(self.price)


@define(kw_only=True)
class AnsweredOrder:
    """The order that is answered, known by ``number`` and ``release``."""

    number: str | None = None
    release: str | None = None
    date: str | None = None
    references: dict[str, Identifier] = Factory(dict)
    ship_to: Place | None = None
    lines: list[AnsweredLine] = Factory(list)
    erp: Free | None = None

    def ordered_on(self) -> datetime.date | None:
        """The day of the order; None when there is none."""
        return day(self.date)


@define(kw_only=True)
class Acknowledgment:
    """The answer to the one order in ``orders``."""

    document: Literal["acknowledgment"] = "acknowledgment"
    partner: str | None = None
    guide: str | None = None
    envelope: Envelope | None = None
    purpose: str | None = None
    status: str | None = None
    acknowledgment_date: str | None = None
    orders: list[AnsweredOrder] = Factory(list)
    totals: Totals | None = None
    erp: Free | None = None
    residue: list[Residue] = Factory(list)
    findings: list[ReportedFinding] = Factory(list)

    def acknowledged_on(self) -> datetime.date | None:
        """The day of the answer; None when there is none."""
        return day(self.acknowledgment_date)
