"""A shipment as attrs classes: what ``convert`` makes of a canonical ship notice, and turns into one again.

One shape for every way of packing: orders, their packs, the items in them; a pack names the pallet that it stands on.
Classes hold the text as sent; functions give Decimal and date. Nothing is validated, counted or taken from an order
here. The conventions of ``parts`` hold; ``schemas/shipment.schema.json`` describes every name, and a test keeps the two
the same.
"""

import datetime
from decimal import Decimal
from typing import Literal

from attrs import Factory, define

from translator.documents.parts import (
    Address,
    Description,
    Envelope,
    Free,
    Identifier,
    Part,
    Place,
    ReportedFinding,
    Residue,
    Site,
    Totals,
    day,
    number,
)


@define(kw_only=True)
class Carrier:
    """Who carries the goods, and how; ``name`` is the ERP's word for it, and not sent."""

    scac: str | None = None
    mode: str | None = None
    routing: str | None = None
    transit_days: str | None = None
    service_level: str | None = None
    name: str | None = None

    def transit_days_value(self) -> Decimal | None:
        """The days in transit; None when there are none or it is no number."""
        return number(self.transit_days)


@define(kw_only=True)
class Trailer:
    """A trailer: its number and that of its seal."""

    number: str | None = None
    seal: str | None = None


@define(kw_only=True)
class Origin:
    """Where goods come from; ``qualifier`` says whose code the ``location`` is."""

    name: str | None = None
    qualifier: str | None = None
    location: str | None = None
    address: Address | None = None


@define(kw_only=True)
class Pallet:
    """A pallet, known by its label."""

    sscc: str | None = None
    erp: Free | None = None


@define(kw_only=True)
class Statement:
    """A statement about the goods, as a code."""

    code: str | None = None


@define(kw_only=True)
class PackedItem:
    """So much of a line of the order in a pack. ``final``: nothing more of the line will follow."""

    line: str | None = None
    ids: dict[str, str] = Factory(dict)
    quantity: str | None = None
    unit: str | None = None
    pack: int | None = None
    inner_pack: int | None = None
    components: list[Part] = Factory(list)
    descriptions: list[Description] = Factory(list)
    final: bool | None = None
    erp: Free | None = None

    def quantity_value(self) -> Decimal | None:
        """The quantity; None when there is none or it is no number."""
        return number(self.quantity)


@define(kw_only=True)
class Carton:
    """A carton, by its label ``sscc`` or its tracking number; with neither, loose items. ``pallet`` names the one under it."""

    sscc: str | None = None
    tracking: str | None = None
    pallet: str | None = None
    weight: str | None = None
    items: list[PackedItem] = Factory(list)
    erp: Free | None = None

    def weight_value(self) -> Decimal | None:
        """The weight; None when there is none or it is no number."""
        return number(self.weight)


@define(kw_only=True)
class ShippedOrder:
    """An order in the shipment, known by ``number`` and ``release``."""

    number: str | None = None
    release: str | None = None
    date: str | None = None
    ship_date: str | None = None
    cartons: int | None = None
    packaging: str | None = None
    weight: str | None = None
    weight_unit: str | None = None
    references: dict[str, Identifier] = Factory(dict)
    tracking: str | None = None
    mark_for: Place | None = None
    statements: list[Statement] = Factory(list)
    packs: list[Carton] = Factory(list)
    erp: Free | None = None

    def ordered_on(self) -> datetime.date | None:
        """The day of the order; None when there is none."""
        return day(self.date)

    def shipped_on(self) -> datetime.date | None:
        """The day on which the goods of this order leave, when it is said here."""
        return day(self.ship_date)

    def weight_value(self) -> Decimal | None:
        """The weight; None when there is none or it is no number."""
        return number(self.weight)


@define(kw_only=True)
class Shipment:
    """A ship notice: what goes to one place under one number."""

    document: Literal["shipment"] = "shipment"
    partner: str | None = None
    guide: str | None = None
    envelope: Envelope | None = None
    purpose: str | None = None
    id: str | None = None
    date: str | None = None
    time: str | None = None
    structure: str | None = None
    ship_date: str | None = None
    delivery_date: str | None = None
    carrier: Carrier | None = None
    trailer: Trailer | None = None
    references: dict[str, Identifier] = Factory(dict)
    ship_to: Site | None = None
    ship_from: Origin | None = None
    pallets: list[Pallet] = Factory(list)
    orders: list[ShippedOrder] = Factory(list)
    totals: Totals | None = None
    erp: Free | None = None
    residue: list[Residue] = Factory(list)
    findings: list[ReportedFinding] = Factory(list)

    def made_on(self) -> datetime.date | None:
        """The day on which the notice was made; None when there is none."""
        return day(self.date)

    def shipped_on(self) -> datetime.date | None:
        """The day on which the goods leave; None when there is none."""
        return day(self.ship_date)

    def delivered_on(self) -> datetime.date | None:
        """The day on which they are expected; None when there is none."""
        return day(self.delivery_date)
