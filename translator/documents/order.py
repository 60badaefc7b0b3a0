"""A purchase order as attrs classes: what ``convert`` makes of a canonical order, and turns into one again.

Classes hold the text as sent; functions give Decimal and date. Nothing is validated and nothing is computed from
partner knowledge here (that is ``derive``). The conventions of ``parts`` hold; ``schemas/order.schema.json`` describes
every name, and a test keeps the two the same.
"""

import datetime
from decimal import Decimal
from typing import Literal

from attrs import Factory, define

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
class Freight:
    """Who pays the freight, and from or to which place."""

    payment: str | None = None
    point: str | None = None
    place: str | None = None


@define(kw_only=True)
class SpecialOrder:
    """The kind of a special order, as a code."""

    code: str | None = None


@define(kw_only=True)
class Terms:
    """Terms of payment: a discount until a date, a number of days or a day of the month, and when the net is due."""

    type: str | None = None
    basis: str | None = None
    discount_percent: str | None = None
    discount_due: str | None = None
    discount_days: int | None = None
    net_due: str | None = None
    net_days: int | None = None
    text: str | None = None
    day_of_month: int | None = None
    payment_method: str | None = None

    def discount_percent_value(self) -> Decimal | None:
        """The discount in percent; None when there is none or it is no number."""
        return number(self.discount_percent)

    def discount_due_on(self) -> datetime.date | None:
        """The last day of the discount, when the terms give one."""
        return day(self.discount_due)

    def net_due_on(self) -> datetime.date | None:
        """The day on which the net is due, when the terms give one."""
        return day(self.net_due)


@define(kw_only=True)
class Routing:
    """A carrier to ship with; ``carrier_type`` says whether ``carrier`` is a SCAC or a text."""

    sequence: str | None = None
    carrier_type: str | None = None
    carrier: str | None = None
    mode: str | None = None
    service_level: str | None = None


@define(kw_only=True)
class Instruction:
    """Handling instructions, one text a message segment."""

    text: list[str] = Factory(list)


@define(kw_only=True)
class Truckload:
    """A truckload that several orders fill: its order number and the numbers of the others."""

    id: str | None = None
    orders: list[str] = Factory(list)


@define(kw_only=True)
class Price:
    """A further price of a line, such as the retail price; ``multiple`` is how many units it is for."""

    class_: str | None = None
    kind: str | None = None
    price: str | None = None
    condition: str | None = None
    multiple: int | None = None

    def price_value(self) -> Decimal | None:
        """The price; None when there is none or it is no number."""
        return number(self.price)


@define(kw_only=True)
class Pack:
    """A carton: ``pack`` units in it, or inner packs when ``inner_pack`` says how many units those hold."""

    pack: int | None = None
    inner_pack: int | None = None


@define(kw_only=True)
class Service:
    """A service asked for, such as ticketing, and its reference."""

    code: str | None = None
    reference: str | None = None


@define(kw_only=True)
class Component:
    """A component of a set or prepack: so many of it in one unit of the line."""

    line: str | None = None
    quantity: str | None = None
    unit: str | None = None
    price: str | None = None
    price_basis: str | None = None
    price_relationship: str | None = None
    ids: dict[str, str] = Factory(dict)
    descriptions: list[Description] = Factory(list)

    def quantity_value(self) -> Decimal | None:
        """The quantity; None when there is none or it is no number."""
        return number(self.quantity)

    def price_value(self) -> Decimal | None:
        """The price; None when there is none or it is no number."""
        return number(self.price)


@define(kw_only=True)
class LineState:
    """A part of a line in one state, in the partner's own word."""

    state: str | None = None
    quantity: str | None = None

    def quantity_value(self) -> Decimal | None:
        """The quantity; None when there is none or it is no number."""
        return number(self.quantity)


@define(kw_only=True)
class Line:
    """A line item. ``line`` is the key of everything that answers it; ``ids`` keep the order in which they came.

    Once changes touched its quantity, ``ordered`` is what it was before all of them: "0" for a line that came with one.
    """

    line: str | None = None
    quantity: str | None = None
    unit: str | None = None
    price: str | None = None
    price_basis: str | None = None
    ids: dict[str, str] = Factory(dict)
    prices: list[Price] = Factory(list)
    descriptions: list[Description] = Factory(list)
    packs: list[Pack] = Factory(list)
    services: list[Service] = Factory(list)
    substitutes: str | None = None
    components: list[Component] = Factory(list)
    ordered: str | None = None
    states: list[LineState] = Factory(list)
    cancelled: bool | None = None
    erp: Free | None = None

    def quantity_value(self) -> Decimal | None:
        """The quantity; None when there is none or it is no number."""
        return number(self.quantity)

    def ordered_value(self) -> Decimal | None:
        """The quantity before all changes; None when no change touched it or it is no number."""
        return number(self.ordered)

    def price_value(self) -> Decimal | None:
        """The price; None when there is none or it is no number."""
        return number(self.price)


@define(kw_only=True)
class Window:
    """From when to when to ship, or to deliver (``kind``); one end may be open."""

    kind: str | None = None
    from_: str | None = None
    to: str | None = None

    def from_day(self) -> datetime.date | None:
        """The first day, when there is one."""
        return day(self.from_)

    def to_day(self) -> datetime.date | None:
        """The last day, when there is one."""
        return day(self.to)


@define(kw_only=True)
class DerivedLine:
    """What ``derive`` says of a line, known by its ``line``."""

    line: str | None = None
    description: str | None = None
    color: str | None = None
    size: str | None = None
    units_per_carton: int | None = None
    cartons: int | None = None
    amount: str | None = None

    def amount_value(self) -> Decimal | None:
        """The amount; None when it could not be computed."""
        return number(self.amount)


@define(kw_only=True)
class Derived:
    """What ``derive`` makes of an order: for reading only, never written to X12."""

    key: str | None = None
    window: Window | None = None
    delivery: str | None = None
    bill_to: Party | None = None
    ship_to: Party | None = None
    mark_for: Party | None = None
    shippable: bool | None = None
    back_order: bool | None = None
    amount: str | None = None
    lines: list[DerivedLine] = Factory(list)

    def amount_value(self) -> Decimal | None:
        """The amount; None when it could not be computed."""
        return number(self.amount)


@define(kw_only=True)
class Alteration:
    """One value that a change of the order made another: the change's ``revision``, the place, and what it was and is."""

    revision: int | None = None
    what: str | None = None
    line: str | None = None
    path: str | None = None
    from_: str | None = None
    to: str | None = None


@define(kw_only=True)
class Order:
    """A purchase order. Maps (``references``, ``dates``, ``parties``) keep the order in which their names came."""

    document: Literal["order"] = "order"
    partner: str | None = None
    guide: str | None = None
    envelope: Envelope | None = None
    number: str | None = None
    number_format: str | None = None
    type: str | None = None
    purpose: str | None = None
    state: str | None = None
    date: str | None = None
    release: str | None = None
    sourcing: str | None = None
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
    lines: list[Line] = Factory(list)
    totals: Totals | None = None
    revision: int | None = None
    cancelled: bool | None = None
    changes: list[Alteration] = Factory(list)
    erp: Free | None = None
    derived: Derived | None = None
    residue: list[Residue] = Factory(list)
    findings: list[ReportedFinding] = Factory(list)

    def ordered_on(self) -> datetime.date | None:
        """The day of the order; None when there is none."""
        return day(self.date)
