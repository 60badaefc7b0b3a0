"""A change of a purchase order as attrs classes: what ``convert`` makes of a canonical change, and turns into one again.

Classes hold the text as sent; functions give Decimal and date. What a change does to its order is not decided here. The
conventions of ``parts`` hold; ``schemas/change.schema.json`` describes every name, and a test keeps the two the same.
"""

import datetime
from decimal import Decimal
from typing import Literal

from attrs import Factory, define

from translator.documents.order import (
    Component,
    Freight,
    Instruction,
    Pack,
    Price,
    Routing,
    Service,
    SpecialOrder,
    Terms,
    Truckload,
)
from translator.documents.parts import (
    Contact,
    DateTime,
    Description,
    Envelope,
    Free,
    Party,
    Reference,
    ReportedFinding,
    Residue,
    Totals,
    day,
    number,
)


@define(kw_only=True)
class ChangedLine:
    """A line of the order and what becomes of it: ``change`` is a code, ``left`` what is still to be received."""

    line: str | None = None
    change: str | None = None
    quantity: str | None = None
    left: str | None = None
    unit: str | None = None
    price: str | None = None
    price_basis: str | None = None
    ids: dict[str, str] = Factory(dict)
    prices: list[Price] = Factory(list)
    descriptions: list[Description] = Factory(list)
    dates: dict[str, DateTime] = Factory(dict)
    packs: list[Pack] = Factory(list)
    services: list[Service] = Factory(list)
    substitutes: str | None = None
    components: list[Component] = Factory(list)
    erp: Free | None = None

    def quantity_value(self) -> Decimal | None:
        """The quantity; None when there is none or it is no number."""
        return number(self.quantity)

    def left_value(self) -> Decimal | None:
        """What is still to be received; None when nothing is said of it or it is no number."""
        return number(self.left)

    def price_value(self) -> Decimal | None:
        """The price; None when there is none or it is no number."""
        return number(self.price)


@define(kw_only=True)
class Change:
    """A change of the order that has this ``number`` and ``release``; ``date`` is the order's, ``change_date`` its own."""

    document: Literal["change"] = "change"
    partner: str | None = None
    guide: str | None = None
    envelope: Envelope | None = None
    number: str | None = None
    type: str | None = None
    purpose: str | None = None
    date: str | None = None
    release: str | None = None
    sequence: str | None = None
    change_date: str | None = None
    sourcing: str | None = None
    request: str | None = None
    seller_order: str | None = None
    acknowledgment_date: str | None = None
    contract_type: str | None = None
    security_level: str | None = None
    acknowledgment_type: str | None = None
    transaction_type: str | None = None
    category: str | None = None
    references: dict[str, Reference] = Factory(dict)
    contacts: list[Contact] = Factory(list)
    freight: list[Freight] = Factory(list)
    back_order: list[str] = Factory(list)
    special_orders: list[SpecialOrder] = Factory(list)
    terms: list[Terms] = Factory(list)
    dates: dict[str, DateTime] = Factory(dict)
    routing: list[Routing] = Factory(list)
    instructions: list[Instruction] = Factory(list)
    truckload: Truckload | None = None
    parties: dict[str, Party] = Factory(dict)
    lines: list[ChangedLine] = Factory(list)
    totals: Totals | None = None
    erp: Free | None = None
    residue: list[Residue] = Factory(list)
    findings: list[ReportedFinding] = Factory(list)

    def ordered_on(self) -> datetime.date | None:
        """The day of the order; None when there is none."""
        return day(self.date)

    def changed_on(self) -> datetime.date | None:
        """The day of the change; None when there is none."""
        return day(self.change_date)
