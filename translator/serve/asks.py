"""What a form asks for, kind by kind: a kind of document goes in, rows come out. A row is a place, a label, words of help.

The places are those of the canonical documents. What a partner cannot do without is not said here: ``[[derive.missing]]`` in
``mappings/PARTNER/derive.toml`` does, and the table judges what is written. Codes and carriers come from the partner's tables.
"""

from __future__ import annotations

from attrs import define

TEXT, DATE, NUMBER, CODES, CARRIER = "text", "date", "number", "codes", "carrier"


@define(frozen=True)
class Ask:
    """``path`` is its place in the document, ``kind`` how it is given; ``today``: the day of the form stands in it."""

    path: str
    label: str
    help: str = ""
    kind: str = TEXT
    today: bool = False


_CARRIER = (
    Ask("carrier.name", "Carrier", "As the partner's carrier list names it. Its codes are filled in for you.", CARRIER),
    Ask("carrier.scac", "Or the carrier's code (SCAC)", "Four letters, if yours is not in the list: see the bill of lading."),
    Ask("carrier.mode", "How it goes", "Only with a code of your own; for a carrier of the list it is known.", CODES),
)

ASKS: dict[str, tuple[Ask, ...]] = {
    "acknowledgment": (
        Ask("acknowledgment_date", "Date of your answer", kind=DATE, today=True),
    ),
    "shipment": (
        Ask("id", "Shipment number", "Your own number for this shipment. Never use one twice."),
        Ask("ship_date", "Day the goods leave", kind=DATE),
        *_CARRIER,
        Ask("references.bill_of_lading.id", "Bill of lading (BOL)", "For parcels: your own number of the shipment will do."),
        Ask("references.carrier_reference.id", "Carrier's reference (PRO)", "Either this or the bill of lading is needed."),
        Ask("ship_from.name", "Shipped from: name", "Your company or your warehouse."),
        Ask("ship_from.location", "Shipped from: number", "The number of your warehouse, if the partner knows it by one."),
    ),
    "invoice": (
        Ask("invoice_number", "Invoice number", "Your own. Never use one twice; letters and digits only are the safest."),
        Ask("invoice_date", "Invoice date", kind=DATE, today=True),
        Ask("ship_date", "Day the goods left", kind=DATE),
        *_CARRIER,
        Ask("carrier.reference", "Bill of lading or carrier's reference", "The number under which the goods travelled."),
        Ask("carrier.reference_type", "What kind of number that is", "", CODES),
    ),
}  # fmt: skip

# Of a line; for acknowledgments twice: what becomes of the line, and of a part of it.
ANSWER = (
    Ask("status", "Your answer", "", CODES),
    Ask("quantity", "Quantity", "", NUMBER),
    Ask("date", "Date", "", DATE),
    Ask("reason", "Reason", "Needed when you reject, in the words agreed with the partner."),
)
SHIPPED = (Ask("quantity", "Quantity shipped", "", NUMBER),)
BILLED = (Ask("quantity", "Quantity billed", "", NUMBER), Ask("price", "Price", "", NUMBER))

# Of a carton.
CARTON = (
    Ask("sscc", "Label (SSCC)", "18 digits"),
    Ask("tracking", "Tracking number"),
    Ask("weight", "Weight (lb)", "", NUMBER),
)

# Of the form itself, and no part of the document.
CONTROL = Ask("control", "Control number", "One more than the last one that this partner got. Never the same twice.", NUMBER)
USAGE = Ask("usage", "Test or real?", "Send real documents only when the partner has set you to production.", CODES)
USAGES = {"T": "a test", "P": "real (production)"}
PREFIX = Ask("gs1_prefix", "Your GS1 company prefix", "7 to 10 digits. With it the labels (SSCC) are numbered for you.")
SERIAL = Ask("serial", "First serial number", "One more than on the last label. The next one is said at the end.", NUMBER)
LOOSE = Ask("loose", "The goods go without cartons", "", "check")
