"""An invoice as attrs classes: what ``convert`` makes of a canonical invoice, and turns into one again.

Classes hold the text as sent; functions give Decimal and date. Nothing is validated, added up or taken from the order
here. The conventions of ``parts`` hold; ``schemas/invoice.schema.json`` describes every name, and a test keeps the two
the same.
"""

import datetime
from decimal import Decimal
from typing import Literal

from attrs import Factory, define

from translator.documents.parts import (
    Description,
    Envelope,
    Free,
    Identifier,
    Part,
    ReportedFinding,
    Residue,
    Site,
    day,
    number,
)


@define(kw_only=True)
class InvoiceTerms:
    """Terms of payment on an invoice: a discount in percent or in money, its limit, and when the net is due."""

    type: str | None = None
    basis: str | None = None
    discount_percent: str | None = None
    discount_due: str | None = None
    discount_days: int | None = None
    net_due: str | None = None
    net_days: int | None = None
    discount_amount: str | None = None
    text: str | None = None
    day_of_month: int | None = None

    def discount_percent_value(self) -> Decimal | None:
        """The discount in percent; None when there is none or it is no number."""
        return number(self.discount_percent)

    def discount_amount_value(self) -> Decimal | None:
        """The discount in money; None when there is none or it is no number."""
        return number(self.discount_amount)

    def discount_due_on(self) -> datetime.date | None:
        """The last day of the discount, when the terms give one."""
        return day(self.discount_due)

    def net_due_on(self) -> datetime.date | None:
        """The day on which the net is due, when the terms give one."""
        return day(self.net_due)


@define(kw_only=True)
class Declaration:
    """A statement in words; ``id`` is the code of what it is."""

    id: str | None = None
    text: list[str] = Factory(list)


@define(kw_only=True)
class Charge:
    """An allowance or a charge (``kind``): what for, and how much."""

    kind: str | None = None
    code: str | None = None
    agency: str | None = None
    agency_code: str | None = None
    amount: str | None = None
    percent_type: str | None = None
    percent: str | None = None
    unit: str | None = None
    quantity: str | None = None
    handling: str | None = None
    text: str | None = None
    erp: Free | None = None

    def amount_value(self) -> Decimal | None:
        """The amount, without the sign that ``kind`` means; None when there is none or it is no number."""
        return number(self.amount)

    def percent_value(self) -> Decimal | None:
        """The percent; None when there is none or it is no number."""
        return number(self.percent)

    def quantity_value(self) -> Decimal | None:
        """The quantity; None when there is none or it is no number."""
        return number(self.quantity)


@define(kw_only=True)
class InvoiceLine:
    """So much of a line of the order; ``components`` are what was sent instead."""

    line: str | None = None
    quantity: str | None = None
    unit: str | None = None
    price: str | None = None
    price_basis: str | None = None
    ids: dict[str, str] = Factory(dict)
    status: str | None = None
    descriptions: list[Description] = Factory(list)
    pack: int | None = None
    inner_pack: int | None = None
    charges: list[Charge] = Factory(list)
    components: list[Part] = Factory(list)
    erp: Free | None = None

    def quantity_value(self) -> Decimal | None:
        """The quantity; None when there is none or it is no number."""
        return number(self.quantity)

    def price_value(self) -> Decimal | None:
        """The price; None when there is none or it is no number."""
        return number(self.price)


@define(kw_only=True)
class InvoiceCarrier:
    """Who carried the goods, how, and under which number; ``name`` is the ERP's word for it, and not sent."""

    mode: str | None = None
    scac: str | None = None
    routing: str | None = None
    name: str | None = None
    reference_type: str | None = None
    reference: str | None = None


@define(kw_only=True)
class Shipped:
    """What was shipped in all."""

    quantity: str | None = None
    unit: str | None = None
    weight: str | None = None
    weight_unit: str | None = None

    def quantity_value(self) -> Decimal | None:
        """The quantity; None when there is none or it is no number."""
        return number(self.quantity)

    def weight_value(self) -> Decimal | None:
        """The weight; None when there is none or it is no number."""
        return number(self.weight)


@define(kw_only=True)
class InvoiceTotals:
    """What the invoice comes to, and what the sender counted."""

    amount: str | None = None
    merchandise: str | None = None
    lines: int | None = None
    hash: str | None = None

    def amount_value(self) -> Decimal | None:
        """The amount of the invoice; None when there is none or it is no number."""
        return number(self.amount)

    def merchandise_value(self) -> Decimal | None:
        """The amount that the terms' discount is taken on; None when there is none or it is no number."""
        return number(self.merchandise)

    def hash_value(self) -> Decimal | None:
        """The hash total; None when there is none or it is no number."""
        return number(self.hash)


@define(kw_only=True)
class Invoice:
    """An invoice for one order, known by ``number`` and ``release``."""

    document: Literal["invoice"] = "invoice"
    partner: str | None = None
    guide: str | None = None
    envelope: Envelope | None = None
    invoice_number: str | None = None
    invoice_date: str | None = None
    order_date: str | None = None
    number: str | None = None
    release: str | None = None
    type: str | None = None
    shipment: str | None = None
    certification: str | None = None
    references: dict[str, Identifier] = Factory(dict)
    parties: dict[str, Site] = Factory(dict)
    terms: list[InvoiceTerms] = Factory(list)
    ship_date: str | None = None
    statements: list[Declaration] = Factory(list)
    lines: list[InvoiceLine] = Factory(list)
    charges: list[Charge] = Factory(list)
    carrier: InvoiceCarrier | None = None
    shipped: Shipped | None = None
    totals: InvoiceTotals | None = None
    erp: Free | None = None
    residue: list[Residue] = Factory(list)
    findings: list[ReportedFinding] = Factory(list)

    def invoiced_on(self) -> datetime.date | None:
        """The day of the invoice; None when there is none."""
        return day(self.invoice_date)

    def ordered_on(self) -> datetime.date | None:
        """The day of the order; None when there is none."""
        return day(self.order_date)

    def shipped_on(self) -> datetime.date | None:
        """The day on which the goods left; None when there is none."""
        return day(self.ship_date)
